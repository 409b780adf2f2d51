/* What the load generator saw of its requests, beside what was recorded of them.
 *
 * Joined by the trace that each request carried in its traceparent. The clock is CLOCK_MONOTONIC:
 * the client ran on this host.
 */
#ifndef UNSLOW_RECORDING_CLIENT_REQUESTS_H
#define UNSLOW_RECORDING_CLIENT_REQUESTS_H

#include <stdint.h>

#include "recording/recording.h"

#define TRACE_BYTES 16

struct client_request {
	uint64_t trace_high, trace_low; /* both 0: it was never sent */
	uint64_t intended_ns;
	uint64_t sent_ns;  /* 0: never */
	uint64_t done_ns;  /* 0: never */
	int status;        /* 0: none came */
	const char *error; /* NULL: none */
};

void client_request_write(struct recording *recording, const struct client_request *request);

/* The 16 bytes of a trace's number, as its header has them. Returns `bytes`. */
const unsigned char *trace_bytes(uint64_t high, uint64_t low, unsigned char bytes[TRACE_BYTES]);

#endif

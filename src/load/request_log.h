/* Single requests, for whoever wants to find the slow ones again: by the trace that each carried.
 *
 * A log holds at most so many, at a place of its own from the start; once it is full, only those
 * that took longer than the fastest it holds come in (a heap by time), so that the slowest are
 * always there and the memory of a run does not grow. One a thread, put together at the end.
 *
 * As text: a line of names, then one line each, fields that are not known empty.
 *
 *     trace,due_ns,sent_ns,done_ns,status,error,line
 *     0123456789abcdef0000000000000001,152013000000,152013020000,152014020000,200,,3
 *
 * Times are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef UNSLOW_LOAD_REQUEST_LOG_H
#define UNSLOW_LOAD_REQUEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum { REQUEST_LOG_MAX = 100000, REQUEST_LOG_ERROR_SIZE = 16 };

struct request_seen {
	uint64_t trace_high, trace_low; /* both 0: none was sent */
	uint64_t due_ns;
	uint64_t sent_ns;  /* 0: never */
	uint64_t done_ns;  /* 0: never */
	uint64_t ended_ns; /* done, or given up: what it is slow by; not in the text */
	uint16_t status;   /* 0: none */
	uint32_t line;     /* of the file of requests; 0: none, or never sent */
	char error[REQUEST_LOG_ERROR_SIZE]; /* load_error_names; "": none */
};

struct request_log;

struct request_log *request_log_new(size_t limit);
void request_log_free(struct request_log *log); /* NULL is allowed */
void request_log_add(struct request_log *log, const struct request_seen *seen);
/* `from` is empty afterwards. */
void request_log_merge(struct request_log *into, struct request_log *from);
/* Requests that were given to it, those that found no place included. */
uint64_t request_log_total(const struct request_log *log);

void request_log_write(const struct request_log *log, FILE *out);
/* Calls `take` for each line. ERR_INVALID names the line that is none of such a text. */
MUST_CHECK enum err_kind
request_log_read(FILE *in, void (*take)(void *context, const struct request_seen *seen),
		 void *context, struct err *e);

#endif

/* One connection to the server: opened, sent on, read from, none of it ever waiting.
 *
 * The owner drives it from its epoll loop and is told by each step what happened. Only reading is
 * watched; writing is for as long as a connect, a handshake or a short write wants it, so that a
 * request costs no epoll_ctl. The struct is the owner's and stays where it is (epoll points to it);
 * it may be opened again after it was closed. It knows no schedule and no statistics.
 */
#ifndef UNSLOW_LOAD_CONNECTION_H
#define UNSLOW_LOAD_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/address.h"
#include "load/load_error.h"
#include "load/response_parser.h"
#include "load/tls.h"

enum connection_state {
	CONNECTION_CLOSED,
	CONNECTION_CONNECTING,
	CONNECTION_HANDSHAKE,
	CONNECTION_IDLE,
	CONNECTION_SENDING, /* the first part of a request is out; reading goes on meanwhile */
	CONNECTION_WAITING, /* for the rest of an answer */
};

/* What a step has come to. */
enum connection_step {
	CONNECTION_STEP_NONE,     /* nothing yet */
	CONNECTION_STEP_READY,    /* connected: it is idle */
	CONNECTION_STEP_ANSWERED, /* response.status; idle if response.keep_alive, else to close */
	CONNECTION_STEP_FAILED,   /* error and why; to close */
};

/* What all connections of a thread share; the owner's, read only but for the buffer. */
struct connection_world {
	int epoll;
	const struct address *address;
	struct tls_context *tls; /* NULL: plain */
	const char *host;        /* for the certificate; NULL without TLS */
	bool has_stamps;         /* stamp.h: of TCP without TLS only */
	char *buffer;            /* what is read, of all connections; at least 16 KiB */
	size_t buffer_size;
};

struct connection {
	int fd;
	enum connection_state state;
	uint32_t watched; /* EPOLLIN | EPOLLOUT */
	struct tls *tls;
	const char *left; /* of the request: still to be sent … */
	size_t left_count;
	char *copy; /* … from here, if the caller's bytes were not to stay */
	uint64_t bytes_in, bytes_out;
	uint64_t stamp_ns;     /* of what was read last (stamp.h); 0: none */
	enum load_error error; /* of the last failed step … */
	int os_errno;          /* … 0 if no system call */
	char why[120];
	struct response response;
};

/* Begins to connect. READY is never its answer: that comes by connection_advance. */
enum connection_step connection_open(struct connection *c, const struct connection_world *world);
/* Back to CLOSED, from any state. */
void connection_close(struct connection *c);

/* Sends a request on an idle connection. `bytes` may change after the call. NONE or FAILED. */
enum connection_step connection_send(struct connection *c, const struct connection_world *world,
				     const char *bytes, size_t count, bool is_head);

/* After epoll said `events`. An idle connection that can be read has been closed by the server, or
 * says what nobody asked for: FAILED with LOAD_ERROR_CLOSED. `sink` may be NULL. */
enum connection_step connection_advance(struct connection *c, const struct connection_world *world,
					uint32_t events, const struct response_header_sink *sink);

#endif

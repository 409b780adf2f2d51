/* The connections of a thread: which are free to send, which to open.
 *
 * Idle ones are taken last in, first out: no more stay in use than the load needs, and those are
 * warm. A slot lives as long as its pool (epoll points to it); what is counted by slot survives its
 * connections.
 */
#ifndef UNSLOW_LOAD_POOL_H
#define UNSLOW_LOAD_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "load/connection.h"
#include "load/request.h"

struct cookies;

struct slot {
	struct connection connection; /* first: epoll gives its address */
	bool has_request;             /* bound to it, sent or waiting for the connection */
	bool is_retried;              /* that request was sent before */
	uint32_t idle_index;
	struct request *request; /* of that request, the thread's own copy */
	uint64_t due_ns;
	uint64_t sent_ns;      /* 0: not yet */
	uint64_t trace_number; /* as it was last sent */
	uint64_t opened_ns;    /* when it began to connect */
	uint64_t taken_ns;     /* since when it is neither idle nor closed; 0: it is */
	uint64_t used;         /* answers on this connection */
	uint64_t answers;      /* of all connections of the slot … */
	uint64_t first_ns;     /* … since it first sent; 0: never … */
	uint64_t first_number; /* … when the thread had so many answers */
	struct cookies *jar;   /* of the slot's user; NULL: none are kept */
};

struct pool {
	VEC(struct slot *) slots;
	VEC(struct slot *) idle;
	VEC(struct slot *) closed;
	uint32_t limit;      /* of slots */
	uint32_t connected;  /* idle or in use */
	uint32_t connecting; /* or shaking hands */
	uint32_t most;       /* connected at once */
};

void pool_free(struct pool *pool); /* closes all */

/* A closed slot, a new one if need be; NULL: all `limit` are open. */
struct slot *pool_take_closed(struct pool *pool);
void pool_put_closed(struct pool *pool, struct slot *slot);
struct slot *pool_take_idle(struct pool *pool); /* NULL: none */
void pool_put_idle(struct pool *pool, struct slot *slot);
void pool_remove_idle(struct pool *pool, struct slot *slot);

#endif

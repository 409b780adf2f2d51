/* One thread of a run: an epoll loop that sends what is due and notes what comes.
 *
 * Two cursors walk the same schedule: `due` counts the arrivals whose time has come, `next` is the
 * one to be sent. What lies between them waits for a connection, and costs no memory however long
 * a server stands still. A free connection takes the oldest; where none is free one more is
 * opened, up to the plan's limit. While no server takes connections, arrivals fail as a user's
 * would, and one connection is tried again and again, after 10 ms, 20 ms, … 1 s.
 *
 * A request that the server may not have seen, because it closed an idle connection just then, is
 * sent once more on a new one if its method allows it (RFC 9110, section 9.2.2), as browsers and
 * connection pools do; its time goes on.
 */
#ifndef UNSLOW_LOAD_WORKER_H
#define UNSLOW_LOAD_WORKER_H

#include <stdint.h>

#include "load/address.h"
#include "load/run.h"
#include "load/tls.h"

struct worker;

/* What all workers of a run share; lives until the last is freed. */
struct worker_world {
	const struct load_plan *plan;
	const struct address *address;
	struct tls_context *tls; /* NULL: plain */
	const char *host;
	uint64_t begin_ns; /* of the schedule */
};

MUST_CHECK enum err_kind worker_new(struct worker **worker, const struct worker_world *world,
				    uint32_t thread, struct err *e);
void worker_free(struct worker *worker); /* NULL is allowed */

void *worker_run(void *worker); /* for pthread_create; NULL */

/* While it runs, from another thread: adds what it has so far. */
void worker_add_progress(struct worker *worker, struct load_progress *progress);

/* Once it has run. Part of the worker. */
struct load_result *worker_result(struct worker *worker);
double worker_busy_share(const struct worker *worker);

#endif

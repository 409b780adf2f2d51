/* A worker's own state, shared by its three files: worker.c is the loop, worker_send.c takes
 * arrivals to connections, worker_connect.c opens connections and hears what they say. Times are
 * CLOCK_MONOTONIC nanoseconds; all of it belongs to one thread but for the `seen_` counters.
 */
#ifndef UNSLOW_LOAD_WORKER_STATE_H
#define UNSLOW_LOAD_WORKER_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "load/early.h"
#include "load/pool.h"
#include "load/request_set.h"
#include "load/stamp.h"
#include "load/waiter.h"
#include "load/worker.h"

struct worker {
	const struct load_plan *plan;
	const struct worker_world *world;
	uint32_t thread;
	struct waiter waiter;
	struct connection_world connections;
	struct pool pool;
	struct request_set *requests;
	struct random random;
	struct load_result tally;
	uint64_t trace_number;
	struct stamp_clock clock;
	struct early early;
	struct { /* a request with cookies is put together here */
		char *bytes;
		size_t size;
	} scratch;
	/* The schedule; times are absolute. */
	struct arrivals due, next;
	uint64_t due_ns, next_ns;
	bool has_due;
	uint64_t backlog; /* arrivals between the cursors */
	uint64_t free_ns; /* since when an idle connection has been there */
	uint64_t begun;   /* closed: requests begun behind the warm-up */
	uint64_t start_ns, end_ns;
	uint64_t in_flight;        /* requests bound to slots */
	uint64_t answered, failed; /* all, warm-up included */
	/* No server takes connections: since the last try, until the next. */
	bool is_down;
	uint64_t down_until_ns, back_off_ns;
	enum load_error down_error;
	char down_why[sizeof(((struct connection *)0)->why)];
	uint64_t look_ns, look_every_ns;
	/* CPU and wall clock at the window's start, and their shares at its end. */
	bool is_timed;
	uint64_t cpu_ns, wall_ns;
	double busy_share;
	/* For worker_add_progress. */
	_Atomic uint64_t seen_answered, seen_failed, seen_outstanding;
};

/* This thread's part of a number that all share: the first threads take the rest. */
uint64_t worker_share(uint64_t total, uint32_t thread, uint32_t threads);

/* The cursor's next arrival; *has is false and *at_ns as it was where there is none. */
void worker_advance(struct arrivals *cursor, uint64_t begin_ns, uint64_t *at_ns, bool *has);
/* Arrivals whose time has come join the backlog. */
void worker_take_due(struct worker *w, uint64_t now_ns);
/* The oldest arrivals are sent, as far as there are idle connections. */
void worker_send_backlog(struct worker *w);
/* The oldest arrivals, down to this age, fail without having been sent. */
void worker_fail_backlog(struct worker *w, uint64_t now_ns, uint64_t older_than_ns,
			 enum load_error error, const char *why);
/* The run is over: they were never sent. */
void worker_leave_backlog(struct worker *w, uint64_t now_ns);
/* The request bound to this slot goes out on its idle connection. */
void worker_send_bound(struct worker *w, struct slot *slot, uint64_t sent_ns);
void worker_unbind(struct worker *w, struct slot *slot);
/* The slot's request is over: it goes to its line and into the log, if they are kept. `status`: 0:
 * no answer; `error`: LOAD_ERROR_KINDS: none, or the run has ended. */
void worker_note(struct worker *w, const struct slot *slot, uint64_t now_ns, int status,
		 enum load_error error);
/* Closed loop: the slot's next request, if there is to be one. */
void worker_begin_closed(struct worker *w, struct slot *slot, uint64_t now_ns);
/* To the idle or the closed ones, as it is. */
void worker_put_away(struct worker *w, struct slot *slot, uint64_t now_ns);
/* A slot without a request, idle or closed since `free_ns`, takes one or is put away. */
void worker_set_free(struct worker *w, struct slot *slot, uint64_t free_ns, uint64_t now_ns);

bool worker_may_connect(const struct worker *w, uint64_t now_ns);
void worker_open_slot(struct worker *w, struct slot *slot, uint64_t now_ns);
/* What a step of the slot's connection has come to. */
void worker_handle(struct worker *w, struct slot *slot, enum connection_step step, uint64_t now_ns);
/* As many as the backlog needs; while no server is there, it fails instead. */
void worker_open_connections(struct worker *w, uint64_t now_ns);
/* Closed loop: slots that were closed while the server was down try again. */
void worker_revive(struct worker *w, uint64_t now_ns);
/* Time-outs, now and then. */
void worker_look_at_times(struct worker *w, uint64_t now_ns);

#endif

/* The ledger: where the wall time of the units of work went.
 *
 * v1_unit (recording/views.sql) cuts each unit's wall time into exclusive
 * states; this adds them up for a recording or for one route, as shares that
 * add up to 1. First the basis is chosen: the kind of unit that is looked at
 * (requests if there are any), finished ones only, the cold first ones of each
 * process apart unless there are no others. A cold run ended when a socket began
 * to listen (agent/run_unit.h): that is a server's start-up, and never the basis.
 * Where no unit is known and samples were taken from outside, it is the busy time of
 * threads (threads.h): units is 0, wall_ns is not.
 *
 * Ownership: strings are static or the arena's. Times are nanoseconds.
 */
#ifndef UNSLOW_MODEL_LEDGER_H
#define UNSLOW_MODEL_LEDGER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/diagnosis.h"

struct ledger {
	const char *basis; /* request, task, test, run, thread */
	const char *kind;  /* unit kind behind it; NULL: no unit at all */
	uint32_t workers;  /* thread: processes that did the work, and their threads */
	uint32_t threads;
	double idle_ns;      /* thread: waiting for work; not in wall_ns */
	uint64_t units;      /* in the basis, weights counted */
	uint64_t errors;     /* of them: status ≥ 500 or an exception reached the framework */
	uint64_t cold;       /* first units of a process, left out of the basis */
	uint64_t unfinished; /* never ended: died, or still open */
	bool listened;       /* no unit at all, but the start of a server, or a client */
	bool cold_used;      /* only cold units were there, so they are the basis … */
	bool loading;        /* … and are not only firsts: each of them loaded a module */
	double wall_ns;      /* sum over the basis */
	double mean_ns, p50_ns, p99_ns; /* of a unit's wall; NaN without units */
	double share[LEDGER_STATES];    /* add up to 1; all 0 without units */
	double db_cpu_share; /* part of io_db that was CPU of the unit's thread: no waiting */
	bool asynchronous;   /* more than half of the units are steps of a loop */
	double over_share;   /* measured beyond wall time, as a share of it; 0 if none */
};

/* Choose the basis and leave it in two temporary tables for rules:
 * `basis`, the chosen rows of v1_unit, and `basis_total`, one row (kind, units,
 * wall_ns, window_ns, rows); and those of threads.h. On the basis of threads `basis` is empty
 * and units is NULL: a sum a unit is not known. Idempotent per connection. */
MUST_CHECK enum err_kind ledger_choose_basis(sqlite3 *db, struct err *e);

/* Add up the basis; route NULL: all routes. Needs ledger_choose_basis. */
MUST_CHECK enum err_kind ledger_read(sqlite3 *db, const char *route, struct arena *arena,
				     struct ledger *out, struct err *e);

/* Half of the units or more failed: times are mostly those of failing. */
bool ledger_mostly_fails(const struct ledger *ledger);

/* Value below which fraction q of the weighted values lie; values sorted
 * upwards. Nearest rank. NaN if count is 0. */
double ledger_percentile(const double *values, const uint64_t *weights, size_t count, double q);

#endif

/* What counting calls has cost: nanoseconds of one event, by which measured times are corrected.
 *
 * The agent measures it at start with functions of its own, in two parts: inside a call's own time,
 * and outside it, in its caller's. Code with fewer things in the cache pays more. Where hooks were
 * off now and then (`--duty`), requests with and without them tell what an event cost in this app
 * (in a program that serves none, calls of a function that it calls again and again):
 *
 *     cost = (CPU a request with hooks - CPU a request without) / events a request with hooks
 *
 * with an interval by leaving out each of up to 20 blocks of seconds in turn (jackknife; Efron and
 * Tibshirani 1993, chapter 11). Both parts are then made larger or smaller by the same factor. The
 * check is made crosswise, so that it can fail: the cost from one half of the seconds corrects the
 * other half, whose requests without hooks say what should come out.
 */
#ifndef UNSLOW_MODEL_CALLS_COST_H
#define UNSLOW_MODEL_CALLS_COST_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/err.h"

/* One second, or any stretch: sums over units of work with hooks and without. */
struct calls_stretch {
	double on_units, on_cpu_ns, on_events, off_units, off_cpu_ns;
};

struct calls_cost {
	bool known;       /* else nothing is corrected */
	bool from_run;    /* by units with and without hooks; else as measured at start */
	double event_ns;  /* of a Python event, both parts; the middle */
	double low, high; /* from_run: 95 % interval of event_ns, else event_ns */
	double factor;    /* of the parts measured at start */
	bool tried; /* the run has requests with hooks and without, enough for an interval … */
	double run_low, run_high; /* … which is this */
	bool checked;
	double check_share; /* corrected CPU of a request against that without hooks, minus 1 */
	bool duty;          /* hooks were to be off now and then: counts are of a part … */
	double part;        /* … this share of the requests of which that is known; 0: of none */
	bool paused;        /* … and they were: they pause between units of work */
	/* whose calls are the units: a name of printable characters; empty: requests are */
	char repeats[100];
};

/* Pure. `start_ns` is what was measured at start, both parts; 0: nothing was. */
struct calls_cost calls_cost_of(const struct calls_stretch *stretches, size_t count,
				double start_ns);
/* Of a recording: of events of calls, or of lines; windows are those of calls where both were
 * counted. */
MUST_CHECK enum err_kind calls_cost_read(sqlite3 *db, struct calls_cost *out, struct err *e);
MUST_CHECK enum err_kind calls_cost_read_lines(sqlite3 *db, struct calls_cost *out, struct err *e);

#endif

/* The answer as data: what `unslow.findings/1` holds (design.md, "Findings").
 *
 * Filled by rules/, printed by view/why_text.c and view/why_json.c, which add
 * nothing to it. All memory is of the arena given to rules_diagnose().
 * Shares are fractions of unit time; times are milliseconds a unit where the
 * name ends in _ms.
 */
#ifndef UNSLOW_MODEL_DIAGNOSIS_H
#define UNSLOW_MODEL_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ledger_state {
	LEDGER_PYTHON,
	LEDGER_NATIVE,
	LEDGER_GIL,
	LEDGER_RUNQUEUE,
	LEDGER_THROTTLED,
	LEDGER_IO_DB,
	LEDGER_IO_NET,
	LEDGER_IO_FILE,
	LEDGER_LOCK,
	LEDGER_POOL,
	LEDGER_SLEEP,
	LEDGER_LOOP_BUSY,
	LEDGER_AWAIT,
	LEDGER_ACCEPT_QUEUE,
	LEDGER_GC,
	LEDGER_FAULT,
	LEDGER_UNEXPLAINED,
	LEDGER_STATES
};
extern const char *const ledger_state_names[LEDGER_STATES]; /* "python" … as in the JSON */

struct place {
	const char *file;
	int line; /* 0: unknown */
	const char *function;
	const char *source; /* the line's text, NULL if it could not be read */
};

struct evidence {
	const char *text;
	double value;
	const char *unit; /* "per request", "ms", "%" … */
};

struct reason { /* excluded, ruled out */
	const char *cause;
	const char *because;
};

/* What clients wait, from due to answered. low and high: 90 % interval, NaN where not known. */
struct latency {
	bool known; /* false: cannot be told, and the rest is 0; NAN: of that one alone */
	double mean_ms;
	double p50_ms, p50_low_ms, p50_high_ms;
	double p99_ms, p99_low_ms, p99_high_ms;
};

struct saving {
	bool known;
	bool at_least;
	const char *unseen; /* at_least: who loses more than is seen; high_ms then bounds what is
			       seen. NULL: high_ms bounds nothing. Else: why low_ms is 0, or NULL */
	double service_ms, low_ms, high_ms; /* a unit */
	struct latency latency;             /* of clients, at the observed rate, when it is saved */
	double unit_part;                   /* units it would speed up, of all; 0: unknown */
	double at_most_ms; /* not known: no cure gives more a unit; 0: nor is that known. `unseen`
			      says what it hangs on */
};

enum confidence { CONFIDENCE_POSSIBLE = 1, CONFIDENCE_LIKELY, CONFIDENCE_PROVEN };

struct finding {
	const char *cause; /* id of the catalogue */
	const char *group; /* its rule's folder */
	bool outside;      /* not of the app's code: what its figures depend on */
	bool before_app;   /* what it takes and saves passes before units begin: share is of both,
			      and service times stay */
	bool fails; /* it does not work, so what it takes is not the question: before all others */
	bool will_fail;
	int rank; /* from 1, within its list; those that fail are ranked with those that slow */
	enum confidence confidence;
	enum confidence uncalibrated; /* what its evidence alone says */
	const char *title;            /* one plain sentence */
	struct place *where;
	size_t where_count;
	double share;
	struct saving saving;
	struct evidence *evidence;
	size_t evidence_count;
	struct reason *excluded;
	size_t excluded_count;
	const char **also_seen_as;
	size_t also_seen_count;
	const char *fix;
	const char *because;   /* how sure and why, one line */
	double hours_to_limit; /* will_fail: < 0 unknown */
	const char *route;     /* the only one that it was seen in; NULL: several or unknown */
	double part_units, part_time; /* found when that route was diagnosed by itself: its part of
				       all units, of their time; 0: found in the whole */
};

struct alternative {
	const char *id;             /* async, threads, more-workers, more-cores, other-server,
				       query-cache, faster-database */
	double gain_low, gain_high; /* fraction of unit time */
	const char *because;
	struct latency latency; /* of clients, replayed with it at the observed rate */
};

/* Means of the requests that `run --load` saw at both ends (client_time.h). */
struct client_time {
	uint64_t seen;       /* 0: no client was measured, and the rest is 0 */
	uint64_t unanswered; /* in no mean: they waited longer */
	double response_ms;  /* from due to answered: the sum of those below */
	double late_ms;      /* not sent yet: no connection was open and free */
	double before_ms;    /* sent, and the application not called yet */
	double queue_ms; /* part of before_ms that is waiting for sure, not the network or reading
			  */
	double server_ms, after_ms;
};

/* What fixes give at the rate of the recording (what_if.h). */
struct what_if_told {
	const char *unknown;     /* why latency cannot be told; NULL: it can, or nobody asked */
	double rate_per_s;       /* 0: not known */
	struct latency measured; /* by the client */
	struct latency replayed; /* the same by the replay: how far it can be believed */
	size_t together;         /* findings whose savings are known, replayed as one; below 2: not
				    told. They … */
	double together_ms;      /* … saved a unit, in the mean; never the sum of each */
	struct latency together_latency;
};

struct diagnosis {
	const char *command;
	int64_t *pids;
	size_t pid_count;
	const char *python, *server, *framework; /* NULL: unknown */
	double window_s;
	const char *basis; /* request, task, test, run, thread */
	const char *route; /* the only one that was asked for (--route); NULL: all are diagnosed */
	double part_units, part_time; /* its part of all units, of all their time */
	bool has_requests;
	uint64_t requests, errors;
	double mean_ms, p50_ms, p99_ms;
	uint32_t workers, threads;    /* basis thread: processes that work, their threads, */
	double busy_s, idle_s;        /* and their time at work and waiting for it */
	double ledger[LEDGER_STATES]; /* shares, adding up to 1 */
	double over_share; /* measured beyond the time that passed, of it: the shares are scaled
			      down by that; 0: none */
	struct client_time client;
	double client_share; /* part of io_net that was the unit's own client, not another service
			      */
	struct finding *findings;
	size_t finding_count;
	struct reason *ruled_out;
	size_t ruled_out_count;
	struct reason *not_known; /* can be neither found nor ruled out here */
	size_t not_known_count;
	struct what_if_told what_if;
	struct alternative *alternatives;
	size_t alternative_count;
	const char *proof; /* view with the evidence, as typed after `unslow show`; NULL: none has
			      rows */
	const char *recording; /* its path, to be named after `proof`; NULL: it is the last one */
	const char **notes; /* header lines: debug mode, few requests, processes not seen, losses */
	size_t note_count;
	struct {
		const char *engine;                 /* "agent" */
		double cpu_share;                   /* unslow's own CPU, of one core */
		double slowdown_low, slowdown_high; /* fraction of unit time; < 0: not measured */
		double slowdown; /* as it was in the benches: what is timed, and around it */
		uint64_t samples_verified, samples_caught, samples_torn, ticks_late, events_dropped;
	} probe;
};

#endif

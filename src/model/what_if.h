/* What a fix would give at the observed rate: the recorded units, replayed without the time that it
 * takes out (replay.h).
 *
 * Arrivals are known where a client on this host was measured (`unslow run --load`); without one,
 * or where the queue cannot be replayed, only service times can be told, and `unknown` says why.
 * That the replay can be believed is tested on the recording itself: served as they were, the units
 * must have about the latency that their client measured; a percentile that is off is not told.
 * What a request waited for outside of its server is no server's queue and stays as it was: how
 * late its client sent it (unless it had no connection free: what_if_late.h), and, where nothing
 * was before it, what its answer took beyond its unit. One that queued has that of another.
 *
 * Which kind of server it is, is read from the units: one thread that serves one after another,
 * many threads, or a loop. What the server does beside units is measured, too: a worker's time
 * between two that waited for it, else the process's CPU that is no unit's. How much of the CPU of
 * threads is in system calls, which need no GIL, is not measured: it is what fits the recording
 * best. Waits of units that met others are replayed as those of units that were alone, if that fits
 * (what_if_eased.h).
 * What a unit takes more because its server stood still before it goes with who finds it so
 * (what_if_cold.h).
 *
 * Ownership: what_if_free() frees; texts are the arena's. Memory: about 200 bytes a unit, of at
 * most WHAT_IF_UNITS_MAX.
 */
#ifndef UNSLOW_MODEL_WHAT_IF_H
#define UNSLOW_MODEL_WHAT_IF_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/diagnosis.h"
#include "model/ledger.h"
#include "model/replay.h"

#define WHAT_IF_UNITS_MAX 100000
#define WHAT_IF_UNITS_LEAST 200 /* answered; with fewer, one request more or less is the p99 */
#define WHAT_IF_MISFIT_MAX \
	0.20 /* of what was measured, by the replay of what was; or its interval */

/* Parts of a unit's time, by what it takes to pass. */
enum what_if_part {
	PART_PYTHON,   /* on the CPU, under the GIL */
	PART_DB_CPU,   /* the same, in a database library */
	PART_DB_BLOCK, /* the thread stands still, for a database */
	PART_BLOCK,    /* the same, for anything else */
	PART_DB_AWAIT, /* suspended, for a database */
	PART_AWAIT,    /* suspended, for anything else */
	PARTS
};
#define PART_BIT(part) (1u << (part))
#define PARTS_ALL ((1u << PARTS) - 1)
#define PARTS_DB (PART_BIT(PART_DB_CPU) | PART_BIT(PART_DB_BLOCK) | PART_BIT(PART_DB_AWAIT))
#define PARTS_WAIT (PART_BIT(PART_BLOCK) | PART_BIT(PART_AWAIT))

struct what_if_cut {       /* time that a fix takes out of units */
	const char *route; /* of units of this one; NULL: of all */
	unsigned parts;    /* from these, in proportion; what they do not have, from the others */
	double ns; /* a unit, in the mean over all units of every route; no waits for the GIL */
	bool frees_loop; /* blocking parts hold the loop no more: they are awaited, ns is not used
			  */
};

struct what_if_unit {
	double arrival_ns;  /* when it was sent, since the first */
	double response_ns; /* as its client measured it, from when it was due */
	double late_ns;     /* of that, until it was sent: the client's own */
	double outside_ns;  /* of that, outside units and queues: the network, reading, writing */
	double part_ns[PARTS];
	double queue_ns;  /* of its Python part: it stood still, for a CPU or nothing known */
	double beside_ns; /* work of its server before and after it */
	uint64_t route;   /* hash of its name */
	uint32_t process, pieces;
	bool alone;      /* its process had no other meanwhile */
	bool found_idle; /* its process had no other when it was sent */
};

struct what_if_servers {          /* another server than it was */
	uint32_t times_processes; /* 1: as many */
	uint32_t least_slots;     /* in each process; 0: as they were */
	double db_times;          /* 0.5: a database twice as fast */
};
extern const struct what_if_servers what_if_as_it_was;

struct what_if {
	const char *unknown;               /* why latency cannot be told; NULL: it can */
	double rate_per_s;                 /* at which they arrived; 0: not known */
	struct latency measured, replayed; /* as it was */
	struct latency own; /* replayed without any waiting for one another: percentiles alone */
	struct replay_servers servers;
	double free_share; /* of the work below: system calls, which need no GIL */
	unsigned
		turn_parts; /* that need the turn of their process; the others pass by themselves */
	double p50_off, p99_off;     /* measured ÷ replayed */
	bool p50_is_off, p99_is_off; /* too far: that one cannot be told; both: unknown */
	struct what_if_unit *units;
	size_t count;
};

struct what_if_answer {
	double service_ms;      /* taken out of a unit, in the mean */
	struct latency latency; /* known: false where what_if.unknown is not NULL */
};

/* Needs ledger_choose_basis. On the basis of anything but requests there are no units, and unknown
 * is NULL. */
MUST_CHECK enum err_kind what_if_read(sqlite3 *db, const struct ledger *ledger, struct arena *arena,
				      struct what_if *out, struct err *e);
/* The units alone, to sum what cures take out of them: latency stays unknown, for this reason. */
MUST_CHECK enum err_kind what_if_read_units(sqlite3 *db, const struct ledger *ledger,
					    const char *unknown, struct what_if *out,
					    struct err *e);
void what_if_free(struct what_if *w);
/* For what_if_read(): fills measured and replayed, and `unknown` where they are too far apart;
 * chooses the form of the units. */
void what_if_check(struct what_if *w, struct arena *arena);

/* All cuts together, each from what those before it left. Percentiles with the interval of
 * replay_interval.h; of what the replay of what was is off what was measured, they have as much as
 * they have of its waiting. NAN: one that cannot be told, and the mean with it. */
struct what_if_answer what_if_ask(const struct what_if *w, const struct what_if_cut *cuts,
				  size_t cut_count, const struct what_if_servers *servers);

#endif

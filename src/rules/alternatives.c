#include "rules/alternatives.h"

#include <math.h>
#include <string.h>

#include "model/client_time.h"
#include "model/query.h"

#define IN_THREADS 0.2    /* of unit time, passed there: its work is done in threads, not awaited */
#define OVERLAP_SEEN 0.01 /* less of a unit's time is too little to speak of */

/* Causes whose time is statements at work: a faster database, and where they read a kept answer,
 * takes off of that, too. The others' time is how the database is used: connections, texts. */
static const struct work {
	const char *cause;
	bool reads;
} database_work[] = {
	{"n-plus-one-queries", true},   {"duplicate-query", true},
	{"missing-index", true},        {"unbounded-result", true},
	{"rows-loaded-to-count", true}, {"commit-per-statement", false},
	{"row-lock-wait", false},       {"sqlite-busy-wait", false},
};

/* What the texts below are made of, as shares of unit time. */
struct facts {
	double waiting;         /* blocked or suspended: databases, network, files, sleep */
	double queued;          /* of its client's time: before the application is called */
	double overlap;         /* most that could go if the waits of a unit ran at the same time */
	double cpu;             /* on the CPU in Python */
	double queueing;        /* could have run: run queue, busy loop, GIL */
	double neighbours;      /* waited for others of its process: loop, GIL, locks, pools */
	double loop_low;        /* what holding a loop is seen to cost others: at least, */
	double loop_high;       /* and at most; clients that are not accepted yet are not seen */
	const char *loop_cause; /* what holds it; NULL: nothing was found */
	double database;        /* in and on databases, their CPU in this process included */
	double first;           /* owned by the first finding */
	double first_db;        /* part of `first` that is database time, at most all of it */
	const struct work *work; /* of that cause; NULL: it is not what the database works */
	const char *unit;        /* "request" */
	const char *first_cause; /* NULL: nothing was found */
};

/* All of its waits but the longest: that one takes its time in any case. Which of them need one
 * another's results is not seen, so it is a bound. */
static const char overlapping[] =
	"SELECT total(b.weight * max(0, b.io_db_ns - b.db_cpu_ns + b.io_net_ns + b.io_file_ns + "
	"b.sleep_ns - coalesce(l.ns, 0))) FROM basis b LEFT JOIN (SELECT unit_id, "
	"max(dur_ns - coalesce(cpu_ns, 0)) AS ns FROM v1_event WHERE NOT nested AND kind NOT IN "
	"('callback', 'gc', 'span', 'exception', 'gil', 'lock', 'statement') GROUP BY unit_id) l "
	"ON l.unit_id = b.id";

static struct facts facts_of(const struct ledger *l, const struct diagnosis *d, double overlap_ns)
{
	struct facts f = {
		.queued = client_time_queued(&d->client),
		.overlap = l->wall_ns > 0 ? overlap_ns / l->wall_ns : 0,
		.unit = l->kind,
		.waiting = l->share[LEDGER_IO_DB] - l->db_cpu_share + l->share[LEDGER_IO_NET] +
			   l->share[LEDGER_IO_FILE] + l->share[LEDGER_SLEEP] +
			   l->share[LEDGER_AWAIT],
		.cpu = l->db_cpu_share + l->share[LEDGER_PYTHON] + l->share[LEDGER_NATIVE] +
		       l->share[LEDGER_GC],
		.queueing = l->share[LEDGER_RUNQUEUE] + l->share[LEDGER_LOOP_BUSY] +
			    l->share[LEDGER_GIL],
		.neighbours = l->share[LEDGER_LOOP_BUSY] + l->share[LEDGER_GIL] +
			      l->share[LEDGER_LOCK] + l->share[LEDGER_POOL],
		.database = l->share[LEDGER_IO_DB],
	};
	for (size_t i = 0; i < d->finding_count; i++) {
		const struct finding *held = &d->findings[i];
		if (!held->saving.known || !strstr(held->cause, "-event-loop") || !(d->mean_ms > 0))
			continue;
		if (!f.loop_cause)
			f.loop_cause = held->cause;
		f.loop_low += held->saving.low_ms / d->mean_ms;
		f.loop_high += held->saving.high_ms / d->mean_ms;
	}
	bool is_database = false;
	for (size_t i = 0; i < d->finding_count && !f.first_cause; i++)
		if (!d->findings[i].fails && !d->findings[i].will_fail &&
		    d->findings[i].share > 0 && strcmp(d->findings[i].cause, "nothing-wrong")) {
			f.first = d->findings[i].share;
			f.first_cause = d->findings[i].cause;
			is_database = !strcmp(d->findings[i].group, "db");
		}
	f.first_db = is_database ? fmin(f.first, f.database) : 0;
	for (size_t i = 0; f.first_cause && i < sizeof database_work / sizeof *database_work; i++)
		if (!strcmp(f.first_cause, database_work[i].cause))
			f.work = &database_work[i];
	f.overlap = fmax(0, f.overlap - f.first_db);
	return f;
}

static void add(struct diagnosis *out, const char *id, double high, const char *because)
{
	out->alternatives[out->alternative_count++] = (struct alternative){
		.id = id, .gain_high = fmax(0, fmin(1, high)), .because = because};
}

/* Waiting for several things at once is a change of the handler, and helps only where one needs no
 * other's result. */
static const char *about_async(const struct facts *f, struct arena *arena, const char *stays)
{
	return f->overlap < OVERLAP_SEEN
		       ? arena_printf(arena,
				      "a %s has no two waits of note that could pass at the same "
				      "time. Only while it waits (%.0f %%) a worker could serve "
				      "others%s",
				      f->unit, f->waiting * 100, stays)
		       : arena_printf(
				 arena,
				 "only if the handler starts its waits (%.0f %%) together, "
				 "where none needs another's result: that is not seen. As they "
				 "are, one after another, a %s is not over sooner%s",
				 f->waiting * 100, f->unit, stays);
}

/* Time of units that passes outside of their loop's thread: plain handlers of an asynchronous
 * server, which run in threads, and calls handed to one. The way there and back and the work are
 * timed where the hand-over is seen; else the CPU of the work is in cpu_ns, which is then more than
 * the steps took, and its calls are known (that CPU is without what passes inside of SQLite). */
static const char in_threads[] =
	"SELECT max((SELECT total(g.dur_ns + g.aux_ns) FROM v1_usage g WHERE g.kind = 'span' AND "
	"g.subject IN ('thread.hop', 'thread.back') AND g.units > 0) * b.units / (SELECT "
	"max(count(*), 1) FROM v1_unit WHERE finished AND kind = b.kind), "
	"(SELECT total(weight * max(0, cpu_ns - running_ns)) FROM basis WHERE asynchronous) + "
	"coalesce((SELECT sum(u.weight * (e.dur_ns - iif(e.kind LIKE 'sqlite%', 0, "
	"coalesce(e.cpu_ns, 0)))) FROM v1_event e JOIN basis u ON u.id = e.unit_id "
	"WHERE u.asynchronous AND NOT e.nested AND e.thread_id <> u.thread_id AND e.kind NOT IN "
	"('callback', 'gc', 'span', 'exception', 'gil', 'statement')), 0)) FROM basis_total b";

/* Suspended, for a database too. */
static const char awaited[] =
	"SELECT total(weight * (coalesce(await_ns, 0) + coalesce(db_await_ns, 0))) FROM basis";

/* Those that are another server, and no other application. */
static const struct {
	const char *id;
	struct what_if_servers servers;
} replayed[] = {
	{"threads", {.times_processes = 1, .least_slots = 2, .db_times = 1}},
	{"more-workers", {.times_processes = 2, .db_times = 1}},
	{"faster-database", {.times_processes = 1, .db_times = 0.5}},
};

static void replay(const struct what_if *w, struct diagnosis *out)
{
	for (size_t i = 0; i < out->alternative_count; i++)
		for (size_t k = 0; k < sizeof replayed / sizeof *replayed; k++)
			if (!strcmp(out->alternatives[i].id, replayed[k].id))
				out->alternatives[i].latency =
					what_if_ask(w, NULL, 0, &replayed[k].servers).latency;
}

/* Without the first cause, where that is how the database is used; with it, where it is what the
 * database works, of which these two take off as of the rest. */
static void about_database(const struct facts *f, struct arena *arena, const char *stays,
			   struct diagnosis *out)
{
	const double rest = f->database - f->first_db;
	const double read = f->work && f->work->reads ? f->database : rest;
	const double work = f->work ? f->database : rest;
	add(out, "query-cache", read,
	    arena_printf(arena,
			 "statements and their waits are %.0f %%%s, and only answers that may be "
			 "given twice can be kept",
			 read * 100, read < f->database ? " without the first cause" : ""));
	add(out, "faster-database", work,
	    arena_printf(arena, "what a database could do faster is at most %.0f %%%s", work * 100,
			 f->work && f->first_db > 0
				 ? arena_printf(arena,
						", the %.0f %% of %s among it: it does the same "
						"again, only sooner",
						f->first_db * 100, f->first_cause)
				 : stays));
}

enum err_kind alternatives_list(sqlite3 *db, const struct ledger *ledger, const struct what_if *w,
				struct arena *arena, struct diagnosis *out, struct err *e)
{
	double overlap_ns, threads_ns, await_ns;
	if (!ledger->units)
		return ERR_OK;
	TRY(query_number(db, overlapping, 0, &overlap_ns, e));
	TRY(query_number(db, in_threads, 0, &threads_ns, e));
	struct facts f = facts_of(ledger, out, overlap_ns);
	const double in_thread = ledger->wall_ns > 0 ? fmin(1, threads_ns / ledger->wall_ns) : 0;
	bool is_async = ledger->asynchronous && in_thread < IN_THREADS;
	const char *stays = f.first_cause ? arena_printf(arena, "; the %.0f %% of %s stays",
							 f.first * 100, f.first_cause)
					  : "";
	out->alternatives = arena_alloc(arena, 7 * sizeof *out->alternatives);
	/* where a call blocks a loop, these two are the fix */
	bool is_fix = f.first_cause && !strcmp(f.first_cause, "blocking-call-in-event-loop");
	if (!is_fix && is_async) {
		TRY(query_number(db, awaited, 0, &await_ns, e));
		add(out, "async", 0,
		    arena_printf(
			    arena, "it is asynchronous already: %ss await %.0f %% of their time",
			    f.unit, ledger->wall_ns > 0 ? await_ns / ledger->wall_ns * 100 : 0));
	} else if (!is_fix && ledger->asynchronous)
		add(out, "async", f.overlap,
		    arena_printf(arena,
				 "%.0f %% of a %s passes in threads beside the loop (a plain `def` "
				 "handler, or calls handed to one): awaited in its place it is "
				 "not over sooner%s",
				 in_thread * 100, f.unit, stays));
	else if (!is_fix)
		add(out, "async", f.overlap, about_async(&f, arena, stays));
	const char *queue = f.queued > 0
				    ? arena_printf(arena,
						   "; its client waited %.0f %% of its time for "
						   "the app to begin: at most that",
						   f.queued * 100)
				    : "";
	if (!is_fix)
		add(out, "threads", fmax(ledger->share[LEDGER_ACCEPT_QUEUE], f.queued),
		    arena_printf(arena,
				 "threads serve more requests at once, each as slow as now%s",
				 *queue ? queue
					: arena_printf(arena, " (%.0f %% CPU under one GIL)",
						       f.cpu * 100)));
	add(out, "more-workers", fmax(fmax(f.neighbours, f.loop_high), f.queued),
	    f.loop_cause
		    ? arena_printf(arena,
				   "cannot tell: what %s costs others of the worker is seen as "
				   "%.0f %% to %.0f %%%s; with more workers fewer wait behind it, "
				   "it stays",
				   f.loop_cause, fmin(1, f.loop_low) * 100,
				   fmin(1, f.loop_high) * 100,
				   out->client.seen ? queue
						    : ", and clients in the listen backlog are not "
						      "seen")
		    : arena_printf(arena,
				   "a %s waits %.0f %% of its time for others of its worker (loop, "
				   "GIL, locks, pools)%s",
				   f.unit, f.neighbours * 100, queue));
	add(out, "more-cores", f.queueing,
	    arena_printf(arena, "waiting for a CPU, the GIL or the loop is %.0f %%",
			 f.queueing * 100));
	add(out, "other-server", 0,
	    "the time here passes inside the application, after the server has called it");
	about_database(&f, arena, stays, out);
	replay(w, out);
	return ERR_OK;
}

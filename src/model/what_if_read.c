/* The units of a recording as what_if.h replays them, and whether they can be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/stats.h"
#include "base/vec.h"
#include "model/query.h"
#include "model/what_if.h"
#include "model/what_if_cold.h"
#include "model/what_if_late.h"

#define SWITCH_INTERVAL_NS 5e6
#define PIECE_LEAST_NS 50e3 /* a shorter wait lets nobody else go first (schema.sql, event) */
#define SEEN_LEAST 0.95     /* of the client's requests, answered and found as units */
#define STRANGERS_MOST 0.05 /* of the units meanwhile, that another client asked for */
#define LOCKED_MOST 0.05    /* of unit time, at locks and pools, whose queues are not replayed */
#define CPU_MOST 0.10       /* of unit time, for a CPU, where more processes than CPUs serve */
#define OVERLAP_LEAST 0.01  /* of units, begun on a thread that had another open: greenlets */
#define GAPS_LEAST 30       /* for a worker's time between two units */
#define BY_THREADS 1.5 /* CPU of units ÷ their steps on the loop, from which on threads did it */
#define BESIDE_MOST_NS 20e6  /* more CPU beside a unit is something else of the process */
#define THREADS_OF_POOL 1000 /* more are no pool's: one a unit */
#define OUTSIDE_SEED UINT64_C(0x6f757473)

#define UNIT_COLUMNS \
	"b.process_id, b.route, b.asynchronous, b.wall_ns, b.python_ns, b.gc_ns, b.runqueue_ns, " \
	"max(0, b.unexplained_ns), b.gil_ns, b.io_db_ns, b.db_cpu_ns, b.db_await_ns, " \
	"b.io_net_ns + b.io_file_ns + b.sleep_ns + b.lock_ns + b.pool_ns, b.await_ns, " \
	"b.running_ns, b.steps, b.calls"

enum column {
	COLUMN_ARRIVAL,
	COLUMN_RESPONSE,
	COLUMN_PROCESS,
	COLUMN_ROUTE,
	COLUMN_ASYNCHRONOUS,
	COLUMN_WALL,
	COLUMN_PYTHON,
	COLUMN_GC,
	COLUMN_RUNQUEUE,
	COLUMN_UNEXPLAINED,
	COLUMN_GIL,
	COLUMN_IO_DB,
	COLUMN_DB_CPU,
	COLUMN_DB_AWAIT,
	COLUMN_BLOCK,
	COLUMN_AWAIT,
	COLUMN_RUNNING,
	COLUMN_STEPS,
	COLUMN_CALLS,
	COLUMN_GAP,
	COLUMN_LATE,
	COLUMN_BEFORE,
	COLUMN_IDLE,
	COLUMN_FREE,
};

/* gap_ns: since the unit before it on its thread ended; idle_ns: since the last of its process did,
 * until it was sent; free_ns: from its end to the next of its process. */
static const char with_client[] =
	"WITH gaps AS MATERIALIZED (SELECT id, start_ns - max(end_ns) OVER (PARTITION BY thread_id "
	"ORDER BY start_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gap_ns, start_ns - "
	"max(end_ns) OVER (PARTITION BY process_id ORDER BY start_ns ROWS BETWEEN UNBOUNDED "
	"PRECEDING "
	"AND 1 PRECEDING) AS idle_ns, coalesce(lead(start_ns) OVER (PARTITION BY process_id ORDER "
	"BY "
	"start_ns) - end_ns, 1) AS free_ns FROM basis_whole) "
	"SELECT c.intended_ns + c.late_ns - (SELECT min(intended_ns + late_ns) FROM "
	"v1_client_request), c.response_ns, " UNIT_COLUMNS
	", g.gap_ns, c.late_ns, c.before_ns, g.idle_ns - c.before_ns, g.free_ns FROM "
	"v1_client_request c JOIN basis_whole b ON b.id = c.unit_id JOIN gaps g ON g.id = b.id "
	"WHERE c.response_ns IS NOT NULL AND c.late_ns IS NOT NULL ORDER BY 1 LIMIT ?1";
static const char without_client[] =
	"SELECT b.start_ns - (SELECT min(start_ns) FROM basis_whole), b.wall_ns, " UNIT_COLUMNS
	", NULL, NULL, NULL, NULL, NULL FROM basis_whole b ORDER BY b.start_ns LIMIT ?1";

enum shape { SHAPE_SERIAL, SHAPE_THREADS, SHAPE_LOOP };

static double at(sqlite3_stmt *row, enum column column)
{
	return sqlite3_column_double(row, (int)column);
}

/* What is known adds up to the wall time, or to less: what is measured beyond it is scaled down. */
static void scale(double part_ns[PARTS], double wall_ns)
{
	double sum_ns = 0;
	for (int p = 0; p < PARTS; p++) {
		part_ns[p] = fmax(0, part_ns[p]);
		sum_ns += part_ns[p];
	}
	for (int p = 0; p < PARTS && sum_ns > wall_ns; p++)
		part_ns[p] *= fmax(0, wall_ns) / sum_ns;
}

/* Of a unit that a thread serves from begin to end. Under a GIL the wait for it comes of the
 * replay; alone in its process it waits for threads that are no units. */
static void parts_of_thread(sqlite3_stmt *row, enum shape shape, struct what_if_unit *u)
{
	double *part_ns = u->part_ns;
	u->queue_ns = at(row, COLUMN_RUNQUEUE) + at(row, COLUMN_UNEXPLAINED);
	part_ns[PART_PYTHON] = at(row, COLUMN_PYTHON) + at(row, COLUMN_GC) + u->queue_ns +
			       (shape == SHAPE_SERIAL ? at(row, COLUMN_GIL) : 0);
	part_ns[PART_DB_CPU] = at(row, COLUMN_DB_CPU);
	/* greenlets: a wait suspends the one that waits */
	part_ns[shape == SHAPE_LOOP ? PART_DB_AWAIT : PART_DB_BLOCK] =
		at(row, COLUMN_IO_DB) - at(row, COLUMN_DB_CPU);
	part_ns[shape == SHAPE_LOOP ? PART_AWAIT : PART_BLOCK] =
		at(row, COLUMN_BLOCK) + at(row, COLUMN_AWAIT);
}

/* Of a unit that is steps of a loop: its steps hold the loop, by CPU and while they stand still.
 * What other threads did for it, beyond that, passes while it is suspended; their Python needs the
 * same GIL. */
static void parts_of_steps(sqlite3_stmt *row, struct what_if_unit *u)
{
	const double python_ns = at(row, COLUMN_PYTHON) + at(row, COLUMN_GC);
	const double db_cpu_ns = at(row, COLUMN_DB_CPU), block_ns = at(row, COLUMN_BLOCK);
	const double db_wait_ns =
		fmax(0, at(row, COLUMN_IO_DB) - at(row, COLUMN_DB_AWAIT) - db_cpu_ns);
	double left_ns = fmax(0, at(row, COLUMN_RUNNING) - python_ns); /* of the loop's time */
	const double loop_cpu_ns = fmin(left_ns, db_cpu_ns);
	left_ns -= loop_cpu_ns;
	const double loop_db_ns = fmin(left_ns, db_wait_ns);
	left_ns -= loop_db_ns;
	const double loop_block_ns = fmin(left_ns, block_ns);
	u->queue_ns = left_ns - loop_block_ns;
	u->part_ns[PART_PYTHON] = python_ns + u->queue_ns;
	u->part_ns[PART_DB_CPU] = loop_cpu_ns;
	u->part_ns[PART_DB_BLOCK] = loop_db_ns;
	u->part_ns[PART_BLOCK] = loop_block_ns;
	u->part_ns[PART_DB_AWAIT] =
		at(row, COLUMN_DB_AWAIT) + db_cpu_ns - loop_cpu_ns + db_wait_ns - loop_db_ns;
	u->part_ns[PART_AWAIT] = at(row, COLUMN_AWAIT) + block_ns - loop_block_ns;
}

static void read_unit(sqlite3_stmt *row, enum shape shape, struct what_if_unit *u)
{
	const double gap_ns = at(row, COLUMN_GAP);
	const char *route = (const char *)sqlite3_column_text(row, COLUMN_ROUTE);
	*u = (struct what_if_unit){
		.arrival_ns = fmax(0, at(row, COLUMN_ARRIVAL)),
		.response_ns = fmax(0, at(row, COLUMN_RESPONSE)),
		.late_ns = fmax(0, at(row, COLUMN_LATE)),
		.outside_ns = at(row, COLUMN_IDLE) > 0
				      ? at(row, COLUMN_RESPONSE) - at(row, COLUMN_LATE) -
						at(row, COLUMN_WALL)
				      : NAN,
		.alone = at(row, COLUMN_IDLE) > 0 && at(row, COLUMN_FREE) > 0,
		.found_idle = at(row, COLUMN_IDLE) > 0,
		.process = (uint32_t)sqlite3_column_int64(row, COLUMN_PROCESS),
		.route = route ? hash_bytes(route, strlen(route)) : 0,
		/* the worker's own time is seen where this one had been sent before */
		.beside_ns = shape == SHAPE_SERIAL && gap_ns > 0 && gap_ns <= BESIDE_MOST_NS &&
					     at(row, COLUMN_BEFORE) > gap_ns
				     ? gap_ns
				     : NAN,
	};
	const bool has_steps = sqlite3_column_type(row, COLUMN_RUNNING) != SQLITE_NULL;
	if (has_steps)
		parts_of_steps(row, u);
	else
		parts_of_thread(row, shape, u);
	scale(u->part_ns, at(row, COLUMN_WALL));
	double waits_ns = 0;
	for (int p = PART_DB_BLOCK; p < PARTS; p++)
		waits_ns += u->part_ns[p];
	const double pieces = 1 + fmin(waits_ns / PIECE_LEAST_NS,
				       at(row, has_steps ? COLUMN_STEPS : COLUMN_CALLS));
	u->pieces = (uint32_t)fmax(1, fmin(pieces, REPLAY_PIECES_MAX));
}

/* Of a unit that queued, what is outside cannot be told from the queue: it has that of one, drawn
 * by a fixed seed, that did not. */
static void draw_outside(struct what_if *out)
{
	VEC(double) known_ns = {0};
	uint64_t state = OUTSIDE_SEED;
	for (size_t i = 0; i < out->count; i++)
		if (!isnan(out->units[i].outside_ns))
			*vec_push(&known_ns) = out->units[i].outside_ns;
	for (size_t i = 0; i < out->count; i++)
		if (isnan(out->units[i].outside_ns))
			out->units[i].outside_ns =
				known_ns.count
					? known_ns.items[stats_random(&state) % known_ns.count]
					: 0;
	vec_free(&known_ns);
}

static enum err_kind read_units(sqlite3 *db, bool has_client, enum shape shape, struct what_if *out,
				struct err *e)
{
	VEC(struct what_if_unit) units = {0};
	sqlite3_stmt *row;
	double cpu_ns = 0, running_ns = 0;
	TRY(query_prepare(db, has_client ? with_client : without_client, &row, e));
	sqlite3_bind_int64(row, 1, WHAT_IF_UNITS_MAX);
	while (sqlite3_step(row) == SQLITE_ROW) {
		read_unit(row, shape, vec_push(&units));
		cpu_ns += at(row, COLUMN_PYTHON);
		running_ns += at(row, COLUMN_RUNNING);
	}
	out->units = units.items;
	out->count = units.count;
	draw_outside(out);
	if (shape == SHAPE_LOOP && running_ns > 0 && cpu_ns > BY_THREADS * running_ns)
		out->servers.quantum_ns = SWITCH_INTERVAL_NS;
	return query_finish(db, row, e);
}

/* Processes in which units ran become 0, 1, …; those beyond the most share numbers. */
static enum err_kind number_processes(sqlite3 *db, struct what_if *out, struct err *e)
{
	VEC(int64_t) ids = {0};
	sqlite3_stmt *row;
	TRY(query_prepare(db, "SELECT DISTINCT process_id FROM basis_whole ORDER BY 1 LIMIT 1024",
			  &row, e));
	while (sqlite3_step(row) == SQLITE_ROW)
		*vec_push(&ids) = sqlite3_column_int64(row, 0);
	for (size_t i = 0; i < out->count; i++)
		for (size_t k = 0; k < ids.count; k++)
			if ((uint32_t)ids.items[k] == out->units[i].process) {
				out->units[i].process = (uint32_t)k;
				break;
			}
	out->servers.processes = ids.count ? (uint32_t)ids.count : 1;
	vec_free(&ids);
	return query_finish(db, row, e);
}

/* Threads that units began on, of the process with most; units in all; part of them that began
 * while another was open on their thread. */
static const char threads_of_units[] =
	"SELECT (SELECT max(n) FROM (SELECT count(DISTINCT thread_id) AS n FROM basis_whole GROUP "
	"BY "
	"process_id)), (SELECT count(*) FROM basis_whole), (SELECT avg(start_ns < before_ns) FROM "
	"(SELECT "
	"start_ns, max(end_ns) OVER (PARTITION BY thread_id ORDER BY start_ns ROWS BETWEEN "
	"UNBOUNDED "
	"PRECEDING AND 1 PRECEDING) AS before_ns FROM basis_whole))";

static enum err_kind read_shape(sqlite3 *db, const struct ledger *ledger, struct what_if *out,
				enum shape *shape, struct err *e)
{
	sqlite3_stmt *row;
	double threads = 1, units = 0, overlap = 0;
	TRY(query_prepare(db, threads_of_units, &row, e));
	if (sqlite3_step(row) == SQLITE_ROW) {
		threads = fmax(1, sqlite3_column_double(row, 0));
		units = sqlite3_column_double(row, 1);
		overlap = sqlite3_column_double(row, 2);
	}
	TRY(query_finish(db, row, e));
	*shape = ledger->asynchronous || overlap > OVERLAP_LEAST ? SHAPE_LOOP
		 : threads > 1                                   ? SHAPE_THREADS
								 : SHAPE_SERIAL;
	const bool one_each = threads > THREADS_OF_POOL || 2 * threads > units;
	out->servers = (struct replay_servers){
		.slots = *shape == SHAPE_LOOP ? 0
			 : one_each           ? 0
					      : (uint32_t)threads,
		.shared = *shape == SHAPE_SERIAL,
		.quantum_ns = *shape == SHAPE_THREADS ? SWITCH_INTERVAL_NS : INFINITY,
	};
	out->turn_parts = *shape == SHAPE_SERIAL ? PARTS_ALL
			  : *shape == SHAPE_LOOP
				  ? PARTS_ALL & ~(PART_BIT(PART_DB_AWAIT) | PART_BIT(PART_AWAIT))
				  : PART_BIT(PART_PYTHON) | PART_BIT(PART_DB_CPU);
	return ERR_OK;
}

/* CPU of the processes, a unit, beside that of units; over the seconds between the first and the
 * last. */
static const char beside[] =
	"SELECT (SELECT total(cpu_ns) FROM v1_host WHERE at_ns > low_ns AND at_ns <= high_ns "
	"  AND process_id IN (SELECT process_id FROM basis_whole)) / nullif((SELECT count(*) FROM "
	"v1_unit "
	"  WHERE end_ns > low_ns AND end_ns <= high_ns), 0) - (SELECT avg(cpu_ns) FROM basis_whole "
	"WHERE "
	"  end_ns > low_ns AND end_ns <= high_ns) FROM (SELECT min(at_ns) AS low_ns, max(at_ns) AS "
	"  high_ns FROM v1_host WHERE process_id = 0 AND at_ns BETWEEN (SELECT min(start_ns) FROM "
	"  basis_whole) AND (SELECT max(end_ns) FROM basis_whole))";

/* Units whose worker was measured between two keep that; the others have the mean of those. */
static enum err_kind read_beside(sqlite3 *db, struct what_if *out, struct err *e)
{
	double sum_ns = 0, each_ns;
	size_t count = 0;
	TRY(query_number(db, beside, 0, &each_ns, e));
	each_ns = each_ns <= BESIDE_MOST_NS ? fmax(0, each_ns) : 0;
	for (size_t i = 0; i < out->count; i++)
		if (!isnan(out->units[i].beside_ns)) {
			sum_ns += out->units[i].beside_ns;
			count++;
		}
	if (count >= GAPS_LEAST)
		each_ns = sum_ns / (double)count;
	for (size_t i = 0; i < out->count; i++)
		if (isnan(out->units[i].beside_ns))
			out->units[i].beside_ns = each_ns;
	return ERR_OK;
}

struct asked { /* by the client */
	double requests, window_ns, closed, strangers, connections, cpus;
};

/* Strangers: requests of no trace, or of one whose first half is not the client's (a load has one
 * for all of its requests). Those of its warm-up that were still in the queue are its own. */
static enum err_kind read_asked(sqlite3 *db, struct asked *out, struct err *e)
{
	sqlite3_stmt *row;
	*out = (struct asked){0};
	TRY(query_prepare(
		db,
		"WITH asked AS MATERIALIZED (SELECT count(*) AS n, min(intended_ns) AS low_ns, "
		"max(intended_ns) AS high_ns FROM v1_client_request) SELECT n, high_ns - low_ns, "
		"(SELECT value FROM v1_meta WHERE key = 'load_closed'), (SELECT count(*) FROM "
		"v1_unit WHERE start_ns BETWEEN low_ns AND high_ns AND coalesce(substr(trace, 1, "
		"16), '') NOT IN (SELECT substr(trace, 1, 16) FROM v1_client_request WHERE trace "
		"IS NOT NULL)), (SELECT max(connections) FROM v1_client_load), (SELECT value "
		"FROM v1_meta WHERE key = 'cpus') FROM asked",
		&row, e));
	if (sqlite3_step(row) == SQLITE_ROW)
		*out = (struct asked){sqlite3_column_double(row, 0), sqlite3_column_double(row, 1),
				      sqlite3_column_double(row, 2), sqlite3_column_double(row, 3),
				      sqlite3_column_double(row, 4), sqlite3_column_double(row, 5)};
	return query_finish(db, row, e);
}

/* Why latency cannot be told, whatever the replay says; NULL: nothing is known against it. */
static const char *reason(const struct asked *asked, const struct ledger *ledger, size_t count,
			  uint32_t processes, struct arena *arena)
{
	const double locked = ledger->share[LEDGER_LOCK] + ledger->share[LEDGER_POOL];
	if (asked->requests < 1)
		return "when requests arrived is not known: no client was measured (unslow run "
		       "--load)";
	if (asked->closed > 0)
		return "the client sent each request when it had its last answer (--closed), so a "
		       "faster app is asked more: there is no rate";
	if (count < WHAT_IF_UNITS_LEAST)
		return arena_printf(arena, "%zu requests were answered; it takes %d", count,
				    WHAT_IF_UNITS_LEAST);
	if ((double)count < SEEN_LEAST * asked->requests)
		return arena_printf(arena,
				    "of %.0f requests that the client sent, %zu were answered and "
				    "seen in the app",
				    asked->requests, count);
	if (asked->strangers > STRANGERS_MOST * (double)count)
		return arena_printf(arena,
				    "%.0f more requests came meanwhile from others than the client "
				    "that was measured",
				    asked->strangers);
	if (locked > LOCKED_MOST)
		return arena_printf(arena,
				    "requests wait %.0f %% of their time for one another at locks "
				    "or a pool, which is not replayed",
				    locked * 100);
	if (asked->cpus > 0 && processes > asked->cpus && ledger->share[LEDGER_RUNQUEUE] > CPU_MOST)
		return arena_printf(
			arena,
			"requests wait %.0f %% of their time for a CPU, as %u processes "
			"serve on %.0f, which is not replayed",
			ledger->share[LEDGER_RUNQUEUE] * 100, processes, asked->cpus);
	return NULL;
}

enum err_kind what_if_read(sqlite3 *db, const struct ledger *ledger, struct arena *arena,
			   struct what_if *out, struct err *e)
{
	struct asked asked;
	enum shape shape;
	*out = (struct what_if){.p50_off = 1, .p99_off = 1};
	if (!ledger->units || !ledger->kind || strcmp(ledger->kind, "request") != 0)
		return ERR_OK;
	TRY(read_asked(db, &asked, e));
	TRY(read_shape(db, ledger, out, &shape, e));
	TRY(read_units(db, asked.requests > 0, shape, out, e));
	TRY(number_processes(db, out, e));
	out->unknown = reason(&asked, ledger, out->count, out->servers.processes, arena);
	if (asked.requests > 0 && asked.closed <= 0 && asked.window_ns > 0)
		out->rate_per_s = asked.requests / (asked.window_ns / 1e9);
	if (out->unknown)
		return ERR_OK;
	TRY(read_beside(db, out, e));
	if (asked.connections > 0)
		what_if_late(out, asked.connections, SEEN_LEAST);
	what_if_cold(out);
	what_if_check(out, arena);
	return ERR_OK;
}

enum err_kind what_if_read_units(sqlite3 *db, const struct ledger *ledger, const char *unknown,
				 struct what_if *out, struct err *e)
{
	enum shape shape;
	*out = (struct what_if){.p50_off = 1, .p99_off = 1, .unknown = unknown};
	if (!ledger->units || !ledger->kind || strcmp(ledger->kind, "request") != 0)
		return ERR_OK;
	TRY(read_shape(db, ledger, out, &shape, e));
	return read_units(db, false, shape, out, e);
}

#include "model/ledger.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "model/query.h"
#include "model/task_cpu.h"
#include "model/threads.h"

const char *const ledger_state_names[LEDGER_STATES] = {
	[LEDGER_PYTHON] = "python",
	[LEDGER_NATIVE] = "native",
	[LEDGER_GIL] = "gil",
	[LEDGER_RUNQUEUE] = "runqueue",
	[LEDGER_THROTTLED] = "throttled",
	[LEDGER_IO_DB] = "io_db",
	[LEDGER_IO_NET] = "io_net",
	[LEDGER_IO_FILE] = "io_file",
	[LEDGER_LOCK] = "lock",
	[LEDGER_POOL] = "pool",
	[LEDGER_SLEEP] = "sleep",
	[LEDGER_LOOP_BUSY] = "loop_busy",
	[LEDGER_AWAIT] = "await",
	[LEDGER_ACCEPT_QUEUE] = "accept_queue",
	[LEDGER_GC] = "gc",
	[LEDGER_FAULT] = "fault",
	[LEDGER_UNEXPLAINED] = "unexplained",
};

/* Unit kinds in order of preference, and the basis of findings/1 they stand for. */
static const struct {
	const char *kind;
	const char *basis;
} kinds[] = {
	{"request", "request"}, {"job", "task"},  {"task", "task"},   {"websocket", "task"},
	{"stream", "task"},     {"test", "test"}, {"command", "run"}, {"run", "run"},
};

static const char *basis_of_kind(const char *kind)
{
	for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].basis;
	return "run";
}

enum err_kind ledger_choose_basis(sqlite3 *db, struct err *e)
{
	const char *chosen = "";
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !*chosen; i++) {
		sqlite3_stmt *statement;
		TRY(query_prepare(db,
				  "SELECT 1 FROM v1_unit WHERE finished AND kind = ?1 "
				  "AND NOT (kind = 'run' AND cold) LIMIT 1",
				  &statement, e));
		sqlite3_bind_text(statement, 1, kinds[i].kind, -1, SQLITE_STATIC);
		if (sqlite3_step(statement) == SQLITE_ROW)
			chosen = kinds[i].kind;
		TRY(query_finish(db, statement, e));
	}
	char *sql = sqlite3_mprintf(
		"DROP TABLE IF EXISTS temp.basis;"
		"DROP VIEW IF EXISTS temp.basis_whole;"
		"DROP TABLE IF EXISTS temp.basis_total;"
		/* how long a stream lasts that its client broke off is the client's choice */
		"CREATE TEMP TABLE basis AS SELECT * FROM v1_unit WHERE finished AND kind = %Q "
		"  AND NOT (streamed AND aborted) "
		/* where all load modules, that is their work and no start: only the first of each
		 * process is left out then (its counter, the id's lower 40 bits, is 1) */
		"  AND CASE WHEN EXISTS (SELECT 1 FROM v1_unit WHERE finished AND NOT cold "
		"    AND kind = %Q) THEN NOT cold "
		"  WHEN EXISTS (SELECT 1 FROM v1_unit WHERE finished AND kind = %Q "
		"    AND id & 0xffffffffff > 1) THEN id & 0xffffffffff <> 1 ELSE 1 END;"
		"CREATE UNIQUE INDEX temp.basis_id ON basis(id);"
		"CREATE TEMP VIEW basis_whole AS SELECT * FROM basis;"
		"CREATE TEMP TABLE basis_total AS SELECT %Q AS kind, "
		"  coalesce(sum(weight), 0) AS units, coalesce(sum(wall_ns * weight), 0) AS "
		"wall_ns, "
		"  coalesce(max(end_ns) - min(start_ns), 0) AS window_ns, count(*) AS rows "
		"FROM basis;",
		chosen, chosen, chosen, chosen);
	enum err_kind kind = query_script(db, sql, e);
	bool is_threads = false;
	sqlite3_free(sql);
	if (kind == ERR_OK)
		kind = threads_are_basis(db, &is_threads, e);
	if (kind == ERR_OK)
		kind = threads_prepare(db, is_threads, e);
	if (kind == ERR_OK)
		kind = task_cpu_move(db, e);
	if (kind != ERR_OK || !is_threads)
		return kind;
	return query_script(db,
			    "UPDATE basis_total SET kind = 'thread', units = NULL, "
			    "wall_ns = (SELECT total(wall_ns) FROM looked), window_ns = "
			    "coalesce((SELECT max(value) FROM v1_meta WHERE key = 'ended_ns') - "
			    "(SELECT max(value) FROM v1_meta WHERE key = 'started_ns'), 0)",
			    e);
}

static enum err_kind count_kind(sqlite3 *db, struct arena *arena, struct ledger *out, struct err *e)
{
	sqlite3_stmt *statement;
	TRY(query_prepare(
		db,
		"SELECT t.kind, coalesce(sum(u.weight) FILTER (WHERE u.cold AND u.finished "
		"    AND u.id NOT IN (SELECT id FROM basis_whole)), 0), "
		"  coalesce(sum(u.weight) FILTER (WHERE NOT u.finished), 0), "
		"  coalesce((SELECT max(cold) FROM basis_whole), 0), "
		"  coalesce((SELECT max(id & 0xffffffffff) > 1 FROM basis_whole), 0), "
		"  EXISTS (SELECT 1 FROM v1_unit WHERE kind = 'run' AND cold) OR EXISTS "
		"  (SELECT 1 FROM v1_handle WHERE kind = 'socket' AND peer_kind = 'client') "
		"FROM basis_total t LEFT JOIN v1_unit u ON u.kind = t.kind",
		&statement, e));
	if (sqlite3_step(statement) == SQLITE_ROW) {
		const char *kind = (const char *)sqlite3_column_text(statement, 0);
		out->kind = kind && *kind ? arena_string(arena, kind) : NULL;
		out->basis = basis_of_kind(out->kind);
		out->cold = (uint64_t)sqlite3_column_int64(statement, 1);
		out->unfinished = (uint64_t)sqlite3_column_int64(statement, 2);
		out->cold_used = sqlite3_column_int(statement, 3);
		out->loading = out->cold_used && sqlite3_column_int(statement, 4);
		out->listened = !out->kind && sqlite3_column_int(statement, 5);
	}
	return query_finish(db, statement, e);
}

bool ledger_mostly_fails(const struct ledger *ledger)
{
	return ledger->units > 0 && 2 * ledger->errors >= ledger->units;
}

double ledger_percentile(const double *values, const uint64_t *weights, size_t count, double q)
{
	uint64_t total = 0, seen = 0;
	for (size_t i = 0; i < count; i++)
		total += weights[i];
	if (!total)
		return NAN;
	double rank = ceil(q * (double)total);
	for (size_t i = 0; i < count; i++) {
		seen += weights[i];
		if ((double)seen >= rank)
			return values[i];
	}
	return values[count - 1];
}

/* Shares that add up to 1: where more was measured than time passed (the states
 * then sum past wall), they are scaled down and the excess is told apart. */
static void share_out(struct ledger *l, const double state_ns[LEDGER_STATES])
{
	double left = state_ns[LEDGER_UNEXPLAINED];
	double whole = l->wall_ns;
	if (left < 0) {
		l->over_share = -left / l->wall_ns;
		whole -= left;
	}
	for (int i = 0; i < LEDGER_STATES; i++)
		l->share[i] = i == LEDGER_UNEXPLAINED && left < 0 ? 0 : state_ns[i] / whole;
}

/* Those that work are started by another one of the recording, where there is such a one: a
 * server's first process only minds them. Alive at the end, or of any age if none is. */
static const char workers[] =
	"WITH sampled AS (SELECT process_id, thread_id FROM thread_time GROUP BY 1, 2), "
	"worker AS (SELECT p.id, p.end_ns IS NULL AS lives FROM v1_process p "
	"  WHERE p.id IN (SELECT process_id FROM sampled) AND (p.parent_pid IN "
	"    (SELECT o.pid FROM v1_process o JOIN sampled s ON s.process_id = o.id) OR NOT EXISTS "
	"    (SELECT 1 FROM v1_process c JOIN v1_process o ON o.pid = c.parent_pid "
	"      JOIN sampled s ON s.process_id = o.id WHERE c.id IN "
	"      (SELECT process_id FROM sampled)))), "
	"counted AS (SELECT id FROM worker WHERE lives = (SELECT max(lives) FROM worker)) "
	"SELECT (SELECT count(*) FROM counted), "
	"  (SELECT count(*) FROM sampled WHERE process_id IN (SELECT id FROM counted))";

/* Part of the processes' time in which no look at them held. */
static const char uncovered[] =
	"SELECT total(max(0, window - seen)) / nullif(total(max(window, seen)), 0) FROM ("
	"  SELECT max(t.ns) AS seen, coalesce(p.end_ns, (SELECT max(value) FROM v1_meta "
	"    WHERE key = 'ended_ns'), p.start_ns + max(t.ns)) - p.start_ns AS window "
	"  FROM (SELECT process_id, thread_id, total(wall_ns) AS ns FROM thread_time GROUP BY 1, "
	"2) t "
	"  JOIN v1_process p ON p.id = t.process_id GROUP BY t.process_id)";

static enum err_kind read_threads(sqlite3 *db, struct ledger *out, struct err *e)
{
	sqlite3_stmt *row;
	double state_ns[LEDGER_STATES] = {0}, part;
	out->basis = "thread";
	out->kind = "thread";
	TRY(query_prepare(db, workers, &row, e));
	if (sqlite3_step(row) == SQLITE_ROW) {
		out->workers = (uint32_t)sqlite3_column_int64(row, 0);
		out->threads = (uint32_t)sqlite3_column_int64(row, 1);
	}
	TRY(query_finish(db, row, e));
	TRY(query_prepare(db, "SELECT idle, ledger, total(wall_ns) FROM thread_time GROUP BY 1, 2",
			  &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(row, 1);
		const double ns = sqlite3_column_double(row, 2);
		if (sqlite3_column_int(row, 0)) {
			out->idle_ns += ns;
			continue;
		}
		out->wall_ns += ns;
		for (int i = 0; i < LEDGER_STATES; i++)
			if (!strcmp(ledger_state_names[i], name))
				state_ns[i] += ns;
	}
	TRY(query_finish(db, row, e));
	TRY(query_number(db, uncovered, 0, &part, e));
	if (out->wall_ns <= 0)
		return ERR_OK;
	/* As busy, then, as in the time that was looked at. */
	const double unseen_ns = part < 1 ? out->wall_ns * part / (1 - part) : 0;
	out->wall_ns += unseen_ns;
	state_ns[LEDGER_UNEXPLAINED] += unseen_ns;
	share_out(out, state_ns);
	return ERR_OK;
}

enum err_kind ledger_read(sqlite3 *db, const char *route, struct arena *arena, struct ledger *out,
			  struct err *e)
{
	*out = (struct ledger){.basis = "run", .mean_ns = NAN, .p50_ns = NAN, .p99_ns = NAN};
	TRY(count_kind(db, arena, out, e));
	if (out->kind && !strcmp(out->kind, "thread"))
		return read_threads(db, out, e);
	sqlite3_stmt *statement;
	TRY(query_prepare(
		db,
		"SELECT wall_ns, weight, failed, python_ns, native_ns, gil_ns, "
		"runqueue_ns, "
		"  throttled_ns, io_db_ns, io_net_ns, io_file_ns, lock_ns, pool_ns, sleep_ns, "
		"  loop_busy_ns, await_ns, accept_queue_ns, gc_ns, fault_ns, unexplained_ns, "
		"db_cpu_ns, asynchronous "
		"FROM basis_whole WHERE ?1 IS NULL OR route IS ?1 ORDER BY wall_ns",
		&statement, e));
	if (route)
		sqlite3_bind_text(statement, 1, route, -1, SQLITE_STATIC);
	VEC(double) walls = {0};
	VEC(uint64_t) weights = {0};
	double state_ns[LEDGER_STATES] = {0}, db_cpu_ns = 0;
	uint64_t asynchronous = 0;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		double wall = sqlite3_column_double(statement, 0);
		uint64_t weight = (uint64_t)sqlite3_column_int64(statement, 1);
		*vec_push(&walls) = wall;
		*vec_push(&weights) = weight;
		out->units += weight;
		out->wall_ns += wall * (double)weight;
		if (sqlite3_column_int(statement, 2))
			out->errors += weight;
		for (int i = 0; i < LEDGER_STATES; i++)
			state_ns[i] += sqlite3_column_double(statement, 3 + i) * (double)weight;
		db_cpu_ns += sqlite3_column_double(statement, 3 + LEDGER_STATES) * (double)weight;
		if (sqlite3_column_int(statement, 4 + LEDGER_STATES))
			asynchronous += weight;
	}
	if (out->units && out->wall_ns > 0) {
		out->mean_ns = out->wall_ns / (double)out->units;
		out->p50_ns = ledger_percentile(walls.items, weights.items, walls.count, 0.5);
		out->p99_ns = ledger_percentile(walls.items, weights.items, walls.count, 0.99);
		share_out(out, state_ns);
		out->asynchronous = asynchronous > out->units / 2;
		out->db_cpu_share = db_cpu_ns / out->wall_ns;
	}
	vec_free(&walls);
	vec_free(&weights);
	return query_finish(db, statement, e);
}

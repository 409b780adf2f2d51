#include "rules/notes.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "model/client_time.h"
#include "model/query.h"
#include "rules/by_route.h"
#include "rules/rank.h"

#define NOTES_MAX 24
#define COLD_SHARE 0.25 /* of all units left out as cold: from here on that is a warning */
#define BUSY_CPUS 0.75  /* of all CPUs in use while units waited for one: the machine was busy */
#define TAIL_RATIO 10   /* p99 over p50, from which on a few slow units make the mean … */
#define TAIL_MEAN 2     /* … if it is so many times the p50 */
/* Kept in step with README.md, "Where it works". */
#define KNOWN \
	"gunicorn, uWSGI, waitress, bjoern, Werkzeug, runserver and uvicorn with Flask, Django, " \
	"Starlette, FastAPI, Bottle or Falcon, and aiohttp.web and Tornado"
#define PLACE_SHARE 0.25 /* of all time, at one line: worth a note if no cause is named there … */
#define EXPLAINED_SHARE 0.5 /* … and the causes found are of less than this */

static void note(struct diagnosis *out, const char *text)
{
	if (out->note_count < NOTES_MAX)
		out->notes[out->note_count++] = text;
}

/* A socket listened, and no request was recognised: which of the three reasons. */
static enum err_kind about_server(sqlite3 *db, struct arena *arena, struct diagnosis *out,
				  struct err *e)
{
	double accepted, calls;
	const char *name = out->server;
	TRY(query_number(db, "SELECT 1 FROM proof WHERE view = 'io'", 0, &calls, e));
	TRY(query_number(db,
			 "SELECT count(*) FROM v1_handle WHERE kind = 'socket' "
			 "AND peer_kind = 'client'",
			 0, &accepted, e));
	if (accepted == 0)
		note(out, arena_printf(arena,
				       "%s was started, but no request arrived while it was "
				       "watched: nothing is found and nothing ruled out. Send it "
				       "requests, then end it",
				       name ? name : "a server"));
	else
		note(out, arena_printf(arena,
				       "%s was started, but no request was recognised in the %.0f "
				       "connection%s that it accepted: %s. It knows " KNOWN "%s",
				       name ? name : "a server", accepted, accepted > 1 ? "s" : "",
				       name ? "none was sent, or unslow does not know the framework"
					    : "unslow does not know this server",
				       calls > 0 ? ". `unslow show io` has the calls that were seen"
						 : ""));
	return ERR_OK;
}

/* Sampled from outside: what that cannot tell, and what can. */
static void about_threads(const struct ledger *l, struct arena *arena, struct diagnosis *out)
{
	if (l->share[LEDGER_UNEXPLAINED] > RESIDUAL_MAX)
		note(out, arena_printf(arena, "%.0f %% of the busy time could not be explained",
				       l->share[LEDGER_UNEXPLAINED] * 100));
	const uint64_t held = out->probe.samples_verified + out->probe.samples_caught;
	const uint64_t failed = out->probe.samples_torn + out->probe.ticks_late;
	if (!(l->wall_ns > 0) && failed > held)
		note(out, arena_printf(arena,
				       "of %" PRIu64 " looks at its threads only %" PRIu64
				       " held, too few to tell whether one worked: nothing is "
				       "found and nothing ruled out. Attach again, for longer (-d)",
				       held + failed, held));
	else if (!(l->wall_ns > 0))
		note(out, "no thread worked while it was watched, so nothing is found and nothing "
			  "ruled out: send the app requests, then attach again");
	note(out,
	     arena_printf(arena,
			  "seen from outside: requests, statements and calls cannot be counted, "
			  "so no gain is stated. To count them start the app with: unslow run "
			  "-- %s",
			  out->command ? out->command : "COMMAND"));
}

static void about_failures(const struct ledger *l, struct arena *arena, struct diagnosis *out)
{
	if (ledger_mostly_fails(l))
		note(out, arena_printf(arena,
				       "%" PRIu64 " of %" PRIu64
				       " %s%s failed: what follows is how long failing takes, not "
				       "the work that was asked for",
				       l->errors, l->units, l->kind, l->units == 1 ? "" : "s"));
}

/* What passes before the application is called is in no figure of a unit. */
static void about_client(const struct ledger *l, struct arena *arena, struct diagnosis *out)
{
	const struct client_time *c = &out->client;
	const double queued = client_time_queued(c);
	const int digits = c->response_ms < 10 ? 2 : 0;
	if (queued > 0)
		note(out,
		     arena_printf(
			     arena,
			     "its client waited %.0f %% of a %s at least (%.*f of %.*f ms) until "
			     "the app began, which is not in the time of one %s",
			     100 * queued, l->kind, digits, c->queue_ms, digits, c->response_ms,
			     l->kind));
}

/* Why units waited for a CPU, by what was in use in the seconds in which they did: a machine may
 * make a thread wait that is far from busy. */
static const char waiting_why[] =
	"SELECT CASE WHEN used IS NULL THEN printf('%.0f %% of %s time was waiting for a CPU, and "
	"who had them is not known. ', ?1, ?2) "
	"WHEN is_busy THEN printf('this machine was busy: %.0f %% of %s time was waiting for a "
	"CPU, and %.1f of %d were in use meanwhile (%s). ', ?1, ?2, used, cpus, who) "
	"ELSE printf('%.0f %% of %s time was waiting for a CPU, though in the mean only %.1f of %d "
	"were in use meanwhile (%s): threads are woken late, several want one at the same moment, "
	"or the app may use fewer than there are (taskset, a cpuset). ', ?1, ?2, used, cpus, who) "
	"END || 'Every other share is smaller for it, and no cost is called proven' || "
	"iif(used IS NULL OR is_busy, '; record again on a quieter machine', '') "
	"FROM (SELECT cpus, used, who, used >= ?3 * cpus AS is_busy FROM (SELECT cpus, "
	"iif(cpus > 0, cpus_own + cpus_watcher + cpus_other + cpus_stolen, NULL) AS used, "
	"printf('%sby itself %.1f', iif(names IS NULL, '', names || ', '), cpus_own) AS who "
	"FROM cpu_wait))";

/* A finding that says who had the CPUs before all others needs no note. */
static enum err_kind about_waiting(sqlite3 *db, const struct ledger *l, struct arena *arena,
				   struct diagnosis *out, struct err *e)
{
	if (!l->units || l->share[LEDGER_RUNQUEUE] < BUSY_SHARE)
		return ERR_OK;
	for (size_t i = 0; i < out->finding_count; i++)
		if ((!i && !strcmp(out->findings[i].cause, "noisy-neighbour")) ||
		    !strcmp(out->findings[i].cause, "too-many-workers"))
			return ERR_OK;
	sqlite3_stmt *row;
	TRY(query_prepare(db, waiting_why, &row, e));
	sqlite3_bind_double(row, 1, l->share[LEDGER_RUNQUEUE] * 100);
	sqlite3_bind_text(row, 2, l->kind, -1, SQLITE_STATIC);
	sqlite3_bind_double(row, 3, BUSY_CPUS);
	if (sqlite3_step(row) == SQLITE_ROW)
		note(out, arena_string(arena, (const char *)sqlite3_column_text(row, 0)));
	return query_finish(db, row, e);
}

/* The client's figures are its own, and it says so; the finding of that name says more. */
static enum err_kind about_load(sqlite3 *db, const struct ledger *l, struct arena *arena,
				struct diagnosis *out, struct err *e)
{
	sqlite3_stmt *row;
	for (size_t i = 0; i < out->finding_count; i++)
		if (!strcmp(out->findings[i].cause, "load-generator-lies"))
			return ERR_OK;
	/* up to the colon: what it does about its figures stands in its own report */
	TRY(query_prepare(db,
			  "SELECT substr(text, 1, instr(text || ': ', ': ') - 1) FROM "
			  "v1_client_verdict WHERE invalid",
			  &row, e));
	if (sqlite3_step(row) == SQLITE_ROW)
		note(out, arena_printf(arena,
				       "the load says of its own figures: %s. The times of one %s "
				       "below are the server's and hold",
				       (const char *)sqlite3_column_text(row, 0),
				       l->kind ? l->kind : "request"));
	return query_finish(db, row, e);
}

static void about_ledger(const struct ledger *l, struct arena *arena, struct diagnosis *out)
{
	double residual = fabs(l->share[LEDGER_UNEXPLAINED]) + l->over_share;
	if (l->listened)
		return; /* about_server has said it */
	if (!strcmp(l->basis, "thread")) {
		about_threads(l, arena, out);
		return;
	}
	if (!l->units) {
		note(out,
		     out->pid_count
			     ? "no request or other unit of work was recorded, so nothing is "
			       "found and nothing ruled out: send the app requests while it is "
			       "watched"
			     : "no Python process had the agent, so nothing is found and "
			       "nothing ruled out: name the command that starts the app "
			       "(unslow run -- COMMAND), without --no-agent");
		return;
	}
	if (residual > RESIDUAL_MAX && l->over_share > fabs(l->share[LEDGER_UNEXPLAINED]))
		note(out, arena_printf(arena,
				       "%.0f %% more time was measured than passed, as where tasks "
				       "of one %s wait beside each other: shares are of all of it, "
				       "and nothing is called proven here",
				       l->over_share * 100, l->kind));
	else if (residual > RESIDUAL_MAX)
		note(out, arena_printf(arena,
				       "%.0f %% of the time could not be explained; nothing is "
				       "called proven here. Record again on a quieter machine",
				       residual * 100));
	if (l->loading)
		note(out, arena_printf(arena,
				       "each of the %" PRIu64
				       " %ss loaded a module: if that is start-up, "
				       "it is in these figures; send more than 64 to each process",
				       l->units, l->kind));
	if (l->cold_used && !l->loading)
		note(out, arena_printf(arena,
				       "only the first %s of %s was seen: start-up work is in "
				       "these figures. Send more",
				       l->kind, l->units == 1 ? "a process" : "each process"));
	else if (l->cold > out->pid_count) /* one of each process needs no explanation */
		note(out,
		     arena_printf(arena,
				  "%" PRIu64 " %ss left out as cold (the first of a process, and "
				  "those of its first 64 that load a module)%s",
				  l->cold, l->kind,
				  (double)l->cold > COLD_SHARE * (double)(l->cold + l->units)
					  ? ": a large part; every figure is of the others. Send "
					    "more"
					  : ""));
	else if (l->cold)
		note(out, arena_printf(arena,
				       "%" PRIu64 " %s%s left out as cold: the first of %s process",
				       l->cold, l->kind, l->cold == 1 ? "" : "s",
				       l->cold == 1 ? "its" : "each"));
	if (l->units > FEW_UNITS && l->p99_ns >= TAIL_RATIO * l->p50_ns &&
	    l->mean_ns >= TAIL_MEAN * l->p50_ns)
		note(out, arena_printf(arena,
				       "a few slow %ss make the mean (p50 %.1f ms, p99 %.0f ms): "
				       "shares are theirs more than of a usual %s. `unslow show "
				       "requests --slowest 10` lists them",
				       l->kind, l->p50_ns / 1e6, l->p99_ns / 1e6, l->kind));
	if (l->units <= FEW_UNITS && !strcmp(l->basis, "request"))
		note(out,
		     arena_printf(arena,
				  "%" PRIu64 " request%s: what can be counted speaks; "
				  "statistical causes need %" PRIu64 " more",
				  l->units, l->units == 1 ? "" : "s", FEW_UNITS + 1 - l->units));
	if (l->unfinished)
		note(out, arena_printf(arena,
				       "%" PRIu64 " %s%s never ended (still open, or the process "
				       "died); not in the figures",
				       l->unfinished, l->kind, l->unfinished == 1 ? "" : "s"));
}

static bool is_named(const struct diagnosis *d, const char *file, int line)
{
	for (size_t i = 0; i < d->finding_count; i++)
		for (size_t k = 0; k < d->findings[i].where_count; k++)
			if (d->findings[i].where[k].line == line &&
			    !strcmp(d->findings[i].where[k].file, file))
				return true;
	return false;
}

/* Part of all time that the causes found own; what breaks later owns none, what passes before none
 * of the application's. */
static double explained(const struct diagnosis *d)
{
	double sum = 0;
	for (size_t i = 0; i < d->finding_count; i++)
		sum += d->findings[i].before_app ? 0 : d->findings[i].share;
	return sum;
}

/* Much of the time at one line, the causes found are of less than half of it, and none names that
 * line: said, not explained. */
static enum err_kind about_one_place(sqlite3 *db, const struct ledger *l, struct arena *arena,
				     struct diagnosis *out, struct err *e)
{
	sqlite3_stmt *row;
	if (explained(out) >= EXPLAINED_SHARE)
		return ERR_OK;
	TRY(query_prepare(db,
			  "SELECT file, line, coalesce(function, ''), name, ns FROM place_time "
			  "WHERE file IS NOT NULL ORDER BY ns DESC LIMIT 10",
			  &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *file = (const char *)sqlite3_column_text(row, 0);
		int line = sqlite3_column_int(row, 1);
		double share = sqlite3_column_double(row, 4) / l->wall_ns;
		if (!file || share < PLACE_SHARE)
			break;
		if (is_named(out, file, line))
			continue;
		note(out,
		     arena_printf(arena,
				  "%.0f %% of a %s is %s at %s:%d, %s(), and no cause is known "
				  "for it%s",
				  100 * share, l->kind, (const char *)sqlite3_column_text(row, 3),
				  file, line, (const char *)sqlite3_column_text(row, 2),
				  !out->finding_count      ? ""
				  : share > explained(out) ? ": more than what is found below"
							   : ", beside what is found below"));
		break;
	}
	return query_finish(db, row, e);
}

/* Each row's first column is a note. */
static enum err_kind from_sql(sqlite3 *db, const char *sql, struct arena *arena,
			      struct diagnosis *out, struct err *e)
{
	sqlite3_stmt *statement;
	TRY(query_prepare(db, sql, &statement, e));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);
		if (text)
			note(out, arena_string(arena, text));
	}
	return query_finish(db, statement, e);
}

static const char seen_instead[] =
	"SELECT printf('seen instead: %d Python process%s, %d look%s at their threads, %d "
	"connection%s to databases, %d statement%s', p, iif(p = 1, '', 'es'), l, iif(l = 1, '', "
	"'s'), h, iif(h = 1, '', 's'), s, iif(s = 1, '', 's')) FROM "
	"(SELECT (SELECT count(*) FROM v1_process WHERE python IS NOT NULL) AS p, "
	"(SELECT CAST(total(verified + caught) AS INTEGER) FROM v1_engine) AS l, "
	"(SELECT count(*) FROM v1_handle WHERE is_database) AS h, "
	"(SELECT count(*) FROM v1_statement WHERE NOT is_transaction) AS s)";

static const char *const queries[] = {
	/* what was asked for is not there, or not for whom asks */
	"SELECT printf('%d of %d %s were answered with %d: is that the page you mean? What follows "
	"is "
	"how long that takes', n, total(b.weight), k || 's', s) FROM basis b, (SELECT status AS s, "
	"sum(weight) AS n FROM basis WHERE status BETWEEN 400 AND 499 GROUP BY 1 ORDER BY 2 DESC "
	"LIMIT "
	"1), (SELECT kind AS k FROM basis_total) GROUP BY s HAVING 2 * n >= total(b.weight)",
	"SELECT counted(n, 'request') || iif(n = 1, ' of the load was', ' of the load were') || "
	"' answered, and none was seen in this app: something else listens at that address (the "
	"app''s own message is above), or its server is one that unslow does not know' FROM "
	"(SELECT count(*) AS n, count(unit_id) AS seen FROM v1_client_request WHERE status IS NOT "
	"NULL) WHERE n > 0 AND seen = 0 AND NOT EXISTS (SELECT 1 FROM v1_unit WHERE kind = "
	"'request')",
	/* what the server and the framework say of themselves */
	"SELECT DISTINCT 'development server (' || value || '): not made for load' FROM v1_fact "
	"WHERE key = 'server' AND lower(value) IN ('werkzeug', 'runserver', 'wsgiref', 'flask "
	"run', "
	"'django runserver')",
	"SELECT DISTINCT 'debug mode is on (' || key || ')' FROM v1_fact "
	"WHERE key LIKE '%debug' AND lower(value) IN ('1', 'true', 'on', 'yes')",
	/* what was not seen */
	"SELECT 'process ' || pid || ' was not watched: ' || coalesce(agent_reason, agent_state) "
	"FROM v1_process WHERE agent_state = 'off' AND pid > 0 "
	"AND id NOT IN (SELECT process_id FROM v1_engine WHERE name <> 'none')",
	"SELECT value || CASE value WHEN 1 THEN ' process was' ELSE ' processes were' END || "
	"' not watched: no channel could be made (no room in its directory, or not permitted)' "
	"FROM v1_meta WHERE key = 'processes_refused' AND value > 0",
	"SELECT 'processes of user ' || value || ' were not watched: the channel is private to "
	"root; start unslow as that user' FROM v1_meta WHERE key = 'shut_out_user'",
	"SELECT printf('watching was stopped by `unslow detach` at %s, %.1f s after its start; "
	"what "
	"came after is in no figure', time((r.value + d.value - s.value) / 1000000000, "
	"'unixepoch', 'localtime'), (d.value - s.value) / 1e9) FROM v1_meta d, v1_meta s, v1_meta "
	"r WHERE d.key = 'detached_ns' AND s.key = 'started_ns' AND r.key = "
	"'started_realtime_ns'",
	"SELECT DISTINCT key || ': ' || value FROM v1_fact WHERE key LIKE 'agent.%' "
	"AND value LIKE 'not visible%'",
	"SELECT printf('%.2f ms of CPU a %s are of tasks that are not seen in its time (uvloop): "
	"taken from samples, and out of what it awaits. `unslow show lines` has where', "
	"t.ns / 1e6 / b.units, b.kind) FROM task_cpu t, basis_total b WHERE b.units > 0",
	"SELECT sum(n) || iif(sum(n) = 1, ' record was lost: ', ' records were lost: ') || "
	"group_concat(why, '; ') FROM (SELECT sum(count) AS n, coalesce((SELECT column2 FROM "
	"(VALUES "
	"('ring_full', 'a ring was full'), ('no_ring', 'a thread had no ring'), "
	"('dict_full', 'the table of names was full'), ('no_space', 'the channel was full'), "
	"('handles', 'too many open descriptors'), ('open_units', 'too many units of work at a "
	"time'), "
	"('late_record', 'came after its unit of work was written'), ('threads', 'too many "
	"threads'), "
	"('samples', 'more places of samples than a recording holds'), "
	"('walk_rows', 'types of walks of the heap past "
	"what a recording holds'), ('bad_record', 'not readable'), ('unknown_id', 'of something "
	"unknown')) "
	"WHERE column1 = kind), replace(kind, '_', ' ')) AS why "
	"FROM v1_loss "
	"WHERE count > 0 AND kind NOT IN ('thinned', 'size_cap', 'usage_detail', 'sample_place', "
	"'sample_route') GROUP BY kind) HAVING sum(n) > 0",
	"SELECT sum(n) || ' rows folded into sums: ' || group_concat(what, '; ') FROM ("
	"SELECT sum(count) AS n, coalesce((SELECT column2 FROM (VALUES "
	"('thinned', 'calls and statements of some units, to keep up'), "
	"('size_cap', 'the recording is at its ceiling, --max-size'), "
	"('usage_detail', 'calls from rare places, kept without their place'), "
	"('sample_place', 'samples of rare places'), "
	"('sample_route', 'samples of rare routes')) WHERE column1 = kind), kind) AS what "
	"FROM v1_loss WHERE count > 0 AND kind IN ('thinned', 'size_cap', 'usage_detail', "
	"'sample_place', 'sample_route') GROUP BY kind) HAVING sum(n) > 0",
	"SELECT printf('times are of all %d %ss, calls and statements of %d of them that stand for "
	"the "
	"others (%d rows in all): what happens in few may be missed. To have all of them looked at "
	"record for a shorter time', units, kind, kept, d.rows) FROM detail d, basis_total "
	"WHERE parts > 1",
	"SELECT 'every allocation was recorded (--memory=exact), which makes a program several "
	"times "
	"slower: all times here hold that, and CPU found at a line may be the recording''s own. "
	"Leave it out to ask about time' WHERE EXISTS (SELECT 1 FROM v1_heap_process WHERE want & "
	"2)", /* HEAP_EXACT of agent/heap_file.h */
};

static const char not_closed[] =
	"SELECT 'the recording was not closed in order: its last second may be missing' "
	"WHERE EXISTS (SELECT 1 FROM v1_meta) "
	"AND NOT EXISTS (SELECT 1 FROM v1_meta WHERE key = 'closed' AND value = 1)";

static enum err_kind about_end(sqlite3 *db, bool is_live, struct arena *arena,
			       struct diagnosis *out, struct err *e)
{
	if (!is_live)
		return from_sql(db, not_closed, arena, out, e);
	note(out, out->window_s > 0
			  ? arena_printf(arena,
					 "the recording is still being written: this is of its "
					 "first %.1f s. Ask again when the run has ended",
					 out->window_s)
			  : "the recording is still being written, and nothing has ended in it "
			    "yet. Ask again when the run has ended");
	return ERR_OK;
}

/* Before all others: what the figures below are of. */
static void about_route(const struct ledger *ledger, struct arena *arena, struct diagnosis *out)
{
	if (out->route)
		note(out, arena_printf(arena,
				       "only %ss to %s are diagnosed, %s of all and %s of their "
				       "time; what lies outside of the code, fails or will fail "
				       "is told of all",
				       ledger->kind, out->route,
				       by_route_percent(out->part_units, arena),
				       by_route_percent(out->part_time, arena)));
}

enum err_kind notes_list(sqlite3 *db, const struct ledger *ledger, bool is_live,
			 struct arena *arena, struct diagnosis *out, struct err *e)
{
	out->notes = arena_alloc(arena, NOTES_MAX * sizeof *out->notes);
	about_route(ledger, arena, out);
	if (ledger->listened)
		TRY(about_server(db, arena, out, e));
	about_failures(ledger, arena, out);
	about_client(ledger, arena, out);
	TRY(about_load(db, ledger, arena, out, e));
	TRY(about_waiting(db, ledger, arena, out, e));
	about_ledger(ledger, arena, out);
	if (ledger->units)
		TRY(about_one_place(db, ledger, arena, out, e));
	else if (strcmp(ledger->basis, "thread"))
		TRY(from_sql(db, seen_instead, arena, out, e));
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		TRY(from_sql(db, queries[i], arena, out, e));
	return about_end(db, is_live, arena, out, e);
}

#include "rules/rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mask.h"
#include "model/client_time.h"
#include "model/ledger.h"
#include "model/query.h"
#include "rules/alternatives.h"
#include "rules/calibrate.h"
#include "rules/catalogue.h"
#include "rules/evaluate.h"
#include "rules/fix.h"
#include "rules/latency.h"
#include "rules/notes.h"
#include "rules/rank.h"
#include "rules/ruled_out.h"
#include "rules/source_line.h"

#define HOOK_CALLS_MIN 3200 /* fewer, 50 of them timed: the agent's own time is not stated */
#define HOOK_COST 3         /* what hooks cost in all, of what they time: 2.8 and 3.4 there … */
#define HOOK_COST_MAX 4     /* … and more than either (bench/agent-cost) */
#define NOTHING_WRONG "nothing-wrong"
#define SAME_TIME 0.9 /* of a line's time: who names it with so much has said what takes it */
/* Processes with units of work, or sampled from outside. */
#define WATCHED \
	"(units_begun > 0 OR id IN (SELECT process_id FROM v1_engine WHERE name IN ('stop', " \
	"'prefix', 'kernel')))"

/* Text of a one-value query; NULL if there is none. */
static enum err_kind one_text(sqlite3 *db, const char *sql, struct arena *arena, const char **out,
			      struct err *e)
{
	sqlite3_stmt *statement;
	TRY(query_prepare(db, sql, &statement, e));
	*out = NULL;
	if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
		*out = arena_string(arena, (const char *)sqlite3_column_text(statement, 0));
	return query_finish(db, statement, e);
}

static enum err_kind read_pids(sqlite3 *db, struct arena *arena, struct diagnosis *out,
			       struct err *e)
{
	double count;
	TRY(query_number(db, "SELECT count(*) FROM v1_process WHERE " WATCHED, 0, &count, e));
	out->pids = arena_alloc(arena, ((size_t)count + 1) * sizeof *out->pids);
	sqlite3_stmt *statement;
	TRY(query_prepare(db, "SELECT pid FROM v1_process WHERE " WATCHED " ORDER BY pid",
			  &statement, e));
	while (out->pid_count < (size_t)count && sqlite3_step(statement) == SQLITE_ROW)
		out->pids[out->pid_count++] = sqlite3_column_int64(statement, 0);
	return query_finish(db, statement, e);
}

/* The word of the command that names a server; NULL: none does. */
static const char *server_of_command(struct arena *arena, const char *command)
{
	static const char blanks[] = " \t";
	const char *at = command ? command : "";
	for (at += strspn(at, blanks); *at; at += strspn(at, blanks)) {
		const size_t length = strcspn(at, blanks);
		const char *word = arena_copy(arena, at, length), *slash = strrchr(word, '/');
		if (mask_is_server(word))
			return slash ? slash + 1 : word;
		at += length;
	}
	return NULL;
}

static enum err_kind read_target(sqlite3 *db, struct arena *arena, struct diagnosis *out,
				 struct err *e)
{
	double window_ns;
	TRY(one_text(db, "SELECT value FROM v1_meta WHERE key = 'command'", arena, &out->command,
		     e));
	TRY(one_text(
		db,
		"SELECT coalesce((SELECT value FROM v1_fact WHERE key = 'python.version' LIMIT 1),"
		" (SELECT python FROM v1_process WHERE python IS NOT NULL ORDER BY units_begun "
		"DESC "
		"LIMIT 1))",
		arena, &out->python, e));
	TRY(one_text(
		db,
		/* of a server that does not tell, its package's; runserver's is wsgiref's,
		 * which never changes */
		"SELECT s.value || coalesce((SELECT ' ' || v.value FROM v1_fact v"
		" WHERE v.process_id = s.process_id AND s.value <> 'runserver'"
		" AND v.key IN ('server.version', 'package.' || s.value)"
		" ORDER BY v.key DESC LIMIT 1), '') FROM v1_fact s WHERE s.key = 'server' LIMIT 1",
		arena, &out->server, e));
	if (!out->server) /* it speaks at its first request */
		out->server = server_of_command(arena, out->command);
	TRY(one_text(db,
		     "SELECT column2 || ' ' || value FROM (VALUES ('django', 'Django'), "
		     "('fastapi', 'FastAPI'), ('starlette', 'Starlette'), ('flask', 'Flask'), "
		     "('sanic', 'Sanic'), ('aiohttp', 'aiohttp'), ('tornado', 'Tornado')) "
		     "JOIN v1_fact ON lower(key) = 'package.' || column1 LIMIT 1",
		     arena, &out->framework, e));
	TRY(query_number(
		db,
		"SELECT max(0, coalesce((SELECT value FROM v1_meta WHERE key = 'ended_ns'), "
		"(SELECT max(start_ns + wall_ns) FROM v1_unit)) - "
		"(SELECT value FROM v1_meta WHERE key = 'started_ns'))",
		0, &window_ns, e));
	out->window_s = window_ns / 1e9;
	return read_pids(db, arena, out, e);
}

static enum err_kind read_client_share(sqlite3 *db, struct diagnosis *out, struct err *e)
{
	double part;
	TRY(query_number(db, "SELECT part FROM client_part", 0, &part, e));
	out->client_share = part * out->ledger[LEDGER_IO_NET];
	return ERR_OK;
}

static enum err_kind read_proof(sqlite3 *db, struct arena *arena, struct diagnosis *out,
				struct err *e)
{
	return one_text(db, "SELECT view FROM proof LIMIT 1", arena, &out->proof, e);
}

/* Which engine sampled, and its ticks of all processes; "agent": none did. */
static enum err_kind read_engine(sqlite3 *db, struct arena *arena, struct diagnosis *out,
				 struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db,
			  "SELECT group_concat(DISTINCT name), sum(verified), sum(caught), "
			  "sum(torn), sum(late) FROM v1_engine WHERE name <> 'none'",
			  &row, e));
	out->probe.engine = "agent";
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0)) {
		out->probe.engine = arena_string(arena, (const char *)sqlite3_column_text(row, 0));
		out->probe.samples_verified = (uint64_t)sqlite3_column_int64(row, 1);
		out->probe.samples_caught = (uint64_t)sqlite3_column_int64(row, 2);
		out->probe.samples_torn = (uint64_t)sqlite3_column_int64(row, 3);
		out->probe.ticks_late = (uint64_t)sqlite3_column_int64(row, 4);
	}
	return query_finish(db, row, e);
}

static enum err_kind read_probe(sqlite3 *db, const struct ledger *ledger, struct arena *arena,
				struct diagnosis *out, struct err *e)
{
	double cpu_ns, hook_ns, hook_calls, heap_ns, dropped;
	TRY(query_number(db, "SELECT value FROM v1_meta WHERE key = 'probe_cpu_ns'", 0, &cpu_ns,
			 e));
	TRY(query_number(db, "SELECT value FROM v1_meta WHERE key = 'hook_ns'", -1, &hook_ns, e));
	TRY(query_number(db, "SELECT value FROM v1_meta WHERE key = 'hook_calls'", 0, &hook_calls,
			 e));
	/* samples of allocations are no hooks of calls, and each is timed by itself */
	TRY(query_number(db, "SELECT total(samples * sample_ns) FROM v1_heap_process", 0, &heap_ns,
			 e));
	TRY(query_number(db,
			 "SELECT sum(count) FROM v1_loss WHERE kind NOT IN ('thinned', 'size_cap', "
			 "'usage_detail', 'sample_place', 'sample_route')",
			 0, &dropped, e));
	TRY(read_engine(db, arena, out, e));
	out->probe.cpu_share = out->window_s > 0 ? cpu_ns / 1e9 / out->window_s : 0;
	/* one hook in 64 is timed, by a wall clock; preempted ones are left out */
	bool known = hook_ns >= 0 && (hook_calls >= HOOK_CALLS_MIN || heap_ns > 0) &&
		     ledger->wall_ns > 0;
	hook_ns += heap_ns;
	out->probe.slowdown_low = known ? fmin(1, hook_ns / ledger->wall_ns) : -1;
	/* timed hooks do not see what they cost around themselves (caches, the interpreter's fast
	 * paths) */
	out->probe.slowdown = known ? fmin(1, HOOK_COST * hook_ns / ledger->wall_ns) : -1;
	out->probe.slowdown_high = known ? fmin(1, HOOK_COST_MAX * hook_ns / ledger->wall_ns) : -1;
	out->probe.events_dropped = (uint64_t)dropped;
	return ERR_OK;
}

static void from_ledger(const struct ledger *l, struct diagnosis *out)
{
	out->basis = l->basis;
	out->has_requests = l->kind && !strcmp(l->kind, "request");
	out->requests = l->units;
	out->errors = l->errors;
	out->workers = l->workers;
	out->threads = l->threads;
	out->busy_s = l->workers ? l->wall_ns / 1e9 : 0;
	out->idle_s = l->idle_ns / 1e9;
	out->mean_ms = l->mean_ns / 1e6;
	out->p50_ms = l->p50_ns / 1e6;
	out->p99_ms = l->p99_ns / 1e6;
	memcpy(out->ledger, l->share, sizeof out->ledger);
	out->over_share = l->over_share;
}

static enum err_kind evaluate_all(sqlite3 *db, const struct catalogue *catalogue, bool last_resort,
				  struct arena *arena, struct candidates *all, struct err *e)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (!strcmp(catalogue->rules[i].id, NOTHING_WRONG) == last_resort)
			TRY(evaluate_rule(db, &catalogue->rules[i], arena, all, e));
	return ERR_OK;
}

static bool has_row(const struct candidates *all, const char *id)
{
	for (size_t i = 0; i < all->list.count; i++)
		if (!strcmp(all->list.items[i].rule->id, id))
			return true;
	return false;
}

/* Beside the last resort only what fails can have spoken. */
static bool is_found_failing(const struct candidates *all, const char *id)
{
	for (size_t i = 0; i < all->list.count; i++)
		if (all->list.items[i].fires && all->list.items[i].rule->fails &&
		    !strcmp(all->list.items[i].rule->id, id))
			return true;
	return false;
}

/* Has what fails named this line already, for as much of the time? */
static bool is_where_it_fails(const struct candidates *all, const struct candidate *c)
{
	for (size_t i = 0; i < all->list.count && c->place_count; i++) {
		const struct candidate *other = &all->list.items[i];
		if (other->fires && other->rule->fails && other->place_count &&
		    other->share_ns >= SAME_TIME * c->share_ns &&
		    other->places[0].line == c->places[0].line &&
		    !strcmp(other->places[0].file, c->places[0].file))
			return true;
	}
	return false;
}

/* Below what fails it speaks of the rest, or not at all. */
static void say_beside(const struct candidates *all, struct arena *arena, struct candidate *c)
{
	static const char begins[] = "No known cause was found; ";
	if (is_where_it_fails(all, c))
		c->fires = false;
	else if (c->title && !strncmp(c->title, begins, strlen(begins)))
		c->title = arena_printf(arena, "Of what is slow no known cause was found; %s",
					c->title + strlen(begins));
}

/* Only the catalogue knows how many causes were asked; one without a row had nothing to look at: no
 * database, no loop, no samples. */
static void count_causes(const struct catalogue *catalogue, struct arena *arena,
			 struct candidates *all)
{
	size_t blind = 0, found = 0;
	for (size_t i = 0; i < catalogue->count; i++) {
		blind += !has_row(all, catalogue->rules[i].id);
		found += is_found_failing(all, catalogue->rules[i].id);
	}
	for (size_t i = 0; i < all->list.count; i++) {
		struct candidate *c = &all->list.items[i];
		if (strcmp(c->rule->id, NOTHING_WRONG))
			continue;
		c->because =
			arena_printf(arena,
				     "%s; none of the %zu %scauses that unslow knows was "
				     "found (%zu of them had nothing to look at here), "
				     "which does not say that there is none",
				     c->because ? c->because : "", catalogue->count - 1 - found,
				     found ? "other " : "", blind);
		if (found)
			say_beside(all, arena, c);
	}
}

static enum err_kind complete(sqlite3 *db, const struct candidate **from, struct arena *arena,
			      struct diagnosis *out, struct err *e)
{
	for (size_t i = 0; i < out->finding_count; i++) {
		struct finding *f = &out->findings[i];
		TRY(fix_choose(db, from[i], arena, &f->fix, e));
		for (size_t k = 0; k < f->where_count; k++)
			f->where[k].source = source_line(arena, f->where[k].file, f->where[k].line);
	}
	return ERR_OK;
}

static enum err_kind ask_what_if(sqlite3 *db, const struct ledger *ledger,
				 const struct candidate *const *from, struct arena *arena,
				 struct diagnosis *out, struct err *e)
{
	struct what_if w;
	enum err_kind kind = what_if_read(db, ledger, arena, &w, e);
	if (kind == ERR_OK) {
		latency_predict(&w, from, arena, out);
		kind = alternatives_list(db, ledger, &w, arena, out, e);
	}
	what_if_free(&w);
	return kind;
}

static enum err_kind diagnose(sqlite3 *db, const struct rules_options *options, struct arena *arena,
			      struct candidates *all, struct diagnosis *out, struct err *e)
{
	struct catalogue catalogue;
	struct ledger ledger;
	const struct candidate **from;
	TRY(catalogue_load(options->rules_dir, arena, &catalogue, e));
	TRY(evaluate_prepare(db, e));
	TRY(ledger_read(db, NULL, arena, &ledger, e));
	TRY(read_target(db, arena, out, e));
	TRY(read_probe(db, &ledger, arena, out, e));
	ledger.listened = !ledger.kind && (ledger.listened || out->server);
	if (ledger.listened)
		ledger.basis = "request";
	from_ledger(&ledger, out);
	TRY(read_client_share(db, out, e));
	TRY(client_time_read(db, &out->client, e));
	TRY(read_proof(db, arena, out, e));
	TRY(evaluate_all(db, &catalogue, false, arena, all, e));
	rank_judge(all, &ledger, arena);
	bool any = false;
	for (size_t i = 0; i < all->list.count; i++)
		any = any || (all->list.items[i].fires && !all->list.items[i].rule->fails);
	if (!any && !ledger_mostly_fails(&ledger)) {
		TRY(evaluate_all(db, &catalogue, true, arena, all, e));
		count_causes(&catalogue, arena, all);
		rank_judge(all, &ledger, arena);
	}
	if (!options->uncalibrated)
		TRY(calibrate(db, all, arena, e));
	rank_findings(all, &ledger, arena, out, &from);
	TRY(complete(db, from, arena, out, e));
	ruled_out_list(all, &ledger, arena, out);
	TRY(ask_what_if(db, &ledger, from, arena, out, e));
	return notes_list(db, &ledger, options->is_live, arena, out, e);
}

enum err_kind rules_diagnose(sqlite3 *db, const struct rules_options *options, struct arena *arena,
			     struct diagnosis *out, struct err *e)
{
	struct candidates all = {0};
	*out = (struct diagnosis){0};
	enum err_kind kind = diagnose(db, options, arena, &all, out, e);
	vec_free(&all.list);
	return kind;
}

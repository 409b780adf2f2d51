#include "rules/rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mask.h"
#include "model/client_time.h"
#include "model/ledger.h"
#include "model/query.h"
#include "rules/alternatives.h"
#include "rules/by_route.h"
#include "rules/calibrate.h"
#include "rules/catalogue.h"
#include "rules/evaluate.h"
#include "rules/fix.h"
#include "rules/latency.h"
#include "rules/notes.h"
#include "rules/rank.h"
#include "rules/ruled_out.h"
#include "rules/scope.h"
#include "rules/source_line.h"

#define HOOK_CALLS_MIN 3200 /* fewer, 50 of them timed: the agent's own time is not stated */
#define HOOK_COST 3         /* what hooks cost in all, of what they time: 2.8 and 3.4 there … */
#define HOOK_COST_MAX 4     /* … and more than either (bench/agent-cost) */
#define SAME_TIME 0.9       /* of a line's time: who names it with so much has said what takes it */
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
	double cpu_ns, walks_ns, hook_ns, hook_calls, heap_ns, dropped;
	TRY(query_number(db, "SELECT value FROM v1_meta WHERE key = 'probe_cpu_ns'", 0, &cpu_ns,
			 e));
	/* walks from outside are unslow's own */
	TRY(query_number(db, "SELECT total(max(cpu_ns, 0)) FROM v1_walk WHERE how = 'fork'", 0,
			 &walks_ns, e));
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
	out->probe.cpu_share = out->window_s > 0 ? (cpu_ns + walks_ns) / 1e9 / out->window_s : 0;
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

static bool is_last_resort(const struct rule *rule)
{
	return !strcmp(rule->id, RULE_NOTHING_WRONG);
}

/* Which rules are asked. */
enum asked { ASK_ALL, ASK_OF_PROCESS, ASK_OF_CODE, ASK_LAST_RESORT };

static bool is_asked(const struct rule *rule, enum asked asked)
{
	if (is_last_resort(rule) || asked == ASK_LAST_RESORT)
		return is_last_resort(rule) && asked == ASK_LAST_RESORT;
	return asked == ASK_ALL || by_route_asks(rule) == (asked == ASK_OF_CODE);
}

static enum err_kind evaluate_all(sqlite3 *db, const struct catalogue *catalogue, enum asked asked,
				  struct arena *arena, struct candidates *all, struct err *e)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (is_asked(&catalogue->rules[i], asked))
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
		if (!is_last_resort(c->rule))
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

/* What a diagnosis is made of. */
struct work {
	sqlite3 *db;
	const struct rules_options *options;
	struct arena *arena;
	struct diagnosis *out;
	struct catalogue catalogue;
	struct ledger ledger;         /* of the units that are diagnosed */
	struct candidates of_process; /* --route: what was asked of all units */
	struct candidates all;        /* of the units that are diagnosed */
	struct route_parts parts;     /* of routes by themselves */
	struct what_if what_if;
	const struct candidate **from; /* of each finding */
};

static bool any_slow(const struct candidates *all)
{
	for (size_t i = 0; i < all->list.count; i++)
		if (all->list.items[i].fires && !all->list.items[i].rule->fails)
			return true;
	return false;
}

static enum err_kind judge(struct work *w, enum asked asked, struct candidates *out, struct err *e)
{
	TRY(evaluate_all(w->db, &w->catalogue, asked, w->arena, out, e));
	rank_judge(out, &w->ledger, w->arena);
	return ERR_OK;
}

static enum err_kind last_resort(struct work *w, struct err *e)
{
	if (any_slow(&w->all) || any_slow(&w->of_process) || ledger_mostly_fails(&w->ledger))
		return ERR_OK;
	TRY(evaluate_all(w->db, &w->catalogue, ASK_LAST_RESORT, w->arena, &w->all, e));
	count_causes(&w->catalogue, w->arena, &w->all);
	rank_judge(&w->all, &w->ledger, w->arena);
	return ERR_OK;
}

static void rank_all(struct work *w)
{
	const struct candidates *lists[2 + ROUTES_MOST] = {&w->of_process, &w->all};
	for (size_t i = 0; i < w->parts.count; i++)
		lists[2 + i] = &w->parts.items[i].found;
	rank_findings(lists, 2 + w->parts.count, &w->ledger, w->arena, w->out, &w->from);
}

/* What a route has is not ruled out, however little it is of all. */
static void drop_found(struct diagnosis *out, struct reason *list, size_t *count)
{
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++) {
		bool found = false;
		for (size_t k = 0; k < out->finding_count && !found; k++)
			found = out->findings[k].part_units > 0 &&
				!strcmp(out->findings[k].cause, list[i].cause);
		if (!found)
			list[kept++] = list[i];
	}
	*count = kept;
}

/* Routes by themselves, last: what is asked of the whole was asked. */
static enum err_kind add_routes(struct work *w, struct err *e)
{
	bool any = false;
	TRY(by_route_find(w->db, &w->catalogue, w->options, &w->all, &w->ledger, w->arena,
			  &w->parts, e));
	for (size_t i = 0; i < w->parts.count; i++)
		any = any || any_slow(&w->parts.items[i].found);
	if (!any)
		return ERR_OK;
	for (size_t i = 0; i < w->all.list.count; i++)
		if (is_last_resort(w->all.list.items[i].rule))
			w->all.list.items[i].fires = false;
	rank_all(w);
	drop_found(w->out, w->out->ruled_out, &w->out->ruled_out_count);
	drop_found(w->out, w->out->not_known, &w->out->not_known_count);
	return ERR_OK;
}

static enum err_kind read_what_if(struct work *w, struct err *e)
{
	if (!w->options->route)
		return what_if_read(w->db, &w->ledger, w->arena, &w->what_if, e);
	return what_if_read_units(w->db, &w->ledger,
				  "one route alone cannot be replayed: it queues with the others, "
				  "which `unslow why` without --route replays",
				  &w->what_if, e);
}

/* What lies outside of the code, fails or will fail is asked of all units. */
static enum err_kind narrow_to_route(struct work *w, struct err *e)
{
	TRY(ledger_read(w->db, NULL, w->arena, &w->ledger, e));
	const double units = (double)w->ledger.units, wall_ns = w->ledger.wall_ns;
	TRY(judge(w, ASK_OF_PROCESS, &w->of_process, e));
	TRY(scope_narrow(w->db, w->options->route, &w->catalogue, NULL, e));
	TRY(ledger_read(w->db, NULL, w->arena, &w->ledger, e));
	if (!w->ledger.units)
		return ERR(e, ERR_USAGE,
			   "of the units of work that the diagnosis is about none has the route "
			   "'%.60s'; they are in `unslow show requests`",
			   w->options->route);
	w->out->part_units = (double)w->ledger.units / units;
	w->out->part_time = wall_ns > 0 ? w->ledger.wall_ns / wall_ns : 0;
	w->out->route = w->options->route;
	return ERR_OK;
}

static enum err_kind read_facts(struct work *w, struct err *e)
{
	struct ledger *ledger = &w->ledger;
	TRY(read_target(w->db, w->arena, w->out, e));
	TRY(read_probe(w->db, ledger, w->arena, w->out, e));
	ledger->listened = !ledger->kind && (ledger->listened || w->out->server);
	if (ledger->listened)
		ledger->basis = "request";
	from_ledger(ledger, w->out);
	TRY(read_client_share(w->db, w->out, e));
	TRY(client_time_read(w->db, &w->out->client, e));
	return read_proof(w->db, w->arena, w->out, e);
}

static enum err_kind diagnose(struct work *w, struct err *e)
{
	const bool of_route = w->options->route != NULL;
	TRY(catalogue_load(w->options->rules_dir, w->arena, &w->catalogue, e));
	TRY(evaluate_prepare(w->db, e));
	if (of_route)
		TRY(narrow_to_route(w, e));
	else
		TRY(ledger_read(w->db, NULL, w->arena, &w->ledger, e));
	TRY(read_facts(w, e));
	TRY(judge(w, of_route ? ASK_OF_CODE : ASK_ALL, &w->all, e));
	TRY(last_resort(w, e));
	if (!w->options->uncalibrated) {
		TRY(calibrate(w->db, &w->all, w->arena, e));
		TRY(calibrate(w->db, &w->of_process, w->arena, e));
	}
	rank_all(w);
	ruled_out_list(&w->all, &w->ledger, w->arena, w->out);
	TRY(read_what_if(w, e));
	latency_queue(&w->what_if, w->arena, w->out);
	TRY(alternatives_list(w->db, &w->ledger, &w->what_if, w->arena, w->out, e));
	TRY(notes_list(w->db, &w->ledger, w->options->is_live, w->arena, w->out, e));
	if (!of_route)
		TRY(add_routes(w, e));
	TRY(complete(w->db, w->from, w->arena, w->out, e));
	latency_predict(&w->what_if, w->from, w->arena, w->out);
	return ERR_OK;
}

enum err_kind rules_diagnose(sqlite3 *db, const struct rules_options *options, struct arena *arena,
			     struct diagnosis *out, struct err *e)
{
	struct work w = {.db = db, .options = options, .arena = arena, .out = out};
	*out = (struct diagnosis){0};
	enum err_kind kind = diagnose(&w, e);
	what_if_free(&w.what_if);
	by_route_free(&w.parts);
	vec_free(&w.of_process.list);
	vec_free(&w.all.list);
	return kind;
}

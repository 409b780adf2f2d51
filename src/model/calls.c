#include "model/calls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/query.h"

/* Passes over the rows before all work that has no place yet gets one at the root. */
enum { ROUNDS_MAX = 64 };
#define COST_SHARE_MAX 0.75

enum row_kind { ROW_KIND_ROOT, ROW_KIND_FUNCTION, ROW_KIND_C, ROW_KIND_WORK };

/* A row of call_node, corrected. */
struct call_row {
	uint32_t parent; /* index of a row before it; 0: none */
	uint32_t from;   /* work: of the row that asked for it, before or after; 0: not known */
	uint32_t target; /* folded: of the row that it is folded into; 0: none */
	uint32_t owner;  /* the nearest row, itself or further up, that counts; 0: none */
	uint32_t function;
	uint32_t node; /* of the tree; 0: not placed, or left out by a filter */
	enum row_kind kind;
	bool counts; /* has a function of its own in the result; else it counts for its caller */
	bool folded, demoted;
	const char *top; /* root: text of its node */
	struct calls_sums sums;
	double inside_ns, outside_ns; /* cost of its events, by part */
	double outside_below_ns;      /* of what it called, in its own time */
	double below_ns;              /* of all below it, both parts */
	double suspended_below_ns;
	double folded_activations; /* calls and resumes of rows that are folded into it */
};

struct builder {
	const struct profile_filter *filter;
	struct arena *arena;
	struct calls_profile *out;
	VEC(struct call_row) rows; /* [0] unused */
	struct map row_of;         /* id → index */
	struct intern *function_keys;
	VEC(struct calls_function) functions;
	VEC(struct calls_tree_node) nodes;
	VEC(struct calls_edge) edges;
	struct map node_of; /* parent << 32 | function → node */
	struct map edge_of; /* caller << 32 | callee → edge + 1 */
};

static void add(struct calls_sums *into, const struct calls_sums *more)
{
	double *to = (double *)into;
	const double *from = (const double *)more;
	for (size_t i = 0; i < sizeof *into / sizeof *to; i++)
		to[i] += from[i];
}

static const char *column_text(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);
	return text ? text : "";
}

/* Never negative, whoever made the recording. */
static double column_sum(sqlite3_stmt *row, int i)
{
	return fmax(0, (double)sqlite3_column_int64(row, i));
}

static uint32_t function_id(struct builder *b, const char *file, const char *name, const char *kind,
			    int line)
{
	bool is_new = false;
	const char *key = arena_printf(b->arena, "%s\n%d\n%s\n%s", file, line, kind, name);
	const uint32_t id = intern_id(b->function_keys, key, strlen(key), &is_new);
	if (is_new)
		*vec_push(&b->functions) = (struct calls_function){
			.name = arena_string(b->arena, name),
			.file = arena_string(b->arena, file),
			.kind = arena_string(b->arena, kind),
			.line = line > 0 ? line : 0,
		};
	return id - 1;
}

/* --- rows ---------------------------------------------------------------- */

static const char rows_sql[] =
	"SELECT c.id, c.parent_id, c.kind, c.route, c.function, c.file, c.line, c.code_kind, "
	"c.from_id, c.calls, c.resumes, c.raised, c.open, c.own_wall_ns, c.own_cpu_ns, "
	"c.total_wall_ns, c.total_cpu_ns, c.waiting_ns, c.ready_ns, c.folded, c.demoted, "
	"p.inside_ns, p.outside_ns, coalesce(p.c_inside_ns, p.inside_ns), "
	"coalesce(p.c_outside_ns, p.outside_ns), "
	"coalesce(r.pid, '?') || ' ' || coalesce(nullif(t.name, ''), 'thread ' || "
	"coalesce(t.tid, '?')), (c.kind <> 'root' OR ((?1 IS NULL OR c.route = ?1) AND (NOT ?3 OR "
	"c.route IS NOT NULL))) AND (?2 IS NULL OR t.name = ?2 OR CAST(t.tid AS TEXT) = ?2) "
	"FROM v1_call c LEFT JOIN v1_call_process p ON p.process_id = c.process_id "
	"LEFT JOIN v1_thread t ON t.id = c.thread_id LEFT JOIN v1_process r ON r.id = "
	"c.process_id ORDER BY c.id";
enum {
	COLUMN_ID,
	COLUMN_PARENT,
	COLUMN_KIND,
	COLUMN_ROUTE,
	COLUMN_FUNCTION,
	COLUMN_FILE,
	COLUMN_LINE,
	COLUMN_CODE_KIND,
	COLUMN_FROM,
	COLUMN_CALLS,
	COLUMN_RESUMES,
	COLUMN_RAISED,
	COLUMN_OPEN,
	COLUMN_OWN_WALL,
	COLUMN_OWN_CPU,
	COLUMN_TOTAL_WALL,
	COLUMN_TOTAL_CPU,
	COLUMN_WAITING,
	COLUMN_READY,
	COLUMN_FOLDED,
	COLUMN_DEMOTED,
	COLUMN_INSIDE,
	COLUMN_OUTSIDE,
	COLUMN_C_INSIDE,
	COLUMN_C_OUTSIDE,
	COLUMN_THREAD,
	COLUMN_CHOSEN
};

static enum row_kind kind_of(const char *kind)
{
	return strcmp(kind, "root") == 0   ? ROW_KIND_ROOT
	       : strcmp(kind, "c") == 0    ? ROW_KIND_C
	       : strcmp(kind, "work") == 0 ? ROW_KIND_WORK
					   : ROW_KIND_FUNCTION;
}

static double cost(const struct builder *b, sqlite3_stmt *row, int column, double events)
{
	const double each_ns = sqlite3_column_double(row, column);
	return b->out->cost.known && each_ns > 0 && each_ns < 1e6
		       ? b->out->cost.factor * each_ns * events
		       : 0;
}

static void name_row(struct builder *b, sqlite3_stmt *row, struct call_row *r)
{
	const char *name = column_text(row, COLUMN_FUNCTION);
	const char *route = (const char *)sqlite3_column_text(row, COLUMN_ROUTE);
	if (b->filter->by_thread && r->kind == ROW_KIND_WORK)
		r->kind = ROW_KIND_ROOT; /* the work of a thread is the thread's */
	if (r->kind == ROW_KIND_ROOT) {
		r->top = arena_string(b->arena, b->filter->by_thread
							? column_text(row, COLUMN_THREAD)
						: route ? route
							: "(outside requests)");
	} else if (r->kind == ROW_KIND_WORK) {
		r->function = function_id(b, "", "(work in another thread)", "work", 0);
	} else if (r->kind == ROW_KIND_C) {
		r->function = function_id(b, "", *name ? name : "(C function)", "c", 0);
	} else {
		r->function = function_id(
			b, column_text(row, COLUMN_FILE), *name ? name : "(name not known)",
			column_text(row, COLUMN_CODE_KIND), sqlite3_column_int(row, COLUMN_LINE));
	}
	r->counts =
		r->kind == ROW_KIND_WORK ||
		(r->kind != ROW_KIND_ROOT &&
		 (!b->filter->app_only || strcmp(column_text(row, COLUMN_CODE_KIND), "app") == 0));
}

static void read_row(struct builder *b, sqlite3_stmt *row)
{
	const uint64_t *parent =
		map_find(&b->row_of, (uint64_t)sqlite3_column_int64(row, COLUMN_PARENT));
	struct call_row *r = vec_push(&b->rows);
	struct calls_sums *s = &r->sums;
	r->kind = kind_of(column_text(row, COLUMN_KIND));
	r->parent = parent && r->kind != ROW_KIND_WORK ? (uint32_t)*parent : 0;
	r->from = (uint32_t)sqlite3_column_int64(row, COLUMN_FROM); /* an id until all are read */
	r->folded = sqlite3_column_int(row, COLUMN_FOLDED) != 0;
	r->demoted = sqlite3_column_int(row, COLUMN_DEMOTED) != 0;
	s->calls = column_sum(row, COLUMN_CALLS);
	s->primitive = r->folded ? 0 : s->calls;
	s->resumes = column_sum(row, COLUMN_RESUMES);
	s->raised = column_sum(row, COLUMN_RAISED);
	s->open = column_sum(row, COLUMN_OPEN);
	s->own_wall_ns = column_sum(row, COLUMN_OWN_WALL);
	s->own_cpu_ns = column_sum(row, COLUMN_OWN_CPU);
	s->total_wall_ns = column_sum(row, COLUMN_TOTAL_WALL);
	s->total_cpu_ns = column_sum(row, COLUMN_TOTAL_CPU);
	s->waiting_ns = column_sum(row, COLUMN_WAITING);
	s->ready_ns = column_sum(row, COLUMN_READY);
	const double events = fmax(0, 2 * (s->calls + s->resumes) - s->open);
	const bool is_c = r->kind == ROW_KIND_C;
	r->inside_ns = cost(b, row, is_c ? COLUMN_C_INSIDE : COLUMN_INSIDE, events);
	r->outside_ns = cost(b, row, is_c ? COLUMN_C_OUTSIDE : COLUMN_OUTSIDE, events);
	name_row(b, row, r);
	const uint32_t index = (uint32_t)(b->rows.count - 1);
	r->owner = r->counts ? index : b->rows.items[r->parent].owner;
	*map_put(&b->row_of, (uint64_t)sqlite3_column_int64(row, COLUMN_ID), NULL) = index;
	/* a filter takes whole threads, and whole roots with what is below them */
	if (!sqlite3_column_int(row, COLUMN_CHOSEN))
		r->node = UINT32_MAX;
}

static enum err_kind read_rows(sqlite3 *db, struct builder *b, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, rows_sql, &row, e));
	sqlite3_bind_text(row, 1, b->filter->route, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 2, b->filter->thread, -1, SQLITE_STATIC);
	sqlite3_bind_int(row, 3, b->out->in_units);
	vec_push(&b->rows);
	while (sqlite3_step(row) == SQLITE_ROW && b->rows.count < UINT32_MAX)
		read_row(b, row);
	for (size_t i = 1; i < b->rows.count; i++) {
		const uint64_t *from = map_find(&b->row_of, b->rows.items[i].from);
		b->rows.items[i].from =
			b->rows.items[i].from && from && !b->filter->thread ? (uint32_t)*from : 0;
	}
	return query_finish(db, row, e);
}

/* A call that is folded is one of the row further up, which has all that it called below it. */
static void find_target(struct builder *b, struct call_row *r)
{
	uint32_t at = r->parent;
	while (at && (b->rows.items[at].folded || b->rows.items[at].kind != r->kind ||
		      b->rows.items[at].function != r->function))
		at = b->rows.items[at].parent;
	r->target = at;
}

static double activations(const struct call_row *r)
{
	return r->sums.calls + r->sums.resumes;
}

/* What counting cost of what the row's function called lies in the own time of whichever of its
 * calls made it: by how many of them they are. */
static double outside_share(const struct builder *b, const struct call_row *r)
{
	const struct call_row *whole = r->target ? &b->rows.items[r->target] : r;
	const double all = activations(whole) + whole->folded_activations;
	return all > 0 ? whole->outside_below_ns * activations(r) / all : 0;
}

/* An event costs less than in the middle where little is done in between (a tight recursion 14 ns
 * where a web framework's cost 30): no time is taken to be more than three quarters cost. */
static double without(double measured_ns, double cost_ns)
{
	return fmax(measured_ns - cost_ns, (1 - COST_SHARE_MAX) * measured_ns);
}

/* What counting cost goes out of the times. From the last row to the first, each comes before its
 * caller. */
static void correct(struct builder *b)
{
	for (size_t i = b->rows.count; i-- > 1;) {
		struct call_row *r = &b->rows.items[i], *caller = &b->rows.items[r->parent];
		caller->outside_below_ns += r->outside_ns;
		caller->below_ns += r->inside_ns + r->outside_ns + r->below_ns;
		caller->suspended_below_ns += r->sums.waiting_ns + r->sums.ready_ns;
		if (r->folded)
			find_target(b, r);
		if (r->target)
			b->rows.items[r->target].folded_activations += activations(r);
	}
	for (size_t i = 1; i < b->rows.count; i++) {
		struct call_row *r = &b->rows.items[i];
		struct calls_sums *s = &r->sums;
		const double own_ns = r->inside_ns + outside_share(b, r);
		const double total_ns = r->inside_ns + r->below_ns;
		s->cost_ns = s->own_cpu_ns;
		s->own_wall_ns = without(s->own_wall_ns, own_ns);
		s->own_cpu_ns = without(s->own_cpu_ns, own_ns);
		s->total_wall_ns = without(s->total_wall_ns, total_ns);
		s->total_cpu_ns = without(s->total_cpu_ns, total_ns);
		s->cost_ns -= s->own_cpu_ns;
		s->own_suspended_ns = fmax(0, s->waiting_ns + s->ready_ns - r->suspended_below_ns);
	}
}

/* --- tree ---------------------------------------------------------------- */

static uint32_t child_of(struct builder *b, uint32_t parent, uint32_t function)
{
	bool is_new = false;
	uint64_t *node = map_put(&b->node_of, (uint64_t)parent << 32 | function, &is_new);
	if (is_new) {
		*node = b->nodes.count;
		const uint32_t depth = b->nodes.items[parent].depth + 1;
		*vec_push(&b->nodes) = (struct calls_tree_node){
			.parent = parent, .function = function, .depth = depth};
	}
	return (uint32_t)*node;
}

/* What counts for its caller. */
static struct calls_sums own_of(const struct call_row *r)
{
	return (struct calls_sums){.own_wall_ns = r->sums.own_wall_ns,
				   .own_cpu_ns = r->sums.own_cpu_ns,
				   .own_suspended_ns = r->sums.own_suspended_ns,
				   .cost_ns = r->sums.cost_ns};
}

static void place(struct builder *b, uint32_t row, uint32_t under)
{
	struct call_row *r = &b->rows.items[row];
	r->node = r->kind == ROW_KIND_ROOT ? child_of(b, 0, function_id(b, "", r->top, "root", 0))
		  : r->counts              ? child_of(b, under, r->function)
					   : under;
	struct calls_sums sums = r->counts ? r->sums : own_of(r);
	sums.total_wall_ns = sums.total_cpu_ns =
		0; /* those of a node are made from what is in it */
	add(&b->nodes.items[r->node].sums, &sums);
}

/* Rows whose caller has its place get theirs; true if there were any. */
static bool place_some(struct builder *b)
{
	bool any = false;
	for (uint32_t i = 1; i < b->rows.count; i++) {
		const struct call_row *r = &b->rows.items[i];
		const uint32_t above = r->kind == ROW_KIND_WORK ? r->from : r->parent;
		const uint32_t under = b->rows.items[above].node;
		if (r->node || (above && !under))
			continue;
		if (above ? under == UINT32_MAX : r->kind != ROW_KIND_ROOT && b->out->in_units)
			b->rows.items[i].node = UINT32_MAX;
		else
			place(b, i, above ? under : 0);
		any = true;
	}
	return any;
}

/* What asked for it is not looked for any more. False: there was none left. */
static bool give_up_work(struct builder *b, bool all)
{
	bool any = false;
	for (uint32_t i = 1; i < b->rows.count && (all || !any); i++) {
		struct call_row *r = &b->rows.items[i];
		if (r->kind != ROW_KIND_WORK || r->node)
			continue;
		r->from = 0;
		any = true;
	}
	return any;
}

/* Work may be asked for by rows that come later, and rows of two threads in a ring: what is left
 * then has no place but the root. */
static void place_all(struct builder *b)
{
	vec_push(&b->nodes);
	for (int rounds = 0; rounds == 0 || give_up_work(b, rounds >= ROUNDS_MAX); rounds++)
		while (place_some(b) && rounds++ < ROUNDS_MAX)
			;
	for (size_t i = b->nodes.count; i-- > 1;) {
		struct calls_tree_node *node = &b->nodes.items[i];
		struct calls_tree_node *parent = &b->nodes.items[node->parent];
		node->sums.total_wall_ns += node->sums.own_wall_ns;
		node->sums.total_cpu_ns += node->sums.own_cpu_ns;
		if (strcmp(b->functions.items[node->function].kind, "work") == 0 && node->parent)
			continue; /* done beside its caller, not in its time */
		parent->sums.total_wall_ns += node->sums.total_wall_ns;
		parent->sums.total_cpu_ns += node->sums.total_cpu_ns;
	}
}

/* --- functions and edges ------------------------------------------------- */

static void add_edge(struct builder *b, uint32_t caller, const struct call_row *r)
{
	bool is_new = false;
	uint64_t *edge = map_put(&b->edge_of, (uint64_t)caller << 32 | r->function, &is_new);
	if (is_new) {
		*edge = b->edges.count;
		*vec_push(&b->edges) = (struct calls_edge){.caller = caller, .callee = r->function};
	}
	add(&b->edges.items[*edge].sums, &r->sums);
}

static bool is_call(const struct call_row *r)
{
	return r->kind == ROW_KIND_FUNCTION || r->kind == ROW_KIND_C;
}

static void sum_functions(struct builder *b)
{
	for (uint32_t i = 1; i < b->rows.count; i++) {
		const struct call_row *r = &b->rows.items[i];
		const struct call_row *owner = &b->rows.items[r->owner];
		const struct call_row *caller = &b->rows.items[b->rows.items[r->parent].owner];
		if (r->node == 0 || r->node == UINT32_MAX || !is_call(r))
			continue;
		if (!r->counts) {
			const struct calls_sums own = own_of(r);
			if (is_call(owner) && owner != b->rows.items)
				add(&b->functions.items[owner->function].sums, &own);
			continue;
		}
		struct calls_function *f = &b->functions.items[r->function];
		add(&f->sums, &r->sums);
		f->demoted = f->demoted || r->demoted;
		add_edge(b,
			 caller != b->rows.items && is_call(caller) ? caller->function
								    : CALLS_NO_CALLER,
			 r);
	}
	/* rows are corrected one by one: a whole is no less than its part */
	for (size_t i = 0; i < b->functions.count; i++) {
		struct calls_sums *sums = &b->functions.items[i].sums;
		sums->total_wall_ns = fmax(sums->total_wall_ns, sums->own_wall_ns);
		sums->total_cpu_ns = fmax(sums->total_cpu_ns, sums->own_cpu_ns);
	}
}

double calls_own(const struct calls_profile *p, const struct calls_sums *sums)
{
	return p->clock == PROFILE_CPU ? sums->own_cpu_ns
				       : sums->own_wall_ns + sums->own_suspended_ns;
}

double calls_total(const struct calls_profile *p, const struct calls_sums *sums)
{
	return p->clock == PROFILE_CPU ? sums->total_cpu_ns
				       : sums->total_wall_ns + sums->waiting_ns + sums->ready_ns;
}

static int by_parent_then_total(const void *a, const void *b, void *context)
{
	const struct calls_profile *p = context;
	const struct calls_tree_node *x = &p->nodes[*(const uint32_t *)a];
	const struct calls_tree_node *y = &p->nodes[*(const uint32_t *)b];
	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	const double total_x = calls_total(p, &x->sums), total_y = calls_total(p, &y->sums);
	if (total_x != total_y)
		return total_x > total_y ? -1 : 1;
	const struct calls_function *f = &p->functions[x->function],
				    *g = &p->functions[y->function];
	const int names = strcmp(f->name, g->name);
	return names ? names : strcmp(f->file, g->file);
}

static void sort_children(struct calls_profile *p, struct arena *arena)
{
	const size_t count = p->node_count - 1; /* all but the root */
	p->order = arena_alloc(arena, p->node_count * sizeof *p->order);
	for (size_t i = 0; i < count; i++)
		p->order[i] = (uint32_t)(i + 1);
	qsort_r(p->order, count, sizeof *p->order, by_parent_then_total, p);
	for (size_t i = count; i-- > 0;) {
		struct calls_tree_node *parent = &p->nodes[p->nodes[p->order[i]].parent];
		parent->first_child = (uint32_t)i;
		parent->child_count++;
	}
}

static void *keep(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *kept = arena_alloc(arena, (count + 1) * size);
	if (count)
		memcpy(kept, items, count * size);
	return kept;
}

#define KEEP(arena, vec) keep((arena), (vec).items, (vec).count, sizeof *(vec).items)

enum err_kind calls_are_there(sqlite3 *db, bool *out, struct err *e)
{
	double any;
	TRY(query_number(db, "SELECT 1 FROM v1_call WHERE kind <> 'root' LIMIT 1", 0, &any, e));
	*out = any > 0;
	return ERR_OK;
}

enum err_kind calls_read(sqlite3 *db, const struct profile_filter *filter, struct arena *arena,
			 struct calls_profile *out, struct err *e)
{
	struct builder b = {.filter = filter, .arena = arena, .out = out};
	double any_units = 0;
	*out = (struct calls_profile){.clock = filter->clock == PROFILE_CPU ? PROFILE_CPU
									    : PROFILE_WALL};
	TRY(calls_cost_read(db, &out->cost, e));
	if (!filter->all_time)
		TRY(query_number(db, "SELECT 1 FROM v1_call WHERE route IS NOT NULL LIMIT 1", 0,
				 &any_units, e));
	out->in_units = any_units > 0;
	b.function_keys = intern_new();
	const enum err_kind kind = read_rows(db, &b, e);
	if (kind == ERR_OK) {
		correct(&b);
		place_all(&b);
		sum_functions(&b);
		out->function_count = b.functions.count;
		out->node_count = b.nodes.count;
		out->edge_count = b.edges.count;
		out->functions = KEEP(arena, b.functions);
		out->nodes = KEEP(arena, b.nodes);
		out->edges = KEEP(arena, b.edges);
		sort_children(out, arena);
	}
	intern_free(b.function_keys);
	map_free(&b.row_of);
	map_free(&b.node_of);
	map_free(&b.edge_of);
	vec_free(&b.rows);
	vec_free(&b.functions);
	vec_free(&b.nodes);
	vec_free(&b.edges);
	return kind;
}

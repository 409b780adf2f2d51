#include "model/calls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/calls_rows.h"
#include "model/query.h"

/* Passes over the rows before all work that has no place yet gets one at the root. */
enum { ROUNDS_MAX = 64 };
#define OVERLAP_SHARE 0.01 /* of all time, that is worth a word */

static void add(struct calls_sums *into, const struct calls_sums *more)
{
	double *to = (double *)into;
	const double *from = (const double *)more;
	for (size_t i = 0; i < sizeof *into / sizeof *to; i++)
		to[i] += from[i];
}

/* --- tree ---------------------------------------------------------------- */

static uint32_t child_of(struct calls_builder *b, uint32_t parent, uint32_t function)
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

/* A generator that only hands on has no such time of its own (calls_rows.c), nor has work. */
static double waits_of(const struct calls_row *r)
{
	if (r->kind == ROW_KIND_ROOT)
		return r->lasted_ns;
	if (r->kind == ROW_KIND_WORK || (r->suspended_ns <= 0 && r->sums.resumes > 0))
		return INFINITY;
	return r->suspended_ns;
}

/* What counts for its caller; a caller that never waited did not for this. */
static struct calls_sums own_of(const struct calls_builder *b, const struct calls_row *r)
{
	const struct calls_row *owner = &b->rows.items[r->owner];
	const bool waited = r->owner == 0 || waits_of(owner) > 0;
	return (struct calls_sums){.own_wall_ns = r->sums.own_wall_ns,
				   .own_cpu_ns = r->sums.own_cpu_ns,
				   .own_suspended_ns = waited ? r->sums.own_suspended_ns : 0,
				   .cost_ns = r->sums.cost_ns};
}

static void place(struct calls_builder *b, uint32_t row, uint32_t under)
{
	struct calls_row *r = &b->rows.items[row];
	r->node = r->kind == ROW_KIND_ROOT
			  ? child_of(b, 0, calls_function_id(b, "", r->top, "root", 0))
		  : r->counts ? child_of(b, under, r->function)
			      : under;
	struct calls_sums sums = r->counts ? r->sums : own_of(b, r);
	/* those of a node are made from what is in it */
	sums.total_wall_ns = sums.total_cpu_ns = sums.total_suspended_ns = 0;
	add(&b->nodes.items[r->node].sums, &sums);
	if (r->counts || r->kind == ROW_KIND_ROOT)
		b->nodes.items[r->node].waits_ns += waits_of(r);
}

/* Rows whose caller has its place get theirs; true if there were any. */
static bool place_some(struct calls_builder *b)
{
	bool any = false;
	for (uint32_t i = 1; i < b->rows.count; i++) {
		const struct calls_row *r = &b->rows.items[i];
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
static bool give_up_work(struct calls_builder *b, bool all)
{
	bool any = false;
	for (uint32_t i = 1; i < b->rows.count && (all || !any); i++) {
		struct calls_row *r = &b->rows.items[i];
		if (r->kind != ROW_KIND_WORK || r->node)
			continue;
		r->from = 0;
		any = true;
	}
	return any;
}

/* Of what was suspended below it, that for which it waited; the rest, which is returned, was beside
 * it. */
static double take_waits(struct calls_tree_node *node)
{
	struct calls_sums *s = &node->sums;
	const bool is_root = node->parent == 0;
	/* a root's own is that of what counts for it */
	const double all_ns = s->total_suspended_ns + (is_root ? s->own_suspended_ns : 0);
	const double most_ns = fmax(0, node->waits_ns - (is_root ? s->total_wall_ns : 0));
	const double taken_ns = fmin(all_ns, most_ns);
	s->total_suspended_ns = taken_ns + (is_root ? 0 : s->own_suspended_ns);
	return all_ns - taken_ns;
}

/* Work may be asked for by rows that come later, and rows of two threads in a ring: what is left
 * then has no place but the root. */
static void place_all(struct calls_builder *b)
{
	vec_push(&b->nodes);
	for (int rounds = 0; rounds == 0 || give_up_work(b, rounds >= ROUNDS_MAX); rounds++)
		while (place_some(b) && rounds++ < ROUNDS_MAX)
			;
	double beside_ns = 0;
	for (size_t i = b->nodes.count; i-- > 1;) {
		struct calls_tree_node *node = &b->nodes.items[i];
		struct calls_tree_node *parent = &b->nodes.items[node->parent];
		node->sums.total_wall_ns += node->sums.own_wall_ns;
		node->sums.total_cpu_ns += node->sums.own_cpu_ns;
		beside_ns += take_waits(node);
		if (strcmp(b->functions.items[node->function].kind, "work") == 0 && node->parent)
			continue; /* done beside its caller, not in its time */
		parent->sums.total_wall_ns += node->sums.total_wall_ns;
		parent->sums.total_cpu_ns += node->sums.total_cpu_ns;
		parent->sums.total_suspended_ns += node->sums.total_suspended_ns;
	}
	const struct calls_sums *all = &b->nodes.items[0].sums;
	b->out->overlaps =
		beside_ns > OVERLAP_SHARE * (all->total_wall_ns + all->total_suspended_ns);
}

/* --- functions and edges ------------------------------------------------- */

static void add_edge(struct calls_builder *b, uint32_t caller, const struct calls_row *r)
{
	bool is_new = false;
	uint64_t *edge = map_put(&b->edge_of, (uint64_t)caller << 32 | r->function, &is_new);
	if (is_new) {
		*edge = b->edges.count;
		*vec_push(&b->edges) = (struct calls_edge){.caller = caller, .callee = r->function};
	}
	add(&b->edges.items[*edge].sums, &r->sums);
}

static bool is_call(const struct calls_row *r)
{
	return r->kind == ROW_KIND_FUNCTION || r->kind == ROW_KIND_C;
}

static void sum_functions(struct calls_builder *b)
{
	for (uint32_t i = 1; i < b->rows.count; i++) {
		const struct calls_row *r = &b->rows.items[i];
		const struct calls_row *owner = &b->rows.items[r->owner];
		const struct calls_row *caller = &b->rows.items[b->rows.items[r->parent].owner];
		if (r->node == 0 || r->node == UINT32_MAX || !is_call(r))
			continue;
		if (!r->counts) {
			const struct calls_sums own = own_of(b, r);
			if (is_call(owner) && owner != b->rows.items)
				add(&b->functions.items[owner->function].sums, &own);
			continue;
		}
		struct calls_function *f = &b->functions.items[r->function];
		struct calls_sums sums = r->sums;
		if (r->folded) /* of before nested_ns: the call further up has that time, too */
			sums.waiting_ns = sums.ready_ns = 0;
		add(&f->sums, &sums);
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
		sums->total_suspended_ns = fmax(sums->total_suspended_ns, sums->own_suspended_ns);
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
				       : sums->total_wall_ns + sums->total_suspended_ns;
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
	TRY(query_number(db, "SELECT 1 FROM v1_call WHERE kind NOT IN ('root', 'requests') LIMIT 1",
			 0, &any, e));
	*out = any > 0;
	return ERR_OK;
}

enum err_kind calls_read(sqlite3 *db, const struct profile_filter *filter, struct arena *arena,
			 struct calls_profile *out, struct err *e)
{
	struct calls_builder b = {.filter = filter, .arena = arena, .out = out};
	double any_units = 0;
	*out = (struct calls_profile){.clock = filter->clock == PROFILE_CPU ? PROFILE_CPU
									    : PROFILE_WALL};
	TRY(calls_cost_read(db, &out->cost, e));
	if (!filter->all_time)
		TRY(query_number(db, "SELECT 1 FROM v1_call WHERE kind = 'requests' LIMIT 1", 0,
				 &any_units, e));
	out->in_units = any_units > 0;
	b.function_keys = intern_new();
	const enum err_kind kind = calls_rows_read(db, &b, e);
	if (kind == ERR_OK) {
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

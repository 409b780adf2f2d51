/* Exact calls as temporary tables: what a view's SELECT reads. */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/calls.h"
#include "model/query.h"

#define SUMS \
	"calls, primitive, resumes, raised, open, own_wall_ns, own_cpu_ns, total_wall_ns, " \
	"total_cpu_ns, waiting_ns, ready_ns, own_suspended_ns, cost_ns, own_ns, total_ns"
enum { SUMS_COLUMNS = 15 };

static const char tables[] =
	"DROP TABLE IF EXISTS temp.calls_function;"
	"DROP TABLE IF EXISTS temp.calls_tree;"
	"DROP TABLE IF EXISTS temp.calls_edge;"
	"DROP TABLE IF EXISTS temp.calls_whole;"
	/* own_ns, total_ns: by the profile's clock, wall time with what was suspended */
	"CREATE TEMP TABLE calls_function(id INTEGER PRIMARY KEY, name, file, kind, line, "
	"demoted, " SUMS ");"
	/* in order of the tree: a node, then its children, largest first; indent grows where a path
	 * divides, and once behind it */
	"CREATE TEMP TABLE calls_tree(depth, indent, function, " SUMS ");"
	"CREATE TEMP TABLE calls_edge(caller, callee, " SUMS ");"
	/* one row: of all that is in it; total_ns: waits at the same time once, and what was done
	 * beside its caller; known_ns: of that, without what ran below no function that was counted
	 */
	"CREATE TEMP TABLE calls_whole(own_wall_ns, own_cpu_ns, own_ns, in_units, total_ns, "
	"known_ns, overlaps);";

/* Binds by position. */
struct insert {
	sqlite3_stmt *row;
	int column;
	bool failed; /* the statement is left as it is: query_finish() says why */
};

static void put_text(struct insert *i, const char *text)
{
	sqlite3_bind_text(i->row, ++i->column, text, -1, SQLITE_STATIC);
}

static void put_int(struct insert *i, int64_t value)
{
	sqlite3_bind_int64(i->row, ++i->column, value);
}

static void put_real(struct insert *i, double value)
{
	sqlite3_bind_double(i->row, ++i->column, value);
}

static void put_sums(struct insert *i, const struct calls_profile *p, const struct calls_sums *s)
{
	const double counts[] = {s->calls, s->primitive, s->resumes, s->raised, s->open};
	const double times[] = {s->own_wall_ns,      s->own_cpu_ns, s->total_wall_ns,
				s->total_cpu_ns,     s->waiting_ns, s->ready_ns,
				s->own_suspended_ns, s->cost_ns,    calls_own(p, s),
				calls_total(p, s)};
	for (size_t n = 0; n < sizeof counts / sizeof *counts; n++)
		put_int(i, counts[n] < 9e18 ? (int64_t)counts[n] : INT64_MAX);
	for (size_t n = 0; n < sizeof times / sizeof *times; n++)
		put_real(i, times[n]);
}

static void put_row(struct insert *i)
{
	i->failed = i->failed || sqlite3_step(i->row) != SQLITE_DONE;
	if (!i->failed)
		sqlite3_reset(i->row);
	i->column = 0;
}

static void write_functions(struct insert *i, const struct calls_profile *p)
{
	for (size_t at = 0; at < p->function_count; at++) {
		const struct calls_function *f = &p->functions[at];
		put_int(i, (int64_t)at);
		put_text(i, f->name);
		put_text(i, f->file);
		put_text(i, f->kind);
		put_int(i, f->line);
		put_int(i, f->demoted);
		put_sums(i, p, &f->sums);
		put_row(i);
	}
}

/* By hand and not by recursion: a tree may be as deep as stacks are. */
static void write_tree(struct insert *i, const struct calls_profile *p)
{
	VEC(uint32_t) open = {0};
	uint32_t *indents = mem_alloc((p->node_count + 1) * sizeof *indents);
	*vec_push(&open) = 0;
	while (open.count) {
		const uint32_t id = open.items[--open.count];
		const struct calls_tree_node *node = &p->nodes[id];
		if (id) {
			const struct calls_tree_node *parent = &p->nodes[node->parent];
			const bool divides =
				parent->child_count > 1 || p->nodes[parent->parent].child_count > 1;
			indents[id] = indents[node->parent] + (node->parent != 0 && divides);
			put_int(i, node->depth);
			put_int(i, indents[id]);
			put_int(i, node->function);
			put_sums(i, p, &node->sums);
			put_row(i);
		}
		for (uint32_t c = node->child_count; c-- > 0;)
			*vec_push(&open) = p->order[node->first_child + c];
	}
	vec_free(&open);
	free(indents);
}

static void write_edges(struct insert *i, const struct calls_profile *p)
{
	for (size_t at = 0; at < p->edge_count; at++) {
		const struct calls_edge *edge = &p->edges[at];
		if (edge->caller == CALLS_NO_CALLER)
			sqlite3_bind_null(i->row, ++i->column);
		else
			put_int(i, edge->caller);
		put_int(i, edge->callee);
		put_sums(i, p, &edge->sums);
		put_row(i);
	}
}

static void write_whole(struct insert *i, const struct calls_profile *p)
{
	struct calls_sums all = {0};
	double total_ns = calls_total(p, &p->nodes[0].sums), unknown_ns = 0;
	for (size_t at = 1; at < p->node_count; at++) {
		all.own_wall_ns += p->nodes[at].sums.own_wall_ns;
		all.own_cpu_ns += p->nodes[at].sums.own_cpu_ns;
		all.own_suspended_ns += p->nodes[at].sums.own_suspended_ns;
		const bool is_work = strcmp(p->functions[p->nodes[at].function].kind, "work") == 0;
		if (p->nodes[at].parent == 0)
			unknown_ns += calls_own(p, &p->nodes[at].sums);
		else if (is_work)
			total_ns += calls_total(p, &p->nodes[at].sums);
	}
	put_real(i, all.own_wall_ns);
	put_real(i, all.own_cpu_ns);
	put_real(i, calls_own(p, &all));
	put_int(i, p->in_units);
	put_real(i, total_ns);
	put_real(i, total_ns - unknown_ns);
	put_int(i, p->overlaps);
	put_row(i);
}

static enum err_kind write_table(sqlite3 *db, const char *table, int columns,
				 const struct calls_profile *p,
				 void (*write)(struct insert *, const struct calls_profile *),
				 struct err *e)
{
	struct insert i = {0};
	char *sql = sqlite3_mprintf("INSERT INTO temp.%s VALUES (?", table);
	for (int at = 1; at < columns; at++)
		sql = sqlite3_mprintf("%z, ?", sql);
	sql = sqlite3_mprintf("%z)", sql);
	enum err_kind kind = query_prepare(db, sql, &i.row, e);
	sqlite3_free(sql);
	if (kind == ERR_OK) {
		write(&i, p);
		kind = query_finish(db, i.row, e);
	}
	return kind;
}

enum err_kind calls_to_tables(sqlite3 *db, const struct calls_profile *p, struct err *e)
{
	TRY(query_script(db, tables, e));
	TRY(write_table(db, "calls_function", 6 + SUMS_COLUMNS, p, write_functions, e));
	TRY(write_table(db, "calls_tree", 3 + SUMS_COLUMNS, p, write_tree, e));
	TRY(write_table(db, "calls_edge", 2 + SUMS_COLUMNS, p, write_edges, e));
	return write_table(db, "calls_whole", 7, p, write_whole, e);
}

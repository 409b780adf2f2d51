/* The profile as temporary tables: what a view's SELECT reads. */
#include <math.h>
#include <stdio.h>

#include "base/vec.h"
#include "model/profile.h"
#include "model/query.h"

static const char tables[] =
	"DROP TABLE IF EXISTS temp.profile;"
	"DROP TABLE IF EXISTS temp.profile_function;"
	"DROP TABLE IF EXISTS temp.profile_line;"
	"DROP TABLE IF EXISTS temp.profile_node;"
	/* one row: sums of all, and the weight that shares are parts of */
	"CREATE TEMP TABLE profile(ticks, wall_ns, cpu_ns, weight, in_units, clock);"
	"CREATE TEMP TABLE profile_function(name, file, kind, line, own_ticks, own_wall_ns, "
	"own_cpu_ns, own_weight, ticks, wall_ns, cpu_ns, weight, python, holding, gil, native, "
	"runqueue, call, lock, sleep, states);"
	"CREATE TEMP TABLE profile_line(file, line, function, own_ticks, own_wall_ns, own_cpu_ns, "
	"own_weight, ticks, wall_ns, cpu_ns, weight);"
	/* in order of the tree: a node, then its children, largest first */
	"CREATE TEMP TABLE profile_node(depth, name, file, kind, line, own_ticks, own_wall_ns, "
	"own_cpu_ns, own_weight, ticks, wall_ns, cpu_ns, weight);";

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

static void put_sums(struct insert *i, const struct profile *p, const struct profile_sums *sums)
{
	put_int(i, sums->ticks);
	sqlite3_bind_double(i->row, ++i->column, sums->wall_ns);
	sqlite3_bind_double(i->row, ++i->column, sums->cpu_ns);
	sqlite3_bind_double(i->row, ++i->column, profile_weight(p, sums));
}

static void put_row(struct insert *i)
{
	i->failed = i->failed || sqlite3_step(i->row) != SQLITE_DONE;
	if (!i->failed)
		sqlite3_reset(i->row);
	i->column = 0;
}

/* "python 80 gil 20": per cent of its own wall time, those of 1 % or more, largest first. */
static void put_states(struct insert *i, const struct profile_function *f)
{
	char text[160] = "";
	size_t used = 0;
	double below = INFINITY;
	for (int n = 1; n < PROFILE_STATES; n++) {
		int most = 0;
		for (int state = 1; state < PROFILE_STATES; state++)
			if (f->state_ns[state] < below &&
			    f->state_ns[state] > (most ? f->state_ns[most] : 0))
				most = state;
		if (!most || f->state_ns[most] < 0.01 * f->own.wall_ns)
			break;
		below = f->state_ns[most];
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %.0f",
					 used ? " " : "", profile_state_names[most],
					 100 * below / f->own.wall_ns);
	}
	sqlite3_bind_text(i->row, ++i->column, text, -1, SQLITE_TRANSIENT);
}

static void write_functions(struct insert *i, const struct profile *p)
{
	for (size_t at = 0; at < p->function_count; at++) {
		const struct profile_function *f = &p->functions[at];
		if (f->total.ticks == 0 && profile_weight(p, &f->total) == 0)
			continue;
		put_text(i, f->name);
		put_text(i, f->file);
		put_text(i, f->kind);
		put_int(i, f->first_line);
		put_sums(i, p, &f->own);
		put_sums(i, p, &f->total);
		for (int state = 1; state < PROFILE_STATES; state++)
			sqlite3_bind_double(i->row, ++i->column, f->state_ns[state]);
		put_states(i, f);
		put_row(i);
	}
}

static void write_lines(struct insert *i, const struct profile *p)
{
	for (size_t at = 0; at < p->line_count; at++) {
		const struct profile_line *line = &p->lines[at];
		if (line->total.ticks == 0)
			continue;
		put_text(i, line->file);
		put_int(i, line->line);
		put_text(i, line->function);
		put_sums(i, p, &line->own);
		put_sums(i, p, &line->total);
		put_row(i);
	}
}

static void write_node(struct insert *i, const struct profile *p, uint32_t id)
{
	const struct profile_node *node = &p->nodes[id];
	const struct profile_function *f = &p->functions[node->function];
	put_int(i, node->depth);
	put_text(i, f->name);
	put_text(i, f->file);
	put_text(i, f->kind);
	put_int(i, f->first_line);
	put_sums(i, p, &node->own);
	put_sums(i, p, &node->total);
	put_row(i);
}

/* By hand and not by recursion: a tree may be as deep as stacks are. */
static void write_nodes(struct insert *i, const struct profile *p)
{
	VEC(uint32_t) open = {0};
	*vec_push(&open) = 0;
	while (open.count) {
		const uint32_t id = open.items[--open.count];
		const struct profile_node *node = &p->nodes[id];
		if (id)
			write_node(i, p, id);
		for (uint32_t c = node->child_count; c-- > 0;)
			*vec_push(&open) = p->order[node->first_child + c];
	}
	vec_free(&open);
}

static enum err_kind write_table(sqlite3 *db, const char *sql, const struct profile *p,
				 void (*write)(struct insert *, const struct profile *),
				 struct err *e)
{
	struct insert i = {0};
	TRY(query_prepare(db, sql, &i.row, e));
	write(&i, p);
	return query_finish(db, i.row, e);
}

static void write_whole(struct insert *i, const struct profile *p)
{
	put_sums(i, p, &p->nodes[0].total);
	put_int(i, p->in_units);
	put_text(i, profile_clock_names[p->clock]);
	put_row(i);
}

enum err_kind profile_to_tables(sqlite3 *db, const struct profile *p, struct err *e)
{
	TRY(query_script(db, tables, e));
	TRY(write_table(db, "INSERT INTO profile VALUES (?, ?, ?, ?, ?, ?)", p, write_whole, e));
	TRY(write_table(db,
			"INSERT INTO profile_function VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
			"?, ?, ?, ?, ?, ?, ?, ?, ?)",
			p, write_functions, e));
	TRY(write_table(db, "INSERT INTO profile_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", p,
			write_lines, e));
	return write_table(
		db, "INSERT INTO profile_node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", p,
		write_nodes, e);
}

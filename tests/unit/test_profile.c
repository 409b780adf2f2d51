/* Samples folded into a tree: own and total, recursion, application frames, filters,
 * and recordings that somebody else made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/str.h"
#include "model/profile.h"
#include "recording/sql.h"

#define MS 1000000

struct world {
	sqlite3 *db;
	struct arena *arena;
	struct profile profile;
};

/* main > handler > dumps > handler, main > wait; handler is the application's. */
static const char rows[] =
	"INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) "
	"VALUES "
	"(1, '/s/server.py', 'main', 1, 'server', 1, x''), (2, '/app.py', 'handler', 10, 'app', 1, "
	"x''), (3, '/l/json.py', 'dumps', 5, 'stdlib', 1, x''), (4, '/l/queue.py', 'wait', 7, "
	"'stdlib', 1, x'');"
	"INSERT INTO stack VALUES (1, 0, 1, 0, 3, 1, 0), (2, 1, 2, 0, 11, 2, 2), (3, 2, 3, 0, 6, "
	"3, "
	"2), (4, 3, 2, 0, 12, 4, 4), (5, 1, 4, 0, 8, 2, 0);"
	"INSERT INTO thread VALUES (1, 7, 100, 'MainThread'), (2, 7, 101, 'pool');"
	"INSERT INTO text VALUES (1, '/a'), (2, '/b');"
	"INSERT INTO sample_10s VALUES "
	"(0, 7, 1, 1, 1, 3, 'python', NULL, NULL, 1, 6, 0, 60000000, 60000000, 0),"
	"(1, 7, 1, 1, 1, 3, 'python', NULL, NULL, 1, 1, 0, 10000000, 10000000, 0),"
	"(0, 7, 1, 2, 1, 4, 'gil', NULL, NULL, 1, 2, 0, 20000000, 0, 0),"
	"(0, 7, 1, 2, 1, NULL, 'native', NULL, NULL, 1, 1, 0, 10000000, 10000000, 0),"
	"(0, 7, 2, NULL, 0, 5, 'lock', NULL, NULL, 1, 100, 0, 1000000000, 0, 0);";

static void run(sqlite3 *db, const char *sql)
{
	char *message = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
}

static int begin(void **state)
{
	static struct world w;
	w = (struct world){.arena = arena_new()};
	*state = &w;
	assert_int_equal(sqlite3_open(":memory:", &w.db), SQLITE_OK);
	run(w.db, sql_schema);
	run(w.db, sql_views);
	run(w.db, rows);
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;
	arena_free(w->arena);
	return sqlite3_close(w->db);
}

static void read_it(struct world *w, const struct profile_filter *filter)
{
	struct err e = {0};
	if (profile_read(w->db, filter, w->arena, &w->profile, &e) != ERR_OK)
		fail_msg("%s", e.text);
}

static const struct profile_function *function(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->profile.function_count; i++)
		if (!strcmp(w->profile.functions[i].name, name))
			return &w->profile.functions[i];
	fail_msg("no function %s", name);
	return NULL;
}

static const struct profile_line *line(const struct world *w, const char *file, int number)
{
	for (size_t i = 0; i < w->profile.line_count; i++)
		if (!strcmp(w->profile.lines[i].file, file) && w->profile.lines[i].line == number)
			return &w->profile.lines[i];
	fail_msg("no line %s:%d", file, number);
	return NULL;
}

/* "main(handler(dumps))" of what has weight. */
static void write_tree(const struct profile *p, uint32_t id, struct str *out)
{
	const struct profile_node *node = &p->nodes[id];
	if (id)
		str_add(out, p->functions[node->function].name);
	for (uint32_t c = 0; c < node->child_count; c++) {
		str_add(out, c ? " " : "(");
		write_tree(p, p->order[node->first_child + c], out);
	}
	if (node->child_count)
		str_add(out, ")");
}

static void assert_tree(const struct world *w, const char *wanted)
{
	struct str tree;
	str_init(&tree, 256);
	write_tree(&w->profile, 0, &tree);
	assert_string_equal(tree.text, wanted);
	str_free(&tree);
}

static void test_own_and_total_recursion_counts_once(void **state)
{
	struct world *w = *state;
	read_it(w, &(struct profile_filter){0});
	assert_true(w->profile.in_units);
	assert_int_equal(w->profile.clock, PROFILE_WALL);
	assert_int_equal(w->profile.nodes[0].total.wall_ns, 100 * MS);
	assert_int_equal(function(w, "dumps")->own.wall_ns, 70 * MS);
	assert_int_equal(function(w, "dumps")->own.ticks, 7);
	assert_int_equal(function(w, "dumps")->total.wall_ns, 90 * MS);
	assert_int_equal(function(w, "handler")->own.wall_ns, 20 * MS);
	assert_int_equal(function(w, "handler")->total.wall_ns, 90 * MS);
	assert_int_equal(function(w, "handler")->total.cpu_ns, 70 * MS);
	assert_int_equal(function(w, "handler")->state_ns[3], 20 * MS); /* gil */
	assert_int_equal(function(w, "main")->own.wall_ns, 0);
	assert_int_equal(function(w, "(no Python code)")->own.wall_ns, 10 * MS);
	assert_int_equal(line(w, "/app.py", 11)->total.wall_ns, 90 * MS);
	assert_int_equal(line(w, "/app.py", 11)->own.wall_ns, 0);
	assert_int_equal(line(w, "/app.py", 12)->own.wall_ns, 20 * MS);
	assert_tree(w, "(main(handler(dumps(handler))) (no Python code))");
}

/* What a library does is own time of the application frame that called it. */
static void test_application_frames_only(void **state)
{
	struct world *w = *state;
	read_it(w, &(struct profile_filter){.app_only = true, .all_time = true});
	assert_int_equal(function(w, "handler")->own.wall_ns, 90 * MS);
	assert_int_equal(line(w, "/app.py", 11)->own.wall_ns, 70 * MS);
	assert_int_equal(function(w, "(no application code)")->own.wall_ns, 1010 * MS);
	assert_int_equal(function(w, "dumps")->total.ticks, 0);
	assert_tree(w, "(handler(handler) (no application code))");
}

static void test_filters(void **state)
{
	static const struct {
		struct profile_filter filter;
		int64_t ticks;
	} cases[] = {
		{{.all_time = true}, 110},
		{{.route = "/b"}, 3},
		{{.route = "/nowhere"}, 0},
		{{.thread = "pool", .all_time = true}, 100},
		{{.thread = "101", .all_time = true}, 100},
		{{.thread = "pool' OR 1 --", .all_time = true}, 0},
		{{.state = 3}, 2},
		{{.state = 1, .route = "/a"}, 7},
	};
	struct world *w = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		read_it(w, &cases[i].filter);
		assert_int_equal(w->profile.nodes[0].total.ticks, cases[i].ticks);
	}
}

/* Without units there is no time of theirs to look at: idle threads would own it, so CPU. */
static void test_without_units_it_is_by_cpu(void **state)
{
	struct world *w = *state;
	run(w->db, "UPDATE sample_10s SET in_unit = 0");
	read_it(w, &(struct profile_filter){0});
	assert_false(w->profile.in_units);
	assert_int_equal(w->profile.clock, PROFILE_CPU);
	assert_int_equal(w->profile.nodes[0].total.ticks, 110);
	assert_tree(w, "(main(handler(dumps(handler)) wait) (no Python code))");
	read_it(w, &(struct profile_filter){.clock = PROFILE_WALL});
	assert_int_equal(w->profile.clock, PROFILE_WALL);
}

/* CPU that no look saw is part of the whole, of no frame, and nothing by the wall's clock. */
static void test_cpu_of_no_place(void **state)
{
	struct world *w = *state;
	struct err e = {0};
	run(w->db, "UPDATE sample_10s SET in_unit = 0;"
		   "INSERT INTO sample_10s VALUES (0, 7, 2, NULL, 0, NULL, 'unseen', NULL, NULL, "
		   "2, 0, 0, 0, 20000000, 0)");
	read_it(w, &(struct profile_filter){0});
	assert_true(w->profile.nodes[0].total.cpu_ns == 100 * MS);
	assert_tree(w, "(main(handler(dumps(handler)) wait) (CPU between looks, place not seen) "
		       "(no Python code))");
	const struct profile_function *f = function(w, "(CPU between looks, place not seen)");
	assert_true(f->own.cpu_ns == 20 * MS);
	assert_int_equal(profile_to_tables(w->db, &w->profile, &e), ERR_OK);
	run(w->db, "CREATE TEMP TABLE check1(n CHECK (n = 1)); INSERT INTO check1 SELECT count(*) "
		   "FROM profile_function WHERE name LIKE '%not seen%'");
	read_it(w, &(struct profile_filter){.clock = PROFILE_WALL});
	assert_int_equal(profile_to_tables(w->db, &w->profile, &e), ERR_OK);
	run(w->db, "CREATE TEMP TABLE check0(n CHECK (n = 0)); INSERT INTO check0 SELECT count(*) "
		   "FROM profile_function WHERE name LIKE '%not seen%'");
	read_it(w, &(struct profile_filter){.by_thread = true, .thread = "pool"});
	assert_tree(w, "(? pool((CPU between looks, place not seen) main(wait)))");
}

/* Frames that call themselves in a ring, unknown parents, codes and states, sums past their end. */
static void test_a_recording_of_somebody_elses_making(void **state)
{
	struct world *w = *state;
	run(w->db, "INSERT INTO stack VALUES (10, 11, 2, 0, 20, 1, 0), (11, 10, 3, 0, 21, 1, 0), "
		   "(12, 12, 2, 0, 22, 1, 0), (13, 999, 2, 0, 23, 1, 0), (14, 1, 77, 0, 24, 1, 0);"
		   "INSERT INTO sample_10s SELECT 0, 7, 1, 1, 1, id, 'what?', NULL, NULL, 9, "
		   "9223372036854775807, 0, 9223372036854775807, -5, 0 FROM stack WHERE id >= 10");
	read_it(w, &(struct profile_filter){0});
	assert_int_equal(w->profile.nodes[0].child_count, 3); /* main, handler, no Python code */
	assert_true(line(w, "/app.py", 23)->own.wall_ns > 9e18);
	struct err e = {0};
	assert_int_equal(profile_to_tables(w->db, &w->profile, &e), ERR_OK);
}

static void test_no_samples(void **state)
{
	struct world *w = *state;
	run(w->db, "DELETE FROM sample_10s; DELETE FROM stack; DELETE FROM code");
	read_it(w, &(struct profile_filter){0});
	assert_int_equal(w->profile.node_count, 1);
	assert_int_equal(w->profile.nodes[0].child_count, 0);
	struct err e = {0};
	assert_int_equal(profile_to_tables(w->db, &w->profile, &e), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_own_and_total_recursion_counts_once, begin,
						end),
		cmocka_unit_test_setup_teardown(test_application_frames_only, begin, end),
		cmocka_unit_test_setup_teardown(test_filters, begin, end),
		cmocka_unit_test_setup_teardown(test_without_units_it_is_by_cpu, begin, end),
		cmocka_unit_test_setup_teardown(test_a_recording_of_somebody_elses_making, begin,
						end),
		cmocka_unit_test_setup_teardown(test_cpu_of_no_place, begin, end),
		cmocka_unit_test_setup_teardown(test_no_samples, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Two recordings compared: routes, states, lines, and what cannot be compared. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/stats.h"
#include "model/query.h"
#include "model/recorded.h"
#include "recording/sql.h"

static sqlite3 *dbs[2];
static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	for (int side = 0; side < 2; side++)
		if (sqlite3_open(":memory:", &dbs[side]) ||
		    sqlite3_exec(dbs[side], sql_schema, NULL, NULL, NULL) ||
		    sqlite3_exec(dbs[side], sql_views, NULL, NULL, NULL))
			return -1;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	sqlite3_close(dbs[0]);
	sqlite3_close(dbs[1]);
	return 0;
}

static void run_sql(int side, const char *sql)
{
	struct err e = {0};
	if (query_script(dbs[side], sql, &e) != ERR_OK)
		print_message("%s\n", e.text);
	assert_int_equal(e.kind, ERR_OK);
}

/* `count` requests of a route, 10 ms apart: 2 ms Python and `db_us` in the database, both a little
 * different each time. */
static void add_requests(int side, int route, int count, int db_us)
{
	char sql[900];
	sqlite3_snprintf(
		sizeof sql, sql,
		"INSERT OR IGNORE INTO text VALUES (%d, '/route%d');"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d), "
		"t AS (SELECT i, 2000000 + i * 7919 %% 1000 * 400 AS python, "
		"  %d * (1000 + i * 104729 %% 100) AS db FROM n) "
		"INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, "
		"cpu_ns, db_ns) SELECT %d * 1000000 + i, 1, 'request', %d, 200, i * 10000000, "
		"python + db, python, db FROM t",
		route, route, count, db_us, route, route);
	run_sql(side, sql);
}

static enum err_kind compare_both(struct comparison *c, struct err *e)
{
	*c = (struct comparison){.sides = {{.name = "a.rec"}, {.name = "b.rec"}}};
	return recordings_compare(dbs, arena, c, e);
}

static const struct compare_row *metric(const struct comparison_metric *list, size_t count,
					enum run_metric which)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].metric == which)
			return &list[i].row;
	fail_msg("metric %d is missing", (int)which);
	return NULL;
}

static void test_where_the_difference_came_from(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	for (int side = 0; side < 2; side++) {
		add_requests(side, 1, 400, side ? 16000 : 2000);
		add_requests(side, 2, 40, 500);
	}
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_int_equal(c.basis, BASIS_PARTS);
	assert_string_equal(c.unit, "request");
	assert_int_equal(metric(c.metrics, c.metric_count, RUN_P50)->verdict, COMPARE_MORE);
	assert_int_equal(metric(c.metrics, c.metric_count, RUN_ERRORS)->verdict, COMPARE_SAME);
	assert_int_equal(c.state_count, 2);
	assert_int_equal(c.states[0].state, LEDGER_IO_DB);
	assert_int_equal(c.states[0].row.verdict, COMPARE_MORE);
	assert_true(c.states[0].row.change.mid > 12 && c.states[0].row.change.mid < 14);
	assert_int_equal(c.states[1].state, LEDGER_PYTHON);
	assert_int_equal(c.states[1].row.verdict, COMPARE_CANNOT_TELL);
	assert_int_equal(c.route_count, 2);
	assert_string_equal(c.routes[0].route, "/route1");
	assert_int_equal(c.routes[0].requests[1], 400);
	assert_int_equal(metric(c.routes[0].metrics, c.routes[0].metric_count, RUN_MEAN)->verdict,
			 COMPARE_MORE);
	/* 40 requests are no 20 stretches: an interval, no verdict */
	const struct compare_row *few =
		metric(c.routes[1].metrics, c.routes[1].metric_count, RUN_MEAN);
	assert_int_equal(few->verdict, COMPARE_CANNOT_TELL);
	assert_true(few->change.low <= 0 && few->change.high >= 0);
	assert_null(c.line_source);
}

/* What repeats of the same differ by is no difference, however sure its stretches are. */
static void test_two_recordings_are_one_run_each(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	for (int side = 0; side < 2; side++)
		add_requests(side, 1, 400, side ? 3000 : 2000);
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_int_equal(c.basis, BASIS_PARTS);
	for (size_t i = 0; i < c.metric_count; i++) {
		const struct compare_row *row = &c.metrics[i].row;
		assert_true(isnan(row->floor) && isnan(row->chance));
		assert_int_equal(row->verdict, c.metrics[i].metric == RUN_ERRORS
						       ? COMPARE_SAME
						       : COMPARE_CANNOT_TELL);
	}
	for (size_t i = 0; i < c.state_count; i++)
		assert_int_equal(c.states[i].row.verdict, COMPARE_CANNOT_TELL);
	assert_non_null(strstr(c.warnings[0], "one run each cannot show the noise between runs"));
}

static void test_a_route_of_one_side_only(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	add_requests(0, 1, 400, 2000);
	add_requests(1, 1, 400, 2000);
	add_requests(1, 3, 10, 2000);
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_int_equal(c.route_count, 2);
	assert_int_equal(c.routes[1].requests[0], 0);
	assert_int_equal(c.routes[1].requests[1], 10);
	assert_int_equal(c.routes[1].metric_count, 0);
}

static void test_no_route_in_common(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	add_requests(0, 1, 400, 2000);
	add_requests(1, 2, 400, 2000);
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_int_equal(c.route_count, 2);
	assert_non_null(strstr(c.warnings[0], "no route in common"));
	add_requests(1, 1, 10, 2000);
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_null(strstr(c.warnings[0], "no route in common"));
}

#define SAMPLES \
	"INSERT INTO meta VALUES ('cwd', '%s');" \
	"INSERT INTO code VALUES (1, '%s/app.py', 'view', 1, 'app', 1, x'')," \
	"  (2, '%s/app.py', 'same', 50, 'app', 1, x'');" \
	"INSERT INTO stack VALUES (1, 0, 1, 0, %d, 1, 1), (2, 0, 2, 0, 51, 1, 2);" \
	"INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 1, 'python', NULL, NULL, 1, %d, 0, " \
	"  %d * 5000000, 0, 0), (0, 1, 1, 1, 1, 2, 'python', NULL, NULL, 1, 100, 0, 500000000, " \
	"0, 0);" \
	"INSERT INTO unit_sample SELECT id, 1, start_ns, %d * 12500, 'python', 1, NULL FROM unit"

static void test_lines_that_moved(void **state)
{
	(void)state;
	static const char *const folders[] = {"/srv/old", "/srv/new"};
	struct comparison c;
	struct err e = {0};
	for (int side = 0; side < 2; side++) {
		char sql[900];
		const int ticks = side ? 400 : 200;
		add_requests(side, 1, 400, 2000);
		sqlite3_snprintf(sizeof sql, sql, SAMPLES, folders[side], folders[side],
				 folders[side], side ? 9 : 7, ticks, ticks, ticks);
		run_sql(side, sql);
	}
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_string_equal(c.line_source, "samples");
	assert_int_equal(c.line_count, 1); /* the other function did not change */
	assert_string_equal(c.lines[0].file, "app.py");
	assert_string_equal(c.lines[0].function, "view");
	assert_int_equal(c.lines[0].line[0], 7);
	assert_int_equal(c.lines[0].line[1], 9);
	assert_true(fabs(c.lines[0].ms[1] - 5) < 1e-9); /* 400 · 5 ms / 400 requests */
	assert_true(c.lines[0].error_ms > 0.5 && c.lines[0].error_ms < 1);
}

/* Without samples, by calls: of those that lasted what each request took, of all the sums. */
static void test_lines_by_calls(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	for (int side = 0; side < 2; side++) {
		char sql[1500];
		add_requests(side, 1, 400, 2000);
		sqlite3_snprintf(
			sizeof sql, sql,
			"INSERT INTO code VALUES (1, '/srv/app.py', 'slow', 1, 'app', 1, x''),"
			"  (2, '/srv/app.py', 'same', 50, 'app', 1, x'');"
			"INSERT INTO stack VALUES (1, 0, 1, 0, 3, 1, 1), (2, 0, 2, 0, 51, 1, 2);"
			"INSERT INTO event SELECT start_ns, %d * (900000 + id %% 200 * 1000), id, "
			"1, "
			"  'recv', 1, NULL, NULL, 0, 0, 0, 0, 1, 0, 1 FROM unit;"
			"INSERT INTO event SELECT start_ns, 900000 + id * %d %% 200 * 1000, id, 1, "
			"  'recv', 2, NULL, NULL, 0, 0, 0, 0, 1, 0, 1 FROM unit;"
			"INSERT INTO usage_10s SELECT 0, 1, 'recv', stack_id, NULL, NULL, 0, 0, "
			"400, "
			"  400, 0, sum(dur_ns), 0, max(dur_ns), 0, 0, 0 FROM event GROUP BY "
			"stack_id",
			1 + side, 7 + side);
		run_sql(side, sql);
	}
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_string_equal(c.line_source, "calls");
	assert_int_equal(c.line_count, 1);
	assert_string_equal(c.lines[0].function, "slow");
	assert_true(fabs(c.lines[0].ms[1] - 2 * c.lines[0].ms[0]) < 1e-9);
	assert_true(c.lines[0].error_ms > 0 && c.lines[0].error_ms < 0.5);
}

/* All files have other names in B: `view` is one row by its name, which of the twins is which is
 * not known. */
static void test_a_file_that_was_renamed(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	for (int side = 0; side < 2; side++) {
		const char *name = side ? "fixed" : "app";
		const int ticks = side ? 400 : 200;
		char sql[1200];
		add_requests(side, 1, 400, 2000);
		sqlite3_snprintf(
			sizeof sql, sql,
			"INSERT INTO meta VALUES ('cwd', '/srv');"
			"INSERT INTO code VALUES (1, '/srv/%s.py', 'view', 1, 'app', 1, x''),"
			"  (2, '/srv/%s_1.py', 'twin', 50, 'app', 1, x''),"
			"  (3, '/srv/%s_2.py', 'twin', 50, 'app', 1, x'');"
			"INSERT INTO stack VALUES (1, 0, 1, 0, %d, 1, 1), (2, 0, 2, 0, 51, 1, 2), "
			"  (3, 0, 3, 0, 51, 1, 3);"
			"INSERT INTO sample_10s VALUES "
			"  (0, 1, 1, 1, 1, 1, 'python', NULL, NULL, 1, %d, 0, %d * 5000000, 0, 0), "
			"  (0, 1, 1, 1, 1, 2, 'python', NULL, NULL, 1, 100, 0, 500000000, 0, 0), "
			"  (0, 1, 1, 1, 1, 3, 'python', NULL, NULL, 1, 100, 0, 500000000, 0, 0);"
			"INSERT INTO unit_sample SELECT id, 1, start_ns, %d * 12500, 'python', 1, "
			"NULL FROM unit",
			name, name, name, side ? 11 : 15, ticks, ticks, ticks);
		run_sql(side, sql);
	}
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_int_equal(c.line_count, 5);
	const struct comparison_line *view = NULL;
	for (size_t i = 0; i < c.line_count; i++)
		if (strcmp(c.lines[i].function, "view") == 0) {
			assert_null(view);
			view = &c.lines[i];
		} else {
			assert_null(c.lines[i].file_b);
		}
	assert_non_null(view);
	assert_string_equal(view->file, "app.py");
	assert_string_equal(view->file_b, "fixed.py");
	assert_int_equal(view->line[0], 15);
	assert_int_equal(view->line[1], 11);
	assert_true(fabs(view->ms[0] - 2.5) < 1e-9 && fabs(view->ms[1] - 5) < 1e-9);
}

/* --- long requests: ticks of one are not independent --- */

enum { LONG_FUNCTIONS = 6 };

/* A quarter of them says the same with less certainty, and `make test` runs often. */
static int long_pairs = 40;

static uint64_t random_state;

static double uniform(void)
{
	return ((double)(stats_random(&random_state) >> 11) + 0.5) / 0x1p53;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* `count` requests of 2 s or so, sampled each 5 ms. What a function takes in one varies from
 * request to request, and along the run with its neighbours; function 1 takes `factor` times as
 * much. `slots`: sums over 10 s only, not what each request took. */
static void add_long_requests(int side, int count, double factor, bool slots)
{
	sqlite3_stmt *unit, *sample, *sum;
	const char *const statements[] = {
		"INSERT INTO unit(id, process_id, kind, status, start_ns, wall_ns) "
		"VALUES (?1, 1, 'request', 200, ?1 * 2000000000, ?2)",
		"INSERT INTO unit_sample VALUES (?1, 1, ?1 * 2000000000, ?3 * 5000000, 'python', "
		"?2, NULL)",
		"INSERT INTO sample_10s VALUES (?1 / 5, 1, 1, NULL, 1, ?2, 'python', NULL, NULL, "
		"1, ?3, 0, ?3 * 5000000, 0, 0)"};
	sqlite3_stmt **const prepared[] = {&unit, &sample, &sum};
	double drift = normal();
	run_sql(side, "BEGIN; DELETE FROM unit; DELETE FROM unit_sample; DELETE FROM sample_10s; "
		      "DELETE FROM code; DELETE FROM stack;"
		      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) "
		      "INSERT INTO code SELECT i, '/srv/app.py', 'f' || i, 1, 'app', 1, x'' FROM n;"
		      "INSERT INTO stack SELECT id, 0, id, 0, id * 10, 1, id FROM code");
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			sqlite3_prepare_v2(dbs[side], statements[i], -1, prepared[i], NULL),
			SQLITE_OK);
	for (int u = 1; u <= count; u++) {
		int all = 0;
		for (int f = 1; f <= LONG_FUNCTIONS; f++) {
			const double ticks =
				70 * exp(0.4 * normal() + 0.2 * drift) * (f == 1 ? factor : 1);
			sqlite3_stmt *const rows[] = {sum, slots ? NULL : sample};
			all += (int)ticks;
			for (int i = 0; i < 2 && rows[i]; i++) {
				sqlite3_bind_int(rows[i], 1, u);
				sqlite3_bind_int(rows[i], 2, f);
				sqlite3_bind_int(rows[i], 3, (int)ticks);
				assert_int_equal(sqlite3_step(rows[i]), SQLITE_DONE);
				sqlite3_reset(rows[i]);
			}
		}
		drift = 0.5 * drift + 0.86 * normal();
		sqlite3_bind_int(unit, 1, u);
		sqlite3_bind_int64(unit, 2, (sqlite3_int64)all * 5000000);
		assert_int_equal(sqlite3_step(unit), SQLITE_DONE);
		sqlite3_reset(unit);
	}
	for (int i = 0; i < 3; i++)
		sqlite3_finalize(*prepared[i]);
	run_sql(side, "COMMIT");
}

/* How many of long_pairs comparisons named a function, and how many f1 as it should be. */
static void name_often(int count, double factor, bool slots, int *named, int *right)
{
	*named = *right = 0;
	random_state = 17;
	for (int pair = 0; pair < long_pairs; pair++) {
		struct comparison c;
		struct err e = {0};
		add_long_requests(0, count, 1, slots);
		add_long_requests(1, count, factor, slots);
		assert_int_equal(compare_both(&c, &e), ERR_OK);
		assert_string_equal(c.line_source, "samples");
		*named += c.line_count > 0;
		*right += c.line_count == 1 && strcmp(c.lines[0].function, "f1") == 0 &&
			  (c.lines[0].ms[1] > c.lines[0].ms[0]) == (factor > 1);
	}
	print_message("%d requests, x %.2f%s: %d of %d named, %d right\n", count, factor,
		      slots ? ", by time" : "", *named, long_pairs, *right);
}

static void test_lines_of_long_requests_that_did_not_change(void **state)
{
	(void)state;
	int named, right;
	name_often(60, 1, false, &named, &right);
	assert_true(named <= 1);
	name_often(300, 1, false, &named, &right);
	assert_true(named <= 1);
	name_often(300, 1, true, &named, &right);
	assert_true(named <= 1);
}

static void test_a_line_of_long_requests_that_changed(void **state)
{
	(void)state;
	int named, right;
	name_often(700, 1.2, false, &named, &right);
	assert_true(named >= long_pairs * 9 / 10 && right >= long_pairs * 9 / 10);
	name_often(500, 0.8, false, &named, &right);
	assert_true(named >= long_pairs * 9 / 10 && right >= long_pairs * 9 / 10);
	name_often(500, 1.5, true, &named, &right);
	assert_true(named >= long_pairs * 9 / 10);
}

/* Too few to tell: not even a factor of three is named. */
static void test_lines_of_three_long_requests(void **state)
{
	(void)state;
	int named, right;
	name_often(3, 3, false, &named, &right);
	assert_int_equal(named, 0);
}

static void test_what_cannot_be_compared(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	add_requests(0, 1, 400, 2000);
	assert_int_equal(compare_both(&c, &e), ERR_RECORDING);
	assert_non_null(strstr(e.text, "b.rec holds no request"));
	run_sql(1, "INSERT INTO unit(id, process_id, kind, start_ns, wall_ns) "
		   "VALUES (1, 1, 'job', 0, 1000)");
	assert_int_equal(compare_both(&c, &e), ERR_RECORDING);
	assert_non_null(strstr(e.text, "of kind job"));
}

static void test_a_single_request_each(void **state)
{
	(void)state;
	struct comparison c;
	struct err e = {0};
	add_requests(0, 1, 1, 2000);
	add_requests(1, 1, 1, 3000);
	assert_int_equal(compare_both(&c, &e), ERR_OK);
	assert_int_equal(c.basis, BASIS_NONE);
	for (size_t i = 0; i < c.metric_count; i++)
		assert_int_equal(c.metrics[i].row.verdict, COMPARE_CANNOT_TELL);
	assert_int_equal(c.states[0].row.verdict, COMPARE_CANNOT_TELL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	if (!getenv("UNSLOW_TEST_ALL"))
		long_pairs /= 4;
	const struct CMUnitTest tests[] = {
		TEST(test_where_the_difference_came_from),
		TEST(test_two_recordings_are_one_run_each),
		TEST(test_a_route_of_one_side_only),
		TEST(test_no_route_in_common),
		TEST(test_lines_that_moved),
		TEST(test_lines_by_calls),
		TEST(test_a_file_that_was_renamed),
		TEST(test_lines_of_long_requests_that_did_not_change),
		TEST(test_a_line_of_long_requests_that_changed),
		TEST(test_lines_of_three_long_requests),
		TEST(test_what_cannot_be_compared),
		TEST(test_a_single_request_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Single calls of chosen functions, from rows: how long they took, what is inside. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "recording/sql.h"
#include "view/call_times.h"

#define MS "000000"

/* work(): 100 calls in two threads of two processes, 10 of them inside another, 90 ms running and
 * 45 ms suspended; below it samples of encode() and of itself. once() was never called to its end.
 */
static const char rows[] =
	"INSERT INTO process VALUES (7, 1, 0, 0, NULL, '3.12.1', 'on', NULL, 0, 0), "
	"(8, 2, 0, 0, NULL, '3.12.1', 'on', NULL, 0, 0);"
	"INSERT INTO thread VALUES (1, 7, 100, 'MainThread'), (2, 8, 101, 'MainThread');"
	"INSERT INTO code VALUES (1, '/srv/app.py', 'work', 4, 'app', 1, x''), "
	"(2, '/usr/lib/json.py', 'encode', 9, 'stdlib', 1, x''), "
	"(3, '/srv/app.py', 'once', 20, 'app', 1, x''), (4, '/srv/app.py', 'main', 1, 'app', 1, "
	"x'');"
	"INSERT INTO call_process VALUES (7, 'monitoring', 'none', NULL, NULL, 5, 'app:*', NULL, "
	"'tsc', "
	"'rseq', 1, NULL, 1, 220, 0, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0"
	", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);"
	"INSERT INTO call_node(id, parent_id, process_id, thread_id, kind, code_id, calls, "
	"resumes, "
	"raised, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, ready_ns, "
	"folded, "
	"demoted, open, least_ns, most_ns) VALUES "
	"(1, 0, 7, 1, 1, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL), "
	"(2, 1, 7, 1, 2, 1, 60, 0, 3, 60" MS ", 54" MS ", 60" MS ", 54" MS ", 40" MS ", 5" MS
	", 0, 0, 0, 500000, 3" MS "), "
	"(3, 2, 7, 1, 2, 1, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 400000, 2" MS "), "
	"(4, 1, 8, 2, 2, 1, 30, 0, 0, 30" MS ", 27" MS ", 30" MS ", 27" MS
	", 0, 0, 0, 0, 1, 450000, 2" MS "), "
	"(5, 1, 7, 1, 2, 3, 1, 0, 0, 7" MS ", 7" MS ", 7" MS ", 7" MS
	", 0, 0, 0, 0, 1, NULL, NULL);"
	"INSERT INTO call_histogram VALUES (2, 983040, 50, 60), (2, 2883584, 10, 0), "
	"(3, 983040, 10, 10), (4, 458752, 30, 30);"
	"INSERT INTO stack VALUES (1, 0, 4, 0, 1, 1, 1), (2, 1, 1, 0, 5, 2, 2), (3, 2, 2, 0, 10, "
	"3, 2), "
	"(4, 2, 1, 0, 5, 3, 4), (5, 1, 2, 0, 10, 2, 1);"
	"INSERT INTO sample_10s VALUES (1, 7, 1, NULL, 0, 3, 'python', NULL, NULL, 1, 60, 0, 600" MS
	", 600" MS ", 0), (1, 7, 1, NULL, 0, 4, 'python', NULL, NULL, 1, 40, 0, 400" MS ", 400" MS
	", 0), (1, 7, 1, NULL, 0, 5, 'python', NULL, NULL, 1, 900, 0, 9000" MS ", 9000" MS ", 0);";

static struct arena *arena;
static sqlite3 *db;

static int make(void **state)
{
	(void)state;
	char *message = NULL;
	const char *const parts[] = {sql_schema, sql_views, rows};
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (sqlite3_exec(db, parts[i], NULL, NULL, &message) != SQLITE_OK)
			fail_msg("%s", message);
	arena = arena_new();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	arena_free(arena);
	sqlite3_close(db);
	return 0;
}

static struct call_times read(void)
{
	struct call_times times;
	struct err e = {0};
	if (call_times_read(db, arena, &times, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return times;
}

static void test_quantiles(void **state)
{
	(void)state;
	static const uint64_t at[] = {100, 1024, 2048}, calls[] = {50, 40, 10};
	assert_float_equal(call_times_quantile(at, calls, 3, 0.5), 104, 0.01);
	assert_float_equal(call_times_quantile(at, calls, 3, 0.9), 1088, 0.01);
	assert_float_equal(call_times_quantile(at, calls, 3, 0.95), 2048 + 64, 0.01);
	assert_float_equal(call_times_quantile(at, calls, 3, 1), 2048 + 128, 0.01);
	assert_true(isnan(call_times_quantile(at, (uint64_t[]){0, 0, 0}, 3, 0.5)));
	assert_true(isnan(call_times_quantile(NULL, NULL, 0, 0.5)));
}

static void test_calls_of_all_threads_are_one_distribution(void **state)
{
	(void)state;
	const struct call_times times = read();
	assert_int_equal(times.count, 2);
	const struct call_times_function *work = &times.functions[0];
	assert_string_equal(work->function->name, "work");
	assert_true(work->function->sums.calls == 100 && work->function->sums.primitive == 90);
	assert_int_equal(work->timed, 100);
	assert_int_equal(work->threads, 2);
	assert_int_equal(work->processes, 2);
	assert_true(work->least == 400000 && work->most == 3e6);
	assert_float_equal(call_times_mean_wall(work), 1.5e6, 1);
	assert_in_range((uint64_t)work->wall.p50, 983040, 1048576);
	assert_in_range((uint64_t)work->wall.p99, 2883584, 3000000); /* never beyond the longest */
	assert_in_range((uint64_t)work->cpu.p99, 983040, 1048576);
	/* under way all the time: counted, but not timed */
	const struct call_times_function *once = &times.functions[1];
	assert_int_equal(once->timed, 0);
	assert_true(isnan(once->wall.p50) && isnan(once->least));
}

static void test_inside_is_what_samples_saw_below(void **state)
{
	(void)state;
	const struct call_times times = read();
	const struct call_times_function *work = &times.functions[0];
	assert_int_equal(work->looks, 100);
	assert_int_equal(work->inside_count, 2);
	assert_string_equal(work->inside[0].name, "encode");
	assert_float_equal(work->inside[0].share, 0.6, 1e-9);
	assert_string_equal(work->inside[1].name, "work");
	assert_int_equal(times.functions[1].looks, 0);
}

static void test_text(void **state)
{
	(void)state;
	const struct call_times times = read();
	char *text = NULL;
	size_t size = 0;
	struct err e = {0};
	FILE *out = open_memstream(&text, &size);
	assert_int_equal(view_call_times_text(db, &times, out, false, 100, &e), ERR_OK);
	fclose(out);
	static const char *const parts[] = {
		"calls counted by sys.monitoring, of app:* alone: 220 events",
		"work()  /srv/app.py:4\n  100 calls, 10 of them inside another, 3 ended by "
		"exceptions, "
		"1 under way at the end; 2 threads; 2 processes\n",
		"mean       p50       p90       p99  shortest   longest\n  wall     1.50 ms",
		"of the mean 1.00 ms running, 444 µs waiting, 55.6 µs ready while the loop ran "
		"other "
		"code\n",
		("inside, by 100 samples:\n   60.0 %  encode  lib/json.py:9\n   40.0 %  work  "
		 "srv/app.py:4\n"),
		"once()  /srv/app.py:20\n  1 call, 1 under way at the end\n",
		"inside: no sample was taken in it\n",
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strstr(text, parts[i]))
			fail_msg("no '%s' in:\n%s", parts[i], text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantiles),
		cmocka_unit_test_setup_teardown(test_calls_of_all_threads_are_one_distribution,
						make, clear),
		cmocka_unit_test_setup_teardown(test_inside_is_what_samples_saw_below, make, clear),
		cmocka_unit_test_setup_teardown(test_text, make, clear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

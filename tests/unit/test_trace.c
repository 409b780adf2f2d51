/* One request in time, and the slowest ones as their client saw them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "recording/sql.h"
#include "view/view.h"

/* Two requests: the first is the slower one on the server, the second to its client. */
static const char rows[] =
	"INSERT INTO meta VALUES ('started_ns', 0), ('ended_ns', 10000000000);"
	"INSERT INTO text VALUES (1, '/db'), (2, 'GET'), (3, 'SELECT 1'), (4, 'app.Error');"
	"INSERT INTO code VALUES (1, '/srv/app.py', 'view', 1, 'app', 1, x'');"
	"INSERT INTO stack VALUES (1, 0, 1, 0, 12, 1, 1), (2, 0, 1, 0, 30, 1, 2);"
	"INSERT INTO handle(id, process_id, kind, peer_kind, peer) "
	"VALUES (1, 2, 'socket', 'postgresql', '127.0.0.1:5432');"
	"INSERT INTO unit(id, process_id, kind, route_id, method_id, status, start_ns, wall_ns, "
	"cpu_ns, trace) VALUES "
	"(2199023255553, 2, 'request', 1, 2, 200, 1000000000, 9000000, 9000000, NULL), "
	"(2199023255554, 2, 'request', 1, 2, 500, 2000000000, 8000000, 5000000, "
	"x'0000000000000000000000000000abcd');"
	"INSERT INTO client_request VALUES (x'0000000000000000000000000000abcd', 1995000000, "
	"1996000000, 2009000000, 500, 'status');"
	"INSERT INTO event VALUES (2001000000, 2000000, 2199023255554, 1, 'recv', 1, 1, NULL, 10, "
	"0, 0, 0, 0, 0, 1), (2001500000, 100000, 2199023255554, 1, 'send', 1, 1, NULL, 10, 0, 0, "
	"1, 0, 0, 1);"
	"INSERT INTO statement VALUES (2000900000, 2200000, 2199023255554, 1, 1, 3, 7, 0, 1, 0, "
	"10, "
	"1, 0);"
	"INSERT INTO exception VALUES (2007000000, 2199023255554, 4, 2);"
	"INSERT INTO unit_sample VALUES "
	"(2199023255554, 1, 2001700000, 5000000, 'call', 1, NULL), " /* the recv shows it */
	"(2199023255554, 1, 2004000000, 5000000, 'gil', 2, 1), "
	"(2199023255553, 1, 1001000000, 5000000, 'python', 1, NULL);";

static const char *more = ""; /* SQL after these rows */

static char *show(const char *view, struct view_options options, enum err_kind wanted)
{
	static struct err e;
	char *text = NULL, *message = NULL;
	size_t size = 0;
	sqlite3 *db;
	const char *const parts[] = {sql_schema, sql_views, rows, more};
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (sqlite3_exec(db, parts[i], NULL, NULL, &message) != SQLITE_OK)
			fail_msg("%s", message);
	FILE *out = open_memstream(&text, &size);
	options.width = 120;
	const enum err_kind kind = view_show(db, view, &options, out, &e);
	if (kind != wanted)
		fail_msg("%s: %d, %s", view, (int)kind, e.text);
	fclose(out);
	sqlite3_close(db);
	return text;
}

static void assert_table(const char *text, const char *wanted)
{
	const char *at = strstr(text, "\n\n");
	assert_non_null(at);
	assert_string_equal(at + 2, wanted);
}

static const char second[] =
	"at ms  took ms  what       where         detail\n"
	"-5.00     1.00  client                   due, not sent: its connection was not open or "
	"not free, or the client woke late\n"
	"-4.00     4.00  client                   sent, not begun: network, accept queue, no free "
	"worker\n"
	" 0.00     8.00  request                  GET /db  500\n"
	" 0.90     2.20  statement  view  app.py:12  SELECT 1\n"
	" 1.00     2.00  recv       view  app.py:12  127.0.0.1:5432\n"
	" 4.00     5.00  gil        view  app.py:30  held by view  app.py:12\n"
	" 7.00        -  exception  view  app.py:30  app.Error\n"
	" 8.00     1.00  client                   answered, not yet read\n";

/* Columns of blanks differ with the widest cell; what counts is what stands in them. */
static void assert_words(const char *text, const char *wanted)
{
	const char *at = strstr(text, "\n\n");
	assert_non_null(at);
	for (at += 2; *at || *wanted; at++, wanted++) {
		if (*at == ' ' && *wanted == ' ') {
			at += strspn(at, " ") - 1;
			wanted += strspn(wanted, " ") - 1;
		} else if (*at != *wanted) {
			fail_msg("came:\n%s\nwanted from here:\n%s", at, wanted);
		}
	}
}

static void test_the_slowest_is_the_clients(void **state)
{
	(void)state;
	char *text = show("trace", (struct view_options){0}, ERR_OK);
	assert_words(text, second);
	free(text);
}

static void test_a_request_by_name_and_by_trace(void **state)
{
	(void)state;
	char *text = show("trace", (struct view_options){.request = "2.2"}, ERR_OK);
	assert_words(text, second);
	free(text);
	text = show("trace", (struct view_options){.request = "0000000000000000000000000000abcd"},
		    ERR_OK);
	assert_words(text, second);
	free(text);
	text = show("trace", (struct view_options){.request = "2.1"}, ERR_OK);
	assert_words(text, "at ms  took ms  what     where         detail\n"
			   " 0.00     9.00  request                GET /db  200\n"
			   " 1.00     5.00  python   view  app.py:12\n");
	free(text);
}

static void test_what_names_no_request(void **state)
{
	static const char *const names[] = {
		"2.3", "3.1", "", "2", "2.1x", "x.1", "0000000000000000000000000000abce"};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		free(show("trace", (struct view_options){.request = names[i]}, ERR_USAGE));
	free(show("sql", (struct view_options){.request = "2.1"}, ERR_USAGE));
}

static void test_the_slowest_is_as_its_client_saw_it(void **state)
{
	(void)state;
	char *text = show("requests", (struct view_options){.slowest = true, .limit = 1}, ERR_OK);
	assert_table(text, "request  route    at s  status  client ms  late ms  before ms  after ms"
			   "  wall ms  python ms  database ms  io ms  waits ms  unexplained ms"
			   "  connects  statements  error\n"
			   "2.2      GET /db  1.00     500       14.0     1.00       4.00      1.00"
			   "     8.00       5.00         0.00   0.00      0.00            3.00"
			   "         0           0\n");
	free(text);
}

/* More was measured than passed: no part is below zero, and how much more has its column. */
static void test_what_was_measured_beyond_is_told_apart(void **state)
{
	(void)state;
	more = "UPDATE unit SET cpu_ns = 20000000 WHERE id = 2199023255553;";
	char *text = show("requests", (struct view_options){.slowest = true}, ERR_OK);
	assert_non_null(strstr(text, "unexplained ms  beyond ms  connects"));
	assert_non_null(strstr(text, "3.00       0.00         0           0\n"));
	assert_non_null(strstr(text, "0.00       11.0         0           0\n"));
	assert_null(strstr(strstr(text, "\n\n"), "-11"));
	free(text);
	text = show("requests", (struct view_options){0}, ERR_OK);
	assert_non_null(strstr(text, "0.00       4.00      0.00        0.00\n"));
	assert_null(strstr(strstr(text, "\n\n"), "-4.00"));
	free(text);
	more = "";
	text = show("requests", (struct view_options){0}, ERR_OK);
	assert_null(strstr(text, "beyond ms"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_slowest_is_the_clients),
		cmocka_unit_test(test_a_request_by_name_and_by_trace),
		cmocka_unit_test(test_what_names_no_request),
		cmocka_unit_test(test_the_slowest_is_as_its_client_saw_it),
		cmocka_unit_test(test_what_was_measured_beyond_is_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

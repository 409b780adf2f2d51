#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "rules/sql_functions.h"

/* The value of an expression as text, "NULL" for none. */
static void check(const char *expression, const char *expected)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	struct err e = {0};
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sql_functions_register(db, &e), ERR_OK);
	char *sql = sqlite3_mprintf("SELECT coalesce(%s, 'NULL')", expression);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected);
	sqlite3_finalize(statement);
	sqlite3_free(sql);
	sqlite3_close(db);
}

static void words_for_people(void **state)
{
	(void)state;
	check("counted(1, 'request')", "1 request");
	check("counted(0, 'request')", "0 requests");
	check("counted(4294967296, 'text')", "4294967296 texts");
	check("counted(NULL, 'request')", "NULL");
	check("counted(1, NULL)", "NULL");
	check("ms(420000)", "0.42 ms");
	check("ms(3100000000)", "3100 ms");
	check("ms(31000000000)", "31.0 s");
	check("ms(NULL)", "NULL");
}

static void names_of_paths(void **state)
{
	(void)state;
	check("base_name('/srv/app.py')", "app.py");
	check("base_name('app.py')", "app.py");
	check("base_name(NULL)", "NULL");
	check("package_of('/v/site-packages/sqlalchemy/pool.py')", "sqlalchemy");
	check("package_of('/usr/lib/python3/dist-packages/six.py')", "six");
	check("package_of('/srv/app.py')", "NULL");
}

static void versions_in_order(void **state)
{
	(void)state;
	check("version_key('3.9.5') < version_key('3.10.0')", "1");
	check("version_key('3.10') = version_key('3.10.0')", "1");
	check("version_key('v2.0') = version_key('2.0')", "1");
	check("version_key('1.0.dev3') < version_key('1.0a1')", "1");
	check("version_key('1.0a2') < version_key('1.0b1')", "1");
	check("version_key('1.0.0rc1') < version_key('1.0')", "1");
	check("version_key('1.0') < version_key('1.0.post1')", "1");
	check("version_key('1.0.post9') < version_key('1.0.1')", "1");
	check("version_key('2.1.0+cu121') = version_key('2.1.0')", "1");
	check("length(version_key('99999999999999999999.1')) = length(version_key('1'))", "1");
	check("version_key('unknown')", "NULL");
	check("version_key(NULL)", "NULL");
}

/* 50 of 100 are 41.9 to 58.1 % (90 %): alone, beside an error as large, and beside a larger one. */
static void errors_that_are_independent(void **state)
{
	(void)state;
	check("round(spread_low(50, 100, 1), 2)", "0.84");
	check("round(spread_high(50, 100, 1), 2)", "1.16");
	check("round(spread_low(50, 100, 0.84), 2)", "0.78");
	check("round(spread_high(50, 100, 1.5), 2)", "1.54");
	check("spread_low(50, 100, 0.84) > 0.84 * 0.84", "1");
	check("spread_low(0, 100, 0.84)", "NULL");
	check("spread_low(50, 0, 0.84)", "NULL");
	check("spread_low(50, 100, 0)", "NULL");
}

static void aggregates_leave_out_null(void **state)
{
	(void)state;
	check("(SELECT median(column1) FROM (VALUES (3), (NULL), (1), (2)))", "2.0");
	check("(SELECT percentile(column1, 0.25) FROM (VALUES (0), (4)))", "1.0");
	check("(SELECT slope(column1, column2) FROM (VALUES (0, 1), (1, 3), (NULL, 9), (2, 5)))",
	      "2.0");
	check("(SELECT median(column1) FROM (VALUES (NULL)))", "NULL");
	check("(SELECT median(column1) FROM (VALUES (1)) WHERE column1 > 1)", "NULL");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_for_people),
		cmocka_unit_test(names_of_paths),
		cmocka_unit_test(versions_in_order),
		cmocka_unit_test(errors_that_are_independent),
		cmocka_unit_test(aggregates_leave_out_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

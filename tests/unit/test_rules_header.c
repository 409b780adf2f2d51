#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/catalogue.h"

#define BEFORE "-- id: a-cause\n-- group: db\n-- needs: v1_unit\n-- excludes: b-cause, c-cause\n"
#define AFTER "-- saving: S1\n-- fix: do\n--   this\n-- doc: docs/causes/a-cause.md\n"

static void whole_header(void **state)
{
	struct rule r;
	struct err e = {0};
	assert_int_equal(rule_parse("a.sql",
				    BEFORE "-- floor: 0.05\n-- level: likely\n" AFTER
					   "-- list: will-fail\n-- units: 3\nSELECT 1",
				    *state, &r, &e),
			 ERR_OK);
	assert_string_equal(r.id, "a-cause");
	assert_int_equal(r.exclude_count, 2);
	assert_string_equal(r.excludes[1], "c-cause");
	assert_true(r.floor > 0.049 && r.floor < 0.051);
	assert_int_equal(r.level, CONFIDENCE_LIKELY);
	assert_string_equal(r.fix, "do this");
	assert_true(r.will_fail);
	assert_int_equal((int)r.units, 3);
	assert_string_equal(r.sql, "SELECT 1");
}

static void refused(void **state, const char *text, const char *says)
{
	struct rule r;
	struct err e = {0};
	assert_int_equal(rule_parse("a.sql", text, *state, &r, &e), ERR_INVALID);
	assert_non_null(strstr(e.text, says));
	assert_non_null(strstr(e.text, "a.sql"));
}

static void errors_name_file_line_and_key(void **state)
{
	refused(state, BEFORE "-- level: likely\n-- floor: 0.05\n" AFTER "SELECT 1", "a.sql:6");
	refused(state, BEFORE "-- floor: 0.05\n" AFTER "SELECT 1", "level");
	refused(state, BEFORE "-- floor: much\n-- level: likely\n" AFTER "SELECT 1", "floor: much");
	refused(state, BEFORE "-- floor: 0.05\n-- level: sure\n" AFTER "SELECT 1", "proven");
	refused(state, BEFORE "-- colour: red\n", "colour");
	refused(state, "", "id");
}

static void built_in_rules_are_whole(void **state)
{
	struct catalogue all;
	struct err e = {0};
	assert_int_equal(catalogue_load(NULL, *state, &all, &e), ERR_OK);
	assert_true(all.count >= 8);
	assert_int_equal(catalogue_load("/nonexistent-rules", *state, &all, &e), ERR_USAGE);
}

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_header),
		cmocka_unit_test(errors_name_file_line_and_key),
		cmocka_unit_test(built_in_rules_are_whole),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

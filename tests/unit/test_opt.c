/* Options: every type, every way to write them, every way to get them wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/opt.h"

struct values {
	bool flag, other;
	const char *file;
	struct opt_list calls;
	uint64_t count, some, time_ns, bytes;
	double ratio;
	int choice;
	struct opt_list list;
};
struct common {
	bool quiet;
};
#define FIELD(name) offsetof(struct values, name)
static const char *const engines[] = {"auto", "tick", NULL};
static const struct opt table[] = {
	{OPT_FLAG, 'f', "flag", NULL, "a flag", FIELD(flag)},
	{OPT_FLAG, 'x', "flagrant", NULL, "another", FIELD(other)},
	{OPT_STRING, 'o', "output", "FILE", "a file", FIELD(file)},
	{OPT_UINT, 'n', "rows", "N", "a number", FIELD(count)},
	{OPT_COUNT, 's', "some", "N", "1 or more", FIELD(some)},
	{OPT_DURATION, 'd', "for", "TIME", "a time", FIELD(time_ns)},
	{OPT_SIZE, 0, "max-size", "SIZE", "a size", FIELD(bytes)},
	{OPT_DOUBLE, 0, "ratio", "R", "a ratio", FIELD(ratio)},
	{OPT_CHOICE, 0, "engine", "NAME", "one of some", FIELD(choice), engines},
	{OPT_ATTACHED, 0, "calls", "PATTERN", "all, or some", FIELD(calls)},
	{OPT_LIST, 'H', "header", "LINE", "any number of them", FIELD(list)},
	{0},
};
static const struct opt common_table[] = {
	{OPT_FLAG, 'q', "quiet", NULL, "less talk", offsetof(struct common, quiet)},
	{0},
};

static struct values values;
static struct common common;
static struct opt_result result;
static struct err error;

#define PARSE(stop, ...) parse((stop), (const char *[]){"verb", __VA_ARGS__ __VA_OPT__(, ) NULL})

static enum err_kind parse(bool stop, const char **words)
{
	const struct opt_set sets[] = {{table, &values}, {common_table, &common}, {0}};
	static char *argv[32];
	int argc = 0;
	for (; words[argc]; argc++)
		argv[argc] = (char *)words[argc];
	argv[argc] = NULL;
	memset(&values, 0, sizeof values);
	memset(&common, 0, sizeof common);
	memset(&error, 0, sizeof error);
	return opt_parse(sets, argc, argv, stop, &result, &error);
}

static void test_every_type_both_ways(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "--flag", "--output=a", "--rows", "7", "--for=1.5s",
			       "--max-size", "2M", "--ratio", "0.25", "--engine=tick", "-q"),
			 ERR_OK);
	assert_true(values.flag && common.quiet);
	assert_string_equal(values.file, "a");
	assert_int_equal(values.count, 7);
	assert_int_equal(values.time_ns, 1500000000);
	assert_int_equal(values.bytes, 2 << 20);
	assert_true(values.ratio > 0.2499 && values.ratio < 0.2501);
	assert_int_equal(values.choice, 1);
}

static void test_letters_joined_and_attached(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "-fqoFILE", "-n", "3"), ERR_OK);
	assert_true(values.flag && common.quiet);
	assert_string_equal(values.file, "FILE");
	assert_int_equal(values.count, 3);
}

static void test_prefixes(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "--out", "x", "--q"), ERR_OK);
	assert_string_equal(values.file, "x");
	assert_int_equal(PARSE(false, "--flag"), ERR_OK); /* whole name beats longer ones */
	assert_true(values.flag && !values.other);
	assert_int_equal(PARSE(false, "--fla"), ERR_USAGE);
	assert_string_equal(error.text, "option '--fla' could be --flag or --flagrant");
}

static void test_operands_and_double_dash(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "a", "-f", "b", "--", "-x", "--"), ERR_OK);
	assert_int_equal(result.operand_count, 4);
	assert_string_equal(result.operands[2], "-x");
	assert_string_equal(result.operands[3], "--");
	assert_null(result.operands[4]);
	assert_true(values.flag && !values.other && result.has_double_dash);

	assert_int_equal(PARSE(true, "-f", "gunicorn", "-x", "--", "--nonsense"), ERR_OK);
	assert_int_equal(result.operand_count, 4);
	assert_string_equal(result.operands[0], "gunicorn");
	assert_string_equal(result.operands[2], "--");
	assert_false(values.other);

	assert_int_equal(PARSE(false, "-"), ERR_OK);
	assert_string_equal(result.operands[0], "-");
	assert_int_equal(PARSE(false), ERR_OK);
	assert_int_equal(result.operand_count, 0);
}

static void test_wrong_words_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *words[4];
		const char *text;
	} rows[] = {
		{{"verb", "--ouput"}, "unknown option '--ouput'; did you mean --output?"},
		{{"verb", "--zzzzzz"}, "unknown option '--zzzzzz'"},
		{{"verb", "-fz"}, "unknown option '-z'"},
		{{"verb", "--output"}, "option --output needs a value (FILE)"},
		{{"verb", "-n"}, "option -n needs a value (N)"},
		{{"verb", "--output", "--", "a"}, "option --output needs a value (FILE)"},
		{{"verb", "-o", "--", "a"}, "option -o needs a value (FILE)"},
		{{"verb", "--flag=1"}, "option --flag takes no value"},
		{{"verb", "-n", "-3"}, "--rows: '-3' is not a whole number"},
		{{"verb", "-n", "3x"}, "--rows: '3x' is not a whole number"},
		{{"verb", "-n", "18446744073709551616"},
		 "--rows: '18446744073709551616' is not a whole number"},
		{{"verb", "-d", "3 parsecs"},
		 "--for: '3 parsecs' is not a duration (30s, 500ms, 2m, 1h)"},
		{{"verb", "-d", "1.2.3s"},
		 "--for: '1.2.3s' is not a duration (30s, 500ms, 2m, 1h)"},
		{{"verb", "-d", "99999999999h"}, "--for: '99999999999h' is too large"},
		{{"verb", "--max-size", "inf"}, "--max-size: 'inf' is not a size (64K, 512M, 1G)"},
		{{"verb", "--ratio", "0.5x"}, "--ratio: '0.5x' is not a number"},
		{{"verb", "--ratio", "0"},
		 "--ratio: '0' is not more than 0: name such a number, or leave it out"},
		{{"verb", "--ratio", "-5"},
		 "--ratio: '-5' is not more than 0: name such a number, or leave it out"},
		{{"verb", "-s", "0"},
		 "--some: '0' is none at all: name 1 or more, or leave it out"},
		{{"verb", "-s", "-3"},
		 "--some: '-3' is none at all: name 1 or more, or leave it out"},
		{{"verb", "-s", "x"}, "--some: 'x' is not a whole number"},
		{{"verb", "--engine", "warp"}, "--engine: 'warp' is not one of: auto, tick"},
		{{"verb", "--="}, "unknown option '--'"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *words[5] = {rows[i].words[0], rows[i].words[1], rows[i].words[2], NULL};
		assert_int_equal(parse(false, words), ERR_USAGE);
		assert_string_equal(error.text, rows[i].text);
	}
}

static void test_units(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t ns;
	} rows[] = {{"30", 30000000000},
		    {"500ms", 500000000},
		    {"2m", 120000000000},
		    {"10us", 10000},
		    {"7ns", 7},
		    {"1h", 3600000000000},
		    {"0", 0}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t ns;
		assert_int_equal(opt_read_duration(rows[i].text, &ns, &error), ERR_OK);
		assert_int_equal(ns, rows[i].ns);
	}
}

static void test_distance(void **state)
{
	(void)state;
	assert_int_equal(opt_distance("why", "why"), 0);
	assert_int_equal(opt_distance("wyh", "why"), 1);
	assert_int_equal(opt_distance("rum", "run"), 1);
	assert_int_equal(opt_distance("", "run"), 3);
	assert_int_equal(opt_distance("doctr", "doctor"), 1);
	assert_true(opt_distance("a", "a word that is far longer than any option has") == SIZE_MAX);
}

static void test_help_fits_80_columns(void **state)
{
	(void)state;
	static const struct opt wide[] = {
		{OPT_STRING, 'o', "output", "FILE",
		 "a sentence that goes on for so long that it cannot stand in one line of the "
		 "terminal",
		 0},
		{OPT_STRING, 0, "a-name-that-is-rather-long", "VALUE", "help", 0},
		{OPT_FLAG, 0, "secret", NULL, "not shown", 0, NULL, true},
		{0},
	};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	opt_print_help(wide, out);
	fclose(out);
	assert_null(strstr(text, "secret"));
	assert_non_null(strstr(text, "  -o, --output FILE       a sentence"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 80);
	free(text);
}

static void test_a_list_keeps_each_use(void **state)
{
	(void)state;
	assert_int_equal(PARSE(false, "-H", "a", "--header=b", "operand", "-Hc"), ERR_OK);
	assert_int_equal(values.list.count, 3);
	assert_string_equal(values.list.words[0], "a");
	assert_string_equal(values.list.words[1], "b");
	assert_string_equal(values.list.words[2], "c");
	assert_int_equal(result.operand_count, 1);
	assert_int_equal(PARSE(false, "-H"), ERR_USAGE);
}

static void test_a_list_has_an_end(void **state)
{
	(void)state;
	char *argv[OPT_LIST_MAX + 3] = {"verb"};
	const struct opt_set sets[] = {{table, &values}, {0}};
	memset(&values, 0, sizeof values);
	for (int i = 1; i <= OPT_LIST_MAX + 1; i++)
		argv[i] = "-Hx";
	assert_int_equal(opt_parse(sets, OPT_LIST_MAX + 2, argv, false, &result, &error),
			 ERR_USAGE);
	assert_non_null(strstr(error.text, "--header"));
}

/* What follows it is not its value, so that a command may. */
static void test_a_value_may_be_left_out(void **state)
{
	(void)state;
	assert_int_equal(PARSE(true, "--calls", "python", "app.py"), ERR_OK);
	assert_string_equal(values.calls.words[0], "");
	assert_int_equal(result.operand_count, 2);
	assert_int_equal(PARSE(true, "--calls=app:view", "--calls=b", "python"), ERR_OK);
	assert_int_equal(values.calls.count, 2);
	assert_string_equal(values.calls.words[1], "b");
	assert_string_equal(values.calls.words[0], "app:view");
	assert_int_equal(PARSE(true, "python"), ERR_OK);
	assert_int_equal(values.calls.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_value_may_be_left_out),
		cmocka_unit_test(test_every_type_both_ways),
		cmocka_unit_test(test_letters_joined_and_attached),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_operands_and_double_dash),
		cmocka_unit_test(test_wrong_words_are_named),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_help_fits_80_columns),
		cmocka_unit_test(test_a_list_keeps_each_use),
		cmocka_unit_test(test_a_list_has_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

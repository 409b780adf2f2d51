/* --fail-on: what is a gate, and when it is crossed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "cmd/fail_on.h"

static struct finding found[] = {{.cause = "db-connection-per-request"}};
static const struct diagnosis answer = {
	.has_requests = true,
	.requests = 1000,
	.errors = 20,
	.mean_ms = 10,
	.p50_ms = 8,
	.p99_ms = 50,
	.findings = found,
	.finding_count = 1,
};

static void test_gates(void **state)
{
	(void)state;
	static const struct {
		const char *expression;
		bool crossed;
	} rows[] = {
		{"cause:db-connection-per-request", true},
		{"cause:n-plus-one-queries", false},
		{"cause:db-connection-leak", false},
		{"p99>49ms", true},
		{"p99>50ms", false},
		{"p99>=50ms", true},
		{"p99 > 0.04s", true},
		{"p50<9ms", true},
		{"p50<=8ms", true},
		{"p50<8ms", false},
		{"mean>10ms", false},
		{"errors>19", true},
		{"errors>20", false},
		{"errors>1%", true},
		{"errors>2%", false},
		{"p50>1s,cause:n-plus-one-queries", false},
		{"p50>1s, cause:db-connection-per-request", true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = {0};
		assert_int_equal(fail_on_check(rows[i].expression, false, &e), ERR_OK);
		assert_int_equal(fail_on_crossed(rows[i].expression, &answer), rows[i].crossed);
	}
	assert_int_equal(fail_on_check(NULL, false, NULL), ERR_OK);
	assert_false(fail_on_crossed(NULL, &answer));
}

static void test_nothing_measured_crosses_nothing(void **state)
{
	(void)state;
	const struct diagnosis empty = {0};
	assert_false(fail_on_crossed("p99<1s", &empty));
	assert_false(fail_on_crossed("errors<1", &empty));
}

static void test_what_is_no_gate(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"",         "p98>1ms",
		"p99",      "p99>",
		"p99=1ms",  "p99>50",
		"p99>x",    "cause:",
		"errors>x", "errors>1%%",
		"p99>1ms,", "p9999>1ms",
		",",        "p99>1ms,,mean>1ms",
		"p99>-1ms",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = {0};
		const enum err_kind kind = fail_on_check(rows[i], false, &e);
		if (kind != ERR_USAGE)
			print_message("accepted: '%s'\n", rows[i]);
		assert_int_equal(kind, ERR_USAGE);
	}
	char long_text[400];
	memset(long_text, 'x', sizeof long_text);
	long_text[sizeof long_text - 1] = '\0';
	assert_int_equal(fail_on_check(long_text, true, NULL), ERR_USAGE);
}

static void test_an_unknown_cause_is_named(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(fail_on_check("cause:n-plus-one-query", false, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "the nearest is 'n-plus-one-queries'"));
	assert_int_equal(fail_on_check("cause:of-my-own-rules", true, NULL), ERR_OK);
}

static const struct comparison comparison = {
	.pairs = 10,
	.metric_count = 7,
	.metrics =
		{
			{RUN_P99, {.change = {0.06, 0.10, 0.14}, .verdict = COMPARE_MORE}},
			{RUN_RATE, {.change = {-0.20, -0.15, -0.10}, .verdict = COMPARE_LESS}},
			{RUN_ERRORS, {.change = {0.005, 0.02, 0.04}, .verdict = COMPARE_MORE}},
			{RUN_MEAN, {.change = {NAN, 0.5, NAN}, .floor = NAN, .assumed = NAN}},
			/* the interval is beyond +5 %, but A against itself shows 12 % */
			{RUN_P90, {.change = {0.07, 0.09, 0.11}, .floor = 0.12, .assumed = NAN}},
			{RUN_WALL, {.change = {0.06, 0.07, 0.08}, .verdict = COMPARE_SAME}},
			/* one run each */
			{RUN_P50, {.change = {0.21, 0.48, 0.79}, .floor = NAN, .assumed = 1}},
		},
};

static void test_gates_of_a_change(void **state)
{
	(void)state;
	static const struct {
		const char *expression;
		bool crossed;
	} rows[] = {
		{"p99>+5%", true},           {"p99>+6%", false},     {"p99>=+6%", true},
		{"p99 > +10%", false},       {"p99<-5%", false},     {"rate<-5%", true},
		{"rate<-10%", false},        {"rate<=-10%", true},   {"rate>+5%", false},
		{"errors>+0.4%", true},      {"errors>+1%", false},  {"p99<+20%", true},
		{"p99>+50%,rate<-5%", true}, {"mean>+5%", true}, /* no interval: not judged */
		{"cpu>+5%", true},                               /* not measured: the same */
		{"p90>+5%", true},           {"p90>+11%", true}, /* not judged: noise */
		{"p90>+13%", false},         {"p90<-5%", true},      {"p90>+12%", true},
		{"p90<-12%", true}, /* as much noise as the limit */
		{"p90>+12.1%", false},       {"p90>=+12.1%", false}, {"rate<=-10%,p99>+50%", true},
		{"p99>=+6.1%", false},       {"p90<-13%", false},    {"p50>+5%", true},
		{"p50>+90%", true},          {"p50>+150%", false}, /* ruled out */
		{"wall>+5%", false},         {"wall<+20%", true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = {0};
		assert_int_equal(fail_on_check_change(rows[i].expression, &e), ERR_OK);
		assert_int_equal(fail_on_change_crossed(rows[i].expression, &comparison),
				 rows[i].crossed);
	}
	assert_int_equal(fail_on_check_change(NULL, NULL), ERR_OK);
	assert_false(fail_on_change_crossed(NULL, &comparison));
}

/* Where the table cannot tell, the far end of the interval decides whether the limit is left open.
 */
static void test_what_the_table_cannot_tell(void **state)
{
	(void)state;
	static const struct comparison c = {
		.pairs = 10,
		.metric_count = 4,
		.metrics =
			{
				{RUN_P50, {.change = {-0.02, 0.05, 0.12}, .floor = 0.03}},
				{RUN_P90, {.change = {-0.12, -0.05, 0.02}, .floor = 0.03}},
				{RUN_P99, {.change = {0.07, 0.09, 0.11}, .floor = 0.05}},
				{RUN_RATE, {.change = {NAN, 0, NAN}, .floor = NAN, .assumed = 1}},
			},
	};
	static const struct {
		const char *expression;
		bool crossed;
	} rows[] = {
		{"p50>+10%", true},  {"p50>+12%", false}, {"p50>=+12%", true}, {"p50>+13%", false},
		{"p50<-5%", false},  {"p90<-10%", true},  {"p90<-12%", false}, {"p90<=-12%", true},
		{"p90<-13%", false}, {"p90>+5%", false},  {"p99<+6%", true},   {"rate>+150%", true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (fail_on_change_crossed(rows[i].expression, &c) != rows[i].crossed)
			print_message("%s\n", rows[i].expression);
		assert_int_equal(fail_on_change_crossed(rows[i].expression, &c), rows[i].crossed);
	}
}

static void test_what_is_no_gate_of_a_change(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"",         "p99>5%",    "p99>+5",
		"p99>+5ms", "p99>+%",    "p99>++5%",
		"p98>+5%",  "p99+5%",    "cause:db-connection-per-request",
		"p99>+5%,", "p99>+nan%", "errors>+1",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const enum err_kind kind = fail_on_check_change(rows[i], NULL);
		if (kind != ERR_USAGE)
			print_message("accepted: '%s'\n", rows[i]);
		assert_int_equal(kind, ERR_USAGE);
	}
	struct err e = {0};
	assert_int_equal(fail_on_check("p99>+5%", false, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "unslow diff"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_nothing_measured_crosses_nothing),
		cmocka_unit_test(test_what_is_no_gate),
		cmocka_unit_test(test_an_unknown_cause_is_named),
		cmocka_unit_test(test_gates_of_a_change),
		cmocka_unit_test(test_what_the_table_cannot_tell),
		cmocka_unit_test(test_what_is_no_gate_of_a_change),
	};
	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* --fail-on of a load: what is a gate, and when it is crossed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/load_gate.h"
#include "load/histogram.h"
#include "load/tally.h"

/* 100 requests in 10 s, answered after 1 to 100 ms, two of them with a 500. */
static void make_run(struct load_result *r)
{
	tally_begin(r, 1, 10 * NS_PER_S);
	for (uint64_t i = 1; i <= 100; i++) {
		tally_due(r, 1);
		tally_answered(r, 1, 1, 1 + i * NS_PER_MS, i <= 2 ? 500 : 200);
	}
}

static void test_gates(void **state)
{
	(void)state;
	static const struct {
		const char *expression;
		bool crossed;
	} rows[] = {
		{"p50>49ms", true},        {"p50>51ms", false},  {"p99>98ms", true},
		{"p99.9>99ms", true},      {"p99>=0.2s", false}, {"max>=100ms", true},
		{"mean<51ms", true},       {"mean>51ms", false}, {"p95<90ms", false},
		{"errors>1", true},        {"errors>2", false},  {"errors>1%", true},
		{"errors>=2%", true},      {"errors>2%", false}, {"rate<11", true},
		{"rate<10", false},        {"invalid", false},   {"invalid,p50>1s", false},
		{"p50>1s, rate<11", true},
	};
	const struct load_verdicts none = {0};
	struct load_result r;
	make_run(&r);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(load_gate_check(rows[i].expression, NULL), ERR_OK);
		assert_int_equal(load_gate_crossed(rows[i].expression, &r, &none), rows[i].crossed);
	}
	assert_int_equal(load_gate_check(NULL, NULL), ERR_OK);
	assert_false(load_gate_crossed(NULL, &r, &none));
	load_result_free(&r);
}

static void test_invalid_and_unanswered_are_no_pass(void **state)
{
	(void)state;
	const struct load_verdicts invalid = {
		.items = {{.id = "late", .is_invalid = true}}, .count = 1, .is_invalid = true};
	const struct load_verdicts none = {0};
	struct load_result r;
	make_run(&r);
	assert_true(load_gate_crossed("invalid", &r, &invalid));
	tally_left(&r, 1, 1, NS_PER_S);
	tally_left(&r, 1, 0, NS_PER_S);
	assert_true(load_gate_crossed("errors>3", &r, &none)); /* 2, and 2 without an answer */
	load_result_free(&r);
	tally_begin(&r, 1, NS_PER_S);
	tally_due(&r, 1);
	assert_true(load_gate_crossed("p99>50ms", &r, &none));
	load_result_free(&r);
}

static void test_what_is_no_gate(void **state)
{
	(void)state;
	static const char *const rows[] = {"",        "p42>1ms",   "p99",     "p99>50",
					   "p99>ms",  "errors>1s", "rate<1%", "invalid>1",
					   "cause:x", "p50>1s,"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = {0};
		assert_int_equal(load_gate_check(rows[i], &e), ERR_USAGE);
		assert_int_equal(e.kind, ERR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_invalid_and_unanswered_are_no_pass),
		cmocka_unit_test(test_what_is_no_gate),
	};
	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

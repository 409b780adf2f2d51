/* --fail-on of `unslow time`: what is a gate, when it is crossed; and its verdicts in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/log.h"
#include "cmd/time_gate.h"
#include "view/timing.h"

#define NOT_KNOWN \
	{ \
		NAN, NAN, NAN \
	}

/* A takes 10 µs, B 11 µs, called slower by 10 % (8 … 12). */
static struct timing_result slower(void)
{
	struct timing_result r = {.values = 12, .floor = {0.005, 0.005, NAN}};
	r.rows[0].value[TIMING_WALL] = (struct stats_interval){9e3, 10e3, 11e3};
	r.rows[1].value[TIMING_WALL] = (struct stats_interval){10e3, 11e3, 12e3};
	for (int row = 0; row < 2; row++) {
		r.rows[row].value[TIMING_CPU] = r.rows[row].value[TIMING_WALL];
		r.rows[row].value[TIMING_INSTRUCTIONS] = (struct stats_interval)NOT_KNOWN;
	}
	r.rows[1].against[TIMING_WALL] = (struct timing_change){{0.08, 0.10, 0.12}, TIMING_SLOWER};
	r.rows[1].against[TIMING_CPU] = (struct timing_change){{-0.002, 0.001, 0.004}, TIMING_SAME};
	r.rows[1].against[TIMING_INSTRUCTIONS] =
		(struct timing_change){NOT_KNOWN, TIMING_CANNOT_TELL};
	return r;
}

static void test_gates(void **state)
{
	(void)state;
	static const struct {
		const char *expression;
		bool crossed;
	} rows[] = {
		{"wall>10.5us", true},      {"wall>11.5us", false},      {"cpu>=11us", true},
		{"wall<10.5us", true},      {"wall<9us", false},         {"wall>+5%", true},
		{"wall>+9%", false},        {"wall<-5%", false},         {"wall > +5%", true},
		{"cpu>+0.4%", false},       {"cpu>+5%, wall>1s", false}, {"instructions>10", true},
		{"instructions>+1%", true}, {"wall>1s,wall>+5%", true},
	};
	const struct timing_result r = slower();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(time_gate_check(rows[i].expression, 2, NULL), ERR_OK);
		assert_int_equal(time_gate_crossed(rows[i].expression, &r, 2), rows[i].crossed);
	}
	assert_int_equal(time_gate_check(NULL, 1, NULL), ERR_OK);
	assert_false(time_gate_crossed(NULL, &r, 2));
}

static void test_what_cannot_be_told_is_no_pass(void **state)
{
	(void)state;
	struct timing_result r = slower();
	struct timing_change *c = &r.rows[1].against[TIMING_WALL];
	*c = (struct timing_change){{-0.02, 0.01, 0.04}, TIMING_CANNOT_TELL};
	assert_true(time_gate_crossed("wall>+2%", &r, 2));
	assert_false(time_gate_crossed("wall>+5%", &r, 2)); /* ruled out */
	r.floor[TIMING_WALL] = 0.06;                        /* but not by so much noise */
	assert_true(time_gate_crossed("wall>+5%", &r, 2));
	*c = (struct timing_change){NOT_KNOWN, TIMING_CANNOT_TELL};
	assert_true(time_gate_crossed("wall>+500%", &r, 2));
}

static void test_what_is_no_gate(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"p99>50us",         "wall",      "wall>",  "wall>50",
		"wall>+5",          "wall>+5us", "cpu>5%", "instructions>1%",
		"instructions>5us", "wall>1s,",  "",       "cause:x",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(time_gate_check(wrong[i], 2, NULL), ERR_USAGE);
	assert_int_equal(time_gate_check("wall>+5%", 1, NULL), ERR_USAGE);
	assert_int_equal(time_gate_check("wall>5us", 1, NULL), ERR_OK);
}

static void test_words(void **state)
{
	(void)state;
	static const struct {
		struct timing_change change;
		double floor;
		const char *words;
	} rows[] = {
		{{{0.08, 0.1, 0.123}, TIMING_SLOWER}, 0.01, "slower than A by 10.0 % (8.0 … 12.3)"},
		{{{-0.6, -0.5, -0.4}, TIMING_FASTER},
		 0.01,
		 "faster than A by 50.0 % (40.0 … 60.0)"},
		{{{2.1, 2.4, 3.0}, TIMING_SLOWER}, 0.01, "3.400 times A (3.100 … 4.000)"},
		{{{-0.004, 0.001, 0.0061}, TIMING_SAME},
		 0.01,
		 "no difference found: less than 0.61 %"},
		{{{-0.004, 0.001, 0.02}, TIMING_CANNOT_TELL},
		 0.01,
		 "cannot tell them apart: -0.40 to +2.0 %"},
		{{{0.004, 0.01, 0.02}, TIMING_CANNOT_TELL},
		 0.03,
		 "cannot tell them apart: A against itself shows up to 3.0 %"},
		{{{NAN, 0.01, NAN}, TIMING_CANNOT_TELL},
		 NAN,
		 "cannot tell them apart: 6 processes, 7 are needed (--for)"},
		{{NOT_KNOWN, TIMING_CANNOT_TELL},
		 0.01,
		 "cannot tell them apart: one is not longer than the empty loop"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct timing_result r = {.values = isnan(rows[i].floor) ? 6 : 12,
					  .floor = {rows[i].floor}};
		char words[TIMING_WORDS_SIZE];
		r.rows[1].against[TIMING_WALL] = rows[i].change;
		assert_string_equal(timing_verdict_words(&r, 1, TIMING_WALL, words), rows[i].words);
	}
}

static void test_figures(void **state)
{
	(void)state;
	static const struct {
		double ns;
		const char *text;
	} rows[] = {
		{0.4, "0.40 ns"},   {-0.001, "0.00 ns"}, {99.96, "100 ns"}, {999.7, "1.00 µs"},
		{12345, "12.3 µs"}, {2.5e6, "2.50 ms"},  {7e9, "7.00 s"},   {7e12, "7000 s"},
		{-3.2, "-3.20 ns"}, {NAN, "-"},
	};
	char text[TIMING_FIGURE_SIZE];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(timing_time(rows[i].ns, text), rows[i].text);
	assert_string_equal(timing_time_as(990, 1010, false, text), "0.99");
	assert_string_equal(timing_ratio(3909249, text), "3,909,249");
	assert_string_equal(timing_ratio(0.1234, text), "0.123");
	assert_string_equal(timing_ratio(NAN, text), "-");
}

int main(void)
{
	log_set_level(LOG_QUIET);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_what_cannot_be_told_is_no_pass),
		cmocka_unit_test(test_what_is_no_gate),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_figures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

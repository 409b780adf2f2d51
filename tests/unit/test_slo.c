#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/histogram.h"
#include "load/slo.h"

static struct slo slo;
static struct err error;

static void test_terms(void **state)
{
	char text[SLO_TEXT_MAX];
	(void)state;
	assert_int_equal(slo_parse(&slo, "p99=50ms, p99.9<=1s,mean<5ms,errors<0.5%", &error),
			 ERR_OK);
	assert_int_equal(slo.count, 4);
	assert_string_equal(slo_text(&slo.terms[0], text), "p99 <= 50.0 ms");
	assert_string_equal(slo_text(&slo.terms[1], text), "p99.9 <= 1.00 s");
	assert_string_equal(slo_text(&slo.terms[2], text), "mean <= 5.00 ms");
	assert_string_equal(slo_text(&slo.terms[3], text), "errors <= 0.5 %");
	assert_int_equal(slo_tightest_ns(&slo), 5 * NS_PER_MS);
	assert_true(fabs(slo_quantile(&slo) - 0.99) < 1e-9);
}

static void test_what_is_refused(void **state)
{
	static const struct {
		const char *text, *part;
	} rows[] = {
		{"", "is not 'p99=50ms'"},
		{"p99", "is not 'p99=50ms'"},
		{"p98=50ms", "'p98=50ms'"},
		{"p99=50", "with its unit"},
		{"p99>50ms", "is not"},
		{"p99=", "is not"},
		{"p99=50ms,", "''"},
		{"errors<1", "needs a share"},
		{"errors<0%", "above 0"},
		{"errors<nan%", "needs a share"},
		{"errors<101%", "needs a share"},
		{"p99=-5ms", "with its unit"},
		{"p99=0ms", "no time"},
		{"p50=1s,p50=1s,p50=1s,p50=1s,p50=1s,p50=1s,p50=1s,p50=1s,p50=1s", "at most 8"},
		{"p99=50000000000000000000000000000000000000000000ms", "longer than"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (slo_parse(&slo, rows[i].text, &error) != ERR_USAGE)
			fail_msg("'%s' was taken", rows[i].text);
		if (!strstr(error.text, rows[i].part))
			fail_msg("'%s': %s", rows[i].text, error.text);
	}
}

/* A thousand requests of 1 to 1000 ms; 20 of them failed. */
static void test_ratios(void **state)
{
	struct load_result result = {.response = histogram_new(), .due = 1000};
	(void)state;
	result.errors[LOAD_ERROR_STATUS] = 20;
	for (uint64_t i = 1; i <= 1000; i++)
		histogram_record(result.response, i * NS_PER_MS);
	assert_int_equal(slo_parse(&slo, "p90=800ms,p50=501ms,mean=250ms,errors<4%", &error),
			 ERR_OK);
	assert_true(fabs(slo_ratio(&slo.terms[0], &result) - 2) < 0.02); /* 200 of 100 */
	assert_true(slo_ratio(&slo.terms[1], &result) <= 1);
	assert_true(fabs(slo_ratio(&slo.terms[2], &result) - 2) < 0.01);
	assert_true(fabs(slo_ratio(&slo.terms[3], &result) - 0.5) < 1e-9);
	assert_int_equal(slo_value(&slo.terms[3], &result), 20000);
	histogram_free(result.response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_ratios),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

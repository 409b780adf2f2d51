/* The percentile text, line by line, as HdrHistogram's plotters read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/hgrm.h"

#define HEADINGS "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"

static void assert_text(const struct histogram *h, const char *expected)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	hgrm_write(out, h);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_rows_halve_what_is_left(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	histogram_record_many(h, 1500, 7);
	histogram_record_many(h, 2000000, 2);
	histogram_record(h, 10000000);
	assert_text(h, HEADINGS "       0.002 0.000000000000          7           1.00\n"
				"       0.002 0.100000000000          7           1.11\n"
				"       0.002 0.200000000000          7           1.25\n"
				"       0.002 0.300000000000          7           1.43\n"
				"       0.002 0.400000000000          7           1.67\n"
				"       0.002 0.500000000000          7           2.00\n"
				"       0.002 0.550000000000          7           2.22\n"
				"       0.002 0.600000000000          7           2.50\n"
				"       0.002 0.650000000000          7           2.86\n"
				"       0.002 0.700000000000          7           3.33\n"
				"       2.001 0.750000000000          9           4.00\n"
				"       2.001 0.775000000000          9           4.44\n"
				"       2.001 0.800000000000          9           5.00\n"
				"       2.001 0.825000000000          9           5.71\n"
				"       2.001 0.850000000000          9           6.67\n"
				"       2.001 0.875000000000          9           8.00\n"
				"       2.001 0.887500000000          9           8.89\n"
				"       2.001 0.900000000000          9          10.00\n"
				"      10.000 0.912500000000         10          11.43\n"
				"      10.000 1.000000000000         10\n"
				"#[Mean    =        1.401, StdDeviation   =        2.972]\n"
				"#[Max     =       10.000, Total count    =           10]\n"
				"#[Buckets =           32, SubBuckets     =         2048]\n");
	histogram_free(h);
}

static void test_nothing_recorded(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();
	assert_text(h, HEADINGS "#[Mean    =        0.000, StdDeviation   =        0.000]\n"
				"#[Max     =        0.000, Total count    =            0]\n"
				"#[Buckets =           32, SubBuckets     =         2048]\n");
	histogram_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_halve_what_is_left),
		cmocka_unit_test(test_nothing_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

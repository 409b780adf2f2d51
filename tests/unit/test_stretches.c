/* The error of a mean from stretches of a run: what is alike within a stretch does not count twice,
 * and of two runs of the same hardly any mean is called different. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/stats.h"
#include "model/stretches.h"

static uint64_t random_state;

static double uniform(void)
{
	return ((double)(stats_random(&random_state) >> 11) + 0.5) / 0x1p53;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

static void test_variance_of_equal_stretches_is_that_of_their_mean(void **state)
{
	(void)state;
	const struct stretches s = {5, {10, 10, 10, 10, 10}};
	const double sums[] = {10, 20, 30, 40, 50}; /* means 1 … 5: s² 2.5, of the mean 0.5 */
	assert_true(fabs(stretches_variance(&s, sums) - 0.5) < 1e-12);
	const double same[] = {7, 7, 7, 7, 7};
	assert_true(fabs(stretches_variance(&s, same)) < 1e-12);
}

/* A stretch of twice as many units may take twice as long: that is no variance. */
static void test_units_of_a_stretch_are_counted(void **state)
{
	(void)state;
	const struct stretches s = {4, {1, 2, 3, 4}};
	const double sums[] = {5, 10, 15, 20};
	assert_true(fabs(stretches_variance(&s, sums)) < 1e-12);
}

static void test_few_stretches_tell_nothing(void **state)
{
	(void)state;
	const struct stretches three = {3, {1, 1, 1}};
	const double sums[] = {1, 2, 3};
	assert_true(isnan(stretches_variance(&three, sums)));
	const size_t counts[] = {10, 10};
	assert_true(isnan(stretches_error((const double[]){NAN, 1}, counts, 1)));
	assert_true(isnan(stretches_error((const double[]){1, NAN}, counts, 1)));
	assert_true(fabs(stretches_error((const double[]){0, 0}, counts, 1)) < 1e-12);
}

/* t of 18 degrees of freedom at 1 %: 2.878; of 1 % over 10 means: 3.922. Of one side alone: its own
 * 9 degrees, 3.250. */
static void test_error_by_students_t_and_bonferroni(void **state)
{
	(void)state;
	const size_t counts[] = {10, 10};
	const double equal[] = {0.5, 0.5};
	assert_true(fabs(stretches_error(equal, counts, 1) - 2.878) < 1e-3);
	assert_true(fabs(stretches_error(equal, counts, 10) - 3.922) < 1e-3);
	assert_true(fabs(stretches_error((const double[]){1, 0}, counts, 1) - 3.250) < 1e-3);
	assert_true(fabs(stretches_error((const double[]){0, 1}, counts, 1) - 3.250) < 1e-3);
	/* the wider side's few stretches decide */
	assert_true(stretches_error((const double[]){1, 0.1}, (const size_t[]){5, 40}, 1) >
		    stretches_error((const double[]){0.1, 1}, (const size_t[]){5, 40}, 1));
}

/* 10 means a run, of units whose times hang together along the run. */
static void test_two_runs_of_the_same(void **state)
{
	(void)state;
	enum { MEANS = 10, UNITS = 400, TRIALS = 300 };
	int called = 0;
	random_state = 11;
	for (int t = 0; t < TRIALS; t++) {
		double mean[2][MEANS], variance[2][MEANS];
		const size_t counts[] = {STRETCHES_MOST, STRETCHES_MOST};
		for (int side = 0; side < 2; side++)
			for (int m = 0; m < MEANS; m++) {
				struct stretches s = {.count = STRETCHES_MOST};
				double sums[STRETCHES_MOST] = {0}, drift = normal(), all = 0;
				for (int u = 0; u < UNITS; u++) {
					const int at = u * STRETCHES_MOST / UNITS;
					const double took = exp(0.4 * normal() + 0.2 * drift);
					drift = 0.8 * drift + 0.6 * normal();
					s.units[at] += 1;
					sums[at] += took;
					all += took;
				}
				mean[side][m] = all / UNITS;
				variance[side][m] = stretches_variance(&s, sums);
			}
		int any = 0;
		for (int m = 0; m < MEANS; m++)
			any |= fabs(mean[1][m] - mean[0][m]) >
			       stretches_error((const double[]){variance[0][m], variance[1][m]},
					       counts, MEANS);
		called += any;
	}
	print_message("%d of %d called\n", called, TRIALS);
	assert_true(called <= TRIALS / 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variance_of_equal_stretches_is_that_of_their_mean),
		cmocka_unit_test(test_units_of_a_stretch_are_counted),
		cmocka_unit_test(test_few_stretches_tell_nothing),
		cmocka_unit_test(test_error_by_students_t_and_bonferroni),
		cmocka_unit_test(test_two_runs_of_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

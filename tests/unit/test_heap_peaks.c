/* Peaks of units of work by their live samples: what is in them, whose site it is, when it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent/heap_peaks.h"
#include "agent/heap_store.h"
#include "base/clock.h"

#define KIB 1024u
#define UNIT(n) ((UINT64_C(9) << 40) + (n))

struct heap_store heap_store;

static bool gate_is_open = true;
static int inside;

bool heap_enter(void)
{
	inside += gate_is_open;
	return gate_is_open;
}

void heap_leave(void)
{
	inside--;
}

static int start(void **state)
{
	(void)state;
	heap_store.file = calloc(1, sizeof *heap_store.file);
	gate_is_open = true;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	heap_peaks_after_fork(); /* nothing of this test is left */
	assert_int_equal(inside, 0);
	free(heap_store.file);
	return 0;
}

static struct heap_live sample_of(uint64_t unit, uint32_t site, uint64_t bytes)
{
	return (struct heap_live){.unit = unit, .site = site, .size = bytes, .weight_bytes = bytes};
}

static void make(uint64_t unit, uint32_t site, uint64_t bytes, uint64_t at_ns)
{
	const struct heap_live sample = sample_of(unit, site, bytes);

	heap_peaks_account(&sample, 1, at_ns, true);
}

static void drop(uint64_t unit, uint32_t site, uint64_t bytes)
{
	const struct heap_live sample = sample_of(unit, site, bytes);

	heap_peaks_account(&sample, -1, 1000, false);
}

static const struct heap_peak *told(uint64_t number)
{
	const struct heap_peak *row = &heap_store.file->peaks[(number - 1) % HEAP_PEAKS];

	assert_int_equal(row->number, number);
	return row;
}

static void test_the_most_that_was_live_at_once(void **state)
{
	(void)state;
	make(UNIT(1), 5, 100 * KIB, 10);
	make(UNIT(1), 6, 300 * KIB, 20);
	drop(UNIT(1), 6, 300 * KIB);
	make(UNIT(1), 7, 200 * KIB, 30); /* less in all than before */
	make(UNIT(2), 5, 900 * KIB, 30); /* of another */
	heap_peaks_unit_over(UNIT(1), 77);
	assert_int_equal(heap_store.file->peak_head, 1);
	const struct heap_peak *row = told(1);
	assert_int_equal(row->unit, UNIT(1));
	assert_int_equal(row->bytes, 400 * KIB);
	assert_int_equal(row->at_ns, 20);
	assert_int_equal(row->site, 6);
	assert_int_equal(row->site_bytes, 300 * KIB);
	assert_int_equal(row->samples, 2);
	assert_int_equal(row->route, 77);
	assert_int_equal(row->variance_1k, 0);
}

/* The site is that with most, not that of the last block. */
static void test_the_site_is_that_with_most(void **state)
{
	(void)state;
	make(UNIT(1), 3, 5000 * KIB, 10);
	for (uint32_t site = 10; site < 60; site++) /* more than are followed */
		make(UNIT(1), site, 10 * KIB, 20 + site);
	heap_peaks_unit_over(UNIT(1), 0);
	assert_int_equal(told(1)->bytes, 5500 * KIB);
	assert_int_equal(told(1)->site, 3);
	assert_int_equal(told(1)->site_bytes, 5000 * KIB);
}

static void test_what_a_sample_stands_for(void **state)
{
	struct heap_live small = {
		.unit = UNIT(1), .site = 2, .size = 1024, .weight_bytes = 129 * KIB};

	(void)state;
	heap_peaks_account(&small, 1, 10, true);
	heap_peaks_unit_over(UNIT(1), 0);
	assert_int_equal(told(1)->bytes, 129 * KIB);
	assert_int_equal(told(1)->variance_1k, 129 * 128 * KIB);
}

static void test_what_is_freed_after_it_is_nobodys(void **state)
{
	(void)state;
	make(UNIT(1), 5, 100, 10);
	heap_peaks_unit_over(UNIT(1), 0);
	drop(UNIT(1), 5, 100);
	heap_peaks_unit_over(UNIT(1), 0); /* nothing to tell */
	heap_peaks_unit_over(UNIT(2), 0);
	assert_int_equal(heap_store.file->peak_head, 1);
}

/* When samples become fewer, those that stay weigh more: of a unit that is over, too. */
static void test_what_is_weighed_again_is_not_born(void **state)
{
	const struct heap_live after = sample_of(UNIT(1), 5, 250);

	(void)state;
	make(UNIT(1), 5, 100, 10);
	drop(UNIT(1), 5, 100);
	heap_peaks_account(&after, 1, 20, false);
	heap_peaks_unit_over(UNIT(1), 0);
	assert_int_equal(told(1)->bytes, 250);
	heap_peaks_account(&after, 1, 30, false);
	heap_peaks_flush();
	assert_int_equal(heap_store.file->peak_head, 1);
}

static void test_hooks_that_go_out_tell_of_open_ones(void **state)
{
	(void)state;
	make(UNIT(1), 5, 100, 10);
	make(UNIT(2), 5, 200, 10);
	gate_is_open = false;
	heap_peaks_flush();
	assert_int_equal(heap_store.file->peak_head, 0);
	gate_is_open = true;
	heap_peaks_flush();
	heap_peaks_flush();
	assert_int_equal(heap_store.file->peak_head, 2);
	assert_int_equal(told(1)->bytes + told(2)->bytes, 300);
}

/* One that is forgotten (its end was never told) gives way, one at work does not. */
static void test_places_are_few(void **state)
{
	const uint64_t later = 3600 * NS_PER_S;
	uint64_t units = 4096, followed;

	(void)state;
	for (uint64_t n = 1; n <= units; n++)
		make(UNIT(n), 5, 100, 10);
	followed = units - heap_store.file->peaks_lost;
	assert_true(followed > 900 && followed <= 1024);
	assert_int_equal(heap_store.file->peaks_lost, units - followed);
	for (uint64_t n = units + 1; n <= 2 * units; n++)
		make(UNIT(n), 5, 100 + n, later);
	heap_peaks_flush();
	assert_true(heap_store.file->peak_head > 900);
	uint64_t new_ones = 0;
	for (uint64_t number = 1; number <= heap_store.file->peak_head; number++)
		new_ones += told(number)->unit > UNIT(units);
	assert_true(new_ones > 900);
}

static void test_the_ring_goes_round(void **state)
{
	(void)state;
	for (uint64_t n = 1; n <= HEAP_PEAKS + 3; n++) {
		make(UNIT(n), 5, n, 10);
		heap_peaks_unit_over(UNIT(n), 0);
	}
	assert_int_equal(told(HEAP_PEAKS + 3)->bytes, HEAP_PEAKS + 3);
	assert_int_equal(told(4)->bytes, 4);
	assert_int_equal(heap_store.file->peaks[2].number, HEAP_PEAKS + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_most_that_was_live_at_once, start, stop),
		cmocka_unit_test_setup_teardown(test_the_site_is_that_with_most, start, stop),
		cmocka_unit_test_setup_teardown(test_what_a_sample_stands_for, start, stop),
		cmocka_unit_test_setup_teardown(test_what_is_freed_after_it_is_nobodys, start,
						stop),
		cmocka_unit_test_setup_teardown(test_what_is_weighed_again_is_not_born, start,
						stop),
		cmocka_unit_test_setup_teardown(test_hooks_that_go_out_tell_of_open_ones, start,
						stop),
		cmocka_unit_test_setup_teardown(test_places_are_few, start, stop),
		cmocka_unit_test_setup_teardown(test_the_ring_goes_round, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Whom a walk looks for: what grows comes before what is large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/walk_targets.h"

enum { LIVES_MAX = 4096 };
/* Sampled for 80 seconds: the start is 10, what is new is of the last 10. */
#define BEGAN_NS (1000 * NS_PER_S)
#define NOW_NS (1080 * NS_PER_S)

static struct heap_live lives[LIVES_MAX];
static size_t count;
static struct walk_target targets[WALK_TARGETS];
static size_t chosen;

static int begin(void **state)
{
	(void)state;
	count = 0;
	return 0;
}

static void put(uint32_t site, uint64_t bytes, uint64_t born_s)
{
	lives[count] = (struct heap_live){
		.address = 0x1000 + 16 * count,
		.site = site,
		.size = 100,
		.weight_bytes = bytes,
		.born_ns = BEGAN_NS + born_s * NS_PER_S,
	};
	count++;
}

static uint64_t address_of(size_t at)
{
	return 0x1000 + 16 * at;
}

static void choose(void)
{
	struct arena *arena = arena_new();
	chosen = walk_targets_choose(lives, count, BEGAN_NS, NOW_NS, arena, targets);
	arena_free(arena);
}

static void test_what_grows_comes_first(void **state)
{
	(void)state;
	put(1, 50 << 20, 2);  /* imported */
	put(2, 90 << 20, 79); /* at work on it */
	for (uint64_t s = 0; s < 80; s += 5)
		put(3, 1000, s);
	choose();
	assert_int_equal(chosen, 4);
	assert_int_equal(targets[0].site, 3);
	/* of those that are neither of the start nor new, born after 10 to 65 seconds, the oldest,
	   the newest and one between */
	assert_true(targets[0].address == address_of(2 + 2));
	assert_true(targets[1].address == address_of(2 + 7));
	assert_true(targets[2].address == address_of(2 + 13));
	assert_int_equal(targets[3].site, 1);
	assert_true(targets[3].address == address_of(0));
}

static void test_of_all_times_in_any_order(void **state)
{
	static const uint64_t born[] = {40, 30, 60, 20, 50, 25};
	(void)state;
	for (size_t i = 0; i < sizeof born / sizeof *born; i++)
		put(7, 10, born[i]);
	choose();
	assert_int_equal(chosen, 3);
	assert_true(targets[0].address == address_of(3));
	assert_true(targets[1].address == address_of(1));
	assert_true(targets[2].address == address_of(2));
}

/* One line of a program makes what it keeps by many stacks, each with a sample or two. */
static void test_sites_with_few_samples_are_looked_for(void **state)
{
	(void)state;
	for (uint64_t s = 20; s <= 60; s += 20)
		put(1, 10, s);
	for (uint32_t site = 2; site < 42; site++)
		put(site, 10, 30);
	put(50, 9000, 40); /* by no unit of work: a late import */
	put(51, 10, 40);
	lives[count - 1].unit = 7;
	for (uint32_t site = 60; site < 90; site++)
		put(site, 90 << 20, 2);
	choose();
	assert_int_equal(chosen, 3 + 42);
	assert_int_equal(targets[0].site, 1);
	assert_int_equal(targets[3].site, 51);
	assert_int_equal(targets[4].site, 50);
	assert_int_equal(targets[chosen - 1].site, 41);
}

static void test_only_so_many_lines(void **state)
{
	(void)state;
	for (uint32_t site = 0; site < 200; site++)
		for (uint64_t s = 0; s < 5; s++)
			put(site, 10 + site, 20 + s);
	choose();
	assert_int_equal(chosen, WALK_TARGET_SITES * WALK_TARGETS_EACH);
	assert_true(chosen <= WALK_TARGETS);
	assert_int_equal(targets[0].site, 199);
	assert_int_equal(targets[chosen - 1].site, 200 - WALK_TARGET_SITES);
}

static void test_what_was_inherited_does_not_grow(void **state)
{
	(void)state;
	for (uint64_t s = 20; s <= 60; s += 20) {
		put(1, 5000, s);
		lives[count - 1].flags = HEAP_PRE_FORK;
		put(2, 10, s);
	}
	choose();
	assert_int_equal(chosen, 6);
	assert_int_equal(targets[0].site, 2);
	assert_int_equal(targets[3].site, 1);
}

static void test_what_came_at_once_does_not_grow(void **state)
{
	(void)state;
	for (uint64_t s = 20; s < 36; s++)
		put(1, 5000, s); /* in two of the eight parts of the time */
	for (uint64_t s = 20; s <= 60; s += 20)
		put(2, 10, s);
	choose();
	assert_int_equal(chosen, 6);
	assert_int_equal(targets[0].site, 2);
	assert_int_equal(targets[3].site, 1);
}

static void test_nothing_to_choose(void **state)
{
	(void)state;
	choose();
	assert_int_equal(chosen, 0);
	put(1, 1000, 79);
	choose();
	assert_int_equal(chosen, 0);
	/* a clock that a process made up: then all is of the start */
	struct arena *arena = arena_new();
	assert_int_equal(walk_targets_choose(lives, count, UINT64_MAX, NOW_NS, arena, targets), 1);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_what_grows_comes_first, begin),
		cmocka_unit_test_setup(test_of_all_times_in_any_order, begin),
		cmocka_unit_test_setup(test_sites_with_few_samples_are_looked_for, begin),
		cmocka_unit_test_setup(test_only_so_many_lines, begin),
		cmocka_unit_test_setup(test_what_was_inherited_does_not_grow, begin),
		cmocka_unit_test_setup(test_what_came_at_once_does_not_grow, begin),
		cmocka_unit_test_setup(test_nothing_to_choose, begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

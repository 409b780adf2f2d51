/* Samples come nearer to one another where that costs little, and stay where it would not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/heap_file.h"
#include "agent/heap_rate.h"
#include "base/clock.h"

#define MIB (UINT64_C(1) << 20)

struct app {
	uint64_t allocated;    /* bytes a second */
	uint64_t grows;        /* resident bytes a second */
	uint64_t live, own_ns; /* live samples at 128 KiB; time of a sample */
	uint32_t names;        /* parts of the room that each second takes at 128 KiB */
};

/* The interval after so many seconds, and how often it was halved. */
static uint32_t after(const struct app *app, unsigned seconds)
{
	struct heap_rate rate = {.looks = 0};
	uint32_t interval = HEAP_INTERVAL_DEFAULT;
	uint64_t samples = 0;
	uint32_t names = 0;
	for (unsigned s = 1; s <= seconds; s++) {
		samples += app->allocated / interval;
		names += app->names * (HEAP_INTERVAL_DEFAULT / interval);
		const struct heap_rate_look now = {
			.at_ns = s * NS_PER_S,
			.samples = samples,
			.own_ns = samples / 16 * app->own_ns,
			.own_timed = samples / 16,
			.live = app->live * HEAP_INTERVAL_DEFAULT / interval,
			.resident_bytes = 40 * MIB + s * app->grows,
			.names_256 = names,
			.interval = interval,
		};
		interval = heap_rate_look(&rate, &now);
	}
	return interval;
}

static void test_what_allocates_slowly_is_seen_closely(void **state)
{
	const struct app slow = {MIB, 0, 20, 1500, 0};
	(void)state;
	assert_int_equal(after(&slow, 1), HEAP_INTERVAL_DEFAULT); /* nothing to compare with */
	assert_int_equal(after(&slow, 2), HEAP_INTERVAL_MIN);     /* at once */
	assert_int_equal(after(&slow, 60), HEAP_INTERVAL_MIN);
}

/* A 250th of the time: 666 samples of 6 µs a second; and 1,800 at most. */
static void test_it_costs_little(void **state)
{
	const struct app fast = {100 * MIB, 0, 20, 1500, 0}, middle = {20 * MIB, 0, 20, 1500, 0},
			 dear = {20 * MIB, 0, 20, 6000, 0};
	(void)state;
	assert_int_equal(after(&fast, 60), 64u << 10);   /* 1,600 */
	assert_int_equal(after(&middle, 60), 16u << 10); /* 1,280 */
	assert_int_equal(after(&dear, 60), 32u << 10);   /* 640 */
}

static void test_few_stay_live(void **state)
{
	const struct app large = {MIB, 0, 2000, 1500, 0}, larger = {MIB, 0, 3000, 1500, 0};
	(void)state;
	assert_int_equal(after(&large, 60), HEAP_INTERVAL_DEFAULT / 2); /* 4,000 */
	assert_int_equal(after(&larger, 60), HEAP_INTERVAL_DEFAULT);
}

/* At half of it the distance goes back, and stays. */
static void test_stacks_leave_room(void **state)
{
	const struct app many = {.allocated = MIB, .live = 20, .own_ns = 1500, .names = 1};
	(void)state;
	assert_int_equal(after(&many, 5), 4u << 10); /* 97 parts: more than a quarter */
	assert_int_equal(after(&many, 6), 8u << 10); /* 129 */
	assert_int_equal(after(&many, 20), HEAP_INTERVAL_DEFAULT);
	assert_int_equal(after(&many, 300), HEAP_INTERVAL_DEFAULT);
}

/* What imports filled is no reason to stay far off: but what is new after them is. */
static void test_stacks_of_imports_are_over(void **state)
{
	struct heap_rate rate = {.looks = 0};
	uint32_t interval = HEAP_INTERVAL_DEFAULT;
	(void)state;
	for (uint64_t s = 1; s <= 20; s++) {
		struct heap_rate_look now = {.at_ns = s * NS_PER_S, .samples = 10 * s};
		now.resident_bytes = UINT64_MAX;
		now.interval = interval;
		now.names_256 = s < 10 ? (uint32_t)(90 + s) : s < 12 ? 99 : (uint32_t)(110 + 2 * s);
		interval = heap_rate_look(&rate, &now);
		if (s < 10)
			assert_int_equal(interval, HEAP_INTERVAL_DEFAULT);
		else if (s < 12)
			assert_int_equal(interval, HEAP_INTERVAL_MIN);
	}
	assert_int_equal(interval, HEAP_INTERVAL_DEFAULT); /* 134 and more since the 12th */
}

/* While the process grows more may be spent: a hundredth. */
static void test_what_grows_is_worth_more(void **state)
{
	const struct app leaks = {20 * MIB, MIB / 4, 20, 6000, 0},
			 creeps = {20 * MIB, MIB / 64, 20, 6000, 0};
	(void)state;
	assert_int_equal(after(&leaks, 15), 32u << 10); /* two stretches are not over */
	assert_int_equal(after(&leaks, 60), 16u << 10); /* 1,280 of 6 µs */
	assert_int_equal(after(&creeps, 60), 32u << 10);
}

static struct heap_rate_look look(uint64_t second, uint32_t doubled)
{
	return (struct heap_rate_look){.at_ns = second * NS_PER_S,
				       .samples = second,
				       .resident_bytes = UINT64_MAX,
				       .interval = HEAP_INTERVAL_DEFAULT,
				       .doubled = doubled};
}

static void test_after_there_were_too_many_it_holds(void **state)
{
	struct heap_rate rate = {.looks = 0};
	(void)state;
	for (uint64_t s = 1; s <= 100; s++) {
		const struct heap_rate_look now = look(s, s >= 10);
		assert_int_equal(heap_rate_look(&rate, &now) < now.interval,
				 s > 1 && (s < 10 || s >= 10 + HEAP_RATE_HOLD_S));
	}
}

/* Of an import, say: it is come back to, and stays. */
static void test_what_was_asked_for_is_come_back_to(void **state)
{
	struct heap_rate rate = {.looks = 0};
	uint32_t interval = 32u << 10;
	(void)state;
	for (uint64_t s = 1; s <= 60; s++) {
		struct heap_rate_look now = look(s, s >= 2);
		now.asked = 16u << 10;
		now.interval = interval;
		now.names_256 = s > 30 ? 200 : 0; /* near samples were asked for */
		interval = heap_rate_look(&rate, &now);
		if (s > 2 && s < 2 + HEAP_RATE_HOLD_ASKED_S)
			assert_int_equal(interval, 32u << 10);
	}
	assert_int_equal(interval, 16u << 10);
}

/* Imports made it 32 KiB for 4: of `samples` a second at 32 KiB, and `live` ones, after one whole
 * second without a doubling. */
static uint32_t back_from_32k(uint64_t samples, uint64_t live)
{
	struct heap_rate rate = {.looks = 0};
	uint32_t interval = 32u << 10;
	for (uint64_t s = 1; s <= 2 + HEAP_RATE_HOLD_ASKED_S; s++) {
		struct heap_rate_look now = look(s, s >= 2);
		now.asked = 4u << 10;
		now.interval = interval;
		now.samples = s * samples;
		now.live = live;
		interval = heap_rate_look(&rate, &now);
	}
	return interval;
}

static void test_it_is_come_back_to_at_once_as_far_as_it_goes(void **state)
{
	(void)state;
	assert_int_equal(back_from_32k(100, 100), 4u << 10);
	assert_int_equal(back_from_32k(300, 100), 8u << 10);   /* 1,200 a second; not 2,400 */
	assert_int_equal(back_from_32k(100, 4097), 16u << 10); /* 8,194 live; not 16,388 */
	assert_int_equal(back_from_32k(1000, 100), 32u << 10);
}

/* A clock or a counter that goes back is a new begin. */
static void test_what_goes_back_tells_nothing(void **state)
{
	struct heap_rate rate = {.looks = 0};
	struct heap_rate_look now = look(5, 0);
	(void)state;
	assert_int_equal(heap_rate_look(&rate, &now), now.interval);
	assert_int_equal(heap_rate_look(&rate, &now), now.interval);
	now = look(6, 0);
	now.samples = 1;
	assert_int_equal(heap_rate_look(&rate, &now), now.interval);
	now = look(7, 0);
	assert_true(heap_rate_look(&rate, &now) < now.interval);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_allocates_slowly_is_seen_closely),
		cmocka_unit_test(test_it_costs_little),
		cmocka_unit_test(test_few_stay_live),
		cmocka_unit_test(test_stacks_leave_room),
		cmocka_unit_test(test_stacks_of_imports_are_over),
		cmocka_unit_test(test_what_grows_is_worth_more),
		cmocka_unit_test(test_after_there_were_too_many_it_holds),
		cmocka_unit_test(test_what_was_asked_for_is_come_back_to),
		cmocka_unit_test(test_it_is_come_back_to_at_once_as_far_as_it_goes),
		cmocka_unit_test(test_what_goes_back_tells_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

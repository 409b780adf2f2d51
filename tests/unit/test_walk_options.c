/* When the heap is walked: as asked, or, beside samples of the heap, ever more rarely. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "cmd/walk_options.h"

/* How many walks are asked for in so many seconds; *last_s: when the last was. */
static int walks_in(struct walk_schedule schedule, uint64_t seconds, uint64_t *last_s)
{
	const uint64_t start_ns = 77 * NS_PER_S;
	int walks = 0;
	walk_begin(&schedule, start_ns);
	for (uint64_t s = 1; s <= seconds; s++)
		if (walk_is_due(&schedule, start_ns + s * NS_PER_S)) {
			walks++;
			*last_s = s;
		}
	return walks;
}

static struct walk_schedule plan(const char *word, bool beside_samples)
{
	const struct walk_values values = {.every = {.words = {word}, .count = word ? 1 : 0}};
	struct walk_schedule schedule;
	struct err e = {0};
	assert_int_equal(walk_options_plan(&values, beside_samples, &schedule, &e), ERR_OK);
	return schedule;
}

static void as_often_as_asked(void **state)
{
	uint64_t last_s = 0;
	(void)state;
	assert_int_equal(walks_in(plan("", true), 35, &last_s), 3);
	assert_int_equal(last_s, 30);
	assert_int_equal(walks_in(plan("3", false), 35, &last_s), 11);
	assert_int_equal(walks_in(plan(NULL, false), 3600, &last_s), 0);
	assert_int_equal(walks_in(plan("off", true), 3600, &last_s), 0);
}

static void beside_samples_ever_more_rarely(void **state)
{
	uint64_t last_s = 0;
	(void)state;
	assert_int_equal(walks_in(plan(NULL, true), 12, &last_s), 2);
	assert_int_equal(last_s, 10);
	assert_int_equal(walks_in(plan(NULL, true), 639, &last_s), 7); /* 5 … 320 */
	assert_int_equal(walks_in(plan(NULL, true), 86400, &last_s), 8 + 142);
	assert_int_equal(last_s, 640 + 142 * 600);
}

static void not_too_often(void **state)
{
	const struct walk_values values = {.every = {.words = {"0.1"}, .count = 1}};
	struct walk_schedule schedule;
	struct err e = {0};
	(void)state;
	assert_int_equal(walk_options_plan(&values, true, &schedule, &e), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_often_as_asked),
		cmocka_unit_test(beside_samples_ever_more_rarely),
		cmocka_unit_test(not_too_often),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Each verdict: a result that draws it, and one beside it that does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/histogram.h"
#include "load/tally.h"
#include "load/verdict.h"

#define START_NS (100 * NS_PER_S)

static struct load_plan plan;
static struct load_result result;

/* Ten seconds at 100/s, each answered after 10 ms, sent on time, by a client that is bored. */
static int make_good_run(void **state)
{
	(void)state;
	plan = (struct load_plan){.connections = 10, .threads = 1, .timeout_ns = NS_PER_S};
	tally_begin(&result, START_NS, 10 * NS_PER_S);
	for (uint64_t i = 0; i < 1000; i++) {
		const uint64_t due_ns = START_NS + i * 10 * NS_PER_MS;
		tally_due(&result, due_ns);
		tally_sent(&result, due_ns, 0, due_ns);
		tally_answered(&result, due_ns, due_ns, due_ns + 10 * NS_PER_MS - 1, 200);
	}
	result.thread_count = 1;
	result.connections_used = 10;
	return 0;
}

static int free_run(void **state)
{
	(void)state;
	load_result_free(&result);
	return 0;
}

static bool says(const char *id)
{
	struct load_verdicts verdicts;
	load_judge(&plan, &result, &verdicts);
	for (size_t i = 0; i < verdicts.count; i++)
		if (strcmp(verdicts.items[i].id, id) == 0)
			return strlen(verdicts.items[i].text) + 1 < LOAD_VERDICT_SIZE;
	return false;
}

static void test_a_good_run_has_none(void **state)
{
	(void)state;
	struct load_verdicts verdicts;
	load_judge(&plan, &result, &verdicts);
	assert_int_equal(verdicts.count, 0);
	assert_false(verdicts.is_invalid);
}

static void test_late_is_a_tenth_of_the_median(void **state)
{
	(void)state;
	histogram_record_many(result.lateness, 900 * NS_PER_US, 1000);
	assert_false(says("late"));
	histogram_record_many(result.lateness, 1100 * NS_PER_US, 1000);
	assert_true(says("late"));
	plan.closed = true;
	assert_false(says("late"));
}

static void test_busy_is_the_busiest_thread(void **state)
{
	(void)state;
	struct load_verdicts verdicts;
	result.thread_count = 2;
	result.threads[1].busy_share = 0.79;
	assert_false(says("busy"));
	result.threads[1].busy_share = 0.81;
	load_judge(&plan, &result, &verdicts);
	assert_true(verdicts.is_invalid);
	assert_non_null(strstr(verdicts.items[0].text, "thread 2 "));
}

static void test_no_answers(void **state)
{
	(void)state;
	tally_left(&result, START_NS, START_NS, START_NS + NS_PER_S);
	assert_false(says("no-answers"));
	load_result_free(&result);
	tally_begin(&result, START_NS, NS_PER_S);
	assert_false(says("no-answers")); /* nothing was asked */
	tally_due(&result, START_NS);
	tally_left(&result, START_NS, START_NS, START_NS + NS_PER_S);
	assert_true(says("no-answers"));
}

/* Nothing since second 9: a stall; half of it answered later: none. */
static void test_a_stall_at_the_end(void **state)
{
	(void)state;
	result.last_answer_ns = 9 * NS_PER_S;
	assert_false(says("stall-at-end")); /* nobody waits */
	result.unanswered = 10;
	assert_true(says("stall-at-end"));
	result.last_answer_ns = 10 * NS_PER_S - 50 * NS_PER_MS;
	assert_false(says("stall-at-end"));
}

static void test_a_backlog_that_grows(void **state)
{
	(void)state;
	for (uint64_t second = 0; second < 10; second++)
		result.timeline.rows[second].completed -= 4;
	assert_false(says("backlog")); /* 40 of 1,000 */
	for (uint64_t second = 0; second < 10; second++)
		result.timeline.rows[second].completed -= 4;
	assert_true(says("backlog"));
	/* The same number, all of it from the first second: it does not grow. */
	for (uint64_t second = 0; second < 10; second++)
		result.timeline.rows[second].completed += 8;
	result.timeline.rows[0].completed -= 80;
	assert_false(says("backlog"));
}

static void test_starved_connections(void **state)
{
	(void)state;
	struct load_verdicts verdicts;
	result.starved = 9;
	result.starved_longest_ns = 9 * NS_PER_S;
	load_judge(&plan, &result, &verdicts);
	assert_string_equal(verdicts.items[0].id, "starved");
	assert_non_null(strstr(verdicts.items[0].text, "9 of 10 connections got no answer"));
	assert_non_null(strstr(verdicts.items[0].text, "others got 1,000 each"));
}

static void test_errors(void **state)
{
	(void)state;
	struct load_verdicts verdicts;
	tally_due(&result, START_NS);
	tally_failed(&result, START_NS, START_NS, START_NS + 5, LOAD_ERROR_RESET, "reset it was");
	load_judge(&plan, &result, &verdicts);
	assert_string_equal(verdicts.items[0].id, "errors");
	assert_non_null(strstr(verdicts.items[0].text, "reset it was"));
	for (int i = 0; i < 2000; i++)
		tally_answered(&result, START_NS, START_NS, START_NS + 5, 404);
	load_judge(&plan, &result, &verdicts);
	assert_non_null(strstr(verdicts.items[0].text, "most answers have a status of 400"));
}

static void test_the_warm_up_is_not_noted(void **state)
{
	(void)state;
	const uint64_t before_ns = START_NS - NS_PER_MS;
	const uint64_t due = result.due, answered = result.answered;
	tally_due(&result, before_ns);
	tally_sent(&result, before_ns, 0, before_ns + 5);
	tally_answered(&result, before_ns, before_ns, before_ns + 10, 500);
	tally_failed(&result, before_ns, before_ns, before_ns + 10, LOAD_ERROR_RESET, "no");
	tally_left(&result, before_ns, 0, START_NS + 10);
	assert_int_equal(result.due, due);
	assert_int_equal(result.answered, answered);
	assert_int_equal(load_result_errors(&result), 0);
	assert_int_equal(histogram_count(result.response), 1000);
	/* An answer that comes in the window is work done in it, whenever it was due. */
	const uint64_t completed = result.completed;
	tally_answered(&result, before_ns, before_ns, START_NS + 10, 200);
	assert_int_equal(result.completed, completed + 1);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, make_good_run, free_run)
	const struct CMUnitTest tests[] = {
		CASE(test_a_good_run_has_none),        CASE(test_late_is_a_tenth_of_the_median),
		CASE(test_busy_is_the_busiest_thread), CASE(test_no_answers),
		CASE(test_a_stall_at_the_end),         CASE(test_a_backlog_that_grows),
		CASE(test_starved_connections),        CASE(test_errors),
		CASE(test_the_warm_up_is_not_noted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

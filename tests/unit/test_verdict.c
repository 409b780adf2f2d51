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

static const char *text_of(const char *id)
{
	static struct load_verdicts verdicts;
	load_judge(&plan, &result, &verdicts);
	for (size_t i = 0; i < verdicts.count; i++)
		if (strcmp(verdicts.items[i].id, id) == 0)
			return verdicts.items[i].text;
	return "";
}

/* Four seconds at 200/s for two connections and a server that takes `service_ns`, the first time
 * `first_ns`: two answers each time, what is left has none a second later. */
static void make_overload(uint64_t first_ns, uint64_t service_ns)
{
	load_result_free(&result);
	plan.connections = 2;
	tally_begin(&result, START_NS, 4 * NS_PER_S);
	for (uint64_t i = 0, at_ns = START_NS; i < 800; i++) {
		const uint64_t due_ns = START_NS + i * 5 * NS_PER_MS;
		const uint64_t sent_ns = at_ns > due_ns ? at_ns : due_ns;
		const uint64_t took_ns = i ? service_ns : first_ns;
		tally_due(&result, due_ns);
		if (sent_ns + took_ns >= START_NS + 5 * NS_PER_S) {
			tally_left(&result, due_ns, 0, START_NS + 5 * NS_PER_S);
			continue;
		}
		tally_sent(&result, due_ns, sent_ns, sent_ns);
		tally_occupied(&result, sent_ns, sent_ns + took_ns);
		tally_answered(&result, due_ns, sent_ns, sent_ns + took_ns, 200);
		at_ns += i % 2 ? took_ns : 0;
	}
	result.thread_count = 1;
	result.connections_used = 2;
}

static void test_the_limit_of_connections_is_not_the_server(void **state)
{
	(void)state;
	make_overload(20 * NS_PER_MS, 20 * NS_PER_MS);
	assert_false(says("backlog"));
	assert_true(says("connections"));
	assert_non_null(strstr(text_of("connections"), "-c 2 allows about 99.5/s at 20.1 ms each: "
						       "raise -c or use --open"));
	/* The same pace, but each took half as long while it was alone. */
	make_overload(10 * NS_PER_MS, 20 * NS_PER_MS);
	assert_false(says("connections"));
	assert_true(says("backlog"));
	/* Connections that were free: the limit is not theirs. */
	make_overload(20 * NS_PER_MS, 20 * NS_PER_MS);
	plan.connections = 3;
	assert_true(says("backlog"));
}

/* An answer a connection, as HTTP/1.0 has it: half of the time goes into making them. */
static void test_a_connection_that_is_made_is_no_free_one(void **state)
{
	(void)state;
	make_overload(20 * NS_PER_MS, 20 * NS_PER_MS);
	load_result_free(&result);
	tally_begin(&result, START_NS, 4 * NS_PER_S);
	for (uint64_t i = 0; i < 800; i++) {
		const uint64_t due_ns = START_NS + i * 5 * NS_PER_MS;
		const uint64_t sent_ns = START_NS + i / 2 * 20 * NS_PER_MS + 10 * NS_PER_MS;
		tally_due(&result, due_ns);
		if (sent_ns >= START_NS + 5 * NS_PER_S) {
			tally_left(&result, due_ns, 0, START_NS + 5 * NS_PER_S);
			continue;
		}
		tally_occupied(&result, sent_ns - 10 * NS_PER_MS, sent_ns + 10 * NS_PER_MS);
		tally_answered(&result, due_ns, sent_ns, sent_ns + 10 * NS_PER_MS, 200);
	}
	result.thread_count = 1;
	result.connections_used = 2;
	assert_false(says("backlog"));
	assert_non_null(strstr(text_of("connections"), "-c 2 allows about 99.5/s at 20.1 ms each"));
}

static void test_only_the_window_counts_as_occupied(void **state)
{
	(void)state;
	tally_occupied(&result, START_NS - NS_PER_S, START_NS + NS_PER_S);
	assert_int_equal(result.occupied_ns, NS_PER_S);
	tally_occupied(&result, START_NS + 9 * NS_PER_S, START_NS + 11 * NS_PER_S);
	assert_int_equal(result.occupied_ns, 2 * NS_PER_S);
	tally_occupied(&result, START_NS + 10 * NS_PER_S, START_NS + 11 * NS_PER_S);
	tally_occupied(&result, START_NS - 2 * NS_PER_S, START_NS - NS_PER_S);
	tally_occupied(&result, 0, START_NS + NS_PER_S);
	assert_int_equal(result.occupied_ns, 2 * NS_PER_S);
}

static void test_those_who_wait_are_counted_twice_and_it_is_said_when(void **state)
{
	(void)state;
	make_overload(10 * NS_PER_MS, 20 * NS_PER_MS);
	assert_int_equal(result.answered, result.completed + result.completed_late);
	assert_true(result.completed_late > 50 && result.completed_late < 150);
	assert_non_null(strstr(text_of("backlog"), "at the end of the 4 s "));
	assert_non_null(strstr(text_of("backlog"), " had no answer a second later"));
}

static void test_the_rate_is_until_the_last_answer_where_all_have_one(void **state)
{
	(void)state;
	load_result_free(&result);
	tally_begin(&result, START_NS, 200 * NS_PER_MS);
	for (uint64_t i = 0; i < 20; i++) {
		const uint64_t due_ns = START_NS + i * 10 * NS_PER_MS;
		tally_due(&result, due_ns);
		tally_answered(&result, due_ns, due_ns, due_ns + 60 * NS_PER_MS, 200);
	}
	assert_int_equal(load_result_rate_ns(&result), 250 * NS_PER_MS);
	assert_true(load_result_rate(&result) > 79.9 && load_result_rate(&result) < 80.1);
	tally_due(&result, START_NS);
	tally_left(&result, START_NS, START_NS, START_NS + NS_PER_S); /* not all: the window */
	assert_int_equal(load_result_rate_ns(&result), 200 * NS_PER_MS);
	assert_true(load_result_rate(&result) > 69.9 && load_result_rate(&result) < 70.1);
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
	/* An idle client needs no CPU of its own; of 10 ms, no more is wrong than was late. */
	assert_null(strstr(text_of("late"), "taskset"));
	assert_non_null(strstr(text_of("late"), "too high, their p50 1.10 ms;"));
	result.threads[0].busy_share = 0.7;
	assert_non_null(strstr(text_of("late"), "taskset"));
	plan.closed = true;
	assert_false(says("late"));
}

/* The p50 is 9,999,999 ns; a run that is as late as a tenth of it still counts. */
static void test_the_limits_of_what_is_valid(void **state)
{
	(void)state;
	struct load_verdicts verdicts;
	histogram_reset(result.lateness);
	histogram_record(result.lateness, 999999);
	result.threads[0].busy_share = 0.80;
	load_judge(&plan, &result, &verdicts);
	assert_int_equal(verdicts.count, 0);
	histogram_record_many(result.lateness, 1000001, 100);
	load_judge(&plan, &result, &verdicts);
	assert_int_equal(verdicts.count, 1);
	assert_string_equal(verdicts.items[0].id, "late");
	assert_true(verdicts.items[0].is_invalid && verdicts.is_invalid);
	histogram_reset(result.lateness);
	result.threads[0].busy_share = 0.801;
	load_judge(&plan, &result, &verdicts);
	assert_int_equal(verdicts.count, 1);
	assert_string_equal(verdicts.items[0].id, "busy");
	assert_true(verdicts.items[0].is_invalid && verdicts.is_invalid);
}

/* What the server did is no reason not to believe the figures. */
static void test_others_are_not_invalid(void **state)
{
	(void)state;
	struct load_verdicts verdicts;
	result.starved = 1;
	result.fd_limit_at = 1;
	tally_failed(&result, START_NS, START_NS, START_NS + 5, LOAD_ERROR_RESET, "reset");
	load_judge(&plan, &result, &verdicts);
	assert_int_equal(verdicts.count, 3);
	assert_false(verdicts.is_invalid || verdicts.items[0].is_invalid);
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
	assert_non_null(strstr(verdicts.items[0].text, "is the path, the method"));
	for (int i = 0; i < 3000; i++)
		tally_answered(&result, START_NS, START_NS, START_NS + 5, 500);
	assert_null(strstr(text_of("errors"), "is the path, the method"));
	assert_non_null(strstr(text_of("errors"), "unslow run --load"));
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
		CASE(test_a_good_run_has_none),
		CASE(test_late_is_a_tenth_of_the_median),
		CASE(test_the_limits_of_what_is_valid),
		CASE(test_others_are_not_invalid),
		CASE(test_busy_is_the_busiest_thread),
		CASE(test_no_answers),
		CASE(test_a_stall_at_the_end),
		CASE(test_a_backlog_that_grows),
		CASE(test_starved_connections),
		CASE(test_errors),
		CASE(test_the_warm_up_is_not_noted),
		CASE(test_the_limit_of_connections_is_not_the_server),
		CASE(test_a_connection_that_is_made_is_no_free_one),
		CASE(test_only_the_window_counts_as_occupied),
		CASE(test_those_who_wait_are_counted_twice_and_it_is_said_when),
		CASE(test_the_rate_is_until_the_last_answer_where_all_have_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

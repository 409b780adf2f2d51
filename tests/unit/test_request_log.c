/* Single requests kept: all while there is room, then the slowest; and their text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/request_log.h"

static struct request_seen took(uint64_t due_ns, uint64_t ns)
{
	return (struct request_seen){.trace_high = 1,
				     .trace_low = due_ns,
				     .due_ns = due_ns,
				     .sent_ns = due_ns + 1,
				     .done_ns = due_ns + ns,
				     .ended_ns = due_ns + ns,
				     .status = 200};
}

struct reading {
	struct request_seen seen[200];
	size_t count;
};

static void take(void *context, const struct request_seen *seen)
{
	struct reading *reading = context;
	assert_true(reading->count < 200);
	reading->seen[reading->count++] = *seen;
}

static char *text_of(const struct request_log *log)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	request_log_write(log, out);
	fclose(out);
	return text;
}

static enum err_kind read_text(const char *text, struct reading *reading, struct err *e)
{
	*reading = (struct reading){0};
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	const enum err_kind kind = request_log_read(in, take, reading, e);
	fclose(in);
	return kind;
}

static void read_back(const struct request_log *log, struct reading *reading)
{
	struct err e = {0};
	char *text = text_of(log);
	if (read_text(text, reading, &e) != ERR_OK)
		fail_msg("%s\n%s", e.text, text);
	free(text);
}

static void test_text_and_back(void **state)
{
	struct reading reading;
	struct request_log *log = request_log_new(10);
	const struct request_seen unsent = {.due_ns = 300, .ended_ns = 900};
	struct request_seen failed = took(200, 70);
	(void)state;
	failed.done_ns = 0;
	failed.status = 0;
	strcpy(failed.error, "timeout");
	struct request_seen answered = took(100, 50);
	answered.line = 7;
	request_log_add(log, &unsent);
	request_log_add(log, &failed);
	request_log_add(log, &answered);
	char *text = text_of(log);
	assert_string_equal(text, "trace,due_ns,sent_ns,done_ns,status,error,line\n"
				  "00000000000000010000000000000064,100,101,150,200,,7\n"
				  "000000000000000100000000000000c8,200,201,,,timeout,\n"
				  ",300,,,,,\n");
	free(text);
	read_back(log, &reading);
	assert_int_equal(reading.count, 3);
	assert_true(reading.seen[0].trace_high == 1 && reading.seen[0].trace_low == 100);
	assert_int_equal(reading.seen[0].done_ns, 150);
	assert_int_equal(reading.seen[0].status, 200);
	assert_int_equal(reading.seen[0].line, 7);
	assert_string_equal(reading.seen[1].error, "timeout");
	assert_int_equal(reading.seen[1].done_ns, 0);
	assert_int_equal(reading.seen[2].sent_ns, 0);
	request_log_free(log);
}

/* Whatever the order they come in. */
static void test_the_slowest_stay(void **state)
{
	(void)state;
	for (uint64_t step = 1; step < 100; step += 2) {
		struct reading reading;
		struct request_log *log = request_log_new(10);
		uint64_t at = 0;
		for (int i = 0; i < 100; i++) {
			at = (at + step) % 101;
			const struct request_seen seen = took(1000 + (uint64_t)i, at);
			request_log_add(log, &seen);
		}
		assert_int_equal(request_log_total(log), 100);
		read_back(log, &reading);
		assert_int_equal(reading.count, 10);
		for (size_t i = 0; i < reading.count; i++)
			assert_true(reading.seen[i].done_ns - reading.seen[i].due_ns > 100 - 10);
		request_log_free(log);
	}
}

static void test_merged_logs_keep_the_slowest_of_both(void **state)
{
	struct reading reading;
	struct request_log *into = request_log_new(4), *from = request_log_new(4);
	(void)state;
	for (uint64_t i = 0; i < 6; i++) {
		const struct request_seen even = took(100 + i, 2 * i),
					  odd = took(200 + i, 2 * i + 1);
		request_log_add(into, &even);
		request_log_add(from, &odd);
	}
	request_log_merge(into, from);
	assert_int_equal(request_log_total(into), 12);
	assert_int_equal(request_log_total(from), 0);
	read_back(into, &reading);
	assert_int_equal(reading.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(reading.seen[i].done_ns - reading.seen[i].due_ns >= 8);
	request_log_free(into);
	request_log_free(from);
}

static void test_what_is_no_log(void **state)
{
	static const char head[] = "trace,due_ns,sent_ns,done_ns,status,error,line\n";
	static const char *const lines[] = {
		"",
		",,,,,,",
		",1,2,3,200",
		",1,2,3,200,",
		"12,1,2,3,200,,",
		"0000000000000001000000000000006G,1,2,3,200,,",
		",-1,2,3,200,,",
		",1,2,x,200,,",
		",1,2,3,1000,,",
		",99999999999999999999,2,3,200,,",
		",9223372036854775808,2,3,200,,",
		",1,2,3,200,,,",
		",1,2,3,200,,x",
		",1,2,3,200,,4294967296",
		",1,2,3,200,an-error-that-is-too-long,",
	};
	struct reading reading;
	(void)state;
	assert_int_equal(read_text("nonsense\n", &reading, NULL), ERR_INVALID);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char text[256];
		snprintf(text, sizeof text, "%s,1,2,3,200,,\n%s\n", head, lines[i]);
		if (read_text(text, &reading, NULL) != ERR_INVALID)
			fail_msg("read: %s", lines[i]);
		assert_int_equal(reading.count, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_back),
		cmocka_unit_test(test_the_slowest_stay),
		cmocka_unit_test(test_merged_logs_keep_the_slowest_of_both),
		cmocka_unit_test(test_what_is_no_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

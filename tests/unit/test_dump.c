/* What `unslow dump` prints of a snapshot made by hand, to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view/dump.h"

static struct snapshot_frame waiting[] = {
	{"Connection.recv", "/usr/lib/python3.12/site-packages/driver.py", 40, CODE_LIBRARY},
	{"handler\x1b[31m", "/srv/app.py", 14, CODE_APP},
};
static struct snapshot_frame busy[] = {{"spin", "/srv/app.py", 20, CODE_APP},
				       {"<lambda>", "<string>", 0, CODE_GENERATED}};
static struct snapshot_frame awaits[] = {{"main", "/srv/app.py", 30, CODE_APP}};

#define WAITER(number) \
	{ \
		.tid = number, .name = "pool", .state = SNAPSHOT_CALL, .call = "recvfrom", \
		.descriptor = 7, .leads_to = "127.0.0.1:5432", .frames = waiting, .frame_count = 2 \
	}
static struct snapshot_thread threads[] = {
	WAITER(11),
	{.tid = 10,
	 .name = "MainThread",
	 .state = SNAPSHOT_RUNNING,
	 .holds_gil = true,
	 .descriptor = -1,
	 .frames = busy,
	 .frame_count = 2,
	 .skipped = 5},
	WAITER(12),
	{.tid = 13,
	 .state = SNAPSHOT_GIL,
	 .call = "futex",
	 .descriptor = -1,
	 .frames = busy,
	 .frame_count = 1},
	{.tid = 14, .state = SNAPSHOT_SLEEP, .call = "clock_nanosleep", .descriptor = -1},
};
static struct snapshot_task tasks[] = {
	{"Task-1", SNAPSHOT_TASK_WAITING, "gather of 2", awaits, 1},
	{"named", SNAPSHOT_TASK_READY, "", awaits, 1},
};
static const struct snapshot_process process = {
	.pid = 10,
	.command = "gunicorn app:app",
	.python = "3.12.1",
	.threads = threads,
	.thread_count = 5,
	.tasks = tasks,
	.task_count = 2,
	.tasks_unread = 3,
	.has_asyncio = true,
	.has_greenlet = true,
	.looks = 2,
	.torn = 1,
	.stops = 2,
	.stopped_ns = 240000,
	.longest_ns = 150000,
};

static char *printed(void (*print)(FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	print(out);
	fclose(out);
	return text;
}

static void as_text(FILE *out)
{
	view_dump_text(&process, 1, out, false, 100);
}
static void as_json(FILE *out)
{
	view_dump_json(&process, 1, out);
}

static void test_text(void **state)
{
	(void)state;
	char *text = printed(as_text);
	assert_string_equal(
		text,
		"process 10: gunicorn app:app\n"
		"  CPython 3.12.1, 5 threads, 2 asyncio tasks; stopped for this look: 2 times, "
		"0.24 "
		"ms in all\n"
		"\n"
		"  threads 11 12: blocked in recvfrom on 7 → 127.0.0.1:5432\n"
		"      Connection.recv              "
		"/usr/lib/python3.12/site-packages/driver.py:40\n"
		"      handler?[31m                 /srv/app.py:14\n"
		"\n"
		"  thread 10 MainThread: running, holds the GIL\n"
		"      spin                         /srv/app.py:20\n"
		"      <lambda>                     <string>\n"
		"      … and 5 older frames\n"
		"\n"
		"  thread 13: waits for the GIL, which thread 10 holds\n"
		"      spin                         /srv/app.py:20\n"
		"\n"
		"  thread 14: sleeps, in clock_nanosleep\n"
		"      runs no Python now\n"
		"\n"
		"  task Task-1: waiting for gather of 2, outermost first\n"
		"      main                         /srv/app.py:30\n"
		"\n"
		"  task named: ready, outermost first\n"
		"      main                         /srv/app.py:30\n"
		"\n"
		"  3 more tasks are not shown: too many to read while a thread stands, or not "
		"asyncio's own kind\n"
		"\n"
		"  greenlet is loaded: greenlets that are switched out are not read; shown is the "
		"one that runs on each thread\n");
	free(text);
}

/* A row a thread, in the order of the columns; nothing of a terminal's. */
static void test_json(void **state)
{
	(void)state;
	char *text = printed(as_json);
	assert_non_null(strstr(text, "\"schema\": \"unslow.view/1\""));
	assert_non_null(strstr(text, "\"view\": \"dump\""));
	assert_non_null(strstr(text, "\"gil\": \"waits\""));
	assert_non_null(strstr(text, "\"stopped_ms\": 0.24"));
	assert_non_null(strstr(text, "\"awaits\": \"gather of 2\""));
	assert_non_null(strstr(text, "\"greenlets\": \"not read\""));
	assert_null(strstr(text, "\x1b"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

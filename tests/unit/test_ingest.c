/* From channel records to rows: golden sums of a synchronous and of an
 * asynchronous unit, handles, usage, and what a hostile process may send. */
#include "ingest_world.h"

/* Every kind of time once, in one thread: each has one owner. */
static void test_sync_unit_golden_sums(void **state)
{
	struct world w;
	struct channel_record r;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	r = call(UNIT(1), RECORD_SQLITE_OPEN, 10, 100, 60);
	r.subject = HANDLE_DB;
	r.flags |= RECORD_OPENS;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_SPAN, 5, 150, 0);
	r.flags = RECORD_OPENS;
	r.subject = TEXT_SPAN;
	r.object = HANDLE_DB;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_READ, 20, 40, 10); /* inside the open: detail */
	r.flags |= RECORD_NESTED;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_SQLITE_PREPARE, 200, 60, 50);
	r.subject = HANDLE_DB;
	r.object = TEXT_SQL;
	r.aux = 30 * US;
	put(&w, TID, r);
	for (int i = 0; i < 3; i++) { /* short: CPU */
		r = call(UNIT(1), RECORD_SQLITE_STEP, 300 + (uint64_t)i, 10, 0);
		r.subject = HANDLE_DB;
		r.object = TEXT_SQL;
		put(&w, TID, r);
	}
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_STATEMENT,
				    .unit = UNIT(1),
				    .t_start_ns = T0 + 200 * US,
				    .dur_ns = 90 * US,
				    .subject = TEXT_SQL,
				    .object = HANDLE_DB,
				    .result = 1,
				    .count = 3,
				    .bytes = 60000,
				    .cpu_ns = 2,
				    .aux = UINT64_C(0xfedcba9876543210),
				    .stack = 1});
	r = call(UNIT(1), RECORD_RECV, 400, 70, 20);
	r.subject = HANDLE_WEB;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_RECV, 480, 15, 0); /* short: no blocked time */
	r.subject = HANDLE_WEB;
	put(&w, TID, r);
	put(&w, TID, call(UNIT(1), RECORD_WRITE, 500, 25, 5));
	put(&w, TID, call(UNIT(1), RECORD_DNS, 530, 35, 5));
	r = call(UNIT(1), RECORD_LOCK, 600, 45, 5); /* its stack runs through a pool */
	put(&w, TID, r);
	r.stack = 0;
	put(&w, TID, r);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 700, 55, 5));
	put(&w, TID, call(UNIT(1), RECORD_GIL, 760, 22, 2));
	put(&w, TID, call(UNIT(1), RECORD_GC, 790, 90, 70)); /* it waited for its CPU meanwhile */
	put(&w, TID, call(UNIT(1), RECORD_GC, 890, 10, 0));  /* its CPU was not measured */
	put(&w, OTHER_TID, call(UNIT(1), RECORD_SLEEP, 700, 500, 0)); /* another thread's time */
	put(&w, TID,
	    (struct channel_record){
		    .kind = RECORD_UNIT_SCHED, .unit = UNIT(1), .t_start_ns = T0, .aux = 33 * US});
	end_unit(&w, UNIT(1), 1000, 500);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 0);
	/* A record that comes one drain later still counts. */
	struct err e;
	assert_int_equal(ingest_flush(w.ingest, &e), ERR_OK);
	r = call(UNIT(1), RECORD_SQLITE_CLOSE, 900, 40, 30);
	r.subject = HANDLE_DB;
	r.flags |= RECORD_CLOSES;
	r.aux = UNIT(1);
	put(&w, TID, r);
	flush(&w);
	end(&w);

	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT db_ns FROM unit"), (100 + 60 + 30 + 40) * US);
	assert_int_equal(query(&w, "SELECT db_cpu_ns FROM unit"), (60 + 50 + 30 + 30) * US);
	assert_int_equal(query(&w, "SELECT db_await_ns FROM unit"), 0);
	assert_int_equal(query(&w, "SELECT net_ns FROM unit"), (50 + 30) * US);
	assert_int_equal(query(&w, "SELECT file_ns FROM unit"), 20 * US);
	assert_int_equal(query(&w, "SELECT pool_ns FROM unit"), 40 * US);
	assert_int_equal(query(&w, "SELECT lock_ns FROM unit"), 40 * US);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 50 * US);
	assert_int_equal(query(&w, "SELECT gil_ns FROM unit"), 20 * US);
	assert_int_equal(query(&w, "SELECT gc_ns FROM unit"), (70 + 10) * US);
	assert_int_equal(query(&w, "SELECT runqueue_ns FROM unit"), 33 * US);
	assert_int_equal(query(&w, "SELECT wall_ns FROM unit"), 1000 * US);
	assert_int_equal(query(&w, "SELECT cpu_ns FROM unit"), 500 * US);
	assert_int_equal(query(&w, "SELECT running_ns FROM unit"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT status FROM unit"), 200);
	assert_int_equal(query(&w, "SELECT bytes_out FROM unit"), 512);
	assert_int_equal(query(&w, "SELECT flags FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT connects FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT statements FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT calls FROM unit"), 14);
	assert_int_equal(query(&w, "SELECT route = '/users/<int:id>' AND method = 'GET' "
				   "AND kind = 'request' FROM v1_unit"),
			 1);
	/* the handle, from its open to its close */
	assert_int_equal(query(&w, "SELECT opened_ns FROM handle WHERE id = 1"), T0 + 10 * US);
	assert_int_equal(query(&w, "SELECT open_dur_ns FROM handle WHERE id = 1"), 100 * US);
	assert_int_equal(query(&w, "SELECT closed_ns FROM handle WHERE id = 1"), T0 + 940 * US);
	assert_int_equal(query(&w, "SELECT first_extra_ns FROM handle WHERE id = 1"), 30 * US);
	assert_int_equal(query(&w, "SELECT create_span_ns FROM handle WHERE id = 1"), 150 * US);
	assert_int_equal(query(&w, "SELECT close_span_ns FROM handle WHERE id = 1"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT uses FROM handle WHERE id = 1"), 1);
	assert_int_equal(query(&w, "SELECT statements FROM handle WHERE id = 1"), 1);
	assert_int_equal(query(&w, "SELECT open_unit_id FROM handle WHERE id = 1"),
			 (int64_t)UNIT(1));
	assert_int_equal(query(&w, "SELECT closed_ns FROM handle WHERE id = 3"), INT64_MIN);
	/* exact sums */
	assert_int_equal(query(&w, "SELECT calls FROM usage_10s WHERE kind = 'sqlite_step'"), 3);
	assert_int_equal(query(&w, "SELECT dur_ns FROM usage_10s WHERE kind = 'sqlite_step'"),
			 30 * US);
	assert_int_equal(query(&w, "SELECT sum(units) FROM usage_10s WHERE kind = 'sleep'"), 1);
	assert_int_equal(query(&w, "SELECT aux_ns FROM usage_10s WHERE kind = 'sqlite_prepare'"),
			 30 * US);
	assert_int_equal(query(&w, "SELECT cpu_ns FROM usage_10s WHERE kind = 'recv'"), 35 * US);
	assert_int_equal(query(&w, "SELECT count(*) FROM usage_10s WHERE slot <> 5"), 0);
	assert_int_equal(query(&w, "SELECT nested FROM usage_10s WHERE kind = 'read'"), 1);
	/* raw rows: 50 µs and more */
	assert_int_equal(query(&w, "SELECT count(*) FROM event WHERE dur_ns < 50000"), 0);
	assert_int_equal(query(&w, "SELECT count(*) FROM event"), 7);
	assert_int_equal(query(&w, "SELECT count(*) FROM statement WHERE nth = 1 AND rows = 3 AND "
				   "literals = 2 AND prepare_ns = 60000 AND bytes = 0 AND "
				   "raw_hash = -81985529216486896"),
			 1);
	/* the stack: the application's frame is the caller of the pool's */
	assert_int_equal(query(&w, "SELECT app_id = 1 AND line = 10 AND depth = 2 FROM stack "
				   "WHERE id = 2"),
			 1);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'stack'"), 5);
	assert_int_equal(query(&w, "SELECT units_begun FROM process WHERE python = '3.12.1'"), 9);
	finish(&w);
}

/* Statements overlap; a call in a worker thread; suspended time has one owner. */
static void test_async_unit_golden_sums(void **state)
{
	struct world w;
	struct channel_record r;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	r = call(UNIT(1), RECORD_CONNECT, 10, 5, 0);
	r.subject = HANDLE_PG;
	r.flags = RECORD_OPENS | RECORD_PENDING;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_READY, 10, 190, 0); /* 10…200 */
	r.subject = HANDLE_PG;
	r.object = PEER_POSTGRESQL;
	put(&w, TID, r);
	const uint64_t statements[][2] = {{250, 100}, {300, 100}}; /* 250…350, 300…400 */
	for (size_t i = 0; i < 2; i++) {
		r = call(UNIT(1), RECORD_STATEMENT, statements[i][0], statements[i][1], 0);
		r.flags = i ? 0 : RECORD_TRANSACTION;
		r.subject = TEXT_SQL;
		r.object = HANDLE_PG;
		r.bytes = 99;
		put(&w, TID, r);
	}
	r = call(UNIT(1), RECORD_SQLITE_STEP, 500, 50, 40); /* 500…550, in a worker thread */
	r.subject = HANDLE_DB;
	put(&w, OTHER_TID, r);
	put(&w, OTHER_TID, call(UNIT(1), RECORD_SLEEP, 560, 80, 0));
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 700, 30, 0)); /* blocks the loop */
	r = call(UNIT(1), RECORD_CALLBACK, 690, 60, 0);
	r.subject = TEXT_SPAN;
	r.count = 4;
	r.aux = 25 * US;
	put(&w, TID, r);
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 300 * US,
				    .aux = 700 * US,
				    .bytes = 6,
				    .count = 50});
	end_unit(&w, UNIT(1), 1000, 200);
	flush(&w);
	end(&w);

	/* 190 set-up + 150 (union of two statements) + 50 in the worker thread */
	assert_int_equal(query(&w, "SELECT db_await_ns FROM unit"), 390 * US);
	assert_int_equal(query(&w, "SELECT db_ns FROM unit"), 0);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), (30 + 80) * US);
	assert_int_equal(query(&w, "SELECT running_ns FROM unit"), 300 * US);
	assert_int_equal(query(&w, "SELECT suspended_ns FROM unit"), 700 * US);
	assert_int_equal(query(&w, "SELECT ready_ns FROM unit"), 50 * US);
	assert_int_equal(query(&w, "SELECT steps FROM unit"), 6);
	assert_int_equal(query(&w, "SELECT flags FROM unit"), 1 | 8);
	assert_int_equal(query(&w, "SELECT connects FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT statements FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT ready_ns FROM handle WHERE peer_kind = 'postgresql'"),
			 190 * US);
	assert_int_equal(query(&w, "SELECT bytes FROM statement LIMIT 1"), 99);
	/* 60 µs while three others were open */
	assert_int_equal(query(&w, "SELECT others_ns FROM usage_10s WHERE kind = 'callback'"),
			 180 * US);
	assert_int_equal(query(&w, "SELECT cpu_ns FROM usage_10s WHERE kind = 'callback'"),
			 25 * US);
	assert_int_equal(query(&w, "SELECT nested FROM usage_10s WHERE kind = 'ready'"), 1);
	finish(&w);
}

/* More statement time than suspended time: the surplus is nobody's. */
static void test_await_is_clipped_to_suspended_time(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_STATEMENT, 0, 5000, 0);
	r.subject = TEXT_SQL;
	r.object = HANDLE_PG;
	put(&w, TID, r);
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 600 * US,
				    .aux = 400 * US,
				    .count = 100});
	end_unit(&w, UNIT(1), 1000, 600);
	end(&w);
	assert_int_equal(query(&w, "SELECT db_await_ns FROM unit"), 300 * US);
	finish(&w);
}

/* 700 µs of the unit pass while a thread works for it: 300 of CPU there, 200 in SQLite (50 of them
 * CPU), 100 asleep. The CPU outside SQLite, 250, is Python's; nothing is left but what was waited.
 */
static void test_work_in_other_threads_owns_its_time(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_SQLITE_STEP, 200, 200, 50);
	r.subject = HANDLE_DB;
	put(&w, OTHER_TID, r);
	put(&w, OTHER_TID, call(UNIT(1), RECORD_SLEEP, 450, 100, 0));
	put(&w, OTHER_TID,
	    (struct channel_record){.kind = RECORD_UNIT_WORK,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 650 * US,
				    .aux = 300 * US});
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 300 * US,
				    .aux = 700 * US});
	end_unit(&w, UNIT(1), 1000, 300);
	put(&w, OTHER_TID,
	    (struct channel_record){.kind = RECORD_UNIT_WORK,
				    .unit = UNIT(9),
				    .t_start_ns = T0,
				    .dur_ns = 10,
				    .aux = 20});
	flush(&w);
	end(&w);

	assert_int_equal(query(&w, "SELECT cpu_ns FROM unit WHERE id & 255 = 1"), 550 * US);
	assert_int_equal(query(&w, "SELECT python_ns FROM v1_unit WHERE id & 255 = 1"), 550 * US);
	assert_int_equal(query(&w, "SELECT io_db_ns FROM v1_unit WHERE id & 255 = 1"), 200 * US);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM v1_unit WHERE id & 255 = 1"), 100 * US);
	assert_int_equal(query(&w, "SELECT await_ns FROM v1_unit WHERE id & 255 = 1"), 150 * US);
	assert_int_equal(query(&w, "SELECT unexplained_ns FROM v1_unit WHERE id & 255 = 1"), 0);
	finish(&w);
}

/* What the event loop waits for: a timer, if nothing came until one was due and nobody was asked.
 */
static void test_a_loop_that_waits_for_a_timer_sleeps(void **state)
{
	enum { STACK_LOOP = 2 };
	struct world w;
	(void)state;
	begin(&w);
	add_code(&w, 3, "/usr/lib/python3.12/selectors.py", "EpollSelector.select");
	add_code(&w, 4, "/usr/lib/python3.12/asyncio/base_events.py", "BaseEventLoop._run_once");
	add_stack(&w, STACK_LOOP, 3, 4);
	begin_unit(&w, UNIT(1));
	struct channel_record timer = call(UNIT(1), RECORD_POLL, 100, 100, 0);
	timer.stack = STACK_LOOP;
	timer.count = 1;
	put(&w, TID, timer); /* slept */
	struct channel_record other = timer;
	other.count = 0; /* something came */
	put(&w, TID, other);
	other = timer;
	other.stack = 1; /* no loop of asyncio */
	put(&w, TID, other);
	other = timer;
	other.flags |= RECORD_ON_LOOP; /* a callback waits, and count is of other units */
	put(&w, TID, other);
	other = timer;
	other.flags &= (uint16_t)~RECORD_CPU_KNOWN; /* it looked, and did not wait */
	other.dur_ns = 10 * US;
	put(&w, TID, other);
	struct channel_record r = call(UNIT(1), RECORD_CONNECT, 300, 10, 10);
	r.subject = HANDLE_WEB;
	r.flags |= RECORD_OPENS | RECORD_PENDING;
	put(&w, TID, r);
	put(&w, TID, timer); /* the connection is not made yet */
	r.flags = RECORD_NESTED | RECORD_PENDING | RECORD_CPU_KNOWN;
	put(&w, TID, r);
	put(&w, TID, timer); /* slept */
	r = call(UNIT(1), RECORD_SEND, 400, 10, 10);
	r.subject = HANDLE_WEB;
	r.bytes = 5;
	put(&w, TID, r);
	put(&w, TID, timer); /* no answer yet */
	r.kind = RECORD_RECV;
	put(&w, TID, r);
	put(&w, TID, timer); /* slept */
	end_unit(&w, UNIT(1), 1000, 100);
	flush(&w);
	end(&w);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 300 * US);
	assert_int_equal(query(&w, "SELECT net_ns FROM unit"), 500 * US);
	assert_int_equal(query(&w, "SELECT calls FROM usage_10s WHERE kind = 'sleep'"), 3);
	assert_int_equal(query(&w, "SELECT count(*) FROM event WHERE kind = 'sleep'"), 3);
	finish(&w);
}

static void test_calls_outside_units_count_at_once(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	struct channel_record r = call(0, RECORD_RECV, 0, 100, 10);
	r.subject = HANDLE_WEB;
	put(&w, TID, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT route_id IS NULL AND units = 0 AND calls = 1 "
				   "AND peer_kind = 'http' FROM usage_10s"),
			 1);
	assert_int_equal(query(&w, "SELECT unit_id FROM event"), INT64_MIN);
	finish(&w);
}

/* What was waited for work in a thread is longer than the work. */
static void test_a_span_keeps_what_it_waited(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_SPAN, 300, 20, 0);
	r.subject = TEXT_SPAN;
	r.aux = 200 * US;
	put(&w, OTHER_TID, r);
	end_unit(&w, UNIT(1), 1000, 500);
	flush(&w);
	end(&w);
	assert_int_equal(query(&w, "SELECT aux_ns FROM v1_usage WHERE kind = 'span'"), 200 * US);
	assert_int_equal(query(&w, "SELECT dur_ns FROM v1_usage WHERE kind = 'span'"), 20 * US);
	finish(&w);
}

/* Two works in a thread: a statement that a later one ends, and one that ends in its own, which is
 * told of after it: that work keeps its row, short as it is. One of another thread is not theirs.
 */
static void test_statements_of_a_thread_are_who_handed_them_over(void **state)
{
	enum { LIBRARY = 40 };
	const struct {
		uint16_t kind;
		uint64_t at_us, dur_us;
		uint32_t tid, stack;
	} records[] = {
		{RECORD_SPAN, 300, 20, OTHER_TID, 1},
		{RECORD_STATEMENT, 310, 100, OTHER_TID, LIBRARY},
		{RECORD_STATEMENT, 312, 100, TID, LIBRARY},
		{RECORD_STATEMENT, 405, 5, OTHER_TID, LIBRARY},
		{RECORD_SPAN, 400, 20, OTHER_TID, 1},
		{RECORD_SPAN, 430, 20, OTHER_TID, 1},
	};
	struct world w;
	(void)state;
	begin(&w);
	add_code(&w, LIBRARY, "/usr/lib/python3/dist-packages/aiosqlite/core.py", "run");
	add_stack(&w, LIBRARY, LIBRARY, 0);
	begin_unit(&w, UNIT(1));
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct channel_record r =
			call(UNIT(1), records[i].kind, records[i].at_us, records[i].dur_us, 0);
		r.subject = records[i].kind == RECORD_SPAN ? TEXT_SPAN : TEXT_SQL;
		r.object = records[i].kind == RECORD_SPAN ? 0 : HANDLE_DB;
		r.aux = records[i].kind == RECORD_SPAN ? 200 * US : 77;
		r.stack = records[i].stack;
		put(&w, records[i].tid, r);
	}
	end_unit(&w, UNIT(1), 1000, 500);
	flush(&w);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_statement WHERE file LIKE '%views.py'"),
			 1);
	assert_int_equal(query(&w, "SELECT dur_ns FROM v1_statement WHERE file LIKE '%views.py'"),
			 100 * US);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_event WHERE kind = 'span'"), 1);
	assert_int_equal(query(&w, "SELECT aux FROM v1_event WHERE kind = 'span'"), 200 * US);
	finish(&w);
}

/* A lock's name is a hash, which has its highest bit as often as not. */
static void test_two_locks_are_two(void **state)
{
	const uint64_t locks[] = {UINT64_C(1) << 63 | 5, UINT64_C(1) << 63 | 6, 5};
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	for (size_t i = 0; i < sizeof locks / sizeof *locks; i++) {
		struct channel_record r = call(UNIT(1), RECORD_LOCK, 300 + 200 * i, 100, 0);
		r.aux = locks[i];
		put(&w, TID, r);
	}
	end_unit(&w, UNIT(1), 1000, 500);
	flush(&w);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_event WHERE kind = 'lock'"), 3);
	assert_int_equal(query(&w, "SELECT count(DISTINCT aux) FROM v1_event"), 3);
	finish(&w);
}

static void test_tasks_are_rows_of_their_look(void **state)
{
	struct world w;
	struct channel_record r = {.kind = RECORD_TASKS, .t_start_ns = T0, .source = 1};
	(void)state;
	begin(&w);
	r.result = TASKS_LIVE;
	r.count = 70;
	put(&w, TID, r);
	r.result = TASKS_WAITING;
	r.subject = TEXT_SPAN;
	r.stack = 1;
	r.count = 60;
	put(&w, TID, r);
	r.result = TASKS_MADE + 1; /* a liar's */
	put(&w, TID, r);
	r.result = 0;
	put(&w, TID, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_task"), 2);
	assert_int_equal(query(&w, "SELECT tasks FROM v1_task WHERE what = 'live' AND name IS NULL "
				   "AND stack_id IS NULL"),
			 70);
	assert_int_equal(query(&w, "SELECT tasks FROM v1_task WHERE what = 'waiting' AND name IS "
				   "NOT NULL AND file IS NOT NULL"),
			 60);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sync_unit_golden_sums),
		cmocka_unit_test(test_async_unit_golden_sums),
		cmocka_unit_test(test_await_is_clipped_to_suspended_time),
		cmocka_unit_test(test_work_in_other_threads_owns_its_time),
		cmocka_unit_test(test_a_loop_that_waits_for_a_timer_sleeps),
		cmocka_unit_test(test_calls_outside_units_count_at_once),
		cmocka_unit_test(test_a_span_keeps_what_it_waited),
		cmocka_unit_test(test_statements_of_a_thread_are_who_handed_them_over),
		cmocka_unit_test(test_two_locks_are_two),
		cmocka_unit_test(test_tasks_are_rows_of_their_look),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Records that come late, twice, without end or from a hostile process. */
#include "ingest_world.h"

/* A killed worker: the unit is there, without end; its handle stays open. */
static void test_unit_of_a_killed_process_has_no_end(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_SQLITE_OPEN, 10, 100, 60);
	r.subject = HANDLE_DB;
	r.flags |= RECORD_OPENS;
	put(&w, TID, r);
	ingest_process_end(w.ingest, SERIAL, T0 + 77);
	end(&w);
	assert_int_equal(query(&w, "SELECT wall_ns FROM unit"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT db_ns FROM unit"), 100 * US);
	assert_int_equal(query(&w, "SELECT end_ns FROM process"), T0 + 77);
	assert_int_equal(query(&w, "SELECT closed_ns FROM handle WHERE id = 1"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s"), 1);
	finish(&w);
}

/* After its row was written: the call is in the exact sums under the unit's route. */
static void test_late_record_keeps_the_route(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	end_unit(&w, UNIT(1), 100, 50);
	flush(&w);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 10, 60, 0));
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 0);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_usage WHERE route = '/users/<int:id>' "
				   "AND kind = 'sleep' AND units = 0"),
			 1);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'late_record'"), 1);
	finish(&w);
}

/* A background task after the answer: under the unit's route, in no unit's time, and no loss. */
static void test_what_follows_a_units_end_is_none_of_its_time(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	end_unit(&w, UNIT(1), 100, 50);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 101, 60, 0)); /* before its row is written … */
	flush(&w);
	flush(&w);
	flush(&w);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 300, 60, 0)); /* … and after */
	end(&w);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 0);
	assert_int_equal(query(&w,
			       "SELECT sum(calls) FROM v1_usage WHERE route = '/users/<int:id>' "
			       "AND kind = 'sleep' AND units = 0"),
			 2);
	assert_int_equal(query(&w, "SELECT count(*) FROM loss WHERE kind = 'late_record'"), 0);
	finish(&w);
}

/* What a process says of its unit's parts adds up to no more than the unit: sums of such rows would
 * be more than SQL can hold. */
static void test_parts_are_no_longer_than_their_unit(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .t_start_ns = 1,
				    .unit = UNIT(1),
				    .dur_ns = 1000,
				    .aux = UINT64_MAX,
				    .count = UINT32_MAX});
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_SCHED,
				    .t_start_ns = 1,
				    .unit = UNIT(1),
				    .aux = UINT64_MAX});
	end_unit(&w, UNIT(1), 100, UINT64_MAX / 1000);
	end(&w);
	assert_int_equal(query(&w, "SELECT cpu_ns <= wall_ns AND suspended_ns <= wall_ns AND "
				   "ready_ns <= wall_ns AND runqueue_ns <= wall_ns "
				   "FROM unit"),
			 1);
	finish(&w);
}

static void test_hostile_records_are_counted(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	put(&w, TID, (struct channel_record){.kind = 0});
	put(&w, TID, (struct channel_record){.kind = 9999});
	put(&w, TID, (struct channel_record){.kind = RECORD_RECV, .unit = 1}); /* other process */
	put(&w, TID, (struct channel_record){.kind = RECORD_UNIT_END});
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_RECV, .t_start_ns = UINT64_MAX, .dur_ns = 5});
	end_unit(&w, UNIT(2), 10, 5);
	end_unit(&w, UNIT(2), 10, 5);
	struct channel_record r = call(UNIT(3), RECORD_RECV, 0, 60, 0);
	r.subject = 12345;
	r.stack = 54321;
	put(&w, TID, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'bad_record'"), 6);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'unknown_id'"), 2);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 2);
	assert_int_equal(query(&w, "SELECT kind = 'unknown' AND start_ns = 50000000000 FROM unit "
				   "WHERE wall_ns IS NULL"),
			 1);
	finish(&w);
}

/* Invented units: the ceiling holds and what is refused is counted. */
static void test_open_units_are_bounded(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	for (uint64_t i = 1; i <= 70000; i++)
		put(&w, TID, call(UNIT(i), RECORD_SEND, 0, 1, 0));
	assert_int_equal(query(&w, "SELECT 1"), 1);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 65536);
	assert_true(query(&w, "SELECT count FROM loss WHERE kind = 'open_units'") >= 70000 - 65536);
	assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s"), 70000);
	finish(&w);
}

/* The agent writes a fact before its texts; the same fact twice is one row. */
static void test_fact_waits_for_its_texts(void **state)
{
	struct world w;
	const struct dict_fact fact = {.key = 60, .value = 61}, never = {.key = 60, .value = 99};
	(void)state;
	begin(&w);
	ingest_fact(w.ingest, SERIAL, &fact);
	ingest_fact(w.ingest, SERIAL, &never);
	add_text(&w, 60, "server");
	add_text(&w, 61, "gunicorn");
	ingest_fact(w.ingest, SERIAL, &fact);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM fact"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM fact WHERE value = 'gunicorn'"), 1);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'unknown_id'"), 1);
	finish(&w);
}

/* Two processes with their own numbers for the same things: one row each. */
static void test_names_are_shared_between_processes(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	const int64_t codes = query(&w, "SELECT count(*) FROM code");
	const int64_t stacks = query(&w, "SELECT count(*) FROM stack");
	add_code(&w, 21, "/srv/app/views.py", "show");
	add_code(&w, 22, "/srv/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py",
		 "_do_get");
	add_stack(&w, 9, 22, 21);
	add_text(&w, 50, "GET");
	add_text(&w, 51, "bad \xff utf-8");
	assert_int_equal(query(&w, "SELECT count(*) FROM code"), codes);
	assert_int_equal(query(&w, "SELECT count(*) FROM stack"), stacks);
	assert_int_equal(query(&w, "SELECT count(*) FROM text WHERE value = 'GET'"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM text WHERE value = 'bad ? utf-8'"), 1);
	end(&w);
	finish(&w);
}

/* Attempts to ask a service are told by their being there, and are nobody's time. */
static void test_short_attempts_are_events(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record asked = {.t_start_ns = T0 + 10 * US,
				       .dur_ns = 30 * US,
				       .unit = UNIT(1),
				       .subject = HANDLE_WEB,
				       .kind = RECORD_EXCHANGE,
				       .result = 503,
				       .flags = RECORD_NESTED | RECORD_FAILED,
				       .aux = 77};
	put(&w, TID, asked);
	struct channel_record refused = call(UNIT(1), RECORD_CONNECT, 50, 30, 30);
	refused.flags |= RECORD_FAILED;
	refused.result = -111;
	put(&w, TID, refused);
	put(&w, TID, call(UNIT(1), RECORD_CONNECT, 90, 30, 30));
	end_unit(&w, UNIT(1), 200, 100);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_event"), 2);
	assert_int_equal(
		query(&w, "SELECT count(*) FROM v1_event WHERE kind = 'exchange' AND result = 503 "
			  "AND aux = 77 AND nested AND failed AND handle_id IS NOT NULL"),
		1);
	assert_int_equal(query(&w, "SELECT io_net_ns FROM v1_unit"), 0);
	finish(&w);
}

static void come(struct world *w, uint32_t id, bool goes, uint64_t send_us)
{
	const struct dict_handle client = {id, HANDLE_SOCKET, PEER_CLIENT, 0, 9, 0};
	struct channel_record r = call(0, RECORD_ACCEPT, id, 5, 5);
	ingest_handle(w->ingest, SERIAL, &client);
	r.subject = id;
	r.flags = RECORD_OPENS;
	put(w, TID, r);
	r.kind = RECORD_SEND;
	r.flags = 0;
	r.dur_ns = send_us * US;
	put(w, TID, r);
	r.kind = RECORD_CLOSE;
	r.flags = RECORD_CLOSES;
	r.dur_ns = US;
	if (goes)
		put(w, TID, r);
}

/* A row each would be half of what a short request costs to record. */
static void test_clients_that_come_and_go_have_few_rows(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	for (uint32_t i = 0; i < 100; i++)
		come(&w, 100 + i, i != 95, i == 90 ? 60 : 1);
	flush(&w);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM handle WHERE peer_kind = 'client'"), 66);
	assert_int_equal(query(&w,
			       "SELECT count(*) FROM event e JOIN handle h ON h.id = e.handle_id "
			       "WHERE h.peer_kind = 'client'"),
			 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM handle WHERE peer_kind = 'client' "
				   "AND closed_ns IS NULL"),
			 1);
	assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s WHERE peer_kind = 'client'"),
			 299);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_attempts_are_events),
		cmocka_unit_test(test_unit_of_a_killed_process_has_no_end),
		cmocka_unit_test(test_late_record_keeps_the_route),
		cmocka_unit_test(test_what_follows_a_units_end_is_none_of_its_time),
		cmocka_unit_test(test_parts_are_no_longer_than_their_unit),
		cmocka_unit_test(test_hostile_records_are_counted),
		cmocka_unit_test(test_open_units_are_bounded),
		cmocka_unit_test(test_fact_waits_for_its_texts),
		cmocka_unit_test(test_names_are_shared_between_processes),
		cmocka_unit_test(test_clients_that_come_and_go_have_few_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

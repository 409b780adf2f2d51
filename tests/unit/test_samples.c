/* Samples and ticks of engines: what each becomes, when a route is known, what a
 * hostile process may send, and that memory and rows have an end. */
#include "ingest_world.h"

#include <sys/syscall.h>

#include "recording/engine.h"
#include "recording/samples.h"

#define MS (1000 * US)

/* `ticks` ticks of 5 ms that found TID in stack 1. */
static struct channel_record sample(uint64_t unit, enum sample_state state, uint64_t at_ms,
				    uint32_t ticks)
{
	return (struct channel_record){.kind = RECORD_SAMPLE,
				       .unit = unit,
				       .t_start_ns = T0 + at_ms * MS,
				       .dur_ns = ticks * 5 * MS,
				       .stack = 1,
				       .subject = TID,
				       .bytes = ticks,
				       .cpu_ns = ticks * 4000000,
				       .count = ticks * 500000,
				       .result = (int16_t)state};
}

static void test_samples_of_one_place_are_one_row(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	put(&w, 1, sample(0, SAMPLE_PYTHON, 0, 3));
	struct channel_record r = sample(0, SAMPLE_PYTHON, 40, 2);
	r.flags = RECORD_SHORT;
	put(&w, 1, r);
	put(&w, 1, sample(0, SAMPLE_PYTHON, 10000, 1)); /* the next slot */
	r = sample(0, SAMPLE_GIL, 60, 1);
	r.object = 1;
	put(&w, 1, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM sample_10s"), 3);
	assert_int_equal(query(&w, "SELECT ticks = 5 AND short = 2 AND wall_ns = 25000000 AND "
				   "cpu_ns = 20000000 AND runqueue_ns = 2500000 AND source = 1 AND "
				   "process_id = 3 AND in_unit = 0 AND route_id IS NULL AND "
				   "stack_id = 2 AND target IS NULL AND holder_stack_id IS NULL "
				   "FROM sample_10s WHERE slot = 5 AND state = 'python'"),
			 1);
	assert_int_equal(query(&w, "SELECT holder_stack_id FROM v1_sample WHERE state = 'gil'"), 2);
	assert_int_equal(query(&w, "SELECT tid FROM v1_sample s JOIN v1_thread t "
				   "ON t.id = s.thread_id WHERE slot = 6"),
			 TID);
	finish(&w);
}

/* Open, ended and not written yet, written, and after its end: each under the unit's route. */
static void test_route_is_that_of_the_unit(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 10, 1));
	assert_int_equal(query(&w, "SELECT count(*) FROM sample_10s"), 0);
	end_unit(&w, UNIT(1), 100000, 50000);
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 20, 2));
	flush(&w);
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 30, 4));
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 200, 8)); /* its task, after the answer */
	end(&w);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route = '/users/<int:id>' "
				   "AND in_unit = 1"),
			 7);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route = '/users/<int:id>' "
				   "AND in_unit = 0"),
			 8);
	assert_int_equal(query(&w, "SELECT count(*) FROM loss WHERE kind = 'late_record'"), 0);
	finish(&w);
}

/* Rules leave the samples of cold units out, as the ledger leaves the units: ended, and written. */
static void test_cold_units_are_told_apart(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	for (uint64_t number = 1; number <= 2; number++) {
		begin_unit(&w, UNIT(number));
		put(&w, 1, sample(UNIT(number), SAMPLE_PYTHON, 10, (uint32_t)number));
		put(&w, TID,
		    (struct channel_record){.kind = RECORD_UNIT_END,
					    .unit = UNIT(number),
					    .t_start_ns = T0,
					    .dur_ns = 100000 * US,
					    .subject = TEXT_ROUTE,
					    .object = TEXT_METHOD,
					    .flags = number == 1 ? RECORD_COLD : 0});
	}
	flush(&w);
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 30, 16));
	put(&w, 1, sample(UNIT(2), SAMPLE_PYTHON, 30, 32));
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 200, 64)); /* its task, after the answer */
	end(&w);
	assert_int_equal(query(&w, "SELECT sum(ticks) FROM v1_sample WHERE cold AND in_unit"), 17);
	assert_int_equal(query(&w, "SELECT sum(ticks) FROM v1_sample WHERE NOT cold AND in_unit"),
			 34);
	assert_int_equal(query(&w, "SELECT sum(ticks) FROM v1_sample WHERE NOT in_unit"), 64);
	finish(&w);
}

/* The thread's ring may be read after the tick's: the sample waits, and makes no unit. */
static void test_sample_before_its_unit(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 10, 1));
	put(&w, 1, sample(UNIT(2), SAMPLE_PYTHON, 10, 16)); /* nobody ever tells of this one */
	begin_unit(&w, UNIT(1));
	flush(&w);
	end_unit(&w, UNIT(1), 100000, 50000);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route = '/users/<int:id>'"),
			 1);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route IS NULL AND in_unit"),
			 16);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'sample_route'"), 16);
	finish(&w);
}

/* A unit of a minute: its samples wait while their slot is kept, then count without a route. */
static void test_long_unit_gives_up_its_route(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 10, 1));
	flush(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM loss WHERE kind = 'sample_route'"), 0);
	put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 30010, 2));
	flush(&w);
	end_unit(&w, UNIT(1), 60000000, 50000);
	end(&w);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route IS NULL AND slot = 5"),
			 1);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route IS NOT NULL"), 2);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'sample_route'"), 1);
	finish(&w);
}

/* Killed in the middle of a unit: what waited is there, without a route. */
static void test_unit_without_end(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	put(&w, 1, sample(UNIT(1), SAMPLE_LOCK, 10, 3));
	ingest_process_end(w.ingest, SERIAL, T0 + 77);
	end(&w);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE in_unit AND route IS NULL"),
			 3);
	finish(&w);
}

static void test_blocked_call_names_its_peer(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	const struct dict_handle database = {9, HANDLE_SOCKET, PEER_POSTGRESQL, TEXT_PEER, 12, 0};
	ingest_handle(w.ingest, SERIAL, &database);
	struct channel_record r = sample(0, SAMPLE_CALL, 0, 1);
	const uint64_t calls[] = {(uint64_t)SYS_recvfrom << 32 | 12,
				  (uint64_t)SYS_recvfrom << 32 | 99,
				  (uint64_t)SYS_epoll_pwait << 32 | 12, UINT64_MAX, 0};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		r.aux = calls[i];
		put(&w, 1, r);
	}
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample WHERE target = "
				   "'recv postgresql /var/app.db'"),
			 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample WHERE target = 'recv'"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample WHERE target = 'epoll'"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample WHERE target IS NULL"), 1);
	finish(&w);
}

static void test_hostile_samples(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	struct channel_record r = sample(0, SAMPLE_PYTHON, 0, 1);
	r.result = 0;
	put(&w, 1, r);
	r.result = -1;
	put(&w, 1, r);
	r.result = SAMPLE_UNSEEN + 1;
	put(&w, 1, r);
	r.result = SAMPLE_UNSEEN; /* with ticks and a place */
	put(&w, 1, r);
	put(&w, 1, sample(0, SAMPLE_PYTHON, 0, 0));            /* no tick */
	put(&w, 1, sample(UNIT(1) << 1, SAMPLE_PYTHON, 0, 1)); /* a unit of another process */
	assert_int_equal(query(&w, "SELECT count(*) FROM sample_10s"), 0);
	r = sample(0, SAMPLE_GIL, 0, 1);
	r.stack = 777;
	r.object = 778;
	put(&w, 1, r);
	for (int i = 0; i < 3; i++) { /* sums stop at their end, they do not turn over */
		r = sample(0, SAMPLE_NATIVE, 0, UINT32_MAX);
		r.dur_ns = INT64_MAX - T0;
		r.cpu_ns = UINT32_MAX;
		put(&w, 1, r);
	}
	end(&w);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'bad_record'"), 6);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'unknown_id'"), 2);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample WHERE stack_id IS NULL AND "
				   "holder_stack_id IS NULL AND state = 'gil'"),
			 1);
	assert_int_equal(query(&w, "SELECT wall_ns = 9223372036854775807 AND ticks = 12884901885 "
				   "FROM v1_sample WHERE state = 'native'"),
			 1);
	finish(&w);
}

/* An invented thread for each sample: the slot's keys end, the sums stay whole. */
static void test_keys_are_bounded(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	for (uint32_t i = 0; i < SAMPLES_KEYS_MAX + 1000; i++) {
		struct channel_record r = sample(0, SAMPLE_PYTHON, 0, 1);
		r.subject = 1000 + i;
		put(&w, 1, r);
	}
	/* times of its own making: older than all slots counts in the oldest one */
	put(&w, 1, sample(0, SAMPLE_SLEEP, 10000, 1));
	put(&w, 1, sample(0, SAMPLE_SLEEP, 20000, 1));
	struct channel_record r = sample(0, SAMPLE_SLEEP, 0, 1);
	for (uint64_t slot = 0; slot < 5; slot++) {
		r.t_start_ns = slot * SAMPLES_SLOT_NS;
		put(&w, 1, r);
	}
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM sample_10s WHERE state = 'python'"),
			 SAMPLES_KEYS_MAX + 1);
	assert_int_equal(query(&w, "SELECT sum(ticks) FROM sample_10s WHERE state = 'python'"),
			 SAMPLES_KEYS_MAX + 1000);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'sample_place'"), 1005);
	assert_int_equal(query(&w, "SELECT ticks FROM sample_10s WHERE state = 'sleep' AND "
				   "slot = 5"),
			 5);
	assert_int_equal(query(&w, "SELECT count(*) FROM sample_10s WHERE slot < 5"), 0);
	finish(&w);
}

/* Waiting has an end, too: what does not fit counts without a route. */
static void test_waiting_is_bounded(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	for (uint32_t i = 0; i < SAMPLES_WAITING_MAX + 10; i++)
		put(&w, 1, sample(UNIT(1), SAMPLE_PYTHON, 1, 1));
	end_unit(&w, UNIT(1), 100000, 50000);
	end(&w);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route IS NULL"), 10);
	assert_int_equal(query(&w, "SELECT ticks FROM v1_sample WHERE route IS NOT NULL"),
			 SAMPLES_WAITING_MAX);
	finish(&w);
}

static void test_cpu_that_no_tick_saw(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	struct channel_record r = sample(0, SAMPLE_UNSEEN, 0, 0);
	r.stack = 0;
	r.dur_ns = 0;
	r.cpu_ns = 3 * MS;
	put(&w, 1, r);
	put(&w, 1, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM loss WHERE kind = 'bad_record'"), 0);
	assert_int_equal(query(&w, "SELECT cpu_ns = 6000000 AND ticks = 0 AND wall_ns = 0 AND NOT "
				   "in_unit AND stack_id IS NULL FROM v1_sample "
				   "WHERE state = 'unseen'"),
			 1);
	finish(&w);
}

static void test_another_engine_uses_the_same_door(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	const struct sample mine = {.start_ns = T0,
				    .wall_ns = 10 * MS,
				    .cpu_ns = 9 * MS,
				    .process_id = SERIAL,
				    .thread_id = ingest_thread_row(w.ingest, SERIAL, TID),
				    .stack_id = ingest_stack_row(w.ingest, SERIAL, 1),
				    .target = "a\x01 b",
				    .state = SAMPLE_CALL,
				    .ticks = 1,
				    .source = 2};
	samples_add(w.ingest, &mine);
	struct sample nobodys = mine;
	nobodys.process_id = 99;
	samples_add(w.ingest, &nobodys);
	const struct engine engine = {.name = "stop",
				      .reason = "greenlet is loaded",
				      .rate_hz = 99.5,
				      .ticks = {100, 90, 5, 3, 2},
				      .stopped_ns = 5000,
				      .stop_p99_ns = 140000};
	engine_report(w.ingest, SERIAL, &engine);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample"), 1);
	assert_int_equal(query(&w, "SELECT source = 2 AND cpu_ns = 9000000 AND stack_id = 2 "
				   "FROM v1_sample"),
			 1);
	assert_int_equal(query(&w, "SELECT name = 'stop' AND rate_hz = 99.5 AND scheduled = 100 "
				   "AND verified = 90 AND caught = 5 AND torn = 3 AND late = 2 AND "
				   "stop_p99_ns = 140000 AND process_id = 3 FROM v1_engine"),
			 1);
	finish(&w);
}

static struct channel_header header_with(uint64_t scheduled);

/* The agent's engine gave up (greenlet came), and one from outside went on: the row has the ticks
 * of both, those too that the agent's header tells after the first report. */
static void test_one_engine_after_another(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	struct channel_header header = header_with(200);
	ingest_process_update(w.ingest, &header);
	struct engine engine = {.name = "stop",
				.reason = "greenlet is loaded",
				.rate_hz = 99.5,
				.ticks = {10, 9, 0, 1, 0},
				.stopped_ns = 5000,
				.cpu_ns = 100};
	engine_report(w.ingest, SERIAL, &engine);
	header = header_with(210);
	ingest_process_update(w.ingest, &header);
	engine.ticks[TICK_SCHEDULED] = 20;
	engine.ticks[TICK_VERIFIED] = 19;
	engine_report(w.ingest, SERIAL, &engine);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_engine"), 1);
	assert_int_equal(query(&w, "SELECT name = 'stop' AND rate_hz = 99.5 AND scheduled = 230 "
				   "AND verified = 226 AND caught = 2 AND torn = 1 AND late = 1 "
				   "AND interrupted = 7 AND cpu_ns = 12445 FROM v1_engine"),
			 1);
	finish(&w);
}

/* What runs before a server listens is its start, and no unit of work. */
static void test_samples_of_a_start_up(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_BEGIN,
				    .t_start_ns = T0,
				    .unit = UNIT(0),
				    .subject = UNIT_RUN,
				    .object = TID});
	put(&w, 1, sample(UNIT(0), SAMPLE_PYTHON, 10, 4));
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_END,
				    .t_start_ns = T0,
				    .dur_ns = 500 * MS,
				    .unit = UNIT(0),
				    .flags = RECORD_COLD});
	put(&w, 1, sample(UNIT(0), SAMPLE_PYTHON, 20, 2));
	flush(&w);
	flush(&w);
	put(&w, 1, sample(UNIT(0), SAMPLE_PYTHON, 30, 1)); /* read late */
	end(&w);
	assert_int_equal(query(&w, "SELECT total(ticks) FROM v1_sample"), 7);
	assert_int_equal(query(&w, "SELECT total(in_unit) FROM v1_sample"), 0);
	finish(&w);
}

static struct channel_header header_with(uint64_t scheduled)
{
	struct channel_header header = {.serial = SERIAL,
					.pid = 4242,
					.parent_pid = 1,
					.made_ns = T0 - 1,
					.state = AGENT_ON,
					.units_begun = 9};
	header.ticks[TICK_SCHEDULED] = scheduled;
	header.ticks[TICK_VERIFIED] = scheduled - 3;
	header.ticks[TICK_CAUGHT] = 2;
	header.ticks[TICK_LATE] = 1;
	header.tick_cpu_ns = 12345;
	header.interrupted = 7;
	return header;
}

static void test_ticks_of_the_header(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	struct channel_header header = header_with(200);
	ingest_process_update(w.ingest, &header);
	header = header_with(400);
	ingest_process_update(w.ingest, &header);
	const struct dict_fact facts[] = {{60, 61}, {62, 63}};
	add_text(&w, 60, ENGINE_FACT);
	add_text(&w, 61, "tick");
	add_text(&w, 62, ENGINE_REASON_FACT);
	add_text(&w, 63, "CPython 3.12, GIL");
	for (size_t i = 0; i < 2; i++)
		ingest_fact(w.ingest, SERIAL, &facts[i]);
	ingest_process_end(w.ingest, SERIAL, T0 + 77);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_engine"), 1);
	assert_int_equal(query(&w, "SELECT name = 'tick' AND reason = 'CPython 3.12, GIL' AND "
				   "scheduled = 400 AND verified = 397 AND caught = 2 AND torn = 0 "
				   "AND late = 1 AND cpu_ns = 12345 AND interrupted = 7 AND "
				   "stop_p99_ns IS NULL FROM v1_engine"),
			 1);
	finish(&w);
}

/* An engine that the target invents is not believed; a process without ticks says so at its end. */
static void test_engine_none(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	const struct dict_fact fact = {60, 61};
	add_text(&w, 60, ENGINE_FACT);
	add_text(&w, 61, "perfect");
	ingest_fact(w.ingest, SERIAL, &fact);
	flush(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM engine"), 0);
	end(&w);
	assert_int_equal(query(&w, "SELECT name = 'none' AND reason = 'no tick was made' AND "
				   "scheduled = 0 FROM v1_engine"),
			 1);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_of_one_place_are_one_row),
		cmocka_unit_test(test_route_is_that_of_the_unit),
		cmocka_unit_test(test_cold_units_are_told_apart),
		cmocka_unit_test(test_sample_before_its_unit),
		cmocka_unit_test(test_long_unit_gives_up_its_route),
		cmocka_unit_test(test_unit_without_end),
		cmocka_unit_test(test_blocked_call_names_its_peer),
		cmocka_unit_test(test_hostile_samples),
		cmocka_unit_test(test_cpu_that_no_tick_saw),
		cmocka_unit_test(test_keys_are_bounded),
		cmocka_unit_test(test_waiting_is_bounded),
		cmocka_unit_test(test_another_engine_uses_the_same_door),
		cmocka_unit_test(test_one_engine_after_another),
		cmocka_unit_test(test_samples_of_a_start_up),
		cmocka_unit_test(test_ticks_of_the_header),
		cmocka_unit_test(test_engine_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

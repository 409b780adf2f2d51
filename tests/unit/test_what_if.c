/* What a cure gives: cuts out of units made by hand, and what a recording allows to be told. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/hash.h"
#include "base/stats.h"
#include "model/what_if.h"
#include "model/what_if_cold.h"
#include "model/what_if_eased.h"
#include "model/what_if_late.h"
#include "rules/case_run.h"

enum { UNITS = 400 };
#define MS 1e6

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static uint64_t route(const char *name)
{
	return hash_bytes(name, strlen(name));
}

/* One worker that serves one after another; random arrivals, one every `every_ms` in the mean.
 * Every other unit is of /b. */
static struct what_if served(double every_ms, double python_ms, double db_ms)
{
	struct what_if w = {
		.servers = {.processes = 1, .slots = 1, .shared = true, .quantum_ns = INFINITY},
		.turn_parts = PARTS_ALL,
		.p50_off = 1,
		.p99_off = 1,
		.count = UNITS,
	};
	double at_ns = 0;
	uint64_t random_state = 7;
	w.units = mem_alloc(UNITS * sizeof *w.units);
	for (size_t i = 0; i < UNITS; i++) {
		const double uniform = ((double)(stats_random(&random_state) >> 11) + 0.5) / 0x1p53;
		at_ns -= log(uniform) * every_ms * MS;
		w.units[i] = (struct what_if_unit){
			.arrival_ns = at_ns,
			.route = route(i % 2 ? "/b" : "/a"),
			.pieces = 1,
		};
		w.units[i].part_ns[PART_PYTHON] = python_ms * MS;
		w.units[i].part_ns[PART_DB_BLOCK] = db_ms * MS;
	}
	return w;
}

static struct what_if_answer ask(const struct what_if *w, const struct what_if_cut *cuts,
				 size_t count)
{
	return what_if_ask(w, cuts, count, &what_if_as_it_was);
}

static void a_cut_is_of_its_route_and_a_mean_over_all(void **state)
{
	(void)state;
	struct what_if w = served(20, 2, 4);
	const struct what_if_cut cut = {.route = "/b", .parts = PARTS_DB, .ns = 1.5 * MS};
	assert_float_equal(ask(&w, &cut, 1).service_ms, 1.5, 1e-9);
	/* units of /b have 4 ms of it, a mean of 2: the rest comes out of their other 1 ms in the
	 * mean, and none out of /a */
	const struct what_if_cut more = {.route = "/b", .parts = PARTS_DB, .ns = 5 * MS};
	assert_float_equal(ask(&w, &more, 1).service_ms, 3, 1e-9);
	what_if_free(&w);
}

static void what_one_took_another_cannot(void **state)
{
	(void)state;
	struct what_if w = served(20, 2, 4);
	const struct what_if_cut cuts[] = {
		{.parts = PART_BIT(PART_PYTHON), .ns = 1.5 * MS},
		{.parts = PARTS_DB, .ns = 4 * MS},
		{.parts = PARTS_ALL, .ns = 3 * MS},
	};
	assert_float_equal(ask(&w, cuts, 2).service_ms, 5.5, 1e-9);
	assert_float_equal(ask(&w, cuts, 3).service_ms, 6, 1e-9);
	what_if_free(&w);
}

/* At 0.9 of what serves them, and at 0.1. */
static void who_waits_gains_more_than_the_service(void **state)
{
	(void)state;
	const struct what_if_cut cut = {.parts = PARTS_DB, .ns = 2 * MS};
	struct what_if busy = served(6.67, 2, 4), idle = served(60, 2, 4);
	const double busy_ms =
		ask(&busy, NULL, 0).latency.mean_ms - ask(&busy, &cut, 1).latency.mean_ms;
	const double idle_ms =
		ask(&idle, NULL, 0).latency.mean_ms - ask(&idle, &cut, 1).latency.mean_ms;
	assert_true(busy_ms > 2 * idle_ms);
	assert_true(idle_ms > 2 - 1e-9);
	what_if_free(&busy);
	what_if_free(&idle);
}

/* A call that blocks the loop is awaited instead: it takes as long, and nobody else waits for it.
 */
static void a_freed_loop_lets_others_run(void **state)
{
	(void)state;
	struct what_if w = served(5, 1, 4);
	w.servers = (struct replay_servers){.processes = 1, .quantum_ns = INFINITY};
	w.turn_parts = PARTS_ALL & ~(PART_BIT(PART_DB_AWAIT) | PART_BIT(PART_AWAIT));
	const struct what_if_cut cut = {.parts = PARTS_DB, .ns = 4 * MS, .frees_loop = true};
	const struct what_if_answer held = ask(&w, NULL, 0), freed = ask(&w, &cut, 1);
	assert_float_equal(freed.service_ms, 0, 1e-9);
	assert_true(freed.latency.p99_ms < held.latency.p99_ms - 1);
	assert_true(freed.latency.p50_ms >= 5 - 1e-9);
	what_if_free(&w);
}

static void twice_the_workers_and_a_quicker_database(void **state)
{
	(void)state;
	struct what_if w = served(6.67, 2, 4);
	const double was_ms = ask(&w, NULL, 0).latency.p99_ms;
	const struct what_if_servers more = {.times_processes = 2, .db_times = 1},
				     quick = {.times_processes = 1, .db_times = 0.5};
	assert_true(what_if_ask(&w, NULL, 0, &more).latency.p99_ms < was_ms);
	assert_true(what_if_ask(&w, NULL, 0, &quick).latency.p99_ms < was_ms - 2);
	what_if_free(&w);
}

static void without_a_client_service_alone_is_told(void **state)
{
	(void)state;
	struct what_if w = served(20, 2, 4);
	const struct what_if_cut cut = {.parts = PARTS_DB, .ns = 1 * MS};
	w.unknown = "no client";
	const struct what_if_answer answer = ask(&w, &cut, 1);
	assert_float_equal(answer.service_ms, 1, 1e-9);
	assert_false(answer.latency.known);
	what_if_free(&w);
}

/* The replay is believed where it finds what was measured, and not where it is half of that. */
static void it_is_tried_on_what_was(void **state)
{
	(void)state;
	for (int times = 1; times <= 2; times++) {
		struct what_if w = served(6.67, 2, 4);
		const struct replay_servers servers = w.servers;
		struct replay_unit units[UNITS];
		double response_ns[UNITS];
		for (size_t i = 0; i < UNITS; i++)
			units[i] = (struct replay_unit){.arrival_ns = w.units[i].arrival_ns,
							.turn_ns = 6 * MS,
							.pieces = 1};
		replay_run(&servers, units, UNITS, response_ns);
		for (size_t i = 0; i < UNITS; i++)
			w.units[i].response_ns = times * response_ns[i];
		what_if_check(&w, arena);
		assert_float_equal(w.p50_off, times, 1e-6);
		assert_int_equal(w.unknown != NULL, times == 2);
		what_if_free(&w);
	}
}

#define REQUESTS \
	"INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, " \
	"trace) SELECT a.i * 100 + b.i + 1, 1, 1, 'request', 1, (a.i * 100 + b.i) * 10000000, " \
	"4000000, 3900000, randomblob(16) FROM n a, n b WHERE a.i < 3;"
#define CLIENT \
	"INSERT INTO client_request SELECT trace, start_ns - 1000000, start_ns - 1000000, " \
	"start_ns " \
	"+ wall_ns, 200, NULL FROM unit;"

/* Twenty of the units are not the client's requests: of another load, or of this one's warm-up. */
#define BESIDE(load) \
	"UPDATE unit SET trace = x'0102030405060708' || randomblob(8);" CLIENT \
	"UPDATE unit SET trace = " load " || randomblob(8) WHERE id BETWEEN 101 AND 120;" \
	"DELETE FROM client_request WHERE trace NOT IN (SELECT trace FROM unit);"

static struct what_if read(const char *sql)
{
	const struct rule_case c = {.name = "", .sql = sql};
	struct what_if w;
	struct ledger ledger;
	struct err e = {0};
	sqlite3 *db;
	assert_int_equal(case_recording(&c, &db, &e), ERR_OK);
	assert_int_equal(case_prepare(db, arena, &ledger, &e), ERR_OK);
	assert_int_equal(what_if_read(db, &ledger, arena, &w, &e), ERR_OK);
	sqlite3_close(db);
	return w;
}

static void what_a_recording_does_not_say(void **state)
{
	static const struct {
		const char *sql, *unknown;
	} rows[] = {
		{REQUESTS, "when requests arrived is not known"},
		{REQUESTS CLIENT "DELETE FROM client_request WHERE rowid > 150;",
		 "150 requests were answered; it takes 200"},
		{REQUESTS CLIENT "INSERT INTO meta VALUES ('load_closed', 1);", "there is no rate"},
		{REQUESTS BESIDE("x'1102030405060708'"),
		 "20 more requests came meanwhile from others than the client"},
		{REQUESTS CLIENT "UPDATE unit SET lock_ns = 1000000, cpu_ns = 2900000;",
		 "at locks or a pool, which is not replayed"},
		{REQUESTS CLIENT "INSERT INTO meta VALUES ('cpus', 2);"
				 "UPDATE unit SET runqueue_ns = 1000000, cpu_ns = 2900000, "
				 "process_id = id % 3 + 1;",
		 "25 % of their time for a CPU, as 3 processes serve on 2, which is not replayed"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct what_if w = read(rows[i].sql);
		assert_non_null(w.unknown);
		if (!strstr(w.unknown, rows[i].unknown))
			fail_msg("%s: not in: %s", rows[i].unknown, w.unknown);
		what_if_free(&w);
	}
}

static void requests_of_the_warm_up_are_no_strangers(void **state)
{
	(void)state;
	struct what_if w = read(REQUESTS BESIDE("x'0102030405060708'"));
	assert_int_equal(w.count, 280);
	assert_null(w.unknown);
	what_if_free(&w);
}

static void a_worker_is_read_with_what_is_outside_of_it(void **state)
{
	(void)state;
	struct what_if w = read(REQUESTS CLIENT);
	assert_null(w.unknown);
	assert_int_equal(w.count, 300);
	assert_float_equal(w.rate_per_s, 100, 1);
	assert_float_equal(w.measured.p50_ms, 5, 0.01);
	assert_float_equal(w.replayed.p50_ms, 5, 0.01);
	assert_true(w.servers.shared && w.servers.slots == 1 && w.servers.processes == 1);
	/* of the first it is not known who came before; the others come 6 ms after the last one's
	 * end */
	for (size_t i = 0; i < w.count; i++)
		assert_int_equal(w.units[i].alone, i > 0);
	const struct what_if_cut cut = {.parts = PART_BIT(PART_PYTHON), .ns = 2 * MS};
	assert_float_equal(ask(&w, &cut, 1).latency.p50_ms, 3, 0.01);
	what_if_free(&w);
}

/* Every twentieth is sent 7 ms late, every other twentieth answered 9 ms late: no cure of the app
 * changes that, and neither is the queue's. */
static void what_a_request_waits_for_outside_stays(void **state)
{
	(void)state;
	struct what_if w =
		read(REQUESTS "INSERT INTO client_request SELECT trace, start_ns - 1000000 - (id % "
			      "20 = 0) * 7000000, start_ns - 1000000, start_ns + wall_ns + (id % "
			      "20 = 10) * 9000000, 200, NULL FROM unit;");
	assert_null(w.unknown);
	assert_float_equal(w.measured.p99_ms, 14, 0.01);
	assert_float_equal(w.replayed.p50_ms, 5, 0.01);
	assert_float_equal(w.replayed.p99_ms, 14, 0.01);
	const struct what_if_cut cut = {.parts = PART_BIT(PART_PYTHON), .ns = 2 * MS};
	const struct what_if_answer answer = ask(&w, &cut, 1);
	assert_float_equal(answer.latency.p50_ms, 3, 0.01);
	assert_float_equal(answer.latency.p99_ms, 12, 0.01);
	what_if_free(&w);
}

/* Two of three are sent together, to one worker: the second queues, which is not outside. */
static void a_queue_is_not_outside(void **state)
{
	(void)state;
	struct what_if w =
		read(REQUESTS
		     "UPDATE unit SET start_ns = start_ns - 6000000 WHERE id % 3 = 0;"
		     "INSERT INTO client_request SELECT trace, start_ns - 1000000 - (id % 3 = 0) "
		     "* 4000000, start_ns - 1000000 - (id % 3 = 0) * 4000000, start_ns + "
		     "wall_ns, 200, NULL FROM unit;");
	assert_null(w.unknown);
	assert_float_equal(w.measured.p99_ms, 9, 0.01);
	assert_float_equal(w.replayed.p99_ms, 9, 0.01);
	const struct what_if_cut cut = {.parts = PART_BIT(PART_PYTHON), .ns = 2 * MS};
	assert_float_equal(ask(&w, &cut, 1).latency.p99_ms, 5, 0.01);
	what_if_free(&w);
}

/* Half of the units meet another and wait 6 ms where 2 are their own; what the replay makes of the
 * rest decides. Without units that were alone nothing is eased. */
static void waits_for_others_are_eased(void **state)
{
	(void)state;
	struct what_if w = served(20, 2, 4);
	for (size_t i = 0; i < UNITS; i++) {
		w.units[i].route = 1;
		w.units[i].alone = i % 2;
		w.units[i].part_ns[PART_AWAIT] = (i % 2 ? 2 : 6) * MS;
		w.units[i].part_ns[PART_PYTHON] = (i % 2 ? 2 : 3) * MS;
		w.units[i].queue_ns = (i % 2 ? 0.5 : 1.5) * MS;
	}
	struct what_if_unit *eased = what_if_eased(w.units, w.count, 1);
	assert_non_null(eased);
	for (size_t i = 0; i < 2; i++) {
		assert_float_equal(eased[i].part_ns[PART_AWAIT], 2 * MS, 1e-6);
		assert_float_equal(eased[i].part_ns[PART_PYTHON], 2 * MS, 1e-6);
		assert_float_equal(eased[i].part_ns[PART_DB_BLOCK], 4 * MS, 1e-6);
	}
	free(eased);
	for (size_t i = 0; i < UNITS; i++)
		w.units[i].alone = false;
	assert_null(what_if_eased(w.units, w.count, 1));
	what_if_free(&w);
}

/* Of 400 requests four are the p99. Where the recording leaves open whether it has four long ones
 * or three, the replay that has three is not refuted; one that is off by more is, and so are many.
 */
static void few_requests_do_not_refute_the_replay(void **state)
{
	(void)state;
	static const struct {
		size_t every;
		double times;
		bool p50, p99; /* refuted */
	} rows[] = {{80, 1.4, false, false},
		    {80, 3, false, true},
		    {10, 1.4, false, true},
		    {1, 1.4, true, true}};
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct what_if w = served(60, 2, 4);
		struct what_if_answer answer;
		double response_ns[UNITS];
		struct replay_unit units[UNITS];
		for (size_t i = 0; i < UNITS; i++) {
			w.units[i].arrival_ns = (double)i * 60 * MS;
			units[i] = (struct replay_unit){.arrival_ns = w.units[i].arrival_ns,
							.turn_ns = 6 * MS,
							.pieces = 1};
		}
		replay_run(&w.servers, units, UNITS, response_ns);
		for (size_t i = 0; i < UNITS; i++)
			w.units[i].response_ns =
				response_ns[i] *
				(i % rows[k].every == 3 % rows[k].every ? rows[k].times : 1);
		what_if_check(&w, arena);
		answer = what_if_ask(&w, NULL, 0, &what_if_as_it_was);
		assert_int_equal(w.p50_is_off, rows[k].p50);
		assert_int_equal(w.p99_is_off, rows[k].p99);
		assert_int_equal(w.unknown != NULL, rows[k].p50 && rows[k].p99);
		assert_int_equal(answer.latency.known, !w.unknown);
		assert_int_equal(!isnan(answer.latency.p50_ms) && !w.unknown, !rows[k].p50);
		assert_int_equal(!isnan(answer.latency.p99_ms) && !w.unknown, !rows[k].p99);
		assert_int_equal(isnan(answer.latency.mean_ms), rows[k].p99 && !w.unknown);
		what_if_free(&w);
	}
}

/* Half of the requests took 1.4 times what the replay has for them, a little more or fewer: the
 * median is in the recording's interval, and not what was measured. The p99 is as it was. */
static void a_median_that_is_not_reproduced_is_not_told(void **state)
{
	(void)state;
	struct what_if w = served(60, 2, 4);
	double response_ns[UNITS];
	struct replay_unit units[UNITS];
	for (size_t i = 0; i < UNITS; i++) {
		const bool is_long = i % 25 == 24;
		w.units[i].arrival_ns = (double)i * 60 * MS;
		w.units[i].part_ns[PART_PYTHON] += is_long ? 20 * MS : 0;
		units[i] = (struct replay_unit){.arrival_ns = w.units[i].arrival_ns,
						.turn_ns = (is_long ? 26 : 6) * MS,
						.pieces = 1};
	}
	replay_run(&w.servers, units, UNITS, response_ns);
	for (size_t i = 0; i < UNITS; i++)
		w.units[i].response_ns = response_ns[i] * (i % 25 != 24 && i < 206 ? 1.4 : 1);
	what_if_check(&w, arena);
	assert_true(w.measured.p50_low_ms <= w.replayed.p50_ms);
	assert_null(w.unknown);
	const struct what_if_answer answer = what_if_ask(&w, NULL, 0, &what_if_as_it_was);
	assert_true(isnan(answer.latency.p50_ms));
	assert_float_equal(answer.latency.p99_ms, 26, 1e-6);
	what_if_free(&w);
}

/* Two threads under one GIL; each unit computes for 4 ms, and those that met another were seen to
 * wait 4 ms more. Replayed with both they would wait twice. */
static void the_form_that_fits_is_taken(void **state)
{
	(void)state;
	for (int twice = 0; twice <= 1; twice++) {
		struct what_if w = served(8, 4, 0);
		struct replay_unit units[UNITS];
		double response_ns[UNITS];
		w.servers =
			(struct replay_servers){.processes = 1, .slots = 8, .quantum_ns = 5 * MS};
		w.turn_parts = PART_BIT(PART_PYTHON);
		for (size_t i = 0; i < UNITS; i++) {
			const bool met = i % 2;
			w.units[i].route = 1;
			w.units[i].alone = !met;
			w.units[i].part_ns[PART_AWAIT] = met ? 4 * MS : 0;
			units[i] = (struct replay_unit){
				.arrival_ns = w.units[i].arrival_ns,
				.turn_ns = 4 * MS,
				.wait_ns = twice ? w.units[i].part_ns[PART_AWAIT] : 0,
				.pieces = 1};
		}
		replay_run(&w.servers, units, UNITS, response_ns);
		for (size_t i = 0; i < UNITS; i++)
			w.units[i].response_ns = response_ns[i];
		what_if_check(&w, arena);
		assert_null(w.unknown);
		assert_float_equal(w.units[1].part_ns[PART_AWAIT], (twice ? 4.0 * MS : 0.0), 1e-6);
		what_if_free(&w);
	}
}

/* A quarter of each route found the server idle and took 0.2 ms longer; of a route that is always
 * slow, none queued. */
static void what_standing_still_costs_goes_with_who_finds_it_so(void **state)
{
	(void)state;
	struct what_if w = served(20, 2, 0);
	for (size_t i = 0; i < UNITS; i++) {
		struct what_if_unit *u = &w.units[i];
		u->found_idle = i % 8 < 2;
		u->part_ns[PART_PYTHON] += (i % 8 < 2 ? 0.2 : 0) * MS + (double)(i % 5) * 0.01 * MS;
		if (i % 40 == 0)
			*u = (struct what_if_unit){.arrival_ns = u->arrival_ns,
						   .route = 9,
						   .found_idle = true,
						   .part_ns = {30 * MS},
						   .pieces = 1};
	}
	const double first_ns = w.units[1].part_ns[PART_PYTHON];
	what_if_cold(&w);
	assert_true(fabs(w.servers.cold_ns - 0.2 * MS) < 0.01 * MS);
	assert_true(fabs(w.units[1].part_ns[PART_PYTHON] + w.servers.cold_ns - first_ns) < 1);
	/* at this rate nearly all find it idle: cured of 1 ms each still takes it */
	const struct what_if_cut cut = {.parts = PARTS_ALL, .ns = 1 * MS, .route = "/b"};
	assert_true(ask(&w, &cut, 1).latency.p50_ms > 1.15);
	what_if_free(&w);
}

/* Four connections: four requests stay for 100 ms, and two that are due meanwhile are sent when
 * they are free; the last was late of itself. */
static void who_had_no_connection_free_was_due(void **state)
{
	(void)state;
	struct what_if w = {.count = 7};
	w.units = mem_alloc(w.count * sizeof *w.units);
	for (size_t i = 0; i < 4; i++)
		w.units[i] = (struct what_if_unit){.arrival_ns = (double)i * MS,
						   .response_ns = 100 * MS};
	w.units[4] = (struct what_if_unit){
		.arrival_ns = 100 * MS, .late_ns = 80 * MS, .response_ns = 90 * MS};
	w.units[5] = (struct what_if_unit){
		.arrival_ns = 101 * MS, .late_ns = 91 * MS, .response_ns = 95 * MS};
	w.units[6] = (struct what_if_unit){
		.arrival_ns = 300 * MS, .late_ns = 5 * MS, .response_ns = 9 * MS};
	what_if_late(&w, 4, 0.95);
	const double arrival_ms[] = {0, 1, 2, 3, 10, 20, 300}, late_ms[] = {0, 0, 0, 0, 0, 0, 5};
	for (size_t i = 0; i < w.count; i++) {
		assert_true(fabs(w.units[i].arrival_ns - arrival_ms[i] * MS) < 1);
		assert_true(fabs(w.units[i].late_ns - late_ms[i] * MS) < 1);
	}
	what_if_late(&w, 100, 0.95);
	assert_true(w.units[6].late_ns > 4 * MS);
	what_if_free(&w);
}

static void a_difference_by_chance_is_none(void **state)
{
	(void)state;
	struct what_if w = served(20, 2, 0);
	for (size_t i = 0; i < UNITS; i++) {
		w.units[i].found_idle = i % 8 < 2;
		w.units[i].part_ns[PART_PYTHON] += i % 100 == 0 ? 3 * MS : 0;
	}
	const double first_ns = w.units[0].part_ns[PART_PYTHON];
	what_if_cold(&w);
	assert_float_equal(w.servers.cold_ns, 0, 0);
	assert_float_equal(w.units[0].part_ns[PART_PYTHON], first_ns, 0);
	what_if_free(&w);
}

/* A handler in a thread of a pool: what it waits for there passes while its unit is suspended, and
 * holds no loop. */
static void waits_in_a_thread_hold_no_loop(void **state)
{
	(void)state;
	struct what_if w =
		read(REQUESTS CLIENT
		     "UPDATE unit SET flags = 8, running_ns = 500000, cpu_ns = 1000000, net_ns = "
		     "2500000, suspended_ns = 3500000;");
	assert_non_null(w.units);
	assert_float_equal(w.units[0].part_ns[PART_PYTHON], 1 * MS, 1e-6);
	assert_float_equal(w.units[0].part_ns[PART_BLOCK], 0, 1e-6);
	assert_float_equal(w.units[0].part_ns[PART_AWAIT], 3 * MS, 1e-6);
	what_if_free(&w);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cut_is_of_its_route_and_a_mean_over_all),
		TEST(what_one_took_another_cannot),
		TEST(who_waits_gains_more_than_the_service),
		TEST(a_freed_loop_lets_others_run),
		TEST(twice_the_workers_and_a_quicker_database),
		TEST(without_a_client_service_alone_is_told),
		TEST(it_is_tried_on_what_was),
		TEST(what_a_recording_does_not_say),
		TEST(requests_of_the_warm_up_are_no_strangers),
		TEST(a_worker_is_read_with_what_is_outside_of_it),
		TEST(what_a_request_waits_for_outside_stays),
		TEST(a_queue_is_not_outside),
		TEST(waits_for_others_are_eased),
		TEST(few_requests_do_not_refute_the_replay),
		TEST(the_form_that_fits_is_taken),
		TEST(a_median_that_is_not_reproduced_is_not_told),
		TEST(what_standing_still_costs_goes_with_who_finds_it_so),
		TEST(a_difference_by_chance_is_none),
		TEST(who_had_no_connection_free_was_due),
		TEST(waits_in_a_thread_hold_no_loop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

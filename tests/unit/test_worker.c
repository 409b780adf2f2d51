/* What a worker decides, without waiting for anything: its state is made by hand, times are given.
 * The server is a socket that listens and says nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "load/histogram.h"
#include "load/request_log.h"
#include "load/tally.h"
#include "load/worker_state.h"

#define SENT_NS (1000 * NS_PER_S) /* of a request that fails or is answered */
#define LONG_AGO_S 20             /* before now: no machine stands still for so long */

static atomic_bool stop = true;
static struct arena *arena;
static struct request_set *requests;
static struct address address;
static struct load_plan plan;
static struct worker_world world;
static struct worker *w;
static int listener, peer;

static void add_request(const char *method)
{
	struct url url;
	struct err e = {0};
	assert_int_equal(url_parse(&url, ":80", arena, &e), ERR_OK);
	const struct request_spec spec = {.method = method, .url = &url};
	assert_int_equal(request_set_add(requests, &spec, 1, &e), ERR_OK);
}

static void listen_somewhere(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof at;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &length), 0);
	memcpy(&address.storage, &at, sizeof at);
	address.length = length;
}

/* One arrival a second from the start on, two connections, a log. */
static void make_worker(void)
{
	struct err e = {0};
	worker_free(w);
	assert_int_equal(worker_new(&w, &world, 0, &e), ERR_OK);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	requests = request_set_new();
	add_request("GET");
	add_request("POST");
	listen_somewhere();
	plan = (struct load_plan){
		.requests = requests,
		.schedule = {.rate = ARRIVALS_RATE_UNIT,
			     .rate_at_end = ARRIVALS_RATE_UNIT,
			     .duration_ns = 1000 * NS_PER_S},
		.connections = 2,
		.threads = 1,
		.timeout_ns = 30 * NS_PER_S,
		.log = true,
		.stop = &stop,
	};
	world = (struct worker_world){
		.plan = &plan, .address = &address, .begin_ns = 900 * NS_PER_S};
	peer = -1;
	make_worker();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	worker_free(w);
	w = NULL;
	if (peer >= 0)
		close(peer);
	close(listener);
	request_set_free(requests);
	arena_free(arena);
	return 0;
}

/* A slot whose connection is one end of a pair. */
static struct slot *connected_slot(void)
{
	struct slot *slot = pool_take_closed(&w->pool);
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	if (peer >= 0)
		close(peer);
	peer = ends[1];
	slot->connection.fd = ends[0];
	slot->connection.state = CONNECTION_IDLE;
	w->pool.connected++;
	return slot;
}

/* Sent at SENT_NS on a connection that has had answers before. */
static struct slot *waiting_slot(size_t request)
{
	struct slot *slot = connected_slot();
	slot->connection.state = CONNECTION_WAITING;
	slot->request = &w->requests->requests.items[request];
	slot->has_request = true;
	slot->due_ns = slot->sent_ns = SENT_NS;
	slot->used = 1;
	w->in_flight++;
	return slot;
}

static void break_off(struct slot *slot, enum load_error error, uint64_t now_ns)
{
	slot->connection.error = error;
	str_copy(slot->connection.why, sizeof slot->connection.why, "why");
	worker_handle(w, slot, CONNECTION_STEP_FAILED, now_ns);
}

/* --- what may be sent again ---------------------------------------------------------------------
 */

static void test_a_request_at_a_closed_idle_connection_is_sent_again(void **state)
{
	struct slot *slot = waiting_slot(0);
	(void)state;
	break_off(slot, LOAD_ERROR_CLOSED, SENT_NS + NS_PER_MS);
	assert_int_equal(w->tally.retried, 1);
	assert_int_equal(load_result_errors(&w->tally), 0);
	assert_true(slot->has_request && slot->is_retried);
	assert_int_equal(slot->connection.state, CONNECTION_CONNECTING);
	assert_int_equal(slot->sent_ns, SENT_NS); /* its time goes on */
}

static void test_so_is_one_at_a_reset_connection_that_was_half_sent(void **state)
{
	struct slot *slot = waiting_slot(0);
	(void)state;
	slot->connection.state = CONNECTION_SENDING;
	break_off(slot, LOAD_ERROR_RESET, SENT_NS + NS_PER_MS);
	assert_int_equal(w->tally.retried, 1);
}

static void spoil_nothing(struct slot *slot)
{
	(void)slot;
}
static void begin_answer(struct slot *slot)
{
	slot->connection.response.head_bytes = 1;
}
static void be_new(struct slot *slot)
{
	slot->used = 0;
}
static void be_retried(struct slot *slot)
{
	slot->is_retried = true;
}

/* Each differs in one thing from what is sent again. */
static void test_nothing_else_is_sent_again(void **state)
{
	static const struct {
		size_t request;
		enum load_error error;
		uint64_t after_ns;
		void (*spoil)(struct slot *slot);
	} rows[] = {
		{1, LOAD_ERROR_CLOSED, NS_PER_MS, spoil_nothing}, /* POST: might be done twice */
		{0, LOAD_ERROR_CLOSED, 10 * NS_PER_MS, spoil_nothing}, /* worked on, then closed */
		{0, LOAD_ERROR_CLOSED, NS_PER_MS, begin_answer},
		{0, LOAD_ERROR_CLOSED, NS_PER_MS, be_new}, /* it was no idle one */
		{0, LOAD_ERROR_CLOSED, NS_PER_MS, be_retried},
		{0, LOAD_ERROR_PARSE, NS_PER_MS, spoil_nothing},
		{0, LOAD_ERROR_TLS, NS_PER_MS, spoil_nothing},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		make_worker();
		struct slot *slot = waiting_slot(rows[i].request);
		rows[i].spoil(slot);
		break_off(slot, rows[i].error, SENT_NS + rows[i].after_ns);
		if (w->tally.retried || w->tally.errors[rows[i].error] != 1)
			fail_msg("row %zu", i);
		assert_false(slot->has_request);
		assert_int_equal(slot->connection.state, CONNECTION_CLOSED);
		assert_int_equal(w->in_flight, 0);
	}
}

static void test_one_of_the_warm_up_is_sent_again_and_not_counted(void **state)
{
	(void)state;
	plan.schedule.warm_up_ns = 200 * NS_PER_S; /* the window starts at 1100 s */
	make_worker();
	break_off(waiting_slot(0), LOAD_ERROR_CLOSED, SENT_NS + NS_PER_MS);
	assert_int_equal(w->tally.retried, 0);
	assert_int_equal(w->pool.connecting, 1);
}

static void test_methods_that_may_be_repeated(void **state)
{
	static const struct {
		const char *method;
		uint64_t retried;
	} rows[] = {{"HEAD", 1},    {"PUT", 1},   {"DELETE", 1},
		    {"OPTIONS", 1}, {"PATCH", 0}, {"GETS", 0}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add_request(rows[i].method);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		make_worker();
		break_off(waiting_slot(2 + i), LOAD_ERROR_CLOSED, SENT_NS + NS_PER_MS);
		if (w->tally.retried != rows[i].retried)
			fail_msg("%s", rows[i].method);
	}
}

/* --- lateness ------------------------------------------------------------------------------------
 */

static uint64_t lateness_of_one(uint64_t due_ns, uint64_t free_ns)
{
	world.begin_ns = due_ns;
	make_worker();
	uint64_t at_ns;
	bool has;
	worker_advance(&w->due, due_ns, &w->due_ns, &w->has_due);
	worker_advance(&w->next, due_ns, &at_ns, &has);
	w->next_ns = due_ns;
	worker_take_due(w, due_ns);
	w->free_ns = free_ns;
	pool_put_idle(&w->pool, connected_slot());
	worker_send_backlog(w);
	assert_int_equal(histogram_count(w->tally.lateness), 1);
	return histogram_max(w->tally.lateness);
}

/* Behind a busy connection a request waits for the server; only from then on for this client. */
static void test_lateness_is_from_when_a_connection_was_free(void **state)
{
	const uint64_t now_ns = clock_now_ns();
	const uint64_t due_ns = now_ns - 3 * LONG_AGO_S * NS_PER_S;
	(void)state;
	assert_in_range(lateness_of_one(due_ns, now_ns - LONG_AGO_S * NS_PER_S),
			LONG_AGO_S * NS_PER_S, 2 * LONG_AGO_S * NS_PER_S);
	const uint64_t late_ns = lateness_of_one(due_ns, due_ns - NS_PER_S);
	assert_in_range(late_ns, now_ns - due_ns, clock_now_ns() - due_ns);
}

static void test_free_is_since_the_first_connection_was(void **state)
{
	(void)state;
	worker_set_free(w, connected_slot(), SENT_NS + 1, SENT_NS + 5);
	worker_set_free(w, connected_slot(), SENT_NS + 3, SENT_NS + 6);
	assert_int_equal(w->pool.idle.count, 2);
	assert_int_equal(w->free_ns, SENT_NS + 1);
	(void)pool_take_idle(&w->pool);
	worker_set_free(w, pool_take_idle(&w->pool), SENT_NS + 7, SENT_NS + 8);
	assert_int_equal(w->free_ns, SENT_NS + 7);
}

/* --- while the server is down
 * ---------------------------------------------------------------------- */

static void make_backlog(void)
{
	bool has;
	worker_advance(&w->due, world.begin_ns, &w->due_ns, &w->has_due);
	worker_advance(&w->next, world.begin_ns, &w->next_ns, &has);
	worker_take_due(w, world.begin_ns + 9 * NS_PER_S);
	assert_int_equal(w->backlog, 10);
}

static void test_while_the_server_is_down_arrivals_fail(void **state)
{
	const uint64_t now_ns = world.begin_ns + 9 * NS_PER_S;
	(void)state;
	make_backlog();
	w->is_down = true;
	w->down_until_ns = now_ns + NS_PER_MS;
	w->down_error = LOAD_ERROR_CONNECT;
	str_copy(w->down_why, sizeof w->down_why, "refused");
	/* Another one is being made, or works: they wait for that. */
	w->pool.connecting = 1;
	worker_open_connections(w, now_ns);
	assert_int_equal(w->backlog, 10);
	w->pool.connecting = 0;
	w->pool.connected = 1;
	worker_open_connections(w, now_ns);
	assert_int_equal(w->backlog, 10);
	w->pool.connected = 0;
	worker_open_connections(w, now_ns);
	assert_int_equal(w->backlog, 0);
	assert_int_equal(w->tally.errors[LOAD_ERROR_CONNECT], 10);
	assert_int_equal(w->failed, 10);
	assert_string_equal(w->tally.error_text, "refused");
	assert_int_equal(histogram_count(w->tally.response), 0);
}

static void test_when_it_may_be_up_again_one_connection_is_tried(void **state)
{
	const uint64_t now_ns = world.begin_ns + 9 * NS_PER_S;
	(void)state;
	make_backlog();
	w->is_down = true;
	w->down_until_ns = now_ns;
	worker_open_connections(w, now_ns);
	assert_int_equal(w->pool.connecting, 1);
	worker_open_connections(w, now_ns);
	assert_int_equal(w->pool.connecting, 1);
	assert_int_equal(w->backlog, 10);
	w->is_down = false;
	worker_open_connections(w, now_ns);
	assert_int_equal(w->pool.connecting, 2); /* all that -c allows */
}

/* --- the log
 * ---------------------------------------------------------------------------------------- */

static void test_the_warm_up_is_in_no_log(void **state)
{
	(void)state;
	plan.schedule.warm_up_ns = 5 * NS_PER_S;
	make_worker();
	struct slot *slot = waiting_slot(0);
	slot->due_ns = w->start_ns - 1;
	worker_note(w, slot, SENT_NS, 200, LOAD_ERROR_KINDS);
	assert_int_equal(request_log_total(w->tally.log), 0);
	slot->due_ns = w->start_ns;
	worker_note(w, slot, SENT_NS, 200, LOAD_ERROR_KINDS);
	assert_int_equal(request_log_total(w->tally.log), 1);
	/* Nor are those that were never sent: of ten, five are due behind it. */
	make_backlog();
	worker_leave_backlog(w, world.begin_ns + 9 * NS_PER_S);
	assert_int_equal(request_log_total(w->tally.log), 1 + 5);
	assert_int_equal(w->tally.unsent, 5);
}

/* --- the end
 * ---------------------------------------------------------------------------------------- */

/* The run is stopped `LONG_AGO_S` seconds into its window. */
static void stop_now(void)
{
	assert_null(worker_run(w));
}

static void begin_long_ago(void)
{
	world.begin_ns = clock_now_ns() - LONG_AGO_S * NS_PER_S;
	make_worker();
}

static void test_what_is_under_way_at_the_end_is_left(void **state)
{
	(void)state;
	begin_long_ago();
	struct slot *sent = waiting_slot(0), *unsent = waiting_slot(0);
	sent->due_ns = sent->sent_ns = sent->first_ns = w->start_ns + 10 * NS_PER_S;
	sent->taken_ns = sent->due_ns;
	unsent->due_ns = w->start_ns + 20 * NS_PER_S;
	unsent->sent_ns = 0; /* waits for its connection */
	stop_now();
	assert_true(w->tally.stopped);
	assert_int_equal(w->tally.unanswered, 1);
	assert_int_equal(w->tally.unsent, 1);
	assert_int_equal(histogram_count(w->tally.response), 2);
	assert_int_equal(histogram_count(w->tally.service), 0);
	assert_int_equal(request_log_total(w->tally.log), 2);
	assert_int_equal(w->tally.connections_used, 1);
	const uint64_t window_ns = w->tally.duration_ns;
	assert_in_range(window_ns, LONG_AGO_S * NS_PER_S, 2 * LONG_AGO_S * NS_PER_S);
	assert_int_equal(w->tally.in_flight_ns, window_ns - 10 * NS_PER_S);
	assert_int_equal(w->tally.in_flight_answered_ns, 0);
	assert_int_equal(w->tally.occupied_ns, window_ns - 10 * NS_PER_S);
}

static void test_what_was_sent_behind_the_window_is_not_in_flight_in_it(void **state)
{
	(void)state;
	const uint64_t end_ns = w->tally.start_ns + w->tally.duration_ns;
	tally_left(&w->tally, end_ns - 1, end_ns + 5, end_ns + NS_PER_S);
	assert_int_equal(w->tally.unanswered, 1);
	assert_int_equal(w->tally.in_flight_ns, 0);
	tally_left(&w->tally, end_ns - 9, end_ns - 7, end_ns + NS_PER_S);
	assert_int_equal(w->tally.in_flight_ns, 7);
}

/* First sent long ago, while fifty others were answered, all of them at once. */
static struct slot *starved_slot(void)
{
	begin_long_ago();
	struct slot *slot = waiting_slot(0);
	slot->due_ns = slot->sent_ns = slot->first_ns = w->start_ns;
	w->answered = 50;
	histogram_record(w->tally.service, NS_PER_MS);
	return slot;
}

static void test_a_connection_is_starved(void **state)
{
	(void)state;
	starved_slot();
	stop_now();
	assert_int_equal(w->tally.starved, 1);
	assert_in_range(w->tally.starved_longest_ns, LONG_AGO_S * NS_PER_S,
			2 * LONG_AGO_S * NS_PER_S);
}

static void test_a_connection_is_not_starved(void **state)
{
	(void)state;
	struct slot *slot = starved_slot();
	slot->answers = 1;
	stop_now();
	assert_int_equal(w->tally.starved, 0);
	/* For less than half of the time. */
	slot = starved_slot();
	slot->first_ns = w->start_ns + LONG_AGO_S * NS_PER_S * 6 / 10;
	stop_now();
	assert_int_equal(w->tally.starved, 0);
	/* Too few others were answered meanwhile. */
	starved_slot();
	w->answered = 49;
	stop_now();
	assert_int_equal(w->tally.starved, 0);
	slot = starved_slot();
	slot->first_number = 1;
	stop_now();
	assert_int_equal(w->tally.starved, 0);
	/* Others waited as long as a third of it. */
	starved_slot();
	histogram_record(w->tally.service, LONG_AGO_S * NS_PER_S / 2);
	stop_now();
	assert_int_equal(w->tally.starved, 0);
	/* It never sent. */
	slot = starved_slot();
	slot->first_ns = 0;
	stop_now();
	assert_int_equal(w->tally.starved, 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_a_request_at_a_closed_idle_connection_is_sent_again),
		CASE(test_so_is_one_at_a_reset_connection_that_was_half_sent),
		CASE(test_nothing_else_is_sent_again),
		CASE(test_one_of_the_warm_up_is_sent_again_and_not_counted),
		CASE(test_methods_that_may_be_repeated),
		CASE(test_lateness_is_from_when_a_connection_was_free),
		CASE(test_free_is_since_the_first_connection_was),
		CASE(test_while_the_server_is_down_arrivals_fail),
		CASE(test_when_it_may_be_up_again_one_connection_is_tried),
		CASE(test_the_warm_up_is_in_no_log),
		CASE(test_what_is_under_way_at_the_end_is_left),
		CASE(test_what_was_sent_behind_the_window_is_not_in_flight_in_it),
		CASE(test_a_connection_is_starved),
		CASE(test_a_connection_is_not_starved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

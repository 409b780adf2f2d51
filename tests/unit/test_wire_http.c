/* Questions to a service over HTTP/1: their answers' status, which are the same, and those that no
 * answer came to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent/wire.h"
#include "agent_fakes.h"

static size_t piece; /* bytes given at a time */
static struct handle *const connection = &fake_handles[1];

static void pass(bool server, const char *text)
{
	const size_t length = strlen(text);

	for (size_t at = 0; at < length; at += piece) {
		const size_t n = length - at < piece ? length - at : piece;
		if (server)
			wire_received(connection, text + at, n, agent_now_ns());
		else
			wire_sent(connection, text + at, n, agent_now_ns());
	}
}

static void start(size_t bytes_at_a_time)
{
	if (connection->wire)
		wire_closed(connection);
	piece = bytes_at_a_time;
	fake_reset();
	fake_unit = 3;
	*connection = (struct handle){
		.id = 7, .tracked = true, .kind = HANDLE_SOCKET, .opened_ns = fake_now_ns};
}

static const struct channel_record *exchange(size_t n)
{
	return fake_record(RECORD_EXCHANGE, n);
}

static const size_t pieces[] = {100000, 7, 1};
#define EACH_PIECE(p) for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)

static void an_answer_ends_a_question(void **state)
{
	(void)state;
	EACH_PIECE(p)
	{
		start(pieces[p]);
		pass(false, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
		assert_int_equal(fake_record_count, 0);
		pass(true, "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nHTTP/1.1 500 none");
		assert_int_equal(fake_count(RECORD_EXCHANGE), 1);
		assert_int_equal(exchange(0)->result, 200);
		assert_int_equal(exchange(0)->subject, 7);
		assert_int_equal(exchange(0)->unit, 3);
		assert_int_equal(exchange(0)->flags, RECORD_NESTED);
		assert_true(exchange(0)->dur_ns > 0);
		assert_int_equal(connection->peer_kind, PEER_HTTP);
	}
}

static void statuses_that_fail(void **state)
{
	static const struct {
		const char *answer;
		int status;
		bool failed;
	} rows[] = {
		{"HTTP/1.1 404 Not Found\r\n\r\n", 404, false},
		{"HTTP/1.0 429 Slow down\r\n\r\n", 429, true},
		{"HTTP/1.1 503 x\r\n\r\n", 503, true},
	};
	(void)state;
	EACH_PIECE(p)
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		start(pieces[p]);
		pass(false, "GET /a HTTP/1.1\r\n\r\n");
		pass(true, rows[i].answer);
		assert_int_equal(exchange(0)->result, rows[i].status);
		assert_int_equal((exchange(0)->flags & RECORD_FAILED) != 0, rows[i].failed);
	}
}

static void a_connection_closed_without_an_answer(void **state)
{
	(void)state;
	EACH_PIECE(p)
	{
		start(pieces[p]);
		pass(false, "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nab");
		wire_closed(connection);
		assert_int_equal(exchange(0)->result, 0);
		assert_true(exchange(0)->flags & RECORD_FAILED);
	}
}

static uint64_t hash_of(const char *question)
{
	const size_t before = fake_count(RECORD_EXCHANGE);

	pass(false, question);
	pass(true, "HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n");
	assert_int_equal(fake_count(RECORD_EXCHANGE), before + 1);
	return exchange(before)->aux;
}

static void equal_questions_have_equal_hashes(void **state)
{
	uint64_t first[2] = {0, 0};

	(void)state;
	EACH_PIECE(p)
	{
		start(pieces[p]);
		const uint64_t a = hash_of("GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n");
		assert_true(a != 0);
		assert_true(hash_of("GET /a?b=1 HTTP/1.1\r\nHost: x\r\nX-Try: 2\r\n\r\n") == a);
		assert_true(hash_of("GET /a?b=2 HTTP/1.1\r\nHost: x\r\n\r\n") != a);
		assert_true(hash_of("PUT /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n") != a);
		const uint64_t b = hash_of("POST /a HTTP/1.1\r\nHost: x\r\n\r\n\r\n{1}");
		assert_true(hash_of("POST /a HTTP/1.1\r\nHost: x\r\n\r\n\r\n{2}") != b);
		/* however it was cut */
		assert_true(!first[0] || first[0] == a);
		assert_true(!first[1] || first[1] == b);
		first[0] = a;
		first[1] = b;
	}
}

static void an_interim_answer_is_none(void **state)
{
	(void)state;
	EACH_PIECE(p)
	{
		start(pieces[p]);
		pass(false, "POST /a HTTP/1.1\r\nExpect: 100-continue\r\n\r\n");
		pass(true, "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n");
		assert_int_equal(fake_record_count, 0);
		pass(false, "body");
		pass(true, "HTTP/1.1 500 x\r\n\r\n");
		assert_int_equal(fake_count(RECORD_EXCHANGE), 1);
		assert_int_equal(exchange(0)->result, 500);
	}
}

static void a_body_after_its_answer_is_no_question(void **state)
{
	(void)state;
	EACH_PIECE(p)
	{
		start(pieces[p]);
		pass(false, "POST /a HTTP/1.1\r\nContent-Length: 29\r\n\r\n");
		pass(true, "HTTP/1.1 413 x\r\n\r\n");
		pass(false, "G1234567 GET /a HTTP/1.1\r\n\r\n");
		pass(true, "more of its answer");
		pass(false, "GET /b HTTP/1.1\r\n\r\n");
		wire_closed(connection);
		assert_int_equal(fake_count(RECORD_EXCHANGE), 2);
		assert_int_equal(exchange(0)->result, 413);
		assert_int_equal(exchange(1)->result, 0);
	}
}

static void what_is_no_http_1_is_let_go(void **state)
{
	static const struct {
		const char *question, *answer;
	} rows[] = {
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x01\x02\x03\x04 HTTP/1.1 200 OK"},
		{"CONNECT a:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"},
		{"GET /socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 101 x\r\n\r\nab"},
		{"GET /a HTTP/1.1\r\n\r\n", "ICY 200 OK music"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		start(100000);
		pass(false, rows[i].question);
		pass(true, rows[i].answer);
		pass(false, "GET /a HTTP/1.1\r\n\r\n");
		wire_closed(connection);
		assert_int_equal(fake_count(RECORD_EXCHANGE), 0);
		assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_ends_a_question),
		cmocka_unit_test(statuses_that_fail),
		cmocka_unit_test(a_connection_closed_without_an_answer),
		cmocka_unit_test(equal_questions_have_equal_hashes),
		cmocka_unit_test(an_interim_answer_is_none),
		cmocka_unit_test(a_body_after_its_answer_is_no_question),
		cmocka_unit_test(what_is_no_http_1_is_let_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

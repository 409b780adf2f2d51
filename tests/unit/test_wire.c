/* PostgreSQL on the wire: what a client and a server say becomes statements, whatever the pieces
 * in which it is seen. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent/wire.h"
#include "agent_fakes.h"

static size_t piece; /* bytes given at a time */
static struct handle *const connection = &fake_handles[1];

static void pass(bool server, const void *bytes, size_t length)
{
	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;
		if (server)
			wire_received(connection, (const char *)bytes + at, n, agent_now_ns());
		else
			wire_sent(connection, (const char *)bytes + at, n, agent_now_ns());
	}
}

static size_t put(char *out, char type, const void *payload, size_t length)
{
	uint32_t n = htonl((uint32_t)length + 4);
	out[0] = type;
	memcpy(out + 1, &n, 4);
	memcpy(out + 5, payload, length);
	return length + 5;
}

static void message(bool server, char type, const void *payload, size_t length)
{
	char bytes[9000];
	pass(server, bytes, put(bytes, type, payload, length));
}

/* A literal with its NUL bytes, without the last one. */
#define CLIENT(type, payload) message(false, type, payload, sizeof(payload) - 1)
#define SERVER(type, payload) message(true, type, payload, sizeof(payload) - 1)

static const char startup[] = "\0\0\0\x11\0\3\0\0user\0me\0\0";
static const char ssl_request[] = "\0\0\0\x08\x04\xd2\x16\x2f";

static void log_in(void)
{
	pass(false, startup, 17);
	SERVER('R', "\0\0\0\x0a"
		    "SCRAM-SHA-256\0\0");
	CLIENT('p', "SCRAM-SHA-256\0\0\0\0\x05secret");
	SERVER('R', "\0\0\0\0");
	SERVER('S', "server_version\0"
		    "15.0\0");
	SERVER('Z', "I");
}

static void start(size_t bytes_at_a_time)
{
	if (connection->wire)
		wire_closed(connection);
	piece = bytes_at_a_time;
	fake_reset();
	*connection = (struct handle){.id = 7,
				      .tracked = true,
				      .kind = HANDLE_SOCKET,
				      .opened_ns = fake_now_ns,
				      .opened_unit = 3};
}

/* Each scenario is run whole and in small pieces. */
static const size_t pieces[] = {100000, 1, 2, 3, 7};
#define EACH_PIECE(i) (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)

static const struct channel_record *statement(size_t n, const char *text)
{
	const struct channel_record *s = fake_record(RECORD_STATEMENT, n);
	assert_non_null(s);
	assert_string_equal(fake_text(s->subject), text);
	assert_int_equal(s->object, 7);
	assert_int_equal(s->result, n + 1);
	return s;
}

static void a_connection_is_ready_once(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			pass(false, startup, 17);
			assert_int_equal(wire_owner(connection), 3);
			start(pieces[i]);
			log_in();
			assert_int_equal(connection->peer_kind, PEER_POSTGRESQL);
			assert_int_equal(fake_record_count, 1);
			const struct channel_record *ready = fake_record(RECORD_READY, 0);
			assert_int_equal(ready->subject, 7);
			assert_int_equal(ready->object, PEER_POSTGRESQL);
			assert_int_equal(ready->unit, 3);
			assert_true(ready->dur_ns > 0);
			assert_int_equal(wire_owner(connection), 0);
		}
}

static void a_simple_query_belongs_to_its_sender(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			fake_unit = 11;
			CLIENT('Q', "SELECT * FROM t WHERE a = 'x' AND b = 2\0");
			fake_unit = 99; /* the reader runs for somebody else */
			assert_int_equal(wire_owner(connection), 11);
			SERVER('T', "\0\1a\0");
			SERVER('D', "\0\1\0\0\0\1x");
			SERVER('D', "\0\1\0\0\0\1x");
			SERVER('C', "SELECT 2\0");
			assert_int_equal(fake_count(RECORD_STATEMENT), 0);
			SERVER('Z', "I");
			const struct channel_record *s =
				statement(0, "SELECT * FROM t WHERE a = ? AND b = ?");
			assert_int_equal(s->unit, 11);
			assert_int_equal(s->count, 2);
			assert_int_equal(s->cpu_ns, 2);
			assert_int_equal(s->flags, 0);
			assert_int_equal(s->stack, 77);
			assert_int_equal(s->bytes, 9 + 12 + 12 + 14 + 6);
			assert_int_equal(wire_owner(connection), 0);
			CLIENT('Q', "BEGIN\0");
			SERVER('C', "BEGIN\0");
			SERVER('Z', "T");
			assert_int_equal(statement(1, "BEGIN")->flags, RECORD_TRANSACTION);
		}
}

/* A driver writes the values into the text: what the application said is the statement. */
static void the_application_s_own_text_stands_for_what_is_sent(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			fake_unit = 11;
			struct agent_thread *thread = agent_thread_self();
			thread->sql_text = "SELECT * FROM t WHERE a = %s";
			thread->sql_length = strlen(thread->sql_text);
			thread->sql_unit = 11;
			CLIENT('Q', "BEGIN\0");
			SERVER('C', "BEGIN\0");
			SERVER('Z', "T");
			for (int n = 0; n < 2; n++) {
				if (n)
					CLIENT('Q', "SELECT * FROM t WHERE a = 2\0");
				else
					CLIENT('Q', "SELECT * FROM t WHERE a = 1\0");
				SERVER('C', "SELECT 1\0");
				SERVER('Z', "T");
			}
			fake_unit = 12; /* another task, while the call that left the note waits */
			CLIENT('Q', "SELECT * FROM t WHERE a = 3\0");
			SERVER('C', "SELECT 1\0");
			SERVER('Z', "T");
			assert_int_equal(statement(0, "BEGIN")->flags, RECORD_TRANSACTION);
			const struct channel_record *one =
				statement(1, "SELECT * FROM t WHERE a = ?");
			const struct channel_record *two =
				statement(2, "SELECT * FROM t WHERE a = ?");
			const struct channel_record *other =
				statement(3, "SELECT * FROM t WHERE a = ?");
			assert_int_equal(one->flags, RECORD_APP_TEXT);
			assert_int_equal(one->cpu_ns, 0);
			assert_int_equal(one->aux, two->aux);
			assert_int_equal(other->flags, 0);
			assert_int_equal(other->cpu_ns, 1);
			assert_int_not_equal(other->aux, one->aux);
			/* what was sent tells their values apart */
			const struct channel_record *values = fake_record(RECORD_VALUES, 0);
			assert_non_null(values);
			assert_int_equal(values->t_start_ns, one->t_start_ns);
			assert_int_equal(values->object, 7);
			assert_int_equal(fake_count(RECORD_VALUES), 2);
			assert_true(values->aux != fake_record(RECORD_VALUES, 1)->aux);
		}
}

static void a_prepared_statement_keeps_its_text(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			fake_unit = 12;
			CLIENT('P', "s1\0SELECT $1::int\0\0\0");
			CLIENT('D', "Ss1\0");
			CLIENT('H', "");
			fake_unit = 0;
			assert_int_equal(wire_owner(connection), 12);
			SERVER('1', "");
			SERVER('t', "\0\0");
			SERVER('n', "");
			for (int n = 0; n < 2; n++) {
				fake_unit = 13;
				CLIENT('B', "\0s1\0\0\0\0\1\0\0\0\1x\0\0");
				CLIENT('E', "\0\0\0\0\0");
				CLIENT('S', "");
				fake_unit = 0;
				assert_int_equal(wire_owner(connection), n == 0 ? 12 : 13);
				SERVER('2', "");
				SERVER('C', "SELECT 1\0");
				SERVER('Z', "I");
			}
			assert_int_equal(statement(0, "SELECT ?::int")->unit,
					 12); /* begun by its Parse */
			assert_int_equal(statement(1, "SELECT ?::int")->unit, 13);
			assert_int_equal(statement(1, "SELECT ?::int")->count, 1);
			CLIENT('C', "Ss1\0");
			CLIENT('B', "\0s1\0\0\0\0\0\0\0");
			CLIENT('E', "\0\0\0\0\0");
			CLIENT('S', "");
			SERVER('C', "SELECT 1\0");
			SERVER('Z', "I");
			statement(2, "");
		}
}

static void bound_values_are_told_apart(void **state)
{
	(void)state;
	uint64_t first = 0;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			CLIENT('P', "s1\0SELECT $1::int\0\0\0");
			CLIENT('B', "\0s1\0\0\0\0\1\0\0\0\1x\0\0");
			CLIENT('E', "\0\0\0\0\0");
			CLIENT('B', "portal\0s1\0\0\0\0\1\0\0\0\1x\0\0");
			CLIENT('S', "");
			SERVER('C', "SELECT 1\0");
			SERVER('Z', "I");
			CLIENT('E', "portal\0\0\0\0\0");
			CLIENT('S', "");
			SERVER('C', "SELECT 1\0");
			SERVER('Z', "I");
			CLIENT('B', "\0s1\0\0\0\0\1\0\0\0\1y\0\0");
			CLIENT('E', "\0\0\0\0\0");
			CLIENT('S', "");
			SERVER('C', "SELECT 1\0");
			SERVER('Z', "I");
			assert_int_equal(fake_count(RECORD_VALUES), 3);
			for (size_t n = 0; n < 3; n++)
				assert_int_equal(fake_record(RECORD_VALUES, n)->t_start_ns,
						 fake_record(RECORD_STATEMENT, n)->t_start_ns);
			const uint64_t x = fake_record(RECORD_VALUES, 0)->aux;
			assert_true(x == fake_record(RECORD_VALUES, 1)->aux);
			assert_true(x != fake_record(RECORD_VALUES, 2)->aux);
			assert_true(i == 0 || x == first); /* however it came in pieces */
			first = x;
		}
}

static void more_values_than_are_hashed_are_not_known(void **state)
{
	(void)state;
	static char bind[VALUES_BYTES_MAX + 64], bytes[sizeof bind + 5];
	start(1000);
	log_in();
	CLIENT('P', "\0SELECT $1::bytea\0\0\0");
	memcpy(bind, "\0\0\0\0\0\1\0\1\0\0", 10);
	pass(false, bytes, put(bytes, 'B', bind, sizeof bind));
	CLIENT('E', "\0\0\0\0\0");
	CLIENT('S', "");
	SERVER('C', "SELECT 1\0");
	SERVER('Z', "I");
	assert_int_equal(fake_count(RECORD_STATEMENT), 1);
	assert_int_equal(fake_count(RECORD_VALUES), 0);
}

static void a_pipeline_ends_in_order_and_an_error_skips_to_sync(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			fake_unit = 1;
			CLIENT('P', "\0INSERT INTO a VALUES ($1)\0\0\0");
			CLIENT('B', "\0\0\0\0\0\0\0\0");
			CLIENT('E', "\0\0\0\0\0");
			fake_unit = 2;
			CLIENT('P', "\0SELECT 1/0\0\0\0");
			CLIENT('B', "\0\0\0\0\0\0\0\0");
			CLIENT('E', "\0\0\0\0\0");
			CLIENT('P', "\0SELECT never\0\0\0");
			CLIENT('B', "\0\0\0\0\0\0\0\0");
			CLIENT('E', "\0\0\0\0\0");
			CLIENT('S', "");
			CLIENT('Q', "SELECT after\0");
			SERVER('C', "INSERT 0 5\0");
			SERVER('E', "SERROR\0\0");
			SERVER('Z', "I");
			assert_int_equal(wire_owner(connection), 2);
			SERVER('C', "SELECT 0\0");
			SERVER('Z', "I");
			assert_int_equal(statement(0, "INSERT INTO a VALUES (?)")->count, 5);
			assert_int_equal(statement(0, "INSERT INTO a VALUES (?)")->unit, 1);
			assert_int_equal(statement(1, "SELECT ?/?")->flags,
					 RECORD_FAILED | RECORD_APP_TEXT);
			assert_int_equal(statement(2, "SELECT after")->flags, 0);
			assert_int_equal(fake_count(RECORD_STATEMENT), 3);
		}
}

static void executemany_is_one_record(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			CLIENT('P', "m\0INSERT INTO a VALUES ($1)\0\0\0");
			for (int n = 0; n < 200; n++) {
				CLIENT('B', "\0m\0\0\0\0\0\0\0");
				CLIENT('E', "\0\0\0\0\0");
			}
			CLIENT('S', "");
			for (int n = 0; n < 200; n++)
				SERVER('C', "INSERT 0 1\0");
			SERVER('Z', "I");
			assert_int_equal(fake_count(RECORD_STATEMENT), 1);
			assert_int_equal(statement(0, "INSERT INTO a VALUES (?)")->count, 200);
			assert_int_equal(fake_count(RECORD_VALUES), 0); /* of several */
			assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 0);
		}
}

static void copy_data_is_passed_over(void **state)
{
	(void)state;
	static const char data[8000];
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			CLIENT('Q', "COPY t FROM STDIN\0");
			SERVER('G', "\0\0\0");
			message(false, 'd', data, sizeof data);
			message(false, 'd', data, sizeof data);
			CLIENT('c', "");
			SERVER('C', "COPY 16\0");
			SERVER('Z', "I");
			assert_int_equal(statement(0, "COPY t FROM STDIN")->count, 16);
			assert_int_equal(fake_count(RECORD_STATEMENT), 1);
		}
}

static void a_long_text_is_cut_the_same_way(void **state)
{
	(void)state;
	char sql[8000];
	uint64_t hash = 0;
	memcpy(sql, "SELECT a ", 9);
	memset(sql + 9, 'x', sizeof sql - 9);
	sql[sizeof sql - 1] = '\0';
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			message(false, 'Q', sql, sizeof sql);
			SERVER('C', "SELECT 1\0");
			SERVER('Z', "I");
			const struct channel_record *s = fake_record(RECORD_STATEMENT, 0);
			assert_non_null(s);
			assert_int_equal(strncmp(fake_text(s->subject), "SELECT a", 8), 0);
			assert_true(i == 0 || s->aux == hash);
			hash = s->aux;
		}
}

static void tls_is_asked_for_and_refused(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			pass(false, ssl_request, 8);
			pass(true, "N", 1);
			log_in();
			assert_int_equal(fake_count(RECORD_READY), 1);
		}
}

static void plaintext_of_tls_takes_the_place_of_raw_bytes(void **state)
{
	(void)state;
	start(100000);
	pass(false, ssl_request, 8);
	pass(true, "S", 1);
	pass(false, "\x16\x03\x01 client hello", 16);
	pass(true, "\x16\x03\x03 server hello", 16);
	pass(false, "\x17\x03\x03 finished", 12);
	wire_tls_sent(connection, startup, 17, agent_now_ns());
	char bytes[200];
	size_t n = put(bytes, 'R', "\0\0\0\0", 4);
	n += put(bytes + n, 'Z', "I", 1);
	pass(true, "\x17\x03\x03 sealed", 10);
	wire_tls_received(connection, bytes, n, agent_now_ns());
	assert_int_equal(fake_count(RECORD_READY), 1);
	wire_tls_sent(connection, bytes, put(bytes, 'Q', "SELECT 1", 9), agent_now_ns());
	n = put(bytes, 'C', "SELECT 1", 9);
	n += put(bytes + n, 'Z', "I", 1);
	wire_tls_received(connection, bytes, n, agent_now_ns());
	statement(0, "SELECT ?");
	wire_closed(connection);
	assert_int_equal(fake_count(RECORD_STATEMENT), 1);
}

static void a_session_without_descriptor_claims_its_connection(void **state)
{
	(void)state;
	start(100000);
	assert_int_equal(wire_claim_encrypted(3, 1), 0);
	pass(false, ssl_request, 8);
	pass(true, "S", 1);
	assert_int_equal(wire_claim_encrypted(3, 1), 7);
	wire_tls_bytes(7, false, "x", 0, 1);
	wire_tls_bytes(7, true, startup, 17, agent_now_ns());
	assert_int_equal(wire_claim_encrypted(3, 1), 0);
	char bytes[20];
	wire_tls_bytes(7, false, bytes, put(bytes, 'Z', "I", 1), agent_now_ns());
	assert_int_equal(fake_count(RECORD_READY), 1);
}

static void what_cannot_be_seen_is_counted_and_timed(void **state)
{
	(void)state;
	start(100000);
	pass(false, ssl_request, 8);
	pass(true, "S", 1);
	pass(false, "\x16\x03\x01 hello", 8);
	pass(true, "\x16\x03\x03 hello", 8);
	fake_unit = 4;
	pass(false, "\x17\x03\x03 query", 8);
	fake_unit = 0;
	assert_int_equal(wire_owner(connection), 4);
	pass(true, "\x17\x03\x03 rows", 8);
	pass(true, "\x17\x03\x03 rows", 8);
	wire_closed(connection);
	const struct channel_record *s = statement(0, "");
	assert_int_equal(s->flags, RECORD_ENCRYPTED);
	assert_int_equal(s->unit, 4);
	assert_int_equal(s->bytes, 16);
}

static void an_open_statement_fails_with_its_connection(void **state)
{
	(void)state;
	start(100000);
	log_in();
	CLIENT('Q', "SELECT pg_sleep(9)\0");
	wire_closed(connection);
	assert_int_equal(statement(0, "SELECT pg_sleep(?)")->flags, RECORD_FAILED);
}

static void a_broken_stream_is_left_alone(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in();
			pass(true, "Z\xff\xff\xff\xff", 5);
			CLIENT('Q', "SELECT 1\0");
			SERVER('Z', "I");
			assert_int_equal(fake_count(RECORD_STATEMENT), 0);
			assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 1);
		}
}

static void too_many_in_flight_is_a_loss(void **state)
{
	(void)state;
	start(100000);
	log_in();
	for (int n = 0; n <= WIRE_QUEUE; n++)
		CLIENT('Q', "SELECT 1\0");
	assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 1);
	assert_int_equal(wire_owner(connection), 0);
}

static void every_connection_gives_its_place_back(void **state)
{
	(void)state;
	for (int n = 0; n < WIRE_CONNECTIONS * 2; n++) {
		start(100000);
		pass(false, startup, 17);
		pass(false, "Q\0", 2); /* in the middle of a message */
	}
	assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 0);
	start(100000);
	log_in();
	wire_after_fork();
	CLIENT('Q', "SELECT 1\0");
	SERVER('Z', "I");
	assert_int_equal(fake_count(RECORD_STATEMENT), 1);
}

/* Buffers that other threads of the parent held; a connection keeps its own. */
static void a_fork_leaves_no_message_to_nobody(void **state)
{
	(void)state;
	unsigned count = 0;
	while (wire_message_buffer())
		count++;
	assert_true(count > 0);
	wire_after_fork();
	unsigned again = 0;
	while (wire_message_buffer())
		again++;
	assert_int_equal(again, count);
	wire_after_fork();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fork_leaves_no_message_to_nobody),
		cmocka_unit_test(a_connection_is_ready_once),
		cmocka_unit_test(a_simple_query_belongs_to_its_sender),
		cmocka_unit_test(the_application_s_own_text_stands_for_what_is_sent),
		cmocka_unit_test(a_prepared_statement_keeps_its_text),
		cmocka_unit_test(bound_values_are_told_apart),
		cmocka_unit_test(more_values_than_are_hashed_are_not_known),
		cmocka_unit_test(a_pipeline_ends_in_order_and_an_error_skips_to_sync),
		cmocka_unit_test(executemany_is_one_record),
		cmocka_unit_test(copy_data_is_passed_over),
		cmocka_unit_test(a_long_text_is_cut_the_same_way),
		cmocka_unit_test(tls_is_asked_for_and_refused),
		cmocka_unit_test(plaintext_of_tls_takes_the_place_of_raw_bytes),
		cmocka_unit_test(a_session_without_descriptor_claims_its_connection),
		cmocka_unit_test(what_cannot_be_seen_is_counted_and_timed),
		cmocka_unit_test(an_open_statement_fails_with_its_connection),
		cmocka_unit_test(a_broken_stream_is_left_alone),
		cmocka_unit_test(too_many_in_flight_is_a_loss),
		cmocka_unit_test(every_connection_gives_its_place_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

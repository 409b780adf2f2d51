/* MySQL on the wire: commands and their answers become statements, whatever the pieces. */
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
	return s;
}

static const char greeting[] = "\x4a\0\0\0\x0a"
			       "5.5.5-10.11.6-MariaDB\0salt";

/* One packet: length, number, payload (a literal). */
static void packet(bool server, uint8_t number, const void *payload, size_t length)
{
	uint8_t bytes[9000] = {(uint8_t)length, (uint8_t)(length >> 8), 0, number};
	memcpy(bytes + 4, payload, length);
	pass(server, bytes, length + 4);
}
#define CLIENT(number, payload) packet(false, number, payload, sizeof(payload) - 1)
#define SERVER(number, payload) packet(true, number, payload, sizeof(payload) - 1)
#define OK "\0\0\0\2\0\0\0"
#define EOF_PACKET "\xfe\0\0\2\0"

static void log_in(const char *capabilities)
{
	char login[40] = {0};
	memcpy(login, capabilities, 4);
	packet(true, 0, greeting + 4, sizeof greeting - 5);
	packet(false, 1, login, sizeof login);
	SERVER(2, "\xfe"
		  "mysql_native_password\0salt");
	CLIENT(3, "secret");
	SERVER(4, OK);
}
#define PLAIN "\x05\xa2\0\0"
#define NO_EOF "\x05\xa2\0\x01"

static void a_connection_is_ready_once(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in(PLAIN);
			assert_int_equal(connection->peer_kind, PEER_MYSQL);
			assert_int_equal(fake_record_count, 1);
			assert_int_equal(fake_record(RECORD_READY, 0)->object, PEER_MYSQL);
			assert_int_equal(fake_record(RECORD_READY, 0)->unit, 3);
		}
}

static void a_query_has_its_rows(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in(PLAIN);
			fake_unit = 9;
			CLIENT(0, "\3select a from t where id = 42");
			assert_int_equal(wire_owner(connection), 9);
			SERVER(1, "\1");
			SERVER(2, "\3def column");
			SERVER(3, EOF_PACKET);
			SERVER(4, "\1x");
			SERVER(5, "\xfbxxxxxxxxxxx");
			SERVER(6, EOF_PACKET);
			const struct channel_record *s =
				statement(0, "select a from t where id = ?");
			assert_int_equal(s->count, 2);
			assert_int_equal(s->unit, 9);
			assert_int_equal(s->cpu_ns, 1);
			CLIENT(0, "\3update t set a = 1");
			SERVER(1, "\0\5\0\2\0\0\0");
			assert_int_equal(statement(1, "update t set a = ?")->count, 5);
			CLIENT(0, "\3select nope");
			SERVER(1, "\xff\x1e\4no such column");
			assert_true(statement(2, "select nope")->flags & RECORD_FAILED);
			CLIENT(0, "\3"
				  "COMMIT");
			SERVER(1, OK);
			assert_true(statement(3, "COMMIT")->flags & RECORD_TRANSACTION);
			assert_int_equal(wire_owner(connection), 0);
		}
}

static void the_end_may_be_an_ok(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in(NO_EOF);
			CLIENT(0, "\3select a");
			SERVER(1, "\1");
			SERVER(2, "\3def");
			SERVER(3, "\1x");
			SERVER(4, "\xfe\0\0\x0a\0\0\0"); /* more results */
			SERVER(5, "\0\1\0\2\0\0\0");
			assert_int_equal(statement(0, "select a")->count, 2);
		}
}

static void a_prepared_statement_keeps_its_text(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			log_in(PLAIN);
			CLIENT(0, "\x16select a from t where id = ?");
			SERVER(1, "\0\7\0\0\0\1\0\1\0\0\0\0");
			SERVER(2, "\3def");
			SERVER(3, EOF_PACKET);
			SERVER(4, "\3def");
			SERVER(5, EOF_PACKET);
			assert_int_equal(fake_count(RECORD_STATEMENT), 0);
			CLIENT(0, "\x17\7\0\0\0\0\1\0\0\0");
			SERVER(1, "\1");
			SERVER(2, "\3def");
			SERVER(3, EOF_PACKET);
			SERVER(4, "\0\0x");
			SERVER(5, EOF_PACKET);
			const struct channel_record *s =
				statement(0, "select a from t where id = ?");
			assert_int_equal(s->count, 1);
			assert_true(s->flags & RECORD_APP_TEXT);
			CLIENT(0, "\x19\7\0\0\0"); /* closed, no answer */
			CLIENT(0, "\x17\7\0\0\0\0\1\0\0\0");
			SERVER(1, OK);
			statement(1, "");
			CLIENT(0, "\x0e");
			SERVER(1, OK);
			assert_true(statement(2, "PING")->flags & RECORD_TRANSACTION);
		}
}

static void what_is_not_followed_is_left_alone(void **state)
{
	static const char compressed[] = "\x25\xa2\0\0";
	(void)state;
	start(100000);
	log_in(compressed);
	CLIENT(0, "\3select a");
	assert_int_equal(fake_record_count, 0);
	start(100000);
	log_in(PLAIN);
	CLIENT(0, "\x12"
		  "binlog");
	SERVER(1, OK);
	CLIENT(0, "\3select a");
	SERVER(1, OK);
	assert_int_equal(fake_count(RECORD_STATEMENT), 0);
	start(100000);
	log_in(PLAIN);
	CLIENT(0, "\3load data local infile 'x'");
	SERVER(1, "\xfbx");
	assert_int_equal(fake_count(RECORD_STATEMENT), 0);
	assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 1);
}

static void tls_hides_what_follows(void **state)
{
	(void)state;
	start(100000);
	packet(true, 0, greeting + 4, sizeof greeting - 5);
	char request[32] = {0x05, (char)0xaa};
	packet(false, 1, request, sizeof request);
	pass(false, "\x17\x03\x03\0\1x", 6);
	pass(true, "\x17\x03\x03\0\1x", 6);
	wire_closed(connection);
	const struct channel_record *s = fake_record(RECORD_STATEMENT, 0);
	assert_non_null(s);
	assert_true(s->flags & RECORD_ENCRYPTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_ready_once),
		cmocka_unit_test(a_query_has_its_rows),
		cmocka_unit_test(the_end_may_be_an_ok),
		cmocka_unit_test(a_prepared_statement_keeps_its_text),
		cmocka_unit_test(what_is_not_followed_is_left_alone),
		cmocka_unit_test(tls_hides_what_follows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

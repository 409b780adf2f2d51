/* What the first bytes of a connection tell: its protocol, and when TLS has agreed on keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

static const size_t pieces[] = {100000, 1};

static const struct {
	const char *bytes;
	size_t length;
	enum peer_kind kind;
	bool server;
} first_bytes[] = {
	{"GET / HTTP/1.1\r\n", 16, PEER_HTTP, false},
	{"PRI * HTTP/2.0\r\n", 16, PEER_HTTP, false},
	{"*1\r\n$4\r\nPING\r\n", 14, PEER_REDIS, false},
	{"get key\r\n", 9, PEER_MEMCACHE, false},
	{"AMQP\0\0\x09\1", 8, PEER_AMQP, false},
	{"\x3a\0\0\0\1\0\0\0\0\0\0\0\xdd\7\0\0", 16, PEER_MONGODB, false},
	{"\0\0\0\x11\0\3\0\0", 8, PEER_POSTGRESQL, false},
	{"\x4a\0\0\0\x0a"
	 "8.0.36\0",
	 12, PEER_MYSQL, true},
	{"\x16\x03\x01 tls", 7, PEER_UNKNOWN, false},
	{"EHLO x\r\n", 8, PEER_UNKNOWN, false},
	{"220 mail\r\n", 10, PEER_UNKNOWN, true},
};

static void first_bytes_name_the_protocol(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof first_bytes / sizeof *first_bytes; i++)
		for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
			start(pieces[p]);
			pass(first_bytes[i].server, first_bytes[i].bytes, first_bytes[i].length);
			assert_int_equal(connection->peer_kind, first_bytes[i].kind);
			assert_int_equal(fake_record_count, 0);
		}
}

/* A ClientHello, then a Finished that looks like application data: keys are agreed on. */
static void a_handshake_makes_a_connection_ready(void **state)
{
	(void)state;
	start(100000);
	pass(false, "\x16\x03\x01\0\2hi", 7);
	assert_true(connection->tls);
	pass(true, "\x16\x03\x03\0\2hi\x17\x03\x03\0\1x", 13);
	assert_int_equal(fake_record_count, 0);
	pass(false, "\x14\x03\x03\0\1\1\x17\x03\x03\0\1x", 12);
	pass(false, "\x17\x03\x03\0\1x", 6);
	assert_int_equal(fake_record_count, 1);
	const struct channel_record *ready = fake_record(RECORD_READY, 0);
	assert_int_equal(ready->subject, 7);
	assert_int_equal(ready->object, PEER_UNKNOWN);
	assert_int_equal(ready->unit, 3);
	assert_true(ready->dur_ns > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_bytes_name_the_protocol),
		cmocka_unit_test(a_handshake_makes_a_connection_ready),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

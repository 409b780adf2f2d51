/* Redis on the wire: commands become records with their name, a hash of their key, and what was
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent/wire.h"
#include "agent_fakes.h"

static uint64_t sent_ns = 5; /* one call sends all the pieces */
static size_t piece;         /* bytes given at a time */
static struct handle *const connection = &fake_handles[1];

static void pass(bool server, const void *bytes, size_t length)
{
	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;
		if (server)
			wire_received(connection, (const char *)bytes + at, n, agent_now_ns());
		else
			wire_sent(connection, (const char *)bytes + at, n, sent_ns);
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

#define CLIENT(bytes) pass(false, bytes, sizeof(bytes) - 1)
#define SERVER(bytes) pass(true, bytes, sizeof(bytes) - 1)

static void expect(size_t n, const char *name, uint32_t asked, uint32_t found)
{
	const struct channel_record *s = statement(n, name);
	assert_true(s->flags & RECORD_COMMAND);
	assert_int_equal(s->cpu_ns, asked);
	assert_int_equal(s->count, found);
}

static void a_value_is_there_or_not(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			CLIENT("*2\r\n$3\r\nget\r\n$4\r\nk\r\n1\r\n");
			SERVER("$-1\r\n");
			CLIENT("*2\r\n$3\r\nGET\r\n$4\r\nk\r\n1\r\n");
			SERVER("$4\r\nv\r\n2\r\n");
			CLIENT("*2\r\n$3\r\nGET\r\n$1\r\nx\r\n");
			SERVER("_\r\n");
			CLIENT("*3\r\n$3\r\nSET\r\n$4\r\nk\r\n1\r\n$5\r\nvalue\r\n");
			SERVER("+OK\r\n");
			assert_int_equal(connection->peer_kind, PEER_REDIS);
			assert_int_equal(fake_record_count, 4);
			expect(0, "GET", 1, 0);
			expect(1, "GET", 1, 1);
			expect(2, "GET", 1, 0);
			expect(3, "SET", 1, UINT32_MAX);
			const uint64_t key = fake_record(RECORD_STATEMENT, 0)->aux;
			assert_true(fake_record(RECORD_STATEMENT, 1)->aux == key);
			assert_true(fake_record(RECORD_STATEMENT, 2)->aux != key);
			assert_true(fake_record(RECORD_STATEMENT, 3)->aux == key);
		}
}

static void replies_of_arrays_say_how_many(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			CLIENT("*4\r\n$4\r\nMGET\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n");
			SERVER("*3\r\n$-1\r\n$1\r\nx\r\n$-1\r\n");
			CLIENT("*4\r\n$5\r\nHMGET\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n");
			SERVER("*2\r\n$1\r\ny\r\n$1\r\nx\r\n");
			CLIENT("*2\r\n$7\r\nHGETALL\r\n$1\r\na\r\n");
			SERVER("%2\r\n$1\r\na\r\n*2\r\n:1\r\n:2\r\n$1\r\nb\r\n#t\r\n");
			CLIENT("*2\r\n$7\r\nHGETALL\r\n$1\r\na\r\n");
			SERVER("*0\r\n");
			CLIENT("*3\r\n$6\r\nEXISTS\r\n$1\r\na\r\n$1\r\nb\r\n");
			SERVER(":1\r\n");
			expect(0, "MGET", 3, 1);
			expect(1, "HMGET", 2, 2);
			expect(2, "HGETALL", 1, 1);
			expect(3, "HGETALL", 1, 0);
			expect(4, "EXISTS", 2, 1);
			assert_int_equal(fake_record_count, 5);
		}
}

static void a_pipeline_is_a_record_for_each_name(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			CLIENT("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n"
			       "*2\r\n$4\r\nINCR\r\n$1\r\nb\r\n");
			SERVER("$1\r\nx\r\n$-1\r\n:3\r\n");
			assert_int_equal(fake_record_count, 2);
			expect(0, "GET", 2, 1);
			expect(1, "INCR", 1, UINT32_MAX);
			assert_int_equal(fake_record(RECORD_STATEMENT, 1)->t_start_ns, sent_ns);
		}
}

static void a_long_pipeline_of_many_names_is_no_loss(void **state)
{
	(void)state;
	start(100000);
	for (int n = 0; n < WIRE_QUEUE; n++)
		CLIENT("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$4\r\nINCR\r\n$1\r\nb\r\n");
	for (int n = 0; n < WIRE_QUEUE; n++)
		SERVER("$1\r\nx\r\n:3\r\n");
	assert_int_equal(fake_count(RECORD_STATEMENT), WIRE_QUEUE);
	assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 0);
	expect(0, "GET", 1, 1);
	expect(WIRE_QUEUE - 1, "", 1 + WIRE_QUEUE, UINT32_MAX);
	assert_int_equal(wire_owner(connection), 0);
}

static void setting_a_connection_up_is_its_own_work(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			CLIENT("*3\r\n$4\r\nAUTH\r\n$2\r\nme\r\n$6\r\nsecret\r\n");
			SERVER("+OK\r\n");
			assert_int_equal(fake_count(RECORD_READY), 0);
			CLIENT("*1\r\n$4\r\nPING\r\n");
			SERVER("+PONG\r\n");
			const struct channel_record *ready = fake_record(RECORD_READY, 0);
			assert_non_null(ready);
			assert_int_equal(ready->object, PEER_REDIS);
			const struct channel_record *auth = statement(0, "AUTH");
			assert_true(auth->flags & RECORD_TRANSACTION);
			assert_int_equal(auth->aux, 0); /* nothing of a password */
			assert_true(statement(1, "PING")->flags & RECORD_TRANSACTION);
		}
}

static void what_is_pushed_or_queued_answers_nothing(void **state)
{
	(void)state;
	for
		EACH_PIECE(i)
		{
			start(pieces[i]);
			CLIENT("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
			SERVER(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nz\r\n|1\r\n+ttl\r\n:3\r\n$"
			       "1\r\nx\r\n");
			expect(0, "GET", 1, 1);
			CLIENT("*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$"
			       "4\r\nEXEC\r\n");
			SERVER("+OK\r\n+QUEUED\r\n*1\r\n$-1\r\n");
			expect(1, "MULTI", 0, UINT32_MAX);
			expect(2, "GET", 1, UINT32_MAX);
			expect(3, "EXEC", 0, UINT32_MAX);
			CLIENT("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
			SERVER("-WRONGTYPE Operation against a key holding the wrong kind\r\n");
			assert_true(statement(4, "GET")->flags & RECORD_FAILED);
		}
}

static void a_text_that_is_no_name_is_not_told(void **state)
{
	(void)state;
	start(100000);
	CLIENT("*2\r\n$8\r\nx y@home\r\n$1\r\na\r\n");
	SERVER(":1\r\n");
	expect(0, "", 1, UINT32_MAX);
}

static void a_subscriber_is_left_alone(void **state)
{
	(void)state;
	start(100000);
	CLIENT("*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\na\r\n");
	SERVER("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
	CLIENT("*1\r\n$4\r\nPING\r\n");
	assert_int_equal(fake_record_count, 0);
	assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 0);
}

static void a_broken_stream_is_left_alone(void **state)
{
	static const char *const broken[] = {
		"?\r\n", "$-2\r\n", "*99999999999\r\n",
		"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "$9999999999\r\n"};
	(void)state;
	for (size_t n = 0; n < sizeof broken / sizeof *broken; n++) {
		start(100000);
		CLIENT("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
		pass(true, broken[n], strlen(broken[n]));
		CLIENT("*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
		SERVER("$1\r\nx\r\n");
		assert_int_equal(fake_count(RECORD_STATEMENT), 0);
		assert_int_equal(fake_losses[LOSS_STATEMENT_STATE], 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_there_or_not),
		cmocka_unit_test(replies_of_arrays_say_how_many),
		cmocka_unit_test(a_pipeline_is_a_record_for_each_name),
		cmocka_unit_test(a_long_pipeline_of_many_names_is_no_loss),
		cmocka_unit_test(setting_a_connection_up_is_its_own_work),
		cmocka_unit_test(what_is_pushed_or_queued_answers_nothing),
		cmocka_unit_test(a_text_that_is_no_name_is_not_told),
		cmocka_unit_test(a_subscriber_is_left_alone),
		cmocka_unit_test(a_broken_stream_is_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

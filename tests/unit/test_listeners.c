/* Listening sockets: what waits to be accepted, what found no place, and whose they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/socket.h>

#include "probe/listeners.h"
#include "target/accept_queues.h"

enum { CLIENTS = 4 };

/* A socket with room for one more than one, and clients that do not wait. */
static int crowded(uint16_t *port, int clients[CLIENTS])
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
	socklen_t length = sizeof in;
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &length), 0);
	*port = ntohs(in.sin_port);
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(clients[i], (struct sockaddr *)&in, sizeof in);
	}
	return fd;
}

static void leave(int fd, const int clients[CLIENTS])
{
	close(fd);
	for (int i = 0; i < CLIENTS; i++)
		close(clients[i]);
}

static void test_a_full_queue(void **state)
{
	(void)state;
	uint16_t port;
	int clients[CLIENTS], found = 0;
	struct accept_queues queues = {0};
	const int fd = crowded(&port, clients);
	const int diag = accept_queues_open(getpid());

	assert_true(diag >= 0);
	assert_true(accept_queues_namespace(getpid()) != 0);
	assert_int_equal(accept_queues_open(0x7ffffff0), -1);
	assert_true(accept_queues_read(diag, &queues));
	for (size_t i = 0; i < queues.rows.count; i++) {
		const struct accept_queue *q = &queues.rows.items[i];
		if (q->local.port != port)
			continue;
		found++;
		assert_int_equal(q->room, 1);
		assert_int_equal(q->waiting,
				 2); /* one more than its room (net/sock.h sk_acceptq_is_full) */
		assert_true(q->has_dropped);
		assert_true(q->dropped >= 1);
	}
	assert_int_equal(found, 1);
	accept_queues_free(&queues);
	close(diag);
	leave(fd, clients);
}

static int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	const int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

/* One that was there before the first look is counted from then on; one that came later, from its
 * start. */
static void test_rows_of_own_listeners(void **state)
{
	(void)state;
	char directory[] = "/tmp/unslow-test-listeners-XXXXXX", path[64], sql[160];
	struct recording *recording;
	struct listeners *l;
	struct err e = {0};
	uint16_t before, later;
	int of_before[CLIENTS], of_later[CLIENTS];
	const int64_t ids[] = {7};
	const int pids[] = {getpid()};

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/a.rec", directory);
	assert_int_equal(recording_create(&recording, path, RECORDING_DEFAULT_MAX_BYTES, &e),
			 ERR_OK);
	sqlite3 *db = recording_db(recording);
	assert_int_equal(listeners_start(&l, recording, &e), ERR_OK);
	const int first = crowded(&before, of_before);
	assert_int_equal(listeners_look(l, NULL, NULL, 0, 1, &e), ERR_OK);
	assert_int_equal(ask(db, "SELECT count(*) FROM v1_listener"), 0); /* nobody's yet */
	const int second = crowded(&later, of_later);
	assert_int_equal(listeners_look(l, ids, pids, 1, 2, &e), ERR_OK);
	assert_int_equal(listeners_look(l, ids, pids, 1, 3, &e), ERR_OK);
	snprintf(sql, sizeof sql,
		 "SELECT refused FROM v1_listener WHERE at_ns = 2 AND address = '127.0.0.1:%u'",
		 before);
	assert_int_equal(ask(db, sql), 0);
	snprintf(sql, sizeof sql,
		 "SELECT refused >= 1 AND waiting = 2 AND room = 1 AND process_id = 7 FROM "
		 "v1_listener WHERE address = '127.0.0.1:%u'",
		 later);
	assert_int_equal(ask(db, sql), 1);
	listeners_free(l);
	listeners_free(NULL);
	assert_int_equal(recording_close(recording, &e), ERR_OK);
	leave(first, of_before);
	leave(second, of_later);
	unlink(path);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_queue),
		cmocka_unit_test(test_rows_of_own_listeners),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What this process's own descriptors lead to, and which of its connections ended. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/turnover.h"

enum { OWN_ID = 7, PEERS_MAX = 64, MANY = 100 };

static char directory[] = "/tmp/unslow-test-turnover-XXXXXX";
static char path[64], file[64];
static struct recording *recording;
static struct turnover *turnover;
static struct err e;

__attribute__((format(printf, 1, 2))) static int64_t ask(const char *format, ...)
{
	char sql[300];
	sqlite3_stmt *statement;
	va_list args;
	va_start(args, format);
	vsnprintf(sql, sizeof sql, format, args);
	va_end(args);
	assert_int_equal(sqlite3_prepare_v2(recording_db(recording), sql, -1, &statement, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	const int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

/* The newest row of a peer of this process. */
static int64_t open_now(const char *kind, const char *peer)
{
	return ask("SELECT coalesce((SELECT open FROM peer_second WHERE process_id = %d AND kind = "
		   "'%s' AND coalesce(peer, '') = '%s' ORDER BY rowid DESC), -1)",
		   OWN_ID, kind, peer);
}

static void look(void)
{
	assert_int_equal(turnover_finish(turnover, clock_now_ns(), &e), ERR_OK);
}

/* Longer than a step of the kernel's timers, in which it tells how long ago a connection ended. */
static void pause_for_a_step(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 60000000}, NULL);
}

struct connection {
	int listener, client, accepted;
	char address[32];
};

static void connect_to_self(struct connection *c)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof at;
	c->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(c->listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(c->listener, 4), 0);
	assert_int_equal(getsockname(c->listener, (struct sockaddr *)&at, &size), 0);
	snprintf(c->address, sizeof c->address, "127.0.0.1:%u", ntohs(at.sin_port));
	c->client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(c->client, (struct sockaddr *)&at, size), 0);
	c->accepted = accept(c->listener, NULL, NULL);
	assert_true(c->accepted >= 0);
}

static void what_descriptors_lead_to(void **state)
{
	(void)state;
	struct connection c;
	int ends[2];
	connect_to_self(&c);
	assert_int_equal(pipe(ends), 0);
	const int fd = open(file, O_CREAT | O_RDWR, 0600);
	look();
	assert_int_equal(open_now("listen", c.address), 1);
	assert_int_equal(open_now("client", c.address), 1); /* accepted here */
	assert_int_equal(open_now("socket", c.address), 1); /* its other end */
	assert_int_equal(open_now("file", file), 1);
	assert_true(open_now("pipe", "") >= 2);
	/* what was there at the first look has not come since */
	assert_int_equal(ask("SELECT sum(came) FROM peer_second"), 0);

	const int again = dup(fd), rows = (int)ask("SELECT count(*) FROM peer_second");
	look();
	assert_int_equal(open_now("file", file), 2);
	assert_int_equal(ask("SELECT sum(came) FROM peer_second WHERE peer = '%s'", file), 1);
	/* only what has changed is a row */
	assert_int_equal(ask("SELECT count(*) FROM peer_second WHERE kind = 'listen'"), 1);
	assert_true(ask("SELECT count(*) FROM peer_second") > rows);

	close(fd);
	close(again);
	look();
	assert_int_equal(open_now("file", file), 0);
	close(ends[0]);
	close(ends[1]);
	close(c.accepted);
	close(c.client);
	close(c.listener);
}

static void each_ended_connection_once(void **state)
{
	(void)state;
	struct connection c;
	connect_to_self(&c);
	look();
	pause_for_a_step();
	/* who closes first keeps it in TIME-WAIT */
	close(c.client);
	close(c.accepted);
	pause_for_a_step();
	look();
	const char *ended = "SELECT total(ended) FROM peer_second WHERE process_id = 0 AND kind = "
			    "'client' AND peer = '%s'";
	assert_int_equal(ask(ended, c.address), 1);
	pause_for_a_step();
	look();
	assert_int_equal(ask(ended, c.address), 1);
	close(c.listener);
}

static void looks_and_rows_have_their_time(void **state)
{
	(void)state;
	uint64_t now_ns = clock_now_ns();
	assert_int_equal(turnover_look(turnover, now_ns, &e), ERR_OK);
	const int64_t rows = ask("SELECT count(*) FROM peer_second");
	assert_true(rows > 0);
	/* what lives between two looks is not seen */
	int fd = open(file, O_CREAT | O_RDWR, 0600);
	assert_int_equal(turnover_look(turnover, now_ns + TURNOVER_PERIOD_NS - 1, &e), ERR_OK);
	close(fd);
	assert_int_equal(ask("SELECT count(*) FROM peer_second"), rows);
	assert_int_equal(turnover_look(turnover, now_ns + 600 * NS_PER_S, &e), ERR_OK);
	assert_int_equal(open_now("file", file), -1);
	fd = open(file, O_RDWR);
	assert_int_equal(turnover_look(turnover, now_ns + 1200 * NS_PER_S, &e), ERR_OK);
	assert_int_equal(open_now("file", file), 1);
	close(fd);
}

static void peers_are_bounded(void **state)
{
	(void)state;
	int fds[MANY];
	char name[96];
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "%s/%d", directory, i);
		fds[i] = open(name, O_CREAT | O_RDWR, 0600);
		assert_true(fds[i] >= 0);
	}
	look();
	assert_int_equal(ask("SELECT count(*) FROM peer_second WHERE process_id = %d", OWN_ID),
			 PEERS_MAX);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "%s/%d", directory, i);
		close(fds[i]);
		unlink(name);
	}
}

static int set_up(void **state)
{
	(void)state;
	char sql[200];
	snprintf(path, sizeof path, "%s/a.rec", directory);
	snprintf(file, sizeof file, "%s/file", directory);
	if (recording_create(&recording, path, RECORDING_DEFAULT_MAX_BYTES, &e) != ERR_OK)
		return -1;
	snprintf(sql, sizeof sql,
		 "INSERT INTO process (id, pid, parent_pid, start_ns, agent_state) VALUES (%d, %d, "
		 "1, 0, 'off')",
		 OWN_ID, (int)getpid());
	if (sqlite3_exec(recording_db(recording), sql, NULL, NULL, NULL) != SQLITE_OK)
		return -1;
	return turnover_start(&turnover, recording, &e) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	turnover_free(turnover);
	turnover_free(NULL);
	const enum err_kind kind = recording_close(recording, &e);
	unlink(path);
	unlink(file);
	return kind == ERR_OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_descriptors_lead_to, set_up, tear_down),
		cmocka_unit_test_setup_teardown(each_ended_connection_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(looks_and_rows_have_their_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(peers_are_bounded, set_up, tear_down),
	};
	if (!mkdtemp(directory))
		return 1;
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(directory);
	return failed;
}

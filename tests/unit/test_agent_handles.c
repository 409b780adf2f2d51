/* Handles: identity of descriptors, implicit closes, peers from addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/dict.h"
#include "agent/handles.h"
#include "agent/path_text.h"
#include "agent_core_fakes.h"

static int start(void **state)
{
	(void)state;
	fake_core_start();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fake_core_stop();
	return 0;
}

static const struct dict_handle *last_handle(size_t expected)
{
	const void *last;
	assert_int_equal(fake_dict_entries(DICT_HANDLE, &last), expected);
	return last;
}

static void test_a_handle_is_told_before_it_is_used(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	struct handle *h = handle_open(9, HANDLE_SOCKET, 100);
	handle_set_peer(h, 9, PEER_POSTGRESQL, "127.0.0.1:5432", 14);
	const struct dict_handle *facts = last_handle(1);
	assert_int_equal(facts->id, h->id);
	assert_int_equal(facts->fd, 9);
	assert_int_equal(facts->kind, HANDLE_SOCKET);
	assert_int_equal(facts->peer_kind, PEER_POSTGRESQL);
	assert_int_equal(facts->peer_text, dict_text_id("127.0.0.1:5432", 14));
	assert_ptr_equal(handle_of(9), h);
	assert_null(handle_of(10));
	assert_null(handle_of(-1));
	assert_null(handle_of(HANDLES_MAX));
	struct handle gone = handle_close(9);
	assert_int_equal(gone.id, facts->id);
	assert_null(handle_of(9));
	assert_int_equal(handle_close(9).id, 0);
}

static void test_an_fd_that_comes_back_was_closed_unseen(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	struct handle *h = handle_open(9, HANDLE_SOCKET, 100);
	uint32_t first = h->id;
	h->opened_unit = 77;
	h->wire = h;
	h = handle_open(9, HANDLE_FILE, 200);
	assert_int_not_equal(h->id, first);
	const struct channel_record *record = fake_last_record();
	assert_int_equal(record->kind, RECORD_CLOSE);
	assert_int_equal(record->flags, RECORD_CLOSES | RECORD_IMPLICIT);
	assert_int_equal(record->subject, first);
	assert_int_equal(record->aux, 77);
	assert_int_equal(fake_wires_closed, 1);
}

static void test_a_descriptor_past_the_table_is_counted(void **state)
{
	(void)state;
	assert_null(handle_open(HANDLES_MAX, HANDLE_FILE, 1));
	assert_int_equal(fake_losses[LOSS_HANDLES], 1);
}

static void test_one_opened_before_the_channel_gets_its_facts_later(void **state)
{
	(void)state;
	int fd = open("/dev/null", O_RDONLY);
	assert_true(fd >= 0);
	handle_open(fd, HANDLE_FILE, 1);
	assert_null(handle_of(fd));
	assert_true(agent_need_channel());
	struct handle *h = handle_of(fd);
	assert_non_null(h);
	assert_int_equal(last_handle(1)->peer_text, dict_text_id("/dev/null", 9));
	assert_int_equal(h->id, last_handle(1)->id);
	close(fd);
}

static void test_clients_have_no_address(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	struct handle *h = handle_open(9, HANDLE_SOCKET, 1);
	handle_set_peer(h, 9, PEER_CLIENT, "203.0.113.7:5000", 16);
	assert_int_equal(last_handle(1)->peer_text, dict_text_id("client", 6));
}

static void test_what_is_made_up_in_a_path_is_not_kept(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	assert_int_equal(path_text_id(PATH_OF_FILE, "/tmp/session-9f3a21c7", 21),
			 dict_text_id("/tmp/session-…", strlen("/tmp/session-…")));
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	static const char text[] = "\0bus-9f3a21c7";
	memcpy(name.sun_path, text, sizeof text - 1);
	struct peer peer;
	socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof text - 1);
	assert_true(peer_of_address((const struct sockaddr *)&name, length, &peer));
	assert_string_equal(peer.text, "@bus-…");
	assert_int_equal(peer.length, strlen(peer.text));
}

static void test_a_handshake_makes_a_connection_tls(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	struct handle *h = handle_open(9, HANDLE_SOCKET, 1);
	handle_set_peer(h, 9, PEER_HTTP, "192.0.2.1:443", 13);
	assert_int_equal(last_handle(1)->flags, 0);
	handle_set_tls(h, 9);
	assert_int_equal(last_handle(2)->flags, 1);
	assert_int_equal(last_handle(2)->id, h->id);
	handle_set_tls(h, 9);
	last_handle(2); /* said once */
	h = handle_open(9, HANDLE_SOCKET, 2);
	assert_false(h->tls);
}

static void test_handles_leave_room_in_the_dictionary(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	size_t told = 0;
	const void *last;
	for (int i = 0; i < 60000; i++)
		told += handle_new_id(HANDLE_SQLITE, PEER_SQLITE, dict_text_id("/x.db", 5)) != 0;
	assert_int_equal(told, 60000);
	size_t in_dictionary = fake_dict_entries(DICT_HANDLE, &last);
	assert_true(in_dictionary > 1000 && in_dictionary < 60000);
	assert_true(dict_fill_256() <= 130);
	size_t count;
	const struct channel_record *records = fake_records(&count);
	assert_int_equal(records[0].kind, RECORD_HANDLE);
	assert_int_equal(records[0].subject, in_dictionary + 1);
	assert_int_equal(records[0].count, HANDLE_SQLITE | PEER_SQLITE << 8);
	assert_int_equal(records[0].object, dict_text_id("/x.db", 5));
}

static void test_paths_of_many_files_become_directories(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	char path[64];
	uint32_t id = 0;
	for (int i = 0; i < DICT_TEXTS; i++) {
		snprintf(path, sizeof path, "/tmp/upload/%d.tmp", i);
		id = path_text_id(PATH_OF_FILE, path, strlen(path));
		assert_int_not_equal(id, 0);
	}
	assert_int_equal(id, dict_text_id("/tmp/upload/", 12));
	assert_true(dict_text_count() < DICT_TEXTS / 2);
}

#define THREADS 4
#define TURNS 20 /* of holding an fd … */
#define USES 25  /* … in which it is opened and closed so often */

/* As the kernel does: an fd goes to one thread at a time, and to the next when it was closed. */
static struct {
	pthread_mutex_t lock;
	bool taken[THREADS];
	unsigned turn;
} kernel = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int kernel_pass_on(int fd)
{
	pthread_mutex_lock(&kernel.lock);
	kernel.taken[fd / 100] = false;
	unsigned at = kernel.turn++ % THREADS;
	while (kernel.taken[at])
		at = (at + 1) % THREADS;
	kernel.taken[at] = true;
	pthread_mutex_unlock(&kernel.lock);
	return 100 * (int)at;
}

struct opener {
	int fd;
	unsigned wrong;
	uint32_t ids[TURNS * USES];
};
static pthread_barrier_t all_are_there;

static void *open_and_close(void *argument)
{
	struct opener *o = argument;
	pthread_barrier_wait(&all_are_there);
	for (int i = 0; i < TURNS * USES; i++) {
		struct handle *h = handle_open(o->fd, HANDLE_FILE, 1);
		handle_set_peer(h, o->fd, PEER_UNKNOWN, "/dev/null", 9);
		o->ids[i] = h->id;
		o->wrong += handle_of(o->fd) != h || handle_close(o->fd).id != o->ids[i];
		if (i % USES == USES - 1)
			o->fd = kernel_pass_on(o->fd);
	}
	return NULL;
}

static void test_threads_open_and_close_at_once(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	static struct opener openers[THREADS];
	pthread_t threads[THREADS];
	pthread_barrier_init(&all_are_there, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		kernel.taken[i] = true;
		openers[i].fd = 100 * i;
		assert_int_equal(pthread_create(&threads[i], NULL, open_and_close, &openers[i]), 0);
	}
	static bool seen[THREADS * TURNS * USES + 1];
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(openers[i].wrong, 0);
		for (int k = 0; k < TURNS * USES; k++) { /* each id once, from 1 without a gap */
			uint32_t id = openers[i].ids[k];
			assert_in_range(id, 1, THREADS * TURNS * USES);
			assert_false(seen[id]);
			seen[id] = true;
		}
	}
	pthread_barrier_destroy(&all_are_there);
	last_handle(THREADS * TURNS * USES);
	assert_int_equal(handle_highest(), 100 * (THREADS - 1));
}

static void check_peer(const void *address, size_t length, const char *text, enum peer_kind kind)
{
	struct peer peer;
	assert_true(peer_of_address(address, (socklen_t)length, &peer));
	assert_string_equal(peer.text, text);
	assert_int_equal(peer.length, strlen(text));
	assert_int_equal(peer.kind, kind);
}

static void test_peers_of_addresses(void **state)
{
	(void)state;
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(6379)};
	in.sin_addr.s_addr = htonl(0x7f000001);
	check_peer(&in, sizeof in, "127.0.0.1:6379", PEER_REDIS);
	in.sin_port = htons(5433);
	check_peer(&in, sizeof in, "127.0.0.1:5433", PEER_UNKNOWN);
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
	in6.sin6_addr = in6addr_loopback;
	check_peer(&in6, sizeof in6, "[::1]:443", PEER_HTTP);
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/pg/.s.PGSQL.5432"};
	check_peer(&un, sizeof un, "/run/pg/.s.PGSQL.5432", PEER_POSTGRESQL);
	struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0bus"};
	check_peer(&abstract, offsetof(struct sockaddr_un, sun_path) + 4, "@bus", PEER_UNKNOWN);

	struct peer peer;
	assert_false(peer_of_address(NULL, 0, &peer));
	assert_false(peer_of_address((struct sockaddr *)&in, 4, &peer)); /* cut short */
	struct sockaddr other = {.sa_family = AF_NETLINK};
	assert_false(peer_of_address(&other, sizeof other, &peer));
	struct sockaddr_un unnamed = {.sun_family = AF_UNIX};
	assert_false(peer_of_address((struct sockaddr *)&unnamed,
				     offsetof(struct sockaddr_un, sun_path), &peer));
}

/* A pair of connected TCP sockets: served[0] accepted, served[1] its client's. */
static void connected(int pair[2])
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
	socklen_t length = sizeof in;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&in, &length), 0);
	pair[1] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(pair[1], (struct sockaddr *)&in, sizeof in), 0);
	pair[0] = accept(listener, NULL, NULL);
	assert_true(pair[0] >= 0);
	close(listener);
}

static void test_a_client_met_unseen_is_known_by_the_port(void **state)
{
	(void)state;
	int pair[2];
	assert_true(agent_need_channel());
	connected(pair);
	handle_note_served(pair[0]);
	assert_int_equal(handle_adopt_socket(pair[0])->peer_kind, PEER_CLIENT);
	assert_int_equal(handle_adopt_socket(pair[1])->peer_kind, PEER_UNKNOWN);
	close(pair[0]);
	close(pair[1]);
}

/* Refused, or closed before it was known: a failed connect of who began it. One that came about is
 * none. */
static void test_what_wakes_a_loop_is_no_traffic(void **state)
{
	(void)state;
	int pair[2], waits[2];
	assert_true(agent_need_channel());
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, waits), 0);
	assert_false(handle_only_wakes(pair[1])); /* nobody has asked yet */
	assert_null(handle_adopt_socket(pair[1]));
	assert_true(handle_only_wakes(pair[1]));
	assert_null(handle_adopt_socket(waits[1])); /* a pipe to another process, say */
	assert_false(handle_only_wakes(waits[1]));
	handle_close(pair[1]);
	assert_false(handle_only_wakes(pair[1]));
	for (size_t i = 0; i < 2; i++) {
		close(pair[i]);
		close(waits[i]);
	}
}

static void test_a_named_socket_is_not_taken_for_it(void **state)
{
	(void)state;
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0unslow-test-wakes"};
	int server = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(agent_need_channel());
	assert_int_equal(bind(server, (struct sockaddr *)&name, sizeof name), 0);
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&name, sizeof name), 0);
	int served = accept4(server, NULL, NULL, SOCK_NONBLOCK);
	assert_true(served >= 0);
	assert_null(handle_adopt_socket(served)); /* its client has no name; it has */
	assert_false(handle_only_wakes(served));
	handle_close(served);
	close(served);
	close(client);
	close(server);
}

static void test_a_connect_that_came_to_nothing_is_told(void **state)
{
	size_t count;
	(void)state;
	assert_true(agent_need_channel());
	struct handle *h = handle_open(9, HANDLE_SOCKET, 100);
	handle_set_peer(h, 9, PEER_UNKNOWN, "127.0.0.1:1", 11);
	h->opened_unit = 7;
	h->nonblocking_connect = true;
	handle_connect_failed(h, -ECONNREFUSED);
	handle_close(9);
	handle_open(9, HANDLE_SOCKET, 200)->nonblocking_connect = true;
	handle_close(9);
	handle_open(9, HANDLE_SOCKET, 300);
	handle_close(9);
	const struct channel_record *records = fake_records(&count);
	assert_int_equal(count, 2);
	assert_int_equal(records[0].kind, RECORD_CONNECT);
	assert_int_equal(records[0].flags, RECORD_FAILED | RECORD_NESTED);
	assert_int_equal(records[0].result, -ECONNREFUSED);
	assert_int_equal(records[0].unit, 7);
	assert_int_equal(records[0].object, dict_text_id("127.0.0.1:1", 11));
	assert_int_equal(records[1].t_start_ns, 200);
	assert_int_equal(records[1].result, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		T(test_threads_open_and_close_at_once), /* first: they make the table, too */
		T(test_a_handle_is_told_before_it_is_used),
		T(test_an_fd_that_comes_back_was_closed_unseen),
		T(test_a_descriptor_past_the_table_is_counted),
		T(test_one_opened_before_the_channel_gets_its_facts_later),
		T(test_clients_have_no_address),
		T(test_what_is_made_up_in_a_path_is_not_kept),
		T(test_a_handshake_makes_a_connection_tls),
		T(test_handles_leave_room_in_the_dictionary),
		T(test_paths_of_many_files_become_directories),
		T(test_peers_of_addresses),
		T(test_a_client_met_unseen_is_known_by_the_port),
		T(test_a_connect_that_came_to_nothing_is_told),
		T(test_what_wakes_a_loop_is_no_traffic),
		T(test_a_named_socket_is_not_taken_for_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

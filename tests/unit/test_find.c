/* Targets by id, port and name; sockets and calls of this process and of its children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/descriptor.h"
#include "target/find.h"
#include "target/freeze.h"
#include "target/proc.h"
#include "target/sockets.h"
#include "target/thread_call.h"

static int listen_on(int family, uint16_t *port)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in four = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *address =
		family == AF_INET6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
	socklen_t length = family == AF_INET6 ? sizeof six : sizeof four;
	const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, address, length) != 0 || listen(fd, 1) != 0)
		return -1;
	assert_int_equal(getsockname(fd, address, &length), 0);
	*port = ntohs(family == AF_INET6 ? six.sin6_port : four.sin_port);
	return fd;
}

/* A child that waits in `wait` until it is killed; it is in the call when this returns. */
static pid_t child_in(void (*wait)(int), int argument, struct thread_call *call)
{
	const pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			wait(argument);
	}
	do
		assert_true(thread_call_read(child, child, call));
	while (call->state != 'S' || !call->has_number);
	return child;
}

static void stop(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void wait_accept(int fd)
{
	accept(fd, NULL, NULL);
}
static void wait_poll(int fd)
{
	struct pollfd one = {fd, POLLIN, 0};
	poll(&one, 1, -1);
}
static void wait_select(int fd)
{
	fd_set set;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	select(fd + 1, &set, NULL, NULL, NULL);
}
static void wait_select_two(int fd)
{
	fd_set set;
	FD_ZERO(&set);
	FD_SET(fd, &set);
	const int other = dup(fd);
	FD_SET(other, &set);
	select(other + 1, &set, NULL, NULL, NULL);
}
static void wait_pause(int unused)
{
	(void)unused;
	pause();
}

static void find_by_port(int family)
{
	struct thread_call call;
	struct err e = {0};
	uint16_t port;
	char word[16];
	int pid = 0;
	const int fd = listen_on(family, &port);
	if (fd < 0) {
		print_message("no such addresses here\n");
		return;
	}
	const pid_t child = child_in(wait_accept, fd, &call);
	snprintf(word, sizeof word, ":%u", port);
	assert_int_equal(find_target(word, &pid, &e), ERR_OK);
	assert_int_equal(pid, getpid());
	assert_int_equal(find_port(child), port);
	/* Without its parent's socket the child is the only owner. */
	close(fd);
	assert_int_equal(find_target(word, &pid, &e), ERR_OK);
	assert_int_equal(pid, child);
	stop(child);
	assert_int_equal(find_target(word, &pid, &e), ERR_NO_TARGET);
}

static void test_the_owner_of_a_port_is_the_top_of_its_tree(void **state)
{
	(void)state;
	find_by_port(AF_INET);
	find_by_port(AF_INET6);
}

static void test_all_ports_of_a_process_going_up_each_once(void **state)
{
	(void)state;
	uint16_t opened[4], found[8], lowest[2];
	int fds[4];
	for (int i = 0; i < 4; i++)
		assert_true((fds[i] = listen_on(AF_INET, &opened[i])) >= 0);
	const int again = dup(fds[0]);
	assert_int_equal(find_ports(getpid(), found, 8), 4);
	for (int i = 0; i < 4; i++) {
		bool is_there = false;
		for (int k = 0; k < 4; k++)
			is_there |= found[k] == opened[i];
		assert_true(is_there);
		assert_true(i == 0 || found[i] > found[i - 1]);
		assert_true(find_is_listening(opened[i]));
	}
	assert_int_equal(find_ports(getpid(), lowest, 2), 2);
	assert_true(lowest[0] == found[0] && lowest[1] == found[1]);
	assert_int_equal(find_port(getpid()), found[0]);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	assert_true(find_is_listening(opened[0]));
	close(again);
	assert_false(find_is_listening(opened[0]));
	assert_int_equal(find_ports(getpid(), found, 8), 0);
}

static void test_words_that_are_no_target(void **state)
{
	(void)state;
	static const struct {
		const char *word;
		enum err_kind kind;
	} words[] = {
		{"", ERR_NO_TARGET},
		{"0", ERR_USAGE},
		{"12x", ERR_USAGE},
		{"99999999999999999999", ERR_USAGE},
		{"2147483647", ERR_NO_TARGET},
		{":", ERR_USAGE},
		{":0", ERR_USAGE},
		{":65536", ERR_USAGE},
		{":http", ERR_USAGE},
		{"no-program-is-called-so", ERR_NO_TARGET},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct err e = {0};
		int pid;
		print_message("'%s'\n", words[i].word);
		assert_int_equal(find_target(words[i].word, &pid, &e), words[i].kind);
		assert_true(e.text[0] != '\0');
	}
}

static void name_child(int unused)
{
	(void)unused;
	prctl(PR_SET_NAME, "unslow-named", 0, 0, 0);
	pause();
}

static void test_a_name_that_two_have(void **state)
{
	(void)state;
	struct thread_call call;
	struct err e = {0};
	int pid;
	const pid_t one = child_in(name_child, 0, &call);
	while (find_target("unslow-named", &pid, &e) != ERR_OK)
		;
	assert_int_equal(pid, one);
	const pid_t two = child_in(name_child, 0, &call);
	while (find_target("unslow-named", &pid, &e) == ERR_OK)
		;
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.text, "several programs"));
	stop(one);
	stop(two);
}

static void test_a_select_of_nothing_is_a_sleep(void **state)
{
	(void)state;
	const struct thread_call none = {.has_number = true, .number = SYS_pselect6};
	struct thread_call one = none;
	one.arguments[0] = 4;
	assert_int_equal(call_wait_of(&none), WAIT_SLEEP);
	assert_int_equal(call_wait_of(&one), WAIT_DESCRIPTOR);
	const struct thread_call lock = {.has_number = true, .number = SYS_futex};
	const struct thread_call unknown = {.has_number = true, .number = 99999};
	assert_int_equal(call_wait_of(&lock), WAIT_LOCK);
	assert_int_equal(call_wait_of(&unknown), WAIT_OTHER);
}

static void test_which_descriptor_a_thread_waits_for(void **state)
{
	(void)state;
	static const struct {
		void (*wait)(int);
		bool is_one;
	} waits[] = {{wait_accept, true},
		     {wait_poll, true},
		     {wait_select, true},
		     {wait_select_two, false},
		     {wait_pause, false}};
	uint16_t port;
	char text[DESCRIPTOR_TEXT], expected[64];
	const int fd = listen_on(AF_INET, &port);
	snprintf(expected, sizeof expected, "listening 127.0.0.1:%u", port);
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		struct thread_call call;
		struct memory memory;
		struct sockets sockets;
		const pid_t child = child_in(waits[i].wait, fd, &call);
		memory_open(&memory, child);
		const int found = call_descriptor(&memory, &call);
		assert_int_equal(found, waits[i].is_one ? fd : -1);
		if (found >= 0) {
			assert_true(sockets_read(child, &sockets));
			assert_true(descriptor_text(child, found, &sockets, text));
			assert_string_equal(text, expected);
			sockets_free(&sockets);
		}
		memory_close(&memory);
		stop(child);
	}
	close(fd);
}

static void spin(int unused)
{
	(void)unused;
	for (volatile unsigned i = 0;; i++)
		;
}

/* Stopped, it gains no CPU time; let go, it runs on, and its parent hears nothing of it. */
static void test_a_running_thread_stands_and_runs_on(void **state)
{
	(void)state;
	struct freeze freeze = {0};
	struct thread_call first, second;
	const pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		spin(0);
	}
	assert_true(freeze_thread(&freeze, child));
	assert_true(freeze_holds(&freeze, child));
	assert_true(thread_motion_read(child, child, &first));
	assert_false(first.is_running);
	usleep(20000);
	assert_true(thread_motion_read(child, child, &second));
	assert_int_equal(first.cpu_ns, second.cpu_ns);
	freeze_thaw(&freeze);
	assert_int_equal(freeze.stops, 1);
	do
		assert_true(thread_motion_read(child, child, &second));
	while (second.cpu_ns == first.cpu_ns);
	assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
	stop(child);
	assert_false(freeze_thread(&freeze, child));
}

static void test_only_a_whole_socket_link_has_an_inode(void **state)
{
	(void)state;
	static const char *const others[] = {
		"",           "socket:[]",    "socket:[-1]",
		"socket:[42", "socket:42",    "socket:[42] (deleted)",
		"pipe:[42]",  "/socket:[42]", "socket:[18446744073709551616]",
	};
	uint64_t inode = 0;
	assert_true(sockets_link_inode("socket:[18446744073709551615]", &inode));
	assert_int_equal(inode, UINT64_MAX);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(sockets_link_inode(others[i], &inode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_a_whole_socket_link_has_an_inode),
		cmocka_unit_test(test_the_owner_of_a_port_is_the_top_of_its_tree),
		cmocka_unit_test(test_all_ports_of_a_process_going_up_each_once),
		cmocka_unit_test(test_words_that_are_no_target),
		cmocka_unit_test(test_a_name_that_two_have),
		cmocka_unit_test(test_a_select_of_nothing_is_a_sleep),
		cmocka_unit_test(test_which_descriptor_a_thread_waits_for),
		cmocka_unit_test(test_a_running_thread_stands_and_runs_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

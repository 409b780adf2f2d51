/* Threads of the agent's own: with no signals of the app, and the word of glibc's fast paths. */
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/dlopen.h"
#include "agent/own_thread.h"

static sigset_t blocked;
static _Atomic int ended;

void *dlopen_real(const char *name, int flags)
{
	return dlopen(name, flags);
}

static void *look(void *argument)
{
	(void)argument;
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	atomic_store(&ended, 1);
	return NULL;
}

static void no_signal_of_the_app_is_for_it(void)
{
	sigset_t mine;

	for (int number = 1; number < 32; number++)
		if (number != SIGKILL && number != SIGSTOP)
			assert_true(sigismember(&blocked, number));
	pthread_sigmask(SIG_BLOCK, NULL, &mine);
	assert_false(sigismember(&mine, SIGUSR1));
}

static void one_that_keeps_to_the_rules_costs_no_fast_path(void **state)
{
	struct own_thread thread = {.run = look};
	const bool was_alone = own_thread_app_is_alone();

	(void)state;
	assert_true(own_thread_create(&thread));
	assert_int_equal(own_thread_app_is_alone(), was_alone);
	assert_int_equal(pthread_join(thread.thread, NULL), 0);
	no_signal_of_the_app_is_for_it();
}

static void one_that_does_as_the_apps_is_known_to_glibc(void **state)
{
	(void)state;
	atomic_store(&ended, 0);
	assert_true(own_thread_send(look));
	assert_false(own_thread_app_is_alone());
	for (int i = 0; i < 10000 && !atomic_load(&ended); i++)
		usleep(1000);
	assert_true(atomic_load(&ended));
	no_signal_of_the_app_is_for_it();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_keeps_to_the_rules_costs_no_fast_path),
		cmocka_unit_test(one_that_does_as_the_apps_is_known_to_glibc),
	};

	own_thread_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

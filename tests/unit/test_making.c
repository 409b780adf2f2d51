/* What one thread makes, others wait for, but no handler for the thread it interrupted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>

#include "agent/making.h"

enum { MAKER = 4121, OTHER };

static void test_one_makes_it(void **state)
{
	(void)state;
	struct making m = {0};
	assert_true(making_begin(&m, MAKER));
	assert_false(making_begin(&m, OTHER));
	assert_false(making_begin(&m, MAKER));
	making_end(&m, true);
	assert_false(making_begin(&m, OTHER));
	assert_true(making_wait(&m, OTHER));
	assert_true(making_wait(&m, MAKER));
}

static void test_what_came_to_nothing_is_not_tried_again(void **state)
{
	(void)state;
	struct making m = {0};
	assert_true(making_begin(&m, MAKER));
	making_end(&m, false);
	assert_false(making_wait(&m, OTHER));
	assert_false(making_begin(&m, OTHER));
}

static void test_a_forks_child_makes_its_own(void **state)
{
	(void)state;
	struct making m = {0};
	assert_false(making_wait(&m, OTHER)); /* nobody makes it */
	assert_true(making_begin(&m, MAKER));
	making_forget(&m);
	assert_true(making_begin(&m, OTHER));
}

static void test_a_handler_does_not_wait_for_its_own_thread(void **state)
{
	(void)state;
	struct making m = {0};
	assert_true(making_begin(&m, MAKER));
	assert_false(making_wait(&m, MAKER));
}

struct shared {
	struct making m;
	_Atomic bool waits;
	bool there;
};

static void *make(void *argument)
{
	struct shared *s = argument;
	while (!s->waits)
		;
	s->there = true;
	making_end(&s->m, true);
	return NULL;
}

static void test_who_needs_it_waits(void **state)
{
	(void)state;
	struct shared s = {0};
	pthread_t thread;
	assert_true(making_begin(&s.m, MAKER));
	assert_int_equal(pthread_create(&thread, NULL, make, &s), 0);
	s.waits = true;
	while (!making_wait(&s.m, OTHER)) /* again, where this machine gives the maker no CPU */
		;
	assert_true(s.there);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_makes_it),
		cmocka_unit_test(test_what_came_to_nothing_is_not_tried_again),
		cmocka_unit_test(test_a_forks_child_makes_its_own),
		cmocka_unit_test(test_a_handler_does_not_wait_for_its_own_thread),
		cmocka_unit_test(test_who_needs_it_waits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

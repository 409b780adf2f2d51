/* Reads of memory that is there, half there, and not there. */
#include "agent/guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { PAGE = 4096, MANY = 40 };

static unsigned char *two_pages(void)
{
	unsigned char *pages =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(munmap(pages + PAGE, PAGE), 0);
	return pages;
}

static void test_reads_what_is_there(void **state)
{
	uint64_t value = 77, copy = 0;

	(void)state;
	assert_true(guarded_read(NULL, (uintptr_t)&value, &copy, sizeof(copy)));
	assert_int_equal(copy, 77);
}

static void test_refuses_what_is_not(void **state)
{
	unsigned char *pages = two_pages();
	unsigned char copy[16];

	(void)state;
	assert_false(guarded_read(NULL, 8, copy, sizeof(copy)));
	assert_false(guarded_read(NULL, (uintptr_t)pages + PAGE, copy, sizeof(copy)));
	assert_false(guarded_read(NULL, (uintptr_t)pages + PAGE - 8, copy, sizeof(copy)));
	assert_true(guarded_read(NULL, (uintptr_t)pages + PAGE - 16, copy, sizeof(copy)));
	munmap(pages, PAGE);
}

/* A hole in the middle of a batch is a 0, and the rest is read on. */
static void test_many(void **state)
{
	uint32_t values[MANY], copies[MANY];
	uintptr_t places[MANY];

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		values[i] = i + 1;
		places[i] = i % 7 == 3 ? 8 * i : (uintptr_t)&values[i];
	}
	memset(copies, 0xff, sizeof(copies));
	guarded_read_u32(places, copies, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(copies[i], i % 7 == 3 ? 0 : i + 1);
}

static int prepare(void **state)
{
	(void)state;
	return guarded_prepare() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_what_is_there),
		cmocka_unit_test(test_refuses_what_is_not),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}

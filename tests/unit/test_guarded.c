/* Reads of memory that is there, half there, and not there. */
#include "agent/guarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { PAGE = 4096 };

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

/* The same through the kernel; what was copied before a bad page does not stay in the pipe. */
static void test_copies(void **state)
{
	unsigned char *pages = two_pages();
	struct guarded_pipe pipe;
	uint64_t value = 77, copy = 0;
	unsigned char bytes[16];

	(void)state;
	assert_true(guarded_pipe_open(&pipe));
	for (int i = 0; i < 3; i++) {
		assert_false(guarded_copy(&pipe, 8, bytes, sizeof(bytes)));
		assert_false(
			guarded_copy(&pipe, (uintptr_t)pages + PAGE - 8, bytes, sizeof(bytes)));
		assert_true(
			guarded_copy(&pipe, (uintptr_t)pages + PAGE - 16, bytes, sizeof(bytes)));
		assert_true(guarded_copy(&pipe, (uintptr_t)&value, &copy, sizeof(copy)));
		assert_int_equal(copy, 77);
	}
	guarded_pipe_close(&pipe);
	munmap(pages, PAGE);
}

/* Part of a word at the very end of a page. */
static void test_small_reads(void **state)
{
	unsigned char *pages = two_pages();
	uint32_t copy = 0;

	(void)state;
	memset(pages + PAGE - 4, 0x11, 4);
	assert_true(guarded_read(NULL, (uintptr_t)pages + PAGE - 4, &copy, sizeof(copy)));
	assert_int_equal(copy, 0x11111111);
	assert_false(guarded_read(NULL, (uintptr_t)pages + PAGE - 3, &copy, sizeof(copy)));
	assert_false(guarded_read(NULL, UINTPTR_MAX - 1, &copy, sizeof(copy)));
	munmap(pages, PAGE);
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
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_small_reads),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}

/* Pages copied at one instant: of this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <unistd.h>

#include "target/pages.h"

struct world {
	struct memory memory;
	struct pages pages;
	uint8_t *own;
	size_t size;
};

static int set_up(void **state)
{
	static struct world w;
	w.size = (PAGES_MAX + 4) * MEMORY_PAGE_BYTES;
	memory_open(&w.memory, getpid());
	pages_open(&w.pages);
	w.own = mmap(NULL, w.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(w.own, MAP_FAILED);
	for (size_t i = 0; i < w.size / MEMORY_PAGE_BYTES; i++)
		memcpy(w.own + i * MEMORY_PAGE_BYTES, &i, sizeof i);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	munmap(w->own, w->size);
	pages_close(&w->pages);
	memory_close(&w->memory);
	return 0;
}

static uintptr_t page(const struct world *w, size_t number)
{
	return (uintptr_t)w->own + number * MEMORY_PAGE_BYTES;
}

static void test_what_was_fetched_stays_as_it_was(void **state)
{
	struct world *w = *state;
	char text[8];
	memcpy(w->own + 100, "before", 7);
	assert_true(pages_want(&w->pages, page(w, 0) + 100, 7));
	assert_false(pages_read(&w->pages, page(w, 0) + 100, text, 7)); /* not fetched */
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	memcpy(w->own + 100, "behind", 7);
	assert_true(pages_read(&w->pages, page(w, 0) + 100, text, 7));
	assert_string_equal(text, "before");
	assert_false(pages_want(&w->pages, page(w, 0), 8)); /* it is there */
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	assert_true(pages_read(&w->pages, page(w, 0) + 100, text, 7));
	assert_string_equal(text, "before");
	pages_forget(&w->pages);
	assert_false(pages_read(&w->pages, page(w, 0) + 100, text, 7));
	assert_true(pages_want(&w->pages, page(w, 0), 8));
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	assert_true(pages_read(&w->pages, page(w, 0) + 100, text, 7));
	assert_string_equal(text, "behind");
}

static void test_across_pages(void **state)
{
	struct world *w = *state;
	uint8_t copy[MEMORY_PAGE_BYTES + 16];
	/* its last byte is the first of the third page */
	const uintptr_t at = page(w, 1) - 15;
	assert_true(pages_want(&w->pages, at, sizeof copy));
	assert_int_equal(w->pages.count, 3);
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	assert_true(pages_read(&w->pages, at, copy, sizeof copy));
	assert_memory_equal(copy, (void *)at, sizeof copy);
	pages_forget(&w->pages);
	/* and here of the second, which was not asked for more */
	assert_true(pages_want(&w->pages, at, sizeof copy - 1));
	assert_int_equal(w->pages.count, 2);
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	assert_true(pages_read(&w->pages, at, copy, sizeof copy - 1));
	assert_false(pages_read(&w->pages, at, copy, sizeof copy));
}

static void test_a_hole_spoils_no_other_page(void **state)
{
	struct world *w = *state;
	size_t number;
	munmap(w->own + 2 * MEMORY_PAGE_BYTES, MEMORY_PAGE_BYTES);
	for (size_t i = 0; i < 5; i++)
		assert_true(pages_want(&w->pages, page(w, i), 1));
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(pages_read(&w->pages, page(w, i), &number, sizeof number), i != 2);
		assert_true(i == 2 || number == i);
	}
}

static void test_no_more_than_there_is_room_for(void **state)
{
	struct world *w = *state;
	size_t number;
	for (size_t i = 0; i < PAGES_MAX - 1; i++)
		assert_true(pages_want(&w->pages, page(w, i), 1));
	/* two more, of which one fits */
	assert_true(pages_want(&w->pages, page(w, PAGES_MAX - 1), MEMORY_PAGE_BYTES + 1));
	assert_int_equal(w->pages.count, PAGES_MAX);
	assert_false(pages_want(&w->pages, page(w, PAGES_MAX), 1));
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	for (size_t i = 0; i < PAGES_MAX; i++) {
		assert_true(pages_read(&w->pages, page(w, i), &number, sizeof number));
		assert_int_equal(number, i);
	}
	assert_false(pages_read(&w->pages, page(w, PAGES_MAX), &number, sizeof number));
	pages_forget(&w->pages);
	assert_int_equal(w->pages.count, 0);
	for (size_t i = 0; i < PAGES_SLOTS; i++)
		assert_int_equal(w->pages.slots[i], 0);
}

static void test_no_longer_than_there_is_time(void **state)
{
	struct world *w = *state;
	size_t number;
	assert_true(pages_want(&w->pages, page(w, 0), 200 * MEMORY_PAGE_BYTES));
	assert_false(pages_fetch(&w->pages, &w->memory, 0));
	assert_true(pages_read(&w->pages, page(w, 0), &number, sizeof number));
	assert_false(pages_read(&w->pages, page(w, 199), &number, sizeof number));
	assert_true(pages_fetch(&w->pages, &w->memory, UINT64_MAX));
	assert_true(pages_read(&w->pages, page(w, 199), &number, sizeof number));
	assert_int_equal(number, 199);
	/* what is fetched in one go is, however late */
	pages_forget(&w->pages);
	assert_true(pages_want(&w->pages, page(w, 0), 1));
	assert_true(pages_fetch(&w->pages, &w->memory, 0));
}

static void test_what_is_no_address(void **state)
{
	struct world *w = *state;
	uint8_t byte[8];
	assert_false(pages_want(&w->pages, 0, 8));
	assert_false(pages_want(&w->pages, page(w, 0), 0));
	assert_false(pages_want(&w->pages, UINTPTR_MAX - 3, 8));
	assert_false(pages_read(&w->pages, UINTPTR_MAX - 3, byte, 8));
	assert_int_equal(w->pages.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_what_was_fetched_stays_as_it_was, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_across_pages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_hole_spoils_no_other_page, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_no_more_than_there_is_room_for, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_no_longer_than_there_is_time, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_no_address, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

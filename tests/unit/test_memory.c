/* Memory of another process: this one, and a child whose pages are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/elf_symbols.h"
#include "target/maps.h"
#include "target/memory.h"

static uint8_t *map_pages(size_t count)
{
	uint8_t *pages = mmap(NULL, count * MEMORY_PAGE_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(pages, MAP_FAILED);
	return pages;
}

static void test_a_read_may_cross_pages_but_not_a_hole(void **state)
{
	(void)state;
	struct memory memory;
	uint8_t copy[2 * MEMORY_PAGE_BYTES];
	uint8_t *pages = map_pages(3);
	for (size_t i = 0; i < sizeof copy; i++)
		pages[i] = (uint8_t)(i * 7);
	munmap(pages + 2 * MEMORY_PAGE_BYTES, MEMORY_PAGE_BYTES);
	memory_open(&memory, getpid());
	assert_true(memory_read(&memory, (uintptr_t)pages + 100, copy, 4096));
	assert_memory_equal(copy, pages + 100, 4096);
	assert_false(memory_read(&memory, (uintptr_t)pages + 4096, copy, 4097));
	assert_int_equal(memory.failed_errno, EFAULT);
	assert_false(memory_read(&memory, 0, copy, 1));
	assert_false(memory_read(&memory, UINTPTR_MAX - 2, copy, 8));
	memory_close(&memory);
	munmap(pages, 2 * MEMORY_PAGE_BYTES);
}

static void test_a_page_is_kept_until_forgotten(void **state)
{
	(void)state;
	struct memory memory;
	uint32_t value = 0;
	uint32_t *pages = (uint32_t *)map_pages(1);
	memory_open(&memory, getpid());
	*pages = 1;
	assert_true(memory_read(&memory, (uintptr_t)pages, &value, sizeof value));
	*pages = 2;
	const uint64_t calls = memory.calls;
	assert_true(memory_read(&memory, (uintptr_t)pages, &value, sizeof value));
	assert_int_equal(value, 1);
	assert_int_equal(memory.calls, calls);
	memory_forget(&memory);
	assert_true(memory_read(&memory, (uintptr_t)pages, &value, sizeof value));
	assert_int_equal(value, 2);
	memory_close(&memory);
	munmap(pages, MEMORY_PAGE_BYTES);
}

/* One bad piece does not spoil the others, and 3,000 need three calls. */
static void test_pieces(void **state)
{
	(void)state;
	enum { COUNT = 3000, BAD = 1500 };
	struct memory memory;
	static struct memory_piece pieces[COUNT];
	static uint16_t copies[COUNT], truth[COUNT];
	memory_open(&memory, getpid());
	for (int i = 0; i < COUNT; i++) {
		truth[i] = (uint16_t)(i * 3);
		pieces[i] = (struct memory_piece){(uintptr_t)&truth[i], &copies[i], 2, 0};
	}
	assert_int_equal(memory_read_pieces(&memory, pieces, COUNT), COUNT);
	assert_int_equal(memory.calls, 3);
	assert_memory_equal(copies, truth, sizeof truth);
	memset(copies, 0, sizeof copies);
	pieces[BAD].address = 8;
	assert_int_equal(memory_read_pieces(&memory, pieces, COUNT), COUNT - 1);
	assert_int_equal(pieces[BAD].got, 0);
	assert_int_equal(copies[BAD - 1], truth[BAD - 1]);
	assert_int_equal(copies[BAD + 1], truth[BAD + 1]);
	memory_close(&memory);
}

static void test_a_process_that_is_gone(void **state)
{
	(void)state;
	struct memory memory;
	char byte;
	const pid_t child = fork();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	memory_open(&memory, child);
	assert_false(memory_read(&memory, (uintptr_t)&byte, &byte, 1));
	assert_int_equal(memory.failed_errno, ESRCH);
	struct memory_piece piece = {(uintptr_t)&byte, &byte, 1, 0};
	assert_int_equal(memory_read_pieces(&memory, &piece, 1), 0);
	memory_close(&memory);
}

static void test_maps_and_symbols_of_a_library(void **state)
{
	(void)state;
	struct memory memory;
	struct maps maps;
	struct err e = {0};
	struct arena *arena = arena_new();
	const struct mapping *file = NULL;
	assert_int_equal(maps_read(getpid(), arena, &maps, &e), ERR_OK);
	assert_null(maps_find(&maps, 1));
	const struct mapping *here = maps_find(&maps, (uintptr_t)&test_pieces);
	assert_non_null(here);
	assert_true(here->executable);
	memory_open(&memory, getpid());
	uintptr_t found = 0, other = 0;
	for (int files = 0; (file = maps_next_file(&maps, file)); files++) {
		struct elf_object object;
		assert_true(files < 100);
		if (!elf_open(&memory, file->start, maps_file_end(&maps, file), &object))
			continue;
		if (strstr(file->path, "libcmocka"))
			found = elf_symbol(&object, "_assert_true");
		other |= elf_symbol(&object, "no_symbol_is_called_so");
	}
	assert_int_equal(found, (uintptr_t)&_assert_true);
	assert_int_equal(other, 0);
	memory_close(&memory);
	arena_free(arena);
}

/* A header that lies about everything behind it is refused, not followed. */
static void test_a_hostile_object(void **state)
{
	(void)state;
	struct memory memory;
	struct elf_object object;
	uint8_t *pages = map_pages(2);
	memory_open(&memory, getpid());
	for (unsigned seed = 1; seed < 2000; seed++) {
		unsigned x = seed;
		for (size_t i = 0; i < 2 * MEMORY_PAGE_BYTES; i++) {
			x = x * 1103515245 + 12345;
			pages[i] = i % 8 < 3 ? (uint8_t)(x >> 16) & 0x0f : 0;
		}
		memcpy(pages, "\177ELF\2\1\1", 7);
		pages[54] = 56; /* e_phentsize */
		pages[55] = 0;
		memory_forget(&memory);
		if (elf_open(&memory, (uintptr_t)pages, (uintptr_t)pages + 8192, &object))
			elf_symbol(&object, "PyCode_Type");
	}
	memory_close(&memory);
	munmap(pages, 2 * MEMORY_PAGE_BYTES);
}

static void test_pages_used_come_again_in_one_call(void **state)
{
	(void)state;
	struct memory memory;
	uintptr_t numbers[8];
	uint8_t value;
	uint8_t *pages = map_pages(3);
	memory_open(&memory, getpid());
	assert_true(memory_read(&memory, (uintptr_t)pages, &value, 1));
	assert_true(memory_read(&memory, (uintptr_t)pages + 2 * MEMORY_PAGE_BYTES, &value, 1));
	assert_int_equal(memory_take_used(&memory, numbers, 8), 2);
	assert_int_equal(memory_take_used(&memory, numbers + 2, 6), 0);
	pages[0] = 1;
	pages[2 * MEMORY_PAGE_BYTES] = 2;
	memory_forget(&memory);
	const uint64_t calls = memory.calls;
	memory_fetch_pages(&memory, numbers, 2);
	assert_true(memory_read(&memory, (uintptr_t)pages, &value, 1));
	assert_int_equal(value, 1);
	assert_true(memory_read(&memory, (uintptr_t)pages + 2 * MEMORY_PAGE_BYTES, &value, 1));
	assert_int_equal(value, 2);
	assert_int_equal(memory.calls, calls + 1);
	/* One that is gone spoils only itself. */
	munmap(pages, MEMORY_PAGE_BYTES);
	memory_forget(&memory);
	memory_fetch_pages(&memory, numbers, 2);
	assert_false(memory_read(&memory, (uintptr_t)pages, &value, 1));
	assert_true(memory_read(&memory, (uintptr_t)pages + 2 * MEMORY_PAGE_BYTES, &value, 1));
	memory_close(&memory);
	munmap(pages + MEMORY_PAGE_BYTES, 2 * MEMORY_PAGE_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_read_may_cross_pages_but_not_a_hole),
		cmocka_unit_test(test_a_page_is_kept_until_forgotten),
		cmocka_unit_test(test_pages_used_come_again_in_one_call),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_a_process_that_is_gone),
		cmocka_unit_test(test_maps_and_symbols_of_a_library),
		cmocka_unit_test(test_a_hostile_object),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

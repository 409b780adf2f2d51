/* Native stacks: taken by the agent's own code, unwound by the program's; and stacks and files of
 * somebody hostile. */
#include <dlfcn.h>
#include <fcntl.h>
#include <search.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "agent/heap_native.h"
#include "agent/heap_objects.h"
#include "agent/heap_store.h"
#include "base/arena.h"
#include "base/random.h"
#include "probe/native_cfi.h"
#include "probe/native_unwind.h"

enum { SITE = 3, ROUNDS_OF_NOISE = 20000, FILES_OF_NOISE = 200 };

struct heap_store heap_store;
static struct heap_file file;
static struct heap_site sites[8];

/* The agent's own notes of loaded objects. */
bool heap_object_has(uintptr_t address)
{
	Dl_info info;
	return dladdr((void *)address, &info) != 0;
}

static int look_at(const void *a, const void *b)
{
	(void)a;
	(void)b;
	heap_native_look(SITE, 1 << 20, 5);
	return 0;
}

/* The C library calls back into this file, which is the agent's here: the first frames, up to the
 * library's, are not told. */
__attribute__((noinline, used)) void outer_keep(void);
void outer_keep(void)
{
	static const int one = 1;
	size_t count = 1;
	assert_non_null(lfind(&one, &one, &count, sizeof one, look_at));
}

static void begin(void)
{
	memset(&file, 0, sizeof file);
	memset(sites, 0, sizeof sites);
	sites[SITE].native = 7;
	heap_store.file = &file;
	heap_store.sites = sites;
	heap_native_prepare();
	heap_native_after_fork(); /* none of any site is taken yet */
}

static void test_a_stack_is_taken_and_unwound(void **state)
{
	struct native_unwinder *unwinder = native_unwinder_new((uint32_t)getpid());
	struct arena *arena = arena_new();
	struct heap_native_chain chain;
	Dl_info library;
	(void)state;
	begin();
	outer_keep();
	assert_int_equal(file.natives[HEAP_NATIVE_LARGE].head, 1);
	const struct heap_native *row = &file.natives[HEAP_NATIVE_LARGE].rows[0];
	assert_int_equal(row->number, 1);
	assert_int_equal(row->site, SITE);
	assert_int_equal(row->size, 1 << 20);
	assert_true(row->word_count > 4);
	native_unwinder_begin(unwinder);
	native_unwind(unwinder, row, arena, &chain);
	assert_true(chain.count >= 3);
	assert_int_equal(chain.site, SITE);
	assert_true(dladdr((void *)lfind, &library) != 0);
	assert_non_null(strstr(chain.frames[0].library, strrchr(library.dli_fname, '/')));
	assert_string_equal(chain.frames[0].function, "lfind");
	assert_string_equal(chain.frames[1].function, "outer_keep");
	assert_true(chain.frames[1].offset > 0);
	/* no Python below: up to who started the program, or as far as was copied */
	assert_int_not_equal(chain.end, HEAP_NATIVE_PYTHON);
	arena_free(arena);
	native_unwinder_free(unwinder);
}

/* Numbers on the stack are not taken over, whatever else is. */
static void test_only_addresses_are_taken_over(void **state)
{
	volatile uint64_t secret[8];
	(void)state;
	for (size_t i = 0; i < 8; i++)
		secret[i] = UINT64_C(0x5ec2e75ec2e70000) + i;
	begin();
	outer_keep();
	const struct heap_native *row = &file.natives[HEAP_NATIVE_LARGE].rows[0];
	assert_true(row->stack_at < (uintptr_t)secret &&
		    (uintptr_t)secret < row->stack_at + row->stack_bytes);
	for (uint32_t i = 0; i < row->word_count; i++) {
		const uint64_t word = row->words[i];
		const bool is_of_stack =
			word >= row->stack_at && word <= row->stack_at + HEAP_NATIVE_REACH;
		assert_true(is_of_stack || heap_object_has((uintptr_t)word));
		assert_true(i == 0 || row->offsets[i] > row->offsets[i - 1]);
	}
	assert_int_equal(secret[7], UINT64_C(0x5ec2e75ec2e70007));
}

static uint64_t taken(int ring)
{
	return file.natives[ring].head;
}

/* The first of a site, then at doublings; never more than a ring keeps for a while. */
static void test_how_many_are_taken(void **state)
{
	(void)state;
	begin();
	heap_native_look(1, 1 << 20, 5);
	assert_int_equal(taken(HEAP_NATIVE_LARGE), 0); /* who called is not told there */
	for (uint32_t i = 0; i < 16; i++) {
		sites[SITE].samples = i;
		heap_native_look(SITE, 1 << 20, 5);
	}
	assert_int_equal(taken(HEAP_NATIVE_LARGE), 4); /* 0, 2, 4, 8 */
	heap_native_look(2, 100, 5);
	for (uint32_t site = 4; site < 8; site++) {
		sites[site].native = 7;
		sites[site].samples = 100;
		for (int i = 0; i < 4; i++)
			heap_native_look(site, 1 << 20, 5);
	}
	assert_int_equal(taken(HEAP_NATIVE_LARGE), HEAP_NATIVES);
	assert_int_equal(taken(HEAP_NATIVE_SMALL), 0);
	heap_native_after_fork();
	heap_native_look(SITE, 100, 5); /* a small one has a place of its own */
	assert_int_equal(taken(HEAP_NATIVE_SMALL), 1);
	heap_native_after_fork();
	heap_native_look(SITE, 1 << 20, 5 + HEAP_NATIVE_KEPT_NS - 1);
	assert_int_equal(taken(HEAP_NATIVE_LARGE), HEAP_NATIVES); /* the oldest must be kept */
	heap_native_look(SITE, 1 << 20, 5 + HEAP_NATIVE_KEPT_NS);
	assert_int_equal(taken(HEAP_NATIVE_LARGE), HEAP_NATIVES + 1);
	assert_int_equal(file.natives[HEAP_NATIVE_LARGE].rows[0].number, HEAP_NATIVES + 1);
	/* one that is being written is nobody else's */
	file.natives[HEAP_NATIVE_LARGE].rows[1].number = 0;
	heap_native_look(SITE, 1 << 20, 5 + 2 * HEAP_NATIVE_KEPT_NS);
	assert_int_equal(taken(HEAP_NATIVE_LARGE), HEAP_NATIVES + 1);
}

static void test_hostile_stacks(void **state)
{
	struct native_unwinder *unwinder = native_unwinder_new((uint32_t)getpid());
	struct random random = {.state = 11};
	struct heap_native row;
	(void)state;
	begin();
	outer_keep();
	native_unwinder_begin(unwinder);
	for (int round = 0; round < ROUNDS_OF_NOISE; round++) {
		struct arena *arena = arena_new();
		struct heap_native_chain chain;
		memcpy(&row, &file.natives[HEAP_NATIVE_LARGE].rows[0], sizeof row);
		for (uint64_t n = 1 + random_bits(&random) % 40; n > 0; n--) {
			uint64_t *words = (uint64_t *)&row;
			const uint64_t at = 3 + random_bits(&random) % (sizeof row / 8 - 3);
			const uint64_t other = random_bits(&random) % (sizeof row / 8);
			words[at] = random_bits(&random) % 2 ? words[other] : random_bits(&random);
		}
		if (row.word_count > HEAP_NATIVE_WORDS) /* as who copies it does */
			row.word_count = HEAP_NATIVE_WORDS;
		native_unwind(unwinder, &row, arena, &chain);
		assert_true(chain.count <= HEAP_NATIVE_FRAMES_MAX && chain.end < HEAP_NATIVE_ENDS);
		arena_free(arena);
	}
	native_unwinder_free(unwinder);
}

static bool any_word(void *context, uint64_t address, uint64_t *word)
{
	*word = random_bits(context) ^ address;
	return true;
}

/* The agent's library, whose bytes somebody changed: its headers, its unwind tables, its symbols.
 */
static void test_hostile_files(void **state)
{
	struct random random = {.state = 12};
	struct native_elf elf;
	struct err e;
	char name[64];
	int opened = 0;
	(void)state;
	const int from = open("/proc/self/exe", O_RDONLY);
	assert_int_equal(native_elf_open(&elf, from, &e), ERR_OK);
	const size_t size = elf.map.size;
	unsigned char *sound = malloc(size), *spoiled = malloc(size);
	assert_true(sound && spoiled);
	memcpy(sound, elf.map.bytes, size);
	uint64_t room = 0, address = 0;
	const unsigned char *tables = native_elf_at(&elf, elf.eh_frame_header, &room);
	assert_non_null(tables);
	const size_t tables_at = (size_t)(tables - elf.map.bytes);
	assert_true(native_elf_address(&elf, tables_at, &address));
	assert_int_equal(address, elf.eh_frame_header);
	native_elf_close(&elf);
	close(from);
	for (int i = 0; i < FILES_OF_NOISE; i++) {
		const int fd = memfd_create("spoiled", 0);
		memcpy(spoiled, sound, size);
		for (uint64_t n = random_bits(&random) % 6; n > 0; n--)
			spoiled[random_bits(&random) % 64] = (unsigned char)random_bits(&random);
		for (uint64_t n = random_bits(&random) % 3000; n > 0; n--)
			spoiled[tables_at + random_bits(&random) % room] =
				(unsigned char)random_bits(&random);
		assert_int_equal(write(fd, spoiled, size), (ssize_t)size);
		if (native_elf_open(&elf, fd, &e) == ERR_OK) {
			opened++;
			for (int k = 0; k < 200; k++) {
				struct cfi_frame frame = {.known = UINT64_MAX >> 30};
				frame.pc = random_bits(&random) % (2 * size);
				frame.registers[cfi_stack_pointer()] = 4096;
				(void)cfi_step(&elf, 0, any_word, &random, &frame);
			}
			(void)native_elf_function(&elf, random_bits(&random) % size, name,
						  sizeof name, &room);
			room = size - tables_at;
			native_elf_close(&elf);
		}
		close(fd);
	}
	assert_true(opened > 0);
	free(sound);
	free(spoiled);
}

/* A file that is none, or is cut short while it is mapped. */
static void test_files_that_are_none(void **state)
{
	struct native_elf elf;
	struct err e;
	char name[8];
	uint64_t into;
	(void)state;
	int fd = memfd_create("none", 0);
	assert_int_equal(native_elf_open(&elf, fd, &e), ERR_INVALID);
	assert_int_equal(write(fd,
			       "no file of that kind, but long enough for its header, if it had "
			       "one, or so one would think",
			       90),
			 90);
	assert_int_equal(native_elf_open(&elf, fd, &e), ERR_INVALID);
	close(fd);
	const int from = open("/proc/self/exe", O_RDONLY);
	fd = memfd_create("cut", 0);
	char page[4096];
	for (ssize_t n; (n = read(from, page, sizeof page)) > 0;)
		assert_int_equal(write(fd, page, (size_t)n), n);
	assert_int_equal(native_elf_open(&elf, fd, &e), ERR_OK);
	assert_int_equal(ftruncate(fd, 0), 0);
	struct cfi_frame frame = {.pc = elf.segments[1].address, .known = UINT64_MAX >> 30};
	assert_int_equal(cfi_step(&elf, 0, any_word, NULL, &frame), CFI_UNKNOWN);
	assert_false(native_elf_function(&elf, elf.segments[1].address, name, sizeof name, &into));
	assert_true(guarded_map_is_cut(&elf.map));
	native_elf_close(&elf);
	close(fd);
	close(from);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stack_is_taken_and_unwound),
		cmocka_unit_test(test_only_addresses_are_taken_over),
		cmocka_unit_test(test_how_many_are_taken),
		cmocka_unit_test(test_hostile_stacks),
		cmocka_unit_test(test_hostile_files),
		cmocka_unit_test(test_files_that_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

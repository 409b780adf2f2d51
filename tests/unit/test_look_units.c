/* Units read from outside: contexts built by hand, and what a hostile process may put there. The
 * process that is read is the test's own. */
#include "probe/look_units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WORD sizeof(uintptr_t)
#define SERIAL 3
#define UNIT(n) ((uint64_t)SERIAL << UNIT_SERIAL_SHIFT | (n))

enum { HASH = 5, BITMAP_TYPE = 0xb000, ARRAY_TYPE = 0xa000, VARIABLE = 0x1000 };

/* PyObject_HEAD is two words; a variable object's size comes third. */
static struct {
	uintptr_t refcount, type, size;
	uint64_t id;
} value;
static struct {
	uintptr_t refcount, type, size;
	uint32_t bitmap;
	uintptr_t cells[2];
} node;
static struct {
	uintptr_t refcount, type, root;
} trie;
static struct {
	uintptr_t refcount, type, vars;
} context;
static struct {
	uintptr_t refcount, context;
} tstate;
static uint64_t run_id;

static bool read_own(void *unused, uintptr_t address, void *to, size_t size)
{
	(void)unused;
	if (address < 0x10000)
		return false;
	memcpy(to, (const void *)address, size);
	return true;
}

static const struct remote remote = {
	.read = read_own,
	.layout =
		{
			.tstate_context = WORD,
			.context_vars = 2 * WORD,
			.hamt_root = 2 * WORD,
			.object_type = WORD,
			.type_name = 3 * WORD,
			.bytes_size = 2 * WORD,
			.bytes_data = 3 * WORD,
			.hamt_bitmap = 3 * WORD,
			.hamt_bitmap_array = 4 * WORD,
			.hamt_array = 2 * WORD,
		},
};
static struct look_units units;

static int set_up(void **state)
{
	(void)state;
	value.id = UNIT(7);
	node.type = BITMAP_TYPE;
	node.bitmap = 1 << HASH;
	node.cells[0] = VARIABLE;
	node.cells[1] = (uintptr_t)&value;
	trie.root = (uintptr_t)&node;
	context.vars = (uintptr_t)&trie;
	tstate.context = (uintptr_t)&context;
	units = (struct look_units){
		.at = {.variable = VARIABLE,
		       .bitmap_type = BITMAP_TYPE,
		       .array_type = ARRAY_TYPE,
		       .run = (uintptr_t)&run_id,
		       .hash = HASH},
		.serial = SERIAL,
	};
	return 0;
}

static uint64_t unit(void)
{
	return look_units_of(&units, &remote, (uintptr_t)&tstate);
}

static void test_the_contexts_unit(void **state)
{
	(void)state;
	assert_int_equal(unit(), UNIT(7));
	value.id = 0; /* it was left */
	assert_int_equal(unit(), 0);
	tstate.context = 0;
	assert_int_equal(unit(), 0);
}

static void test_nobody_follows_units(void **state)
{
	(void)state;
	units.at.variable = 0;
	assert_int_equal(unit(), 0);
}

static void test_a_unit_of_another_process_is_none(void **state)
{
	(void)state;
	value.id = UNIT(7) + ((uint64_t)1 << UNIT_SERIAL_SHIFT);
	assert_int_equal(unit(), 0);
}

static void test_what_cannot_be_read_is_none(void **state)
{
	uintptr_t *const links[] = {&tstate.context, &context.vars, &trie.root, &node.cells[1]};
	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		set_up(NULL);
		*links[i] = 0x100;
		assert_int_equal(unit(), 0);
	}
}

/* A node that says it has more pairs than memory has bytes is not searched. */
static void test_a_node_without_end(void **state)
{
	static const struct {
		uintptr_t refcount, type, size;
		const char *name;
	} collision = {.name = "hamt_collision_node"};
	(void)state;
	node.type = (uintptr_t)&collision;
	node.size = UINTPTR_MAX / 4;
	assert_int_equal(unit(), 0);
}

static void test_the_run(void **state)
{
	struct memory memory;
	(void)state;
	memory_open(&memory, getpid());
	run_id = UNIT(0);
	assert_int_equal(look_units_run(&units, &memory), UNIT(0));
	run_id = 0;
	assert_int_equal(look_units_run(&units, &memory), 0);
	run_id = UNIT(1);
	assert_int_equal(look_units_run(&units, &memory), 0);
	units.at.run = 0x100;
	assert_int_equal(look_units_run(&units, &memory), 0);
	memory_close(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_contexts_unit, set_up),
		cmocka_unit_test_setup(test_nobody_follows_units, set_up),
		cmocka_unit_test_setup(test_a_unit_of_another_process_is_none, set_up),
		cmocka_unit_test_setup(test_what_cannot_be_read_is_none, set_up),
		cmocka_unit_test_setup(test_a_node_without_end, set_up),
		cmocka_unit_test_setup(test_the_run, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Tries built by hand in the shape of Python/hamt.c. */
#include "python/hamt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WORD sizeof(uintptr_t)

/* PyObject_HEAD is two words; a variable object's size comes third. */
struct bitmap_node {
	uintptr_t refcount, type, size;
	uint32_t bitmap;
	uintptr_t cells[4];
};
struct array_node {
	uintptr_t refcount, type, children[32];
};
struct fake_type {
	uintptr_t refcount, type, size;
	const char *name;
};

static const struct py_layout layout = {
	.object_type = WORD,
	.type_name = 3 * WORD,
	.bytes_size = 2 * WORD,
	.hamt_bitmap = 3 * WORD,
	.hamt_bitmap_array = 4 * WORD,
	.hamt_array = 2 * WORD,
	.context_vars = 3 * WORD,
	.hamt_root = 2 * WORD,
};
static const struct fake_type collision_type = {.name = "hamt_collision_node"};
static const struct fake_type other_type = {.name = "dict"};
static const struct hamt_types types = {.bitmap = 0xb000, .array = 0xa000};

enum { KEY = 0x1000, OTHER = 0x2000, VALUE = 0x3000, VALUE_2 = 0x4000 };

static uintptr_t find(const void *root, uint32_t hash)
{
	return hamt_find(&layout, &types, (uintptr_t)root, KEY, hash);
}

static void test_bitmap_cell(void **state)
{
	/* cells 2 and 5 are occupied */
	struct bitmap_node node = {.type = types.bitmap,
				   .size = 4,
				   .bitmap = 1 << 2 | 1 << 5,
				   .cells = {OTHER, VALUE_2, KEY, VALUE}};

	(void)state;
	assert_int_equal(find(&node, 5), VALUE);
	assert_int_equal(find(&node, 2), 0); /* there, but another key */
	assert_int_equal(find(&node, 3), 0); /* empty */
	assert_int_equal(hamt_find(&layout, &types, (uintptr_t)&node, OTHER, 2), VALUE_2);
	assert_int_equal(hamt_find(&layout, &types, 0, KEY, 5), 0);
}

static void test_array_then_bitmap(void **state)
{
	struct bitmap_node leaf = {
		.type = types.bitmap, .size = 2, .bitmap = 1 << 7, .cells = {KEY, VALUE}};
	struct array_node root = {.type = types.array};

	(void)state;
	root.children[31] = (uintptr_t)&leaf;
	assert_int_equal(find(&root, 7 << 5 | 31), VALUE);
	assert_int_equal(find(&root, 6 << 5 | 31), 0);
	assert_int_equal(find(&root, 7 << 5 | 30), 0);
}

static void test_bitmap_holds_a_node(void **state)
{
	struct bitmap_node leaf = {
		.type = types.bitmap, .size = 2, .bitmap = 1 << 1, .cells = {KEY, VALUE}};
	struct bitmap_node root = {
		.type = types.bitmap, .size = 2, .bitmap = 1 << 3, .cells = {0, (uintptr_t)&leaf}};

	(void)state;
	assert_int_equal(find(&root, 1 << 5 | 3), VALUE);
}

static void test_collision_and_unknown_nodes(void **state)
{
	struct bitmap_node collision = {.type = (uintptr_t)&collision_type,
					.size = 4,
					.cells = {OTHER, VALUE_2, KEY, VALUE}};
	struct bitmap_node unknown = {
		.type = (uintptr_t)&other_type, .size = 2, .cells = {KEY, VALUE}};

	(void)state;
	assert_int_equal(find(&collision, 0), VALUE);
	collision.size = 2; /* the second pair is past the end */
	assert_int_equal(find(&collision, 0), 0);
	assert_int_equal(find(&unknown, 0), 0);
}

static void test_circle_ends(void **state)
{
	struct array_node root = {.type = types.array};

	(void)state;
	for (int i = 0; i < 32; i++)
		root.children[i] = (uintptr_t)&root;
	assert_int_equal(find(&root, 0x12345678), 0);
}

static void test_context(void **state)
{
	struct bitmap_node leaf = {
		.type = types.bitmap, .size = 2, .bitmap = 1 << 1, .cells = {KEY, VALUE}};
	uintptr_t hamt[3] = {1, 0, (uintptr_t)&leaf};
	uintptr_t context[4] = {1, 0, 0, (uintptr_t)hamt};

	(void)state;
	assert_int_equal(hamt_find_in_context(&layout, &types, (uintptr_t)context, KEY, 1), VALUE);
	assert_int_equal(hamt_find_in_context(&layout, &types, 0, KEY, 1), 0);
	context[3] = 0;
	assert_int_equal(hamt_find_in_context(&layout, &types, (uintptr_t)context, KEY, 1), 0);
}

static void test_hash_is_folded_as_cpython_does(void **state)
{
	(void)state;
	assert_int_equal(hamt_hash_of(0x0000000100000002), 3);
	assert_int_equal(hamt_hash_of((intptr_t)0xffffffff00000000), UINT32_MAX - 1);
	assert_int_equal(hamt_hash_of(-2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bitmap_cell),
		cmocka_unit_test(test_array_then_bitmap),
		cmocka_unit_test(test_bitmap_holds_a_node),
		cmocka_unit_test(test_collision_and_unknown_nodes),
		cmocka_unit_test(test_circle_ends),
		cmocka_unit_test(test_context),
		cmocka_unit_test(test_hash_is_folded_as_cpython_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

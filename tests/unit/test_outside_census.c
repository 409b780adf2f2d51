/* A heap that is read from outside, made of bytes: what is counted, how large it is; lists that
 * change while they are read, and such as somebody hostile made. */
#include "python_scene.h"

#include <string.h>

#include "base/clock.h"
#include "probe/outside_census.h"

static enum err_kind census(struct scene *s, struct arena *arena, struct outside_census *found,
			    struct err *e)
{
	const struct outside_limits limits = {
		.until_ns = clock_now_ns() + 20 * NS_PER_S,
		.most_bytes = s->most_bytes,
		.forget = scene_forget,
	};
	*found = (struct outside_census){0};
	return outside_census_take(&s->remote, &limits, arena, found, e);
}

static const struct walk_type_row *row(const struct outside_census *found, const char *name)
{
	static const struct walk_type_row none;
	for (size_t i = 0; i < found->type_count; i++)
		if (found->types[i].name.length == strlen(name) &&
		    memcmp(found->types[i].name.bytes, name, strlen(name)) == 0)
			return &found->types[i];
	return &none;
}

/* --- what is there ---------------------------------------------------------------- */

static void test_objects_of_all_lists_by_type(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	const uintptr_t page = scene_class(&s, "app", "Page", 16);
	const uintptr_t own = scene_class(&s, "builtins", "Own", 16);
	const uintptr_t list = scene_type(&s, "list", TYPE_IS_LIST, 40);
	const uintptr_t tuple = scene_type(&s, "tuple", TYPE_IS_TUPLE, 24);
	const uintptr_t dict = scene_type(&s, "dict", TYPE_IS_DICT, 48);
	scene_put(&s, tuple + s.heap->type_itemsize, SCENE_WORD);
	for (unsigned i = 0; i < 1000; i++)
		scene_make(&s, page, i % 4);
	scene_make(&s, own, 0);
	scene_put(&s, scene_make(&s, list, 1) + REMOTE_GC_HEADER + s.heap->list_allocated, 10);
	scene_put(&s, scene_make(&s, tuple, 2) + REMOTE_GC_HEADER + s.remote.layout.bytes_size, 3);
	scene_put(&s, scene_make(&s, dict, 2) + REMOTE_GC_HEADER + s.remote.objects.dict_keys,
		  scene_keys(&s, 4, 0, 0));
	assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
	assert_int_equal(found.objects, 1004);
	assert_int_equal(found.links_changed + found.objects_changed, 0);
	assert_false(found.is_cut);
	/* header of the collector, two words before it, itself */
	assert_int_equal(row(&found, "app.Page")->count, 1000);
	assert_int_equal(row(&found, "app.Page")->bytes, 1000 * (16 + 16 + 16));
	assert_true(row(&found, "app.Page")->is_class);
	assert_int_equal(row(&found, "Own")->count, 1);
	assert_int_equal(row(&found, "list")->bytes, 16 + 40 + 10 * SCENE_WORD);
	assert_false(row(&found, "list")->is_class);
	assert_int_equal(row(&found, "tuple")->bytes, 16 + 24 + 3 * SCENE_WORD);
	/* 16 slots of a byte, ten entries of two words */
	assert_int_equal(row(&found, "dict")->bytes,
			 16 + 48 + s.remote.objects.keys_indices + 16 + 10 * 2 * SCENE_WORD);
	assert_int_equal(found.types[0].count, 1000); /* most bytes first */
	arena_free(arena);
	scene_end(&s);
}

/* --- what changes ------------------------------------------------------------------ */

/* One is freed as it is about to be read; another is made. */
static void free_and_make(struct scene *s, uintptr_t address)
{
	if (address != s->objects[0] || s->at_read++ != 1)
		return;
	scene_unlink(s, s->objects[0]);
	scene_make(s, s->objects[1], 0);
}

static void test_a_link_that_changes_is_noticed_and_the_walk_goes_on(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	const uintptr_t page = scene_class(&s, "app", "Page", 16);
	for (int i = 0; i < 200; i++) {
		const uintptr_t header = scene_make(&s, page, 2);
		if (i == 100)
			s.objects[0] = header;
	}
	s.objects[1] = page;
	s.meanwhile = free_and_make;
	assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
	/* none twice: 199 that stay, and the new one */
	assert_int_equal(row(&found, "app.Page")->count, 200);
	assert_in_range(found.links_changed, 1, 4);
	assert_false(found.is_cut);
	arena_free(arena);
	scene_end(&s);
}

/* The memory of one, and of those around it, is given to new objects of the youngest generation. */
static void make_young(struct scene *s, uintptr_t address)
{
	if (address != s->objects[0] || s->at_read++ != 1)
		return;
	for (int i = -3; i <= 3; i++) {
		const uintptr_t header = s->objects[0] + (uintptr_t)(i * 128);
		scene_unlink(s, header);
		scene_link(s, 0, header);
	}
}

static void test_memory_that_becomes_another_objects(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	const uintptr_t page = scene_class(&s, "app", "Page", 16);
	for (int i = 0; i < 200; i++) {
		const uintptr_t header = scene_make(&s, page, 2);
		if (i == 100)
			s.objects[0] = header;
	}
	s.meanwhile = make_young;
	assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
	/* three of them were told before they went */
	assert_in_range(row(&found, "app.Page")->count, 200, 203);
	assert_true(found.links_changed > 0);
	assert_false(found.is_cut);
	arena_free(arena);
	scene_end(&s);
}

/* A collection that begins and ends while the list is read: the first ones are in the order in
 * which they were read, and the last of them leads to the end, as what was between them is before
 * them. */
static void collect(struct scene *s, uintptr_t address)
{
	const uintptr_t stats = scene_head(s, SCENE_PERMANENT) + s->heap->gc_generation_size;
	const uint64_t generation = s->objects[2], often = s->objects[3];
	if (address != s->objects[0] || s->at_read >= often)
		return;
	s->at_read++;
	if (generation > 2) { /* gc.freeze() and gc.unfreeze(), but for one object */
		const uintptr_t header = scene_get(s, scene_head(s, 2));
		scene_unlink(s, header);
		scene_link(s, SCENE_PERMANENT, header);
		return;
	}
	scene_put(s, stats + generation * 3 * SCENE_WORD,
		  scene_get(s, stats + generation * 3 * SCENE_WORD) + 1);
	if (generation < 2)
		return;
	const uintptr_t head = scene_head(s, 2), first = scene_get(s, head),
			after = scene_get(s, s->objects[0]), last = scene_get(s, head + SCENE_WORD);
	if (after == head)
		return;
	/* what follows the object comes before the first one */
	scene_put(s, head, after);
	scene_put(s, after + SCENE_WORD, head);
	scene_put(s, last, first);
	scene_put(s, first + SCENE_WORD, last);
	scene_put(s, s->objects[0], head);
	scene_put(s, head + SCENE_WORD, s->objects[0]);
}

static void test_a_list_that_is_taken_apart_between_two_pages(void **state)
{
	static const struct {
		uint64_t generation, often, least, most;
		bool is_cut;
	} ways[] = {
		{2, 1, 200, 200, false}, /* it is read again */
		{2, UINT64_MAX, 20, 200, true},
		{1, UINT64_MAX, 200, 200, false}, /* of younger ones: this list is whole */
		{0, UINT64_MAX, 200, 200, false},
		{3, UINT64_MAX, 1, 200, true},
	};
	(void)state;
	for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
		struct scene s;
		struct outside_census found;
		struct err e = {0};
		struct arena *arena = arena_new();
		scene_begin(&s);
		const uintptr_t page = scene_class(&s, "app", "Page", 16);
		for (int i = 0; i < 200; i++) {
			const uintptr_t header = scene_make(&s, page, 2);
			if (i == 20)
				s.objects[0] = header;
		}
		s.objects[2] = ways[way].generation;
		s.objects[3] = ways[way].often;
		s.meanwhile = collect;
		assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
		assert_in_range(row(&found, "app.Page")->count, ways[way].least, ways[way].most);
		assert_int_equal(found.is_cut, ways[way].is_cut);
		assert_int_equal(found.links_changed > 0, ways[way].generation >= 2);
		arena_free(arena);
		scene_end(&s);
	}
}

/* The youngest list, which has all there is where the collector is switched off, goes into one that
 * was read before. */
static void take_all(struct scene *s, uintptr_t address)
{
	const uintptr_t stats = scene_head(s, SCENE_PERMANENT) + s->heap->gc_generation_size;
	if (address != s->objects[0] || s->at_read++ != s->objects[3])
		return;
	scene_put(s, stats, scene_get(s, stats) + 1);
	const uintptr_t last = scene_head(s, 0) + SCENE_WORD;
	for (uintptr_t header; (header = scene_get(s, last) & ~UINT64_C(3)) != scene_head(s, 0);) {
		scene_unlink(s, header);
		scene_link(s, 1, header);
	}
}

static void test_what_leaves_the_youngest_list_is_a_part_not_read(void **state)
{
	(void)state;
	for (int is_much = 0; is_much < 2; is_much++) {
		struct scene s;
		struct outside_census found;
		struct err e = {0};
		struct arena *arena = arena_new();
		scene_begin(&s);
		const uintptr_t page = scene_class(&s, "app", "Page", 16);
		for (int i = 0; !is_much && i < 20000; i++)
			scene_make(&s, page, 2);
		for (int i = 0; i < 200; i++) {
			const uintptr_t header = scene_make(&s, page, 0);
			if (i == 20)
				s.objects[0] = header;
		}
		/* threshold, count */
		scene_put(&s, scene_head(&s, 0) + REMOTE_GC_HEADER, (uint64_t)200 << 32 | 700);
		s.meanwhile = take_all;
		assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
		assert_in_range(found.objects, is_much ? 19 : 20019, is_much ? 200 : 20200);
		assert_int_equal(found.is_cut, is_much);
		arena_free(arena);
		scene_end(&s);
	}
}

/* What lies behind the lists is as remote_heap.c has it, in all versions. */
static void test_where_collections_are_counted(void **state)
{
	(void)state;
	for (unsigned i = 0; i < py_heap_count; i++) {
		const struct py_heap *h = &py_heap_table[i];
		assert_int_equal(h->gc_generation_size, 2 * SCENE_WORD + 2 * sizeof(int));
		assert_int_equal(h->gc_collecting,
				 h->gc_permanent + h->gc_generation_size + 3 * 3 * SCENE_WORD);
	}
}

static void test_the_collector_is_waited_for(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	scene_make(&s, scene_class(&s, "app", "Page", 16), 0);
	scene_put(&s, SCENE_INTERPRETER + s.heap->gc_state + s.heap->gc_collecting, 1);
	assert_int_equal(census(&s, arena, &found, &e), ERR_INVALID);
	assert_non_null(strstr(e.text, "the garbage collector was at work"));
	assert_int_equal(found.objects, 0);
	arena_free(arena);
	scene_end(&s);
}

/* --- who is hostile ------------------------------------------------------------------ */

static void test_lists_that_are_not_there(void **state)
{
	(void)state;
	for (unsigned way = 0; way < 4; way++) {
		struct scene s;
		struct outside_census found;
		struct err e = {0};
		struct arena *arena = arena_new();
		scene_begin(&s);
		scene_make(&s, scene_class(&s, "app", "Page", 16), 1);
		switch (way) {
		case 0:
			scene_put(&s, scene_head(&s, 1), 0);
			break;
		case 1:
			scene_put(&s, scene_head(&s, 1) + SCENE_WORD, 0x1234560);
			break;
		case 2:
			scene_put(&s, scene_head(&s, 2), SCENE_BASE + 0x8001);
			break;
		default:
			scene_put(&s,
				  SCENE_RUNTIME + s.remote.layout.runtime_interpreters_head +
					  SCENE_WORD,
				  0);
			break;
		}
		assert_int_equal(census(&s, arena, &found, &e), ERR_INVALID);
		assert_int_equal(found.objects, 0);
		arena_free(arena);
		scene_end(&s);
	}
}

static void test_links_that_lead_nowhere(void **state)
{
	static const uint64_t wild[] = {0, 1, 0x4141414141414141, UINT64_MAX - 3,
					SCENE_BASE + SCENE_BYTES - 8};
	(void)state;
	for (size_t way = 0; way < 2 * sizeof wild / sizeof *wild; way++) {
		struct scene s;
		struct outside_census found;
		struct err e = {0};
		struct arena *arena = arena_new();
		uintptr_t middle = 0;
		scene_begin(&s);
		const uintptr_t page = scene_class(&s, "app", "Page", 16);
		for (int i = 0; i < 100; i++) {
			const uintptr_t header = scene_make(&s, page, 2);
			middle = i == 50 ? header : middle;
		}
		scene_make(&s, page, 0);
		scene_put(&s, middle + (way % 2 ? SCENE_WORD : 0), wild[way / 2]);
		assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
		/* those before it, and the other list */
		assert_in_range(row(&found, "app.Page")->count, 49, 51);
		assert_true(found.is_cut);
		assert_true(found.links_changed > 0);
		arena_free(arena);
		scene_end(&s);
	}
}

/* The first leads back to whom one comes from. */
static void lead_back(struct scene *s, uintptr_t address)
{
	if (address == scene_head(s, 2))
		s->last = 0;
	if (address < s->objects[0] || address > s->objects[1] ||
	    (address - s->objects[0]) % 128 != 0)
		return;
	if (address == s->objects[0])
		scene_put(s, address + SCENE_WORD,
			  s->last == s->objects[1] ? s->objects[1] : scene_head(s, 2));
	s->last = address;
}

static void test_a_circle_ends(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	const uintptr_t page = scene_class(&s, "app", "Page", 16);
	s.objects[0] = scene_make(&s, page, 2);
	for (int i = 0; i < 99; i++)
		s.objects[1] = scene_make(&s, page, 2);
	scene_make(&s, page, 2); /* the last, which the head leads to, is not in it */
	scene_put(&s, s.objects[1], s.objects[0]);
	s.meanwhile = lead_back;
	assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
	assert_true(found.is_cut);
	assert_in_range(found.objects, 99, 1000);
	arena_free(arena);
	scene_end(&s);
}

static void test_what_is_no_object(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	const uintptr_t page = scene_class(&s, "app", "Page", 16);
	const uintptr_t no_metatype = scene_type(&s, "x", 0, 16);
	const uintptr_t too_large = scene_type(&s, "y", 0, UINT64_C(1) << 60);
	const uintptr_t endless = scene_type(&s, "z", 0, 16);
	scene_put(&s, no_metatype + s.remote.layout.object_type, page);
	scene_put(&s, endless + s.heap->type_base, endless); /* is its own base */
	scene_make(&s, 0, 1);
	scene_make(&s, 0x4141414141414140, 1);
	scene_make(&s, SCENE_BASE + SCENE_BYTES - 16, 1);
	scene_make(&s, no_metatype, 1);
	scene_make(&s, too_large, 1);
	scene_put(&s, scene_make(&s, page, 1) + REMOTE_GC_HEADER, 0); /* nothing refers to it */
	scene_make(&s, page, 1);
	scene_make(&s, endless, 1);
	assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
	assert_int_equal(found.objects, 2);
	assert_int_equal(found.objects_changed, 6);
	assert_true(found.is_cut); /* most of what there was is not told */
	assert_int_equal(row(&found, "app.Page")->count, 1);
	assert_int_equal(row(&found, "z")->bytes, 16 + 16);
	arena_free(arena);
	scene_end(&s);
}

/* They count with what their type has. */
static void test_sizes_that_cannot_be(void **state)
{
	struct scene s;
	struct outside_census found;
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	const uintptr_t list = scene_type(&s, "list", TYPE_IS_LIST, 40);
	const uintptr_t tuple = scene_type(&s, "tuple", TYPE_IS_TUPLE, 24);
	const uintptr_t dict = scene_type(&s, "dict", TYPE_IS_DICT, 48);
	const uintptr_t set = scene_type(&s, "set", 0, 200);
	const uintptr_t sub_int = scene_type(&s, "Number", TYPE_IS_HEAP | 1u << 24, 32);
	scene_put(&s, tuple + s.heap->type_itemsize, SCENE_WORD);
	scene_put(&s, scene_make(&s, list, 1) + REMOTE_GC_HEADER + s.heap->list_allocated,
		  UINT64_C(1) << 60);
	scene_put(&s, scene_make(&s, tuple, 1) + REMOTE_GC_HEADER + s.remote.layout.bytes_size,
		  UINT64_C(1) << 63);
	const uintptr_t keys = scene_keys(&s, 3, 0, 0);
	*scene_at(&s, keys + 8) = 255;
	*scene_at(&s, keys + 9) = 255;
	scene_put(&s, scene_make(&s, dict, 1) + REMOTE_GC_HEADER + s.remote.objects.dict_keys,
		  keys);
	scene_put(&s, scene_make(&s, dict, 1) + REMOTE_GC_HEADER + s.remote.objects.dict_keys,
		  0x4141414141414141);
	scene_put(&s, scene_make(&s, set, 1) + REMOTE_GC_HEADER + s.remote.objects.set_mask,
		  UINT64_MAX >> 4);
	scene_put(&s, scene_make(&s, sub_int, 1) + REMOTE_GC_HEADER + s.remote.layout.bytes_size,
		  UINT64_MAX);
	assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
	assert_int_equal(row(&found, "list")->bytes, 16 + 40);
	assert_int_equal(row(&found, "tuple")->bytes, 16 + 24);
	assert_int_equal(row(&found, "dict")->bytes, 2 * (16 + 48));
	assert_int_equal(row(&found, "set")->bytes, 16 + 200);
	assert_in_range(row(&found, "Number")->bytes, 16 + 24, 16 + 32);
	arena_free(arena);
	scene_end(&s);
}

/* Each fits into what is mapped, and all of them do not. */
static void test_sizes_that_cannot_be_together(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene s;
		struct outside_census found;
		struct err e = {0};
		struct arena *arena = arena_new();
		scene_begin(&s);
		const uintptr_t list = scene_type(&s, "list", TYPE_IS_LIST, 40);
		for (int n = 0; n < 4; n++)
			scene_put(&s,
				  scene_make(&s, list, 1) + REMOTE_GC_HEADER +
					  s.heap->list_allocated,
				  s.most_bytes / SCENE_WORD / (i ? 2 : 5));
		assert_int_equal(census(&s, arena, &found, &e), ERR_OK);
		assert_int_equal(found.is_cut, i);
		arena_free(arena);
		scene_end(&s);
	}
}

#define ENDLESS UINT64_C(0x100000000)

/* From there on an object every 64 bytes, each linked to its neighbours. */
static bool read_endless(void *context, uintptr_t address, void *to, size_t size)
{
	struct scene *s = context;
	if (address < ENDLESS || address >= SCENE_BASE)
		return scene_read(context, address, to, size);
	s->reads++;
	const uintptr_t header = address & ~(uintptr_t)63;
	const uint64_t words[8] = {header == SCENE_BASE - 64 ? scene_head(s, 2) : header + 64,
				   header == ENDLESS ? scene_head(s, 2) : header - 64, 1,
				   s->objects[0]};
	if (address - header + size > sizeof words)
		return false;
	memcpy(to, (const uint8_t *)words + (address - header), size);
	return true;
}

static bool is_enough(void *context)
{
	const struct scene *s = context;
	return s->reads > 1000000;
}

static void test_a_list_without_an_end(void **state)
{
	struct scene s;
	struct outside_census found = {0};
	struct err e = {0};
	struct arena *arena = arena_new();
	(void)state;
	scene_begin(&s);
	s.objects[0] = scene_class(&s, "app", "Page", 16);
	s.objects[1] = scene_make(&s, s.objects[0], 0);
	s.remote.read = read_endless;
	scene_put(&s, scene_head(&s, 2), ENDLESS);
	scene_put(&s, scene_head(&s, 2) + SCENE_WORD,
		  SCENE_BASE - 64); /* too far off to be reached */
	const struct outside_limits limits = {.until_ns = clock_now_ns() + 20 * NS_PER_S,
					      .most_bytes = s.most_bytes,
					      .forget = scene_forget,
					      .is_enough = is_enough};
	assert_int_equal(outside_census_take(&s.remote, &limits, arena, &found, &e), ERR_OK);
	assert_in_range(s.reads, 1000000, 1001000);
	assert_true(found.is_cut);
	assert_true(found.objects > 10000);
	arena_free(arena);
	scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects_of_all_lists_by_type),
		cmocka_unit_test(test_a_link_that_changes_is_noticed_and_the_walk_goes_on),
		cmocka_unit_test(test_memory_that_becomes_another_objects),
		cmocka_unit_test(test_a_list_that_is_taken_apart_between_two_pages),
		cmocka_unit_test(test_what_leaves_the_youngest_list_is_a_part_not_read),
		cmocka_unit_test(test_where_collections_are_counted),
		cmocka_unit_test(test_the_collector_is_waited_for),
		cmocka_unit_test(test_lists_that_are_not_there),
		cmocka_unit_test(test_links_that_lead_nowhere),
		cmocka_unit_test(test_a_circle_ends),
		cmocka_unit_test(test_what_is_no_object),
		cmocka_unit_test(test_sizes_that_cannot_be),
		cmocka_unit_test(test_sizes_that_cannot_be_together),
		cmocka_unit_test(test_a_list_without_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

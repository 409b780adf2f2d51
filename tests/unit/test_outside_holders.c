/* Who holds what is looked for, in a heap that is read from outside: names, lengths, how far it
 * goes. */
#include "python_scene.h"

#include <string.h>

#include "base/clock.h"
#include "probe/outside_census.h"
#include "probe/outside_holders.h"

enum { ITEMS = 5000 };

struct app {
	struct scene scene;
	uintptr_t page, list, dict;
	uintptr_t kept;     /* header of the list that app.KEPT is */
	uintptr_t pages[3]; /* headers of three in it: the first, the last, and one in between */
	uintptr_t names;    /* header of the module's dict */
	struct arena *arena;
	struct outside_holders found;
};

static uintptr_t make_list(struct app *a, uint64_t count)
{
	struct scene *s = &a->scene;
	const uintptr_t header = scene_make(s, a->list, 2),
			items = scene_take(s, count * SCENE_WORD);
	scene_put(s, header + REMOTE_GC_HEADER + s->heap->list_items, items);
	scene_put(s, header + REMOTE_GC_HEADER + s->heap->list_allocated, count);
	scene_put(s, header + REMOTE_GC_HEADER + s->remote.layout.bytes_size, count);
	return header;
}

static uintptr_t items_of(struct app *a, uintptr_t list)
{
	return scene_get(&a->scene, list + REMOTE_GC_HEADER + a->scene.heap->list_items);
}

/* A str that the program's source has. */
static uintptr_t make_name(struct scene *s, const char *text)
{
	const uintptr_t string = scene_str(s, text);
	scene_put(s, string + s->remote.layout.str_state,
		  scene_get(s, string + s->remote.layout.str_state) | 1);
	return string;
}

static uintptr_t make_dict(struct app *a, uint8_t log2_size, uintptr_t key, uintptr_t value)
{
	struct scene *s = &a->scene;
	const uintptr_t header = scene_make(s, a->dict, 2);
	scene_put(s, header + REMOTE_GC_HEADER + s->remote.objects.dict_keys,
		  scene_keys(s, log2_size, key, value));
	scene_put(s, header + REMOTE_GC_HEADER + s->heap->dict_used, 1);
	return header;
}

/* app.KEPT is a list of many app.Page. */
static void begin(struct app *a)
{
	struct scene *s = &a->scene;
	*a = (struct app){.arena = arena_new()};
	scene_begin(s);
	a->page = scene_class(s, "app", "Page", 16);
	a->list = scene_type(s, "list", TYPE_IS_LIST, 40);
	a->dict = scene_type(s, "dict", TYPE_IS_DICT, 48);
	a->kept = make_list(a, ITEMS);
	for (uint64_t i = 0; i < ITEMS; i++) {
		const uintptr_t page = scene_make(s, a->page, 2);
		scene_put(s, items_of(a, a->kept) + i * SCENE_WORD, page + REMOTE_GC_HEADER);
		if (i == 0 || i == 1204 || i == ITEMS - 1)
			a->pages[i == 0 ? 0 : i == 1204 ? 1 : 2] = page;
	}
	a->names = make_dict(a, 3, make_name(s, "KEPT"), a->kept + REMOTE_GC_HEADER);
	const uintptr_t module = scene_make(s, scene_type(s, "module", 0, 48), 2);
	scene_put(s, module + REMOTE_GC_HEADER + s->remote.objects.module_dict,
		  a->names + REMOTE_GC_HEADER);
}

static void end(struct app *a)
{
	scene_end(&a->scene);
	arena_free(a->arena);
}

/* Blocks begin two words before the collector's header where a class has its values there. */
static uintptr_t block_of_page(uintptr_t header)
{
	return header - 2 * SCENE_WORD;
}

static void find(struct app *a, const struct walk_target *targets, size_t count)
{
	struct err e = {0};
	const struct outside_limits limits = {
		.until_ns = clock_now_ns() + 20 * NS_PER_S,
		.most_bytes = a->scene.most_bytes,
		.forget = scene_forget,
	};
	a->found = (struct outside_holders){0};
	assert_int_equal(outside_holders_find(&a->scene.remote, &limits, targets, count, a->arena,
					      &a->found, &e),
			 ERR_OK);
	assert_false(a->found.is_cut);
}

static const struct walk_holder_row *find_one(struct app *a, uintptr_t block)
{
	find(a, &(struct walk_target){.address = block, .site = 7}, 1);
	assert_int_equal(a->found.count, 1);
	assert_int_equal(a->found.rows[0].site, 7);
	return &a->found.rows[0];
}

static void assert_name(struct walk_name name, const char *expected)
{
	assert_int_equal(name.length, strlen(expected));
	assert_memory_equal(name.bytes, expected, name.length);
}

static void test_a_list_of_a_module(void **state)
{
	struct app a;
	(void)state;
	begin(&a);
	const struct walk_target targets[] = {{.address = block_of_page(a.pages[0]), .site = 1},
					      {.address = block_of_page(a.pages[1]), .site = 2},
					      {.address = block_of_page(a.pages[2]), .site = 3},
					      {.address = items_of(&a, a.kept), .site = 4},
					      {.address = 0x1230, .site = 5}};
	find(&a, targets, 5);
	assert_int_equal(a.found.count, 4);
	assert_string_equal(a.found.rows[0].expression, "(a module).KEPT[0]");
	assert_string_equal(a.found.rows[1].expression, "(a module).KEPT[1204]");
	assert_string_equal(a.found.rows[2].expression, "(a module).KEPT[4999]");
	/* the memory that a list has apart is the list's */
	assert_string_equal(a.found.rows[3].expression, "(a module).KEPT");
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(a.found.rows[i].root, "module");
		assert_int_equal(a.found.rows[i].site, i + 1);
	}
	assert_name(a.found.rows[0].type, "app.Page");
	assert_name(a.found.rows[0].in_type, "list");
	assert_int_equal(a.found.rows[0].in_length, ITEMS);
	assert_int_equal(a.found.rows[3].length, ITEMS);
	assert_int_equal(a.found.rows[3].in_length, -1);
	end(&a);
}

static void test_an_attribute_of_an_instance(void **state)
{
	struct app a;
	(void)state;
	begin(&a);
	struct scene *s = &a.scene;
	const uintptr_t held = scene_make(s, a.page, 2);
	const uintptr_t own = make_dict(&a, 3, make_name(s, "secret"), held + REMOTE_GC_HEADER);
	scene_put(s, a.pages[1] - SCENE_WORD, own + REMOTE_GC_HEADER); /* its dict */
	/* the name of an attribute may be data, and its dict is no container of the program's */
	const struct walk_holder_row *row = find_one(&a, block_of_page(held));
	assert_string_equal(row->expression, "(a module).KEPT[1204].…");
	assert_name(row->in_type, "list");
	assert_int_equal(row->in_length, ITEMS);
	end(&a);
}

static void test_a_class_and_a_key_that_is_data(void **state)
{
	struct app a;
	(void)state;
	begin(&a);
	struct scene *s = &a.scene;
	const uintptr_t held = scene_make(s, a.page, 2);
	const uintptr_t seen = make_dict(&a, 3, scene_str(s, "alice"), held + REMOTE_GC_HEADER);
	const uintptr_t names = make_dict(&a, 3, make_name(s, "SEEN"), seen + REMOTE_GC_HEADER);
	/* a class is an object, too */
	const uintptr_t kind = scene_class(s, "app", "Shared", 16);
	const uintptr_t of_classes = scene_type(s, "type", TYPE_IS_TYPE, 64);
	const uintptr_t header = scene_take(s, 2048);
	memcpy(scene_at(s, header + REMOTE_GC_HEADER), scene_at(s, kind), 1024);
	scene_put(s, header + REMOTE_GC_HEADER + s->remote.layout.object_type, of_classes);
	scene_put(s, header + REMOTE_GC_HEADER + s->remote.objects.type_dict,
		  names + REMOTE_GC_HEADER);
	scene_link(s, 2, header);
	const struct walk_holder_row *row = find_one(&a, block_of_page(held));
	assert_string_equal(row->root, "class");
	assert_string_equal(row->expression, "Shared.SEEN[…]");
	assert_name(row->in_type, "dict");
	end(&a);
}

/* A dict of texts is in no list, and its texts neither. */
static void test_a_dict_that_the_collector_has_left_out(void **state)
{
	struct app a;
	(void)state;
	begin(&a);
	struct scene *s = &a.scene;
	const uintptr_t text = scene_str(s, "text");
	const uintptr_t texts = make_dict(&a, 3, scene_str(s, "key"), text);
	scene_unlink(s, texts);
	scene_put(s, items_of(&a, a.kept) + 3 * SCENE_WORD, texts + REMOTE_GC_HEADER);
	const struct walk_holder_row *row = find_one(&a, text);
	assert_string_equal(row->expression, "(a module).KEPT[3][…]");
	assert_name(row->type, "str");
	assert_name(row->in_type, "dict");
	end(&a);
}

static void test_what_nobody_known_holds(void **state)
{
	struct app a;
	(void)state;
	begin(&a);
	const uintptr_t alone = scene_make(&a.scene, a.page, 2);
	const struct walk_holder_row *row = find_one(&a, block_of_page(alone));
	assert_string_equal(row->root, "far");
	assert_string_equal(row->expression, "(not followed further)");
	end(&a);
}

/* Two lists that hold each other, and a list that says it has more than there is. */
static void test_circles_and_lengths_that_cannot_be(void **state)
{
	struct app a;
	(void)state;
	begin(&a);
	struct scene *s = &a.scene;
	const uintptr_t held = scene_make(s, a.page, 2);
	const uintptr_t one = make_list(&a, 2), other = make_list(&a, 1);
	scene_put(s, items_of(&a, one), held + REMOTE_GC_HEADER);
	scene_put(s, items_of(&a, one) + SCENE_WORD, other + REMOTE_GC_HEADER);
	scene_put(s, items_of(&a, other), one + REMOTE_GC_HEADER);
	const uintptr_t huge = make_list(&a, 1);
	scene_put(s, huge + REMOTE_GC_HEADER + s->remote.layout.bytes_size, UINT64_MAX >> 1);
	scene_put(s, huge + REMOTE_GC_HEADER + s->heap->list_items, 0x4141414141414140);
	const struct walk_holder_row *row = find_one(&a, block_of_page(held));
	assert_string_equal(row->root, "far");
	assert_non_null(strstr(row->expression, "(not followed further)"));
	end(&a);
}

static bool is_enough(void *context)
{
	const struct scene *s = context;
	return s->reads > 2000000;
}

/* Words of the heap become others: small numbers, addresses of others, anything. */
static void test_any_bytes(void **state)
{
	uint64_t random = 12345;
	(void)state;
	for (int run = 0; run < 100; run++) {
		struct app a;
		struct err e = {0};
		struct outside_census census = {0};
		begin(&a);
		struct scene *s = &a.scene;
		const struct outside_limits limits = {.until_ns = clock_now_ns() + 20 * NS_PER_S,
						      .most_bytes = s->most_bytes,
						      .forget = scene_forget,
						      .is_enough = is_enough};
		const struct walk_target target = {.address = block_of_page(a.pages[1])};
		for (int i = 0; i < 1 << (run % 12); i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			const uintptr_t at =
				SCENE_FIRST + (random >> 33) % (s->end - SCENE_FIRST - 16) / 8 * 8;
			const uint64_t other =
				SCENE_FIRST + (random >> 20) % (s->end - SCENE_FIRST);
			scene_put(s, at,
				  run % 3 == 0   ? random >> 56
				  : run % 3 == 1 ? other & ~UINT64_C(7)
						 : random);
		}
		enum err_kind kind = outside_census_take(&s->remote, &limits, a.arena, &census, &e);
		assert_true(kind == ERR_OK || kind == ERR_INVALID);
		assert_true(census.objects <= 4 * (ITEMS + 100));
		s->reads = 0;
		kind = outside_holders_find(&s->remote, &limits, &target, 1, a.arena, &a.found, &e);
		assert_true(kind == ERR_OK || kind == ERR_INVALID);
		assert_true(s->reads < 2100000);
		end(&a);
	}
}

#define MANY UINT64_C(0x100000000)
#define MANY_MODULES UINT64_C(300000)

/* There an object every 64 bytes, each a module with a dict of its own, if it is to be believed. */
static bool read_many(void *context, uintptr_t address, void *to, size_t size)
{
	struct scene *s = context;
	const uintptr_t after = MANY + MANY_MODULES * 64;
	if (address < MANY || address >= after)
		return scene_read(context, address, to, size);
	s->reads++;
	const uintptr_t header = address & ~(uintptr_t)63, head = scene_head(s, 2);
	const uint64_t words[8] = {header == after - 64 ? s->objects[1] : header + 64,
				   header == MANY ? head : header - 64, 1, s->objects[0], header};
	if (address - header + size > sizeof words)
		return false;
	memcpy(to, (const uint8_t *)words + (address - header), size);
	return true;
}

/* More modules than a program can have: not all are kept, and it is said. */
static void test_what_is_kept_is_bounded(void **state)
{
	(void)state;
	for (int are_many = 0; are_many < 2; are_many++) {
		struct app a;
		begin(&a);
		struct scene *s = &a.scene;
		const uintptr_t head = scene_head(s, 2), first = scene_get(s, head);
		s->objects[0] = scene_get(s, scene_get(s, head + SCENE_WORD) + REMOTE_GC_HEADER +
						     s->remote.layout.object_type);
		s->objects[1] = first;
		if (are_many) {
			s->remote.read = read_many;
			scene_put(s, head, MANY);
			scene_put(s, first + SCENE_WORD, MANY + (MANY_MODULES - 1) * 64);
		}
		struct err e = {0};
		const struct outside_limits limits = {.until_ns = clock_now_ns() + 60 * NS_PER_S,
						      .most_bytes = s->most_bytes,
						      .forget = scene_forget};
		const struct walk_target target = {.address = block_of_page(a.pages[1])};
		assert_int_equal(outside_holders_find(&s->remote, &limits, &target, 1, a.arena,
						      &a.found, &e),
				 ERR_OK);
		assert_int_equal(a.found.is_cut, are_many);
		assert_int_equal(a.found.count, 1);
		assert_string_equal(a.found.rows[0].root, are_many ? "far" : "module");
		end(&a);
	}
}

static bool is_much(void *context)
{
	const struct scene *s = context;
	return s->reads > 100000;
}

/* A table of nothing, as long as what is mapped: it is left when time is over. */
static bool read_zeros(void *context, uintptr_t address, void *to, size_t size)
{
	struct scene *s = context;
	if (address < MANY || address >= SCENE_BASE)
		return scene_read(context, address, to, size);
	s->reads++;
	memset(to, 0, size);
	return true;
}

static void test_a_long_table_of_nothing(void **state)
{
	struct app a;
	struct err e = {0};
	(void)state;
	begin(&a);
	struct scene *s = &a.scene;
	for (int i = 0; i < 100; i++) {
		const uintptr_t header = make_list(&a, 1);
		scene_put(s, header + REMOTE_GC_HEADER + s->heap->list_items, MANY);
		scene_put(s, header + REMOTE_GC_HEADER + s->remote.layout.bytes_size, 1 << 27);
	}
	s->remote.read = read_zeros;
	const struct outside_limits limits = {.until_ns = clock_now_ns() + 20 * NS_PER_S,
					      .most_bytes = s->most_bytes,
					      .forget = scene_forget,
					      .is_enough = is_much};
	const struct walk_target target = {.address = block_of_page(a.pages[1])};
	assert_int_equal(
		outside_holders_find(&s->remote, &limits, &target, 1, a.arena, &a.found, &e),
		ERR_OK);
	assert_in_range(s->reads, 100000, 110000);
	assert_true(a.found.is_cut);
	end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_of_a_module),
		cmocka_unit_test(test_an_attribute_of_an_instance),
		cmocka_unit_test(test_a_class_and_a_key_that_is_data),
		cmocka_unit_test(test_a_dict_that_the_collector_has_left_out),
		cmocka_unit_test(test_what_nobody_known_holds),
		cmocka_unit_test(test_circles_and_lengths_that_cannot_be),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_what_is_kept_is_bounded),
		cmocka_unit_test(test_a_long_table_of_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

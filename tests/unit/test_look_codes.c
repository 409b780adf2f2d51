/* Which code object a frame has: code objects laid out by hand in this process, which is read as
 * another one would be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "probe/look_codes.h"

enum { CODE_TYPE = 0x7000, STR_TYPE = 0x7100, BYTES_TYPE = 0x7200, CODES = 3, INSTRUCTIONS = 40 };

/* A page each: what lies on one says nothing of another. */
struct object {
	_Alignas(MEMORY_PAGE_BYTES) uint8_t bytes[MEMORY_PAGE_BYTES];
};

struct world {
	struct python_process process;
	struct look look;
	struct look_thread thread;
	struct err why;
};

static struct object codes[CODES], names[CODES], files[CODES], tables[CODES], instructions[CODES];
static struct world w;

static struct py_layout *layout(void)
{
	return &w.process.remote.layout;
}

static void put(void *object, size_t at, uint64_t value, size_t size)
{
	memcpy((uint8_t *)object + at, &value, size);
}

static void put_text(void *object, const char *text)
{
	put(object, layout()->object_type, STR_TYPE, 8);
	put(object, layout()->str_length, strlen(text), 8);
	put(object, layout()->str_state, 1u << 2 | 1u << 5 | 1u << 6, 4); /* ASCII, compact */
	memcpy((uint8_t *)object + layout()->str_data_ascii, text, strlen(text) + 1);
}

static void put_bytes(void *object, const char *bytes, size_t size)
{
	put(object, layout()->object_type, BYTES_TYPE, 8);
	put(object, layout()->bytes_size, size, 8);
	memcpy((uint8_t *)object + layout()->bytes_data, bytes, size);
	((uint8_t *)object)[layout()->bytes_data + size] = 0;
}

static void put_code(size_t i)
{
	const struct py_layout *l = layout();
	const bool is_old = l->frame_kind == PY_FRAME_OBJECT;
	put(&codes[i], l->object_type, CODE_TYPE, 8);
	put(&codes[i], l->code_filename, (uintptr_t)&files[i], 8);
	put(&codes[i], is_old ? l->code_name : l->code_qualname, (uintptr_t)&names[i], 8);
	put(&codes[i], l->code_line_table, (uintptr_t)&tables[i], 8);
	put(&codes[i], l->code_first_line, 10 * (i + 1), 4);
	if (is_old) {
		put(&codes[i], l->code_instructions, (uintptr_t)&instructions[i], 8);
		put_bytes(&instructions[i], "", 0);
		put(&instructions[i], l->bytes_size, INSTRUCTIONS, 8);
	} else {
		put(&codes[i], l->bytes_size, INSTRUCTIONS / 2, 8);
	}
	if (l->code_version != PY_UNKNOWN)
		put(&codes[i], l->code_version, 100 + i, 4);
	put_text(&names[i], "name");
	put_text(&files[i], "/srv/app.py");
	put_bytes(&tables[i], "\x02\x01\x04\x01", 4);
}

static void begin(uint32_t version_hex)
{
	static struct still still;
	memset(codes, 0, sizeof codes);
	w = (struct world){.process = {.pid = getpid()}};
	w.process.remote = (struct remote){
		.read = memory_read,
		.context = &w.process.memory,
		.symbols = {.code_type = CODE_TYPE, .str_type = STR_TYPE, .bytes_type = BYTES_TYPE},
		.layout = *py_layout_for(version_hex),
	};
	memory_open(&w.process.memory, getpid());
	look_begin(&w.look, &w.process, &still);
	w.look.stands_until_ns = UINT64_MAX;
	for (size_t i = 0; i < CODES; i++)
		put_code(i);
}

static int begin_3_8(void **state)
{
	(void)state;
	begin(0x03080000);
	return 0;
}

static int begin_3_11(void **state)
{
	(void)state;
	begin(0x030b0000);
	return 0;
}

static int begin_3_12(void **state)
{
	(void)state;
	begin(0x030c0000);
	return 0;
}

static int end(void **state)
{
	(void)state;
	look_end(&w.look);
	memory_close(&w.process.memory);
	return 0;
}

/* The instant of the frames: those of `count` codes. */
static void stand(size_t count)
{
	vec_clear(&w.look.links);
	for (size_t i = 0; i < count; i++)
		*vec_push(&w.look.links) = (struct remote_frame){.code = (uintptr_t)&codes[i]};
	w.look.meets_new = false;
	if (remote_code_has_number(&w.process.remote))
		memory_forget(&w.process.memory);
	else
		look_codes_copy(&w.look);
}

/* The id of a code of that instant; 0: refused. */
static uint32_t id_of(size_t i)
{
	struct remote r = remote_code_has_number(&w.process.remote) ? w.process.remote
								    : look_codes_copied(&w.look);
	uint32_t id = 0;
	return look_codes_id(&w.look, &r, (uintptr_t)&codes[i], &id, &w.why) == ERR_OK ? id : 0;
}

static const struct remote_code *newest(void)
{
	assert_true(w.look.new_codes.count > 0);
	return &w.look.new_codes.items[w.look.new_codes.count - 1].code;
}

/* --- without a number ----------------------------------------------------------------- */

static void test_other_texts_at_the_same_addresses(void **state)
{
	(void)state;
	stand(1);
	assert_int_equal(id_of(0), 1);
	assert_string_equal(newest()->name, "name");
	put_text(&names[0], "eman");
	stand(1);
	assert_int_equal(id_of(0), 2);
	assert_string_equal(newest()->name, "eman");
	put_text(&files[0], "/srv/bpp.py");
	stand(1);
	assert_int_equal(id_of(0), 3);
	assert_string_equal(newest()->file, "/srv/bpp.py");
	put_bytes(&tables[0], "\x02\x01\x04\x02", 4);
	stand(1);
	assert_int_equal(id_of(0), 4);
	put(&codes[0], layout()->code_first_line, 11, 4);
	stand(1);
	assert_int_equal(id_of(0), 5);
	assert_int_equal(newest()->first_line, 11);
	assert_int_equal(w.look.new_codes.count, 5);
	/* the first one again: known, and the last as well */
	put_code(0);
	stand(1);
	assert_int_equal(id_of(0), 1);
	stand(1);
	assert_int_equal(id_of(0), 1);
	assert_int_equal(w.look.new_codes.count, 5);
	assert_false(w.look.meets_new);
}

static void test_what_changes_while_it_lives_is_no_other(void **state)
{
	(void)state;
	stand(1);
	assert_int_equal(id_of(0), 1);
	put(&codes[0], 0, 77, 8);                           /* references */
	put(&names[0], layout()->str_length + 8, 4711, 8);  /* its hash */
	names[0].bytes[layout()->str_state] |= 1;           /* interned */
	names[0].bytes[layout()->str_data_ascii + 5] = 'x'; /* behind its NUL */
	tables[0].bytes[layout()->bytes_data + 5] = 'x';
	stand(1);
	assert_int_equal(id_of(0), 1);
}

static void test_the_bytes_are_those_of_the_instant(void **state)
{
	(void)state;
	stand(2);
	put_text(&names[0], "late");
	put(&codes[1], layout()->object_type, 0, 8);
	assert_int_equal(id_of(0), 1);
	assert_string_equal(newest()->name, "name");
	put(&codes[0], layout()->code_first_line, 7, 4);
	assert_int_equal(id_of(0), 1); /* as before, in this reading */
	assert_int_equal(id_of(1), 2);
	stand(2);
	assert_int_equal(id_of(0), 3);
	assert_string_equal(newest()->name, "late");
	assert_int_equal(id_of(1), 0);
	assert_string_equal(w.why.text, "no code object");
	assert_false(w.look.meets_new);
}

static void test_what_was_not_copied_is_refused(void **state)
{
	(void)state;
	stand(1);
	assert_int_equal(id_of(1), 0);
	assert_true(w.look.meets_new);
	assert_int_equal(w.look.new_codes.count, 0);
	w.look.meets_new = false;
	w.look.learns = true;
	assert_int_equal(id_of(1), 0); /* there is no next time */
	assert_false(w.look.meets_new);
	w.look.learns = false;
	stand(2);
	assert_int_equal(id_of(1), 1);
}

/* Wherever the pieces are now, and wherever they were when the same address was met before. */
static void test_pieces_that_moved(void **state)
{
	static struct object other_name;
	(void)state;
	stand(1);
	assert_int_equal(id_of(0), 1);
	put_text(&other_name, "other");
	put(&codes[0],
	    layout()->frame_kind == PY_FRAME_OBJECT ? layout()->code_name : layout()->code_qualname,
	    (uintptr_t)&other_name, 8);
	stand(1);
	assert_int_equal(id_of(0), 2);
	assert_string_equal(newest()->name, "other");
}

/* A text and a table that end on another page than they begin on. */
static void test_pieces_across_pages(void **state)
{
	static struct object far[4];
	char text[3000], expected[sizeof text];
	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	uint8_t *name = far[0].bytes + 2000, *table = far[2].bytes + 2000;
	put_text(name, text);
	put_bytes(table, text, sizeof text - 1);
	put(&codes[0], layout()->code_filename, (uintptr_t)name, 8);
	put(&codes[0], layout()->code_line_table, (uintptr_t)table, 8);
	stand(1);
	memcpy(expected, text, sizeof text);
	assert_int_equal(id_of(0), 1);
	assert_string_equal(newest()->file, expected);
	assert_int_equal(newest()->line_table_bytes, sizeof text - 1);
	name[layout()->str_data_ascii + sizeof text - 2] = 'y'; /* the last character */
	stand(1);
	assert_int_equal(id_of(0), 2);
	table[layout()->bytes_data + sizeof text - 2] = 'y';
	stand(1);
	assert_int_equal(id_of(0), 3);
}

static void test_what_did_not_hold_is_forgotten(void **state)
{
	(void)state;
	stand(1);
	assert_int_equal(id_of(0), 1);
	vec_clear(&w.look.new_codes); /* a look that held */
	stand(3);
	assert_int_equal(id_of(1), 2);
	assert_int_equal(id_of(2), 3);
	assert_int_equal(id_of(0), 1);
	look_codes_forget(&w.look);
	assert_int_equal(w.look.new_codes.count, 0);
	assert_int_equal(w.look.known.count, 1);
	/* also by what was copied then */
	assert_int_equal(id_of(2), 2);
	stand(3);
	assert_int_equal(id_of(0), 1);
	assert_int_equal(id_of(2), 2);
	assert_int_equal(id_of(1), 3);
}

/* --- with one ----------------------------------------------------------------------------- */

static void test_by_number(void **state)
{
	(void)state;
	stand(1);
	assert_int_equal(id_of(0), 1);
	assert_true(w.look.meets_new); /* to be confirmed */
	stand(1);
	assert_int_equal(id_of(0), 1);
	assert_false(w.look.meets_new);
	put(&codes[0], layout()->code_version, 4711, 4);
	put_text(&names[0], "eman");
	stand(1);
	assert_int_equal(id_of(0), 2);
	assert_string_equal(newest()->name, "eman");
	assert_true(w.look.meets_new);
	w.look.learns = true; /* while all stand: nothing to confirm */
	put(&codes[0], layout()->code_version, 4712, 4);
	stand(1);
	assert_int_equal(id_of(0), 3);
	assert_false(w.look.meets_new);
}

static void test_numbered_ones_are_forgotten_too(void **state)
{
	(void)state;
	stand(2);
	assert_int_equal(id_of(0), 1);
	vec_clear(&w.look.new_codes);
	assert_int_equal(id_of(1), 2);
	look_codes_forget(&w.look);
	assert_int_equal(w.look.known.count, 1);
	stand(2);
	assert_int_equal(id_of(0), 1);
	assert_false(w.look.meets_new);
	assert_int_equal(id_of(1), 2);
	assert_true(w.look.meets_new);
}

/* --- frames --------------------------------------------------------------------------------- */

static void test_frames_are_held_against_their_code(void **state)
{
	struct remote_frame frames[CODES] = {{.code = (uintptr_t)&codes[0], .offset = 4},
					     {.code = (uintptr_t)&codes[1], .offset = 38},
					     {.code = (uintptr_t)&codes[0], .offset = 8}};
	struct remote r;
	(void)state;
	stand(2);
	r = look_codes_copied(&w.look);
	w.thread.first_frame = 0;
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_OK);
	assert_int_equal(w.thread.frame_count, 3);
	assert_int_equal(w.look.frames.items[0].code, 1);
	assert_int_equal(w.look.frames.items[1].code, 2);
	assert_int_equal(w.look.frames.items[1].instr_offset, 38);
	assert_int_equal(w.look.frames.items[2].code, 1);
	/* a thread's frames begin where the last one's ended; a second try begins there again */
	w.thread.first_frame = 3;
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 1, NULL), ERR_OK);
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 2, NULL), ERR_OK);
	assert_int_equal(w.thread.frame_count, 2);
	assert_int_equal(w.look.frames.count, 5);
	frames[1].offset = INSTRUCTIONS; /* past the end */
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_INVALID);
	frames[1].offset = 38;
	frames[0].offset = 0; /* the newest may not have begun, a caller has */
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_OK);
	frames[2].offset = 0;
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_INVALID);
	frames[2].offset = 8;
	frames[2].code = (uintptr_t)&codes[2]; /* was not there */
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_INVALID);
}

/* --- no longer than a thread may stand ----------------------------------------------------- */

enum { LONG_TABLE = 75 * MEMORY_PAGE_BYTES };

/* More than is copied in one go. */
static uint8_t *put_long_table(size_t code)
{
	static _Alignas(MEMORY_PAGE_BYTES) uint8_t far[LONG_TABLE + MEMORY_PAGE_BYTES];
	const uint64_t type = BYTES_TYPE, size = LONG_TABLE;
	memset(far, 'x', sizeof far);
	memcpy(far + layout()->object_type, &type, sizeof type);
	memcpy(far + layout()->bytes_size, &size, sizeof size);
	far[layout()->bytes_data + LONG_TABLE] = 0;
	put(&codes[code], layout()->code_line_table, (uintptr_t)far, 8);
	return far + layout()->bytes_data;
}

static void test_a_long_table_is_read_once(void **state)
{
	(void)state;
	uint8_t *table = put_long_table(0);
	stand(1);
	assert_int_equal(id_of(0), 0);
	assert_true(w.look.meets_new);
	w.look.stands_until_ns = 0;
	stand(1);
	assert_true(w.look.is_late);
	assert_int_equal(id_of(0), 0);
	w.look.stands_until_ns = UINT64_MAX;
	stand(1);
	assert_int_equal(id_of(0), 1);
	assert_int_equal(newest()->line_table_bytes, LONG_TABLE);
	w.look.stands_until_ns = 0;
	stand(1);
	assert_false(w.look.is_late);
	assert_int_equal(id_of(0), 1);
	assert_true(w.look.code_pages.count < 16);
	/* each of both ends tells it from another one */
	w.look.stands_until_ns = UINT64_MAX;
	table[0] = 'y';
	stand(1);
	assert_int_equal(id_of(0), 0);
	stand(1);
	assert_int_equal(id_of(0), 2);
	table[LONG_TABLE - 1] = 'y';
	stand(1);
	assert_int_equal(id_of(0), 0);
	stand(1);
	assert_int_equal(id_of(0), 3);
}

static void test_what_is_copied_is_learnt_whatever_is_missing(void **state)
{
	(void)state;
	(void)put_long_table(1);
	stand(3);
	look_codes_learn_copied(&w.look);
	assert_int_equal(w.look.new_codes.count, 2);
	assert_false(w.look.meets_new);
	stand(3);
	look_codes_learn_copied(&w.look);
	assert_int_equal(w.look.new_codes.count, 3);
}

static void test_frames_from_missing_code_on_are_cut_off(void **state)
{
	struct remote_frame frames[CODES] = {{.code = (uintptr_t)&codes[0], .offset = 4},
					     {.code = (uintptr_t)&codes[1], .offset = 4},
					     {.code = (uintptr_t)&codes[2], .offset = 4}};
	(void)state;
	(void)put_long_table(1);
	stand(3);
	struct remote r = look_codes_copied(&w.look);
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_INVALID);
	w.look.may_cut = true;
	w.look.meets_new = false;
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 3, NULL), ERR_OK);
	assert_int_equal(w.thread.frame_count, 1);
	assert_true(w.thread.is_cut && w.look.has_cut);
	assert_false(w.look.meets_new);
	/* nothing is left of a thread whose newest one is missing */
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames + 1, 2, NULL), ERR_INVALID);
	/* and what is no code is not just missing */
	put(&codes[2], layout()->object_type, 0, 8);
	frames[1] = frames[2];
	stand(3);
	assert_int_equal(look_codes_keep(&w.look, &r, &w.thread, frames, 2, NULL), ERR_INVALID);
}

static void test_numbered_code_is_not_learnt_any_longer_either(void **state)
{
	(void)state;
	w.look.learns = true;
	stand(1);
	assert_int_equal(id_of(0), 1);
	w.look.stands_until_ns = 0;
	assert_int_equal(id_of(1), 0);
	assert_non_null(strstr(w.why.text, "longer"));
	assert_int_equal(id_of(0), 1);
	w.look.never_stop = true; /* nobody stands */
	assert_int_equal(id_of(1), 2);
}

#define ON(version, test) cmocka_unit_test_setup_teardown(test, begin_##version, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON(3_8, test_other_texts_at_the_same_addresses),
		ON(3_11, test_other_texts_at_the_same_addresses),
		ON(3_8, test_what_changes_while_it_lives_is_no_other),
		ON(3_11, test_what_changes_while_it_lives_is_no_other),
		ON(3_8, test_the_bytes_are_those_of_the_instant),
		ON(3_11, test_the_bytes_are_those_of_the_instant),
		ON(3_8, test_what_was_not_copied_is_refused),
		ON(3_8, test_pieces_that_moved),
		ON(3_11, test_pieces_that_moved),
		ON(3_8, test_pieces_across_pages),
		ON(3_11, test_pieces_across_pages),
		ON(3_8, test_what_did_not_hold_is_forgotten),
		ON(3_12, test_by_number),
		ON(3_12, test_numbered_ones_are_forgotten_too),
		ON(3_8, test_frames_are_held_against_their_code),
		ON(3_8, test_a_long_table_is_read_once),
		ON(3_11, test_a_long_table_is_read_once),
		ON(3_11, test_what_is_copied_is_learnt_whatever_is_missing),
		ON(3_11, test_frames_from_missing_code_on_are_cut_off),
		ON(3_12, test_numbered_code_is_not_learnt_any_longer_either),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Frames laid out by hand for each shape of CPython, read through a reader that
 * refuses whatever lies outside them. */
#include "python/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CODE_TYPE = 0x7000, FRAMES = 4 };

static unsigned char memory[4096] __attribute__((aligned(16)));

static bool read_inside(void *context, uintptr_t address, void *to, size_t size)
{
	uintptr_t begin = (uintptr_t)memory;

	(void)context;
	if (address < begin || address + size > begin + sizeof(memory))
		return false;
	memcpy(to, (const void *)address, size);
	return true;
}

static void put(size_t at, uintptr_t value, size_t size)
{
	memcpy(memory + at, &value, size);
}

static uintptr_t here(size_t at)
{
	return (uintptr_t)memory + at;
}

/* Frame i at 256 × i, its code at 2048 + 256 × i; frame 0 is the newest. */
static const struct py_layout *lay_out(uint32_t version)
{
	const struct py_layout *l = py_layout_for(version);

	memset(memory, 0, sizeof(memory));
	for (size_t i = 0; i < FRAMES; i++) {
		size_t frame = 256 * i, code = 2048 + 256 * i;

		put(frame + l->frame_back, i + 1 < FRAMES ? here(frame + 256) : 0, 8);
		put(frame + l->frame_code, here(code), 8);
		put(code + l->object_type, CODE_TYPE, 8);
		if (l->frame_kind == PY_FRAME_OBJECT)
			put(frame + l->frame_instr, 10, 4);
		else
			put(frame + l->frame_instr, here(code) + l->code_instructions + 20, 8);
	}
	return l;
}

static bool read_frame(const struct py_layout *l, size_t i, struct walk_frame *f)
{
	f->frame = here(256 * i);
	return walk_read_frame(l, read_inside, NULL, CODE_TYPE, f);
}

static void test_offsets_in_bytes(void **state)
{
	static const struct {
		uint32_t version, offset;
	} cases[] = {{0x03080000, 10}, {0x03090000, 10}, {0x030a0000, 20},
		     {0x030b0000, 20}, {0x030c0000, 20}, {0x030d0000, 20}};
	struct walk_frame f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct py_layout *l = lay_out(cases[i].version);

		assert_true(read_frame(l, 1, &f));
		assert_int_equal(f.kind, WALK_PYTHON);
		assert_int_equal(f.instr_offset, cases[i].offset);
		assert_int_equal(f.back, here(512));
		assert_int_equal(f.code, here(2048 + 256));
	}
}

static void test_before_the_first_instruction(void **state)
{
	const struct py_layout *l = lay_out(0x03080000);
	struct walk_frame f;

	(void)state;
	put(l->frame_instr, UINT32_MAX, 4); /* -1 */
	assert_true(read_frame(l, 0, &f));
	assert_int_equal(f.instr_offset, 0);
}

static void test_shims_and_incomplete_frames(void **state)
{
	const struct py_layout *l = lay_out(0x030c0000);
	struct walk_frame f;

	(void)state;
	put(l->frame_owner, l->frame_owner_cstack, 1);
	assert_true(read_frame(l, 0, &f));
	assert_int_equal(f.kind, WALK_SHIM);
	put(2048 + 256 + l->code_first_traceable, 11, 4); /* 22 bytes, the frame is at 20 */
	assert_true(read_frame(l, 1, &f));
	assert_int_equal(f.kind, WALK_INCOMPLETE);
	put(256 + l->frame_owner, l->frame_owner_generator, 1);
	assert_true(read_frame(l, 1, &f));
	assert_int_equal(f.kind, WALK_PYTHON);
}

static void test_something_else_in_place_of_code(void **state)
{
	const struct py_layout *l = lay_out(0x030d0000);
	struct walk_frame f;

	(void)state;
	put(2048 + l->object_type, CODE_TYPE + 8, 8);
	assert_true(read_frame(l, 0, &f));
	assert_int_equal(f.kind, WALK_OTHER);
	put(256 + l->frame_code, 0, 8);
	assert_true(read_frame(l, 1, &f));
	assert_int_equal(f.kind, WALK_OTHER);
}

static void test_impossible_frames_are_refused(void **state)
{
	const struct py_layout *l = lay_out(0x030b0000);
	struct walk_frame f = {.frame = here(3)};

	(void)state;
	assert_false(walk_read_frame(l, read_inside, NULL, CODE_TYPE, &f)); /* not aligned */
	f.frame = here(sizeof(memory));
	assert_false(walk_read_frame(l, read_inside, NULL, CODE_TYPE, &f)); /* unreadable */
	put(l->frame_instr, here(0) - 1000000, 8);                          /* before the code */
	put(l->frame_owner, l->frame_owner_generator, 1);
	assert_false(read_frame(l, 0, &f));
	put(l->frame_instr, here(2048) + ((uintptr_t)1 << 40), 8);
	assert_false(read_frame(l, 0, &f));
	put(256 + l->frame_code, 8, 8); /* a wild code pointer */
	assert_false(read_frame(l, 1, &f));
}

static void test_newest(void **state)
{
	static const uint32_t versions[] = {0x03090000, 0x030b0000, 0x030c0000, 0x030d0000};
	uintptr_t newest;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const struct py_layout *l = py_layout_for(versions[i]);

		memset(memory, 0, sizeof(memory));
		assert_true(walk_newest(l, read_inside, NULL, here(0), &newest));
		assert_int_equal(newest, 0); /* a new thread: cframe or frame is NULL */
		if (l->frame_kind == PY_FRAME_CFRAME) {
			put(l->tstate_frame, here(2048), 8);
			put(2048 + l->cframe_current_frame, here(512), 8);
		} else {
			put(l->tstate_frame, here(512), 8);
		}
		assert_true(walk_newest(l, read_inside, NULL, here(0), &newest));
		assert_int_equal(newest, here(512));
		assert_false(walk_newest(l, read_inside, NULL, 64, &newest));
	}
}

static void test_circles_are_noticed(void **state)
{
	struct walk_circle straight = {0}, circle = {0};
	int steps = 0;

	(void)state;
	for (uintptr_t frame = 1; frame <= 1000; frame++)
		assert_false(walk_circle_closed(&straight, frame));
	/* a tail of 10, then 7 frames round and round */
	for (uintptr_t frame = 1; !walk_circle_closed(&circle, frame); steps++) {
		frame = frame < 17 ? frame + 1 : 11;
		assert_true(steps < 60);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets_in_bytes),
		cmocka_unit_test(test_before_the_first_instruction),
		cmocka_unit_test(test_shims_and_incomplete_frames),
		cmocka_unit_test(test_something_else_in_place_of_code),
		cmocka_unit_test(test_impossible_frames_are_refused),
		cmocka_unit_test(test_newest),
		cmocka_unit_test(test_circles_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

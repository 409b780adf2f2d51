/* Rows of the generated table, and what a 3.13 process says about itself. */
#include "python/debug_offsets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Place of a field: 24 bytes of header, then one u64 each. */
#define FIELD(n) (24 + 8 * (n))
enum { INTERPRETERS_HEAD = 2, CURRENT_FRAME = 20, FIELDS_3_13 = 68 };

static uint8_t offsets[DEBUG_OFFSETS_BYTES_MAX];
static char reason[200];

static void put(size_t at, uint64_t value)
{
	memcpy(offsets + at, &value, sizeof(value));
}

static void begin(uint64_t version)
{
	memset(offsets, 0, sizeof(offsets));
	memcpy(offsets, "xdebugpy", 8);
	put(8, version);
	for (size_t i = 0; i < FIELDS_3_13; i++)
		put(FIELD(i), 1000 + i);
}

static void test_row_is_chosen_by_minor(void **state)
{
	(void)state;
	assert_int_equal(py_layout_for(0x030807f0)->frame_kind, PY_FRAME_OBJECT);
	assert_int_equal(py_layout_for(0x030a00f0)->instr_kind, PY_INSTR_LASTI_UNITS);
	assert_int_equal(py_layout_for(0x030b0bf0)->frame_kind, PY_FRAME_CFRAME);
	assert_int_equal(py_layout_for(0x030c07f0)->frame_owner_cstack, 3);
	assert_int_equal(py_layout_for(0x030d01f0)->frame_kind, PY_FRAME_CURRENT);
	assert_null(py_layout_for(0x030712f0));
	assert_null(py_layout_for(0x030e00f0));
	assert_null(py_layout_for(0x04080000));
}

static void test_rows_say_what_a_version_lacks(void **state)
{
	(void)state;
	assert_int_equal(py_layout_for(0x030a0000)->code_qualname, PY_UNKNOWN);
	assert_int_equal(py_layout_for(0x030a0000)->tstate_native_thread_id, PY_UNKNOWN);
	assert_int_equal(py_layout_for(0x030b0000)->interp_gil, PY_UNKNOWN);
	assert_int_equal(py_layout_for(0x030c0000)->runtime_gil, PY_UNKNOWN);
	assert_int_equal(py_layout_for(0x030b0000)->frame_owner_cstack, 0xFF);
}

static void test_offsets_come_from_the_target(void **state)
{
	struct py_layout layout;

	(void)state;
	begin(0x030d02f0);
	assert_true(
		debug_offsets_decode(offsets, sizeof(offsets), &layout, reason, sizeof(reason)));
	assert_int_equal(layout.version_hex, 0x030d02f0);
	assert_int_equal(layout.runtime_interpreters_head, 1000 + INTERPRETERS_HEAD);
	assert_int_equal(layout.tstate_frame, 1000 + CURRENT_FRAME);
	/* not among the debug offsets: the table's */
	assert_int_equal(layout.tstate_context, py_layout_for(0x030d00f0)->tstate_context);
}

static void refuse(size_t size, const char *why)
{
	struct py_layout layout = {.version_hex = 77};

	assert_false(debug_offsets_decode(offsets, size, &layout, reason, sizeof(reason)));
	assert_non_null(strstr(reason, why));
	assert_int_equal(layout.version_hex, 77);
}

static void test_refusals_name_the_reason(void **state)
{
	(void)state;
	begin(0x030d02f0);
	refuse(FIELD(FIELDS_3_13 - 1), "cut off");
	refuse(4, "does not begin");
	put(FIELD(CURRENT_FRAME), 1u << 20);
	refuse(sizeof(offsets), "thread_state.current_frame");
	begin(0x030d02f0);
	put(16, 1);
	refuse(sizeof(offsets), "free-threaded");
	begin(0x030e00f0);
	refuse(sizeof(offsets), "3.14");
	begin(0xffffffff030d02f0);
	refuse(sizeof(offsets), "update unslow");
	offsets[0] = 'X';
	refuse(sizeof(offsets), "does not begin");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_row_is_chosen_by_minor),
		cmocka_unit_test(test_rows_say_what_a_version_lacks),
		cmocka_unit_test(test_offsets_come_from_the_target),
		cmocka_unit_test(test_refusals_name_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

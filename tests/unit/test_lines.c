/* Line tables made by CPython for one function, and tables no compiler made.
 * The truth column is PyCode_Addr2Line's (see tests/matrix/lines_check.py for
 * whole standard libraries). */
#include "python/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct step {
	uint32_t offset;
	int32_t line;
};

static const uint8_t lnotab_3_8[] = {0x00, 0x02, 0x06, 0x01, 0x02, 0xff, 0x06, 0x03, 0x02, 0x01,
				     0x02, 0x01, 0x02, 0x01, 0x02, 0xfe, 0x08, 0x04, 0x06, 0x01};
static const struct step lines_3_8[] = {{0, 3},  {6, 4},  {8, 3},   {14, 6},  {16, 7},   {18, 8},
					{20, 9}, {22, 7}, {30, 11}, {36, 12}, {4000, 12}};

static const uint8_t linetable_3_10[] = {0x06, 0x02, 0x02, 0x01, 0x06, 0xff, 0x02, 0x03,
					 0x02, 0x01, 0x02, 0x01, 0x02, 0x01, 0x06, 0xfe,
					 0x04, 0x04, 0x04, 0x01, 0x06, 0xff};
static const struct step lines_3_10[] = {{0, 3},  {6, 4},  {8, 3},   {14, 6},  {16, 7},  {18, 8},
					 {20, 9}, {22, 7}, {28, 11}, {32, 12}, {36, 11}, {42, 0}};

static const uint8_t locations_3_12[] = {
	0x80, 0x00, 0xf0, 0x06, 0x00, 0x14, 0x15, 0xf6, 0x03, 0x02, 0x09, 0x0e, 0xd8, 0x0e,
	0x0f, 0xd9, 0x0b, 0x0c, 0xf2, 0x03, 0x00, 0x09, 0x0a, 0xf0, 0x03, 0x02, 0x09, 0x0e,
	0x80, 0x41, 0xf0, 0x00, 0x02, 0x09, 0x0e, 0xf0, 0x06, 0x05, 0x05, 0x0e, 0xdc, 0x08,
	0x09, 0xd8, 0x0c, 0x0d, 0xd8, 0x0c, 0x0d, 0xf4, 0x05, 0x02, 0x09, 0x0f, 0xf0, 0x08,
	0x00, 0x0d, 0x0e, 0x88, 0x01, 0xd8, 0x0b, 0x0c, 0x80, 0x48, 0xf9, 0xf2, 0x13, 0x02,
	0x09, 0x0e, 0xf8, 0xf0, 0x10, 0x00, 0x0d, 0x0e, 0x89, 0x01, 0xfa};
static const struct step lines_3_12[] = {{0, 1},  {2, 4},  {4, 3},   {18, 4},  {20, 5},
					 {24, 4}, {30, 3}, {36, 6},  {38, 7},  {48, 8},
					 {50, 9}, {52, 7}, {62, 11}, {66, 12}, {70, 0},
					 {74, 3}, {80, 0}, {82, 11}, {88, 0},  {94, 0}};

#define CHECK(format, table, steps) \
	check(format, table, sizeof(table), steps, sizeof(steps) / sizeof(steps[0]))

static void check(enum py_line_format format, const uint8_t *table, size_t size,
		  const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(lines_find(format, table, size, 1, steps[i].offset),
				 steps[i].line);
}

static void test_tables_of_three_versions(void **state)
{
	(void)state;
	CHECK(PY_LINES_LNOTAB, lnotab_3_8, lines_3_8);
	CHECK(PY_LINES_LINETABLE, linetable_3_10, lines_3_10);
	CHECK(PY_LINES_LOCATIONS, locations_3_12, lines_3_12);
}

static void test_no_line_keeps_the_running_line(void **state)
{
	static const uint8_t table[] = {4, 1, 2, 0x80, 2, 1};

	(void)state;
	assert_int_equal(lines_find(PY_LINES_LINETABLE, table, sizeof(table), 10, 0), 11);
	assert_int_equal(lines_find(PY_LINES_LINETABLE, table, sizeof(table), 10, 4), 0);
	assert_int_equal(lines_find(PY_LINES_LINETABLE, table, sizeof(table), 10, 6), 12);
}

static void test_big_line_step(void **state)
{
	/* code 13, one unit, +200 = zigzag 400 = 0x10 | 0x40, 0x06 */
	static const uint8_t table[] = {0x80 | 13 << 3, 0x50, 0x06};

	(void)state;
	assert_int_equal(lines_find(PY_LINES_LOCATIONS, table, sizeof(table), 1, 0), 201);
}

static void test_empty_and_truncated(void **state)
{
	static const uint8_t cut_varint[] = {0x80 | 14 << 3, 0x40};
	static const uint8_t endless_varint[] = {0x80 | 14 << 3, 0x7f, 0x7f, 0x7f, 0x7f,
						 0x7f,           0x7f, 0x7f, 0x7f, 0x00};
	static const uint8_t no_start[] = {0x00, 0x00};

	(void)state;
	assert_int_equal(lines_find(PY_LINES_LNOTAB, NULL, 0, 7, 12), 7);
	assert_int_equal(lines_find(PY_LINES_LNOTAB, lnotab_3_8, 3, 1, 12), 3);
	assert_int_equal(lines_find(PY_LINES_LINETABLE, NULL, 0, 7, 0), 0);
	assert_int_equal(lines_find(PY_LINES_LOCATIONS, NULL, 0, 7, 0), 0);
	assert_int_equal(lines_find(PY_LINES_LOCATIONS, cut_varint, 2, 7, 0), 0);
	assert_int_equal(lines_find(PY_LINES_LOCATIONS, endless_varint, 10, 7, 0), 0);
	assert_int_equal(lines_find(PY_LINES_LOCATIONS, no_start, 2, 7, 0), 0);
	assert_int_equal(lines_find((enum py_line_format)99, lnotab_3_8, 20, 1, 0), 0);
}

static void test_nonsense_lines_are_none(void **state)
{
	static const uint8_t down[] = {2, 0x81}; /* -127 from line 1 */
	static const uint8_t up[] = {2, 0x7f};

	(void)state;
	assert_int_equal(lines_find(PY_LINES_LINETABLE, down, 2, 1, 0), 0);
	assert_int_equal(lines_find(PY_LINES_LINETABLE, up, 2, INT32_MAX, 0), 0);
	assert_int_equal(lines_find(PY_LINES_LNOTAB, up, 2, INT32_MIN, 100), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_of_three_versions),
		cmocka_unit_test(test_no_line_keeps_the_running_line),
		cmocka_unit_test(test_big_line_step),
		cmocka_unit_test(test_empty_and_truncated),
		cmocka_unit_test(test_nonsense_lines_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

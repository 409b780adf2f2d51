/* str objects of each width as UTF-8. */
#include "python/python_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static unsigned char object[256] __attribute__((aligned(16)));
static char written[64];

static struct python_text make(const void *data, size_t length, uint32_t width, uint32_t ascii)
{
	const struct py_layout *l = py_layout_for(0x030c0000);
	uint32_t state = width << 2 | 1u << 5 | ascii << 6;

	memset(object, 0, sizeof(object));
	memcpy(object + l->str_length, &length, sizeof(length));
	memcpy(object + l->str_state, &state, sizeof(state));
	memcpy(object + (ascii ? l->str_data_ascii : l->str_data_compact), data, length * width);
	return python_text_of(l, (uintptr_t)object);
}

static void check(struct python_text text, size_t limit, const char *expected)
{
	size_t bytes = python_text_utf8_bytes(text, limit);

	memset(written, '#', sizeof(written));
	python_text_write(text, limit, written);
	assert_int_equal(bytes, strlen(expected));
	assert_memory_equal(written, expected, bytes);
	assert_int_equal(written[bytes], '#'); /* nothing past what was counted */
}

static void test_widths(void **state)
{
	static const uint8_t latin[] = {'c', 'a', 'f', 0xe9};
	static const uint16_t two[] = {0x436, 'a', 0x20ac};
	static const uint32_t four[] = {0x1f40d, 'b', 0x10ffff};

	(void)state;
	check(make("app.py", 6, 1, 1), 60, "app.py");
	check(make(latin, 4, 1, 0), 60, "caf\xc3\xa9");
	check(make(two, 3, 2, 0), 60,
	      "\xd0\xb6"
	      "a\xe2\x82\xac");
	check(make(four, 3, 4, 0), 60,
	      "\xf0\x9f\x90\x8d"
	      "b\xf4\x8f\xbf\xbf");
}

static void test_limit_keeps_whole_characters(void **state)
{
	static const uint16_t two[] = {0x436, 0x20ac};

	(void)state;
	check(make("abcdef", 6, 1, 1), 3, "abc");
	check(make(two, 2, 2, 0), 4, "\xd0\xb6");
	check(make(two, 2, 2, 0), 1, "");
	check(make(two, 2, 2, 0), 0, "");
}

static void test_what_is_no_character(void **state)
{
	static const uint16_t lone[] = {'x', 0xdcff};
	static const uint32_t wild[] = {0x110000};

	(void)state;
	check(make(lone, 2, 2, 0), 60, "x\xef\xbf\xbd");
	check(make(wild, 1, 4, 0), 60, "\xef\xbf\xbd");
}

static void test_other_objects_read_as_empty(void **state)
{
	const struct py_layout *l = py_layout_for(0x030c0000);

	(void)state;
	check(python_text_of(l, 0), 60, "");
	make("abc", 3, 1, 1);
	object[l->str_state] &= (unsigned char)~(1 << 5); /* not compact */
	check(python_text_of(l, (uintptr_t)object), 60, "");
	check(make("abc", 3, 0, 1), 60, ""); /* width 0: not ready */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_limit_keeps_whole_characters),
		cmocka_unit_test(test_what_is_no_character),
		cmocka_unit_test(test_other_objects_read_as_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

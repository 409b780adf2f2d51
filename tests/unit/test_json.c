/* JSON writer: what stands in the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static char *text;
static size_t size;

static struct json begin(bool pretty)
{
	struct json j;
	json_init(&j, open_memstream(&text, &size), pretty);
	return j;
}

static void expect(struct json *j, const char *wanted)
{
	fclose(j->out);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_nesting_and_commas(void **state)
{
	(void)state;
	struct json j = begin(false);
	json_object(&j);
	json_key(&j, "a");
	json_array(&j);
	json_int(&j, -1);
	json_uint(&j, UINT64_MAX);
	json_bool(&j, true);
	json_null(&j);
	json_array(&j);
	json_array_end(&j);
	json_array_end(&j);
	json_key(&j, "b");
	json_object(&j);
	json_object_end(&j);
	json_object_end(&j);
	expect(&j, "{\"a\":[-1,18446744073709551615,true,null,[]],\"b\":{}}");
}

static void test_pretty(void **state)
{
	(void)state;
	struct json j = begin(true);
	json_object(&j);
	json_key(&j, "a");
	json_array(&j);
	json_int(&j, 1);
	json_int(&j, 2);
	json_array_end(&j);
	json_object_end(&j);
	expect(&j, "{\n  \"a\": [\n    1,\n    2\n  ]\n}\n");
}

static void test_a_document_names_its_schema_first(void **state)
{
	(void)state;
	struct json j;
	json_document(&j, open_memstream(&text, &size), "unslow.view/1");
	json_key(&j, "a");
	json_int(&j, 1);
	json_object_end(&j);
	expect(&j, "{\n  \"schema\": \"unslow.view/1\",\n  \"a\": 1\n}\n");
}

static void test_numbers(void **state)
{
	(void)state;
	struct json j = begin(false);
	json_array(&j);
	json_number(&j, 0.1, 6);
	json_number(&j, 1.0 / 3, 4);
	json_number(&j, -0.0, 4);
	json_number(&j, 1e300 * 1e300, 4);
	json_number(&j, 1e300 * 1e300 - 1e300 * 1e300, 4);
	json_number(&j, 1e-9, 4);
	json_array_end(&j);
	expect(&j, "[0.1,0.3333,0,null,null,1e-09]");
}

static void test_text_from_a_hostile_process(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		const char *out;
	} rows[] = {
		{"\xc2\x9b"
		 "1m\xc2\xa0",
		 "\"\\u009b1m\xc2\xa0\""},
		{"a\"b\\c\n\t\r\x01\x7f", "\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007f\""},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8d",
		 "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8d\""},
		{"\xc3", "\"\xef\xbf\xbd\""},                 /* cut short */
		{"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""}, /* overlong */
		{"\xe0\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* surrogate */
		{"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
		{"\xff"
		 "a",
		 "\"\xef\xbf\xbd"
		 "a\""},
		{NULL, "null"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json j = begin(false);
		json_string(&j, rows[i].in);
		expect(&j, rows[i].out);
	}
	struct json j = begin(false);
	json_string_bytes(&j, "a\0b", 3);
	expect(&j, "\"a\\u0000b\"");
}

static void test_value_written_by_somebody_else(void **state)
{
	(void)state;
	struct json j = begin(false);
	json_object(&j);
	json_key(&j, "a");
	json_foreign(&j);
	fputs("{}", j.out);
	json_key(&j, "b");
	json_int(&j, 1);
	json_object_end(&j);
	expect(&j, "{\"a\":{},\"b\":1}");
}

static void test_a_key_and_its_value(void **state)
{
	(void)state;
	struct json j = begin(false);
	json_object(&j);
	json_put_text(&j, "a", "b");
	json_put_text(&j, "none", NULL);
	json_put_uint(&j, "n", 3);
	json_put_number(&j, "x", 1.23456, 3);
	json_object_end(&j);
	expect(&j, "{\"a\":\"b\",\"none\":null,\"n\":3,\"x\":1.23}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nesting_and_commas),
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_a_document_names_its_schema_first),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_text_from_a_hostile_process),
		cmocka_unit_test(test_value_written_by_somebody_else),
		cmocka_unit_test(test_a_key_and_its_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

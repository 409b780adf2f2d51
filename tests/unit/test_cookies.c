/* Cookies: kept, replaced, deleted, bounded; dates as servers write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/cookie_date.h"
#include "load/cookies.h"

#define NOW 1700000000

static const char *line_of(struct cookies *jar)
{
	const char *line;
	const size_t length = cookies_line(jar, &line);
	assert_int_equal(length, strlen(line));
	return line;
}

static void set(struct cookies *jar, const char *value)
{
	cookies_set(jar, value, strlen(value), NOW);
}

/* What is set upon "a=1; b=2". */
static const struct {
	const char *value, *line;
} rows[] = {
	{"c=3", "Cookie: a=1; b=2; c=3\r\n"},
	{"b=3; Path=/x; Domain=other; Secure; HttpOnly; SameSite=Lax", "Cookie: a=1; b=3\r\n"},
	{" a =  long value ; x", "Cookie: a=long value; b=2\r\n"},
	{"a=", "Cookie: a=; b=2\r\n"},
	{"a==;", "Cookie: a==; b=2\r\n"},
	{"A=3", "Cookie: a=1; b=2; A=3\r\n"}, /* names have cases */
	/* Deleted, as Django, Werkzeug and Starlette do it. */
	{"a=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/", "Cookie: b=2\r\n"},
	{"a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Cookie: b=2\r\n"},
	{"b=x; max-age=-5", "Cookie: a=1\r\n"},
	{"c=x; Max-Age=0", "Cookie: a=1; b=2\r\n"}, /* was not there */
	/* Not deleted. */
	{"a=3; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Cookie: a=3; b=2\r\n"},
	{"a=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=10", "Cookie: a=3; b=2\r\n"},
	{"a=3; Expires=Fri, 01 Jan 2100 00:00:00 GMT", "Cookie: a=3; b=2\r\n"},
	{"a=3; Expires=garbage; Max-Age=x0; Max-Age=-; Max-Age", "Cookie: a=3; b=2\r\n"},
	/* No cookies. */
	{"", "Cookie: a=1; b=2\r\n"},
	{"a", "Cookie: a=1; b=2\r\n"},
	{"=3", "Cookie: a=1; b=2\r\n"},
	{"a;=3", "Cookie: a=1; b=2\r\n"},
	{"a=1\rX: y", "Cookie: a=1; b=2\r\n"},
};

static void test_each_upon_two(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cookies *jar = cookies_new();
		set(jar, "a=1");
		set(jar, "b=2");
		assert_string_equal(line_of(jar), "Cookie: a=1; b=2\r\n");
		set(jar, rows[i].value);
		assert_string_equal(line_of(jar), rows[i].line);
		assert_int_equal(cookies_dropped(jar), 0);
		cookies_free(jar);
	}
}

static void test_an_empty_jar_has_no_line(void **state)
{
	(void)state;
	struct cookies *jar = cookies_new();
	assert_string_equal(line_of(jar), "");
	set(jar, "a=1");
	set(jar, "a=1; Max-Age=0");
	assert_string_equal(line_of(jar), "");
	cookies_free(jar);
}

static void test_a_place_that_was_left_is_taken_again(void **state)
{
	(void)state;
	struct cookies *jar = cookies_new();
	set(jar, "a=1");
	set(jar, "b=2");
	set(jar, "a=1; Max-Age=0");
	set(jar, "c=3");
	set(jar, "b=long enough to be moved by realloc");
	set(jar, "c=4");
	assert_string_equal(line_of(jar), "Cookie: b=long enough to be moved by realloc; c=4\r\n");
	cookies_free(jar);
}

static void test_the_jar_is_bounded(void **state)
{
	(void)state;
	struct cookies *jar = cookies_new();
	char text[COOKIE_BYTES_MAX + 2];
	for (int i = 0; i < COOKIES_MAX + 3; i++) {
		sprintf(text, "c%d=1", i);
		set(jar, text);
	}
	assert_int_equal(cookies_dropped(jar), 3);
	set(jar, "c0=2"); /* one that is there may change */
	assert_int_equal(cookies_dropped(jar), 3);
	memset(text, 'x', sizeof text);
	memcpy(text, "c0=", 3);
	cookies_set(jar, text, COOKIE_BYTES_MAX + 1, NOW);
	assert_int_equal(cookies_dropped(jar), 4);
	assert_non_null(strstr(line_of(jar), "c0=2;"));
	cookies_set(jar, text, COOKIE_BYTES_MAX, NOW);
	assert_int_equal(cookies_dropped(jar), 4);
	for (int i = 1; i < COOKIES_MAX; i++) {
		const int name = sprintf(text, "c%d=", i);
		memset(text + name, 'x', (size_t)(COOKIE_BYTES_MAX - name));
		cookies_set(jar, text, COOKIE_BYTES_MAX, NOW);
	}
	assert_int_equal(strlen(line_of(jar)), 8 + COOKIES_MAX * (COOKIE_BYTES_MAX + 2) - 2 + 2);
	cookies_free(jar);
}

static void test_headers_of_a_response(void **state)
{
	(void)state;
	struct cookies *jar = cookies_new();
	cookies_on_header(jar, "SET-cookie", 10, "a=1", 3);
	cookies_on_header(jar, "Set-Cookie2", 11, "b=1", 3);
	cookies_on_header(jar, "Cookie", 6, "c=1", 3);
	assert_string_equal(line_of(jar), "Cookie: a=1\r\n");
	cookies_free(jar);
}

static void test_dates(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t seconds; /* -1: none */
	} dates[] = {
		{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
		{"Thu, 01-Jan-1970 00:00:10 GMT", 10},
		{"Thu, 01-Jan-70 00:00:10 GMT", 10},
		{"Thu Jan  1 00:00:10 1970", 10},
		{"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
		{"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
		{"Sun Nov  6 08:49:37 1994", 784111777},
		{"01 January 2069 00:00:00", 3124224000},
		{"01 Jan 69 00:00:00", 3124224000},
		{"0", -1},
		{"", -1},
		{"Thu, 01 Jan 1970", -1},
		{"Thu, 32 Jan 1970 00:00:00", -1},
		{"Thu, 01 Foo 1970 00:00:00", -1},
		{"Thu, 01 Jan 1600 00:00:00", -1},
		{"Thu, 01 Jan 1970 24:00:00", -1},
		{"Thu, 01 Jan 1970 00:60:00", -1},
		{"99999999999999999999 Jan 1970 00:00:00", -1},
	};
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		int64_t seconds = -1;
		const bool is_date =
			cookie_date_read(dates[i].text, strlen(dates[i].text), &seconds);
		assert_int_equal(is_date, dates[i].seconds >= 0);
		assert_int_equal(seconds, dates[i].seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_upon_two),
		cmocka_unit_test(test_an_empty_jar_has_no_line),
		cmocka_unit_test(test_a_place_that_was_left_is_taken_again),
		cmocka_unit_test(test_the_jar_is_bounded),
		cmocka_unit_test(test_headers_of_a_response),
		cmocka_unit_test(test_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

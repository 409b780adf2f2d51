/* Which addresses are this machine's own, and how they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "load/address.h"

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *url, *text;
		bool is_loopback;
	} rows[] = {
		{"http://127.0.0.1:8000/", "127.0.0.1:8000", true},
		{"http://127.9.9.9/", "127.9.9.9:80", true},
		{"http://0.0.0.0:8000/", "0.0.0.0:8000", true},
		{"http://128.0.0.1/", "128.0.0.1:80", false},
		{"http://10.0.0.1:99/", "10.0.0.1:99", false},
		{"https://[::1]/", "[::1]:443", true},
		{"http://[::]:1/", "[::]:1", true},
		{"http://[2001:db8::1]/", "[2001:db8::1]:80", false},
		{"http://[::ffff:127.0.0.1]/", "[::ffff:127.0.0.1]:80", true},
		{"http://[::ffff:10.0.0.1]/", "[::ffff:10.0.0.1]:80", false},
		{"unix:/run/app.sock:/", "unix:/run/app.sock", true},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[ADDRESS_TEXT_SIZE];
		struct address_list list;
		struct url url;
		assert_int_equal(url_parse(&url, rows[i].url, arena, NULL), ERR_OK);
		assert_int_equal(address_resolve(&url, &list, NULL), ERR_OK);
		assert_int_equal(list.count, 1);
		assert_string_equal(address_text(&list.items[0], text), rows[i].text);
		assert_int_equal(address_is_loopback(&list.items[0]), rows[i].is_loopback);
	}
	arena_free(arena);
}

static void test_what_cannot_be_reached(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct address_list list;
	struct url url;
	struct err e;
	char word[200];
	/* .invalid is nobody's (RFC 6761). */
	assert_int_equal(url_parse(&url, "http://nobody.invalid/", arena, NULL), ERR_OK);
	assert_int_equal(address_resolve(&url, &list, &e), ERR_NO_TARGET);
	assert_non_null(strstr(e.text, "'nobody.invalid' is not known"));
	snprintf(word, sizeof word, "/%0*d", 120, 0);
	url = (struct url){.scheme = URL_UNIX, .host = word};
	assert_int_equal(address_resolve(&url, &list, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "at most 107 bytes"));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_what_cannot_be_reached),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

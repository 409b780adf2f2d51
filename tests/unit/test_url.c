/* URLs in all their forms; what is refused says how to write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/url.h"

static const struct {
	const char *text;
	enum url_scheme scheme;
	const char *host;
	int port;
	const char *path, *authority;
} good[] = {
	{"http://localhost:8000/a?b=c", URL_HTTP, "localhost", 8000, "/a?b=c", "localhost:8000"},
	{"http://example.com", URL_HTTP, "example.com", 80, "/", "example.com"},
	{"http://example.com:80/", URL_HTTP, "example.com", 80, "/", "example.com"},
	{"HTTPS://Example.com/x", URL_HTTPS, "Example.com", 443, "/x", "Example.com"},
	{"https://h:8443", URL_HTTPS, "h", 8443, "/", "h:8443"},
	{"https://h:80/", URL_HTTPS, "h", 80, "/", "h:80"},
	{"http://h?q=1", URL_HTTP, "h", 80, "/?q=1", "h"},
	{"http://h/a#b?c", URL_HTTP, "h", 80, "/a", "h"},
	{"http://h#b/c", URL_HTTP, "h", 80, "/", "h"},
	{"http://h/a@b:c", URL_HTTP, "h", 80, "/a@b:c", "h"},
	{"http://[::1]:8000/x", URL_HTTP, "::1", 8000, "/x", "[::1]:8000"},
	{"http://[::ffff:10.0.0.1]", URL_HTTP, "::ffff:10.0.0.1", 80, "/", "[::ffff:10.0.0.1]"},
	{"[::1]:8000", URL_HTTP, "::1", 8000, "/", "[::1]:8000"},
	{":8000", URL_HTTP, "127.0.0.1", 8000, "/", "127.0.0.1:8000"},
	{":8000/path", URL_HTTP, "127.0.0.1", 8000, "/path", "127.0.0.1:8000"},
	{"app-1.my_net:8000/x?u=http://y/", URL_HTTP, "app-1.my_net", 8000, "/x?u=http://y/",
	 "app-1.my_net:8000"},
	{"localhost/x", URL_HTTP, "localhost", 80, "/x", "localhost"},
	{"unix:/run/app.sock:/x?y", URL_UNIX, "/run/app.sock", 0, "/x?y", "localhost"},
	{"unix:/run/app.sock", URL_UNIX, "/run/app.sock", 0, "/", "localhost"},
	{"unix:///run/app.sock:/x:/y", URL_UNIX, "/run/app.sock", 0, "/x:/y", "localhost"},
	{"unix:app.sock:/", URL_UNIX, "app.sock", 0, "/", "localhost"},
	{"http+unix://%2Frun%2fapp.sock/x", URL_UNIX, "/run/app.sock", 0, "/x", "localhost"},
	{"http+unix://app.sock", URL_UNIX, "app.sock", 0, "/", "localhost"},
};

static const struct {
	const char *text, *part_of_message;
} refused[] = {
	{"", "no host"},
	{"http://", "no host"},
	{"http:///x", "no host"},
	{"http://:8000/", "no host"},
	{"/path", ":8000/path"},
	{"8000", "port 8000 of this machine is :8000"},
	{"http://8000/x", "is a number and no host"},
	{"ftp://h/", "'ftp' is not known"},
	{"ws://h/", "'ws' is not known"},
	{"http://u:secret@h/", "-H 'Authorization: Basic"},
	{"u@h:8000", "-H 'Authorization: Basic"},
	{"http://h:0/", "no port"},
	{"http://h:65536/", "no port"},
	{"http://h:/", "no port"},
	{"http://h:80a/", "no port"},
	{"http://::1:8000/", "in brackets"},
	{"http://[::1/", "no IPv6 address"},
	{"http://[::g]/", "no IPv6 address"},
	{"http://[127.0.0.1]/", "no IPv6 address"},
	{"http://[::1]x/", "behind the address"},
	{"http://h\\/", "it holds '\\'"},
	{"http://h/a b", "%20"},
	{"http://h/\x7f", "0x7f"},
	{"http://h/\r\nX: y", "0x0d"},
	{"http://h/\xc3\xa4", "%C3"},
	{"unix:", "names no socket"},
	{"unix::/x", "names no socket"},
	{"http+unix:///x", "names no socket"},
	{"http+unix://%2/x", "two hexadecimal digits"},
	{"http+unix://%zz/x", "two hexadecimal digits"},
	{"http+unix://%00/x", "two hexadecimal digits"},
	{"unix:/23456789012345678901234567890123456789012345678901234567890123456789012345678901234"
	 "5678901234567890123456789",
	 "107 bytes"},
};

static void test_forms(void **state)
{
	struct arena *arena = *state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct url url;
		struct err e = {0};
		assert_int_equal(url_parse(&url, good[i].text, arena, &e), ERR_OK);
		assert_int_equal(url.scheme, good[i].scheme);
		assert_string_equal(url.host, good[i].host);
		assert_int_equal(url.port, good[i].port);
		assert_string_equal(url.path, good[i].path);
		assert_string_equal(url.authority, good[i].authority);
	}
}

/* In a file of requests "healthy" is a slip of the path, not a host. */
static void test_a_word_beside_a_base_is_neither_path_nor_url(void **state)
{
	struct arena *arena = *state;
	static const char *const slips[] = {"healthy", "healthy/now", "items?at=1:2", "a.b/c:d"};
	static const char *const taken[] = {"/healthy", "http://h/x", "h:80/x", ":8000/x",
					    "unix:/a.sock"};
	struct url base, url;
	struct err e = {0};
	assert_int_equal(url_parse(&base, "http://base/", arena, &e), ERR_OK);
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
		assert_int_equal(url_parse_on(&url, &base, slips[i], arena, &e), ERR_USAGE);
		assert_non_null(strstr(e.text, "is neither a path nor a URL: write /"));
	}
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		assert_int_equal(url_parse_on(&url, &base, taken[i], arena, &e), ERR_OK);
}

static void test_what_is_refused_says_why(void **state)
{
	struct arena *arena = *state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct url url;
		struct err e = {0};
		assert_int_equal(url_parse(&url, refused[i].text, arena, &e), ERR_USAGE);
		if (!strstr(e.text, refused[i].part_of_message))
			fail_msg("%s: %s", refused[i].text, e.text);
		assert_null(strstr(e.text, "secret"));
	}
}

static void test_paths_stand_on_a_base(void **state)
{
	struct arena *arena = *state;
	struct url base, url;
	struct err e;
	assert_int_equal(url_parse(&base, "unix:/a.sock:/x", arena, &e), ERR_OK);
	assert_int_equal(url_parse_on(&url, &base, "/y?z#f", arena, &e), ERR_OK);
	assert_string_equal(url.path, "/y?z");
	assert_true(url_same_server(&url, &base));
	assert_int_equal(url_parse_on(&url, &base, ":8000/y", arena, &e), ERR_OK);
	assert_false(url_same_server(&url, &base));
	assert_int_equal(url_parse_on(&url, &base, "/a b", arena, &e), ERR_USAGE);
	assert_int_equal(url_parse_on(&url, NULL, "/y", arena, &e), ERR_USAGE);
}

static void test_servers_are_the_same(void **state)
{
	struct arena *arena = *state;
	static const struct {
		const char *a, *b;
		bool is_same;
	} rows[] = {
		{"http://h/x", "h:80/y", true},     {"http://h/", "http://H/", true},
		{"http://h/", "https://h/", false}, {"http://h:1/", "http://h:2/", false},
		{"http://a/", "http://b/", false},  {"https://h:80/", "http://h:80/", false},
		{"unix:/a:/x", "unix:/a:/y", true}, {"unix:/a:/x", "unix:/A:/x", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct url a, b;
		struct err e;
		assert_int_equal(url_parse(&a, rows[i].a, arena, &e), ERR_OK);
		assert_int_equal(url_parse(&b, rows[i].b, arena, &e), ERR_OK);
		assert_int_equal(url_same_server(&a, &b), rows[i].is_same);
	}
}

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_forms, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(test_a_word_beside_a_base_is_neither_path_nor_url,
						make_arena, free_arena),
		cmocka_unit_test_setup_teardown(test_what_is_refused_says_why, make_arena,
						free_arena),
		cmocka_unit_test_setup_teardown(test_paths_stand_on_a_base, make_arena, free_arena),
		cmocka_unit_test_setup_teardown(test_servers_are_the_same, make_arena, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* pathmask: what is made up in a path goes, the rest stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/pathmask.h"

static const struct {
	const char *path, *masked;
} rows[] = {
	{"/srv/shop/templates/list.html", "/srv/shop/templates/list.html"},
	{"/usr/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA",
	 "/usr/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA"},
	{"/usr/lib/x86_64-linux-gnu/libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3"},
	{"/var/run/postgresql/.s.PGSQL.5432", "/var/run/postgresql/.s.PGSQL.5432"},
	{"/tmp/session-9f3a21c7", "/tmp/session-…"},
	{"/s/550e8400-e29b-41d4-a716-446655440000/a.txt", "/s/…/a.txt"},
	{"/users/1234567/avatar.png", "/users/…/avatar.png"},
	{"/users/12345/avatar.png", "/users/12345/avatar.png"},
	{"/s/sess_q8Zk2LmQ7x0aB3", "/s/…"},
	{"/s/abcdefghijklmnop1", "/s/…"},
	{"/s/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "/s/….…"},
	{"/tmp/tmpq8_k2lmx/upload", "/tmp/…/upload"},
	{"@tmpq8_k2lmx", "@…"},
	{"", ""},
};

static void each_path(void **state)
{
	(void)state;
	char out[200];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = pathmask(rows[i].path, strlen(rows[i].path), out, sizeof out);
		assert_string_equal(out, rows[i].masked);
		assert_int_equal(n, strlen(out));
	}
}

static void a_small_room_ends_at_a_part(void **state)
{
	(void)state;
	char out[8];
	assert_int_equal(pathmask("/srv/shop", 9, out, sizeof out), 5);
	assert_string_equal(out, "/srv/");
	assert_int_equal(pathmask("/srv/9f3a21c7", 13, out, sizeof out), 5);
	assert_int_equal(pathmask("/srv/9f3a21c7", 13, out, 1), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_path),
		cmocka_unit_test(a_small_room_ends_at_a_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

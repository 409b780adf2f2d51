/* Patterns of functions: what they choose and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "agent/calls_pattern.h"

static const struct calls_code_names cart = {
	.module = "app.views",
	.qualname = "Cart.total",
	.file = "/srv/shop/app/views.py",
	.line = 42,
	.qualified = true,
};

static bool chooses(const char *text, struct calls_code_names names)
{
	struct calls_pattern pattern;

	assert_true(calls_pattern_read(&pattern, text, strlen(text) + 1));
	return calls_pattern_match(&pattern, &names);
}

static void patterns_choose(void **state)
{
	static const struct {
		const char *pattern;
		bool chosen;
	} rows[] = {
		{"app.views", true},
		{"app.view", false},
		{"app", false},
		{"app.*", true},
		{"*views", true},
		{"app.views:Cart.total", true},
		{"app.views:Cart.*", true},
		{"app.views:*total", true},
		{"app.views:*.t*l", true},
		{"app.views:Cart", false},
		{"app.views:total", false},
		{"*:Cart.total", true},
		{"app.models:Cart.total", false},
		{"views.py:42", true},
		{"app/views.py:42", true},
		{"/srv/shop/app/views.py:42", true},
		{"iews.py:42", false},
		{"views.py:43", false},
		{"*.py:42", true},
		{"other,app.views:Cart.total", true},
		{"other, app.views", true},
		{"other,another", false},
		{"", false},
		{",,", false},
		{":", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (chooses(rows[i].pattern, cart) != rows[i].chosen)
			fail_msg("%s", rows[i].pattern);
}

/* A script that is run has no name that it could be imported by but its file's. */
static void a_script_is_named_by_its_file(void **state)
{
	static const struct {
		const char *pattern, *file;
		bool chosen;
	} rows[] = {
		{"app", "/srv/app.py", true},
		{"app:main", "/srv/app.py", true},
		{"app:other", "/srv/app.py", false},
		{"__main__:main", "/srv/app.py", true},
		{"pp", "/srv/app.py", false},
		{"app", "/srv/app.py/other.py", false},
		{"jobs.app", "/srv/jobs/app.py", true},
		{"jobs.app", "/srv/jobs.app.py", false},
		{"jobs", "/srv/jobs/__main__.py", true},
		{"jobs", "/srv/jobs/app.py", false},
		{"serve", "/srv/bin/serve", true},
		{"serve:ma*", "/srv/bin/serve", true},
	};
	struct calls_code_names names = {
		.module = "__main__", .qualname = "main", .qualified = true, .line = 3};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		names.file = rows[i].file;
		if (chooses(rows[i].pattern, names) != rows[i].chosen)
			fail_msg("%s of %s", rows[i].pattern, rows[i].file);
	}
	names.module = "jobs.worker"; /* imported: its name, and a file's with its suffix */
	names.file = "/srv/jobs/worker.py";
	assert_false(chooses("worker:main", names));
	assert_true(chooses("worker.py:main", names));
	assert_true(chooses("jobs/worker.py", names));
	assert_true(chooses("*.py:main", names));
	assert_false(chooses("other/worker.py:main", names));
	names.module = NULL;
	names.file = "/srv/main.py";
	assert_false(chooses("main", names));
}

static void a_bare_name_is_the_last_component(void **state)
{
	struct calls_code_names names = cart;

	(void)state;
	names.qualname = "total";
	names.qualified = false;
	assert_true(chooses("app.views:Cart.total", names));
	assert_true(chooses("app.views:total", names));
	assert_false(chooses("app.views:Cart.sum", names));
}

static void what_is_not_known_is_not_chosen(void **state)
{
	struct calls_code_names names = {.line = 42, .qualified = true};

	(void)state;
	assert_false(chooses("*", names));
	assert_false(chooses("*:*", names));
	assert_false(chooses("*.py:42", names));
}

/* The text comes from shared memory: no end, too long, too many. */
static void texts_are_cut(void **state)
{
	struct calls_pattern pattern;
	char text[CALLS_PATTERN_BYTES + 100];
	size_t length = 0;

	(void)state;
	memset(text, 'a', sizeof text);
	assert_false(calls_pattern_read(&pattern, text, CALLS_PATTERN_BYTES));
	assert_int_equal(pattern.count, 1);
	while (length + 2 < CALLS_PATTERN_BYTES)
		length += (size_t)snprintf(text + length, 3, "a,");
	assert_false(calls_pattern_read(&pattern, text, CALLS_PATTERN_BYTES));
	assert_int_equal(pattern.count, CALLS_PATTERNS_MAX);
}

static void stars_end(void **state)
{
	struct calls_code_names names = cart;
	char name[400];

	(void)state;
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	names.qualname = name;
	assert_false(chooses("app.views:*a*a*a*a*a*a*a*a*a*a*b", names));
	assert_true(chooses("app.views:*a*a*a*a*a*a*a*a*a*a*", names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_choose),
		cmocka_unit_test(a_script_is_named_by_its_file),
		cmocka_unit_test(a_bare_name_is_the_last_component),
		cmocka_unit_test(what_is_not_known_is_not_chosen),
		cmocka_unit_test(texts_are_cut),
		cmocka_unit_test(stars_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

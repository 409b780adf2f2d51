/* The lines of a file of requests, each by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "load/by_line.h"
#include "load/request_file.h"

static struct request_set *read_lines(const char *text, struct arena *arena)
{
	struct request_set *set = request_set_new();
	struct url url;
	struct err e = {0};
	assert_int_equal(url_parse(&url, ":80", arena, &e), ERR_OK);
	const struct request_spec common = {.url = &url};
	assert_int_equal(request_text_read(set, "file", text, strlen(text), &common, &e), ERR_OK);
	return set;
}

static void test_lines_keep_their_numbers(void **state)
{
	struct arena *arena = arena_new();
	struct request_set *set =
		read_lines("# all\n3 GET /a?key=secret\n\nPOST /b --body 'x ?'\n", arena);
	struct request_set *copy = request_set_copy(set);
	char name[64], brief[8];
	(void)state;
	assert_int_equal(set->requests.items[0].line, 2);
	assert_int_equal(copy->requests.items[1].line, 4);
	assert_string_equal(by_line_name(&set->requests.items[0], name, sizeof name), "GET /a?***");
	assert_string_equal(by_line_name(&set->requests.items[1], name, sizeof name), "POST /b");
	assert_string_equal(by_line_name(&set->requests.items[1], brief, sizeof brief), "POST /b");
	assert_string_equal(by_line_name(&set->requests.items[1], brief, 5), "POST");
	request_set_free(set);
	request_set_free(copy);
	arena_free(arena);
}

/* Sums are kept: what a group has is what its lines have. */
static void test_many_lines_are_grouped_by_path(void **state)
{
	struct arena *arena = arena_new();
	struct request_set *set = read_lines("GET /a/17?x=1\nPOST /a/17\nGET /a/4\nGET /a/4b/5\n"
					     "GET /a/N?y\nGET /4\n",
					     arena);
	struct by_line all;
	uint32_t count = 0;
	(void)state;
	by_line_begin(&all, set);
	for (uint32_t i = 0; i < 6; i++)
		by_line_add(&all, i, NS_PER_MS << i, true, i == 2);
	struct by_line_group *groups = by_line_groups(&all, set, &count);
	assert_int_equal(count, 4);
	assert_string_equal(groups[0].name, "GET /a/N");
	assert_int_equal(groups[0].lines, 3);
	assert_int_equal(groups[0].row.due, 3);
	assert_int_equal(groups[0].row.errors, 1);
	assert_int_equal(groups[0].row.longest_ns, 16 * NS_PER_MS);
	assert_string_equal(groups[1].name, "POST /a/N");
	assert_int_equal(groups[1].row.due, 1);
	assert_string_equal(groups[2].name, "GET /a/4b/N");
	assert_string_equal(groups[3].name, "GET /N");
	free(groups);
	by_line_free(&all);
	request_set_free(set);
	arena_free(arena);
}

static void test_each_line_has_what_became_of_it(void **state)
{
	struct arena *arena = arena_new();
	struct request_set *set = read_lines("GET /a\nGET /b\n", arena);
	struct by_line one, other;
	(void)state;
	by_line_begin(&one, set);
	by_line_begin(&other, set);
	assert_int_equal(one.count, 2);
	for (int i = 0; i < 99; i++)
		by_line_add(&one, 0, NS_PER_MS, true, false);
	by_line_add(&other, 0, 50 * NS_PER_MS, true, true);
	by_line_add(&other, 1, NS_PER_S, false, true); /* no answer: no time */
	by_line_merge(&one, &other);
	assert_int_equal(one.rows[0].due, 100);
	assert_int_equal(one.rows[0].errors, 1);
	assert_int_equal(one.rows[0].longest_ns, 50 * NS_PER_MS);
	assert_in_range(timeline_row_at(&one.rows[0], 0.5), 950000, 1050000);
	assert_int_equal(one.rows[1].due, 1);
	assert_int_equal(one.rows[1].errors, 1);
	assert_int_equal(timeline_row_at(&one.rows[1], 0.99), 0);
	by_line_free(&one);
	by_line_free(&other);
	request_set_free(set);
	arena_free(arena);
}

static void test_without_a_file_or_with_too_many_lines_none_is_kept(void **state)
{
	struct arena *arena = arena_new();
	struct request_set *alone = request_set_new();
	char *text = malloc((BY_LINE_MAX + 1) * strlen("GET /\n") + 1), *at = text;
	struct by_line b;
	struct url url;
	struct err e = {0};
	(void)state;
	assert_int_equal(url_parse(&url, ":80", arena, &e), ERR_OK);
	assert_int_equal(request_set_add(alone, &(struct request_spec){.url = &url}, 1, &e),
			 ERR_OK);
	by_line_begin(&b, alone);
	assert_null(b.rows);
	by_line_add(&b, 0, 1, true, true);
	by_line_free(&b);
	for (int i = 0; i < BY_LINE_MAX; i++)
		at += sprintf(at, "GET /\n");
	struct request_set *many = read_lines(text, arena);
	by_line_begin(&b, many);
	assert_int_equal(b.count, BY_LINE_MAX);
	by_line_free(&b);
	request_set_free(many);
	sprintf(at, "GET /\n");
	many = read_lines(text, arena);
	by_line_begin(&b, many);
	assert_null(b.rows);
	by_line_free(&b);
	request_set_free(many);
	request_set_free(alone);
	arena_free(arena);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_keep_their_numbers),
		cmocka_unit_test(test_each_line_has_what_became_of_it),
		cmocka_unit_test(test_many_lines_are_grouped_by_path),
		cmocka_unit_test(test_without_a_file_or_with_too_many_lines_none_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

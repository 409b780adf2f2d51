#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "rules/rank.h"

static const struct rule queue = {.id = "too-few-workers", .saving = "S6", .units = 1, .order = 12};
static const struct rule commits = {
	.id = "commit-per-statement", .saving = "S3", .units = 1, .order = 10};

static struct candidate candidate(const struct rule *rule, double share_ns, double mid_ns)
{
	return (struct candidate){.rule = rule,
				  .fires = true,
				  .units = 100,
				  .share_ns = share_ns,
				  .low_ns = mid_ns,
				  .mid_ns = mid_ns,
				  .high_ns = mid_ns,
				  .hours_to_limit = NAN};
}

/* Requests of 80 ms wait 2.8 s for the only worker; a line saves `line_ms` of the 80. */
static const char *first(double line_ms)
{
	static struct place line = {.file = "views.py", .line = 15, .function = "add"};
	struct arena *arena = arena_new();
	struct candidates all = {0};
	struct diagnosis out = {0};
	const struct candidate **from;
	struct ledger ledger = {
		.basis = "request", .kind = "request", .units = 100, .wall_ns = 8e9};
	*vec_push(&all.list) = candidate(&queue, 7.7e9, 2.8e9);
	*vec_push(&all.list) = candidate(&commits, line_ms * 1e8, line_ms * 1e6);
	all.list.items[1].places = &line;
	all.list.items[1].place_count = 1;
	rank_judge(&all, &ledger, arena);
	rank_findings(&all, arena, &out, &from);
	assert_int_equal(out.finding_count, 2);
	const char *cause = out.findings[0].cause;
	vec_free(&all.list);
	arena_free(arena);
	return cause;
}

static void a_line_that_takes_half_comes_before_the_queue_that_it_makes(void **state)
{
	(void)state;
	assert_string_equal(first(68), "commit-per-statement");
	assert_string_equal(first(4), "too-few-workers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_takes_half_comes_before_the_queue_that_it_makes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "cmd/test_rule.h"

#include <string.h>

#include "base/str.h"
#include "rules/case_run.h"

static const char *const kinds[] = {"hit", "near-miss", "miss"};

static bool excludes(const struct rule *rule, const char *id)
{
	for (size_t i = 0; i < rule->exclude_count; i++)
		if (!strcmp(rule->excludes[i], id))
			return true;
	return false;
}

static enum err_kind outcome_of(const struct rule *rule, const struct rule_case *c,
				struct arena *arena, struct outcome *out, struct err *e)
{
	sqlite3 *db;
	struct ledger ledger;
	enum err_kind kind = case_recording(c, &db, e);
	if (!kind)
		kind = case_prepare(db, arena, &ledger, e);
	if (!kind)
		kind = case_outcome(db, &ledger, rule, arena, NULL, out, e);
	sqlite3_close(db);
	return kind;
}

static void tell(FILE *out, const struct rule_case *c, bool holds, const char *expected,
		 const char *got)
{
	fprintf(out, "%s %s: %s\n", holds ? "ok  " : "FAIL", kinds[c->kind], c->name);
	if (!holds)
		fprintf(out, "  expected:\n%s  got:\n%s", *expected ? expected : "(none)\n",
			*got ? got : "(none)\n");
}

static enum err_kind test_case(const struct rule *rule, const struct rule_case *c,
			       struct arena *arena, FILE *out, size_t *failed, struct err *e)
{
	struct outcome outcome;
	const char *expected, *got;
	TRY(outcome_of(rule, c, arena, &outcome, e));
	bool holds = case_holds(c, &outcome, arena, &expected, &got);
	const char *rival = arena_copy(arena, c->name, strcspn(c->name, ": "));
	if (holds && c->kind == CASE_NEAR_MISS && !excludes(rule, rival)) {
		holds = false;
		expected = "an id of `excludes` at the beginning of its name\n";
		got = arena_printf(arena, "%s\n", rival);
	}
	tell(out, c, holds, expected, got);
	*failed += !holds;
	return ERR_OK;
}

static enum err_kind test_all(const char *path, struct arena *arena, struct rule_cases *cases,
			      FILE *out, size_t *failed, struct err *e)
{
	struct rule rule;
	const char *text;
	if (!str_ends_with(path, ".sql") || str_ends_with(path, ".test.sql"))
		return ERR(
			e, ERR_USAGE,
			"--test-rule %.200s: name the rule, ID.sql; its cases are in ID.test.sql "
			"beside it",
			path);
	TRY(case_file_read(path, arena, &text, e));
	TRY(rule_parse(path, text, arena, &rule, e));
	const char *beside =
		arena_printf(arena, "%.*s.test.sql", (int)(strlen(path) - strlen(".sql")), path);
	TRY(case_file_read(beside, arena, &text, e));
	TRY(case_file_parse(beside, text, arena, cases, e));
	*failed = 0;
	for (size_t i = 0; i < cases->list.count; i++)
		TRY(test_case(&rule, &cases->list.items[i], arena, out, failed, e));
	static const struct rule_case empty = {
		.kind = CASE_MISS, .name = "an empty recording", .sql = "", .expected = ""};
	TRY(test_case(&rule, &empty, arena, out, failed, e));
	fprintf(out, "%zu of %zu cases hold\n", cases->list.count + 1 - *failed,
		cases->list.count + 1);
	return ERR_OK;
}

enum err_kind test_rule(const char *path, FILE *out, size_t *failed, struct err *e)
{
	struct arena *arena = arena_new();
	struct rule_cases cases = {0};
	enum err_kind kind = test_all(path, arena, &cases, out, failed, e);
	case_file_free(&cases);
	arena_free(arena);
	return kind;
}

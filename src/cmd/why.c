#include <stddef.h>
#include <stdio.h>

#include "base/log.h"
#include "cmd/answer.h"
#include "cmd/cmd.h"
#include "cmd/fail_on.h"
#include "cmd/test_rule.h"
#include "rules/glossary.h"
#include "view/view.h"

struct why_values {
	bool json;
	const char *explain;
	const char *route;
	const char *rules_dir;
	const char *test_rule;
	const char *fail_on;
};

#define FIELD(name) offsetof(struct why_values, name)

const struct opt why_options[] = {
	{OPT_FLAG, 0, "json", NULL, "print unslow.findings/1", FIELD(json)},
	{OPT_OPTIONAL, 0, "explain", "[ID]",
	 "print the page of this cause and stop; without ID: all ids with a line each",
	 FIELD(explain)},
	{OPT_STRING, 0, "route", "ROUTE",
	 "diagnose the units of work of this route alone, as `show requests` names it",
	 FIELD(route)},
	{OPT_STRING, 0, "rules", "DIR",
	 "add the causes in DIR/*.sql, or replace those of the same id", FIELD(rules_dir)},
	{OPT_STRING, 0, "test-rule", "FILE",
	 "run the cases in ID.test.sql beside the rule FILE, ID.sql, and stop", FIELD(test_rule)},
	{OPT_STRING, 0, "fail-on", "EXPR",
	 "exit with 1 if EXPR holds: cause:ID, p99>50ms, errors>1%", FIELD(fail_on)},
	{0},
};

static int explain(const struct verb *verb, const char *cause)
{
	struct err e = {0};
	char nearest[80];
	const char *page = glossary_page(cause);
	const struct glossary_entry *entry = glossary_find(cause);
	if (!*cause) {
		glossary_list(stdout);
	} else if (page) {
		fputs(page, stdout);
	} else if (entry) {
		printf("%s: %s\n", entry->id, entry->line);
	} else if (glossary_nearest(cause, nearest, sizeof nearest)) {
		ERR(&e, ERR_USAGE, "there is no cause '%.60s'; did you mean %s?", cause, nearest);
		return cmd_fail(verb, &e);
	} else {
		ERR(&e, ERR_USAGE,
		    "there is no cause '%.60s'; `unslow why --explain` lists them all", cause);
		return cmd_fail(verb, &e);
	}
	return 0;
}

static int test(const struct verb *verb, const char *path)
{
	struct err e = {0};
	size_t failed;
	return test_rule(path, stdout, &failed, &e) ? cmd_fail(verb, &e) : failed > 0;
}

int cmd_why(int argc, char **argv)
{
	const struct verb *verb = verb_find("why");
	struct why_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	if (values.explain)
		return explain(verb, values.explain);
	if (values.test_rule)
		return test(verb, values.test_rule);
	struct answer answer = {0};
	enum err_kind kind = ERR_OK;
	if (result.operand_count > 1)
		kind = ERR(&e, ERR_USAGE, "takes one recording; '%.60s' is one too many",
			   result.operands[1]);
	if (kind == ERR_OK)
		kind = fail_on_check(values.fail_on, values.rules_dir != NULL, &e);
	if (kind == ERR_OK)
		kind = answer_open(&answer, result.operands[0], &e);
	if (kind == ERR_OK)
		kind = answer_diagnose(&answer, values.rules_dir, values.route, &e);
	if (kind == ERR_OK && values.json)
		view_why_json(&answer.diagnosis, stdout);
	else if (kind == ERR_OK)
		view_why_text(&answer.diagnosis, stdout, log_colour_wanted(stdout),
			      cmd_width(stdout));
	if (kind != ERR_OK)
		status = cmd_fail(verb, &e);
	else if (fail_on_crossed(values.fail_on, &answer.diagnosis))
		status = 1;
	answer_close(&answer);
	return status;
}

#include "rules/case_run.h"

#include <math.h>
#include <string.h>

#include "model/query.h"
#include "recording/sql.h"
#include "rules/embedded.h"
#include "rules/rank.h"

enum err_kind case_recording(const struct rule_case *c, sqlite3 **out, struct err *e)
{
	const char *const scripts[] = {sql_schema, sql_views, embedded_fixture->text,
				       c ? c->sql : ""};
	*out = NULL;
	if (sqlite3_open(":memory:", out) != SQLITE_OK)
		return ERR(e, ERR_SYSTEM, "no memory for a case's recording");
	enum err_kind kind = ERR_OK;
	for (size_t i = 0; !kind && i < sizeof scripts / sizeof *scripts; i++)
		kind = query_script(*out, scripts[i], e);
	if (kind) {
		sqlite3_close(*out);
		*out = NULL;
	}
	return kind;
}

enum err_kind case_prepare(sqlite3 *db, struct arena *arena, struct ledger *ledger, struct err *e)
{
	TRY(evaluate_prepare(db, e));
	return ledger_read(db, NULL, arena, ledger, e);
}

static const char *finding_text(const struct candidate *c, struct arena *arena)
{
	static const char *const levels[] = {"", "possible", "likely", "proven"};
	const char *saving =
		isnan(c->mid_ns)
			? "-"
			: arena_printf(arena, "%s%.3fms", c->at_least ? ">=" : "", c->mid_ns / 1e6);
	const char *place =
		c->place_count ? arena_printf(arena, "%s:%d", c->places[0].file, c->places[0].line)
			       : "-";
	return arena_printf(arena, "%s %s %.1f%% %s %s\n", c->subject, place, c->share * 100,
			    saving, levels[c->confidence]);
}

static const char *words_of(const struct candidate *c, struct arena *arena)
{
	if (!c->fires)
		return arena_printf(arena, "ruled out: %s\n", c->ruled_out ? c->ruled_out : "");
	const char *text = arena_printf(arena, "%s\nbecause: %s\n", c->title ? c->title : "",
					c->because ? c->because : "");
	for (size_t i = 0; i < c->evidence_count; i++)
		text = arena_printf(arena, "%s%s: %.4g %s\n", text, c->evidence[i].text,
				    c->evidence[i].value, c->evidence[i].unit);
	for (size_t i = 0; i < c->excluded_count; i++)
		text = arena_printf(arena, "%snot %s: %s\n", text, c->excluded[i].cause,
				    c->excluded[i].because);
	for (size_t i = 0; i < c->place_count; i++)
		text = arena_printf(arena, "%sat %s:%d %s\n", text, c->places[i].file,
				    c->places[i].line, c->places[i].function);
	if (!isnan(c->mid_ns))
		text = arena_printf(arena, "%ssaving: %.3f to %.3f ms\n", text, c->low_ns / 1e6,
				    c->high_ns / 1e6);
	for (size_t i = 0; i < c->claim_count; i++)
		text = arena_printf(arena, "%sclaims %s: %.3f ms\n", text, c->claims[i].key,
				    c->claims[i].ns / 1e6);
	if (c->hours_to_limit > 0)
		text = arena_printf(arena, "%shours to the limit: %.3g\n", text, c->hours_to_limit);
	return arena_printf(arena, "%s%s%s%s%s%s%s%s%s", text, c->route ? "route: " : "",
			    c->route ? c->route : "", c->route ? "\n" : "", c->fix ? c->fix : "",
			    c->fix ? "\n" : "", c->fix_more ? c->fix_more : "",
			    c->fix_more ? "\n" : "", c->unseen ? c->unseen : "");
}

enum err_kind case_outcome(sqlite3 *db, const struct ledger *ledger, const struct rule *rule,
			   struct arena *arena,
			   void (*each)(const struct candidate *c, const struct ledger *ledger,
					struct arena *arena),
			   struct outcome *out, struct err *e)
{
	struct candidates found = {0};
	*out = (struct outcome){"", ""};
	enum err_kind kind = evaluate_rule(db, rule, arena, &found, e);
	if (!kind)
		rank_judge(&found, ledger, arena);
	for (size_t i = 0; !kind && i < found.list.count; i++) {
		const struct candidate *c = &found.list.items[i];
		out->words = arena_printf(arena, "%s%s", out->words, words_of(c, arena));
		if (!c->fires)
			continue;
		out->findings = arena_printf(arena, "%s%s", out->findings, finding_text(c, arena));
		if (each)
			each(c, ledger, arena);
	}
	vec_free(&found.list);
	return kind;
}

bool case_holds(const struct rule_case *c, const struct outcome *outcome, struct arena *arena,
		const char **expected, const char **got)
{
	*expected = c->expected;
	*got = outcome->findings;
	if (strcmp(outcome->findings, c->expected) || !*c->expected != (c->kind != CASE_HIT))
		return false;
	for (size_t i = 0; i < c->says.count; i++) {
		const struct said *said = &c->says.items[i];
		if (!strstr(outcome->words, said->text) == said->is_not)
			continue;
		*expected = arena_printf(arena, "words %s: %s\n", said->is_not ? "without" : "with",
					 said->text);
		*got = outcome->words;
		return false;
	}
	return true;
}

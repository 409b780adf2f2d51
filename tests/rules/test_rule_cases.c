/* Runs every case of every rule against the real schema, views and functions:
 *  - a hit gives exactly the rows expected, a near miss, a miss and an empty recording none;
 *  - on a rule's hits, only rules that it excludes (or that exclude it) may speak as well.
 */
#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "all_cases.h"
#include "answers.h"
#include "model/query.h"
#include "rules/catalogue.h"
#include "rules/glossary.h"
#include "rules/rules.h"

static size_t passed, failed;

static void report(bool ok, const char *rule, const char *what, const char *expected,
		   const char *got)
{
	if (ok) {
		passed++;
		return;
	}
	failed++;
	printf("not ok: %s: %s\n  expected:\n%s  got:\n%s", rule, what,
	       *expected ? expected : "(none)\n", *got ? got : "(none)\n");
}

/* What is printed as the gain of one unit of a route: never more than such a unit takes. */
static void check_gain(const struct candidate *c, const struct ledger *ledger, struct arena *arena)
{
	if (isnan(c->mid_ns) || !c->route || !(c->unit_part > 0))
		return;
	const double mean_ns = c->route_wall_ns / c->route_units;
	report(c->unit_part * (double)ledger->units <= c->route_units * 1.001 &&
		       c->high_ns / c->unit_part <= mean_ns * 1.001,
	       c->rule->id, "gains more in a unit of its route than that takes",
	       arena_printf(arena, "at most %.3f ms\n", mean_ns / 1e6),
	       arena_printf(arena, "%.3f ms (%s)\n", c->high_ns / c->unit_part / 1e6, c->subject));
}

static struct outcome outcome_in(sqlite3 *db, const struct ledger *ledger, const struct rule *rule,
				 struct arena *arena)
{
	struct outcome outcome;
	struct err e = {0};
	must(case_outcome(db, ledger, rule, arena, check_gain, &outcome, &e), &e);
	return outcome;
}

static bool names(const struct rule *rule, const char *id)
{
	for (size_t i = 0; i < rule->exclude_count; i++)
		if (!strcmp(rule->excludes[i], id))
			return true;
	return false;
}

static const struct rule *rule_of(const struct catalogue *all, const char *id)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->rules[i].id, id))
			return &all->rules[i];
	fprintf(stderr, "%s.test.sql has no rule beside it\n", id);
	exit(2);
}

static void check_own(sqlite3 *db, const struct ledger *ledger, const struct rule_case *c,
		      const struct rule *rule, struct arena *arena)
{
	const struct outcome outcome = outcome_in(db, ledger, rule, arena);
	const char *expected, *got;
	bool holds = case_holds(c, &outcome, arena, &expected, &got);
	report(holds, rule->id, c->name, expected, got);
	if (c->kind == CASE_NEAR_MISS) {
		char *id = arena_copy(arena, c->name, strcspn(c->name, ": "));
		report(names(rule, id), rule->id,
		       "a near miss must begin with an id that the rule excludes",
		       "an id of `excludes`\n", arena_printf(arena, "%s\n", id));
	}
}

/* Each hit on one rule in OTHERS_PART, the next hit on the next ones; UNSLOW_TEST_ALL: on all. */
#define OTHERS_PART 3

static void check_others(sqlite3 *db, const struct ledger *ledger, const struct rule_case *c,
			 const struct rule *mine, const struct catalogue *all, size_t hit,
			 struct arena *arena)
{
	const size_t step = getenv("UNSLOW_TEST_ALL") ? 1 : OTHERS_PART;
	for (size_t i = hit % step; i < all->count; i += step) {
		const struct rule *other = &all->rules[i];
		if (other == mine || names(mine, other->id) || names(other, mine->id) ||
		    other->fails || !strcmp(other->id, "nothing-wrong"))
			continue; /* nothing-wrong is asked only when no other speaks; what fails
				     may be slow or leak, too */
		const char *got = outcome_in(db, ledger, other, arena).findings;
		report(!*got, other->id,
		       arena_printf(arena, "speaks on a hit of %s (%s)", c->rule, c->name), "",
		       got);
	}
}

static void check_cases(const struct rule_cases *cases, const struct catalogue *all,
			struct arena *arena)
{
	size_t hits = 0;
	for (size_t i = 0; i < cases->list.count; i++) {
		const struct rule_case *c = &cases->list.items[i];
		const struct rule *rule = rule_of(all, c->rule);
		sqlite3 *db = must_record(c);
		const struct ledger ledger = must_prepare(db, arena);
		check_own(db, &ledger, c, rule, arena);
		if (c->kind == CASE_HIT && strcmp(c->rule, "nothing-wrong"))
			check_others(db, &ledger, c, rule, all, hits++, arena);
		sqlite3_close(db);
	}
}

/* The whole answer of a recording: notes, and what is said when no cause is found. */
static void check_answer(size_t causes, struct arena *arena)
{
	static const struct rule_case c = {
		.name = "a busy machine, one record lost, debug under runserver",
		.sql = "INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, "
		       "cpu_ns, "
		       "runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 700000, "
		       "300000 FROM n;"
		       "INSERT INTO loss VALUES (1, 'late_record', 1);"
		       "INSERT INTO fact VALUES (1, 'server', 'runserver'), "
		       "(1, 'server.version', '0.2'), (1, 'django.debug', 'True');"};
	static const char *const expected[] = {
		"30 % of request time was waiting for a CPU, and who had them is not known. Every",
		"1 record was lost: came after its unit of work was written", "debug mode is on"};
	const struct rules_options options = {0};
	struct diagnosis d;
	struct err e = {0};
	sqlite3 *db = must_record(&c);
	if (rules_diagnose(db, &options, arena, &d, &e)) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		bool noted = false;
		for (size_t k = 0; k < d.note_count; k++)
			noted = noted || strstr(d.notes[k], expected[i]);
		report(noted, "notes", c.name, expected[i], "");
	}
	for (size_t i = 0; i < d.ruled_out_count; i++)
		report(strcmp(d.ruled_out[i].cause, "debug-mode") &&
			       strcmp(d.ruled_out[i].cause, "n-plus-one-queries") &&
			       strcmp(d.ruled_out[i].cause, "blocking-call-in-event-loop"),
		       d.ruled_out[i].cause, "ruled out without anything to look at", "", "");
	report(!strcmp(d.server, "runserver"), "server", c.name, "runserver\n", d.server);
	report(d.finding_count == 1 && d.findings[0].confidence == CONFIDENCE_POSSIBLE &&
		       strstr(d.findings[0].because,
			      arena_printf(arena, "none of the %zu causes", causes)),
	       "nothing-wrong", c.name, "", d.finding_count ? d.findings[0].because : "");
	sqlite3_close(db);
}

/* All sentences of an answer, one a line. */
static const char *sentences(const struct diagnosis *d, struct arena *arena)
{
	const char *text = arena_printf(arena, "basis %s\n", d->basis);
	for (size_t i = 0; i < d->note_count; i++)
		text = arena_printf(arena, "%s! %s\n", text, d->notes[i]);
	for (size_t i = 0; i < d->finding_count; i++)
		text = arena_printf(arena, "%s+ %s\n%s%s", text, d->findings[i].title,
				    d->findings[i].saving.unseen ? d->findings[i].saving.unseen
								 : "",
				    d->findings[i].saving.unseen ? "\n" : "");
	for (size_t i = 0; i < d->ruled_out_count; i++)
		text = arena_printf(arena, "%snot %s: %s\n", text, d->ruled_out[i].cause,
				    d->ruled_out[i].because);
	for (size_t i = 0; i < d->not_known_count; i++)
		text = arena_printf(arena, "%s? %s\n", text, d->not_known[i].cause);
	for (size_t i = 0; i < d->alternative_count; i++)
		text = arena_printf(arena, "%s%s %.0f %%: %s\n", text, d->alternatives[i].id,
				    d->alternatives[i].gain_high * 100, d->alternatives[i].because);
	for (size_t i = 0; i < d->finding_count; i++)
		text = arena_printf(arena, "%sfix %s\n", text, d->findings[i].fix);
	return text;
}

/* A level that was wrong too often in the corpus is the next lower one, and the finding says so. */
static void check_calibration(struct arena *arena)
{
	static const struct {
		const char *row; /* of `calibrated`: cause, level, evidence, hits, times */
		enum confidence level;
		const char *says;
		struct rules_options options;
	} rows[] = {
		{"'', 'likely', 'excluded', 10, 40", CONFIDENCE_POSSIBLE,
		 "; its evidence says likely, but in the corpus that was right 10 of 40 times"},
		{"'hot-python-loop', 'likely', '', 1, 5", CONFIDENCE_POSSIBLE,
		 "1 of 5 times for this cause"},
		{"'hot-python-loop', 'likely', '', 1, 5",
		 CONFIDENCE_LIKELY,
		 NULL,
		 {.uncalibrated = true}},
		{"'', 'likely', 'open', 10, 40", CONFIDENCE_LIKELY, NULL},
		{"'', 'proven', 'excluded', 10, 40", CONFIDENCE_LIKELY, NULL},
		{"'deep-copy', 'likely', '', 1, 5", CONFIDENCE_LIKELY, NULL},
	};
	static const struct rule_case c = {
		.name = "one function takes 70 % of each request",
		.sql = REQUESTS("flags", "0") "UPDATE unit SET cpu_ns = 9000000;"
					      "INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, "
					      "'python', NULL, NULL, 1, 180, 0, 900000000, "
					      "900000000, 0);"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diagnosis d;
		struct err e = {0};
		sqlite3 *db = must_record(&c);
		must_prepare(db, arena);
		must(query_script(db, "DELETE FROM calibrated", &e), &e);
		must(query_script(
			     db,
			     arena_printf(arena, "INSERT INTO calibrated VALUES (%s)", rows[i].row),
			     &e),
		     &e);
		must(rules_diagnose(db, &rows[i].options, arena, &d, &e), &e);
		const struct finding *f = d.findings;
		report(d.finding_count == 1 && f->confidence == rows[i].level &&
			       f->uncalibrated == CONFIDENCE_LIKELY &&
			       !rows[i].says == !strstr(f->because, "its evidence says") &&
			       strstr(f->because, rows[i].says ? rows[i].says : ""),
		       "calibrated", rows[i].row, "", d.finding_count ? f->because : "nothing");
		sqlite3_close(db);
	}
}

/* Whatever id an answer may print is explained. */
static void check_id(const char *id)
{
	report(glossary_page(id) || glossary_find(id), id, "has neither a page nor a line", "", "");
}

static void check_glossary(const struct catalogue *all)
{
	for (size_t i = 0; i < all->count; i++) {
		check_id(all->rules[i].id);
		for (size_t k = 0; k < all->rules[i].exclude_count; k++)
			check_id(all->rules[i].excludes[k]);
	}
	for (const struct glossary_entry *entry = glossary; entry->id; entry++)
		report(!glossary_page(entry->id), entry->id, "has a page, and so needs no line", "",
		       "");
}

static void check_answers(struct arena *arena)
{
	const struct rules_options options = {0};
	for (size_t i = 0; i < answer_count; i++) {
		struct diagnosis d;
		struct err e = {0};
		sqlite3 *db = must_record(&answers[i].given);
		if (rules_diagnose(db, &options, arena, &d, &e)) {
			fprintf(stderr, "%s\n", e.text);
			exit(2);
		}
		const char *got = sentences(&d, arena);
		for (size_t k = 0; k < d.ruled_out_count; k++)
			check_id(d.ruled_out[k].cause);
		for (size_t k = 0; k < d.not_known_count; k++)
			check_id(d.not_known[k].cause);
		for (size_t k = 0; k < d.alternative_count; k++)
			check_id(d.alternatives[k].id);
		for (size_t k = 0; k < 3 && answers[i].has[k]; k++)
			report(strstr(got, answers[i].has[k]), "answer", answers[i].given.name,
			       arena_printf(arena, "%s\n", answers[i].has[k]), got);
		report(!answers[i].has_not || !strstr(got, answers[i].has_not), "answer",
		       answers[i].given.name, "not that\n", got);
		sqlite3_close(db);
	}
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct catalogue all;
	struct rule_cases cases = {0};
	struct err e = {0};
	const char *root = argc > 1 ? argv[1] : ".";
	if (catalogue_load(NULL, arena, &all, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 2;
	}
	size_t files = all_cases(root, arena, &cases);
	check_cases(&cases, &all, arena);
	for (size_t i = 0; i < all.count; i++) {
		sqlite3 *db = must_record(NULL);
		const struct ledger ledger = must_prepare(db, arena);
		const char *got = outcome_in(db, &ledger, &all.rules[i], arena).findings;
		report(!*got, all.rules[i].id, "speaks on an empty recording", "", got);
		sqlite3_close(db);
	}
	check_answer(all.count - 1, arena);
	check_answers(arena);
	check_calibration(arena);
	check_glossary(&all);
	report(files == all.count, "all", "each rule has its .test.sql", "", "");
	case_file_free(&cases);
	arena_free(arena);
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed ? 1 : 0;
}

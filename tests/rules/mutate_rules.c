/* Do the cases of rules notice when a rule is wrong? Every mutant of every rule (mutants.h) must
 * change what some case sees: one of the rule's own, or a hit of another on which it may not speak.
 *
 *     mutate_rules ROOT [--says | --at-most N] [ID…]
 *
 * ROOT is the source tree; its rules are taken as they are on the disk. --says: below a survivor
 * the lines that a case could ask for, or forbid, to notice it. --at-most: so many may survive, so
 * that a rule that leaves more of its own behind is noticed.
 *
 * Those that cannot be told apart are lines of tests/rules/equivalent-mutants.txt, with the reason:
 *
 *     ID: KEY | REASON
 *
 * Exit 1: more survived, or a line of that list is of no survivor.
 */
#include <glob.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "all_cases.h"
#include "base/str.h"
#include "mutants.h"

#define STEPS_MAX 400 /* of a million of SQLite's own: a mutant that runs on and on is noticed */
#define STEP_OPS 100000

struct stage { /* a case's recording, made once */
	const struct rule_case *of;
	sqlite3 *db;
	struct ledger ledger;
};

struct tally { /* shared by the workers */
	atomic_size_t next, mutants, listed, survived, stale, broken;
};

static struct rule *rules;
static size_t rule_count;
static struct stage *stages;
static size_t stage_count;
static char *equivalent; /* the list's text */
static struct tally *tally;
static bool is_telling; /* --says */
static int steps;

static int count_steps(void *unused)
{
	(void)unused;
	return ++steps > STEPS_MAX;
}

static bool names(const struct rule *rule, const char *id)
{
	for (size_t i = 0; i < rule->exclude_count; i++)
		if (!strcmp(rule->excludes[i], id))
			return true;
	return false;
}

static const struct rule *rule_of(const char *id)
{
	for (size_t i = 0; i < rule_count; i++)
		if (!strcmp(rules[i].id, id))
			return &rules[i];
	return NULL;
}

/* May the rule speak on this stage? The same as in test_rule_cases.c. */
static bool is_forbidden(const struct rule *rule, const struct stage *stage)
{
	const struct rule *other = rule_of(stage->of->rule);
	return other && stage->of->kind == CASE_HIT && strcmp(other->id, "nothing-wrong") &&
	       strcmp(rule->id, "nothing-wrong") && !names(rule, other->id) &&
	       !names(other, rule->id) && !rule->fails;
}

static bool stage_holds(const struct rule *rule, const struct stage *stage, struct arena *arena)
{
	struct outcome outcome;
	struct err e = {0};
	const char *expected, *got;
	steps = 0;
	if (case_outcome(stage->db, &stage->ledger, rule, arena, NULL, &outcome, &e))
		return false; /* it does not run: noticed */
	if (!strcmp(stage->of->rule, rule->id))
		return case_holds(stage->of, &outcome, arena, &expected, &got);
	return !is_forbidden(rule, stage) || !*outcome.findings;
}

static bool all_hold(const struct rule *rule, bool own, struct arena *arena)
{
	for (size_t i = 0; i < stage_count; i++)
		if (!strcmp(stages[i].of->rule, rule->id) == own &&
		    (own || is_forbidden(rule, &stages[i])) &&
		    !stage_holds(rule, &stages[i], arena))
			return false;
	return true;
}

/* The list's line for this key, or NULL. */
static char *line_of(const char *id, const char *key, struct arena *arena)
{
	const char *wanted = arena_printf(arena, "%s: %s | ", id, key);
	for (char *at = equivalent; (at = strstr(at, wanted)); at++)
		if (at == equivalent || at[-1] == '\n')
			return at;
	return NULL;
}

static size_t lines_of(const char *id, struct arena *arena)
{
	const char *wanted = arena_printf(arena, "\n%s: ", id);
	size_t count = 0;
	for (const char *at = equivalent; (at = strstr(at, wanted)); at++)
		count++;
	return count;
}

static const char *words_on(const struct rule *rule, const struct stage *stage, struct arena *arena)
{
	struct outcome outcome;
	struct err e = {0};
	steps = 0;
	must(case_outcome(stage->db, &stage->ledger, rule, arena, NULL, &outcome, &e), &e);
	return outcome.words;
}

static void tell_missing(const char *name, const char *said, const char *words, const char *others,
			 struct arena *arena)
{
	char *copy = arena_string(arena, words), *rest;
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (!strstr(others, line))
			printf("    %s\t%s%s\n", name, said, line);
}

/* Lines that on its own cases only the rule says, or only the mutant. */
static void tell_lines(const struct rule *rule, const struct rule *mutant, struct arena *arena)
{
	for (size_t i = 0; i < stage_count; i++) {
		if (strcmp(stages[i].of->rule, rule->id))
			continue;
		const char *name = stages[i].of->name, *words = words_on(rule, &stages[i], arena),
			   *changed = words_on(mutant, &stages[i], arena);
		tell_missing(name, "says: ", words, changed, arena);
		tell_missing(name, "says not: ", changed, words, arena);
	}
}

static void mutate(const struct rule *rule)
{
	struct arena *names_arena = arena_new();
	struct mutants mutants = {0};
	const char *told = "";
	size_t listed = 0;
	mutants_of(rule->sql, names_arena, &mutants);
	if (!all_hold(rule, true, names_arena)) {
		told = arena_printf(names_arena, "%s: its cases fail already\n", rule->id);
		atomic_fetch_add(&tally->broken, 1);
	}
	for (size_t i = 0; !*told && i < mutants.list.count; i++) {
		struct arena *arena = arena_new();
		struct rule changed = *rule;
		changed.sql = mutants.list.items[i].sql;
		atomic_fetch_add(&tally->mutants, 1);
		if (all_hold(&changed, true, arena) && all_hold(&changed, false, arena)) {
			const char *key = mutants.list.items[i].key;
			if (line_of(rule->id, key, arena)) {
				listed++;
			} else {
				atomic_fetch_add(&tally->survived, 1);
				printf("%s: %s\n", rule->id, key);
				if (is_telling)
					tell_lines(rule, &changed, arena);
			}
		}
		arena_free(arena);
	}
	if (*told)
		fputs(told, stdout);
	else if (listed != lines_of(rule->id, names_arena)) {
		atomic_fetch_add(&tally->stale, 1);
		printf("%s: equivalent-mutants.txt has %zu lines, of them %zu are of mutants that "
		       "survive\n",
		       rule->id, lines_of(rule->id, names_arena), listed);
	}
	fflush(stdout);
	atomic_fetch_add(&tally->listed, listed);
	vec_free(&mutants.list);
	arena_free(names_arena);
}

static bool is_chosen(const char *id, char **ids)
{
	if (!*ids)
		return true;
	for (; *ids; ids++)
		if (!strcmp(*ids, id))
			return true;
	return false;
}

static void load_rules(const char *root, struct arena *arena)
{
	glob_t found = {0};
	glob(arena_printf(arena, "%s/src/rules/*/*.sql", root), 0, NULL, &found);
	rules = arena_alloc(arena, (found.gl_pathc + 1) * sizeof *rules);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = arena_string(arena, found.gl_pathv[i]), *text;
		struct err e = {0};
		if (str_ends_with(path, ".test.sql"))
			continue;
		must(case_file_read(path, arena, &text, &e), &e);
		must(rule_parse(path, text, arena, &rules[rule_count++], &e), &e);
	}
	globfree(&found);
}

static void make_stages(const struct rule_cases *cases, struct arena *arena)
{
	stages = arena_alloc(arena, (cases->list.count + 1) * sizeof *stages);
	for (; stage_count < cases->list.count; stage_count++) {
		struct stage *stage = &stages[stage_count];
		stage->of = &cases->list.items[stage_count];
		stage->db = must_record(stage->of);
		stage->ledger = must_prepare(stage->db, arena);
		sqlite3_progress_handler(stage->db, STEP_OPS, count_steps, NULL);
	}
}

/* Recordings in memory are each worker's own after fork(). */
static void work(char **ids)
{
	const long workers = sysconf(_SC_NPROCESSORS_ONLN);
	static char buffer[1 << 20]; /* a rule's lines stay together */
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	fflush(stdout);
	for (long w = 0; w < workers; w++)
		if (fork() == 0) {
			for (size_t i; (i = atomic_fetch_add(&tally->next, 1)) < rule_count;)
				if (is_chosen(rules[i].id, ids))
					mutate(&rules[i]);
			_exit(0);
		}
	int status;
	while (wait(&status) > 0)
		if (status)
			atomic_fetch_add(&tally->broken, 1);
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct rule_cases cases = {0};
	struct err e = {0};
	const char *text, *root = argc > 1 ? argv[1] : ".";
	tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (tally == MAP_FAILED)
		return 2;
	must(case_file_read(arena_printf(arena, "%s/tests/rules/equivalent-mutants.txt", root),
			    arena, &text, &e),
	     &e);
	equivalent = arena_string(arena, text);
	load_rules(root, arena);
	all_cases(root, arena, &cases);
	make_stages(&cases, arena);
	char **ids = argv + (argc > 2 ? 2 : argc);
	is_telling = *ids && !strcmp(*ids, "--says");
	const bool is_bounded = *ids && ids[1] && !strcmp(*ids, "--at-most");
	const size_t most = is_bounded ? strtoul(ids[1], NULL, 10) : 0;
	work(ids + is_telling + 2 * is_bounded);
	printf("%zu mutants: %zu noticed, %zu listed as equivalent, %zu survived\n", tally->mutants,
	       tally->mutants - tally->listed - tally->survived, tally->listed, tally->survived);
	const bool wrong =
		tally->survived > most || tally->stale || tally->broken || !tally->mutants;
	for (size_t i = 0; i < stage_count; i++)
		sqlite3_close(stages[i].db);
	case_file_free(&cases);
	arena_free(arena);
	return wrong ? 1 : 0;
}

#include "all_cases.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

void must(enum err_kind kind, const struct err *e)
{
	if (!kind)
		return;
	fprintf(stderr, "%s\n", e->text);
	exit(2);
}

size_t all_cases(const char *root, struct arena *arena, struct rule_cases *out)
{
	glob_t found = {0};
	glob(arena_printf(arena, "%s/src/rules/*/*.test.sql", root), 0, NULL, &found);
	size_t count = found.gl_pathc;
	for (size_t i = 0; i < count; i++) {
		const char *text;
		struct err e = {0};
		must(case_file_read(found.gl_pathv[i], arena, &text, &e), &e);
		must(case_file_parse(found.gl_pathv[i], text, arena, out, &e), &e);
	}
	globfree(&found);
	return count;
}

sqlite3 *must_record(const struct rule_case *c)
{
	sqlite3 *db;
	struct err e = {0};
	if (case_recording(c, &db, &e)) {
		fprintf(stderr, "%s %s: %s\n", c && c->rule ? c->rule : "", c ? c->name : "",
			e.text);
		exit(2);
	}
	return db;
}

struct ledger must_prepare(sqlite3 *db, struct arena *arena)
{
	struct ledger ledger;
	struct err e = {0};
	must(case_prepare(db, arena, &ledger, &e), &e);
	return ledger;
}

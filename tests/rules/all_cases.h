/* What tests of rules share: all cases there are, and errors that end the test. */
#ifndef UNSLOW_TESTS_RULES_ALL_CASES_H
#define UNSLOW_TESTS_RULES_ALL_CASES_H

#include <sqlite3.h>

#include "rules/case_run.h"

/* All of ROOT/src/rules/GROUP/ID.test.sql; returns how many files. */
size_t all_cases(const char *root, struct arena *arena, struct rule_cases *out);

/* As case_recording(). */
sqlite3 *must_record(const struct rule_case *c);
/* As case_prepare(). */
struct ledger must_prepare(sqlite3 *db, struct arena *arena);
/* Ends the test with the error's text, status 2. */
void must(enum err_kind kind, const struct err *e);

#endif

/* A rule's .test.sql: cases, each some INSERTs and the rows expected.
 *
 *     -- case: hit|near-miss|miss NAME
 *     INSERT …;
 *     -- expect: SUBJECT FILE:LINE SHARE% SAVINGms CONFIDENCE     (one a finding; none: no row)
 */
#ifndef UNSLOW_TESTS_RULES_CASE_FILE_H
#define UNSLOW_TESTS_RULES_CASE_FILE_H

#include "base/arena.h"
#include "base/vec.h"

enum case_kind { CASE_HIT, CASE_NEAR_MISS, CASE_MISS };

struct rule_case {
	const char *rule; /* id, from the file's name */
	enum case_kind kind;
	const char *name;
	const char *sql;
	const char *expected; /* lines, each with \n; "" for none */
};

struct rule_cases {
	VEC(struct rule_case) list;
};

/* All of ROOT/src/rules/GROUP/ID.test.sql. Returns how many files; exits with a message on a line
 * that it does not understand. */
size_t case_files_load(const char *root, struct arena *arena, struct rule_cases *out);

/* A whole file, in the arena; exits with a message if it cannot be read. */
const char *case_read_file(struct arena *arena, const char *path);

#endif

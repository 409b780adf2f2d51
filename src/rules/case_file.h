/* A rule's .test.sql: cases, each some INSERTs and what the rule says of them.
 *
 *     -- case: hit|near-miss|miss NAME
 *     INSERT …;
 *     -- expect: SUBJECT FILE:LINE SHARE% SAVINGms CONFIDENCE     (one a finding; none: no row)
 *     -- says: TEXT         its sentences or figures hold TEXT, found or ruled out
 *     -- says not: TEXT     they do not
 */
#ifndef UNSLOW_RULES_CASE_FILE_H
#define UNSLOW_RULES_CASE_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

enum case_kind { CASE_HIT, CASE_NEAR_MISS, CASE_MISS };

struct said {
	bool is_not;
	const char *text;
};

struct rule_case {
	const char *rule; /* id, from the file's name */
	enum case_kind kind;
	const char *name;
	const char *sql;
	const char *expected; /* lines, each with \n; "" for none */
	VEC(struct said) says;
};

struct rule_cases {
	VEC(struct rule_case) list;
};

/* Appends the cases of `text`, which was read from `path` (ID.test.sql). */
MUST_CHECK enum err_kind case_file_parse(const char *path, const char *text, struct arena *arena,
					 struct rule_cases *out, struct err *e);
void case_file_free(struct rule_cases *cases);

/* A whole text file of at most 1 MiB, in the arena. */
MUST_CHECK enum err_kind case_file_read(const char *path, struct arena *arena, const char **out,
					struct err *e);

#endif

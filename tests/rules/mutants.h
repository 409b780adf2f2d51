/* Mutants of a SELECT: each comparison turned round once, each number that something is compared
 * with doubled once and halved once. Text and strings are left alone; a number is a threshold if it
 * stands in an operand of a comparison. Zero is none: it has no double.
 *
 * All text is the arena's.
 */
#ifndef UNSLOW_TESTS_RULES_MUTANTS_H
#define UNSLOW_TESTS_RULES_MUTANTS_H

#include "base/arena.h"
#include "base/vec.h"

struct mutant {
	const char *key; /* "tokens around => what stands there now", the same one again: " #2" */
	const char *sql;
};

struct mutants {
	VEC(struct mutant) list;
};

void mutants_of(const char *sql, struct arena *arena, struct mutants *out);

#endif

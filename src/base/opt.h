/* Options from one table: parsing, help, completion and the man page.
 *
 * A verb owns a const array of `struct opt` ending in {0} and a plain struct
 * that options are written into by offset. `--` ends the options; operands are
 * left in the argument vector. Long options may be shortened to any unambiguous
 * prefix; `--name=value` and `--name value` are equal; short flags may be
 * joined (-qv).
 */
#ifndef UNSLOW_BASE_OPT_H
#define UNSLOW_BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

enum opt_type {
	OPT_END = 0,
	OPT_FLAG,     /* bool: set to true */
	OPT_STRING,   /* const char *: points into argv */
	OPT_OPTIONAL, /* the same; "" if it is the last word */
	OPT_UINT,     /* uint64_t */
	OPT_COUNT,    /* uint64_t, 1 or more: 0 stands for "not given" */
	OPT_DOUBLE,   /* double, more than 0 for the same reason */
	OPT_DURATION, /* uint64_t nanoseconds: 30s, 500ms, 2m; a bare number is seconds; not 0 */
	OPT_SIZE,     /* uint64_t bytes: 64K, 512M, 1G (powers of 1024) */
	OPT_CHOICE,   /* int: index into choices */
	OPT_LIST,     /* struct opt_list: each use adds a word */
	OPT_ATTACHED, /* the same by --name=value alone; "" where that is left out */
};

struct opt {
	enum opt_type type;
	char letter;                /* 0 = none */
	const char *name;           /* without dashes */
	const char *value;          /* placeholder in the help text, e.g. "FILE"; NULL for flags */
	const char *help;           /* one sentence without a full stop */
	size_t offset;              /* of the field in the verb's struct */
	const char *const *choices; /* OPT_CHOICE: NULL-terminated */
	bool hidden;                /* not in help */
};

enum { OPT_LIST_MAX = 64 };

/* In the order of the command line; words point into argv. */
struct opt_list {
	const char *words[OPT_LIST_MAX];
	size_t count;
};

/* A table and the struct it is written into. A verb parses two: its own and
 * the common one; the array ends in {0}. */
struct opt_set {
	const struct opt *table;
	void *values;
};

struct opt_result {
	int operand_count;
	char **operands;      /* in argv, which parsing reorders; NULL-terminated */
	bool has_double_dash; /* a `--` was seen */
	int operands_before;  /* it */
};

/* Parse argv[1..argc); argv[argc] is NULL. Stops at the first operand if
 * `stop_at_operand`, else permutes. ERR_USAGE names the offending word and its
 * nearest neighbour. A later use of an option beats an earlier one, but for
 * lists. */
MUST_CHECK enum err_kind opt_parse(const struct opt_set *sets, int argc, char **argv,
				   bool stop_at_operand, struct opt_result *result, struct err *e);

/* Two columns, wrapped at 80. */
void opt_print_help(const struct opt *table, FILE *out);

/* Words of one option value, for verbs that take such words as operands.
 * ERR_USAGE without the option's name. */
MUST_CHECK enum err_kind opt_read_duration(const char *text, uint64_t *ns, struct err *e);
MUST_CHECK enum err_kind opt_read_size(const char *text, uint64_t *bytes, struct err *e);

/* Edits from one word to the other: insert, delete, change, swap of neighbours
 * (optimal string alignment). Words longer than 32 bytes: SIZE_MAX. */
size_t opt_distance(const char *a, const char *b);

#endif

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
#include <stdio.h>

#include "base/err.h"

enum opt_type {
	OPT_END = 0,
	OPT_FLAG,     /* bool: set to true; --no-NAME sets false if OPT_NEGATABLE */
	OPT_STRING,   /* const char *: points into argv */
	OPT_UINT,     /* uint64_t */
	OPT_DOUBLE,   /* double */
	OPT_DURATION, /* uint64_t nanoseconds: 30s, 500ms, 2m; a bare number is seconds */
	OPT_SIZE,     /* uint64_t bytes: 64K, 512M, 1G (powers of 1024) */
	OPT_CHOICE,   /* int: index into choices */
};

struct opt {
	enum opt_type type;
	char letter;       /* 0 = none */
	const char *name;  /* without dashes */
	const char *value; /* placeholder in the help text, e.g. "FILE"; NULL for flags */
	const char *help;  /* one sentence without a full stop */
	size_t offset;     /* of the field in the verb's struct */
	const char *const *choices; /* OPT_CHOICE: NULL-terminated */
	bool hidden;       /* not in help */
};

struct opt_result {
	int operand_count;
	char **operands;  /* argv from the first operand on */
	bool has_double_dash; /* operands began after `--` */
};

/* Parse argv[1..argc) into `values`. Stops at the first operand if
 * `stop_at_operand`, else permutes. ERR_USAGE names the offending word, its
 * nearest neighbour and the command for help. */
MUST_CHECK enum err_kind opt_parse(const struct opt *table, const char *verb, int argc, char **argv,
				   bool stop_at_operand, void *values, struct opt_result *result,
				   struct err *e);

/* Two columns, wrapped at 80. */
void opt_print_help(const struct opt *table, FILE *out);

#endif

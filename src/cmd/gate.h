/* The language of --fail-on: terms separated by commas, any of which fails.
 *
 *     p99>50ms       a time and its limit (>, >=, <, <=)
 *     errors>3       a number; errors>1% as a share of all
 *     cause:ID       a word of what is found
 *     invalid        a fact
 *     p99>+5%        a change
 *
 * A verb names its metrics in a table; what they are worth it knows itself.
 */
#ifndef UNSLOW_CMD_GATE_H
#define UNSLOW_CMD_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { GATE_TERM_MAX_BYTES = 120 };

enum gate_kind {
	GATE_TIME,   /* milliseconds */
	GATE_COUNT,  /* or, with %, a share */
	GATE_WORD,   /* NAME:WORD */
	GATE_FACT,   /* NAME alone */
	GATE_CHANGE, /* a share with its sign */
};

struct gate_metric {
	const char *name;
	enum gate_kind kind;
};

struct gate_language {
	const struct gate_metric *metrics; /* end: name NULL */
	const char *forms;                 /* for the message: "'cause:ID', 'p99>50ms' or …" */
};

struct gate_term {
	const struct gate_metric *metric;
	bool is_share; /* GATE_COUNT with % */
	bool less;     /* < instead of > */
	bool or_equal;
	double limit;     /* milliseconds, a number, or a fraction; of a change, too */
	const char *word; /* GATE_WORD: in text */
	char text[GATE_TERM_MAX_BYTES];
};

/* The term at *at, which moves behind it and its comma. ERR_USAGE with what is wrong. */
MUST_CHECK enum err_kind gate_parse(const struct gate_language *language, const char **at,
				    struct gate_term *term, struct err *e);
/* Whether `value` (as term->limit) is beyond the limit. */
bool gate_is_beyond(const struct gate_term *term, double value);
/* The same of a GATE_TIME or GATE_COUNT; says so on stderr. */
bool gate_crossed(const struct gate_term *term, double value);

#endif

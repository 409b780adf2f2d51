/* What do the conditions of a statement compare: columns, which an index on them finds by, or what
 * is made of columns? Read off its text (a fingerprint, base/sqlfp.h), by the grammar that the
 * dialects of SQL share.
 *
 * Of conditions joined by AND the best is told: an index on one is enough. Only the outermost WHERE
 * is looked at; what is not understood compares nothing: silence, not a wrong answer. The text may
 * be anything; nothing is kept.
 */
#ifndef UNSLOW_RULES_COMPARED_H
#define UNSLOW_RULES_COMPARED_H

#include <stddef.h>

enum compared_kind { /* the better, the later */
		     COMPARED_NOTHING,
		     COMPARED_UNEQUAL,    /* <>, NOT …: all rows but some */
		     COMPARED_PATTERN,    /* LIKE and its kin */
		     COMPARED_EITHER,     /* sides of an OR: an index serves where each has one */
		     COMPARED_EXPRESSION, /* lower(a), a + ?, a::date, a COLLATE b: an index on that
					     alone */
		     COMPARED_COLUMN,
};

struct compared {
	enum compared_kind kind;
	const char *expression; /* in the text: the first that is no column; NULL: none */
	size_t length;          /* its bytes */
};

struct compared compared_where(const char *text);

#endif

/* Can the figures of a load be believed, and what do they not say?
 *
 * Each verdict is a row of one table: a judge and what follows. `invalid` ones say that this
 * client, not the server, made the figures; the others name what the server or the machine did
 * that the percentiles hide. Each says what to do.
 */
#ifndef UNSLOW_LOAD_VERDICT_H
#define UNSLOW_LOAD_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "load/run.h"

enum { LOAD_VERDICTS_MAX = 12, LOAD_VERDICT_SIZE = 480 };

struct load_verdict {
	const char *id; /* "late", "busy", "no-answers", "stall-at-end", … */
	bool is_invalid;
	char text[LOAD_VERDICT_SIZE];
};

struct load_verdicts {
	struct load_verdict items[LOAD_VERDICTS_MAX]; /* invalid ones first */
	size_t count;
	bool is_invalid; /* one of them is */
};

void load_judge(const struct load_plan *plan, const struct load_result *result,
		struct load_verdicts *verdicts);

#endif

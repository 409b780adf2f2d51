/* The second form of `unslow time`: MODULE:FUNCTION … -- CMD.
 *
 * The command runs as under `unslow run --calls=…`, which also leaves the recording; then the calls
 * of these functions are read from it and printed, to standard error as the answer of `run`, with
 * --json to standard output behind what the command printed.
 */
#ifndef UNSLOW_CMD_TIME_CALLS_H
#define UNSLOW_CMD_TIME_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct time_calls_job {
	char *const *targets; /* MODULE:FUNCTION each */
	int target_count;
	char **command; /* NULL-terminated */
	int command_count;
	const char *output, *fail_on;
	uint64_t for_ns;
	bool json;
};

/* Is the word MODULE:FUNCTION? As Python it would be an annotation, which nobody wants to time. */
bool time_calls_is_target(const char *word);
/* What is wrong with the words, before anything is started. */
MUST_CHECK enum err_kind time_calls_check(const struct time_calls_job *job, struct err *e);
/* *status: the command's own; else 1 if the gate was crossed. */
MUST_CHECK enum err_kind time_calls(const struct time_calls_job *job, int *status, struct err *e);

#endif

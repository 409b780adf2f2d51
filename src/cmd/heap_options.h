/* The option of the verbs that sample memory (`run`, `attach`), and what it asks the agent for. */
#ifndef UNSLOW_CMD_HEAP_OPTIONS_H
#define UNSLOW_CMD_HEAP_OPTIONS_H

#include <stdbool.h>

#include "agent/heap_file.h"
#include "base/err.h"
#include "base/opt.h"

struct heap_values {
	struct opt_list memory; /* the last use counts; "": sampled as by default */
};

/* A row of a table of options, for a struct with `struct heap_values heap` (FIELD is the verb's own
 * offsetof). */
/* clang-format off */
#define HEAP_OPTIONS \
	{OPT_ATTACHED, 0, "memory", "INTERVAL", \
	 "sample allocations: which line makes what stays; one in INTERVAL bytes (128K); exact: " \
	 "every one, for 10 s (exact:2m)", \
	 FIELD(heap.memory)}
/* clang-format on */

bool heap_asked(const struct heap_values *values);
/* `--memory=off`: hooks are to be taken out. */
bool heap_off_asked(const struct heap_values *values);
/* What is asked of the agent; *out has no generation. ERR_USAGE. */
MUST_CHECK enum err_kind heap_ask(const struct heap_values *values, struct heap_control *out,
				  struct err *e);

#endif

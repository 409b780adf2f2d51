/* `unslow diff A B --memory`: what is live in one recording and not in the other. */
#ifndef UNSLOW_CMD_DIFF_MEMORY_H
#define UNSLOW_CMD_DIFF_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/heap.h"

struct diff_memory_values {
	bool memory;
	int by;
	uint64_t at_ns, limit;
};

/* Rows of a table of options, for a struct with `struct diff_memory_values of_memory` (FIELD is the
 * verb's own offsetof). */
/* clang-format off */
#define DIFF_MEMORY_OPTIONS \
	{OPT_FLAG, 0, "memory", NULL, \
	 "what is live in B and was not in A, by line (of two recordings; of one with --at)", \
	 FIELD(of_memory.memory)}, \
	{OPT_DURATION, 0, "at", "TIME", \
	 "--memory: A as it was so long after its start; B, or A without B, at its end", FIELD(of_memory.at_ns)}, \
	{OPT_CHOICE, 0, "by", "WHAT", "--memory: by line, file or traceback; by type at walks of the heap", FIELD(of_memory.by), \
	 diff_memory_by}, \
	{OPT_UINT, 'n', "rows", "N", "--memory: at most N rows (25)", FIELD(of_memory.limit)}
/* clang-format on */

extern const char *const diff_memory_by[]; /* "line" …, NULL */

/* Whether an option of it was given. */
bool diff_memory_asked(const struct diff_memory_values *values);
MUST_CHECK enum err_kind diff_memory(char *const paths[2], const struct diff_memory_values *values,
				     bool json, struct err *e);

#endif

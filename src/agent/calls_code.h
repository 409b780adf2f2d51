/* The key of a function in a thread's tree of calls: one load, and never that of another function.
 *
 * An address alone is not an identity (code is freed, and made anew at the same place). 3.12+
 * numbers code objects itself (co_version). Before, we do: a number in the code object's own extra
 * slot (_PyEval_RequestCodeExtraIndex), which is found, once, by setting one and looking for it.
 * What is left of that word is a mark, for calls_eval.h to know at one load whether code is of
 * interest. A key is never 0. C functions have that of their PyMethodDef.
 */
#ifndef UNSLOW_AGENT_CALLS_CODE_H
#define UNSLOW_AGENT_CALLS_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"

#define CALLS_KEY_C (UINT64_C(1) << 63)
#define CALLS_KEY_ROOT (UINT64_C(1) << 62)

/* Finds out how; once. False and a reason: calls cannot be counted here. GIL held, no exception set
 * or left. */
bool calls_code_prepare(char *reason, size_t reason_size);

struct calls_code_state {
	size_t extra_at;    /* of co_extra in a code object, before 3.12 */
	size_t extra_index; /* of ours in it */
};
extern struct calls_code_state calls_code_state;

/* struct _PyCodeObjectExtra (Objects/codeobject.c, 3.8–3.11). */
struct calls_code_extra {
	intptr_t size;
	uint64_t values[];
};

/* First sight of a code object without co_version: gives it a number. GIL held; an exception that
 * is set stays set. */
uint64_t calls_code_number(uintptr_t code);

/* Number and mark in the word before 3.12. */
#define CALLS_CODE_NUMBER ((UINT64_C(1) << 36) - 1)
#define CALLS_CODE_MARK (~CALLS_CODE_NUMBER)

/* Before 3.12; NULL: it has none yet. */
static inline uint64_t *calls_code_word(uintptr_t code)
{
	struct calls_code_extra *extra =
		*(struct calls_code_extra *const *)(code + calls_code_state.extra_at);

	if (UNLIKELY(extra == NULL || (size_t)extra->size <= calls_code_state.extra_index))
		return NULL;
	return &extra->values[calls_code_state.extra_index];
}

static inline uint64_t calls_code_key(uintptr_t code)
{
	if (LIKELY(agent_layout.code_version != PY_UNKNOWN)) {
		uint32_t version = *(const uint32_t *)(code + agent_layout.code_version);
		return LIKELY(version != 0) ? version : code; /* all 2^32 were given out */
	}
	const uint64_t *word = calls_code_word(code);
	if (UNLIKELY(word == NULL || *word == 0))
		return calls_code_number(code);
	return *word & CALLS_CODE_NUMBER;
}

#endif

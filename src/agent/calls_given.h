/* What a function is given in a call: its arguments, and the values of its free variables.
 *
 * They are read off the frame that begins, before or after its first instructions have put some of
 * them into cells: 3.8–3.10 move an argument that an inner function uses into a cell, and leave its
 * place empty; 3.12+ put a cell in its place. `self` is the first argument, if it is called so.
 * GIL held; read as calls_contents.h says.
 */
#ifndef UNSLOW_AGENT_CALLS_GIVEN_H
#define UNSLOW_AGENT_CALLS_GIVEN_H

#include <stdbool.h>
#include <stdint.h>

/* Where a code object's frames have it. */
struct calls_given {
	uint32_t places; /* of arguments, *args among them */
	uint32_t locals; /* before the cells (3.8–3.10) */
	uint32_t cells, frees;
	bool has_self, has_keywords; /* **kwargs stands behind the places */
};

/* After contents_prepare(). */
struct calls_given calls_given_read(uintptr_t code);
/* A hash by `key`; 0: not all of it can be compared. `has_instance`: of self, its address alone
 * is in it. */
uint64_t calls_given_hash(const struct calls_given *given, uintptr_t frame, const uint64_t key[2],
			  bool *has_instance);

#endif

/* What a Python object is, as a keyed hash of all that it says: equal hashes are equal values of
 * equal types.
 *
 * Taken as they are: None, bool, int, float, complex, str, bytes, range; tuple and frozenset of
 * what can be taken; modules, classes, functions without a closure and builtin functions, which
 * are what they are by where they lie, or by their code. Anything else may change behind its
 * address and is not known. Containers that change (list, dict, set) are known for the moment in
 * which they are looked at: of a result, they are (`of_now`).
 *
 * Read are words of the process itself, with the GIL held: nothing is called, allocated or counted.
 * What is read is bounded: of more, nothing is known. Only the hash leaves here, and its key is the
 * caller's.
 */
#ifndef UNSLOW_AGENT_CALLS_CONTENTS_H
#define UNSLOW_AGENT_CALLS_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "python/evaluation.h"

#define CONTENTS_BYTES_MAX 8192u  /* of texts and numbers, about 1.5 ns each */
#define CONTENTS_OBJECTS_MAX 256u /* each about 10 ns */
#define CONTENTS_DEPTH_MAX 6u

struct contents {
	struct hash_stream stream;
	const uint64_t *key;
	uint32_t bytes, objects, depth; /* taken so far; how deep in containers */
	bool of_now;
	bool known; /* all that was given could be taken */
};

/* Finds types by name; once. GIL held. False: this version's objects are not known. */
bool contents_prepare(void);
/* Of the running version; after contents_prepare(). */
extern struct py_evaluation contents_at;

void contents_begin(struct contents *c, const uint64_t key[2], bool of_now);
/* One more value; 0: none stands there. */
void contents_add(struct contents *c, uintptr_t object);
/* The same of a cell's, if that is one. */
void contents_add_cell(struct contents *c, uintptr_t cell);
/* What a cell holds, 0: nothing; of anything else, that. */
uintptr_t contents_in_cell(uintptr_t cell);
/* Of a dict that was made for the call: keys and values, though it is a dict. */
void contents_add_pairs(struct contents *c, uintptr_t dict);
/* An object known by its address alone: it may have changed since. */
void contents_add_address(struct contents *c, uintptr_t object);
/* The hash, never 0; 0: not all of it is known. */
uint64_t contents_end(struct contents *c);

/* Can such an object be taken at all? */
bool contents_takes(uintptr_t object);

#endif

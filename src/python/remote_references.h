/* What an object of a Python read from outside refers to, as far as that can be seen by offsets: a
 * dict's keys and values, items of lists, tuples and sets, attributes, and every word of an object
 * itself, whatever its type says of it. What a type in C keeps in memory of its own is not seen.
 *
 * Words are told, not references: one that is no address is for the caller to pass over. All is
 * hostile: counts are bounded, and the caller may end it at each word.
 */
#ifndef UNSLOW_PYTHON_REMOTE_REFERENCES_H
#define UNSLOW_PYTHON_REMOTE_REFERENCES_H

#include "python/remote_size.h"

enum remote_link_kind {
	REMOTE_ITEM = 1, /* of a list, a tuple: index */
	REMOTE_VALUE,    /* of a dict: key */
	REMOTE_KEY,      /* of a dict */
	REMOTE_MEMBER,   /* of a set */
	REMOTE_OWN_DICT, /* the dict that has an instance's attributes */
	REMOTE_ATTRIBUTE,
	REMOTE_IN_BODY, /* somewhere in it */
};

struct remote_link {
	uintptr_t to;
	enum remote_link_kind kind;
	uint64_t index;
	uintptr_t key;
};

/* False: it has seen enough. `to` is 0 where it is asked that alone, in the middle of long tables.
 */
typedef bool remote_link_told(void *context, const struct remote_link *link);
void remote_references(const struct remote_heap *heap, const struct remote_sizes *sizes,
		       uintptr_t object, remote_link_told *tell, void *context);

#endif

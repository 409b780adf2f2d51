/* What is known of a library's object, found by its address.
 *
 * Fixed memory, no lock: an entry is claimed by compare-and-swap on its first
 * member and given back by storing NULL there. An object's own library already
 * keeps two threads from making or freeing the same address at once, so the
 * rest of an entry needs no protection. Entries are looked for in a window of
 * PTR_TABLE_WINDOW places; when it is full, claim fails and the caller counts
 * a loss.
 *
 *     struct entry { _Atomic(void *) key; … };
 *     static struct entry entries[1024];
 *     static const struct ptr_table table = PTR_TABLE(entries);
 */
#ifndef UNSLOW_AGENT_PTR_TABLE_H
#define UNSLOW_AGENT_PTR_TABLE_H

#include <stdatomic.h>
#include <stddef.h>

#define PTR_TABLE_WINDOW 32

struct ptr_table {
	void *entries;
	size_t stride; /* bytes of an entry */
	size_t count;  /* a power of two */
};

#define PTR_TABLE(array) \
	{ \
		.entries = (array), .stride = sizeof(array)[0], \
		.count = sizeof(array) / sizeof(array)[0] \
	}

/* NULL if the address is not known. */
void *ptr_table_find(const struct ptr_table *table, const void *key);
/* A zeroed entry for the address (the old one, if it was still held); NULL if full. */
void *ptr_table_claim(const struct ptr_table *table, void *key);
void ptr_table_release(void *entry);
/* Forget everything. */
void ptr_table_clear(const struct ptr_table *table);

#endif

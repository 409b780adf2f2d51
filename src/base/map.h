/* Map from u64 to u64, and from strings to u64: open addressing, linear probe.
 *
 * Keys of `struct map` may be any u64; a value found is returned by pointer,
 * valid until the next insertion. `struct intern` copies its strings.
 */
#ifndef UNSLOW_BASE_MAP_H
#define UNSLOW_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
	uint64_t key;
	uint64_t value;
	bool used;
};

struct map {
	struct map_slot *slots;
	size_t count;
	size_t capacity; /* power of two, or 0 */
};

void map_free(struct map *m);
uint64_t *map_find(const struct map *m, uint64_t key); /* NULL if absent */
/* The value of key, made as 0 if absent; *is_new may be NULL. */
uint64_t *map_put(struct map *m, uint64_t key, bool *is_new);
bool map_remove(struct map *m, uint64_t key);
/* Walk: start with *cursor = 0; returns false at the end. */
bool map_next(const struct map *m, size_t *cursor, uint64_t *key, uint64_t *value);

/* Strings numbered from 1 in order of first sight. */
struct intern;
struct intern *intern_new(void);
void intern_free(struct intern *in);
uint32_t intern_id(struct intern *in, const char *bytes, size_t length, bool *is_new);
const char *intern_text(const struct intern *in, uint32_t id, size_t *length); /* NULL if unknown */
uint32_t intern_count(const struct intern *in);

#endif

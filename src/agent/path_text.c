#include "agent/path_text.h"

#include <string.h>

#include "agent/dict.h"
#include "agent/handles.h"
#include "base/hash.h"
#include "base/pathmask.h"

#define KNOWN_PATHS 512                 /* power of two */
#define PATH_TEXTS_MAX (DICT_TEXTS / 4) /* after these only directories are told apart */

/* Two words that are right only together: key ^ value. A reader between two
 * writers' stores finds a pair of no path. */
static struct {
	_Atomic uint64_t check, value; /* value: generation << 32 | text id */
} known[KNOWN_PATHS];

static uint32_t masked_id(enum path_kind kind, const char *path, size_t length)
{
	char shown[PEER_TEXT_MAX];
	size_t shown_length = pathmask(path, length, shown, sizeof shown);
	if (kind == PATH_OF_DATABASE || dict_text_count() < PATH_TEXTS_MAX)
		return dict_text_id(shown, shown_length);
	/* Temporary files have a new name each time and would fill the table. */
	const char *slash = memrchr(shown, '/', shown_length);
	return slash ? dict_text_id(shown, (size_t)(slash - shown) + 1) : 0;
}

uint32_t path_text_id(enum path_kind kind, const char *path, size_t length)
{
	uint32_t generation = dict_generation();
	if (generation == 0)
		return 0;
	if (length > PEER_TEXT_MAX)
		length = PEER_TEXT_MAX;
	uint64_t key = hash_bytes(path, length) ^ hash_mix64(kind);
	size_t at = key % KNOWN_PATHS;
	uint64_t value = atomic_load_explicit(&known[at].value, memory_order_relaxed);
	uint64_t check = atomic_load_explicit(&known[at].check, memory_order_relaxed);
	if ((check ^ value) == key && value >> 32 == generation)
		return (uint32_t)value;
	uint32_t id = masked_id(kind, path, length);
	value = (uint64_t)generation << 32 | id;
	atomic_store_explicit(&known[at].value, value, memory_order_relaxed);
	atomic_store_explicit(&known[at].check, key ^ value, memory_order_relaxed);
	return id;
}

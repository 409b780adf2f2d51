/* Walks of the heap on their way into the recording: walk, walk_type, walk_holder.
 *
 * The probe hands over what it has copied and checked (probe/walk_reader.h), texts as it made them.
 * Ceilings count what did not fit as losses of the process. No address is among it.
 */
#ifndef UNSLOW_RECORDING_WALKS_H
#define UNSLOW_RECORDING_WALKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording/ingest.h"

#define WALKS_MAX 4096u          /* of a recording */
#define WALK_TYPES_MAX 512u      /* of a walk: those with most bytes */
#define WALK_ROWS_MAX (1u << 20) /* of types, of a recording */
#define WALK_COUNT_MAX (UINT64_C(1) << 53)

struct walk_name {
	const char *bytes; /* not checked for UTF-8 */
	size_t length;
};

struct walk_type_row {
	struct walk_name name;
	uint64_t count, tracked, bytes;
	int64_t deep_bytes; /* -1: not known; likewise */
	int64_t garbage_count, garbage_bytes;
	bool is_class;
};

struct walk_holder_row {
	struct walk_name type;
	uint64_t bytes;
	int64_t deep_bytes; /* -1: not known; likewise */
	int64_t shared_bytes;
	int64_t length;         /* len() of it; -1: it has none */
	int64_t site;           /* of heap_file.h, not checked; -1: none, the walk chose it */
	bool maybe_recycled;    /* it may be of an object that was at its place before */
	const char *root;       /* "module", "class", …: see schema.sql */
	struct walk_name label; /* of the root */
	const char *expression;
	struct walk_name in_type; /* of what holds it */
	int64_t in_length;
	/* of a cache; -1: it is none, limit also: it has none */
	int64_t cache_entries, cache_limit, cache_hits, cache_misses;
	uint64_t references, found;
};

#define WALK_OUTSIDE "outside"
#define WALK_FORKED "fork"

struct walk_row_facts {
	const char *how; /* WALK_OUTSIDE, WALK_FORKED */
	uint32_t number;
	const char *state;  /* "done", "failed" */
	const char *reason; /* NULL: none */
	bool cut, holders_cut;
	uint64_t begun_ns, pause_ns, held_ns, took_ns, cpu_ns;
	uint64_t anonymous_bytes, room_bytes;
	uint64_t objects, tracked, references, bytes;
	int64_t garbage_objects, garbage_bytes, trim_bytes; /* -1: not known */
	int64_t changed; /* read from outside: links and objects that changed meanwhile; likewise */
	const struct walk_type_row *types; /* those with most bytes first */
	size_t type_count;
	const struct walk_holder_row *holders;
	size_t holder_count;
};

/* Nothing where the process is not known. */
void ingest_walk(struct ingest *in, uint32_t serial, const struct walk_row_facts *walk);

#endif

/* Exact sums over every call: the rows of usage_10s.
 *
 * A row is a key within a slot of 10 s. Rows that changed are written once a
 * second under the row id they got at first, so that a killed writer loses at
 * most the last second. Slots older than USAGE_SLOTS are forgotten; a call that
 * comes later still begins rows of its own: sums over rows stay exact.
 */
#ifndef UNSLOW_RECORDING_USAGE_H
#define UNSLOW_RECORDING_USAGE_H

#include <stdint.h>

#include "agent/channel.h"
#include "recording/recording.h"

#define USAGE_SLOT_NS UINT64_C(10000000000)
#define USAGE_SLOTS 3
#define USAGE_KEYS_MAX 100000u /* of a slot; past it stack and subject are left out of the key */

/* No padding: keys are compared byte by byte. Ids are global; 0: none. */
struct usage_key {
	uint32_t route;
	uint32_t stack;
	uint32_t subject;
	uint16_t kind;     /* enum record_kind */
	uint8_t peer_kind; /* enum peer_kind, USAGE_NO_PEER: no handle */
	uint8_t flags;     /* USAGE_NESTED, USAGE_ON_LOOP */
};
#define USAGE_NO_PEER 0xff
#define USAGE_NESTED 1
#define USAGE_ON_LOOP 2
_Static_assert(sizeof(struct usage_key) == 16, "no padding");

struct usage_sums {
	uint64_t units;
	uint64_t calls;
	uint64_t failed;
	uint64_t dur_ns;
	uint64_t cpu_ns;
	uint64_t blocked_ns; /* dur - cpu of the calls whose CPU was measured; not stored */
	uint64_t max_ns;
	uint64_t bytes;
	uint64_t others_ns;
	uint64_t aux_ns;
};

struct usage;

struct usage *usage_new(struct recording *recording);
void usage_free(struct usage *usage); /* NULL is allowed */
void usage_add(struct usage *usage, uint64_t at_ns, const struct usage_key *key,
	       const struct usage_sums *sums);
void usage_sum(struct usage_sums *into, const struct usage_sums *more);
/* Write the rows that changed. */
void usage_write(struct usage *usage);
/* Calls whose key was made coarser. */
uint64_t usage_coarsened(const struct usage *usage);

#endif

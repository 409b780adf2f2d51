/* Hashes used by program and agent alike: no allocation, no state.
 *
 * mix64: finaliser of SplitMix64 (Steele, Lea, Flood 2014).
 * siphash: SipHash-2-4 (Aumasson, Bernstein 2012), keyed; used where the key
 *   must make the value useless once the key is thrown away.
 */
#ifndef UNSLOW_BASE_HASH_H
#define UNSLOW_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t hash_mix64(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint64_t hash_siphash(const void *bytes, size_t length, const uint64_t key[2]);

/* The same of what comes in pieces: the result does not depend on where they were cut. */
struct hash_stream {
	uint64_t v[4];
	uint64_t word; /* bytes that do not make eight yet, the first one lowest */
	uint64_t length;
};
void hash_stream_begin(struct hash_stream *stream, const uint64_t key[2]);
void hash_stream_add(struct hash_stream *stream, const void *bytes, size_t length);
/* The stream is used up. */
uint64_t hash_stream_end(struct hash_stream *stream);

/* Eight bytes at a time through mix64: for tables of one process, not against an adversary. */
uint64_t hash_bytes(const void *bytes, size_t length);

#endif

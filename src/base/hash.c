#include "base/hash.h"

#include <string.h>

static inline uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* Little-endian whatever the machine: the paper's byte order. */
static inline uint64_t load_le64(const unsigned char *bytes, size_t length)
{
	uint64_t word = 0;
	for (size_t i = 0; i < length; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	return word;
}

uint64_t hash_siphash(const void *bytes, size_t length, const uint64_t key[2])
{
	/* The constants spell "somepseudorandomlygeneratedbytes" (paper, section 2.1). */
	uint64_t v[4] = {
		key[0] ^ UINT64_C(0x736f6d6570736575),
		key[1] ^ UINT64_C(0x646f72616e646f6d),
		key[0] ^ UINT64_C(0x6c7967656e657261),
		key[1] ^ UINT64_C(0x7465646279746573),
	};
	const unsigned char *at = bytes;
	size_t left = length;
	for (; left >= 8; at += 8, left -= 8) {
		const uint64_t word = load_le64(at, 8);
		v[3] ^= word;
		sip_round(v);
		sip_round(v);
		v[0] ^= word;
	}
	const uint64_t last = load_le64(at, left) | (uint64_t)(length & 0xff) << 56;
	v[3] ^= last;
	sip_round(v);
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t hash = length * UINT64_C(0x9e3779b97f4a7c15);
	size_t left = length;
	for (; left >= sizeof hash; at += sizeof hash, left -= sizeof hash) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		hash = hash_mix64(hash ^ word);
	}
	return hash_mix64(hash ^ load_le64(at, left));
}

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

static inline void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

void hash_stream_begin(struct hash_stream *stream, const uint64_t key[2])
{
	/* The constants spell "somepseudorandomlygeneratedbytes" (paper, section 2.1). */
	*stream = (struct hash_stream){.v = {
					       key[0] ^ UINT64_C(0x736f6d6570736575),
					       key[1] ^ UINT64_C(0x646f72616e646f6d),
					       key[0] ^ UINT64_C(0x6c7967656e657261),
					       key[1] ^ UINT64_C(0x7465646279746573),
				       }};
}

void hash_stream_add(struct hash_stream *stream, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	const size_t held = stream->length % 8;
	size_t left = length;
	stream->length += length;
	if (held) {
		const size_t missing = 8 - held;
		const size_t take = left < missing ? left : missing;
		stream->word |= load_le64(at, take) << (8 * held);
		if (take < missing)
			return;
		sip_word(stream->v, stream->word);
		stream->word = 0;
		at += take;
		left -= take;
	}
	for (; left >= 8; at += 8, left -= 8)
		sip_word(stream->v, load_le64(at, 8));
	if (left)
		stream->word = load_le64(at, left);
}

uint64_t hash_stream_end(struct hash_stream *stream)
{
	uint64_t *v = stream->v;
	sip_word(v, stream->word | (stream->length & 0xff) << 56);
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t hash_siphash(const void *bytes, size_t length, const uint64_t key[2])
{
	struct hash_stream stream;
	hash_stream_begin(&stream, key);
	hash_stream_add(&stream, bytes, length);
	return hash_stream_end(&stream);
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

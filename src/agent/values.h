/* Whether two runs of a statement bound the same values, without keeping any.
 *
 * What is bound passes through SipHash with the key of the recording (channel.h), which is never
 * stored: without it a hash says nothing of a value, however few there are to guess. Equal hashes
 * are equal values in equal order and of equal types; unequal ones may still be equal values (a
 * driver that sends them in another form). What is not known for certain is 0, which is equal to
 * nothing. Plain data, of the statement or connection that it lies in.
 */
#ifndef UNSLOW_AGENT_VALUES_H
#define UNSLOW_AGENT_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* Bytes of one execution that are hashed, about 1.5 ns each; of more, equality is not known. */
#define VALUES_BYTES_MAX 65536u

struct values {
	struct hash_stream stream;
	bool known;
};

void values_begin(struct values *values);
/* More of them; the caller marks where one value ends. */
void values_add(struct values *values, const void *bytes, size_t length);
void values_forget(struct values *values);
/* Their hash, 0: not known. Nothing is known after it until values_begin(). */
uint64_t values_end(struct values *values);

/* RECORD_VALUES of the statement that began at `start_ns`; nothing if the hash is 0. */
void values_write(uint64_t start_ns, uint64_t unit, uint32_t handle, uint64_t hash);

#endif

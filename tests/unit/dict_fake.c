#include "dict_fake.h"

#include <string.h>

static _Alignas(8) unsigned char dictionary[DICTIONARY_BYTES];
size_t dictionary_used, dictionary_limit;
int codes_written, stacks_written;
uint32_t generation;
const struct dict_code *last_code;
const struct dict_stack *last_stack;

uint32_t dict_generation(void)
{
	return generation;
}

uint32_t fill_256;

uint32_t dict_fill_256(void)
{
	return fill_256;
}

void *dict_reserve(enum dict_kind kind, size_t payload_bytes)
{
	size_t size = 8 + (payload_bytes + 7) / 8 * 8;
	unsigned char *entry = dictionary + dictionary_used;

	if (dictionary_used + size > dictionary_limit)
		return NULL;
	dictionary_used += size;
	memset(entry, 0, size);
	entry[0] = (unsigned char)kind;
	return entry + 8;
}

void dict_publish(void *payload)
{
	if (((unsigned char *)payload)[-8] == DICT_CODE) {
		codes_written++;
		last_code = payload;
	} else {
		stacks_written++;
		last_stack = payload;
	}
}

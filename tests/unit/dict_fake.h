/* A dictionary that remembers what was published in it; for tests of what is written there. */
#ifndef UNSLOW_TESTS_DICT_FAKE_H
#define UNSLOW_TESTS_DICT_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/dict.h"

enum { DICTIONARY_BYTES = 1 << 20 };

extern size_t dictionary_used, dictionary_limit;
extern int codes_written, stacks_written;
extern uint32_t generation, fill_256;     /* what it answers */
extern const struct dict_code *last_code; /* NULL: none yet */
extern const struct dict_stack *last_stack;

#endif

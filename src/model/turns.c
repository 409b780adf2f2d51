#include "model/turns.h"

#include "base/hash.h"

int turns_first(size_t at, uint64_t seed)
{
	const int of_two = (int)(hash_mix64(seed + at / 2) >> 63);
	return at % 2 ? !of_two : of_two;
}

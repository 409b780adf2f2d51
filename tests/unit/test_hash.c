/* Hashes: SipHash-2-4 against the vectors of its authors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"

/* Aumasson, Bernstein, "SipHash: a fast short-input PRF", appendix A, and
 * vectors.h of the reference code: key 00…0f, input 00…(n-1). */
static void test_siphash_vectors(void **state)
{
	(void)state;
	static const struct {
		size_t length;
		uint64_t hash;
	} rows[] = {
		{0, UINT64_C(0x726fdb47dd0e0e31)},  {1, UINT64_C(0x74f839c593dc67fd)},
		{7, UINT64_C(0xab0200f58b01d137)},  {8, UINT64_C(0x93f5f5799a932462)},
		{15, UINT64_C(0xa129ca6149be45e5)},
	};
	const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
	unsigned char input[16];
	for (size_t i = 0; i < sizeof input; i++)
		input[i] = (unsigned char)i;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(hash_siphash(input, rows[i].length, key) == rows[i].hash);
}

static void test_pieces_do_not_matter(void **state)
{
	(void)state;
	const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
	unsigned char input[40];
	for (size_t i = 0; i < sizeof input; i++)
		input[i] = (unsigned char)(i * 7);
	for (size_t length = 0; length <= sizeof input; length++)
		for (size_t piece = 1; piece <= 17; piece++) {
			struct hash_stream stream;
			hash_stream_begin(&stream, key);
			for (size_t at = 0; at < length; at += piece)
				hash_stream_add(&stream, input + at,
						length - at < piece ? length - at : piece);
			assert_true(hash_stream_end(&stream) == hash_siphash(input, length, key));
		}
}

static void test_key_matters(void **state)
{
	(void)state;
	const uint64_t a[2] = {1, 2};
	const uint64_t b[2] = {1, 3};
	assert_true(hash_siphash("x", 1, a) != hash_siphash("x", 1, b));
}

static void test_bytes_differ(void **state)
{
	(void)state;
	assert_true(hash_bytes("ab", 2) != hash_bytes("ba", 2));
	assert_true(hash_bytes("a\0", 2) != hash_bytes("a", 1));
	assert_true(hash_bytes("ab", 2) == hash_bytes("ab", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_siphash_vectors),
		cmocka_unit_test(test_pieces_do_not_matter),
		cmocka_unit_test(test_key_matters),
		cmocka_unit_test(test_bytes_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* libFuzzer: sqlfp_make reads and writes inside its bounds, writes UTF-8
 * without control bytes, and its output is its own fingerprint. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sqlfp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	size_t out_size = data[0] < 200 ? 4096 : (size_t)(data[0] - 199);
	data++;
	size--;
	char *in = malloc(size ? size : 1); /* exact size: a read past the end is seen */
	char *once = malloc(out_size);
	char *twice = malloc(out_size);
	if (!in || !once || !twice)
		abort();
	memcpy(in, data, size);
	struct sqlfp a = sqlfp_make(in, size, once, out_size);
	if (a.length >= out_size || once[a.length] != '\0' || strlen(once) != a.length)
		abort();
	for (size_t i = 0; i < a.length; i++)
		if ((unsigned char)once[i] < ' ' || once[i] == 0x7f)
			abort();
	struct sqlfp b = sqlfp_make(once, a.length, twice, out_size);
	if (b.length != a.length || memcmp(once, twice, a.length) != 0) {
		fprintf(stderr, "once:  %s\ntwice: %s\n", once, twice);
		abort();
	}
	free(in);
	free(once);
	free(twice);
	return 0;
}

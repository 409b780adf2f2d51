/* Decodes line tables read from standard input, for lines_check.py.
 *
 * In:  FORMAT FIRST_LINE CODE_BYTES HEX_TABLE   (HEX_TABLE "-" when empty)
 * Out: the line of each even offset below CODE_BYTES, 0 where there is none
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "python/lines.h"

#define TABLE_MAX (1u << 20)

static char hex[2 * TABLE_MAX + 2];
static uint8_t table[TABLE_MAX];

static size_t read_table(void)
{
	size_t size = 0;

	for (unsigned byte; hex[0] != '-' && sscanf(hex + 2 * size, "%2x", &byte) == 1; size++)
		table[size] = (uint8_t)byte;
	return size;
}

int main(void)
{
	unsigned format, code_bytes;
	int first_line;

	/* the width is 2 × TABLE_MAX */
	while (scanf("%u %d %u %2097152s", &format, &first_line, &code_bytes, hex) == 4) {
		size_t size = read_table();

		for (uint32_t offset = 0; offset < code_bytes; offset += 2)
			printf("%" PRId32 " ", lines_find((enum py_line_format)format, table, size,
							  first_line, offset));
		putchar('\n');
	}
	return ferror(stdin) || ferror(stdout);
}

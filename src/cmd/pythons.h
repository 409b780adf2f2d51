/* Programs of a name on PATH, and what they say of their version. */
#ifndef UNSLOW_CMD_PYTHONS_H
#define UNSLOW_CMD_PYTHONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct python_program {
	char path[PATH_MAX];
	char implementation[32]; /* "cpython", "pypy"; "" if it could not be asked */
	char version[32];        /* "3.12.1" */
	uint32_t version_hex;    /* sys.hexversion */
};

/* Every python3 and python3.N on PATH, links to the same file once; each is run
 * with -I -S -c to ask it, for at most 5 s. Their number. */
int pythons_find(struct python_program *found, int max);
/* Ask one program. */
void pythons_ask(struct python_program *python);

#endif

/* Text files carried inside the program; tables made by rules/embed.py at build time. */
#ifndef UNSLOW_BASE_EMBEDDED_H
#define UNSLOW_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path; /* from the folder, "db/n-plus-one-queries.sql"; NULL: end of the table */
	const char *text;
};

#endif

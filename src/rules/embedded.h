/* Text files carried inside the program; tables made by embed.py at build time. */
#ifndef UNSLOW_RULES_EMBEDDED_H
#define UNSLOW_RULES_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path; /* from the folder, "db/n-plus-one-queries.sql"; NULL: end of the table */
	const char *text;
};

extern const struct embedded_file embedded_rules[];   /* src/rules/GROUP/ID.sql */
extern const struct embedded_file embedded_common[];  /* src/rules/common.sql, fixes.sql */
extern const struct embedded_file embedded_pages[];   /* docs/causes/ID.md */
extern const struct embedded_file embedded_fixture[]; /* tests/rules/fixture.sql */

#endif

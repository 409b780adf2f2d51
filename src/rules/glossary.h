/* Every id that an answer may print, in one line each: causes with a rule have a
 * page besides (docs/causes); the others are what a cause is taken for, what a
 * state of the ledger points at, and remedies that would not cure it.
 */
#ifndef UNSLOW_RULES_GLOSSARY_H
#define UNSLOW_RULES_GLOSSARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum glossary_kind {
	GLOSSARY_RULE,   /* unslow finds it; has a page */
	GLOSSARY_RIVAL,  /* told apart from a cause, not found by itself */
	GLOSSARY_REMEDY, /* of "what would not cure it" */
};

struct glossary_entry {
	const char *id;
	enum glossary_kind kind;
	const char *line;
};

/* Those without a page; end: id NULL. */
extern const struct glossary_entry glossary[];

/* The page of a cause, or NULL. */
const char *glossary_page(const char *id);
/* The row of an id without a page, or NULL. */
const struct glossary_entry *glossary_find(const char *id);
/* The id of a cause with a page that `text` may be a slip for; false: none is near. */
bool glossary_nearest(const char *text, char *out, size_t size);
/* All ids with their line, by kind. */
void glossary_list(FILE *out);

#endif

/* Python source with its strings and comments blanked, so that what looks like code is code.
 *
 * The text may be anything. f-strings stay, as they use names.
 */
#ifndef UNSLOW_RULES_BLANKED_H
#define UNSLOW_RULES_BLANKED_H

#include <stdbool.h>
#include <stddef.h>

/* What stands for a newline inside a string: blank space that no statement ends at. */
#define BLANKED_NEWLINE '\v'

/* In place, each character by one. */
void blanked(char *text, size_t length);
/* Is it a character of a name? */
bool blanked_is_word(char c);
/* Bytes of blank space it begins with. */
size_t blanked_indent(const char *text);
/* Where a line begins, from 1; past the end: the end. */
const char *blanked_line(const char *text, int number);

#endif

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
/* What stands behind that. */
const char *blanked_code(const char *text);
/* `word` in [from, to), no part of a longer one; NULL: none. */
const char *blanked_find_word(const char *from, const char *to, const char *word);

/* Lines are named by where they begin. From 1; past the end: the end. */
const char *blanked_line(const char *text, int number);
/* Its newline, or the text's end. */
const char *blanked_line_end(const char *line);
const char *blanked_next_line(const char *line);                     /* none: the text's end */
const char *blanked_line_before(const char *text, const char *line); /* none: NULL */
bool blanked_is_empty(const char *line);                             /* but for blanks */
/* Does its code begin with that? */
bool blanked_begins(const char *line, const char *word);

#endif

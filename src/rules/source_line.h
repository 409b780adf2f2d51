/* The text of a source line, or of all lines, where the file can be read on this machine. */
#ifndef UNSLOW_RULES_SOURCE_LINE_H
#define UNSLOW_RULES_SOURCE_LINE_H

#include <stdint.h>

#include "base/arena.h"

/* Trimmed, at most 160 bytes, control characters blanked; NULL when there is none. Regular files
 * only: the name comes from a recording and may be anything. */
const char *source_line(struct arena *arena, const char *file, int line);
/* The same, but NULL if the file was changed after this time (CLOCK_REALTIME nanoseconds): the line
 * may then be another. */
const char *source_line_as_of(struct arena *arena, const char *file, int line, int64_t time_ns);

/* All of the file, under the same condition; NULL when there is none. */
const char *source_text_as_of(struct arena *arena, const char *file, int64_t time_ns);

#endif

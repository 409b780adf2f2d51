/* A frame as one line of text. */
#ifndef UNSLOW_EXPORT_FRAME_H
#define UNSLOW_EXPORT_FRAME_H

#include <stdio.h>

#include "model/profile.h"

#define FRAME_TEXT_SIZE 1024

/* "function (package/file.py:12)" into out, which has FRAME_TEXT_SIZE bytes and is returned.
 * Well-formed UTF-8 without control characters: those, and bytes that are no UTF-8, become '?'. */
char *frame_text(const struct profile_function *f, char *out);
/* The same for any text: cleaned into out, cut at a whole character. */
char *frame_clean(const char *text, char *out, size_t size);
/* Clean text as text of an SVG. */
void frame_xml(FILE *out, const char *clean);

#endif

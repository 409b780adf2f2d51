/* A line for /bin/sh without its secrets: each of its simple commands as mask.h shows it.
 *
 * The line is cut where sh cuts it (POSIX.1-2017, XCU 2.3: blanks, quotes, operators), as a word is
 * only shown by its place in a command. From the first thing on whose places are not known here (an
 * expansion, a here-document, a compound command, a comment, an open quote), all is one `***`.
 * Owns nothing.
 */
#ifndef UNSLOW_BASE_MASK_LINE_H
#define UNSLOW_BASE_MASK_LINE_H

#include "base/str.h"

void mask_line(const char *line, struct str *out);

#endif

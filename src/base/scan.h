/* Text taken apart from left to right: the lines of /proc and what a process says of itself.
 *
 * Each step looks at what stands at *at. If it is what the step names, *at moves behind it;
 * if not, the step is false and *at stays, so that steps are joined by && and a line that is not
 * of its form is refused whole. Nothing is skipped unasked: no blanks, signs or 0x before a number.
 */
#ifndef UNSLOW_BASE_SCAN_H
#define UNSLOW_BASE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

/* All digits that stand there, as one number of at most `most`. False also for a larger one. */
bool scan_decimal(const char **at, uint64_t most, uint64_t *number);
bool scan_hex(const char **at, uint64_t most, uint64_t *number); /* digits of either case */

bool scan_text(const char **at, const char *text);

/* `count` words: blanks or none, then a byte or more that is no blank. Blanks are ' ' and tab. */
bool scan_words(const char **at, int count);

/* Blanks, or none. Always true, to stand among the other steps. */
bool scan_blanks(const char **at);

#endif

/* Figures of a load as people read them: three significant digits, the unit that fits. */
#ifndef UNSLOW_LOAD_LOAD_TEXT_H
#define UNSLOW_LOAD_LOAD_TEXT_H

#include <stdint.h>
#include <stdio.h>

#define LOAD_TEXT_SIZE 40

/* "0.85 us", "68.2 us", "0.42 ms", "12.3 ms", "940 ms", "3.10 s". All return `out`, which has
 * LOAD_TEXT_SIZE bytes. */
const char *load_text_time(uint64_t ns, char *out);
const char *load_text_count(uint64_t count, char *out);   /* "12,345" */
const char *load_text_rate(double per_second, char *out); /* "1,000", "99.7", "0.5" */
const char *load_text_bytes(uint64_t bytes, char *out);   /* "1.24 MB", powers of 1,000 */

/* From column `indent` on, where the cursor is, to `width`; further lines are indented as much.
 * The text is ours, so a byte is a column. */
void load_text_wrapped(FILE *out, const char *text, int indent, int width);

#endif

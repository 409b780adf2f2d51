/* `unslow time`: what was measured as text, or as unslow.time/1 (docs/time.schema.json). */
#ifndef UNSLOW_VIEW_TIMING_H
#define UNSLOW_VIEW_TIMING_H

#include <stdbool.h>
#include <stdio.h>

#include "timing/timing.h"

struct timing_page {
	const struct timing_plan *plan;
	const struct timing_data *data;
	const struct timing_result *result;
};

void view_timing_text(const struct timing_page *page, FILE *out, bool colour, int width);
void view_timing_json(const struct timing_page *page, FILE *out);

/* The verdict of a snippet against A in words, the same in both: "slower than A by 10.4 % (8.1 …
 * 12.7)", "no difference found: less than 0.7 %", "cannot tell them apart: -0.4 to +2.1 %". */
#define TIMING_WORDS_SIZE 160
const char *timing_verdict_words(const struct timing_result *result, size_t row,
				 enum timing_metric metric, char text[TIMING_WORDS_SIZE]);
/* "8.12 µs": three digits in the unit that fits; and values in the unit of another. Both return
 * `text`. */
#define TIMING_FIGURE_SIZE 40
const char *timing_time(double ns, char text[TIMING_FIGURE_SIZE]);
const char *timing_time_as(double ns, double like_ns, bool with_unit,
			   char text[TIMING_FIGURE_SIZE]);
/* "0.52", "10.4" without a sign: as many decimals as say something. */
const char *timing_per_cent(double share, char text[TIMING_FIGURE_SIZE]);
/* "0.985", "12.4", "3,909,249"; "-": not known. */
const char *timing_ratio(double ratio, char text[TIMING_FIGURE_SIZE]);
/* What the figures do not say by themselves: few processes, an interruption, time off the CPU. Of
 * the note `at`; false: there are no more. */
#define TIMING_NOTE_SIZE 240
bool timing_note(const struct timing_page *page, size_t at, char text[TIMING_NOTE_SIZE]);

#endif

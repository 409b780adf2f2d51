/* Small helpers of text output: appending, wrapping, clipping, times, bars. Widths are in
 * columns; a UTF-8 character counts as one.
 */
#ifndef UNSLOW_VIEW_TEXT_H
#define UNSLOW_VIEW_TEXT_H

#include <stddef.h>
#include <stdio.h>

#define TEXT_LEAST_MS 0.0005 /* printed as 0.000 below */
#define TEXT_TIME_SIZE 24

/* "0.42 ms", "12 ms", "3.1 s" into out, which has TEXT_TIME_SIZE bytes. Returns out. */
const char *text_time_ms(double ms, char *out);
#define TEXT_FIGURE_SIZE 330 /* the longest double in full */
/* Three significant digits; whole from 1,000 on, with its thousands apart. */
const char *text_figure(double value, char *out);
#define TEXT_BYTES_SIZE 24
/* "512 B", "7.63 MiB", "152.6 MiB" into out, which has TEXT_BYTES_SIZE bytes. Returns out. */
const char *text_bytes(double bytes, char *out);
/* Append to a text of `used` bytes, cut at `size` bytes. Returns the new length, that without the
 * cut as of snprintf(): to be passed on as `used`, not to be used as an index unchecked. */
__attribute__((format(printf, 4, 5))) int text_add(char *text, size_t size, int used,
						   const char *format, ...);
size_t text_columns(const char *text);
/* Print with a hanging indent: the first line goes on where the caller is (`at` columns). Control
 * characters of the text are printed as '?': it may come from a hostile target. */
void text_wrap(FILE *out, const char *text, int at, int indent, int width);
/* The same without wrapping, at most `columns` wide, cut with an ellipsis on the left (paths). */
void text_clip_left(FILE *out, const char *text, int columns);
/* Likewise, cut on the right with a tilde. */
void text_clip_right(FILE *out, const char *text, int columns);
void text_clean(FILE *out, const char *text);
/* The same into out, cut at a character, with "…", where it is longer than `size` bytes (8 or
 * more). Returns out. */
const char *text_cut(const char *text, char *out, size_t size);
/* The path as seen from the current directory if it lies under it, else as it is. Part of `path`.
 */
const char *text_path(const char *path);
/* The same, else the path's last two parts: "workers/sync.py". */
const char *text_short_path(const char *path);
/* `cells` block characters, filled to `share` of them. */
void text_bar(FILE *out, double share, int cells);
int text_bar_cells(double share, int cells); /* how many are filled */

#endif

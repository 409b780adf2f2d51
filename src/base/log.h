/* Talk on stderr: levels by -q and -v, colours by the terminal.
 *
 * Colours: NO_COLOR beats CLICOLOR_FORCE beats isatty (design.md). Nothing
 * below src/cmd/ writes to stdout; nothing writes to stderr but this file.
 */
#ifndef UNSLOW_BASE_LOG_H
#define UNSLOW_BASE_LOG_H

#include <stdbool.h>
#include <stdio.h>

enum log_level { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1 };

void log_set_level(enum log_level level);
enum log_level log_get_level(void);

__attribute__((format(printf, 1, 2))) void log_error(const char *format, ...); /* always */
__attribute__((format(printf, 1, 2))) void log_warn(const char *format, ...);  /* not with -q */
__attribute__((format(printf, 1, 2))) void log_info(const char *format, ...);  /* not with -q */
__attribute__((format(printf, 1, 2))) void log_debug(const char *format, ...); /* only with -v */
/* One line that is overwritten by the next; only on a terminal, not with -q. */
__attribute__((format(printf, 1, 2))) void log_progress(const char *format, ...);
void log_progress_end(void);

/* As messages are written: what a terminal would obey is '?'. Names in them come from anywhere. */
void log_text(FILE *out, const char *text);

bool log_colour_wanted(FILE *stream);

enum style { STYLE_NONE, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_YELLOW, STYLE_GREEN, STYLE_CYAN };
/* The escape sequence, or "" when colours are not wanted. STYLE_NONE resets. */
const char *log_style(bool colour, enum style style);

#endif

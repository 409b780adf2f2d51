#include "base/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum log_level current_level = LOG_NORMAL;
static bool progress_shown;

void log_set_level(enum log_level level)
{
	current_level = level;
}

enum log_level log_get_level(void)
{
	return current_level;
}

/* https://no-color.org and https://bixense.com/clicolors: set and not empty;
 * CLICOLOR_FORCE=0 is not set. */
bool log_colour_wanted(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");
	if (no_color && *no_color)
		return false;
	const char *force = getenv("CLICOLOR_FORCE");
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	const char *term = getenv("TERM");
	return isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
}

const char *log_style(bool colour, enum style style)
{
	static const char *const sequences[] = {
		[STYLE_NONE] = "\033[0m",  [STYLE_BOLD] = "\033[1m",    [STYLE_DIM] = "\033[2m",
		[STYLE_RED] = "\033[31m",  [STYLE_YELLOW] = "\033[33m", [STYLE_GREEN] = "\033[32m",
		[STYLE_CYAN] = "\033[36m",
	};
	return colour ? sequences[style] : "";
}

void log_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		const unsigned char byte = (unsigned char)text[0], next = (unsigned char)text[1];
		const bool is_c1 = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
		fputc(is_c1 || byte < 0x20 || byte == 0x7f ? '?' : byte, out);
		text += is_c1;
	}
}

__attribute__((format(printf, 3, 0))) static void write_line(const char *label, enum style style,
							     const char *format, va_list args)
{
	const bool colour = log_colour_wanted(stderr);
	log_progress_end();
	fprintf(stderr, "unslow: %s%s%s", log_style(colour && *label, style), label,
		log_style(colour && *label, STYLE_NONE));
	char *text;
	if (vasprintf(&text, format, args) >= 0) {
		log_text(stderr, text);
		free(text);
	}
	fputc('\n', stderr);
}

void log_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line("error: ", STYLE_RED, format, args);
	va_end(args);
}

void log_warn(const char *format, ...)
{
	if (current_level < LOG_NORMAL)
		return;
	va_list args;
	va_start(args, format);
	write_line("warning: ", STYLE_YELLOW, format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	if (current_level < LOG_NORMAL)
		return;
	va_list args;
	va_start(args, format);
	write_line("", STYLE_NONE, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	if (current_level < LOG_VERBOSE)
		return;
	va_list args;
	va_start(args, format);
	write_line("", STYLE_NONE, format, args);
	va_end(args);
}

void log_progress(const char *format, ...)
{
	if (current_level < LOG_NORMAL || !isatty(STDERR_FILENO))
		return;
	va_list args;
	va_start(args, format);
	fputs("\r\033[K", stderr); /* to the first column, erase the line */
	vfprintf(stderr, format, args);
	fflush(stderr);
	progress_shown = true;
	va_end(args);
}

void log_progress_end(void)
{
	if (!progress_shown)
		return;
	fputs("\r\033[K", stderr);
	progress_shown = false;
}

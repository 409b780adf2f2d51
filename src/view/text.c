#include "view/text.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

const char *text_time_ms(double ms, char *out)
{
	double size = fabs(ms);
	if (size < 0.0005) /* would be printed as 0.000 or -0.000 */
		ms = size = 0;
	if (size >= 9999.5)
		snprintf(out, TEXT_TIME_SIZE, "%.1f s", ms / 1e3);
	else
		snprintf(out, TEXT_TIME_SIZE, "%.*f ms",
			 size >= 99.5                  ? 0
			 : size >= 9.95                ? 1
			 : size >= 0.0995 || size == 0 ? 2
						       : 3,
			 ms);
	return out;
}

const char *text_bytes(double bytes, char *out)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	const size_t last = sizeof units / sizeof *units - 1;
	size_t unit = 0;
	/* what would be printed as 1024.0 is of the next unit */
	for (; unit < last && fabs(bytes) >= 1023.95; unit++)
		bytes /= 1024;
	/* at most 1e308 TiB: cut where nothing believes it any more */
	const double shown = fmin(fmax(bytes, -999999), 999999);
	snprintf(out, TEXT_BYTES_SIZE, "%.*f %s",
		 unit == 0             ? 0
		 : fabs(shown) < 9.995 ? 2
				       : 1,
		 fabs(shown) < 0.5 && unit == 0 ? 0 : shown, units[unit]);
	return out;
}

const char *text_figure(double value, char *out)
{
	double size = fabs(value);
	if (size >= 999.5 && size < 1e15) {
		char digits[24];
		int length = snprintf(digits, sizeof digits, "%.0f", size), at = 0;
		if (value < 0)
			out[at++] = '-';
		for (int i = 0; i < length; i++) {
			if (i > 0 && (length - i) % 3 == 0)
				out[at++] = ',';
			out[at++] = digits[i];
		}
		out[at] = '\0';
		return out;
	}
	int decimals = size == 0 || size == floor(size) || size >= 99.95 ? 0
		       : size >= 9.995                                   ? 1
		       : size >= 0.9995                                  ? 2
		       : size >= 0.09995                                 ? 3
									 : 4;
	snprintf(out, TEXT_FIGURE_SIZE, "%.*f", decimals, value);
	return out;
}

int text_add(char *text, size_t size, int used, const char *format, ...)
{
	if (used < 0 || (size_t)used >= size)
		return used;
	va_list values;
	va_start(values, format);
	int n = vsnprintf(text + used, size - (size_t)used, format, values);
	va_end(values);
	return n < 0 ? used : used + n;
}

static int starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

size_t text_columns(const char *text)
{
	size_t columns = 0;
	for (; *text; text++)
		columns += (size_t)starts_character(*text);
	return columns;
}

/* What a terminal would obey becomes '?': C0, DEL, and C1 as UTF-8 writes it (U+0080 to U+009F,
 * of which U+009B begins a sequence as ESC [ does). Returns the bytes taken. */
static size_t put(FILE *out, const char *text)
{
	const unsigned char byte = (unsigned char)text[0], next = (unsigned char)text[1];
	const bool is_c1 = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
	fputc(is_c1 || byte < 0x20 || byte == 0x7f ? '?' : byte, out);
	return is_c1 ? 2 : 1;
}

void text_clean(FILE *out, const char *text)
{
	while (*text)
		text += put(out, text);
}

const char *text_cut(const char *text, char *out, size_t size)
{
	static const char more[] = "…";
	size_t used = 0, whole = 0; /* up to where the mark still fits behind it */
	for (; *text && used + 1 < size; text++) {
		if (starts_character(*text) && used + sizeof more <= size)
			whole = used;
		const unsigned char byte = (unsigned char)*text;
		const bool is_c1 = byte == 0xc2 && ((unsigned char)text[1] & 0xe0) == 0x80;
		out[used++] = is_c1 || byte < 0x20 || byte == 0x7f ? '?' : *text;
		text += is_c1;
	}
	if (*text)
		used = whole + (size_t)snprintf(out + whole, sizeof more, "%s", more);
	out[used] = '\0';
	return out;
}

void text_wrap(FILE *out, const char *text, int at, int indent, int width)
{
	bool spaced = at > indent; /* a word stands before */
	while (*text) {
		while (*text == ' ')
			text++;
		size_t bytes = strcspn(text, " ");
		int columns = 0;
		for (size_t i = 0; i < bytes; i++)
			columns += starts_character(text[i]);
		if (spaced && at + 1 + columns > width) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else if (spaced) {
			fputc(' ', out);
			at++;
		}
		for (size_t i = 0; i < bytes;)
			i += put(out, text + i);
		at += columns;
		spaced = bytes > 0 || spaced;
		text += bytes;
	}
}

void text_clip_left(FILE *out, const char *text, int columns)
{
	int over = (int)text_columns(text) - columns;
	if (over > 0) {
		for (over++; over > 0 && *text; text++)
			over -= starts_character(text[1]);
		fputs("…", out);
	}
	text_clean(out, text);
}

void text_clip_right(FILE *out, const char *text, int columns)
{
	const bool is_cut = (int)text_columns(text) > columns;
	int left = is_cut ? columns - 1 : columns;
	while (*text && left > 0) {
		text += put(out, text);
		while (!starts_character(*text))
			text += put(out, text);
		left--;
	}
	if (is_cut && columns > 0)
		fputc('~', out);
}

const char *text_path(const char *path)
{
	char here[PATH_MAX];
	if (!getcwd(here, sizeof here))
		return path; /* it is gone: nothing lies under it */
	size_t length = strlen(here);
	bool is_under = length > 1 && !strncmp(path, here, length) && path[length] == '/';
	return is_under && path[length + 1] ? path + length + 1 : path;
}

const char *text_short_path(const char *path)
{
	const char *from_here = text_path(path), *at = path + strlen(path);
	if (from_here != path)
		return from_here;
	for (int slashes = 0; at > path; at--)
		if (at[-1] == '/' && ++slashes == 2)
			break;
	return at;
}

int text_bar_cells(double share, int cells)
{
	return (int)lround(fmax(0, fmin(1, share)) * cells);
}

void text_bar(FILE *out, double share, int cells)
{
	int filled = text_bar_cells(share, cells);
	for (int i = 0; i < filled; i++)
		fputs("█", out);
}

#include "load/load_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Decimals that leave three significant digits of a number below 1,000. */
static int decimals_of(double value)
{
	return value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
}

const char *load_text_time(uint64_t ns, char *out)
{
	static const struct {
		double below, unit;
		const char *name;
	} units[] = {{99950, 1e3, "us"}, {9.995e8, 1e6, "ms"}, {HUGE_VAL, 1e9, "s"}};
	size_t i = 0;
	while ((double)ns >= units[i].below)
		i++;
	const double value = (double)ns / units[i].unit;
	snprintf(out, LOAD_TEXT_SIZE, "%.*f %s", decimals_of(value), value, units[i].name);
	return out;
}

const char *load_text_count(uint64_t count, char *out)
{
	char digits[24];
	const int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
	int at = 0;
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}

const char *load_text_rate(double per_second, char *out)
{
	if (per_second >= 99.95)
		return load_text_count((uint64_t)llround(per_second), out);
	snprintf(out, LOAD_TEXT_SIZE, "%.*f", decimals_of(per_second), per_second);
	char *point = strchr(out, '.'), *end = out + strlen(out);
	while (point && (end[-1] == '0' || end[-1] == '.') && end > point)
		*--end = '\0';
	return out;
}

const char *load_text_bytes(uint64_t bytes, char *out)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	double value = (double)bytes;
	size_t unit = 0;
	for (; value >= 999.5 && unit < 4; unit++)
		value /= 1000;
	snprintf(out, LOAD_TEXT_SIZE, "%.*f %s", unit ? decimals_of(value) : 0, value, units[unit]);
	return out;
}

void load_text_wrapped(FILE *out, const char *text, int indent, int width)
{
	int at = indent;
	while (*text) {
		const int length = (int)strcspn(text, " ");
		if (at > indent && at + 1 + length > width) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", length, text);
		at += length;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

#include "agent/calls_pattern.h"

#include <string.h>

static bool is_digits(const char *text)
{
	if (*text == '\0' || strlen(text) > 9)
		return false;
	while (*text >= '0' && *text <= '9')
		text++;
	return *text == '\0';
}

static uint32_t number_of(const char *digits)
{
	uint32_t number = 0;

	for (; *digits != '\0'; digits++)
		number = number * 10 + (uint32_t)(*digits - '0');
	return number;
}

/* One pattern, NUL-terminated, at an offset of the text. False: there is no room for it. */
static bool add(struct calls_pattern *pattern, uint16_t at)
{
	char *text = pattern->text + at;
	char *colon;

	if (*text == '\0')
		return true;
	if (pattern->count == CALLS_PATTERNS_MAX)
		return false;
	colon = strrchr(text, ':');
	pattern->one[pattern->count].left = at;
	if (colon != NULL) {
		*colon = '\0';
		if (is_digits(colon + 1))
			pattern->one[pattern->count].line = number_of(colon + 1);
		else
			pattern->one[pattern->count].right = (uint16_t)(colon + 1 - pattern->text);
	}
	pattern->count++;
	return true;
}

bool calls_pattern_read(struct calls_pattern *pattern, const char *text, size_t size)
{
	size_t length = strnlen(text, size < CALLS_PATTERN_BYTES ? size : CALLS_PATTERN_BYTES);
	bool whole = length < CALLS_PATTERN_BYTES;
	size_t begin = 0;

	memset(pattern, 0, sizeof *pattern);
	memcpy(pattern->text, text, whole ? length : CALLS_PATTERN_BYTES - 1);
	length = whole ? length : CALLS_PATTERN_BYTES - 1;
	for (size_t i = 0; i <= length; i++) {
		if (i < length && pattern->text[i] != ',' && pattern->text[i] != ' ')
			continue;
		pattern->text[i] = '\0';
		whole = add(pattern, (uint16_t)begin) && whole;
		begin = i + 1;
	}
	return whole;
}

/* `*` any characters, none too. Goes back to the last `*` only: linear in practice, quadratic at
 * worst. */
static bool matches(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

/* The path, or what of it follows one of its slashes. */
static bool matches_file(const char *pattern, const char *file)
{
	const char *slash;

	if (matches(pattern, file))
		return true;
	for (slash = strchr(file, '/'); slash != NULL; slash = strchr(slash + 1, '/'))
		if (matches(pattern, slash + 1))
			return true;
	return false;
}

/* A script that is run is `__main__`, and named as it would be imported, or as its file is: `app`,
 * `package.module`, `package` (its __main__.py), `tool` of a file without suffix. */
static bool matches_script(const char *pattern, const struct calls_code_names *names)
{
	static const char *const suffixes[] = {"", ".py", "/__main__.py"};
	char file[CALLS_PATTERN_BYTES];
	size_t length = strlen(pattern);

	if (names->file == NULL || strcmp(names->module, "__main__") != 0)
		return false;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (length + strlen(suffixes[i]) >= sizeof file)
			return false;
		for (size_t at = 0; at < length; at++)
			file[at] = pattern[at] == '.' ? '/' : pattern[at];
		memcpy(file + length, suffixes[i], strlen(suffixes[i]) + 1);
		if (matches_file(file, names->file))
			return true;
	}
	return false;
}

/* By the name that it is imported by, or by its file's: `views.py`, `app/views.py`. */
static bool matches_module(const char *pattern, const struct calls_code_names *names)
{
	size_t length = strlen(pattern);

	if (length > 3 && strcmp(pattern + length - 3, ".py") == 0)
		return names->file != NULL && matches_file(pattern, names->file);
	return names->module != NULL &&
	       (matches(pattern, names->module) || matches_script(pattern, names));
}

static bool matches_name(const char *pattern, const struct calls_code_names *names)
{
	const char *last = strrchr(pattern, '.');

	if (names->qualname == NULL)
		return false;
	if (names->qualified || last == NULL)
		return matches(pattern, names->qualname);
	return matches(last + 1, names->qualname);
}

bool calls_pattern_match(const struct calls_pattern *pattern, const struct calls_code_names *names)
{
	for (uint32_t i = 0; i < pattern->count; i++) {
		const char *left = pattern->text + pattern->one[i].left;
		uint32_t line = pattern->one[i].line;
		uint32_t right = pattern->one[i].right;

		if (line != 0) {
			if (line == names->line && names->file != NULL &&
			    matches_file(left, names->file))
				return true;
		} else if (matches_module(left, names) &&
			   (right == 0 || matches_name(pattern->text + right, names))) {
			return true;
		}
	}
	return false;
}

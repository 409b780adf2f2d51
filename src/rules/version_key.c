#include "rules/version_key.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SEGMENTS = 5, DIGITS_MAX = 999999 };

/* What may follow the release, and its place in the order; longest first where one begins another.
 */
static const struct {
	const char *word;
	char rank;
} phases[] = {
	{"dev", '0'}, {"alpha", '1'}, {"a", '1'},    {"beta", '2'}, {"b", '2'},
	{"rc", '3'},  {"c", '3'},     {"post", '5'}, {"rev", '5'},  {"r", '5'},
};
static const char FINAL = '4';

static unsigned read_number(const char **at)
{
	unsigned number = 0;
	for (; isdigit((unsigned char)**at); ++*at)
		if (number <= DIGITS_MAX / 10)
			number = number * 10 + (unsigned)(**at - '0');
	return number > DIGITS_MAX ? DIGITS_MAX : number;
}

/* The phase at `at`, which is moved behind its word; FINAL: none. */
static char read_phase(const char **at)
{
	*at += strspn(*at, ".-_");
	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
		size_t length = strlen(phases[i].word);
		if (strncasecmp(*at, phases[i].word, length))
			continue;
		*at += length;
		*at += strspn(*at, ".-_");
		return phases[i].rank;
	}
	return FINAL;
}

void version_key(const char *version, char out[VERSION_KEY_BYTES])
{
	const char *at = version + (*version == 'v' || *version == 'V');
	unsigned segments[SEGMENTS] = {0};
	out[0] = '\0';
	if (!isdigit((unsigned char)*at))
		return;
	for (size_t i = 0; isdigit((unsigned char)*at); i++) {
		unsigned number = read_number(&at);
		if (i < SEGMENTS)
			segments[i] = number;
		if (*at == '.' && isdigit((unsigned char)at[1]))
			at++;
		else
			break;
	}
	char phase = read_phase(&at);
	snprintf(out, VERSION_KEY_BYTES, "%06u%06u%06u%06u%06u%c%06u", segments[0], segments[1],
		 segments[2], segments[3], segments[4], phase, read_number(&at));
}

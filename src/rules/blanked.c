#include "rules/blanked.h"

#include <ctype.h>
#include <string.h>

bool blanked_is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

size_t blanked_indent(const char *text)
{
	return strspn(text, " \t");
}

const char *blanked_line(const char *text, int number)
{
	for (; number > 1 && *text; number--) {
		const char *end = strchr(text, '\n');
		text = end ? end + 1 : text + strlen(text);
	}
	return text;
}

/* Is the quote at `at` that of an f-string? */
static bool is_formatted(const char *text, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < 2 && isalpha((unsigned char)text[from - 1]))
		from--;
	if (from > 0 && blanked_is_word(text[from - 1]))
		return false;
	return memchr(text + from, 'f', at - from) || memchr(text + from, 'F', at - from);
}

/* Blanks the string that begins at `at`; returns its end. */
static size_t blank_string(char *text, size_t at, size_t length)
{
	const char quote = text[at];
	const size_t quotes =
		at + 2 < length && text[at + 1] == quote && text[at + 2] == quote ? 3 : 1;
	const bool keep = is_formatted(text, at);
	size_t end = at + quotes;

	while (end < length) {
		size_t run = 0;
		while (run < quotes && end + run < length && text[end + run] == quote)
			run++;
		if (run == quotes || (quotes == 1 && text[end] == '\n'))
			break;
		end += text[end] == '\\' && end + 1 < length ? 2 : 1;
	}
	const size_t stop = end + quotes < length ? end + quotes : length;
	for (size_t i = at; i < stop; i++)
		if (text[i] == '\n')
			text[i] = BLANKED_NEWLINE;
		else if (!keep || text[i] == quote)
			text[i] = ' ';
	return stop;
}

void blanked(char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		if (text[i] == '#')
			while (i < length && text[i] != '\n')
				text[i++] = ' ';
		else if (text[i] == '"' || text[i] == '\'')
			i = blank_string(text, i, length);
		else
			i++;
	}
}

const char *blanked_code(const char *text)
{
	return text + blanked_indent(text);
}

const char *blanked_find_word(const char *from, const char *to, const char *word)
{
	const size_t length = strlen(word);

	for (const char *c = from; c + length <= to; c++)
		if (!strncmp(c, word, length) && !blanked_is_word(c[length]) &&
		    (c == from || !blanked_is_word(c[-1])))
			return c;
	return NULL;
}

const char *blanked_line_end(const char *line)
{
	return line + strcspn(line, "\n");
}

const char *blanked_next_line(const char *line)
{
	const char *end = blanked_line_end(line);
	return *end ? end + 1 : end;
}

const char *blanked_line_before(const char *text, const char *line)
{
	if (line == text)
		return NULL;
	for (line--; line > text && line[-1] != '\n';)
		line--;
	return line;
}

bool blanked_is_empty(const char *line)
{
	return strchr("\r\n", *blanked_code(line)) != NULL; /* the end of the text, too */
}

bool blanked_begins(const char *line, const char *word)
{
	return strncmp(blanked_code(line), word, strlen(word)) == 0;
}

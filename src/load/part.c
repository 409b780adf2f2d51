#include "load/part.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

struct part part_trim(struct part p)
{
	while (p.length && is_blank(p.at[0])) {
		p.at++;
		p.length--;
	}
	while (p.length && is_blank(p.at[p.length - 1]))
		p.length--;
	return p;
}

bool part_is(struct part p, const char *word)
{
	return p.length == strlen(word) && strncasecmp(p.at, word, p.length) == 0;
}

struct part part_cut(struct part *rest, char separator)
{
	const char *end = rest->length ? memchr(rest->at, separator, rest->length) : NULL;
	const struct part first = {rest->at, end ? (size_t)(end - rest->at) : rest->length};
	const size_t step = first.length + (end != NULL);
	rest->at += step;
	rest->length -= step;
	return part_trim(first);
}

bool part_next_item(struct part *list, struct part *item)
{
	while (list->length) {
		*item = part_cut(list, ',');
		if (item->length)
			return true;
	}
	return false;
}

#include "load/cookies.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/str.h"
#include "load/cookie_date.h"
#include "load/part.h"

enum { LINE_MAX_BYTES = COOKIES_MAX * (COOKIE_BYTES_MAX + 2) + 16 };

struct cookie {
	char *pair; /* "name=value", no NUL behind it; malloc */
	size_t name_length;
	size_t length;
};

struct cookies {
	struct cookie items[COOKIES_MAX];
	size_t count;
	uint64_t dropped;
	struct str line;
	bool is_line_old;
};

struct cookies *cookies_new(void)
{
	struct cookies *jar = mem_alloc(sizeof *jar);
	str_init(&jar->line, LINE_MAX_BYTES);
	return jar;
}

void cookies_free(struct cookies *jar)
{
	if (!jar)
		return;
	for (size_t i = 0; i < jar->count; i++)
		free(jar->items[i].pair);
	str_free(&jar->line);
	free(jar);
}

/* RFC 6265, 5.2.2: digits, perhaps behind a '-'; anything else says nothing. */
static bool read_max_age(struct part value, bool *is_over)
{
	const bool is_negative = value.length && value.at[0] == '-';
	bool is_zero = true;
	for (size_t i = is_negative; i < value.length; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
		is_zero &= value.at[i] == '0';
	}
	*is_over = is_negative || is_zero;
	return value.length > is_negative;
}

/* Whether the attributes say that the cookie is at its end. Max-Age counts before Expires. */
static bool is_deleted(struct part attributes, int64_t now_s)
{
	bool has_max_age = false;
	bool is_over = false;
	while (attributes.length) {
		struct part value = part_cut(&attributes, ';');
		const struct part name = part_cut(&value, '=');
		bool is_past;
		int64_t end_s;
		value = part_trim(value);
		if (part_is(name, "max-age") && read_max_age(value, &is_past)) {
			has_max_age = true;
			is_over = is_past;
		} else if (!has_max_age && part_is(name, "expires") &&
			   cookie_date_read(value.at, value.length, &end_s)) {
			is_over = end_s <= now_s;
		}
	}
	return is_over;
}

static struct cookie *find(struct cookies *jar, struct part name)
{
	for (size_t i = 0; i < jar->count; i++) {
		struct cookie *c = &jar->items[i];
		if (c->name_length == name.length && memcmp(c->pair, name.at, name.length) == 0)
			return c;
	}
	return NULL;
}

static void forget(struct cookies *jar, struct cookie *c)
{
	free(c->pair);
	jar->count--;
	/* Those behind move up: they are sent in the order in which they came. */
	memmove(c, c + 1, (size_t)(jar->items + jar->count - c) * sizeof *c);
	jar->items[jar->count] = (struct cookie){0};
	jar->is_line_old = true;
}

static void keep(struct cookies *jar, struct cookie *c, struct part name, struct part value)
{
	const size_t length = name.length + 1 + value.length;
	if (length > COOKIE_BYTES_MAX || (!c && jar->count == COOKIES_MAX)) {
		jar->dropped++;
		return;
	}
	if (c && c->length == length && value.length &&
	    memcmp(c->pair + name.length + 1, value.at, value.length) == 0)
		return; /* as it was: servers repeat sessions in each response */
	if (!c)
		c = &jar->items[jar->count++];
	c->pair = mem_resize(c->pair, length);
	memcpy(c->pair, name.at, name.length);
	c->pair[name.length] = '=';
	if (value.length)
		memcpy(c->pair + name.length + 1, value.at, value.length);
	c->name_length = name.length;
	c->length = length;
	jar->is_line_old = true;
}

static bool has_control_byte(struct part p)
{
	for (size_t i = 0; i < p.length; i++)
		if (((unsigned char)p.at[i] < ' ' && p.at[i] != '\t') || p.at[i] == 0x7f)
			return true;
	return false;
}

void cookies_set(struct cookies *jar, const char *value, size_t length, int64_t now_s)
{
	struct part attributes = {value, length};
	struct part text = part_cut(&attributes, ';');
	if (!text.length || !memchr(text.at, '=', text.length) || has_control_byte(text))
		return;
	const struct part name = part_cut(&text, '=');
	if (!name.length)
		return;
	struct cookie *c = find(jar, name);
	if (!is_deleted(attributes, now_s))
		keep(jar, c, name, part_trim(text));
	else if (c)
		forget(jar, c);
}

void cookies_on_header(void *jar, const char *name, size_t name_length, const char *value,
		       size_t value_length)
{
	if (part_is((struct part){name, name_length}, "set-cookie"))
		cookies_set(jar, value, value_length, time(NULL));
}

size_t cookies_line(struct cookies *jar, const char **line)
{
	if (jar->is_line_old) {
		jar->is_line_old = false;
		str_clear(&jar->line);
		for (size_t i = 0; i < jar->count; i++) {
			str_add(&jar->line, i ? "; " : "Cookie: ");
			str_add_bytes(&jar->line, jar->items[i].pair, jar->items[i].length);
		}
		if (jar->count)
			str_add(&jar->line, "\r\n");
	}
	*line = jar->line.text;
	return jar->line.length;
}

uint64_t cookies_dropped(const struct cookies *jar)
{
	return jar->dropped;
}

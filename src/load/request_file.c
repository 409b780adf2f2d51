#include "load/request_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/scan.h"
#include "base/str.h"
#include "base/words.h"

enum { SHOWN = 100 };

/* A line being read. */
struct line {
	const char *at;
	const char *end;
	struct words words;
};

/* Bytes of a file, with a NUL behind them. */
static enum err_kind read_file(const char *path, struct arena *arena, const char **bytes,
			       size_t *count, struct err *e)
{
	FILE *file = fopen(path, "rbe");
	if (!file)
		return ERR(e, ERR_USAGE, "cannot read %s: %s", path, strerror(errno));
	struct str text;
	char step[64 << 10];
	str_init(&text, REQUEST_FILE_BYTES_MAX);
	for (size_t got; !text.cut && (got = fread(step, 1, sizeof step, file)) > 0;)
		str_add_bytes(&text, step, got);
	const bool is_too_large = text.cut;
	const int os_errno = ferror(file) ? errno : 0;
	fclose(file);
	*count = text.length;
	*bytes = arena_copy(arena, text.text, text.length);
	str_free(&text);
	if (os_errno)
		return ERR(e, ERR_USAGE, "cannot read %s: %s", path, strerror(os_errno));
	if (is_too_large)
		return ERR(e, ERR_LIMIT, "%s is larger than %d MiB: take a smaller one", path,
			   REQUEST_FILE_BYTES_MAX >> 20);
	return ERR_OK;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static enum err_kind split(struct line *line, struct arena *arena, struct err *e)
{
	vec_clear(&line->words.list);
	for (const char *at = line->at; at < line->end; at++)
		if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7f)
			return ERR(e, ERR_USAGE,
				   "the control byte 0x%02x: a body that needs it stands in a file "
				   "of its own, --body @FILE",
				   (unsigned char)*at);
	return words_split(&line->words, line->at, line->end, arena, e);
}

/* The weight that may stand first: no method is of digits and signs alone. */
static enum err_kind read_weight(const char *word, uint32_t *weight, bool *is_there, struct err *e)
{
	uint64_t number = 0;
	const char *at = word;
	*weight = 1;
	*is_there = *word && word[strspn(word, "0123456789.,+-")] == '\0';
	if (!*is_there)
		return ERR_OK;
	if (!scan_decimal(&at, REQUEST_WEIGHT_MAX, &number) || *at || number == 0)
		return ERR(e, ERR_USAGE, "the weight '%.*s' is not a whole number from 1 to %d",
			   SHOWN, word, REQUEST_WEIGHT_MAX);
	*weight = (uint32_t)number;
	return ERR_OK;
}

static bool same_name(const char *a, const char *b)
{
	const size_t length = strcspn(a, ":");
	return strcspn(b, ":") == length && strncasecmp(a, b, length) == 0;
}

/* A line's headers, and behind them the common ones that it does not give itself. */
struct headers {
	const char *items[REQUEST_FILE_HEADERS_MAX];
	size_t count;
};

static enum err_kind add_header(struct headers *headers, const char *header, struct err *e)
{
	if (headers->count == REQUEST_FILE_HEADERS_MAX)
		return ERR(e, ERR_LIMIT, "more than %d headers: take fewer",
			   REQUEST_FILE_HEADERS_MAX);
	headers->items[headers->count++] = header;
	return ERR_OK;
}

static enum err_kind add_common(struct headers *headers, const struct request_spec *common,
				struct err *e)
{
	const size_t own = headers->count;
	for (size_t i = 0; i < common->header_count; i++) {
		bool is_given = false;
		for (size_t k = 0; k < own; k++)
			is_given |= same_name(headers->items[k], common->headers[i]);
		if (!is_given)
			TRY(add_header(headers, common->headers[i], e));
	}
	return ERR_OK;
}

/* -H and --body, from word `from` on. */
static enum err_kind read_options(const struct line *line, size_t from, struct headers *headers,
				  struct request_spec *spec, struct arena *arena, struct err *e)
{
	for (size_t i = from; i < line->words.list.count; i += 2) {
		const char *option = line->words.list.items[i];
		const bool is_body = strcmp(option, "--body") == 0;
		if (!is_body && strcmp(option, "-H") != 0)
			return ERR(e, ERR_USAGE,
				   "'%.*s' is not understood: behind the path stand "
				   "-H 'Name: value' and --body TEXT or @FILE",
				   SHOWN, option);
		if (i + 1 == line->words.list.count)
			return ERR(e, ERR_USAGE, "%s has nothing behind it", option);
		const char *value = line->words.list.items[i + 1];
		if (is_body && spec->body)
			return ERR(e, ERR_USAGE, "--body is given twice");
		if (is_body)
			TRY(request_body_read(value, arena, &spec->body, &spec->body_bytes, e));
		else
			TRY(add_header(headers, value, e));
	}
	return ERR_OK;
}

static enum err_kind add_line(struct request_set *set, struct line *line,
			      const struct request_spec *common, struct arena *arena, struct err *e)
{
	TRY(split(line, arena, e));
	if (line->words.list.count == 0)
		return ERR_OK;
	uint32_t weight;
	bool has_weight;
	TRY(read_weight(line->words.list.items[0], &weight, &has_weight, e));
	const size_t method = has_weight;
	if (line->words.list.count < method + 2)
		return ERR(e, ERR_USAGE, "a line is [WEIGHT] METHOD PATH, such as: 3 GET /items");
	struct url url;
	struct headers headers = {0};
	struct request_spec spec = {
		.method = line->words.list.items[method],
		.url = &url,
		.headers = headers.items,
		.has_trace = common->has_trace,
	};
	TRY(url_parse_on(&url, common->url, line->words.list.items[method + 1], arena, e));
	TRY(read_options(line, method + 2, &headers, &spec, arena, e));
	TRY(add_common(&headers, common, e));
	spec.header_count = headers.count;
	return request_set_add(set, &spec, weight, e);
}

static enum err_kind add_lines(struct request_set *set, const char *name, const char *text,
			       size_t count, const struct request_spec *common, struct line *line,
			       struct err *e)
{
	const char *const end = text + count;
	size_t number = 1;
	for (const char *at = text; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end;
		line->at = at;
		line->end = newline ? newline : end;
		at = next;
		if (line->end > line->at && line->end[-1] == '\r')
			line->end--;
		while (line->at < line->end && is_blank(*line->at))
			line->at++;
		if (line->at == line->end || *line->at == '#')
			continue;
		struct arena *arena = arena_new();
		struct err inner;
		const enum err_kind kind = add_line(set, line, common, arena, &inner);
		arena_free(arena);
		if (kind != ERR_OK)
			return ERR(e, kind, "%s:%zu: %s", name, number, inner.text);
		if (set->requests.count)
			set->requests.items[set->requests.count - 1].line = (uint32_t)number;
	}
	return ERR_OK;
}

enum err_kind request_text_read(struct request_set *set, const char *name, const char *text,
				size_t count, const struct request_spec *common, struct err *e)
{
	const size_t before = set->requests.count;
	struct line line = {0};
	const enum err_kind kind = add_lines(set, name, text, count, common, &line, e);
	vec_free(&line.words.list);
	TRY(kind);
	if (set->requests.count == before)
		return ERR(e, ERR_USAGE, "%s holds no request: write lines such as GET /items",
			   name);
	return ERR_OK;
}

enum err_kind request_file_read(struct request_set *set, const char *path,
				const struct request_spec *common, struct err *e)
{
	struct arena *arena = arena_new();
	const char *text = NULL;
	size_t count = 0;
	enum err_kind kind = read_file(path, arena, &text, &count, e);
	if (kind == ERR_OK)
		kind = request_text_read(set, path, text, count, common, e);
	arena_free(arena);
	return kind;
}

enum err_kind request_body_read(const char *argument, struct arena *arena, const char **body,
				size_t *body_bytes, struct err *e)
{
	if (*argument == '@')
		return read_file(argument + 1, arena, body, body_bytes, e);
	*body = arena_string(arena, argument);
	*body_bytes = strlen(argument);
	return ERR_OK;
}

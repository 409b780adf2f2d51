#include "load/by_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void by_line_begin(struct by_line *b, const struct request_set *set)
{
	const size_t count = set->requests.count;
	*b = (struct by_line){0};
	if (count == 0 || count > BY_LINE_MAX || set->requests.items[0].line == 0)
		return;
	b->count = (uint32_t)count;
	b->rows = mem_alloc(count * sizeof *b->rows);
}

void by_line_free(struct by_line *b)
{
	free(b->rows);
	*b = (struct by_line){0};
}

void by_line_add(struct by_line *b, uint32_t index, uint64_t response_ns, bool is_timed,
		 bool is_error)
{
	if (index >= b->count)
		return;
	struct timeline_row *row = &b->rows[index];
	row->due++;
	row->errors += is_error;
	if (is_timed)
		timeline_row_add(row, response_ns);
}

void by_line_merge(struct by_line *into, const struct by_line *from)
{
	for (uint32_t i = 0; i < from->count && i < into->count; i++)
		timeline_row_merge(&into->rows[i], &from->rows[i]);
}

const char *by_line_name(const struct request *request, char *out, size_t size)
{
	const size_t method = strcspn(request->bytes, " ") + 1;
	const size_t path = strcspn(request->bytes + method, " ?");
	snprintf(out, size, "%.*s%s", (int)(method + path), request->bytes,
		 request->bytes[method + path] == '?' ? "?***" : "");
	return out;
}

/* "GET /items/17?page=2": "GET /items/N". */
static void group_name(const struct request *request, char *out, size_t size)
{
	const char *from = request->bytes;
	const size_t method = strcspn(from, " ") + 1;
	const size_t end = method + strcspn(from + method, " ?");
	size_t length = 0;
	for (size_t i = 0; i < end && length + 1 < size; i++) {
		const size_t digits = strspn(from + i, "0123456789");
		const char after = from[i + digits];
		const bool is_part = i >= method && i > 0 && from[i - 1] == '/' && digits > 0 &&
				     (i + digits == end || after == '/');
		out[length++] = is_part ? 'N' : from[i];
		if (is_part)
			i += digits - 1;
	}
	out[length] = 0;
}

struct by_line_group *by_line_groups(const struct by_line *b, const struct request_set *set,
				     uint32_t *count)
{
	struct by_line_group *groups = mem_alloc((b->count + 1) * sizeof *groups);
	char name[BY_LINE_NAME];
	*count = 0;
	for (uint32_t i = 0; i < b->count; i++) {
		uint32_t at = 0;
		group_name(&set->requests.items[i], name, sizeof name);
		while (at < *count && strcmp(groups[at].name, name) != 0)
			at++;
		if (at == *count) {
			memset(&groups[at], 0, sizeof groups[at]);
			memcpy(groups[at].name, name, sizeof name);
			(*count)++;
		}
		groups[at].lines++;
		timeline_row_merge(&groups[at].row, &b->rows[i]);
	}
	return groups;
}

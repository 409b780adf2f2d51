/* What became of each line of a --requests file: how many were sent, how many failed, how long they
 * took.
 *
 * A row a line, each of the size of a row over time (timeline.h, whose classes are 4.4 % wide), so
 * that what it costs is known before the run; a file of more than BY_LINE_MAX lines has none. A
 * request counts from the time it was drawn: those that were never sent belong to no line.
 */
#ifndef UNSLOW_LOAD_BY_LINE_H
#define UNSLOW_LOAD_BY_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "load/request_set.h"
#include "load/timeline.h"

enum { BY_LINE_MAX = 1000, BY_LINE_NAME = 200 };

struct by_line {
	struct timeline_row *rows; /* as the set's requests are; NULL: none is kept */
	uint32_t count;
};

/* Begins to keep rows if the requests come from a file of not too many lines. */
void by_line_begin(struct by_line *b, const struct request_set *set);
void by_line_free(struct by_line *b);
/* Of the set's request `index`; its time counts if it has an answer, or for its age. */
void by_line_add(struct by_line *b, uint32_t index, uint64_t response_ns, bool is_timed,
		 bool is_error);
void by_line_merge(struct by_line *into, const struct by_line *from);

/* "GET /items?***": the request's first line without its query, which may hold a key, cut at
 * `size`. Returns `out`. */
const char *by_line_name(const struct request *request, char *out, size_t size);

/* Lines of one method and path, without queries; a part of a path that is a number is any number:
 * "GET /items/N". */
struct by_line_group {
	char name[BY_LINE_NAME];
	uint32_t lines;
	struct timeline_row row; /* of all of them */
};
/* In the order of the lines; freed by the caller, *count of them. */
struct by_line_group *by_line_groups(const struct by_line *b, const struct request_set *set,
				     uint32_t *count);

#endif

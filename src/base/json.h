/* Streaming JSON writer: commas, escapes and nesting kept by itself.
 *
 * Writes to a FILE. Invalid UTF-8 is replaced by U+FFFD; NaN and infinities
 * are written as null. Depth is limited to JSON_DEPTH; going past it is a
 * programming error and aborts.
 */
#ifndef UNSLOW_BASE_JSON_H
#define UNSLOW_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH 32

struct json {
	FILE *out;
	bool pretty; /* two spaces a level */
	int depth;
	bool has_item[JSON_DEPTH];
	bool is_array[JSON_DEPTH];
	bool after_key;
};

void json_init(struct json *j, FILE *out, bool pretty);
/* The beginning of a whole answer of ours: a pretty object that names its schema first. */
void json_document(struct json *j, FILE *out, const char *schema);
void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
void json_string(struct json *j, const char *text); /* NULL writes null */
void json_string_bytes(struct json *j, const char *bytes, size_t length);
void json_int(struct json *j, int64_t value);
void json_uint(struct json *j, uint64_t value);
/* Shortest of up to `digits` significant digits. */
void json_number(struct json *j, double value, int digits);
void json_bool(struct json *j, bool value);
void json_null(struct json *j);
/* A key and its value. */
void json_put_text(struct json *j, const char *key, const char *text);
void json_put_uint(struct json *j, const char *key, uint64_t value);
void json_put_number(struct json *j, const char *key, double value, int digits);
/* A whole value that somebody else writes to the same FILE right after this. */
void json_foreign(struct json *j);

#endif

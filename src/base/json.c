#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void json_init(struct json *j, FILE *out, bool pretty)
{
	*j = (struct json){.out = out, .pretty = pretty};
}

static void new_line(struct json *j)
{
	if (!j->pretty)
		return;
	fputc('\n', j->out);
	for (int i = 0; i < j->depth; i++)
		fputs("  ", j->out);
}

/* What stands before a value or a key: a comma and a new line, if any. */
static void begin_item(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (j->has_item[j->depth - 1])
		fputc(',', j->out);
	j->has_item[j->depth - 1] = true;
	new_line(j);
}

static void open_level(struct json *j, bool is_array)
{
	begin_item(j);
	if (j->depth >= JSON_DEPTH) {
		fprintf(stderr, "unslow: json: nested deeper than %d\n", JSON_DEPTH);
		abort();
	}
	fputc(is_array ? '[' : '{', j->out);
	j->is_array[j->depth] = is_array;
	j->has_item[j->depth] = false;
	j->depth++;
}

static void close_level(struct json *j, bool is_array)
{
	if (j->depth == 0 || j->is_array[j->depth - 1] != is_array || j->after_key) {
		fprintf(stderr, "unslow: json: an end without its begin\n");
		abort();
	}
	j->depth--;
	if (j->has_item[j->depth])
		new_line(j);
	fputc(is_array ? ']' : '}', j->out);
	if (j->depth == 0 && j->pretty)
		fputc('\n', j->out);
}

void json_object(struct json *j)
{
	open_level(j, false);
}
void json_object_end(struct json *j)
{
	close_level(j, false);
}
void json_array(struct json *j)
{
	open_level(j, true);
}
void json_array_end(struct json *j)
{
	close_level(j, true);
}

static void write_escaped(FILE *out, const char *bytes, size_t length)
{
	const unsigned char *s = (const unsigned char *)bytes;
	fputc('"', out);
	for (size_t i = 0; i < length;) {
		const unsigned char c = s[i];
		if (c == '"' || c == '\\') {
			fprintf(out, "\\%c", c);
		} else if (c == '\n') {
			fputs("\\n", out);
		} else if (c == '\t') {
			fputs("\\t", out);
		} else if (c == '\r') {
			fputs("\\r", out);
		} else if (c < 0x20 || c == 0x7f) {
			fprintf(out, "\\u%04x", c);
		} else {
			const size_t whole = utf8_length(s + i, length - i);
			if (whole == 0) {
				fputs("\xef\xbf\xbd", out); /* U+FFFD */
				i++;
				continue;
			}
			if (c == 0xc2 && s[i + 1] < 0xa0) /* C1: a terminal would obey it */
				fprintf(out, "\\u%04x", s[i + 1]);
			else
				fwrite(s + i, 1, whole, out);
			i += whole;
			continue;
		}
		i++;
	}
	fputc('"', out);
}

void json_key(struct json *j, const char *key)
{
	begin_item(j);
	write_escaped(j->out, key, strlen(key));
	fputs(j->pretty ? ": " : ":", j->out);
	j->after_key = true;
}

void json_string(struct json *j, const char *text)
{
	if (text)
		json_string_bytes(j, text, strlen(text));
	else
		json_null(j);
}

void json_string_bytes(struct json *j, const char *bytes, size_t length)
{
	begin_item(j);
	write_escaped(j->out, bytes, length);
}

void json_int(struct json *j, int64_t value)
{
	begin_item(j);
	fprintf(j->out, "%" PRId64, value);
}

void json_uint(struct json *j, uint64_t value)
{
	begin_item(j);
	fprintf(j->out, "%" PRIu64, value);
}

void json_number(struct json *j, double value, int digits)
{
	if (!isfinite(value)) {
		json_null(j);
		return;
	}
	begin_item(j);
	if (value == 0) /* -0 would puzzle a reader */
		value = 0;
	fprintf(j->out, "%.*g", digits, value);
}

void json_bool(struct json *j, bool value)
{
	begin_item(j);
	fputs(value ? "true" : "false", j->out);
}

void json_null(struct json *j)
{
	begin_item(j);
	fputs("null", j->out);
}

void json_put_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_string(j, text);
}

void json_put_uint(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	json_uint(j, value);
}

void json_put_number(struct json *j, const char *key, double value, int digits)
{
	json_key(j, key);
	json_number(j, value, digits);
}

void json_document(struct json *j, FILE *out, const char *schema)
{
	json_init(j, out, true);
	json_object(j);
	json_key(j, "schema");
	json_string(j, schema);
}

void json_foreign(struct json *j)
{
	begin_item(j);
}

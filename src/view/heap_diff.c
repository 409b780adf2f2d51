#include "view/heap_diff.h"

#include <math.h>

#include "base/json.h"
#include "base/log.h"
#include "view/text.h"

#define SURE 2 /* standard errors: 1 in 20 differences of nothing is beyond */

static bool is_sure(const struct heap_diff_line *line)
{
	const double change = fabs(line->bytes[1] - line->bytes[0]);
	return change > 0 && change >= SURE * line->error;
}

/* "+7.63 MiB", with the sign that text_bytes() leaves out. */
static const char *change_text(double bytes, char out[TEXT_BYTES_SIZE + 1])
{
	if (bytes < 0) {
		text_bytes(bytes, out);
		return out;
	}
	*out = '+';
	text_bytes(bytes, out + 1);
	return out;
}

static void print_line(const struct heap_diff_line *line, FILE *out, int width)
{
	enum { LEFT = 9 + 2 + 10 + 2 + 9 + 2 + 9 + 2 + 9 + 2 };
	char size[TEXT_BYTES_SIZE], change[TEXT_BYTES_SIZE + 1], error[TEXT_BYTES_SIZE];
	const double bytes = line->bytes[1] - line->bytes[0];
	fprintf(out, "%9s  %10s  %9s  %9.0f  %+9.0f  ", text_bytes(line->bytes[1], size),
		change_text(bytes, change), text_bytes(line->error, error), line->blocks[1],
		line->blocks[1] - line->blocks[0]);
	if (!line->file) {
		fputs("(no Python code, and small ones together)", out);
	} else {
		char place[4096];
		const char *path = text_path(line->file);
		if (line->line)
			snprintf(place, sizeof place, "%s:%d", path, line->line);
		else
			snprintf(place, sizeof place, "%s", path);
		text_clip_left(out, place, width > LEFT + 20 ? width - LEFT : 20);
	}
	fputc('\n', out);
}

void view_heap_diff_text(const struct heap_diff *diff, size_t limit, FILE *out, bool colour,
			 int width)
{
	char a[TEXT_BYTES_SIZE], b[TEXT_BYTES_SIZE], change[TEXT_BYTES_SIZE + 1],
		error[TEXT_BYTES_SIZE];
	size_t shown = 0, unsure = 0, more = 0;
	fprintf(out, "live: A %s, B %s, %s (error %s)%s\n\n", text_bytes(diff->bytes[0], a),
		text_bytes(diff->bytes[1], b), change_text(diff->bytes[1] - diff->bytes[0], change),
		text_bytes(diff->error, error),
		diff->shares ? "; what a fork shares is in it once (`show memory`: in each process)"
			     : "");
	for (size_t i = 0; i < diff->count; i++) {
		if (!is_sure(&diff->lines[i])) {
			unsure++;
		} else if (shown >= limit) {
			more++;
		} else {
			if (!shown++)
				fprintf(out, "%s%9s  %10s  %9s  %9s  %9s  %s%s\n",
					log_style(colour, STYLE_BOLD), "size", "change", "error",
					"blocks", "change", "where", log_style(colour, STYLE_NONE));
			print_line(&diff->lines[i], out, width);
		}
	}
	if (!shown)
		fputs("no line differs by more than its error\n", out);
	if (more)
		fprintf(out, "%zu more; -n N shows them\n", more);
	if (unsure)
		fprintf(out, "%zu that may be chance (within twice their error) are left out\n",
			unsure);
}

void view_heap_diff_json(const struct heap_diff *diff, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.memory-diff/1");
	json_put_number(&j, "a_bytes", diff->bytes[0], 10);
	json_put_number(&j, "b_bytes", diff->bytes[1], 10);
	json_put_number(&j, "error_bytes", diff->error, 6);
	json_key(&j, "lines");
	json_array(&j);
	for (size_t i = 0; i < diff->count; i++) {
		const struct heap_diff_line *line = &diff->lines[i];
		json_object(&j);
		json_put_text(&j, "file", line->file);
		json_key(&j, "line");
		if (line->line)
			json_int(&j, line->line);
		else
			json_null(&j);
		json_put_number(&j, "a_bytes", line->bytes[0], 10);
		json_put_number(&j, "b_bytes", line->bytes[1], 10);
		json_put_number(&j, "change_bytes", line->bytes[1] - line->bytes[0], 10);
		json_put_number(&j, "error_bytes", line->error, 6);
		json_put_number(&j, "a_blocks", line->blocks[0], 10);
		json_put_number(&j, "b_blocks", line->blocks[1], 10);
		json_put_number(&j, "change_blocks", line->blocks[1] - line->blocks[0], 10);
		json_key(&j, "sure");
		json_bool(&j, is_sure(line));
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	fputc('\n', out);
}

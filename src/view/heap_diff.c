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

/* Columns before "where", and the least that a text of several lines is given beside them. */
enum { LEFT = 9 + 2 + 10 + 2 + 9 + 2 + 9 + 2, ERROR_COLUMNS = 9 + 2, WRAP_LEAST = 30, INDENT = 4 };

/* A traceback is whole: below its row where the terminal is too narrow for it beside. */
static void print_name(const char *name, FILE *out, int left, int columns)
{
	const bool is_beside = columns - left >= WRAP_LEAST;
	const int at = is_beside ? left : INDENT;
	if (columns <= 0) {
		fputs("  ", out);
		text_clean(out, name);
		return;
	}
	fprintf(out, "%s%*s", is_beside ? "" : "\n", is_beside ? 2 : at, "");
	text_wrap(out, name, at, at, columns);
}

static void print_line(const struct heap_diff_line *line, const struct heap_diff_form *form,
		       FILE *out)
{
	const int left = LEFT + (form->of_types ? 0 : ERROR_COLUMNS);
	char size[TEXT_BYTES_SIZE], change[TEXT_BYTES_SIZE + 1], error[TEXT_BYTES_SIZE];
	const double bytes = line->bytes[1] - line->bytes[0];
	fprintf(out, "%9s  %10s  ", text_bytes(line->bytes[1], size), change_text(bytes, change));
	if (!form->of_types)
		fprintf(out, "%9s  ", text_bytes(line->error, error));
	fprintf(out, "%9.0f  %+9.0f", line->blocks[1], line->blocks[1] - line->blocks[0]);
	if (line->name) {
		print_name(line->name, out, left, form->columns);
	} else if (!line->file) {
		fputs("  (no Python code, and small ones together)", out);
	} else {
		char place[4096];
		const char *path = text_path(line->file);
		if (line->line)
			snprintf(place, sizeof place, "%s:%d", path, line->line);
		else
			snprintf(place, sizeof place, "%s", path);
		fputs("  ", out);
		text_clip_left(out, place, form->width > left + 20 ? form->width - left : 20);
	}
	fputc('\n', out);
}

static void print_walks(const struct heap_diff *diff, FILE *out)
{
	for (int side = 0; side < 2; side++) {
		const struct heap_diff_walks *w = &diff->walks[side];
		fprintf(out, "%c: %.0f process%s walked at %.1f s, %.0f objects%s\n", 'A' + side,
			w->processes, w->processes == 1 ? "" : "es", w->at_s, w->objects,
			w->cut ? " and more: time or memory was over before all were counted" : "");
	}
}

static void print_heading(const struct heap_diff_form *form, FILE *out)
{
	fprintf(out, "%s%9s  %10s  ", log_style(form->colour, STYLE_BOLD), "size", "change");
	if (!form->of_types)
		fprintf(out, "%9s  ", "error");
	fprintf(out, "%9s  %9s  %s%s\n", form->of_types ? "objects" : "blocks", "change",
		form->of_types ? "type" : "where", log_style(form->colour, STYLE_NONE));
}

void view_heap_diff_text(const struct heap_diff *diff, const struct heap_diff_form *form, FILE *out)
{
	char a[TEXT_BYTES_SIZE], b[TEXT_BYTES_SIZE], change[TEXT_BYTES_SIZE + 1],
		error[TEXT_BYTES_SIZE];
	size_t shown = 0, unsure = 0, more = 0;
	if (form->of_types)
		print_walks(diff, out);
	fprintf(out, "live: A %s, B %s, %s", text_bytes(diff->bytes[0], a),
		text_bytes(diff->bytes[1], b),
		change_text(diff->bytes[1] - diff->bytes[0], change));
	if (!form->of_types)
		fprintf(out, " (error %s)", text_bytes(diff->error, error));
	fprintf(out, "%s\n\n",
		diff->shares ? "; what a fork shares is in it once (`show memory`: in each process)"
			     : "");
	for (size_t i = 0; i < diff->count; i++) {
		if (!is_sure(&diff->lines[i])) {
			unsure++;
		} else if (shown >= form->limit) {
			more++;
		} else {
			if (!shown++)
				print_heading(form, out);
			print_line(&diff->lines[i], form, out);
		}
	}
	if (!shown)
		fputs(form->of_types ? "no type has more or fewer bytes\n"
				     : "no line differs by more than its error\n",
		      out);
	if (more)
		fprintf(out, "%zu more; -n N shows them\n", more);
	if (unsure && !form->of_types)
		fprintf(out, "%zu that may be chance (within twice their error) are left out\n",
			unsure);
}

static void walks_json(const struct heap_diff *diff, struct json *j)
{
	json_key(j, "walks");
	json_array(j);
	for (int side = 0; side < 2 && diff->walks[0].processes > 0; side++) {
		const struct heap_diff_walks *w = &diff->walks[side];
		json_object(j);
		json_put_number(j, "at_s", w->at_s, 9);
		json_put_number(j, "processes", w->processes, 10);
		json_put_number(j, "objects", w->objects, 15);
		json_key(j, "cut");
		json_bool(j, w->cut);
		json_object_end(j);
	}
	json_array_end(j);
}

void view_heap_diff_json(const struct heap_diff *diff, const struct heap_diff_form *form, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.memory-diff/1");
	json_put_number(&j, "a_bytes", diff->bytes[0], 10);
	json_put_number(&j, "b_bytes", diff->bytes[1], 10);
	json_put_number(&j, "error_bytes", diff->error, 6);
	walks_json(diff, &j);
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
		json_put_text(&j, "traceback", form->of_types ? NULL : line->name);
		json_put_text(&j, "type", form->of_types ? line->name : NULL);
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

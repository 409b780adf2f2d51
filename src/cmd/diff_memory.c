#include "cmd/diff_memory.h"

#include <stddef.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "recording/recording.h"
#include "view/heap_diff.h"
#include "view/text.h"

enum { ROWS = 25 };

/* As enum heap_by has them, but for the last, which is of walks. */
const char *const diff_memory_by[] = {"line", "file", "traceback", "type", NULL};
enum { BY_TYPE = HEAP_BY_TRACEBACK + 1 };

bool diff_memory_asked(const struct diff_memory_values *values)
{
	return values->memory || values->by || values->at_ns || values->limit;
}

static enum err_kind read_diff(sqlite3 *const dbs[2], const struct diff_memory_values *values,
			       const char *const paths[2], struct arena *arena,
			       struct heap_diff *diff, struct err *e)
{
	if (values->by == BY_TYPE)
		return heap_diff_types(dbs, (const uint64_t[]){values->at_ns, 0}, paths, arena,
				       diff, e);
	const enum heap_by by = (enum heap_by)values->by;
	const struct heap_filter filters[2] = {{.by = by, .at_ns = values->at_ns}, {.by = by}};
	return heap_diff_read(dbs, filters, paths, text_short_path, arena, diff, e);
}

enum err_kind diff_memory(char *const paths[2], const struct diff_memory_values *values, bool json,
			  struct err *e)
{
	const struct heap_diff_form form = {
		.of_types = values->by == BY_TYPE,
		.limit = values->limit ? (size_t)values->limit : ROWS,
		.colour = log_colour_wanted(stdout),
		.width = cmd_width(stdout),
		.columns = cmd_columns(stdout),
	};
	sqlite3 *dbs[2] = {NULL, NULL};
	struct arena *arena = arena_new();
	struct heap_diff diff;
	enum err_kind kind = ERR_OK;
	if (!values->memory)
		kind = ERR(e, ERR_USAGE, "%s goes with --memory",
			   values->at_ns ? "--at"
			   : values->by  ? "--by"
					 : "--rows");
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		kind = recording_open(&dbs[side], paths[side], e);
	if (kind == ERR_OK)
		kind = read_diff(dbs, values, (const char *const *)paths, arena, &diff, e);
	if (kind == ERR_OK && json)
		view_heap_diff_json(&diff, &form, stdout);
	else if (kind == ERR_OK)
		view_heap_diff_text(&diff, &form, stdout);
	sqlite3_close(dbs[0]);
	sqlite3_close(dbs[1]);
	arena_free(arena);
	return kind;
}

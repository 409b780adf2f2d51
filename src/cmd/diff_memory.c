#include "cmd/diff_memory.h"

#include <stddef.h>

#include "base/log.h"
#include "cmd/cmd.h"
#include "recording/recording.h"
#include "view/heap_diff.h"

enum { ROWS = 25 };

const char *const diff_memory_by[] = {"line", "file", NULL};

bool diff_memory_asked(const struct diff_memory_values *values)
{
	return values->memory || values->by || values->at_ns || values->limit;
}

enum err_kind diff_memory(char *const paths[2], const struct diff_memory_values *values, bool json,
			  struct err *e)
{
	const enum heap_by by = values->by ? HEAP_BY_FILE : HEAP_BY_LINE;
	const struct heap_filter filters[2] = {{.by = by, .at_ns = values->at_ns}, {.by = by}};
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
		kind = heap_diff_read(dbs, filters, (const char *const *)paths, arena, &diff, e);
	if (kind == ERR_OK && json)
		view_heap_diff_json(&diff, stdout);
	else if (kind == ERR_OK)
		view_heap_diff_text(&diff, values->limit ? (size_t)values->limit : ROWS, stdout,
				    log_colour_wanted(stdout), cmd_width(stdout));
	sqlite3_close(dbs[0]);
	sqlite3_close(dbs[1]);
	arena_free(arena);
	return kind;
}

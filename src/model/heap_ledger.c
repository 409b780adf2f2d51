#include "model/heap_ledger.h"

#include <math.h>

#include "model/query.h"

const char *const heap_part_names[HEAP_PARTS] = {
	[HEAP_PART_OBJECTS] = "live_objects",
	[HEAP_PART_BLOCKS] = "live_malloc",
	[HEAP_PART_ARENAS_FREE] = "pymalloc_free",
	[HEAP_PART_MALLOC_FREE] = "malloc_free",
	[HEAP_PART_STACKS] = "stacks",
	[HEAP_PART_FILES] = "files",
	[HEAP_PART_REST] = "rest",
};

const char *const heap_part_labels[HEAP_PARTS] = {
	[HEAP_PART_OBJECTS] = "live small Python blocks",
	[HEAP_PART_BLOCKS] = "live blocks of malloc",
	[HEAP_PART_ARENAS_FREE] = "free in pymalloc's arenas",
	[HEAP_PART_MALLOC_FREE] = "free in malloc",
	[HEAP_PART_STACKS] = "stacks",
	[HEAP_PART_FILES] = "files and shared",
	[HEAP_PART_REST] = "the rest",
};

/* The last second of each process until its snapshot (max() takes the other columns along,
 * https://www.sqlite.org/lang_select.html#bareagg). A sum is NULL where no process knows it. */
static const char ledger_sql[] =
	"SELECT count(*), max(moment_ns - (SELECT value FROM v1_meta WHERE key = 'started_ns')) / "
	"1e9, sum(1.0 * rss_bytes), sum(1.0 * pss_bytes), sum(1.0 * swap_bytes), sum(1.0 * "
	"private_dirty_bytes), sum(1.0 * live_bytes - live_malloc_bytes), sum(1.0 * "
	"live_malloc_bytes), sum(max(0.0, arena_bytes - (live_bytes - live_malloc_bytes))), "
	"sum(1.0 "
	"* malloc_free_bytes), sum(1.0 * stack_bytes), sum(1.0 * rss_bytes - anonymous_bytes) FROM "
	"(SELECT a.at_ns AS moment_ns, max(s.at_ns), s.* FROM heap_at a JOIN v1_heap_second s ON "
	"s.process_id = a.process_id AND s.at_ns <= a.at_ns + 1000000000 GROUP BY a.process_id)";
enum {
	COLUMN_PROCESSES,
	COLUMN_AT,
	COLUMN_RSS,
	COLUMN_PSS,
	COLUMN_SWAP,
	COLUMN_DIRTY,
	COLUMN_PART
};

static double number(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN
							       : sqlite3_column_double(row, column);
}

enum err_kind heap_ledger_read(sqlite3 *db, struct heap_ledger *out, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db, ledger_sql, &row, e));
	*out = (struct heap_ledger){0};
	if (sqlite3_step(row) == SQLITE_ROW) {
		out->processes = sqlite3_column_int(row, COLUMN_PROCESSES);
		out->at_s = number(row, COLUMN_AT);
		out->rss_bytes = number(row, COLUMN_RSS);
		out->pss_bytes = number(row, COLUMN_PSS);
		out->swap_bytes = number(row, COLUMN_SWAP);
		out->private_dirty_bytes = number(row, COLUMN_DIRTY);
		double known = 0;
		for (int part = 0; part < HEAP_PART_REST; part++) {
			out->parts[part] = number(row, COLUMN_PART + part);
			known += isnan(out->parts[part]) ? 0 : out->parts[part];
		}
		out->parts[HEAP_PART_REST] = out->rss_bytes - known;
	}
	return query_finish(db, row, e);
}

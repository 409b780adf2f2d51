#include "recording/space.h"

#include <stdio.h>
#include <sys/statvfs.h>

#include "recording/recording_private.h"

enum { MARKS_MAX = 86400 }; /* a day of seconds; then the oldest stays the boundary for longer */

static int64_t query_int(struct recording *r, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t value = 0;
	if (sqlite3_prepare_v2(r->db, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	else
		recording_fail(r, "read the size of");
	sqlite3_finalize(statement);
	return value;
}

static uint64_t used_bytes(struct recording *r)
{
	const int64_t pages = query_int(r, "PRAGMA page_count");
	const int64_t free_pages = query_int(r, "PRAGMA freelist_count");
	return (uint64_t)(pages - free_pages) * (uint64_t)query_int(r, "PRAGMA page_size");
}

static void delete_up_to(struct recording *r, const char *table, int64_t rowid)
{
	char sql[96];
	snprintf(sql, sizeof sql, "DELETE FROM %s WHERE rowid <= %lld", table, (long long)rowid);
	recording_exec(r, sql);
	r->space.dropped += (uint64_t)sqlite3_changes64(r->db);
}

/* Delete the oldest quarter of the raw rows' seconds, at least one. False: none are left. */
static bool fold_oldest(struct recording *r)
{
	struct space *space = &r->space;
	if (space->marks.count == 0)
		return false;
	const size_t gone = (space->marks.count + 3) / 4;
	const struct space_mark last = space->marks.items[gone - 1];
	delete_up_to(r, "event", last.event);
	delete_up_to(r, "statement", last.statement);
	recording_exec(r, "DELETE FROM statement_values WHERE start_ns < coalesce((SELECT start_ns "
			  "FROM statement ORDER BY rowid LIMIT 1), 9223372036854775807)");
	delete_up_to(r, "unit_sample", last.unit_sample);
	for (size_t i = gone; i < space->marks.count; i++)
		space->marks.items[i - gone] = space->marks.items[i];
	space->marks.count -= gone;
	return true;
}

static void mark(struct recording *r)
{
	struct space *space = &r->space;
	if (space->marks.count == MARKS_MAX)
		space->marks.count--;
	*vec_push(&space->marks) = (struct space_mark){
		.event = query_int(r, "SELECT coalesce(max(rowid), 0) FROM event"),
		.statement = query_int(r, "SELECT coalesce(max(rowid), 0) FROM statement"),
		.unit_sample = query_int(r, "SELECT coalesce(max(rowid), 0) FROM unit_sample"),
	};
}

enum err_kind space_check(struct recording *r, struct err *e)
{
	struct space *space = &r->space;
	struct statvfs fs;
	uint64_t disk_free = UINT64_MAX;
	if (statvfs(r->path, &fs) == 0)
		disk_free = (uint64_t)fs.f_bavail * fs.f_frsize;

	mark(r);
	const uint64_t fold_above = space->max_bytes / 8 * 7;
	while (used_bytes(r) > fold_above && fold_oldest(r))
		;
	const uint64_t used = used_bytes(r);
	if (used > fold_above || disk_free < SPACE_RAW_FREE_BYTES)
		space->raw_stopped = true;
	if (disk_free < SPACE_STOP_FREE_BYTES)
		return ERR(e, ERR_LIMIT,
			   "recording stopped: only %llu MiB are free beside %s; "
			   "make room or name another disk with -o FILE",
			   (unsigned long long)(disk_free >> 20), r->path);
	if (used > space->max_bytes)
		return ERR(
			e, ERR_LIMIT,
			"recording stopped: %s reached %llu MiB; raise --max-size to record longer",
			r->path, (unsigned long long)(space->max_bytes >> 20));
	return ERR_OK;
}

bool recording_take_raw(struct recording *r)
{
	if (r->space.raw_stopped)
		r->space.dropped++;
	return !r->space.raw_stopped;
}

uint64_t recording_raw_dropped(const struct recording *r)
{
	return r->space.dropped;
}

void space_free(struct space *space)
{
	vec_free(&space->marks);
}

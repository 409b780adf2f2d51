#include "recording/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "recording/recording_private.h"
#include "recording/seal.h"
#include "recording/sql.h"

/* synchronous=OFF: an fsync would stall the drain for as long as the disk likes, and rings
 * would overflow. What is written survives the death of unslow (it is in the kernel's page cache);
 * a power cut may lose more than the last second, or the recording. */
static const char settings_sql[] = "PRAGMA page_size=4096;"
				   "PRAGMA journal_mode=WAL;"
				   "PRAGMA synchronous=OFF;"
				   "PRAGMA wal_autocheckpoint=2000;"
				   "PRAGMA cache_size=-16384;"
				   "PRAGMA temp_store=MEMORY;";

/* The lock for writing is held from one transaction to the next, so that a reader can tell a
 * recording that is being written from one that was left behind (live.h). */
static const char begin_sql[] = "BEGIN IMMEDIATE";
/* A reader may be at it when it is to become one file: so long it is waited for. */
enum { CLOSE_PATIENCE_MS = 2000 };

/* Building an index reads the whole table; past this many rows it would delay the answer. */
enum { INDEX_ROWS_MAX = 1000000 };

enum err_kind recording_error(sqlite3 *db, const char *path, struct err *e)
{
	const int rc = sqlite3_errcode(db) & 0xff;
	if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB)
		return ERR(
			e, ERR_RECORDING,
			"%s is damaged (%s); save what can be read with: sqlite3 '%s' .recover | "
			"sqlite3 recovered.rec",
			path, sqlite3_errmsg(db), path);
	errno = sqlite3_system_errno(db);
	return ERR(e, ERR_SYSTEM, "%s: %s", path, sqlite3_errmsg(db));
}

void recording_fail(struct recording *r, const char *doing)
{
	if (r->failure.kind != ERR_OK)
		return;
	errno = sqlite3_system_errno(r->db);
	(void)ERR(&r->failure, ERR_SYSTEM, "cannot %s %s: %s%s", doing, r->path,
		  sqlite3_errmsg(r->db),
		  sqlite3_errcode(r->db) == SQLITE_FULL
			  ? "; make room there, or name a file on another one with -o FILE"
			  : "; is the disk full?");
}

void recording_exec(struct recording *r, const char *sql)
{
	if (r->failure.kind == ERR_OK && sqlite3_exec(r->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		recording_fail(r, "write to");
}

static enum err_kind failure(const struct recording *r, struct err *e)
{
	if (e)
		*e = r->failure;
	return r->failure.kind;
}

static void release(struct recording *r)
{
	rows_finalize(r);
	sqlite3_close(r->db);
	space_free(&r->space);
	free(r->path);
	free(r);
}

static void write_clock_pair(struct recording *r)
{
	struct row row = row_begin(r, ROW_CLOCK_PAIR);
	row_uint(&row, clock_now_ns());
	row_uint(&row, clock_read_ns(CLOCK_REALTIME));
#ifdef __x86_64__
	row_int(&row, (int64_t)__builtin_ia32_rdtsc());
#else
	row_null(&row);
#endif
	row_end(&row);
}

/* With what SQLite has beside it, which fills a full disk. */
static void remove_files(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char name[PATH_MAX];
		if (snprintf(name, sizeof name, "%s%s", path, ends[i]) < (int)sizeof name)
			unlink(name);
	}
}

enum err_kind recording_create(struct recording **out, const char *path, uint64_t max_bytes,
			       struct err *e)
{
	const int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && errno == EEXIST)
		return ERR(e, ERR_USAGE, "%s exists already; name another file with -o FILE", path);
	if (fd < 0)
		return ERR(e, ERR_SYSTEM, "cannot make the recording %s; name another with -o FILE",
			   path);
	close(fd);

	struct recording *r = mem_alloc(sizeof *r);
	enum err_kind kind;
	r->path = realpath(path, NULL);
	r->space.max_bytes = max_bytes;
	if (!r->path) {
		kind = ERR(e, ERR_SYSTEM, "cannot find the recording %s just made", path);
		unlink(path);
		release(r);
		return kind;
	}
	if (strlen(r->path) > RECORDING_PATH_BYTES) {
		kind = ERR(
			e, ERR_USAGE,
			"the path of %.60s has %zu bytes, and SQLite opens none of more than %d; "
			"name another with -o FILE",
			path, strlen(r->path), RECORDING_PATH_BYTES);
		unlink(path);
		release(r);
		return kind;
	}
	/* Nobody asks SQLite how much memory it has; to know it takes a lock at each allocation.
	 * Too late where the library is in use already, which is no harm. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_open_v2(r->path, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
		recording_fail(r, "open");
	sqlite3_busy_timeout(r->db, 1000);
	recording_exec(r, settings_sql);
	recording_exec(r, sql_schema);
	recording_exec(r, sql_views);
	/* who looks for recordings reads the header of the file itself */
	recording_exec(r, "PRAGMA wal_checkpoint(PASSIVE)");
	kind = r->failure.kind == ERR_OK ? rows_prepare(r, e) : failure(r, e);
	if (kind == ERR_OK) {
		recording_exec(r, begin_sql);
		recording_set_meta_text(r, "unslow_version", UNSLOW_VERSION);
		recording_set_meta_int(r, "started_ns", (int64_t)clock_now_ns());
		recording_set_meta_int(r, "started_realtime_ns",
				       (int64_t)clock_read_ns(CLOCK_REALTIME));
		kind = recording_commit(r, 1, e);
	}
	if (kind != ERR_OK) {
		release(r); /* closed first, or SQLite would leave its own files beside it */
		remove_files(path);
		return kind;
	}
	*out = r;
	return ERR_OK;
}

sqlite3 *recording_db(struct recording *r)
{
	return r->db;
}

const char *recording_path(const struct recording *r)
{
	return r->path;
}

void recording_set_meta_text(struct recording *r, const char *key, const char *value)
{
	struct row row = row_begin(r, ROW_META);
	row_string(&row, key);
	row_string(&row, value);
	row_end(&row);
}

void recording_set_meta_int(struct recording *r, const char *key, int64_t value)
{
	struct row row = row_begin(r, ROW_META);
	row_string(&row, key);
	row_int(&row, value);
	row_end(&row);
}

enum err_kind recording_commit(struct recording *r, int force, struct err *e)
{
	const uint64_t now_ns = clock_now_ns();
	if (r->failure.kind != ERR_OK)
		return failure(r, e);
	if (!force && now_ns - r->committed_ns < NS_PER_S)
		return ERR_OK;
	r->committed_ns = now_ns;
	write_clock_pair(r);
	recording_exec(r, "COMMIT");
	enum err_kind kind = r->failure.kind == ERR_OK ? space_check(r, e) : ERR_OK;
	recording_exec(r, begin_sql);
	return r->failure.kind != ERR_OK ? failure(r, e) : kind;
}

void recording_clear_losses(struct recording *r)
{
	recording_exec(r, "DELETE FROM loss");
}

static void make_indexes(struct recording *r)
{
	sqlite3_stmt *statement = NULL;
	int64_t rows = 0;
	if (sqlite3_prepare_v2(r->db,
			       "SELECT coalesce((SELECT max(rowid) FROM event), 0)"
			       " + coalesce((SELECT max(rowid) FROM statement), 0)",
			       -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		rows = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	if (rows <= INDEX_ROWS_MAX)
		recording_exec(r, sql_indexes);
	recording_exec(r, "PRAGMA analysis_limit=400; ANALYZE");
}

static struct seal_row write_seal_row(struct recording *r)
{
	struct seal_row seal = {0};
	sqlite3_randomness(sizeof seal.marker, seal.marker);
	struct row row = row_begin(r, ROW_SEAL);
	row_blob(&row, &seal, sizeof seal);
	row_end(&row);
	return seal;
}

/* False: a reader did not let go of it. Then all is there, in the file and the -wal beside it. */
static bool become_one_file(struct recording *r)
{
	if (r->failure.kind != ERR_OK)
		return false;
	sqlite3_busy_timeout(r->db, CLOSE_PATIENCE_MS);
	const int rc = sqlite3_exec(r->db,
				    "PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE);"
				    "PRAGMA journal_mode=DELETE",
				    NULL, NULL, NULL);
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) {
		log_warn("%s was being read when it was closed: keep %s-wal beside it", r->path,
			 r->path);
		return false;
	}
	if (rc != SQLITE_OK)
		recording_fail(r, "write to");
	return rc == SQLITE_OK;
}

enum err_kind recording_close(struct recording *r, struct err *e)
{
	recording_set_meta_int(r, "ended_ns", (int64_t)clock_now_ns());
	recording_set_meta_int(r, "closed", 1);
	write_clock_pair(r);
	recording_exec(r, "COMMIT");
	make_indexes(r);
	const struct seal_row seal = write_seal_row(r);
	rows_finalize(r);
	const bool is_one_file = become_one_file(r);
	enum err_kind kind = failure(r, e);
	sqlite3_close(r->db);
	r->db = NULL;
	if (kind == ERR_OK && is_one_file)
		kind = seal_make(r->path, &seal, e);
	release(r);
	return kind;
}

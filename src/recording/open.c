/* Opening for reading: a recording may be old, newer than this program, cut
 * short by a copy, damaged, or left behind by a writer that was killed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "recording/recording.h"
#include "recording/seal.h"
#include "recording/sql.h"

/* SQLite's file header, https://www.sqlite.org/fileformat2.html#the_database_header: magic at 0,
 * page size at 16 (1 means 65536), file size in pages at 28, application id at 68; big-endian. */
enum { HEADER_BYTES = 100, HEADER_PAGE_SIZE = 16, HEADER_PAGES = 28, HEADER_APPLICATION = 68 };

static uint32_t be(const unsigned char *at, int bytes)
{
	uint32_t value = 0;
	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

static bool has_wal(const char *path)
{
	struct str wal;
	struct stat st;
	str_init(&wal, 4096 + 8);
	str_printf(&wal, "%s-wal", path);
	const bool has = stat(wal.text, &st) == 0 && st.st_size > 0;
	str_free(&wal);
	return has;
}

/* What SQLite would find out late or never: not a database at all, or cut short. With a
 * write-ahead log beside it the file alone says nothing about its length. */
static enum err_kind check_file(const char *path, struct err *e)
{
	unsigned char header[HEADER_BYTES] = {0};
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == EACCES)
		return ERR(e, ERR_PERMISSION,
			   "no permission to read %s; run as its owner or copy it", path);
	if (fd < 0 && errno == ENOENT)
		return ERR(
			e, ERR_RECORDING,
			"there is no recording %s; `unslow run -- CMD` makes one and says its name",
			path);
	if (fd < 0)
		return ERR(e, ERR_RECORDING, "cannot open recording %s: %s", path, strerror(errno));
	const bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	const ssize_t got = regular ? pread(fd, header, sizeof header, 0) : 0;
	close(fd);
	if (got != HEADER_BYTES || memcmp(header, "SQLite format 3", 16) != 0)
		return ERR(e, ERR_RECORDING,
			   "%s is not an unslow recording; name a .rec file made by `unslow run`",
			   path);
	uint64_t page_size = be(header + HEADER_PAGE_SIZE, 2);
	if (page_size == 1)
		page_size = 65536;
	const uint64_t expected = be(header + HEADER_PAGES, 4) * page_size;
	if ((uint64_t)st.st_size < expected && !has_wal(path))
		return ERR(
			e, ERR_RECORDING,
			"%s is cut short: %llu of %llu bytes; copy it again, or save what can be "
			"read with: sqlite3 '%s' .recover | sqlite3 recovered.rec",
			path, (unsigned long long)st.st_size, (unsigned long long)expected, path);
	return ERR_OK;
}

static enum err_kind pragma_int(sqlite3 *db, const char *path, const char *sql, int64_t *value,
				struct err *e)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*value = sqlite3_column_int64(statement, 0);
	const enum err_kind kind = rc == SQLITE_ROW ? ERR_OK : recording_error(db, path, e);
	sqlite3_finalize(statement);
	return kind;
}

static enum err_kind check_format(sqlite3 *db, const char *path, struct err *e)
{
	int64_t id = 0, format = 0;
	TRY(pragma_int(db, path, "PRAGMA application_id", &id, e));
	TRY(pragma_int(db, path, "PRAGMA user_version", &format, e));
	if (id != RECORDING_APPLICATION_ID)
		return ERR(
			e, ERR_RECORDING,
			"%s is an SQLite file, but not an unslow recording; name a .rec file made "
			"by `unslow run`",
			path);
	if (format > RECORDING_FORMAT)
		return ERR(
			e, ERR_RECORDING,
			"%s has recording format %lld, this unslow %s reads up to %d; read it with "
			"the unslow that made it, or update this one",
			path, (long long)format, UNSLOW_VERSION, RECORDING_FORMAT);
	return ERR_OK;
}

/* Every page of a file that is not sealed: its trees, but not the values in them. */
static enum err_kind check_pages(sqlite3 *db, const char *path, struct err *e)
{
	sqlite3_stmt *statement = NULL;
	char finding[160] = "";
	int rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW)
		str_copy(finding, sizeof finding, (const char *)sqlite3_column_text(statement, 0));
	const enum err_kind kind = rc == SQLITE_ROW ? ERR_OK : recording_error(db, path, e);
	sqlite3_finalize(statement);
	if (kind == ERR_OK && strcmp(finding, "ok") != 0) {
		for (char *c = finding; *c; c++)
			if (*c == '\n')
				*c = ' ';
		return ERR(
			e, ERR_RECORDING,
			"%s is damaged (%s); save what can be read with: sqlite3 '%s' .recover | "
			"sqlite3 recovered.rec",
			path, finding, path);
	}
	return kind;
}

/* Who hands on a recording may have made a view of a table, whose rows then come from a query
 * without end, or a trigger. The program makes neither under a table's name. */
static enum err_kind check_tables(sqlite3 *db, const char *path, struct err *e)
{
	static const char begins[] = "CREATE TABLE ";
	sqlite3_stmt *statement = NULL;
	enum err_kind kind = ERR_OK;
	int rc = sqlite3_prepare_v2(db,
				    "SELECT 1 FROM main.sqlite_master "
				    "WHERE type = 'trigger' AND lower(tbl_name) = ?1 "
				    "OR lower(name) = ?1 AND (type <> 'table' "
				    "OR sql LIKE 'CREATE VIRTUAL%')",
				    -1, &statement, NULL);
	for (const char *at = sql_schema; rc == SQLITE_OK && (at = strstr(at, begins));) {
		at += strlen(begins);
		const int length = (int)strcspn(at, " ");
		sqlite3_bind_text(statement, 1, at, length, SQLITE_STATIC);
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW)
			kind = ERR(e, ERR_RECORDING,
				   "%s is not as unslow writes it: something else stands for its "
				   "table `%.*s`; ask who gave it to you for the original",
				   path, length, at);
		else if (rc == SQLITE_DONE)
			rc = sqlite3_reset(statement);
	}
	if (kind == ERR_OK && rc != SQLITE_OK)
		kind = recording_error(db, path, e);
	sqlite3_finalize(statement);
	return kind;
}

/* Callers are written before what they call, and readers walk from one to the other: in another
 * order a walk might have no end. */
static enum err_kind check_order(sqlite3 *db, const char *path, const char *table, struct err *e)
{
	char sql[96];
	sqlite3_stmt *statement = NULL;
	if (sqlite3_table_column_metadata(db, "main", table, NULL, NULL, NULL, NULL, NULL, NULL) !=
	    SQLITE_OK)
		return ERR_OK; /* an older recording */
	snprintf(sql, sizeof sql, "SELECT id FROM main.%s WHERE parent_id >= id LIMIT 1", table);
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	enum err_kind kind = ERR_OK;
	if (rc == SQLITE_ROW)
		kind = ERR(e, ERR_RECORDING,
			   "%s is not as unslow writes it: %s %lld comes before its caller; ask "
			   "who gave it to you for the original",
			   path, table, (long long)sqlite3_column_int64(statement, 0));
	else if (rc != SQLITE_DONE)
		kind = recording_error(db, path, e);
	sqlite3_finalize(statement);
	return kind;
}

/* Tables that format 1 has got since: a recording from before has none, and is read as one in which
 * they are empty. */
static enum err_kind make_missing_tables(sqlite3 *db, const char *path, struct err *e)
{
	static const char *const added[] = {"sample_10s",
					    "engine",
					    "peer_second",
					    "unit_sample",
					    "client_request",
					    "cpu_use",
					    "cgroup_second",
					    "fault_second",
					    "statement_values",
					    "call_process",
					    "call_window",
					    "call_node",
					    "call_histogram",
					    "call_line",
					    "call_event",
					    "listener_second",
					    "task_look",
					    "heap_process",
					    "heap_site",
					    "heap_snapshot",
					    "heap_live",
					    "heap_second",
					    "heap_unit_peak",
					    "call_arguments",
					    "walk",
					    "walk_type",
					    "walk_holder",
					    "heap_native",
					    "heap_native_frame"};
	for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
		char begin[64];
		snprintf(begin, sizeof begin, "CREATE TABLE %s (", added[i]);
		const char *from = strstr(sql_schema, begin);
		const char *to = from ? strstr(from, "\n)") : NULL;
		if (sqlite3_table_column_metadata(db, "main", added[i], NULL, NULL, NULL, NULL,
						  NULL, NULL) == SQLITE_OK ||
		    !to)
			continue;
		char *sql = sqlite3_mprintf("CREATE TEMP TABLE %.*s", (int)(to + 2 - from) - 13,
					    from + 13);
		const bool made = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
		sqlite3_free(sql);
		if (!made)
			return recording_error(db, path, e);
	}
	return ERR_OK;
}

/* In the file; NULL: the table itself. */
static bool has_column(sqlite3 *db, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(db, "main", table, column, NULL, NULL, NULL, NULL,
					     NULL) == SQLITE_OK;
}

/* Columns that format 1 has got since: NULL in a recording from before. A temporary view stands
 * before the table of its name, so those of one table are together here. */
static enum err_kind make_missing_columns(sqlite3 *db, const char *path, struct err *e)
{
	static const struct {
		const char *table, *column;
	} added[] = {{"unit", "trace"},
		     {"unit", "bytes_in"},
		     {"handle", "tls_ns"},
		     {"call_process", "resume_inside_ns"},
		     {"call_process", "resume_outside_ns"},
		     {"call_process", "far_inside_ns"},
		     {"call_process", "far_outside_ns"},
		     {"call_process", "repeats_code_id"},
		     {"call_process", "lost_line_count"},
		     {"call_process", "lost_line_ns"},
		     {"call_process", "await_inside_ns"},
		     {"call_process", "await_outside_ns"},
		     {"call_process", "line_cost_ns"},
		     {"call_node", "far_events"},
		     {"call_node", "nested_ns"},
		     {"call_line", "memory_bytes"},
		     {"call_line", "memory_most_bytes"},
		     {"call_line", "memory_peak_bytes"},
		     {"call_line", "memory_parts"},
		     {"call_line", "cost_ns"},
		     {"call_line", "own_cost_ns"},
		     {"walk", "garbage_objects"},
		     {"walk", "garbage_bytes"},
		     {"walk", "trim_bytes"},
		     {"walk", "how"},
		     {"walk", "changed"},
		     {"walk_type", "garbage_count"},
		     {"walk_type", "garbage_bytes"},
		     {"walk_holder", "site_id"},
		     {"walk_holder", "maybe_recycled"},
		     {"walk_holder", "shared_bytes"}};
	const size_t count = sizeof added / sizeof *added;
	struct str columns;
	bool made = true;
	str_init(&columns, 1024);
	for (size_t i = 0; i < count && made; i++) {
		const char *table = added[i].table;
		/* a table that is not there at all was just made, whole */
		if (has_column(db, table, NULL) && !has_column(db, table, added[i].column))
			str_printf(&columns, ", NULL AS %s", added[i].column);
		if ((i + 1 < count && strcmp(added[i + 1].table, table) == 0) || !columns.length)
			continue;
		/* a view has no rowid of its own, which v1_walk_holder orders by */
		const char *row = strcmp(table, "walk_holder") ? "" : ", rowid";
		char *sql = sqlite3_mprintf("CREATE TEMP VIEW %s AS SELECT *%s%s FROM main.%s",
					    table, columns.text, row, table);
		made = sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
		sqlite3_free(sql);
		str_clear(&columns);
	}
	str_free(&columns);
	if (!made)
		return recording_error(db, path, e);
	return ERR_OK;
}

/* The views of this program, as temporary ones before those in the file: an older recording has
 * older views, and one of somebody else may have any. */
static enum err_kind make_views(sqlite3 *db, const char *path, struct err *e)
{
	static const char begins[] = "CREATE VIEW ";
	struct str sql;
	str_init(&sql, 2 * strlen(sql_views));
	const char *from = sql_views;
	for (const char *at; (at = strstr(from, begins)); from = at + strlen(begins)) {
		str_add_bytes(&sql, from, (size_t)(at - from));
		str_add(&sql, "CREATE TEMP VIEW ");
	}
	str_add(&sql, from);
	const bool made = sqlite3_exec(db, sql.text, NULL, NULL, NULL) == SQLITE_OK;
	str_free(&sql);
	return made ? ERR_OK : recording_error(db, path, e);
}

enum err_kind recording_open(sqlite3 **out, const char *path, struct err *e)
{
	TRY(check_file(path, e));
	/* An absolute path: SQLite gives names such as ":memory:" a meaning of their own. */
	char *absolute = realpath(path, NULL);
	if (!absolute)
		return ERR(e, ERR_RECORDING, "cannot open recording %s: %s", path, strerror(errno));
	sqlite3 *db = NULL;
	enum err_kind kind = ERR_OK;
	if (sqlite3_open_v2(absolute, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		kind = strlen(absolute) > RECORDING_PATH_BYTES
			       ? ERR(e, ERR_RECORDING,
				     "the path of %.60s… has %zu bytes, and SQLite opens none of "
				     "more than %d: move it where its path is shorter",
				     path, strlen(absolute), RECORDING_PATH_BYTES)
			       : recording_error(db, path, e);
	free(absolute);
	sqlite3_busy_timeout(db, 1000);
	/* The file may come from somebody else: its views may call no function with side
	 * effects, its cells are checked before they are used. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (kind == ERR_OK &&
	    sqlite3_exec(db, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;", NULL, NULL,
			 NULL) != SQLITE_OK)
		kind = recording_error(db, path, e);
	if (kind == ERR_OK)
		kind = check_format(db, path, e);
	bool intact = false;
	if (kind == ERR_OK)
		kind = seal_check(db, path, &intact, e);
	if (kind == ERR_OK && !intact)
		kind = check_pages(db, path, e);
	if (kind == ERR_OK)
		kind = check_tables(db, path, e);
	if (kind == ERR_OK)
		kind = check_order(db, path, "stack", e);
	if (kind == ERR_OK)
		kind = check_order(db, path, "call_node", e);
	if (kind == ERR_OK)
		kind = make_missing_tables(db, path, e);
	if (kind == ERR_OK)
		kind = make_missing_columns(db, path, e);
	if (kind == ERR_OK)
		kind = make_views(db, path, e);
	if (kind != ERR_OK) {
		sqlite3_close(db);
		return kind;
	}
	*out = db;
	return ERR_OK;
}

/* Whatever its name: an SQLite file with our id in its header. */
static bool is_recording(int directory_fd, const char *name)
{
	unsigned char header[HEADER_BYTES];
	const int fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	const bool is = pread(fd, header, sizeof header, 0) == HEADER_BYTES &&
			memcmp(header, "SQLite format 3", 16) == 0 &&
			be(header + HEADER_APPLICATION, 4) == RECORDING_APPLICATION_ID;
	close(fd);
	return is;
}

/* The newest recording of a directory into path; false: it has none. */
static bool newest_of(const char *directory, char *path, size_t size)
{
	struct timespec newest = {0};
	DIR *all = opendir(directory);
	for (struct dirent *entry; all && (entry = readdir(all));) {
		struct stat st;
		if (fstatat(dirfd(all), entry->d_name, &st, 0) != 0 || !S_ISREG(st.st_mode) ||
		    st.st_mtim.tv_sec < newest.tv_sec ||
		    (st.st_mtim.tv_sec == newest.tv_sec && st.st_mtim.tv_nsec <= newest.tv_nsec) ||
		    !is_recording(dirfd(all), entry->d_name))
			continue;
		const int length = snprintf(path, size, "%s/%s", directory, entry->d_name);
		if (length > 0 && (size_t)length < size)
			newest = st.st_mtim;
	}
	if (all)
		closedir(all);
	return newest.tv_sec || newest.tv_nsec;
}

enum err_kind recording_find_last(char *path, size_t size, struct err *e)
{
	struct str directory;
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (newest_of(".", path, size))
		return ERR_OK;
	str_init(&directory, 4096);
	if (state && *state)
		str_printf(&directory, "%s/unslow", state);
	else if (home && *home)
		str_printf(&directory, "%s/.local/state/unslow", home);
	const bool found = directory.length && newest_of(directory.text, path, size);
	str_free(&directory);
	if (found)
		return ERR_OK;
	return ERR(e, ERR_RECORDING,
		   "no recording in this directory or in the state directory; make one with "
		   "`unslow run -- COMMAND`, or name it");
}

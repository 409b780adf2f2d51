/* How many rows a SQLite statement stepped over in scans of whole tables, as SQLite counts them.
 *
 * sqlite.org/c3ref/c_stmtstatus_counter.html: FULLSCAN_STEP counts steps of a table's scan that no
 * index shortens, AUTOINDEX rows put into an index that is made for one run. The counters are only
 * read, never reset: they are the application's. Each copy of the library has its own function; it
 * is found beside that copy's sqlite3_step.
 */
#ifndef UNSLOW_AGENT_SQLITE_SCAN_H
#define UNSLOW_AGENT_SQLITE_SCAN_H

#include <stdint.h>

/* Both counters of `stmt` since it was prepared, whose library has `step` as its sqlite3_step; -1:
 * that library cannot be asked. Called by the thread that runs the statement. */
int64_t sqlite_scan_rows(const void *step, void *stmt);

#endif

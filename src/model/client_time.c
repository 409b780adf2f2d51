#include "model/client_time.h"

#include "model/query.h"

#define QUEUE_SHARE 0.25 /* less than that is also made by a machine that wakes a process late */

/* What nine of ten wait at least is the network and the server's reading, and no queue. What was
 * never answered has waited until the recording's end at least, and is in no mean. */
static const char means[] =
	"SELECT count(*), avg(c.response_ns), avg(c.late_ns), avg(c.before_ns), avg(c.server_ns), "
	"avg(c.after_ns), avg(c.before_ns) - percentile(c.before_ns, 0.1), (SELECT count(*) FROM "
	"v1_client_request WHERE response_ns IS NULL) "
	"FROM v1_client_request c JOIN basis_whole b ON b.id = c.unit_id WHERE c.response_ns IS "
	"NOT NULL";

enum err_kind client_time_read(sqlite3 *db, struct client_time *out, struct err *e)
{
	sqlite3_stmt *row;
	*out = (struct client_time){0};
	TRY(query_prepare(db, means, &row, e));
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int64(row, 0) > 0)
		*out = (struct client_time){
			.seen = (uint64_t)sqlite3_column_int64(row, 0),
			.response_ms = sqlite3_column_double(row, 1) / 1e6,
			.late_ms = sqlite3_column_double(row, 2) / 1e6,
			.before_ms = sqlite3_column_double(row, 3) / 1e6,
			.server_ms = sqlite3_column_double(row, 4) / 1e6,
			.after_ms = sqlite3_column_double(row, 5) / 1e6,
			.queue_ms = sqlite3_column_double(row, 6) / 1e6,
			.unanswered = (uint64_t)sqlite3_column_int64(row, 7),
		};
	return query_finish(db, row, e);
}

double client_time_queued(const struct client_time *client)
{
	const double share = client->seen ? client->queue_ms / client->response_ms : 0;
	return share >= QUEUE_SHARE ? share : 0;
}

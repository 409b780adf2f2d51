#include "view/trace.h"

#include <string.h>

#include "agent/channel.h"
#include "base/scan.h"
#include "model/query.h"

#define TRACE_DIGITS 32

/* Times in nanoseconds from the unit's begin. Samples of the thread in a state of its own; what it
 * is blocked in is a call's row, where one was recorded. */
const char trace_sql[] =
	"WITH rows AS ("
	"SELECT c.intended_ns AS at, c.late_ns AS dur, 0 AS rank, 'client' AS kind, "
	"'due, not sent: its connection was not open or not free, or the client woke late' AS "
	"what, NULL AS stack_id "
	"FROM v1_client_request c JOIN traced t ON c.unit_id = t.id WHERE c.late_ns > 0 "
	"UNION ALL SELECT c.intended_ns + c.late_ns, c.before_ns, 1, 'client', "
	"'sent, not begun: network, accept queue, no free worker', NULL "
	"FROM v1_client_request c JOIN traced t ON c.unit_id = t.id "
	"UNION ALL SELECT u.start_ns, u.wall_ns, 2, u.kind, coalesce(u.method || ' ', '') || "
	"coalesce(u.route, '(no route)') || coalesce('  ' || u.status, ''), NULL "
	"FROM v1_unit u JOIN traced t ON u.id = t.id "
	"UNION ALL SELECT s.start_ns, s.wall_ns, 4, s.state, "
	"CASE s.state WHEN 'gil' THEN 'held by ' || coalesce(h.app_function || '  ' || "
	"base_name(h.app_file) || ':' || h.app_line, 'another thread') END, s.stack_id "
	"FROM v1_unit_sample s JOIN traced t ON s.unit_id = t.id "
	"LEFT JOIN v1_frame h ON h.id = s.holder_stack_id "
	"WHERE s.state NOT IN ('call', 'sleep', 'lock') OR NOT EXISTS (SELECT 1 FROM v1_event e "
	"WHERE e.unit_id = s.unit_id AND NOT e.nested AND e.start_ns <= s.start_ns "
	"AND e.start_ns + e.dur_ns >= s.start_ns) "
	"UNION ALL SELECT e.start_ns, e.dur_ns, 3, e.kind, coalesce(e.subject, h.peer), e.stack_id "
	"FROM v1_event e JOIN traced t ON e.unit_id = t.id "
	"LEFT JOIN v1_handle h ON h.id = e.handle_id WHERE NOT e.nested "
	"UNION ALL SELECT s.start_ns, s.dur_ns, 5, 'statement', s.fingerprint, s.stack_id "
	"FROM v1_statement s JOIN traced t ON s.unit_id = t.id "
	"UNION ALL SELECT x.at_ns, NULL, 6, 'exception', x.class, x.stack_id "
	"FROM v1_exception x JOIN traced t ON x.unit_id = t.id "
	"UNION ALL SELECT u.end_ns, c.after_ns, 7, 'client', 'answered, not yet read', NULL "
	"FROM v1_client_request c JOIN traced t ON c.unit_id = t.id "
	"JOIN v1_unit u ON u.id = t.id WHERE c.after_ns IS NOT NULL) "
	"SELECT (r.at - t.start_ns) / 1e6, r.dur / 1e6, r.kind, "
	"CASE WHEN r.stack_id IS NULL THEN NULL ELSE f.app_function || '  ' || "
	"base_name(f.app_file) || ':' || f.app_line END, f.app_file, f.app_line, f.app_function, "
	"r.what FROM rows r, traced t LEFT JOIN v1_frame f ON f.id = r.stack_id "
	"ORDER BY r.at, r.rank, r.dur DESC LIMIT ?1";

static bool is_trace(const char *text)
{
	return strlen(text) == TRACE_DIGITS && strspn(text, "0123456789abcdef") == TRACE_DIGITS;
}

/* "2.17": process and number, as `show requests --slowest` has it. */
static bool read_unit(const char *text, uint64_t *id)
{
	uint64_t process, number;
	if (!scan_decimal(&text, UINT32_MAX, &process) || !scan_text(&text, ".") ||
	    !scan_decimal(&text, (UINT64_C(1) << UNIT_SERIAL_SHIFT) - 1, &number) || *text)
		return false;
	*id = process << UNIT_SERIAL_SHIFT | number;
	return true;
}

static enum err_kind is_found(sqlite3 *db, const char *request, struct err *e)
{
	double found;
	TRY(query_number(db, "SELECT count(*) FROM traced", 0, &found, e));
	if (found > 0 || !request)
		return ERR_OK;
	return ERR(e, ERR_USAGE,
		   "no request %.40s in this recording; `unslow show requests --slowest 10` lists "
		   "some",
		   request);
}

enum err_kind trace_prepare(sqlite3 *db, const struct view_options *o, struct err *e)
{
	uint64_t id = 0;
	sqlite3_stmt *row;
	if (o->request && !is_trace(o->request) && !read_unit(o->request, &id))
		return ERR(e, ERR_USAGE,
			   "--request takes a request as `unslow show requests --slowest 10` names "
			   "it (2.17), or a trace of 32 hexadecimal digits, not \"%.40s\"",
			   o->request);
	TRY(query_prepare(
		db,
		"CREATE TEMP TABLE traced AS SELECT u.id, u.start_ns FROM v1_unit u "
		"LEFT JOIN v1_client_request c ON c.unit_id = u.id "
		"WHERE CASE WHEN ?1 IS NULL THEN u.finished AND "
		"u.kind = (SELECT kind FROM basis_total) ELSE u.trace = ?1 OR u.id = ?2 END "
		"ORDER BY c.response_ns IS NULL, u.cold, coalesce(c.response_ns, u.wall_ns) DESC "
		"LIMIT 1",
		&row, e));
	sqlite3_bind_text(row, 1, o->request, -1, SQLITE_STATIC);
	sqlite3_bind_int64(row, 2, (sqlite3_int64)id);
	sqlite3_step(row);
	TRY(query_finish(db, row, e));
	return is_found(db, o->request, e);
}

#include "model/threads.h"

#include "model/query.h"

/* enum evidence_source (agent/channel.h): 2 is remote. */
static const char from_outside[] =
	"SELECT EXISTS (SELECT 1 FROM v1_sample WHERE source = 2) AND NOT EXISTS "
	"(SELECT 1 FROM v1_unit WHERE finished)";

/* Where threads wait for their next work, by the innermost frame; a call in C has none of its own.
 * Of servers every wait counts but those for a client's bytes. */
static const char places[] =
	"CREATE TEMP TABLE wait_place AS SELECT column1 AS file, column2 AS function FROM (VALUES "
	"('%/socket.py', '%accept'), ('%/selectors.py', '%.select'), "
	"('%/concurrent/futures/thread.py', '_worker'), ('%/threading.py', 'Condition.wait'), "
	"('%/threading.py', 'Event.wait'), ('%/threading.py', 'Thread.%'), "
	"('%/threading.py', '_shutdown'), ('%/queue.py', '%.get'), "
	"('%/asyncio/runners.py', '%run'), ('%/asyncio/base_events.py', '%run_forever'), "
	"('%/multiprocessing/%', '%'), ('%/socketserver.py', '%'), ('%/gevent/%hub%', '%'), "
	"('%/greenlet/%', '%'), ('%/eventlet/hubs/%', '%'));"
	/* code of databases' drivers and pools: a wait below it is for the database */
	"CREATE TEMP TABLE database_code AS SELECT column1 AS file, column2 AS peer_kind FROM "
	"(VALUES ('%/psycopg2/%', 'postgresql'), ('%/psycopg/%', 'postgresql'), "
	"('%/psycopg_pool/%', 'postgresql'), ('%/asyncpg/%', 'postgresql'), "
	"('%/pg8000/%', 'postgresql'), ('%/django/db/backends/postgresql/%', 'postgresql'), "
	"('%/sqlalchemy/dialects/postgresql/%', 'postgresql'), "
	"('%/sqlite3/%', 'sqlite'), ('%/aiosqlite/%', 'sqlite'), "
	"('%/django/db/backends/sqlite3/%', 'sqlite'), ('%/sqlalchemy/dialects/sqlite/%', "
	"'sqlite'), "
	"('%/pymysql/%', 'mysql'), ('%/MySQLdb/%', 'mysql'), ('%/mysql/connector/%', 'mysql'), "
	"('%/aiomysql/%', 'mysql'), ('%/django/db/backends/mysql/%', 'mysql'), "
	"('%/pymongo/%', 'mongodb'), ('%/redis/%', 'redis'), ('%/sqlalchemy/engine/default.py', "
	"NULL), "
	"('%/sqlalchemy/engine/create.py', NULL), ('%/django/db/%', NULL), ('%/peewee.py', NULL));";

/* From the root up. `is_root`: its nearest frame of the application was called by no server or
 * library (it started them, or is a thread's own loop), or there is none. */
static const char walk[] =
	"CREATE TEMP TABLE thread_stack AS "
	"WITH RECURSIVE code AS MATERIALIZED (SELECT file, function, kind, "
	"    EXISTS (SELECT 1 FROM database_code d WHERE f.file LIKE d.file) AS in_database, "
	"    file LIKE '%/pool/%' OR file LIKE '%pool.py' OR file LIKE '%/psycopg_pool/%' AS "
	"in_pool, "
	"    CASE kind WHEN 'server' THEN function NOT LIKE '%recv%' AND function NOT LIKE "
	"'%read%' "
	"      AND function NOT LIKE '%send%' AND function NOT LIKE '%write%' "
	"    ELSE EXISTS (SELECT 1 FROM wait_place w WHERE f.file LIKE w.file AND "
	"      f.function LIKE w.function) END AS is_wait "
	"  FROM (SELECT DISTINCT file, function, kind FROM v1_frame) f), "
	"frame AS MATERIALIZED (SELECT f.id, f.parent_id, f.kind, c.in_database, c.in_pool, "
	"c.is_wait "
	"  FROM v1_frame f JOIN code c ON c.file = f.file AND c.function = f.function "
	"    AND c.kind = f.kind), "
	"up(id, kind, is_served, is_root, in_database, in_pool, is_wait) AS ("
	"  SELECT id, kind, kind IN ('server', 'library'), 1, in_database, in_pool, is_wait "
	"  FROM frame WHERE parent_id = 0 "
	"  UNION ALL SELECT f.id, f.kind, u.is_served OR f.kind IN ('server', 'library'), "
	"    iif(f.kind = 'app', NOT u.is_served, u.is_root), "
	"    f.in_database OR (u.in_database AND f.kind <> 'app'), "
	"    f.in_pool OR (u.in_pool AND f.kind <> 'app'), f.is_wait "
	"  FROM up u JOIN frame f ON f.parent_id = u.id) "
	"SELECT id, is_root, in_database, in_pool, "
	"  is_root AND (is_wait OR kind = 'app') AS is_idle_place, kind = 'app' AS is_own "
	"FROM up;"
	"CREATE UNIQUE INDEX temp.thread_stack_id ON thread_stack(id);";

/* A thread's own sleep at its root is idle only beside a main thread: a script sleeps in that. */
static const char cut[] =
	"CREATE TEMP TABLE thread_time AS SELECT s.*, "
	"  coalesce(t.is_idle_place, 0) AND s.state IN ('call', 'lock', 'sleep') AND "
	"    (NOT t.is_own OR (s.state = 'sleep' AND h.tid <> p.pid)) AS idle, "
	"  CASE s.state WHEN 'python' THEN 'python' WHEN 'gil' THEN 'gil' "
	"    WHEN 'native' THEN iif(t.in_database, 'io_db', 'native') "
	"    WHEN 'runqueue' THEN 'runqueue' WHEN 'sleep' THEN 'sleep' "
	"    WHEN 'lock' THEN iif(t.in_pool, 'pool', 'lock') "
	"    WHEN 'call' THEN CASE WHEN t.in_database THEN 'io_db' "
	"      WHEN s.target LIKE 'wait%' THEN 'lock' "
	"      WHEN s.target LIKE '/%' OR s.target IN ('pipe', 'openat', 'fsync', 'fdatasync', "
	"        'flock') THEN 'io_file' "
	"      WHEN s.target LIKE '%:%' OR s.target LIKE '%socket%' OR s.target LIKE '%poll%' "
	"        OR s.target LIKE '%select%' THEN 'io_net' ELSE 'unexplained' END "
	"    ELSE 'unexplained' END AS ledger "
	"FROM v1_sample s LEFT JOIN thread_stack t ON t.id = s.stack_id "
	"LEFT JOIN v1_thread h ON h.id = s.thread_id LEFT JOIN v1_process p ON p.id = s.process_id "
	"WHERE s.source = 2;"
	"CREATE TEMP TABLE looked AS SELECT * FROM thread_time WHERE NOT idle;";

static const char of_units[] =
	"CREATE TEMP TABLE thread_time AS SELECT *, 0 AS idle, '' AS ledger FROM v1_sample WHERE 0;"
	"CREATE TEMP TABLE looked AS SELECT *, 0 AS idle, '' AS ledger FROM v1_sample "
	/* as the basis leaves cold units out where there are others (ledger.c) */
	"WHERE in_unit AND NOT (cold AND EXISTS (SELECT 1 FROM v1_unit WHERE finished AND NOT "
	"cold));";

enum err_kind threads_are_basis(sqlite3 *db, bool *out, struct err *e)
{
	double is_basis;
	TRY(query_number(db, from_outside, 0, &is_basis, e));
	*out = is_basis > 0;
	return ERR_OK;
}

enum err_kind threads_prepare(sqlite3 *db, bool is_basis, struct err *e)
{
	TRY(query_script(db,
			 "DROP TABLE IF EXISTS temp.wait_place;"
			 "DROP TABLE IF EXISTS temp.database_code;"
			 "DROP TABLE IF EXISTS temp.thread_stack;"
			 "DROP TABLE IF EXISTS temp.thread_time;"
			 "DROP TABLE IF EXISTS temp.looked;",
			 e));
	TRY(query_script(db, places, e));
	if (!is_basis)
		return query_script(db, of_units, e);
	TRY(query_script(db, walk, e));
	return query_script(db, cut, e);
}

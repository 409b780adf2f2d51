-- Temporary tables for recordings that were made from outside (basis: threads), after common.sql: what
-- samples and the sockets' states tell of connections, where no call could be counted.

CREATE TEMP TABLE state_name AS
-- States of the ledger of threads in words, Python's own apart.
SELECT * FROM (VALUES ('io_db', 'the database'), ('io_net', 'the network'), ('io_file', 'files'), ('lock', 'locks and pools'),
  ('pool', 'locks and pools'), ('gil', 'the GIL'), ('runqueue', 'waiting for a CPU'), ('sleep', 'sleep'), ('unexplained', 'unexplained'));

CREATE TEMP TABLE connecting_code AS
-- Functions of drivers and pools that are entered only to make or to end a connection (last part of
-- the name: before 3.11 a code object has no more).
SELECT column1 AS file, column2 AS name, column3 AS is_close FROM (VALUES
  ('%/sqlalchemy/pool/base.py', '_create_connection', 0), ('%/sqlalchemy/pool/base.py', '__connect', 0),
  ('%/sqlalchemy/pool/base.py', '_close_connection', 1), ('%/sqlalchemy/pool/base.py', '__close', 1),
  ('%/sqlalchemy/engine/default.py', 'do_close', 1), ('%/sqlalchemy/engine/default.py', 'do_terminate', 1),
  ('%/psycopg2/__init__.py', 'connect', 0), ('%/psycopg/connection.py', 'connect', 0), ('%/psycopg/connection_async.py', 'connect', 0),
  ('%/asyncpg/connection.py', 'connect', 0), ('%/asyncpg/connect_utils.py', '_connect_addr', 0),
  ('%/django/db/backends/%/base.py', 'get_new_connection', 0), ('%/django/db/backends/%/base.py', 'init_connection_state', 0),
  ('%/django/db/backends/base/base.py', 'connect', 0), ('%/django/db/backends/base/base.py', '_close', 1),
  ('%/pymysql/connections.py', 'connect', 0), ('%/MySQLdb/connections.py', '__init__', 0), ('%/mysql/connector/__init__.py', 'connect', 0),
  ('%/aiomysql/connection.py', '_connect', 0), ('%/pg8000/%', 'connect', 0), ('%/peewee.py', '_connect', 0), ('%/peewee.py', '_close', 1),
  ('%/redis/connection.py', '_connect', 0), ('%/pymongo/%pool.py', 'connect', 0), ('%/aiosqlite/core.py', '_connect', 0));

CREATE TEMP TABLE keeping_code AS
-- Pools that keep what they made: whether one does so in vain is a matter of counting.
SELECT column1 AS file, column2 AS function FROM (VALUES
  ('%/sqlalchemy/pool/impl.py', 'QueuePool.%'), ('%/sqlalchemy/pool/impl.py', 'AsyncAdaptedQueuePool.%'),
  ('%/sqlalchemy/pool/impl.py', 'SingletonThreadPool.%'), ('%/sqlalchemy/pool/impl.py', 'StaticPool.%'),
  ('%/sqlalchemy/pool/impl.py', '_do_get'), ('%/sqlalchemy/pool/impl.py', '_do_return_conn'), -- before 3.11: of which class?
  ('%/psycopg2/pool.py', '%'), ('%/psycopg_pool/%', '%'), ('%/asyncpg/pool.py', '%'), ('%/aiomysql/pool.py', '%'),
  ('%/dbutils/%', '%'), ('%/mysql/connector/pooling.py', '%'), ('%/redis/connection.py', 'ConnectionPool.%'), ('%/pymongo/%', '%'));

CREATE TEMP TABLE connecting_stack AS
-- Stacks inside such a function, called since the nearest frame of the application. Callers have lower
-- ids; imports' own are left out.
WITH RECURSIVE code AS MATERIALIZED (
  SELECT file, function, kind, (SELECT max(1 + is_close) FROM connecting_code c WHERE f.file LIKE c.file
      AND (f.function = c.name OR substr(f.function, -length(c.name) - 1) = '.' || c.name)) AS act, -- 1 makes, 2 ends
    EXISTS (SELECT 1 FROM keeping_code k WHERE f.file LIKE k.file AND f.function LIKE k.function) AS keeps,
    (SELECT max(peer_kind) FROM database_code d WHERE f.file LIKE d.file) AS peer_kind
  FROM (SELECT DISTINCT file, function, kind FROM v1_frame WHERE EXISTS (SELECT 1 FROM thread_time)) f
), frame AS MATERIALIZED (
  SELECT f.id, f.parent_id, c.* FROM v1_frame f JOIN code c ON c.file = f.file AND c.function = f.function AND c.kind = f.kind
), up AS (
  SELECT id, act, keeps, peer_kind, 0 AS imports FROM frame WHERE parent_id = 0
  UNION ALL SELECT f.id, iif(f.kind = 'app', f.act, coalesce(u.act, f.act)), f.keeps OR (u.keeps AND f.kind <> 'app'),
    coalesce(f.peer_kind, iif(f.kind = 'app', NULL, u.peer_kind)), u.imports OR f.file LIKE '<frozen importlib%'
  FROM up u JOIN frame f ON f.parent_id = u.id
)
SELECT id, act = 2 AS is_close, keeps, peer_kind FROM up WHERE act > 0 AND NOT imports;

CREATE TEMP TABLE connecting AS
-- Samples in them, a row a place of the application and process.
SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, c.is_close, max(c.keeps) AS keeps, max(c.peer_kind) AS peer_kind,
  l.process_id, max(l.stack_id) AS stack_id, total(l.ticks) AS ticks, total(l.wall_ns) AS ns, min(l.slot) AS first_slot, max(l.slot) AS last_slot
FROM looked l JOIN connecting_stack c ON c.id = l.stack_id JOIN v1_frame f ON f.id = l.stack_id
WHERE EXISTS (SELECT 1 FROM thread_time)
GROUP BY 1, 2, 3, 4, l.process_id;

CREATE TEMP TABLE turnover AS
-- Connections that ended while it was watched, by their TIME-WAIT: of clients to the server, and to the
-- database: the peer at a port of one, or else the one with most of them that one of the processes was seen
-- connected to (the kernel does not say whose those that ended were). NULL: none was seen, which does not say
-- that there was none.
WITH ended AS (
  SELECT kind, peer, max(is_database) AS is_database, sum(ended) AS ended FROM v1_peer WHERE process_id = 0 GROUP BY 1, 2
)
SELECT (SELECT nullif(sum(ended), 0) FROM ended WHERE kind = 'client') AS clients,
  coalesce((SELECT nullif(sum(ended), 0) FROM ended WHERE is_database),
    (SELECT max(ended) FROM ended WHERE kind = 'socket' AND peer IN (SELECT peer FROM v1_peer WHERE process_id > 0 AND kind = 'socket')
      HAVING 2 * max(ended) > sum(ended))) AS databases;

CREATE TEMP TABLE connects_from_outside AS
-- The finding db-connection-per-request, on the basis of threads. A function that asks a driver, or a pool that
-- keeps nothing, makes one each time it runs. Looks come at random instants (base/schedule.h), so their number in it is
-- Poisson's, with rate x time as mean. One of SQLite takes less than 1 ms: a process that makes one when it starts gives 0.2
-- at 200 looks a second, and 4 and one more for every two processes are reached by that in less than one of 1,000
-- recordings (1 to 8 processes); the slow demo at 120 requests a second gave 19 to 62 in 10 to 14 s. One of a server takes
-- up to some ticks: ten. Where a pool stands between, the ended ones must be as many as clients'; SQLite has no connections
-- that could be seen ending, and what else ended says nothing of its own.
WITH total AS (
  SELECT total(ticks) AS ticks, total(ns) AS ns, max(keeps) AS keeps, total(ticks) FILTER (WHERE NOT is_close) AS makes,
    max(last_slot) - min(first_slot) AS apart, count(DISTINCT process_id) AS processes, iif(count(DISTINCT peer_kind) = 1, max(peer_kind), NULL) AS peer_kind FROM connecting
), sites AS (
  SELECT file, line, function, max(stack_id) AS stack_id, total(ns) AS ns, total(ticks) AS ticks FROM connecting WHERE NOT is_close GROUP BY 1, 2, 3 ORDER BY 5 DESC, 2 LIMIT 5
), judged AS (
  SELECT t.*, b.wall_ns, o.clients, o.databases, 1.0 * o.databases / o.clients AS rate,
    t.makes >= 1 AND t.ticks >= iif(coalesce(t.peer_kind, 'sqlite') = 'sqlite', 4 + 0.5 * t.processes, 10) AND (t.apart >= 1 OR (t.processes >= 2 AND coalesce(t.peer_kind, 'sqlite') = 'sqlite')) AND iif(t.keeps, coalesce(o.clients >= 20 AND o.databases >= 0.9 * o.clients, 0),
      o.clients IS NULL OR o.databases IS NULL OR o.databases >= 0.5 * o.clients) AS fires
  FROM total t, basis_total b, (SELECT clients, iif((SELECT peer_kind FROM total) = 'sqlite', NULL, databases) AS databases FROM turnover) o
  WHERE t.ticks > 0
)
SELECT fires, coalesce(j.peer_kind, 'database') AS subject, j.peer_kind,
  printf('A database connection%s is opened and closed again and again.',
    coalesce((SELECT ' (' || name || ')' FROM peer_name n WHERE n.peer_kind = j.peer_kind), '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM sites s WHERE s.ns > 0.05 * j.ns) AS places,
  (SELECT stack_id FROM sites LIMIT 1) AS stack_id, makes AS units, ns AS share_ns,
  (SELECT json_group_array(json_array(printf('connect:%s:%d', file, line), ns)) FROM sites) AS claims,
  json_array(json_array('samples in opening or closing one', ticks, ''), json_array('in opening', makes, ''),
    json_array('connections to the database that ended', databases, ''), json_array('of clients', clients, '')) AS evidence,
  json_array(json_array('db-pool-churn', iif(rate >= 0.9, printf('%.2f ended per client''s connection', rate),
    iif(keeps, NULL, 'nothing that keeps connections stands between the line and the driver')))) AS excluded,
  printf('%d samples, in %s and up to %d s apart, are inside the driver''s or pool''s opening and closing', ticks,
    iif(processes = 1, 'one process', printf('%d processes', processes)), 10 * (apart + 1))
    || iif(rate IS NULL, '; how many are opened cannot be counted from outside', '') AS because,
  printf('%d samples are in opening or closing connections%s', ticks, iif(rate IS NULL, '', printf(', %.2f of which ended per client''s connection', rate))) AS ruled_out
FROM judged j;

CREATE TEMP TABLE leak_from_outside AS
-- Descriptors that pile up in a process, on the basis of threads: one row at most, the worst process. Which line
-- opens them is not known; where they lead is what grew most since the first look at it.
WITH fds AS (
  SELECT process_id, count(*) AS rows, max(fds) FILTER (WHERE at_ns = first_ns) AS first, max(fds) FILTER (WHERE at_ns = last_ns) AS last,
    max(fds) FILTER (WHERE at_ns <= (first_ns + last_ns) / 2) AS half_most, slope_low(at_ns / 1e9, fds) AS low, slope(at_ns / 1e9, fds) AS per_s,
    (max(at_ns) - min(at_ns)) / 1e9 AS seconds
  FROM (SELECT *, min(at_ns) OVER w AS first_ns, max(at_ns) OVER w AS last_ns FROM v1_host
    WHERE process_id > 0 AND fds IS NOT NULL WINDOW w AS (PARTITION BY process_id)), basis_total WHERE kind = 'thread' GROUP BY 1
), piled AS (
  SELECT * FROM fds WHERE rows >= 8 AND low > 0 AND last - first >= 8 AND last - half_most >= 3 ORDER BY per_s DESC LIMIT 1
), grown AS (
  SELECT v.kind, v.peer, v.is_database, max(open) - min(open) AS more, row_number() OVER (ORDER BY max(open) - min(open) DESC) AS nth
  FROM v1_peer v JOIN piled p ON p.process_id = v.process_id GROUP BY 1, 2, 3
)
SELECT p.*, coalesce(g.is_database, 0) AS is_database,
  printf('%d more descriptors are open after %.0f s%s', last - first, seconds, CASE WHEN g.more IS NULL THEN '' WHEN g.kind IN ('socket', 'unix', 'file')
    THEN ', most of them ' || iif(g.kind = 'file', 'files such as ', 'connections to ') || coalesce(g.peer, '?') ELSE printf(', most of them: %s', g.kind) END) AS what
FROM piled p LEFT JOIN grown g ON g.nth = 1 AND 2 * g.more > p.last - p.first;

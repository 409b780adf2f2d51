-- Views of a recording, version 1: the only thing that rules, views and exports read.
--
-- Columns are only added, never changed; storage below may change (chunks, thinning) without
-- changing them. Plain SQL: the stock sqlite3 shell reads them. Units as in schema.sql: *_ns are
-- nanoseconds, NULL is "not known", 0 is zero.

CREATE VIEW v1_frame AS
-- A row a stack id: its innermost frame, and the application frame responsible for it (the nearest
-- frame of kind 'app' at or above; where there is none, the frame itself and has_app 0).
SELECT
  s.id,
  s.parent_id,                                  -- the caller's row; 0: root
  s.depth,
  c.filename AS file,
  s.line,
  c.qualname AS function,
  c.kind,                                       -- app, library, stdlib, server, generated
  s.app_id <> 0 AND a.id IS NOT NULL AS has_app,
  coalesce(ac.filename, c.filename) AS app_file,
  coalesce(a.line, s.line) AS app_line,
  coalesce(ac.qualname, c.qualname) AS app_function,
  c.first_line                                  -- of the function
FROM stack s
JOIN code c ON c.id = s.code_id
LEFT JOIN stack a ON a.id = s.app_id
LEFT JOIN code ac ON ac.id = a.code_id;

CREATE VIEW v1_contention AS
-- A row for each look at who had the CPUs (about a second) in which processes of the recording waited for one, and
-- the reasons. throttled_wait_ns: a control group's quota was used up. Where it was, and the machine had CPUs
-- free, it was that alone; else as long as the group was throttled. own_wait_ns: other threads of the app ran
-- meanwhile. A thread is not in its own way: of n that want to run, each waits for the n - 1 others; and as many as
-- are more than the CPUs would wait if nobody else were there; not where others had more of the CPUs than the app:
-- its work comes as before, and piles up because of them. neighbour_wait_ns: other processes or other machines ran,
-- and unslow's load is one of them (watcher_wait_ns).
WITH used AS (
  SELECT at_ns, max(dur_ns) AS dur_ns, total(cpu_ns) FILTER (WHERE who = 'own') AS own_ns,
    total(cpu_ns) FILTER (WHERE who = 'watcher') AS watcher_ns, total(cpu_ns) FILTER (WHERE who = 'other') AS other_ns,
    total(cpu_ns) FILTER (WHERE who = 'stolen') AS stolen_ns
  FROM cpu_use WHERE name IS NULL GROUP BY at_ns
), waits AS (
  SELECT at_ns, total(runqueue_ns) AS waited_ns, total(cpu_ns) AS cpu_ns FROM host_second WHERE process_id > 0 GROUP BY at_ns
), quotas AS (
  SELECT at_ns, total(throttled_ns) AS throttled_ns, max(1.0 * throttled_periods / nullif(periods, 0)) AS part
  FROM cgroup_second WHERE process_id > 0 GROUP BY at_ns
), looked AS ( -- the look that ends a second, or comes next: from the last to the first, each is met before its seconds
  SELECT at_ns, waited_ns, cpu_ns, min(look_ns) OVER (ORDER BY at_ns DESC, look_ns IS NULL ROWS UNBOUNDED PRECEDING) AS look_ns
  FROM (SELECT at_ns, waited_ns, cpu_ns, NULL AS look_ns FROM waits UNION ALL SELECT at_ns, NULL, NULL, at_ns FROM used)
), second AS (
  SELECT coalesce(l.look_ns, l.at_ns) AS at_ns, total(l.waited_ns) AS waited_ns, total(l.cpu_ns) AS cpu_ns,
    total(q.throttled_ns) AS throttled_ns, coalesce(max(q.part), 0) AS throttled_part
  FROM looked l LEFT JOIN quotas q ON q.at_ns = l.at_ns WHERE l.waited_ns IS NOT NULL GROUP BY 1
), joined AS (
  SELECT s.*, u.dur_ns, u.own_ns, u.watcher_ns, u.other_ns, u.stolen_ns,
    coalesce((u.own_ns + u.watcher_ns + u.other_ns + u.stolen_ns)
      / (u.dur_ns * (SELECT value FROM meta WHERE key = 'cpus')), 1) AS saturation,
    max(u.own_ns, s.cpu_ns) * max(0, 1 - u.dur_ns / nullif(max(u.own_ns, s.cpu_ns) + s.waited_ns, 0)) AS rivals_ns
  FROM second s LEFT JOIN used u ON u.at_ns = s.at_ns WHERE s.waited_ns > 0
), cut AS (
  SELECT *, waited_ns - throttled_wait_ns AS rest_ns, nullif(rivals_ns + watcher_ns + other_ns + stolen_ns, 0) AS ran_ns
  FROM (SELECT *, CASE WHEN throttled_part < 0.05 THEN 0 WHEN saturation < 0.9 THEN waited_ns
    ELSE min(waited_ns, throttled_ns) END AS throttled_wait_ns FROM joined)
), owned AS (
  SELECT *, max(rest_ns * rivals_ns / ran_ns, iif(max(own_ns, cpu_ns) < watcher_ns + other_ns + stolen_ns, 0,
    min(rest_ns, max(own_ns, cpu_ns) + rest_ns - dur_ns * (SELECT value FROM meta WHERE key = 'cpus')))) AS own_wait_ns
  FROM cut
)
SELECT at_ns, waited_ns, throttled_wait_ns, own_wait_ns, rest_ns - own_wait_ns AS neighbour_wait_ns,
  (rest_ns - own_wait_ns) * watcher_ns / nullif(watcher_ns + other_ns + stolen_ns, 0) AS watcher_wait_ns, -- part of it
  (rest_ns - own_wait_ns) * stolen_ns / nullif(watcher_ns + other_ns + stolen_ns, 0) AS stolen_wait_ns,   -- likewise
  dur_ns, own_ns, watcher_ns, other_ns, stolen_ns, saturation          -- NULL: not looked at in this second
FROM owned;

CREATE VIEW v1_waiting AS
-- One row: the shares of those reasons in all that was waited for a CPU; NULL: not known.
SELECT total(waited_ns) AS waited_ns,
  total(throttled_wait_ns) / nullif(total(waited_ns), 0) AS throttled_share,
  total(own_wait_ns) / nullif(total(own_wait_ns) + total(neighbour_wait_ns), 0) AS own_share, -- of the rest
  total(neighbour_wait_ns) / nullif(total(own_wait_ns) + total(neighbour_wait_ns), 0) AS neighbour_share,
  total(watcher_wait_ns) / nullif(total(own_wait_ns) + total(neighbour_wait_ns), 0) AS watcher_share,
  total(stolen_wait_ns) / nullif(total(own_wait_ns) + total(neighbour_wait_ns), 0) AS stolen_share
FROM v1_contention;

CREATE VIEW v1_unit AS
-- A unit of work and its ledger: the columns python_ns … unexplained_ns are exclusive states that
-- add up to wall_ns. Each comes from what was measured; unexplained_ns is what is left and may be
-- negative, when more was measured than time passed. State not measured at all: NULL.
WITH measured AS (
  SELECT u.*,
    max(0, coalesce(u.cpu_ns, 0) - u.db_cpu_ns - u.collecting) AS python,
    u.db_ns + u.db_await_ns AS io_db,
    coalesce(u.ready_ns, 0) AS loop_busy,
    max(0, coalesce(u.suspended_ns, 0) - coalesce(u.ready_ns, 0) - u.db_await_ns) AS awaited
  FROM (SELECT *, -- collecting is CPU: one that was timed by the wall clock alone may have waited for it
      min(gc_ns, max(0, coalesce(cpu_ns - db_cpu_ns, gc_ns))) AS collecting FROM unit) u
), summed AS (
  SELECT m.*,
    m.wall_ns - m.python - m.gil_ns - m.io_db - m.net_ns - m.file_ns - m.lock_ns - m.pool_ns
      - m.sleep_ns - m.collecting - m.loop_busy AS beside_await
  FROM measured m
), closed AS (
  SELECT s.*,
    -- calls made for the unit in other threads pass while it is suspended: they own that time
    max(0, min(s.awaited, s.beside_await)) AS await_part,
    s.beside_await - max(0, min(s.awaited, s.beside_await)) AS missing,
    CASE WHEN EXISTS (SELECT 1 FROM cgroup_second WHERE throttled_periods > 0)
      THEN coalesce((SELECT throttled_share FROM v1_waiting), 0) ELSE 0 END AS throttled_share
  FROM summed s
)
SELECT
  c.id,
  c.process_id,
  c.thread_id,
  c.kind,                                       -- request, websocket, task, job, command, test, run, stream
  r.value AS route,                             -- template; NULL: unknown
  m.value AS method,
  c.status,
  c.start_ns,
  c.start_ns + c.wall_ns AS end_ns,             -- NULL: unfinished
  c.wall_ns,
  c.weight,                                     -- stands for so many units
  c.bytes_out,
  c.bytes_in,                                   -- of the body, as the request says; NULL: none, or not told
  e.value AS error,                             -- exception class that reached the framework
  coalesce(c.status, 0) >= 500 OR c.error_id IS NOT NULL AS failed,
  c.wall_ns IS NOT NULL AS finished,
  c.flags & 1 <> 0 AS cold,                     -- among the first of its process
  c.flags & 2 <> 0 AS streamed,
  c.flags & 4 <> 0 AS aborted,
  c.flags & 8 <> 0 OR c.running_ns IS NOT NULL AS asynchronous,
  c.steps,
  c.calls,
  c.connects,
  c.statements,
  c.read_ns,                                    -- server's read before start_ns: not in wall_ns
  nullif(lower(hex(c.trace)), '') AS trace,     -- of its traceparent; NULL: it had none
  c.cpu_ns,
  c.db_cpu_ns,                                  -- part of io_db_ns that was CPU of this thread
  c.python AS python_ns,                        -- CPU outside database libraries and collections
  NULL AS native_ns,                            -- needs --native; without it part of python_ns
  c.gil_ns,
  CASE WHEN c.runqueue_ns IS NULL THEN NULL ELSE max(0, min(c.runqueue_ns, c.missing)) -- only what calls do not own
       - cast(max(0, min(c.runqueue_ns, c.missing)) * c.throttled_share AS INTEGER) END AS runqueue_ns,
  -- of the time in the run queue: what a quota made it wait; the same share in every unit
  cast(max(0, min(c.runqueue_ns, c.missing)) * c.throttled_share AS INTEGER) AS throttled_ns,
  c.io_db AS io_db_ns,
  c.net_ns AS io_net_ns,
  c.file_ns AS io_file_ns,
  c.lock_ns,
  c.pool_ns,
  c.sleep_ns,
  c.loop_busy AS loop_busy_ns,                  -- could have run, the loop ran something else
  c.await_part AS await_ns,                     -- suspended for something that is no database
  NULL AS accept_queue_ns,
  c.collecting AS gc_ns,                        -- garbage collection (CPU)
  NULL AS fault_ns,
  c.missing - coalesce(max(0, min(c.runqueue_ns, c.missing)), 0) AS unexplained_ns,
  c.db_await_ns,                                -- part of io_db_ns in which it was suspended
  c.running_ns                                  -- asynchronous: wall of its steps; NULL: synchronous
FROM closed c
LEFT JOIN text r ON r.id = c.route_id
LEFT JOIN text m ON m.id = c.method_id
LEFT JOIN text e ON e.id = c.error_id;

CREATE VIEW v1_usage AS
-- Exact sums over every call, short ones included: slot of 10 s × route × site × kind × subject.
SELECT
  g.slot,                                       -- start_ns / 10^10
  r.value AS route,
  g.kind,                                       -- enum record_kind in lower case
  g.stack_id,
  g.peer_kind,
  s.value AS subject,
  g.nested,                                     -- 1: inside a call that owns its time
  g.on_loop,
  g.units,
  g.calls,
  g.failed,
  g.dur_ns,
  g.cpu_ns,
  max(0, g.dur_ns - g.cpu_ns) AS blocked_ns,
  g.max_ns,
  g.bytes,
  g.others_ns,                                  -- on_loop: dur × other units open then
  g.aux_ns
FROM usage_10s g
LEFT JOIN text r ON r.id = g.route_id
LEFT JOIN text s ON s.id = g.subject_id;

CREATE VIEW v1_event AS
-- One call, callback, collection or span of 50 µs or more; connects that failed, and exchanges with
-- services (result: HTTP status, 0: no answer came; aux: equal for equal questions, 0: not known), of any length. A
-- connect that is nested is one in progress, from its call to its end.
SELECT
  e.start_ns, e.dur_ns, e.unit_id, e.thread_id, e.kind, e.stack_id, e.handle_id,
  s.value AS subject, e.bytes, e.cpu_ns, e.result,
  e.flags & 1 <> 0 AS nested,
  e.flags & 32 <> 0 AS failed,
  e.flags & 64 <> 0 AS on_loop,
  e.count, e.aux, e.source
FROM event e
LEFT JOIN text s ON s.id = e.subject_id;

CREATE VIEW v1_handle AS
-- A descriptor or database handle from open to close, with the lines that opened and closed it.
SELECT
  h.id, h.process_id, h.kind, h.peer_kind, h.peer, h.tls,
  h.kind = 'sqlite' OR h.peer_kind IN ('sqlite', 'postgresql', 'mysql', 'mongodb', 'redis')
    AS is_database,
  h.opened_ns, h.open_dur_ns, h.ready_ns, h.open_unit_id, h.open_stack_id,
  h.closed_ns, h.close_dur_ns, h.close_stack_id, h.close_implicit, h.close_unit_id,
  h.statements, h.uses, h.calls, h.first_extra_ns, h.create_span_ns, h.close_span_ns,
  f.app_file AS file, f.app_line AS line, f.app_function AS function, f.has_app, -- of the opener
  p.end_ns AS process_end_ns,                   -- NULL: the process was alive at the end
  h.tls_ns
FROM handle h
LEFT JOIN v1_frame f ON f.id = h.open_stack_id
LEFT JOIN process p ON p.id = h.process_id;

CREATE VIEW v1_unit_sample AS
-- A thread that worked for a unit, at consecutive ticks in one place; of units that keep raw rows.
SELECT unit_id, thread_id, start_ns, wall_ns, state, stack_id, holder_stack_id FROM unit_sample;

CREATE VIEW v1_sampled AS
-- One row where samples were taken, of whatever is looked at; else none.
SELECT 1 AS sampled FROM sample_10s LIMIT 1;

CREATE VIEW v1_unit_rows AS
-- How many rows single units have in all: themselves, their calls, statements, commands and samples.
SELECT
  (SELECT count(*) FROM unit) + (SELECT count(*) FROM event WHERE unit_id IS NOT NULL)
    + (SELECT count(*) FROM statement WHERE unit_id IS NOT NULL)
    + (SELECT count(*) FROM unit_sample) AS count;

CREATE VIEW v1_client_request AS
-- A request as the client on this host saw it, beside the unit it became (NULL: none was seen).
-- response_ns is the sum of late, before, server and after, where all are known.
SELECT
  nullif(lower(hex(c.trace)), '') AS trace,
  c.intended_ns,
  c.status,
  c.error,
  u.id AS unit_id,
  c.done_ns - c.intended_ns AS response_ns,     -- NULL: unanswered
  c.done_ns - c.sent_ns AS service_ns,
  c.sent_ns - c.intended_ns AS late_ns,         -- no connection was open and free, or the client woke late
  max(0, u.start_ns - c.sent_ns) AS before_ns,  -- sent, and not yet begun: network, queues, no free worker
  coalesce(min(u.start_ns + u.wall_ns, c.done_ns) - u.start_ns, u.wall_ns) AS server_ns,
                                                -- until the client had its answer: a unit may end later
  max(0, c.done_ns - u.start_ns - u.wall_ns) AS after_ns -- the response on its way
FROM client_request c
-- an app that passes its traceparent on has more units of the trace: the first is the client's
LEFT JOIN unit u ON u.id = (SELECT x.id FROM unit x WHERE x.trace = c.trace ORDER BY x.start_ns LIMIT 1);

CREATE VIEW v1_statement AS
-- One execution of a statement, with the application line that asked for it.
SELECT
  s.start_ns, s.dur_ns, s.start_ns + s.dur_ns AS end_ns, s.unit_id, s.handle_id, s.nth,
  s.fingerprint_id, t.value AS fingerprint,     -- NULL: encrypted
  s.raw_hash, s.literals, s.rows, s.prepare_ns, s.bytes, s.stack_id,
  s.flags & 32 <> 0 AS failed,
  s.flags & 1024 <> 0 AS encrypted,
  s.flags & 4096 <> 0 AS is_transaction,        -- BEGIN, COMMIT, SET …
  -- 0: text, hash and literals are of what the driver sent, which may hold values that it wrote in
  s.flags & 8192 <> 0 OR h.kind = 'sqlite' AS app_text,
  h.peer_kind, h.peer, h.process_id,
  f.app_file AS file, f.app_line AS line, f.app_function AS function,
  v.hash AS values_hash,                        -- of the values that it bound; NULL: none, or not known
  -- what was asked, text and values; NULL: not all of its values are known
  iif(v.hash IS NOT NULL OR s.literals >= length(t.value) - length(replace(t.value, '?', '')),
    s.raw_hash || ' ' || coalesce(v.hash, ''), NULL) AS question,
  nullif(s.flags >> 16, 0) - 1 AS scanned       -- rows stepped over for want of an index; NULL: not known
FROM statement s
LEFT JOIN statement_values v ON v.start_ns = s.start_ns AND v.handle_id = s.handle_id
LEFT JOIN text t ON t.id = s.fingerprint_id
LEFT JOIN handle h ON h.id = s.handle_id
LEFT JOIN v1_frame f ON f.id = s.stack_id
WHERE s.flags & 32768 = 0;

CREATE VIEW v1_command AS
-- A command to a key-value store (Redis), with the application line that sent it; those of one name
-- that were sent in one go (a pipeline) are one row, and all that were sent in one go begin at once.
SELECT
  s.start_ns, s.dur_ns, s.start_ns + s.dur_ns AS end_ns, s.unit_id, s.handle_id, s.nth,
  t.value AS name,                              -- GET …; NULL: several
  s.raw_hash AS key_hash,                       -- of the key or keys; the same for the same key alone
  s.literals AS asked,                          -- values that it is about
  s.rows AS found,                              -- of these, values that were there; NULL: its answer does not tell
  s.bytes, s.stack_id,
  s.flags & 32 <> 0 AS failed,
  s.flags & 4096 <> 0 AS is_own,                -- the connection's: AUTH, SELECT, MULTI, PING …
  h.peer_kind, h.peer, h.process_id,
  f.app_file AS file, f.app_line AS line, f.app_function AS function
FROM statement s
LEFT JOIN text t ON t.id = s.fingerprint_id
LEFT JOIN handle h ON h.id = s.handle_id
LEFT JOIN v1_frame f ON f.id = s.stack_id
WHERE s.flags & 32768 <> 0;

CREATE VIEW v1_exception AS
-- An exception that reached the framework or the server: class and line, never the message.
SELECT x.at_ns, x.unit_id, t.value AS class, x.stack_id,
  f.app_file AS file, f.app_line AS line, f.app_function AS function
FROM exception x
LEFT JOIN text t ON t.id = x.class_id
LEFT JOIN v1_frame f ON f.id = x.stack_id;

CREATE VIEW v1_task AS
-- Tasks of asyncio: live (all there were, about once a second), waiting (of these, in one place, when there
-- were many and more than before), made (since the last such row).
SELECT t.at_ns, t.process_id, t.what, n.value AS name, t.stack_id, t.tasks,
  f.app_file AS file, f.app_line AS line, f.app_function AS function, f.has_app,
  f.file AS inner_file, f.function AS inner_function     -- of waiting: what is awaited in the end
FROM task_look t
LEFT JOIN text n ON n.id = t.name_id
LEFT JOIN v1_frame f ON f.id = t.stack_id;

CREATE VIEW v1_process AS
SELECT id, pid, parent_pid, start_ns, end_ns, python, agent_state, agent_reason, units_begun,
  units_ended
FROM process;

CREATE VIEW v1_thread AS
SELECT id, process_id, tid, name FROM thread;

CREATE VIEW v1_fact AS
-- Configuration seen in a process.
SELECT process_id, key, value FROM fact;

CREATE VIEW v1_host AS
-- Once a second: the machine (process_id 0) and each process.
SELECT at_ns, process_id, cpu_ns, runqueue_ns, rss_bytes, fds, threads FROM host_second;

CREATE VIEW v1_cpu_use AS
-- Who had the machine's CPUs, about once a second. name NULL: all of `who`.
SELECT at_ns, dur_ns, who, name, cpu_ns FROM cpu_use;

CREATE VIEW v1_cgroup AS
-- What control groups allowed, and what happened in them, once a second; process_id 0: the machine.
SELECT at_ns, process_id, path, quota_ns, period_ns, periods, throttled_periods, throttled_ns, cpu_ns,
  cpu_pressure_ns, memory_limit_bytes, memory_bytes, memory_pressure_ns, oom_kills
FROM cgroup_second;

CREATE VIEW v1_fault AS
-- Major page faults of processes, in seconds that had some.
SELECT at_ns, process_id, faults FROM fault_second;

CREATE VIEW v1_listener AS
-- Connections that wait to be accepted at the app's listening sockets, in seconds in which something changed.
SELECT at_ns, process_id, address, waiting, room, refused FROM listener_second;

CREATE VIEW v1_client_load AS
-- One row: the load that the generator on this host made (`unslow run --load`), as it saw it; shares of 1.
SELECT
  json_extract(value, '$.plan.pace') AS pace,           -- constant, poisson, closed
  json_extract(value, '$.plan.rate_per_s') AS rate_per_s, -- NULL: closed
  json_extract(value, '$.plan.connections') AS connections, -- at most; closed: exactly
  json_extract(value, '$.window_s') AS window_s,
  json_extract(value, '$.requests.due') AS due,
  json_extract(value, '$.requests.answered') AS answered,
  json_extract(value, '$.requests.unanswered') + json_extract(value, '$.requests.unsent') AS waiting, -- at its end
  json_extract(value, '$.requests.answered_per_s') AS answered_per_s,
  json_extract(value, '$.response_ms.p50') * 1000000 AS response_p50_ns,
  json_extract(value, '$.lateness_us.p99') * 1000 AS late_p99_ns,
  (SELECT max(json_extract(t.value, '$.busy_share')) FROM json_each(m.value, '$.threads') t) AS busy_share,
  -- answers that took more than ten times the middle one: their part of all, and of all the time that was waited
  (SELECT total(json_extract(h.value, '$[1]')) FILTER (WHERE json_extract(h.value, '$[0]') > 1e7 * json_extract(m.value, '$.response_ms.p50'))
    / total(json_extract(h.value, '$[1]')) FROM json_each(m.value, '$.response_histogram') h) AS slow_requests,
  (SELECT total(json_extract(h.value, '$[0]') * json_extract(h.value, '$[1]')) FILTER (WHERE json_extract(h.value, '$[0]') > 1e7 * json_extract(m.value, '$.response_ms.p50'))
    / total(json_extract(h.value, '$[0]') * json_extract(h.value, '$[1]')) FROM json_each(m.value, '$.response_histogram') h) AS slow_time
FROM meta m
WHERE key = 'load_result' AND json_valid(value);

CREATE VIEW v1_client_verdict AS
-- What that generator says of its own figures: late, busy, connections, backlog … (src/load/verdict.h).
SELECT json_extract(v.value, '$.id') AS id, json_extract(v.value, '$.text') AS text,
  json_extract(v.value, '$.invalid') AS invalid         -- 1: the client, not the server, made the figures
FROM meta m, json_each(m.value, '$.verdicts') v
WHERE m.key = 'load_result' AND json_valid(m.value);

CREATE VIEW v1_peer AS
-- Descriptors of processes, as seen from outside: by peer and second. is_database: by its port alone.
SELECT at_ns, process_id, kind, peer, open, came, ended,
  kind = 'socket' AND (substr(peer, -5) IN (':5432', ':6432', ':3306', ':6379') OR substr(peer, -6) = ':27017')
    AS is_database
FROM peer_second;

CREATE VIEW v1_sample AS
-- Sums over samples: slot of 10 s × thread × route × stack × state. Frames by v1_frame.
SELECT
  s.slot, s.process_id, s.thread_id, r.value AS route, s.in_unit <> 0 AS in_unit, s.stack_id, s.state, s.target,
  s.holder_stack_id, s.source, s.ticks, s.short, s.wall_ns, s.cpu_ns, s.runqueue_ns,
  s.in_unit = 2 AS cold                         -- of a unit among the first of its process
FROM sample_10s s
LEFT JOIN text r ON r.id = s.route_id;

CREATE VIEW v1_engine AS
-- Which sampling engine looked at a process, and what became of its ticks.
SELECT process_id, name, reason, rate_hz, scheduled, verified, caught, torn, late, stopped_ns,
  stop_p99_ns, interrupted, cpu_ns
FROM engine;

CREATE VIEW v1_call AS
-- A function under its caller on one thread: exact counts and times as measured.
SELECT
  n.id,
  n.parent_id,                                  -- 0: none
  n.process_id,
  n.thread_id,
  CASE n.kind WHEN 1 THEN 'root' WHEN 2 THEN 'function' WHEN 3 THEN 'c' WHEN 5 THEN 'requests' ELSE 'work' END AS kind,
  CASE WHEN n.kind = 5 THEN t.value END AS route, -- of a root of requests; NULL: not known while they ran
  CASE n.kind WHEN 2 THEN c.qualname WHEN 3 THEN t.value END AS function, -- NULL: a root, or not known
  c.filename AS file,
  c.first_line AS line,
  c.kind AS code_kind,                          -- app, library, stdlib, server, generated; NULL: no Python function
  n.from_id, n.calls, n.resumes, n.raised,
  n.own_wall_ns, n.own_cpu_ns, n.total_wall_ns, n.total_cpu_ns, -- running
  n.waiting_ns, n.ready_ns,                     -- suspended
  n.folded, n.demoted, n.open, n.least_ns, n.most_ns,
  n.code_id,
  n.far_events,
  n.nested_ns                                   -- suspended inside another call of the same function
FROM call_node n
LEFT JOIN code c ON c.id = n.code_id AND n.kind = 2
LEFT JOIN text t ON t.id = n.name_id;

CREATE VIEW v1_call_line AS
-- A line whose executions were counted, on one thread.
SELECT l.process_id, l.thread_id, c.filename AS file, l.line, c.qualname AS function, c.first_line, l.hits,
  l.wall_ns, l.cpu_ns, l.own_wall_ns, l.await_ns, l.gil_ns, l.blocked_ns, l.memory_bytes, l.memory_most_bytes,
  l.memory_peak_bytes, l.memory_parts, l.cost_ns, l.own_cost_ns
FROM call_line l
JOIN code c ON c.id = l.code_id;

CREATE VIEW v1_call_arguments AS
-- With what a function was called (--arguments), a row a process.
SELECT a.process_id, c.filename AS file, c.first_line AS line, c.qualname AS function, c.kind AS code_kind,
  a.calls, a.returned, a.comparable, a.instances, a.distinct_arguments, a.repeated, a.repeated_in_unit,
  a.same_result, a.no_result, a.other_result, a.units, a.units_repeated, a.cpu_ns, a.repeated_cpu_ns, a.cost_ns, a.code_id
FROM call_arguments a
JOIN code c ON c.id = a.code_id;

CREATE VIEW v1_call_process AS
-- How a process counted, and what an event costs there.
SELECT process_id, engine, line_engine, reason, line_reason, want, pattern, line_pattern, clock, cpu_clock, began_ns,
  ended_ns, tick_ns, events, line_events, inside_ns, outside_ns, c_inside_ns, c_outside_ns, lost_nodes, lost_threads,
  lost_suspended, lost_lines, demoted, resume_inside_ns, resume_outside_ns, far_inside_ns, far_outside_ns,
  c.qualname AS repeats,                        -- function whose calls are units in v1_call_window; NULL: requests are
  lost_line_count, lost_line_ns, await_inside_ns, await_outside_ns, line_cost_ns
FROM call_process p
LEFT JOIN code c ON c.id = p.repeats_code_id;

CREATE VIEW v1_call_window AS
-- Units of work (requests, or calls of v1_call_process.repeats) that ended with hooks on and off, a second after the
-- other.
SELECT process_id, at_ns, on_units, on_wall_ns, on_cpu_ns, on_events, off_units, off_wall_ns, off_cpu_ns
FROM call_window;

CREATE VIEW v1_call_histogram AS
-- Single calls by how long they lasted.
SELECT node_id, at_ns, wall, cpu FROM call_histogram;

CREATE VIEW v1_call_event AS
-- The last events of each thread, in their order.
SELECT e.rowid AS id, e.process_id, e.thread_id, e.at_ns, e.event, coalesce(c.qualname, t.value) AS function,
  c.filename AS file, c.first_line AS line, e.unit_id, e.code_id, e.name_id
FROM call_event e
LEFT JOIN code c ON c.id = e.code_id
LEFT JOIN text t ON t.id = e.name_id;

CREATE VIEW v1_walk AS
-- A walk of the heap of a process.
SELECT id, process_id, number, state, reason, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns,
  anonymous_bytes, room_bytes, objects, tracked, object_references, bytes, garbage_objects, garbage_bytes,
  trim_bytes, coalesce(how, 'fork') AS how, changed
FROM walk;

CREATE VIEW v1_walk_type AS
-- Objects of a type in a walk.
SELECT t.walk_id, w.process_id, w.begun_ns, n.value AS type, t.count, t.tracked, t.bytes, t.deep_bytes, t.is_class,
  t.garbage_count, t.garbage_bytes
FROM walk_type t
JOIN walk w ON w.id = t.walk_id
LEFT JOIN text n ON n.id = t.name_id;

CREATE VIEW v1_walk_holder AS
-- What holds an object.
SELECT h.rowid AS id, h.walk_id, w.process_id, w.begun_ns, t.value AS type, h.bytes, h.deep_bytes, h.length, h.site_id, h.root,
  l.value AS label, h.expression, i.value AS in_type, h.in_length, h.cache_entries, h.cache_limit, h.cache_hits,
  h.cache_misses, h.object_references, h.found, h.maybe_recycled, h.shared_bytes
FROM walk_holder h
JOIN walk w ON w.id = h.walk_id
LEFT JOIN text t ON t.id = h.type_id
LEFT JOIN text l ON l.id = h.label_id
LEFT JOIN text i ON i.id = h.in_type_id;
CREATE VIEW v1_heap_process AS
-- Processes whose allocations were sampled.
SELECT h.process_id, p.pid, h.hooks, h.reason, h.want, h.interval_bytes, h.doubled, h.parent_pid, h.began_ns, h.ended_ns,
  h.samples, h.frees, h.false_hits, h.thinned_bytes, h.lost_samples, h.recycled, h.sample_ns, h.peak_live_bytes, h.peak_ns
FROM heap_process h LEFT JOIN process p ON p.id = h.process_id;

CREATE VIEW v1_heap_site AS
-- Where blocks were made, by stack.
SELECT id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples,
  peak_bytes, peak_ns
FROM heap_site;

CREATE VIEW v1_heap_snapshot AS
SELECT id, process_id, at_ns, units, live_bytes, made_bytes, folded FROM heap_snapshot;

CREATE VIEW v1_heap_live AS
-- What was live in each snapshot.
SELECT l.snapshot_id, l.site_id, l.age, r.value AS route, l.bytes, l.blocks, l.samples, l.variance, l.recycled,
  l.route_id                                    -- v1_route
FROM heap_live l LEFT JOIN text r ON r.id = l.route_id;

CREATE VIEW v1_route AS
-- Texts by id, for what has ids of routes.
SELECT id, value AS route FROM text;

CREATE VIEW v1_heap_second AS
SELECT process_id, at_ns, rss_bytes, anonymous_bytes, private_dirty_bytes, pss_bytes, swap_bytes, live_bytes,
  live_malloc_bytes, arena_bytes, malloc_used_bytes, malloc_free_bytes, malloc_mapped_bytes, malloc_arena_bytes,
  stack_bytes, units, threads, made_bytes
FROM heap_second;

CREATE VIEW v1_heap_unit_peak AS
-- What units of work needed at most. A route that was not known when it ended is that of its row.
SELECT h.process_id, h.unit_id, coalesce(r.value, t.value) AS route, h.at_ns, h.peak_bytes, h.variance, h.site_id,
  h.site_bytes, h.samples, h.weight, s.stack_id, u.kind
FROM heap_unit_peak h
LEFT JOIN text r ON r.id = h.route_id
LEFT JOIN unit u ON u.id = h.unit_id
LEFT JOIN text t ON t.id = u.route_id
LEFT JOIN heap_site s ON s.id = h.site_id;

CREATE VIEW v1_heap_native AS
-- By which C functions the allocator was come to.
SELECT id, site_id, captures, bytes, ended FROM heap_native;

CREATE VIEW v1_heap_native_frame AS
SELECT native_id, depth, library, function, offset FROM heap_native_frame;

CREATE VIEW v1_loss AS
-- What was not recorded, counted by reason.
SELECT process_id, kind, count FROM loss;

CREATE VIEW v1_meta AS
SELECT key, value FROM meta;

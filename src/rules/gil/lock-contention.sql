-- id: lock-contention
-- group: gil
-- needs: v1_unit v1_event v1_unit_sample v1_thread v1_frame
-- excludes: gil-contention db-pool-exhausted
-- floor: 0.05
-- level: likely
-- saving: S6
-- fix: hold it for less: do the slow part before or after it, or have a lock for each key or thread
-- doc: docs/causes/lock-contention.md
-- order: 20
-- units: 3

-- Units wait for a lock (threading.Lock, fcntl.flock) for 10 % of their time or more, most of it at one line. Waits for
-- queues, conditions and other threads' ends are no locks. Who holds it is written nowhere: it may be a thread that
-- is past that line in the same function while others wait at it, where such threads are hardly ever two at a time (a sample
-- stands for some time, so that one ends late where the next begins: the middles count).
WITH RECURSIVE up(stack_id, at, steps) AS (
  SELECT DISTINCT e.stack_id, e.stack_id, 0 FROM v1_event e JOIN basis b ON b.id = e.unit_id WHERE e.kind = 'lock' AND NOT e.nested AND e.stack_id > 0
  UNION ALL SELECT u.stack_id, f.parent_id, steps + 1 FROM up u JOIN v1_frame f ON f.id = u.at WHERE steps < 3 AND f.kind <> 'app' AND (f.function LIKE '%acquire' OR f.function LIKE '%__enter__')
), taker AS MATERIALIZED ( -- the frame that asks for the lock
  SELECT u.stack_id, f.file, f.line, f.function, f.app_file, f.app_line, f.app_function FROM up u JOIN v1_frame f ON f.id = u.at
  WHERE steps = (SELECT max(x.steps) FROM up x WHERE x.stack_id = u.stack_id) AND NOT (f.kind = 'stdlib' AND (f.file LIKE '%/threading.py' OR f.file LIKE '%/queue.py'
    OR f.file LIKE '%/concurrent/%' OR f.file LIKE '%/multiprocessing/%' OR f.file LIKE '%/subprocess.py' OR f.file LIKE '%/asyncio/%' OR f.file LIKE '%/selectors.py'))
), worst AS MATERIALIZED (
  SELECT t.file, t.line, t.function, t.app_file, t.app_line, t.app_function, max(t.stack_id) AS stack_id, total(b.weight * max(0, e.dur_ns - coalesce(e.cpu_ns, 0))) AS ns, count(DISTINCT b.id) AS waited, max(e.dur_ns) AS max_ns
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN taker t ON t.stack_id = e.stack_id WHERE e.kind = 'lock' AND NOT e.nested
  GROUP BY t.file, t.line, t.function, t.app_file, t.app_line ORDER BY ns DESC LIMIT 1
), frames AS MATERIALIZED (SELECT f.id, f.parent_id FROM v1_frame f WHERE EXISTS (SELECT 1 FROM worst)), inside(id, beyond) AS (
  SELECT f.id, f.line > w.line FROM v1_frame f JOIN worst w ON f.file = w.file AND f.function = w.function AND f.line >= w.line
  UNION SELECT c.id, beyond FROM inside i JOIN frames c ON c.parent_id = i.id
), waiting AS MATERIALIZED (
  SELECT s.thread_id, t.process_id, s.start_ns, s.start_ns + s.wall_ns AS end_ns FROM v1_unit_sample s JOIN v1_thread t ON t.id = s.thread_id
  WHERE s.state = 'lock' AND s.stack_id IN (SELECT id FROM inside WHERE NOT beyond) ORDER BY s.start_ns % 1009 LIMIT 1000
), past AS MATERIALIZED (
  SELECT s.thread_id, t.process_id, s.start_ns, s.start_ns + s.wall_ns AS end_ns, f.app_file AS file, f.app_line AS line, f.app_function AS function
  FROM v1_unit_sample s JOIN v1_thread t ON t.id = s.thread_id JOIN v1_frame f ON f.id = s.stack_id WHERE s.stack_id IN (SELECT id FROM inside WHERE beyond) ORDER BY s.start_ns % 1009 LIMIT 2000
), held AS (
  SELECT p.file, p.line, p.function, total(min(w.end_ns, p.end_ns) - max(w.start_ns, p.start_ns)) AS ns
  FROM waiting w JOIN past p ON p.process_id = w.process_id AND p.thread_id <> w.thread_id AND p.start_ns < w.end_ns AND p.end_ns > w.start_ns GROUP BY 1, 2, 3
), judged AS (
  SELECT (SELECT total(ns) FROM held) / nullif((SELECT total(end_ns - start_ns) FROM waiting), 0) AS part,
    (SELECT count(*) FROM past a WHERE EXISTS (SELECT 1 FROM past p WHERE p.process_id = a.process_id AND p.thread_id <> a.thread_id AND a.start_ns + a.end_ns BETWEEN 2 * p.start_ns AND 2 * p.end_ns))
      / (SELECT 1.0 * nullif(count(*), 0) FROM past) AS two, (SELECT count(*) FROM waiting) AS looks
), holder AS (SELECT file, line, function FROM held, judged WHERE part >= 0.5 AND part <= 1.1 AND two <= 0.2 AND looks >= 20 ORDER BY ns DESC LIMIT 1)
SELECT w.ns >= 0.1 * wall_ns AS fires, printf('%s:%d', base_name(w.app_file), w.app_line) AS subject, w.stack_id,
  printf('A %s waits %.0f %% of its time for a lock at %s:%d, %s().%s', one, 100.0 * w.ns / wall_ns, base_name(w.app_file), w.app_line, w.app_function,
    iif(h.file <> '', printf(' It may be held meanwhile at %s:%d.', base_name(h.file), h.line), ' Who holds it meanwhile cannot be told.')) AS title,
  iif(h.file IS NULL, json_array(json_array(w.app_file, w.app_line, w.app_function)), json_array(json_array(h.file, h.line, h.function), json_array(w.app_file, w.app_line, w.app_function))) AS places,
  waited AS units, w.ns AS share_ns, 1 AS at_least, 0 AS saving_low_ns, 0 AS saving_mid_ns, w.ns / b.units AS saving_high_ns, 'not seen: how much of the work under it can go elsewhere' AS unseen,
  json_array(json_array('waiting for it', w.ns / 1e6 / b.units, 'ms per ' || one), json_array('longest wait', max_ns / 1e6, 'ms'), json_array('of those waits with one other thread past that line in the same function', 100 * part, '%')) AS evidence,
  json_array(json_array('gil-contention', printf('the GIL is waited for apart, %.1f %% of the time', 100.0 * (SELECT total(weight * gil_ns) FROM basis) / wall_ns)),
    json_array('db-pool-exhausted', printf('waiting for a pool''s connection is apart, %.1f %%', 100.0 * (SELECT total(weight * pool_ns) FROM basis) / wall_ns))) AS excluded,
  json_array(json_array(printf('call:%s:%d', w.app_file, w.app_line), w.ns)) AS claims, iif(h.file IS NULL, 'the samples show no thread that alone was past that line, so look for what else takes it', NULL) AS fix_more,
  printf('%d %ss waited there%s', waited, one, iif(h.file IS NULL, '', '; a Python lock does not say who holds it: the holder is possible, not seen')) AS because,
  printf('waiting for locks at one line is at most %.1f %% of the time', 100.0 * w.ns / wall_ns) AS ruled_out
FROM worst w, basis_total b, noun, judged LEFT JOIN holder h ON 1 WHERE b.units > 0 AND wall_ns > 0;

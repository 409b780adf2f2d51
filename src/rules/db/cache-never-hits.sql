-- id: cache-never-hits
-- group: db
-- needs: v1_command v1_unit v1_statement v1_frame
-- excludes: cold-start
-- floor: 0.05
-- level: likely
-- saving: S4
-- fix: ask for the key under which it was set, and make it of what the answer depends on alone: no time, random number, object's
--   address or hash() in it; let it live longer than the time between two questions
-- doc: docs/causes/cache-never-hits.md
-- order: 10
-- units: 3

-- A line asks a key-value store and finds nothing, nine of ten times in the second half of the recording as well, and then the unit works
-- it out and sets it: a cache that is kept for nothing. Either the same keys are missed again and again, or hardly a key is ever asked for twice, and not found then either. That is
-- also what keys look like that hold off a repeated request (idempotency, replay): healthy; so it may save nothing.
-- What a hit would save is the time from the answer to the end of the setting (or to the line's next question).
WITH calls AS MATERIALIZED (
  SELECT c.*, b.route, b.weight, c.found IS NULL AND c.name IN ('SET', 'SETEX', 'PSETEX', 'SETNX', 'MSET', 'GETSET', 'HSET', 'HMSET', 'HSETNX', 'SADD', 'LPUSH', 'RPUSH', 'ZADD', 'JSON.SET') AS sets
  FROM v1_command c JOIN basis b ON b.id = c.unit_id WHERE NOT c.is_own AND NOT c.failed AND c.file IS NOT NULL
), asked AS MATERIALIZED (
  SELECT c.*, lead(start_ns) OVER (PARTITION BY unit_id, file, line ORDER BY start_ns) AS next_ns, row_number() OVER (PARTITION BY file, line, key_hash ORDER BY start_ns) AS turn
  FROM calls c WHERE found IS NOT NULL AND asked > 0
), followed AS MATERIALIZED (
  SELECT a.*, (SELECT min(s.end_ns) FROM calls s WHERE s.unit_id = a.unit_id AND s.sets AND s.start_ns >= a.end_ns AND s.start_ns < coalesce(a.next_ns, 1 << 62)) AS set_ns
  FROM asked a
), half AS (SELECT min(start_ns) + (SELECT window_ns / 2 FROM basis_total) AS ns FROM basis
), lost AS (
  SELECT *, iif(found = 0 AND set_ns IS NOT NULL, set_ns - end_ns, 0) AS lost_ns FROM followed
), sites AS (
  SELECT file, line, function, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route, count(*) AS asks, total(asked) AS wanted, total(found) AS found,
    total(asked) FILTER (WHERE start_ns > half.ns) AS late, total(found) FILTER (WHERE start_ns > half.ns) AS late_found, total(found = 0 AND set_ns IS NOT NULL) AS refilled,
    total(found < asked) AS misses, total(turn > 1) AS again, total(weight * lost_ns) AS ns, count(DISTINCT unit_id) AS raw_units
  FROM lost, half GROUP BY file, line, function
), costs AS (
  SELECT s.*, (SELECT total(u.weight) FROM (SELECT DISTINCT unit_id, weight FROM lost l WHERE l.file = s.file AND l.line = s.line) u) AS unit_count,
    (SELECT midmean(u.ns) FROM (SELECT total(lost_ns) AS ns FROM lost l WHERE l.file = s.file AND l.line = s.line GROUP BY unit_id) u) AS each_ns,
    (SELECT boot_low(u.ns) FROM (SELECT total(lost_ns) AS ns FROM lost l WHERE l.file = s.file AND l.line = s.line GROUP BY unit_id) u) AS low_ns,
    (SELECT json_group_array(json_array(printf('statement:%s:%d', x.file, x.line), x.ns)) FROM (SELECT st.file, st.line, total(l.weight * st.dur_ns) AS ns FROM lost l
      JOIN v1_statement st ON st.unit_id = l.unit_id AND st.start_ns >= l.end_ns AND st.end_ns <= l.end_ns + l.lost_ns WHERE l.file = s.file AND l.line = s.line GROUP BY 1, 2) x) AS claims
  FROM sites s
), judged AS (SELECT *, late >= 5 AND late_found <= 0.1 * late AND found <= 0.1 * wanted AND refilled >= 0.8 * misses AND (NOT fresh OR (asks >= 50 AND found <= 0.1 * again)) AS never FROM (SELECT *, again < 0.5 * asks AS fresh FROM costs))
SELECT never AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, 'redis' AS peer_kind,
  printf(iif(fresh, 'The cache is asked %s, each time for another key, and has it %s: a cache that never hits, or keys that are meant to come once.', 'The cache is asked %s and has it %s, so that it is worked out and set each time.'), iif(asks > 1.5 * raw_units, printf('%.1f times in a %s', 1.0 * asks / raw_units, one), 'in each ' || one),
    iif(found = 0, 'never', printf('in %.0f %%', 100 * found / wanted))) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, each_ns * unit_count AS share_ns,
  iif(fresh, 0, 0.7) * low_ns * unit_count / b.units AS saving_low_ns, iif(fresh, 0.5, 0.95) * each_ns * unit_count / b.units AS saving_mid_ns, 1.1 * each_ns * unit_count / b.units AS saving_high_ns,
  iif(fresh, 'keys that come once may be meant to (idempotency, replay): then there is nothing to hit', NULL) AS unseen, claims,
  json_array(json_array('found', found, printf('of %.0f values asked for', wanted)), json_array('in the second half', late_found, printf('of %.0f', late)),
    json_array(iif(fresh, 'keys that were asked for twice', 'questions about a key that was asked for before'), again, printf('of %d', asks)),
    json_array('from the answer to the end of setting it', each_ns / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('cold-start', printf('in the second half %.0f of %.0f are found', late_found, late))) AS excluded,
  printf('%.0f of %.0f misses were set at once; %s', refilled, misses, iif(fresh, printf('%s, which is as it should be if the keys tell one request from another (idempotency, replay, a nonce)', iif(again = 0, 'no key came twice', printf('%d of %d keys came again, and were not found', again, asks))), printf('%.0f of %d questions are about a key that was asked for before', again, asks))) AS because,
  printf('%.0f of %.0f values asked for were found, in the second half %.0f of %.0f', found, wanted, late_found, late) AS ruled_out
FROM judged, basis_total b, noun WHERE b.units > 0 ORDER BY never DESC, each_ns * unit_count DESC;

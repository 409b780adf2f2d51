-- id: crypto-on-hot-path
-- group: cpu
-- needs: v1_unit v1_sample v1_frame
-- excludes: hot-python-loop
-- floor: 0.05
-- level: likely
-- saving: S4
-- fix: check the password once, at login, and hand out a session or a token that is cheap to check; where a hash
--   has to be made, make it in a thread (it runs without the GIL)
-- doc: docs/causes/crypto-on-hot-path.md
-- order: 10
-- units: 3

-- Functions that hash passwords are slow by design; they are named by the files that call them. A hash in C has no
-- Python frame, so its time is that of the library's frame around it, or of the application's own line: then the
-- source names it, where it is here and as it was. At a login it is where it should be, but not on an event loop: there it is made in any case, and what others
-- wait for it is gained (S8: its part of the loop's CPU, of their waiting for the loop, at least). What takes less than 0.2 ms of a request is no password's: 1000
-- rounds of PBKDF2, or bcrypt's least cost, take more. Ends of the saving: the 90 % of the share, and 15 % below and 20 % above, what shares of samples were off by in other rules of CPU.
WITH hashers AS (
  SELECT column1 AS pattern FROM (VALUES ('%/werkzeug/security.py'), ('%/django/contrib/auth/hashers.py'), ('%/passlib/%'), ('%/pwdlib/%'), ('%/bcrypt/%'),
    ('%/flask_bcrypt.py'), ('%/argon2/%'), ('%/nacl/pwhash/%'), ('%/scrypt/%'), ('%/cryptography/hazmat/primitives/kdf/%'))
), calls AS (
  SELECT column1 AS pattern, column2 AS name FROM (VALUES ('%pbkdf2_hmac(%', 'pbkdf2_hmac'), ('%scrypt(%', 'scrypt'),
    ('%hashpw(%', 'bcrypt.hashpw'), ('%checkpw(%', 'bcrypt.checkpw'), ('%bcrypt.kdf(%', 'bcrypt.kdf'), ('%crypt.crypt(%', 'crypt.crypt'))
), own AS MATERIALIZED (
  SELECT file, line, (SELECT name FROM calls WHERE text LIKE pattern) AS name
  FROM (SELECT file, line, source_at(file, line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text
    FROM (SELECT file, line FROM sampled WHERE kind = 'app' GROUP BY file, line ORDER BY total(ns) DESC LIMIT 20))
), hashing AS MATERIALIZED (
  SELECT s.*, s.thread_id IN (SELECT thread_id FROM basis WHERE asynchronous) AS on_loop, coalesce((SELECT name FROM own o WHERE o.file = s.file AND o.line = s.line), base_name(s.file)) AS library,
    coalesce(s.route LIKE '%login%' OR s.route LIKE '%signin%' OR s.route LIKE '%sign-in%' OR s.route LIKE '%signup%' OR s.route LIKE '%register%' OR s.route LIKE '%password%' OR s.route LIKE '%token%', 0) AS is_login
  FROM sampled s WHERE (kind = 'library' AND (EXISTS (SELECT 1 FROM hashers WHERE s.file LIKE pattern) OR (s.file LIKE '%/django/utils/crypto.py' AND s.function = 'pbkdf2')))
    OR (kind = 'app' AND EXISTS (SELECT 1 FROM own o WHERE o.name IS NOT NULL AND o.file = s.file AND o.line = s.line))
), sites AS (
  SELECT app_file AS file, app_line AS line, app_function AS function, max(library) AS library, total(ns) AS ns, total(ticks) AS ticks, max(on_loop) AS on_loop, min(is_login) AS is_login,
    max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM hashing WHERE on_loop OR NOT is_login GROUP BY app_file, app_line, app_function ORDER BY ns DESC LIMIT 10
), costs AS (
  SELECT s.*, min(t.python_ns, s.ns * t.scale) AS cost_ns, t.ticks AS all_ticks, b.wall_ns, b.units,
    (SELECT total(u.units) FROM route_units u WHERE u.route IN (SELECT o.route FROM hashing o
      WHERE o.app_file = s.file AND o.app_line = s.line AND (o.on_loop OR NOT o.is_login))) AS unit_count,
    iif(s.on_loop, (SELECT total(weight * loop_busy_ns) FROM basis) * s.ns / (SELECT total(l.ns) FROM sampled l WHERE l.thread_id IN (SELECT thread_id FROM basis WHERE asynchronous)), 0) AS lost_ns
  FROM sites s, sampled_total t, basis_total b WHERE b.wall_ns > 0 AND s.ticks >= 5
)
SELECT coalesce(cost_ns >= 0.2e6 * unit_count, 1) AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, iif(is_login, NULL, route) AS route, -- at a login it is others that gain
  printf('Hashing a password%s takes %.0f %% of a %s%s.', iif(is_login, ' at ' || route, ''), 100.0 * cost_ns / wall_ns, one, iif(on_loop, ', on the event loop: nothing else runs there meanwhile', '')) AS title,
  CASE WHEN on_loop AND is_login THEN 'hash in a thread, not on the event loop: await asyncio.to_thread(check, …), where it runs without the GIL, or a handler that is a plain `def`, which FastAPI and Starlette run in one'
    WHEN on_loop THEN 'check the password once, at login, and hand out a session or a token that is cheap to check; a hash that has to be made belongs in a thread, not on the event loop: await asyncio.to_thread(check, …), where it runs without the GIL' END AS fix,
  json_array(json_array(file, line, function)) AS places, min(unit_count, units) AS units, cost_ns AS share_ns,
  iif(is_login, lost_ns, cost_ns * spread_low(ticks, all_ticks, 0.85)) / units AS saving_low_ns, iif(is_login, lost_ns, cost_ns) / units AS saving_mid_ns, min(cost_ns * spread_high(ticks, all_ticks, 1.2) + iif(is_login, lost_ns, 0), wall_ns) / units AS saving_high_ns,
  is_login AS at_least, iif(is_login, 'not seen: clients that wait in the listen backlog while the loop is held', NULL) AS unseen,
  json_array(json_array(printf('python:%s:%s', file, function), cost_ns)) AS claims, json_array(json_array('samples in ' || library, ticks, printf('of %d on a CPU', all_ticks)), json_array('hashing', cost_ns / 1e6 / units, 'ms per ' || one), json_array('others waited for it, at least', iif(on_loop, lost_ns / 1e6 / units, NULL), 'ms per ' || one)) AS evidence,
  json_array(json_array('hot-python-loop', printf('the innermost code is %s, which hashes', library))) AS excluded,
  printf('%d samples (95 %%: %.0f to %.0f %% of the CPU of %ss)', ticks, 100 * share_low(ticks, all_ticks), 100 * share_high(ticks, all_ticks), one) AS because,
  printf('hashing takes %.1f %% of the time, %s a %s; a password''s takes 0.2 ms or more', 100.0 * cost_ns / wall_ns, ms(cost_ns / unit_count), one) AS ruled_out
FROM costs, noun
UNION ALL SELECT 0, 'login', NULL, NULL, '', NULL, '[]', 0, 0, NULL, NULL, NULL, 0, NULL, '[]', '[]', '[]', '',
  'passwords are hashed at ' || group_concat(DISTINCT route) || ' alone, where that is its work' FROM hashing
  WHERE is_login AND NOT EXISTS (SELECT 1 FROM sites) HAVING count(*) > 0
ORDER BY saving_mid_ns DESC;

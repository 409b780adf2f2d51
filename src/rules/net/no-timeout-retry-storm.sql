-- id: no-timeout-retry-storm
-- group: net
-- needs: v1_event v1_handle v1_unit v1_frame
-- excludes: slow-upstream sequential-upstream-calls sequential-awaits
-- floor: 0.05
-- level: proven
-- saving: S11
-- fix: ask once, or once more, and no more while that service fails (a circuit breaker): then answer without it, or fail at once. What tries longer
--   is no request: let it wait longer each time, by some chance (backoff with jitter), and give each call a time limit (timeout=) of a few times what it usually takes
-- doc: docs/causes/no-timeout-retry-storm.md
-- order: 12
-- units: 3

-- A question that another service failed to answer (no answer, 429, 5xx), asked again at once or after a pause, three times or more in a
-- unit (twice, where the second is answered and half of the units and more need it): the same by its keyed hash; or a connection to one address that is refused. And calls that hang: a thread that set no time limit waits 2 s
-- and more, three hundred times as long as in the middle (a busy machine makes it a hundred). Whether that is the service's own way is not seen: possible at
-- most, with no share and no claim, so that it comes after all that has a gain, and slow-upstream has the time.
WITH asked_of AS MATERIALIZED (
  SELECT b.id, b.weight, b.route, f.app_file AS file, f.app_line AS line, f.app_function AS function, f.has_app, e.stack_id, e.handle_id, e.start_ns, e.dur_ns,
    e.start_ns + e.dur_ns AS end_ns, e.failed, e.kind AS way, e.result, coalesce(h.peer, e.subject) AS peer, iif(e.kind = 'connect', e.subject, nullif(e.aux, 0)) AS question
  FROM v1_event e JOIN basis b ON b.id = e.unit_id LEFT JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id WHERE e.kind = 'exchange' OR (e.kind = 'connect' AND e.failed AND NOT coalesce(h.is_database, 0))
), attempts AS ( SELECT *, iif(lag(failed) OVER same AND start_ns >= lag(start_ns) OVER same + 0.8 * lag(dur_ns) OVER same, 1, 0) AS again, row_number() OVER same AS nth, lead(id) OVER same IS NULL AS last
  FROM asked_of WHERE question IS NOT NULL WINDOW same AS (PARTITION BY id, file, line, way, question ORDER BY start_ns)
), chains AS (
  SELECT id, weight, route, file, line, function, stack_id, way, max(iif(failed, result, NULL)) AS result, peer, max(last AND failed) AS vain, sum(again) + 1 AS tries, sum(dur_ns) AS own_ns, max(end_ns) - min(start_ns) AS whole_ns,
    max(end_ns) - min(end_ns) AS after_first_ns, max(end_ns) - max(iif(nth <= 2, end_ns, 0)) AS after_second_ns, sum(failed) AS failing
  FROM attempts GROUP BY id, file, line, way, question HAVING sum(again) >= 2 OR (sum(again) = 1 AND max(last AND failed) = 0)
), always AS ( SELECT file, line, way FROM chains c GROUP BY file, line, way HAVING count(DISTINCT id) >= max(10, 0.5 * (SELECT count(DISTINCT id) FROM asked_of a WHERE a.file = c.file AND a.line = c.line AND a.way = c.way))
), by_unit AS (
  SELECT file, line, way, id, weight, route, max(function) AS function, max(stack_id) AS stack_id, max(peer) AS peer, min(result) AS result, max(tries) AS tries, sum(own_ns) / sum(tries) AS each_ns,
    sum(whole_ns - own_ns) / sum(tries - 1) AS pause_ns, sum(whole_ns) AS whole_ns, sum(after_first_ns) AS ns, total(after_first_ns) FILTER (WHERE vain) AS vain_ns,
    total(after_second_ns) FILTER (WHERE vain) AS least_ns, min(vain) AS vain, 1.0 * sum(failing) / sum(tries) AS failing FROM chains WHERE tries > 2 OR (file, line, way) IN (SELECT file, line, way FROM always) GROUP BY file, line, way, id
), sites AS (
  SELECT file, line, way, max(function) AS function, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route, max(peer) AS peer, median(result) AS result,
    sum(weight) AS unit_count, 1.0 * sum(weight * tries) / sum(weight) AS tries, median(each_ns) AS each_ns, median(pause_ns) AS pause_ns, sum(weight * whole_ns) AS whole_ns,
    sum(weight * ns) AS ns, sum(weight) * boot_low(least_ns) AS low, sum(weight) * midmean(vain_ns) AS mid, sum(weight) * boot_high(ns) AS high, total(weight * vain) AS vain, 1.0 * sum(weight * failing) / sum(weight) AS failing FROM by_unit GROUP BY file, line, way
), usual AS (SELECT file, line, count(*) AS calls, median(dur_ns) AS ns FROM asked_of WHERE way = 'exchange' AND has_app GROUP BY file, line), hung AS (
  SELECT a.file, a.line, max(a.function) AS function, max(a.stack_id) AS stack_id, iif(count(DISTINCT coalesce(a.route, '')) = 1, max(a.route), NULL) AS route, max(a.peer) AS peer, u.calls, u.ns AS usual_ns,
    count(*) AS times, count(DISTINCT a.id) AS seen_in, sum(a.weight) AS unit_count, median(a.dur_ns) AS each_ns, sum(a.weight * (a.dur_ns - u.ns)) AS ns
  FROM asked_of a JOIN usual u ON u.file = a.file AND u.line = a.line WHERE a.way = 'exchange' AND a.has_app AND a.dur_ns > max(2000000000, 300 * u.ns) AND u.calls >= 20 AND EXISTS (SELECT 1 FROM v1_event r WHERE r.handle_id = a.handle_id
    AND r.kind = 'recv' AND NOT r.on_loop AND r.start_ns BETWEEN a.start_ns AND a.end_ns AND r.dur_ns > 0.9 * a.dur_ns) GROUP BY a.file, a.line
)
SELECT 1 AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, iif(tries < 2.5, 'find out what the first attempt lacks that the second has (an address, a connection that its service closed, a token): it fails each time, and each request pays for two', NULL) AS fix, NULL AS unseen,
  printf('%s is %s: %.*f attempts in a %s%s.', CASE WHEN way = 'connect' THEN 'A connection that is refused' WHEN result = 0 THEN 'A call of another service that gets no answer'
    ELSE printf('A call of another service that is answered with status %d', result) END, iif(way = 'connect', 'tried again', 'made again'), iif(tries = cast(tries AS int), 0, 1), tries, one,
    iif(pause_ns < each_ns, ', one right after the other', '')) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns AS share_ns, low / units AS saving_low_ns, mid / units AS saving_mid_ns, high / units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', file, line), whole_ns), json_array(printf('await:%s:%d', file, line), whole_ns)) AS claims,
  json_array(json_array('attempts', tries, printf('per %s%s', one, coalesce(', at ' || peer, ''))), json_array('of them failed', 100 * failing, '%'), json_array('each takes', each_ns / 1e6, 'ms'),
    json_array('pause before the next', pause_ns / 1e6, 'ms'), json_array('in vain to the last', vain, printf('of %d such %ss', unit_count, one))) AS evidence,
  json_array(json_array('slow-upstream', printf('%.1f attempts, not one long call', tries)), json_array('sequential-upstream-calls', iif(way = 'connect', 'none of them was connected', 'each asks the same as the one before, which failed')),
    json_array('sequential-awaits', iif(way = 'connect', 'none of them was connected', 'each asks the same as the one before, which failed'))) AS excluded,
  printf('%s, each with %.1f attempts of one call', counted(unit_count, one), tries) AS because, '' AS ruled_out
FROM sites, basis_total, noun
UNION ALL SELECT seen_in >= 3 AND ns >= 0.05 * wall_ns, printf('hangs %s:%d', base_name(file), line), stack_id, route,
  printf('give the call a time limit (timeout=) of a few times what it usually takes (%s), and say what is answered when it ends; where a long answer is that service''s way, let the limit be above it', ms(usual_ns)), 'what a time limit saves hangs on the limit',
  printf('A call of another service hangs now and then and has no time limit: %s instead of %s.', ms(each_ns), ms(usual_ns)), json_array(json_array(file, line, function)), unit_count, NULL, NULL, NULL, ns / units, '[]', json_array(json_array('calls that hang', times, printf('of %d', calls)), json_array('they take', each_ns / 1e6, 'ms, in the middle'), json_array('the others', usual_ns / 1e6, 'ms'), json_array('of all time, above the middle', 100 * ns / wall_ns, '%')),
  json_array(json_array('slow-upstream', printf('%d of %d calls take 2 s and more, three hundred times as long as the middle one', times, calls)), json_array('sequential-upstream-calls', 'single calls are long'), json_array('sequential-awaits', 'the thread itself waits')),
  printf('%d of %d calls took 2 s and more, three hundred times as long as the middle one, in a read without a time limit', times, calls), printf('%d of %d calls of another service took 2 s and more, three hundred times as long as the middle one', times, calls) FROM hung, basis_total, noun
ORDER BY share_ns DESC;

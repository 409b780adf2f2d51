-- id: duplicate-query
-- group: db
-- needs: v1_statement v1_event
-- excludes: n-plus-one-queries
-- floor: 0.02
-- level: proven
-- saving: S4
-- fix: ask once at the start of the request and pass the answer on, or keep it for the request
-- doc: docs/causes/duplicate-query.md
-- order: 14
-- units: 3

-- One text, values and all, that reads twice or more in one unit, with no write and no pause of the unit in between. What is
-- bound is compared by a keyed hash. A line that mostly asks for different rows, or for five, is n-plus-one-queries'.
WITH anew(name) AS ( -- what gives another answer each time
  VALUES ('%now()%'), ('%random()%'), ('%nextval%'), ('%clock_timestamp%'), ('%pg_sleep%'), ('%advisory%'), ('%changes()%'), ('%rowid()%'), ('%rand(%'), ('%random(%'), ('%uuid%(%'), ('%newid()%'), ('%randomblob(%'), ('%gen_random_%'), ('%random_bytes(%'),
    ('%sleep(%'), ('%get_lock(%'), ('%release_lock(%'), ('%sysdate(%'), ('%timeofday()%'), ('%utc_timestamp%'), ('%current_time%'), ('%localtime%'), ('%last_insert_id(%'), ('%found_rows()%'), ('%row_count()%'), ('%setval(%'), ('%lastval()%'), ('%currval(%'), ('%pg_notif%')
), unsure AS MATERIALIZED (SELECT fingerprint_id FROM (SELECT DISTINCT fingerprint_id, fingerprint FROM told WHERE verb = 'read') t WHERE EXISTS (SELECT 1 FROM anew WHERE t.fingerprint LIKE name)
), repeated AS MATERIALIZED (SELECT unit_id FROM told WHERE verb = 'read' AND question IS NOT NULL AND NOT failed GROUP BY unit_id, question HAVING count(*) > 1
), seen AS ( -- in units in which something was asked twice
  SELECT t.unit_id, t.start_ns, t.end_ns, t.dur_ns, t.fingerprint_id, t.fingerprint, t.question, t.verb, t.failed, t.peer_kind, t.peer, t.stack_id, t.file, t.line, t.function, b.route, b.weight,
    t.verb = 'read' AND t.question IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unsure x WHERE x.fingerprint_id = t.fingerprint_id) AS known,
    total(t.verb IN ('write', 'lock')) OVER u AS writes, lag(t.question) OVER u AS before_question, lag(t.line) OVER u AS before_line, t.start_ns - lag(t.end_ns) OVER u AS before_ns
  FROM told t JOIN basis b ON b.id = t.unit_id WHERE t.verb IN ('read', 'write', 'lock') AND t.unit_id IN (SELECT unit_id FROM repeated) WINDOW u AS (PARTITION BY t.unit_id ORDER BY t.start_ns)
), same AS (
  SELECT *, row_number() OVER w AS round, first_value(line) OVER w AS first_line, first_value(file) OVER w AS first_file, lag(end_ns) OVER w AS last_ns
  FROM seen WHERE known AND NOT failed WINDOW w AS (PARTITION BY unit_id, peer_kind, peer, question, writes ORDER BY start_ns)
), wide AS (SELECT unit_id, file, line, fingerprint_id FROM same GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT question) >= 5 OR (count(*) >= 5 AND 2 * count(DISTINCT question) > count(*))
), again AS ( -- but at lines of loops over rows
  SELECT s.*, iif(before_question = question AND before_line = line, max(0, before_ns), NULL) AS gap_ns FROM same s WHERE round > 1
    AND NOT EXISTS (SELECT 1 FROM wide w WHERE w.unit_id = s.unit_id AND w.file IS s.file AND w.line IS s.line AND w.fingerprint_id = s.fingerprint_id) AND NOT EXISTS (SELECT 1 FROM v1_event e WHERE e.unit_id = s.unit_id AND e.kind = 'sleep' AND e.start_ns BETWEEN s.last_ns AND s.start_ns)
), units AS (
  SELECT unit_id, route, weight, fingerprint, peer_kind, max(stack_id) AS stack_id, count(*) AS repeats, count(DISTINCT question) AS texts,
    sum(dur_ns) AS dur_ns, total(gap_ns) AS gap_ns, count(gap_ns) AS gaps, count(*) * percentile(dur_ns, 0.25) + count(gap_ns) * coalesce(percentile(gap_ns, 0.25), 0) AS quick_ns,
    count(*) * median(dur_ns) + count(gap_ns) * coalesce(median(gap_ns), 0) AS each_ns
  FROM again GROUP BY unit_id, fingerprint_id
), lines AS (
  SELECT fingerprint, file, line, function, sum(weight * dur_ns) AS dur_ns, total(weight * gap_ns) AS gap_ns, max(first_file) AS first_file, max(first_line) AS first_line
  FROM again GROUP BY fingerprint, file, line, function ORDER BY 5 DESC
), sites AS (
  SELECT fingerprint, max(peer_kind) AS peer_kind, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route,
    sum(weight) AS unit_count, 1.0 * sum(weight * (repeats + texts)) / sum(weight * texts) AS runs, sum(weight * dur_ns) AS dur_ns, sum(weight * gap_ns) AS gap_ns,
    sum(gaps) < sum(repeats) AS at_least, 1.0 * sum(dur_ns) / sum(repeats) AS each_ns, sum(weight) * boot_low(max(dur_ns * 0.75, 0.75 * quick_ns)) AS low,
    sum(weight) * midmean(quick_ns) AS mid, sum(weight) * boot_high(1.15 * max(each_ns, quick_ns)) AS high
  FROM units GROUP BY fingerprint
)
SELECT 1 AS fires, fingerprint AS subject, peer_kind, stack_id, route, at_least,
  printf('The same query, with the same values, runs %.*f times in a %s%s.', iif(runs = cast(runs AS int), 0, 1), runs, one, coalesce(' to ' || nullif(route, ''), '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM lines l WHERE l.fingerprint = s.fingerprint LIMIT 5)) AS places,
  unit_count AS units, dur_ns + gap_ns AS share_ns, min(low, 0.75 * mid) / units AS saving_low_ns, mid / units AS saving_mid_ns, max(high, mid) / units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('%s:%s:%d', what, file, line), iif(what = 'after', gap_ns, dur_ns)))
    FROM lines l, (SELECT 'statement' AS what UNION ALL SELECT 'after') WHERE l.fingerprint = s.fingerprint) AS claims,
  json_array(json_array('runs of one query', s.runs, 'per ' || one), json_array('each run', each_ns / 1e6, 'ms'),
    json_array('asked again at this many lines', (SELECT count(*) FROM lines l WHERE l.fingerprint = s.fingerprint), '')) AS evidence,
  json_array(json_array('n-plus-one-queries', 'the repeated queries are the same, values and all')) AS excluded, (SELECT printf('it is asked first at %s:%d', base_name(first_file), first_line) FROM lines l WHERE l.fingerprint = s.fingerprint AND (l.first_line <> l.line OR l.first_file <> l.file) LIMIT 1) AS fix_more,
  printf('%s with the same text and values %.1f times and no write in between', counted(unit_count, one), s.runs) AS because, '' AS ruled_out FROM sites s, basis_total, noun
UNION ALL SELECT 0, 'all', NULL, NULL, NULL, 0, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', NULL, '', printf('no query whose values are known was asked twice in a %s (%s)', one,
  iif(known < reads, printf('the values of %d of %d reads are not known', reads - known, reads), counted(reads, 'read')))
  FROM (SELECT count(*) AS reads, total(t.question IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unsure x WHERE x.fingerprint_id = t.fingerprint_id)) AS known FROM told t JOIN basis b ON b.id = t.unit_id WHERE t.verb = 'read'), noun WHERE reads > 0 AND NOT EXISTS (SELECT 1 FROM sites)
ORDER BY saving_mid_ns DESC;

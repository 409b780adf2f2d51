-- id: missing-index
-- group: db
-- needs: v1_unit v1_usage v1_frame
-- excludes: unbounded-result sqlite-busy-wait row-lock-wait
-- floor: 0.05
-- level: proven
-- saving: S9
-- fix: make an index on the columns that the WHERE compares (CREATE INDEX … ON table (those with =, then one of a range or of
--   the ORDER BY)), and look at EXPLAIN QUERY PLAN: it has to say SEARCH, not SCAN
-- doc: docs/causes/missing-index.md
-- order: 15
-- units: 3

-- SQLite counts the rows that it steps over in scans of whole tables: twenty times those that a run gives, or more, were read in vain. Where rows do not tell (sums, writes, LIKE, OR, functions of a column) an index may do nothing: the saving begins at nothing. What index it has to be goes by
-- what the WHERE compares (index_fix); of a join it is not seen which table is scanned. A server's count is not on the wire: a plain question for few rows that
-- takes twenty round trips a table, and three where it is quick (it may stop at the first row), with no other statement under way and no pool or lock to wait for, is no more than a hint. So is OFFSET
-- that makes a page eight times as long as a round trip, or as its own quickest run. Rows that SQLite scans for a WHERE are that one's.
WITH said AS MATERIALIZED ( -- what the text of a statement tells
  SELECT fingerprint_id, compared, made, t LIKE '% where %=%' OR t LIKE '% where %<%' OR t LIKE '% where %>%' OR t LIKE '% where % in %' OR t LIKE '% where % between %' OR t LIKE '% on %=%' OR compared = 'pattern' AS compares,
    ordered <> '' AND t NOT LIKE '% offset %' AND t NOT LIKE '% group by %' AND NOT computed AS first_few, t LIKE '% offset ?%' OR t LIKE '% offset $%' AS skips, t LIKE '% where %' AS filters,
    t NOT LIKE ' select %' OR t LIKE '% count (%' OR t LIKE '% sum (%' OR t LIKE '% avg (%' OR t LIKE '% min (%' OR t LIKE '% max (%' OR t LIKE '% total (%' OR t LIKE '%group by%' OR t LIKE '% distinct %'
      OR t LIKE '% like %' OR t LIKE '% glob %' OR t LIKE '% or %' OR t LIKE '% not %' OR t LIKE '%<>%' OR t LIKE '%!=%' OR t LIKE '% offset %' OR t LIKE '% where %(%=%' OR lower(t) GLOB '* where * [%*/+|-]* * = *' OR computed OR compared NOT IN ('column', '') AS unsure,
    iif((t LIKE ' select % from % where % = %' OR (ordered <> '' AND NOT computed)) AND t NOT LIKE '% from %(% where %' AND t NOT LIKE ' select %(% from %' AND t NOT LIKE ' select % select %' AND t NOT LIKE '% from %,% where %'
      AND t NOT LIKE '% distinct %' AND t NOT LIKE '% group by %' AND t NOT LIKE '% like %' AND t NOT LIKE '% ilike %' AND t NOT LIKE '%~%' AND t NOT LIKE '% for %', 1 + (length(t) - length(replace(lower(t), ' join ', ''))) / 6, 0) AS tables
  FROM (SELECT *, iif(t LIKE '% join %' OR t LIKE '% from %,% where %', 'column', coalesce(compared(fingerprint), '')) AS compared, compared_expression(fingerprint) AS made, ordered GLOB '*[(+*/%|-]*' OR ordered LIKE '% case %' AS computed FROM ( -- no index is in the order of random() or a + b
    SELECT *, iif(t LIKE '% order by % limit %', substr(o, 10, max(instr(substr(o, 10), ' limit ') - 1, 0)), '') AS ordered FROM (SELECT *, substr(lower(t), instr(lower(t), ' order by ')) AS o
      FROM (SELECT DISTINCT fingerprint_id, fingerprint, ' ' || replace(replace(fingerprint, '(', ' ( '), ')', ' ) ') || ' ' AS t FROM rounds WHERE NOT failed AND fingerprint IS NOT NULL))))
), runs AS (
  SELECT file, line, function, fingerprint_id, fingerprint, peer_kind, stack_id, route, unit_id, weight, scanned, rows, dur_ns, seq, 0 AS alone
  FROM rounds WHERE NOT failed AND fingerprint IS NOT NULL AND peer_kind = 'sqlite'
  UNION ALL SELECT file, line, function, fingerprint_id, fingerprint, peer_kind, stack_id, route, unit_id, weight, scanned, rows, dur_ns, seq,
    start_ns > coalesce(max(end_ns) OVER (PARTITION BY peer_kind ORDER BY start_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AND end_ns < coalesce(lead(start_ns) OVER (PARTITION BY peer_kind ORDER BY start_ns), end_ns + 1)
  FROM rounds WHERE NOT failed AND fingerprint IS NOT NULL AND peer_kind IS NOT 'sqlite'
), sites AS (
  SELECT file, line, function, fingerprint_id, fingerprint, peer_kind, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route,
    count(DISTINCT unit_id) AS unit_rows, sum(weight) AS times, median(scanned) AS scanned, median(rows) AS given, sum(weight * dur_ns) AS cost_ns, sum(weight) * midmean(dur_ns) AS usual_ns, median(dur_ns) AS each_ns,
    percentile(dur_ns, 0.1) AS least_ns, min(dur_ns) AS quickest_ns, compared, made, compares OR first_few OR skips AS helps, unsure, skips AND NOT (filters AND peer_kind = 'sqlite') AS skips, iif(peer_kind <> 'sqlite' AND 2 * sum(alone) > count(*), tables, 0) AS tables
  FROM runs JOIN said USING (fingerprint_id) WHERE peer_kind = 'sqlite' OR seq > 2 GROUP BY file, line, fingerprint_id, peer_kind
), searched AS ( -- what a unit's read takes that an index serves
  SELECT peer_kind, percentile(dur_ns, 0.25) AS dur_ns FROM rounds WHERE NOT failed AND coalesce(scanned, 0) = 0 AND (peer_kind = 'sqlite' OR (rows <= 20 AND seq > 2)) AND ltrim(fingerprint, ' (') LIKE 'select%' GROUP BY peer_kind
), waits AS (
  SELECT f.app_file AS file, f.app_line AS line, total(u.blocked_ns) / nullif(total(u.dur_ns), 0) AS blocked
  FROM v1_usage u JOIN v1_frame f ON f.id = u.stack_id WHERE u.kind IN ('sqlite_step', 'sqlite_exec') GROUP BY 1, 2
), judged AS (
  SELECT s.*, iif(length(fingerprint) > 100, substr(fingerprint, 1, 99) || '…', fingerprint) AS said, scanned IS NOT NULL AS counted_rows, coalesce(w.blocked, 0) AS blocked, min(each_ns, iif(skips AND scanned IS NULL, coalesce(r.dur_ns, quickest_ns), coalesce(min(coalesce(q.dur_ns, r.dur_ns), coalesce(r.dur_ns, q.dur_ns)), 0))) AS left_ns,
    CASE WHEN scanned IS NOT NULL THEN helps AND scanned >= 20 * max(1, given)
      ELSE tables > 0 AND given <= iif(skips, 100, 20) AND iif(skips, each_ns >= 8 * coalesce(r.dur_ns, quickest_ns), each_ns >= 20 * tables * r.dur_ns AND least_ns >= 3 * tables * r.dur_ns) AND idle END AS found
  FROM sites s JOIN (SELECT total(weight * (pool_ns + lock_ns)) < 0.05 * total(weight * wall_ns) AS idle FROM basis) LEFT JOIN waits w ON w.file = s.file AND w.line = s.line LEFT JOIN searched q ON q.peer_kind = s.peer_kind LEFT JOIN quick_answer r ON r.peer_kind = s.peer_kind AND r.fingerprint_id = s.fingerprint_id
)
SELECT found AND (NOT unsure OR cost_ns >= 0.1 * b.wall_ns) AS fires, fingerprint AS subject, peer_kind, stack_id, route, json_array(json_array(file, line, function)) AS places, iif(skips, 'ask for what follows the last row of the page before (WHERE id > … ORDER BY id LIMIT …) in place of OFFSET, with an index in that order', (SELECT replace(text, '{}', coalesce(made, '')) FROM index_fix x WHERE x.compared = j.compared AND coalesce(x.peer_kind, j.peer_kind) = j.peer_kind ORDER BY x.rowid LIMIT 1)) AS fix,
  iif(compared = 'column', made || ' is no column: of it only an index on that expression finds rows', NULL) AS fix_more, unit_rows AS units, cost_ns AS share_ns,
  CASE WHEN skips THEN printf('A query skips rows by OFFSET, and each that is skipped is read%s: %s', iif(counted_rows, printf(' (about %.0f)', scanned), printf(', %s each time', ms(each_ns))), said) WHEN counted_rows THEN printf('A query reads about %.0f rows of a table from end to end to give %.0f: %s', scanned, given, said) ELSE printf('A query for %s takes %s each time, so an index may be missing: %s', counted(given, 'row'), ms(each_ns), said) END AS title,
  iif(unsure OR NOT counted_rows, 0, 0.8 * (1 - left_ns / each_ns) * (1 - blocked) * usual_ns / b.units) AS saving_low_ns, iif(unsure OR NOT counted_rows, 0.5, 1) * (1 - left_ns / each_ns) * usual_ns / b.units AS saving_mid_ns,
  1.1 * max(cost_ns, usual_ns) / b.units AS saving_high_ns, CASE WHEN NOT counted_rows THEN 'its server does not say how many rows it reads for them' WHEN NOT unsure THEN NULL WHEN compared = 'pattern' THEN 'only patterns that begin with letters are found by an index' WHEN compared = 'either' THEN 'with OR the table is read unless each side has an index' WHEN compared = 'unequal' THEN 'what is not equal is found by no index, unless it is rare' WHEN compared = 'expression' THEN printf('it saves only if an index on %s itself leaves few rows to read, and how many is not seen', made) ELSE 'how many of the rows that it reads it needs is not seen' END AS unseen, json_array(json_array(printf('statement:%s:%d', file, line), cost_ns)) AS claims,
  json_array(json_array('rows stepped over', scanned, 'about, a run, in a scan of a whole table'), json_array('rows of a run', given, 'in the middle'), json_array('runs', times * 1.0 / b.units, 'per ' || one), json_array('a run takes', each_ns / 1e6, 'ms'), json_array('of it waiting', iif(peer_kind = 'sqlite', 100 * blocked, NULL), '%')) AS evidence,
  json_array(json_array('unbounded-result', printf('it gives %s', counted(given, 'row'))), json_array('sqlite-busy-wait', iif(counted_rows AND blocked < 0.2, printf('%.0f %% of its time is waiting', 100 * blocked), NULL)),
    json_array('row-lock-wait', iif(counted_rows, 'SQLite locks no rows', NULL))) AS excluded,
  iif(counted_rows, printf('SQLite counted about %.0f rows stepped over in scans of whole tables, for %.0f', scanned, given), iif(skips, printf('it takes %s in the middle, and %s where it is quickest', ms(each_ns), ms(quickest_ns)), printf('it takes %s in the middle and %s where it is quick, the server''s quickest answers %s', ms(each_ns), ms(least_ns), ms(left_ns)))) AS because,
  iif(counted_rows, printf('at most %.0f rows are read in vain for one', max(iif(helps, scanned * 1.0 / max(1, given), 0)) OVER ()), 'no plain question for few rows takes twenty round trips a table') AS ruled_out
FROM judged j, basis_total b, noun WHERE b.units > 0 ORDER BY found DESC, cost_ns DESC;

-- id: n-plus-one-queries
-- group: db
-- needs: v1_statement
-- excludes: duplicate-query slow-loop-body
-- floor: 0.05
-- level: proven
-- saving: S3
-- fix: ask for all of them at once: WHERE id IN (…) or a JOIN, and take the rows from there
-- doc: docs/causes/n-plus-one-queries.md
-- order: 15
-- units: 1

-- Five or more of one reading statement from one application line in one unit; all of a line are one
-- finding. Where their values are known, most of them, or five, have to differ. Batching saves N-1 rounds. Of a template the line is
-- that which renders it; of a line in no loop, what calls it in one is named, too (loop_above); where no line of the application asks, there is no place.
-- Where 0.75, 1.3 and 2 ms come from is on the page.
WITH lines AS ( -- columns not summed up are of max()'s row: the statement that takes most of the line's time
  SELECT unit_id, route, weight, file, line, function, peer_kind, stack_id, fingerprint_id, fingerprint,
    runs, questions, begin_ns, most_rows, each_ns, after_ns AS between_ns, max(runs * (each_ns + after_ns)),
    sum(takes_value AND (questions IS NULL OR questions >= 5 OR 2 * questions > runs)) > 0 AS takes_value, sum(dur_ns) AS dur_ns, sum(runs * after_ns) AS after_ns,
    sum((runs - 1) * fixed_ns) AS least, sum((runs - 1) * quick_ns) AS mid, sum((runs - 1) * (each_ns + after_ns)) AS high
  FROM reads WHERE runs >= 5 GROUP BY unit_id, file, line
), parents AS ( -- what the loop walks: the last statement before it that gave about as many rows
  SELECT file, line, parent_file, parent_line, count(*) AS times FROM (
    SELECT l.file, l.line, r.file AS parent_file, r.line AS parent_line, max(r.start_ns)
    FROM lines l JOIN rounds r ON r.unit_id = l.unit_id AND r.start_ns < l.begin_ns
      AND r.fingerprint_id <> l.fingerprint_id AND r.rows BETWEEN l.runs AND 1.2 * l.runs + 1 AND NOT EXISTS (SELECT 1 FROM asker k WHERE k.stack_id = r.stack_id AND NOT k.has_app)
    GROUP BY l.unit_id, l.file, l.line)
  WHERE parent_file IS NOT NULL AND (parent_file <> file OR parent_line <> line) GROUP BY 1, 2, 3, 4
), sites AS (
  SELECT file, line, function, min(fingerprint) AS fingerprint, max(peer_kind) AS peer_kind,
    max(stack_id) AS stack_id, iif(count(DISTINCT route) = 1, max(route), NULL) AS route,
    max(takes_value) AS takes_value, 1.0 * sum(questions * weight) / sum(weight) AS questions, max(most_rows) AS most_rows, sum(weight) AS unit_count, 1.0 * sum(runs * weight) / sum(weight) AS runs, sum(weight * dur_ns) AS dur_ns,
    sum(weight * after_ns) AS after_ns, median(each_ns) AS each_ns, median(between_ns) AS between_ns,
    sum(weight) * midmean(least) AS least, sum(weight) * midmean(max(least, mid)) AS mid,
    sum(weight) * boot_low(max(least, 0.75 * mid)) AS low, sum(weight) * boot_high(1.3 * max(least, mid, high)) AS high,
    min(sum(weight * after_ns), (SELECT total(w.calls * w.each_ns) FROM library_work w WHERE w.file = lines.file AND w.line = lines.line) * (1 - 1.0 * sum(weight) / sum(runs * weight))) AS text_ns -- texts made anew
  FROM lines GROUP BY file, line, function, takes_value -- requests that ask for one row apart
)
SELECT takes_value AS fires, fingerprint AS subject, peer_kind, stack_id,
  printf('One query per row: %.*f runs of the same statement in a %s%s.', iif(s.runs = cast(s.runs AS int), 0, 1),
    s.runs, one, coalesce(' to ' || nullif(route, ''), '')) AS title,
  iif((SELECT has_app FROM asker k WHERE k.stack_id = s.stack_id) = 0, '[]', coalesce((SELECT places FROM loop_above l WHERE l.stack_id = s.stack_id), json_array(json_array(file, line, function)))) AS places, unit_count AS units, dur_ns + after_ns AS share_ns,
  iif(between_ns > 2e6, least, low) / units AS saving_low_ns, mid / units AS saving_mid_ns,
  high / units AS saving_high_ns, json_array(json_array(printf('statement:%s:%d', file, line), dur_ns),
    json_array(printf('after:%s:%d', file, line), after_ns - text_ns), json_array(printf('literal:%s:%d', file, line), text_ns)) AS claims,
  json_array(json_array('runs of one statement from this line', s.runs, 'per ' || one),
    json_array('each run', each_ns / 1e6, 'ms'), json_array('Python between two runs', between_ns / 1e6, 'ms'),
    json_array('rows of a run', most_rows, 'at most')) AS evidence,
  json_array(json_array('duplicate-query', iif(questions IS NULL, 'the statement takes a value, so its runs can ask for different rows', printf('%.4g of its %.4g runs ask with values of their own', questions, s.runs))),
    json_array('slow-loop-body', iif(between_ns <= 2e6, 'only ' || ms(between_ns) || ' of Python between two runs', NULL))) AS excluded,
  route, (SELECT group_concat(words, '; ') FROM (SELECT CASE WHEN has_app THEN printf('%s asks for them', words) ELSE coalesce(words || ' asks, which is rendered after the view has returned', 'no line of the application asks, a library does') || ': the query of its rows is the place' END AS words FROM asker k WHERE k.stack_id = s.stack_id
    UNION ALL SELECT * FROM (SELECT printf('the rows that the loop walks come from the query at %s:%d', base_name(parent_file), parent_line) FROM parents p WHERE p.file = s.file AND p.line = s.line ORDER BY times DESC LIMIT 1))) AS fix_more,
  printf('%s with %.1f runs each, the same text and line', counted(unit_count, one), s.runs) AS because,
  printf('%.1f runs of a statement %s: the same answer each time', s.runs, iif(questions > 1, 'with mostly the same values', 'that takes no value or the same one')) AS ruled_out
FROM sites s, basis_total, noun
UNION ALL SELECT 0, 'all', NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', NULL, NULL, '',
  printf('at most %s of one reading statement from one line in a %s', counted(runs, 'run'), one)
  FROM (SELECT max(runs) AS runs FROM reads), noun WHERE runs > 0 AND NOT EXISTS (SELECT 1 FROM sites)
ORDER BY saving_mid_ns DESC;

-- id: file-parsed-per-request
-- group: disk
-- needs: v1_unit v1_sample v1_unit_sample v1_handle v1_frame
-- excludes: slow-disk-read cold-start
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: parse it once, at start-up or at first use, and keep what that gives; where the file may change meanwhile, ask for its time of
--   change (os.stat) and parse it again when that is another
-- doc: docs/causes/file-parsed-per-request.md
-- order: 10
-- units: 3

-- Time below functions that parse a text (work.sql), asked for by a function of the application that opens a file in nine of ten requests
-- of its route, or whose caller or callee does: few files, at most half as many as requests, so that it is again what was parsed before. What
-- a request sends, or another service answers, is in no file.
WITH opened AS MATERIALIZED (
  SELECT h.file, h.function, f.parent_id, h.open_stack_id, h.peer, b.id, b.weight, b.route FROM v1_handle h JOIN basis b ON b.id = h.open_unit_id
  JOIN v1_frame f ON f.id = h.open_stack_id WHERE h.kind = 'file' AND h.has_app AND h.peer IS NOT NULL AND NOT (f.kind = 'stdlib' AND f.file LIKE '%/logging/%')
), sites AS (
  SELECT file, function, route, count(DISTINCT id) AS units, count(DISTINCT peer) AS paths, max(peer) AS path, max(open_stack_id) AS stack_id FROM opened GROUP BY 1, 2, 3
), again AS MATERIALIZED (
  SELECT s.*, u.seen FROM sites s JOIN (SELECT route, count(*) AS seen FROM basis GROUP BY route) u ON u.route IS s.route
  WHERE 10 * s.units >= 9 * u.seen AND 2 * s.paths <= u.seen
), near AS ( -- functions of the application next to one that opens, by stacks that were seen
  SELECT a.file, a.function, a.file AS near_file, a.function AS near_function FROM again a
  UNION SELECT a.file, a.function, p.app_file, p.app_function FROM again a JOIN v1_frame f ON f.app_file = a.file AND f.app_function = a.function AND f.kind = 'app'
    JOIN v1_frame p ON p.id = f.parent_id WHERE p.kind = 'app'
), asked AS (
  SELECT l.subject, l.file, l.line, l.function, l.stack_id, a.path, a.paths, a.seen, a.units AS opening, max(l.ns) FROM work_line l
  JOIN near n ON n.near_file = l.file AND n.near_function = l.function JOIN again a ON a.file = n.file AND a.function = n.function
  WHERE l.work = 'parse' AND l.has_app GROUP BY l.subject
)
SELECT repeats AND a.subject IS NOT NULL AS fires, w.subject, w.stack_id, w.route, places, unit_count AS units, cost_ns AS share_ns,
  printf('A %s parses %s again: %.0f %% of its time.', one, iif(a.paths = 1, base_name(a.path), 'files that others before it have parsed'), percent) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims,
  json_insert(w.evidence, '$[#]', json_array('different files opened there', a.paths, printf('in %s looked at', counted(a.seen, one)))) AS evidence,
  printf('%d of %d %ss open it anew; %s', a.opening, a.seen, one, because) AS because,
  json_array(json_array('slow-disk-read', 'what is counted computes: reading is not in it'),
    json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  iif(a.subject IS NULL, printf('%s parses what is in no file that each %s opens: %.1f %% of its time', w.subject, one, percent), 'a file is parsed, but not again and again: at first use') AS ruled_out
FROM work_finding w LEFT JOIN asked a ON a.subject = w.subject, noun WHERE w.work = 'parse' ORDER BY cost_ns DESC;

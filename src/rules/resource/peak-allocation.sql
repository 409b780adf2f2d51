-- id: peak-allocation
-- group: resource
-- needs: v1_heap_snapshot v1_cgroup
-- excludes: memory-leak
-- floor: 0
-- level: likely
-- saving: S12
-- fix: do it in pieces: iterate over the file or the rows (fetchmany, a server-side cursor) in place of read() and fetchall(), stream the body to a file, send what is
--   made as it is made
-- doc: docs/causes/peak-allocation.md
-- list: will-fail
-- order: 20
-- units: 1

-- One line, and all that it calls, had at once a quarter of what its process has resident and more, while a unit of work ran, and has not at the end
-- (model/heap_finding.h): each one of them that runs at a time needs as much again, and what was resident then may stay so.
SELECT 1 AS fires, coalesce(p.file || ':' || p.line, 'outside of the application') AS subject, p.stack_id, k.route,
  printf('Memory for one moment: a %s has %s at once that are made here, %s times what its process has resident.', (SELECT one FROM noun), size(k.gone), figure(1.0 * k.gone / k.rss_bytes)) AS title,
  iif(p.file IS NULL, '[]', json_array(json_array(p.file, p.line, p.function))) AS places, max(1, k.units) AS units, 0 AS share_ns, NULL AS hours_to_limit,
  json_array(json_array('at once', k.gone / 1048576.0, printf('MiB (95 %%: %s … %s)', figure(k.low / 1048576.0), figure(k.high / 1048576.0))),
    json_array('resident in its process', k.rss_bytes / 1048576.0, 'MiB'), json_array('at once, of the memory limit', 100.0 * k.gone / (SELECT min(memory_limit_bytes) FROM v1_cgroup), '%'), json_array('made in all', l.made_bytes / 1048576.0, 'MiB')) AS evidence,
  json_array(json_array('memory-leak', printf('of %s MiB that it had at once %s are live at the end', figure(k.peak_bytes / 1048576.0), figure((k.peak_bytes - k.gone) / 1048576.0)))) AS excluded,
  printf('it had %s at once, and gave them back', size(k.gone)) AS because, NULL AS ruled_out
FROM heap_peak k JOIN heap_place p ON p.id = k.place LEFT JOIN heap_line l ON l.place = k.place
UNION ALL SELECT 0, 'heap', NULL, NULL, '', '[]', 0, 0, NULL, '[]', '[]', '', coalesce((SELECT said FROM heap_thinned), printf('no line had as much as a quarter of its process''s memory for a moment, in %d snapshots', snapshots))
FROM heap_watch WHERE snapshots > 0 AND NOT EXISTS (SELECT 1 FROM heap_peak)
ORDER BY fires DESC, subject;

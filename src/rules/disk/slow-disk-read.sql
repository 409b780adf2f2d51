-- id: slow-disk-read
-- group: disk
-- needs: v1_usage v1_event v1_handle v1_unit v1_frame
-- excludes: sync-log-write blocking-call-in-event-loop
-- floor: 0.05
-- level: proven
-- saving: S1
-- fix: keep what is read again in memory, or leave it to the kernel's cache (no O_DIRECT, no POSIX_FADV_DONTNEED, room for it in RAM);
--   static files belong to the web server in front
-- doc: docs/causes/slow-disk-read.md
-- order: 15
-- units: 3

-- Reads of files that wait, at a line where that happens in half of the requests or more. What the kernel has in its cache is copied, which
-- is CPU; a thread that is preempted meanwhile seems to wait, but not in every second request. Or what is copied was read before: files that nearly
-- each request opens anew, half as many or fewer than requests, if that is most of what they do: two fifths. Not where they are sent piece by
-- piece: that is no work to keep.
WITH reads_of AS MATERIALIZED (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, e.stack_id, b.id, b.weight, b.route, sum(e.dur_ns) AS dur_ns,
    sum(max(0, e.dur_ns - coalesce(e.cpu_ns, 0))) AS wait_ns, sum(e.bytes) AS bytes, count(DISTINCT h.peer) AS files, max(h.peer) AS path,
    max(h.open_unit_id IS b.id AND h.peer IS NOT NULL) AS anew, b.bytes_out
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'read' AND h.kind = 'file' AND NOT e.nested AND NOT e.on_loop AND f.has_app GROUP BY 1, 2, b.id
), readers AS (
  SELECT f.app_file AS file, f.app_line AS line, sum(g.units) AS units, 1.0 * sum(g.calls) / sum(g.units) AS calls
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'read' AND g.units > 0 AND f.has_app GROUP BY 1, 2
), sites AS (
  SELECT r.file, r.line, r.function, max(r.stack_id) AS stack_id, iif(count(DISTINCT coalesce(r.route, '')) = 1, max(r.route), NULL) AS route, a.units AS read_units, a.calls,
    sum(r.weight) AS unit_count, sum(r.weight) FILTER (WHERE 2 * wait_ns > dur_ns) AS waiting, sum(r.weight) * midmean(dur_ns) AS ns,
    sum(r.weight) * boot_low(wait_ns) AS low, sum(r.weight) * boot_high(dur_ns) AS high, sum(wait_ns) * 1.0 / sum(dur_ns) AS part, avg(bytes) AS bytes,
    sum(r.weight) FILTER (WHERE anew) AS anew, count(DISTINCT path) AS paths, max(path) AS path, count(*) AS seen, a.calls > 3 AND 2 * avg(bytes_out) >= avg(bytes) AS streams,
    iif(max(files) = 1 AND min(path) = max(path), 'of ' || base_name(max(path)), 'of files') AS what
  FROM reads_of r JOIN readers a ON a.file = r.file AND a.line = r.line GROUP BY r.file, r.line
)
SELECT waits OR again AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, NOT waits AS at_least,
  iif(waits, printf('A %s waits %s for the disk to read.', one, ms(ns / unit_count)), printf('A %s reads%s what others before it have read: %s each time.', one, iif(paths = 1, ' ' || base_name(path) || ',', ''), ms(ns / unit_count))) AS title,
  json_array(json_array(file, line, function)) AS places, min(unit_count, s.units) AS units, ns AS share_ns,
  iif(waits, low, 0.8 * ns) / s.units AS saving_low_ns, ns / s.units AS saving_mid_ns, 1.2 * high / s.units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('reads ' || what, calls, 'per ' || one), json_array('read', bytes / 1024, 'KiB per ' || one), json_array('they take', ns / 1e6 / unit_count, 'ms per ' || one),
    json_array('of which it waits', 100 * part, '%'), json_array('different files', iif(waits, NULL, paths), printf('in %s looked at', counted(seen, one)))) AS evidence,
  json_array(json_array('sync-log-write', 'it is read, not written'), json_array('blocking-call-in-event-loop', 'the calls are made outside an event loop')) AS excluded,
  iif(waits, printf('in %d of %d %ss that read here, reading is mostly waiting', waiting, read_units, one), printf('%d of %d %ss open it anew', anew, read_units, one)) AS because,
  iif(waits, NULL, 'keep in memory what is made of it, and look at its time of change where it may change; what is sent as it is, leave to the web server in front, or to sendfile()') AS fix,
  printf('reading at %s:%d waits in %d of %d %ss', base_name(file), line, coalesce(waiting, 0), read_units, one) AS ruled_out
FROM (SELECT sites.*, basis_total.units, basis_total.wall_ns, coalesce(2 * waiting >= read_units, 0) AS waits, coalesce(10 * anew >= 9 * read_units AND 2 * paths <= seen AND 5 * ns >= 2 * wall_ns AND NOT coalesce(streams, 0), 0) AS again FROM sites, basis_total) s, noun ORDER BY ns DESC;

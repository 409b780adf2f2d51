-- id: repeated-pure-work
-- group: cpu
-- needs: v1_call_arguments v1_call v1_unit v1_usage v1_frame
-- excludes: hot-python-loop
-- floor: 0.05
-- level: likely
-- saving: S4
-- fix: keep what it gave: @functools.lru_cache(maxsize=1024) above its def, cachetools.TTLCache where what it depends on changes
--   now and then; or call it once and hand the result on; a list or dict that it gives is shared then: give a tuple, or a copy
-- doc: docs/causes/repeated-pure-work.md
-- order: 14
-- units: 3

-- A function whose arguments were looked at (--arguments): most calls have some that it had before, it gave the same for them each time, and
-- nothing was read, written or waited for below it. The cost is counted, not sampled: the CPU of the calls that a cache of 1,024 entries would
-- have spared. Saved is that, less what looking at arguments took, which is what asking such a cache takes or more; where that takes more than half
-- of it, the function is too small for a cache (not one of 10 µs: of a look that takes that long, most is what preempted it). What gives None is called for what it does. Not all known: it may save nothing.
WITH RECURSIVE argued AS MATERIALIZED (
  SELECT file, line, function, sum(calls) AS calls, sum(comparable) AS comparable, sum(instances) AS instances, sum(distinct_arguments) AS distincts, sum(repeated) AS repeated, sum(repeated_in_unit) AS in_unit,
    sum(same_result) AS same, sum(no_result) AS none, sum(other_result) AS other, sum(units) AS callers, sum(cpu_ns) AS cpu_ns, sum(repeated_cpu_ns) AS again_ns, 1.0 * sum(cost_ns) / sum(calls) AS look_ns
  FROM v1_call_arguments WHERE code_kind = 'app' GROUP BY 1, 2, 3 HAVING sum(calls) > 0
), inside(id, file, line, function) AS (
  SELECT f.id, a.file, a.line, a.function FROM argued a CROSS JOIN v1_frame f ON f.file = a.file AND f.first_line = a.line AND f.function = a.function
  UNION SELECT f.id, i.file, i.line, i.function FROM inside i JOIN v1_frame f ON f.parent_id = i.id
), does AS (
  SELECT i.file, i.line, i.function, group_concat(DISTINCT g.kind) AS kinds FROM inside i JOIN v1_usage g ON g.stack_id = i.id
  WHERE g.kind NOT IN ('callback', 'gc', 'span', 'exception', 'gil') GROUP BY 1, 2, 3
), chance(name) AS ( -- what gives another answer each time
  VALUES ('time.%'), ('%.now'), ('%.utcnow'), ('%.today'), ('%andom%'), ('%.getrandbits'), ('%uuid%'), ('%.getpid')
), asks AS (
  SELECT file, line, function, group_concat(DISTINCT name) AS names FROM (
    SELECT i.file, i.line, i.function, f.function || '()' AS name FROM inside i JOIN v1_frame f ON f.id = i.id WHERE f.kind = 'stdlib' AND (f.file LIKE '%/random.py' OR f.file LIKE '%/uuid.py' OR f.file LIKE '%/secrets.py')
    UNION ALL SELECT a.file, a.line, a.function, c.function || '()' FROM argued a JOIN v1_call p ON p.file = a.file AND p.line = a.line AND p.function = a.function JOIN v1_call c ON c.parent_id = p.id
      WHERE c.kind = 'c' AND EXISTS (SELECT 1 FROM chance h WHERE c.function LIKE h.name)) GROUP BY 1, 2, 3
), costs AS (
  SELECT a.*, d.kinds, k.names, b.units, b.wall_ns, part, min(a.again_ns * part, s.python_ns) AS cost_ns, max(0, a.again_ns - a.repeated * a.look_ns) * part AS mid_ns,
    2 * a.distincts < a.comparable AND a.repeated >= 20 AS repeats, a.none > a.same AS is_for_effect, a.comparable >= 0.95 * a.calls AND a.instances = 0 AND a.same >= 0.5 * a.repeated AS is_sure, a.again_ns >= a.repeated * min(2 * a.look_ns, 10000) AS pays, 2 * a.repeated >= a.comparable - a.distincts AS is_near,
    (SELECT iif(total(r.kind <> 'requests') = 0 AND count(DISTINCT coalesce(r.route, '')) = 1, max(r.route), NULL) FROM v1_call c JOIN v1_call r ON r.id = c.parent_id WHERE c.file = a.file AND c.line = a.line AND c.function = a.function) AS route
  FROM argued a LEFT JOIN does d USING (file, line, function) LEFT JOIN asks k USING (file, line, function), basis_total b, sampled_total s,
    (SELECT min(1, 1.0 * t.units / nullif((SELECT count(*) FROM v1_unit u WHERE u.kind = t.kind), 0)) AS part FROM basis_total t) WHERE b.units > 0 AND b.wall_ns > 0
)
SELECT repeats AND pays AND other = 0 AND NOT is_for_effect AND kinds IS NULL AND names IS NULL AND 2 * comparable >= calls AND (same > 0 OR instances = 0) AS fires, printf('%s:%s', base_name(file), function) AS subject, route,
  printf('%s() computes again what it has computed: %s %% of its calls have arguments that it had before.', function, figure(100.0 * (comparable - distincts) / comparable)) AS title,
  json_array(json_array(file, line, function)) AS places, min(callers, units) AS units, cost_ns AS share_ns,
  iif(is_sure, 0.75 * mid_ns, 0) / units AS saving_low_ns, iif(is_sure, NULL, 'not all of its arguments and results could be compared') AS unseen, mid_ns / units AS saving_mid_ns, min(max(mid_ns, cpu_ns * part * (comparable - distincts) / calls), wall_ns) / units AS saving_high_ns,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('python:%s:%s', c.file, c.function) AS key, c.cost_ns AS ns UNION ALL SELECT printf('python:%s:%s', p.file, p.function), total(p.ns) * t.scale
    FROM inside i JOIN sampled p ON p.stack_id = i.id, sampled_total t WHERE i.file = c.file AND i.line = c.line AND i.function = c.function AND p.kind = 'app' AND (p.file, p.function) <> (c.file, c.function) GROUP BY p.file, p.function)) AS claims,
  json_array(json_array('different arguments', distincts, printf('in %d calls%s', comparable, iif(comparable < calls, printf(' of %d that can be compared', calls), ''))), json_array('it computes', cpu_ns * part / 1e6 / units, 'ms per ' || one),
    json_array('for arguments that a cache of 1,024 had kept', 100.0 * again_ns / nullif(cpu_ns, 0), '% of it'), json_array('of these, those it had in the same ' || one, 100.0 * in_unit / nullif(repeated, 0), '%'),
    json_array('gave the same as before', nullif(same, 0), printf('of %d, none another result', repeated))) AS evidence,
  json_array(json_array('hot-python-loop', printf('%.0f %% of its time is for arguments that it had before', 100.0 * again_ns / nullif(cpu_ns, 0)))) AS excluded,
  CASE WHEN 3 * in_unit >= 2 * repeated THEN 'most repeats are in one ' || one || ': calling it once, before the loop, is enough' WHEN 3 * in_unit <= repeated THEN 'most repeats are of an earlier ' || one || ': what is kept has to outlive it'
    ELSE printf('%.0f %% of the repeats are in one %s, and calling it once, before the loop, spares these; the others are of an earlier one: for them what is kept has to outlive it', 100.0 * in_unit / repeated, one) END
    || iif(is_near, '', printf('; only %.0f %% of the repeats are near enough for 1,024 entries: of %d different ones as many have to be kept', 100.0 * repeated / (comparable - distincts), distincts))
    || iif(instances > 0, '; its object (self) counts as one of its arguments and may change: keep the result with the object (functools.cached_property), and drop it when that changes', '')
    || iif(same = 0, '; what it gives could not be compared: make sure that it depends on nothing but its arguments', '') AS fix_more, printf('%d different arguments in %d calls, in %s', distincts, comparable, counted(min(callers, units), one)) AS because,
  CASE WHEN repeated < 20 THEN printf('%s() had arguments that it had before in %d calls', function, repeated) WHEN NOT repeats THEN printf('%s() had arguments of its own in %d of %d calls', function, distincts, comparable) WHEN NOT pays THEN printf('%s() takes %s µs for arguments that it had before; looking them up takes more than half of that', function, figure(again_ns / 1e3 / repeated)) WHEN other > 0 THEN printf('%s() gave another result for the same arguments %d times', function, other)
    WHEN is_for_effect THEN printf('%s() gives None: it is called for what it does', function) WHEN kinds IS NOT NULL THEN printf('%s() does more than compute: %s', function, replace(kinds, ',', ', '))
    WHEN names IS NOT NULL THEN printf('%s() asks what differs each time: %s', function, replace(names, ',', ', ')) ELSE printf('arguments of %s() can be compared in %d of %d calls', function, comparable, calls) END AS ruled_out
FROM costs c, noun ORDER BY mid_ns DESC;

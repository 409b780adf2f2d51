-- id: known-slow-version
-- group: config
-- needs: v1_unit v1_sample v1_unit_sample v1_frame v1_fact
-- excludes: cold-start
-- floor: 0.05
-- level: likely
-- saving: S10
-- fix: install a version in which it is mended
-- doc: docs/causes/known-slow-version.md
-- order: 5
-- units: 3

-- A version that is known to be slow at something (slow_version.csv) says nothing alone: time is sampled below the function in
-- which it is slow. What the mended version still takes of that time was measured; where that may be all of it, for it depends
-- on the data, the saving begins at nothing, and the finding is no more than possible. `beside`: it has to take so many times
-- what else is sampled below that function, which does the same for all data. More than that the mended version takes for none, so
-- of twice as much at least half is the fault's.
WITH row AS (
  SELECT s.package, s.before, s.version, s.what, s.source, f.*, s.left_low + 0.0 AS left_low, s.left_high + 0.0 AS most_left, s.times + 0.0 AS times,
    (SELECT total(ns) FROM work_line l WHERE l.work = 'beside ' || s.work) AS beside_ns
  FROM work_finding f JOIN slow_here s ON s.work = f.work GROUP BY f.work
), judged AS (
  SELECT *, ns >= times * beside_ns AS outweighs, max(left_low, iif(times > 0 AND ns >= 2 * times * beside_ns, min(most_left, times * beside_ns / ns), most_left)) AS left_high FROM row
)
SELECT repeats AND outweighs AS fires, package AS subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns,
  printf('%s %s %s: %.0f %% of a %s.', package, version, what, percent, one) AS title,
  low_ns * (1 - left_high) AS saving_low_ns, mid_ns * (1 - (left_low + left_high) / 2) AS saving_mid_ns, gil_part, high_ns * (1 - left_low) AS saving_high_ns,
  iif(left_high >= 1, printf('what %s %s still takes of that time depends on the data', package, before), NULL) AS unseen,
  claims, evidence, because,
  json_array(json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  printf('%s %s or later; reported in %s', package, before, source) AS fix_more,
  printf('%s %s, which %s, takes %.1f %% of a %s', package, version, what, percent, one) AS ruled_out
FROM judged, noun ORDER BY saving_mid_ns DESC;

-- id: deep-copy
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: slow-serialisation cold-start
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: copy only what is changed (dict(x), x | {…}, [*x], dataclasses.replace), or keep the shared value immutable
--   (tuples, frozen dataclasses, types.MappingProxyType) and do not copy it at all
-- doc: docs/causes/deep-copy.md
-- order: 10
-- units: 3

-- Time below copy.deepcopy, which walks every object in Python and remembers each; the place is the line that asked. What a
-- library copies for itself (Django's forms their fields) is not the application's to leave out.
SELECT repeats AND copier IS NULL AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns,
  printf('copy.deepcopy takes %.0f %% of a %s.', percent, one) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('slow-serialisation', 'the innermost function that was asked for is deepcopy, no encoder'),
    json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  printf('copy.deepcopy takes %.1f %% of a %s, %s', percent, one, iif(copier IS NULL, 'at its first runs alone', 'asked for by ' || copier)) AS ruled_out
FROM (SELECT w.*, (SELECT coalesce(package_of(p.file), base_name(p.file)) FROM v1_frame e JOIN v1_frame p ON p.id = e.parent_id
  WHERE e.id = w.stack_id AND p.kind <> 'app') AS copier FROM work_finding w), noun WHERE work = 'copy' ORDER BY cost_ns DESC;

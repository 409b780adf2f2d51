-- id: compile-per-request
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: regex-backtracking cold-start
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: compile it once, at module level (PATTERN = re.compile(…)), and for patterns made of data keep them in a dict; re
--   itself keeps only the last 512
-- doc: docs/causes/compile-per-request.md
-- order: 11
-- units: 3

-- Time below the compilers of re, regex, pydantic and jsonschema, in units all through the recording. re asks its cache before
-- it enters its compiler, so a pattern met again is not counted, unless more than 512 others came between (CPython 3.8 to 3.13).
SELECT repeats AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns,
  printf('%s compiled %s, again and again: %.0f %% of its time.', iif((SELECT package_of(file) FROM v1_frame WHERE id = stack_id) IN ('pydantic', 'jsonschema'), 'A schema is', 'Regular expressions are'),
    iif(one = 'busy thread', 'by a thread at work', 'in the middle of a ' || one), percent) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('regex-backtracking', 'the samples are in the compiler, not in a match'),
    json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  printf('compiling patterns or schemas takes %.1f %% of a %s, at its first runs alone', percent, one) AS ruled_out
FROM work_finding, noun WHERE work = 'compile' ORDER BY cost_ns DESC;

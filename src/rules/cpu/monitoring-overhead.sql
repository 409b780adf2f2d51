-- id: monitoring-overhead
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: debug-mode
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: take it out of production, or let it look at a sample of the requests; a profiler that has to run there is one that samples
-- doc: docs/causes/monitoring-overhead.md
-- order: 10
-- units: 3

-- Own time of libraries that watch: a sample is theirs if its nearest frame, the standard library's left out, is. What they make
-- others slower by (a tracing function called for each line, a profiler in C for each call) has no frame of theirs: at least.
SELECT repeats AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns, 1 AS at_least,
  printf('%s, which watches this app, takes %.0f %% of a %s.', CASE subject WHEN 'werkzeug' THEN 'werkzeug''s ProfilerMiddleware' WHEN 'profiler' THEN 'A profiler or tracer of the standard library' ELSE subject END, percent, one) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('debug-mode', printf('the time is in frames of %s itself', iif(subject = 'profiler', 'the profiler', subject)))) AS excluded,
  printf('%s takes %.1f %% of a %s', iif(subject = 'profiler', 'a profiler', subject), percent, one) AS ruled_out
FROM work_finding, noun WHERE work = 'monitoring' ORDER BY cost_ns DESC;

-- id: template-compiled-per-request
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: cold-start
-- floor: 0.02
-- level: likely
-- saving: S1
-- fix: make the template's environment, engine or Template object once, at module level, and let it keep what it compiled
-- doc: docs/causes/template-compiled-per-request.md
-- order: 10
-- units: 3

-- Time below functions that are entered only when a template is read and compiled, not when its compiled form is
-- at hand (work.sql), in units all through the recording.
SELECT repeats AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns,
  printf('A template is compiled %s, again and again: %.0f %% of its time.', iif(one = 'busy thread', 'by a thread at work', 'in the middle of a ' || one), percent) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  iif(source_at(json_extract(places, '$[0][0]'), json_extract(places, '$[0][1]'), (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) LIKE '%render_template_string(%', 'put the text into a file of templates/ and call render_template("…"), which keeps what it compiled: render_template_string() compiles its text each time', NULL) AS fix,
  printf('templates are compiled within a %s, but not again and again: at first use', one) AS ruled_out
FROM work_finding, noun WHERE work = 'template' ORDER BY cost_ns DESC;

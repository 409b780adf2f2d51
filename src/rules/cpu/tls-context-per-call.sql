-- id: tls-context-per-call
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: tls-handshake-per-call cold-start
-- floor: 0.02
-- level: likely
-- saving: S1
-- fix: make the client, or the ssl.SSLContext that it is given, once for the process and use it for all calls
-- doc: docs/causes/tls-context-per-call.md
-- order: 9
-- units: 3

-- Time below functions that make a TLS context: they load all certificates that the machine trusts, some tens of
-- milliseconds of CPU, whether or not a connection follows. A context that is kept does not enter them.
SELECT repeats AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns,
  printf('A TLS context is made %s, again and again: loading its certificates takes %.0f %% of the time.', iif(one = 'busy thread', 'by a thread at work', 'in the middle of a ' || one), percent) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('tls-handshake-per-call', 'the samples are in loading certificates, before any connection'),
    json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  printf('TLS contexts are made %.1f %% of the time of a %s, but at its start alone', percent, one) AS ruled_out
FROM work_finding, noun WHERE work = 'tls' ORDER BY cost_ns DESC;

-- id: no-upstream-keep-alive
-- group: net
-- needs: v1_handle v1_unit v1_event v1_frame
-- excludes: db-connection-per-request slow-upstream tls-handshake-per-call
-- floor: 0.02
-- level: proven
-- saving: S2
-- fix: make the client (session, pool) once for the process and use it here: it keeps its connections
-- doc: docs/causes/no-upstream-keep-alive.md
-- order: 10
-- units: 3

-- A connection to another HTTP service that serves one unit and is then thrown away, at a line where that happens to
-- nine of ten. What is counted is opening and closing, and the sampled Python of libraries that set a client up
-- (upstream.sql). Over TLS the keys are the larger part: that is tls-handshake-per-call.
SELECT opens >= 0.9 * uses AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, iif(theirs AND NOT each_own, 'closes', NULL) AS peer_kind,
  printf('%s to another service %s opened for a %s and %s.', iif(made > 1.5 * unit_count, printf('%.1f connections', 1.0 * made / unit_count), 'A connection'),
    iif(made > 1.5 * unit_count, 'are', 'is'), one, iif(theirs AND NOT each_own, 'closed after the answer, as the service asks', 'thrown away')) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns + python_ns AS share_ns, 1 AS at_least,
  (low + 0.6 * python_ns) / units AS saving_low_ns, (ns + python_ns) / units AS saving_mid_ns, 1.3 * (ns + python_ns) / units AS saving_high_ns,
  json_insert(python_claims, '$[#]', json_array(printf('connect:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('connections opened and not kept', 1.0 * made / unit_count, 'per ' || one || ', to ' || peer),
    json_array('opening and closing them', ns / unit_count / 1e6, 'ms per ' || one),
    json_array('Python that sets them up (samples)', python_ns / unit_count / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('db-connection-per-request', 'the peer is spoken to in HTTP, it is no database'),
    json_array('slow-upstream', iif(theirs OR unsure, NULL, 'what the other service takes to answer is not counted')),
    json_array('tls-handshake-per-call', 'none of them agreed on TLS keys')) AS excluded,
  CASE WHEN theirs AND each_own THEN 'the other service closes after its answer as well: ask for keep-alive there'
    WHEN unsure THEN 'if it is kept already, the other service ends its connections: ask for keep-alive there' END AS fix_more,
  printf('%d of %d uses of such a connection were its only one%s', opens, uses, iif(theirs, printf('; %.0f were closed because the service ends them', ended), '')) AS because,
  printf('%d of %d connections to other services served one %s only', opens, uses, one) AS ruled_out
FROM upstream_connection, basis_total, noun WHERE tls < 0.5 * opens OR opens = 0 ORDER BY share_ns DESC;

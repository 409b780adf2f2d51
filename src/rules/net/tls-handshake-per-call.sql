-- id: tls-handshake-per-call
-- group: net
-- needs: v1_handle v1_unit v1_event v1_frame v1_sample
-- excludes: no-upstream-keep-alive tls-context-per-call
-- floor: 0.02
-- level: proven
-- saving: S2
-- fix: make the client (session, pool) once for the process and use it here: it keeps its connections, and with them their
--   keys; a service that closes after each answer is asked for keep-alive, or its sessions are resumed
-- doc: docs/causes/tls-handshake-per-call.md
-- order: 10
-- units: 3

-- A TLS connection to another HTTP service that serves one unit and is then thrown away, at a line where that happens to nine of
-- ten (upstream.sql): keys are agreed on for each call, which takes one or two round trips and the CPU of both. What is counted is
-- opening, the handshake from ClientHello to the client's Finished, closing, and the sampled Python of libraries that set it up.
SELECT opens >= 0.9 * uses AND keys_ns > 0 AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, iif(theirs AND NOT each_own, 'closes', NULL) AS peer_kind,
  printf('TLS keys are agreed on %s, for %s to another service that %s.', iif(made > 1.5 * unit_count, printf('%.1f times in a %s', 1.0 * made / unit_count, one), 'in each ' || one),
    iif(made > 1.5 * unit_count, 'connections', 'a connection'), iif(theirs AND NOT each_own, 'it closes after its answer', iif(made > 1.5 * unit_count, 'are', 'is') || ' thrown away')) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns + python_ns AS share_ns, 1 AS at_least,
  low / units AS saving_low_ns, (ns + python_ns) / units AS saving_mid_ns, 1.3 * (ns + python_ns) / units AS saving_high_ns,
  json_insert(python_claims, '$[#]', json_array(printf('connect:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('connections opened and not kept', 1.0 * made / unit_count, 'per ' || one || ', to ' || peer),
    json_array('handshakes', keys_ns / unit_count / 1e6, 'ms per ' || one),
    json_array('opening and closing them', (ns - keys_ns) / unit_count / 1e6, 'ms per ' || one),
    json_array('Python that sets them up (samples)', python_ns / unit_count / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('no-upstream-keep-alive', iif(keys_ns >= 0.5 * ns AND NOT unsure, printf('keys are %.0f %% of what such a connection costs', 100 * keys_ns / ns), NULL)),
    json_array('tls-context-per-call', 'the making of a TLS context is not counted here')) AS excluded,
  CASE WHEN theirs AND each_own THEN 'the other service closes after its answer as well: ask for keep-alive there'
    WHEN unsure THEN 'if it is kept already, the other service ends its connections: ask for keep-alive there' END AS fix_more,
  printf('%d of %d uses of such a connection were its only one%s', opens, uses, iif(theirs, printf('; %.0f were closed because the service ends them', ended), '')) AS because,
  printf('%.0f of %d TLS connections to other services served one %s only', tls, uses, one) AS ruled_out
FROM upstream_connection, basis_total, noun WHERE tls >= 0.5 * opens AND opens > 0 ORDER BY share_ns DESC;

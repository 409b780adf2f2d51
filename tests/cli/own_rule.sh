# Writes a rule of a user and its cases: own_rule.sh FOLDER.
mkdir -p "$1/own"
cat > "$1/own/slow-report.sql" <<'SQL'
-- id: slow-report
-- group: own
-- needs: v1_unit
-- excludes: none
-- floor: 0.1
-- level: likely
-- saving: none
-- fix: make the report at night
-- doc: none
-- units: 3
SELECT count(*) >= 3 AS fires, '/report' AS subject, 'Reports are made while somebody waits.' AS title, '[]' AS places,
  sum(weight) AS units, sum(weight * wall_ns) AS share_ns, json_array(json_array('reports', count(*), 'in all')) AS evidence,
  '[]' AS excluded, printf('%d requests of /report', count(*)) AS because, printf('%d requests of /report', count(*)) AS ruled_out
FROM basis WHERE route = '/report' HAVING count(*) > 0;
SQL
cat > "$1/own/slow-report.test.sql" <<'SQL'
-- case: hit each request is a report
INSERT INTO text VALUES (20, '/report');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 20, i * 10000000, 1000000, 900000 FROM n;
-- expect: /report - 100.0% - likely
-- says: reports: 100 in all

-- case: miss two are no habit
INSERT INTO text VALUES (20, '/report');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 20, i * 10000000, 1000000, 900000 FROM n WHERE i < 2;
-- says: ruled out: 2 requests
-- says not: because
SQL

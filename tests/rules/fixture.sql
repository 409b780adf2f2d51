-- What every case of every rule starts from: one process, no units. Stack N (1 … 99) is line N of
-- app.py, function handler; stack 100 + N is SQLAlchemy, called from there; stack 200 + N is Django.
INSERT INTO meta VALUES ('command', 'gunicorn app:app'), ('started_ns', 0), ('ended_ns', 60000000000),
  ('closed', 1);
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended)
  VALUES (1, 4121, 4120, 0, '3.12.1', 'on', 100, 100);
INSERT INTO thread VALUES (1, 1, 4121, 'MainThread'), (2, 1, 4122, 'worker');
INSERT INTO text VALUES (1, '/'), (2, '/orders'), (3, 'GET'), (4, 'select a from t where id = ?'),
  (5, 'select b from u where id = ?'), (6, 'builtins.ValueError'), (7, 'select now()'),
  (8, 'insert into t values (?)'), (9, 'BEGIN'), (10, 'select c from v'), (11, 'sqlalchemy.compile');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (1, '/srv/server/gunicorn/sync.py', 'handle', 1, 'server', 1, x''),
  (2, '/srv/app.py', 'handler', 1, 'app', 1, x''),
  (3, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'NullPool._do_get', 1, 'library', 1, x''),
  (4, '/venv/lib/python3.12/site-packages/django/db/backends/base.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id)
  VALUES (1000, 0, 1, 0, 1, 1, 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id)
  SELECT i, 1000, 2, i, i, 2, i FROM n
  UNION ALL SELECT 100 + i, i, 3, i, 5, 3, i FROM n
  UNION ALL SELECT 200 + i, i, 4, i, 5, 3, i FROM n;
-- 0 … 99, for cases
CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 99)
SELECT i FROM c;

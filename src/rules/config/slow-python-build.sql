-- id: slow-python-build
-- group: config
-- needs: v1_fact v1_unit
-- excludes: debug-mode
-- floor: 0.2
-- level: likely
-- saving: S10
-- fix: run it with a release build of CPython: the distribution's package without -dbg, or ./configure --enable-optimizations
--   --with-lto without --with-pydebug
-- doc: docs/causes/slow-python-build.md
-- order: 8
-- units: 3
-- corpus: none it takes a debug build of CPython, which none of its environments has

-- sys.abiflags has a d in builds --with-pydebug, which check each object and each reference count. The same code took 4.5 to 8.5
-- times the CPU in Debian 12's python3.11-dbg (bench/debug-build), a small Flask request 4.2 times in a loop, but 1.65 times at 40 a
-- second, where caches are cold and calls of the kernel and of C code are most of it: 40 to 76 % of Python's own time.
WITH build AS (
  SELECT max(value LIKE '%d%') AS debug, max(value) AS flags FROM v1_fact WHERE key = 'python.abiflags' HAVING count(*) > 0
), own AS (SELECT total(weight * (python_ns + gc_ns)) AS python_ns FROM basis)
SELECT debug AS fires, 'build' AS subject, NULL AS stack_id, '[]' AS places, b.units AS units, python_ns AS share_ns,
  printf('This Python is a debug build; its own work is %.0f %% of a %s.', 100.0 * python_ns / b.wall_ns, one) AS title,
  0.3 * python_ns / b.units AS saving_low_ns, 0.55 * python_ns / b.units AS saving_mid_ns, 0.85 * python_ns / b.units AS saving_high_ns,
  '[]' AS claims, json_array(json_array('Python''s own time', python_ns / 1e6 / b.units, 'ms per ' || one)) AS evidence,
  json_array(json_array('debug-mode', 'the interpreter was built so, whatever the framework is told')) AS excluded,
  printf('sys.abiflags = ''%s''', flags) AS because, 'Python is a release build (sys.abiflags has no d)' AS ruled_out
FROM build, own, basis_total b, noun WHERE b.units > 0 AND b.wall_ns > 0;

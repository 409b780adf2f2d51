#include "answers.h"

const struct answer answers[] = {
	{{.name = "of a large recording some units are looked at in detail, and stand for all",
	  .sql = "INSERT INTO handle(id, process_id, kind, peer_kind) VALUES (1, 1, 'socket', "
		 "'postgresql');"
		 "INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, "
		 "db_ns, "
		 "statements) SELECT a.i * 100 + b.i + 1, 1, 'request', 1, (a.i * 100 + b.i) * "
		 "10000000, 5000000, 1000000, 3000000, 8 FROM n a, n b;"
		 "INSERT INTO statement(start_ns, dur_ns, unit_id, handle_id, nth, fingerprint_id, "
		 "raw_hash, literals, rows, prepare_ns, bytes, stack_id, flags) SELECT u.start_ns "
		 "+ "
		 "n.i * 400000, 300000, u.id, 1, u.id * 8 + n.i, 4, u.id * 8 + n.i, 0, 1, 0, 0, "
		 "14, "
		 "8192 FROM unit u, n WHERE n.i < 8;"},
	 {"! times are of all 10000 requests, calls and statements of ",
	  "+ One query per row: 8 runs of the same statement in a request to /."},
	 "in 10000 requests of"},
	{{.name = "every allocation was recorded: times hold that",
	  .sql = "INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 3, 131072, 0, NULL, 0, "
		 "NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;"},
	 {"! every allocation was recorded (--memory=exact), which makes a program several times "
	  "slower"},
	 NULL},
	{{.name = "threads that wait for one lock", .sql = REQUESTS("lock_ns", "6000000")},
	 {"more-workers 60 %: a request waits 60 % of its time for others of its worker"},
	 "cannot tell"},
	{{.name = "what awaiting hides is not ruled out, and async is no advice",
	  .sql = REQUESTS("running_ns, suspended_ns, ready_ns, steps", "1000000, 9000000, 0, 3")},
	 {"? slow-upstream", "not sync-log-write", "async 0 %: it is asynchronous already"},
	 "not slow-upstream"},
	{{.name = "plain handlers that compute in threads beside the loop",
	  .sql = REQUESTS("running_ns, suspended_ns, ready_ns, steps",
			  "500000, 9500000, 0, 3") "UPDATE unit SET cpu_ns = 8500000;"},
	 {"async 0 %: 80 % of a request passes in threads beside the loop"},
	 "asynchronous already"},
	{{.name = "plain handlers that do next to nothing: most of their time is the way to the "
		  "thread",
	  .sql = REQUESTS("running_ns, suspended_ns, ready_ns, steps",
			  "1000000, 9000000, 0, 3") "INSERT INTO text VALUES (50, 'thread.hop'), "
						    "(51, 'thread.back');"
						    "INSERT INTO usage_10s(slot, route_id, kind, "
						    "stack_id, peer_kind, subject_id, nested, "
						    "on_loop, units, calls, failed, dur_ns, "
						    "cpu_ns, max_ns, bytes, others_ns, aux_ns) "
						    "SELECT 0, 1, 'span', 25, NULL, column1, 0, 0, "
						    "100, 100, 0, 0, 0, 0, 0, 0, column2 FROM "
						    "(VALUES (50, 300000000), (51, 200000000));"},
	 {"async 0 %: 50 % of a request passes in threads beside the loop"},
	 "asynchronous already"},
	{{.name = "plain handlers that read a database in threads beside the loop",
	  .sql = REQUESTS(
		  "running_ns, suspended_ns, ready_ns, steps, db_ns, db_cpu_ns",
		  "500000, 9500000, 0, 3, 6000000, 6000000") "INSERT INTO event(start_ns, dur_ns, "
							     "unit_id, thread_id, kind, stack_id, "
							     "bytes, "
							     "cpu_ns, result, flags, count, aux, "
							     "source) SELECT i * 10000000 + "
							     "1000000, "
							     "6000000, i + 1, 2, 'sqlite_step', "
							     "25, 0, 6000000, 0, 0, 0, 0, 1 FROM n;"
							     "UPDATE unit SET thread_id = 1;"},
	 {"async 0 %: 65 % of a request passes in threads beside the loop"},
	 "asynchronous already"},
	{{.name = "a scan is the database's own work: a faster one, and kept answers, take off of "
		  "that",
	  .sql = REQUESTS(
		  "db_ns, statements",
		  "5000000, 1") "INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');"
				"INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES "
				"(1, 1, 'sqlite', "
				"'sqlite', '/srv/app.db');"
				"INSERT INTO statement SELECT i * 10000000 + 1000000, 5000000, i + "
				"1, 1, i + 2, "
				"50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n;"},
	 {"+ A query reads about 10000 rows",
	  "query-cache 50 %: statements and their waits are 50 %, and only",
	  "faster-database 50 %: what a database could do faster is at most 50 %, the 50 % of "
	  "missing-index among it: it does the same again, only sooner"},
	 NULL},
	{{.name = "what a finding says is awaited is known",
	  .sql = REQUESTS("running_ns, suspended_ns, ready_ns, steps",
			  "1000000, 9000000, 0, 3") "INSERT INTO usage_10s VALUES (0, 1, 'send', "
						    "7, 'http', NULL, 0, 1, 100, 100, 0, 300000, "
						    "300000, 30000, 4000, 0, 0);"
						    "UPDATE unit SET wall_ns = 20000000, "
						    "suspended_ns = 19000000;"},
	 {"+ Another service takes", "not lock-contention: waiting for locks is 0.0 %"},
	 "? "},
	{{.name = "a held loop: routes, and workers that cannot be judged",
	  .sql = REQUESTS(
		  "running_ns, suspended_ns, ready_ns, steps",
		  "6000000, 4000000, 1000000, 3") "INSERT INTO usage_10s VALUES (0, 1, 'sleep', "
						  "25, NULL, NULL, 0, 1, 100, 100, 0, "
						  "500000000, 0, 9000000, 0, 100000000, 0);"},
	 {"+ A call that waits (sleep) in / stops the event loop",
	  "more-workers 60 %: cannot tell: what blocking-call-in-event-loop costs"},
	 NULL},
	{{.name = "one wait in each request: nothing for async to overlap",
	  .sql = REQUESTS("sleep_ns", "9000000") "INSERT INTO event(start_ns, dur_ns, unit_id, "
						 "thread_id, kind, stack_id, bytes, cpu_ns, "
						 "result, flags, count, aux, source) SELECT i * "
						 "10000000, 9000000, i + 1, 1, 'sleep', 25, 0, 0, "
						 "0, 0, 0, 0, 1 FROM n;"},
	 {"async 0 %: a request has no two waits of note"},
	 "a request is not over sooner"},
	{{.name = "three waits in each request: what async could overlap is said, and on what "
		  "terms",
	  .sql = REQUESTS("sleep_ns", "9000000") "INSERT INTO event(start_ns, dur_ns, unit_id, "
						 "thread_id, kind, stack_id, bytes, cpu_ns, "
						 "result, flags, count, aux, source) SELECT i * "
						 "10000000 + t.value * 3000000, 3000000, i + 1, "
						 "1, 'sleep', 25, 0, 0, 0, 0, 0, 0, 1 FROM n, "
						 "json_each('[0,1,2]') t;"},
	 {"async 60 %: only if the handler starts its waits (90 %) together, where none needs "
	  "another's result"},
	 NULL},
	{{.name = "most requests fail: said before all else, and no other cause is looked for",
	  .sql = "INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, "
		 "status, error_id) SELECT i + 1, 1, 'request', 1, i * 10000000, 10000000, "
		 "9900000, "
		 "iif(i < 60, 500, 200), iif(i < 60, 6, NULL) FROM n;"
		 "INSERT INTO exception SELECT i * 10000000, i + 1, 6, 25 FROM n WHERE i < 60;"},
	 {"basis request\n! 60 of 100 requests failed: what follows is how long failing takes",
	  "+ 60 of 100 requests of / fail with ValueError."},
	 "No known cause"},
	{{.name = "some fail, and the others have no known cause",
	  .sql = "INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, "
		 "status) SELECT i + 1, 1, 'request', 1, i * 10000000, 10000000, 9900000, "
		 "iif(i < 20, 500, 200) FROM n;"},
	 {"+ 20 of 100 requests of / fail: answered with status 500, and no exception reached the "
	  "framework.\n+ Of what is slow no known cause was found; "},
	 "how long failing takes"},
	{{.name = "workers that end at a line which takes nearly all of the time: no other cause "
		  "of it is "
		  "missed",
	  .sql = "INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');"
		 "INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, "
		 "units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * "
		 "10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;"
		 "INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, "
		 "units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', "
		 "10, 10);"
		 "INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, "
		 "wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 500000000, "
		 "2000000, 1900000 FROM n;"
		 "INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, "
		 "cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, i * 10000000000 + "
		 "7200000000, 2100000000, 1000000, 2099000000 FROM n WHERE i < 4;"
		 "INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, "
		 "cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7200000000, "
		 "2099000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;"},
	 {"+ 4 workers ended with a request in hand"},
	 "known cause was found"},
	{{.name = "a few slow requests make the mean",
	  .sql = REQUESTS("sleep_ns", "9000000") "UPDATE unit SET wall_ns = 1000000000 "
						 "WHERE id <= 4;"},
	 {"! a few slow requests make the mean (p50 10.0 ms, p99 1000 ms)"},
	 NULL},
	{{.name = "each loads a module: not called the first ones",
	  .sql = REQUESTS("flags", "1") "UPDATE unit SET id = (1 << 40) + id WHERE id <= 40;"
					"DELETE FROM unit WHERE id < 1 << 40;"},
	 {"! each of the 39 requests loaded a module",
	  "! 1 request left out as cold: the first of its process"},
	 "only the first"},
	{{.name = "clients that wait for a worker: said first, and what could help them",
	  .sql = REQUESTS("trace", "randomblob(16)") "INSERT INTO client_request SELECT trace, "
						     "start_ns - w, start_ns - w, start_ns + "
						     "wall_ns, 200, NULL FROM (SELECT *, iif(id % "
						     "5, 40000000, 1000000) AS w FROM unit);"},
	 {"basis request\n! its client waited 74 % of a request at least (31 of 42 ms) until "
	  "the app began",
	  "threads 74 %: threads serve more requests at once, each as slow as now; its client "
	  "waited 74 % of its time",
	  "more-workers 74 %"},
	 NULL},
	{{.name = "clients that all wait the same time: that is no queue",
	  .sql = REQUESTS("trace", "randomblob(16)") "INSERT INTO client_request SELECT trace, "
						     "start_ns - 40000000, start_ns - 40000000, "
						     "start_ns + wall_ns, 200, NULL FROM unit;"},
	 {"threads 0 %"},
	 "its client waited"},
	{{.name = "a held loop: what its clients waited while it was held is measured",
	  .sql = REQUESTS(
		  "running_ns, suspended_ns, ready_ns, steps, trace",
		  "9000000, 1000000, 500000, 3, randomblob(16)") "INSERT INTO event(start_ns, "
								 "dur_ns, unit_id, thread_id, "
								 "kind, stack_id, "
								 "bytes, cpu_ns, result, flags, "
								 "count, aux, source) SELECT i * "
								 "1000000000, "
								 "10000000, NULL, 1, 'callback', "
								 "NULL, 0, NULL, 0, 64, 1, "
								 "9900000, 1 FROM n;"
								 "INSERT INTO sample_10s VALUES "
								 "(0, 1, 1, 1, 1, 25, 'python', "
								 "NULL, NULL, "
								 "1, 200, 0, 1000000000, "
								 "990000000, 0);"
								 "UPDATE unit SET start_ns = (id - "
								 "1) * 1000000000 + 10000000;"
								 "INSERT INTO client_request "
								 "SELECT trace, start_ns - "
								 "14000000, start_ns - "
								 "14000000, start_ns + wall_ns, "
								 "200, NULL FROM unit WHERE id % "
								 "2;"},
	 {"+ handler() computes on the event loop", "and its client waits at least 10.0 ms less"},
	 "not seen: clients"},
	{{.name = "a hash on the loop, at a login: what is named is the hash, not the callback "
		  "that it makes long",
	  .sql = "INSERT INTO text VALUES (50, '/login');"
		 "INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, "
		 "cpu_ns, "
		 "running_ns, suspended_ns, ready_ns, steps) SELECT i + 1, 1, 1, 'request', iif(i "
		 "% 4, 2, "
		 "50), i * 100000000, iif(i % 4, 20000000, 62000000), iif(i % 4, 1000000, "
		 "60000000), iif(i "
		 "% 4, 1000000, 60000000), iif(i % 4, 19000000, 2000000), iif(i % 4, 15000000, 0), "
		 "3 FROM n;"
		 "INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, "
		 "cpu_ns, "
		 "result, flags, count, aux, source) SELECT i * 100000000, 60000000, NULL, 1, "
		 "'callback', "
		 "NULL, 0, NULL, 0, 64, 1, 59000000, 1 FROM n WHERE i % 4 = 0;"
		 "INSERT INTO code(id, filename, qualname, first_line, kind, line_format, "
		 "line_table) VALUES "
		 "(9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', "
		 "'check_password_hash', 1, "
		 "'library', 1, x'');"
		 "INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);"
		 "INSERT INTO sample_10s VALUES (0, 1, 1, 50, 1, 900, 'native', NULL, NULL, 1, "
		 "280, 0, "
		 "1400000000, 1400000000, 0), (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 20, 0, "
		 "100000000, "
		 "100000000, 0);"},
	 {"+ Hashing a password at /login takes 48 % of a request, on the event loop",
	  "fix hash in a thread, not on the event loop"},
	 "computes on the event loop"},
	{{.name = "a CPU limit is said before the line that computes, and that is still said",
	  .sql = REQUESTS("runqueue_ns", "6000000") "UPDATE unit SET cpu_ns = 3900000;"
						    "INSERT INTO meta VALUES ('cpus', 4);"
						    "INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, "
						    "25, 'python', NULL, NULL, 1, 200, 0, "
						    "1000000000, 990000000, 0);"
						    "INSERT INTO host_second SELECT i * "
						    "1000000000, 1, 100000000, 800000000, 0, 20, 1 "
						    "FROM n WHERE i BETWEEN 1 AND 10;"
						    "INSERT INTO cgroup_second(at_ns, process_id, "
						    "path, quota_ns, period_ns, periods, "
						    "throttled_periods, throttled_ns) SELECT i * "
						    "1000000000, 1, '/g', 10000000, 100000000, 10, "
						    "9, 800000000 FROM n WHERE i BETWEEN 1 AND "
						    "10;"},
	 {"+ The CPU limit of 0.1 CPUs stops the app: in 90 % of its periods it was used up, and "
	  "60 "
	  "% of a request is waiting for the next.\n+ 39 % of a request is Python's own work"},
	 "this machine was busy"},
	{{.name = "collections that ten thousand rows start are the query's",
	  .sql = REQUESTS("thread_id, gc_ns, db_ns",
			  "1, 4000000, 1000000") "UPDATE unit SET cpu_ns = 9000000;"
						 "INSERT INTO event SELECT i * 10000000 + "
						 "1000000, 4000000, i + 1, 1, 'gc', NULL, NULL, "
						 "NULL, 0, 4000000, 2, 128, 1, 0, 1 FROM n WHERE i "
						 "% 5;"
						 "INSERT INTO handle(id, process_id, kind, "
						 "peer_kind, peer, opened_ns, open_stack_id, "
						 "statements, uses) VALUES (1, 1, 'socket', "
						 "'postgresql', 'db:5432', 5, 3, 100, 100);"
						 "INSERT INTO statement SELECT i * 10000000, "
						 "1000000, i + 1, 1, i + 2, 10, 10, 0, 10000, 0, "
						 "80, 50, 0 FROM n;"
						 "INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, "
						 "150, 'python', NULL, NULL, 1, 160, 0, "
						 "800000000, 800000000, 0), (0, 1, 1, 1, 1, 1000, "
						 "'python', NULL, NULL, 1, 20, 0, 100000000, "
						 "100000000, 0);"},
	 {"+ A query without a limit gives 10000 rows"},
	 "+ Garbage collections take"},
	{{.name = "what is raised in a helper below try is one finding's, not a hot helper's too",
	  .sql = REQUESTS("gc_ns",
			  "0") "UPDATE unit SET cpu_ns = 9000000;"
			       "INSERT INTO meta VALUES ('started_realtime_ns', "
			       "9000000000000000000);"
			       "INSERT INTO code(id, filename, qualname, first_line, kind, "
			       "line_format, line_table) VALUES (9, "
			       "'tests/rules/source.py', 'number', 49, 'app', 1, x''), "
			       "(10, '/srv/geo.py', 'parse', 1, 'app', 1, x'');"
			       "INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), "
			       "(901, 1000, 9, 0, 52, 2, 901), (902, 900, 10, 0, 5, 3, 902);"
			       "INSERT INTO sample_10s VALUES "
			       "(0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 90, 0, "
			       "450000000, 450000000, 0), "
			       "(0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, "
			       "50000000, 50000000, 0), "
			       "(0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, "
			       "200000000, 200000000, 0);"},
	 {"+ Exceptions that are raised and caught take"},
	 "Python's own work in parse()"},
	{{.name = "a busy machine: who had the CPUs, and no accusation of the app",
	  .sql = REQUESTS("runqueue_ns", "2500000") "INSERT INTO meta VALUES ('cpus', 2);"
						    "INSERT INTO host_second SELECT i * "
						    "1000000000, 1, 200000000, 100000000, 0, 20, 1 "
						    "FROM n WHERE i BETWEEN 1 AND 10;"
						    "INSERT INTO cpu_use SELECT i * 1000000000, "
						    "1000000000, w.column1, w.column2, w.column3 "
						    "FROM n, (VALUES ('own', NULL, 200000000), "
						    "('other', NULL, 1700000000), ('other', 'cc1', "
						    "1400000000)) w WHERE i BETWEEN 1 AND 10;"},
	 {"! this machine was busy: 25 % of request time was waiting for a CPU, and 1.9 of 2 were "
	  "in use meanwhile (cc1 1.4, by itself 0.2). Every other share",
	  "+ No known cause"},
	 "+ Other processes"},
	{{.name = "waiting for a CPU on a machine that is not busy: no quieter one would help",
	  .sql = REQUESTS("runqueue_ns", "2500000") "INSERT INTO meta VALUES ('cpus', 2);"
						    "INSERT INTO host_second SELECT i * "
						    "1000000000, 1, 200000000, 100000000, 0, 20, 1 "
						    "FROM n WHERE i BETWEEN 1 AND 10;"
						    "INSERT INTO cpu_use SELECT i * 1000000000, "
						    "1000000000, w.column1, w.column2, w.column3 "
						    "FROM n, (VALUES ('own', NULL, 200000000), "
						    "('other', NULL, 200000000)) w "
						    "WHERE i BETWEEN 1 AND 10;"},
	 {"! 25 % of request time was waiting for a CPU, though in the mean only 0.4 of 2 were in "
	  "use meanwhile (by itself 0.2): threads are woken late",
	  "no cost is called proven\n"},
	 "this machine was busy"},
	{{.name = "a line takes much beside a cause that takes more",
	  .sql = REQUESTS("gc_ns",
			  "0") "UPDATE unit SET cpu_ns = 9900000;"
			       "INSERT INTO code(id, filename, qualname, first_line, kind, "
			       "line_format, line_table) VALUES (9, '/usr/lib/python3.12/copy.py', "
			       "'deepcopy', 119, 'stdlib', 1, x'');"
			       "INSERT INTO stack VALUES (900, 12, 9, 0, 136, 3, 12);"
			       "INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, "
			       "NULL, 1, 80, 0, 80000000 * 5, 80000000 * 5, 0), (0, 1, 1, 1, 1, "
			       "41, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), "
			       "(0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, "
			       "60000000 * 5, 60000000 * 5, 0);"
			       "INSERT INTO unit_sample SELECT id, 1, start_ns + 1000000, 5000000, "
			       "'python', 900, NULL FROM unit;"},
	 {"! 30 % of a request is Python at /srv/app.py:41",
	  "no cause is known for it, beside what is found below"},
	 "more than what is found below"},
	{{.name = "a line takes more than the cause that is found",
	  .sql = REQUESTS("gc_ns",
			  "0") "UPDATE unit SET cpu_ns = 9900000;"
			       "INSERT INTO code(id, filename, qualname, first_line, kind, "
			       "line_format, line_table) VALUES (9, '/usr/lib/python3.12/copy.py', "
			       "'deepcopy', 119, 'stdlib', 1, x'');"
			       "INSERT INTO stack VALUES (900, 12, 9, 0, 136, 3, 12);"
			       "INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, "
			       "NULL, 1, 40, 0, 40000000 * 5, 40000000 * 5, 0), (0, 1, 1, 1, 1, "
			       "41, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), "
			       "(0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, "
			       "100000000 * 5, 100000000 * 5, 0);"
			       "INSERT INTO unit_sample SELECT id, 1, start_ns + 1000000, 5000000, "
			       "'python', 900, NULL FROM unit;"},
	 {"! 30 % of a request is Python at /srv/app.py:41",
	  "no cause is known for it: more than what is found below"},
	 "beside what is found below"},
	{{.name = "neighbours have half of the time, and a line nearly all of the app's own: that "
		  "first",
	  .sql = REQUESTS("runqueue_ns",
			  "5000000") "UPDATE unit SET cpu_ns = 4900000;"
				     "INSERT INTO code(id, filename, qualname, first_line, kind, "
				     "line_format, line_table) "
				     "VALUES (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 119, "
				     "'stdlib', 1, x'');"
				     "INSERT INTO stack VALUES (900, 12, 9, 0, 136, 3, 12);"
				     "INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', "
				     "NULL, NULL, 1, 180, 0, "
				     "900000000, 900000000, 0), (0, 1, 1, 1, 1, 12, 'python', "
				     "NULL, NULL, 1, 10, 0, 50000000, "
				     "50000000, 0);"
				     "INSERT INTO unit_sample SELECT id, 1, start_ns + 1000000, "
				     "5000000, 'python', 900, NULL "
				     "FROM unit;"
				     "INSERT INTO meta VALUES ('cpus', 2);"
				     "INSERT INTO host_second SELECT i * 1000000000, 1, 200000000, "
				     "300000000, 0, 20, 1 "
				     "FROM n WHERE i BETWEEN 1 AND 10;"
				     "INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, "
				     "w.column1, w.column2, "
				     "w.column3 FROM n, (VALUES ('own', NULL, 200000000), "
				     "('other', NULL, 1700000000), "
				     "('other', 'cc1', 1400000000)) w WHERE i BETWEEN 1 AND 10;"},
	 {"! this machine was busy: 50 % of request time was waiting for a CPU, and 1.9 of 2 were "
	  "in use meanwhile (cc1 1.4",
	  "+ copy.deepcopy takes 49 % of a request.\n+ Other processes have the CPUs: 50 % of a "
	  "request is waiting for one"},
	 NULL},
	{{.name = "a client that was woken late: its own times, not those of the app",
	  .sql = REQUESTS("flags",
			  "0") "INSERT INTO meta VALUES ('load_result', '{\"plan\": "
			       "{\"pace\": \"poisson\"}, \"threads\": [{\"busy_share\": "
			       "0.1}], \"verdicts\": [{\"id\": \"late\", \"invalid\": true, "
			       "\"text\": \"this client sent late\"}]}');"},
	 {"! the load says of its own figures: this client sent late. The times of one request "
	  "below are the server's and hold"},
	 "+ The load"},
	{{.name = "a load result that is no JSON",
	  .sql = REQUESTS("flags", "0") "INSERT INTO meta VALUES ('load_result', '{\"plan');"},
	 {"basis request"},
	 "the load says"},
	{{.name = "many cold ones", .sql = REQUESTS("flags", "i < 50")},
	 {"! 50 requests left out as cold (the first of a process, and those of its first 64 that "
	  "load a module): a large part"},
	 NULL},
	{{.name = "two kinds of loss",
	  .sql = REQUESTS("flags", "0") "INSERT INTO loss VALUES (1, 'ring_full', 3), (2, "
					"'ring_full', 2), (1, 'threads', 1);"},
	 {"! 6 records were lost: a ring was full; too many threads"},
	 NULL},
	{{.name = "rows folded, in words",
	  .sql = REQUESTS("flags", "0") "INSERT INTO loss VALUES (1, 'usage_detail', 7);"},
	 {"! 7 rows folded into sums: calls from rare places"},
	 "usage_detail"},
	{{.name = "detached",
	  .sql = REQUESTS("flags", "0") "INSERT INTO meta VALUES ('detached_ns', 41500000000), "
					"('started_realtime_ns', 1700000000000000000);"},
	 {"! watching was stopped by `unslow detach` at ", "41.5 s after its start"},
	 NULL},
	{{.name = "small answers: bytes, not 0.0 KiB",
	  .sql = REQUESTS("bytes_out", "41") "INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, "
					     "'client', NULL, 0, 0, 100, 100, 0, 2000000, 2000000, "
					     "100000, 4100, 0, 0);"},
	 {"not large-response: a response has 41 bytes in the middle"},
	 "KiB"},
	{{.name = "connections that pile up inside Django: its own setting is the cure",
	  .sql = REQUESTS("flags", "0") "INSERT INTO handle(id, process_id, kind, peer_kind, peer, "
					"opened_ns, open_unit_id, open_stack_id, uses) SELECT i + "
					"1, 1, 'sqlite', 'sqlite', '/srv/a.db', i * 10000000 + "
					"1000, i + 1, 225, 1 FROM n;"},
	 {"fix set CONN_MAX_AGE = 0 in DATABASES"},
	 "contextlib"},
	{{.name = "a server without requests", .sql = STARTED},
	 {"basis request", "! gunicorn was started, but no request arrived"},
	 "waiting for a CPU"},
	{{.name = "a server that is not known",
	  .sql = STARTED "UPDATE meta SET value = 'python serve.py' WHERE key = 'command';"
			 "INSERT INTO handle(id, process_id, kind, peer_kind, calls) "
			 "VALUES (1, 1, 'socket', 'client', 2), (2, 1, 'socket', 'client', 0);"},
	 {"! a server was started, but no request was recognised in the 2 connections that it "
	  "accepted: unslow does not know this server. It knows gunicorn"},
	 "+ "},
	{{.name = "a rare route is diagnosed by itself", .sql = RARE("20", "100000000", "3000000")},
	 {"+ In GET /orders, 0.2 % of the requests and 3.8 % of their time: One query per row: 20 "
	  "runs"},
	 "n-plus-one-queries:"},
	{{.name = "a rare route of too few requests is not",
	  .sql = RARE("9", "100000000", "3000000")},
	 {"+ No known cause was found"},
	 "In GET"},
	{{.name = "a rare route that answers soon is not", .sql = RARE("20", "4900000", "200000")},
	 {"+ No known cause was found"},
	 "In GET"},
	{{.name = "a rare route that is late as all are is not",
	  .sql = RARE("20", "14000000", "400000")},
	 {"+ No known cause was found"},
	 "In GET"},
	{{.name = "what is a small part of a rare route is not told",
	  .sql = RARE("20", "100000000", "500000")},
	 {"+ No known cause was found"},
	 "In GET"},
};

const size_t answer_count = sizeof answers / sizeof *answers;

-- unslow recording, format 1: one SQLite file.
--
-- Tables hold what was recorded; rules and views read only the SQL views at the
-- end (v1_…), so that storage may change without changing them. Columns are only
-- ever added. Times are CLOCK_MONOTONIC nanoseconds of the recording host;
-- durations are nanoseconds; "ns" is in the name of every such column.
-- NULL means "not known", 0 means zero. No index exists while recording; the
-- closing step adds those of indexes.sql.

PRAGMA application_id = 0x756e736c; -- "unsl"
PRAGMA user_version = 1;            -- format; a newer one is refused by its number

CREATE TABLE meta (
  -- Facts about the recording itself: one row a fact. Keys: unslow_version, command (secrets
  -- masked), cwd, host, kernel, cpus, started_ns, started_realtime_ns, ended_ns, closed (1 when
  -- it was closed in order), exit_status, probe_cpu_ns (CPU of the unslow process), hook_calls and
  -- hook_ns (calls the agents hooked; the hooks' own time, estimated from one in 64), drained_ns,
  -- processes_refused (they could make no channel and ran unseen), shut_out_user (id of a
  -- user whose processes could not reach the channel), detached_ns (when `unslow detach` put the
  -- agents to sleep), load_result (what the load beside it printed, unslow.load/1), load_closed (1: it
  -- sent when it had its last answer; 0: at a rate) …
  key TEXT PRIMARY KEY,
  value                -- text or integer
) WITHOUT ROWID;

CREATE TABLE process (
  -- A Python process that made a channel, and the command itself (id 0).
  id INTEGER PRIMARY KEY,   -- process serial; unit ids carry it in their upper bits
  pid INTEGER NOT NULL,
  parent_pid INTEGER NOT NULL,
  start_ns INTEGER NOT NULL, -- when its channel was made
  end_ns INTEGER,            -- when it was found gone; NULL: alive at the end
  python TEXT,               -- "3.12.1"
  agent_state TEXT NOT NULL, -- on, asleep, off
  agent_reason TEXT,         -- why it is not on
  units_begun INTEGER NOT NULL DEFAULT 0, -- exact, from the agent's own counter
  units_ended INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE thread (
  id INTEGER PRIMARY KEY,
  process_id INTEGER NOT NULL,
  tid INTEGER NOT NULL, -- kernel thread id
  name TEXT
);

CREATE TABLE text (
  -- Interned strings: routes, methods, fingerprints, peers, class names. Never raw SQL.
  id INTEGER PRIMARY KEY, -- from 1
  value TEXT NOT NULL
);

CREATE TABLE code (
  -- A code object, the same in every worker: identity is its content.
  id INTEGER PRIMARY KEY,
  filename TEXT NOT NULL,
  qualname TEXT NOT NULL,
  first_line INTEGER NOT NULL,
  kind TEXT NOT NULL,     -- app, library, stdlib, server, generated
  line_format INTEGER NOT NULL, -- enum py_line_format
  line_table BLOB NOT NULL
);

CREATE TABLE stack (
  -- A call stack as a trie: a row is a frame under its caller.
  id INTEGER PRIMARY KEY,      -- from 1
  parent_id INTEGER NOT NULL,  -- the caller; 0: root
  code_id INTEGER NOT NULL,
  instr_offset INTEGER NOT NULL, -- bytes from the first instruction
  line INTEGER NOT NULL,       -- decoded from the line table; 0: unknown
  depth INTEGER NOT NULL,      -- frames above the root, from 1
  app_id INTEGER NOT NULL      -- nearest frame at or above this one with code.kind 'app'; 0: none
);

CREATE TABLE unit (
  -- A unit of work. The *_ns columns from `blocked` on are measured sums, exclusive of one
  -- another; the ledger's shares are made from them by v1_unit (src/model/ledger.h).
  id INTEGER PRIMARY KEY,     -- process serial << 40 | counter
  process_id INTEGER NOT NULL,
  thread_id INTEGER,          -- thread it began on
  kind TEXT NOT NULL,         -- request, websocket, task, job, command, test, run, stream
  route_id INTEGER,           -- text: route template ("/users/<int:id>"), NULL: unknown
  method_id INTEGER,          -- text
  status INTEGER,             -- HTTP status; NULL: none was sent
  start_ns INTEGER NOT NULL,
  wall_ns INTEGER,            -- NULL: it never ended (process died, or still open)
  weight INTEGER NOT NULL DEFAULT 1, -- its event and statement rows stand for those of so many
                              -- units; 0: they were thinned away. Every unit has its row.
  bytes_out INTEGER NOT NULL DEFAULT 0,
  error_id INTEGER,           -- text: exception class that reached the framework
  flags INTEGER NOT NULL DEFAULT 0, -- bits: 1 cold, 2 streamed, 4 aborted, 8 asynchronous
  cpu_ns INTEGER,             -- thread CPU from begin to end (asynchronous: of its steps, and of
                              -- its work in other threads outside databases)
  running_ns INTEGER,         -- asynchronous: wall of its steps; NULL: synchronous
  suspended_ns INTEGER,       -- asynchronous: wall - running
  ready_ns INTEGER,           -- asynchronous: part of suspended in which it could have run
  steps INTEGER,              -- asynchronous: how often it was resumed
  db_ns INTEGER NOT NULL DEFAULT 0,       -- in database libraries, and blocked on a database peer
  db_cpu_ns INTEGER NOT NULL DEFAULT 0,   -- part of db_ns that was CPU of this thread
  db_await_ns INTEGER NOT NULL DEFAULT 0, -- asynchronous: suspended while its statement or connect was open
  net_ns INTEGER NOT NULL DEFAULT 0,      -- blocked on other sockets, DNS
  file_ns INTEGER NOT NULL DEFAULT 0,     -- blocked on files and pipes
  lock_ns INTEGER NOT NULL DEFAULT 0,     -- blocked on locks, queues, threads, children
  pool_ns INTEGER NOT NULL DEFAULT 0,     -- part taken out of lock_ns: waiting for a pool's connection
  gil_ns INTEGER NOT NULL DEFAULT 0,
  sleep_ns INTEGER NOT NULL DEFAULT 0,
  gc_ns INTEGER NOT NULL DEFAULT 0,       -- garbage collection (CPU)
  runqueue_ns INTEGER,                    -- as read from schedstat; NULL: not read
  calls INTEGER NOT NULL DEFAULT 0,       -- recorded calls
  connects INTEGER NOT NULL DEFAULT 0,    -- connections to databases opened
  statements INTEGER NOT NULL DEFAULT 0,  -- statements, transactions' own and commands apart
  read_ns INTEGER,                        -- server's read of the request before start_ns; NULL: not seen
  trace BLOB,                             -- 16 bytes, of its traceparent header; NULL: it had none
  bytes_in INTEGER                        -- of the request's body, as Content-Length says; NULL: none, or not told
);

CREATE TABLE event (
  -- One blocking call, callback, collection or span that lasted 50 µs or more (shorter ones are in
  -- usage_10s only). Rows of whole units are thinned together. Of any length are connects that failed,
  -- and kind exchange: a question to another service over HTTP/1, from its first byte to the status of
  -- its answer (result; 0: the connection was closed without one), aux the same for the same question;
  -- it is made of calls (flag nested). Kind held: bytes that the kernel held back after a send until what was
  -- sent before was acknowledged (nested; of 20 ms and more; unit_id NULL where they went to a client).
  start_ns INTEGER NOT NULL,
  dur_ns INTEGER NOT NULL,
  unit_id INTEGER,       -- NULL: outside any unit
  thread_id INTEGER,
  kind TEXT NOT NULL,    -- name of enum record_kind in lower case: recv, poll, sqlite_step, gc …
  stack_id INTEGER,
  handle_id INTEGER,     -- handle.id; NULL: none
  subject_id INTEGER,    -- text: fingerprint, span name, callback, peer of a failed connect, type of a lock of asyncio; NULL: none
  bytes INTEGER NOT NULL,
  cpu_ns INTEGER,        -- NULL: not measured
  result INTEGER NOT NULL,
  flags INTEGER NOT NULL, -- enum record_flag
  count INTEGER NOT NULL, -- by kind, see agent/channel.h
  aux INTEGER NOT NULL,
  source INTEGER NOT NULL -- 1 agent, 2 remote, 3 kernel, 4 load
);

CREATE TABLE usage_10s (
  -- Exact sums over every call, short ones included: one row for each slot of 10 s, route, site,
  -- kind and subject. Kinds are those of event, and `statement` and `ready` (a connection became
  -- ready for statements), which are made of calls and so have nested = 1.
  slot INTEGER NOT NULL,     -- end of the unit / 10^10; outside units: start of the call
  route_id INTEGER,          -- text; NULL: outside any unit
  kind TEXT NOT NULL,
  stack_id INTEGER,
  peer_kind TEXT,            -- of the handle; NULL: none
  subject_id INTEGER,        -- text; as event.subject_id
  nested INTEGER NOT NULL,   -- 1: detail, not time: inside a call that owns it, or made of calls
  on_loop INTEGER NOT NULL,  -- 1: made inside an event loop's callback
  units INTEGER NOT NULL,    -- units with at least one such call
  calls INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  dur_ns INTEGER NOT NULL,
  cpu_ns INTEGER NOT NULL,   -- measured part, plus whole duration of short calls
  max_ns INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  others_ns INTEGER NOT NULL, -- on_loop: sum of dur × other units open at that time
  aux_ns INTEGER NOT NULL     -- by kind: sqlite_prepare, sqlite_step: nested schema load; spans thread.hop, thread.back: waited
);

CREATE TABLE handle (
  -- A descriptor or database handle from open to close. Of clients that came and went in a process that served
  -- requests, only the first and those that another row names.
  id INTEGER PRIMARY KEY,
  process_id INTEGER NOT NULL,
  kind TEXT NOT NULL,        -- socket, file, sqlite, pipe
  peer_kind TEXT NOT NULL,   -- unknown, client, sqlite, postgresql, mysql, redis, http …
  peer TEXT,                 -- host:port, path; no user, password or query
  tls INTEGER NOT NULL DEFAULT 0,
  opened_ns INTEGER,         -- NULL: before the recording
  open_dur_ns INTEGER,       -- the open or connect call itself
  ready_ns INTEGER,          -- duration from open to ready for statements; NULL: not seen
  open_unit_id INTEGER,
  open_stack_id INTEGER,
  closed_ns INTEGER,         -- NULL: open at the end
  close_dur_ns INTEGER,      -- NULL: open, or the close was not seen
  close_stack_id INTEGER,
  close_implicit INTEGER NOT NULL DEFAULT 0,
  close_unit_id INTEGER,     -- unit at the time of the close; NULL: outside any
  statements INTEGER NOT NULL DEFAULT 0,
  uses INTEGER NOT NULL DEFAULT 0,        -- units that used it
  calls INTEGER NOT NULL DEFAULT 0,
  first_extra_ns INTEGER,    -- SQLite: schema load inside the first prepare or step
  create_span_ns INTEGER,    -- Python span that made it (pool's create, driver's connect), whole
  close_span_ns INTEGER,     -- Python span that closed it, whole
  tls_ns INTEGER             -- TLS from the first byte: handshake, from ClientHello on; NULL: none was seen
);

CREATE TABLE statement (
  -- One execution of a statement, or of a command to a key-value store (flags & 32768, enum record_flag:
  -- then fingerprint_id is its name, raw_hash of its key, literals the values it is about, rows those found).
  start_ns INTEGER NOT NULL,
  dur_ns INTEGER NOT NULL,
  unit_id INTEGER,
  handle_id INTEGER,
  nth INTEGER NOT NULL,        -- on its connection, from 1
  fingerprint_id INTEGER,      -- text; NULL: encrypted
  raw_hash INTEGER NOT NULL,   -- keyed hash of the raw text; the key is thrown away
  literals INTEGER NOT NULL,   -- literal values in its text
  rows INTEGER,                -- NULL: unknown
  prepare_ns INTEGER NOT NULL, -- SQLite: part of dur_ns; 0: the statement was kept
  bytes INTEGER NOT NULL,      -- received; 0 for SQLite
  stack_id INTEGER,
  flags INTEGER NOT NULL       -- enum record_flag: failed, encrypted, transaction, app_text, command; >> 16: rows stepped
                               -- over in scans of whole tables + 1 (SQLite), 0: not known
);

CREATE TABLE statement_values (
  -- The values that a statement bound, as far as they are known. Without a row: none, or not known.
  start_ns INTEGER NOT NULL,   -- statement.start_ns …
  handle_id INTEGER NOT NULL,  -- … and its handle
  hash INTEGER NOT NULL,       -- of all values and their types, keyed as statement.raw_hash
  PRIMARY KEY (start_ns, handle_id)
) WITHOUT ROWID;

CREATE TABLE exception (
  at_ns INTEGER NOT NULL,
  unit_id INTEGER,
  class_id INTEGER NOT NULL, -- text: "module.Class"; never the message
  stack_id INTEGER           -- where it was raised
);

CREATE TABLE task_look (
  -- Tasks of asyncio in a process, as the agent saw them.
  at_ns INTEGER NOT NULL,
  process_id INTEGER NOT NULL,
  what TEXT NOT NULL,        -- live: all that there were, about once a second; waiting: of these, some in one
                             -- place, when there were many more than before; made: since the last such row
  name_id INTEGER,           -- text: qualname of the coroutine
  stack_id INTEGER,          -- where they wait, or were made
  tasks INTEGER NOT NULL
);

CREATE TABLE fact (
  -- Configuration seen in a process: versions, server, workers, debug switches.
  process_id INTEGER NOT NULL,
  key TEXT NOT NULL,   -- python.version, server, server.version, gunicorn.workers, package.flask …
  value TEXT NOT NULL
);

CREATE TABLE sample_10s (
  -- Exact sums over samples: one row for each slot of 10 s, thread, route, stack and state.
  slot INTEGER NOT NULL,      -- tick / 10^10
  process_id INTEGER NOT NULL,
  thread_id INTEGER NOT NULL,
  route_id INTEGER,           -- text; NULL: outside any unit, or the unit has no route yet
  in_unit INTEGER NOT NULL,   -- 1: the thread worked for a unit then; 2: for a cold one (unit.flags)
  stack_id INTEGER,           -- NULL: no Python frame
  state TEXT NOT NULL,        -- python, holding, gil, native, runqueue, call, lock, sleep (enum sample_state);
                              -- unseen: no tick, CPU and run queue between ticks, where is not known
  target TEXT,                -- call: what it waits on, where known (socket peer, path kind); NULL: not known
  holder_stack_id INTEGER,    -- gil: who held it at the same instant
  source INTEGER NOT NULL,    -- 1 agent, 2 remote, 3 kernel
  ticks INTEGER NOT NULL,
  short INTEGER NOT NULL,     -- of them, ticks whose newest frame is missing
  wall_ns INTEGER NOT NULL,   -- time the ticks stand for
  cpu_ns INTEGER NOT NULL,    -- of the thread's CPU (schedstat): what was used here, none where it waits
  runqueue_ns INTEGER NOT NULL -- likewise, of its time in the run queue
);

CREATE TABLE unit_sample (
  -- The samples of one unit, where its raw rows are kept (unit.weight): a thread at consecutive ticks
  -- in one place. The sums over all units are in sample_10s.
  unit_id INTEGER NOT NULL,
  thread_id INTEGER NOT NULL,
  start_ns INTEGER NOT NULL,  -- first tick
  wall_ns INTEGER NOT NULL,   -- time the ticks stand for
  state TEXT NOT NULL,        -- as sample_10s
  stack_id INTEGER,           -- NULL: no Python frame
  holder_stack_id INTEGER     -- as sample_10s
);

CREATE TABLE client_request (
  -- A request as the load generator on this host saw it (`unslow run --load`): one row each up to
  -- 100,000, then only those slower than the rest. Times are CLOCK_MONOTONIC, as all here.
  trace BLOB,                   -- 16 bytes, of the traceparent it sent, as in unit.trace; NULL: it was not sent
  intended_ns INTEGER NOT NULL, -- when it was due
  sent_ns INTEGER,              -- first byte sent; NULL: never
  done_ns INTEGER,              -- last byte received; NULL: never
  status INTEGER,               -- NULL: none came
  error TEXT                    -- connect, timeout, reset, closed, status, parse, tls …; NULL: none
);

CREATE TABLE engine (
  -- One row a process: which sampling engine looked at it, why that one, and what became of each
  -- tick: verified + caught + torn + late = scheduled. Where the agent's gave up and one from outside
  -- went on, the row is named after that one and counts the ticks of both.
  process_id INTEGER NOT NULL,
  name TEXT NOT NULL,         -- tick, stop, prefix, kernel, none
  reason TEXT NOT NULL,       -- why this one
  rate_hz REAL NOT NULL,      -- as made, not as asked
  scheduled INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  caught INTEGER NOT NULL,
  torn INTEGER NOT NULL,
  late INTEGER NOT NULL,
  stopped_ns INTEGER NOT NULL,     -- stop: time threads were stopped, all together
  stop_p99_ns INTEGER,             -- stop: NULL for others
  interrupted INTEGER NOT NULL,    -- tick: system calls of the app that a signal interrupted
  cpu_ns INTEGER NOT NULL          -- CPU that sampling this process took, wherever it was spent
);

CREATE TABLE clock_pair (
  at_ns INTEGER NOT NULL,       -- CLOCK_MONOTONIC
  realtime_ns INTEGER NOT NULL, -- CLOCK_REALTIME at the same moment
  tsc INTEGER                   -- NULL where it has none
);

CREATE TABLE host_second (
  -- Once a second: what the machine and each process did.
  at_ns INTEGER NOT NULL,
  process_id INTEGER NOT NULL, -- 0: the whole machine
  cpu_ns INTEGER NOT NULL,     -- used since the last row
  runqueue_ns INTEGER,         -- waited for a CPU since the last row
  rss_bytes INTEGER,
  fds INTEGER,
  threads INTEGER
);

CREATE TABLE peer_second (
  -- attach: what the descriptors of a process lead to, looked at from outside several times a second; a
  -- row a second in which something changed. What lives shorter than a look is not in open and came.
  -- Of TCP the kernel keeps each ended connection for a minute (TIME-WAIT) without its process: these
  -- rows have process_id 0, and count those of every process of the network namespace with that peer.
  at_ns INTEGER NOT NULL,
  process_id INTEGER NOT NULL,
  kind TEXT NOT NULL,     -- listen, client (accepted here), socket (to a peer), unix, file, pipe, other
  peer TEXT,              -- listen, client: the listening address; socket: address:port; unix, file: path
  open INTEGER NOT NULL,  -- at the last look of the second
  came INTEGER NOT NULL,  -- not there at the look before, in this second
  ended INTEGER NOT NULL  -- process_id 0: connections that ended since its last row
);

CREATE TABLE cpu_use (
  -- About once a second: who had the machine's CPUs since the look before.
  at_ns INTEGER NOT NULL,
  dur_ns INTEGER NOT NULL, -- since the look before
  who TEXT NOT NULL,       -- own (the app and what it started), watcher (unslow and its load), other, stolen (by the
                           -- hypervisor)
  name TEXT,               -- other: a name of processes, of the three that used most; NULL: all of `who`
  cpu_ns INTEGER NOT NULL
);

CREATE TABLE cgroup_second (
  -- Once a second: what a control group allowed, and what happened there since its row before (the first
  -- row of a group has no counts). A row a group with processes of the recording, and one of the machine.
  at_ns INTEGER NOT NULL,
  process_id INTEGER NOT NULL, -- the first seen in it; 0: the whole machine
  path TEXT,                   -- the level whose CPU quota binds, else the group itself
  quota_ns INTEGER,            -- CPU time that may be used in each period; NULL: no limit
  period_ns INTEGER,
  periods INTEGER,             -- with a task that wanted to run
  throttled_periods INTEGER,   -- of them, those in which the quota was used up
  throttled_ns INTEGER,        -- summed over CPUs
  cpu_ns INTEGER,
  cpu_pressure_ns INTEGER,     -- a task of it waited for a CPU
  memory_limit_bytes INTEGER,  -- NULL: no limit; of the machine: what it has
  memory_bytes INTEGER,        -- at that moment
  memory_pressure_ns INTEGER,  -- a task of it waited for memory
  oom_kills INTEGER            -- processes killed for want of memory
);

CREATE TABLE fault_second (
  -- Seconds in which a process waited for pages to be read from disk (major faults).
  at_ns INTEGER NOT NULL,
  process_id INTEGER NOT NULL,
  faults INTEGER NOT NULL
);

CREATE TABLE call_process (
  -- A process that counted calls or lines (`run --calls`, `--lines`): with what, and what that costs.
  -- This and the next six are written every 10 s and at the end, over what was there.
  process_id INTEGER PRIMARY KEY,
  engine TEXT NOT NULL,        -- that counted calls last: monitoring, eval, profile, trace; none: none did
  line_engine TEXT NOT NULL,   -- of lines, likewise
  reason TEXT,                 -- why calls or a part of them are not counted; NULL: all are
  line_reason TEXT,            -- likewise of lines
  want INTEGER NOT NULL,       -- what was asked for last (bits of enum calls_want); 0: nothing ever
  pattern TEXT,                -- calls of what; NULL: of all
  line_pattern TEXT,           -- lines of what; NULL: of nothing
  clock TEXT NOT NULL,         -- of wall time: tsc (time stamp counter), ns (CLOCK_MONOTONIC)
  cpu_clock TEXT NOT NULL,     -- of CPU time at an event: rseq, perf, gap, syscall; none: not measured
  began_ns INTEGER,            -- when counting began
  ended_ns INTEGER,            -- NULL: it went on to the end
  tick_ns REAL NOT NULL,       -- nanoseconds of a tick of `clock`
  events INTEGER NOT NULL,     -- begins, ends, yields and resumes of calls, all threads
  line_events INTEGER NOT NULL,
  inside_ns REAL,              -- what one event of a Python function costs, measured at start: the part that is
                               -- in the function's own time …
  outside_ns REAL,             -- … and the part that is in its caller's; NULL: not measured
  c_inside_ns REAL,            -- likewise of a C function
  c_outside_ns REAL,
  lost_nodes INTEGER NOT NULL, -- calls that found the tree full: they count at their caller
  lost_threads INTEGER NOT NULL,   -- threads that were not counted
  lost_suspended INTEGER NOT NULL, -- suspensions without waiting time
  lost_lines INTEGER NOT NULL, -- executions of lines that found no place
  demoted INTEGER NOT NULL,    -- functions that cost more to count than to run, and are not any more
  resume_inside_ns REAL,       -- as inside_ns, of a resume or the suspension that ends it; NULL: as of a call
  resume_outside_ns REAL,
  far_inside_ns REAL,          -- what one of call_node.far_events costs more
  far_outside_ns REAL,
  repeats_code_id INTEGER,     -- code: the function whose calls are units of work in call_window; NULL: requests are
  lost_line_count INTEGER,     -- lines that lost_lines are of, a thread each; NULL: not known
  lost_line_ns INTEGER,        -- what they ran, without what they called
  await_inside_ns REAL,        -- as resume_inside_ns, where suspended time is kept: of coroutines; NULL: as of others
  await_outside_ns REAL,
  line_cost_ns INTEGER         -- what line_events cost, by what was measured at start
);

CREATE TABLE call_window (
  -- Where hooks are off now and then: what was seen since the row before, of units of work that ended with
  -- hooks on and off: requests, or calls of call_process.repeats_code_id. A row about every second in which there
  -- was some.
  process_id INTEGER NOT NULL,
  at_ns INTEGER NOT NULL,
  on_units INTEGER NOT NULL,
  on_wall_ns INTEGER NOT NULL,
  on_cpu_ns INTEGER NOT NULL,
  on_events INTEGER NOT NULL,
  off_units INTEGER NOT NULL,
  off_wall_ns INTEGER NOT NULL,
  off_cpu_ns INTEGER NOT NULL
);

CREATE TABLE call_node (
  -- A function under its caller, on one thread: exact counts and times, as measured (what counting costs is
  -- in them). A function that is on the path to it already is folded: its row under that caller has calls and
  -- own time, and what it calls is below the row further up. Times of a function are the sums over its rows,
  -- own and total; the time of a row with all that is below it is the sum of their own times.
  id INTEGER PRIMARY KEY,      -- callers before what they call
  parent_id INTEGER NOT NULL,  -- the caller's row; 0: none
  process_id INTEGER NOT NULL,
  thread_id INTEGER,           -- NULL: not known
  kind INTEGER NOT NULL,       -- 1 root of a thread, 2 Python function, 3 C function, 4 root of work that another
                               -- thread asked for (an executor's), 5 root of requests
  code_id INTEGER,             -- 2: code.id; NULL: not known
  name_id INTEGER,             -- text: 3: its name; 5: the requests' route, NULL: it was not known yet
  from_id INTEGER,             -- 4: the row that asked for it; NULL: not known
  calls INTEGER NOT NULL,      -- begun; a resume is no call
  resumes INTEGER NOT NULL,    -- of generators and coroutines
  raised INTEGER NOT NULL,     -- ended by an exception
  own_wall_ns INTEGER NOT NULL,   -- running itself, in nothing that is a row below it
  own_cpu_ns INTEGER NOT NULL,
  total_wall_ns INTEGER NOT NULL, -- running, what it called included, not suspended: of calls that no other call of
                               -- the same function was around
  total_cpu_ns INTEGER NOT NULL,
  waiting_ns INTEGER NOT NULL, -- suspended, and what it awaited was not there
  ready_ns INTEGER NOT NULL,   -- suspended, could have gone on, and the loop ran something else
  folded INTEGER NOT NULL,     -- 1: as above
  demoted INTEGER NOT NULL,    -- 1: not counted to the end
  open INTEGER NOT NULL,       -- calls under way at the end; their time until then is in the sums
  least_ns INTEGER,            -- shortest and longest single call, suspended time included; NULL: not kept
  most_ns INTEGER,
  far_events INTEGER,          -- past the first 256 bytes of its code, where Python 3.12 and later make an int for
                               -- each; NULL: not known
  nested_ns INTEGER            -- suspended inside another call of the same function, whose waiting_ns and ready_ns
                               -- have that time; NULL: those of this row have it, too
);

CREATE TABLE call_histogram (
  -- How long single calls lasted, for rows of call_node that have least_ns.
  node_id INTEGER NOT NULL,
  at_ns INTEGER NOT NULL,      -- calls that lasted so long or longer, below the next row of this kind (a
                               -- sixteenth of a doubling further)
  wall INTEGER NOT NULL,       -- calls by their wall time, suspended time included
  cpu INTEGER NOT NULL,        -- calls by their CPU time
  PRIMARY KEY (node_id, at_ns)
) WITHOUT ROWID;

CREATE TABLE call_line (
  -- A line of code chosen by `--lines`, on one thread.
  process_id INTEGER NOT NULL,
  thread_id INTEGER,           -- NULL: not known
  code_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  hits INTEGER NOT NULL,       -- times it began
  wall_ns INTEGER NOT NULL,    -- running, calls made from it included; not suspended
  cpu_ns INTEGER NOT NULL,
  own_wall_ns INTEGER NOT NULL, -- of it, without the Python functions that it called
  await_ns INTEGER NOT NULL,   -- suspended in it
  gil_ns INTEGER NOT NULL,     -- of wall_ns: waiting for the GIL
  blocked_ns INTEGER NOT NULL, -- of wall_ns: in blocking calls
  memory_bytes INTEGER,        -- `--memory=exact`: what the thread allocated less what it freed while it ran, calls made
                               -- from it included, not what others did while it was suspended; NULL: not known
  memory_most_bytes INTEGER,   -- live of the process as it ended, of what was made since all allocations are looked at;
                               -- the most of its times
  memory_peak_bytes INTEGER,   -- what the thread had at once above what it had when the line began; the most of its times
  memory_parts INTEGER,        -- times that it ended or was suspended while they were; 0, NULL: none
  cost_ns INTEGER,             -- of wall_ns: what counting cost, by what each kind of event was measured to cost at
                               -- start; NULL: not known
  own_cost_ns INTEGER          -- likewise of own_wall_ns
);

CREATE TABLE call_arguments (
  -- `--arguments`: with what a chosen function was called, by whomever, as counts. Arguments and results are known
  -- by a keyed hash alone; neither key nor hashes are kept.
  process_id INTEGER NOT NULL,
  code_id INTEGER NOT NULL,
  calls INTEGER NOT NULL,      -- begun
  returned INTEGER NOT NULL,   -- of them, without an exception
  comparable INTEGER NOT NULL, -- of them: all arguments known by what they say (numbers, texts, tuples of them …)
  instances INTEGER NOT NULL,  -- of those: but for an object (self) that is known by its address, and may have changed
  distinct_arguments INTEGER NOT NULL, -- different ones among the comparable, estimated past some hundreds; 2 % off at 200,000, past that as
                               -- many as were not repeated: no fewer
  repeated INTEGER NOT NULL,   -- comparable, and still known to a cache of the last 1,024 (each in one of four places)
  repeated_in_unit INTEGER NOT NULL, -- of those: last seen in the same unit of work
  same_result INTEGER NOT NULL, -- of repeated: it gave what the call before gave …
  no_result INTEGER NOT NULL,  -- … None, again …
  other_result INTEGER NOT NULL, -- … or something else. The rest: not known
  units INTEGER NOT NULL,      -- units of work that called it
  units_repeated INTEGER NOT NULL, -- of them: with what an earlier one had called it with
  cpu_ns INTEGER NOT NULL,     -- of those that returned, what they called included; of recursive ones the outermost
  repeated_cpu_ns INTEGER NOT NULL, -- of it: of repeated calls
  cost_ns INTEGER NOT NULL,    -- what looking at arguments and results took, in the caller's own time
  PRIMARY KEY (process_id, code_id)
) WITHOUT ROWID;

CREATE TABLE call_event (
  -- `--timeline`: the last events of each thread, in their order. Written when the process has ended, or the recording.
  process_id INTEGER NOT NULL,
  thread_id INTEGER,           -- NULL: not known
  at_ns INTEGER NOT NULL,
  event INTEGER NOT NULL,      -- enum timeline_event: 1 begin, 2 end, 3 suspend, 4 resume, 5 begin and 6 end of a C
                               -- function, 7 ended by an exception, 8 of a C function
  code_id INTEGER,             -- of a Python function
  name_id INTEGER,             -- text: of a C function
  unit_id INTEGER              -- NULL: outside any unit
);

CREATE TABLE listener_second (
  -- Once a second: what waits to be accepted at a TCP socket on which the app listens; a row where something changed.
  at_ns INTEGER NOT NULL,
  process_id INTEGER NOT NULL, -- one that has it open
  address TEXT NOT NULL,
  waiting INTEGER NOT NULL,    -- connections, at that moment
  room INTEGER NOT NULL,       -- the most that may wait (one more fits)
  refused INTEGER              -- since its row before: found no place, or had to come again; NULL: not told
);

CREATE TABLE heap_process (
  -- A process whose allocations were sampled (`run --memory`): with what, and what that cost. Written with every
  -- snapshot, over what was there. A sample stands for many blocks: all bytes and blocks of heap_… tables are such
  -- weights, sums without bias; how far they may be off is in heap_live.variance.
  process_id INTEGER PRIMARY KEY,
  hooks TEXT NOT NULL,         -- in place last: malloc, mem, object, tracer, mmap, separated by blanks
  reason TEXT,                 -- what is not hooked, and why; NULL: all is
  want INTEGER NOT NULL,       -- what was asked for last (bits of enum heap_want)
  interval_bytes INTEGER NOT NULL, -- mean distance of samples, last; 1: every allocation
  doubled INTEGER NOT NULL,    -- how often the distance was doubled, since samples came too fast
  parent_pid INTEGER,          -- it was forked, and began with what that process had; NULL: it did not
  began_ns INTEGER,
  ended_ns INTEGER,            -- NULL: it went on to the end
  samples INTEGER NOT NULL,
  frees INTEGER NOT NULL,      -- of samples
  false_hits INTEGER NOT NULL, -- frees looked at that were none of a sample
  thinned_bytes INTEGER NOT NULL, -- weight of samples that gave way, the table being full: made, but not live
  lost_samples INTEGER NOT NULL,
  recycled INTEGER NOT NULL,   -- samples that a free list gave to another line (3.13+), and that were given to it
  sample_ns REAL,              -- own time of a sample, mean; NULL: not timed
  peak_live_bytes INTEGER NOT NULL,
  peak_ns INTEGER              -- NULL: not known
);

CREATE TABLE heap_site (
  -- A stack at which samples were taken. Counters as they were last; those of made, short and samples only grow.
  id INTEGER PRIMARY KEY,
  process_id INTEGER NOT NULL,
  domain TEXT NOT NULL,        -- object: small blocks of Python's allocators; malloc: of C code, and Python's large
                               -- ones; mapped: anonymous mappings by others
  stack_id INTEGER,            -- NULL: no Python frame, or all that found no place of its own
  native TEXT,                 -- "/path/library.so+0x1a2b": who called the allocator; NULL: the interpreter, for less than
                               -- 64 KiB, or not known
  made_bytes INTEGER NOT NULL,
  made_blocks REAL NOT NULL,
  live_bytes INTEGER NOT NULL,
  live_blocks REAL NOT NULL,
  short_bytes INTEGER NOT NULL, -- of made_bytes: freed before its unit of work ended, or within 0.1 s outside
  samples INTEGER NOT NULL,
  peak_bytes INTEGER NOT NULL, -- most that was live here at once …
  peak_ns INTEGER              -- … and when; NULL: not known
);

CREATE TABLE heap_snapshot (
  -- What was live at a moment. Up to 64 are kept of a process, evenly: four times a second at first; each time it has so
  -- many, every second one goes and the time between them doubles. The last is that of its end.
  id INTEGER PRIMARY KEY,
  process_id INTEGER NOT NULL,
  at_ns INTEGER NOT NULL,
  units INTEGER NOT NULL,      -- of work that had ended in the process
  live_bytes INTEGER NOT NULL, -- sum of its rows of heap_live
  made_bytes INTEGER NOT NULL, -- by all sites so far
  folded INTEGER NOT NULL      -- sums too many for a snapshot: the smallest are together, without site and route
);

CREATE TABLE heap_live (
  -- Sums over the live samples of a snapshot; at most 16,384 rows each.
  snapshot_id INTEGER NOT NULL,
  site_id INTEGER,             -- NULL: of several sites
  age INTEGER NOT NULL,        -- powers of four of units of work that ended since its birth (0: none, 1: 1 to 3, 2: 4 to
                               -- 15 …) or of tenths of a second that passed, whichever is more; 31: made before the
                               -- process was forked
  route_id INTEGER,            -- text: of the unit that made it; NULL: outside any, or not known
  bytes INTEGER NOT NULL,
  blocks REAL NOT NULL,
  samples INTEGER NOT NULL,
  variance REAL NOT NULL,      -- of `bytes`: its square root is the standard error
  recycled INTEGER NOT NULL    -- of samples: given to this line by a free list
);

CREATE TABLE heap_second (
  -- Once a second (of a long run: every second one, every fourth …): the memory of a process. NULL: not known.
  process_id INTEGER NOT NULL,
  at_ns INTEGER NOT NULL,
  rss_bytes INTEGER,
  anonymous_bytes INTEGER,     -- of it, of no file
  private_dirty_bytes INTEGER, -- of it, shared with no other process
  pss_bytes INTEGER,           -- rss with what is shared divided by those that share it
  swap_bytes INTEGER,
  live_bytes INTEGER,          -- live samples
  live_malloc_bytes INTEGER,   -- of them, of domain malloc
  arena_bytes INTEGER,         -- of pymalloc's arenas: small Python blocks, used or free
  malloc_used_bytes INTEGER,   -- as mallinfo2(3) says
  malloc_free_bytes INTEGER,   -- kept by malloc for later
  malloc_mapped_bytes INTEGER, -- large blocks with mappings of their own
  malloc_arena_bytes INTEGER,  -- heaps of malloc, used or free
  stack_bytes INTEGER,         -- of threads, resident
  units INTEGER,               -- of work that had ended
  threads INTEGER,
  made_bytes INTEGER           -- by all sites so far
);

CREATE TABLE loss (
  process_id INTEGER NOT NULL,
  kind TEXT NOT NULL,      -- ring_full, no_ring, dict_full, no_space, … thinned, size_cap
  count INTEGER NOT NULL
);

CREATE TABLE seal (
  -- One row when the recording was closed in order, else none: a hash over the whole file
  -- (src/recording/seal.h), so that a damaged copy is found out and not believed.
  data BLOB NOT NULL
);

CREATE TABLE walk (
  -- One walk of the whole heap of a process, made in a forked child: the objects of one instant; or, where it has no room
  -- to fork, or no agent, from outside while it runs: at least so many of those that the garbage collector looks after.
  id INTEGER PRIMARY KEY,
  process_id INTEGER NOT NULL,
  number INTEGER NOT NULL,     -- of those asked for in this recording: the same in all processes
  state TEXT NOT NULL,         -- done, failed
  reason TEXT,                 -- why it failed, or is from outside
  cut INTEGER NOT NULL,        -- 1: time or memory was over before all objects were counted
  holders_cut INTEGER NOT NULL, -- 1: likewise before all holders were found
  begun_ns INTEGER NOT NULL,
  pause_ns INTEGER NOT NULL,   -- the process stood still for: the fork
  held_ns INTEGER NOT NULL,    -- it held the GIL for, with what comes before and after
  took_ns INTEGER NOT NULL,    -- the child took, beside the process; from outside: the reader
  cpu_ns INTEGER NOT NULL,     -- of the child, the reader
  anonymous_bytes INTEGER NOT NULL, -- memory of the process alone, resident
  room_bytes INTEGER NOT NULL, -- that was free in its control group and on the host, the less of both; 0: or not asked
  objects INTEGER NOT NULL,
  tracked INTEGER NOT NULL,    -- of them in the garbage collector's lists
  object_references INTEGER NOT NULL,
  bytes INTEGER NOT NULL,      -- of all objects, as sys.getsizeof() has them
  garbage_objects INTEGER,     -- of tracked: only each other hold them, the collector has not come to them; at least, as
                               -- what code in C may hold counts as held; NULL: not worked out
  garbage_bytes INTEGER,       -- of them, with what nothing else refers to (texts, numbers): what a collection gives back
  trim_bytes INTEGER,          -- resident anonymous memory that malloc_trim(0) gave back in the child, after all else; NULL:
                               -- not tried (another malloc than glibc's), or it took too long
  how TEXT,                    -- fork, outside; NULL: fork
  changed INTEGER              -- outside: links between objects, and objects, that were changed while they were read
);

CREATE TABLE walk_type (
  -- Objects of one type in one walk.
  walk_id INTEGER NOT NULL,
  name_id INTEGER,             -- text: "module.qualname"; of built-in types the name; NULL: no room for it
  count INTEGER NOT NULL,
  tracked INTEGER NOT NULL,
  bytes INTEGER NOT NULL,      -- of the objects themselves, not of what they refer to
  deep_bytes INTEGER,          -- with all that can be reached from them, but by modules, classes, caches and frames that
                               -- run; NULL: of the classes with most bytes only, and if there was time
  is_class INTEGER NOT NULL,   -- 1: made while the program ran, as a class statement does; 0: of C code
  garbage_count INTEGER,       -- of them: would go if the collector ran now, as in walk; NULL: not worked out
  garbage_bytes INTEGER
);

CREATE TABLE walk_holder (
  -- What holds one object: the shortest row of references from something that stays down to it.
  walk_id INTEGER NOT NULL,
  type_id INTEGER,             -- text: of the object
  bytes INTEGER NOT NULL,      -- of itself
  deep_bytes INTEGER,          -- with all that can be reached from it, but by modules, classes, caches and frames that run;
                               -- NULL: there was no time, or another one of its site has it
  length INTEGER,              -- len(); NULL: it has none
  site_id INTEGER,             -- heap_site: it is a live sample of that line, of those that keep more and more first; NULL:
                               -- it was among the largest
  root TEXT NOT NULL,          -- what it begins at: module, class, frame (one that ran), cache (functools.lru_cache),
                               -- suspended (a generator or coroutine), thread, c (code in C), none (a cycle not yet
                               -- collected), far (not found in twenty-four steps, or in time)
  label_id INTEGER,            -- text: of the root: module, class, function
  expression TEXT NOT NULL,    -- "app.views.CACHE['k'][1204].rows"; a key that is data of users is […]
  in_type_id INTEGER,          -- text: type of the container that it is in; NULL: it is in none
  in_length INTEGER,           -- its len()
  cache_entries INTEGER,       -- root cache: entries now, …
  cache_limit INTEGER,         -- … maxsize, NULL: None …
  cache_hits INTEGER,          -- … and cache_info() of it
  cache_misses INTEGER,
  object_references INTEGER NOT NULL, -- to what the row begins at, as it counts them
  found INTEGER NOT NULL,      -- of them found
  maybe_recycled INTEGER NOT NULL, -- 1: below 3.13, and from outside, nothing tells when an object (float, list, tuple, dict) is made of a
                               -- block that it kept: site_id may be that of an object before it; the holder is right
  shared_bytes INTEGER         -- of deep_bytes: would stay without the object, as others refer to it, too; NULL: as deep_bytes
);

CREATE TABLE heap_unit_peak (
  -- The most that was live at once of what a unit of work made since it began, told when it has ended, of units of which
  -- an allocation was sampled. Up to 8,192 are kept of a process and stand for others; the largest of a route stay.
  process_id INTEGER NOT NULL,
  unit_id INTEGER NOT NULL,
  route_id INTEGER,            -- text; NULL: none, or not known when it ended
  at_ns INTEGER NOT NULL,      -- when it was reached
  peak_bytes INTEGER NOT NULL,
  variance REAL NOT NULL,      -- of peak_bytes: its square root is the standard error; 0 where every allocation was taken
  site_id INTEGER,             -- heap_site with most of it then; NULL: not known
  site_bytes INTEGER NOT NULL, -- what that had of it, at least
  samples INTEGER NOT NULL,    -- live then
  weight INTEGER NOT NULL      -- units that it stands for
);

CREATE TABLE heap_native (
  -- A way by which C code came to the allocator from a line of Python (or from a thread that has none), of some of the
  -- samples of a site with `native`: the first few, then ever fewer. Its frames are in heap_native_frame.
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL,    -- heap_site
  captures INTEGER NOT NULL,   -- samples that were seen to come this way
  bytes INTEGER NOT NULL,      -- their sizes, as asked for: no weights
  ended TEXT NOT NULL          -- python: who called the last frame is Python's evaluation of a frame; thread: nobody did;
                               -- unknown: it could not be told
);

CREATE TABLE heap_native_frame (
  native_id INTEGER NOT NULL,
  depth INTEGER NOT NULL,      -- 0: who called the allocator
  library TEXT NOT NULL,       -- path, as the process calls it
  function TEXT,               -- as C++ or Rust source has it, less arguments, else as its symbol table does; NULL: it has none there
  offset INTEGER NOT NULL      -- from its beginning; without a function from the library's load address, as in its file
);

/* From channel records to rows: golden sums of a synchronous and of an
 * asynchronous unit, handles, usage, and what a hostile process may send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/ingest.h"
#include "recording/recording.h"

#define US UINT64_C(1000)
#define SERIAL 3u
#define UNIT(n) ((uint64_t)SERIAL << UNIT_SERIAL_SHIFT | (n))
#define T0 UINT64_C(50000000000)
enum { TID = 700, OTHER_TID = 701 };
enum { TEXT_ROUTE = 1, TEXT_METHOD, TEXT_SQL, TEXT_PEER, TEXT_SPAN, TEXT_CLASS };
enum { HANDLE_DB = 1, HANDLE_PG, HANDLE_WEB };

struct world {
	char path[64];
	struct recording *recording;
	struct ingest *ingest;
	sqlite3 *db; /* of the recording while it is written */
};

static void add_text(struct world *w, uint32_t id, const char *value)
{
	union {
		struct dict_text head;
		char room[sizeof(struct dict_text) + 128];
	} text = {.head = {.id = id, .length = (uint32_t)strlen(value)}};
	memcpy(text.head.bytes, value, strlen(value));
	ingest_text(w->ingest, SERIAL, &text.head);
}

static void add_code(struct world *w, uint32_t id, const char *file, const char *name)
{
	/* 3.8's lnotab without entries: every instruction is on the first line. */
	union {
		struct dict_code head;
		char room[sizeof(struct dict_code) + 256];
	} code = {.head = {.id = id,
			   .first_line = 10,
			   .filename_length = (uint32_t)strlen(file),
			   .qualname_length = (uint32_t)strlen(name),
			   .line_table_format = PY_LINES_LNOTAB}};
	memcpy(code.head.bytes, file, strlen(file));
	memcpy(code.head.bytes + strlen(file), name, strlen(name));
	ingest_code(w->ingest, SERIAL, &code.head);
}

static void add_stack(struct world *w, uint32_t id, uint32_t leaf, uint32_t caller)
{
	union {
		struct dict_stack head;
		char room[sizeof(struct dict_stack) + 2 * sizeof(struct dict_frame)];
	} stack = {.head = {.id = id, .frame_count = 2}};
	stack.head.frames[0] = (struct dict_frame){leaf, 4};
	stack.head.frames[1] = (struct dict_frame){caller, 8};
	ingest_stack(w->ingest, SERIAL, &stack.head);
}

static void begin(struct world *w)
{
	struct err e;
	const struct channel_header header = {.serial = SERIAL,
					      .pid = 4242,
					      .parent_pid = 1,
					      .made_ns = T0 - 1,
					      .python_hex = 0x030c01f0,
					      .state = AGENT_ON,
					      .units_begun = 9,
					      .losses = {[LOSS_STACK] = 5}};
	strcpy(w->path, "/tmp/unslow-test-XXXXXX");
	close(mkstemp(w->path));
	unlink(w->path);
	assert_int_equal(recording_create(&w->recording, w->path, RECORDING_DEFAULT_MAX_BYTES, &e),
			 ERR_OK);
	w->db = recording_db(w->recording);
	w->ingest = ingest_new(w->recording);
	ingest_process(w->ingest, &header);
	add_text(w, TEXT_ROUTE, "/users/<int:id>");
	add_text(w, TEXT_METHOD, "GET");
	add_text(w, TEXT_SQL, "SELECT * FROM t WHERE id = ?");
	add_text(w, TEXT_PEER, "/var/app.db");
	add_text(w, TEXT_SPAN, "sqlite3.connect");
	add_text(w, TEXT_CLASS, "app.Oops");
	const struct dict_handle handles[] = {
		{HANDLE_DB, HANDLE_SQLITE, PEER_SQLITE, TEXT_PEER, -1, 0},
		{HANDLE_PG, HANDLE_SOCKET, PEER_UNKNOWN, 0, 7, 0},
		{HANDLE_WEB, HANDLE_SOCKET, PEER_HTTP, 0, 8, 1},
	};
	for (size_t i = 0; i < 3; i++)
		ingest_handle(w->ingest, SERIAL, &handles[i]);
	add_code(w, 1, "/srv/app/views.py", "show");
	add_code(w, 2, "/srv/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py", "_do_get");
	add_stack(w, 1, 2, 1);
}

static void flush(struct world *w)
{
	struct err e;
	for (int i = 0; i < 3; i++)
		assert_int_equal(ingest_flush(w->ingest, &e), ERR_OK);
}

static void end(struct world *w)
{
	struct err e;
	assert_int_equal(ingest_finish(w->ingest, T0 + 1000000 * US, &e), ERR_OK);
}

static void finish(struct world *w)
{
	struct err e;
	ingest_free(w->ingest);
	assert_int_equal(recording_close(w->recording, &e), ERR_OK);
	unlink(w->path);
}

static void put(struct world *w, uint32_t tid, struct channel_record record)
{
	record.source = 1;
	ingest_record(w->ingest, SERIAL, tid, &record);
}

/* A call of 20 µs or more: its CPU was measured. */
static struct channel_record call(uint64_t unit, uint16_t kind, uint64_t at_us, uint64_t dur_us,
				  uint64_t cpu_us)
{
	return (struct channel_record){.unit = unit,
				       .kind = kind,
				       .t_start_ns = T0 + at_us * US,
				       .dur_ns = dur_us * US,
				       .cpu_ns = (uint32_t)(cpu_us * US),
				       .flags = dur_us >= 20 ? RECORD_CPU_KNOWN : 0,
				       .stack = 1};
}

static int64_t query(struct world *w, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(w->db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(w->db));
	if (sqlite3_step(statement) != SQLITE_ROW)
		fail_msg("no row: %s", sql);
	const int64_t value = sqlite3_column_type(statement, 0) == SQLITE_NULL
				      ? INT64_MIN
				      : sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static void begin_unit(struct world *w, uint64_t unit)
{
	put(w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_BEGIN,
				    .unit = unit,
				    .t_start_ns = T0,
				    .subject = UNIT_REQUEST,
				    .object = TID});
}

static void end_unit(struct world *w, uint64_t unit, uint64_t wall_us, uint64_t cpu_us)
{
	put(w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_END,
				    .unit = unit,
				    .t_start_ns = T0,
				    .dur_ns = wall_us * US,
				    .subject = TEXT_ROUTE,
				    .object = TEXT_METHOD,
				    .bytes = 512,
				    .result = 200,
				    .aux = cpu_us * US,
				    .flags = RECORD_COLD});
}

/* Every kind of time once, in one thread: each has one owner. */
static void test_sync_unit_golden_sums(void **state)
{
	struct world w;
	struct channel_record r;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	r = call(UNIT(1), RECORD_SQLITE_OPEN, 10, 100, 60);
	r.subject = HANDLE_DB;
	r.flags |= RECORD_OPENS;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_SPAN, 5, 150, 0);
	r.flags = RECORD_OPENS;
	r.subject = TEXT_SPAN;
	r.object = HANDLE_DB;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_READ, 20, 40, 10); /* inside the open: detail */
	r.flags |= RECORD_NESTED;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_SQLITE_PREPARE, 200, 60, 50);
	r.subject = HANDLE_DB;
	r.object = TEXT_SQL;
	r.aux = 30 * US;
	put(&w, TID, r);
	for (int i = 0; i < 3; i++) { /* short: CPU */
		r = call(UNIT(1), RECORD_SQLITE_STEP, 300 + (uint64_t)i, 10, 0);
		r.subject = HANDLE_DB;
		r.object = TEXT_SQL;
		put(&w, TID, r);
	}
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_STATEMENT,
				    .unit = UNIT(1),
				    .t_start_ns = T0 + 200 * US,
				    .dur_ns = 90 * US,
				    .subject = TEXT_SQL,
				    .object = HANDLE_DB,
				    .result = 1,
				    .count = 3,
				    .bytes = 60000,
				    .cpu_ns = 2,
				    .aux = UINT64_C(0xfedcba9876543210),
				    .stack = 1});
	r = call(UNIT(1), RECORD_RECV, 400, 70, 20);
	r.subject = HANDLE_WEB;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_RECV, 480, 15, 0); /* short: no blocked time */
	r.subject = HANDLE_WEB;
	put(&w, TID, r);
	put(&w, TID, call(UNIT(1), RECORD_WRITE, 500, 25, 5));
	put(&w, TID, call(UNIT(1), RECORD_DNS, 530, 35, 5));
	r = call(UNIT(1), RECORD_LOCK, 600, 45, 5); /* its stack runs through a pool */
	put(&w, TID, r);
	r.stack = 0;
	put(&w, TID, r);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 700, 55, 5));
	put(&w, TID, call(UNIT(1), RECORD_GIL, 760, 22, 2));
	put(&w, TID, call(UNIT(1), RECORD_GC, 790, 90, 0));
	put(&w, OTHER_TID, call(UNIT(1), RECORD_SLEEP, 700, 500, 0)); /* another thread's time */
	put(&w, TID,
	    (struct channel_record){
		    .kind = RECORD_UNIT_SCHED, .unit = UNIT(1), .t_start_ns = T0, .aux = 33 * US});
	end_unit(&w, UNIT(1), 1000, 500);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 0);
	/* A record that comes one drain later still counts. */
	struct err e;
	assert_int_equal(ingest_flush(w.ingest, &e), ERR_OK);
	r = call(UNIT(1), RECORD_SQLITE_CLOSE, 900, 40, 30);
	r.subject = HANDLE_DB;
	r.flags |= RECORD_CLOSES;
	r.aux = UNIT(1);
	put(&w, TID, r);
	flush(&w);
	end(&w);

	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT db_ns FROM unit"), (100 + 60 + 30 + 40) * US);
	assert_int_equal(query(&w, "SELECT db_cpu_ns FROM unit"), (60 + 50 + 30 + 30) * US);
	assert_int_equal(query(&w, "SELECT db_await_ns FROM unit"), 0);
	assert_int_equal(query(&w, "SELECT net_ns FROM unit"), (50 + 30) * US);
	assert_int_equal(query(&w, "SELECT file_ns FROM unit"), 20 * US);
	assert_int_equal(query(&w, "SELECT pool_ns FROM unit"), 40 * US);
	assert_int_equal(query(&w, "SELECT lock_ns FROM unit"), 40 * US);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 50 * US);
	assert_int_equal(query(&w, "SELECT gil_ns FROM unit"), 20 * US);
	assert_int_equal(query(&w, "SELECT gc_ns FROM unit"), 90 * US);
	assert_int_equal(query(&w, "SELECT runqueue_ns FROM unit"), 33 * US);
	assert_int_equal(query(&w, "SELECT wall_ns FROM unit"), 1000 * US);
	assert_int_equal(query(&w, "SELECT cpu_ns FROM unit"), 500 * US);
	assert_int_equal(query(&w, "SELECT running_ns FROM unit"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT status FROM unit"), 200);
	assert_int_equal(query(&w, "SELECT bytes_out FROM unit"), 512);
	assert_int_equal(query(&w, "SELECT flags FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT connects FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT statements FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT calls FROM unit"), 14);
	assert_int_equal(query(&w, "SELECT route = '/users/<int:id>' AND method = 'GET' "
				   "AND kind = 'request' FROM v1_unit"),
			 1);
	/* the handle, from its open to its close */
	assert_int_equal(query(&w, "SELECT opened_ns FROM handle WHERE id = 1"), T0 + 10 * US);
	assert_int_equal(query(&w, "SELECT open_dur_ns FROM handle WHERE id = 1"), 100 * US);
	assert_int_equal(query(&w, "SELECT closed_ns FROM handle WHERE id = 1"), T0 + 940 * US);
	assert_int_equal(query(&w, "SELECT first_extra_ns FROM handle WHERE id = 1"), 30 * US);
	assert_int_equal(query(&w, "SELECT create_span_ns FROM handle WHERE id = 1"), 150 * US);
	assert_int_equal(query(&w, "SELECT close_span_ns FROM handle WHERE id = 1"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT uses FROM handle WHERE id = 1"), 1);
	assert_int_equal(query(&w, "SELECT statements FROM handle WHERE id = 1"), 1);
	assert_int_equal(query(&w, "SELECT open_unit_id FROM handle WHERE id = 1"),
			 (int64_t)UNIT(1));
	assert_int_equal(query(&w, "SELECT closed_ns FROM handle WHERE id = 3"), INT64_MIN);
	/* exact sums */
	assert_int_equal(query(&w, "SELECT calls FROM usage_10s WHERE kind = 'sqlite_step'"), 3);
	assert_int_equal(query(&w, "SELECT dur_ns FROM usage_10s WHERE kind = 'sqlite_step'"),
			 30 * US);
	assert_int_equal(query(&w, "SELECT sum(units) FROM usage_10s WHERE kind = 'sleep'"), 1);
	assert_int_equal(query(&w, "SELECT aux_ns FROM usage_10s WHERE kind = 'sqlite_prepare'"),
			 30 * US);
	assert_int_equal(query(&w, "SELECT cpu_ns FROM usage_10s WHERE kind = 'recv'"), 35 * US);
	assert_int_equal(query(&w, "SELECT count(*) FROM usage_10s WHERE slot <> 5"), 0);
	assert_int_equal(query(&w, "SELECT nested FROM usage_10s WHERE kind = 'read'"), 1);
	/* raw rows: 50 µs and more */
	assert_int_equal(query(&w, "SELECT count(*) FROM event WHERE dur_ns < 50000"), 0);
	assert_int_equal(query(&w, "SELECT count(*) FROM event"), 7);
	assert_int_equal(query(&w, "SELECT count(*) FROM statement WHERE nth = 1 AND rows = 3 AND "
				   "literals = 2 AND prepare_ns = 60000 AND bytes = 0 AND "
				   "raw_hash = -81985529216486896"),
			 1);
	/* the stack: the application's frame is the caller of the pool's */
	assert_int_equal(query(&w, "SELECT app_id = 1 AND line = 10 AND depth = 2 FROM stack "
				   "WHERE id = 2"),
			 1);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'stack'"), 5);
	assert_int_equal(query(&w, "SELECT units_begun FROM process WHERE python = '3.12.1'"), 9);
	finish(&w);
}

/* Statements overlap; a call in a worker thread; suspended time has one owner. */
static void test_async_unit_golden_sums(void **state)
{
	struct world w;
	struct channel_record r;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	r = call(UNIT(1), RECORD_CONNECT, 10, 5, 0);
	r.subject = HANDLE_PG;
	r.flags = RECORD_OPENS | RECORD_PENDING;
	put(&w, TID, r);
	r = call(UNIT(1), RECORD_READY, 10, 190, 0); /* 10…200 */
	r.subject = HANDLE_PG;
	r.object = PEER_POSTGRESQL;
	put(&w, TID, r);
	const uint64_t statements[][2] = {{250, 100}, {300, 100}}; /* 250…350, 300…400 */
	for (size_t i = 0; i < 2; i++) {
		r = call(UNIT(1), RECORD_STATEMENT, statements[i][0], statements[i][1], 0);
		r.flags = i ? 0 : RECORD_TRANSACTION;
		r.subject = TEXT_SQL;
		r.object = HANDLE_PG;
		r.bytes = 99;
		put(&w, TID, r);
	}
	r = call(UNIT(1), RECORD_SQLITE_STEP, 500, 50, 40); /* 500…550, in a worker thread */
	r.subject = HANDLE_DB;
	put(&w, OTHER_TID, r);
	put(&w, OTHER_TID, call(UNIT(1), RECORD_SLEEP, 560, 80, 0));
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 700, 30, 0)); /* blocks the loop */
	r = call(UNIT(1), RECORD_CALLBACK, 690, 60, 0);
	r.subject = TEXT_SPAN;
	r.count = 4;
	r.aux = 25 * US;
	put(&w, TID, r);
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 300 * US,
				    .aux = 700 * US,
				    .bytes = 6,
				    .count = 50});
	end_unit(&w, UNIT(1), 1000, 200);
	flush(&w);
	end(&w);

	/* 190 set-up + 150 (union of two statements) + 50 in the worker thread */
	assert_int_equal(query(&w, "SELECT db_await_ns FROM unit"), 390 * US);
	assert_int_equal(query(&w, "SELECT db_ns FROM unit"), 0);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), (30 + 80) * US);
	assert_int_equal(query(&w, "SELECT running_ns FROM unit"), 300 * US);
	assert_int_equal(query(&w, "SELECT suspended_ns FROM unit"), 700 * US);
	assert_int_equal(query(&w, "SELECT ready_ns FROM unit"), 50 * US);
	assert_int_equal(query(&w, "SELECT steps FROM unit"), 6);
	assert_int_equal(query(&w, "SELECT flags FROM unit"), 1 | 8);
	assert_int_equal(query(&w, "SELECT connects FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT statements FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT ready_ns FROM handle WHERE peer_kind = 'postgresql'"),
			 190 * US);
	assert_int_equal(query(&w, "SELECT bytes FROM statement LIMIT 1"), 99);
	/* 60 µs while three others were open */
	assert_int_equal(query(&w, "SELECT others_ns FROM usage_10s WHERE kind = 'callback'"),
			 180 * US);
	assert_int_equal(query(&w, "SELECT cpu_ns FROM usage_10s WHERE kind = 'callback'"),
			 25 * US);
	assert_int_equal(query(&w, "SELECT nested FROM usage_10s WHERE kind = 'ready'"), 1);
	finish(&w);
}

/* More statement time than suspended time: the surplus is nobody's. */
static void test_await_is_clipped_to_suspended_time(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_STATEMENT, 0, 5000, 0);
	r.subject = TEXT_SQL;
	r.object = HANDLE_PG;
	put(&w, TID, r);
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 600 * US,
				    .aux = 400 * US,
				    .count = 100});
	end_unit(&w, UNIT(1), 1000, 600);
	end(&w);
	assert_int_equal(query(&w, "SELECT db_await_ns FROM unit"), 300 * US);
	finish(&w);
}

/* 700 µs of the unit pass while a thread works for it: 300 of CPU there, 200 in SQLite (50 of them
 * CPU), 100 asleep. The CPU outside SQLite, 250, is Python's; nothing is left but what was waited.
 */
static void test_work_in_other_threads_owns_its_time(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_SQLITE_STEP, 200, 200, 50);
	r.subject = HANDLE_DB;
	put(&w, OTHER_TID, r);
	put(&w, OTHER_TID, call(UNIT(1), RECORD_SLEEP, 450, 100, 0));
	put(&w, OTHER_TID,
	    (struct channel_record){.kind = RECORD_UNIT_WORK,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 650 * US,
				    .aux = 300 * US});
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_WAIT,
				    .unit = UNIT(1),
				    .t_start_ns = T0,
				    .dur_ns = 300 * US,
				    .aux = 700 * US});
	end_unit(&w, UNIT(1), 1000, 300);
	put(&w, OTHER_TID,
	    (struct channel_record){.kind = RECORD_UNIT_WORK,
				    .unit = UNIT(9),
				    .t_start_ns = T0,
				    .dur_ns = 10,
				    .aux = 20});
	flush(&w);
	end(&w);

	assert_int_equal(query(&w, "SELECT cpu_ns FROM unit WHERE id & 255 = 1"), 550 * US);
	assert_int_equal(query(&w, "SELECT python_ns FROM v1_unit WHERE id & 255 = 1"), 550 * US);
	assert_int_equal(query(&w, "SELECT io_db_ns FROM v1_unit WHERE id & 255 = 1"), 200 * US);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM v1_unit WHERE id & 255 = 1"), 100 * US);
	assert_int_equal(query(&w, "SELECT await_ns FROM v1_unit WHERE id & 255 = 1"), 150 * US);
	assert_int_equal(query(&w, "SELECT unexplained_ns FROM v1_unit WHERE id & 255 = 1"), 0);
	finish(&w);
}

static void test_calls_outside_units_count_at_once(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	struct channel_record r = call(0, RECORD_RECV, 0, 100, 10);
	r.subject = HANDLE_WEB;
	put(&w, TID, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT route_id IS NULL AND units = 0 AND calls = 1 "
				   "AND peer_kind = 'http' FROM usage_10s"),
			 1);
	assert_int_equal(query(&w, "SELECT unit_id FROM event"), INT64_MIN);
	finish(&w);
}

/* A killed worker: the unit is there, without end; its handle stays open. */
static void test_unit_of_a_killed_process_has_no_end(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	struct channel_record r = call(UNIT(1), RECORD_SQLITE_OPEN, 10, 100, 60);
	r.subject = HANDLE_DB;
	r.flags |= RECORD_OPENS;
	put(&w, TID, r);
	ingest_process_end(w.ingest, SERIAL, T0 + 77);
	end(&w);
	assert_int_equal(query(&w, "SELECT wall_ns FROM unit"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT db_ns FROM unit"), 100 * US);
	assert_int_equal(query(&w, "SELECT end_ns FROM process"), T0 + 77);
	assert_int_equal(query(&w, "SELECT closed_ns FROM handle WHERE id = 1"), INT64_MIN);
	assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s"), 1);
	finish(&w);
}

/* After its row was written: the call is in the exact sums under the unit's route. */
static void test_late_record_keeps_the_route(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	end_unit(&w, UNIT(1), 100, 50);
	flush(&w);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 10, 60, 0));
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 1);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 0);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_usage WHERE route = '/users/<int:id>' "
				   "AND kind = 'sleep' AND units = 0"),
			 1);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'late_record'"), 1);
	finish(&w);
}

/* A background task after the answer: under the unit's route, in no unit's time, and no loss. */
static void test_what_follows_a_units_end_is_none_of_its_time(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	begin_unit(&w, UNIT(1));
	end_unit(&w, UNIT(1), 100, 50);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 101, 60, 0)); /* before its row is written … */
	flush(&w);
	flush(&w);
	flush(&w);
	put(&w, TID, call(UNIT(1), RECORD_SLEEP, 300, 60, 0)); /* … and after */
	end(&w);
	assert_int_equal(query(&w, "SELECT sleep_ns FROM unit"), 0);
	assert_int_equal(query(&w,
			       "SELECT sum(calls) FROM v1_usage WHERE route = '/users/<int:id>' "
			       "AND kind = 'sleep' AND units = 0"),
			 2);
	assert_int_equal(query(&w, "SELECT count(*) FROM loss WHERE kind = 'late_record'"), 0);
	finish(&w);
}

static void test_hostile_records_are_counted(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	put(&w, TID, (struct channel_record){.kind = 0});
	put(&w, TID, (struct channel_record){.kind = 9999});
	put(&w, TID, (struct channel_record){.kind = RECORD_RECV, .unit = 1}); /* other process */
	put(&w, TID, (struct channel_record){.kind = RECORD_UNIT_END});
	put(&w, TID,
	    (struct channel_record){.kind = RECORD_RECV, .t_start_ns = UINT64_MAX, .dur_ns = 5});
	end_unit(&w, UNIT(2), 10, 5);
	end_unit(&w, UNIT(2), 10, 5);
	struct channel_record r = call(UNIT(3), RECORD_RECV, 0, 60, 0);
	r.subject = 12345;
	r.stack = 54321;
	put(&w, TID, r);
	end(&w);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'bad_record'"), 6);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'unknown_id'"), 2);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 2);
	assert_int_equal(query(&w, "SELECT kind = 'unknown' AND start_ns = 50000000000 FROM unit "
				   "WHERE wall_ns IS NULL"),
			 1);
	finish(&w);
}

/* Invented units: the ceiling holds and what is refused is counted. */
static void test_open_units_are_bounded(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	for (uint64_t i = 1; i <= 70000; i++)
		put(&w, TID, call(UNIT(i), RECORD_SEND, 0, 1, 0));
	assert_int_equal(query(&w, "SELECT 1"), 1);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit"), 65536);
	assert_true(query(&w, "SELECT count FROM loss WHERE kind = 'open_units'") >= 70000 - 65536);
	assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s"), 70000);
	finish(&w);
}

/* The agent writes a fact before its texts; the same fact twice is one row. */
static void test_fact_waits_for_its_texts(void **state)
{
	struct world w;
	const struct dict_fact fact = {.key = 60, .value = 61}, never = {.key = 60, .value = 99};
	(void)state;
	begin(&w);
	ingest_fact(w.ingest, SERIAL, &fact);
	ingest_fact(w.ingest, SERIAL, &never);
	add_text(&w, 60, "server");
	add_text(&w, 61, "gunicorn");
	ingest_fact(w.ingest, SERIAL, &fact);
	end(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM fact"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM fact WHERE value = 'gunicorn'"), 1);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'unknown_id'"), 1);
	finish(&w);
}

/* Two processes with their own numbers for the same things: one row each. */
static void test_names_are_shared_between_processes(void **state)
{
	struct world w;
	(void)state;
	begin(&w);
	const int64_t codes = query(&w, "SELECT count(*) FROM code");
	const int64_t stacks = query(&w, "SELECT count(*) FROM stack");
	add_code(&w, 21, "/srv/app/views.py", "show");
	add_code(&w, 22, "/srv/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py",
		 "_do_get");
	add_stack(&w, 9, 22, 21);
	add_text(&w, 50, "GET");
	add_text(&w, 51, "bad \xff utf-8");
	assert_int_equal(query(&w, "SELECT count(*) FROM code"), codes);
	assert_int_equal(query(&w, "SELECT count(*) FROM stack"), stacks);
	assert_int_equal(query(&w, "SELECT count(*) FROM text WHERE value = 'GET'"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM text WHERE value = 'bad ? utf-8'"), 1);
	end(&w);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sync_unit_golden_sums),
		cmocka_unit_test(test_async_unit_golden_sums),
		cmocka_unit_test(test_await_is_clipped_to_suspended_time),
		cmocka_unit_test(test_work_in_other_threads_owns_its_time),
		cmocka_unit_test(test_calls_outside_units_count_at_once),
		cmocka_unit_test(test_unit_of_a_killed_process_has_no_end),
		cmocka_unit_test(test_late_record_keeps_the_route),
		cmocka_unit_test(test_what_follows_a_units_end_is_none_of_its_time),
		cmocka_unit_test(test_hostile_records_are_counted),
		cmocka_unit_test(test_open_units_are_bounded),
		cmocka_unit_test(test_fact_waits_for_its_texts),
		cmocka_unit_test(test_names_are_shared_between_processes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

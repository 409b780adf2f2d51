#include "ingest_world.h"

void add_text(struct world *w, uint32_t id, const char *value)
{
	union {
		struct dict_text head;
		char room[sizeof(struct dict_text) + 128];
	} text = {.head = {.id = id, .length = (uint32_t)strlen(value)}};
	memcpy(text.head.bytes, value, strlen(value));
	ingest_text(w->ingest, SERIAL, &text.head);
}

void add_code(struct world *w, uint32_t id, const char *file, const char *name)
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

void add_stack(struct world *w, uint32_t id, uint32_t leaf, uint32_t caller)
{
	union {
		struct dict_stack head;
		char room[sizeof(struct dict_stack) + 2 * sizeof(struct dict_frame)];
	} stack = {.head = {.id = id, .frame_count = 2}};
	stack.head.frames[0] = (struct dict_frame){leaf, 4};
	stack.head.frames[1] = (struct dict_frame){caller, 8};
	ingest_stack(w->ingest, SERIAL, &stack.head);
}

void begin(struct world *w)
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

void flush(struct world *w)
{
	struct err e;
	for (int i = 0; i < 3; i++)
		assert_int_equal(ingest_flush(w->ingest, &e), ERR_OK);
}

void end(struct world *w)
{
	struct err e;
	assert_int_equal(ingest_finish(w->ingest, T0 + 1000000 * US, &e), ERR_OK);
}

void finish(struct world *w)
{
	struct err e;
	ingest_free(w->ingest);
	assert_int_equal(recording_close(w->recording, &e), ERR_OK);
	unlink(w->path);
}

void put(struct world *w, uint32_t tid, struct channel_record record)
{
	record.source = 1;
	ingest_record(w->ingest, SERIAL, tid, &record);
}

struct channel_record call(uint64_t unit, uint16_t kind, uint64_t at_us, uint64_t dur_us,
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

int64_t query(struct world *w, const char *sql)
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

void begin_unit(struct world *w, uint64_t unit)
{
	put(w, TID,
	    (struct channel_record){.kind = RECORD_UNIT_BEGIN,
				    .unit = unit,
				    .t_start_ns = T0,
				    .subject = UNIT_REQUEST,
				    .object = TID});
}

void end_unit(struct world *w, uint64_t unit, uint64_t wall_us, uint64_t cpu_us)
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

#include "agent/spans.h"

#include "agent/core.h"
#include "agent/dict.h"
#include "agent/units.h"

/* What kind of handle is expected to change inside; SPAN_WORK: none. */
enum span_kind { SPAN_OPENS, SPAN_CLOSES, SPAN_WORK };

static void write_span(struct agent_thread *thread, struct dict_constant *name, enum span_kind kind,
		       uint64_t start_ns, uint64_t hook_ns, uint32_t handle, bool failed)
{
	uint16_t flags = failed ? RECORD_FAILED : 0;
	uint64_t dur_ns = agent_now_ns() - start_ns;

	if (handle != 0)
		flags |= kind == SPAN_OPENS ? RECORD_OPENS : RECORD_CLOSES;
	record_write(&(struct channel_record){
		.kind = RECORD_SPAN,
		.t_start_ns = start_ns,
		.dur_ns = hook_time_off(dur_ns, hook_ns),
		.unit = unit_current(thread),
		.stack = stack_here(thread),
		.subject = dict_constant_id(name),
		.object = handle,
		.flags = flags,
		.depth = thread->owning,
		.source = 1,
	});
}

/* Library work worth its own figure: a span each time, in units only. */
static py_object work(const struct hook_row *row, struct dict_constant *name, py_object self,
		      struct py_arguments arguments)
{
	struct agent_thread *thread = NULL;
	uint64_t start_ns;
	py_object result;

	if (atomic_load_explicit(&agent_awake, memory_order_relaxed))
		thread = agent_thread_self();
	if (thread == NULL || unit_current(thread) == 0)
		return py_call(row->original, self, arguments);
	start_ns = agent_now_ns();
	result = py_call(row->original, self, arguments);
	write_span(thread, name, SPAN_WORK, start_ns, 0, 0, result == NULL);
	return result;
}

/* Calls the original; a span is written if it opened or closed a handle. */
static py_object span(const struct hook_row *row, struct dict_constant *name, enum span_kind kind,
		      py_object self, struct py_arguments arguments)
{
	struct agent_thread *thread = NULL;
	uint32_t handle_before;
	uint64_t hook_before;
	uint64_t start_ns;
	py_object result;

	if (kind == SPAN_WORK)
		return work(row, name, self, arguments);
	if (atomic_load_explicit(&agent_awake, memory_order_relaxed))
		thread = agent_thread_self();
	if (thread == NULL)
		return py_call(row->original, self, arguments);
	handle_before = thread->last_handle;
	hook_before = thread->span_hook_ns;
	thread->last_handle = 0;
	thread->spans++;
	start_ns = agent_now_ns();
	result = py_call(row->original, self, arguments);
	thread->spans--;
	if (thread->last_handle != 0)
		write_span(thread, name, kind, start_ns, thread->span_hook_ns - hook_before,
			   thread->last_handle, result == NULL);
	else
		thread->last_handle = handle_before;
	return result;
}

enum {
	ROW_SQLALCHEMY_GET,
	ROW_SQLALCHEMY_CREATE,
	ROW_SQLALCHEMY_RETURN,
	ROW_SQLALCHEMY_CLOSE,
	ROW_DJANGO_CONNECT,
	ROW_DJANGO_CLOSE,
	ROW_PSYCOPG_CLOSE,
	ROW_PSYCOPG2,
	ROW_PYMYSQL,
	ROW_SQLITE3,
	ROW_SQLALCHEMY_COMPILE,
	ROW_SQLALCHEMY_RESULT,
};

#define SPAN(function, row, name, kind) \
	static py_object function(py_object self, const py_object *values, py_ssize count, \
				  py_object keywords) \
	{ \
		static struct dict_constant constant = DICT_CONSTANT(name); \
		return span(&span_hooks[row], &constant, kind, self, \
			    (struct py_arguments){values, count, keywords}); \
	}

SPAN(sqlalchemy_get, ROW_SQLALCHEMY_GET, "sqlalchemy.pool.get", SPAN_OPENS)
SPAN(sqlalchemy_create, ROW_SQLALCHEMY_CREATE, "sqlalchemy.pool.create", SPAN_OPENS)
SPAN(sqlalchemy_return, ROW_SQLALCHEMY_RETURN, "sqlalchemy.pool.return", SPAN_CLOSES)
SPAN(sqlalchemy_close, ROW_SQLALCHEMY_CLOSE, "sqlalchemy.pool.close", SPAN_CLOSES)
SPAN(django_connect, ROW_DJANGO_CONNECT, "django.db.connect", SPAN_OPENS)
SPAN(django_close, ROW_DJANGO_CLOSE, "django.db.close", SPAN_CLOSES)
SPAN(psycopg_close, ROW_PSYCOPG_CLOSE, "psycopg.close", SPAN_CLOSES)
SPAN(psycopg2_connect, ROW_PSYCOPG2, "psycopg2.connect", SPAN_OPENS)
SPAN(pymysql_connect, ROW_PYMYSQL, "pymysql.connect", SPAN_OPENS)
SPAN(sqlite3_connect, ROW_SQLITE3, "sqlite3.connect", SPAN_OPENS)
/* Both run only for a text that SQLAlchemy has no compiled form of; the second
 * makes the description of the rows, which is kept with that form. */
SPAN(sqlalchemy_compile, ROW_SQLALCHEMY_COMPILE, "sqlalchemy.compile", SPAN_WORK)
SPAN(sqlalchemy_result, ROW_SQLALCHEMY_RESULT, "sqlalchemy.compile.result", SPAN_WORK)

struct hook_row span_hooks[] = {
	[ROW_SQLALCHEMY_GET] =
		HOOK_ROW("sqlalchemy.pool.impl", "NullPool", "_do_get", sqlalchemy_get),
	[ROW_SQLALCHEMY_CREATE] =
		HOOK_ROW("sqlalchemy.pool.base", "Pool", "_create_connection", sqlalchemy_create),
	[ROW_SQLALCHEMY_RETURN] =
		HOOK_ROW("sqlalchemy.pool.impl", "NullPool", "_do_return_conn", sqlalchemy_return),
	[ROW_SQLALCHEMY_CLOSE] =
		HOOK_ROW("sqlalchemy.pool.base", "_ConnectionRecord", "close", sqlalchemy_close),
	[ROW_DJANGO_CONNECT] = HOOK_ROW("django.db.backends.base.base", "BaseDatabaseWrapper",
					"connect", django_connect),
	[ROW_DJANGO_CLOSE] = HOOK_ROW("django.db.backends.base.base", "BaseDatabaseWrapper",
				      "_close", django_close),
	[ROW_PSYCOPG_CLOSE] = HOOK_ROW("psycopg", "Connection", "close", psycopg_close),
	[ROW_PSYCOPG2] = HOOK_ROW("psycopg2", NULL, "connect", psycopg2_connect),
	[ROW_PYMYSQL] = HOOK_ROW("pymysql.connections", "Connection", "connect", pymysql_connect),
	[ROW_SQLITE3] = HOOK_ROW("sqlite3", NULL, "connect", sqlite3_connect),
	/* SQLAlchemy 1.4 and 2.0: sql/elements.py _compile_w_cache, engine/cursor.py _init_metadata
	 */
	[ROW_SQLALCHEMY_COMPILE] = HOOK_ROW("sqlalchemy.sql.elements", "ClauseElement", "_compiler",
					    sqlalchemy_compile),
	[ROW_SQLALCHEMY_RESULT] = HOOK_ROW("sqlalchemy.engine.cursor", "CursorResultMetaData",
					   "__init__", sqlalchemy_result),
	{.module = NULL},
};

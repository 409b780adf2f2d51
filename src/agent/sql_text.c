#include "agent/sql_text.h"

#include "agent/core.h"

/* Call the original with the text among its arguments noted. `at`: its place
 * after self; a caller that passes it by name is not understood and not noted. */
static py_object noted(const struct hook_row *row, py_ssize at, py_object self,
		       struct py_arguments arguments)
{
	struct agent_thread *thread = NULL;
	const char *text = NULL;
	size_t length = 0;
	uint64_t note;
	py_object result;

	if (atomic_load_explicit(&agent_awake, memory_order_relaxed) && arguments.count > at)
		text = py_text(arguments.values[at], &length);
	if (text != NULL)
		thread = agent_thread_self();
	if (thread == NULL)
		return py_call(row->original, self, arguments);
	note = ++thread->sql_notes;
	thread->sql_note = note;
	thread->sql_text = text;
	thread->sql_length = length;
	thread->sql_unit = unit_current(thread);
	result = py_call(row->original, self, arguments);
	if (thread->sql_note == note)
		thread->sql_text = NULL;
	return result;
}

enum {
	ROW_SQLALCHEMY,
	ROW_SQLALCHEMY_NO_PARAMS,
	ROW_SQLALCHEMY_MANY,
	ROW_SQLALCHEMY_MANY_PSYCOPG2,
	ROW_DJANGO,
	ROW_DJANGO_MANY,
	ROW_PSYCOPG,
	ROW_PSYCOPG_MANY,
};

#define NOTED(function, row, at) \
	static py_object function(py_object self, const py_object *values, py_ssize count, \
				  py_object keywords) \
	{ \
		return noted(&sql_text_hooks[row], at, self, \
			     (struct py_arguments){values, count, keywords}); \
	}

NOTED(sqlalchemy, ROW_SQLALCHEMY, 1)
NOTED(sqlalchemy_no_params, ROW_SQLALCHEMY_NO_PARAMS, 1)
NOTED(sqlalchemy_many, ROW_SQLALCHEMY_MANY, 1)
NOTED(sqlalchemy_many_psycopg2, ROW_SQLALCHEMY_MANY_PSYCOPG2, 1)
NOTED(django, ROW_DJANGO, 0)
NOTED(django_many, ROW_DJANGO_MANY, 0)
NOTED(psycopg, ROW_PSYCOPG, 0)
NOTED(psycopg_many, ROW_PSYCOPG_MANY, 0)

/* SQLAlchemy 1.4 and 2.0: engine/default.py; dialects with a do_executemany of their own.
 * Django 2.2–5.1: db/backends/utils.py. psycopg 3: cursor.py. */
struct hook_row sql_text_hooks[] = {
	[ROW_SQLALCHEMY] =
		HOOK_ROW("sqlalchemy.engine.default", "DefaultDialect", "do_execute", sqlalchemy),
	[ROW_SQLALCHEMY_NO_PARAMS] = HOOK_ROW("sqlalchemy.engine.default", "DefaultDialect",
					      "do_execute_no_params", sqlalchemy_no_params),
	[ROW_SQLALCHEMY_MANY] = HOOK_ROW("sqlalchemy.engine.default", "DefaultDialect",
					 "do_executemany", sqlalchemy_many),
	[ROW_SQLALCHEMY_MANY_PSYCOPG2] =
		HOOK_ROW("sqlalchemy.dialects.postgresql.psycopg2", "PGDialect_psycopg2",
			 "do_executemany", sqlalchemy_many_psycopg2),
	[ROW_DJANGO] = HOOK_ROW("django.db.backends.utils", "CursorWrapper", "_execute", django),
	[ROW_DJANGO_MANY] =
		HOOK_ROW("django.db.backends.utils", "CursorWrapper", "_executemany", django_many),
	[ROW_PSYCOPG] = HOOK_ROW("psycopg.cursor", "Cursor", "execute", psycopg),
	[ROW_PSYCOPG_MANY] = HOOK_ROW("psycopg.cursor", "Cursor", "executemany", psycopg_many),
	{.module = NULL},
};

#include "agent/exceptions.h"

/* Tracebacks run from the outermost frame to the one that raised: the last
 * STACK_FRAMES_MAX of them are kept. */
static uint32_t traceback_stack(py_object traceback)
{
	struct dict_frame frames[STACK_FRAMES_MAX]; /* outermost first, as a ring */
	struct dict_frame leaf_first[STACK_FRAMES_MAX];
	size_t seen = 0;
	size_t count;
	py_object at = traceback == NULL ? NULL : py_keep(traceback);

	while (at != NULL && at != py.none) {
		py_object frame = py_attribute(at, "tb_frame");
		py_object code = py_attribute(frame, "f_code");
		py_object next = py_attribute(at, "tb_next");

		if (code != NULL && py_type_of(code) == py.code_type) {
			long lasti = py_long_attribute(at, "tb_lasti", 0);

			frames[seen++ % STACK_FRAMES_MAX] = (struct dict_frame){
				.code = code_id((uintptr_t)code),
				.instr_offset = lasti < 0 ? 0 : (uint32_t)lasti,
			};
		}
		py.Py_DecRef(code);
		py.Py_DecRef(frame);
		py.Py_DecRef(at);
		at = next;
	}
	py.Py_DecRef(at);
	count = seen < STACK_FRAMES_MAX ? seen : STACK_FRAMES_MAX;
	for (size_t i = 0; i < count; i++)
		leaf_first[i] = frames[(seen - 1 - i) % STACK_FRAMES_MAX];
	return count == 0 ? 0 : stack_of_frames(leaf_first, count);
}

bool exception_is(py_object type, py_object class)
{
	/* PyErr_Fetch gives a class; PyType_IsSubtype takes only such */
	return type != NULL && class != NULL && py.PyType_IsSubtype(type, class) != 0;
}

/* Ends of work that are nobody's fault. */
static bool is_no_error(py_object type)
{
	py_object cancelled;
	bool yes;

	if (exception_is(type, py.generator_exit) || exception_is(type, py.system_exit) ||
	    exception_is(type, py.keyboard_interrupt) ||
	    exception_is(type, py.stop_async_iteration))
		return true;
	cancelled = py_attribute(py_module("asyncio.exceptions"), "CancelledError");
	yes = exception_is(type, cancelled);
	py.Py_DecRef(cancelled);
	return yes;
}

void exception_note(struct unit *unit, py_object type, py_object traceback)
{
	if (type == NULL || unit->exception != 0 || is_no_error(type))
		return;
	unit->exception = py_qualname_id(type);
	record_write(&(struct channel_record){
		.kind = RECORD_EXCEPTION,
		.t_start_ns = agent_now_ns(),
		.unit = unit->id,
		.subject = unit->exception,
		.stack = traceback_stack(traceback),
		.source = 1,
	});
}

void exception_note_object(py_object exception)
{
	struct unit *unit = unit_here();
	py_object traceback = unit == NULL ? NULL : py_attribute(exception, "__traceback__");

	if (unit != NULL)
		exception_note(unit, py_type_of(exception), traceback);
	py.Py_DecRef(traceback);
}

static py_object flask_handle_exception(py_object self, const py_object *values, py_ssize count,
					py_object keywords);
static py_object django_response_for_exception(py_object self, const py_object *values,
					       py_ssize count, py_object keywords);

enum { ROW_FLASK, ROW_DJANGO };
struct hook_row exception_hooks[] = {
	[ROW_FLASK] = HOOK_ROW("flask.app", "Flask", "handle_exception", flask_handle_exception),
	[ROW_DJANGO] = HOOK_ROW("django.core.handlers.exception", NULL, "response_for_exception",
				django_response_for_exception),
	{.module = NULL},
};

/* Called only for what no error handler of the app took (Flask's own words);
 * the exception is the last argument on every version. */
static py_object flask_handle_exception(py_object self, const py_object *values, py_ssize count,
					py_object keywords)
{
	if (count > 0)
		exception_note_object(values[count - 1]);
	return py_call(exception_hooks[ROW_FLASK].original, self,
		       (struct py_arguments){values, count, keywords});
}

/* (request, exc) → response. Http404 and its like pass here too: what became a
 * 5xx is an error. */
static py_object django_response_for_exception(py_object self, const py_object *values,
					       py_ssize count, py_object keywords)
{
	py_object response = py_call(exception_hooks[ROW_DJANGO].original, NULL,
				     (struct py_arguments){values, count, keywords});

	(void)self;
	if (response != NULL && count == 2 && py_long_attribute(response, "status_code", 0) >= 500)
		exception_note_object(values[1]);
	return response;
}

#include "agent/stepped.h"

#include "agent/app_errors.h"
#include "agent/exceptions.h"
#include "agent/loop.h"
#include "agent/steps.h"

static py_object call_type;
static py_object none_alone; /* (None,), strong */

void stepped_end(struct stepped *call)
{
	struct unit *unit = call->unit;
	py_object type, value, traceback;
	bool returned;

	if (call->inner || unit == NULL)
		return;
	py.PyErr_Fetch(&type, &value, &traceback);
	returned = type == NULL || exception_is(type, py.stop_iteration);
	if (unit->ended) { /* it was answered: the error is its own all the same */
		if (!returned)
			exception_note(unit, type, traceback);
		py.PyErr_Restore(type, value, traceback);
		return;
	}
	if (!returned) {
		exception_note(unit, type, traceback);
		if (unit->status == 0)
			unit->flags |= RECORD_ABORTED; /* cancelled, or failed before it answered */
	}
	if (call->finish != NULL && call->about != NULL)
		call->finish(unit, call->about, returned);
	step_finish(unit, agent_thread_peek());
	unit_end(unit);
	py.PyErr_Restore(type, value, traceback);
}

/* coroutine.__await__(): an iterator that steps it on every version. */
static bool open_iterator(struct stepped *call)
{
	if (call->iterator == NULL && call->coroutine != NULL)
		call->iterator = py.PyObject_CallMethod(call->coroutine, "__await__", NULL);
	if (call->iterator == NULL && py.PyErr_Occurred() == NULL)
		py.PyErr_SetString(py.type_error, "the coroutine is gone");
	return call->iterator != NULL;
}

/* The unit of a call that is stepped for the first time. An exception that is set stays set. */
static void begin(struct stepped *call)
{
	py_object type, value, traceback;

	py.PyErr_Fetch(&type, &value, &traceback);
	call->unit = call->begin(call->about, call->made_ns);
	call->begin = NULL;
	py.PyErr_Restore(type, value, traceback);
}

static void note_over(struct stepped *call)
{
	py_object type, value, traceback;

	if (call->over == NULL)
		return;
	py.PyErr_Fetch(&type, &value, &traceback);
	call->raised = type != NULL && !exception_is(type, py.stop_iteration);
	call->over(call);
	call->over = NULL;
	py.PyErr_Restore(type, value, traceback);
}

/* What is the thread's meanwhile. */
struct step {
	struct agent_thread *thread; /* NULL: nothing is recorded */
	struct unit *unit;
	uintptr_t base_before;
	struct loop_step on_loop;
};

/* False: an exception is set, and nothing is to be ended. */
static bool step_begin(struct stepped *call, struct step *s)
{
	*s = (struct step){.thread = agent_thread_self()};
	if (!open_iterator(call))
		return false;
	if (call->begin != NULL)
		begin(call);
	s->unit = call->unit;
	if (s->unit != NULL && s->unit->done_ns != 0) /* in a task of its own, maybe */
		unit_leave_context(s->unit);
	if (s->unit == NULL || s->unit->ended)
		s->thread = NULL;
	if (s->thread == NULL)
		return true;
	s->base_before = s->thread->unit_base_frame;
	s->thread->unit_base_frame = context_frame();
	if (s->unit->entered == 0)
		loop_step_begin(&s->on_loop, s->thread);
	step_enter(s->unit, s->thread, 0);
	s->thread->loop_depth++;
	return true;
}

/* `over`: it returned or raised; else it is suspended. */
static void step_end(struct stepped *call, const struct step *s, bool over)
{
	/* answered and suspended: what is still to come is work in the background */
	if (s->unit != NULL && (over || s->unit->answered))
		stepped_end(call);
	if (over)
		note_over(call);
	if (s->thread == NULL)
		return;
	s->thread->loop_depth--;
	step_leave(s->unit, s->thread, 0);
	s->thread->unit_base_frame = s->base_before;
	loop_step_end(&s->on_loop, s->thread, call->coroutine);
}

/* Runs one step: next, or the method `name` with `arguments` (throw, send, close). */
static py_object step(struct stepped *call, const char *name, py_object arguments)
{
	struct step s;
	py_object method;
	py_object result = NULL;

	if (!step_begin(call, &s))
		return NULL;
	if (name == NULL) {
		result = py.PyIter_Next(call->iterator);
	} else {
		method = py.PyObject_GetAttrString(call->iterator, name);
		if (method != NULL) {
			result = py.PyObject_CallObject(method, arguments);
			py.Py_DecRef(method);
		}
	}
	step_end(call, &s, result == NULL);
	return result;
}

/* PySendResult (Include/object.h, 3.10+). */
enum sent { SENT_ERROR = -1, SENT_RETURN = 0, SENT_NEXT = 1 };

/* One step by PyIter_Send(), which makes no exception of what is returned. */
static int step_by_send(struct stepped *call, py_object value, py_object *result)
{
	struct step s;
	int sent;

	*result = NULL;
	if (!step_begin(call, &s))
		return SENT_ERROR;
	sent = py.PyIter_Send(call->iterator, value, result);
	step_end(call, &s, sent != SENT_NEXT);
	return sent;
}

static int call_am_send(py_object self, py_object value, py_object *result)
{
	return step_by_send(self, value, result);
}

/* StopIteration(value), made here: raised with a tuple it would have that for its arguments, with
 * an exception it would be that one. */
static void raise_stop(py_object value)
{
	py_object arguments = py.PyTuple_New(1);
	py_object stop = NULL;

	if (arguments != NULL) {
		(void)py.PyTuple_SetItem(arguments, 0, py_keep(value));
		stop = py.PyObject_CallObject(py.stop_iteration, arguments);
		py.Py_DecRef(arguments);
	}
	if (stop != NULL)
		py.PyErr_Restore(py_keep(py.stop_iteration), stop, NULL);
}

/* The step as an iterator gives it. Of None an iterator need not say that it ended. */
static py_object sent_as_next(struct stepped *call, py_object value, bool says_none)
{
	py_object result;

	if (step_by_send(call, value, &result) != SENT_RETURN)
		return result;
	if (result != py.none)
		raise_stop(result);
	else if (says_none)
		py.PyErr_SetNone(py.stop_iteration);
	py.Py_DecRef(result);
	return NULL;
}

static py_object call_iter(py_object self)
{
	return py_keep(self);
}

/* PyIter_Next forgets the value of StopIteration; send() leaves it set, which an iterator may. */
static py_object call_next(py_object self)
{
	if (py.PyIter_Send != NULL)
		return sent_as_next(self, py.none, false);
	return ((struct stepped *)self)->has_value ? step(self, "send", none_alone)
						   : step(self, NULL, NULL);
}

static py_object call_send(py_object self, py_object value)
{
	py_object arguments;
	py_object result;

	if (py.PyIter_Send != NULL)
		return sent_as_next(self, value, true);
	if (value == py.none) {
		result = call_next(self);
		if (result == NULL && py.PyErr_Occurred() == NULL)
			py.PyErr_SetNone(py.stop_iteration);
		return result;
	}
	arguments = py.PyTuple_New(1);
	if (arguments == NULL)
		return NULL;
	(void)py.PyTuple_SetItem(arguments, 0, py_keep(value));
	result = step(self, "send", arguments);
	py.Py_DecRef(arguments);
	return result;
}

static py_object call_throw(py_object self, py_object arguments)
{
	return step(self, "throw", arguments);
}

/* Closed, or dropped, without being finished. */
static void abandon(struct stepped *call)
{
	if (call->unit == NULL || call->inner || call->unit->ended)
		return;
	if (!call->unit->answered)
		call->unit->flags |= RECORD_ABORTED;
	stepped_end(call);
}

static py_object call_close(py_object self, py_object none)
{
	py_object result;

	(void)none;
	result = step(self, "close", NULL);
	if (result != NULL)
		abandon(self);
	return result;
}

/* What a coroutine has beside its methods. */
static py_object call_getattro(py_object self, py_object name)
{
	py_object coroutine = ((struct stepped *)self)->coroutine;

	if (coroutine == NULL || py._PyType_Lookup(call_type, name) != NULL)
		return py.PyObject_GenericGetAttr(self, name);
	return py.PyObject_GetAttr(coroutine, name);
}

static int call_traverse(py_object self, py_visit visit, void *data)
{
	struct stepped *call = self;
	int stop = call->coroutine == NULL ? 0 : visit(call->coroutine, data);

	if (stop == 0 && call->iterator != NULL)
		stop = visit(call->iterator, data);
	if (stop == 0 && call->about != NULL)
		stop = visit(call->about, data);
	return stop;
}

static int call_clear(py_object self)
{
	struct stepped *call = self;

	py_clear(&call->iterator);
	py_clear(&call->coroutine);
	py_clear(&call->about);
	return 0;
}

static void call_dealloc(py_object self)
{
	struct stepped *call = self;
	py_object type, value, traceback;

	py.PyObject_GC_UnTrack(self);
	py.PyErr_Fetch(&type, &value, &traceback);
	abandon(call);
	(void)call_clear(self);
	unit_release(call->unit);
	py.PyErr_Restore(type, value, traceback);
	py_free(self);
}

struct stepped *stepped_new(struct unit *unit, py_object about,
			    void (*finish)(struct unit *, py_object, bool))
{
	struct stepped *made = py_new(call_type);

	if (made == NULL)
		return NULL;
	made->about = about == NULL ? NULL : py_keep(about);
	made->unit = unit_keep(unit);
	made->finish = finish;
	made->made_ns = agent_now_ns();
	return made;
}

py_object stepped_target(py_object object)
{
	const struct stepped *call = object;

	return object != NULL && py_type_of(object) == call_type && call->coroutine != NULL
		       ? call->coroutine
		       : object;
}

static struct py_method_def call_methods[] = {
	{"send", (void *)call_send, PY_METH_O, NULL},
	{"throw", (void *)call_throw, PY_METH_VARARGS, NULL},
	{"close", (void *)call_close, PY_METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static struct py_type_slot call_slots[] = {
	{PY_SLOT_AWAIT, (void *)call_iter},
	{PY_SLOT_ITER, (void *)call_iter},
	{PY_SLOT_ITERNEXT, (void *)call_next},
	{PY_SLOT_METHODS, call_methods},
	{PY_SLOT_GETATTRO, (void *)call_getattro},
	{PY_SLOT_TRAVERSE, (void *)call_traverse},
	{PY_SLOT_CLEAR, (void *)call_clear},
	{PY_SLOT_DEALLOC, (void *)call_dealloc},
	{0, NULL}, /* PY_SLOT_AM_SEND where there is one */
	{0, NULL},
};

static struct py_type_spec call_spec = {"unslow.stepped", sizeof(struct stepped), 0, PY_TYPE_FLAGS,
					call_slots};

bool stepped_prepare(void)
{
	if (py.PyIter_Send != NULL)
		call_slots[sizeof call_slots / sizeof *call_slots - 2] =
			(struct py_type_slot){PY_SLOT_AM_SEND, (void *)call_am_send};
	call_type = py.PyType_FromSpec(&call_spec);
	none_alone = call_type == NULL ? NULL : py.PyTuple_New(1);
	if (none_alone == NULL) {
		app_errors_forget();
		return false;
	}
	(void)py.PyTuple_SetItem(none_alone, 0, py_keep(py.none));
	return true;
}

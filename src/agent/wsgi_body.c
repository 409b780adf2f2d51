#include "agent/wsgi_body.h"

#include "agent/app_errors.h"
#include "agent/delegate.h"
#include "agent/exceptions.h"
#include "agent/wsgi_run.h"
#include "agent/wsgi_server.h"

#define KINDS_MAX 32 /* classes of responses; those beyond are passed on as they are */

struct wsgi_body {
	struct py_delegate delegate; /* target: the application's iterable, or an iterator of it */
	struct wsgi_body *whole;     /* of an iterator: the body it is of, strong; else NULL */
	struct unit *unit;
	uint32_t chunks;
	bool exhausted;
};

/* The type of bodies around instances of one class. */
struct kind {
	py_object of; /* strong */
	py_object type;
};

enum special {
	CLOSE,
	NEXT,
	LENGTH,
	BOOL,
	GET_ITEM,
	SET_ITEM,
	DELETE_ITEM,
	CONTAINS,
	ENTER,
	EXIT,
	SPECIALS,
};
static const char *const special_names[SPECIALS] = {
	"close",       "__next__",    "__len__",      "__bool__",  "__getitem__",
	"__setitem__", "__delitem__", "__contains__", "__enter__", "__exit__"};
static py_object special_keys[SPECIALS]; /* interned, strong */

static struct kind kinds[KINDS_MAX]; /* guarded by the GIL */
static size_t kind_count;

static bool has(py_object type, enum special special)
{
	return py._PyType_Lookup(type, special_keys[special]) != NULL;
}

bool wsgi_body_wraps(py_object iterable)
{
	return has(py_type_of(iterable), NEXT) || has(py_type_of(iterable), CLOSE);
}

/* --- inside the unit ------------------------------------------------------------ */

static void note_exception(struct unit *unit)
{
	py_object type, value, traceback;

	py.PyErr_Fetch(&type, &value, &traceback);
	exception_note(unit, type, traceback);
	py.PyErr_Restore(type, value, traceback);
}

/* The application's code runs inside the unit again. */
static struct wsgi_run body_enter(struct unit *unit)
{
	unit_enter_context(unit);
	return wsgi_run_enter(unit);
}

/* The last part was handed over, to a server and not to a middleware that has its own work to do:
 * what the server waits for until close() is not the response. Other calls count: the last part
 * may be unsent. */
static void exhaust(struct wsgi_body *whole, struct agent_thread *thread)
{
	whole->exhausted = true;
	if (thread != NULL)
		thread->lingers =
			!whole->unit->in_turns && !whole->unit->shared && wsgi_server_drains();
}

/* An exception that is set stays set. */
static void body_end(struct wsgi_body *body)
{
	py_object type, value, traceback;

	if (body->whole != NULL || body->unit->ended)
		return;
	if (body->chunks > 1)
		body->unit->flags |= RECORD_STREAMED;
	if (body->chunks > 0 && !body->exhausted)
		body->unit->flags |= RECORD_ABORTED;
	py.PyErr_Fetch(&type, &value, &traceback);
	unit_end(body->unit);
	py.PyErr_Restore(type, value, traceback);
}

static py_object target_of(const struct wsgi_body *body)
{
	if (body->delegate.target == NULL) /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "the response is gone");
	return body->delegate.target;
}

/* Calls a method of the application's object, inside the unit. */
static py_object call_inside(struct wsgi_body *body, enum special special, py_object arguments)
{
	struct wsgi_run run;
	py_object method;
	py_object result;

	if (target_of(body) == NULL)
		return NULL;
	method = py.PyObject_GetAttr(body->delegate.target, special_keys[special]);
	if (method == NULL)
		return NULL;
	if (body->unit->ended) {
		result = py.PyObject_CallObject(method, arguments);
	} else {
		run = body_enter(body->unit);
		result = py.PyObject_CallObject(method, arguments);
		wsgi_run_leave(body->unit, run);
		if (result == NULL)
			note_exception(body->unit);
	}
	py.Py_DecRef(method);
	return result;
}

/* --- methods --------------------------------------------------------------------- */

static struct wsgi_body *make(struct unit *unit, py_object target, struct wsgi_body *whole);

/* Iterators are their own; other objects give a new one each time. */
static py_object body_iter(py_object self)
{
	struct wsgi_body *body = self;
	py_object iterator =
		target_of(body) == NULL ? NULL : py.PyObject_GetIter(body->delegate.target);
	struct wsgi_body *made;

	if (iterator == NULL)
		return NULL;
	if (iterator == body->delegate.target) {
		py.Py_DecRef(iterator);
		return py_keep(self);
	}
	made = make(body->unit, iterator, body->whole != NULL ? body->whole : body);
	if (made != NULL)
		return made;
	app_errors_forget(); /* it goes on, uncounted */
	return iterator;
}

static py_object body_next(py_object self)
{
	struct wsgi_body *body = self;
	struct wsgi_body *whole = body->whole != NULL ? body->whole : body;
	struct unit *unit = body->unit;
	struct wsgi_run run;
	py_object item;

	if (target_of(body) == NULL)
		return NULL;
	if (unit->ended)
		return py.PyIter_Next(body->delegate.target);
	run = body_enter(unit);
	item = py.PyIter_Next(body->delegate.target);
	wsgi_run_leave(unit, run);
	if (item == NULL) {
		exhaust(whole, run.thread);
		if (py.PyErr_Occurred() != NULL)
			note_exception(unit);
		if (!has(py_type_of(body->delegate.target), CLOSE))
			body_end(body);
		return NULL;
	}
	whole->chunks++;
	if (py_type_of(item) == py.bytes_type)
		unit->response_bytes += (uint64_t)py.PyBytes_Size(item);
	return item;
}

static py_object body_close(py_object self, py_object none)
{
	py_object result = call_inside(self, CLOSE, NULL);

	(void)none;
	body_end(self);
	return result;
}

static py_object body_with(py_object self, py_object none)
{
	struct wsgi_body *body = self;
	py_object entered = call_inside(body, ENTER, NULL);

	(void)none;
	if (entered == NULL || entered != body->delegate.target)
		return entered;
	py.Py_DecRef(entered);
	return py_keep(self);
}

static py_object body_exit(py_object self, py_object arguments)
{
	py_object result = call_inside(self, EXIT, arguments);

	body_end(self);
	return result;
}

static py_ssize body_length(py_object self)
{
	return target_of(self) == NULL ? -1 : py.PyObject_Size(target_of(self));
}

static int body_true(py_object self)
{
	return target_of(self) == NULL ? -1 : py.PyObject_IsTrue(target_of(self));
}

static py_object body_item(py_object self, py_object key)
{
	return target_of(self) == NULL ? NULL : py.PyObject_GetItem(target_of(self), key);
}

static int body_set_item(py_object self, py_object key, py_object value)
{
	if (target_of(self) == NULL)
		return -1;
	return value == NULL ? py.PyObject_DelItem(target_of(self), key)
			     : py.PyObject_SetItem(target_of(self), key, value);
}

static int body_contains(py_object self, py_object value)
{
	return target_of(self) == NULL ? -1 : py.PySequence_Contains(target_of(self), value);
}

/* --- types -------------------------------------------------------------------------- */

static int body_traverse(py_object self, py_visit visit, void *data)
{
	struct wsgi_body *body = self;
	int stop = delegate_traverse(self, visit, data);

	if (stop == 0 && body->whole != NULL)
		stop = visit(body->whole, data);
	return stop;
}

static void body_dealloc(py_object self)
{
	struct wsgi_body *body = self;
	py_object type, value, traceback;

	py.PyObject_GC_UnTrack(self);
	py.PyErr_Fetch(&type, &value, &traceback);
	if (body->unit != NULL) {
		body_end(body); /* a server that does not call close() */
		unit_release(body->unit);
	}
	py_clear(&body->delegate.target);
	py.Py_DecRef(body->whole);
	py.PyErr_Restore(type, value, traceback);
	py_free(self);
}

#define CLOSE_METHOD \
	{ \
		"close", (void *)body_close, PY_METH_NOARGS, NULL \
	}
#define WITH_METHODS \
	{"__enter__", (void *)body_with, PY_METH_NOARGS, NULL}, \
	{ \
		"__exit__", (void *)body_exit, PY_METH_VARARGS, NULL \
	}
#define METHODS_END \
	{ \
		NULL, NULL, 0, NULL \
	}

static struct py_method_def closing[] = {CLOSE_METHOD, METHODS_END};
static struct py_method_def entering[] = {WITH_METHODS, METHODS_END};
static struct py_method_def closing_entering[] = {CLOSE_METHOD, WITH_METHODS, METHODS_END};

/* A type that has those special methods that `class` has. */
static py_object type_for(py_object class)
{
	struct py_type_slot slots[24] = {
		DELEGATE_SLOTS,
		{PY_SLOT_ITER, (void *)body_iter},
		{PY_SLOT_TRAVERSE, (void *)body_traverse},
		{PY_SLOT_CLEAR, (void *)delegate_clear},
		{PY_SLOT_DEALLOC, (void *)body_dealloc},
	};
	struct py_type_spec spec = {"unslow.response", sizeof(struct wsgi_body), 0, PY_TYPE_FLAGS,
				    slots};
	bool enters = has(class, ENTER) && has(class, EXIT);
	struct py_type_slot *next = slots;

	while (next->slot != 0)
		next++;
	if (has(class, NEXT))
		*next++ = (struct py_type_slot){PY_SLOT_ITERNEXT, (void *)body_next};
	if (has(class, LENGTH))
		*next++ = (struct py_type_slot){PY_SLOT_MP_LENGTH, (void *)body_length};
	if (has(class, BOOL))
		*next++ = (struct py_type_slot){PY_SLOT_NB_BOOL, (void *)body_true};
	if (has(class, GET_ITEM))
		*next++ = (struct py_type_slot){PY_SLOT_MP_SUBSCRIPT, (void *)body_item};
	if (has(class, SET_ITEM) || has(class, DELETE_ITEM))
		*next++ = (struct py_type_slot){PY_SLOT_MP_ASS_SUBSCRIPT, (void *)body_set_item};
	if (has(class, CONTAINS))
		*next++ = (struct py_type_slot){PY_SLOT_SQ_CONTAINS, (void *)body_contains};
	if (has(class, CLOSE))
		*next++ =
			(struct py_type_slot){PY_SLOT_METHODS, enters ? closing_entering : closing};
	else if (enters)
		*next++ = (struct py_type_slot){PY_SLOT_METHODS, entering};
	return delegate_type(&spec);
}

static py_object type_of_bodies(py_object class)
{
	py_object type;

	for (size_t i = 0; i < kind_count; i++)
		if (kinds[i].of == class)
			return kinds[i].type;
	type = kind_count == KINDS_MAX ? NULL : type_for(class);
	if (type != NULL)
		kinds[kind_count++] = (struct kind){py_keep(class), type};
	return type;
}

static struct wsgi_body *make(struct unit *unit, py_object target, struct wsgi_body *whole)
{
	py_object type = type_of_bodies(py_type_of(target));
	struct wsgi_body *made = type == NULL ? NULL : py_new(type);

	if (made == NULL)
		return NULL;
	made->delegate.target = target;
	made->whole = whole == NULL ? NULL : py_keep(whole);
	made->unit = unit_keep(unit);
	return made;
}

py_object wsgi_body_new(struct unit *unit, py_object iterable)
{
	return make(unit, iterable, NULL);
}

bool wsgi_body_prepare(void)
{
	for (size_t i = 0; i < SPECIALS; i++) {
		special_keys[i] = py.PyUnicode_InternFromString(special_names[i]);
		if (special_keys[i] == NULL) {
			app_errors_forget();
			return false;
		}
	}
	return true;
}

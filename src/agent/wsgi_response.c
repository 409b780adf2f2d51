#include "agent/wsgi_response.h"

#include "agent/exceptions.h"

struct wsgi_start {
	struct py_head head;
	py_object start; /* the server's start_response */
	struct unit *unit;
};

struct wsgi_body {
	struct py_head head;
	py_object iterable; /* the application's */
	py_object iterator; /* of it, once asked for */
	struct unit *unit;
	uint32_t chunks;
	bool exhausted;
};

static py_object start_type;
static py_object body_type;
static py_object sized_body_type;

/* --- start_response ------------------------------------------------------- */

/* "200 OK" → 200; 0: not a status. */
static int16_t parse_status(py_object status)
{
	size_t length;
	const char *text = py_text(status, &length);
	int value = 0;

	if (text == NULL || length < 3)
		return 0;
	for (int i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		value = value * 10 + (text[i] - '0');
	}
	return (int16_t)value;
}

static py_object start_call(py_object self, py_object arguments, py_object named)
{
	struct wsgi_start *start = self;

	if (start->start == NULL) { /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "start_response is no longer valid");
		return NULL;
	}
	if (!start->unit->ended && py.PyTuple_Size(arguments) > 0)
		start->unit->status = parse_status(py.PyTuple_GetItem(arguments, 0));
	return py.PyObject_Call(start->start, arguments, named);
}

static int start_traverse(py_object self, py_visit visit, void *data)
{
	struct wsgi_start *start = self;

	return start->start == NULL ? 0 : visit(start->start, data);
}

static int start_clear(py_object self)
{
	py_clear(&((struct wsgi_start *)self)->start);
	return 0;
}

static void start_dealloc(py_object self)
{
	struct wsgi_start *start = self;

	py.PyObject_GC_UnTrack(self);
	py_clear(&start->start);
	unit_release(start->unit);
	py_free(self);
}

py_object wsgi_start_new(struct unit *unit, py_object start)
{
	struct wsgi_start *made = py_new(start_type);

	if (made == NULL)
		return NULL;
	made->start = py_keep(start);
	made->unit = unit_keep(unit);
	return made;
}

/* --- the iterable ------------------------------------------------------------ */

void wsgi_note_exception(struct unit *unit)
{
	py_object type, value, traceback;

	py.PyErr_Fetch(&type, &value, &traceback);
	exception_note(unit, type, traceback);
	py.PyErr_Restore(type, value, traceback);
}

static py_object body_iter(py_object self)
{
	struct wsgi_body *body = self;
	py_object iterator = py.PyObject_GetIter(body->iterable);

	if (iterator == NULL)
		return NULL;
	py_clear(&body->iterator);
	body->iterator = iterator;
	return py_keep(self);
}

/* The application's code runs inside the unit again. */
static uintptr_t body_enter(struct unit *unit, struct agent_thread **thread)
{
	uintptr_t before = 0;

	unit_enter_context(unit);
	unit->entered++;
	*thread = agent_thread_self();
	if (*thread != NULL) {
		before = (*thread)->unit_base_frame;
		(*thread)->unit_base_frame = context_frame();
	}
	return before;
}

static void body_leave(struct unit *unit, struct agent_thread *thread, uintptr_t before)
{
	unit->entered--;
	if (thread != NULL)
		thread->unit_base_frame = before;
}

static py_object body_next(py_object self)
{
	struct wsgi_body *body = self;
	struct agent_thread *thread;
	py_object item;

	if (body->iterator == NULL) {
		py_object iterator = body_iter(self); /* a server that calls next() first */

		if (iterator == NULL)
			return NULL;
		py.Py_DecRef(iterator);
	}
	if (body->unit->ended)
		return py.PyIter_Next(body->iterator);
	uintptr_t before = body_enter(body->unit, &thread);
	item = py.PyIter_Next(body->iterator);
	body_leave(body->unit, thread, before);
	if (item == NULL) {
		body->exhausted = true;
		if (py.PyErr_Occurred() != NULL)
			wsgi_note_exception(body->unit);
		return NULL;
	}
	body->chunks++;
	if (py_type_of(item) == py.bytes_type)
		body->unit->response_bytes += (uint64_t)py.PyBytes_Size(item);
	return item;
}

static void body_end(struct wsgi_body *body)
{
	if (body->unit->ended)
		return;
	if (body->chunks > 1)
		body->unit->flags |= RECORD_STREAMED;
	if (body->chunks > 0 && !body->exhausted)
		body->unit->flags |= RECORD_ABORTED;
	unit_end(body->unit);
}

/* Calls the application's close() if it has one, inside the unit. */
static py_object body_close(py_object self, py_object none)
{
	static py_object key_close;
	struct wsgi_body *body = self;
	py_object close = py_attribute_kept(body->iterable, &key_close, "close");
	py_object result;
	struct agent_thread *thread;

	(void)none;
	if (close == NULL) {
		body_end(body);
		return py_keep(py.none);
	}
	uintptr_t before = body_enter(body->unit, &thread);
	result = py.PyObject_CallObject(close, NULL);
	body_leave(body->unit, thread, before);
	py.Py_DecRef(close);
	if (result == NULL) {
		py_object type, value, traceback;

		py.PyErr_Fetch(&type, &value, &traceback);
		exception_note(body->unit, type, traceback);
		body_end(body);
		py.PyErr_Restore(type, value, traceback);
		return NULL;
	}
	body_end(body);
	return result;
}

static py_ssize body_length(py_object self)
{
	return py.PyObject_Size(((struct wsgi_body *)self)->iterable);
}

static py_object body_attribute(py_object self, py_object name)
{
	struct wsgi_body *body = self;
	py_object own = py.PyObject_GenericGetAttr(self, name);

	if (own != NULL || body->iterable == NULL ||
	    !py.PyErr_ExceptionMatches(py.attribute_error))
		return own;
	py.PyErr_Clear();
	return py.PyObject_GetAttr(body->iterable, name);
}

static int body_traverse(py_object self, py_visit visit, void *data)
{
	struct wsgi_body *body = self;
	int stop = body->iterable == NULL ? 0 : visit(body->iterable, data);

	if (stop == 0 && body->iterator != NULL)
		stop = visit(body->iterator, data);
	return stop;
}

static int body_clear(py_object self)
{
	struct wsgi_body *body = self;

	py_clear(&body->iterator);
	if (body->iterable != NULL) { /* methods go on working, on nothing */
		py_object old = body->iterable;

		body->iterable = py.PyTuple_New(0);
		py.Py_DecRef(old);
	}
	return 0;
}

static void body_dealloc(py_object self)
{
	struct wsgi_body *body = self;
	py_object type, value, traceback;

	py.PyObject_GC_UnTrack(self);
	py.PyErr_Fetch(&type, &value, &traceback);
	if (body->unit != NULL)
		body_end(body); /* a server that does not call close() */
	py_clear(&body->iterator);
	py_clear(&body->iterable);
	unit_release(body->unit);
	py.PyErr_Restore(type, value, traceback);
	py_free(self);
}

/* Does the type say how long its instances are? The last one that does not is
 * remembered: asking in vain makes an exception, and servers ask each time. */
static bool is_sized(py_object iterable)
{
	static py_object unsized; /* type; strong */
	py_object type = py_type_of(iterable);
	py_object length;

	if (type == unsized)
		return false;
	length = py_attribute(type, "__len__");
	if (length != NULL) {
		py.Py_DecRef(length);
		return true;
	}
	py_clear(&unsized);
	unsized = py_keep(type);
	return false;
}

py_object wsgi_body_new(struct unit *unit, py_object iterable)
{
	struct wsgi_body *made = py_new(is_sized(iterable) ? sized_body_type : body_type);

	if (made == NULL)
		return NULL;
	made->iterable = iterable;
	made->unit = unit_keep(unit);
	return made;
}

/* --- types ------------------------------------------------------------------- */

static struct py_method_def body_methods[] = {
	{ "close", (void *)body_close, PY_METH_NOARGS, NULL },
	{ NULL, NULL, 0, NULL },
};

static struct py_type_slot start_slots[] = {
	{ PY_SLOT_CALL, (void *)start_call },
	{ PY_SLOT_TRAVERSE, (void *)start_traverse },
	{ PY_SLOT_CLEAR, (void *)start_clear },
	{ PY_SLOT_DEALLOC, (void *)start_dealloc },
	{ 0, NULL },
};

#define BODY_SLOTS \
	{ PY_SLOT_ITER, (void *)body_iter }, { PY_SLOT_ITERNEXT, (void *)body_next }, \
		{ PY_SLOT_METHODS, body_methods }, { PY_SLOT_GETATTRO, (void *)body_attribute }, \
		{ PY_SLOT_TRAVERSE, (void *)body_traverse }, { PY_SLOT_CLEAR, (void *)body_clear }, \
		{ PY_SLOT_DEALLOC, (void *)body_dealloc }

static struct py_type_slot body_slots[] = { BODY_SLOTS, { 0, NULL } };
static struct py_type_slot sized_body_slots[] = {
	BODY_SLOTS,
	{ PY_SLOT_MP_LENGTH, (void *)body_length },
	{ 0, NULL },
};

static struct py_type_spec start_spec = { "unslow.start_response", sizeof(struct wsgi_start), 0,
					  PY_TYPE_FLAGS, start_slots };
static struct py_type_spec body_spec = { "unslow.response", sizeof(struct wsgi_body), 0,
					 PY_TYPE_FLAGS, body_slots };
static struct py_type_spec sized_body_spec = { "unslow.sized_response", sizeof(struct wsgi_body), 0,
					       PY_TYPE_FLAGS, sized_body_slots };

bool wsgi_response_prepare(void)
{
	start_type = py.PyType_FromSpec(&start_spec);
	body_type = start_type == NULL ? NULL : py.PyType_FromSpec(&body_spec);
	sized_body_type = body_type == NULL ? NULL : py.PyType_FromSpec(&sized_body_spec);
	if (sized_body_type == NULL)
		py.PyErr_Clear();
	return sized_body_type != NULL;
}

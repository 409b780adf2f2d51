#include "agent/wsgi_response.h"

#include "agent/app_errors.h"
#include "agent/delegate.h"

/* start_response, and the write() that the server's gives back. */
struct wsgi_start {
	struct py_delegate delegate; /* target: the server's */
	struct unit *unit;
};

static py_object start_type;
static py_object write_type;

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

static bool has_target(const struct wsgi_start *start)
{
	if (start->delegate.target == NULL) /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "the server's function is no longer valid");
	return start->delegate.target != NULL;
}

static py_object new_of(py_object type, struct unit *unit, py_object target)
{
	struct wsgi_start *made = py_new(type);

	if (made == NULL)
		return NULL;
	made->delegate.target = py_keep(target);
	made->unit = unit_keep(unit);
	return made;
}

static py_object write_call(py_object self, py_object arguments, py_object named)
{
	struct wsgi_start *write = self;
	py_object data = py.PyTuple_Size(arguments) == 1 ? py.PyTuple_GetItem(arguments, 0) : NULL;

	if (!has_target(write))
		return NULL;
	if (!write->unit->ended && data != NULL && py_type_of(data) == py.bytes_type)
		write->unit->response_bytes += (uint64_t)py.PyBytes_Size(data);
	return py.PyObject_Call(write->delegate.target, arguments, named);
}

static py_object start_call(py_object self, py_object arguments, py_object named)
{
	struct wsgi_start *start = self;
	py_object status = NULL; /* borrowed */
	py_object write;
	py_object counted;

	if (!has_target(start))
		return NULL;
	if (py.PyTuple_Size(arguments) > 0)
		status = py.PyTuple_GetItem(arguments, 0);
	else if (named != NULL)
		status = py.PyDict_GetItemString(named, "status");
	if (!start->unit->ended && status != NULL)
		start->unit->status = parse_status(status);
	write = py.PyObject_Call(start->delegate.target, arguments, named);
	if (write == NULL || start->unit->ended || !py.PyCallable_Check(write))
		return write;
	counted = new_of(write_type, start->unit, write);
	if (counted == NULL) { /* out of memory: written bytes are not counted */
		app_errors_forget();
		return write;
	}
	py.Py_DecRef(write);
	return counted;
}

static void start_dealloc(py_object self)
{
	struct wsgi_start *start = self;

	py.PyObject_GC_UnTrack(self);
	py_clear(&start->delegate.target);
	unit_release(start->unit);
	py_free(self);
}

py_object wsgi_start_new(struct unit *unit, py_object start)
{
	return new_of(start_type, unit, start);
}

static bool make_type(py_object *type, const char *name,
		      py_object (*call)(py_object, py_object, py_object))
{
	struct py_type_slot slots[] = {
		DELEGATE_SLOTS,
		{PY_SLOT_CALL, (void *)call},
		{PY_SLOT_TRAVERSE, (void *)delegate_traverse},
		{PY_SLOT_CLEAR, (void *)delegate_clear},
		{PY_SLOT_DEALLOC, (void *)start_dealloc},
		{0, NULL},
	};
	struct py_type_spec spec = {name, sizeof(struct wsgi_start), 0, PY_TYPE_FLAGS, slots};

	*type = delegate_type(&spec);
	if (*type == NULL)
		app_errors_forget();
	return *type != NULL;
}

bool wsgi_response_prepare(void)
{
	return make_type(&start_type, "unslow.start_response", start_call) &&
	       make_type(&write_type, "unslow.write", write_call);
}

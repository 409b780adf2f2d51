#include "agent/delegate.h"

#include <string.h>

#define TYPES_MAX 64

static void *types[TYPES_MAX]; /* strong; guarded by the GIL */
static size_t type_count;

py_object delegate_type(struct py_type_spec *spec)
{
	py_object type = type_count == TYPES_MAX ? NULL : py.PyType_FromSpec(spec);

	if (type != NULL)
		types[type_count++] = type;
	return type;
}

py_object delegate_target(py_object object)
{
	const void *type = py_type_of(object);

	for (size_t i = 0; i < type_count; i++)
		if (types[i] == type && ((struct py_delegate *)object)->target != NULL)
			return ((struct py_delegate *)object)->target;
	return object;
}

/* What the type is for: its own methods of these names come first. */
static bool is_own(py_object self, py_object name)
{
	static const char *const own[] = {"__call__", "__get__",   "__iter__", "__next__",
					  "close",    "__enter__", "__exit__", "__reduce_ex__"};
	size_t length;
	const char *text = py_text(name, &length);

	for (size_t i = 0; text != NULL && i < sizeof own / sizeof own[0]; i++)
		if (strcmp(text, own[i]) == 0)
			return py._PyType_Lookup(py_type_of(self), name) !=
			       py._PyType_Lookup(py.object_type, name);
	return false;
}

py_object delegate_getattro(py_object self, py_object name)
{
	struct py_delegate *delegate = self;

	if (delegate->target == NULL || is_own(self, name))
		return py.PyObject_GenericGetAttr(self, name);
	return py.PyObject_GetAttr(delegate->target, name);
}

static bool has_target(const struct py_delegate *delegate)
{
	if (delegate->target == NULL)
		py.PyErr_SetString(py.type_error, "the object is gone");
	return delegate->target != NULL;
}

int delegate_setattro(py_object self, py_object name, py_object value)
{
	struct py_delegate *delegate = self;

	return has_target(delegate) ? py.PyObject_SetAttr(delegate->target, name, value) : -1;
}

py_object delegate_repr(py_object self)
{
	struct py_delegate *delegate = self;

	return has_target(delegate) ? py.PyObject_Repr(delegate->target) : NULL;
}

py_object delegate_str(py_object self)
{
	struct py_delegate *delegate = self;

	return has_target(delegate) ? py.PyObject_Str(delegate->target) : NULL;
}

py_ssize delegate_hash(py_object self)
{
	struct py_delegate *delegate = self;

	return has_target(delegate) ? py.PyObject_Hash(delegate->target) : -1;
}

py_object delegate_compare(py_object self, py_object other, int operator)
{
	struct py_delegate *delegate = self;

	if (!has_target(delegate))
		return NULL;
	return py.PyObject_RichCompare(delegate->target, delegate_target(other), operator);
}

int delegate_traverse(py_object self, py_visit visit, void *data)
{
	struct py_delegate *delegate = self;

	return delegate->target == NULL ? 0 : visit(delegate->target, data);
}

int delegate_clear(py_object self)
{
	py_clear(&((struct py_delegate *)self)->target);
	return 0;
}

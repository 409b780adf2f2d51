#include "agent/descriptor.h"

#include <stddef.h>
#include <string.h>

#include "agent/app_errors.h"
#include "agent/delegate.h"

/* CPython 3.8's PyTypeObject (Include/cpython/object.h), where PyType_FromSpec
 * does not yet know these two offsets by name. */
#define TYPE_VECTORCALL_OFFSET_3_8 56
#define TYPE_WEAKLIST_OFFSET_3_8 208

#define VECTORCALL_COUNT(flags) ((py_ssize)((flags) & ~((size_t)1 << 63)))

enum { MEMBER_SSIZE = 19, MEMBER_READONLY = 1 }; /* Include/structmember.h */

struct stand_in {
	struct py_delegate delegate; /* target: the original */
	py_object (*vectorcall)(py_object, const py_object *, size_t, py_object);
	py_object weak_references;
	py_hook hook;   /* of a row; or */
	py_serve serve; /* of an original that no row holds */
	bool takes_self;
};

static py_object function_type; /* binds */
static py_object callable_type; /* does not */

static py_object stand_in_call(py_object callable, const py_object *values, size_t flags,
			       py_object keywords)
{
	struct stand_in *made = callable;
	struct py_arguments arguments = {values, VECTORCALL_COUNT(flags), keywords};
	py_object self = NULL;

	if (UNLIKELY(made->delegate.target == NULL)) { /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "the function is gone");
		return NULL;
	}
	if (made->takes_self) {
		if (UNLIKELY(arguments.count == 0)) /* the original says what is missing */
			return py_call(made->delegate.target, NULL, arguments);
		self = values[0];
		arguments.values++;
		arguments.count--;
	}
	if (made->hook != NULL)
		return made->hook(self, arguments.values, arguments.count, keywords);
	return made->serve(made->delegate.target, self, arguments);
}

static py_object stand_in_bind(py_object self, py_object object, py_object type)
{
	(void)type;
	if (object == NULL || object == py.none)
		return py_keep(self);
	return py.PyMethod_New(self, object);
}

/* Pickle and copy take a function by its name. */
static py_object stand_in_reduce(py_object self, py_object version)
{
	(void)version;
	return py.PyObject_GetAttrString(self, "__qualname__");
}

static void stand_in_dealloc(py_object self)
{
	struct stand_in *made = self;

	py.PyObject_GC_UnTrack(self);
	if (made->weak_references != NULL)
		py.PyObject_ClearWeakRefs(self);
	py_clear(&made->delegate.target);
	py_free(self);
}

static struct py_method_def methods[] = {
	{"__reduce_ex__", (void *)stand_in_reduce, PY_METH_O, NULL},
	{NULL, NULL, 0, NULL},
};

static struct py_member_def members[] = {
	{"__vectorcalloffset__", MEMBER_SSIZE, offsetof(struct stand_in, vectorcall),
	 MEMBER_READONLY, NULL},
	{"__weaklistoffset__", MEMBER_SSIZE, offsetof(struct stand_in, weak_references),
	 MEMBER_READONLY, NULL},
	{NULL, 0, 0, 0, NULL},
};

static bool make_type(py_object *type, const char *name, bool binds)
{
	struct py_type_slot slots[] = {
		DELEGATE_SLOTS,
		{PY_SLOT_CALL, (void *)py.PyVectorcall_Call},
		{PY_SLOT_TRAVERSE, (void *)delegate_traverse},
		{PY_SLOT_CLEAR, (void *)delegate_clear},
		{PY_SLOT_DEALLOC, (void *)stand_in_dealloc},
		{PY_SLOT_METHODS, methods},
		{PY_SLOT_MEMBERS, members},
		{binds ? PY_SLOT_DESCR_GET : 0, (void *)stand_in_bind},
		{0, NULL},
	};
	struct py_type_spec spec = {name, sizeof(struct stand_in), 0,
				    PY_TYPE_FLAGS | PY_TYPE_HAVE_VECTORCALL |
					    (binds ? PY_TYPE_METHOD_DESCRIPTOR : 0),
				    slots};
	static const py_ssize vectorcall_at = offsetof(struct stand_in, vectorcall);
	static const py_ssize weak_at = offsetof(struct stand_in, weak_references);

	if (py.version_hex >= 0x030a0000) /* the interpreter specialises only for such */
		spec.flags |= PY_TYPE_IMMUTABLE;
	*type = delegate_type(&spec);
	if (*type == NULL) {
		app_errors_forget();
		return false;
	}
	if (py.version_hex < 0x03090000) {
		memcpy((char *)*type + TYPE_VECTORCALL_OFFSET_3_8, &vectorcall_at,
		       sizeof vectorcall_at);
		memcpy((char *)*type + TYPE_WEAKLIST_OFFSET_3_8, &weak_at, sizeof weak_at);
	}
	return true;
}

bool hook_prepare(void)
{
	return make_type(&function_type, "unslow.function", true) &&
	       make_type(&callable_type, "unslow.callable", false);
}

static struct stand_in *stand_in_new(py_object type, py_object original, bool takes_self)
{
	struct stand_in *made = py_new(type);

	if (made == NULL)
		return NULL;
	made->delegate.target = py_keep(original);
	made->vectorcall = stand_in_call;
	made->takes_self = takes_self;
	return made;
}

py_object hook_method(py_object original, py_serve serve)
{
	struct stand_in *made = stand_in_new(function_type, original, true);

	if (made != NULL)
		made->serve = serve;
	return made;
}

py_object hook_callable(py_object original, py_serve serve)
{
	bool binds = py_type_of(original) == py.function_type;
	struct stand_in *made =
		stand_in_new(binds ? function_type : callable_type, original, false);

	if (made != NULL)
		made->serve = serve;
	return made;
}

bool hook_install(struct hook_row *row)
{
	py_object holder = py_module(row->module);
	py_object owner = NULL;
	py_object original = NULL;
	struct stand_in *made = NULL;
	bool done = false;

	if (row->original != NULL)
		return true;
	if (holder == NULL)
		return false;
	owner = row->class_name == NULL ? py_keep(holder) : py_attribute(holder, row->class_name);
	original = py_attribute(owner, row->method);
	if (original == NULL)
		goto out; /* the module is still being executed, or has another shape */
	made = stand_in_new(function_type, original, row->class_name != NULL);
	if (made == NULL)
		goto out;
	made->hook = row->hook;
	/* the original first: another thread may call the hook at once */
	row->original = py_keep(original);
	done = py.PyObject_SetAttrString(owner, row->method, made) == 0;
	if (!done)
		py_clear(&row->original);
out:
	app_errors_forget();
	py.Py_DecRef(owner);
	py.Py_DecRef(original);
	py.Py_DecRef(made);
	return done;
}

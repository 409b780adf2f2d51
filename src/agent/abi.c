#include "agent/abi.h"

#include <stdio.h>
#include <string.h>

#include "agent/app_errors.h"
#include "agent/delegate.h"
#include "agent/dict.h"
#include "base/hash.h"

#define FAST_ARGUMENTS 16

/* The slow way: a tuple and a dict. For keywords (rare at our entries) and for
 * more arguments than FAST_ARGUMENTS. */
static py_object call_by_tuple(py_object function, py_object self, struct py_arguments a)
{
	py_ssize shift = self != NULL;
	py_object positional = py.PyTuple_New(a.count + shift);
	py_object named = NULL;
	py_object result = NULL;

	if (positional == NULL)
		return NULL;
	if (self != NULL)
		(void)py.PyTuple_SetItem(positional, 0, py_keep(self));
	for (py_ssize i = 0; i < a.count; i++)
		(void)py.PyTuple_SetItem(positional, i + shift, py_keep(a.values[i]));
	if (a.keywords != NULL) {
		named = py.PyDict_New();
		if (named == NULL)
			goto out;
		for (py_ssize i = 0; i < py.PyTuple_Size(a.keywords); i++)
			if (py.PyDict_SetItem(named, py.PyTuple_GetItem(a.keywords, i),
					      a.values[a.count + i]) < 0)
				goto out;
	}
	result = py.PyObject_Call(function, positional, named);
out:
	py.Py_DecRef(positional);
	py.Py_DecRef(named);
	return result;
}

py_object py_call(py_object function, py_object self, struct py_arguments a)
{
	py_object stack[FAST_ARGUMENTS + 1];
	const py_object *values = a.values;
	size_t count = (size_t)a.count;

	if (a.keywords != NULL || a.count > FAST_ARGUMENTS)
		return call_by_tuple(function, self, a);
	if (self != NULL) {
		stack[0] = self;
		for (size_t i = 0; i < count; i++)
			stack[i + 1] = a.values[i];
		values = stack;
		count++;
	}
	if (py.PyObject_VectorcallDict != NULL) /* 3.9 and later */
		return py.PyObject_VectorcallDict(function, values, count, NULL);
	if (py._PyObject_FastCallDict != NULL) /* its name in 3.8 */
		return py._PyObject_FastCallDict(function, values, count, NULL);
	return call_by_tuple(function, self, a);
}

py_object py_new(py_object type)
{
	return py.PyType_GenericAlloc(type, 0);
}

void py_free(py_object self)
{
	py_object type = py_type_of(self);

	py.PyObject_GC_Del(self);
	py.Py_DecRef(type); /* instances of heap types own one since 3.8 */
}

const char *py_text(py_object text, size_t *length_bytes)
{
	py_ssize length = 0;
	const char *bytes = NULL;

	if (text != NULL && py_type_of(text) == py.unicode_type)
		bytes = py.PyUnicode_AsUTF8AndSize(text, &length);
	if (bytes == NULL)
		app_errors_forget();
	*length_bytes = (size_t)length;
	return bytes;
}

py_object py_attribute(py_object object, const char *name)
{
	py_object value = object == NULL ? NULL : py.PyObject_GetAttrString(object, name);

	if (value == NULL)
		app_errors_forget();
	return value;
}

/* Attribute or NULL, no exception made of one that is not there, none set. */
static py_object look_up(py_object object, py_object key)
{
	py_object value = NULL;

	if (py.PyObject_GetOptionalAttr != NULL)
		(void)py.PyObject_GetOptionalAttr(object, key, &value);
	else if (py._PyObject_LookupAttr != NULL)
		(void)py._PyObject_LookupAttr(object, key, &value);
	else
		value = py.PyObject_GetAttr(object, key);
	if (value == NULL)
		app_errors_forget();
	return value;
}

py_object py_attribute_kept(py_object object, py_object *key, const char *name)
{
	if (*key == NULL)
		*key = py.PyUnicode_InternFromString(name);
	if (*key == NULL)
		app_errors_forget();
	return object == NULL || *key == NULL ? NULL : look_up(object, *key);
}

/* Its type is no class statement's, and it is not a property: reading it runs C.
 * (A stand-in is what it stands for.) */
static bool is_plain(py_object descriptor)
{
	py_object type = py_type_of(descriptor);

	if ((py.PyType_GetFlags(type) & PY_TYPE_HEAP) != 0)
		type = py_type_of(delegate_target(descriptor));
	return type != py.property_type && (py.PyType_GetFlags(type) & PY_TYPE_HEAP) == 0;
}

#define NAMES_KEPT 64 /* power of two; those of the agent's own sources are fewer */

py_object py_name(const char *name)
{
	static struct {
		const char *name;
		py_object key; /* strong */
	} kept[NAMES_KEPT];
	const size_t home = hash_mix64((uintptr_t)name);
	size_t at = home & (NAMES_KEPT - 1);

	for (size_t i = 0; i < NAMES_KEPT && kept[at].name != NULL; i++) {
		if (kept[at].name == name)
			return py_keep(kept[at].key);
		at = (home + i + 1) & (NAMES_KEPT - 1);
	}
	py_object key = py.PyUnicode_InternFromString(name);

	if (key != NULL && kept[at].name == NULL) {
		kept[at].name = name;
		kept[at].key = py_keep(key);
	}
	return key;
}

py_object py_attribute_quiet(py_object object, const char *name)
{
	static py_object key_getattr, key_getattribute;
	py_object type = object == NULL ? NULL : py_type_of(object);
	py_object key = NULL;
	py_object found;
	py_object value = NULL;

	if (key_getattr == NULL)
		key_getattr = py.PyUnicode_InternFromString("__getattr__");
	if (key_getattribute == NULL)
		key_getattribute = py.PyUnicode_InternFromString("__getattribute__");
	if (type != NULL && key_getattr != NULL && key_getattribute != NULL)
		key = py_name(name);
	if (key == NULL || py._PyType_Lookup(type, key_getattr) != NULL) {
		/* of Python's own, or in C of a type that asks what it stands for (wrapt) */
	} else if ((py.PyType_GetFlags(type) & PY_TYPE_HEAP) == 0) {
		value = look_up(object, key); /* nothing of Python's own can be in such a type */
	} else {
		found = py._PyType_Lookup(type, key_getattribute);
		if (found != NULL && py_type_of(found) != py.function_type && is_plain(found)) {
			found = py._PyType_Lookup(type, key);
			if (found == NULL || is_plain(found))
				value = look_up(object, key);
		}
	}
	py.Py_DecRef(key);
	if (key == NULL)
		app_errors_forget();
	return value;
}

/* Takes the reference; NULL: `otherwise`. */
static long long_of(py_object value, long otherwise)
{
	long number;

	if (value == NULL)
		return otherwise;
	number = py.PyLong_AsLong(value);
	if (number == -1 && py.PyErr_Occurred() != NULL) {
		app_errors_forget();
		number = otherwise;
	}
	py.Py_DecRef(value);
	return number;
}

long py_long_attribute(py_object object, const char *name, long otherwise)
{
	return long_of(py_attribute(object, name), otherwise);
}

long py_long_kept(py_object object, py_object *key, const char *name, long otherwise)
{
	return long_of(py_attribute_kept(object, key, name), otherwise);
}

py_object py_module(const char *name)
{
	py_object modules = py.PyImport_GetModuleDict();

	return modules == NULL ? NULL : py.PyDict_GetItemString(modules, name);
}

#define QUALNAMES_KEPT 256 /* power of two */

/* What two strings make together, by their addresses: strong, so that they stay theirs. */
static struct qualname {
	py_object module, name;  /* module NULL: it has none, as a coroutine */
	uint32_t generation, id; /* id 0: empty */
} qualnames[QUALNAMES_KEPT];

static struct qualname *qualname_slot(py_object module, py_object name)
{
	uint64_t hash = hash_mix64((uintptr_t)module + hash_mix64((uintptr_t)name));

	return &qualnames[hash & (QUALNAMES_KEPT - 1)];
}

static void keep_qualname(struct qualname *slot, py_object module, py_object name, uint32_t id)
{
	struct qualname old = *slot;

	*slot = (struct qualname){py_keep(module), py_keep(name), dict_generation(), id};
	py.Py_DecRef(old.module);
	py.Py_DecRef(old.name);
}

static uint32_t qualname_id(py_object module, py_object name)
{
	char joined[512];
	size_t module_length;
	size_t name_length;
	struct qualname *slot = qualname_slot(module, name);
	const char *module_text;
	const char *name_text;
	uint32_t id = 0;

	if (slot->id != 0 && slot->module == module && slot->name == name &&
	    slot->generation == dict_generation())
		return slot->id;
	module_text = py_text(module, &module_length);
	name_text = py_text(name, &name_length);
	if (name_text != NULL && module_text != NULL &&
	    module_length + name_length + 2 < sizeof joined) {
		int length = snprintf(joined, sizeof joined, "%s.%s", module_text, name_text);
		id = dict_text_id(joined, (size_t)length);
	} else if (name_text != NULL) {
		id = dict_text_id(name_text, name_length);
	}
	if (id != 0 && (module == NULL || module_text != NULL))
		keep_qualname(slot, module, name, id);
	return id;
}

uint32_t py_qualname_id(py_object object)
{
	py_object module = py_attribute_quiet(object, "__module__");
	py_object name = py_attribute_quiet(object, "__qualname__");
	uint32_t id = name == NULL ? 0 : qualname_id(module, name);

	py.Py_DecRef(module);
	py.Py_DecRef(name);
	return id;
}

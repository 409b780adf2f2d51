/* The few structs and numbers of CPython's stable ABI that the agent fills in
 * by hand, as it has no Python.h.
 *
 * Sources: Include/methodobject.h, Include/object.h, Include/typeslots.h,
 * unchanged from 3.8 to 3.14 (they are the stable ABI). Reference counts of
 * objects made here follow the usual rules; every type made from a spec below
 * is tracked by the collector, so that an abandoned cycle through one of our
 * objects is freed as it would be without us.
 */
#ifndef UNSLOW_AGENT_ABI_H
#define UNSLOW_AGENT_ABI_H

#include <stdint.h>

#include "agent/agent.h"
#include "agent/python_api.h"

enum {
	PY_METH_VARARGS = 0x01,
	PY_METH_KEYWORDS = 0x02,
	PY_METH_NOARGS = 0x04,
	PY_METH_O = 0x08,
	PY_METH_FASTCALL = 0x80,
};

enum {
	PY_SLOT_MP_ASS_SUBSCRIPT = 3,
	PY_SLOT_MP_LENGTH = 4,
	PY_SLOT_MP_SUBSCRIPT = 5,
	PY_SLOT_NB_BOOL = 9,
	PY_SLOT_SQ_CONTAINS = 41,
	PY_SLOT_CALL = 50,
	PY_SLOT_CLEAR = 51,
	PY_SLOT_DEALLOC = 52,
	PY_SLOT_DESCR_GET = 54,
	PY_SLOT_GETATTRO = 58,
	PY_SLOT_HASH = 59,
	PY_SLOT_ITER = 62,
	PY_SLOT_ITERNEXT = 63,
	PY_SLOT_METHODS = 64,
	PY_SLOT_REPR = 66,
	PY_SLOT_RICHCOMPARE = 67,
	PY_SLOT_SETATTRO = 69,
	PY_SLOT_STR = 70,
	PY_SLOT_TRAVERSE = 71,
	PY_SLOT_MEMBERS = 72,
	PY_SLOT_AWAIT = 77,
	PY_SLOT_AM_SEND = 81, /* 3.10+ */
};

#define PY_TYPE_GC (1u << 14)
#define PY_TYPE_FLAGS ((1u << 18) | PY_TYPE_GC) /* default, and tracked by the collector */
#define PY_TYPE_IMMUTABLE (1u << 8)             /* 3.10+ */
#define PY_TYPE_HEAP (1u << 9)
#define PY_TYPE_HAVE_VECTORCALL (1u << 11)
#define PY_TYPE_METHOD_DESCRIPTOR (1u << 17)
#define PY_CODE_COROUTINE 0x80 /* co_flags of an async def */

struct py_method_def {
	const char *name;
	void *function;
	int flags;
	const char *doc;
};

struct py_member_def {
	const char *name;
	int type;
	py_ssize offset;
	int flags;
	const char *doc;
};

struct py_type_slot {
	int slot;
	void *function;
};

struct py_type_spec {
	const char *name;
	int basicsize;
	int itemsize;
	unsigned int flags;
	struct py_type_slot *slots;
};

/* First member of every object made by the agent (builds with a GIL). */
struct py_head {
	intptr_t references;
	void *type;
};

typedef int (*py_visit)(py_object, void *);

/* Type of an object, borrowed, without a call. */
static inline void *py_type_of(py_object object)
{
	return *(void **)((char *)object + agent_layout.object_type);
}

static inline void py_clear(py_object *member)
{
	py_object old = *member;

	*member = NULL;
	py.Py_DecRef(old);
}

static inline py_object py_keep(py_object object)
{
	py.Py_IncRef(object);
	return object;
}

/* A call's arguments as the fast convention hands them over. */
struct py_arguments {
	const py_object *values; /* positional, then the values of the keywords */
	py_ssize count;          /* positional */
	py_object keywords;      /* tuple of names, or NULL */
};

/* Call `function` with `self` (if not NULL) put before the arguments. New
 * reference, or NULL with an exception set. (abi.c) */
py_object py_call(py_object function, py_object self, struct py_arguments arguments);

/* A new object of a heap type made from a spec, fields zero. NULL: exception set. */
py_object py_new(py_object type);
/* The end of a tp_dealloc: free the memory and the reference to the type. Call
 * py.PyObject_GC_UnTrack first, before any field is cleared. */
void py_free(py_object self);

/* UTF-8 of a str (borrowed, length in bytes) or NULL, never with an exception set. */
const char *py_text(py_object text, size_t *length_bytes);
/* The interned string of a constant of the source, known again by its address: new reference, or
 * NULL with an exception set. */
py_object py_name(const char *name);
/* Attribute or NULL, never with an exception set; new reference. */
py_object py_attribute(py_object object, const char *name);
/* The same by a name that *key keeps interned from the first use on: for what is
 * asked once a request. */
py_object py_attribute_kept(py_object object, py_object *key, const char *name);
/* The same where no code of the application runs: NULL also if the class says how
 * its attributes are read (__getattr__, __getattribute__) or this one is a
 * descriptor of its own. For objects of which nothing is known. `name` as for py_name. */
py_object py_attribute_quiet(py_object object, const char *name);
/* Attribute that is an int, or `otherwise`; the second by a name that *key keeps. */
long py_long_attribute(py_object object, const char *name, long otherwise);
long py_long_kept(py_object object, py_object *key, const char *name, long otherwise);
/* sys.modules[name], borrowed, or NULL. */
py_object py_module(const char *name);
/* Dictionary id of "module.qualname" of a class, function or method, read quietly;
 * 0: it has none. */
uint32_t py_qualname_id(py_object object);

#endif

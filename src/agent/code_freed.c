#include "agent/code_freed.h"

#include "agent/abi.h"
#include "agent/app_errors.h"

/* PyTypeObject.tp_dealloc (Include/cpython/object.h, 3.8–3.13): behind the head of an object of
 * variable size, the name and two sizes. */
#define TYPE_DEALLOC 48

typedef void destructor(py_object object);

_Atomic uint64_t code_freed_count;
static destructor *pythons;

static _Atomic(destructor *) *slot_of(py_object type)
{
	return (_Atomic(destructor *) *)((char *)type + TYPE_DEALLOC);
}

static void on_dealloc(py_object code)
{
	atomic_fetch_add_explicit(&code_freed_count, 1, memory_order_release);
	pythons(code);
}

static void never(py_object object)
{
	(void)object;
}

/* A type of our own has its destructor there. */
static bool is_where_it_was(void)
{
	struct py_type_slot slots[] = {{PY_SLOT_DEALLOC, (void *)never}, {0, NULL}};
	struct py_type_spec spec = {"unslow.freed", sizeof(struct py_head), 0,
				    PY_TYPE_FLAGS & ~PY_TYPE_GC, slots};
	py_object type = py.PyType_FromSpec(&spec);
	bool is_there = type != NULL && atomic_load(slot_of(type)) == never;

	if (type == NULL)
		app_errors_forget();
	py.Py_DecRef(type);
	return is_there;
}

void code_freed_prepare(void)
{
	if (pythons != NULL || !is_where_it_was())
		return;
	pythons = atomic_load(slot_of(py.code_type));
	atomic_store(slot_of(py.code_type), on_dealloc);
	atomic_store(&code_freed_count, 1);
}

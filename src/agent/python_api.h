/* The functions of CPython that the agent calls, found by dlsym at start.
 *
 * One row a symbol: (result, name, arguments, needed). All are of the stable
 * ABI or exported by every CPython from 3.8 on, unless `needed` is 0: then the
 * pointer may be NULL and the caller has another way. Objects are void *: the
 * agent knows no struct of Python's (offsets come from struct py_layout).
 * Reference counts go through Py_IncRef/Py_DecRef; Py_DecRef(NULL) does nothing
 * (Objects/object.c: it is Py_XDECREF).
 */
#ifndef UNSLOW_AGENT_PYTHON_API_H
#define UNSLOW_AGENT_PYTHON_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/hamt.h"

typedef void *py_object;
typedef intptr_t py_ssize;

#define PYTHON_FUNCTIONS(X) \
	X(const char *, Py_GetVersion, (void), 1) \
	X(void, Py_IncRef, (py_object), 1) \
	X(void, Py_DecRef, (py_object), 1) \
	X(void *, PyGILState_GetThisThreadState, (void), 1) \
	X(void *, PyThreadState_GetUnchecked, (void), 0)  /* 3.13+ */ \
	X(void *, _PyThreadState_UncheckedGet, (void), 0) /* 3.8–3.12 */ \
	X(int, PyGILState_Check, (void), 1) \
	X(int, Py_IsFinalizing, (void), 0)  /* 3.13+ */ \
	X(int, _Py_IsFinalizing, (void), 0) /* 3.8–3.12 */ \
	X(py_object, PyImport_GetModuleDict, (void), 1) \
	X(py_object, PyImport_ImportModule, (const char *), 1) \
	X(py_object, PyObject_GetAttrString, (py_object, const char *), 1) \
	X(py_object, PyObject_GetAttr, (py_object, py_object), 1) \
	X(int, PyObject_GetOptionalAttr, (py_object, py_object, py_object *), 0) /* 3.13+ */ \
	X(int, _PyObject_LookupAttr, (py_object, py_object, py_object *), 0)     /* 3.8–3.12 */ \
	X(int, PyObject_SetAttrString, (py_object, const char *, py_object), 1) \
	X(int, PyObject_SetAttr, (py_object, py_object, py_object), 1) \
	X(py_object, PyObject_GetItem, (py_object, py_object), 1) \
	X(int, PyObject_SetItem, (py_object, py_object, py_object), 1) \
	X(int, PyObject_DelItem, (py_object, py_object), 1) \
	X(int, PySequence_Contains, (py_object, py_object), 1) \
	X(py_object, PyObject_Repr, (py_object), 1) \
	X(py_object, PyObject_RichCompare, (py_object, py_object, int), 1) \
	X(void, PyObject_ClearWeakRefs, (py_object), 1) \
	X(py_object, PyMethod_New, (py_object, py_object), 1) \
	X(py_object, PyVectorcall_Call, (py_object, py_object, py_object), 1) \
	X(py_object, _PyType_Lookup, (py_object, py_object), 1) /* borrowed */ \
	X(unsigned long, PyType_GetFlags, (py_object), 1) \
	X(void *, PyType_GetSlot, (py_object, int), 1) /* of static types: 3.10+ */ \
	X(py_object, PyObject_Call, (py_object, py_object, py_object), 1) \
	X(py_object, PyObject_CallObject, (py_object, py_object), 1) \
	X(py_object, PyObject_VectorcallDict, (py_object, const py_object *, size_t, py_object), \
	  0) /* 3.9+ */ \
	X(py_object, _PyObject_FastCallDict, (py_object, const py_object *, size_t, py_object), \
	  0) /* 3.8 */ \
	X(py_object, PyObject_CallMethod, (py_object, const char *, const char *, ...), 1) \
	X(py_object, PyObject_Str, (py_object), 1) \
	X(py_object, PyObject_GetIter, (py_object), 1) \
	X(py_object, PyIter_Next, (py_object), 1) \
	X(int, PyIter_Send, (py_object, py_object, py_object *), 0) /* 3.10+ */ \
	X(int, PyObject_IsTrue, (py_object), 1) \
	X(int, PyObject_IsInstance, (py_object, py_object), 1) \
	X(py_ssize, PyObject_Size, (py_object), 1) \
	X(py_ssize, PyObject_Hash, (py_object), 1) \
	X(int, PyCallable_Check, (py_object), 1) \
	X(py_object, PyTuple_New, (py_ssize), 1) \
	X(int, PyTuple_SetItem, (py_object, py_ssize, py_object), 1) \
	X(py_object, PyTuple_GetItem, (py_object, py_ssize), 1) \
	X(py_ssize, PyTuple_Size, (py_object), 1) \
	X(py_object, PyDict_New, (void), 1) \
	X(int, PyDict_SetItem, (py_object, py_object, py_object), 1) \
	X(py_object, PyDict_GetItemString, (py_object, const char *), 1) \
	X(py_object, PyDict_GetItem, (py_object, py_object), 1) \
	X(py_object, PyList_New, (py_ssize), 1) \
	X(int, PyList_Append, (py_object, py_object), 1) \
	X(py_ssize, PyList_Size, (py_object), 1) \
	X(py_object, PyList_GetItem, (py_object, py_ssize), 1) \
	X(py_object, PyUnicode_FromString, (const char *), 1) \
	X(py_object, PyUnicode_InternFromString, (const char *), 1) \
	X(const char *, PyUnicode_AsUTF8AndSize, (py_object, py_ssize *), 1) \
	X(char *, PyBytes_AsString, (py_object), 1) \
	X(py_ssize, PyBytes_Size, (py_object), 1) \
	X(py_object, PyBytes_FromStringAndSize, (const char *, py_ssize), 1) \
	X(long, PyLong_AsLong, (py_object), 1) \
	X(py_object, PyLong_FromSsize_t, (py_ssize), 1) \
	X(py_object, PyCFunction_NewEx, (void *, py_object, py_object), 1) \
	X(py_object, PyType_FromSpec, (void *), 1) \
	X(int, PyType_IsSubtype, (py_object, py_object), 1) \
	X(void, PyObject_GC_UnTrack, (void *), 1) \
	X(void, PyObject_GC_Del, (void *), 1) \
	X(py_object, PyObject_GenericGetAttr, (py_object, py_object), 1) \
	X(py_object, PyType_GenericAlloc, (py_object, py_ssize), 1) \
	X(py_object, PyContext_New, (void), 1) \
	X(int, PyContext_Enter, (py_object), 1) \
	X(int, PyContext_Exit, (py_object), 1) \
	X(py_object, PyContextVar_New, (const char *, py_object), 1) \
	X(py_object, PyContextVar_Set, (py_object, py_object), 1) \
	X(void, PyErr_Fetch, (py_object *, py_object *, py_object *), 1) \
	X(void, PyErr_Restore, (py_object, py_object, py_object), 1) \
	X(py_object, PyErr_Occurred, (void), 1) \
	X(void, PyErr_Clear, (void), 1) \
	X(void, PyErr_SetString, (py_object, const char *), 1) \
	X(void, PyErr_SetNone, (py_object), 1) \
	X(int, PyErr_CheckSignals, (void), 1) \
	X(py_object, PyEval_GetFrame, (void), 1) \
	X(py_object, PyEval_GetGlobals, (void), 1) /* borrowed */ \
	X(int, Py_AddPendingCall, (int (*)(void *), void *), 1) \
	X(int, PyGILState_Ensure, (void), 1) \
	X(void, PyGILState_Release, (int), 1) \
	X(py_ssize, _PyEval_RequestCodeExtraIndex, (void (*)(void *)), 0) /* 3.8–3.11 */ \
	X(int, _PyCode_SetExtra, (py_object, py_ssize, void *), 0)        /* 3.8–3.11 */ \
	X(int, _PyCode_GetExtra, (py_object, py_ssize, void **), 0)       /* 3.8–3.11 */ \
	X(void *, PyThreadState_Swap, (void *), 0) \
	X(void, PyEval_SetProfile, (int (*)(py_object, uintptr_t, int, py_object), py_object), 0) \
	X(void, PyEval_SetTrace, (int (*)(py_object, uintptr_t, int, py_object), py_object), 0) \
	X(int, _PyEval_SetProfile, \
	  (void *, int (*)(py_object, uintptr_t, int, py_object), py_object), 0) /* 3.9–3.11 */ \
	X(void *, _PyInterpreterState_GetEvalFrameFunc, (void *), 0)             /* 3.9+ */ \
	X(void, _PyInterpreterState_SetEvalFrameFunc, (void *, void *), 0)       /* 3.9+ */

struct python_api {
#define DECLARE(result, name, arguments, needed) result(*name) arguments;
	PYTHON_FUNCTIONS(DECLARE)
#undef DECLARE
	py_object none;           /* &_Py_NoneStruct */
	py_object stop_iteration; /* *PyExc_StopIteration */
	py_object stop_async_iteration;
	py_object generator_exit;
	py_object system_exit;
	py_object keyboard_interrupt;
	py_object type_error; /* *PyExc_TypeError */
	void *unicode_type;   /* &PyUnicode_Type */
	void *bytes_type;     /* &PyBytes_Type */
	void *list_type;      /* &PyList_Type */
	void *tuple_type;     /* &PyTuple_Type */
	void *type_type;      /* &PyType_Type */
	void *object_type;    /* &PyBaseObject_Type */
	void *function_type;  /* &PyFunction_Type */
	void *property_type;  /* &PyProperty_Type */
	void *runtime;        /* &_PyRuntime */
	py_object code_type;  /* &PyCode_Type */
	uint32_t version_hex; /* from Py_GetVersion, 0x030b07f0 */
	char version[32];     /* its first word, "3.11.7": compiler and a line break follow it */
};

extern struct python_api py;

/* Resolve every row. False and a reason if a needed one is absent. No GIL needed. */
bool python_api_resolve(char *reason, size_t reason_size);

/* Types of HAMT nodes, learnt by python_layout_verify; for hamt_find. */
extern struct hamt_types agent_hamt_types;

/* Choose the layout of the running version, verify it by public API and put it
 * in agent_layout; GIL held, no exception set. Checked: frames of a lambda and a
 * generator expression of our own, the fields of their code objects, a fresh
 * Context and its variables, this thread's ids, the GIL, strings and bytes.
 * False and a reason naming the field; agent_layout.version_hex stays 0 then. */
bool python_layout_verify(char *reason, size_t reason_size);

#endif

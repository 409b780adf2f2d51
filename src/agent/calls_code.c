#include "agent/calls_code.h"

#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/mapped.h"

#define EXTRA_REACH 256 /* bytes of a code object before 3.12 in which co_extra lies */
#define PROBE UINT64_C(0x5a17c0de5a17c0de)

struct calls_code_state calls_code_state;

static uint64_t last_number;

uint64_t calls_code_number(uintptr_t code)
{
	py_object type, value, traceback;
	uint64_t number = ++last_number;

	py.PyErr_Fetch(&type, &value, &traceback);
	if (py._PyCode_SetExtra((py_object)code, (py_ssize)calls_code_state.extra_index,
				(void *)(uintptr_t)number) != 0)
		app_errors_forget(); /* out of memory: as if each call were of another function */
	py.PyErr_Restore(type, value, traceback);
	return number;
}

/* Looks for the slot that now holds PROBE. */
static bool find_extra(py_object code)
{
	for (size_t at = 0; at < EXTRA_REACH; at += sizeof(void *)) {
		uintptr_t word = *(const uintptr_t *)((const char *)code + at);
		void *value = NULL;

		/* what lies at the end of the object, and is where the allocator puts things */
		if (word == 0 || word % sizeof(void *) != 0)
			continue;
		if (!mapped_readable(word,
				     sizeof(intptr_t) + 8 * (calls_code_state.extra_index + 1)))
			continue;
		const struct calls_code_extra *extra = (const struct calls_code_extra *)word;
		if ((size_t)extra->size <= calls_code_state.extra_index || extra->size > 255 ||
		    extra->values[calls_code_state.extra_index] != PROBE)
			continue;
		if (py._PyCode_GetExtra(code, (py_ssize)calls_code_state.extra_index, &value) !=
			    0 ||
		    (uintptr_t)value != PROBE)
			continue;
		calls_code_state.extra_at = at;
		return true;
	}
	return false;
}

static bool find_slot(py_object code, char *reason, size_t reason_size)
{
	py_ssize index = py._PyEval_RequestCodeExtraIndex(NULL);
	bool found = false;

	if (index < 0) {
		snprintf(reason, reason_size, "no extra slot of code objects is free");
		return false;
	}
	calls_code_state.extra_index = (size_t)index;
	if (mapped_read() && py._PyCode_SetExtra(code, index, (void *)(uintptr_t)PROBE) == 0)
		found = find_extra(code);
	if (!found)
		snprintf(reason, reason_size, "co_extra of code objects was not found");
	return found;
}

bool calls_code_prepare(char *reason, size_t reason_size)
{
	py_object scope, lambda, code;
	bool found = false;

	if (agent_layout.code_version != PY_UNKNOWN || calls_code_state.extra_at != 0)
		return true;
	snprintf(reason, reason_size, "extra slots of code objects are not to be had");
	if (py._PyEval_RequestCodeExtraIndex == NULL || py._PyCode_SetExtra == NULL ||
	    py._PyCode_GetExtra == NULL)
		return false;
	scope = py.PyDict_New();
	lambda = scope == NULL ? NULL
			       : py.PyObject_CallMethod(py_module("builtins"), "eval", "sO",
							"lambda: None", scope);
	code = lambda == NULL ? NULL : py_attribute(lambda, "__code__");
	if (code != NULL)
		found = find_slot(code, reason, reason_size);
	app_errors_forget();
	py.Py_DecRef(code);
	py.Py_DecRef(lambda);
	py.Py_DecRef(scope);
	if (found)
		reason[0] = '\0';
	return found;
}

#include "agent/calls_trial.h"

#include "agent/abi.h"
#include "agent/app_errors.h"

py_object calls_trial_make(const char *program)
{
	py_object builtins = py_module("builtins"), scope = py.PyDict_New(), done;

	done = scope == NULL ? NULL
			     : py.PyObject_CallMethod(builtins, "exec", "sO", program, scope);
	app_errors_forget();
	if (done == NULL) {
		py.Py_DecRef(scope);
		return NULL;
	}
	py.Py_DecRef(done);
	return scope;
}

uintptr_t calls_trial_code(py_object function)
{
	py_object code = function == NULL ? NULL : py_attribute(function, "__code__");

	app_errors_forget();
	py.Py_DecRef(code); /* the function has it */
	return (uintptr_t)code;
}

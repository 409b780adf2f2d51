#include "agent/descriptor.h"

bool hook_install(struct hook_row *row)
{
	py_object holder = py_module(row->module);
	py_object owner = NULL;
	py_object original = NULL;
	py_object hook = NULL;
	bool done = false;

	if (row->original != NULL)
		return true;
	if (holder == NULL)
		return false;
	owner = row->class_name == NULL ? py_keep(holder) : py_attribute(holder, row->class_name);
	original = py_attribute(owner, row->method.name);
	if (original == NULL)
		goto out; /* the module is still being executed, or has another shape */
	hook = row->class_name == NULL ? py.PyCFunction_NewEx(&row->method, NULL, NULL)
				       : py.PyDescr_NewMethod(owner, &row->method);
	if (hook == NULL)
		goto out;
	/* the original first: another thread may call the hook at once */
	row->original = py_keep(original);
	done = py.PyObject_SetAttrString(owner, row->method.name, hook) == 0;
	if (!done)
		py_clear(&row->original);
out:
	py.PyErr_Clear();
	if (owner != NULL)
		py.Py_DecRef(owner);
	if (original != NULL)
		py.Py_DecRef(original);
	if (hook != NULL)
		py.Py_DecRef(hook);
	return done;
}

/* Setting a C function in the place of a method, and of a module's function.
 *
 * A method descriptor (PyDescr_NewMethod) set on the class binds self, serves
 * subclasses, costs 28–74 ns and is undone by setting the old one. The original
 * is kept, strong, in the row: hooks call it with self first.
 */
#ifndef UNSLOW_AGENT_DESCRIPTOR_H
#define UNSLOW_AGENT_DESCRIPTOR_H

#include <stdbool.h>

#include "agent/abi.h"

/* A fast function with keywords: what every hook is. */
typedef py_object (*py_hook)(py_object self, const py_object *values, py_ssize count,
			     py_object keywords);

/* One hook: where, what, and the original once it is in place. */
struct hook_row {
	const char *module;
	const char *class_name; /* NULL: a function of the module */
	struct py_method_def method;
	py_object original; /* NULL: not in place */
	bool wanted; /* its module has been asked for: look for the class */
};

#define HOOK_ROW(module_, class_, method_, function_) \
	{ .module = (module_), \
	  .class_name = (class_), \
	  .method = { (method_), (void *)(function_), PY_METH_FASTCALL | PY_METH_KEYWORDS, NULL } }

/* Put the row in place if its class and method exist by now. GIL held; no
 * exception is left set. True: it is in place. */
bool hook_install(struct hook_row *row);

#endif

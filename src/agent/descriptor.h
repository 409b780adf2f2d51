/* Setting a C function in the place of a method, and of a module's function.
 *
 * What is set is a stand-in of the original: it binds self (any self) and is
 * called like a function, without a bound method in between, and answers
 * everything else as the original does (delegate.h), so that inspect, mock,
 * functools.wraps and frameworks that ask "is it async?" see what they would
 * without us. Setting the original again undoes it. The original is kept,
 * strong, in the row: hooks call it with self first.
 */
#ifndef UNSLOW_AGENT_DESCRIPTOR_H
#define UNSLOW_AGENT_DESCRIPTOR_H

#include <stdbool.h>

#include "agent/abi.h"

/* A fast function with keywords: what every hook is. */
typedef py_object (*py_hook)(py_object self, const py_object *values, py_ssize count,
			     py_object keywords);

/* The same for an original that no row holds; self is NULL for a stand-in that
 * takes none. */
typedef py_object (*py_serve)(py_object original, py_object self, struct py_arguments arguments);

/* One hook: where, what, and the original once it is in place. */
struct hook_row {
	const char *module;
	const char *class_name; /* NULL: a function of the module */
	const char *method;
	py_hook hook;
	py_object original; /* NULL: not in place */
	bool wanted;        /* its module has been asked for: look for the class */
};

#define HOOK_ROW(module_, class_, method_, function_) \
	{ \
		.module = (module_), .class_name = (class_), .method = (method_), \
		.hook = (function_) \
	}

/* Makes the types. False: could not; nothing may be installed. GIL held. */
bool hook_prepare(void);

/* Put the row in place if its class and method exist by now. GIL held; no
 * exception is left set. True: it is in place. */
bool hook_install(struct hook_row *row);

/* Stand-ins for `original` that no row holds: of a method (`serve` gets self),
 * and of any callable (it gets none). New reference, or NULL with an exception set. */
py_object hook_method(py_object original, py_serve serve);
py_object hook_callable(py_object original, py_serve serve);

#endif

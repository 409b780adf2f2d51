/* Exceptions that reach the framework or the server: class and where, never
 * the message.
 */
#ifndef UNSLOW_AGENT_EXCEPTIONS_H
#define UNSLOW_AGENT_EXCEPTIONS_H

#include "agent/descriptor.h"
#include "agent/units.h"

/* Writes RECORD_EXCEPTION, once a unit, and keeps the class in the unit. `type`
 * and `traceback` as PyErr_Fetch gives them; either may be NULL. Call with no
 * exception set. Cancellation and GeneratorExit are not errors: not written. Of a unit that
 * has ended, only the record tells. */
void exception_note(struct unit *unit, py_object type, py_object traceback);

/* The same for the unit of the calling thread, if there is one, from an exception object. */
void exception_note_object(py_object exception);

/* Is `type` the exception class `class` or one below it? Either may be NULL. */
bool exception_is(py_object type, py_object class);

extern struct hook_row exception_hooks[]; /* end: module NULL */

#endif

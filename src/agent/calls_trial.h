/* Functions of unslow's own that are run to learn what counting them costs (calls_cost.h,
 * calls_lines_cost.h). They are made from their source, in no module. GIL held; no exception is
 * left.
 */
#ifndef UNSLOW_AGENT_CALLS_TRIAL_H
#define UNSLOW_AGENT_CALLS_TRIAL_H

#include <stdint.h>

#include "agent/python_api.h"

/* What `program` defines, a dict: a new reference. NULL: it could not be run. */
py_object calls_trial_make(const char *program);
/* The address of a function's code object, which the function keeps. 0: it has none. */
uintptr_t calls_trial_code(py_object function);

#endif

/* When the agent's Python side comes alive, and where it hooks in.
 *
 * One audit hook, added before the interpreter starts. Its events:
 *   cpython.run_*       the interpreter is up: agent_start(), then prepare()
 *   import              the same in a host that embeds Python; later, hooks whose
 *                       module has been asked for are put in place (no event
 *                       follows the end of an import: a class is looked for at
 *                       each later one, at socket.bind and open)
 *   socket.bind, open   the last chance before the first request; later, the
 *                       next units
 *   cpython._PySys_ClearAuditHooks   the interpreter ends
 * Every other event costs one compare, and what CPython does to raise it.
 */
#ifndef UNSLOW_AGENT_PYTHON_HOOKS_H
#define UNSLOW_AGENT_PYTHON_HOOKS_H

#include <stdbool.h>

/* A unit begins: modules loaded by the one before it (executors are loaded on
 * first use) get their hooks. `settled`: the process has served for a while; the
 * audit hook, which makes CPython build the arguments of each event (1 to 2 µs
 * a request), is taken out, and units look for new modules from now on.
 * GIL held; an exception that is set stays set. */
void python_hooks_at_unit(bool settled);
/* A server has loaded the application. GIL held; an exception that is set stays set. */
void python_hooks_at_application(void);
/* In the fork's child: it has not settled yet. */
void python_hooks_after_fork(void);

/* Adds the audit hook. Called by the constructor, before Py_Initialize, no GIL. */
void python_hooks_install(void);

#endif

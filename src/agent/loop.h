/* asyncio callbacks: each passes Handle._run, where a hook times it.
 *
 * Callbacks of LOOP_CALLBACK_NS or more are recorded; all of them mark the
 * thread (agent_thread.loop_depth), so that calls made inside are known to hold
 * up the loop. uvloop has no such handle: its callbacks are not visible, and a
 * fact says so; units work there as well.
 */
#ifndef UNSLOW_AGENT_LOOP_H
#define UNSLOW_AGENT_LOOP_H

#include "agent/descriptor.h"

#define LOOP_CALLBACK_NS 50000

extern struct hook_row loop_hooks[]; /* end: module NULL */

#endif

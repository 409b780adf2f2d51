/* Tasks of asyncio: where they are made, and how many there are.
 *
 * Each task that is made is noted with its line, up to TASKS_NOTED a second; about once a second,
 * when one is made, those that live are counted in asyncio's own set of them. Where there are
 * TASKS_MANY and more than at the look before, TASKS_LOOKED of them are looked at: which coroutine
 * it is, and where it waits. Under uvloop only tasks of asyncio.create_task are seen.
 */
#ifndef UNSLOW_AGENT_TASKS_H
#define UNSLOW_AGENT_TASKS_H

#include "agent/descriptor.h"

enum { TASKS_NOTED = 64, TASKS_MANY = 64, TASKS_LOOKED = 256 };

extern struct hook_row task_hooks[]; /* end: module NULL */

#endif

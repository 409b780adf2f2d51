/* Waits for a connection of an asynchronous pool, or for a lock or a semaphore of asyncio: a task waits, no
 * thread does, so no call of the C library shows them. Written as RECORD_LOCK like those of
 * threads: what a stack in a pool's code waits for is its connection (recording/names.c).
 *
 * Only where all connections are lent, the lock or all places are taken, is there a record; else the method is
 * called as ever. A new pool is a row in pool_waits.c.
 */
#ifndef UNSLOW_AGENT_POOL_WAITS_H
#define UNSLOW_AGENT_POOL_WAITS_H

#include "agent/descriptor.h"

extern struct hook_row pool_wait_hooks[]; /* end: module NULL */

#endif

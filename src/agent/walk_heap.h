/* All objects of the process, each once, and what they refer to.
 *
 * The collector's lists hold every object that it follows. An object outside of them is found when
 * one inside refers to it: texts, numbers, code objects, and the tuples and dicts that the
 * collector has left out because they held no object that it follows (Objects/tupleobject.c,
 * _PyTuple_MaybeUntrack); the parts of the last three are found in turn. Frames that run are in no
 * list, mostly: their local variables are looked at by themselves.
 *
 * References are what a type's tp_traverse visits, as for the collector. A walk ends early when its
 * time is over (walk_late).
 */
#ifndef UNSLOW_AGENT_WALK_HEAP_H
#define UNSLOW_AGENT_WALK_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/python_api.h"
#include "agent/walk_objects.h"

/* When it is to end from now on, by CLOCK_MONOTONIC. */
void walk_until(uint64_t ns);
/* Whose copy this process is. */
extern long walk_parent;
/* Looked at again and again. If the process whose copy this is has gone, this one goes, too. */
bool walk_late(void);

/* The collector's state; 0: it takes its lists apart now, and they are not to be followed: a
 * pending call may be made by what a finalizer runs. */
uintptr_t walk_collector(void);
/* Are the lists where the layout says? False: `reason` says what does not fit. */
bool walk_heap_check(char *reason, size_t reason_size);

/* What an object refers to; fits tp_traverse. 0: go on. */
typedef int walk_visit(py_object object, void *context);
/* As the collector sees it: a dict's keys are left out where all are str. Both of an object that
 * may be in the lists (walk_is_gc); the second also of code. */
void walk_traverse(uintptr_t object, walk_visit *visit, void *context);
void walk_references(uintptr_t object, walk_visit *visit, void *context);

typedef void walk_each(uintptr_t object, void *context);
/* Each object in the lists, oldest generation first; false: it was late. */
bool walk_tracked(walk_each *each, void *context);

/* A frame that runs, and the thread state that it belongs to. */
struct walk_running {
	uintptr_t tstate;
	uintptr_t frame; /* as walk_locals_of() takes it */
	uintptr_t code;
};
typedef void walk_each_frame(const struct walk_running *running, void *context);
void walk_frames(walk_each_frame *each, void *context);
/* Its variables and, where they are known, what lies on its stack. */
void walk_frame_references(uintptr_t frame, walk_visit *visit, void *context);

/* The thread states of the interpreter; 0: no more. */
uintptr_t walk_first_thread(void);
uintptr_t walk_next_thread(uintptr_t tstate);

#endif

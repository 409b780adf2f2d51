/* A tree's memory: its reserved address space, its file, its nodes and the tables that find them.
 *
 * What calls_tree.c and calls_owner.c alone use. As in calls_tree.h: on the owner's thread, with
 * the GIL held; first sights only, so system calls may be made, and Python be asked for a name.
 */
#ifndef UNSLOW_AGENT_CALLS_NODES_H
#define UNSLOW_AGENT_CALLS_NODES_H

#include "agent/calls_tree.h"

#define CALLS_THREAD_ROOT 1u
#define CALLS_SCRATCH 0u /* number of a tree without a file */
/* Deeper calls count at the last one, as lost. */
#define CALLS_DEPTH_MAX (1u << 20)
/* Where address space is limited: a tree takes 3 MB of it. */
#define CALLS_DEPTH_LIMITED (1u << 13)
#define CALLS_NODES_LIMITED (1u << 14)

/* Python is asked for something: its events meanwhile are not counted. */
extern AGENT_TLS bool calls_inside;

/* Room for deeper calls. False: it is as deep as it gets, or the system has no memory. */
bool calls_nodes_deeper(struct calls_thread *t);

/* A tree with its root, and a file unless it is CALLS_SCRATCH. NULL: no room. */
struct calls_thread *calls_nodes_make(uint32_t number);
void calls_nodes_unmake(struct calls_thread *t);

/* The node of a caller's node and a key; 0: there is none. */
uint32_t calls_nodes_find(const struct calls_thread *t, uint32_t parent, uint64_t key);
/* A new one; `named`: the object is its text or code id already. 0: no room, counted. */
uint32_t calls_nodes_new(struct calls_thread *t, uint32_t parent, uint64_t key, uintptr_t object,
			 uint32_t kind, bool named);
/* The one or the other. */
uint32_t calls_nodes_get(struct calls_thread *t, uint32_t parent, uint64_t key, uintptr_t object,
			 uint32_t kind);
/* A node of that function, anywhere; 0: none. */
uint32_t calls_nodes_of(const struct calls_thread *t, uint64_t key);

/* calls_tree.c: the stack begins now, with the root alone; or with the thread's next event. */
void calls_stack_begin(struct calls_thread *t);
void calls_stack_reset(struct calls_thread *t);

#endif

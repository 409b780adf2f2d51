/* A thread's tree of calls: what an engine tells of each event, counted and timed.
 *
 * An engine (calls_control.h) runs with the GIL held, on the thread whose event it is, and calls
 *
 *     struct calls_thread *t = calls_thread_now();
 *     if (t != NULL)
 *             calls_enter(t, calls_code_key(code), code);
 *
 * None of these calls Python, allocates, locks or raises, but where a (caller, callee) is seen for
 * the first time: then the file may grow (system calls), and a C function's name is asked of
 * Python. What the file holds and means: calls_file.h. Beside it a thread has, in address space
 * that is reserved once and opened as it is used (calls_space.h),
 *
 *     struct calls_thread | area: header, live | deeper live | active | table | places | nodes |
 *     histograms
 *
 * so that `live` goes on behind the file's part of it. Only the owner writes, with the GIL held.
 *
 * Ends are checked: who leaves must be the function on top. If it is not, events were missed: the
 * stack is cut down to it if it is there, else the end is not ours (its begin was before the
 * engine, or it was not chosen). So an engine may report ends of functions whose begin it did not
 * report. A thread's place is taken over by a later thread, whose calls go on in the same tree.
 */
#ifndef UNSLOW_AGENT_CALLS_TREE_H
#define UNSLOW_AGENT_CALLS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"
#include "agent/calls_clock.h"
#include "agent/calls_code.h"
#include "agent/calls_timeline.h"

struct calls_thread {
	struct calls_node *top; /* of the live stack; node 0: calls that found no room, or reset */
	struct calls_node *nodes;
	uint32_t *active; /* calls of a function on the stack, by node.place */
	struct agent_thread *thread;
	uint32_t depth;
	uint32_t deepest;               /* calls there count at the one place: no more is open */
	uint32_t unit;                  /* number of the unit whose code runs, 24 bits; 0: none */
	struct timeline_area *timeline; /* NULL: none is asked for */
	struct calls_histogram *histograms;
	/* only at first sights */
	uint32_t lengths; /* bytes of `histograms` that are there */
	uint32_t place_count, table_mask, places_mask;
	uint32_t *table;  /* nodes by (parent, key) */
	uint32_t *places; /* a node of each function, by key */
	uint64_t over;    /* calls past the deepest */
	const struct calls_sizes *sizes;
	char *file; /* what it has behind its header */
	size_t reserved;
	uint32_t number;
	struct timeline_area *made_timeline;
	bool owned;     /* by a thread that lives */
	bool greenlets; /* switches of this thread are told (calls_greenlets.h) */
	struct calls_thread *next;
};

/* Of the process: set by calls_control.c before an engine is installed. NULL: nothing is counted.
 */
extern struct calls_process *calls_process;
/* The lengths of single calls are kept of callees that are new from now on, as far as there is
 * room. */
extern bool calls_tree_histograms;
extern AGENT_TLS struct calls_thread *calls_self;
/* The calling thread's tree, made now if it can be; also NULL inside the agent's own slow paths. */
struct calls_thread *calls_thread_claim(void);

static inline struct calls_thread *calls_thread_now(void)
{
	struct calls_thread *t = calls_self;

	return LIKELY(t != NULL) ? t : calls_thread_claim();
}

/* A tree in memory of its own for the calling thread, then the one that it had before (NULL: none,
 * it claims one as it needs it). Between the two no other may be begun. */
struct calls_thread *calls_scratch_begin(void);
void calls_scratch_end(struct calls_thread *before);

/* A function that was never seen is a sign of a module that was just loaded: the hooks of units and
 * pools must be in place before it is used. Where functions are chosen, an engine asks here for
 * those that are not, too. Python is asked; what it runs meanwhile is not counted. */
void calls_look_for_hooks(void);

/* All stacks begin anew with the next event of their thread: what was on them is not known any
 * more. GIL held; before an engine is installed. */
void calls_tree_reset(void);
/* No callee is expected any more: the functions that are chosen are others. GIL held. */
void calls_tree_forget_order(void);
/* The thread ends (thread.c); a fork's child. */
void calls_tree_thread_end(struct agent_thread *thread);
void calls_tree_after_fork(void);

/* --- inside ---------------------------------------------------------------- */

static inline struct calls_area *calls_area_of(struct calls_thread *t)
{
	return (struct calls_area *)((char *)t + CHANNEL_PAGE);
}

static inline struct calls_live *calls_live_of(struct calls_thread *t)
{
	return calls_area_of(t)->live;
}

static inline void calls_add64(_Atomic uint64_t *counter, uint64_t value)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + value,
			      memory_order_relaxed);
}

static inline void calls_add32(_Atomic uint32_t *counter, uint32_t value)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + value,
			      memory_order_relaxed);
}

/* Ticks suspended; `nested`: inside another call of the same function, which has them as its own.
 * Roots are never inside one another. */
static inline void calls_add_wait(struct calls_node *node, uint64_t waiting, uint64_t ready,
				  bool nested)
{
	if (nested && (node->kind == CALLS_FUNCTION || node->kind == CALLS_C_FUNCTION)) {
		calls_add64(&node->nested, waiting + ready);
		return;
	}
	calls_add64(&node->waiting, waiting);
	calls_add64(&node->ready, ready);
}

struct calls_times {
	uint64_t wall, cpu;
};

/* What passed since the event before is the top's. */
static inline struct calls_times calls_pass(struct calls_thread *t)
{
	struct calls_area *area = calls_area_of(t);
	struct calls_node *top = t->top;
	uint64_t last_wall = atomic_load_explicit(&area->last_wall, memory_order_relaxed);
	uint64_t last_cpu = atomic_load_explicit(&area->last_cpu, memory_order_relaxed);
	struct calls_times now = {.wall = calls_ticks()};

	now.cpu = calls_cpu_at(t->thread, now.wall, last_wall);
	if (UNLIKELY(now.cpu < last_cpu))
		now.cpu = last_cpu;
	calls_add64(&top->own_wall, now.wall - last_wall);
	calls_add64(&top->own_cpu, now.cpu - last_cpu);
	atomic_store_explicit(&area->last_wall, now.wall, memory_order_relaxed);
	atomic_store_explicit(&area->last_cpu, now.cpu, memory_order_relaxed);
	calls_add64(&area->events, 1);
	return now;
}

/* Its stack begins anew with its next event. */
static inline bool calls_tree_is_reset(struct calls_thread *t)
{
	return t->depth == 1 && calls_live_of(t)[0].node == 0;
}

/* First sights, and whatever else is not the rule. 0: no room. */
uint32_t calls_child_find(struct calls_thread *t, uint64_t key, uintptr_t object, uint32_t kind);
void calls_leave_odd(struct calls_thread *t, uint64_t key, struct calls_times now, bool raised);
/* calls_suspend.c: `live` is the top, suspended or resumed at `now`. */
void calls_suspended(struct calls_thread *t, struct calls_live *live, uintptr_t frame,
		     struct calls_times now);
void calls_resumed(struct calls_thread *t, struct calls_live *live, uintptr_t frame,
		   struct calls_times now);
/* An ended call that is more than a node's numbers: it was suspended, or its length is kept. */
void calls_ended(struct calls_thread *t, struct calls_node *node, struct calls_live *live,
		 struct calls_times now);

static inline void calls_note(struct calls_thread *t, const struct calls_node *node, uint32_t event,
			      struct calls_times now)
{
	if (UNLIKELY(t->timeline != NULL))
		calls_timeline_add(t->timeline, now.wall, node->code, event, t->unit);
}

#define CALLS_LIVE_RESUMED 1u
#define CALLS_LIVE_RECORD 8 /* flags >> this: number of its record of suspensions */

/* Who calls several functions calls them in the same order again: the child that was called last,
 * then the one that came after it the last time. 0: neither. */
static inline uint32_t calls_child_guess(struct calls_thread *t, uint64_t key)
{
	uint32_t child = t->top->recent;

	if (LIKELY(t->nodes[child].key == key))
		return child;
	child = t->nodes[child].next;
	if (t->nodes[child].key != key)
		return 0;
	t->top->recent = child;
	return child;
}

static inline struct calls_node *calls_push(struct calls_thread *t, uint64_t key, uintptr_t object,
					    uint32_t kind, struct calls_times now)
{
	uint32_t child = calls_child_guess(t, key);
	struct calls_live *live;
	struct calls_node *node;

	if (UNLIKELY(child == 0 || t->depth >= t->deepest))
		child = calls_child_find(t, key, object, kind);
	node = &t->nodes[child];
	live = &calls_live_of(t)[t->depth];
	live->node = child;
	live->flags = 0;
	live->wall = now.wall;
	live->cpu = now.cpu;
	t->active[node->place]++;
	t->top = node;
	atomic_store_explicit(&calls_area_of(t)->depth, ++t->depth, memory_order_release);
	return node;
}

static inline void calls_pop(struct calls_thread *t, struct calls_times now)
{
	struct calls_live *live = &calls_live_of(t)[--t->depth];
	struct calls_node *node = t->top;

	if (--t->active[node->place] == 0) {
		calls_add64(&node->total_wall, now.wall - live->wall);
		calls_add64(&node->total_cpu, now.cpu - live->cpu);
	}
	atomic_store_explicit(&calls_area_of(t)->depth, t->depth, memory_order_release);
	t->top = &t->nodes[live[-1].node];
}

/* --- events ---------------------------------------------------------------- */

/* Some events are timed, from their clock reading to their end: where the program runs they take
 * longer than where their cost was measured (calls_cost.h). What was interrupted is left out. GIL
 * held. */
struct calls_looks {
	_Atomic uint64_t count, ticks;
};
extern struct calls_looks calls_looks, calls_far_looks;
void calls_look_back(uint64_t since);
/* What it takes here to make the int that Python makes for an event that is far. */
void calls_look_at_far(void);

/* Which ones: a Weyl sequence of their number, which keeps step with no loop. */
#define CALLS_LOOK_BACK_EVERY 64u
#define CALLS_LOOK_AT_FAR_EVERY 256u
static inline bool calls_is_one_in(struct calls_thread *t, uint32_t some)
{
	uint64_t events = atomic_load_explicit(&calls_area_of(t)->events, memory_order_relaxed);

	return UNLIKELY((uint32_t)events * UINT32_C(0x9e3779b1) < UINT32_MAX / some);
}

static inline void calls_done(struct calls_thread *t, struct calls_times now)
{
	if (calls_is_one_in(t, CALLS_LOOK_BACK_EVERY))
		calls_look_back(now.wall);
}

/* A Python function begins. `key` is calls_code_key(code). */
static inline void calls_enter(struct calls_thread *t, uint64_t key, uintptr_t code)
{
	struct calls_times now = calls_pass(t);
	struct calls_node *node = calls_push(t, key, code, CALLS_FUNCTION, now);

	calls_add64(&node->calls, 1);
	calls_note(t, node, TIMELINE_BEGIN, now);
	calls_done(t, now);
}

static inline uint32_t calls_end_event(const struct calls_node *node, bool raised)
{
	if (node->kind == CALLS_C_FUNCTION)
		return raised ? TIMELINE_C_RAISED : TIMELINE_C_END;
	return raised ? TIMELINE_RAISED : TIMELINE_END;
}

/* It returns, or (raised) an exception leaves it. */
static inline void calls_leave(struct calls_thread *t, uint64_t key, bool raised)
{
	struct calls_times now = calls_pass(t);
	struct calls_node *node = t->top;
	struct calls_live *live = &calls_live_of(t)[t->depth - 1];

	if (UNLIKELY(node->key != key)) {
		calls_leave_odd(t, key, now, raised);
		return;
	}
	if (UNLIKELY(raised))
		calls_add32(&node->raised, 1);
	if (UNLIKELY(live->flags | node->histogram))
		calls_ended(t, node, live, now);
	calls_note(t, node, calls_end_event(node, raised), now);
	calls_pop(t, now);
	calls_done(t, now);
}

/* A generator, coroutine or asynchronous generator hands over to whoever resumed it. `frame` is
 * what stays the same until it goes on: the address of its frame. 0: the time until then is no
 * waiting (a generator's value, wanted by nobody yet). */
static inline void calls_suspend(struct calls_thread *t, uint64_t key, uintptr_t frame)
{
	struct calls_times now = calls_pass(t);

	if (UNLIKELY(t->top->key != key)) {
		calls_leave_odd(t, key, now, false);
		return;
	}
	if (frame != 0)
		calls_suspended(t, &calls_live_of(t)[t->depth - 1], frame, now);
	calls_note(t, t->top, TIMELINE_SUSPEND, now);
	calls_pop(t, now);
	calls_done(t, now);
}

/* It goes on (or an exception is thrown into it): no call. */
static inline void calls_resume(struct calls_thread *t, uint64_t key, uintptr_t code,
				uintptr_t frame)
{
	struct calls_times now = calls_pass(t);
	struct calls_node *node = calls_push(t, key, code, CALLS_FUNCTION, now);
	struct calls_live *live = &calls_live_of(t)[t->depth - 1];

	live->flags = CALLS_LIVE_RESUMED;
	calls_add32(&node->resumes, 1);
	if (frame != 0)
		calls_resumed(t, live, frame, now);
	calls_note(t, node, TIMELINE_RESUME, now);
	calls_done(t, now);
}

/* The event that is told next, or was told last, of the function on top costs more by where it is
 * (calls_cost.h). */
static inline void calls_note_far(struct calls_thread *t, uint64_t key)
{
	if (LIKELY(t->top->key == key))
		calls_add32(&t->top->far, 1);
	if (calls_is_one_in(t, CALLS_LOOK_AT_FAR_EVERY))
		calls_look_at_far();
}

/* A C function: `key` is calls_c_key(definition); `function` the object, asked for its name once.
 */
static inline uint64_t calls_c_key(const void *definition)
{
	return CALLS_KEY_C | (uintptr_t)definition;
}

static inline void calls_c_enter(struct calls_thread *t, uint64_t key, void *function)
{
	struct calls_times now = calls_pass(t);

	struct calls_node *node = calls_push(t, key, (uintptr_t)function, CALLS_C_FUNCTION, now);

	calls_add64(&node->calls, 1);
	calls_note(t, node, TIMELINE_C_BEGIN, now);
	calls_done(t, now);
}

static inline void calls_c_leave(struct calls_thread *t, uint64_t key, bool raised)
{
	calls_leave(t, key, raised);
}

/* For CALLS_DEMOTE, after calls_enter: is the top a leaf that costs more to count than to run? It
 * is looked at each CALLS_LOOK calls; once it is, it stays, and is marked. */
#define CALLS_LOOK 65536u
bool calls_demote(struct calls_thread *t);
static inline bool calls_is_demoted(struct calls_thread *t)
{
	const struct calls_node *top = t->top;

	if (LIKELY(atomic_load_explicit(&top->calls, memory_order_relaxed) % CALLS_LOOK != 0))
		return atomic_load_explicit(&top->demoted, memory_order_relaxed) != 0;
	return calls_demote(t);
}
/* Is a function of that key marked in this tree? */
bool calls_key_is_demoted(struct calls_thread *t, uint64_t key);

/* --- what the agent does itself --------------------------------------------- */

/* Where a hook of the agent's begins and ends something of its own on the thread whose calls are
 * counted: what passed between is nobody's time, neither of who is on the stack. No event between.
 * GIL held; NULL: nothing is counted. */
struct calls_times calls_aside_begin(struct calls_thread *t);
void calls_aside_end(struct calls_thread *t, struct calls_times begun);

/* --- roots ----------------------------------------------------------------- */

/* What runs from now on on this thread belongs to a root of its own: the requests of a route
 * (CALLS_ROOT, `code` its text id), or work for a node of another thread (CALLS_WORK). */
struct calls_root {
	uint32_t kind, code, from_area, from_node;
};
/* Gives what the end wants, 0: nothing was entered. `begins`: it counts as a call. */
uint32_t calls_root_enter(struct calls_thread *t, struct calls_root root, bool begins);
/* Calls that are still open on it are cut off. */
void calls_root_leave(struct calls_thread *t, uint32_t entered);
/* It is another root: what is open on it moves there, with its counts. */
void calls_root_move(struct calls_thread *t, uint32_t entered, struct calls_root root);

/* The loop's poll has returned on this thread: what can go on is ready from now on. */
extern AGENT_TLS uint64_t calls_polled;
/* What the loop has run since then: only timers, and what they have woken, which goes on after
 * another poll, was ready when they were due. */
extern AGENT_TLS struct calls_loop_ran {
	uint32_t timers, others;
} calls_loop_ran;

#endif

/* Inside of the agent's core: what core.c, fork.c, call.c and the libc hooks
 * share and no other part needs. Everything else is in agent.h.
 */
#ifndef UNSLOW_AGENT_CORE_H
#define UNSLOW_AGENT_CORE_H

#include "agent/agent.h"

/* This process's channel; NULL until agent_need_channel() made it. */
extern _Atomic(struct channel_header *) core_channel;

static inline struct channel_header *core_channel_now(void)
{
	return atomic_load_explicit(&core_channel, memory_order_acquire);
}

/* Has the agent been started in this process (or in the one it was forked from)? */
bool core_started(void);
/* Switched off for good (agent_switch_off()). */
bool core_is_off(void);

/* Heartbeat and command, read at `now_ns`: sets agent_awake. Returns it. Called
 * by the first hook past core_next_check_ns, and by every 256th while asleep. */
bool core_check_reader(uint64_t now_ns);
/* A hook passed while the agent was not awake: look at the reader now and then.
 * True: it woke up. */
bool core_asleep_tick(void);

/* fork.c: registers the pthread_atfork handlers, once. */
void fork_watch(void);
/* True in a vfork child, which shares our memory and thread-local storage:
 * nothing it does may touch the agent's state. Clears the mark in the parent. */
bool fork_is_vfork_child(void);
extern AGENT_TLS bool fork_vfork_mark;

/* thread.c: forgets all threads but the caller's, which gets its new tid. */
void thread_after_fork(void);
/* Are there other threads than the caller, or (busy) such as are in a hook now? */
bool thread_others(bool busy);
/* The slot of another thread by its kernel number, NULL: it has none. What is in it changes under
 * the reader. */
const struct agent_thread *thread_find(uint32_t tid);
/* What a thread waits in as its hooks show it: the newest open call, if that can wait and runs no
 * Python code before it returns. The same start_ns again: the same call, so the thread's Python
 * frames have not changed. */
struct waiting_call {
	uint64_t start_ns; /* 0: in none */
	uint32_t stack;    /* of a wait outside any unit, to the root; 0: not known */
	uint16_t kind;     /* enum record_kind */
};
struct waiting_call call_waiting_of(const struct agent_thread *thread);
/* Around a wait for descriptors that is no call of a unit: a server that waits for what is next. It
 * says where, as it is there that its frames need no care: the tick would have to copy them. */
void call_idle_begin(void);
void call_idle_end(void);
/* The thread's ring, claimed at its first record. False: none to be had. */
bool thread_claim_ring(struct agent_thread *thread);

/* call.c: as call_begin, but for this call only a unit is reason enough. */
bool call_begin_in_unit(struct call *c, enum record_kind kind);
/* As call_begin, for a call that goes on with work whose unit and stack are known
 * (open_stack: what a hang shows); its own stack is still to be taken. */
bool call_begin_known(struct call *c, enum record_kind kind, uint64_t unit, uint32_t open_stack);
/* Should a hook keep the agent's books now? No record is written. */
bool call_follows(void);
/* call.c: the agent's own time in what is no call. The begin gives the time now
 * if this hook is to be timed, else 0; the end takes that. */
uint64_t hook_time_begin(struct agent_thread *thread);
/* `dur_ns` without the hooks inside it, which timed themselves at `hook_ns`: what they cost around
 * themselves (caches, the interpreter's fast paths) made it HOOK_COST times as much. Where that is
 * most of the time, half of it is left. */
#define HOOK_COST 3 /* bench/agent-cost, 3.11: 2.8 on the plain route, 3.4 on the slow one */
static inline uint64_t hook_time_off(uint64_t dur_ns, uint64_t hook_ns)
{
	uint64_t cost_ns = hook_ns * HOOK_COST;
	return dur_ns - (cost_ns < dur_ns / 2 ? cost_ns : dur_ns / 2);
}
void hook_time_end(const struct agent_thread *thread, uint64_t begin_ns);
/* call.c: writes a GIL wait that was kept open, if there is one. */
void call_flush_gil(struct agent_thread *thread);
/* One part of a GIL wait ended: merged with the one before it if they touch. */
void call_gil_part(struct call *c, uint64_t end_ns, bool timed_out);
/* Takes the clocks of the thread as the new base of off-CPU time. */
void call_sync_clocks(struct agent_thread *thread);

/* thread.c: the key whose destructor releases a thread's ring. False: none is free. */
bool thread_prepare(void);

/* libc_wait.c: the same lock has the same number in one recording, which means nothing outside. */
uint64_t lock_name(const void *address);

/* A fact that is written into every channel this process or its forks make:
 * agent_part_off's, and those said before there was a channel. */
void core_keep_fact(const char *key, const char *value);

/* When core_check_reader() is due again; one load on each call. */
extern _Atomic uint64_t core_next_check_ns;

#endif

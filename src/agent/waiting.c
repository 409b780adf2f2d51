/* What a thread waits in, as its own hooks show it to the tick: a call, or, outside any unit, for
 * what is next. Its slot is its own to write; who reads looks twice (core.h).
 */
#include "agent/core.h"
#include "agent/stack.h"
#include "agent/tick.h"

static struct waiting_call idle_wait_of(const struct agent_thread *thread)
{
	struct waiting_call call = {
		.start_ns = __atomic_load_n(&thread->idle_since_ns, __ATOMIC_ACQUIRE),
		.stack = __atomic_load_n(&thread->idle_stack, __ATOMIC_ACQUIRE),
		.kind = RECORD_POLL,
	};

	if (call.start_ns == 0 ||
	    __atomic_load_n(&thread->idle_since_ns, __ATOMIC_ACQUIRE) != call.start_ns)
		return (struct waiting_call){0};
	return call;
}

struct waiting_call call_waiting_of(const struct agent_thread *thread)
{
	uint8_t depth = __atomic_load_n(&thread->depth, __ATOMIC_ACQUIRE);
	struct waiting_call call = {0};

	if (depth == 0)
		return idle_wait_of(thread);
	if (depth > CALL_DEPTH_MAX)
		return call;
	call.kind = __atomic_load_n(&thread->open[depth - 1].kind, __ATOMIC_RELAXED);
	/* those that own what they call may call back into Python */
	if (call.kind > RECORD_GIL || call.kind < RECORD_CONNECT)
		return call;
	call.start_ns = __atomic_load_n(&thread->open[depth - 1].start_ns, __ATOMIC_RELAXED);
	if (__atomic_load_n(&thread->depth, __ATOMIC_ACQUIRE) != depth)
		call.start_ns = 0;
	return call;
}

void call_idle_begin(void)
{
	struct agent_thread *thread;

	if (!atomic_load_explicit(&tick_running, memory_order_relaxed) || !call_follows() ||
	    !core_channel_now())
		return;
	thread = agent_thread_peek();
	if (thread->depth > 0)
		return;
	thread->in_hook = true; /* python_thread_state() wants it */
	atomic_signal_fence(memory_order_seq_cst);
	__atomic_store_n(&thread->idle_stack, stack_waiting(&thread->idle_last), __ATOMIC_RELEASE);
	atomic_signal_fence(memory_order_seq_cst);
	thread->in_hook = false;
	__atomic_store_n(&thread->idle_since_ns, agent_now_ns(), __ATOMIC_RELEASE);
}

void call_idle_end(void)
{
	struct agent_thread *thread = agent_thread_peek();

	if (thread && thread->idle_since_ns)
		__atomic_store_n(&thread->idle_since_ns, 0, __ATOMIC_RELEASE);
}

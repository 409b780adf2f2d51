/* fork and vfork: a child gets its own channel, a vfork child none at all. */
#include <pthread.h>
#include <unistd.h>

#include "agent/calls_control.h"
#include "agent/core.h"
#include "agent/finalize.h"
#include "agent/heap_control.h"
#include "agent/libc_real.h"
#include "agent/raw.h"
#include "agent/stack.h"
#include "agent/tick.h"

AGENT_TLS bool fork_vfork_mark;

static void in_child(void)
{
	fork_vfork_mark = false;
	if (!core_started()) {
		tick_after_fork();
		return;
	}
	finalize_after_fork();
	calls_control_after_fork();
	core_after_fork();
	heap_control_after_fork();
	tick_after_fork();
	handles_after_fork();
	stack_after_fork();
	sqlite_after_fork();
	wire_after_fork();
	slots_after_fork();
	units_after_fork();
}

void fork_watch(void)
{
	static _Atomic bool watched;
	if (!atomic_exchange(&watched, true))
		pthread_atfork(tick_before_fork, tick_after_fork_in_parent, in_child);
}

bool fork_is_vfork_child(void)
{
	struct agent_thread *thread = agent_thread_peek();
	if (!thread || (uint32_t)raw_call(SYS_gettid) != thread->tid)
		return true;
	fork_vfork_mark = false; /* the parent runs again, so the child is gone */
	return false;
}

/* A vfork child runs on its parent's stack, memory and thread-local storage:
 * its close(3) would look like the parent's. The function that calls vfork must
 * not return in between (vfork(2)), so the hook marks and jumps; a C wrapper
 * would leave a dead frame behind. Returns the real vfork. */
void *fork_vfork_prepare(void); /* called by the assembly below only */
__attribute__((used, visibility("hidden"))) void *fork_vfork_prepare(void)
{
	if (atomic_load_explicit(&agent_awake, memory_order_relaxed) && agent_thread_self())
		fork_vfork_mark = true;
	return (void *)REAL(vfork);
}

#if defined(__x86_64__)
__asm__(".text\n"
	".globl vfork, __vfork\n"
	".type vfork, @function\n"
	".type __vfork, @function\n"
	"vfork:\n"
	"__vfork:\n"
	"	.cfi_startproc\n"
	"	endbr64\n"
	"	subq $8, %rsp\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	call fork_vfork_prepare\n"
	"	addq $8, %rsp\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	jmp *%rax\n"
	"	.cfi_endproc\n"
	".size vfork, . - vfork\n"
	".size __vfork, . - __vfork\n");
#elif defined(__aarch64__)
__asm__(".text\n"
	".globl vfork, __vfork\n"
	".type vfork, %function\n"
	".type __vfork, %function\n"
	"vfork:\n"
	"__vfork:\n"
	"	stp x29, x30, [sp, #-16]!\n"
	"	bl fork_vfork_prepare\n"
	"	mov x16, x0\n"
	"	ldp x29, x30, [sp], #16\n"
	"	br x16\n"
	".size vfork, . - vfork\n"
	".size __vfork, . - __vfork\n");
#endif

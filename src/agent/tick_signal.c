#include "agent/tick_signal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <ucontext.h>

#include "agent/agent.h"
#include "agent/guarded.h"
#include "agent/libc_real.h"
#include "agent/own_thread.h"
#include "agent/python_api.h"
#include "agent/raw.h"

#define UNANSWERED_MAX 8
#define FIRST_RETRY_NS UINT64_C(1000000000) /* then twice as long each time … */
#define RETRIES_MAX 10                      /* … and so often */

#define LET_PASS_NS UINT64_C(100000) /* for a signal that was sent … */
#define SENDING UINT64_MAX           /* … and for one that is about to be: its sender may … */
#define SENDING_MAX_NS UINT64_C(20000000) /* … be without a CPU meanwhile */
#define KERNEL_SIGSET_BYTES 8             /* of rt_sigaction(2), rt_sigprocmask(2) */

enum request_state { IDLE = 0, ASKED, AT_WORK, ANSWERED, NOT_HOLDER };

static int number; /* 0: none */
static uint32_t own_pid;

_Atomic uint32_t tick_signal_asked;

static struct {
	_Atomic uint32_t state;   /* enum request_state */
	_Atomic uint64_t sent_ns; /* 0: no signal is sent for it; SENDING: it is about to be */
	struct tick_look look;    /* the handler's from AT_WORK to its answer */
} request;

/* Threads that have a signal of ours under way. The tick thread adds, the handler takes out. */
static struct {
	_Atomic uint32_t tid; /* 0: free */
	uint32_t tries;
	uint64_t sent_ns;
} unanswered[UNANSWERED_MAX];

static _Atomic uint64_t handler_ns, interrupted;

/* Its address is the cookie that tells our signals from the app's. */
static const char cookie;

int tick_signal_number(void)
{
	return number;
}

struct tick_look *tick_signal_look(void)
{
	return &request.look;
}

uint64_t tick_signal_handler_ns(void)
{
	return atomic_load_explicit(&handler_ns, memory_order_relaxed);
}

uint64_t tick_signal_interrupted(void)
{
	return atomic_load_explicit(&interrupted, memory_order_relaxed);
}

/* --- the handler ------------------------------------------------------------------ */

#if defined(__x86_64__)
#define CONTEXT_SP(c) ((uintptr_t)(c)->uc_mcontext.gregs[REG_RSP])
#define CONTEXT_PC(c) ((uintptr_t)(c)->uc_mcontext.gregs[REG_RIP])
#define CONTEXT_RESULT(c) ((long)(c)->uc_mcontext.gregs[REG_RAX])
static const uint8_t system_call[] = {0x0f, 0x05}; /* syscall */
#elif defined(__aarch64__)
#define CONTEXT_SP(c) ((uintptr_t)(c)->uc_mcontext.sp)
#define CONTEXT_PC(c) ((uintptr_t)(c)->uc_mcontext.pc)
#define CONTEXT_RESULT(c) ((long)(c)->uc_mcontext.regs[0])
static const uint8_t system_call[] = {0x01, 0x00, 0x00, 0xd4}; /* svc #0 */
#endif

/* The app is about to see EINTR: the instruction behind it is a system call that gave it. (One
 * that the kernel starts again stands before the instruction, and is not seen by the app.) */
static bool gives_eintr(const ucontext_t *context)
{
	uint8_t before[sizeof(system_call)];

	return CONTEXT_RESULT(context) == -EINTR &&
	       guarded_read(NULL, CONTEXT_PC(context) - sizeof(before), before, sizeof(before)) &&
	       memcmp(before, system_call, sizeof(before)) == 0;
}

/* The caller's thread state if it holds the GIL, else 0. The state is set after the GIL was taken
 * and cleared before it is released; up to 3.11 it is that of whatever thread runs, hence the
 * second look (_PyThreadState_Swap, Python/pystate.c). */
static uintptr_t held_state(void)
{
	uintptr_t state = (uintptr_t)(py.PyThreadState_GetUnchecked != NULL
					      ? py.PyThreadState_GetUnchecked()
					      : py._PyThreadState_UncheckedGet());

	if (state == 0 || *(const uintptr_t *)(state + agent_layout.tstate_thread_id) !=
				  (uintptr_t)pthread_self())
		return 0;
	return state;
}

/* Whoever runs SQLite's steps one by one has given up the GIL as often as not. If it is the only
 * thread, nobody else can take it while it stands here. */
static bool look_here(const ucontext_t *context)
{
	uintptr_t state = held_state();

	if (state != 0)
		tick_look_here(&request.look, state, CONTEXT_SP(context));
	else if (own_thread_app_is_alone())
		tick_look_alone(&request.look, (uint32_t)raw_call(SYS_gettid));
	else
		return false;
	return true;
}

static void serve(const ucontext_t *context)
{
	bool looked = look_here(context);

	atomic_store_explicit(&tick_signal_asked, 0, memory_order_relaxed);
	atomic_store_explicit(&request.state, looked ? ANSWERED : NOT_HOLDER, memory_order_release);
}

void tick_signal_let_pass(uint32_t tid)
{
	const uint64_t begin_ns = agent_now_ns();

	while (atomic_load_explicit(&tick_signal_asked, memory_order_relaxed) == tid) {
		uint64_t sent_ns = atomic_load_explicit(&request.sent_ns, memory_order_acquire);
		uint64_t now_ns = agent_now_ns();

		/* it takes some microseconds; a thread that blocks our signal is not kept */
		if (sent_ns == SENDING ? now_ns - begin_ns > SENDING_MAX_NS
				       : sent_ns == 0 || now_ns > sent_ns + LET_PASS_NS)
			return;
		if (sent_ns == SENDING && now_ns - begin_ns > LET_PASS_NS)
			raw_call(SYS_sched_yield);
	}
}

static void on_tick(const ucontext_t *context)
{
	uint64_t start_ns = agent_now_ns();
	uint32_t tid = (uint32_t)raw_call(SYS_gettid), asked = ASKED;

	for (size_t i = 0; i < UNANSWERED_MAX; i++)
		if (atomic_load_explicit(&unanswered[i].tid, memory_order_acquire) == tid)
			atomic_store_explicit(&unanswered[i].tid, 0, memory_order_release);
	if (gives_eintr(context))
		atomic_fetch_add_explicit(&interrupted, 1, memory_order_relaxed);
	if (atomic_load_explicit(&tick_signal_asked, memory_order_acquire) == tid &&
	    atomic_compare_exchange_strong(&request.state, &asked, AT_WORK))
		serve(context);
	atomic_fetch_add_explicit(&handler_ns, agent_now_ns() - start_ns, memory_order_relaxed);
}

static void handle(int signal_number, siginfo_t *info, void *context)
{
	int saved_errno = errno;

	if (info->si_code == SI_QUEUE && info->si_value.sival_ptr == (void *)&cookie &&
	    (uint32_t)info->si_pid == own_pid)
		on_tick(context);
	else
		tick_shield_forward(signal_number, info, context);
	errno = saved_errno;
}

/* --- installing --------------------------------------------------------------------- */

bool tick_signal_install(bool restart)
{
	struct sigaction action = {
		.sa_sigaction = handle,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | (restart ? SA_RESTART : 0),
	};

	/* All but those that a mistake of ours would raise: a crash handler must see them. */
	sigfillset(&action.sa_mask);
	sigdelset(&action.sa_mask, SIGSEGV);
	sigdelset(&action.sa_mask, SIGBUS);
	sigdelset(&action.sa_mask, SIGILL);
	sigdelset(&action.sa_mask, SIGFPE);
	sigdelset(&action.sa_mask, SIGTRAP);
	sigdelset(&action.sa_mask, SIGABRT);
	return REAL(sigaction)(number, &action, NULL) == 0;
}

/* The first word of the kernel's struct sigaction is the handler. */
static bool handler_is(int which, uintptr_t wanted)
{
	uintptr_t action[8] = {0};

	return raw_call(SYS_rt_sigaction, which, NULL, action, KERNEL_SIGSET_BYTES) == 0 &&
	       action[0] == wanted;
}

bool tick_signal_prepare(void)
{
	own_pid = (uint32_t)raw_call(SYS_getpid);
	for (int which = SIGRTMAX; which > SIGRTMIN && number == 0; which--)
		if (handler_is(which, (uintptr_t)SIG_DFL))
			number = which;
	if (number <= 0)
		return false;
	uint64_t mask = UINT64_C(1) << (number - 1);

	if (!tick_signal_install(true)) {
		number = 0;
		return false;
	}
	/* whoever started the program may have blocked it */
	raw_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &mask, NULL, KERNEL_SIGSET_BYTES);
	return true;
}

/* --- asking --------------------------------------------------------------------------- */

/* Notes that `tid` gets a signal. False: it has one under way, or too many have. */
static bool may_send(uint32_t tid, uint64_t now_ns, bool *under_way)
{
	size_t free = UNANSWERED_MAX;

	*under_way = false;
	for (size_t i = 0; i < UNANSWERED_MAX; i++) {
		uint32_t holds = atomic_load_explicit(&unanswered[i].tid, memory_order_acquire);

		if (holds == 0)
			free = i;
		if (holds != tid)
			continue;
		/* It blocks our signal by a raw system call, or its number was given to a new
		   thread after it had ended. */
		if (unanswered[i].tries < RETRIES_MAX &&
		    now_ns - unanswered[i].sent_ns > FIRST_RETRY_NS << unanswered[i].tries) {
			unanswered[i].tries++;
			unanswered[i].sent_ns = now_ns;
			return true;
		}
		*under_way = true;
		return false;
	}
	if (free == UNANSWERED_MAX)
		return false;
	unanswered[free].tries = 0;
	unanswered[free].sent_ns = now_ns;
	atomic_store_explicit(&unanswered[free].tid, tid, memory_order_release);
	return true;
}

static void note_gone(uint32_t tid)
{
	for (size_t i = 0; i < UNANSWERED_MAX; i++)
		if (atomic_load_explicit(&unanswered[i].tid, memory_order_acquire) == tid)
			atomic_store_explicit(&unanswered[i].tid, 0, memory_order_release);
}

static bool send(uint32_t tid)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	info.si_pid = (pid_t)own_pid;
	info.si_value.sival_ptr = (void *)&cookie;
	return raw_call(SYS_rt_tgsigqueueinfo, own_pid, tid, number, &info) == 0;
}

bool tick_signal_ready(void)
{
	return handler_is(number, (uintptr_t)handle);
}

enum tick_asked tick_signal_ask(uint32_t tid, uint64_t now_ns, bool (*is_in_call)(uint32_t tid))
{
	bool under_way;
	bool fresh = may_send(tid, now_ns, &under_way);

	if (!fresh && !under_way)
		return TICK_NO_ANSWERS;
	atomic_store_explicit(&request.sent_ns, fresh ? SENDING : 0, memory_order_relaxed);
	atomic_store_explicit(&request.state, ASKED, memory_order_relaxed);
	atomic_store(&tick_signal_asked, tid);
	/* Its hook notes the call first and looks for our question then; we the other way round. */
	atomic_thread_fence(memory_order_seq_cst);
	bool in_call = is_in_call(tid);

	if (!in_call && (!fresh || send(tid))) {
		if (fresh)
			atomic_store_explicit(&request.sent_ns, agent_now_ns(),
					      memory_order_release);
		return TICK_ASKED;
	}
	if (fresh)
		note_gone(tid);
	(void)tick_signal_withdraw();
	return in_call ? TICK_IN_ITS_CALL : TICK_NO_THREAD;
}

enum tick_answer tick_signal_answer(void)
{
	uint32_t state = atomic_load_explicit(&request.state, memory_order_acquire);

	if (state != ANSWERED && state != NOT_HOLDER)
		return TICK_WAITING;
	atomic_store_explicit(&request.state, IDLE, memory_order_relaxed);
	return state == ANSWERED ? TICK_ANSWERED : TICK_NOT_HOLDER_NOW;
}

bool tick_signal_withdraw(void)
{
	uint32_t asked = ASKED;

	if (!atomic_compare_exchange_strong(&request.state, &asked, IDLE))
		return asked == IDLE;
	atomic_store_explicit(&tick_signal_asked, 0, memory_order_relaxed);
	return true;
}

void tick_signal_after_fork(void)
{
	own_pid = (uint32_t)raw_call(SYS_getpid);
	atomic_store(&request.state, IDLE);
	atomic_store(&tick_signal_asked, 0);
	for (size_t i = 0; i < UNANSWERED_MAX; i++)
		atomic_store(&unanswered[i].tid, 0);
	atomic_store(&handler_ns, 0);
	atomic_store(&interrupted, 0);
}

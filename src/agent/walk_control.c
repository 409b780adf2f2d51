#include "agent/walk_control.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/raw.h"
#include "agent/walk_child.h"
#include "agent/walk_heap.h"
#include "agent/walk_room.h"
#include "agent/walk_trim.h"
#include "base/clock.h"

#define PATIENCE_NS (3 * NS_PER_S)     /* past the child's own deadline */
#define MEMORY_MOST (1u << 30)         /* of the child's own tables */
#define LOOK_NS (2 * NS_PER_MS)        /* between two looks at the child */
#define COLLECTING_NS (50 * NS_PER_MS) /* until the next look at a collection … */
#define PAUSE_NS 200000L
#define PAUSES 50
#define COLLECTING_TRIES 50 /* … of one that does not end */

_Atomic uint32_t walk_control_seen;

/* The walk under way. Its child is set last and cleared last. */
_Atomic int walk_control_child;
static struct walk_file *page;
static _Atomic uint64_t not_before, looked; /* CLOCK_MONOTONIC: next try; last look at the child */
static _Atomic bool settling;               /* somebody looks at it now */
static bool ending;                         /* Python ends, and so does the child */
static unsigned tries;                      /* guarded by the GIL */
static bool known; /* this version's heap is; found out once: dlsym takes a lock */

static uint32_t asked(void)
{
	return agent_control == NULL
		       ? 0
		       : atomic_load_explicit(&agent_control->heap.walk, memory_order_acquire);
}

void walk_control_begin(void)
{
	if (!known && walk_objects_prepare()) {
		walk_trim_prepare();
		known = true;
	}
	atomic_store(&walk_control_seen, asked());
	atomic_store(&walk_control_child, 0); /* of the process that this one was forked from */
	atomic_store(&settling, false);
	if (page != NULL)
		raw_call(SYS_munmap, page, CHANNEL_PAGE);
	page = NULL;
}

bool walk_control_is_due(void)
{
	const uint64_t not_before_ns = atomic_load_explicit(&not_before, memory_order_relaxed);

	return asked() != atomic_load_explicit(&walk_control_seen, memory_order_relaxed) &&
	       atomic_load_explicit(&agent_awake, memory_order_relaxed) &&
	       atomic_load_explicit(&walk_control_child, memory_order_relaxed) == 0 &&
	       (not_before_ns == 0 || agent_now_ns() >= not_before_ns);
}

/* --- its end ------------------------------------------------------------------- */

static void end_page(void)
{
	raw_call(SYS_munmap, page, CHANNEL_PAGE);
	page = NULL;
}

__attribute__((format(printf, 1, 2))) static void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(page->reason, sizeof(page->reason), format, arguments);
	va_end(arguments);
	atomic_store_explicit(&page->state, WALK_FAILED, memory_order_release);
}

static void say_end(int status)
{
	/* what it was about to try besides is not known, that is all */
	if (atomic_load(&page->state) == WALK_WRITTEN)
		atomic_store_explicit(&page->state, WALK_DONE, memory_order_release);
	if (atomic_load(&page->state) != WALK_BEGUN)
		return;
	if (!WIFSIGNALED(status))
		fail("the child that walked the heap ended without a result");
	else if (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU)
		fail("the heap was not walked within %u ms", WALK_DEADLINE_MS);
	else if (ending)
		fail("the process ended before its walk did");
	else if (WTERMSIG(status) == SIGKILL)
		fail("the child that walked the heap was killed: memory ran out, or it hung");
	else
		fail("the child that walked the heap ended by signal %d; the process itself is not "
		     "touched",
		     WTERMSIG(status));
}

/* With `settling` taken. True: it has ended. */
static bool settle(int options)
{
	const int pid = atomic_load(&walk_control_child);
	int status = 0;
	long ended;

	if (pid == 0)
		return true;
	do {
		ended = raw_call(SYS_wait4, pid, &status, options | __WALL, NULL);
	} while (ended == -EINTR);
	if (ended == 0)
		return false;
	/* else somebody has waited for all children, of whatever kind */
	say_end(ended == pid ? status : 0);
	end_page();
	atomic_store(&walk_control_child, 0);
	return true;
}

void walk_control_look(void)
{
	uint64_t now_ns;

	if (LIKELY(atomic_load_explicit(&walk_control_child, memory_order_acquire) == 0))
		return;
	now_ns = agent_now_ns();
	if (now_ns - atomic_load_explicit(&looked, memory_order_relaxed) < LOOK_NS ||
	    atomic_exchange(&settling, true))
		return;
	atomic_store_explicit(&looked, now_ns, memory_order_relaxed);
	if (!settle(WNOHANG) && now_ns - page->begun_ns > PATIENCE_NS)
		/* nobody has waited for it, so it is still this one */
		raw_call(SYS_kill, atomic_load(&walk_control_child), SIGKILL);
	atomic_store(&settling, false);
}

void walk_control_over(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};

	atomic_store(&walk_control_seen, asked());
	if (atomic_load(&walk_control_child) == 0)
		return;
	for (int i = 0; atomic_exchange(&settling, true); i++) {
		if (i == PAUSES)
			return; /* it ends by itself once the process is gone */
		raw_call(SYS_nanosleep, &pause, NULL);
	}
	ending = true;
	if (!settle(WNOHANG)) {
		raw_call(SYS_kill, atomic_load(&walk_control_child), SIGKILL);
		settle(0);
	}
	atomic_store(&settling, false);
}

/* --- its begin ------------------------------------------------------------------ */

static bool make_page(uint32_t number)
{
	char suffix[32];

	if (!agent_need_channel())
		return false;
	snprintf(suffix, sizeof(suffix), "walk-%u", number);
	page = channel_file_extend(suffix, 0, CHANNEL_PAGE, NULL);
	if (page == NULL)
		return false;
	page->abi = WALK_ABI;
	page->pid = core_channel_now()->pid;
	page->serial = core_channel_now()->serial;
	page->number = number;
	page->begun_ns = agent_now_ns();
	page->garbage_objects = page->garbage_bytes = page->trim_bytes = WALK_UNKNOWN;
	atomic_store(&page->state, WALK_BEGUN);
	atomic_store_explicit(&page->magic, WALK_MAGIC, memory_order_release);
	return true;
}

/* *left: bytes for the child's tables. */
static bool has_room(uint64_t *left)
{
	const uint32_t sharers = atomic_load(&agent_control->heap.walk_sharers);
	struct walk_room room;

	if (!walk_room_look(&room)) {
		fail("/proc does not say how much memory is free: the process is not forked");
		return false;
	}
	page->anonymous_bytes = room.anonymous_bytes;
	page->room_bytes = room.free_bytes;
	*left = walk_room_left(&room, sharers);
	if (*left >= WALK_ROOM_LEAST_BYTES)
		return true;
	fail("no room to fork: the process has %llu MiB of its own, %llu MiB are free in its "
	     "control group and on the host, for %u that are forked at once; raise its limit, or "
	     "ask sooner",
	     (unsigned long long)room.anonymous_bytes >> 20,
	     (unsigned long long)room.free_bytes >> 20, sharers > 1 ? sharers : 1);
	return false;
}

/* What is written into the page after the child is known may be of the next walk: any thread ends
 * this one. */
static void walk(uint64_t left, uint64_t since_ns)
{
	struct walk_order order = {
		.page = page,
		.parent = raw_call(SYS_getpid),
		.memory_bytes = left < MEMORY_MOST ? left : MEMORY_MOST,
	};
	const uint64_t before_ns = agent_now_ns(), all = ~UINT64_C(0);
	uint64_t mask;

	/* the child must not run the app's handlers, which may write where the app reads */
	raw_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof mask);
	/* as fork(2), but that the parent gets no signal; all zeros on every architecture */
	const long pid = raw_call(SYS_clone, 0, 0, 0, 0, 0);

	if (pid == 0)
		walk_child(&order);
	raw_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
	page->pause_ns = agent_now_ns() - before_ns;
	page->held_ns = agent_now_ns() - since_ns;
	if (pid < 0) {
		fail("the process cannot be forked (error %ld)", -pid);
		end_page();
		return;
	}
	atomic_store_explicit(&walk_control_child, (int)pid, memory_order_release);
}

static void begin(uint32_t number)
{
	const uint64_t since_ns = agent_now_ns();
	uint64_t left;

	if (!make_page(number))
		return;
	if (agent_layout.free_threaded)
		fail("Python without GIL is not yet followed");
	else if (!known)
		fail("the heap of CPython %s is not known", py.version);
	else if (walk_collector() == 0)
		fail("the garbage collector was at work each time; ask again");
	else if (has_room(&left)) {
		walk(left, since_ns);
		return;
	}
	page->held_ns = agent_now_ns() - since_ns;
	end_page();
}

void walk_control_now(void)
{
	const uint32_t number = asked();

	if (LIKELY(!walk_control_is_due()))
		return;
	if (known && !agent_layout.free_threaded && walk_collector() == 0 &&
	    ++tries < COLLECTING_TRIES) {
		atomic_store(&not_before, agent_now_ns() + COLLECTING_NS);
		return;
	}
	tries = 0;
	atomic_store(&not_before, 0);
	atomic_store(&walk_control_seen, number);
	begin(number);
}

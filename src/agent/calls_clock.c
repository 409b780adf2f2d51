#include "agent/calls_clock.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "agent/raw.h"
#include "base/clock.h"

#define CALIBRATE_NS (5 * NS_PER_MS) /* 2 × 20 ns of reading error: 10 ppm */
#define PAIR_TRIES 5
#define GAP_NS 20000 /* error below 0.001 % at 10, 20 and 40 µs; 0.5 µs each, so 2.7 % at most */
#define RECHECK_NS (50 * NS_PER_MS) /* where a word tells, all the same */
#define TRIALS 8
#define TRIAL_NS 20000L

struct calls_clock_state calls_clock;
struct calls_clock_pair calls_clock_first;

static uint64_t counter(void)
{
#if defined(__x86_64__)
	return __rdtsc();
#elif defined(__aarch64__)
	uint64_t ticks;
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
#else
	return clock_now_ns();
#endif
}

/* Whether the kernel keeps time by the counter: then it runs evenly, and on all CPUs alike
 * (kernel/time/clocksource.c takes it out where its watchdog finds otherwise). */
static bool kernel_trusts_counter(void)
{
	char name[32];
	long fd = raw_call(SYS_openat, AT_FDCWD,
			   "/sys/devices/system/clocksource/clocksource0/current_clocksource",
			   O_RDONLY | O_CLOEXEC);
	long n = fd < 0 ? 0 : raw_call(SYS_read, fd, name, sizeof name - 1);

	if (fd >= 0)
		raw_call(SYS_close, fd);
	if (n <= 0)
		return false;
	name[n] = '\0';
	return strcmp(name, "tsc\n") == 0 || strcmp(name, "arch_sys_counter\n") == 0;
}

/* The tightest of some: what interrupts one reading does not fit another. */
static struct calls_clock_pair read_pair(uint64_t (*ticks_now)(void))
{
	struct calls_clock_pair pair = {0};
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < PAIR_TRIES; i++) {
		uint64_t before = ticks_now(), at_ns = clock_now_ns(), after = ticks_now();

		if (after - before >= least)
			continue;
		least = after - before;
		pair = (struct calls_clock_pair){before + least / 2, at_ns};
	}
	return pair;
}

struct calls_clock_pair calls_clock_pair_now(void)
{
	return read_pair(calls_ticks);
}

/* 0: by ns. */
static uint64_t calibrated_rate(void)
{
	struct timespec pause = {.tv_nsec = CALIBRATE_NS};
	struct calls_clock_pair last;

	calls_clock_first = read_pair(counter);
	raw_call(SYS_nanosleep, &pause, NULL);
	last = read_pair(counter);
	return last.ns <= calls_clock_first.ns
		       ? 0
		       : (uint64_t)(((unsigned __int128)(last.ticks - calls_clock_first.ticks)
				     << 32) /
				    (last.ns - calls_clock_first.ns));
}

/* --- a task clock's page --------------------------------------------------- */

/* A filter of system calls may end the process for one that it does not know. */
static bool is_filtered(void)
{
	char text[4096];
	const char *found;
	long fd = raw_call(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY | O_CLOEXEC);
	long n = fd < 0 ? 0 : raw_call(SYS_read, fd, text, sizeof text - 1);

	if (fd >= 0)
		raw_call(SYS_close, fd);
	text[n > 0 ? n : 0] = '\0';
	found = strstr(text, "\nSeccomp:\t");
	return found == NULL || found[strlen("\nSeccomp:\t")] != '0';
}

static struct perf_event_mmap_page *map_page(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long fd = raw_call(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	long at;

	if (fd < 0)
		return NULL;
	at = raw_call(SYS_mmap, NULL, CHANNEL_PAGE, PROT_READ, MAP_SHARED, fd, 0);
	raw_call(SYS_close, fd); /* the mapping holds the event */
	return at < 0 ? NULL : (struct perf_event_mmap_page *)at;
}

/* Must change over each of some waits, which are made as every program with threads makes them. */
static bool page_tells(void)
{
	struct perf_event_mmap_page *page = is_filtered() ? NULL : map_page();
	bool tells = page != NULL;

	for (int i = 0; i < TRIALS && tells; i++) {
		struct timespec pause = {.tv_nsec = TRIAL_NS};
		uint32_t word = 0, before = *(volatile uint32_t *)&page->lock;

		raw_call(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &pause);
		tells = *(volatile uint32_t *)&page->lock != before;
	}
	if (page != NULL)
		raw_call(SYS_munmap, page, CHANNEL_PAGE);
	return tells;
}

/* --- choice ---------------------------------------------------------------- */

void calls_clock_prepare(void)
{
	uint64_t rate;

	if (calls_clock.rate_32 != 0)
		return;
	rate = kernel_trusts_counter() ? calibrated_rate() : 0;
	calls_clock.wall = rate != 0 ? CALLS_CLOCK_TSC : CALLS_CLOCK_NS;
	calls_clock.rate_32 = rate != 0 ? rate : UINT64_C(1) << 32;
	calls_clock.ns_48 = (uint64_t)(((unsigned __int128)1 << 80) / calls_clock.rate_32);
	if (rate == 0)
		calls_clock_first = calls_clock_pair_now();
	if (cpu_clock_has_mark())
		calls_clock.cpu = CALLS_CPU_RSEQ;
	else
		calls_clock.cpu = page_tells() ? CALLS_CPU_PERF : CALLS_CPU_GAP;
	calls_clock.gap = calls_ticks_of_ns(calls_clock.cpu == CALLS_CPU_GAP ? GAP_NS : RECHECK_NS);
}

void calls_clock_thread_begin(struct agent_thread *thread)
{
	struct perf_event_mmap_page *page = NULL;

	if (calls_clock.cpu == CALLS_CPU_PERF)
		page = map_page();
	thread->mark.page = page;
	thread->mark.word = page != NULL ? &page->lock : &thread->mark.expected;
	if (calls_clock.cpu == CALLS_CPU_RSEQ)
		thread->mark.word = cpu_clock_mark_word();
	cpu_clock_read(thread);
}

void calls_clock_thread_end(struct agent_thread *thread)
{
	if (thread->mark.page != NULL)
		raw_call(SYS_munmap, thread->mark.page, CHANNEL_PAGE);
	thread->mark.page = NULL;
	thread->mark.word = NULL;
}

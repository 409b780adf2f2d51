#include "agent/cpu_clock.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "agent/calls_clock.h"
#include "agent/core.h"
#include "agent/raw.h"
#include "base/clock.h"

#define TRIALS 16
#define TRIAL_NS 20000L
#define READ_TRIES 3
#define READ_NS 2000 /* one reading takes 0.5 µs */

/* The word before an abort handler, as glibc registers it (sysdeps/unix/sysv/linux/…/bits/rseq.h);
 * the kernel ends a process whose descriptor lacks it. */
#if defined(__x86_64__)
#define RSEQ_SIGNATURE "0x53053053"
#elif defined(__aarch64__)
#define RSEQ_SIGNATURE "0xd428bc00"
#endif

/* A critical section that nobody enters: the kernel finds the thread outside it. */
__asm__(".pushsection .text.unslow_rseq, \"ax\", @progbits\n"
	".balign 8\n"
	".long " RSEQ_SIGNATURE "\n"
	".hidden unslow_rseq_abort\n.globl unslow_rseq_abort\nunslow_rseq_abort: nop\n"
	".hidden unslow_rseq_start\n.globl unslow_rseq_start\nunslow_rseq_start: nop\n"
	".hidden unslow_rseq_end\n.globl unslow_rseq_end\nunslow_rseq_end: nop\n"
	".popsection");
extern const char unslow_rseq_abort[], unslow_rseq_start[], unslow_rseq_end[];

/* struct rseq_cs and struct rseq of linux/rseq.h: the ABI, which older headers lack. */
static struct {
	uint32_t version, flags;
	uint64_t start_ip, post_commit_offset, abort_ip;
} __attribute__((aligned(32))) section;

struct area {
	uint32_t cpu_id_start;
	int32_t cpu_id; /* negative: not registered */
	uint64_t section;
};

static ptrdiff_t area_offset; /* from the thread pointer; 0: the mark is not used */

static volatile struct area *area_of_thread(ptrdiff_t offset)
{
	return (volatile struct area *)((char *)__builtin_thread_pointer() + offset);
}

static uint64_t mark_value(void)
{
	return (uint64_t)(uintptr_t)&section;
}

static bool mark_stands(void)
{
	volatile struct area *area = area_offset ? area_of_thread(area_offset) : NULL;

	/* cpu_id: an area that was given up later is never cleared again */
	return area && area->section == mark_value() && area->cpu_id >= 0;
}

uint64_t cpu_clock_stay(const struct agent_thread *thread)
{
	return mark_stands() ? thread->clock_reads : 0;
}

void cpu_clock_sync(struct agent_thread *thread, uint64_t now_ns)
{
	if (mark_stands()) {
		if (now_ns > thread->sync_wall_ns) {
			thread->sync_cpu_ns += now_ns - thread->sync_wall_ns;
			thread->sync_wall_ns = now_ns;
		}
		return;
	}
	cpu_clock_read(thread);
}

/* The CPU time of somewhere between two readings of the ticks. Who is sent away between them reads
 * once more: it would count as CPU or as none, whichever was read first. */
static uint64_t read_cpu_ticks(struct cpu_mark *mark)
{
	uint64_t cpu_ns = 0, before, after;

	for (int i = 0; i < READ_TRIES; i++) {
		before = calls_ticks();
		cpu_ns = clock_thread_cpu_ns();
		after = calls_ticks();
		mark->ticks = before + (after - before) / 2;
		if (after - before <= calls_ticks_of_ns(READ_NS))
			break;
	}
	return cpu_ns;
}

void cpu_clock_read(struct agent_thread *thread)
{
	struct cpu_mark *mark = &thread->mark;
	uint64_t cpu_ns;

	thread->clock_reads++;
	/* before all readings: who is sent away between them has no mark */
	if (area_offset)
		area_of_thread(area_offset)->section = mark_value();
	if (mark->word != NULL)
		mark->expected = area_offset ? (uint32_t)mark_value() : *mark->word;
	thread->sync_wall_ns = agent_now_ns();
	if (mark->word != NULL) {
		cpu_ns = read_cpu_ticks(mark);
		mark->cpu = calls_ticks_of_ns(cpu_ns);
	} else {
		cpu_ns = clock_thread_cpu_ns();
	}
	/* what interrupts took was counted in while the mark stood: the clock never goes back */
	if (cpu_ns > thread->sync_cpu_ns)
		thread->sync_cpu_ns = cpu_ns;
}

bool cpu_clock_has_mark(void)
{
	return area_offset != 0;
}

const volatile uint32_t *cpu_clock_mark_word(void)
{
	return (const volatile uint32_t *)&area_of_thread(area_offset)->section;
}

void cpu_clock_after_fork(struct agent_thread *thread)
{
	thread->sync_cpu_ns = 0;
	if (area_offset)
		area_of_thread(area_offset)->section = 0;
}

/* Why the mark cannot be used: it must be gone after each of some waits, for one that stays would
 * count a wait as CPU. NULL: it is. They wait as every program with threads does, so that no
 * strict filter ends the process for it. */
static const char *try_waits(volatile struct area *area)
{
	const char *reason = NULL;

	for (int i = 0; i < TRIALS && !reason; i++) {
		struct timespec pause = {.tv_nsec = TRIAL_NS};
		uint32_t word = 0;
		area->section = mark_value();
		if (raw_call(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &pause) != -ETIMEDOUT)
			reason = "system call: a wait of 20 µs could not be tried";
		else if (area->section == mark_value())
			reason = "system call: this kernel keeps rseq_cs over a wait";
	}
	area->section = 0;
	return reason;
}

static const char *choose(void)
{
	const ptrdiff_t *offset = dlsym(RTLD_DEFAULT, "__rseq_offset"); /* glibc 2.35 */
	const unsigned *size = dlsym(RTLD_DEFAULT, "__rseq_size");

	if (!offset || !size) {
		(void)dlerror(); /* the app must not find our failure as its own */
		return "system call: this C library has no rseq";
	}
	if (*size == 0 || *offset == 0 || area_of_thread(*offset)->cpu_id < 0)
		return "system call: rseq is not registered";
	section.start_ip = (uint64_t)(uintptr_t)unslow_rseq_start;
	section.post_commit_offset = (uint64_t)(unslow_rseq_end - unslow_rseq_start);
	section.abort_ip = (uint64_t)(uintptr_t)unslow_rseq_abort;
	const char *reason = try_waits(area_of_thread(*offset));
	if (reason)
		return reason;
	area_offset = *offset;
	return "rseq";
}

void cpu_clock_prepare(void)
{
	core_keep_fact("agent.cpu_clock", choose());
}

#include "agent/walk_child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

#include "agent/agent.h"
#include "agent/channel_file.h"
#include "agent/heap_store.h"
#include "agent/raw.h"
#include "agent/walk_census.h"
#include "agent/walk_deep.h"
#include "agent/walk_garbage.h"
#include "agent/walk_holders.h"
#include "agent/walk_names.h"
#include "agent/walk_trim.h"
#include "agent/walk_write.h"
#include "base/clock.h"

/* Of its time: then what was counted is written. */
#define CENSUS_SHARE_MS 1200u
#define NAMES_SHARE_MS 1300u
#define GARBAGE_SHARE_MS 1450u
#define HOLDERS_SHARE_MS 1700u
#define DEEP_SHARE_MS 1800u
#define DEEP_MOST_MS 250u /* of that, as the app's CPU may be taken for it */
#define DEEP_TYPES 20
#define TRIM_MS 300u /* at most, of what is left of all */
#define TRIM_LEAST_MS 20u
#define SIGNALS 64
#define SIGSET_BYTES 8
#define DESCRIPTORS_MAX 65536
#define OFTEN_ENOUGH 5 /* nice(2): a quarter of a CPU that the app wants, too */

/* The kernel's struct sigaction; all zeros is SIG_DFL. */
struct kernel_action {
	uint64_t words[4];
};

/* --- apart from the process ------------------------------------------------------ */

_Noreturn static void leave(void)
{
	for (;;)
		raw_call(SYS_exit_group, 0);
}

static uint64_t bit_of(int signal_number)
{
	return UINT64_C(1) << (signal_number - 1);
}

static void let_go_of_signals(void)
{
	static const struct kernel_action by_default;
	const uint64_t let_in = bit_of(SIGALRM) | bit_of(SIGXCPU) | bit_of(SIGSEGV) |
				bit_of(SIGBUS) | bit_of(SIGILL) | bit_of(SIGFPE);
	const uint64_t blocked = ~let_in;

	for (int i = 1; i <= SIGNALS; i++)
		raw_call(SYS_rt_sigaction, i, &by_default, NULL, SIGSET_BYTES);
	raw_call(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, SIGSET_BYTES);
}

static void set_timer(uint32_t ms)
{
	const struct itimerval once = {.it_value = {ms / 1000, ms % 1000 * 1000L}};

	raw_call(SYS_setitimer, ITIMER_REAL, &once, NULL);
}

/* By SIGALRM, and by CPU time, if a signal should not come. */
static void set_deadline(void)
{
	const struct rlimit seconds = {WALK_DEADLINE_MS / 1000, WALK_DEADLINE_MS / 1000 + 1};
	const struct rlimit none = {0, 0};

	set_timer(WALK_DEADLINE_MS);
	raw_call(SYS_prlimit64, 0, RLIMIT_CPU, &seconds, NULL);
	raw_call(SYS_prlimit64, 0, RLIMIT_CORE, &none, NULL);
}

static void be_first_to_go(void)
{
	static const char most[] = "1000";
	const long fd =
		raw_call(SYS_openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	raw_call(SYS_write, fd, most, sizeof(most) - 1);
	raw_call(SYS_close, fd);
}

static void close_descriptors(void)
{
	struct rlimit limit = {DESCRIPTORS_MAX, DESCRIPTORS_MAX};

	if (raw_call(SYS_close_range, 0, ~0u, 0) == 0)
		return;
	/* before Linux 5.9 */
	raw_call(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
	for (long fd = 0; fd < DESCRIPTORS_MAX && fd < (long)limit.rlim_cur; fd++)
		raw_call(SYS_close, fd);
}

static void stand_alone(void)
{
	let_go_of_signals();
	set_deadline();
	close_descriptors();
	be_first_to_go();
	raw_call(SYS_prctl, PR_SET_DUMPABLE, 0);
	raw_call(SYS_prctl, PR_SET_NAME, "unslow-walk");
	/* the call answers 20 less the nice value (setpriority(2)) */
	if (raw_call(SYS_getpriority, PRIO_PROCESS, 0) > 20 - OFTEN_ENOUGH)
		raw_call(SYS_setpriority, PRIO_PROCESS, 0, OFTEN_ENOUGH);
	atomic_store(&agent_awake, false);
}

/* --- whom to look for ------------------------------------------------------------- */

static struct walk_ask ask; /* too large for a small stack */
static struct census census;
static struct walk_block blocks[WALK_TARGETS];
static struct walk_found found[WALK_TARGETS];
static uintptr_t targets[WALK_TARGETS];
static bool garbage_among[WALK_TARGETS];

static void read_ask(uint32_t number)
{
	char suffix[32];

	snprintf(suffix, sizeof(suffix), "ask-%u", number);
	if (channel_file_read(suffix, &ask, sizeof(ask)) && ask.magic == WALK_ASK_MAGIC &&
	    ask.abi == WALK_ABI && ask.count <= WALK_TARGETS)
		return;
	ask = (struct walk_ask){0};
}

/* Where the heap is sampled, the block may have been freed since, and be of something else now. */
static bool is_as_asked(const struct walk_target *target)
{
	uint32_t site;

	return heap_store.file == NULL ||
	       (heap_live_site(&heap_store.live, (uintptr_t)target->address, &site) &&
		site == target->site);
}

static void note_blocks(void)
{
	for (uint32_t i = 0; i < ask.count; i++)
		if (is_as_asked(&ask.targets[i]))
			blocks[i].block = (uintptr_t)ask.targets[i].address;
	walk_blocks_begin(&census.blocks, blocks, ask.count);
}

/* Types whose objects CPython keeps blocks of (free lists: Objects/floatobject.c, listobject.c …).
 */
static const struct kept_type {
	const char *name;
	bool apart; /* of memory that an object has apart, too */
} kept_types[] = {{"float", false}, {"list", false}, {"tuple", false}, {"dict", true}};

/* Where nothing tells that such a block is of a new object (below 3.13), the sample may be of one
 * before it, and so its line. */
static bool may_be_recycled(const struct walk_block *block)
{
	const bool itself = block->object - block->block <= 2 * WALK_GC_HEADER;

	if (heap_store.file == NULL || atomic_load(&heap_store.file->hooks) & HEAP_HOOK_TRACER)
		return false;
	for (size_t i = 0; i < sizeof(kept_types) / sizeof(kept_types[0]); i++)
		if (walk_type_is_named(walk_type_of(block->object), kept_types[i].name))
			return itself || kept_types[i].apart;
	return false;
}

static size_t add_target(size_t count, uintptr_t object, uint32_t site)
{
	if (object == 0 || count == WALK_TARGETS)
		return count;
	for (size_t i = 0; i < count; i++)
		if (targets[i] == object)
			return count;
	targets[count] = object;
	found[count] = (struct walk_found){object, DEEP_UNKNOWN, DEEP_UNKNOWN, site, 0};
	return count + 1;
}

static size_t asked_for(void)
{
	size_t count = 0;

	for (uint32_t i = 0; i < ask.count; i++) {
		const size_t before = count;

		count = add_target(count, blocks[i].object, ask.targets[i].site);
		if (count > before && may_be_recycled(&blocks[i]))
			found[before].flags |= WALK_MAYBE_RECYCLED;
	}
	return count;
}

/* The class with most bytes that is not among those above `below_bytes`; NULL: none. */
static struct census_type *next_type(uint64_t below_bytes)
{
	struct census_type *most = NULL;

	for (size_t i = 0; i < census.types.count; i++) {
		struct census_type *type = census_type_at(&census, i);

		if (type->bytes < below_bytes && (most == NULL || type->bytes > most->bytes) &&
		    walk_flags_of(type->sizes.type) & WALK_TYPE_IS_HEAP &&
		    type->sizes.kind != WALK_OF_TYPE)
			most = type;
	}
	return most;
}

/* After the first `count`: the largest containers, and some instances of the classes that have
 * most. */
static size_t add_largest(size_t count)
{
	uint64_t below_bytes = UINT64_MAX;
	const struct census_type *type;

	for (size_t i = 0; i < CENSUS_LARGEST; i++)
		count = add_target(count, census.largest[i].object, WALK_NO_SITE);
	while (count < WALK_TARGETS && (type = next_type(below_bytes)) != NULL) {
		for (size_t i = 0; i < CENSUS_SAMPLES; i++)
			count = add_target(count, type->samples[i], WALK_NO_SITE);
		below_bytes = type->bytes;
	}
	return count;
}

/* Of several samples of one line one tells. */
static bool is_first_of_its_site(size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (found[i].site == found[at].site)
			return false;
	return true;
}

static void work_out_deep_size(const struct holders *holders, struct walk_found *row)
{
	const struct deep_size size = deep_size(&census, holders, row->object);

	row->deep_bytes = size.bytes;
	row->shared_bytes = size.shared;
}

static void work_out_deep_sizes_of_types(const struct holders *holders)
{
	uint64_t below_bytes = UINT64_MAX;
	struct census_type *type;

	for (int i = 0; i < DEEP_TYPES && !walk_late() && (type = next_type(below_bytes)) != NULL;
	     i++) {
		below_bytes = type->bytes;
		type->deep_bytes = deep_size_of_type(&census, holders, type->sizes.type);
	}
}

/* As far as the time goes: of what is largest first. */
static void work_out_deep_sizes(const struct holders *holders, size_t count)
{
	for (size_t i = 0; i < count && !walk_late(); i++)
		if (found[i].site == WALK_NO_SITE)
			work_out_deep_size(holders, &found[i]);
	work_out_deep_sizes_of_types(holders);
	for (size_t i = 0; i < count && !walk_late(); i++)
		if (found[i].site != WALK_NO_SITE && is_first_of_its_site(i))
			work_out_deep_size(holders, &found[i]);
}

static uint64_t deep_until(const struct walk_file *page)
{
	const uint64_t share_ns = page->begun_ns + DEEP_SHARE_MS * NS_PER_MS;
	const uint64_t most_ns = agent_now_ns() + DEEP_MOST_MS * NS_PER_MS;

	return most_ns < share_ns ? most_ns : share_ns;
}

/* --- the walk ---------------------------------------------------------------------- */

static void walk(struct walk_file *page)
{
	struct holders *holders = NULL;
	struct walk_garbage garbage = {WALK_UNKNOWN, WALK_UNKNOWN};
	size_t count;

	read_ask(page->number);
	note_blocks();
	census_take(&census);
	count = add_largest(asked_for());
	/* without them what holders there are is not told apart */
	walk_until(page->begun_ns + NAMES_SHARE_MS * NS_PER_MS);
	walk_names_collect(&census);
	walk_until(page->begun_ns + GARBAGE_SHARE_MS * NS_PER_MS);
	if (!census.cut)
		garbage = walk_garbage_find(&census, targets, count, garbage_among);
	walk_until(page->begun_ns + HOLDERS_SHARE_MS * NS_PER_MS);
	if (!census.cut && count > 0)
		holders = holders_find(&census, targets, garbage_among, count);
	walk_until(deep_until(page));
	if (holders != NULL)
		work_out_deep_sizes(holders, count);
	if (!walk_write(page, &(struct walk_result){&census, garbage, holders, found, count}))
		snprintf(page->reason, sizeof(page->reason),
			 "the channel has no room for what it found");
}

/* --- its end ----------------------------------------------------------------------- */

static void say(struct walk_file *page, enum walk_state state)
{
	atomic_store_explicit(&page->state, state, memory_order_release);
}

static void note_times(struct walk_file *page)
{
	struct timespec cpu = {0};

	raw_call(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &cpu);
	page->cpu_ns = (uint64_t)cpu.tv_sec * NS_PER_S + (uint64_t)cpu.tv_nsec;
	page->took_ns = agent_now_ns() - page->begun_ns;
}

/* If it hangs, SIGALRM ends this process, and what is written stands (walk_trim.h). */
static void try_trim(struct walk_file *page)
{
	const uint64_t took_ms = (agent_now_ns() - page->begun_ns) / NS_PER_MS;
	const uint64_t left_ms = took_ms < WALK_DEADLINE_MS ? WALK_DEADLINE_MS - took_ms : 0;

	if (left_ms < TRIM_LEAST_MS)
		return;
	set_timer(left_ms < TRIM_MS ? (uint32_t)left_ms : TRIM_MS);
	page->trim_bytes = walk_trim();
}

_Noreturn void walk_child(const struct walk_order *order)
{
	struct walk_file *page = order->page;

	stand_alone();
	/* PR_SET_PDEATHSIG is of the thread that forked, which may end at once */
	walk_parent = order->parent;
	walk_memory_begin(order->memory_bytes);
	walk_until(page->begun_ns + CENSUS_SHARE_MS * NS_PER_MS);
	if (walk_heap_check(page->reason, sizeof(page->reason)))
		walk(page);
	note_times(page);
	if (page->reason[0] != '\0') {
		say(page, WALK_FAILED);
		leave();
	}
	say(page, WALK_WRITTEN);
	try_trim(page);
	note_times(page);
	say(page, WALK_DONE);
	leave();
}

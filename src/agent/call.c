/* Blocking calls: begun, ended, written.
 *
 * Time is cut as interfaces.md says: a call under 20 µs counts as CPU. After a
 * longer one the thread's CPU clock is read once, and what the thread did not
 * run since the last reading is the call's, up to the call's duration.
 */
#include <errno.h>

#include "agent/calls_change.h"
#include "agent/core.h"
#include "agent/cpu_clock.h"
#include "agent/ring.h"
#include "agent/run_unit.h"
#include "agent/tick.h"
#include "agent/tick_signal.h"
#include "agent/units.h"

#define HOOK_PREEMPTED_NS 20000 /* no hook works that long: somebody else ran */
/* A call inside one that owns its time is detail, and told only of a long wait: what the thread did
 * not run is the outer call's in any case. */
#define NESTED_LONG_NS 100000
#define GIL_GAP_NS 1000000 /* parts of one wait follow each other within microseconds */

enum kind_rule {
	ALWAYS = 1,         /* followed whether or not a unit is running */
	MAKES_CHANNEL = 2,  /* enough reason to make the channel */
	OWNS = 4,           /* the calls inside it are its own */
	DATABASE = 8,       /* time inside another of these is told apart (nested_ns) */
	SHORT_MATTERS = 16, /* recorded though nested and short: it opens, closes or owns */
	AUX_IS_NESTED = 32,
	EARLY = 64,      /* timed for the run of a script before there is a channel */
	FILE_DATA = 128, /* a database library's own are its call's time, and not looked at */
};

#define SQLITE_CALL (ALWAYS | OWNS | DATABASE)

static const uint8_t kind_rules[] = {
	[RECORD_CONNECT] = ALWAYS | MAKES_CHANNEL | SHORT_MATTERS,
	[RECORD_ACCEPT] = ALWAYS | SHORT_MATTERS,
	[RECORD_SEND] = ALWAYS,
	[RECORD_RECV] = ALWAYS,
	[RECORD_OPEN] = ALWAYS | SHORT_MATTERS,
	[RECORD_CLOSE] = ALWAYS | SHORT_MATTERS,
	[RECORD_POLL] = EARLY,
	[RECORD_READ] = EARLY | FILE_DATA,
	[RECORD_WRITE] = EARLY | FILE_DATA,
	[RECORD_FSYNC] = SHORT_MATTERS | EARLY,
	[RECORD_SLEEP] = EARLY,
	[RECORD_LOCK] = EARLY,
	[RECORD_DNS] = OWNS | SHORT_MATTERS | EARLY,
	[RECORD_SPAWN] = OWNS | SHORT_MATTERS | EARLY,
	[RECORD_SQLITE_OPEN] = SQLITE_CALL | MAKES_CHANNEL | SHORT_MATTERS,
	[RECORD_SQLITE_CLOSE] = SQLITE_CALL | SHORT_MATTERS,
	[RECORD_SQLITE_PREPARE] = SQLITE_CALL | AUX_IS_NESTED,
	[RECORD_SQLITE_STEP] = SQLITE_CALL | AUX_IS_NESTED,
	[RECORD_SQLITE_EXEC] = SQLITE_CALL | AUX_IS_NESTED,
	[RECORD_TLS_HANDSHAKE] = ALWAYS | SHORT_MATTERS,
	[RECORD_EXCEPTION] = 0, /* last */
};

static uint8_t rules_of(uint16_t kind)
{
	return kind < sizeof kind_rules ? kind_rules[kind] : 0;
}

/* Is the innermost of `depth` open calls one of a database library? */
static inline bool calls_database(const struct agent_thread *thread, uint8_t depth)
{
	return depth > 0 && depth <= CALL_DEPTH_MAX &&
	       rules_of(thread->open[depth - 1].kind) & DATABASE;
}

/* Hooks run in signal handlers, too: the compiler must keep the order in which
 * a thread's own flags are set. */
static void set_flag(bool *flag, bool value)
{
	*flag = value;
	atomic_signal_fence(memory_order_seq_cst);
}

static void add_relaxed(_Atomic uint64_t *counter, uint64_t value)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + value,
			      memory_order_relaxed);
}

void call_sync_clocks(struct agent_thread *thread)
{
	cpu_clock_sync(thread, agent_now_ns());
}

/* What the thread did not run between the last reading of its clocks and `end_ns`. */
static uint64_t gone_until(struct agent_thread *thread, uint64_t end_ns)
{
	uint64_t wall_before_ns = thread->sync_wall_ns, cpu_before_ns = thread->sync_cpu_ns;
	cpu_clock_sync(thread, end_ns);
	/* signed: the clocks may have been read after the end, or for a nested call later than it
	 */
	int64_t gone =
		(int64_t)(end_ns - wall_before_ns) - (int64_t)(thread->sync_cpu_ns - cpu_before_ns);
	return gone > 0 ? (uint64_t)gone : 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The call around takes all of it, not only this call's part: it may have waited in what was not
 * looked at. */
static void hand_over(struct agent_thread *thread, uint8_t depth_before, uint64_t gone_ns)
{
	if (depth_before > 0 && depth_before <= CALL_DEPTH_MAX)
		thread->open[depth_before - 1].off_cpu_ns += gone_ns;
}

/* --- records ------------------------------------------------------------------ */

static void write_to(struct agent_thread *thread, const struct channel_record *record)
{
	if (UNLIKELY(thread->writing)) { /* in a signal handler that interrupted a write */
		agent_count_loss(LOSS_NO_RING);
		return;
	}
	set_flag(&thread->writing, true);
	/* a full ring counts in ring->dropped */
	if (LIKELY(thread->ring != NULL) || (core_channel_now() && thread_claim_ring(thread)))
		ring_write(thread->ring, thread->slots, thread->capacity, &thread->head, record);
	else
		agent_count_loss(LOSS_NO_RING);
	set_flag(&thread->writing, false);
}

void call_flush_gil(struct agent_thread *thread)
{
	if (LIKELY(!thread->gil_start_ns))
		return;
	uint64_t dur_ns = thread->gil_end_ns - thread->gil_start_ns;
	struct channel_record record = {
		.t_start_ns = thread->gil_start_ns,
		.dur_ns = dur_ns,
		.unit = thread->gil_unit,
		.stack = thread->gil_stack,
		.kind = RECORD_GIL,
		.cpu_ns = record_saturate(thread->gil_cpu_ns),
		.flags = dur_ns >= CALL_LONG_NS ? RECORD_CPU_KNOWN : 0,
		.depth = thread->owning,
		.source = 1,
	};
	thread->gil_start_ns = 0;
	write_to(thread, &record);
}

void record_write(const struct channel_record *record)
{
	struct agent_thread *thread = agent_thread_self();
	if (!thread || !core_channel_now())
		return;
	call_flush_gil(thread);
	struct channel_record copy = *record;
	copy.source = 1;
	write_to(thread, &copy);
}

/* --- calls --------------------------------------------------------------------- */

/* The calling thread, if its hooks should do anything now. */
static inline struct agent_thread *awake_thread(void)
{
	if (UNLIKELY(!atomic_load_explicit(&agent_awake, memory_order_relaxed)) &&
	    !core_asleep_tick())
		return NULL;
	if (UNLIKELY(fork_vfork_mark) && fork_is_vfork_child())
		return NULL;
	struct agent_thread *thread = agent_thread_self();
	return UNLIKELY(!thread) || thread->in_hook ? NULL : thread;
}

bool call_follows(void)
{
	return awake_thread() != NULL;
}

uint32_t call_stack(struct call *c)
{
	if (c->stacked)
		return c->stack;
	struct agent_thread *thread = c->thread;
	const bool in_hook = thread->in_hook;
	set_flag(&thread->in_hook, true);
	c->stack = stack_here(thread);
	c->stacked = true;
	set_flag(&thread->in_hook, in_hook);
	return c->stack;
}

static void show_open(struct channel_ring *ring, const struct call *c, uint32_t stack)
{
	atomic_store_explicit(&ring->open_start_ns, c->start_ns, memory_order_relaxed);
	atomic_store_explicit(&ring->open_unit, c->unit, memory_order_relaxed);
	atomic_store_explicit(&ring->open_kind, c->kind, memory_order_relaxed);
	atomic_store_explicit(&ring->open_stack, stack, memory_order_relaxed);
	uint64_t sequence = atomic_load_explicit(&ring->open_sequence, memory_order_relaxed);
	atomic_store_explicit(&ring->open_sequence, sequence | 1, memory_order_release);
}

static uintptr_t newest_frame(struct agent_thread *thread)
{
	bool in_hook = thread->in_hook;
	set_flag(&thread->in_hook, true);
	uintptr_t frame = context_frame();
	set_flag(&thread->in_hook, in_hook);
	return frame;
}

/* Does a library call this of its own, inside the call that owns it, and no Python function that
 * it called back, nor another greenlet? */
static bool is_librarys_own(struct agent_thread *thread)
{
	return thread->owning > 0 && newest_frame(thread) == thread->owner_frame;
}

/* A wait that no allocator makes: what allocates may be done at its begin. */
static bool is_plain_wait(enum record_kind kind)
{
	switch (kind) {
	case RECORD_CONNECT:
	case RECORD_ACCEPT:
	case RECORD_SEND:
	case RECORD_RECV:
	case RECORD_POLL:
	case RECORD_SLEEP:
	case RECORD_LOCK:
		return true;
	default:
		return false;
	}
}

/* Now and then: does the reader live, is the sampling thread there? What starts it may be done at
 * some calls only; then the next call looks again. */
static void look_around(uint64_t now_ns, enum record_kind kind)
{
	bool awake = core_check_reader(now_ns);

	if (is_plain_wait(kind)) {
		if (awake)
			tick_ensure(now_ns);
		if (kind != RECORD_SEND) /* a signal handler's: signal.set_wakeup_fd() */
			calls_change_look();
	} else if ((awake && tick_is_missing(now_ns)) || calls_change_is_due()) {
		atomic_store_explicit(&core_next_check_ns, now_ns, memory_order_relaxed);
	}
}

/* Does a tick ask this thread, whose call was noted before? The tick does both the other way round
 * (tick_signal_ask), so one of the two sees the other. */
static inline bool is_asked(const struct agent_thread *thread)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(&tick_signal_asked, memory_order_relaxed) == thread->tid;
}

/* The call begins after the tick. */
static __attribute__((noinline)) void let_tick_pass(struct call *c)
{
	tick_signal_let_pass(c->thread->tid);
	c->start_ns = agent_now_ns();
	if (c->depth_before < CALL_DEPTH_MAX)
		c->thread->open[c->depth_before].start_ns = c->start_ns;
}

/* Starts the clock and opens the slot; unit, stack and thread are set. */
static inline void enter(struct call *c, struct agent_thread *thread, enum record_kind kind,
			 uint8_t rules, uint32_t open_stack)
{
	c->thread = thread;
	c->kind = (uint16_t)kind;
	c->owns = (rules & OWNS) != 0;
	c->nested = thread->owning > 0;
	c->depth_before = thread->depth;
	c->owning_before = thread->owning;
	c->end_ns = 0;
	c->start_ns = agent_now_ns();
	if (thread->depth < CALL_DEPTH_MAX) {
		thread->open[thread->depth].start_ns = c->start_ns;
		thread->open[thread->depth].nested_ns = 0;
		thread->open[thread->depth].off_cpu_ns = 0;
		thread->open[thread->depth].kind = c->kind;
	}
	if (c->owns && !c->nested) {
		thread->owner_unit = c->unit;
		thread->owner_frame = newest_frame(thread);
	}
	/* who looks from outside (call_waiting_of) must not find the last call's time here */
	__atomic_store_n(&thread->depth, (uint8_t)(thread->depth + 1), __ATOMIC_RELEASE);
	thread->owning = (uint8_t)(thread->owning + c->owns);
	if (UNLIKELY(is_asked(thread)))
		let_tick_pass(c);
	uint64_t check_ns = atomic_load_explicit(&core_next_check_ns, memory_order_relaxed);
	if (UNLIKELY(c->start_ns >= check_ns))
		look_around(c->start_ns, kind);
	/* outside a unit it is a worker that waits for work: no hang to show */
	if (c->unit && c->depth_before == 0 && thread->ring)
		show_open(thread->ring, c, open_stack);
}

/* At random distances: a request makes the same calls each time, and every 64th
 * would always be the same one (generator of Numerical Recipes, section 7.1). */
static inline bool is_sampled(struct agent_thread *thread)
{
	if (LIKELY(thread->hook_tick > 0)) {
		thread->hook_tick--;
		return false;
	}
	thread->hook_random = thread->hook_random * 1664525u + 1013904223u;
	thread->hook_tick = 31 + (thread->hook_random >> 26); /* 31 … 94 */
	return true;
}

static inline void time_next_hook(struct call *c, struct agent_thread *thread)
{
	c->hook_sampled = is_sampled(thread);
	c->hook_start_ns = c->hook_sampled || thread->spans ? agent_now_ns() : 0;
}

static void count_hook(const struct agent_thread *thread, uint64_t own_ns)
{
	struct channel_ring *ring = thread->ring;
	if (!ring)
		return;
	add_relaxed(&ring->hook_calls, 1);
	if (LIKELY(!own_ns))
		return;
	add_relaxed(&ring->hook_ns, own_ns);
	add_relaxed(&ring->hook_timed, 1);
}

uint64_t hook_time_begin(struct agent_thread *thread)
{
	return is_sampled(thread) ? agent_now_ns() : 0;
}

void hook_time_end(const struct agent_thread *thread, uint64_t begin_ns)
{
	uint64_t own_ns = begin_ns ? agent_now_ns() - begin_ns : 0;
	count_hook(thread, own_ns > HOOK_PREEMPTED_NS ? 0 : own_ns);
}

static inline bool begin(struct call *c, enum record_kind kind, uint8_t rules)
{
	struct agent_thread *thread = awake_thread();
	if (!thread) {
		if (UNLIKELY(!atomic_load_explicit(&agent_awake, memory_order_relaxed)) &&
		    is_plain_wait(kind) && kind != RECORD_SEND && !fork_vfork_mark)
			calls_change_look(); /* nobody reads: calls need not be counted */
		return false;
	}
	bool own = is_librarys_own(thread);
	if (own && rules & FILE_DATA && calls_database(thread, thread->depth))
		return false;
	time_next_hook(c, thread);
	set_flag(&thread->in_hook, true);
	/* nobody changes the thread's context inside a library's call */
	c->unit = own ? thread->owner_unit : unit_current(thread);
	bool early = rules & EARLY && UNLIKELY(run_waits());
	bool wanted = c->unit || rules & ALWAYS || early;
	if (wanted && UNLIKELY(!core_channel_now())) {
		c->hook_start_ns = 0; /* making it is no cost of a call */
		wanted = early || (rules & MAKES_CHANNEL && agent_need_channel());
		c->unit = unit_current(thread); /* the run has no id before there is a channel */
	}
	c->early = early && !c->unit;
	__atomic_store_n(&thread->passing, !wanted, __ATOMIC_RELEASE);
	if (!wanted) {
		set_flag(&thread->in_hook, false);
		if (UNLIKELY(is_asked(thread)))
			tick_signal_let_pass(thread->tid);
		if (UNLIKELY(calls_change_presses()) && is_plain_wait(kind) && kind != RECORD_SEND)
			calls_change_look();
		return false;
	}
	c->stacked = c->unit && thread->depth == 0;
	c->stack = c->stacked ? stack_here(thread) : 0;
	set_flag(&thread->in_hook, false);
	enter(c, thread, kind, rules, c->stack);
	return true;
}

bool call_begin(struct call *c, enum record_kind kind)
{
	return begin(c, kind, rules_of((uint16_t)kind));
}

bool call_begin_in_unit(struct call *c, enum record_kind kind)
{
	return begin(c, kind, rules_of((uint16_t)kind) & (uint8_t)~ALWAYS);
}

bool call_begin_known(struct call *c, enum record_kind kind, uint64_t unit, uint32_t open_stack)
{
	struct agent_thread *thread = awake_thread();
	if (!thread)
		return false;
	time_next_hook(c, thread);
	c->unit = unit;
	c->early = false;
	c->stacked = false;
	c->stack = 0;
	enter(c, thread, kind, rules_of((uint16_t)kind), open_stack);
	return true;
}

/* Close the slot; whatever a longjmp or a cancelled call left above it goes, too. */
static void call_leave(const struct call *c)
{
	struct agent_thread *thread = c->thread;
	/* greenlets may end in another order than they began: never back to what has ended */
	thread->depth = c->depth_before < thread->depth ? c->depth_before : thread->depth;
	thread->owning = c->owning_before < thread->owning ? c->owning_before : thread->owning;
	struct channel_ring *ring = thread->ring;
	if (c->depth_before == 0 && ring) {
		uint64_t sequence =
			atomic_load_explicit(&ring->open_sequence, memory_order_relaxed);
		atomic_store_explicit(&ring->open_sequence, sequence + (sequence & 1),
				      memory_order_release);
	}
}

bool call_is_databases_own(const struct call *c)
{
	return calls_database(c->thread, c->depth_before) && is_librarys_own(c->thread);
}

void call_without_stack(struct call *c)
{
	c->stacked = true;
}

void call_stop(struct call *c)
{
	c->end_ns = agent_now_ns();
}

/* What the hook itself took around a call that ended at `end_ns`; 0: not timed. */
static uint64_t take_own_time(const struct call *c, uint64_t end_ns)
{
	if (LIKELY(!c->hook_start_ns))
		return 0;
	uint64_t own_ns = c->start_ns - c->hook_start_ns + agent_now_ns() - end_ns;
	if (own_ns > HOOK_PREEMPTED_NS)
		return 0;
	c->thread->span_hook_ns += own_ns;
	return own_ns;
}

static void time_hook(const struct call *c, uint64_t end_ns)
{
	uint64_t own_ns = take_own_time(c, end_ns);
	count_hook(c->thread, c->hook_sampled ? own_ns : 0);
}

void call_drop(struct call *c)
{
	call_leave(c);
	time_hook(c, c->hook_start_ns ? agent_now_ns() : 0);
}

void call_gil_part(struct call *c, uint64_t end_ns, bool timed_out)
{
	struct agent_thread *thread = c->thread;
	int saved_errno = errno;
	set_flag(&thread->in_hook, true);
	uint64_t dur_ns = end_ns - c->start_ns;
	uint64_t cpu_ns = dur_ns;
	if (dur_ns >= CALL_LONG_NS) {
		uint64_t gone_ns = gone_until(thread, end_ns);
		uint64_t off_ns = least(gone_ns, dur_ns);
		cpu_ns -= off_ns;
		hand_over(thread, c->depth_before, gone_ns);
		if (c->depth_before == 0) {
			thread->blocked_ns += off_ns;
			thread->gil_ns += off_ns;
		}
	}
	if (thread->gil_start_ns &&
	    (thread->gil_unit != c->unit || c->start_ns - thread->gil_end_ns > GIL_GAP_NS))
		call_flush_gil(thread);
	if (!thread->gil_start_ns) {
		thread->gil_start_ns = c->start_ns;
		thread->gil_unit = c->unit;
		thread->gil_stack = call_stack(c);
		thread->gil_cpu_ns = 0;
	}
	thread->gil_end_ns = end_ns;
	thread->gil_cpu_ns += cpu_ns;
	call_leave(c);
	if (!timed_out)
		call_flush_gil(thread);
	time_hook(c, end_ns);
	set_flag(&thread->in_hook, false);
	errno = saved_errno;
}

uint64_t call_end(struct call *c, struct call_facts facts)
{
	uint64_t end_ns = c->end_ns ? c->end_ns : agent_now_ns();
	int saved_errno = errno;
	struct agent_thread *thread = c->thread;
	uint64_t dur_ns = end_ns - c->start_ns;
	set_flag(&thread->in_hook, true);

	bool has_slot = c->depth_before < CALL_DEPTH_MAX;
	uint64_t nested_ns = has_slot ? thread->open[c->depth_before].nested_ns : 0;
	uint64_t gone_ns = has_slot ? thread->open[c->depth_before].off_cpu_ns : 0;
	uint64_t cpu_ns = 0;
	bool is_long = dur_ns >= (c->nested ? NESTED_LONG_NS : CALL_LONG_NS);
	if (is_long)
		gone_ns += gone_until(thread, end_ns);
	uint64_t off_ns = least(gone_ns, dur_ns);
	if (is_long) {
		cpu_ns = dur_ns - off_ns;
		facts.flags |= RECORD_CPU_KNOWN;
		if (c->depth_before == 0)
			thread->blocked_ns += off_ns;
	}
	hand_over(thread, c->depth_before, gone_ns);
	call_leave(c);
	uint8_t rules = rules_of(c->kind);
	if (c->depth_before > 0 && c->depth_before <= CALL_DEPTH_MAX) {
		uint8_t around = (uint8_t)(c->depth_before - 1);
		if (rules & DATABASE && rules_of(thread->open[around].kind) & DATABASE)
			thread->open[around].nested_ns += dur_ns;
	}

	if (facts.flags & (RECORD_OPENS | RECORD_CLOSES) && facts.subject)
		thread->last_handle = facts.subject;

	if (UNLIKELY(!c->unit && !core_channel_now()))
		c->unit = run_blocked(off_ns);
	else if (UNLIKELY(!c->unit && c->early)) /* another thread made it meanwhile */
		c->unit = run_unit_id();
	uint64_t unit = facts.unit ? facts.unit : c->unit;
	bool holds_time = !c->nested || is_long || rules & SHORT_MATTERS;
	if ((unit || facts.always) && holds_time) {
		struct channel_header *channel = core_channel_now();
		if (thread->loop_depth && channel && !facts.never_waits) {
			uint32_t open =
				atomic_load_explicit(&channel->units_open, memory_order_relaxed);
			facts.flags |= RECORD_ON_LOOP;
			if (!facts.count)
				facts.count = open > (unit != 0) ? open - (unit != 0) : 0;
		}
		if (c->nested)
			facts.flags |= RECORD_NESTED;
		call_flush_gil(thread);
		write_to(thread,
			 &(struct channel_record){
				 .t_start_ns = c->start_ns,
				 .dur_ns = dur_ns,
				 .unit = unit,
				 .stack = call_stack(c),
				 .subject = facts.subject,
				 .bytes = record_saturate(facts.bytes),
				 .cpu_ns = record_saturate(cpu_ns),
				 .kind = c->kind,
				 .result = (int16_t)(facts.result > INT16_MAX   ? INT16_MAX
						     : facts.result < INT16_MIN ? INT16_MIN
										: facts.result),
				 .flags = facts.flags,
				 .depth = c->owning_before,
				 .source = 1,
				 .aux = facts.aux || !(rules & AUX_IS_NESTED) ? facts.aux
									      : nested_ns,
				 .count = facts.count,
				 .object = facts.object,
			 });
	}
	time_hook(c, end_ns);
	set_flag(&thread->in_hook, false);
	errno = saved_errno;
	return dur_ns;
}

#include "agent/calls_lines.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "agent/calls_clock.h"
#include "agent/calls_control.h"
#include "agent/calls_tree.h"
#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/raw.h"
#include "base/hash.h"

#define PLACES (2 * LINES_CAPACITY) /* a power of two */
#define SUSPENDED 16384             /* a power of two */
#define PROBES 16

AGENT_TLS struct lines_thread *lines_self;
struct lines_cost lines_cost;
static AGENT_TLS uint32_t refused; /* dict_generation() when none could be made */

static struct lines_thread *threads; /* guarded by the GIL */

/* A frame that waits. */
static struct suspended {
	uintptr_t frame; /* 0: free */
	uint32_t code, line;
	uint64_t since; /* ticks */
	uint32_t late_at;
	bool late;
} suspended[SUSPENDED];

/* --- a thread's file ----------------------------------------------------------------- */

static void *reserve(size_t bytes)
{
	long at = raw_call(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at < 0 && at > -4096 ? NULL : (void *)at;
}

static void lay_out(struct lines_area *area, uint32_t number, uint32_t tid)
{
	area->number = number;
	area->tid = tid;
	area->lines_offset = CHANNEL_PAGE;
	area->waits_offset = LINES_WAITS_AT;
	area->capacity = LINES_CAPACITY;
}

static struct lines_area *make_area(uint32_t number, uint32_t tid)
{
	char suffix[32];
	struct lines_area *area;

	snprintf(suffix, sizeof suffix, "lines-%u", number);
	area = channel_file_extend(suffix, 0, LINES_AREA_BYTES, NULL);
	if (area == NULL)
		return NULL;
	lay_out(area, number, tid);
	return area;
}

#define PLACE_BYTES (sizeof(struct lines_thread) + PLACES * sizeof(uint32_t))

static struct lines_thread *reserve_place(void)
{
	struct lines_thread *t = reserve(PLACE_BYTES);

	if (t != NULL)
		t->places = (uint32_t *)(t + 1);
	return t;
}

/* One whose thread is gone, else a new one. */
static struct lines_thread *take_place(uint32_t tid)
{
	struct lines_thread *t = threads;

	while (t != NULL && atomic_load_explicit(&t->owned, memory_order_acquire))
		t = t->next;
	if (t != NULL)
		return t;
	t = reserve_place();
	if (t == NULL)
		return NULL;
	t->number = threads != NULL ? threads->number + 1 : 1;
	t->area = make_area(t->number, tid);
	if (t->area == NULL) {
		raw_call(SYS_munmap, t, PLACE_BYTES);
		return NULL;
	}
	t->next = threads;
	threads = t;
	atomic_store_explicit(&t->area->magic, LINES_AREA_MAGIC, memory_order_release);
	atomic_store_explicit(&calls_process->line_areas, t->number, memory_order_release);
	return t;
}

static void begin_thread(struct lines_thread *t, struct agent_thread *thread)
{
	t->thread = thread;
	t->depth = 0;
	t->other = 0;
	if (thread->mark.word == NULL)
		calls_clock_thread_begin(thread);
	t->last = calls_ticks();
}

struct lines_thread *lines_thread_claim(void)
{
	struct agent_thread *thread = agent_thread_self();
	struct lines_thread *t;

	if (thread == NULL || thread->in_hook || !calls_control_page() ||
	    refused == dict_generation())
		return NULL;
	thread->in_hook = true;
	t = take_place(thread->tid);
	if (t != NULL) {
		atomic_store(&t->owned, true);
		t->area->tid = thread->tid;
		begin_thread(t, thread);
	} else {
		refused = dict_generation();
		calls_add64(&calls_process->lost_threads, 1);
	}
	thread->in_hook = false;
	lines_self = t;
	return t;
}

struct lines_thread *lines_scratch_begin(void)
{
	struct agent_thread *thread = agent_thread_self();
	struct lines_thread *t = thread == NULL ? NULL : reserve_place();

	if (t == NULL)
		return NULL;
	t->area = reserve(LINES_AREA_BYTES);
	if (t->area == NULL) {
		raw_call(SYS_munmap, t, PLACE_BYTES);
		return NULL;
	}
	lay_out(t->area, 0, 0);
	t->no_memory = true;
	begin_thread(t, thread);
	lines_self = t;
	return t;
}

void lines_scratch_end(struct lines_thread *scratch, struct lines_thread *before)
{
	lines_self = before;
	raw_call(SYS_munmap, scratch->area, LINES_AREA_BYTES);
	raw_call(SYS_munmap, scratch, PLACE_BYTES);
}

void lines_thread_end(struct agent_thread *thread)
{
	struct lines_thread *t = lines_self;

	if (t == NULL || t->thread != thread)
		return;
	lines_self = NULL;
	atomic_store_explicit(&t->owned, false, memory_order_release);
}

void lines_reset(void)
{
	for (struct lines_thread *t = threads; t != NULL; t = t->next) {
		t->depth = 0;
		t->other = 0;
	}
	memset(suspended, 0, sizeof suspended);
}

void lines_after_fork(void)
{
	struct lines_thread *next;

	for (struct lines_thread *t = threads; t != NULL; t = next) {
		next = t->next;
		raw_call(SYS_munmap, t->area, LINES_AREA_BYTES);
		if (t->memory != NULL)
			raw_call(SYS_munmap, t->memory,
				 LINES_CAPACITY * sizeof(struct calls_line_memory));
		raw_call(SYS_munmap, t, PLACE_BYTES);
	}
	threads = NULL;
	lines_self = NULL;
	refused = 0;
	memset(suspended, 0, sizeof suspended);
}

/* --- lines --------------------------------------------------------------------------- */

/* Each line is counted once, but for those that share a bit. */
static void lose_line(struct lines_thread *t, uint32_t code, uint32_t line)
{
	uint64_t hash = hash_mix64((uint64_t)code << 32 | line) % LINES_LOST_BITS;
	uint64_t bit = UINT64_C(1) << hash % 64;

	calls_add64(&t->area->lost, 1);
	if (t->lost[hash / 64] & bit)
		return;
	t->lost[hash / 64] |= bit;
	calls_add32(&t->area->lost_bits, 1);
}

static struct calls_line *claim_line(struct lines_thread *t, uint32_t *place, uint32_t code,
				     uint32_t line)
{
	uint32_t count = atomic_load_explicit(&t->area->count, memory_order_relaxed);
	struct calls_line *entry;

	if (count == t->area->capacity) {
		lose_line(t, code, line);
		return NULL;
	}
	entry = &lines_of(t->area)[count];
	entry->code = code;
	entry->line = line;
	*place = count + 1;
	atomic_store_explicit(&t->area->count, count + 1, memory_order_release);
	return entry;
}

static struct calls_line *find_line(struct lines_thread *t, uint32_t code, uint32_t line)
{
	uint32_t at = line * UINT32_C(0x9e3779b1) ^ code * UINT32_C(0x85ebca6b);

	for (at ^= at >> 15;; at++) { /* half of the places are free at least */
		uint32_t *place = &t->places[at & (PLACES - 1)];
		struct calls_line *entry;

		if (*place == 0)
			return claim_line(t, place, code, line);
		entry = &lines_of(t->area)[*place - 1];
		if (entry->code == code && entry->line == line)
			return entry;
	}
}

/* --- frames -------------------------------------------------------------------------- */

struct instant {
	uint64_t wall, cpu;
};

static inline struct instant now_of(struct lines_thread *t)
{
	struct instant now = {.wall = calls_ticks()};

	now.cpu = calls_cpu_at(t->thread, now.wall, t->last);
	t->last = now.wall;
	calls_add64(&t->area->events, 1);
	atomic_store_explicit(&t->area->cost, t->spent, memory_order_relaxed);
	return now;
}

struct line_frame *lines_find_below(struct lines_thread *t, uintptr_t frame)
{
	for (uint32_t i = t->depth; i > 0; i--)
		if (t->frames[i - 1].frame == frame)
			return &t->frames[i - 1];
	return NULL;
}

static void add_waits(struct lines_thread *t, const struct line_frame *f)
{
	struct calls_line_waits *waits = &lines_waits_of(t->area)[f->now - lines_of(t->area)];
	uint64_t gil_ns = t->thread->gil_ns - f->gil_ns;

	calls_add64(&waits->gil_ns, gil_ns);
	calls_add64(&waits->blocked_ns, t->thread->blocked_ns - f->blocked_ns - gil_ns);
}

static inline uint64_t less(uint64_t from, uint64_t part)
{
	return from > part ? from - part : 0;
}

/* Time until now is the line's that is under way. */
static inline void close_part(struct lines_thread *t, struct line_frame *f, struct instant now)
{
	struct calls_line *line = f->now;
	uint64_t wall = now.wall - f->wall, spent = t->spent - f->spent;

	if (UNLIKELY(line == NULL)) {
		if (f->line != 0)
			calls_add64(&t->area->lost_wall, less(wall, f->inner));
		return;
	}
	calls_add64(&line->wall, wall);
	calls_add64(&line->own_wall, less(wall, f->inner));
	calls_add64(&line->cost, spent);
	calls_add64(&line->own_cost, less(spent, f->inner_spent));
	if (LIKELY(now.cpu > f->cpu))
		calls_add64(&line->cpu, now.cpu - f->cpu);
	if (UNLIKELY(f->blocked_ns != t->thread->blocked_ns))
		add_waits(t, f);
}

static inline void open_part(struct lines_thread *t, struct line_frame *f, struct instant now)
{
	f->wall = now.wall;
	f->cpu = now.cpu;
	f->inner = 0;
	f->spent = t->spent;
	f->inner_spent = 0;
	f->blocked_ns = t->thread->blocked_ns;
	f->gil_ns = t->thread->gil_ns;
}

static struct line_frame *push(struct lines_thread *t, uintptr_t frame, uint32_t code,
			       struct instant now)
{
	struct line_frame *f = &t->frames[t->depth];

	if (UNLIKELY(t->depth == LINE_FRAMES)) {
		calls_add64(&t->area->lost, 1);
		return NULL;
	}
	t->depth++;
	f->frame = frame;
	f->code = code;
	f->line = 0;
	f->now = NULL;
	f->late = false;
	f->began = now.wall;
	f->began_spent = t->spent;
	/* a function between it and the frame below is that frame's to be told of */
	f->outer = t->other;
	t->other = 0;
	open_part(t, f, now);
	return f;
}

/* Out of the stack; what it took is no own time of the frame that called it. */
static void drop(struct lines_thread *t, struct line_frame *f, struct instant now)
{
	uint64_t took = f->began != 0 ? now.wall - f->began : 0;
	uint64_t spent = f->began != 0 ? t->spent - f->began_spent : 0;
	uintptr_t outer = f->outer;
	size_t above = (size_t)(&t->frames[t->depth] - (f + 1));

	if (UNLIKELY(above > 0))
		memmove(f, f + 1, above * sizeof *f);
	t->depth--;
	if (UNLIKELY(above > 0))
		return;
	t->other = outer;
	if (LIKELY(outer == 0 && t->depth > 0)) {
		t->frames[t->depth - 1].inner += took;
		t->frames[t->depth - 1].inner_spent += spent;
	}
}

void lines_begin(struct lines_thread *t, uintptr_t frame, uint32_t code)
{
	calls_add64(&t->area->events, 1);
	push(t, frame, code, (struct instant){0});
}

void lines_end(struct lines_thread *t, uintptr_t frame)
{
	struct line_frame *f = lines_find(t, frame);
	struct instant now;

	if (UNLIKELY(f == NULL))
		return;
	now = now_of(t);
	t->spent += lines_cost.line;
	close_part(t, f, now);
	drop(t, f, now);
}

void lines_at(struct lines_thread *t, uintptr_t frame, uint32_t code, uint32_t line)
{
	struct instant now = now_of(t);
	struct line_frame *f = lines_find(t, frame);

	if (UNLIKELY(f == NULL || f->code != code)) {
		f = push(t, frame, code, now);
		if (f == NULL)
			return;
	}
	if (f->began == 0) {
		t->spent += lines_cost.chosen;
		f->began = now.wall;
		f->began_spent = t->spent;
	} else {
		t->spent += lines_cost.line;
	}
	close_part(t, f, now);
	if (f->line != line || f->now == NULL) {
		f->now = find_line(t, code, line);
		f->line = line;
	}
	f->late = false;
	if (LIKELY(f->now != NULL))
		calls_add64(&f->now->hits, 1);
	open_part(t, f, now);
}

/* --- loops on one line --------------------------------------------------------------- */

void lines_again(struct lines_thread *t, uintptr_t frame, bool late, uint32_t at)
{
	struct line_frame *f = lines_find(t, frame);

	calls_add64(&t->area->events, 1);
	if (UNLIKELY(f == NULL || f->now == NULL))
		return;
	t->spent += lines_cost.again;
	if (!late || f->late)
		calls_add64(&f->now->hits, 1);
	f->late = late;
	f->late_at = at;
}

void lines_again_over(struct lines_thread *t, uintptr_t frame)
{
	struct line_frame *f = lines_find(t, frame);

	calls_add64(&t->area->events, 1);
	if (UNLIKELY(f == NULL))
		return;
	t->spent += lines_cost.again;
	f->late = false;
}

void lines_raised(struct lines_thread *t, uintptr_t frame, uint32_t at)
{
	struct line_frame *f = lines_find(t, frame);

	if (f == NULL || !f->late || f->late_at == at || f->late_at == LINE_NEVER_KNOWN)
		return;
	if (f->now != NULL)
		calls_add64(&f->now->hits, 1);
	f->late = false;
}

/* --- functions that are not chosen --------------------------------------------------- */

void lines_other_begin(struct lines_thread *t, uintptr_t frame)
{
	struct line_frame *f;

	if (t->depth == 0)
		return;
	t->spent += lines_cost.other_outside;
	if (t->other != 0) { /* all of it is in the other one's time */
		t->spent += lines_cost.other_inside;
		return;
	}
	t->other = frame;
	f = &t->frames[t->depth - 1];
	f->other_spent = t->spent;
	f->other_since = calls_ticks();
}

void lines_other_end(struct lines_thread *t, uintptr_t frame)
{
	struct line_frame *f;

	if (t->other != frame || t->depth == 0)
		return;
	t->other = 0;
	f = &t->frames[t->depth - 1];
	f->inner += calls_ticks() - f->other_since;
	t->spent += lines_cost.other_inside;
	f->inner_spent += t->spent - f->other_spent;
}

/* --- suspended ----------------------------------------------------------------------- */

static inline struct suspended *probe(uintptr_t frame, uint32_t i)
{
	return &suspended[(hash_mix64(frame) + i) & (SUSPENDED - 1)];
}

/* The first place that is free or the frame's own; else the oldest, which is given up. What a frame
 * that was at this address left further on is not found again: this one is found before it. */
static struct suspended *place_for(uintptr_t frame)
{
	struct suspended *oldest = NULL;

	for (uint32_t i = 0; i < PROBES; i++) {
		struct suspended *at = probe(frame, i);

		if (LIKELY(at->frame == 0 || at->frame == frame))
			return at;
		if (oldest == NULL || at->since < oldest->since)
			oldest = at;
	}
	calls_add64(&calls_process->lost_suspended, 1);
	return oldest;
}

/* NULL: it has none. */
static struct suspended *entry_of(uintptr_t frame)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		struct suspended *at = probe(frame, i);

		if (LIKELY(at->frame == frame))
			return at;
	}
	return NULL;
}

void lines_suspend(struct lines_thread *t, uintptr_t frame)
{
	struct line_frame *f = lines_find(t, frame);
	struct instant now;

	if (UNLIKELY(f == NULL))
		return;
	now = now_of(t);
	t->spent += lines_cost.line;
	close_part(t, f, now);
	*place_for(frame) = (struct suspended){
		.frame = frame,
		.code = f->code,
		.line = f->line,
		.since = now.wall,
		.late_at = f->late_at,
		.late = f->late,
	};
	drop(t, f, now);
}

void lines_resume(struct lines_thread *t, uintptr_t frame, uint32_t code)
{
	struct instant now = now_of(t);
	struct line_frame *f;
	struct suspended *was;

	t->spent += lines_cost.resume;
	f = push(t, frame, code, now);
	was = entry_of(frame);
	if (f == NULL || was == NULL)
		return;
	if (was->code == code && was->line != 0) {
		f->line = was->line;
		f->late = was->late;
		f->late_at = was->late_at;
		f->now = find_line(t, code, was->line);
		if (f->now != NULL)
			calls_add64(&f->now->awaited, now.wall - was->since);
	}
	was->frame = 0;
}

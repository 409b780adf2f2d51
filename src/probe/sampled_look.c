#include "probe/sampled_look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/look_clocks.h"
#include "probe/look_codes.h"
#include "probe/look_words.h"

enum {
	FRAMES_MAX = 512,
	LEARN_TRIES = 3,
	PREFIX_TRIES = 4,
	RUN_ON_NS = 50000,
	WORD = sizeof(uintptr_t)
};

void look_begin(struct look *l, struct python_process *process, struct still *still)
{
	*l = (struct look){.process = process, .still = still, .arena = arena_new()};
	look_codes_open(l);
	l->room = mem_alloc(REMOTE_THREADS_MAX * sizeof *l->room);
	l->chain = mem_alloc(FRAMES_MAX * sizeof *l->chain);
	l->second_chain = mem_alloc(FRAMES_MAX * sizeof *l->second_chain);
	for (int i = 0; i < 2; i++)
		l->ids[i] = mem_alloc(FRAMES_MAX * sizeof *l->ids[i]);
}

static void let_go(struct look *l, struct look_thread *t)
{
	if (!t->tid)
		return;
	if (l->gone)
		l->gone(l->gone_context, t);
	map_remove(&l->by_inner_tid, (uint64_t)t->inner_tid);
	thread_watch_close(&t->watch);
	*t = (struct look_thread){0};
}

void look_end(struct look *l)
{
	freeze_thaw(&l->still->freeze);
	for (size_t i = 0; i < l->threads.count; i++)
		let_go(l, &l->threads.items[i]);
	vec_free(&l->threads);
	vec_free(&l->words);
	vec_free(&l->spans);
	vec_free(&l->frames);
	vec_free(&l->links);
	look_codes_close(l);
	map_free(&l->by_inner_tid);
	free(l->room);
	free(l->chain);
	free(l->second_chain);
	for (int i = 0; i < 2; i++)
		free(l->ids[i]);
	arena_free(l->arena);
}

/* --- the kernel's word ------------------------------------------------------------ */

/* False: the thread is gone. */
static bool note_motion(struct look_thread *t)
{
	t->mark = LOOK_GONE;
	if (!thread_watch_motion(&t->watch, &t->call))
		return false;
	if (t->is_known && t->was_blocked && t->call.timeslices > 0 &&
	    t->call.timeslices == t->last_timeslices) {
		t->mark = LOOK_SAME;
		return true;
	}
	if (!thread_watch_call(&t->watch, &t->call))
		return false;
	t->mark = t->call.is_running ? LOOK_RUNS : LOOK_BLOCKED;
	return true;
}

/* Whether one that was blocked has not been put on a CPU since this look began. */
static bool has_stood(const struct look_thread *t)
{
	struct thread_call now = t->call;
	return t->mark == LOOK_FROZEN ||
	       (t->mark != LOOK_RUNS && thread_watch_motion(&t->watch, &now) &&
		now.timeslices == t->call.timeslices);
}

/* --- the list of threads ------------------------------------------------------------ */

static struct look_thread *free_place(struct look *l)
{
	for (size_t i = 0; i < l->threads.count; i++)
		if (!l->threads.items[i].tid)
			return &l->threads.items[i];
	return vec_push(&l->threads);
}

static int outer_tid(struct look *l, int inner_tid)
{
	if (!l->process->has_inner_ids)
		return inner_tid;
	still_list(l->process, l->still);
	return still_outer_tid(l->still, inner_tid);
}

/* NULL: the kernel has no such thread (any more). */
static struct look_thread *new_thread(struct look *l, int inner_tid)
{
	const int tid = outer_tid(l, inner_tid);
	if (!tid)
		return NULL;
	struct look_thread *t = free_place(l);
	*t = (struct look_thread){.tid = tid, .inner_tid = inner_tid};
	thread_watch_open(&t->watch, l->process->pid, tid);
	*map_put(&l->by_inner_tid, (uint64_t)inner_tid, NULL) = (uint64_t)(t - l->threads.items);
	if (note_motion(t))
		return t;
	let_go(l, t);
	return NULL;
}

static struct look_thread *thread_of(struct look *l, const struct remote_thread *python)
{
	const uint64_t *place = map_find(&l->by_inner_tid, (uint64_t)python->inner_tid);
	if (!python->inner_tid)
		return NULL; /* it is being made */
	/* A number given again. */
	if (place && l->threads.items[*place].mark == LOOK_GONE) {
		let_go(l, &l->threads.items[*place]);
		place = NULL;
	}
	return place ? &l->threads.items[*place] : new_thread(l, python->inner_tid);
}

static enum err_kind list_threads(struct look *l, struct err *e)
{
	struct look_change change; /* since when does not matter: of what is read from here on */
	size_t count;
	const bool has_words = look_words_read(l, &change);
	memory_forget(&l->process->memory);
	TRY(remote_threads(&l->process->remote, l->room, REMOTE_THREADS_MAX, &count, e));
	for (size_t i = 0; i < l->threads.count; i++)
		l->threads.items[i].is_listed = false;
	for (size_t i = 0; i < count; i++) {
		struct look_thread *t = thread_of(l, &l->room[i]);
		if (!t)
			continue;
		if (t->python.tstate != l->room[i].tstate) {
			t->is_known = false;
			if (t->mark == LOOK_SAME)
				t->mark = LOOK_BLOCKED;
		}
		t->python = l->room[i];
		t->is_listed = true;
	}
	for (size_t i = 0; i < l->threads.count; i++)
		if (!l->threads.items[i].is_listed)
			let_go(l, &l->threads.items[i]);
	TRY(look_words_cover(l, count, e));
	if (!has_words)
		return ERR(e, ERR_INVALID, "its interpreters were not known");
	/* Not as the list has them: pages of the cache may be of different times. */
	look_words_set_gils(l);
	return ERR_OK;
}

/* --- who must stand ------------------------------------------------------------------ */

static bool is_last_holder(const struct look_thread *t)
{
	return t->is_listed && t->python.gil.last_holder == t->python.tstate;
}

/* False: one that must stand does not. */
static bool make_stand(struct look *l)
{
	struct freeze *freeze = &l->still->freeze;
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *t = &l->threads.items[i];
		if (!is_last_holder(t) || (t->mark != LOOK_RUNS && t->call.timeslices > 0))
			continue;
		if (!freeze_thread(freeze, t->tid)) {
			l->refused +=
				freeze->failed_errno == EPERM || freeze->failed_errno == ENOSYS;
			return false;
		}
		l->refused = 0;
		t->mark = LOOK_FROZEN;
	}
	return true;
}

static bool have_stood(const struct look *l)
{
	for (size_t i = 0; i < l->threads.count; i++)
		if (is_last_holder(&l->threads.items[i]) && !has_stood(&l->threads.items[i]))
			return false;
	return true;
}

/* --- frames ------------------------------------------------------------------------- */

/* The list itself may not have been read again: then one that has left it has run since. */
static bool is_in_list(const struct look *l, const struct look_thread *t)
{
	const struct remote *r = &l->process->remote;
	const struct py_layout *layout = &r->layout;
	const uintptr_t newer = remote_word(r, t->python.tstate, layout->tstate_next - WORD);
	return remote_word(r, t->python.tstate, layout->tstate_interp) == t->python.interpreter &&
	       (newer ? remote_word(r, newer, layout->tstate_next)
		      : remote_word(r, t->python.interpreter, layout->interp_threads_head)) ==
		       t->python.tstate;
}

/* What was needed the last time to read all that have moved. */
static void fetch_pages(struct look *l)
{
	struct memory *memory = &l->process->memory;
	memory_forget(memory);
	uintptr_t numbers[MEMORY_PAGES];
	size_t count = 0;
	for (size_t i = 0; i < l->threads.count; i++) {
		const struct look_thread *t = &l->threads.items[i];
		for (size_t k = 0; t->is_listed && t->mark != LOOK_SAME && k < t->page_count &&
				   count < MEMORY_PAGES;
		     k++)
			numbers[count++] = t->pages[k];
	}
	memory_fetch_pages(memory, numbers, count);
	(void)memory_take_used(memory, numbers, 0);
}

static enum err_kind link(struct look *l, struct look_thread *t, bool from_caller, struct err *e)
{
	struct remote_chain chain = {
		.frames = l->chain, .max = FRAMES_MAX, .from_caller = from_caller};
	t->is_short = from_caller;
	TRY(remote_links(&l->process->remote, t->python.tstate, &chain, e));
	t->is_cut = chain.skipped > 0;
	t->first_link = l->links.count;
	t->link_count = chain.count;
	for (size_t i = 0; i < chain.count; i++)
		*vec_push(&l->links) = chain.frames[i];
	return ERR_OK;
}

/* One that was stopped while its newest frame was being published (3.11 and 3.12; FOR_ITER of a
 * generator most of all, 2 % of the looks at one: Python/bytecodes.c, FOR_ITER_GEN) runs on and is
 * stopped again. If it is just there once more, what is missing is left out: the newest evaluation
 * loop, with all its frames. */
static bool may_leave_out(struct look *l, const struct look_thread *t)
{
	l->is_caught = t->mark == LOOK_FROZEN && !l->was_caught;
	return t->mark == LOOK_FROZEN && l->was_caught;
}

static enum err_kind link_standing(struct look *l, struct look_thread *t, struct err *e)
{
	const enum err_kind kind = link(l, t, false, e);
	return kind == ERR_INVALID && may_leave_out(l, t) ? link(l, t, true, e) : kind;
}

/* A newest frame that is none by its code was just being published, as above. */
static enum err_kind resolve(struct look *l, const struct remote *r, struct look_thread *t,
			     struct err *e)
{
	t->first_frame = l->frames.count;
	const enum err_kind kind =
		look_codes_keep(l, r, t, &l->links.items[t->first_link], t->link_count, e);
	if (kind != ERR_INVALID || t->is_short || l->meets_new || !may_leave_out(l, t))
		return kind;
	TRY(link(l, t, true, e));
	return look_codes_keep(l, r, t, &l->links.items[t->first_link], t->link_count, e);
}

static enum err_kind resolve_all(struct look *l, const struct remote *r, struct err *e)
{
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *t = &l->threads.items[i];
		if (!t->is_listed || t->mark == LOOK_SAME)
			continue;
		TRY(resolve(l, r, t, e));
		l->is_whole &= !t->is_short && !l->has_cut;
	}
	return ERR_OK;
}

/* Nothing stands any more: frames are as they were copied, code objects too or, with a number, as
 * they are now. */
static enum err_kind resolve_after(struct look *l, struct err *e)
{
	struct remote codes = look_codes_copied(l);
	l->has_cut = false;
	if (remote_code_has_number(&codes)) {
		codes = l->process->remote;
		codes.context = &l->code_memory;
		look_codes_fetch(l);
	} else {
		look_codes_learn_copied(l);
	}
	l->process->memory.is_sealed = true;
	const enum err_kind kind = resolve_all(l, &codes, e);
	l->process->memory.is_sealed = false;
	return kind == ERR_OK && l->meets_new ? ERR(e, ERR_INVALID, "new code") : kind;
}

static bool is_same_frame(const struct remote_frame *a, const struct remote_frame *b)
{
	return a->frame == b->frame && a->code == b->code && a->instr_offset == b->instr_offset;
}

/* Oldest frames that two readings have in common, whose code says the same in both. A chain longer
 * than there is room for has no oldest one here. */
static size_t common(const struct look *l, const struct remote_chain *a,
		     const struct remote_chain *b)
{
	size_t count = 0;
	while (!a->skipped && !b->skipped && count < a->count && count < b->count &&
	       is_same_frame(&a->frames[a->count - 1 - count], &b->frames[b->count - 1 - count]) &&
	       l->ids[0][a->count - 1 - count] == l->ids[1][b->count - 1 - count])
		count++;
	return count;
}

/* A whole reading of a thread that runs: its chain, then the codes of that. */
static enum err_kind read_running(struct look *l, struct look_thread *t, struct remote_chain *chain,
				  uint32_t *ids, struct err *e)
{
	const struct remote *r = &l->process->remote;
	memory_forget(&l->process->memory);
	memory_fetch_pages(&l->process->memory, t->pages, t->page_count);
	look_codes_begin(l);
	TRY(remote_frames(r, t->python.tstate, chain, e));
	for (size_t i = 0; i < chain->count; i++)
		TRY(look_codes_id(l, r, chain->frames[i].code, &ids[i], e));
	return ERR_OK;
}

static enum err_kind read_prefix(struct look *l, struct look_thread *t, struct err *e)
{
	struct remote_chain chains[2] = {{.frames = l->chain, .max = FRAMES_MAX},
					 {.frames = l->second_chain, .max = FRAMES_MAX}};
	int whole = 0;
	for (int i = 0; i < PREFIX_TRIES && whole < 2; i++)
		whole += read_running(l, t, &chains[whole], l->ids[whole], e) == ERR_OK;
	const size_t count = whole == 2 ? common(l, &chains[0], &chains[1]) : 0;
	if (count == 0)
		return ERR(e, ERR_INVALID, "nothing of its stack stayed as it was");
	t->first_frame = l->frames.count;
	t->frame_count = count;
	t->is_short = count < chains[1].count;
	for (size_t i = chains[1].count - count; i < chains[1].count; i++)
		*vec_push(&l->frames) =
			(struct look_frame){l->ids[1][i], chains[1].frames[i].instr_offset};
	return ERR_OK;
}

static uint64_t unit_of(const struct look *l, const struct look_thread *t)
{
	return look_units_of(&l->units, &l->process->remote, t->python.tstate);
}

/* In a unit that it left meanwhile the frames may not have been. */
static enum err_kind read_prefix_in_unit(struct look *l, struct look_thread *t, struct err *e)
{
	memory_forget(&l->process->memory);
	const uint64_t before = unit_of(l, t);
	TRY(read_prefix(l, t, e));
	memory_forget(&l->process->memory);
	t->unit = unit_of(l, t) == before ? before : 0;
	return ERR_OK;
}

/* With never_stop each thread answers for itself. */
static enum err_kind read_unstopped(struct look *l, struct look_thread *t, struct err *e)
{
	if (t->mark == LOOK_RUNS)
		return read_prefix_in_unit(l, t, e);
	TRY(link_standing(l, t, e));
	t->unit = unit_of(l, t);
	look_codes_begin(l);
	TRY(resolve(l, &l->process->remote, t, e));
	return has_stood(t) ? ERR_OK : ERR(e, ERR_INVALID, "it ran while it was looked at");
}

static enum err_kind read_frames(struct look *l, struct err *e)
{
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *t = &l->threads.items[i];
		if (!t->is_listed || t->mark == LOOK_SAME)
			continue;
		t->is_short = t->is_cut = false;
		t->frame_count = 0;
		t->unit = 0;
		if (!is_in_list(l, t))
			return ERR(e, ERR_INVALID, "a thread has left the list");
		if (!l->never_stop) {
			TRY(link_standing(l, t, e));
			t->unit = unit_of(l, t);
		} else if (read_unstopped(l, t, NULL) != ERR_OK) {
			t->frame_count = 0;
			t->is_short = true;
		}
		l->is_whole &= !t->is_short;
		t->page_count = memory_take_used(&l->process->memory, t->pages, LOOK_PAGES);
	}
	return ERR_OK;
}

/* --- a look ----------------------------------------------------------------------------- */

static bool may_wait(const struct look *l, const struct look_thread *t)
{
	return t->same_looks >= LOOK_LONG && !is_last_holder(t) &&
	       (l->number + (uint32_t)t->tid) % LOOK_SELDOM != 0;
}

/* What the kernel says of all, or of those that may not wait; whether all are there. */
static bool note_motions(struct look *l, bool of_all, bool *all_same)
{
	bool all_there = true, any_runs = false;
	*all_same = true;
	look_clocks_update(l);
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *t = &l->threads.items[i];
		t->is_unasked = !of_all && t->is_listed && may_wait(l, t);
		if (!t->is_listed || t->is_unasked)
			continue;
		all_there &= note_motion(t);
		*all_same &= t->mark == LOOK_SAME;
		any_runs |= t->mark == LOOK_RUNS;
	}
	if (any_runs)
		look_clocks_note_running(l);
	return all_there;
}

/* Once more from the list, which may have changed without its words telling. */
static enum err_kind read_all(struct look *l, struct err *e)
{
	bool all_same;
	TRY(list_threads(l, e));
	/* New ones were asked about after the list was read. */
	(void)note_motions(l, true, &all_same);
	return ERR_OK;
}

/* What of the code must be read while all stand. */
static enum err_kind read_codes(struct look *l, struct err *e)
{
	if (l->never_stop)
		return ERR_OK; /* it was, with each thread */
	if (!l->learns) {
		if (!remote_code_has_number(&l->process->remote))
			look_codes_copy(l);
		return ERR_OK;
	}
	look_codes_begin(l);
	return resolve_all(l, &l->process->remote, e);
}

static enum err_kind read_changed(struct look *l, struct err *e)
{
	struct look_change change;
	if (!l->never_stop && !make_stand(l))
		return ERR(e, ERR_INVALID, "a thread does not stand still");
	l->stands_until_ns =
		l->still->freeze.count > 0 ? clock_now_ns() + LOOK_STAND_NS : UINT64_MAX;
	/* Until it stood the GIL may have changed hands. */
	if (l->still->freeze.count > 0 && !look_words_unchanged(l))
		return ERR(e, ERR_INVALID, "the GIL changes hands");
	fetch_pages(l);
	TRY(read_frames(l, e));
	TRY(read_codes(l, e));
	if (!look_words_read(l, &change) || change.of_lists || (!l->never_stop && change.of_gils) ||
	    (!l->never_stop && !have_stood(l)))
		return ERR(e, ERR_INVALID, "a thread ran while it was looked at");
	freeze_thaw(&l->still->freeze);
	return l->learns ? ERR_OK : resolve_after(l, e);
}

static enum err_kind try_once(struct look *l, bool with_list, struct err *e)
{
	struct look_change change;
	bool all_same;
	if (with_list || !note_motions(l, false, &all_same) || !look_words_read(l, &change) ||
	    change.of_lists) {
		TRY(read_all(l, e));
		all_same = false;
	} else {
		look_words_set_gils(l);
	}
	return all_same ? ERR_OK : read_changed(l, e);
}

static void settle(struct look *l)
{
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *t = &l->threads.items[i];
		t->is_known = t->is_listed && !(t->is_short && t->frame_count == 0);
		t->last_timeslices = t->call.timeslices;
		t->was_blocked = t->mark == LOOK_SAME || t->mark == LOOK_BLOCKED;
		t->same_looks = t->mark == LOOK_SAME ? t->same_looks + 1 : 0;
	}
}

/* What the last look found new; not if nobody was told, as it did not hold. */
static void forget_told(struct look *l)
{
	if (!l->keeps_new) {
		vec_clear(&l->new_codes);
		if (arena_used_bytes(l->arena) > 0) {
			arena_free(l->arena);
			l->arena = arena_new();
		}
	}
	l->keeps_new = false;
}

enum err_kind look_take(struct look *l, struct err *e)
{
	struct err why = {0};
	enum err_kind kind = ERR_OK;
	const bool has_numbers = remote_code_has_number(&l->process->remote);
	l->number++;
	l->was_caught = false;
	forget_told(l);
	for (int i = 0; i < LOOK_TRIES; i++) {
		const bool with_list = i > 0 && !l->meets_new && !l->is_caught;
		vec_clear(&l->frames);
		vec_clear(&l->links);
		l->learns = l->never_stop || (has_numbers && i >= LEARN_TRIES);
		/* it was so at the last look: no use in trying again */
		l->may_cut = !l->never_stop && (l->has_cut || i >= LEARN_TRIES);
		l->meets_new = l->is_caught = false;
		l->is_whole = true;
		l->process->memory.failed_errno = 0;
		kind = try_once(l, with_list || l->words.count == 0, &why);
		freeze_thaw(&l->still->freeze);
		if (l->is_caught) {
			l->was_caught = true;
			/* it stops where it stood unless it was given the time to run on */
			nanosleep(&(struct timespec){.tv_nsec = RUN_ON_NS}, NULL);
		}
		if (kind == ERR_OK) {
			settle(l);
			return ERR_OK;
		}
		if (kind != ERR_INVALID || l->process->memory.failed_errno == ESRCH)
			break;
	}
	/* Copied code was learnt when all was known to have stood. */
	l->keeps_new = !l->never_stop && !has_numbers;
	if (!l->keeps_new)
		look_codes_forget(l);
	if (l->process->memory.failed_errno == EPERM)
		return ERR(e, ERR_PERMISSION, "process %d may not be read any more",
			   l->process->pid);
	if (e)
		*e = why;
	return kind;
}

/* Sources: Modules/gcmodule.c, Python/gc.c, Include/internal/pycore_gc.h (3.8–3.13): _gc_next and
 * _gc_prev have flags in their low bits; while a collection runs, _gc_prev of the objects it is
 * about counts references, and `collecting` is set. */
#include "python/remote_heap.h"

#include "python/debug_offsets.h"
#include "python/remote_threads.h"

enum {
	WORD = sizeof(uintptr_t),
	GENERATIONS = 3, /* and, behind them in head_of(), what is frozen */
	TRAIL = 32,      /* objects that are kept in mind, to go on from */
	TRIES = 12,      /* of a list */
	STUCK_MAX = 16,  /* changed links in a row, with no object between them */
	HEAD_TRIES = 200,
	COLLECTING_TRIES = 200,
	LOOK_AFTER = 1 << 12, /* objects between two looks at what was collected */
	MUCH = 100,           /* one in so many */
	OLDEST = GENERATIONS - 1,
	VERSION_3_13 = 0x030d0000,
};
#define LINK_MASK (~(uintptr_t)3)

/* LIST_SPLICED: its links bear each other out, but it was taken apart meanwhile. */
enum end { LIST_READ, LIST_CHANGED, LIST_SPLICED, LIST_LATE };

struct link {
	uintptr_t next, previous;
};

/* How often a list has been taken apart: by collections of its generation and of older ones, which
 * count themselves when they are done (struct gc_generation_stats, behind the lists). What is
 * frozen moves without a count: by where its list begins and ends. Between two looks at which the
 * collector is idle, equal marks say that nothing was. */
struct mark {
	uint64_t collections;
	struct link frozen;
};

struct walk {
	const struct remote_heap *heap;
	const struct remote_heap_walker *walker;
	struct remote_heap_told *told;
	uintptr_t trail[TRAIL]; /* headers that were told, in a ring; the first is the list's */
	size_t trail_count;     /* in all */
	uint64_t objects, most; /* told of this list: in this try, in the best one */
	uint64_t all;           /* of the lists before */
	unsigned generation;    /* of this list */
	struct mark mark;       /* as it was when the try began */
};

enum err_kind remote_heap_open(const struct remote *r, struct remote_heap *heap, struct err *e)
{
	const struct py_heap *row = py_heap_for(r->layout.version_hex);
	uint8_t bytes[DEBUG_OFFSETS_BYTES_MAX];
	uintptr_t base = r->symbols.runtime;
	if (!row)
		return ERR(e, ERR_UNSUPPORTED, "the heap of CPython %u.%u is not known",
			   r->layout.version_hex >> 24, r->layout.version_hex >> 16 & 0xff);
	*heap = (struct remote_heap){.remote = r, .layout = *row};
	if (r->layout.version_hex >= VERSION_3_13) {
		if (!r->read(r->context, r->symbols.runtime, bytes, sizeof bytes))
			return ERR(e, ERR_INVALID, "_PyRuntime: its beginning cannot be read");
		debug_offsets_decode_heap(bytes, &heap->layout);
	}
	if (heap->layout.gc_kind == PY_GC_INTERPRETER)
		base = remote_main_interpreter(r);
	if (!base)
		return ERR(e, ERR_INVALID, "there is no interpreter: it is starting or ending");
	heap->collector = base + heap->layout.gc_state;
	return ERR_OK;
}

static uintptr_t head_of(const struct remote_heap *heap, unsigned generation)
{
	const struct py_heap *l = &heap->layout;
	return heap->collector +
	       (generation == GENERATIONS
			? l->gc_permanent
			: l->gc_generations + generation * (size_t)l->gc_generation_size);
}

static bool is_head(const struct remote_heap *heap, uintptr_t header)
{
	for (unsigned g = 0; g <= GENERATIONS; g++)
		if (head_of(heap, g) == header)
			return true;
	return false;
}

/* False: there can be no object, or nothing can be read. */
static bool read_link(const struct remote_heap *heap, uintptr_t header, struct link *link)
{
	const struct remote *r = heap->remote;
	if (!header || header % WORD != 0 || header > UINTPTR_MAX - REMOTE_GC_HEADER ||
	    !r->read(r->context, header, link, sizeof *link))
		return false;
	link->next &= LINK_MASK;
	link->previous &= LINK_MASK;
	return true;
}

static bool is_in_place(const struct remote_heap *heap, uintptr_t header)
{
	struct link own, next, previous;
	return read_link(heap, header, &own) && read_link(heap, own.next, &next) &&
	       read_link(heap, own.previous, &previous) && next.previous == header &&
	       previous.next == header;
}

/* False: it was at work each time. */
static bool wait_for_collector(const struct walk *w)
{
	const struct remote_heap *heap = w->heap;
	for (int i = 0; i < COLLECTING_TRIES && !w->walker->is_late(w->walker->context); i++) {
		w->walker->forget(w->walker->context, i > 0);
		if (remote_int(heap->remote, heap->collector, heap->layout.gc_collecting) == 0)
			return true;
	}
	return false;
}

/* --- what was taken apart -------------------------------------------------------- */

static struct mark mark_of(const struct remote_heap *heap, unsigned generation)
{
	const struct remote *r = heap->remote;
	const uintptr_t stats = head_of(heap, GENERATIONS) + heap->layout.gc_generation_size;
	struct mark mark = {0};
	for (unsigned g = generation; g < GENERATIONS; g++)
		mark.collections += remote_word(r, stats, g * 3 * WORD);
	(void)read_link(heap, head_of(heap, GENERATIONS), &mark.frozen);
	return mark;
}

static bool is_same(const struct mark *a, const struct mark *b)
{
	return a->collections == b->collections && a->frozen.next == b->frozen.next &&
	       a->frozen.previous == b->frozen.previous;
}

static bool is_spliced(const struct walk *w)
{
	const struct mark now = mark_of(w->heap, w->generation);
	return !is_same(&now, &w->mark);
}

/* What was made since the last collection, at most a few more than the youngest list has. */
static uint64_t young_objects(const struct remote_heap *heap)
{
	const int count =
		remote_int(heap->remote, head_of(heap, 0), REMOTE_GC_HEADER + sizeof(int));
	return count > 0 ? (uint64_t)count : 0;
}

/* --- where it was ---------------------------------------------------------------- */

static uintptr_t trail_at(const struct walk *w, size_t place)
{
	return w->trail[place % TRAIL];
}

static void keep_in_mind(struct walk *w, uintptr_t header)
{
	w->trail[w->trail_count++ % TRAIL] = header;
}

/* Of those before `place` that are kept. */
static bool has_passed(const struct walk *w, size_t place, uintptr_t header)
{
	while (place-- > 0 && w->trail_count - place <= TRAIL)
		if (trail_at(w, place) == header)
			return true;
	return false;
}

/* Does it come behind one that came before it when it was read? Its memory may have been given to a
 * new object since, which is in its place, too, but in another list. */
static bool is_where_it_was(const struct walk *w, size_t place)
{
	struct link link;
	return is_in_place(w->heap, trail_at(w, place)) &&
	       read_link(w->heap, trail_at(w, place), &link) && has_passed(w, place, link.previous);
}

/* The last object that was told and is still in its list; 0: none is, or the collector is at work.
 */
static uintptr_t last_in_place(const struct walk *w)
{
	if (!wait_for_collector(w))
		return 0;
	for (size_t place = w->trail_count; place-- > 1 && w->trail_count - place <= TRAIL;)
		if (is_where_it_was(w, place))
			return trail_at(w, place);
	return 0;
}

/* --- a list ------------------------------------------------------------------------ */

/* What follows `at`, and leads back to it; false: it was changed. */
static bool step(const struct walk *w, uintptr_t at, uintptr_t *next)
{
	struct link own, other;
	if (!read_link(w->heap, at, &own) || !read_link(w->heap, own.next, &other))
		return false;
	*next = own.next;
	return other.previous == at;
}

/* From its head to its head. An object is told when it is known what follows it. At another list's
 * head it ends where the collector has moved what was left of it, or an object's memory has become
 * another's. */
static enum end follow(struct walk *w, uintptr_t head)
{
	struct walk_circle circle = {0};
	uintptr_t at = head, next;
	bool is_told = true;  /* the head is none */
	unsigned careful = 0; /* steps in which one may come that was told before */
	unsigned stuck = 0;
	w->trail_count = 0;
	keep_in_mind(w, head);
	for (;;) {
		if (w->walker->is_late(w->walker->context))
			return LIST_LATE;
		if (!step(w, at, &next)) {
			w->told->links_changed++;
			at = ++stuck < STUCK_MAX ? last_in_place(w) : 0;
			if (is_spliced(w))
				return LIST_SPLICED;
			if (!at)
				return LIST_CHANGED;
			is_told = true;
			careful = TRAIL;
			circle = (struct walk_circle){0};
			continue;
		}
		if (!is_told) {
			w->walker->object(w->walker->context, at + REMOTE_GC_HEADER);
			w->objects++;
			keep_in_mind(w, at);
			stuck = 0;
			if (w->objects % LOOK_AFTER == 0) {
				w->walker->forget(w->walker->context, false);
				if (is_spliced(w))
					return LIST_SPLICED;
			}
		}
		if (next == head)
			return LIST_READ;
		if (is_head(w->heap, next)) {
			w->told->links_changed++;
			return LIST_CHANGED;
		}
		if (walk_circle_closed(&circle, next))
			return LIST_CHANGED;
		is_told = careful > 0 && has_passed(w, w->trail_count, next);
		careful -= careful > 0;
		at = next;
	}
}

/* A collection may begin and end while a list is read, and pages that were read before it and after
 * it fit together, with a part of the list between them gone: the collector is looked at again. */
static enum end follow_undisturbed(struct walk *w)
{
	w->objects = 0;
	if (!wait_for_collector(w))
		return w->walker->is_late(w->walker->context) ? LIST_LATE : LIST_CHANGED;
	w->mark = mark_of(w->heap, w->generation);
	const enum end end = follow(w, head_of(w->heap, w->generation));
	if (end != LIST_READ)
		return end;
	return wait_for_collector(w) && !is_spliced(w) ? LIST_READ : LIST_SPLICED;
}

/* What left the youngest list while it was read is in one that was read before. Little of it is
 * what "at least" allows for; much of it is a part of the lists that was not read. */
static bool has_lost_much(const struct walk *w, uint64_t expected)
{
	return w->objects < w->most && expected > w->most &&
	       (expected - w->most) * MUCH > w->all + w->most;
}

/* What was told of a young list stands, though it has left it since; of older ones what is there.
 */
static void end_try(struct walk *w, enum end end)
{
	const bool counts = w->objects > w->most || (end == LIST_READ && w->generation >= OLDEST);
	w->walker->tried(w->walker->context, counts);
	if (counts)
		w->most = w->objects;
	w->told->lists_spliced += end == LIST_SPLICED;
}

static void read_list(struct walk *w, unsigned generation)
{
	enum end end = LIST_CHANGED;
	w->generation = generation;
	w->most = 0;
	w->walker->forget(w->walker->context, false);
	const uint64_t expected = generation == 0 ? young_objects(w->heap) : 0;
	for (int i = 0; i < TRIES && (end == LIST_CHANGED || end == LIST_SPLICED); i++) {
		end = follow_undisturbed(w);
		end_try(w, end);
	}
	w->walker->list(w->walker->context);
	w->told->is_cut = w->told->is_cut || end != LIST_READ || has_lost_much(w, expected);
	w->all += w->most;
}

/* An empty list's head leads to itself. */
static bool heads_fit(const struct remote_heap *heap)
{
	for (unsigned g = 0; g <= GENERATIONS; g++)
		if (!is_in_place(heap, head_of(heap, g)))
			return false;
	return true;
}

static enum err_kind check_heads(const struct walk *w, struct err *e)
{
	const uint32_t version = w->heap->remote->layout.version_hex;
	if (!wait_for_collector(w))
		return ERR(e, ERR_INVALID,
			   "the garbage collector was at work all the while, or its state is not "
			   "where CPython %u.%u has it; ask again",
			   version >> 24, version >> 16 & 0xff);
	for (int i = 0; i < HEAD_TRIES && !w->walker->is_late(w->walker->context); i++) {
		if (heads_fit(w->heap))
			return ERR_OK;
		w->walker->forget(w->walker->context, false);
	}
	return ERR(e, ERR_INVALID, "the collector's lists are not where CPython %u.%u has them",
		   version >> 24, version >> 16 & 0xff);
}

enum err_kind remote_heap_walk(const struct remote_heap *heap,
			       const struct remote_heap_walker *walker,
			       struct remote_heap_told *told, struct err *e)
{
	struct walk w = {.heap = heap, .walker = walker, .told = told};
	*told = (struct remote_heap_told){0};
	TRY(check_heads(&w, e));
	const struct mark before = mark_of(heap, GENERATIONS);
	for (unsigned g = GENERATIONS + 1; g-- > 0;)
		read_list(&w, g);
	/* what was frozen meanwhile was missed, and what was thawed may have been told twice */
	walker->forget(walker->context, false);
	const struct mark after = mark_of(heap, GENERATIONS);
	told->is_cut = told->is_cut || !is_same(&before, &after);
	return ERR_OK;
}

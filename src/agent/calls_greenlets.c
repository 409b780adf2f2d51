#include "agent/calls_greenlets.h"

#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_control.h"
#include "agent/calls_space.h"
#include "base/hash.h"

#define BLOCK_ENTRIES 40u
#define BLOCKS_MAX (1u << 16)     /* 64 MB, opened as they are used */
#define BLOCKS_LIMITED (1u << 10) /* under a limit of address space: 1 MB */
#define BLOCKS_FIRST 64u
#define BUCKETS 4096u

/* A part of a kept stack; the first one names the greenlet. */
struct block {
	uintptr_t greenlet;
	uint64_t left; /* ticks */
	uint32_t next; /* of its bucket, or of those that are free; 0: none */
	uint32_t more; /* block with deeper calls; 0: none */
	uint32_t count;
	uint32_t area;
	struct calls_live live[BLOCK_ENTRIES];
};

static struct block *blocks; /* [0] is none */
static uint32_t buckets[BUCKETS];
static uint32_t used, unused;
static uint32_t opened, most; /* blocks; a power of two */
static bool refused;          /* there was no room for them */

static uint32_t *bucket_of(uintptr_t greenlet)
{
	return &buckets[hash_mix64(greenlet) % BUCKETS];
}

static bool make(void)
{
	if (refused)
		return false;
	most = calls_space_is_limited() ? BLOCKS_LIMITED : BLOCKS_MAX;
	blocks = calls_space_reserve(most * sizeof *blocks);
	refused = blocks == NULL;
	opened = 0;
	used = 1;
	return blocks != NULL;
}

static bool open_more(void)
{
	uint32_t count = opened == 0 ? BLOCKS_FIRST : opened * 2;

	if (count > most || !calls_space_open(blocks, count * sizeof *blocks))
		return false;
	opened = count;
	return true;
}

static uint32_t take(void)
{
	uint32_t at = unused;

	if (at != 0) {
		unused = blocks[at].next;
		return at;
	}
	if (blocks == NULL && !make())
		return 0;
	return used < opened || open_more() ? used++ : 0;
}

static void give_back(uint32_t at)
{
	while (at != 0) {
		uint32_t more = blocks[at].more;

		blocks[at].next = unused;
		unused = at;
		at = more;
	}
}

static uint32_t unlink_greenlet(uintptr_t greenlet)
{
	for (uint32_t *link = bucket_of(greenlet); *link != 0; link = &blocks[*link].next) {
		uint32_t at = *link;

		if (blocks[at].greenlet != greenlet)
			continue;
		*link = blocks[at].next;
		return at;
	}
	return 0;
}

void calls_greenlets_forget(void)
{
	memset(buckets, 0, sizeof buckets);
	used = 1;
	unused = 0;
	refused = false;
}

/* Copies live[1 …] into blocks. 0: there is nothing, or no room. */
static uint32_t keep(struct calls_thread *t, uint64_t now)
{
	uint32_t first = 0, last = 0;

	for (uint32_t depth = 1; depth < t->depth; depth += BLOCK_ENTRIES) {
		uint32_t at = take(), count = t->depth - depth;

		if (at == 0) {
			give_back(first);
			atomic_fetch_add(&calls_process->lost_suspended, 1);
			return 0;
		}
		count = count < BLOCK_ENTRIES ? count : BLOCK_ENTRIES;
		blocks[at].left = now;
		blocks[at].more = 0;
		blocks[at].count = count;
		blocks[at].area = t->number;
		memcpy(blocks[at].live, &calls_live_of(t)[depth],
		       count * sizeof(struct calls_live));
		if (last == 0)
			first = at;
		else
			blocks[last].more = at;
		last = at;
	}
	return first;
}

/* What a greenlet's call has counted of itself until it was left. */
static void take_off(struct calls_thread *t, struct calls_times now)
{
	while (t->depth > 1) {
		calls_note(t, t->top, TIMELINE_SUSPEND, now);
		calls_pop(t, now);
	}
}

static void put_back(struct calls_thread *t, uint32_t at, struct calls_times now)
{
	uint64_t waited = now.wall - blocks[at].left;

	for (; at != 0; at = blocks[at].more)
		for (uint32_t i = 0; i < blocks[at].count; i++) {
			struct calls_live *live = &calls_live_of(t)[t->depth];
			struct calls_node *node = &t->nodes[blocks[at].live[i].node];

			*live = blocks[at].live[i];
			live->flags |= CALLS_LIVE_RESUMED;
			live->wall = now.wall;
			live->cpu = now.cpu;
			calls_add_wait(node, waited, 0, t->active[node->place] > 0);
			calls_add32(&node->resumes, 1);
			t->active[node->place]++;
			t->top = node;
			t->depth++;
			calls_note(t, node, TIMELINE_RESUME, now);
		}
	atomic_store_explicit(&calls_area_of(t)->depth, t->depth, memory_order_release);
}

void calls_greenlets_switch(struct calls_thread *t, uintptr_t from, uintptr_t to)
{
	struct calls_times now = calls_pass(t);
	uint32_t kept, other;

	if (calls_tree_is_reset(t))
		return;
	kept = keep(t, now.wall);
	take_off(t, now);
	if (blocks == NULL)
		return;
	give_back(unlink_greenlet(from)); /* of one that died at this address */
	if (kept != 0) {
		blocks[kept].greenlet = from;
		blocks[kept].next = *bucket_of(from);
		*bucket_of(from) = kept;
	}
	other = unlink_greenlet(to);
	if (other != 0 && blocks[other].area == t->number)
		put_back(t, other, now);
	give_back(other);
}

/* --- greenlet's trace function ----------------------------------------------- */

static py_object settrace(py_object function)
{
	return py.PyObject_CallMethod(py_module("greenlet"), "settrace", "O", function);
}

/* function(event, (origin, target)), after the switch. */
static py_object on_switch(py_object self, const py_object *values, py_ssize count)
{
	struct calls_thread *t = calls_self;

	(void)self;
	if (!calls_counting()) {
		py.Py_DecRef(settrace(py.none));
		app_errors_forget();
		if (t != NULL)
			t->greenlets = false;
	} else if (t != NULL && count == 2 && py_type_of(values[1]) == py.tuple_type &&
		   py.PyTuple_Size(values[1]) == 2) {
		calls_greenlets_switch(t, (uintptr_t)py.PyTuple_GetItem(values[1], 0),
				       (uintptr_t)py.PyTuple_GetItem(values[1], 1));
	}
	return py_keep(py.none);
}

static struct py_method_def definition = {"unslow", (void *)on_switch, PY_METH_FASTCALL, NULL};

void calls_greenlets_look(struct calls_thread *t)
{
	py_object module = LIKELY(t->greenlets) ? NULL : py_module("greenlet");
	py_object there = module == NULL ? NULL : py_attribute(module, "settrace");
	static py_object function; /* strong */
	py_object before;

	py.Py_DecRef(there);
	if (there == NULL) /* being imported, at most */
		return;
	t->greenlets = true;
	if (function == NULL)
		function = py.PyCFunction_NewEx(&definition, NULL, NULL);
	before = function == NULL ? NULL : settrace(function);
	/* ours: a fork's child has inherited it */
	if (before != NULL && before != py.none && before != function) {
		py.Py_DecRef(settrace(before));
		calls_control_reason("greenlet's trace function is taken by another tool: calls "
				     "of greenlets are cut off at each switch");
	}
	app_errors_forget();
	py.Py_DecRef(before);
}

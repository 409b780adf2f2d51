#include "probe/outside_census.h"

#include <stdlib.h>

#include "base/vec.h"
#include "probe/outside_types.h"

struct sum {
	uint64_t count, bytes;
};

struct sums {
	struct sum all, try, best; /* of lists before; of this one: now, and the try that counts */
};

struct counting {
	struct remote_heap heap;
	struct outside_types types;
	VEC(struct sums) sums; /* by place of the type, less one */
	struct sums changed;   /* no objects when they were looked at; of all types */
	struct outside_time time;
};

enum { MUCH = 100 }; /* one in so many */

/* --- the walk ------------------------------------------------------------------- */

static void count_object(void *context, uintptr_t object)
{
	struct counting *c = context;
	const size_t place = outside_type_of(&c->types, object);
	/* one that nothing refers to is being taken down, or is none */
	if (!place || remote_int(c->heap.remote, object, 0) == 0) {
		c->changed.try.count++;
		return;
	}
	while (c->sums.count < place)
		vec_push(&c->sums);
	struct sum *sum = &c->sums.items[place - 1].try;
	sum->count++;
	sum->bytes += remote_size(&c->heap, &c->types.types.items[place - 1].sizes, object,
				  c->time.limits->most_bytes);
}

static void keep_or_forget(struct sums *sums, bool counts)
{
	if (counts)
		sums->best = sums->try;
	sums->try = (struct sum){0};
}

static void end_try(void *context, bool counts)
{
	struct counting *c = context;
	for (size_t i = 0; i < c->sums.count; i++)
		keep_or_forget(&c->sums.items[i], counts);
	keep_or_forget(&c->changed, counts);
}

static void add(struct sums *sums)
{
	sums->all.count += sums->best.count;
	sums->all.bytes += sums->best.bytes;
	sums->best = (struct sum){0};
}

static void end_list(void *context)
{
	struct counting *c = context;
	for (size_t i = 0; i < c->sums.count; i++)
		add(&c->sums.items[i]);
	add(&c->changed);
}

static void forget(void *context, bool later)
{
	const struct counting *c = context;
	outside_time_forget(&c->time, later);
}

static bool is_late(void *context)
{
	struct counting *c = context;
	return outside_time_is_late(&c->time);
}

/* --- what it says ---------------------------------------------------------------- */

static int more_bytes_first(const void *a, const void *b)
{
	const struct walk_type_row *left = a, *right = b;
	if (left->bytes != right->bytes)
		return left->bytes < right->bytes ? 1 : -1;
	return left->count < right->count ? 1 : left->count > right->count ? -1 : 0;
}

static void tell(const struct counting *c, struct outside_census *census)
{
	census->types = arena_alloc(c->types.arena, (c->sums.count + 1) * sizeof *census->types);
	for (size_t i = 0; i < c->sums.count; i++) {
		const struct outside_type *type = &c->types.types.items[i];
		const struct sum *sum = &c->sums.items[i].all;
		census->objects += sum->count;
		census->bytes += sum->bytes;
		if (sum->count)
			census->types[census->type_count++] = (struct walk_type_row){
				.name = type->name,
				.count = sum->count,
				.tracked = sum->count,
				.bytes = sum->bytes,
				.deep_bytes = -1,
				.garbage_count = -1,
				.garbage_bytes = -1,
				.is_class = type->sizes.is_class,
			};
	}
	qsort(census->types, census->type_count, sizeof *census->types, more_bytes_first);
}

enum err_kind outside_census_take(const struct remote *remote, const struct outside_limits *limits,
				  struct arena *arena, struct outside_census *census, struct err *e)
{
	struct counting c = {.time = {.limits = limits, .reader = remote->context}};
	const struct remote_heap_walker walker = {.context = &c,
						  .object = count_object,
						  .tried = end_try,
						  .list = end_list,
						  .forget = forget,
						  .is_late = is_late};
	struct remote_heap_told told = {0};
	outside_types_open(&c.types, &c.heap, arena);
	enum err_kind kind = remote_heap_open(remote, &c.heap, e);
	if (kind == ERR_OK)
		kind = remote_heap_walk(&c.heap, &walker, &told, e);
	if (kind == ERR_OK) {
		census->links_changed = told.links_changed + told.lists_spliced;
		census->objects_changed = c.changed.all.count;
		tell(&c, census);
		/* where much could not be looked at, what is told is a part; and objects that
		 * are larger together than what is mapped are not to be believed */
		census->is_cut = told.is_cut || c.types.too_many ||
				 census->bytes > limits->most_bytes ||
				 census->objects_changed * MUCH > census->objects;
	}
	outside_types_close(&c.types);
	vec_free(&c.sums);
	return kind;
}

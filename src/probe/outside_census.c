#include "probe/outside_census.h"

#include <stdlib.h>

#include "base/vec.h"
#include "probe/outside_types.h"

struct sum {
	uint64_t count, bytes;
};

/* Of one list it is the try that had most objects which counts. */
struct sums {
	struct sum all, try, best; /* of lists before; of this one */
};

struct counting {
	struct remote_heap heap;
	struct outside_types types;
	VEC(struct sums) sums; /* by place of the type, less one */
	uint64_t try_objects, best_objects;
	uint64_t objects_changed;
	struct outside_time time;
};

/* --- the walk ------------------------------------------------------------------- */

static void count_object(void *context, uintptr_t object)
{
	struct counting *c = context;
	const size_t place = outside_type_of(&c->types, object);
	/* one that nothing refers to is being taken down, or is none */
	if (!place || remote_int(c->heap.remote, object, 0) == 0) {
		c->objects_changed++;
		return;
	}
	while (c->sums.count < place)
		vec_push(&c->sums);
	struct sum *sum = &c->sums.items[place - 1].try;
	sum->count++;
	sum->bytes += remote_size(&c->heap, &c->types.types.items[place - 1].sizes, object,
				  c->time.limits->most_bytes);
	c->try_objects++;
}

/* The try that ends is the best one so far, or is forgotten. */
static void end_try(struct counting *c)
{
	const bool is_best = c->try_objects > c->best_objects;
	for (size_t i = 0; i < c->sums.count; i++) {
		struct sums *type = &c->sums.items[i];
		if (is_best)
			type->best = type->try;
		type->try = (struct sum){0};
	}
	if (is_best)
		c->best_objects = c->try_objects;
	c->try_objects = 0;
}

static void begin_again(void *context)
{
	end_try(context);
}

static void begin_list(void *context)
{
	struct counting *c = context;
	end_try(c);
	for (size_t i = 0; i < c->sums.count; i++) {
		struct sums *type = &c->sums.items[i];
		type->all.count += type->best.count;
		type->all.bytes += type->best.bytes;
		type->best = (struct sum){0};
	}
	c->best_objects = 0;
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
						  .list = begin_list,
						  .again = begin_again,
						  .forget = forget,
						  .is_late = is_late};
	struct remote_heap_told told = {0};
	outside_types_open(&c.types, &c.heap, arena);
	enum err_kind kind = remote_heap_open(remote, &c.heap, e);
	if (kind == ERR_OK)
		kind = remote_heap_walk(&c.heap, &walker, &told, e);
	if (kind == ERR_OK) {
		begin_list(&c); /* what the last one has is added */
		census->links_changed = told.links_changed;
		census->objects_changed = c.objects_changed;
		census->is_cut = told.is_cut || c.types.too_many;
		tell(&c, census);
	}
	outside_types_close(&c.types);
	vec_free(&c.sums);
	return kind;
}

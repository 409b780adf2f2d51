/* Who called whom, by either end. */
#include <string.h>

#include "model/calls.h"

bool calls_is_called(const struct calls_function *f)
{
	return strcmp(f->kind, "root") != 0 && strcmp(f->kind, "work") != 0 &&
	       (f->sums.calls > 0 || f->sums.resumes > 0 || f->sums.own_wall_ns > 0);
}

static uint32_t end_of(const struct calls_edge *edge, bool by_caller)
{
	return by_caller ? edge->caller : edge->callee;
}

/* Counting sort: how many each function has, where they begin, then their numbers. */
static struct calls_callers by_end(const struct calls_profile *p, struct arena *arena,
				   bool by_caller)
{
	struct calls_callers out = {
		.first = arena_alloc(arena, (p->function_count + 2) * sizeof *out.first),
		.edges = arena_alloc(arena, (p->edge_count + 1) * sizeof *out.edges),
	};
	uint32_t *next = out.first + 1;
	for (size_t i = 0; i < p->edge_count; i++)
		if (end_of(&p->edges[i], by_caller) != CALLS_NO_CALLER)
			next[end_of(&p->edges[i], by_caller) + 1]++;
	for (size_t f = 1; f <= p->function_count; f++)
		next[f] += next[f - 1];
	for (size_t i = 0; i < p->edge_count; i++)
		if (end_of(&p->edges[i], by_caller) != CALLS_NO_CALLER)
			out.edges[next[end_of(&p->edges[i], by_caller)]++] = (uint32_t)i;
	return out;
}

struct calls_callers calls_by_callee(const struct calls_profile *p, struct arena *arena)
{
	return by_end(p, arena, false);
}

struct calls_callers calls_by_caller(const struct calls_profile *p, struct arena *arena)
{
	return by_end(p, arena, true);
}

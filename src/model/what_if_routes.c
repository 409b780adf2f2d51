#include "model/what_if_routes.h"

#include <stdlib.h>

#include "base/arena.h"

static int by_route(const void *a, const void *b)
{
	const uint64_t x = (*(struct what_if_unit *const *)a)->route,
		       y = (*(struct what_if_unit *const *)b)->route;
	return (x > y) - (x < y);
}

void what_if_by_route(struct what_if_unit *units, size_t count, what_if_route *each, void *context)
{
	struct what_if_unit **sorted = mem_alloc((count + 1) * sizeof *sorted);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &units[i];
	qsort(sorted, count, sizeof *sorted, by_route);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from; to < count && sorted[to]->route == sorted[from]->route;)
			to++;
		each(sorted + from, to - from, context);
	}
	free(sorted);
}

#include "base/unplaced.h"

static uint64_t take(uint64_t *from, uint64_t most)
{
	const uint64_t taken = *from < most ? *from : most;
	*from -= taken;
	return taken;
}

struct unplaced unplaced_take(struct unplaced *unplaced, enum found_where where,
			      uint64_t stands_for_ns)
{
	struct unplaced given = {0, 0};
	if (where == FOUND_ON_CPU)
		given.cpu_ns = take(&unplaced->cpu_ns, stands_for_ns);
	if (where != FOUND_OFF_CPU)
		given.queue_ns = take(&unplaced->queue_ns, stands_for_ns - given.cpu_ns);
	return given;
}

#include "timing/ranging.h"

#define LOOPS_MOST UINT64_C(1000000000)
#define GROWTH_MOST 20
#define ROUNDS_NEEDED 3

static uint64_t most_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t least_of(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t ranging_block_ns(uint64_t setup_ns, uint64_t budget_ns)
{
	return most_of(RANGING_BLOCK_NS, least_of(setup_ns, budget_ns / 100));
}

bool ranging_is_enough(uint64_t *loops, uint64_t wall_ns, uint64_t target_ns)
{
	if (wall_ns >= target_ns || *loops >= LOOPS_MOST)
		return true;
	const double factor = (double)target_ns / (double)most_of(wall_ns, 1);
	const double grown = (double)*loops * (factor < GROWTH_MOST ? factor * 1.1 : GROWTH_MOST);
	*loops = least_of(LOOPS_MOST, most_of(*loops + 1, (uint64_t)grown));
	return false;
}

uint64_t ranging_loops(double run_ns, uint64_t target_ns)
{
	const double loops = (double)target_ns / run_ns + 0.5;
	if (!(loops < (double)LOOPS_MOST)) /* a run of no time at all, too */
		return LOOPS_MOST;
	return loops < 1 ? 1 : (uint64_t)loops;
}

size_t ranging_processes(uint64_t budget_ns, uint64_t start_ns, uint64_t round_ns, size_t most)
{
	const uint64_t fit = budget_ns / most_of(start_ns + ROUNDS_NEEDED * round_ns, 1);
	return (size_t)most_of(1, least_of(fit, most));
}

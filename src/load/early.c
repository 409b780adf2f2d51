#include "load/early.h"

/* Later than this, something else ran on the CPU: no waking in advance helps against it. */
#define MOST_NS UINT64_C(50000)
/* A step up and nine times as many down are in balance at the 90th percentile. */
#define STEP_DOWN_NS UINT64_C(50)
#define STEP_UP_NS (9 * STEP_DOWN_NS)
enum { GAP_PARTS = 4 };

void early_begin(struct early *early, uint64_t gap_ns)
{
	const uint64_t part_ns = gap_ns / GAP_PARTS;
	*early = (struct early){.most_ns = part_ns < MOST_NS ? part_ns : MOST_NS};
	early->ns = early->most_ns / 2;
}

void early_note(struct early *early, uint64_t late_ns)
{
	if (late_ns > early->ns)
		early->ns = early->ns + STEP_UP_NS < early->most_ns ? early->ns + STEP_UP_NS
								    : early->most_ns;
	else
		early->ns -= early->ns < STEP_DOWN_NS ? early->ns : STEP_DOWN_NS;
}

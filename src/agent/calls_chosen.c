#include "agent/calls_chosen.h"

#include "agent/calls_control.h"
#include "agent/calls_cost.h"
#include "agent/calls_lines_cost.h"
#include "agent/calls_space.h"

#define CHOSEN_MAX (CHOSEN_SLOTS / 4 * 3) /* so that each search ends soon */

struct chosen chosen_slots[CHOSEN_SLOTS] __attribute__((aligned(CHANNEL_PAGE)));
static uint32_t count;

static struct chosen *free_slot(uint64_t key)
{
	uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 48);

	while (chosen_slots[at].key != 0)
		at = (at + 1) & (CHOSEN_SLOTS - 1);
	return &chosen_slots[at];
}

struct chosen *chosen_decide(uint64_t key, uintptr_t code, void *globals)
{
	uint32_t want = calls_asked.want;
	struct chosen decided = {.key = key};
	struct chosen *slot;

	if (count == CHOSEN_MAX) {
		calls_control_reason("more than %u functions were seen: later ones are not chosen",
				     CHOSEN_MAX);
		return NULL;
	}
	decided.calls = !(want & CALLS_TARGETED) || calls_cost_has(code) ||
			calls_pattern_chooses(&calls_asked.pattern, code, globals);
	/* the page: a fork's child has no dictionary before it */
	if (want & CALLS_LINES &&
	    (calls_lines_cost_has(code) ||
	     calls_pattern_chooses(&calls_asked.lines, code, globals)) &&
	    calls_control_page())
		decided.lines = code_id(code);
	/* what Python was asked may have brought code of its own */
	slot = chosen_find(key);
	if (slot == NULL) {
		slot = free_slot(key);
		count++;
	}
	*slot = decided;
	return slot;
}

void chosen_forget(void)
{
	calls_space_zero(chosen_slots, sizeof chosen_slots);
	count = 0;
}

#include "rules/ruled_out.h"

#include <math.h>
#include <string.h>

#define STATE_SILENT 0.02 /* a state below this share cannot hold a cause above the floor */

#define CANNOT_TELL "cannot tell" /* begins what a rule says that was not able to look */

/* A state of the ledger and the cause it would point at. Only states that the recording measures.
 */
static const struct {
	enum ledger_state state;
	const char *cause;
	const char *text;
	bool is_awaited; /* on an event loop it is awaited, and looks like any other awaiting */
} states[] = {
	{LEDGER_GIL, "gil-contention", "waiting for the GIL is %.1f %% of the time"},
	{LEDGER_GC, "gc-pause", "garbage collection is %.1f %% of the time"},
	{LEDGER_RUNQUEUE, "too-many-workers", "waiting for a CPU is %.1f %% of the time"},
	{LEDGER_LOCK, "lock-contention", "waiting for locks is %.1f %% of the time", true},
	{LEDGER_POOL, "db-pool-exhausted", "waiting for a pool's connection is %.1f %% of the time",
	 true},
	{LEDGER_IO_NET, "slow-upstream", "waiting for other services is %.1f %% of the time", true},
	{LEDGER_IO_FILE, "sync-log-write", "waiting for files is %.1f %% of the time"},
};

static bool listed(const struct diagnosis *out, const char *cause)
{
	for (size_t i = 0; i < out->ruled_out_count; i++)
		if (!strcmp(out->ruled_out[i].cause, cause))
			return true;
	return false;
}

static bool found(const struct candidates *all, const char *cause)
{
	for (size_t i = 0; i < all->list.count; i++)
		if (all->list.items[i].fires && !strcmp(all->list.items[i].rule->id, cause))
			return true;
	return false;
}

/* Part of the time that is awaiting, and that findings say what for. */
static double awaited_for(const struct candidates *all, const struct ledger *ledger)
{
	double ns = 0;
	for (size_t i = 0; i < all->list.count; i++) {
		const struct candidate *c = &all->list.items[i];
		for (size_t k = 0; c->fires && k < c->claim_count; k++)
			if (!strncmp(c->claims[k].key, "await:", strlen("await:")))
				ns += c->claims[k].ns;
	}
	return ns / ledger->wall_ns;
}

void ruled_out_list(const struct candidates *all, const struct ledger *ledger, struct arena *arena,
		    struct diagnosis *out)
{
	const size_t state_count = sizeof states / sizeof *states;
	if (!(ledger->wall_ns > 0))
		return; /* nothing was watched at work: nothing is ruled out */
	const double unknown = fmax(0, ledger->share[LEDGER_AWAIT] - awaited_for(all, ledger));
	out->not_known =
		arena_alloc(arena, (all->list.count + state_count) * sizeof *out->not_known);
	out->ruled_out =
		arena_alloc(arena, (all->list.count + state_count) * sizeof *out->ruled_out);
	for (size_t i = 0; i < all->list.count; i++) {
		const struct candidate *c = &all->list.items[i];
		if (c->fires || !c->ruled_out || found(all, c->rule->id) ||
		    listed(out, c->rule->id))
			continue;
		if (!strncmp(c->ruled_out, CANNOT_TELL, strlen(CANNOT_TELL)))
			out->not_known[out->not_known_count++] =
				(struct reason){.cause = c->rule->id, .because = c->ruled_out};
		else
			out->ruled_out[out->ruled_out_count++] =
				(struct reason){.cause = c->rule->id, .because = c->ruled_out};
	}
	for (size_t i = 0; i < state_count; i++) {
		double share = ledger->share[states[i].state];
		/* samples do not tell a collection from the code that it interrupts */
		if (states[i].state == LEDGER_GC && !strcmp(ledger->basis, "thread"))
			continue;
		if (states[i].state == LEDGER_IO_NET)
			share -= out->client_share;
		if (share >= STATE_SILENT || listed(out, states[i].cause) ||
		    found(all, states[i].cause))
			continue;
		if (states[i].is_awaited && unknown >= STATE_SILENT)
			out->not_known[out->not_known_count++] = (struct reason){
				states[i].cause,
				arena_printf(arena,
					     "%.1f %% of the time is awaiting, and not known for "
					     "what",
					     unknown * 100)};
		else
			out->ruled_out[out->ruled_out_count++] = (struct reason){
				states[i].cause, arena_printf(arena, states[i].text, share * 100)};
	}
}

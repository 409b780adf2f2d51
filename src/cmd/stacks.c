#include "cmd/stacks.h"

#include <stddef.h>
#include <stdio.h>

#include "agent/channel.h"
#include "base/log.h"
#include "recording/engine.h"

#define RATE_MAX_HZ 10000u

const char *const stacks_engines[] = {"auto", "tick", "none", "stop", NULL};
enum { ENGINE_STOP = CHANNEL_ENGINE_NONE + 1 };

static bool rate_given(const struct stacks_values *values)
{
	return values->rate_hz != STACKS_RATE_NOT_GIVEN;
}

enum err_kind stacks_check(const struct stacks_values *values, struct err *e)
{
	if (rate_given(values) && values->rate_hz > RATE_MAX_HZ)
		return ERR(e, ERR_USAGE, "--rate is at most %u looks a second", RATE_MAX_HZ);
	return ERR_OK;
}

void stacks_choose(const struct stacks_values *values, struct agent_probe *probe)
{
	const bool given = rate_given(values);
	agent_probe_choose_engine(probe,
				  values->engine == ENGINE_STOP
					  ? CHANNEL_ENGINE_NONE
					  : (enum channel_engine)values->engine,
				  given ? (uint32_t)values->rate_hz : CHANNEL_TICK_HZ,
				  given ? 0 : CHANNEL_TICK_BUDGET_PERMILLE);
}

/* Where the agent cannot sample, as with greenlets on 3.11 and 3.12, the process is looked at from
 * outside: unslow is its parent, so that is permitted. */
void stacks_look(struct stacks *stacks, const struct stacks_values *values,
		 const struct recorder *recorder, int parent_pid)
{
	const bool all = values->engine == ENGINE_STOP;
	size_t cursor = 0;
	uint32_t serial;
	int pid;
	const char *why;
	if (!recorder->ingest || recorder->stopped || values->rate_hz == 0 ||
	    (!all && values->engine != CHANNEL_ENGINE_AUTO))
		return;
	while ((serial = engine_next_asking(recorder->ingest, all, &cursor, &pid, &why))) {
		char reason[192];
		bool is_new;
		struct err e = {0};
		map_put(&stacks->sampled, serial, &is_new);
		if (!is_new)
			continue;
		const bool given = rate_given(values);
		const struct sampler_plan plan = {
			.rate_hz = given ? (double)values->rate_hz : SAMPLER_RATE_HZ,
			.engine = all ? SAMPLED_STOP : SAMPLED_AUTO,
			.keep_rate = given,
			.ingest = recorder->ingest,
		};
		snprintf(reason, sizeof reason, "looked at from outside: %.150s",
			 all ? "asked for by --engine stop" : why);
		struct sampled_identity identity = {
			.pid = pid,
			.parent_pid = parent_pid,
			.serial = serial,
			.is_told = true,
			.reason = reason,
		};
		agent_probe_units(recorder->probe, serial, &identity.units);
		if (!stacks->sampler)
			stacks->sampler = sampler_new(&plan);
		if (sampler_watch_one(stacks->sampler, &identity, &e) == ERR_OK)
			log_info("process %d: engine stop, %s", pid, reason);
		else
			log_warn("process %d is not sampled: %s", pid, e.text);
	}
	if (stacks->sampler && sampler_wait_ns(stacks->sampler) == 0)
		sampler_tick(stacks->sampler);
}

uint64_t stacks_wait_ns(const struct stacks *stacks)
{
	return stacks->sampler ? sampler_wait_ns(stacks->sampler) : UINT64_MAX;
}

void stacks_stop(struct stacks *stacks)
{
	if (stacks->sampler)
		sampler_stop(stacks->sampler);
}

void stacks_free(struct stacks *stacks)
{
	sampler_free(stacks->sampler);
	map_free(&stacks->sampled);
}

#include "recording/engine.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "recording/ingest_state.h"
#include "recording/rows.h"

void engine_report(struct ingest *in, uint32_t serial, const struct engine *engine)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	if (!p->engine_is_outside)
		p->inside = p->engine;
	p->engine = *engine;
	p->engine_is_outside = true;
	p->engine_dirty = true;
}

/* Ticks a second between the first and the last change that was seen. Shorter than a second tells
 * nothing: then over the life of the process. */
static double rate_of(const struct process *p)
{
	const struct tick_span *s = &p->tick_span;
	const uint64_t made = p->engine.ticks[TICK_SCHEDULED];
	if (s->last_ns >= s->first_ns + NS_PER_S && made >= s->first_count)
		return (double)(made - s->first_count) * 1e9 / (double)(s->last_ns - s->first_ns);
	return s->last_ns > p->start_ns ? (double)made * 1e9 / (double)(s->last_ns - p->start_ns)
					: 0;
}

/* Its last ticks may be told after another engine's first. */
void engine_from_header(struct process *p, const struct channel_header *header, uint64_t now_ns)
{
	struct engine *engine = p->engine_is_outside ? &p->inside : &p->engine;
	struct tick_span *span = &p->tick_span;
	const uint64_t scheduled = header->ticks[TICK_SCHEDULED];
	if (scheduled == 0 ||
	    memcmp(engine->ticks, (const void *)header->ticks, sizeof engine->ticks) == 0)
		return;
	if (span->first_ns == 0)
		*span = (struct tick_span){.first_ns = now_ns, .first_count = scheduled};
	span->last_ns = now_ns;
	memcpy(engine->ticks, (const void *)header->ticks, sizeof engine->ticks);
	engine->cpu_ns = header->tick_cpu_ns;
	engine->interrupted = header->interrupted;
	if (!p->engine_is_outside)
		engine->rate_hz = rate_of(p);
	p->engine_dirty = true;
}

void engine_from_fact(struct process *p, const char *key, const char *value, size_t length)
{
	struct engine *engine = &p->engine;
	if (p->engine_is_outside)
		return;
	if (strcmp(key, ENGINE_FACT) == 0 && length == strlen(ENGINE_ASKS_STOP) &&
	    memcmp(value, ENGINE_ASKS_STOP, length) == 0) {
		p->engine_asks_stop = true;
		str_copy(engine->name, sizeof engine->name, "none");
	} else if (strcmp(key, ENGINE_FACT) == 0)
		snprintf(engine->name, sizeof engine->name, "%.*s", (int)length, value);
	else if (strcmp(key, ENGINE_REASON_FACT) == 0)
		snprintf(engine->reason, sizeof engine->reason, "%.*s", (int)length, value);
	else
		return;
	p->engine_dirty = true;
}

uint32_t engine_next_asking(struct ingest *in, bool all, size_t *cursor, int *pid,
			    const char **reason)
{
	while (*cursor < in->processes.count) {
		const struct process *p = in->processes.items[(*cursor)++];
		if (p->ended || p->engine_is_outside || (!all && !p->engine_asks_stop))
			continue;
		*pid = (int)p->pid;
		*reason = p->engine.reason;
		return p->serial;
	}
	return 0;
}

/* Only these may stand in the table: a fact is the target's own word. */
static const char *name_of(const struct process *p)
{
	static const char *const names[] = {"tick", "stop", "prefix", "kernel"};
	if (p->engine.ticks[TICK_SCHEDULED] == 0)
		return "none";
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(p->engine.name, names[i]) == 0)
			return names[i];
	return "tick"; /* the only engine whose ticks a header counts */
}

static const char *reason_of(struct ingest *in, const struct process *p, bool is_none)
{
	const char *off = names_text_of(in->names, p->reason, NULL);
	if (p->engine.reason[0])
		return p->engine.reason;
	if (!is_none)
		return "the agent is in the process";
	return off ? off : "no tick was made";
}

void engine_write(struct ingest *in, struct process *p, bool gone)
{
	static const char none[] = "none";
	const struct engine *engine = &p->engine;
	const char *name = name_of(p);
	const bool is_none = strcmp(name, none) == 0;
	/* that there is none is known at the end */
	if ((!p->engine_dirty || is_none) && !(gone && !p->engine_written))
		return;
	struct row row = row_begin(in->recording, ROW_ENGINE);
	row_int(&row, p->serial);
	row_int(&row, p->serial);
	row_string(&row, name);
	row_string(&row, reason_of(in, p, is_none));
	row_real(&row, engine->rate_hz);
	for (int fate = TICK_SCHEDULED; fate < TICK_FATES; fate++)
		row_uint(&row, engine->ticks[fate] + p->inside.ticks[fate]);
	row_uint(&row, engine->stopped_ns);
	row_id(&row, engine->stop_p99_ns);
	row_uint(&row, engine->interrupted + p->inside.interrupted);
	row_uint(&row, engine->cpu_ns + p->inside.cpu_ns);
	row_end(&row);
	p->engine_dirty = false;
	p->engine_written = true;
}

/* Which sampling engine looked at a process, and what became of its ticks: the
 * rows of `engine`. One row a process, written once a second while it changes.
 *
 * Strings are copied. verified + caught + torn + late = scheduled holds once an
 * engine has stopped; while it runs the counters are read one after another.
 */
#ifndef UNSLOW_RECORDING_ENGINE_H
#define UNSLOW_RECORDING_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/channel.h"

#define ENGINE_FACT "engine"    /* a process's own fact (DICT_FACT): tick, none */
#define ENGINE_ASKS_STOP "stop" /* value of it: the agent cannot, looking from outside can */
#define ENGINE_REASON_FACT "engine.reason" /* why that one */

struct ingest;
struct process;
struct names;

/* What an engine says of itself. Times are nanoseconds. */
struct engine {
	char name[16];    /* tick, stop, prefix, kernel, none; "": not said yet */
	char reason[256]; /* why this one; "": not said */
	double rate_hz;   /* as made, not as asked */
	uint64_t ticks[TICK_FATES];
	uint64_t stopped_ns;
	uint64_t stop_p99_ns; /* 0: not measured */
	uint64_t interrupted, cpu_ns;
};

/* An engine that reads processes from outside: all its figures so far. */
void engine_report(struct ingest *in, uint32_t serial, const struct engine *engine);

/* Processes whose agent cannot sample and asks to be looked at from outside, or all that have one
 * (`all`), one a call: start with *cursor = 0; 0: no more. *pid by its own namespace, *reason as
 * the agent said it ("": it did not), valid until the process is reported. */
uint32_t engine_next_asking(struct ingest *in, bool all, size_t *cursor, int *pid,
			    const char **reason);

/* For ingest.c: the agent's counters in a header that was read at now_ns; a fact of the process;
 * its row, `gone`: nothing more comes. */
void engine_from_header(struct process *p, const struct channel_header *header, uint64_t now_ns);
void engine_from_fact(struct process *p, const char *key, const char *value, size_t length);
void engine_write(struct ingest *in, struct process *p, bool gone);

#endif

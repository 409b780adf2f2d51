/* Exact calls: what is asked for, by which engine, and what stands in the way.
 *
 * The program asks in struct calls_control of the channel's control file. It is looked at when
 * Python comes alive, then again and again in the process that runs (calls_change.h). Nothing is
 * left behind when nothing is asked for, or the reader is gone.
 *
 * An engine is a row: which versions, what it can do, how it is put in place and taken out, always
 * with the GIL held and no exception set or left. It never takes what another tool has (a tool id,
 * an evaluation function, a profile or trace function): it says who has it, as `reason`.
 */
#ifndef UNSLOW_AGENT_CALLS_CONTROL_H
#define UNSLOW_AGENT_CALLS_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/calls_pattern.h"
#include "agent/calls_tree.h"

/* What is in force; constant between an engine's install and remove. */
struct calls_asked {
	uint32_t want; /* enum calls_want */
	struct calls_pattern pattern, lines;
};
extern struct calls_asked calls_asked;

struct calls_engine_row {
	uint32_t engine; /* enum calls_engine */
	uint32_t can;    /* enum calls_want; an engine that cannot all is passed over */
	uint32_t first_hex, before_hex; /* Python versions: first <= version < before */
	bool (*install)(char *reason,
			size_t reason_size); /* false: `reason` says what is in the way */
	void (*remove)(void);
	/* Its events off, then on again, what is chosen kept. NULL: removed and installed. */
	void (*pause)(bool off);
};
/* Tables end with a row without install; the first row that fits is taken. */
extern const struct calls_engine_row calls_engines[];
extern const struct calls_engine_row calls_line_engines[];

/* Python is up. GIL held. */
void calls_control_start(void);
/* The number of what is asked for now; any thread. And putting that in force: GIL held, an
 * exception that is set stays set. */
uint32_t calls_control_generation(void);
void calls_control_apply(void);
/* Writes into the page what both clocks say now. Any thread. */
void calls_control_note_clocks(void);
/* The process's page, made now if an engine is in place and it has none (in a fork's child). */
bool calls_control_page(void);
/* Is an engine of calls in place? GIL held. */
bool calls_counting(void);
/* Is one of lines? */
bool calls_lines_counting(void);
/* Are calls asked for, not lines alone? */
bool calls_asked_of_calls(void);
/* Takes the engine of calls, or if there is none that of lines, out for a while, or puts it back.
 * False: it is gone. GIL held; an
 * exception that is set stays set. */
bool calls_control_pause(bool off);
/* Puts `reason` into the page, if none is there yet: a part does not count. */
__attribute__((format(printf, 1, 2))) void calls_control_reason(const char *format, ...);
/* The same of lines. */
__attribute__((format(printf, 1, 2))) void calls_control_line_reason(const char *format, ...);
void calls_control_after_fork(void);
/* Python ends: the last pair of clocks. GIL held. */
void calls_control_over(void);

#endif

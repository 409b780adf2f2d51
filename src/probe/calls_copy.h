/* From the bytes of an agent's calls files (agent/calls_file.h) to what is true of them: a copy
 * first, then every index, count and offset checked in the copy.
 *
 * The writer may be hostile and goes on writing meanwhile. A node is taken only if its caller comes
 * before it and was taken itself, so there are no cycles; ticks become nanoseconds in integers,
 * saturating. What breaks a rule alone is left out alone; a file whose header does is refused.
 * Copies live in the arena.
 */
#ifndef UNSLOW_PROBE_CALLS_COPY_H
#define UNSLOW_PROBE_CALLS_COPY_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/calls_file.h"
#include "base/arena.h"
#include "base/err.h"
#include "probe/guarded_map.h"
#include "recording/calls.h"

#define CALLS_HISTOGRAMS_MAX 4096u          /* of a thread */
#define CALLS_LINES_MAX (1u << 18)          /* of a thread */
#define CALLS_TIMELINE_MAX (1u << 20)       /* events of a thread */
#define CALLS_COUNT_MAX (UINT64_C(1) << 53) /* counts stay exact as doubles */

/* Ticks of a process in CLOCK_MONOTONIC: those since `ticks` are `span_ns` for each `span_ticks`.
 */
struct calls_ticks {
	uint64_t ticks, ns;
	uint64_t span_ticks, span_ns; /* never 0 */
};

/* False: its two pairs tell no rate that a clock may have. */
bool calls_ticks_read(const struct calls_process *process, struct calls_ticks *out);
uint64_t calls_ticks_to_ns(const struct calls_ticks *t, uint64_t ticks); /* a duration */
uint64_t calls_ticks_at_ns(const struct calls_ticks *t, uint64_t ticks); /* a time */
uint64_t calls_ticks_of_ns(const struct calls_ticks *t, uint64_t at_ns); /* its inverse */

/* Whether the thread of that file has a file of lengths. */
bool calls_copy_has_lengths(const struct guarded_map *map);

/* `shared` bytes in words that a writer stores whole. */
void calls_copy_words(void *copy, const void *shared, size_t bytes);

/* `lengths` may be of no file. `now_ns`: until when calls under way have run; 0: until the thread's
 * last event (it is gone, or nothing is counted any more). *events grows by those of the thread. */
MUST_CHECK enum err_kind calls_copy_tree(const struct guarded_map *map,
					 const struct guarded_map *lengths,
					 const struct calls_ticks *t, uint64_t now_ns,
					 struct arena *arena, struct call_tree *out,
					 uint64_t *events, struct err *e);

struct call_lines {
	uint32_t tid;
	struct call_line *lines; /* in the order of the file: a line keeps its place */
	size_t count;
	uint64_t events, lost, lost_lines, lost_ns, cost_ns;
};
MUST_CHECK enum err_kind calls_copy_lines(const struct guarded_map *map,
					  const struct calls_ticks *t, struct arena *arena,
					  struct call_lines *out, struct err *e);

struct call_arguments_all {
	struct call_arguments *functions;
	size_t count;
	uint64_t left_out;
};
MUST_CHECK enum err_kind calls_copy_arguments(const struct guarded_map *map,
					      const struct calls_ticks *t, struct arena *arena,
					      struct call_arguments_all *out, struct err *e);

struct call_timeline {
	uint32_t tid;
	struct call_event *events;
	size_t count;
};
/* `now_ns`: an event from later is none. */
MUST_CHECK enum err_kind calls_copy_timeline(const struct guarded_map *map,
					     const struct calls_ticks *t, uint64_t now_ns,
					     struct arena *arena, struct call_timeline *out,
					     struct err *e);

#endif

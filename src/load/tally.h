/* What a thread notes of its requests, in a struct load_result of its own.
 *
 * Called on the hot path: no allocation, no lock, no clock. Times are CLOCK_MONOTONIC; a request
 * that was due in the warm-up is not noted, which is known here and nowhere else.
 */
#ifndef UNSLOW_LOAD_TALLY_H
#define UNSLOW_LOAD_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "load/run.h"

void tally_begin(struct load_result *t, uint64_t start_ns, uint64_t duration_ns);

void tally_due(struct load_result *t, uint64_t due_ns);
/* `free_ns`: since when a connection was free for it. */
void tally_sent(struct load_result *t, uint64_t due_ns, uint64_t free_ns, uint64_t sent_ns);
void tally_answered(struct load_result *t, uint64_t due_ns, uint64_t sent_ns, uint64_t done_ns,
		    int status);
/* Any error but STATUS. `sent_ns`: 0 if it never was. A time-out counts at its age. */
void tally_failed(struct load_result *t, uint64_t due_ns, uint64_t sent_ns, uint64_t now_ns,
		  enum load_error error, const char *why);
/* Without an answer at the run's end: sent, or (sent_ns 0) never sent. */
void tally_left(struct load_result *t, uint64_t due_ns, uint64_t sent_ns, uint64_t now_ns);
/* A connection was being made, or had a request, from then until then; `from_ns` 0: never. */
void tally_occupied(struct load_result *t, uint64_t from_ns, uint64_t until_ns);
/* The run is over before its plan's time: the window ends now. */
void tally_end(struct load_result *t, uint64_t now_ns);

/* `from` is added to `into`, both begun at the same time; the length of the window is the
 * caller's. */
void tally_merge(struct load_result *into, struct load_result *from);

#endif

/* Words of a process that tell whether a thread came or went, or a GIL changed hands.
 *
 * The words and what they were are the look's (sampled_look.h): heads of the lists of interpreters
 * and threads, the number of threads ever made, and each GIL's. All are read in one call, past the
 * cache, before anything whose truth they are to show: what is read between two readings that agree
 * was so all the time.
 */
#ifndef UNSLOW_PROBE_LOOK_WORDS_H
#define UNSLOW_PROBE_LOOK_WORDS_H

#include "probe/sampled_look.h"

struct look_change {
	bool of_lists, of_gils;
};

/* Whether they are those of the list that was just read, the first `count` of look->room.
 * ERR_INVALID: they are from now on, but their values are not known: the list must be read again
 * after them. ERR_LIMIT: there are more of them than can be read. */
MUST_CHECK enum err_kind look_words_cover(struct look *look, size_t count, struct err *e);
/* Reads the words, past the cache, and keeps them. False: they cannot be read. */
bool look_words_read(struct look *look, struct look_change *change);
bool look_words_unchanged(struct look *look);
/* The GIL of each thread as the words say. */
void look_words_set_gils(struct look *look);

#endif

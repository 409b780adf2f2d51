/* Units as they were when nobody else was being served.
 *
 * What a unit waits for is longer while its process has others: a thread is woken and has no GIL
 * yet, the loop has its answer and is busy, two threads want one CPU. The replay makes such waits
 * by itself, so where they are in the recorded parts, too, it has them twice. Eased, the waits of
 * units that met others are as long, in the mean of their route, as those of units that were alone;
 * their own work is as it was. A wait that is long by itself meets others more often: eased it is
 * too short. Which of the two forms is right, what_if_check() decides by what fits the recording.
 */
#ifndef UNSLOW_MODEL_WHAT_IF_EASED_H
#define UNSLOW_MODEL_WHAT_IF_EASED_H

#include "model/what_if.h"

#define EASED_LEAST 20 /* units of a route that were alone, and as many that were not */

/* A copy of `units`, the caller's to free(); NULL: of no route are enough of both known. */
struct what_if_unit *what_if_eased(const struct what_if_unit *units, size_t count);

#endif

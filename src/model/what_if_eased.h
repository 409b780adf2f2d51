/* Units as they were when nobody else was being served.
 *
 * What a unit waits for is longer while its process has others: a thread is woken and has no GIL
 * yet, the loop has its answer and is busy, two threads want one CPU. The replay makes such waits
 * by itself, so where they are in the recorded parts, too, it has them twice, and a cured server
 * would keep them. Eased, a unit that met others waits as one of its route that was alone, drawn by
 * a fixed seed; its own work is as it was. A unit that waits long by itself is seldom alone to its
 * end, so those that were count by the inverse of that chance (Horvitz and Thompson 1952); waits
 * far longer than the time between requests are seen of none, and a p99 made of them is too short.
 * A route whose units wait no longer when they meet is left as it was.
 */
#ifndef UNSLOW_MODEL_WHAT_IF_EASED_H
#define UNSLOW_MODEL_WHAT_IF_EASED_H

#include "model/what_if.h"

#define EASED_LEAST 20 /* units of a route that were alone, and as many that were not */

/* A copy of `units` (in the order of arrival), the caller's to free(); NULL: of no route are enough
 * of both known, or none waits longer. */
struct what_if_unit *what_if_eased(const struct what_if_unit *units, size_t count,
				   uint32_t processes);

#endif

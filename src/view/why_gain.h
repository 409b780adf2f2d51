/* What a cure saves, in words: the time of a unit ("request"), and how long clients would wait for
 * it; of what does not slow but will fail, what comes of it. All write to the caller's text, cut
 * where it is full; nothing else is kept or made.
 */
#ifndef UNSLOW_VIEW_WHY_GAIN_H
#define UNSLOW_VIEW_WHY_GAIN_H

#include <stddef.h>

#include "model/diagnosis.h"

#define WHY_GAIN_SIZE 400

/* "4.10 ms a request (3.90 ms to 4.30 ms): mean 12.1 ms → 8.00 ms, 41.0 s per 10,000 requests"; a
 * bound is said to be one. Returns `text`; NULL: nothing is known. */
const char *why_gain_words(const struct diagnosis *d, const struct finding *f, const char *unit,
			   char text[WHY_GAIN_SIZE]);
/* "if nothing is done, the limit is reached in 2.5 hours at the rate seen". NULL: it is not known
 * when, or the finding is none of what will fail. */
const char *why_risk_words(const struct finding *f, char text[WHY_GAIN_SIZE]);
/* "at 40 requests a second clients wait p50 12.1 ms → 6.30 ms (5.90 ms to 6.80 ms), p99 …": as
 * measured, and by a replay whose latency `l` is known. `size` in bytes. */
void why_wait_words(const struct diagnosis *d, const struct latency *l, const char *unit,
		    char *text, size_t size);

#endif

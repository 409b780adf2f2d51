/* `attach --walk` of processes without an agent: their heaps are read from outside, one after the
 * other, when it begins and, if it goes on for some time, again when it ends.
 */
#ifndef UNSLOW_CMD_OUTSIDE_WALKS_H
#define UNSLOW_CMD_OUTSIDE_WALKS_H

#include <stddef.h>
#include <stdint.h>

#include "probe/sampler.h"
#include "recording/ingest.h"

/* Of all that the sampler watches now; `number` of the walk, from 1. What fails is said. A signal
 * that waits in signal_fd (signalfd(2)) ends it before the next process, and is left there. Returns
 * how many were read. */
size_t outside_walks_make(const struct sampler *sampler, struct ingest *ingest, uint32_t number,
			  int signal_fd);

#endif

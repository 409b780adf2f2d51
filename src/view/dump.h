/* What `unslow dump` prints: processes, their threads' stacks newest first, their tasks. */
#ifndef UNSLOW_VIEW_DUMP_H
#define UNSLOW_VIEW_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "python/snapshot.h"

/* Threads with the same stack in the same state are printed once. */
void view_dump_text(const struct snapshot_process *processes, size_t count, FILE *out, bool colour,
		    int width);
/* Schema unslow.view/1, view "dump": a row a thread, and "processes" with all of it. */
void view_dump_json(const struct snapshot_process *processes, size_t count, FILE *out);

#endif

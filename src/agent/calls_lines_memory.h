/* Memory of lines of chosen code: what the thread allocated less what it freed while a line ran,
 * calls made from it included, as its time is; while every allocation is counted (heap_bytes.h).
 *
 * An engine tells of an event here, too, if lines_memory_is_on(): that is all that lines cost more
 * while it is off. What passed between two events of one frame is the line's that was under way;
 * a frame that is suspended begins anew when it goes on, so what others make meanwhile is not its
 * own. Sums lie behind the lines, in the same file (calls_file.h). GIL held.
 *
 * `number`: an int that Python made for the event alone, and is freed with it: it is no line's.
 * NULL: none.
 */
#ifndef UNSLOW_AGENT_CALLS_LINES_MEMORY_H
#define UNSLOW_AGENT_CALLS_LINES_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/calls_lines.h"
#include "agent/heap_bytes.h"

static inline bool lines_memory_is_on(void)
{
	return heap_bytes_are_counted();
}

/* After lines_begin() or lines_resume(), or a lines_at() of a frame that was not known. */
void lines_memory_begin(struct lines_thread *t, uintptr_t frame, const void *number);
/* Before lines_at(), lines_suspend() or lines_end(). */
void lines_memory_event(struct lines_thread *t, uintptr_t frame, const void *number);

#endif

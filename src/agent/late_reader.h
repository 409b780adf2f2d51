/* Is who reads the channel gone, or only late?
 *
 * A reader whose heartbeat stops for CHANNEL_SILENCE_NS puts the agent to sleep: what it would
 * write is not read in time. What the agent cannot know again when it wakes, the live samples of
 * the heap, stays as long as the reader's process is there, of which a busy machine may keep every
 * processor from it for seconds; but for LATE_READER_MOST_NS at most: it may be stopped for good.
 * Where the reader is not seen (another PID namespace, /proc mounted with hidepid) only that time
 * tells.
 */
#ifndef UNSLOW_AGENT_LATE_READER_H
#define UNSLOW_AGENT_LATE_READER_H

#include <stdbool.h>

#define LATE_READER_MOST_NS (120 * NS_PER_S)

/* The reader is there now: it is known again by when it started. Any thread. */
void late_reader_note(void);
/* Its heartbeat is late, and it is not gone, nor has it asked the agent to sleep. Any thread, in a
 * hook; /proc is looked at five times a second at most. */
bool late_reader_is_there(void);

#endif

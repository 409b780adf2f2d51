/* The files of this process in the channel directory: made, mapped, counted.
 *
 * Each file is allocated whole before it is mapped, because the first write to
 * a sparse page of a full tmpfs is a SIGBUS in the app; its descriptor is
 * closed at once, so none of ours is ever inherited or in the app's way.
 * bytes_made of `control` grows by each file and never passes bytes_limit.
 */
#ifndef UNSLOW_AGENT_CHANNEL_FILE_H
#define UNSLOW_AGENT_CHANNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/channel.h"

#define CHANNEL_DIRECTORY_MAX 512

enum channel_size {
	CHANNEL_NOTE,  /* just room for a reason */
	CHANNEL_CHILD, /* a child forked by a process that has served: most do one thing and end */
	CHANNEL_WHOLE,
};

/* Make PID-SERIAL.0 and fill in all but the layout; it stays invisible (no
 * magic) until channel_file_show(). NULL: no space, the limit is reached, or the directory is not
 * ours to write. */
struct channel_header *channel_file_make(const char *directory, struct channel_control *control,
					 enum channel_size size);
void channel_file_show(struct channel_header *channel);

/* Claim a free ring for thread `tid`, in PID-SERIAL.0 … N; makes file N+1 when
 * all are taken. NULL: none can be had now (counted by the caller). */
struct channel_ring *channel_file_claim(uint32_t tid, struct channel_record **slots,
					uint32_t *capacity);
/* Make now the files that the threads to come may need: later it will not be permitted. */
void channel_file_reserve(void);
void channel_file_release(struct channel_ring *ring);

/* More of this process's file PID-SERIAL.`suffix`: `bytes` from `offset` on (whole pages),
 * allocated, then mapped at `place` (reserved address space; NULL: anywhere). Offset 0 makes the
 * file. NULL: as above. Any thread. */
void *channel_file_extend(const char *suffix, uint64_t offset, size_t bytes, void *place);

/* Copies the first `size` bytes of PID-SERIAL.`suffix`, which the program made, for this process
 * alone; false: it is not there, or shorter. Any thread. */
bool channel_file_read(const char *suffix, void *to, size_t size);

/* In a fork's child: unmap the parent's files, start without any. */
void channel_file_forget(void);

#endif

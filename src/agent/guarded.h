/* Own memory that may not be there: a bad address is an error in place of a signal.
 *
 * Only system calls that every program makes: a sandbox may end the process at
 * process_vm_readv(2), and does not say so before. Two ways:
 *
 * - guarded_read() asks the kernel whether the place can be read (rt_sigprocmask(2) copies the set
 *   before it refuses an unknown `how`: EFAULT or EINVAL), then loads. For signal handlers: no
 * libc, no lock, 0.2 µs. Right as long as nobody unmaps the place in between: the caller holds the
 * GIL, or keeps it from being taken, and asks for Python's own memory.
 * - guarded_copy() lets the kernel copy through a pipe. For memory that may go at any moment; the
 *   pipe belongs to one thread.
 */
#ifndef UNSLOW_AGENT_GUARDED_H
#define UNSLOW_AGENT_GUARDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds out whether both ways work here. */
bool guarded_prepare(void);

/* Copies `size` bytes, at most 4096; false if not all of them can be read. Fits walk_reader. */
bool guarded_read(void *unused, uintptr_t address, void *to, size_t size);

/* Can the eight bytes at a multiple of eight be read? The caller reads them itself. */
bool guarded_has_word(uintptr_t address);

struct guarded_pipe {
	int read, write;
};

/* False: none can be made. The caller closes both ends. */
bool guarded_pipe_open(struct guarded_pipe *pipe);
void guarded_pipe_close(struct guarded_pipe *pipe);
/* As guarded_read(). Fits walk_reader, with the pipe as context. */
bool guarded_copy(void *pipe, uintptr_t address, void *to, size_t size);

#endif

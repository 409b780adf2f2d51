/* What a thread blocked in a system call waits on, in words: the call, and the
 * peer of its descriptor. Linux only, as the numbers are those of the machine
 * that records.
 */
#ifndef UNSLOW_RECORDING_SYSCALLS_H
#define UNSLOW_RECORDING_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

struct ingest;
struct process;

/* `aux` as in RECORD_SAMPLE: number << 32 | first argument. "recv postgresql 127.0.0.1:5432",
 * "epoll", into out, which is returned; NULL: no call that is known.
 * 0, which would be a read() of standard input, is what an engine gives that does not know. */
const char *call_target(const struct ingest *in, const struct process *p, uint64_t aux, char *out,
			size_t size);

#endif

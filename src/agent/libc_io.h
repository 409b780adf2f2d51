/* What the hooks of the C library share: one shape of a socket's call.
 */
#ifndef UNSLOW_AGENT_LIBC_IO_H
#define UNSLOW_AGENT_LIBC_IO_H

#include <errno.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "agent/core.h"

static inline int call_failure(long result)
{
	return result < 0 ? -errno : 0;
}

/* May what the caller's pointer names be looked at, now that the real call gave
 * `result`? Only if the kernel has read it: a bad pointer gives EFAULT, not a
 * crash of ours. The other errors here come before the kernel reads a path or
 * an address, or from a filter of system calls. */
static inline bool kernel_has_read(long result)
{
	return result >= 0 || !(errno == EFAULT || errno == EINVAL || errno == EBADF ||
				errno == ENOTSOCK || errno == EPERM || errno == ENOSYS);
}

/* Begin a send or receive on fd. False: pass through. *h: its handle, or NULL.
 * Connections to peers are followed without a unit, too (a pool fills at
 * start-up); clients' sockets only inside one. */
bool socket_begin(struct call *c, int fd, enum record_kind kind, struct handle **h);
/* End it: the moved bytes, `result` of them, lie in parts[0..count), are shown
 * to wire.c and not kept. parts NULL: there is nothing to look at. */
void socket_end(struct call *c, int fd, struct handle *h, long result, const struct iovec *parts,
		size_t count);

/* libc_file.c: `to` is a second descriptor of `from`; `to` < 0: it failed. */
void handle_duplicated(int from, int to);

/* The body of a hook of the send and receive family. `parts` and `count` are
 * looked up only when bytes have moved: the kernel has then read them. */
#define SOCKET_CALL(fd, kind, parts, count, real_call) \
	do { \
		struct call c; \
		struct handle *h; \
		if (!socket_begin(&c, (fd), (kind), &h)) \
			return real_call; \
		ssize_t result = real_call; \
		socket_end(&c, (fd), h, result, result > 0 ? (parts) : NULL, \
			   result > 0 ? (count) : 0); \
		return result; \
	} while (0)

#define ONE_PART(bytes, size) \
	(&(const struct iovec){.iov_base = (void *)(uintptr_t)(bytes), .iov_len = (size)})
/* Bytes that stay in the socket are seen when they are really read; those that
 * TCP throws away (MSG_TRUNC) are never in the buffer, which may be NULL then. */
#define UNLESS_PEEK(flags, parts) ((flags) & (MSG_PEEK | MSG_TRUNC | MSG_ERRQUEUE) ? NULL : (parts))

#endif

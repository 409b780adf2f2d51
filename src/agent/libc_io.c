/* read, write and their forms: files, pipes, and sockets used as files. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/handles.h"
#include "agent/libc_io.h"
#include "agent/libc_real.h"

static bool is_socket(const struct handle *h)
{
	return h && h->kind == HANDLE_SOCKET;
}

static void file_end(struct call *c, int fd, long result)
{
	int saved_errno = errno;
	struct handle *h = handle_of(fd);
	if (!h && c->unit && result >= 0) /* a socket that was made unseen: the next call knows */
		h = handle_adopt_socket(fd);
	call_end(c, (struct call_facts){
			    .subject = h ? h->id : 0,
			    .bytes = result > 0 ? (uint64_t)result : 0,
			    .result = call_failure(result),
			    .flags = result < 0 && saved_errno != EAGAIN ? RECORD_FAILED : 0,
		    });
}

#define FILE_CALL(fd, kind, type, real_call) \
	do { \
		struct call c; \
		if (!call_begin(&c, (kind))) \
			return real_call; \
		type result = real_call; \
		file_end(&c, (fd), result); \
		return result; \
	} while (0)

#define STREAM_CALL(fd, file_kind, socket_kind, parts, count, real_call) \
	do { \
		if (is_socket(handle_of(fd))) \
			SOCKET_CALL(fd, socket_kind, parts, count, real_call); \
		FILE_CALL(fd, file_kind, ssize_t, real_call); \
	} while (0)

AGENT_EXPORT ssize_t read(int fd, void *buffer, size_t size)
{
	STREAM_CALL(fd, RECORD_READ, RECORD_RECV, ONE_PART(buffer, size), 1,
		    REAL(read)(fd, buffer, size));
}

AGENT_EXPORT long __read_chk(int fd, void *buffer, size_t size, size_t room)
{
	STREAM_CALL(fd, RECORD_READ, RECORD_RECV, ONE_PART(buffer, size), 1,
		    REAL(__read_chk)(fd, buffer, size, room));
}

AGENT_EXPORT ssize_t readv(int fd, const struct iovec *parts, int count)
{
	STREAM_CALL(fd, RECORD_READ, RECORD_RECV, parts, (size_t)count,
		    REAL(readv)(fd, parts, count));
}

AGENT_EXPORT ssize_t write(int fd, const void *bytes, size_t size)
{
	STREAM_CALL(fd, RECORD_WRITE, RECORD_SEND, ONE_PART(bytes, size), 1,
		    REAL(write)(fd, bytes, size));
}

AGENT_EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
	STREAM_CALL(fd, RECORD_WRITE, RECORD_SEND, parts, (size_t)count,
		    REAL(writev)(fd, parts, count));
}

/* With an offset: never a socket. */
AGENT_EXPORT ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
	FILE_CALL(fd, RECORD_READ, ssize_t, REAL(pread)(fd, buffer, size, offset));
}

AGENT_EXPORT ssize_t pread64(int fd, void *buffer, size_t size, off64_t offset)
{
	FILE_CALL(fd, RECORD_READ, ssize_t, REAL(pread64)(fd, buffer, size, offset));
}

AGENT_EXPORT long __pread_chk(int fd, void *buffer, size_t size, long offset, size_t room)
{
	FILE_CALL(fd, RECORD_READ, ssize_t, REAL(__pread_chk)(fd, buffer, size, offset, room));
}

AGENT_EXPORT long __pread64_chk(int fd, void *buffer, size_t size, long offset, size_t room)
{
	FILE_CALL(fd, RECORD_READ, ssize_t, REAL(__pread64_chk)(fd, buffer, size, offset, room));
}

AGENT_EXPORT ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset)
{
	FILE_CALL(fd, RECORD_READ, ssize_t, REAL(preadv)(fd, parts, count, offset));
}

AGENT_EXPORT ssize_t preadv64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	FILE_CALL(fd, RECORD_READ, ssize_t, REAL(preadv64)(fd, parts, count, offset));
}

AGENT_EXPORT ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	FILE_CALL(fd, RECORD_WRITE, ssize_t, REAL(pwrite)(fd, bytes, size, offset));
}

AGENT_EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
	FILE_CALL(fd, RECORD_WRITE, ssize_t, REAL(pwrite64)(fd, bytes, size, offset));
}

AGENT_EXPORT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	FILE_CALL(fd, RECORD_WRITE, ssize_t, REAL(pwritev)(fd, parts, count, offset));
}

AGENT_EXPORT ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	FILE_CALL(fd, RECORD_WRITE, ssize_t, REAL(pwritev64)(fd, parts, count, offset));
}

AGENT_EXPORT int fsync(int fd)
{
	FILE_CALL(fd, RECORD_FSYNC, int, REAL(fsync)(fd));
}

AGENT_EXPORT int fdatasync(int fd)
{
	FILE_CALL(fd, RECORD_FSYNC, int, REAL(fdatasync)(fd));
}

/* Waiting for a lock on a file; a try does not wait. */
AGENT_EXPORT int flock(int fd, int operation)
{
	if (operation & LOCK_NB || operation & LOCK_UN)
		return REAL(flock)(fd, operation);
	FILE_CALL(fd, RECORD_LOCK, int, REAL(flock)(fd, operation));
}

/* The argument is an int, a long or a pointer, by command: passed on as the
 * widest, as the C library itself does (sysdeps/unix/sysv/linux/fcntl64.c). */
static int fcntl_hook(__typeof__(fcntl) *real, int fd, int command, void *argument)
{
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC: {
		int result = real(fd, command, argument);
		handle_duplicated(fd, result);
		return result;
	}
	case F_SETLKW:
	case F_OFD_SETLKW:
		FILE_CALL(fd, RECORD_LOCK, int, real(fd, command, argument));
	default:
		return real(fd, command, argument);
	}
}

AGENT_EXPORT int fcntl(int fd, int command, ...)
{
	va_list arguments;
	va_start(arguments, command);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	return fcntl_hook(REAL(fcntl), fd, command, argument);
}

AGENT_EXPORT int fcntl64(int fd, int command, ...)
{
	va_list arguments;
	va_start(arguments, command);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	return fcntl_hook(REAL(fcntl64), fd, command, argument);
}

/* Descriptors opened, closed and duplicated. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/handles.h"
#include "agent/libc_io.h"
#include "agent/libc_real.h"
#include "agent/path_text.h"

/* --- open ------------------------------------------------------------------------ */

static int opened(struct call *c, const char *path, int fd)
{
	int saved_errno = errno;
	struct call_facts facts = {.always = true, .result = call_failure(fd)};
	if (fd >= 0 && call_is_databases_own(c)) { /* counted by its handle of the database */
		handle_forget(fd, c->start_ns);
		call_drop(c);
		errno = saved_errno;
		return fd;
	}
	if (fd >= 0) {
		struct handle *h = handle_open(fd, HANDLE_FILE, c->start_ns);
		facts.flags = RECORD_OPENS;
		if (h) {
			h->opened_unit = c->unit;
			h->opened_stack = call_stack(c);
			handle_set_peer(h, fd, PEER_UNKNOWN, path, 0);
			facts.subject = h->id;
		}
	} else {
		facts.flags = RECORD_FAILED;
		facts.always = false; /* a search path has many of them */
		facts.object =
			c->unit && kernel_has_read(fd)
				? path_text_id(PATH_OF_FILE, path, strnlen(path, PEER_TEXT_MAX))
				: 0;
	}
	call_end(c, facts);
	errno = saved_errno;
	return fd;
}

#define OPEN_CALL(path, real_call) \
	do { \
		struct call c; \
		if (!call_begin(&c, RECORD_OPEN)) \
			return real_call; \
		return opened(&c, (path), real_call); \
	} while (0)

/* The mode is there only if a file may be made; passing on what was not given
 * is harmless, as the kernel does not look at it. */
static mode_t mode_of(va_list arguments)
{
	return (mode_t)va_arg(arguments, unsigned);
}

#define OPEN_HOOK(name) \
	AGENT_EXPORT int name(const char *path, int flags, ...) \
	{ \
		va_list arguments; \
		va_start(arguments, flags); \
		mode_t mode = mode_of(arguments); \
		va_end(arguments); \
		OPEN_CALL(path, REAL(name)(path, flags, mode)); \
	}
OPEN_HOOK(open)
OPEN_HOOK(open64)

#define OPENAT_HOOK(name) \
	AGENT_EXPORT int name(int directory, const char *path, int flags, ...) \
	{ \
		va_list arguments; \
		va_start(arguments, flags); \
		mode_t mode = mode_of(arguments); \
		va_end(arguments); \
		OPEN_CALL(path, REAL(name)(directory, path, flags, mode)); \
	}
OPENAT_HOOK(openat)
OPENAT_HOOK(openat64)

AGENT_EXPORT int creat(const char *path, mode_t mode)
{
	OPEN_CALL(path, REAL(creat)(path, mode));
}

AGENT_EXPORT int creat64(const char *path, mode_t mode)
{
	OPEN_CALL(path, REAL(creat64)(path, mode));
}

AGENT_EXPORT int __open_2(const char *path, int flags)
{
	OPEN_CALL(path, REAL(__open_2)(path, flags));
}

AGENT_EXPORT int __open64_2(const char *path, int flags)
{
	OPEN_CALL(path, REAL(__open64_2)(path, flags));
}

AGENT_EXPORT int __openat_2(int directory, const char *path, int flags)
{
	OPEN_CALL(path, REAL(__openat_2)(directory, path, flags));
}

AGENT_EXPORT int __openat64_2(int directory, const char *path, int flags)
{
	OPEN_CALL(path, REAL(__openat64_2)(directory, path, flags));
}

/* --- close ------------------------------------------------------------------------- */

/* The handle goes before the descriptor does: another thread may be given the
 * same number the moment the kernel has it back. */
static bool closing(struct call *c, int fd, struct handle *gone)
{
	if (!handle_followed(fd) || !call_follows())
		return false;
	bool begun = call_begin(c, RECORD_CLOSE);
	*gone = handle_close(fd);
	if (begun && !c->unit && gone->peer_kind == PEER_CLIENT)
		call_without_stack(c);
	return begun;
}

static void closed(struct call *c, const struct handle *gone, int result)
{
	if (!gone->id) { /* never named in this channel */
		call_drop(c);
		return;
	}
	call_end(c, (struct call_facts){
			    .subject = gone->id,
			    .aux = gone->opened_unit,
			    .flags = RECORD_CLOSES,
			    .result = call_failure(result),
			    .always = true,
		    });
}

AGENT_EXPORT int close(int fd)
{
	struct call c;
	struct handle gone;
	if (!closing(&c, fd, &gone))
		return REAL(close)(fd);
	int result = REAL(close)(fd);
	closed(&c, &gone, result);
	return result;
}

/* libuv, and so uvloop, closes by number: syscall(SYS_close, fd). Six arguments
 * are passed on whatever the call takes: the kernel ignores the rest. */
AGENT_EXPORT long syscall(long number, ...)
{
	va_list arguments;
	va_start(arguments, number);
	long a = va_arg(arguments, long), b = va_arg(arguments, long);
	long c_ = va_arg(arguments, long), d = va_arg(arguments, long);
	long e = va_arg(arguments, long), f = va_arg(arguments, long);
	va_end(arguments);
	struct call c;
	struct handle gone;
	if (LIKELY(number != SYS_close) || !closing(&c, (int)a, &gone))
		return REAL(syscall)(number, a, b, c_, d, e, f);
	long result = REAL(syscall)(number, a, b, c_, d, e, f);
	closed(&c, &gone, (int)result);
	return result;
}

/* Many at once: each one that was followed is a close of its own. */
static void forget_range(unsigned first, unsigned last)
{
	int highest = handle_highest();
	if (highest < 0 || first > (unsigned)highest)
		return;
	for (int fd = (int)first; fd <= highest && (unsigned)fd <= last; fd++) {
		struct call c;
		struct handle gone;
		if (closing(&c, fd, &gone))
			closed(&c, &gone, 0);
	}
}

AGENT_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	/* with CLOEXEC nothing is closed yet; with a flag unknown to us, perhaps never */
	if (!((unsigned)flags & ~CLOSE_RANGE_UNSHARE) && call_follows())
		forget_range(first, last);
	return REAL(close_range)(first, last, flags);
}

AGENT_EXPORT void closefrom(int first)
{
	if (call_follows())
		forget_range(first < 0 ? 0 : (unsigned)first, UINT32_MAX);
	REAL(closefrom)(first);
}

/* --- dup ----------------------------------------------------------------------------- */

/* A second descriptor of the same thing is a handle of its own: it must be
 * closed, too. Wire state stays with the first. */
void handle_duplicated(int from, int to)
{
	int saved_errno = errno;
	struct call c;
	struct handle *h = handle_of(from);
	if (to < 0 || to == from || !h || !call_begin(&c, RECORD_OPEN))
		return;
	struct handle old = *h;
	h = handle_open(to, old.kind, c.start_ns);
	if (h) {
		h->opened_unit = c.unit;
		h->opened_stack = call_stack(&c);
		h->peer_text = old.peer_text;
		handle_set_peer(h, to, old.peer_kind, NULL, 0);
	}
	call_end(&c, (struct call_facts){
			     .subject = h ? h->id : 0, .flags = RECORD_OPENS, .always = true});
	errno = saved_errno;
}

AGENT_EXPORT int dup(int fd)
{
	int result = REAL(dup)(fd);
	handle_duplicated(fd, result);
	return result;
}

/* dup2 and dup3 close what was there before, if they succeed; the number is
 * never free in between, so nobody else can have it. */
static void replaced(int from, int to)
{
	int saved_errno = errno;
	struct call c;
	struct handle gone;
	if (to >= 0 && from != to && closing(&c, to, &gone))
		closed(&c, &gone, 0);
	handle_duplicated(from, to);
	errno = saved_errno;
}

AGENT_EXPORT int dup2(int from, int to)
{
	int result = REAL(dup2)(from, to);
	replaced(from, result);
	return result;
}

AGENT_EXPORT int dup3(int from, int to, int flags)
{
	int result = REAL(dup3)(from, to, flags);
	replaced(from, result);
	return result;
}

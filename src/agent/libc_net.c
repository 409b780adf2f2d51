/* Sockets: connections made, accepted and used. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "agent/dict.h"
#include "agent/handles.h"
#include "agent/held.h"
#include "agent/libc_io.h"
#include "agent/libc_real.h"
#include "agent/raw.h"
#include "agent/run_unit.h"

/* --- connections ---------------------------------------------------------------- */

AGENT_EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	struct call c;
	struct peer peer;
	struct handle *known = handle_of(fd);
	bool again = known && known->nonblocking_connect;
	if (!call_begin(&c, RECORD_CONNECT))
		return REAL(connect)(fd, address, length);
	int result = REAL(connect)(fd, address, length);
	int saved_errno = errno;
	int error = call_failure(result);
	if (!kernel_has_read(result) || !peer_of_address(address, length, &peer)) {
		call_drop(&c);
		errno = saved_errno;
		return result;
	}
	struct handle *h = known;
	struct call_facts facts = {.always = true, .result = error};
	bool pending = error == -EINPROGRESS || error == -EALREADY;
	if (again) {
		h->nonblocking_connect = pending;
	} else if (result == 0 || pending) {
		h = handle_open(fd, HANDLE_SOCKET, c.start_ns);
		facts.flags = RECORD_OPENS;
	}
	if (h && facts.flags & RECORD_OPENS) {
		h->opened_unit = c.unit;
		h->opened_stack = call_stack(&c);
		h->nonblocking_connect = pending;
		handle_set_peer(h, fd, peer.kind, peer.text, peer.length);
	}
	if (pending)
		facts.flags |= RECORD_PENDING;
	else if (result < 0 && error != -EISCONN)
		facts.flags |= RECORD_FAILED;
	facts.subject = h ? h->id : 0;
	facts.object = dict_text_id(peer.text, peer.length);
	call_end(&c, facts);
	errno = saved_errno;
	return result;
}

/* A connect in progress is asked for its end (connect(2), EINPROGRESS). */
AGENT_EXPORT int getsockopt(int fd, int level, int name, void *restrict value,
			    socklen_t *restrict length)
{
	int result = REAL(getsockopt)(fd, level, name, value, length);
	if (level != SOL_SOCKET || name != SO_ERROR || result < 0 || *length < sizeof(int) ||
	    !call_follows())
		return result;
	int saved_errno = errno, error;
	struct handle *h = handle_of(fd);
	memcpy(&error, value, sizeof error); /* the kernel has written it */
	if (h && h->nonblocking_connect && error)
		handle_connect_failed(h, -error);
	else if (h && h->nonblocking_connect)
		handle_connect_settled(h);
	errno = saved_errno;
	return result;
}

static void accepted(int listener, int fd, struct call *c, bool recorded)
{
	if (fd < 0) {
		if (recorded)
			call_drop(c);
		return;
	}
	int saved_errno = errno;
	if (!recorded && !call_follows())
		return;
	/* who is called upon works for others: a server that listens in its first moments has had
	 * no other reason for a channel */
	(void)agent_need_channel();
	struct handle *h = handle_open(fd, HANDLE_SOCKET, recorded ? c->start_ns : agent_now_ns());
	if (h) {
		handle_set_peer(h, fd, PEER_CLIENT, "client", 6);
		handle_note_served(fd);
		held_accepted(h, listener);
	}
	if (recorded && !c->unit)
		call_without_stack(c);
	if (recorded)
		call_end(c, (struct call_facts){
				    .subject = h ? h->id : 0,
				    .flags = RECORD_OPENS,
				    .always = true,
			    });
	errno = saved_errno;
}

AGENT_EXPORT int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	struct call c;
	bool recorded = call_begin(&c, RECORD_ACCEPT);
	int result = REAL(accept)(fd, address, length);
	accepted(fd, result, &c, recorded);
	return result;
}

AGENT_EXPORT int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length,
			 int flags)
{
	struct call c;
	bool recorded = call_begin(&c, RECORD_ACCEPT);
	int result = REAL(accept4)(fd, address, length, flags);
	accepted(fd, result, &c, recorded);
	return result;
}

/* Who listens is a server: a run's unit ends here (run_unit.h). */
AGENT_EXPORT int listen(int fd, int backlog)
{
	int result = REAL(listen)(fd, backlog);
	if (result == 0 && call_follows()) {
		int saved_errno = errno;
		run_is_server();
		errno = saved_errno;
	}
	return result;
}

/* --- sending and receiving ---------------------------------------------------------- */

static bool is_wire(const struct handle *h)
{
	return h && h->kind == HANDLE_SOCKET && h->peer_kind != PEER_CLIENT;
}

bool socket_begin(struct call *c, int fd, enum record_kind kind, struct handle **h)
{
	*h = handle_of(fd);
	bool begun = is_wire(*h) ? call_begin(c, kind) : call_begin_in_unit(c, kind);
	if (begun && !*h)
		*h = handle_adopt_socket(fd);
	if (begun && !*h && handle_only_wakes(fd)) {
		call_drop(c);
		return false;
	}
	if (begun && kind == RECORD_SEND && *h && UNLIKELY((*h)->held_ns != 0))
		held_settle(*h, fd);
	return begun;
}

static void feed(struct handle *h, bool sent, const struct iovec *parts, size_t count, size_t bytes,
		 uint64_t at_ns)
{
	for (size_t i = 0; i < count && bytes > 0; i++) {
		size_t length = parts[i].iov_len < bytes ? parts[i].iov_len : bytes;
		if (length == 0)
			continue;
		if (sent)
			wire_sent(h, parts[i].iov_base, length, at_ns);
		else
			wire_received(h, parts[i].iov_base, length, at_ns);
		bytes -= length;
	}
}

static void received(struct handle *h, int fd)
{
	if (UNLIKELY(h->held_ns != 0))
		held_settle(h, fd);
	h->held_ns = 0;
	h->sent_before = false;
}

/* Long, on an event loop's thread, on a non-blocking socket: it was preempted. */
static bool never_waits(const struct call *c, int fd)
{
	return c->thread->loop_depth && agent_now_ns() - c->start_ns >= CALL_LONG_NS &&
	       raw_call(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK;
}

void socket_end(struct call *c, int fd, struct handle *h, long result, const struct iovec *parts,
		size_t count)
{
	int saved_errno = errno;
	struct call_facts facts = {
		.result = call_failure(result),
		.bytes = result > 0 ? (uint64_t)result : 0,
		.never_waits = never_waits(c, fd),
	};
	bool sent = c->kind == RECORD_SEND;
	/* closed by another thread meanwhile, or the fd is another connection now */
	if (h && (handle_of(fd) != h || h->opened_ns > c->start_ns))
		h = NULL;
	if (h)
		facts.subject = h->id;
	if (h && result > 0) {
		h->nonblocking_connect = false; /* whoever did not ask found out */
		if (sent)
			held_sent(h, fd, c);
		else
			received(h, fd);
	}
	if (is_wire(h)) {
		bool in_hook = c->thread->in_hook;
		c->thread->in_hook = true;
		c->thread->walked_stack = c->stacked ? c->stack : 0;
		if (!sent)
			facts.unit = wire_owner(h);
		if (result > 0 && parts)
			feed(h, sent, parts, count, (size_t)result,
			     sent ? c->start_ns : agent_now_ns());
		if (sent)
			facts.unit = wire_owner(h);
		c->thread->walked_stack = 0;
		c->thread->in_hook = in_hook;
	}
	if (result < 0 && saved_errno != EAGAIN)
		facts.flags = RECORD_FAILED;
	errno = saved_errno;
	call_end(c, facts);
}

AGENT_EXPORT ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	SOCKET_CALL(fd, RECORD_SEND, ONE_PART(bytes, size), 1, REAL(send)(fd, bytes, size, flags));
}

AGENT_EXPORT ssize_t sendto(int fd, const void *bytes, size_t size, int flags,
			    const struct sockaddr *address, socklen_t length)
{
	SOCKET_CALL(fd, RECORD_SEND, ONE_PART(bytes, size), 1,
		    REAL(sendto)(fd, bytes, size, flags, address, length));
}

AGENT_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	SOCKET_CALL(fd, RECORD_SEND, message->msg_iov, message->msg_iovlen,
		    REAL(sendmsg)(fd, message, flags));
}

AGENT_EXPORT ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
	SOCKET_CALL(fd, RECORD_RECV, UNLESS_PEEK(flags, ONE_PART(buffer, size)), 1,
		    REAL(recv)(fd, buffer, size, flags));
}

AGENT_EXPORT ssize_t recvfrom(int fd, void *restrict buffer, size_t size, int flags,
			      struct sockaddr *restrict address, socklen_t *restrict length)
{
	SOCKET_CALL(fd, RECORD_RECV, UNLESS_PEEK(flags, ONE_PART(buffer, size)), 1,
		    REAL(recvfrom)(fd, buffer, size, flags, address, length));
}

AGENT_EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	SOCKET_CALL(fd, RECORD_RECV, UNLESS_PEEK(flags, message->msg_iov), message->msg_iovlen,
		    REAL(recvmsg)(fd, message, flags));
}

AGENT_EXPORT long __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags)
{
	SOCKET_CALL(fd, RECORD_RECV, UNLESS_PEEK(flags, ONE_PART(buffer, size)), 1,
		    REAL(__recv_chk)(fd, buffer, size, room, flags));
}

AGENT_EXPORT long __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
				 struct sockaddr *address, unsigned *length)
{
	SOCKET_CALL(fd, RECORD_RECV, UNLESS_PEEK(flags, ONE_PART(buffer, size)), 1,
		    REAL(__recvfrom_chk)(fd, buffer, size, room, flags, address, length));
}

/* Several datagrams a call: no stream protocol, so only counted. */
static uint64_t mmsg_bytes(const struct mmsghdr *messages, int count)
{
	uint64_t bytes = 0;
	for (int i = 0; i < count; i++)
		bytes += messages[i].msg_len;
	return bytes;
}

static void mmsg_end(struct call *c, struct handle *h, const struct mmsghdr *messages, int result)
{
	call_end(c, (struct call_facts){
			    .subject = h ? h->id : 0,
			    .bytes = mmsg_bytes(messages, result),
			    .result = call_failure(result),
			    .flags = result < 0 && errno != EAGAIN ? RECORD_FAILED : 0,
		    });
}

AGENT_EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	struct call c;
	struct handle *h;
	if (!socket_begin(&c, fd, RECORD_SEND, &h))
		return REAL(sendmmsg)(fd, messages, count, flags);
	int result = REAL(sendmmsg)(fd, messages, count, flags);
	mmsg_end(&c, h, messages, result);
	return result;
}

AGENT_EXPORT int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
			  struct timespec *timeout)
{
	struct call c;
	struct handle *h;
	if (!socket_begin(&c, fd, RECORD_RECV, &h))
		return REAL(recvmmsg)(fd, messages, count, flags, timeout);
	int result = REAL(recvmmsg)(fd, messages, count, flags, timeout);
	mmsg_end(&c, h, messages, result);
	return result;
}

AGENT_EXPORT ssize_t sendfile(int out, int in, off_t *offset, size_t size)
{
	SOCKET_CALL(out, RECORD_SEND, NULL, 0, REAL(sendfile)(out, in, offset, size));
}

AGENT_EXPORT ssize_t sendfile64(int out, int in, off64_t *offset, size_t size)
{
	SOCKET_CALL(out, RECORD_SEND, NULL, 0, REAL(sendfile64)(out, in, offset, size));
}

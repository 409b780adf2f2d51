#include "load/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "load/stamp.h"

/* Reads in one step: an endless body must not keep the thread from its schedule. */
enum { READS_A_STEP = 4 };

static enum connection_step fail(struct connection *c, enum load_error error, int os_errno,
				 const char *why)
{
	c->error = error;
	c->os_errno = os_errno;
	str_copy(c->why, sizeof c->why, why ? why : strerror(os_errno));
	return CONNECTION_STEP_FAILED;
}

/* A system call on an open connection failed. */
static enum connection_step fail_socket(struct connection *c, int os_errno)
{
	const bool is_reset = os_errno == ECONNRESET || os_errno == EPIPE;
	return fail(c, is_reset || os_errno ? LOAD_ERROR_RESET : LOAD_ERROR_CLOSED, os_errno,
		    os_errno ? NULL : "closed by the server");
}

static void watch(struct connection *c, const struct connection_world *world, uint32_t events)
{
	if (c->watched == events)
		return;
	struct epoll_event event = {.events = events, .data.ptr = c};
	/* Only memory can be out: then the kernel says nothing more of it, and it times out. */
	(void)epoll_ctl(world->epoll, c->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, c->fd, &event);
	c->watched = events;
}

static bool is_fd_limit(int os_errno)
{
	return os_errno == EMFILE || os_errno == ENFILE || os_errno == EADDRNOTAVAIL ||
	       os_errno == ENOBUFS || os_errno == ENOMEM;
}

enum connection_step connection_open(struct connection *c, const struct connection_world *world)
{
	const struct sockaddr *address = (const struct sockaddr *)&world->address->storage;
	const int on = 1;
	c->state = CONNECTION_CONNECTING;
	c->watched = 0;
	c->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return fail(c, is_fd_limit(errno) ? LOAD_ERROR_FD_LIMIT : LOAD_ERROR_CONNECT, errno,
			    NULL);
	if (address->sa_family != AF_UNIX)
		(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (world->has_stamps)
		stamp_ask(c->fd);
	/* A Unix socket whose backlog is full says EAGAIN (unix(7)): a refusal. */
	if (connect(c->fd, address, world->address->length) != 0 && errno != EINPROGRESS)
		return fail(c, is_fd_limit(errno) ? LOAD_ERROR_FD_LIMIT : LOAD_ERROR_CONNECT, errno,
			    NULL);
	watch(c, world, EPOLLIN | EPOLLOUT);
	return CONNECTION_STEP_NONE;
}

void connection_close(struct connection *c)
{
	tls_free(c->tls);
	c->tls = NULL;
	free(c->copy);
	c->copy = NULL;
	c->left_count = 0;
	if (c->state != CONNECTION_CLOSED && c->fd >= 0)
		close(c->fd); /* which ends the watch, too */
	c->fd = -1;
	c->watched = 0;
	c->state = CONNECTION_CLOSED;
}

static enum connection_step become_idle(struct connection *c, const struct connection_world *world)
{
	watch(c, world, EPOLLIN);
	c->state = CONNECTION_IDLE;
	return CONNECTION_STEP_READY;
}

static enum connection_step shake_hands(struct connection *c, const struct connection_world *world)
{
	switch (tls_handshake(c->tls)) {
	case TLS_DONE:
		return become_idle(c, world);
	case TLS_WANT_READ:
		watch(c, world, EPOLLIN);
		return CONNECTION_STEP_NONE;
	case TLS_WANT_WRITE:
		watch(c, world, EPOLLIN | EPOLLOUT);
		return CONNECTION_STEP_NONE;
	case TLS_CLOSED:
	case TLS_FAILED:
		break;
	}
	const char *why = tls_why(c->tls);
	return fail(c, LOAD_ERROR_TLS, 0,
		    *why    ? why
		    : errno ? strerror(errno)
			    : "closed by the server during the handshake");
}

static enum connection_step finish_connect(struct connection *c,
					   const struct connection_world *world)
{
	int os_errno = 0;
	socklen_t size = sizeof os_errno;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &os_errno, &size) != 0)
		os_errno = errno;
	if (os_errno)
		return fail(c, LOAD_ERROR_CONNECT, os_errno, NULL);
	if (!world->tls)
		return become_idle(c, world);
	c->tls = tls_new(world->tls, c->fd, world->host);
	if (!c->tls)
		return fail(c, LOAD_ERROR_TLS, 0, "the host's name cannot be verified");
	c->state = CONNECTION_HANDSHAKE;
	return shake_hands(c, world);
}

/* As much of what is left as the kernel takes. True: *step is what it came to, and it is over. */
static bool write_some(struct connection *c, enum connection_step *step)
{
	*step = CONNECTION_STEP_NONE;
	while (c->left_count) {
		size_t done = 0;
		if (c->tls) {
			const enum tls_step got = tls_write(c->tls, c->left, c->left_count, &done);
			if (got == TLS_WANT_READ || got == TLS_WANT_WRITE)
				return false;
			if (got != TLS_DONE) {
				*step = *tls_why(c->tls)
						? fail(c, LOAD_ERROR_TLS, 0, tls_why(c->tls))
						: fail_socket(c, errno);
				return true;
			}
		} else {
			const ssize_t sent = send(c->fd, c->left, c->left_count, MSG_NOSIGNAL);
			if (sent < 0 && (errno == EAGAIN || errno == EINTR))
				return false;
			if (sent < 0) {
				*step = fail_socket(c, errno);
				return true;
			}
			done = (size_t)sent;
		}
		c->bytes_out += done;
		c->left += done;
		c->left_count -= done;
	}
	c->state = CONNECTION_WAITING;
	return true;
}

enum connection_step connection_send(struct connection *c, const struct connection_world *world,
				     const char *bytes, size_t count, bool is_head)
{
	enum connection_step step;
	response_begin(&c->response, is_head);
	c->state = CONNECTION_SENDING;
	c->left = bytes;
	c->left_count = count;
	if (write_some(c, &step))
		return step;
	c->copy = mem_alloc(c->left_count);
	memcpy(c->copy, c->left, c->left_count);
	c->left = c->copy;
	watch(c, world, EPOLLIN | EPOLLOUT);
	return CONNECTION_STEP_NONE;
}

static enum connection_step send_more(struct connection *c, const struct connection_world *world)
{
	enum connection_step step;
	if (!write_some(c, &step))
		return CONNECTION_STEP_NONE;
	free(c->copy);
	c->copy = NULL;
	if (step == CONNECTION_STEP_NONE)
		watch(c, world, EPOLLIN);
	return step;
}

/* The answer is whole. An answer before the end of the request (413, say) leaves the rest of the
 * request unsent: nothing more can be said on this connection. */
static enum connection_step answered(struct connection *c)
{
	if (c->state == CONNECTION_SENDING)
		c->response.keep_alive = false;
	c->state = CONNECTION_IDLE;
	return CONNECTION_STEP_ANSWERED;
}

static enum connection_step read_end(struct connection *c)
{
	if (c->state == CONNECTION_IDLE)
		return fail(c, LOAD_ERROR_CLOSED, 0, "closed by the server while idle");
	if (response_closed(&c->response) == RESPONSE_DONE)
		return answered(c);
	return fail(c, LOAD_ERROR_CLOSED, 0,
		    c->response.head_bytes ? c->response.why
					   : "closed by the server before an answer");
}

static enum connection_step read_bytes(struct connection *c, const char *bytes, size_t count,
				       const struct response_header_sink *sink)
{
	c->bytes_in += count;
	if (c->state == CONNECTION_IDLE)
		return fail(c, LOAD_ERROR_CLOSED, 0, "the server said what nobody asked for");
	const size_t used = response_feed(&c->response, bytes, count, sink);
	if (c->response.state == RESPONSE_BAD)
		return fail(c, LOAD_ERROR_PARSE, 0, c->response.why);
	if (c->response.state != RESPONSE_DONE)
		return CONNECTION_STEP_NONE;
	if (used < count)
		return fail(c, LOAD_ERROR_PARSE, 0, "bytes follow the end of the answer");
	return answered(c);
}

/* *got bytes with TLS_DONE; a failure leaves errno, or 0. */
static enum tls_step read_once(struct connection *c, const struct connection_world *world,
			       size_t *got)
{
	if (c->tls)
		return tls_read(c->tls, world->buffer, world->buffer_size, got);
	const ssize_t count = world->has_stamps ? stamp_receive(c->fd, world->buffer,
								world->buffer_size, &c->stamp_ns)
						: recv(c->fd, world->buffer, world->buffer_size, 0);
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? TLS_WANT_READ : TLS_FAILED;
	*got = (size_t)count;
	return count ? TLS_DONE : TLS_CLOSED;
}

static enum connection_step receive(struct connection *c, const struct connection_world *world,
				    const struct response_header_sink *sink)
{
	for (int reads = 0; reads < READS_A_STEP; reads++) {
		size_t got = 0;
		enum connection_step step;
		switch (read_once(c, world, &got)) {
		case TLS_DONE:
			step = read_bytes(c, world->buffer, got, sink);
			/* OpenSSL keeps no byte of a record behind the one it gives (it does not
			 * read ahead, and the buffer is longer than a record): epoll knows of all
			 * that is still to come. */
			if (step != CONNECTION_STEP_NONE || (!c->tls && got < world->buffer_size))
				return step;
			break;
		case TLS_WANT_READ:
		case TLS_WANT_WRITE: /* its own messages; level-triggered reading comes again */
			return CONNECTION_STEP_NONE;
		case TLS_CLOSED:
			return read_end(c);
		case TLS_FAILED:
			if (c->tls && *tls_why(c->tls))
				return fail(c, LOAD_ERROR_TLS, 0, tls_why(c->tls));
			return errno ? fail_socket(c, errno) : read_end(c);
		}
	}
	return CONNECTION_STEP_NONE;
}

enum connection_step connection_advance(struct connection *c, const struct connection_world *world,
					uint32_t events, const struct response_header_sink *sink)
{
	if (c->state == CONNECTION_CONNECTING)
		return finish_connect(c, world);
	if (c->state == CONNECTION_HANDSHAKE)
		return shake_hands(c, world);
	if (c->state == CONNECTION_SENDING && (events & EPOLLOUT)) {
		const enum connection_step step = send_more(c, world);
		if (step != CONNECTION_STEP_NONE)
			return step;
	}
	if (events & ~(uint32_t)EPOLLOUT)
		return receive(c, world, sink);
	return CONNECTION_STEP_NONE;
}

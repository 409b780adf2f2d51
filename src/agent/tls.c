/* Calls into libssl: handshakes, and the bytes before encryption.
 *
 * CPython's _ssl calls SSL_do_handshake and the plain SSL_read and SSL_write in
 * 3.8 and 3.9, the _ex forms from 3.10 on (Modules/_ssl.c); libpq calls
 * SSL_connect, SSL_read and SSL_write (fe-secure-openssl.c). Their send and recv
 * on the socket come through the libc hooks, nested in these and transparent.
 *
 * Where the session has a socket, SSL_get_fd names it (libpq's own BIO answers,
 * too). asyncio and uvloop encrypt in memory: there the session belongs to the
 * connection of the same unit and thread that asked its server for TLS last,
 * and it is believed only if its first bytes are what such a connection says.
 */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/core.h"
#include "agent/dlopen.h"
#include "agent/handles.h"
#include "agent/ptr_table.h"
#include "agent/slots.h"
#include "agent/wire.h"

enum row { CONNECT, DO_HANDSHAKE, WRITE, WRITE_EX, READ, READ_EX, FREE, SET_FD, ROWS };

typedef int get_fd_function(const void *ssl);

struct session {
	_Atomic(void *) key; /* SSL * */
	uint32_t handle;     /* a claimed connection's, where there is no fd */
	bool written;        /* its first bytes were seen */
};

static struct session sessions[2048];
static const struct ptr_table session_table = PTR_TABLE(sessions);
static _Atomic(get_fd_function *) get_fds[ROWS][SLOT_INSTANCES];

static bool is_awake(void)
{
	return LIKELY(atomic_load_explicit(&agent_awake, memory_order_relaxed));
}

static int fd_of(enum row row, int instance, const void *ssl)
{
	get_fd_function *get_fd =
		atomic_load_explicit(&get_fds[row][instance], memory_order_relaxed);
	return get_fd ? get_fd(ssl) : -1;
}

/* Is it a StartupMessage of protocol 3 (PostgreSQL manual 55.7)? */
static bool is_startup(const uint8_t *bytes, size_t length)
{
	return length >= 8 && bytes[4] == 0 && bytes[5] == 3 && bytes[6] == 0;
}

static void feed_memory(struct agent_thread *thread, void *ssl, bool sent, const void *bytes,
			size_t length, uint64_t at_ns)
{
	struct session *s = ptr_table_find(&session_table, ssl);
	if (!s) {
		if (!sent)
			return;
		s = ptr_table_claim(&session_table, ssl);
		if (!s) {
			agent_count_loss(LOSS_STATEMENT_STATE);
			return;
		}
	}
	if (sent && !s->written) {
		s->written = true;
		if (is_startup(bytes, length))
			s->handle = wire_claim_encrypted(unit_current(thread), thread->tid);
	}
	if (s->handle)
		wire_tls_bytes(s->handle, sent, bytes, length, at_ns);
}

static void feed(enum row row, int instance, void *ssl, bool sent, const void *bytes, size_t length,
		 uint64_t at_ns)
{
	struct agent_thread *thread = agent_thread_self();
	if (!thread || thread->in_hook || length == 0)
		return;
	int saved_errno = errno;
	thread->in_hook = true;
	int fd = fd_of(row, instance, ssl);
	if (fd < 0) {
		feed_memory(thread, ssl, sent, bytes, length, at_ns);
	} else {
		struct handle *h = handle_of(fd);
		if (h && h->kind == HANDLE_SOCKET && h->peer_kind != PEER_CLIENT) {
			if (sent)
				wire_tls_sent(h, bytes, length, at_ns);
			else
				wire_tls_received(h, bytes, length, at_ns);
		}
	}
	thread->in_hook = false;
	errno = saved_errno;
}

/* --- hooks ---------------------------------------------------------------------------- */

typedef int ssl_function(void *ssl);
static int handshake_hook(enum row row, int instance, ssl_function *original, void *ssl)
{
	struct call c;
	if (!call_begin(&c, RECORD_TLS_HANDSHAKE))
		return original(ssl);
	int fd = fd_of(row, instance, ssl);
	int result = original(ssl);
	int saved_errno = errno;
	/* Below 1 it may just want to be called again, so it is not called a failure. */
	struct handle *h = fd >= 0 ? handle_of(fd) : NULL;
	if (h && result == 1)
		handle_set_tls(h, fd);
	call_end(&c, (struct call_facts){
			     .subject = h ? h->id : 0,
			     .always = true,
			     .unit = h ? wire_owner(h) : 0,
		     });
	errno = saved_errno;
	return result;
}

typedef int write_function(void *ssl, const void *bytes, int length);
static int write_hook(enum row row, int instance, write_function *original, void *ssl,
		      const void *bytes, int length)
{
	uint64_t start_ns = agent_now_ns();
	int result = original(ssl, bytes, length);
	if (result > 0)
		feed(row, instance, ssl, true, bytes, (size_t)result, start_ns);
	return result;
}

typedef int write_ex_function(void *ssl, const void *bytes, size_t length, size_t *written);
static int write_ex_hook(enum row row, int instance, write_ex_function *original, void *ssl,
			 const void *bytes, size_t length, size_t *written)
{
	uint64_t start_ns = agent_now_ns();
	int result = original(ssl, bytes, length, written);
	if (result > 0)
		feed(row, instance, ssl, true, bytes, *written, start_ns);
	return result;
}

typedef int read_function(void *ssl, void *bytes, int length);
static int read_hook(enum row row, int instance, read_function *original, void *ssl, void *bytes,
		     int length)
{
	int result = original(ssl, bytes, length);
	if (result > 0)
		feed(row, instance, ssl, false, bytes, (size_t)result, agent_now_ns());
	return result;
}

typedef int read_ex_function(void *ssl, void *bytes, size_t length, size_t *got);
static int read_ex_hook(enum row row, int instance, read_ex_function *original, void *ssl,
			void *bytes, size_t length, size_t *got)
{
	int result = original(ssl, bytes, length, got);
	if (result > 0)
		feed(row, instance, ssl, false, bytes, *got, agent_now_ns());
	return result;
}

static void forget(void *ssl)
{
	struct session *s = ptr_table_find(&session_table, ssl);
	if (s)
		ptr_table_release(s);
}

typedef void free_function(void *ssl);
typedef int set_fd_function(void *ssl, int fd);

static void *connect_originals[SLOT_INSTANCES];
static void *do_handshake_originals[SLOT_INSTANCES];
static void *write_originals[SLOT_INSTANCES];
static void *write_ex_originals[SLOT_INSTANCES];
static void *read_originals[SLOT_INSTANCES];
static void *read_ex_originals[SLOT_INSTANCES];
static void *free_originals[SLOT_INSTANCES];
static void *set_fd_originals[SLOT_INSTANCES];

#define ORIGINAL(type, name, i) ((type *)__atomic_load_n(&name##_originals[i], __ATOMIC_RELAXED))
/* A passive hook is a jump: one load, then the original as the tail call. */
#define REPLACE(i, row, name, hook, type, parameters, ...) \
	static int name##_##i parameters \
	{ \
		type *original = ORIGINAL(type, name, i); \
		if (UNLIKELY(!is_awake()) && !core_asleep_tick()) \
			return original(__VA_ARGS__); \
		return hook(row, i, original, __VA_ARGS__); \
	}
#define CONNECTS(i) REPLACE(i, CONNECT, connect, handshake_hook, ssl_function, (void *s), s)
#define HANDSHAKES(i) \
	REPLACE(i, DO_HANDSHAKE, do_handshake, handshake_hook, ssl_function, (void *s), s)
#define WRITES(i) \
	REPLACE(i, WRITE, write, write_hook, write_function, (void *s, const void *b, int n), s, \
		b, n)
#define WRITES_EX(i) \
	REPLACE(i, WRITE_EX, write_ex, write_ex_hook, write_ex_function, \
		(void *s, const void *b, size_t n, size_t *w), s, b, n, w)
#define READS(i) \
	REPLACE(i, READ, read, read_hook, read_function, (void *s, void *b, int n), s, b, n)
#define READS_EX(i) \
	REPLACE(i, READ_EX, read_ex, read_ex_hook, read_ex_function, \
		(void *s, void *b, size_t n, size_t *g), s, b, n, g)
/* These keep the table true, awake or not. */
#define FREES(i) \
	static void free_##i(void *s) \
	{ \
		forget(s); \
		ORIGINAL(free_function, free, i)(s); \
	}
#define SETS_FD(i) \
	static int set_fd_##i(void *s, int fd) \
	{ \
		forget(s); \
		return ORIGINAL(set_fd_function, set_fd, i)(s, fd); \
	}

SLOT_EACH(CONNECTS)
SLOT_EACH(HANDSHAKES)
SLOT_EACH(WRITES)
SLOT_EACH(WRITES_EX)
SLOT_EACH(READS)
SLOT_EACH(READS_EX)
SLOT_EACH(FREES)
SLOT_EACH(SETS_FD)

#define ROW(function) \
	{ \
		"SSL_" #function, (void *const[])SLOT_LIST(function), function##_originals \
	}
const struct slot_hook slot_hooks_tls[] = {
	[CONNECT] = ROW(connect), [DO_HANDSHAKE] = ROW(do_handshake),
	[WRITE] = ROW(write),     [WRITE_EX] = ROW(write_ex),
	[READ] = ROW(read),       [READ_EX] = ROW(read_ex),
	[FREE] = ROW(free),       [SET_FD] = ROW(set_fd),
	[ROWS] = {.name = NULL},
};

void tls_after_scan(void)
{
	for (int row = 0; row < ROWS; row++)
		for (int i = 0; i < SLOT_INSTANCES; i++) {
			void *original = __atomic_load_n(&slot_hooks_tls[row].originals[i],
							 __ATOMIC_ACQUIRE);
			Dl_info info;
			if (!original || atomic_load(&get_fds[row][i]) ||
			    !dladdr(original, &info) || !info.dli_fname)
				continue;
			void *library = dlopen_real(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
			if (!library)
				continue;
			void *get_fd = dlsym(library, "SSL_get_fd");
			atomic_store(&get_fds[row][i], (get_fd_function *)get_fd);
			dlclose(library);
		}
}

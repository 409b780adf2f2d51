#include "agent/handles.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "agent/core.h"
#include "agent/dict.h"
#include "agent/held.h"
#include "agent/path_text.h"
#include "agent/raw.h"
#include "base/pathmask.h"

#define DICT_SHARE_256 128 /* handles fill at most half of the dictionary, see announce() */

static _Atomic(struct handle *) table; /* HANDLES_MAX entries, pages on demand */
static _Atomic int highest = -1;
static _Atomic uint32_t next_id = 1;
static _Atomic uint16_t served_port; /* TCP port that connections were accepted at; 0: none yet */
static struct dict_constant client = DICT_CONSTANT("client");

static struct handle *entry_of(int fd)
{
	struct handle *all = atomic_load_explicit(&table, memory_order_acquire);
	return all && fd >= 0 && fd < HANDLES_MAX ? &all[fd] : NULL;
}

static struct handle *entry_made(int fd)
{
	if (UNLIKELY(fd < 0 || fd >= HANDLES_MAX)) {
		agent_count_loss(LOSS_HANDLES);
		return NULL;
	}
	struct handle *all = atomic_load_explicit(&table, memory_order_acquire);
	if (UNLIKELY(!all)) {
		size_t bytes = HANDLES_MAX * sizeof *all;
		long at = raw_call(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (at < 0) {
			agent_count_loss(LOSS_HANDLES);
			return NULL;
		}
		struct handle *fresh = (struct handle *)at;
		if (atomic_compare_exchange_strong(&table, &all, fresh))
			all = fresh;
		else
			raw_call(SYS_munmap, fresh, bytes);
	}
	int top = atomic_load_explicit(&highest, memory_order_relaxed);
	while (fd > top && !atomic_compare_exchange_weak(&highest, &top, fd))
		;
	return &all[fd];
}

bool handle_followed(int fd)
{
	const struct handle *h = entry_of(fd);
	return h && (h->tracked || h->listening);
}

bool handle_only_wakes(int fd)
{
	const struct handle *h = entry_of(fd);
	return h && h->wakes;
}

int handle_highest(void)
{
	return atomic_load(&highest);
}

/* --- peers ------------------------------------------------------------------ */

/* First guess by the port the protocol is registered for (IANA); wire.c refines it. */
static const struct {
	uint16_t port;
	uint8_t kind;
} known_ports[] = {
	{5432, PEER_POSTGRESQL}, {6432, PEER_POSTGRESQL}, {3306, PEER_MYSQL},
	{33060, PEER_MYSQL},     {6379, PEER_REDIS},      {6380, PEER_REDIS},
	{11211, PEER_MEMCACHE},  {27017, PEER_MONGODB},   {53, PEER_DNS},
	{5672, PEER_AMQP},       {5671, PEER_AMQP},       {9092, PEER_KAFKA},
	{80, PEER_HTTP},         {443, PEER_HTTP},        {8080, PEER_HTTP},
};

/* Where servers put their Unix socket by default. */
static const struct {
	const char *part;
	enum peer_kind kind;
} known_paths[] = {
	{".s.PGSQL.", PEER_POSTGRESQL}, {"mysql", PEER_MYSQL},        {"mariadb", PEER_MYSQL},
	{"redis", PEER_REDIS},          {"memcached", PEER_MEMCACHE}, {"docker.sock", PEER_HTTP},
};

static enum peer_kind kind_of_port(uint16_t port)
{
	for (size_t i = 0; i < sizeof known_ports / sizeof *known_ports; i++)
		if (known_ports[i].port == port)
			return known_ports[i].kind;
	return PEER_UNKNOWN;
}

static void peer_of_unix(const struct sockaddr_un *address, socklen_t length, struct peer *peer)
{
	const char *path = address->sun_path;
	size_t room = length - offsetof(struct sockaddr_un, sun_path);
	if (room > sizeof address->sun_path)
		room = sizeof address->sun_path;
	size_t used = path[0] ? strnlen(path, room) : room;
	used = pathmask(path, used, peer->text, sizeof peer->text);
	for (size_t i = 0; i < used; i++)
		if ((unsigned char)peer->text[i] < ' ')
			peer->text[i] = '@'; /* abstract names begin with, and may hold, NUL */
	peer->length = used;
	for (size_t i = 0; i < sizeof known_paths / sizeof *known_paths; i++)
		if (strstr(peer->text, known_paths[i].part))
			peer->kind = known_paths[i].kind;
}

bool peer_of_address(const struct sockaddr *address, socklen_t length, struct peer *peer)
{
	*peer = (struct peer){.kind = PEER_UNKNOWN};
	char host[INET6_ADDRSTRLEN];
	if (!address || length < sizeof address->sa_family)
		return false;
	if (address->sa_family == AF_UNIX) {
		if (length <= offsetof(struct sockaddr_un, sun_path))
			return false;
		peer_of_unix((const struct sockaddr_un *)address, length, peer);
		return true;
	}
	uint16_t port;
	const char *format = "%s:%u";
	if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)address;
		port = ntohs(in->sin_port);
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
	} else if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)address;
		port = ntohs(in->sin6_port);
		format = "[%s]:%u";
		inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
	} else {
		return false;
	}
	peer->length = (size_t)snprintf(peer->text, sizeof peer->text, format, host, port);
	peer->kind = kind_of_port(port);
	return true;
}

/* --- identity ------------------------------------------------------------------ */

/* The dictionary is read once and never emptied, so a connection per request
 * for hours would fill it and leave no room for texts and code. Past half of
 * it, handles are told in the rings, which are emptied, but may drop. */
static void announce(const struct dict_handle *facts)
{
	if (dict_fill_256() < DICT_SHARE_256) {
		struct dict_handle *entry = dict_reserve(DICT_HANDLE, sizeof *entry);
		if (entry) {
			*entry = *facts;
			dict_publish(entry);
		}
		return;
	}
	record_write(&(struct channel_record){
		.t_start_ns = agent_now_ns(),
		.kind = RECORD_HANDLE,
		.subject = facts->id,
		.object = facts->peer_text,
		.count = facts->kind | facts->peer_kind << 8,
		.bytes = (uint32_t)facts->fd,
		.flags = facts->flags & 1 ? RECORD_ENCRYPTED : 0,
	});
}

static void announce_handle(const struct handle *h, int fd)
{
	announce(&(struct dict_handle){
		.id = h->id,
		.kind = h->kind,
		.peer_kind = h->peer_kind,
		.peer_text = h->peer_text,
		.fd = fd,
		.flags = h->tls ? 1 : 0,
	});
}

static uint32_t fresh_id(void)
{
	return atomic_fetch_add_explicit(&next_id, 1, memory_order_relaxed);
}

uint32_t handle_new_id(enum handle_kind kind, enum peer_kind peer, uint32_t peer_text)
{
	if (!dict_generation())
		return 0;
	struct dict_handle facts = {
		.id = fresh_id(),
		.kind = kind,
		.peer_kind = peer,
		.peer_text = peer_text,
		.fd = -1,
	};
	announce(&facts);
	return facts.id;
}

static bool peer_of_socket(int fd, struct peer *peer)
{
	struct sockaddr_storage address = {0}; /* filled where the analyser does not see it */
	socklen_t length = sizeof address;
	if (raw_call(SYS_getpeername, fd, &address, &length) < 0)
		return false;
	if (length < sizeof address.ss_family)
		return false;
	if (length > sizeof address)
		length = sizeof address;
	return peer_of_address((const struct sockaddr *)&address, length, peer);
}

/* The TCP port on this side; 0: another kind of socket. */
static uint16_t own_port(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t length = sizeof address;
	if (raw_call(SYS_getsockname, fd, &address, &length) < 0)
		return 0;
	if (address.ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)&address)->sin_port);
	if (address.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&address)->sin6_port);
	return 0;
}

void handle_note_served(int fd)
{
	if (UNLIKELY(!atomic_load_explicit(&served_port, memory_order_relaxed)))
		atomic_store_explicit(&served_port, own_port(fd), memory_order_relaxed);
}

static bool is_of_client(int fd)
{
	uint16_t served = atomic_load_explicit(&served_port, memory_order_relaxed);
	return served && own_port(fd) == served;
}

/* The end that SYS_getsockname or SYS_getpeername asks for has no name, as those of socketpair(2)
 * (unix(7), "unnamed"). */
static bool is_nameless(int fd, long asking)
{
	struct sockaddr_un address = {0};
	socklen_t length = sizeof address;
	return raw_call(asking, fd, &address, &length) == 0 && address.sun_family == AF_UNIX &&
	       length <= offsetof(struct sockaddr_un, sun_path);
}

/* What an inherited descriptor is, asked of the descriptor itself. */
static uint32_t text_of_descriptor(int fd, const struct handle *h)
{
	if (h->peer_kind == PEER_CLIENT)
		return dict_constant_id(&client);
	if (h->kind == HANDLE_SOCKET) {
		struct peer peer;
		return peer_of_socket(fd, &peer) ? dict_text_id(peer.text, peer.length) : 0;
	}
	char link[40], path[PEER_TEXT_MAX];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	long n = raw_call(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
	if (n <= 0)
		return 0;
	return path_text_id(PATH_OF_FILE, path, (size_t)n);
}

/* A handle of before the channel, or of the process this one was forked from. */
static void renew(struct handle *h, int fd, uint32_t generation)
{
	h->generation = generation;
	h->id = fresh_id();
	h->opened_unit = 0;
	h->opened_stack = 0;
	h->peer_text = text_of_descriptor(fd, h);
	announce_handle(h, fd);
}

struct handle *handle_of(int fd)
{
	struct handle *h = entry_of(fd);
	if (!h || !h->tracked)
		return NULL;
	uint32_t generation = dict_generation();
	if (LIKELY(h->generation == generation))
		return generation ? h : NULL;
	if (!generation)
		return NULL;
	renew(h, fd, generation);
	return h;
}

void handle_forget(int fd, uint64_t now_ns)
{
	struct handle old = handle_close(fd);
	if (old.id)
		record_write(&(struct channel_record){
			.t_start_ns = now_ns,
			.kind = RECORD_CLOSE,
			.subject = old.id,
			.aux = old.opened_unit,
			.flags = RECORD_CLOSES | RECORD_IMPLICIT,
		});
}

struct handle *handle_open(int fd, enum handle_kind kind, uint64_t start_ns)
{
	struct handle *h = entry_made(fd);
	if (!h)
		return NULL;
	if (h->tracked)
		handle_forget(fd, start_ns);
	uint32_t generation = dict_generation();
	*h = (struct handle){
		.id = generation ? fresh_id() : 0,
		.generation = generation,
		.tracked = true,
		.kind = (uint8_t)kind,
		.opened_ns = start_ns,
	};
	return h;
}

void handle_set_peer(struct handle *h, int fd, enum peer_kind kind, const char *text, size_t length)
{
	h->peer_kind = (uint8_t)kind;
	if (text)
		h->peer_text = kind == PEER_CLIENT      ? dict_constant_id(&client)
			       : h->kind == HANDLE_FILE ? path_text_id(PATH_OF_FILE, text,
								       strnlen(text, PEER_TEXT_MAX))
							: dict_text_id(text, length);
	if (h->id)
		announce_handle(h, fd);
}

void handle_set_tls(struct handle *h, int fd)
{
	if (h->tls)
		return;
	h->tls = true;
	if (h->id)
		announce_handle(h, fd);
}

static void write_connect(struct handle *h, int error, uint16_t flags)
{
	h->nonblocking_connect = false;
	if (!h->id || h->generation != dict_generation())
		return;
	record_write(&(struct channel_record){
		.t_start_ns = h->opened_ns,
		.dur_ns = agent_now_ns() - h->opened_ns,
		.unit = h->opened_unit,
		.stack = h->opened_stack,
		.subject = h->id,
		.object = h->peer_text,
		.kind = RECORD_CONNECT,
		.result = (int16_t)error,
		.flags = flags | RECORD_NESTED, /* whoever waited for it has the time */
	});
}

void handle_connect_settled(struct handle *h)
{
	write_connect(h, 0, RECORD_PENDING);
}

void handle_connect_failed(struct handle *h, int error)
{
	write_connect(h, error, RECORD_FAILED);
}

struct handle handle_close(int fd)
{
	struct handle *h = entry_of(fd);
	if (!h || !h->tracked) {
		if (h && h->listening)
			h->listening = h->wakes = false;
		return (struct handle){0};
	}
	if (h->nonblocking_connect)
		handle_connect_failed(h, 0);
	if (h->held_ns)
		held_settle(h, fd);
	struct handle old = *h;
	if (h->wire)
		wire_closed(h);
	memset(h, 0, sizeof *h);
	if (old.generation != dict_generation())
		old.id = 0; /* never named in this channel */
	return old;
}

struct handle *handle_adopt_socket(int fd)
{
	struct handle *h = handle_of(fd);
	if (h || !dict_generation())
		return h;
	h = entry_made(fd);
	if (!h || h->listening)
		return NULL;
	struct peer peer;
	if (!peer_of_socket(fd, &peer)) {
		h->listening = true; /* no peer, or none with a name: do not ask again */
		h->wakes = is_nameless(fd, SYS_getsockname) && is_nameless(fd, SYS_getpeername) &&
			   raw_call(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK;
		return NULL;
	}
	bool from_client = is_of_client(fd);
	h = handle_open(fd, HANDLE_SOCKET, agent_now_ns());
	handle_set_peer(h, fd, from_client ? PEER_CLIENT : peer.kind, peer.text, peer.length);
	return h;
}

void handles_forget_all(void)
{
	for (int fd = 0; fd <= handle_highest(); fd++)
		handle_forget(fd, agent_now_ns());
}

void handles_after_fork(void)
{
	/* The generation tells stale ids; nothing is touched, so that a child that
	   execs at once copies no page. */
	atomic_store(&next_id, 1);
}

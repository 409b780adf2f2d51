#include "probe/turnover.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "target/proc.h"
#include "target/sockets.h"

enum { PROCESSES_MAX = 128, DESCRIPTORS_MAX = 1024, PEERS_MAX = 64, PEER_TEXT = 192 };
#define ROW_PERIOD_NS UINT64_C(1000000000)
#define ENDED 0 /* process_id of what is not known to be any process's */

/* A peer of a process, or with process ENDED one whose connections ended. */
struct peer {
	int64_t process;
	char kind[8];
	char text[PEER_TEXT];
	struct socket_end end; /* listen, client, socket */
	uint32_t open, written_open, came, ended;
	bool is_known; /* a row of it was written */
};

struct turnover {
	sqlite3 *db;
	sqlite3_stmt *insert, *processes;
	VEC(struct peer) list;
	struct map before, now; /* process, descriptor and where it leads */
	uint64_t due_ns, row_ns, looked_ns;
	bool has_looked;
};

static enum err_kind prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK)
		return ERR_OK;
	return ERR(e, ERR_INVALID, "rows of peers: %s", sqlite3_errmsg(db));
}

enum err_kind turnover_start(struct turnover **out, struct recording *recording, struct err *e)
{
	struct turnover *p = mem_alloc(sizeof *p);
	p->db = recording_db(recording);
	enum err_kind kind = prepare(p->db, "INSERT INTO peer_second VALUES (?, ?, ?, ?, ?, ?, ?)",
				     &p->insert, e);
	if (kind == ERR_OK)
		kind = prepare(p->db, "SELECT id, pid FROM process WHERE end_ns IS NULL AND id > 0",
			       &p->processes, e);
	if (kind != ERR_OK) {
		turnover_free(p);
		p = NULL;
	}
	*out = p;
	return kind;
}

void turnover_free(struct turnover *p)
{
	if (!p)
		return;
	sqlite3_finalize(p->insert);
	sqlite3_finalize(p->processes);
	vec_free(&p->list);
	map_free(&p->before);
	map_free(&p->now);
	free(p);
}

/* NULL: there are PEERS_MAX of that process already. */
static struct peer *peer_of(struct turnover *p, int64_t process, const char *kind, const char *text)
{
	size_t count = 0;
	for (size_t i = 0; i < p->list.count; i++) {
		struct peer *peer = &p->list.items[i];
		if (peer->process != process)
			continue;
		if (strcmp(peer->kind, kind) == 0 && strcmp(peer->text, text) == 0)
			return peer;
		count++;
	}
	if (count == PEERS_MAX)
		return NULL;
	struct peer *peer = vec_push(&p->list);
	peer->process = process;
	str_copy(peer->kind, sizeof peer->kind, kind);
	str_copy(peer->text, sizeof peer->text, text);
	return peer;
}

static bool same_end(const struct socket_end *a, const struct socket_end *b)
{
	return a->port == b->port && memcmp(&a->address, &b->address, sizeof a->address) == 0;
}

/* Accepted here: its local port is one that is listened to. */
static const struct socket_row *listener_at(const struct sockets *sockets, uint16_t port)
{
	for (size_t i = 0; i < sockets->rows.count; i++) {
		const struct socket_row *l = &sockets->rows.items[i];
		if (l->is_listening && !l->is_unix && l->local.port == port)
			return l;
	}
	return NULL;
}

static struct peer *peer_at(struct turnover *p, int64_t process, const char *kind,
			    const struct socket_end *end)
{
	char text[SOCKET_TEXT];
	struct peer *peer = peer_of(p, process, kind, socket_end_text(end, text));
	if (peer)
		peer->end = *end;
	return peer;
}

static struct peer *peer_of_socket(struct turnover *p, int64_t process,
				   const struct sockets *sockets, const struct socket_row *row)
{
	if (row->is_unix)
		return peer_of(p, process, "unix",
			       row->path ? &sockets->texts.items[row->path - 1] : "");
	if (row->is_listening)
		return peer_at(p, process, "listen", &row->local);
	const struct socket_row *listener = listener_at(sockets, row->local.port);
	return listener ? peer_at(p, process, "client", &listener->local)
			: peer_at(p, process, "socket", &row->peer);
}

static struct peer *peer_of_link(struct turnover *p, int64_t process, const struct sockets *sockets,
				 const char *link)
{
	uint64_t inode;
	if (sockets_link_inode(link, &inode)) {
		const struct socket_row *row = sockets_find(sockets, inode);
		return row ? peer_of_socket(p, process, sockets, row) : NULL;
	}
	if (*link == '/')
		return peer_of(p, process, "file", link);
	return peer_of(p, process, str_starts_with(link, "pipe:") ? "pipe" : "other", "");
}

static void look_at_process(struct turnover *p, int64_t process, int pid,
			    const struct sockets *sockets)
{
	char path[64], name[NAME_MAX + 80], link[PATH_MAX];
	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *directory = opendir(path);
	if (!directory)
		return;
	const struct dirent *entry;
	for (int left = DESCRIPTORS_MAX; left > 0 && (entry = readdir(directory)); left--) {
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		const ssize_t length = readlink(name, link, sizeof link - 1);
		if (length <= 0)
			continue; /* ".", "..", or closed meanwhile */
		link[length] = '\0';
		struct peer *peer = peer_of_link(p, process, sockets, link);
		if (!peer)
			continue;
		const uint64_t key =
			hash_bytes(name, strlen(name)) ^ (hash_bytes(link, (size_t)length) * 31);
		*map_put(&p->now, key, NULL) = 1;
		peer->open++;
		peer->came += p->has_looked && !map_find(&p->before, key);
	}
	closedir(directory);
}

/* The listener of one of the processes at this port. */
static const struct peer *own_listener(const struct turnover *p, uint16_t port)
{
	for (size_t i = 0; i < p->list.count; i++)
		if (p->list.items[i].end.port == port &&
		    strcmp(p->list.items[i].kind, "listen") == 0)
			return &p->list.items[i];
	return NULL;
}

static struct peer *ended_at(struct turnover *p, const char *kind, const struct socket_end *end)
{
	for (size_t i = 0; i < p->list.count; i++) {
		struct peer *peer = &p->list.items[i];
		if (peer->process == ENDED && same_end(&peer->end, end) &&
		    strcmp(peer->kind, kind) == 0)
			return peer;
	}
	return peer_at(p, ENDED, kind, end);
}

/* Nobody listens there any more: which side served cannot be told. */
static bool is_loopback(const struct socket_end *end)
{
	return IN6_IS_ADDR_LOOPBACK(&end->address) ||
	       (IN6_IS_ADDR_V4MAPPED(&end->address) && end->address.s6_addr[12] == 127);
}

/* Each ended connection once: younger than the look before. Either side may have closed first, and
 * that one's ends are listed. */
static void count_ended(struct turnover *p, const struct sockets *sockets, uint64_t now_ns)
{
	for (size_t i = 0; p->has_looked && i < sockets->rows.count; i++) {
		const struct socket_row *row = &sockets->rows.items[i];
		if (!row->is_ended || row->ended_ago_ns >= now_ns - p->looked_ns)
			continue;
		const struct peer *own = own_listener(p, row->local.port);
		if (!own)
			own = own_listener(p, row->peer.port);
		const struct socket_end *served =
			own                                     ? &own->end
			: listener_at(sockets, row->local.port) ? &row->local
			: listener_at(sockets, row->peer.port)  ? &row->peer
			: is_loopback(&row->peer)               ? NULL
								: &row->peer;
		struct peer *sum = served ? ended_at(p, own ? "client" : "socket", served) : NULL;
		if (sum)
			sum->ended++;
	}
}

static enum err_kind write_rows(struct turnover *p, uint64_t now_ns, struct err *e)
{
	p->row_ns = now_ns;
	for (size_t i = 0; i < p->list.count; i++) {
		struct peer *peer = &p->list.items[i];
		if (peer->is_known && peer->open == peer->written_open && !peer->came &&
		    !peer->ended)
			continue;
		sqlite3_bind_int64(p->insert, 1, (sqlite3_int64)now_ns);
		sqlite3_bind_int64(p->insert, 2, peer->process);
		sqlite3_bind_text(p->insert, 3, peer->kind, -1, SQLITE_STATIC);
		if (*peer->text)
			sqlite3_bind_text(p->insert, 4, peer->text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_null(p->insert, 4);
		sqlite3_bind_int64(p->insert, 5, peer->open);
		sqlite3_bind_int64(p->insert, 6, peer->came);
		sqlite3_bind_int64(p->insert, 7, peer->ended);
		const int rc = sqlite3_step(p->insert);
		sqlite3_reset(p->insert);
		if (rc != SQLITE_DONE)
			return ERR(e, ERR_SYSTEM, "cannot write the recording: %s",
				   sqlite3_errmsg(p->db));
		peer->written_open = peer->open;
		peer->came = peer->ended = 0;
		peer->is_known = true;
	}
	return ERR_OK;
}

static void look(struct turnover *p, uint64_t now_ns)
{
	struct {
		int64_t id;
		int pid;
	} alive[PROCESSES_MAX];
	struct sockets sockets = {0};
	int count = 0;
	while (count < PROCESSES_MAX && sqlite3_step(p->processes) == SQLITE_ROW) {
		alive[count].id = sqlite3_column_int64(p->processes, 0);
		alive[count++].pid = sqlite3_column_int(p->processes, 1);
	}
	sqlite3_reset(p->processes);
	for (size_t i = 0; i < p->list.count; i++)
		p->list.items[i].open = 0;
	/* Workers of a server share its network namespace. */
	for (int i = 0; i < count && !sockets.rows.count; i++)
		(void)sockets_read(alive[i].pid, &sockets);
	for (int i = 0; i < count; i++)
		look_at_process(p, alive[i].id, alive[i].pid, &sockets);
	count_ended(p, &sockets, now_ns);
	sockets_free(&sockets);
	map_free(&p->before);
	p->before = p->now;
	p->now = (struct map){0};
	p->looked_ns = now_ns;
	p->has_looked = true;
}

enum err_kind turnover_look(struct turnover *p, uint64_t now_ns, struct err *e)
{
	if (now_ns < p->due_ns)
		return ERR_OK;
	const uint64_t before_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
	look(p, now_ns);
	const double cost_ns = (double)(clock_read_ns(CLOCK_THREAD_CPUTIME_ID) - before_ns);
	const uint64_t wait_ns = (uint64_t)(cost_ns / TURNOVER_CPU_SHARE);
	p->due_ns = now_ns + (wait_ns > TURNOVER_PERIOD_NS ? wait_ns : TURNOVER_PERIOD_NS);
	return now_ns - p->row_ns >= ROW_PERIOD_NS ? write_rows(p, now_ns, e) : ERR_OK;
}

enum err_kind turnover_finish(struct turnover *p, uint64_t now_ns, struct err *e)
{
	look(p, now_ns);
	return write_rows(p, now_ns, e);
}

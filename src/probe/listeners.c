#include "probe/listeners.h"

#include <dirent.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/vec.h"
#include "target/accept_queues.h"

enum { LISTENERS_MAX = 256, DESCRIPTORS_MAX = 4096 };

struct listener {
	uint64_t inode;
	int64_t process; /* that was found to have it; 0: none yet */
	int searched_of; /* so many processes lived when it was last looked for */
	uint32_t dropped, waiting;
	bool has_row;
};

struct listeners {
	sqlite3 *db;
	sqlite3_stmt *insert;
	int diag; /* -1: none */
	uint64_t namespace;
	bool has_looked;
	VEC(struct listener) list;
};

enum err_kind listeners_start(struct listeners **out, struct recording *recording, struct err *e)
{
	struct listeners *l = mem_alloc(sizeof *l);
	l->db = recording_db(recording);
	l->diag = -1;
	*out = l;
	if (sqlite3_prepare_v3(l->db,
			       "INSERT INTO listener_second (at_ns, process_id, address, waiting, "
			       "room, refused) VALUES (?, ?, ?, ?, ?, ?)",
			       -1, SQLITE_PREPARE_PERSISTENT, &l->insert, NULL) == SQLITE_OK)
		return ERR_OK;
	listeners_free(l);
	*out = NULL;
	return ERR(e, ERR_INVALID, "rows of listeners: %s",
		   sqlite3_errmsg(recording_db(recording)));
}

void listeners_free(struct listeners *l)
{
	if (!l)
		return;
	sqlite3_finalize(l->insert);
	vec_free(&l->list);
	if (l->diag >= 0)
		close(l->diag);
	free(l);
}

static bool has_open(int pid, uint64_t inode)
{
	char path[64], name[NAME_MAX + 80], link[64];
	uint64_t found = 0;

	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *directory = opendir(path);
	if (!directory)
		return false;
	const struct dirent *entry;
	for (int left = DESCRIPTORS_MAX; left > 0 && found != inode && (entry = readdir(directory));
	     left--) {
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		const ssize_t length = readlink(name, link, sizeof link - 1);
		link[length > 0 ? length : 0] = '\0';
		if (!sockets_link_inode(link, &found))
			found = 0;
	}
	closedir(directory);
	return found == inode;
}

/* Whose it is; looked for again once other processes live. */
static void find_owner(struct listener *known, const int64_t *ids, const int *pids, int count)
{
	if (known->process || known->searched_of == count)
		return;
	known->searched_of = count;
	for (int i = 0; i < count && !known->process; i++)
		if (has_open(pids[i], known->inode))
			known->process = ids[i];
}

static struct listener *listener_of(struct listeners *l, const struct accept_queue *queue)
{
	for (size_t i = 0; i < l->list.count; i++)
		if (l->list.items[i].inode == queue->inode)
			return &l->list.items[i];
	if (l->list.count == LISTENERS_MAX)
		return NULL;
	struct listener *made = vec_push(&l->list);
	*made = (struct listener){
		.inode = queue->inode,
		.dropped = l->has_looked ? 0 : queue->dropped,
	};
	return made;
}

static enum err_kind write_row(struct listeners *l, const struct listener *known,
			       const struct accept_queue *queue, uint64_t now_ns, struct err *e)
{
	char text[SOCKET_TEXT];

	sqlite3_bind_int64(l->insert, 1, (sqlite3_int64)now_ns);
	sqlite3_bind_int64(l->insert, 2, known->process);
	sqlite3_bind_text(l->insert, 3, socket_end_text(&queue->local, text), -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(l->insert, 4, queue->waiting);
	sqlite3_bind_int64(l->insert, 5, queue->room);
	if (queue->has_dropped)
		sqlite3_bind_int64(l->insert, 6, (uint32_t)(queue->dropped - known->dropped));
	else
		sqlite3_bind_null(l->insert, 6);
	const int rc = sqlite3_step(l->insert);
	sqlite3_reset(l->insert);
	return rc == SQLITE_DONE ? ERR_OK
				 : ERR(e, ERR_SYSTEM, "cannot write the recording: %s",
				       sqlite3_errmsg(l->db));
}

/* The app's namespace; before there is a process, ours, where `run` starts it. */
static void enter_namespace(struct listeners *l, int pid)
{
	const uint64_t namespace = accept_queues_namespace(pid);

	if (l->diag >= 0 && namespace == l->namespace)
		return;
	if (l->diag >= 0)
		close(l->diag);
	l->diag = accept_queues_open(pid);
	l->namespace = namespace;
	l->has_looked = false;
	l->list.count = 0;
}

enum err_kind listeners_look(struct listeners *l, const int64_t *ids, const int *pids, int count,
			     uint64_t now_ns, struct err *e)
{
	struct accept_queues queues = {0};
	enum err_kind kind = ERR_OK;

	enter_namespace(l, count ? pids[0] : getpid());
	if (l->diag < 0 || !accept_queues_read(l->diag, &queues)) {
		accept_queues_free(&queues);
		return ERR_OK;
	}
	for (size_t i = 0; i < queues.rows.count && kind == ERR_OK; i++) {
		const struct accept_queue *queue = &queues.rows.items[i];
		struct listener *known = listener_of(l, queue);
		if (known)
			find_owner(known, ids, pids, count);
		if (!known || !known->process ||
		    (known->has_row && known->waiting == queue->waiting &&
		     known->dropped == queue->dropped))
			continue;
		kind = write_row(l, known, queue, now_ns, e);
		known->dropped = queue->dropped;
		known->waiting = queue->waiting;
		known->has_row = true;
	}
	l->has_looked = true;
	accept_queues_free(&queues);
	return kind;
}

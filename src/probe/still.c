#include "probe/still.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "python/remote_threads.h"
#include "target/proc.h"
#include "target/thread_call.h"

enum { TRIES = 100, PAUSE_NS = 300000, GILS_MAX = 64 };

void still_begin(struct still *still)
{
	*still = (struct still){0};
	still->threads = mem_alloc(PROCESS_THREADS_MAX * sizeof *still->threads);
}

void still_end(struct still *still)
{
	freeze_thaw(&still->freeze);
	free(still->threads);
	still->threads = NULL;
	still->count = 0;
}

/* Whether it runs, and how often it was put on a CPU so far: 0 if the kernel does not count. */
static bool read_motion(int pid, struct still_thread *thread)
{
	struct thread_call now;
	if (!thread_motion_read(pid, thread->tid, &now))
		return false;
	thread->is_running = now.is_running;
	thread->timeslices = now.timeslices;
	thread->cpu_ns = now.cpu_ns;
	thread->runqueue_ns = now.runqueue_ns;
	return true;
}

void still_list(const struct python_process *p, struct still *still)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task", p->pid);
	DIR *directory = opendir(path);
	still->count = 0;
	for (struct dirent *entry;
	     directory && still->count < PROCESS_THREADS_MAX && (entry = readdir(directory));) {
		struct still_thread thread = {.tid = proc_entry_id(entry->d_name)};
		if (!thread.tid)
			continue;
		thread.inner_tid =
			p->has_inner_ids ? proc_inner_tid(p->pid, thread.tid) : thread.tid;
		if (read_motion(p->pid, &thread))
			still->threads[still->count++] = thread;
	}
	if (directory)
		closedir(directory);
}

int still_outer_tid(const struct still *still, int inner_tid)
{
	for (size_t i = 0; inner_tid && i < still->count; i++)
		if (still->threads[i].inner_tid == inner_tid)
			return still->threads[i].tid;
	return 0;
}

static struct still_thread *find(struct still *still, int tid)
{
	for (size_t i = 0; i < still->count; i++)
		if (still->threads[i].tid == tid)
			return &still->threads[i];
	return NULL;
}

/* Blocked, and countable: whether it stays so is asked again after the look. */
static bool stands(const struct still *still, const struct still_thread *thread)
{
	return freeze_holds(&still->freeze, thread->tid) ||
	       (!thread->is_running && thread->timeslices > 0);
}

static bool still_stands(const struct python_process *p, const struct still *still,
			 const struct still_thread *before)
{
	struct still_thread now = {.tid = before->tid};
	return freeze_holds(&still->freeze, before->tid) ||
	       (read_motion(p->pid, &now) && !now.is_running &&
		now.timeslices == before->timeslices);
}

/* The distinct GILs of the process. */
struct gils {
	struct remote_gil items[GILS_MAX];
	int holder_tids[GILS_MAX]; /* 0: it is free */
	int count;
	bool any_free;
};

static enum err_kind read_gils(struct python_process *p, const struct still *still,
			       struct gils *out, struct err *e)
{
	static struct remote_thread threads[REMOTE_THREADS_MAX];
	size_t count;
	memory_forget(&p->memory);
	out->count = 0;
	out->any_free = false;
	TRY(remote_threads(&p->remote, threads, REMOTE_THREADS_MAX, &count, e));
	for (size_t i = 0; i < count; i++) {
		const struct remote_gil *gil = &threads[i].gil;
		int known = 0;
		while (known < out->count && out->items[known].address != gil->address)
			known++;
		if (known == GILS_MAX)
			return ERR(e, ERR_LIMIT, "process %d has more than %d GILs", p->pid,
				   GILS_MAX);
		if (known == out->count) {
			out->items[out->count++] = *gil;
			out->holder_tids[known] = 0;
			out->any_free |= !gil->locked;
		}
		/* as it was first read: a page read again may be of another time */
		if (out->items[known].locked && out->items[known].last_holder == threads[i].tstate)
			out->holder_tids[known] = still_outer_tid(
				still, remote_inner_tid(&p->remote, threads[i].tstate));
	}
	for (int i = 0; i < out->count; i++)
		if (out->items[i].locked && !out->holder_tids[i])
			return ERR(e, ERR_INVALID, "gil_last_holder: no thread of the process");
	return ERR_OK;
}

/* The words of each GIL again, past the cache: the same thread holds it, or it is free as before.
 */
static bool are_gils_unchanged(struct python_process *p, const struct gils *before)
{
	const struct py_layout *l = &p->remote.layout;
	int32_t locked[GILS_MAX];
	uintptr_t holders[GILS_MAX];
	struct memory_piece pieces[2 * GILS_MAX];
	const size_t count = (size_t)before->count;
	for (size_t i = 0; i < count; i++) {
		const uintptr_t at = before->items[i].address;
		pieces[2 * i] =
			(struct memory_piece){at + l->gil_locked, &locked[i], sizeof locked[i], 0};
		pieces[2 * i + 1] = (struct memory_piece){at + l->gil_last_holder, &holders[i],
							  sizeof holders[i], 0};
	}
	if (memory_read_pieces(&p->memory, pieces, 2 * count) != 2 * count)
		return false;
	for (size_t i = 0; i < count; i++)
		if ((locked[i] == 1) != before->items[i].locked ||
		    holders[i] != before->items[i].last_holder)
			return false;
	return true;
}

/* Stops what could change a frame. False: something moves that could not be stopped. */
static bool stop_movers(struct still *still, const struct gils *gils)
{
	for (int i = 0; i < gils->count; i++) {
		const struct still_thread *holder = find(still, gils->holder_tids[i]);
		if (gils->holder_tids[i] && !(holder && stands(still, holder)) &&
		    !freeze_thread(&still->freeze, gils->holder_tids[i]))
			return false;
	}
	for (size_t i = 0; gils->any_free && i < still->count; i++)
		if (!stands(still, &still->threads[i]) &&
		    !freeze_thread(&still->freeze, still->threads[i].tid))
			return false;
	return true;
}

static bool all_stood(const struct python_process *p, struct still *still, const struct gils *gils)
{
	for (int i = 0; i < gils->count; i++) {
		const struct still_thread *holder = find(still, gils->holder_tids[i]);
		if (gils->holder_tids[i] && !(holder && still_stands(p, still, holder)))
			return false;
	}
	for (size_t i = 0; gils->any_free && i < still->count; i++)
		if (!still_stands(p, still, &still->threads[i]))
			return false;
	return true;
}

static enum err_kind try_once(struct python_process *p, struct still *still, still_body *look,
			      void *context, struct err *e)
{
	struct gils before;
	if (still->never_stop) {
		memory_forget(&p->memory);
		return look(context, e);
	}
	still_list(p, still);
	TRY(read_gils(p, still, &before, e));
	if (!stop_movers(still, &before))
		return ERR(e, ERR_INVALID, "its threads do not stand still");
	/* While it was being stopped the GIL may have changed hands. */
	if (!are_gils_unchanged(p, &before))
		return ERR(e, ERR_INVALID, "the GIL changes hands");
	memory_forget(&p->memory);
	TRY(look(context, e));
	if (!are_gils_unchanged(p, &before) || !all_stood(p, still, &before))
		return ERR(e, ERR_INVALID, "a thread ran while it was looked at");
	return ERR_OK;
}

enum err_kind still_look(struct python_process *p, struct still *still, still_body *look,
			 void *context, struct err *e)
{
	struct err why = {0};
	enum err_kind kind = ERR_OK;
	const int tries = still->tries ? still->tries : TRIES;
	for (int i = 0; i < tries; i++) {
		kind = try_once(p, still, look, context, &why);
		freeze_thaw(&still->freeze);
		still->looks++;
		if (kind != ERR_INVALID)
			break;
		still->torn++;
		if (i + 1 < tries)
			nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	if (kind != ERR_OK && e)
		*e = why;
	return kind;
}

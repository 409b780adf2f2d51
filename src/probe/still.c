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
		if (gil->locked && gil->last_holder == threads[i].tstate)
			out->holder_tids[known] = still_outer_tid(
				still, remote_inner_tid(&p->remote, threads[i].tstate));
	}
	for (int i = 0; i < out->count; i++)
		if (out->items[i].locked && !out->holder_tids[i])
			return ERR(e, ERR_INVALID, "gil_last_holder: no thread of the process");
	return ERR_OK;
}

static bool same_gils(const struct gils *a, const struct gils *b)
{
	if (a->count != b->count)
		return false;
	for (int i = 0; i < a->count; i++)
		if (a->items[i].address != b->items[i].address ||
		    a->items[i].locked != b->items[i].locked ||
		    a->items[i].last_holder != b->items[i].last_holder)
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
	struct gils before, now;
	still_list(p, still);
	TRY(read_gils(p, still, &before, e));
	if (!stop_movers(still, &before))
		return ERR(e, ERR_INVALID, "its threads do not stand still");
	/* While it was being stopped the GIL may have changed hands. */
	TRY(read_gils(p, still, &now, e));
	if (!same_gils(&before, &now))
		return ERR(e, ERR_INVALID, "the GIL changes hands");
	TRY(look(context, e));
	TRY(read_gils(p, still, &now, e));
	if (!same_gils(&before, &now) || !all_stood(p, still, &before))
		return ERR(e, ERR_INVALID, "a thread ran while it was looked at");
	return ERR_OK;
}

enum err_kind still_look(struct python_process *p, struct still *still, still_body *look,
			 void *context, struct err *e)
{
	struct err why = {0};
	enum err_kind kind = ERR_OK;
	for (int i = 0; i < TRIES; i++) {
		kind = try_once(p, still, look, context, &why);
		freeze_thaw(&still->freeze);
		still->looks++;
		if (kind != ERR_INVALID)
			break;
		still->torn++;
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	if (kind != ERR_OK && e)
		*e = why;
	return kind;
}

#include "probe/outside_walk.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/clock.h"
#include "probe/outside_census.h"
#include "probe/outside_holders.h"
#include "probe/python_process.h"
#include "target/access.h"
#include "target/proc.h"

enum { OFTEN_ENOUGH = 5 }; /* nice(2), as of a walk inside */

/* Filled by the thread, read by its maker when it has ended. */
struct outside_walk {
	int pid;
	pthread_t thread;
	bool has_thread;
	_Atomic bool is_done;
	struct arena *arena;
	struct walk_target targets[WALK_TARGETS];
	size_t target_count;
	struct outside_census census;
	struct outside_holders holders;
	struct err error;
	uint64_t begun_ns, took_ns, cpu_ns;
};

static atomic_flag under_way = ATOMIC_FLAG_INIT;

static void forget(void *context)
{
	memory_forget(context);
}

static bool is_enough(void *context)
{
	const struct memory *memory = context;
	return memory->calls >= OUTSIDE_READS_MAX;
}

/* No object is larger than what is mapped. */
static uint64_t mapped_bytes(const struct maps *maps)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < maps->count; i++)
		bytes += maps->items[i].end - maps->items[i].start;
	return bytes;
}

/* Its memory goes before it is called dead. */
static bool has_ended(const struct python_process *process)
{
	struct proc_stat now;
	return access_try(process->pid, process->maps.items[0].start, NULL) != ERR_OK ||
	       proc_read_stat(process->pid, &now, NULL) != ERR_OK ||
	       now.start_ticks != process->start_ticks;
}

static enum err_kind read_heap(struct outside_walk *walk, struct python_process *process,
			       struct err *e)
{
	TRY(python_process_open(walk->pid, process, e));
	const struct outside_limits limits = {
		.until_ns = walk->begun_ns + OUTSIDE_WALK_NS,
		.most_bytes = mapped_bytes(&process->maps),
		.forget = forget,
		.is_enough = is_enough,
	};
	TRY(outside_census_take(&process->remote, &limits, walk->arena, &walk->census, e));
	if (has_ended(process)) {
		walk->census = (struct outside_census){0};
		return ERR(e, ERR_NO_TARGET, "process %d (%s) ended while its heap was read",
			   process->pid, process->name);
	}
	struct err why;
	/* the census stands without them */
	if (walk->target_count &&
	    outside_holders_find(&process->remote, &limits, walk->targets, walk->target_count,
				 walk->arena, &walk->holders, &why) != ERR_OK)
		walk->holders.is_cut = true;
	return ERR_OK;
}

static void *run(void *context)
{
	struct outside_walk *walk = context;
	struct python_process process = {0};
	/* of this thread alone (setpriority(2), C library/kernel differences) */
	setpriority(PRIO_PROCESS, 0, OFTEN_ENOUGH);
	(void)read_heap(walk, &process, &walk->error);
	python_process_close(&process);
	walk->took_ns = clock_now_ns() - walk->begun_ns;
	walk->cpu_ns = clock_thread_cpu_ns();
	atomic_store_explicit(&walk->is_done, true, memory_order_release);
	return NULL;
}

struct outside_walk *outside_walk_begin(int pid, const struct walk_target *targets, size_t count)
{
	struct outside_walk *walk;
	sigset_t all, before;
	if (atomic_flag_test_and_set(&under_way))
		return NULL;
	walk = mem_alloc(sizeof *walk);
	walk->pid = pid;
	walk->arena = arena_new();
	walk->target_count = count < WALK_TARGETS ? count : WALK_TARGETS;
	if (count)
		memcpy(walk->targets, targets, walk->target_count * sizeof *targets);
	walk->begun_ns = clock_now_ns();
	/* signals are for who waits for them */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	const int failed = pthread_create(&walk->thread, NULL, run, walk);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	walk->has_thread = !failed;
	if (failed) {
		errno = failed;
		ERR(&walk->error, ERR_SYSTEM,
		    "no thread can be made to read it: raise the limit "
		    "of processes (ulimit -u)");
		atomic_store(&walk->is_done, true);
	}
	return walk;
}

bool outside_walk_is_done(const struct outside_walk *walk)
{
	return atomic_load_explicit(&walk->is_done, memory_order_acquire);
}

static void release(struct outside_walk *walk)
{
	arena_free(walk->arena);
	free(walk);
	atomic_flag_clear(&under_way);
}

static void hand_over(const struct outside_walk *walk, uint32_t serial,
		      const struct walk_row_facts *asked, struct ingest *ingest)
{
	const struct outside_census *census = &walk->census;
	const bool has_failed = walk->error.kind != ERR_OK;
	struct walk_row_facts facts = *asked;
	facts.how = WALK_OUTSIDE;
	facts.state = has_failed ? "failed" : "done";
	if (has_failed && asked->reason)
		facts.reason = arena_printf(walk->arena, "%s; from outside: %s", asked->reason,
					    walk->error.text);
	else if (has_failed)
		facts.reason = walk->error.text;
	facts.cut = census->is_cut;
	facts.begun_ns = walk->begun_ns;
	facts.took_ns = walk->took_ns;
	facts.cpu_ns = walk->cpu_ns;
	facts.objects = facts.tracked = census->objects;
	facts.bytes = census->bytes;
	facts.garbage_objects = facts.garbage_bytes = facts.trim_bytes = -1;
	facts.changed =
		has_failed ? -1 : (int64_t)(census->links_changed + census->objects_changed);
	facts.types = census->types;
	facts.type_count = census->type_count;
	facts.holders_cut = walk->holders.is_cut;
	facts.holders = walk->holders.rows;
	facts.holder_count = walk->holders.count;
	ingest_walk(ingest, serial, &facts);
}

enum err_kind outside_walk_end(struct outside_walk *walk, uint32_t serial,
			       const struct walk_row_facts *asked, struct ingest *ingest,
			       struct err *e)
{
	if (walk->has_thread)
		pthread_join(walk->thread, NULL);
	hand_over(walk, serial, asked, ingest);
	const enum err_kind kind = walk->error.kind;
	if (kind != ERR_OK)
		*e = walk->error;
	release(walk);
	return kind;
}

void outside_walk_drop(struct outside_walk *walk)
{
	if (!walk)
		return;
	if (walk->has_thread)
		pthread_join(walk->thread, NULL);
	release(walk);
}

#include "probe/agent_probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "probe/calls_reader.h"
#include "probe/channel_directory.h"
#include "probe/channel_reader.h"
#include "probe/heap_reader.h"
#include "probe/tick_budget.h"
#include "probe/walk_reader.h"
#include "target/proc.h"

enum { READERS_MAX = 2048 };

/* What exact calls of all processes may take of a drain: now and then, of those that have gone
 * (nothing comes after), and at the end. Each may have half of what is left, so that one that makes
 * it long leaves time for the others. A share and one file more stay below CHANNEL_SILENCE_NS. */
static const uint64_t calls_times_ns[] = {
	[CALLS_MEANWHILE] = 200 * NS_PER_MS,
	[CALLS_PROCESS_GONE] = 2 * NS_PER_S,
	[CALLS_AT_THE_END] = 20 * NS_PER_S,
};
enum { CALLS_MOMENTS = sizeof calls_times_ns / sizeof *calls_times_ns };

struct process {
	struct channel_reader *reader;
	struct calls_reader *calls; /* NULL: none were asked for yet */
	struct walk_reader *walks;  /* likewise */
	struct heap_reader *heap;   /* likewise */
	int pid;                    /* as it is called here; 0: it was gone at first sight */
	int pidfd;                  /* readable when the process is gone; -1: likewise */
	uint64_t tick_cpu_ns;       /* as last added to the budget */
};

struct agent_probe {
	struct channel_directory directory;
	struct ingest *ingest;
	int inotify;
	bool scan_wanted; /* a file appeared, or one was not complete yet */
	VEC(struct process) processes;
	struct map seen;                /* serials opened or refused */
	struct agent_probe_counts gone; /* sums of processes that ended */
	uint32_t refused;               /* as control says, kept when that is gone */
	struct tick_budget budget;
	uint32_t wish_seen; /* heap_control.walk_wish that was granted last */
};

enum err_kind agent_probe_start(struct agent_probe **out, struct ingest *ingest, struct err *e)
{
	struct agent_probe *probe = mem_alloc(sizeof *probe);
	probe->ingest = ingest;
	probe->inotify = -1;
	enum err_kind kind = channel_directory_make(&probe->directory, e);
	if (kind == ERR_OK) {
		probe->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
		if (probe->inotify < 0 ||
		    inotify_add_watch(probe->inotify, probe->directory.path, IN_CREATE) < 0)
			kind = ERR(e, ERR_SYSTEM, "cannot watch %s", probe->directory.path);
	}
	if (kind != ERR_OK) {
		agent_probe_free(probe);
		return kind;
	}
	*out = probe;
	return ERR_OK;
}

const char *agent_probe_directory(const struct agent_probe *probe)
{
	return probe->directory.path;
}

void agent_probe_choose_engine(struct agent_probe *probe, enum channel_engine engine, uint32_t hz,
			       uint32_t budget_permille)
{
	struct channel_control *control = probe->directory.control;
	control->tick_engine = engine;
	control->tick_asked_hz = hz;
	atomic_store(&control->tick_hz, hz);
	control->tick_budget_permille = budget_permille;
}

void agent_probe_choose_calls(struct agent_probe *probe, const struct calls_control *wish)
{
	struct calls_control *calls = &probe->directory.control->calls;
	const uint32_t generation = atomic_load(&calls->generation);
	struct calls_control next = *wish;
	next.generation = generation;
	memcpy(calls, &next, sizeof next);
	atomic_store_explicit(&calls->generation, generation + 1, memory_order_release);
}

static void make_walks(const struct agent_probe *probe, struct process *process)
{
	if (process->walks)
		return;
	process->walks = walk_reader_new(probe->directory.fd, channel_reader_pid(process->reader),
					 channel_reader_serial(process->reader),
					 probe->directory.bytes_limit, probe->ingest);
	walk_reader_read_outside(process->walks, process->pid);
}

void agent_probe_walk(struct agent_probe *probe)
{
	struct channel_control *control = probe->directory.control;
	struct walk_target targets[WALK_TARGETS];
	if (!control)
		return;
	const uint32_t before = atomic_load(&control->heap.walk);
	const uint32_t number = before == UINT32_MAX ? 1 : before + 1;
	for (size_t i = 0; i < probe->processes.count; i++) {
		struct process *process = &probe->processes.items[i];
		if (!process->heap)
			continue;
		make_walks(probe, process);
		walk_reader_ask(process->walks, number, targets,
				heap_reader_targets(process->heap, targets));
	}
	const size_t sharers = probe->processes.count;
	atomic_store(&control->heap.walk_sharers, (uint32_t)sharers);
	atomic_store_explicit(&control->heap.walk, number, memory_order_release);
}

void agent_probe_choose_heap(struct agent_probe *probe, const struct heap_control *wish)
{
	struct heap_control *heap = &probe->directory.control->heap;
	heap->want = wish->want;
	heap->interval_bytes = wish->interval_bytes;
	heap->exact_ms = wish->exact_ms;
	atomic_fetch_add_explicit(&heap->generation, 1, memory_order_release);
}

void agent_probe_units(const struct agent_probe *probe, uint32_t serial,
		       struct channel_units *units)
{
	*units = (struct channel_units){0};
	for (size_t i = 0; i < probe->processes.count; i++)
		if (channel_reader_serial(probe->processes.items[i].reader) == serial)
			*units = channel_reader_units(probe->processes.items[i].reader);
}

int agent_probe_fd(const struct agent_probe *probe)
{
	return probe->inotify;
}

int agent_probe_period_ms(const struct agent_probe *probe)
{
	for (size_t i = 0; i < probe->processes.count; i++)
		if (channel_reader_is_busy(probe->processes.items[i].reader))
			return AGENT_PROBE_BUSY_MS;
	return AGENT_PROBE_QUIET_MS;
}

static bool is_started_at(int pid, uint64_t ticks)
{
	struct proc_stat stat;
	struct err e;
	return ticks == 0 ||
	       (proc_read_stat(pid, &stat, &e) == ERR_OK && stat.start_ticks == ticks);
}

/* The process that wrote this file, and no later one of the same number. It may know itself by
 * another number than we do (containers). -1: it is gone. */
static int open_pid(const struct channel_reader *reader, int *pid)
{
	const uint64_t ticks = channel_reader_start_ticks(reader);
	*pid = (int)channel_reader_pid(reader);
	int pidfd = (int)syscall(SYS_pidfd_open, *pid, 0);
	if (pidfd >= 0 && is_started_at(*pid, ticks))
		return pidfd;
	if (pidfd >= 0)
		close(pidfd);
	*pid = proc_find_inner(getpid(), *pid, ticks);
	pidfd = *pid ? (int)syscall(SYS_pidfd_open, *pid, 0) : -1;
	return pidfd;
}

/* A first file of a process. Returns false if it must be looked at again. */
static bool take(struct agent_probe *probe, const char *name, uint32_t serial)
{
	struct channel_reader *reader = NULL;
	struct err e;
	const enum err_kind kind =
		channel_reader_open(&reader, probe->directory.fd, name, probe->ingest, &e);
	if (kind == ERR_LIMIT)
		return false;
	*map_put(&probe->seen, serial, NULL) = 1;
	if (kind != ERR_OK) {
		log_warn("%s", e.text);
		return true;
	}
	struct process *process = vec_push(&probe->processes);
	*process = (struct process){.reader = reader};
	process->pidfd = open_pid(reader, &process->pid);
	return true;
}

static void scan(struct agent_probe *probe)
{
	const int copy = openat(probe->directory.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *files = copy >= 0 ? fdopendir(copy) : NULL;
	if (!files) {
		if (copy >= 0)
			close(copy);
		return;
	}
	probe->scan_wanted = false;
	for (struct dirent *file; (file = readdir(files));) {
		uint32_t pid, serial;
		if (!channel_reader_parse_name(file->d_name, &pid, &serial) ||
		    map_find(&probe->seen, serial))
			continue;
		if (probe->processes.count >= READERS_MAX || !take(probe, file->d_name, serial))
			probe->scan_wanted = true;
	}
	closedir(files);
}

static void look_for_processes(struct agent_probe *probe)
{
	char events[4096] __attribute__((aligned(8)));
	/* Which files does not matter: the directory is read whole. */
	while (read(probe->inotify, events, sizeof events) > 0)
		probe->scan_wanted = true;
	if (probe->scan_wanted)
		scan(probe);
}

static bool is_gone(const struct process *process)
{
	struct pollfd fd = {.fd = process->pidfd, .events = POLLIN};
	return process->pidfd < 0 || poll(&fd, 1, 0) > 0;
}

static void add_counts(struct agent_probe_counts *sum, const struct channel_counts *counts)
{
	sum->processes++;
	sum->units_begun += counts->units_begun;
	sum->units_ended += counts->units_ended;
	sum->records += counts->records;
	sum->dropped += counts->dropped;
}

/* The limit is on what lies in the directory, so that children that come and go never reach it.
 * The counter is the agents' to write: it never gets below zero, whatever they put there. */
static void give_back(struct agent_probe *probe, uint64_t bytes)
{
	struct channel_control *control = probe->directory.control;
	if (!control)
		return;
	uint64_t made = atomic_load(&control->bytes_made);
	while (!atomic_compare_exchange_weak(&control->bytes_made, &made,
					     made > bytes ? made - bytes : 0))
		;
}

static void release(struct agent_probe *probe, struct process *process)
{
	const struct channel_counts counts = channel_reader_count(process->reader);
	const char *broken = channel_reader_broken(process->reader);
	if (*broken)
		log_warn("process %u: its channel was left alone: %s",
			 channel_reader_pid(process->reader), broken);
	if (process->calls && *calls_reader_broken(process->calls))
		log_warn("process %u: its calls were left alone: %s",
			 channel_reader_pid(process->reader), calls_reader_broken(process->calls));
	if (process->heap && *heap_reader_broken(process->heap))
		log_warn("process %u: its heap was left alone: %s",
			 channel_reader_pid(process->reader), heap_reader_broken(process->heap));
	add_counts(&probe->gone, &counts);
	walk_reader_free(process->walks);
	give_back(probe, calls_reader_close(process->calls, true));
	give_back(probe, heap_reader_close(process->heap, true));
	give_back(probe, channel_reader_close(process->reader, true));
	if (process->pidfd >= 0)
		close(process->pidfd);
}

/* What of exact calls is asked for now; *in_force is false where nothing ever was. Others may write
 * it: `unslow attach`, and hostile processes. */
static struct calls_control calls_wanted(const struct agent_probe *probe, bool *in_force)
{
	struct calls_control copy = {0};
	if (probe->directory.control)
		memcpy(&copy, &probe->directory.control->calls, sizeof copy);
	copy.pattern[CALLS_PATTERN_BYTES - 1] = copy.lines[CALLS_PATTERN_BYTES - 1] = '\0';
	*in_force = copy.generation != 0;
	return copy;
}

static void drain_calls(const struct agent_probe *probe, struct process *process,
			enum calls_moment moment, uint64_t *left_ns)
{
	bool in_force;
	const uint64_t began_ns = clock_now_ns();
	const struct calls_control control = calls_wanted(probe, &in_force);
	if (!in_force)
		return;
	if (!process->calls)
		process->calls =
			calls_reader_new(probe->directory.fd, channel_reader_pid(process->reader),
					 channel_reader_serial(process->reader),
					 probe->directory.bytes_limit, probe->ingest);
	calls_reader_drain(process->calls, &control, moment, began_ns + *left_ns / 2);
	const uint64_t took_ns = clock_now_ns() - began_ns;
	*left_ns -= took_ns < *left_ns ? took_ns : *left_ns;
}

/* What was asked for by whomever: `unslow attach`, this program. */
static void drain_walks(struct agent_probe *probe, struct process *process, bool is_last)
{
	const uint32_t asked =
		probe->directory.control ? atomic_load(&probe->directory.control->heap.walk) : 0;
	if (!asked)
		return;
	make_walks(probe, process);
	give_back(probe, walk_reader_drain(process->walks, asked, is_last));
}

static void drain_heap(const struct agent_probe *probe, struct process *process, bool is_last)
{
	const struct channel_control *control = probe->directory.control;
	if (!control || atomic_load(&control->heap.generation) == 0)
		return;
	if (!process->heap)
		process->heap =
			heap_reader_new(probe->directory.fd, channel_reader_pid(process->reader),
					channel_reader_serial(process->reader),
					probe->directory.bytes_limit, probe->ingest);
	heap_reader_drain(process->heap, control->heap.want,
			  channel_reader_count(process->reader).units_ended, is_last);
}

/* Of `unslow attach`: only who reads the channel knows whom to look for. */
static void look_for_wish(struct agent_probe *probe)
{
	const struct channel_control *control = probe->directory.control;
	const uint32_t wish = control ? atomic_load(&control->heap.walk_wish) : 0;
	if (wish == probe->wish_seen)
		return;
	probe->wish_seen = wish;
	agent_probe_walk(probe);
}

static void beat(struct agent_probe *probe)
{
	if (probe->directory.control)
		atomic_store_explicit(&probe->directory.control->heartbeat_ns, clock_now_ns(),
				      memory_order_relaxed);
}

/* The order matters: gone first, then read, so that nothing comes after the last read. */
static void drain_all(struct agent_probe *probe, bool is_last)
{
	size_t kept = 0;
	uint64_t left_ns[CALLS_MOMENTS];
	/* one that goes as the last keeps nobody waiting */
	const bool hurried =
		!is_last && (probe->processes.count > 1 ||
			     (probe->processes.count && !is_gone(probe->processes.items)));
	memcpy(left_ns, calls_times_ns, sizeof left_ns);
	for (size_t i = 0; i < probe->processes.count; i++) {
		struct process process = probe->processes.items[i];
		beat(probe);
		const bool gone = is_gone(&process);
		channel_reader_drain(process.reader, gone || is_last);
		const enum calls_moment moment = gone      ? CALLS_PROCESS_GONE
						 : is_last ? CALLS_AT_THE_END
							   : CALLS_MEANWHILE;
		drain_calls(probe, &process, moment, &left_ns[hurried ? moment : CALLS_AT_THE_END]);
		drain_walks(probe, &process, gone || is_last);
		drain_heap(probe, &process, gone || is_last);
		tick_budget_add(&probe->budget, channel_reader_count(process.reader).tick_cpu_ns,
				&process.tick_cpu_ns);
		if (gone || is_last)
			channel_reader_end_open_calls(process.reader, clock_now_ns());
		if (gone) {
			ingest_process_end(probe->ingest, channel_reader_serial(process.reader),
					   clock_now_ns());
			release(probe, &process);
		} else {
			probe->processes.items[kept++] = process;
		}
	}
	probe->processes.count = kept;
}

static void read_refused(struct agent_probe *probe)
{
	if (probe->directory.control)
		probe->refused = atomic_load_explicit(&probe->directory.control->refused,
						      memory_order_relaxed);
}

enum err_kind agent_probe_drain(struct agent_probe *probe, struct err *e)
{
	beat(probe);
	look_for_processes(probe);
	drain_all(probe, false);
	look_for_wish(probe);
	if (probe->directory.control)
		tick_budget_keep(&probe->budget, probe->directory.control, clock_now_ns());
	read_refused(probe);
	return ingest_flush(probe->ingest, e);
}

struct agent_probe_counts agent_probe_count(const struct agent_probe *probe)
{
	struct agent_probe_counts sum = probe->gone;
	sum.processes_on = 0;
	sum.refused = probe->refused;
	for (size_t i = 0; i < probe->processes.count; i++) {
		const struct channel_counts counts =
			channel_reader_count(probe->processes.items[i].reader);
		add_counts(&sum, &counts);
		sum.processes_on += counts.state == AGENT_ON;
	}
	return sum;
}

enum err_kind agent_probe_stop(struct agent_probe *probe, struct err *e)
{
	if (probe->directory.control)
		atomic_store(&probe->directory.control->command, CHANNEL_SLEEP);
	look_for_processes(probe);
	drain_all(probe, true);
	read_refused(probe);
	const enum err_kind kind = ingest_flush(probe->ingest, e);
	for (size_t i = 0; i < probe->processes.count; i++)
		release(probe, &probe->processes.items[i]);
	vec_clear(&probe->processes);
	channel_directory_remove(&probe->directory);
	return kind;
}

void agent_probe_free(struct agent_probe *probe)
{
	if (!probe)
		return;
	for (size_t i = 0; i < probe->processes.count; i++)
		release(probe, &probe->processes.items[i]);
	vec_free(&probe->processes);
	map_free(&probe->seen);
	if (probe->inotify >= 0)
		close(probe->inotify);
	channel_directory_remove(&probe->directory);
	free(probe);
}

/* --- detach ---------------------------------------------------------------- */

bool agent_probe_is_detached(const struct agent_probe *probe)
{
	const struct channel_control *control = probe->directory.control;
	return control &&
	       atomic_load_explicit(&control->command, memory_order_relaxed) == CHANNEL_SLEEP;
}

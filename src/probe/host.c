#include "probe/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"
#include "probe/cpu_use.h"
#include "probe/host_limits.h"
#include "probe/listeners.h"
#include "target/proc.h"

enum { PROCESSES_MAX = 512, THREADS_MAX = 1024, MACHINE = 0 };

struct counters {
	uint64_t cpu_ns;
	uint64_t runqueue_ns;
};

struct known {
	int64_t id; /* process.id */
	struct counters last;
};

struct alive {
	int64_t id;
	int pid;
};

struct host {
	sqlite3 *db;
	sqlite3_stmt *insert;
	sqlite3_stmt *processes;
	struct cpu_use *cpu_use;
	struct limits *limits;
	struct listeners *listeners;
	uint64_t last_ns; /* 0: never */
	struct counters machine;
	VEC(struct known) known;
	struct map thread_runqueue; /* process id << 32 | tid to the last reading */
	struct proc_thread threads[THREADS_MAX];
};

static enum err_kind prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK)
		return ERR_OK;
	return ERR(e, ERR_INVALID, "host rows: %s", sqlite3_errmsg(db));
}

enum err_kind host_start(struct host **out, struct recording *recording, struct err *e)
{
	struct host *host = mem_alloc(sizeof *host);
	host->db = recording_db(recording);
	enum err_kind kind = prepare(
		host->db,
		"INSERT INTO host_second (at_ns, process_id, cpu_ns, runqueue_ns, rss_bytes, "
		"fds, threads) VALUES (?, ?, ?, ?, ?, ?, ?)",
		&host->insert, e);
	if (kind == ERR_OK)
		kind = prepare(host->db,
			       "SELECT id, pid FROM process WHERE end_ns IS NULL AND id > 0",
			       &host->processes, e);
	if (kind == ERR_OK)
		kind = cpu_use_start(&host->cpu_use, recording, e);
	if (kind == ERR_OK)
		kind = limits_start(&host->limits, recording, e);
	if (kind == ERR_OK)
		kind = listeners_start(&host->listeners, recording, e);
	if (kind != ERR_OK) {
		host_free(host);
		host = NULL;
	}
	*out = host;
	return kind;
}

void host_free(struct host *host)
{
	if (!host)
		return;
	sqlite3_finalize(host->insert);
	sqlite3_finalize(host->processes);
	cpu_use_free(host->cpu_use);
	limits_free(host->limits);
	listeners_free(host->listeners);
	vec_free(&host->known);
	map_free(&host->thread_runqueue);
	free(host);
}

static void bind_known(sqlite3_stmt *statement, int column, int64_t value)
{
	if (value < 0)
		sqlite3_bind_null(statement, column);
	else
		sqlite3_bind_int64(statement, column, value);
}

static enum err_kind step(struct host *host, sqlite3_stmt *statement, struct err *e)
{
	const int rc = sqlite3_step(statement);
	sqlite3_reset(statement);
	if (rc == SQLITE_DONE)
		return ERR_OK;
	return ERR(e, ERR_SYSTEM, "cannot write the recording: %s", sqlite3_errmsg(host->db));
}

struct row {
	uint64_t at_ns;
	int64_t process;
	uint64_t cpu_ns;
	int64_t runqueue_ns; /* this and the next: -1 unknown */
	int64_t rss_bytes;
	int64_t fds;
	int64_t threads;
};

static enum err_kind write_row(struct host *host, const struct row *row, struct err *e)
{
	sqlite3_bind_int64(host->insert, 1, (sqlite3_int64)row->at_ns);
	sqlite3_bind_int64(host->insert, 2, row->process);
	sqlite3_bind_int64(host->insert, 3, (sqlite3_int64)row->cpu_ns);
	bind_known(host->insert, 4, row->runqueue_ns);
	bind_known(host->insert, 5, row->rss_bytes);
	bind_known(host->insert, 6, row->fds);
	bind_known(host->insert, 7, row->threads);
	return step(host, host->insert, e);
}

static uint64_t grown(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

/* /proc/stat, first line: user nice system idle iowait irq softirq steal, in
 * clock ticks; idle, iowait and steal are not use. */
static bool read_machine_cpu(uint64_t *cpu_ns)
{
	char text[512];
	uint64_t ticks[8];
	if (proc_read_file("/proc/stat", text, sizeof text) < 0)
		return false;
	const char *at = text;
	for (int i = 0; i < 8; i++)
		if (!proc_next_number(&at, &ticks[i]))
			return false;
	*cpu_ns = (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) *
		  (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
	return true;
}

/* /proc/schedstat, "cpuN" lines, 8th number: ns tasks have waited to run
 * (Documentation/scheduler/sched-stats.rst). */
static bool read_machine_runqueue(uint64_t *runqueue_ns)
{
	FILE *file = fopen("/proc/schedstat", "re");
	if (!file)
		return false;
	char *line = NULL;
	size_t size = 0;
	bool any = false;
	*runqueue_ns = 0;
	while (getline(&line, &size, file) > 0) {
		uint64_t number = 0;
		const char *at = line;
		/* The processor's own number comes before its eight. */
		int left = strncmp(line, "cpu", 3) == 0 ? 9 : 0;
		const bool is_cpu = left > 0;
		while (left > 0 && proc_next_number(&at, &number))
			left--;
		if (is_cpu && left == 0) {
			*runqueue_ns += number;
			any = true;
		}
	}
	free(line);
	fclose(file);
	return any;
}

static int64_t read_machine_memory(void)
{
	char text[4096];
	uint64_t total_kib;
	uint64_t available_kib;
	if (proc_read_file("/proc/meminfo", text, sizeof text) < 0)
		return -1;
	const char *total = strstr(text, "MemTotal:");
	const char *available = strstr(text, "MemAvailable:");
	if (!total || !available || !proc_next_number(&total, &total_kib) ||
	    !proc_next_number(&available, &available_kib) || available_kib > total_kib)
		return -1;
	return (int64_t)((total_kib - available_kib) * 1024);
}

static enum err_kind sample_machine(struct host *host, uint64_t now_ns, bool first, struct err *e)
{
	struct counters now = {0};
	const bool cpu_known = read_machine_cpu(&now.cpu_ns);
	const bool runqueue_known = read_machine_runqueue(&now.runqueue_ns);
	const struct counters before = host->machine;
	host->machine = now;
	if (first || !cpu_known)
		return ERR_OK;
	char text[128];
	const char *at = text;
	uint64_t open_files;
	const bool files_known = proc_read_file("/proc/sys/fs/file-nr", text, sizeof text) > 0 &&
				 proc_next_number(&at, &open_files);
	const struct row row = {
		.at_ns = now_ns,
		.process = MACHINE,
		.cpu_ns = grown(now.cpu_ns, before.cpu_ns),
		.runqueue_ns =
			runqueue_known ? (int64_t)grown(now.runqueue_ns, before.runqueue_ns) : -1,
		.rss_bytes = read_machine_memory(),
		.fds = files_known ? (int64_t)open_files : -1,
		.threads = -1,
	};
	return write_row(host, &row, e);
}

/* Growth of all threads' waiting; a thread seen first counts from its start. */
static int64_t runqueue_growth(struct host *host, int64_t process, int pid, bool first)
{
	const int count = proc_read_threads(pid, host->threads, THREADS_MAX);
	if (count < 0)
		return -1;
	uint64_t sum = 0;
	for (int i = 0; i < count; i++) {
		const uint64_t key = (uint64_t)process << 32 | (uint32_t)host->threads[i].tid;
		uint64_t *last = map_put(&host->thread_runqueue, key, NULL);
		sum += grown(host->threads[i].runqueue_ns, *last);
		*last = host->threads[i].runqueue_ns;
	}
	return first ? 0 : (int64_t)sum;
}

static enum err_kind sample_process(struct host *host, struct alive process, uint64_t now_ns,
				    struct err *e)
{
	struct proc_stat now;
	/* Gone between two drains: the probe will see it, no row. */
	if (proc_read_stat(process.pid, &now, NULL) != ERR_OK || now.state == 'Z')
		return ERR_OK;
	struct known *known = NULL;
	for (size_t i = 0; i < host->known.count && !known; i++)
		if (host->known.items[i].id == process.id)
			known = &host->known.items[i];
	const bool first = !known;
	if (first) {
		known = vec_push(&host->known);
		known->id = process.id;
	}
	const struct row row = {
		.at_ns = now_ns,
		.process = process.id,
		.cpu_ns = first ? 0 : grown(now.cpu_ns, known->last.cpu_ns),
		.runqueue_ns = runqueue_growth(host, process.id, process.pid, first),
		.rss_bytes = proc_rss_bytes(process.pid),
		.fds = proc_count_fds(process.pid),
		.threads = now.threads,
	};
	known->last.cpu_ns = now.cpu_ns;
	return write_row(host, &row, e);
}

enum err_kind host_sample(struct host *host, uint64_t now_ns, struct err *e)
{
	const bool first = host->last_ns == 0;
	if (!first && now_ns - host->last_ns < HOST_PERIOD_NS)
		return ERR_OK;
	host->last_ns = now_ns;
	TRY(sample_machine(host, now_ns, first, e));
	TRY(limits_look_machine(host->limits, now_ns, e));
	/* Copied first: no SELECT stays open while rows are written. */
	struct alive alive[PROCESSES_MAX];
	int64_t ids[PROCESSES_MAX];
	int pids[PROCESSES_MAX];
	int count = 0;
	while (count < PROCESSES_MAX && sqlite3_step(host->processes) == SQLITE_ROW) {
		alive[count].id = ids[count] = sqlite3_column_int64(host->processes, 0);
		alive[count].pid = pids[count] = sqlite3_column_int(host->processes, 1);
		count++;
	}
	sqlite3_reset(host->processes);
	for (int i = 0; i < count; i++) {
		TRY(sample_process(host, alive[i], now_ns, e));
		TRY(limits_look(host->limits, alive[i].id, alive[i].pid, now_ns, e));
	}
	TRY(listeners_look(host->listeners, ids, pids, count, now_ns, e));
	return cpu_use_look(host->cpu_use, pids, count, now_ns, e);
}

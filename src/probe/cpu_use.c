#include "probe/cpu_use.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "target/proc.h"

enum { DEPTH_MAX = 64, NAMED = 3, COST_PART = 200 /* one part of so many is for looking */ };
/* Of one CPU; what uses less is not named. */
#define NAMED_SHARE 0.05
/* Who used nothing at so many looks is looked at in one of so many, each in another. */
enum { QUIET_LOOKS = 4, QUIET_EVERY = 4 };

enum who { OWN, WATCHER, OTHER, STOLEN, WHOS };
static const char *const who_names[WHOS] = {"own", "watcher", "other", "stolen"};

struct seen {
	int pid, parent_pid;
	uint64_t start_ticks;
	uint64_t cpu_ns, grown_ns;
	enum who who;
	bool is_judged;
	uint32_t quiet; /* looks in a row at which it had used nothing */
	uint32_t age;   /* looks since it was read */
	char name[16];  /* as the kernel keeps it: TASK_COMM_LEN */
};

struct cpu_use {
	sqlite3 *db;
	sqlite3_stmt *insert;
	uint64_t last_ns, next_ns; /* 0: never looked */
	uint64_t used_ticks, stolen_ticks;
	uint64_t last_start_ticks; /* started later: all its CPU is since the last look */
	VEC(struct seen) list[2];  /* before, now */
	struct map at[2];          /* pid to place in the list */
	int now;
	uint32_t looks;
	int pid; /* unslow's: to ask for it is a system call */
	dev_t device;
	ino_t inode; /* of our own program */
};

enum err_kind cpu_use_start(struct cpu_use **out, struct recording *recording, struct err *e)
{
	struct cpu_use *use = mem_alloc(sizeof *use);
	struct stat own;
	use->db = recording_db(recording);
	if (stat("/proc/self/exe", &own) == 0) {
		use->device = own.st_dev;
		use->inode = own.st_ino;
	}
	*out = use;
	if (sqlite3_prepare_v3(use->db,
			       "INSERT INTO cpu_use (at_ns, dur_ns, who, name, cpu_ns) VALUES (?, "
			       "?, ?, ?, ?)",
			       -1, SQLITE_PREPARE_PERSISTENT, &use->insert, NULL) == SQLITE_OK)
		return ERR_OK;
	cpu_use_free(use);
	*out = NULL;
	return ERR(e, ERR_INVALID, "rows of CPU use: %s", sqlite3_errmsg(recording_db(recording)));
}

void cpu_use_free(struct cpu_use *use)
{
	if (!use)
		return;
	sqlite3_finalize(use->insert);
	for (int i = 0; i < 2; i++) {
		vec_free(&use->list[i]);
		map_free(&use->at[i]);
	}
	free(use);
}

bool cpu_use_machine(const char *text, uint64_t *used_ticks, uint64_t *stolen_ticks)
{
	/* proc_stat(5): user nice system idle iowait irq softirq steal */
	uint64_t ticks[8];
	const char *at = text;
	if (!str_starts_with(text, "cpu "))
		return false;
	for (int i = 0; i < 8; i++)
		if (!proc_next_number(&at, &ticks[i]))
			return false;
	*used_ticks = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
	*stolen_ticks = ticks[7];
	return true;
}

static bool is_our_program(const struct cpu_use *use, int pid)
{
	char path[64];
	struct stat program;
	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	return stat(path, &program) == 0 && program.st_dev == use->device &&
	       program.st_ino == use->inode;
}

static struct seen *find(struct cpu_use *use, int list, int pid)
{
	const uint64_t *at = map_find(&use->at[list], (uint64_t)pid);
	return at ? &use->list[list].items[*at] : NULL;
}

static void keep(struct cpu_use *use, const struct seen *seen)
{
	*map_put(&use->at[use->now], (uint64_t)seen->pid, NULL) = use->list[use->now].count;
	*(struct seen *)vec_push(&use->list[use->now]) = *seen;
}

/* Most processes of a machine sleep: to read of each that it still does would be most of a look.
 * The app's own, and unslow's, are not passed over. */
static bool is_passed_over(const struct cpu_use *use, const struct seen *before)
{
	return before && before->who == OTHER && before->quiet >= QUIET_LOOKS &&
	       ((uint32_t)before->pid + use->looks) % QUIET_EVERY != 0;
}

static void keep_unread(struct cpu_use *use, const struct seen *before)
{
	struct seen seen = *before;
	seen.grown_ns = 0;
	seen.is_judged = false;
	seen.age++;
	keep(use, &seen);
}

static void keep_read(struct cpu_use *use, const struct seen *before, const struct proc_stat *stat)
{
	const bool is_same = before && before->start_ticks == stat->start_ticks;
	const bool is_new = use->last_ns && stat->start_ticks > use->last_start_ticks;
	const uint64_t known_ns = is_same ? before->cpu_ns : is_new ? 0 : stat->cpu_ns;
	const uint64_t since_ns = stat->cpu_ns > known_ns ? stat->cpu_ns - known_ns : 0;
	struct seen seen = {
		.pid = stat->pid,
		.parent_pid = stat->parent_pid,
		.start_ticks = stat->start_ticks,
		.cpu_ns = stat->cpu_ns,
		.grown_ns = since_ns / (is_same ? before->age + 1 : 1), /* this look's part */
		.who = OTHER,
		.quiet = is_same && since_ns == 0 ? before->quiet + 1 : 0,
	};
	str_copy(seen.name, sizeof seen.name, stat->name);
	keep(use, &seen);
}

/* Each process of /proc, what it used since the last look, and no word yet whose it is. */
static void read_all(struct cpu_use *use)
{
	DIR *directory = opendir("/proc");
	if (!directory)
		return;
	uint64_t latest_start = use->last_start_ticks;
	use->looks++;
	use->pid = getpid();
	for (struct dirent *entry; (entry = readdir(directory));) {
		struct proc_stat stat_now;
		const int pid = proc_entry_id(entry->d_name);
		const struct seen *before = pid ? find(use, !use->now, pid) : NULL;
		if (is_passed_over(use, before)) {
			keep_unread(use, before);
			continue;
		}
		if (!pid || proc_read_stat(pid, &stat_now, NULL) != ERR_OK)
			continue;
		if (stat_now.start_ticks > latest_start)
			latest_start = stat_now.start_ticks;
		keep_read(use, before, &stat_now);
	}
	closedir(directory);
	use->last_start_ticks = latest_start;
}

/* The app is what it started, and what unslow started that is not unslow. */
static enum who judge(struct cpu_use *use, struct seen *seen, int depth)
{
	if (seen->is_judged || depth == DEPTH_MAX)
		return seen->who;
	struct seen *parent = find(use, use->now, seen->parent_pid);
	const bool is_ours = seen->parent_pid == use->pid;
	seen->is_judged = true;
	if (seen->pid == use->pid)
		seen->who = WATCHER;
	else if (is_ours)
		seen->who = is_our_program(use, seen->pid) ? WATCHER : OWN;
	else if (parent && judge(use, parent, depth + 1) == OWN)
		seen->who = OWN;
	return seen->who;
}

static enum err_kind write_row(struct cpu_use *use, uint64_t now_ns, enum who who, const char *name,
			       uint64_t cpu_ns, struct err *e)
{
	sqlite3_bind_int64(use->insert, 1, (sqlite3_int64)now_ns);
	sqlite3_bind_int64(use->insert, 2, (sqlite3_int64)(now_ns - use->last_ns));
	sqlite3_bind_text(use->insert, 3, who_names[who], -1, SQLITE_STATIC);
	sqlite3_bind_text(use->insert, 4, name, -1, SQLITE_TRANSIENT); /* NULL: none */
	sqlite3_bind_int64(use->insert, 5, (sqlite3_int64)cpu_ns);
	const int rc = sqlite3_step(use->insert);
	sqlite3_reset(use->insert);
	return rc == SQLITE_DONE ? ERR_OK
				 : ERR(e, ERR_SYSTEM, "cannot write the recording: %s",
				       sqlite3_errmsg(use->db));
}

/* Others of one name are one: a compiler is a new process for each file. */
static enum err_kind write_names(struct cpu_use *use, uint64_t now_ns, struct err *e)
{
	struct intern *names = intern_new();
	VEC(uint64_t) sums = {0};
	enum err_kind kind = ERR_OK;
	for (size_t i = 0; i < use->list[use->now].count; i++) {
		const struct seen *seen = &use->list[use->now].items[i];
		bool is_new;
		if (seen->who != OTHER || seen->grown_ns == 0)
			continue;
		const uint32_t id = intern_id(names, seen->name, strlen(seen->name), &is_new);
		if (is_new) /* ids count from 1: the new one is the last */
			*vec_push(&sums) = seen->grown_ns;
		else if (sums.items)
			sums.items[id - 1] += seen->grown_ns;
	}
	for (int n = 0; n < NAMED && kind == ERR_OK; n++) {
		size_t most = 0;
		for (size_t i = 1; i < sums.count; i++)
			if (sums.items[i] > sums.items[most])
				most = i;
		if (sums.count == 0 ||
		    (double)sums.items[most] < NAMED_SHARE * (double)(now_ns - use->last_ns))
			break;
		kind = write_row(use, now_ns, OTHER, intern_text(names, (uint32_t)most + 1, NULL),
				 sums.items[most], e);
		sums.items[most] = 0;
	}
	vec_free(&sums);
	intern_free(names);
	return kind;
}

static enum err_kind write_rows(struct cpu_use *use, uint64_t now_ns, uint64_t used_ns,
				uint64_t stolen_ns, struct err *e)
{
	uint64_t sums[WHOS] = {[STOLEN] = stolen_ns};
	struct seen *const list = use->list[use->now].items;
	for (size_t i = 0; list && i < use->list[use->now].count; i++) {
		struct seen *seen = &list[i];
		sums[judge(use, seen, 0)] += seen->grown_ns;
	}
	const uint64_t ours = sums[OWN] + sums[WATCHER];
	sums[OTHER] = used_ns > ours ? used_ns - ours : 0;
	for (int who = 0; who < WHOS; who++)
		TRY(write_row(use, now_ns, (enum who)who, NULL, sums[who], e));
	return write_names(use, now_ns, e);
}

enum err_kind cpu_use_look(struct cpu_use *use, const int *pids, int count, uint64_t now_ns,
			   struct err *e)
{
	char text[512];
	uint64_t used, stolen;
	if (now_ns < use->next_ns || proc_read_file("/proc/stat", text, sizeof text) < 0 ||
	    !cpu_use_machine(text, &used, &stolen))
		return ERR_OK;
	const uint64_t begin_ns = clock_thread_cpu_ns();
	const uint64_t tick_ns = NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK);
	enum err_kind kind = ERR_OK;
	use->now = !use->now;
	vec_clear(&use->list[use->now]);
	map_free(&use->at[use->now]);
	use->at[use->now] = (struct map){0};
	read_all(use);
	for (int i = 0; i < count; i++) {
		struct seen *seen = find(use, use->now, pids[i]);
		if (seen) {
			seen->who = OWN;
			seen->is_judged = true;
		}
	}
	if (use->last_ns)
		kind = write_rows(
			use, now_ns,
			used > use->used_ticks ? (used - use->used_ticks) * tick_ns : 0,
			stolen > use->stolen_ticks ? (stolen - use->stolen_ticks) * tick_ns : 0, e);
	use->used_ticks = used;
	use->stolen_ticks = stolen;
	use->last_ns = now_ns;
	use->next_ns = now_ns + (clock_thread_cpu_ns() - begin_ns) * COST_PART;
	return kind;
}

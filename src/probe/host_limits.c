#include "probe/host_limits.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "target/cgroup.h"
#include "target/proc.h"

/* Groups of one recording; more are not followed. Mounts may be many on a container host. */
enum { GROUPS_MAX = 64, TEXT_BYTES = 4096, MOUNTS_BYTES = 1 << 20 };

struct followed {
	uint64_t key; /* hash of the text of /proc/PID/cgroup; 0: the machine */
	uint64_t at_ns;
	struct cgroup group;
	struct cgroup_facts last;
};

struct limits {
	sqlite3 *db;
	sqlite3_stmt *insert, *insert_faults;
	char *mounts;
	VEC(struct followed) groups;
	struct map faults; /* process id to the last reading, plus one */
};

static enum err_kind prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct err *e)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK)
		return ERR_OK;
	return ERR(e, ERR_INVALID, "rows of limits: %s", sqlite3_errmsg(db));
}

enum err_kind limits_start(struct limits **out, struct recording *recording, struct err *e)
{
	struct limits *limits = mem_alloc(sizeof *limits);
	limits->db = recording_db(recording);
	limits->mounts = mem_alloc(MOUNTS_BYTES);
	if (proc_read_file("/proc/self/mountinfo", limits->mounts, MOUNTS_BYTES) < 0)
		limits->mounts[0] = '\0';
	enum err_kind kind = prepare(
		limits->db,
		"INSERT INTO cgroup_second (at_ns, process_id, path, quota_ns, period_ns, periods, "
		"throttled_periods, throttled_ns, cpu_ns, cpu_pressure_ns, memory_limit_bytes, "
		"memory_bytes, memory_pressure_ns, oom_kills) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
		"?, ?, ?, ?, ?)",
		&limits->insert, e);
	if (kind == ERR_OK)
		kind = prepare(limits->db,
			       "INSERT INTO fault_second (at_ns, process_id, faults) VALUES (?, ?, "
			       "?)",
			       &limits->insert_faults, e);
	if (kind != ERR_OK) {
		limits_free(limits);
		limits = NULL;
	}
	*out = limits;
	return kind;
}

void limits_free(struct limits *limits)
{
	if (!limits)
		return;
	sqlite3_finalize(limits->insert);
	sqlite3_finalize(limits->insert_faults);
	vec_free(&limits->groups);
	map_free(&limits->faults);
	free(limits->mounts);
	free(limits);
}

static void bind_known(sqlite3_stmt *statement, int column, int64_t value)
{
	if (value < 0)
		sqlite3_bind_null(statement, column);
	else
		sqlite3_bind_int64(statement, column, value);
}

/* -1: one of the two is not known. A group made anew begins again. */
static int64_t grown(int64_t now, int64_t before)
{
	return now < 0 || before < 0 ? -1 : now > before ? now - before : 0;
}

static enum err_kind step(struct limits *limits, sqlite3_stmt *statement, struct err *e)
{
	const int rc = sqlite3_step(statement);
	sqlite3_reset(statement);
	return rc == SQLITE_DONE ? ERR_OK
				 : ERR(e, ERR_SYSTEM, "cannot write the recording: %s",
				       sqlite3_errmsg(limits->db));
}

static enum err_kind write_row(struct limits *limits, uint64_t now_ns, int64_t process,
			       const struct cgroup_facts *now, const struct cgroup_facts *before,
			       struct err *e)
{
	const int64_t values[] = {
		now->quota_ns,
		now->period_ns,
		grown(now->periods, before->periods),
		grown(now->throttled_periods, before->throttled_periods),
		grown(now->throttled_ns, before->throttled_ns),
		grown(now->cpu_ns, before->cpu_ns),
		grown(now->cpu_pressure_ns, before->cpu_pressure_ns),
		now->memory_limit_bytes,
		now->memory_bytes,
		grown(now->memory_pressure_ns, before->memory_pressure_ns),
		grown(now->oom_kills, before->oom_kills),
	};
	sqlite3_bind_int64(limits->insert, 1, (sqlite3_int64)now_ns);
	sqlite3_bind_int64(limits->insert, 2, process);
	sqlite3_bind_text(limits->insert, 3, *now->cpu_path ? now->cpu_path : NULL, -1,
			  SQLITE_TRANSIENT);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		bind_known(limits->insert, (int)i + 4, values[i]);
	return step(limits, limits->insert, e);
}

/* NULL: too many. */
static struct followed *follow(struct limits *limits, uint64_t key, bool *is_new)
{
	*is_new = false;
	for (size_t i = 0; i < limits->groups.count; i++)
		if (limits->groups.items[i].key == key)
			return &limits->groups.items[i];
	if (limits->groups.count == GROUPS_MAX)
		return NULL;
	*is_new = true;
	struct followed *made = vec_push(&limits->groups);
	*made = (struct followed){.key = key};
	return made;
}

static enum err_kind look_group(struct limits *limits, struct followed *group, bool is_new,
				int64_t process, uint64_t now_ns, struct err *e)
{
	struct cgroup_facts now;
	if (group->key)
		cgroup_read(&group->group, &now);
	else
		cgroup_read_machine(&now);
	/* another level has the limit now: its counters are others */
	const bool is_other = strcmp(now.cpu_path, group->last.cpu_path) != 0;
	const struct cgroup_facts before = group->last;
	group->last = now;
	group->at_ns = now_ns;
	return is_new || is_other ? ERR_OK : write_row(limits, now_ns, process, &now, &before, e);
}

enum err_kind limits_look_machine(struct limits *limits, uint64_t now_ns, struct err *e)
{
	bool is_new;
	struct followed *machine = follow(limits, 0, &is_new);
	return machine ? look_group(limits, machine, is_new, 0, now_ns, e) : ERR_OK;
}

/* proc_pid_stat(5), field 12. */
static int64_t major_faults(int pid)
{
	char path[64], text[1024];
	uint64_t number = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return -1;
	const char *at = strrchr(text, ')');
	for (int field = 4; at && field <= 12; field++)
		if (!proc_next_number(&at, &number))
			return -1;
	return at && number < INT64_MAX ? (int64_t)number : -1;
}

static enum err_kind look_faults(struct limits *limits, int64_t process, int pid, uint64_t now_ns,
				 struct err *e)
{
	const int64_t now = major_faults(pid);
	if (now < 0)
		return ERR_OK;
	uint64_t *last = map_put(&limits->faults, (uint64_t)process, NULL);
	const int64_t before = (int64_t)*last - 1;
	*last = (uint64_t)now + 1;
	if (before < 0 || now <= before)
		return ERR_OK;
	sqlite3_bind_int64(limits->insert_faults, 1, (sqlite3_int64)now_ns);
	sqlite3_bind_int64(limits->insert_faults, 2, process);
	sqlite3_bind_int64(limits->insert_faults, 3, now - before);
	return step(limits, limits->insert_faults, e);
}

enum err_kind limits_look(struct limits *limits, int64_t process, int pid, uint64_t now_ns,
			  struct err *e)
{
	char path[64], text[TEXT_BYTES];
	bool is_new;
	TRY(look_faults(limits, process, pid, now_ns, e));
	snprintf(path, sizeof path, "/proc/%d/cgroup", pid);
	const ssize_t length = proc_read_file(path, text, sizeof text);
	if (length <= 0)
		return ERR_OK;
	struct followed *group = follow(limits, hash_bytes(text, (size_t)length) | 1, &is_new);
	if (!group || group->at_ns == now_ns)
		return ERR_OK;
	if (is_new)
		cgroup_find(text, limits->mounts, &group->group);
	return look_group(limits, group, is_new, process, now_ns, e);
}

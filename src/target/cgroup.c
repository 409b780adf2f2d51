#include "target/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/str.h"
#include "target/proc.h"

enum { FILE_BYTES = 4096, VMSTAT_BYTES = 32768, LEVELS_MAX = 32 };
/* More is no limit that a machine could reach; version 1 writes "none" as LONG_MAX rounded to
 * pages. */
#define MEMORY_MOST (UINT64_C(1) << 60)
#define US_MOST (INT64_MAX / (int64_t)NS_PER_US)

static const char *next_line(const char *at)
{
	at += strcspn(at, "\n");
	return *at ? at + 1 : NULL;
}

int64_t cgroup_value(const char *text, const char *key)
{
	for (const char *at = text; at; at = next_line(at)) {
		uint64_t value;
		if (scan_text(&at, key) && scan_text(&at, " ") &&
		    scan_decimal(&at, INT64_MAX, &value))
			return (int64_t)value;
	}
	return -1;
}

/* Microseconds of a text, as nanoseconds. */
static int64_t value_us(const char *text, const char *key)
{
	const int64_t us = cgroup_value(text, key);
	return us < 0 || us > US_MOST ? -1 : us * (int64_t)NS_PER_US;
}

int64_t cgroup_pressure_ns(const char *text)
{
	uint64_t us;
	if (!str_starts_with(text, "some "))
		return -1;
	const char *at = strstr(text, " total=");
	const char *end = strchr(text, '\n');
	if (!at || (end && at > end))
		return -1;
	at += strlen(" total=");
	return scan_decimal(&at, (uint64_t)US_MOST, &us) ? (int64_t)(us * NS_PER_US) : -1;
}

bool cgroup_cpu_max(const char *text, int64_t *quota_ns, int64_t *period_ns)
{
	uint64_t quota_us = 0, period_us;
	const char *at = text;
	const bool is_limited = !scan_text(&at, "max");
	if (is_limited && !scan_decimal(&at, (uint64_t)US_MOST, &quota_us))
		return false;
	if (!scan_text(&at, " ") || !scan_decimal(&at, (uint64_t)US_MOST, &period_us) ||
	    period_us == 0)
		return false;
	*quota_ns = is_limited ? (int64_t)(quota_us * NS_PER_US) : -1;
	*period_ns = (int64_t)(period_us * NS_PER_US);
	return true;
}

/* A comma list such as "rw,cpu,cpuacct", up to `end`. */
static bool list_has(const char *list, const char *end, const char *word)
{
	const size_t length = strlen(word);
	for (const char *at = list; at < end; at++) {
		const size_t item = strcspn(at, ",: \n");
		if (item == length && !strncmp(at, word, length))
			return true;
		at += item;
	}
	return false;
}

/* The path of a process in the hierarchy of `controller` ("": the unified one), from lines
 * "4:memory:/a/b" and "0::/a/b". */
static bool path_in(const char *groups, const char *controller, char path[CGROUP_PATH_SIZE])
{
	for (const char *line = groups; line; line = next_line(line)) {
		uint64_t number;
		const char *at = line;
		if (!scan_decimal(&at, UINT64_MAX, &number) || !scan_text(&at, ":"))
			continue;
		const char *list = at;
		at += strcspn(at, ":\n");
		const bool is_it =
			*controller ? list_has(list, at, controller) : number == 0 && at == list;
		if (!is_it || *at != ':')
			continue;
		at++;
		const size_t length = strcspn(at, "\n");
		if (*at != '/' || length >= CGROUP_PATH_SIZE)
			return false;
		memcpy(path, at, length);
		path[length] = '\0';
		return true;
	}
	return false;
}

/* A field of mountinfo, its octal escapes undone (proc_pid_mountinfo(5)). */
static bool copy_field(const char *from, size_t length, char out[CGROUP_PATH_SIZE])
{
	size_t n = 0;
	for (size_t i = 0; i < length; n++) {
		if (n + 1 >= CGROUP_PATH_SIZE)
			return false;
		const bool escaped = from[i] == '\\' && i + 3 < length;
		out[n] = escaped ? (char)strtol((const char[]){from[i + 1], from[i + 2],
							       from[i + 3], '\0'},
						NULL, 8)
				 : from[i];
		i += escaped ? 4 : 1;
	}
	out[n] = '\0';
	return true;
}

/* Root and mount point of that hierarchy, from lines
 * "36 35 98:0 /root /point rw,noatime master:1 - cgroup cgroup rw,cpu,cpuacct". */
static bool mount_of(const char *mounts, const char *controller, char root[CGROUP_PATH_SIZE],
		     char point[CGROUP_PATH_SIZE])
{
	for (const char *line = mounts; line; line = next_line(line)) {
		const char *end = line + strcspn(line, "\n");
		const char *at = line;
		if (!scan_words(&at, 3) || !scan_blanks(&at))
			continue;
		const char *root_at = at, *root_end = at + strcspn(at, " \n");
		const char *point_at = root_end + (*root_end == ' ');
		const char *point_end = point_at + strcspn(point_at, " \n");
		const char *type = strstr(point_end, " - ");
		if (!type || type >= end)
			continue;
		type += 3;
		const bool is_kind = str_starts_with(type, *controller ? "cgroup " : "cgroup2 ");
		if (!is_kind || !scan_words(&type, 2) || !scan_blanks(&type) ||
		    (*controller && !list_has(type, end, controller)))
			continue;
		return copy_field(root_at, (size_t)(root_end - root_at), root) &&
		       copy_field(point_at, (size_t)(point_end - point_at), point);
	}
	return false;
}

static bool place_in(const char *groups, const char *mounts, const char *controller,
		     struct cgroup_place *out)
{
	char path[CGROUP_PATH_SIZE], root[CGROUP_PATH_SIZE], point[CGROUP_PATH_SIZE];
	*out = (struct cgroup_place){.unified = !*controller};
	/* outside of what is mounted here: its files cannot be read */
	if (!path_in(groups, controller, path) || !mount_of(mounts, controller, root, point) ||
	    strstr(path, "/.."))
		return false;
	const size_t above = strcmp(root, "/") ? strlen(root) : 0;
	const bool is_below = !strncmp(path, root, above) && (path[above] == '/' || !path[above]);
	/* a container may see the whole path, or only its own end of it */
	const char *rest = is_below ? path + above : "";
	if (!strcmp(rest, "/"))
		rest = "";
	const int length = snprintf(out->directory, sizeof out->directory, "%s%s", point, rest);
	out->top = strlen(point);
	if (length > 0 && (size_t)length < sizeof out->directory)
		return true;
	out->directory[0] = '\0';
	return false;
}

void cgroup_find(const char *groups, const char *mounts, struct cgroup *out)
{
	if (!place_in(groups, mounts, "cpu", &out->cpu))
		place_in(groups, mounts, "", &out->cpu);
	if (!place_in(groups, mounts, "cpuacct", &out->usage))
		place_in(groups, mounts, "", &out->usage);
	if (!place_in(groups, mounts, "memory", &out->memory))
		place_in(groups, mounts, "", &out->memory);
}

static bool read_in(const char *directory, const char *name, char text[FILE_BYTES])
{
	char path[CGROUP_PATH_SIZE + 32];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	return proc_read_file(path, text, FILE_BYTES) > 0;
}

static int64_t number_in(const char *directory, const char *name)
{
	char text[FILE_BYTES];
	uint64_t value;
	const char *at = text;
	return read_in(directory, name, text) && scan_decimal(&at, INT64_MAX, &value)
		       ? (int64_t)value
		       : -1;
}

static void read_quota(const char *directory, bool unified, int64_t *quota_ns, int64_t *period_ns)
{
	char text[FILE_BYTES];
	*quota_ns = *period_ns = -1;
	if (unified) {
		if (read_in(directory, "cpu.max", text))
			(void)cgroup_cpu_max(text, quota_ns, period_ns);
		return;
	}
	/* "-1": none */
	const int64_t quota_us = number_in(directory, "cpu.cfs_quota_us");
	const int64_t period_us = number_in(directory, "cpu.cfs_period_us");
	if (quota_us < 0 || quota_us > US_MOST || period_us <= 0 || period_us > US_MOST)
		return;
	*quota_ns = quota_us * (int64_t)NS_PER_US;
	*period_ns = period_us * (int64_t)NS_PER_US;
}

/* The level above; false: this one is the top. */
static bool go_up(char directory[CGROUP_PATH_SIZE], size_t top)
{
	char *slash = strrchr(directory, '/');
	if (!slash || (size_t)(slash - directory) < top || strlen(directory) <= top)
		return false;
	*slash = '\0';
	return true;
}

static void read_cpu(const struct cgroup_place *place, struct cgroup_facts *out)
{
	char directory[CGROUP_PATH_SIZE], text[FILE_BYTES];
	str_copy(directory, sizeof directory, place->directory);
	str_copy(out->cpu_path, sizeof out->cpu_path, directory);
	double tightest = 0;
	for (int level = 0; level < LEVELS_MAX; level++) {
		int64_t quota_ns, period_ns;
		read_quota(directory, place->unified, &quota_ns, &period_ns);
		const double share = quota_ns >= 0 ? (double)quota_ns / (double)period_ns : 0;
		if (quota_ns >= 0 && (out->quota_ns < 0 || share < tightest)) {
			tightest = share;
			out->quota_ns = quota_ns;
			out->period_ns = period_ns;
			str_copy(out->cpu_path, sizeof out->cpu_path, directory);
		}
		if (!go_up(directory, place->top))
			break;
	}
	if (!read_in(out->cpu_path, "cpu.stat", text))
		return;
	out->periods = cgroup_value(text, "nr_periods");
	out->throttled_periods = cgroup_value(text, "nr_throttled");
	out->throttled_ns = place->unified ? value_us(text, "throttled_usec")
					   : cgroup_value(text, "throttled_time");
}

static void read_usage(const struct cgroup_place *place, struct cgroup_facts *out)
{
	char text[FILE_BYTES];
	if (!place->unified) {
		out->cpu_ns = number_in(place->directory, "cpuacct.usage");
		return;
	}
	if (read_in(place->directory, "cpu.stat", text))
		out->cpu_ns = value_us(text, "usage_usec");
	if (read_in(place->directory, "cpu.pressure", text))
		out->cpu_pressure_ns = cgroup_pressure_ns(text);
}

static void read_memory(const struct cgroup_place *place, struct cgroup_facts *out)
{
	char directory[CGROUP_PATH_SIZE], text[FILE_BYTES], at[CGROUP_PATH_SIZE];
	str_copy(directory, sizeof directory, place->directory);
	str_copy(at, sizeof at, directory);
	for (int level = 0; level < LEVELS_MAX; level++) {
		/* "max" is no number: no limit */
		const int64_t limit = number_in(
			directory, place->unified ? "memory.max" : "memory.limit_in_bytes");
		if (limit >= 0 && (uint64_t)limit < MEMORY_MOST &&
		    (out->memory_limit_bytes < 0 || limit < out->memory_limit_bytes)) {
			out->memory_limit_bytes = limit;
			str_copy(at, sizeof at, directory);
		}
		if (!go_up(directory, place->top))
			break;
	}
	out->memory_bytes =
		number_in(at, place->unified ? "memory.current" : "memory.usage_in_bytes");
	if (read_in(at, place->unified ? "memory.events" : "memory.oom_control", text))
		out->oom_kills = cgroup_value(text, "oom_kill");
	if (place->unified && read_in(at, "memory.pressure", text))
		out->memory_pressure_ns = cgroup_pressure_ns(text);
}

static void nothing_known(struct cgroup_facts *out)
{
	*out = (struct cgroup_facts){
		.quota_ns = -1,
		.period_ns = -1,
		.periods = -1,
		.throttled_periods = -1,
		.throttled_ns = -1,
		.cpu_ns = -1,
		.cpu_pressure_ns = -1,
		.memory_limit_bytes = -1,
		.memory_bytes = -1,
		.memory_pressure_ns = -1,
		.oom_kills = -1,
	};
}

void cgroup_read(const struct cgroup *group, struct cgroup_facts *out)
{
	nothing_known(out);
	if (*group->cpu.directory)
		read_cpu(&group->cpu, out);
	if (*group->usage.directory)
		read_usage(&group->usage, out);
	if (*group->memory.directory)
		read_memory(&group->memory, out);
}

void cgroup_read_machine(struct cgroup_facts *out)
{
	char text[FILE_BYTES];
	uint64_t total_kib, available_kib;
	nothing_known(out);
	if (proc_read_file("/proc/meminfo", text, sizeof text) > 0) {
		const char *total = strstr(text, "MemTotal:");
		const char *available = strstr(text, "MemAvailable:");
		if (total && available && proc_next_number(&total, &total_kib) &&
		    proc_next_number(&available, &available_kib) && available_kib <= total_kib) {
			out->memory_limit_bytes = (int64_t)(total_kib * 1024);
			out->memory_bytes = (int64_t)((total_kib - available_kib) * 1024);
		}
	}
	if (proc_read_file("/proc/pressure/cpu", text, sizeof text) > 0)
		out->cpu_pressure_ns = cgroup_pressure_ns(text);
	if (proc_read_file("/proc/pressure/memory", text, sizeof text) > 0)
		out->memory_pressure_ns = cgroup_pressure_ns(text);
	/* some 200 lines */
	char *vmstat = mem_alloc(VMSTAT_BYTES);
	if (proc_read_file("/proc/vmstat", vmstat, VMSTAT_BYTES) > 0)
		out->oom_kills = cgroup_value(vmstat, "oom_kill");
	free(vmstat);
}

/* Sources: proc_pid_statm(5), proc_meminfo(5), cgroups(7); Documentation/admin-guide/cgroup-v2.rst
 * and cgroup-v1/memory.rst. */
#include "agent/walk_room.h"

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#include "agent/proc_text.h"

enum { TEXT_BYTES = 8192, PATH_BYTES = 512 };

/* Of each version: where groups lie, and what their files are called. */
static const struct group_files {
	const char *root, *limit, *used, *unused_files;
} files[] = {
	{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
	 "total_inactive_file"},
	{"/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"},
};

const char *walk_room_group(const char *text, bool *is_v2)
{
	const char *v2 = NULL;

	/* "hierarchy:controllers:path"; where both versions are there, memory's is in the first */
	for (const char *line = text; line != NULL && *line != '\0';) {
		const char *names = strchr(line, ':');
		const char *path = names == NULL ? NULL : strchr(names + 1, ':');
		const char *end = strchr(line, '\n');

		if (path == NULL || (end != NULL && path > end))
			return v2;
		if (strncmp(names, ":memory:", 8) == 0) {
			*is_v2 = false;
			return path + 1;
		}
		if (path == names + 1) {
			*is_v2 = true;
			v2 = path + 1;
		}
		line = end == NULL ? NULL : end + 1;
	}
	return v2;
}

static uint64_t number_in(const char *folder, const char *name, char text[TEXT_BYTES])
{
	char path[PATH_BYTES + 64];
	const char *at = text;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return proc_text_read(path, text, TEXT_BYTES) != 0 ? proc_text_number(&at) : UINT64_MAX;
}

/* What one group has left. */
static uint64_t left_in(const char *folder, const struct group_files *f, char text[TEXT_BYTES])
{
	const uint64_t limit = number_in(folder, f->limit, text);
	uint64_t used, unused = 0;
	char path[PATH_BYTES + 64];

	if (limit == UINT64_MAX)
		return UINT64_MAX;
	used = number_in(folder, f->used, text);
	snprintf(path, sizeof(path), "%s/memory.stat", folder);
	if (proc_text_read(path, text, TEXT_BYTES) != 0 &&
	    proc_text_value(text, f->unused_files) != PROC_TEXT_NONE)
		unused = proc_text_value(text, f->unused_files);
	if (used == UINT64_MAX || used > limit + unused)
		return 0;
	return limit + unused - used;
}

/* The group and all that it is in. In a container its path may be the host's: then only the last
 * step, the root that it sees, is there. */
static uint64_t left_in_groups(char text[TEXT_BYTES])
{
	char folder[PATH_BYTES];
	uint64_t least = UINT64_MAX;
	bool is_v2 = false;
	const char *path = proc_text_read("/proc/self/cgroup", text, TEXT_BYTES) != 0
				   ? walk_room_group(text, &is_v2)
				   : NULL;
	const struct group_files *f = &files[is_v2];
	const size_t root = strlen(f->root);
	int length;

	if (path == NULL)
		return UINT64_MAX;
	length = (int)strcspn(path, "\n");
	if (root + (size_t)length >= sizeof(folder))
		return 0;
	snprintf(folder, sizeof(folder), "%s%.*s", f->root, length, path);
	for (;;) {
		const uint64_t left = left_in(folder, f, text);
		char *slash = strrchr(folder, '/');

		least = left < least ? left : least;
		if (slash == NULL || slash < folder + root)
			return least;
		*slash = '\0';
	}
}

bool walk_room_look(struct walk_room *room)
{
	char text[TEXT_BYTES];
	const char *at = text;
	uint64_t resident, shared, on_host;

	*room = (struct walk_room){0};
	/* "size resident shared …", in pages */
	if (proc_text_read("/proc/self/statm", text, sizeof(text)) == 0)
		return false;
	proc_text_number(&at);
	resident = proc_text_number(&at);
	shared = proc_text_number(&at);
	if (shared > resident || resident == PROC_TEXT_NONE)
		return false;
	room->anonymous_bytes = (resident - shared) * getauxval(AT_PAGESZ);
	if (proc_text_read("/proc/meminfo", text, sizeof(text)) == 0)
		return false;
	on_host = proc_text_value(text, "MemAvailable");
	room->free_bytes = left_in_groups(text);
	if (on_host < room->free_bytes)
		room->free_bytes = on_host;
	return room->free_bytes != UINT64_MAX;
}

uint64_t walk_room_left(const struct walk_room *room, uint32_t sharers)
{
	const uint64_t part = room->free_bytes / (sharers > 1 ? sharers : 1);
	const uint64_t kept = room->anonymous_bytes + WALK_ROOM_MARGIN_BYTES;

	return part > kept ? part - kept : 0;
}

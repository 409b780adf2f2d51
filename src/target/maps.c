#include "target/maps.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "target/access.h"

static bool parse(char *line, struct mapping *out, struct arena *arena)
{
	char rights[5];
	uint64_t start, end;
	int name = 0;
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &start,
		   &end, rights, &out->file_offset, &out->device_major, &out->device_minor,
		   &out->inode, &name) < 7 ||
	    end <= start)
		return false;
	out->start = start;
	out->end = end;
	out->executable = rights[2] == 'x';
	out->writable = rights[1] == 'w';
	out->path = name > 0 && line[name] ? arena_string(arena, line + name) : "";
	return true;
}

enum err_kind maps_read(int pid, struct arena *arena, struct maps *out, struct err *e)
{
	char path[64];
	VEC(struct mapping) all = {0};
	char *line = NULL;
	size_t size = 0;
	enum err_kind kind = ERR_OK;
	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	errno = 0;
	FILE *file = fopen(path, "re");
	if (!file)
		return access_explain(pid, errno, e);
	while (kind == ERR_OK && getline(&line, &size, file) > 0) {
		struct mapping mapping = {0};
		if (!parse(line, &mapping, arena))
			kind = ERR(e, ERR_INVALID, "%s has a line that is no mapping: %.60s", path,
				   line);
		else if (all.count == MAPS_MAX)
			kind = ERR(e, ERR_LIMIT, "process %d has more than %d mappings", pid,
				   MAPS_MAX);
		else
			*vec_push(&all) = mapping;
	}
	/* Opening succeeds for a process that may not be read; reading then says so. */
	if (kind == ERR_OK && ferror(file))
		kind = access_explain(pid, errno, e);
	if (kind == ERR_OK && all.count == 0)
		kind = access_explain(pid, ESRCH, e);
	fclose(file);
	free(line);
	if (kind == ERR_OK) {
		struct mapping *items = arena_alloc(arena, all.count * sizeof *items);
		memcpy(items, all.items, all.count * sizeof *items);
		*out = (struct maps){items, all.count};
	}
	vec_free(&all);
	return kind;
}

const struct mapping *maps_find(const struct maps *maps, uintptr_t address)
{
	size_t low = 0, high = maps->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (maps->items[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < maps->count && maps->items[low].start <= address ? &maps->items[low] : NULL;
}

static bool is_same_file(const struct mapping *a, const struct mapping *b)
{
	return a->inode == b->inode && a->device_major == b->device_major &&
	       a->device_minor == b->device_minor;
}

const struct mapping *maps_next_file(const struct maps *maps, const struct mapping *previous)
{
	const struct mapping *end = maps->items + maps->count;
	for (const struct mapping *at = previous ? previous + 1 : maps->items; at < end; at++) {
		bool seen = at->inode == 0 || at->file_offset != 0;
		for (const struct mapping *earlier = maps->items; !seen && earlier < at; earlier++)
			seen = earlier->file_offset == 0 && is_same_file(earlier, at);
		if (!seen)
			return at;
	}
	return NULL;
}

uintptr_t maps_file_end(const struct maps *maps, const struct mapping *first)
{
	uintptr_t end = first->end;
	for (size_t i = 0; i < maps->count; i++)
		if (maps->items[i].start > first->start && is_same_file(&maps->items[i], first))
			end = maps->items[i].end;
	return end;
}

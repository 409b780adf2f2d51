#include "target/maps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "base/vec.h"
#include "target/access.h"

static bool parse(char *line, struct mapping *out, struct arena *arena)
{
	const char *at = line;
	uint64_t start, end, device_major, device_minor;
	line[strcspn(line, "\n")] = '\0';
	if (!scan_hex(&at, UINTPTR_MAX, &start) || !scan_text(&at, "-") ||
	    !scan_hex(&at, UINTPTR_MAX, &end) || end <= start || !scan_text(&at, " "))
		return false;
	const char *rights = at;
	if (!scan_words(&at, 1) || at - rights != 4 || !scan_text(&at, " ") ||
	    !scan_hex(&at, UINT64_MAX, &out->file_offset) || !scan_text(&at, " ") ||
	    !scan_hex(&at, UINT32_MAX, &device_major) || !scan_text(&at, ":") ||
	    !scan_hex(&at, UINT32_MAX, &device_minor) || !scan_text(&at, " ") ||
	    !scan_decimal(&at, UINT64_MAX, &out->inode) || !scan_blanks(&at))
		return false;
	out->start = start;
	out->end = end;
	out->executable = rights[2] == 'x';
	out->writable = rights[1] == 'w';
	out->device_major = (uint32_t)device_major;
	out->device_minor = (uint32_t)device_minor;
	out->path = *at ? arena_string(arena, at) : "";
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
	fclose(file);
	free(line);
	if (kind == ERR_OK && all.count > 0) {
		struct mapping *items = arena_alloc(arena, all.count * sizeof *items);
		memcpy(items, all.items, all.count * sizeof *items);
		*out = (struct maps){items, all.count};
	} else if (kind == ERR_OK) {
		kind = access_explain(pid, ESRCH, e);
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

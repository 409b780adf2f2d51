#include "probe/heap_reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "probe/channel_map.h"
#include "probe/heap_copy.h"
#include "probe/native_reader.h"
#include "probe/walk_targets.h"
#include "recording/heap.h"

/* The recording knows the routes of so many units that ended (FINISHED_MAX): half of them. */
enum { NAME_MAX_BYTES = 64, UNITS_KNOWN = 4096 };

struct heap_reader {
	int directory;
	struct ingest *ingest;
	uint32_t pid, serial;
	uint64_t bytes_max;
	uint32_t want;        /* the last that asked for something */
	uint64_t second_next; /* number of the first row of the ring that was not read yet */
	uint64_t peak_next;   /* likewise, of peaks */
	uint64_t peaks_lost;  /* as the file says, and was passed on */
	uint64_t looked_ns, moment_ns, every_ns;
	uint64_t took_ns;      /* CPU of the last snapshot */
	struct map routes;     /* unit that made a live sample → its route */
	uint64_t routed_units; /* units that had ended when they were looked up */
	struct heap_file head; /* last copy */
	struct native_reader *natives;
	uint64_t native_ns; /* CPU of the last reading of them, which has a share of its own */
	char broken[128];
};

struct heap_reader *heap_reader_new(int directory, uint32_t pid, uint32_t serial,
				    uint64_t bytes_max, struct ingest *ingest)
{
	struct heap_reader *reader = mem_alloc(sizeof *reader);
	reader->directory = directory;
	reader->pid = pid;
	reader->serial = serial;
	reader->bytes_max = bytes_max;
	reader->ingest = ingest;
	reader->every_ns = HEAP_FIRST_NS;
	reader->natives = native_reader_new(pid, serial, ingest);
	return reader;
}

const char *heap_reader_broken(const struct heap_reader *reader)
{
	return reader->broken;
}

static void name_of(const struct heap_reader *reader, char name[NAME_MAX_BYTES])
{
	snprintf(name, NAME_MAX_BYTES, "%u-%u.heap", reader->pid, reader->serial);
}

static enum err_kind open_file(struct heap_reader *reader, struct guarded_map *map, struct err *e)
{
	char name[NAME_MAX_BYTES];
	name_of(reader, name);
	TRY(channel_map_open_whole(map, reader->directory, name, e));
	if (map->size > reader->bytes_max)
		return ERR(e, ERR_INVALID, "its heap file is larger than the channel may be");
	return ERR_OK;
}

static void read_seconds(struct heap_reader *reader, const struct guarded_map *map)
{
	struct heap_second *rows = mem_alloc(HEAP_SECONDS * sizeof *rows);
	const size_t count =
		heap_copy_seconds(map, &reader->head, reader->second_next, reader->looked_ns, rows);
	reader->second_next = reader->head.second_head;
	for (size_t i = 0; i < count && !guarded_map_is_cut(map); i++)
		ingest_heap_second(reader->ingest, reader->serial, &rows[i]);
	free(rows);
}

static void read_peaks(struct heap_reader *reader, const struct guarded_map *map)
{
	const struct heap_file *there = (const void *)map->bytes;
	struct heap_peak *rows = mem_alloc(HEAP_PEAKS * sizeof *rows);
	uint64_t lost = 0;
	const size_t count = heap_copy_peaks(map, &reader->peak_next, &lost, rows);
	const uint64_t said = atomic_load_explicit(&there->peaks_lost, memory_order_relaxed);
	if (said > reader->peaks_lost)
		lost += said - reader->peaks_lost;
	reader->peaks_lost = said;
	for (size_t i = 0; i < count && !guarded_map_is_cut(map); i++)
		ingest_heap_peak(reader->ingest, reader->serial, &rows[i],
				 reader->head.site_capacity);
	if (lost)
		ingest_heap_lost(reader->ingest, reader->serial, lost);
	free(rows);
}

/* A unit's route is known when it has ended, and not for long: it is kept as long as something that
 * it made is live. */
static void find_routes(struct heap_reader *reader, struct heap_live *lives, size_t count)
{
	struct map kept = {0};
	for (size_t i = 0; i < count; i++) {
		struct heap_live *live = &lives[i];
		const uint64_t *known = map_find(&reader->routes, live->unit);
		live->route = !live->route && known && !(live->flags & HEAP_PRE_FORK)
				      ? (uint32_t)*known
				      : ingest_heap_route(reader->ingest, reader->serial, live);
		if (live->unit && live->route)
			*map_put(&kept, live->unit, NULL) = live->route;
	}
	map_free(&reader->routes);
	reader->routes = kept;
}

/* Live samples name sites that the head has counted; the counters of these are read after. */
static enum err_kind read_moment(struct heap_reader *reader, const struct guarded_map *map,
				 const struct heap_live *lives, size_t count, uint64_t units,
				 struct arena *arena, struct err *e)
{
	struct heap_moment moment;
	uint32_t sites = 0;
	heap_sum_lives(lives, count, units, reader->looked_ns, arena, &moment);
	const struct heap_site_sums *sums = heap_copy_sites(map, &reader->head, arena, &sites);
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "its heap file was cut short");
	for (uint32_t i = 0; i < sites; i++) {
		ingest_heap_site(reader->ingest, reader->serial, &sums[i]);
		if (moment.made_bytes < HEAP_BYTES_MAX)
			moment.made_bytes += sums[i].made_bytes;
	}
	const struct heap_facts facts = {.file = &reader->head, .want = reader->want};
	ingest_heap(reader->ingest, reader->serial, &facts);
	if (ingest_heap_moment(reader->ingest, reader->serial, &moment))
		reader->every_ns *= 2;
	reader->moment_ns = reader->looked_ns;
	return ERR_OK;
}

/* Hooks are out, and what was live then has been read. */
static bool has_ended(const struct heap_reader *reader)
{
	return reader->head.ended_ns && reader->moment_ns > reader->head.ended_ns;
}

static enum err_kind read_file(struct heap_reader *reader, const struct guarded_map *map,
			       uint64_t units, bool with_moment, struct err *e)
{
	size_t count;
	const bool with_routes = with_moment || units - reader->routed_units >= UNITS_KNOWN;
	TRY(heap_copy_head(map, reader->pid, reader->serial, &reader->head, e));
	read_seconds(reader, map);
	read_peaks(reader, map);
	reader->native_ns = native_reader_drain(reader->natives, map, reader->head.site_capacity);
	if (has_ended(reader) || !with_routes)
		return ERR_OK;
	reader->routed_units = units;
	struct arena *arena = arena_new();
	struct heap_live *lives = heap_copy_lives(map, &reader->head, arena, &count);
	enum err_kind kind = ERR_OK;
	if (guarded_map_is_cut(map))
		kind = ERR(e, ERR_INVALID, "its heap file was cut short");
	else
		find_routes(reader, lives, count);
	if (kind == ERR_OK && with_moment)
		kind = read_moment(reader, map, lives, count, units, arena, e);
	arena_free(arena);
	return kind;
}

void heap_reader_drain(struct heap_reader *reader, uint32_t want, uint64_t units, bool is_last)
{
	const uint64_t now_ns = clock_now_ns();
	struct guarded_map map = {0};
	struct err e;
	if (want)
		reader->want = want;
	const uint64_t since_ns = now_ns - reader->moment_ns, began_ns = clock_thread_cpu_ns();
	const bool moment = is_last || (since_ns >= reader->every_ns &&
					since_ns / HEAP_READ_SHARE >= reader->took_ns);
	const bool look = moment || now_ns - reader->looked_ns >= NS_PER_S;
	if (*reader->broken || !look)
		return;
	reader->looked_ns = now_ns;
	reader->native_ns = 0;
	enum err_kind kind = open_file(reader, &map, &e);
	if (kind == ERR_OK)
		kind = read_file(reader, &map, units, moment, &e);
	guarded_map_close(&map);
	if (kind != ERR_OK && kind != ERR_LIMIT) {
		str_copy(reader->broken, sizeof reader->broken, e.text);
		ingest_heap_lost(reader->ingest, reader->serial, 1);
	}
	if (moment)
		reader->took_ns = clock_thread_cpu_ns() - began_ns - reader->native_ns;
}

static bool is_among(const struct walk_target *targets, size_t count, uint32_t site)
{
	for (size_t i = 0; i < count; i++)
		if (targets[i].site == site)
			return true;
	return false;
}

static size_t choose_targets(struct heap_reader *reader, const struct guarded_map *map,
			     struct arena *arena, struct walk_target *out)
{
	uint32_t sites = 0;
	size_t lives_count, count;
	const struct heap_live *lives = heap_copy_lives(map, &reader->head, arena, &lives_count);
	const struct heap_site_sums *sums = heap_copy_sites(map, &reader->head, arena, &sites);
	if (guarded_map_is_cut(map))
		return 0;
	count = walk_targets_choose(lives, lives_count, reader->head.began_ns, clock_now_ns(),
				    arena, out);
	for (uint32_t i = 0; i < sites; i++)
		if (is_among(out, count, sums[i].index))
			ingest_heap_site(reader->ingest, reader->serial, &sums[i]);
	return count;
}

size_t heap_reader_targets(struct heap_reader *reader, struct walk_target *out)
{
	struct guarded_map map = {0};
	struct err e;
	size_t count = 0;
	if (*reader->broken)
		return 0;
	/* what is wrong with it is said when it is drained */
	if (open_file(reader, &map, &e) == ERR_OK &&
	    heap_copy_head(&map, reader->pid, reader->serial, &reader->head, &e) == ERR_OK &&
	    !reader->head.ended_ns) {
		struct arena *arena = arena_new();
		count = choose_targets(reader, &map, arena, out);
		arena_free(arena);
	}
	guarded_map_close(&map);
	return count;
}

uint64_t heap_reader_close(struct heap_reader *reader, bool remove_file)
{
	struct stat st;
	uint64_t bytes = 0;
	char name[NAME_MAX_BYTES];
	if (!reader)
		return 0;
	name_of(reader, name);
	if (remove_file && fstatat(reader->directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    unlinkat(reader->directory, name, 0) == 0 && st.st_size > 0)
		bytes = (uint64_t)st.st_size;
	map_free(&reader->routes);
	native_reader_free(reader->natives);
	free(reader);
	return bytes;
}

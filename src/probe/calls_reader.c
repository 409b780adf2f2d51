#include "probe/calls_reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "probe/calls_copy.h"
#include "probe/channel_map.h"

enum { NAME_MAX_BYTES = 64 };

/* The kinds of files that are numbered: by thread; of arguments there is one. */
enum part { PART_CALLS, PART_LINES, PART_ARGUMENTS, PART_TIMELINE, PARTS };
static const char *const part_names[PARTS] = {"calls", "lines", "arguments", "timeline"};

/* One read of all files, over as many drains as it takes. */
struct round {
	bool under_way;
	bool moved;     /* in this drain */
	enum part part; /* of the next file */
	uint32_t number;
	uint64_t bytes;      /* of the files so far */
	bool callers_missed; /* of work whose caller's thread was read later */
	struct calls_ticks ticks;
	uint64_t now_ns;   /* until when calls under way have run; 0: until their last event */
	uint64_t read_ns;  /* now, in any case */
	uint64_t until_ns; /* then other processes have their turn */
	struct call_facts facts;
};

struct calls_reader {
	int directory;
	struct ingest *ingest;
	uint32_t pid, serial;
	uint64_t bytes_max;            /* of all files: what the channel may hold */
	struct guarded_map page;       /* of struct calls_process */
	struct calls_process process;  /* last copy */
	uint32_t engine, line_engine;  /* the last that counted: switched off, they count no more */
	struct calls_control control;  /* likewise the last that asked for something */
	uint32_t generation;           /* in force at the last read of all */
	struct calls_window on, off;   /* as of the last row */
	uint64_t windowed_ns, read_ns; /* when they were last written */
	bool timeline_written;
	struct round round;
	char broken[128];
};

struct calls_reader *calls_reader_new(int directory, uint32_t pid, uint32_t serial,
				      uint64_t bytes_max, struct ingest *ingest)
{
	struct calls_reader *reader = mem_alloc(sizeof *reader);
	reader->directory = directory;
	reader->pid = pid;
	reader->serial = serial;
	reader->bytes_max = bytes_max;
	reader->ingest = ingest;
	return reader;
}

const char *calls_reader_broken(const struct calls_reader *reader)
{
	return reader->broken;
}

static void break_off(struct calls_reader *reader, const char *why)
{
	if (!*reader->broken)
		str_copy(reader->broken, sizeof reader->broken, why);
}

static uint32_t files_of(const struct calls_reader *reader, enum part part)
{
	const uint32_t counts[PARTS] = {reader->process.areas, reader->process.line_areas,
					reader->process.argument_areas != 0,
					reader->process.timeline_areas};
	return counts[part] < CALL_AREAS_MAX ? counts[part] : CALL_AREAS_MAX - 1;
}

static void name_of(const struct calls_reader *reader, enum part part, uint32_t number,
		    char name[NAME_MAX_BYTES])
{
	snprintf(name, NAME_MAX_BYTES, "%u-%u.%s-%u", reader->pid, reader->serial, part_names[part],
		 number);
}

/* Beside a thread's calls, if it has them. */
static void name_of_lengths(const struct calls_reader *reader, uint32_t number,
			    char name[NAME_MAX_BYTES])
{
	snprintf(name, NAME_MAX_BYTES, "%u-%u.lengths-%u", reader->pid, reader->serial, number);
}

/* --- the process's page -------------------------------------------------- */

static bool open_page(struct calls_reader *reader)
{
	char name[NAME_MAX_BYTES];
	struct err e;
	if (reader->page.bytes)
		return true;
	snprintf(name, sizeof name, "%u-%u.calls", reader->pid, reader->serial);
	const enum err_kind kind = channel_map_open(&reader->page, reader->directory, name, &e);
	if (kind != ERR_OK && kind != ERR_LIMIT)
		break_off(reader, e.text);
	return kind == ERR_OK;
}

/* False: it is not there yet, or not to be believed. */
static bool read_page(struct calls_reader *reader)
{
	struct calls_process *process = &reader->process;
	if (*reader->broken || !open_page(reader))
		return false;
	const struct calls_process *there = (const void *)reader->page.bytes;
	if (atomic_load_explicit(&there->magic, memory_order_acquire) == 0)
		return false;
	calls_copy_words(process, there, sizeof *process);
	process->reason[CALLS_REASON - 1] = process->line_reason[CALLS_REASON - 1] = '\0';
	if (process->magic != CALLS_PROCESS_MAGIC || process->pid != reader->pid ||
	    process->serial != reader->serial)
		break_off(reader, "its page of calls is not its own");
	else if (process->abi != CALLS_ABI)
		break_off(reader, "its calls are of another version of the agent");
	else if (guarded_map_is_cut(&reader->page))
		break_off(reader, "its page of calls was cut short");
	if (process->engine)
		reader->engine = process->engine;
	if (process->line_engine)
		reader->line_engine = process->line_engine;
	process->engine = reader->engine;
	process->line_engine = reader->line_engine;
	return !*reader->broken;
}

/* --- windows ------------------------------------------------------------- */

static uint64_t grown(uint64_t now, uint64_t before)
{
	return now > before && now - before < CALL_NS_MAX ? now - before : 0;
}

static struct calls_window grown_window(const struct calls_window *now,
					const struct calls_window *before)
{
	return (struct calls_window){
		.units = grown(now->units, before->units),
		.wall_ns = grown(now->wall_ns, before->wall_ns),
		.cpu_ns = grown(now->cpu_ns, before->cpu_ns),
		.events = grown(now->events, before->events),
	};
}

static void write_window(struct calls_reader *reader, uint64_t now_ns)
{
	const struct calls_window on = grown_window(&reader->process.on, &reader->on);
	const struct calls_window off = grown_window(&reader->process.off, &reader->off);
	reader->on = reader->process.on;
	reader->off = reader->process.off;
	reader->windowed_ns = now_ns;
	if (on.units || off.units)
		ingest_call_window(reader->ingest, reader->serial, now_ns, &on, &off);
}

/* --- threads ------------------------------------------------------------- */

static enum err_kind open_file(struct calls_reader *reader, const char *name,
			       struct guarded_map *map, struct err *e)
{
	TRY(channel_map_open_whole(map, reader->directory, name, e));
	reader->round.bytes += map->size;
	if (reader->round.bytes > reader->bytes_max)
		return ERR(e, ERR_INVALID, "its files of calls are larger than the channel may be");
	return ERR_OK;
}

/* Of a thread whose calls' lengths are kept; else *out is of no file. */
static enum err_kind open_lengths(struct calls_reader *reader, const struct guarded_map *map,
				  uint32_t number, struct guarded_map *out, struct err *e)
{
	char name[NAME_MAX_BYTES];
	*out = (struct guarded_map){0};
	if (!calls_copy_has_lengths(map))
		return ERR_OK;
	name_of_lengths(reader, number, name);
	return open_file(reader, name, out, e);
}

static enum err_kind read_tree(struct calls_reader *reader, const struct guarded_map *map,
			       uint32_t number, struct arena *arena, struct err *e)
{
	struct call_tree tree;
	struct guarded_map lengths;
	enum err_kind kind = open_lengths(reader, map, number, &lengths, e);
	if (kind == ERR_OK)
		kind = calls_copy_tree(map, &lengths, &reader->round.ticks, reader->round.now_ns,
				       arena, &tree, &reader->round.facts.events, e);
	const bool is_cut =
		guarded_map_is_cut(map) || (lengths.bytes && guarded_map_is_cut(&lengths));
	guarded_map_close(&lengths);
	if (kind != ERR_OK)
		return kind;
	if (is_cut)
		return ERR(e, ERR_INVALID, "a file of calls was cut short");
	tree.area = number;
	if (!ingest_call_tree(reader->ingest, reader->serial, &tree))
		reader->round.callers_missed = true;
	return ERR_OK;
}

static enum err_kind read_lines(struct calls_reader *reader, const struct guarded_map *map,
				uint32_t number, struct arena *arena, struct err *e)
{
	struct call_lines lines;
	TRY(calls_copy_lines(map, &reader->round.ticks, arena, &lines, e));
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "a file of lines was cut short");
	reader->round.facts.line_events += lines.events;
	reader->round.facts.lost_lines += lines.lost;
	reader->round.facts.lost_line_count += lines.lost_lines;
	reader->round.facts.lost_line_ns += lines.lost_ns;
	reader->round.facts.line_cost_ns += lines.cost_ns;
	ingest_call_lines(reader->ingest, reader->serial, number, lines.tid, lines.lines,
			  lines.count);
	return ERR_OK;
}

static enum err_kind read_arguments(struct calls_reader *reader, const struct guarded_map *map,
				    uint32_t number, struct arena *arena, struct err *e)
{
	struct call_arguments_all all;
	(void)number;
	TRY(calls_copy_arguments(map, &reader->round.ticks, arena, &all, e));
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "a file of arguments was cut short");
	ingest_call_arguments(reader->ingest, reader->serial, all.functions, all.count,
			      all.left_out);
	return ERR_OK;
}

static enum err_kind read_timeline(struct calls_reader *reader, const struct guarded_map *map,
				   uint32_t number, struct arena *arena, struct err *e)
{
	struct call_timeline timeline;
	(void)number;
	TRY(calls_copy_timeline(map, &reader->round.ticks, reader->round.read_ns, arena, &timeline,
				e));
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "a timeline was cut short");
	ingest_call_events(reader->ingest, reader->serial, timeline.tid, timeline.events,
			   timeline.count);
	return ERR_OK;
}

static enum err_kind (*const readers[PARTS])(struct calls_reader *, const struct guarded_map *,
					     uint32_t, struct arena *, struct err *) = {
	read_tree, read_lines, read_arguments, read_timeline};

static void read_file(struct calls_reader *reader, enum part part, uint32_t number)
{
	char name[NAME_MAX_BYTES];
	struct guarded_map map = {0};
	struct err e;
	name_of(reader, part, number, name);
	enum err_kind kind = open_file(reader, name, &map, &e);
	if (kind == ERR_OK) {
		struct arena *arena = arena_new();
		kind = readers[part](reader, &map, number, arena, &e);
		arena_free(arena);
	}
	guarded_map_close(&map);
	if (kind != ERR_OK && kind != ERR_LIMIT)
		break_off(reader, e.text);
}

/* From the round's next file on; false: its time was over before. */
static bool read_part(struct calls_reader *reader, enum part part)
{
	struct round *round = &reader->round;
	while (round->number <= files_of(reader, part) && !*reader->broken) {
		/* one file in any case, or a process behind slow ones would never be read */
		if (round->moved && clock_now_ns() >= round->until_ns)
			return false;
		round->moved = true;
		read_file(reader, part, round->number++);
	}
	round->number = 1;
	return true;
}

static bool read_parts(struct calls_reader *reader, bool is_last)
{
	struct round *round = &reader->round;
	for (; round->part < PARTS; round->part++) {
		if (round->part == PART_TIMELINE) {
			if (!is_last || reader->timeline_written)
				continue;
			reader->timeline_written = true;
		}
		if (!read_part(reader, round->part))
			return false;
	}
	return true;
}

/* Now all threads are known that may have asked for work: only rows without a caller change. Where
 * there is no time, it stays unknown. */
static void read_missed_callers(struct calls_reader *reader)
{
	const uint64_t events = reader->round.facts.events;
	reader->round.bytes = 0;
	read_part(reader, PART_CALLS);
	reader->round.facts.events = events;
}

static void lose_rest(struct calls_reader *reader)
{
	const struct round *round = &reader->round;
	uint64_t files = 0;
	char why[sizeof reader->broken];
	for (int part = (int)round->part; part < PARTS; part++)
		files += files_of(reader, (enum part)part);
	files -= round->number - 1;
	snprintf(why, sizeof why,
		 "there was no time for %llu of its files; count less, by a pattern",
		 (unsigned long long)files);
	break_off(reader, why);
	ingest_calls_lost(reader->ingest, reader->serial, files);
}

static void begin_round(struct calls_reader *reader)
{
	reader->round = (struct round){.under_way = true, .number = 1};
	reader->read_ns = clock_now_ns();
}

static void read_all(struct calls_reader *reader, enum calls_moment moment, uint64_t now_ns,
		     uint64_t until_ns)
{
	const bool goes_on = moment != CALLS_PROCESS_GONE && !reader->process.ended_ns;
	const bool is_last = moment != CALLS_MEANWHILE;
	struct round *round = &reader->round;
	struct calls_ticks ticks;
	if (!calls_ticks_read(&reader->process, &ticks))
		return; /* its clock has only begun */
	if (is_last || !round->under_way)
		begin_round(reader);
	reader->generation = reader->process.generation;
	round->moved = false;
	round->ticks = ticks;
	round->now_ns = goes_on ? now_ns : 0;
	round->read_ns = now_ns;
	round->until_ns = until_ns;
	const bool done = read_parts(reader, is_last);
	if (!done && !is_last)
		return;
	if (!done)
		lose_rest(reader);
	else if (is_last && round->callers_missed)
		read_missed_callers(reader);
	round->under_way = false;
	round->facts.process = &reader->process;
	round->facts.control = &reader->control;
	round->facts.tick_ns = (double)ticks.span_ns / (double)ticks.span_ticks;
	ingest_calls(reader->ingest, reader->serial, &round->facts);
}

/* A change is in force since all was read last. */
static bool has_changed(const struct calls_reader *reader)
{
	const struct calls_process *there = (const void *)reader->page.bytes;
	return there &&
	       atomic_load_explicit(&there->generation, memory_order_acquire) != reader->generation;
}

static void keep_control(struct calls_reader *reader, const struct calls_control *control)
{
	if (control && control->want)
		memcpy(&reader->control, control, sizeof reader->control);
}

void calls_reader_drain(struct calls_reader *reader, const struct calls_control *control,
			enum calls_moment moment, uint64_t until_ns)
{
	const uint64_t now_ns = clock_now_ns(), since_ns = now_ns - reader->read_ns;
	const bool is_last = moment != CALLS_MEANWHILE;
	const bool all = is_last || reader->round.under_way || since_ns >= CALLS_READ_NS ||
			 (since_ns >= CALLS_CHANGED_NS && has_changed(reader));
	const bool window = is_last || now_ns - reader->windowed_ns >= NS_PER_S;
	keep_control(reader, control);
	if ((!all && !window) || !read_page(reader))
		return;
	if (window)
		write_window(reader, now_ns);
	if (all)
		read_all(reader, moment, now_ns, until_ns);
}

/* --- end ----------------------------------------------------------------- */

static uint64_t remove_file(const struct calls_reader *reader, const char *name)
{
	struct stat st;
	if (fstatat(reader->directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    unlinkat(reader->directory, name, 0) != 0)
		return 0;
	return st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

uint64_t calls_reader_close(struct calls_reader *reader, bool remove_files)
{
	char name[NAME_MAX_BYTES];
	uint64_t bytes = 0;
	if (!reader)
		return 0;
	const bool has_files = reader->page.bytes;
	guarded_map_close(&reader->page);
	if (remove_files && has_files) {
		snprintf(name, sizeof name, "%u-%u.calls", reader->pid, reader->serial);
		bytes += remove_file(reader, name);
		for (int part = 0; part < PARTS; part++)
			for (uint32_t number = 1; number <= files_of(reader, (enum part)part);
			     number++) {
				name_of(reader, (enum part)part, number, name);
				bytes += remove_file(reader, name);
			}
		for (uint32_t number = 1; number <= files_of(reader, PART_CALLS); number++) {
			name_of_lengths(reader, number, name);
			bytes += remove_file(reader, name);
		}
	}
	free(reader);
	return bytes;
}

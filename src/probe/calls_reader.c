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

struct calls_reader {
	int directory;
	struct ingest *ingest;
	uint32_t pid, serial;
	struct guarded_map page;       /* of struct calls_process */
	struct calls_process process;  /* last copy */
	uint32_t engine, line_engine;  /* the last that counted: switched off, they count no more */
	struct calls_control control;  /* likewise the last that asked for something */
	uint32_t generation;           /* in force at the last read of all */
	struct calls_window on, off;   /* as of the last row */
	uint64_t windowed_ns, read_ns; /* when they were last written */
	bool timeline_written;
	char broken[128];
};

struct calls_reader *calls_reader_new(int directory, uint32_t pid, uint32_t serial,
				      struct ingest *ingest)
{
	struct calls_reader *reader = mem_alloc(sizeof *reader);
	reader->directory = directory;
	reader->pid = pid;
	reader->serial = serial;
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

/* The kinds of files that are numbered by thread. */
enum part { PART_CALLS, PART_LINES, PART_TIMELINE, PARTS };
static const char *const part_names[PARTS] = {"calls", "lines", "timeline"};

static uint32_t files_of(const struct calls_reader *reader, enum part part)
{
	const uint32_t counts[PARTS] = {reader->process.areas, reader->process.line_areas,
					reader->process.timeline_areas};
	return counts[part] < CALL_AREAS_MAX ? counts[part] : CALL_AREAS_MAX - 1;
}

static void name_of(const struct calls_reader *reader, enum part part, uint32_t number,
		    char name[NAME_MAX_BYTES])
{
	snprintf(name, NAME_MAX_BYTES, "%u-%u.%s-%u", reader->pid, reader->serial, part_names[part],
		 number);
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

/* What all files of a read share. */
struct round {
	struct calls_reader *reader;
	struct calls_ticks ticks;
	uint64_t now_ns;  /* until when calls under way have run; 0: until their last event */
	uint64_t read_ns; /* now, in any case */
	struct call_facts facts;
};

static enum err_kind read_tree(struct round *round, const struct guarded_map *map, uint32_t number,
			       struct arena *arena, struct err *e)
{
	struct call_tree tree;
	TRY(calls_copy_tree(map, &round->ticks, round->now_ns, arena, &tree, &round->facts.events,
			    e));
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "a file of calls was cut short");
	tree.area = number;
	ingest_call_tree(round->reader->ingest, round->reader->serial, &tree);
	return ERR_OK;
}

static enum err_kind read_lines(struct round *round, const struct guarded_map *map, uint32_t number,
				struct arena *arena, struct err *e)
{
	struct call_lines lines;
	TRY(calls_copy_lines(map, &round->ticks, arena, &lines, e));
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "a file of lines was cut short");
	round->facts.line_events += lines.events;
	round->facts.lost_lines += lines.lost;
	ingest_call_lines(round->reader->ingest, round->reader->serial, number, lines.tid,
			  lines.lines, lines.count);
	return ERR_OK;
}

static enum err_kind read_timeline(struct round *round, const struct guarded_map *map,
				   uint32_t number, struct arena *arena, struct err *e)
{
	struct call_timeline timeline;
	(void)number;
	TRY(calls_copy_timeline(map, &round->ticks, round->read_ns, arena, &timeline, e));
	if (guarded_map_is_cut(map))
		return ERR(e, ERR_INVALID, "a timeline was cut short");
	ingest_call_events(round->reader->ingest, round->reader->serial, timeline.tid,
			   timeline.events, timeline.count);
	return ERR_OK;
}

static enum err_kind (*const readers[PARTS])(struct round *, const struct guarded_map *, uint32_t,
					     struct arena *,
					     struct err *) = {read_tree, read_lines, read_timeline};

static void read_part(struct round *round, enum part part)
{
	struct calls_reader *reader = round->reader;
	for (uint32_t number = 1; number <= files_of(reader, part) && !*reader->broken; number++) {
		char name[NAME_MAX_BYTES];
		struct guarded_map map = {0};
		struct err e;
		name_of(reader, part, number, name);
		enum err_kind kind = channel_map_open(&map, reader->directory, name, &e);
		if (kind == ERR_OK) {
			struct arena *arena = arena_new();
			kind = readers[part](round, &map, number, arena, &e);
			arena_free(arena);
		}
		guarded_map_close(&map);
		if (kind != ERR_OK && kind != ERR_LIMIT)
			break_off(reader, e.text);
	}
}

static void read_all(struct calls_reader *reader, enum calls_moment moment, uint64_t now_ns)
{
	const bool goes_on = moment != CALLS_PROCESS_GONE && !reader->process.ended_ns;
	struct round round = {
		.reader = reader,
		.now_ns = goes_on ? now_ns : 0,
		.read_ns = now_ns,
		.facts = {.process = &reader->process, .control = &reader->control},
	};
	if (!calls_ticks_read(&reader->process, &round.ticks))
		return; /* its clock has only begun */
	round.facts.tick_ns = (double)round.ticks.span_ns / (double)round.ticks.span_ticks;
	reader->read_ns = now_ns;
	reader->generation = reader->process.generation;
	read_part(&round, PART_CALLS);
	read_part(&round, PART_LINES);
	if (moment != CALLS_MEANWHILE && !reader->timeline_written) {
		reader->timeline_written = true;
		read_part(&round, PART_TIMELINE);
	}
	ingest_calls(reader->ingest, reader->serial, &round.facts);
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
			enum calls_moment moment)
{
	const uint64_t now_ns = clock_now_ns(), since_ns = now_ns - reader->read_ns;
	const bool all = moment != CALLS_MEANWHILE || since_ns >= CALLS_READ_NS ||
			 (since_ns >= CALLS_CHANGED_NS && has_changed(reader));
	keep_control(reader, control);
	if ((!all && now_ns - reader->windowed_ns < NS_PER_S) || !read_page(reader))
		return;
	write_window(reader, now_ns);
	if (all)
		read_all(reader, moment, now_ns);
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
	}
	free(reader);
	return bytes;
}

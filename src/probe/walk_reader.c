#include "probe/walk_reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "probe/channel_map.h"
#include "probe/outside_walk.h"
#include "probe/walk_text.h"
#include "recording/walks.h"

/* A process that comes to a walk makes the last one that was asked for; the one before may still be
 * under way. */
enum { NUMBERS_KEPT = 4, NAME_BYTES = 64, EXPRESSION_BYTES = 2000 };
enum { TYPES_MAX = 1 << 20, EDGES_MAX = 1 << 16 };

struct walk_reader {
	int directory;
	uint32_t pid, serial;
	uint64_t bytes_max;
	struct ingest *ingest;
	uint32_t done[NUMBERS_KEPT]; /* numbers that were read, each in its place */
	bool failure_said, ask_failure_said, outside_said;
	int pid_here;                 /* 0: it is not read from outside */
	struct outside_walk *outside; /* under way; NULL: none is */
	struct walk_file refused;     /* what the process said instead of it */
};

struct walk_reader *walk_reader_new(int directory, uint32_t pid, uint32_t serial,
				    uint64_t bytes_max, struct ingest *ingest)
{
	struct walk_reader *reader = mem_alloc(sizeof *reader);
	reader->directory = directory;
	reader->pid = pid;
	reader->serial = serial;
	reader->bytes_max = bytes_max;
	reader->ingest = ingest;
	return reader;
}

void walk_reader_free(struct walk_reader *reader)
{
	if (reader)
		outside_walk_drop(reader->outside);
	free(reader);
}

void walk_reader_read_outside(struct walk_reader *reader, int pid)
{
	reader->pid_here = pid;
}

/* --- asking --------------------------------------------------------------- */

static uint64_t remove_file(const struct walk_reader *reader, const char *kind, uint32_t number)
{
	char name[NAME_BYTES];
	struct stat st;
	snprintf(name, sizeof name, "%u-%u.%s-%u", reader->pid, reader->serial, kind, number);
	if (fstatat(reader->directory, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    unlinkat(reader->directory, name, 0) != 0)
		return 0;
	return st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

static bool write_ask(const struct walk_reader *reader, uint32_t number, const struct walk_ask *ask)
{
	char name[NAME_BYTES];
	snprintf(name, sizeof name, "%u-%u.ask-%u", reader->pid, reader->serial, number);
	/* a name that is there is none of ours */
	const int fd = openat(reader->directory, name,
			      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	const bool whole = write(fd, ask, sizeof *ask) == (ssize_t)sizeof *ask;
	close(fd);
	if (!whole)
		remove_file(reader, "ask", number);
	return whole;
}

void walk_reader_ask(struct walk_reader *reader, uint32_t number, const struct walk_target *targets,
		     size_t count)
{
	struct walk_ask ask = {.magic = WALK_ASK_MAGIC, .abi = WALK_ABI, .count = (uint32_t)count};
	if (number > NUMBERS_KEPT) /* it was skipped */
		remove_file(reader, "ask", number - NUMBERS_KEPT);
	if (!count)
		return;
	memcpy(ask.targets, targets, count * sizeof *targets);
	if (!write_ask(reader, number, &ask) && !reader->ask_failure_said) {
		reader->ask_failure_said = true;
		log_warn("process %u: its walks look for what is largest alone: whom else to look "
			 "for cannot be written into the channel's directory; is its disk full?",
			 reader->pid);
	}
}

/* --- the file ------------------------------------------------------------- */

/* All of it, copied. */
struct walk_copy {
	struct walk_file file;
	const char *bytes; /* from the begin of the file */
	const struct walk_type *types;
	const struct walk_chain *chains;
	const struct walk_edge *edges;
	const char *text;
};

/* `count` items at `at`, behind the page and within the file; NULL: they are not. */
static const void *part(const struct walk_copy *copy, size_t size, uint64_t at, uint32_t count,
			size_t item)
{
	const bool fits = at >= WALK_PAGE && at % sizeof(uint64_t) == 0 && at <= size &&
			  count <= (size - at) / item;
	return fits ? copy->bytes + at : NULL;
}

static enum err_kind check(struct walk_copy *copy, size_t size, struct err *e)
{
	const struct walk_file *file = &copy->file;
	copy->types = part(copy, size, file->types_at, file->types, sizeof *copy->types);
	copy->chains = part(copy, size, file->chains_at, file->chains, sizeof *copy->chains);
	copy->edges = part(copy, size, file->edges_at, file->edges, sizeof *copy->edges);
	copy->text = part(copy, size, file->text_at, file->text_bytes, 1);
	if (file->types > TYPES_MAX || file->chains > WALK_TARGETS || file->edges > EDGES_MAX ||
	    !copy->types || !copy->chains || !copy->edges || !copy->text)
		return ERR(e, ERR_INVALID, "a walk's file names places that it does not have");
	return ERR_OK;
}

static struct walk_name name_at(const struct walk_copy *copy, struct walk_text text)
{
	const uint32_t bytes = copy->file.text_bytes;
	if (text.at > bytes || text.length > bytes - text.at)
		return (struct walk_name){0};
	return (struct walk_name){copy->text + text.at, text.length};
}

static struct walk_name type_name(const struct walk_copy *copy, uint32_t type)
{
	return type < copy->file.types ? name_at(copy, copy->types[type].name)
				       : (struct walk_name){0};
}

/* --- rows ----------------------------------------------------------------- */

static int64_t known(uint64_t value)
{
	return value < WALK_COUNT_MAX ? (int64_t)value : -1;
}

static int more_bytes_first(const void *a, const void *b)
{
	const struct walk_type_row *left = a, *right = b;
	if (left->bytes != right->bytes)
		return left->bytes < right->bytes ? 1 : -1;
	return left->count < right->count ? 1 : left->count > right->count ? -1 : 0;
}

static void make_types(const struct walk_copy *copy, struct arena *arena,
		       struct walk_row_facts *facts)
{
	struct walk_type_row *rows = arena_alloc(arena, (copy->file.types + 1) * sizeof *rows);
	for (uint32_t i = 0; copy->types && i < copy->file.types; i++) {
		const struct walk_type *type = &copy->types[i];
		if (type->count)
			rows[facts->type_count++] = (struct walk_type_row){
				.name = name_at(copy, type->name),
				.count = type->count,
				.tracked = type->tracked,
				.bytes = type->bytes,
				.deep_bytes = known(type->deep_bytes),
				.garbage_count = known(type->garbage_count),
				.garbage_bytes = known(type->garbage_bytes),
				.is_class = (type->flags & WALK_TYPE_HEAP) != 0,
			};
	}
	qsort(rows, facts->type_count, sizeof *rows, more_bytes_first);
	facts->types = rows;
}

/* The last holder that has a len(): the container it is in. */
static void note_container(const struct walk_copy *copy, const struct walk_edge *edges,
			   uint32_t count, struct walk_holder_row *row)
{
	row->in_length = -1;
	for (uint32_t i = count; i-- > 1;) {
		/* a module's or a class's names are no container of the program's */
		if (edges[i].kind == WALK_VARIABLE || known(edges[i].length) < 0)
			continue;
		row->in_type = type_name(copy, edges[i].holder);
		row->in_length = known(edges[i].length);
		return;
	}
}

static bool make_holder(const struct walk_copy *copy, const struct walk_chain *chain,
			struct arena *arena, struct walk_holder_row *row)
{
	const struct walk_file *file = &copy->file;
	struct str text;
	if (chain->first_edge > file->edges || !chain->edges ||
	    chain->edges > file->edges - chain->first_edge)
		return false;
	const struct walk_edge *edges = copy->edges + chain->first_edge;
	const char *root = walk_root_name(edges[0].kind);
	if (!root)
		return false;
	const bool is_cache = edges[0].kind == WALK_CACHE;
	*row = (struct walk_holder_row){
		.type = type_name(copy, chain->type),
		.bytes = chain->bytes,
		.deep_bytes = known(chain->deep_bytes),
		.shared_bytes = known(chain->shared_bytes),
		.length = known(chain->length),
		.site = chain->site == WALK_NO_SITE ? -1 : (int64_t)chain->site,
		.maybe_recycled = (chain->flags & WALK_MAYBE_RECYCLED) != 0,
		.root = root,
		.label = name_at(copy, edges[0].label),
		.cache_entries = is_cache ? known(edges[0].length) : -1,
		.cache_limit = is_cache ? known(edges[0].numbers[0]) : -1,
		.cache_hits = is_cache ? known(edges[0].numbers[1]) : -1,
		.cache_misses = is_cache ? known(edges[0].numbers[2]) : -1,
		.references = chain->references,
		.found = chain->found,
	};
	note_container(copy, edges, chain->edges, row);
	str_init(&text, EXPRESSION_BYTES);
	walk_text_write(edges, chain->edges, copy->text, file->text_bytes, &text);
	row->expression = arena_string(arena, text.text);
	str_free(&text);
	return true;
}

static void make_holders(const struct walk_copy *copy, struct arena *arena,
			 struct walk_row_facts *facts)
{
	struct walk_holder_row *rows = arena_alloc(arena, (copy->file.chains + 1) * sizeof *rows);
	for (uint32_t i = 0; i < copy->file.chains; i++)
		if (make_holder(copy, &copy->chains[i], arena, &rows[facts->holder_count]))
			facts->holder_count++;
	facts->holders = rows;
}

static struct walk_row_facts facts_of(const struct walk_file *file, const char *reason)
{
	return (struct walk_row_facts){
		.how = WALK_FORKED,
		.number = file->number,
		.state = reason ? "failed" : "done",
		.reason = reason,
		.cut = (file->flags & WALK_CUT) != 0,
		.holders_cut = (file->flags & WALK_CHAINS_CUT) != 0,
		.begun_ns = file->begun_ns,
		.pause_ns = file->pause_ns,
		.held_ns = file->held_ns,
		.took_ns = file->took_ns,
		.cpu_ns = file->cpu_ns,
		.anonymous_bytes = file->anonymous_bytes,
		.room_bytes = file->room_bytes,
		.objects = file->objects,
		.tracked = file->tracked,
		.references = file->references,
		.bytes = file->bytes,
		.garbage_objects = known(file->garbage_objects),
		.garbage_bytes = known(file->garbage_bytes),
		.trim_bytes = known(file->trim_bytes),
		.changed = -1,
	};
}

static void say_failure(struct walk_reader *reader, const char *reason)
{
	if (!reader->failure_said)
		log_warn("process %u: its heap was not walked: %s", reader->pid, reason);
	reader->failure_said = true;
}

static void hand_over(struct walk_reader *reader, const struct walk_copy *copy, const char *reason,
		      struct arena *arena)
{
	struct walk_row_facts facts = facts_of(&copy->file, reason);
	if (!reason) {
		make_types(copy, arena, &facts);
		make_holders(copy, arena, &facts);
	} else {
		say_failure(reader, reason);
	}
	ingest_walk(reader->ingest, reader->serial, &facts);
}

/* --- from outside ----------------------------------------------------------- */

/* Whom it was to look for, as it was written; its directory is the process's, too. */
static void read_ask(const struct walk_reader *reader, uint32_t number, struct walk_ask *ask)
{
	char name[NAME_BYTES];
	*ask = (struct walk_ask){0};
	snprintf(name, sizeof name, "%u-%u.ask-%u", reader->pid, reader->serial, number);
	const int fd =
		openat(reader->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (read(fd, ask, sizeof *ask) != (ssize_t)sizeof *ask || ask->magic != WALK_ASK_MAGIC ||
	    ask->abi != WALK_ABI || ask->count > WALK_TARGETS)
		*ask = (struct walk_ask){0};
	close(fd);
}

/* What the process refused, of which `refused` is its word. False: another one is under way. */
static bool begin_outside(struct walk_reader *reader, const struct walk_file *refused)
{
	struct walk_ask ask;
	if (reader->outside)
		return false;
	read_ask(reader, refused->number, &ask);
	reader->outside = outside_walk_begin(reader->pid_here, ask.targets, ask.count);
	if (!reader->outside)
		return false;
	reader->refused = *refused;
	if (!reader->outside_said)
		log_info("process %u: its heap is read from outside: %s", reader->pid,
			 refused->reason);
	reader->outside_said = true;
	return true;
}

/* `is_last`: it is waited for. */
static void look_outside(struct walk_reader *reader, bool is_last)
{
	struct err e;
	if (!reader->outside || (!is_last && !outside_walk_is_done(reader->outside)))
		return;
	const struct walk_row_facts asked = facts_of(&reader->refused, reader->refused.reason);
	if (outside_walk_end(reader->outside, reader->serial, &asked, reader->ingest, &e) != ERR_OK)
		say_failure(reader, e.text);
	reader->outside = NULL;
}

/* --- reading -------------------------------------------------------------- */

enum progress { NOT_THERE, UNDER_WAY, READ };

static enum progress look(struct walk_reader *reader, const struct guarded_map *map, bool is_last,
			  struct arena *arena)
{
	struct err e = {0};
	const struct walk_file *there = (const void *)map->bytes;
	if (atomic_load_explicit(&there->magic, memory_order_acquire) != WALK_MAGIC)
		return NOT_THERE;
	const uint32_t state = atomic_load_explicit(&there->state, memory_order_acquire);
	if ((state == WALK_BEGUN || state == WALK_WRITTEN) && !is_last)
		return UNDER_WAY;
	struct walk_copy copy = {.bytes = arena_alloc(arena, map->size)};
	memcpy((char *)copy.bytes, map->bytes, map->size);
	memcpy(&copy.file, copy.bytes, sizeof copy.file);
	copy.file.reason[WALK_REASON - 1] = '\0';
	/* it is printed: no escape sequence of a process reaches the terminal */
	for (char *c = copy.file.reason; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	const char *reason = state == WALK_DONE || state == WALK_WRITTEN ? NULL
			     : state == WALK_FAILED                      ? copy.file.reason
						    : "the process ended before its walk did";
	if (guarded_map_is_cut(map))
		ERR(&e, ERR_INVALID, "a walk's file was cut short");
	else if (copy.file.abi != WALK_ABI || copy.file.pid != reader->pid ||
		 copy.file.serial != reader->serial)
		ERR(&e, ERR_INVALID, "a walk's file is not its own, or of another version");
	else if (!reason)
		(void)check(&copy, map->size, &e);
	else if (state == WALK_FAILED && reader->pid_here && !is_last)
		return begin_outside(reader, &copy.file) ? READ : UNDER_WAY;
	if (e.kind == ERR_OK)
		hand_over(reader, &copy, reason, arena);
	else
		log_warn("process %u: a walk of its heap was left alone: %s", reader->pid, e.text);
	return READ;
}

static uint64_t read_one(struct walk_reader *reader, uint32_t number, bool is_last)
{
	char name[NAME_BYTES];
	struct guarded_map map = {0};
	struct err e;
	snprintf(name, sizeof name, "%u-%u.walk-%u", reader->pid, reader->serial, number);
	enum err_kind kind = channel_map_open_whole(&map, reader->directory, name, &e);
	if (kind == ERR_OK && map.size > reader->bytes_max)
		kind = ERR(&e, ERR_INVALID, "its file is larger than the channel may be");
	if (kind == ERR_LIMIT)
		return 0;
	enum progress progress = READ;
	if (kind == ERR_OK) {
		struct arena *arena = arena_new();
		progress = look(reader, &map, is_last, arena);
		arena_free(arena);
	} else {
		log_warn("process %u: a walk of its heap was left alone: %s", reader->pid, e.text);
	}
	guarded_map_close(&map);
	if (progress != READ)
		return 0;
	reader->done[number % NUMBERS_KEPT] = number;
	remove_file(reader, "ask", number); /* ours: not counted */
	return remove_file(reader, "walk", number);
}

uint64_t walk_reader_drain(struct walk_reader *reader, uint32_t asked, bool is_last)
{
	uint64_t removed = 0;
	look_outside(reader, is_last);
	const uint32_t first = asked > NUMBERS_KEPT ? asked - NUMBERS_KEPT + 1 : 1;
	for (uint32_t number = first; number <= asked && number; number++)
		if (reader->done[number % NUMBERS_KEPT] != number) {
			removed += read_one(reader, number, is_last);
			if (is_last)
				remove_file(reader, "ask", number);
		}
	return removed;
}

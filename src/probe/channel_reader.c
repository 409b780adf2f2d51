#include "probe/channel_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "probe/channel_dict.h"
#include "probe/channel_map.h"
#include "probe/guarded_map.h"

enum { RINGS_MAX = 4096, CAPACITY_MAX = 1 << 20, NAME_MAX_BYTES = 48 };
/* A ring that one drain finds filled to this part of it asks for the next one soon. */
enum { BUSY_PART = 8 };
/* A record may not lie further in the future than the clocks of two CPUs. */
#define FUTURE_NS (UINT64_C(1) * NS_PER_S)
/* Eleven days of hooks in one ring: sums of what a process claims stay far from overflow. */
#define HOOK_NS_MAX (UINT64_C(1000000) * NS_PER_S)

/* The unit that began last in a ring, and its thread. A ring outlives its thread: by the time it is
 * read, ring->tid may be the next owner's (a thread a request), but a unit's own records are in the
 * ring in which it began. */
struct begun {
	uint64_t unit;
	uint32_t tid;
};

/* A run of rings with its geometry as checked when it was opened. */
struct ring_file {
	struct guarded_map map;
	struct channel_ring *rings;
	const struct channel_record *records;
	uint32_t ring_count;
	uint32_t capacity;
	struct begun *begun;
	uint64_t *heads; /* as read at the beginning of this drain */
	uint64_t *tails; /* ours; the file's copy is never read */
};

struct channel_reader {
	int directory;
	struct ingest *ingest;
	uint32_t pid, serial;
	struct ring_file files[CHANNEL_FILES_MAX];
	uint32_t file_count;
	struct channel_dict dict;
	struct channel_header header; /* last copy */
	uint32_t held_drains;
	uint64_t records;
	bool is_busy;
	char broken[128];
};

static void break_off(struct channel_reader *reader, const char *why)
{
	if (!*reader->broken)
		str_copy(reader->broken, sizeof reader->broken, why);
}

static void file_name(const struct channel_reader *reader, uint32_t number,
		      char name[NAME_MAX_BYTES])
{
	snprintf(name, NAME_MAX_BYTES, "%u-%u.%u", reader->pid, reader->serial, number);
}

/* ERR_LIMIT: not there yet. */
static enum err_kind map_file(const struct channel_reader *reader, uint32_t number,
			      struct guarded_map *map, struct err *e)
{
	char name[NAME_MAX_BYTES];
	file_name(reader, number, name);
	return channel_map_open(map, reader->directory, name, e);
}

/* Rings begin at `offset` of a mapped file. ERR_LIMIT: not written yet. */
static enum err_kind check_rings(struct ring_file *file, uint64_t offset, struct err *e)
{
	struct channel_rings head;
	if (offset % 64 || offset > file->map.size || file->map.size - offset < sizeof head)
		return ERR(e, ERR_INVALID, "rings lie outside their file");
	const struct channel_rings *shared = (const void *)(file->map.bytes + offset);
	if (atomic_load_explicit(&shared->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "rings are not made yet");
	memcpy(&head, shared, sizeof head);
	const uint64_t left = file->map.size - offset - sizeof head;
	if (head.magic != CHANNEL_RING_MAGIC || head.ring_count == 0 ||
	    head.ring_count > RINGS_MAX || head.capacity == 0 || head.capacity > CAPACITY_MAX ||
	    left / head.ring_count <
		    sizeof(struct channel_ring) +
			    (uint64_t)head.capacity * sizeof(struct channel_record))
		return ERR(e, ERR_INVALID, "rings do not fit into their file");
	unsigned char *at = file->map.bytes + offset + sizeof head;
	file->rings = (struct channel_ring *)(void *)at;
	file->records =
		(const struct channel_record *)(void *)(at + head.ring_count * sizeof *file->rings);
	file->ring_count = head.ring_count;
	file->capacity = head.capacity;
	file->heads = mem_alloc(head.ring_count * sizeof *file->heads);
	file->tails = mem_alloc(head.ring_count * sizeof *file->tails);
	file->begun = mem_alloc(head.ring_count * sizeof *file->begun);
	return ERR_OK;
}

static enum err_kind check_header(struct channel_reader *reader, struct err *e)
{
	struct channel_header *header = &reader->header;
	const struct guarded_map *map = &reader->files[0].map;
	const struct channel_header *shared = (const void *)map->bytes;
	if (atomic_load_explicit(&shared->magic, memory_order_acquire) == 0)
		return ERR(e, ERR_LIMIT, "header is not written yet");
	memcpy(header, shared, sizeof *header);
	if (header->magic != CHANNEL_MAGIC)
		return ERR(e, ERR_INVALID, "no channel file");
	if (header->abi != CHANNEL_ABI)
		return ERR(e, ERR_INVALID,
			   "the agent in process %u speaks channel version %u, this unslow %u: "
			   "install agent and program from one package",
			   reader->pid, header->abi, CHANNEL_ABI);
	if (header->serial != reader->serial || header->pid != reader->pid ||
	    header->dict_offset % 8 || header->dict_offset > map->size ||
	    header->dict_size > map->size - header->dict_offset)
		return ERR(e, ERR_INVALID, "header contradicts its file");
	return ERR_OK;
}

static void close_file(struct ring_file *file)
{
	guarded_map_close(&file->map);
	free(file->heads);
	free(file->tails);
	free(file->begun);
	*file = (struct ring_file){0};
}

/* Digits only, below 10^9; *at moves behind them. */
static bool read_number(const char **at, uint32_t *number)
{
	const char *start = *at;
	for (*number = 0; **at >= '0' && **at <= '9' && *at - start < 9; (*at)++)
		*number = *number * 10 + (uint32_t)(**at - '0');
	return *at != start;
}

bool channel_reader_parse_name(const char *name, uint32_t *pid, uint32_t *serial)
{
	return read_number(&name, pid) && *name++ == '-' && read_number(&name, serial) &&
	       strcmp(name, ".0") == 0;
}

enum err_kind channel_reader_open(struct channel_reader **out, int directory, const char *name,
				  struct ingest *ingest, struct err *e)
{
	uint32_t pid, serial;
	if (!channel_reader_parse_name(name, &pid, &serial))
		return ERR(e, ERR_INVALID, "no name of a channel file: %s", name);
	struct channel_reader *reader = mem_alloc(sizeof *reader);
	reader->directory = directory;
	reader->ingest = ingest;
	reader->pid = pid;
	reader->serial = serial;
	enum err_kind kind = map_file(reader, 0, &reader->files[0].map, e);
	if (kind == ERR_OK)
		kind = check_header(reader, e);
	if (kind == ERR_OK)
		kind = check_rings(&reader->files[0], reader->header.rings_offset, e);
	if (kind != ERR_OK) {
		close_file(&reader->files[0]);
		free(reader);
		return kind;
	}
	reader->file_count = 1;
	channel_dict_init(&reader->dict, reader->files[0].map.bytes + reader->header.dict_offset,
			  reader->header.dict_size);
	ingest_process(ingest, &reader->header);
	*out = reader;
	return ERR_OK;
}

static void open_more_files(struct channel_reader *reader)
{
	struct err e;
	while (reader->file_count < reader->header.ring_files &&
	       reader->file_count < CHANNEL_FILES_MAX) {
		struct ring_file *file = &reader->files[reader->file_count];
		enum err_kind kind = map_file(reader, reader->file_count, &file->map, &e);
		if (kind == ERR_OK)
			kind = check_rings(file, 0, &e);
		if (kind != ERR_OK) {
			close_file(file);
			if (kind != ERR_LIMIT)
				break_off(reader, e.text);
			return;
		}
		reader->file_count++;
	}
}

static void read_heads(struct channel_reader *reader)
{
	reader->is_busy = false;
	for (uint32_t i = 0; i < reader->file_count; i++) {
		struct ring_file *file = &reader->files[i];
		for (uint32_t r = 0; r < file->ring_count; r++) {
			file->heads[r] =
				atomic_load_explicit(&file->rings[r].head, memory_order_acquire);
			/* A writer never passes its reader by more than the ring holds. */
			if (file->heads[r] - file->tails[r] > file->capacity)
				break_off(reader, "a ring's head contradicts its tail");
			if (file->heads[r] - file->tails[r] > file->capacity / BUSY_PART)
				reader->is_busy = true;
		}
	}
}

bool channel_reader_is_busy(const struct channel_reader *reader)
{
	return reader->is_busy;
}

static bool is_possible(const struct channel_record *record, uint64_t now_ns)
{
	return record->t_start_ns <= now_ns + FUTURE_NS && record->dur_ns <= now_ns + FUTURE_NS &&
	       record->t_start_ns + record->dur_ns <= now_ns + FUTURE_NS;
}

/* Names first: a handle may be told in another thread's ring than the one that uses it. */
static void drain_handles(struct channel_reader *reader, const struct ring_file *file, uint32_t r)
{
	const struct channel_record *records = file->records + (uint64_t)r * file->capacity;
	for (uint64_t at = file->tails[r]; at != file->heads[r]; at++) {
		if (records[at % file->capacity].kind != RECORD_HANDLE)
			continue;
		struct channel_record record = records[at % file->capacity];
		record.kind = RECORD_HANDLE;
		ingest_record(reader->ingest, reader->serial, 0, &record);
	}
}

static void drain_ring(struct channel_reader *reader, struct ring_file *file, uint32_t r,
		       uint64_t now_ns)
{
	struct channel_ring *ring = &file->rings[r];
	const struct channel_record *records = file->records + (uint64_t)r * file->capacity;
	const uint32_t tid = atomic_load_explicit(&ring->tid, memory_order_relaxed);
	struct begun *begun = &file->begun[r];
	uint64_t at = file->tails[r];
	for (; at != file->heads[r]; at++) {
		struct channel_record record = records[at % file->capacity];
		reader->records++;
		if (record.kind == RECORD_HANDLE)
			continue; /* drain_handles had it */
		if (!is_possible(&record, now_ns))
			record.kind = RECORD_NONE; /* ingest counts it as bad */
		if (record.kind == RECORD_UNIT_BEGIN)
			*begun = (struct begun){record.unit, record.object};
		ingest_record(reader->ingest, reader->serial,
			      record.unit && record.unit == begun->unit ? begun->tid : tid,
			      &record);
	}
	file->tails[r] = at;
	atomic_store_explicit(&ring->tail, at, memory_order_release);
}

/* Fullest ring, as a share of its capacity: held records must not cost others. */
static bool is_half_full(const struct channel_reader *reader)
{
	for (uint32_t i = 0; i < reader->file_count; i++)
		for (uint32_t r = 0; r < reader->files[i].ring_count; r++)
			if (reader->files[i].heads[r] - reader->files[i].tails[r] >
			    reader->files[i].capacity / 2)
				return true;
	return false;
}

/* Time of all calls from that of the timed ones; any of the three may be invented. */
static uint64_t estimate_ns(uint64_t ns, uint64_t timed, uint64_t all)
{
	const double sum_ns = timed ? (double)ns / (double)timed * (double)all : 0;
	return sum_ns < (double)HOOK_NS_MAX ? (uint64_t)sum_ns : HOOK_NS_MAX;
}

static void update_header(struct channel_reader *reader)
{
	uint64_t dropped = 0, calls = 0, own_ns = 0;
	struct channel_header copy;
	memcpy(&copy, reader->files[0].map.bytes, sizeof copy);
	/* What was checked once stays; the rest is counters and text. */
	copy.serial = reader->serial;
	copy.pid = reader->pid;
	copy.dict_offset = reader->header.dict_offset;
	copy.dict_size = reader->header.dict_size;
	copy.rings_offset = reader->header.rings_offset;
	reader->header = copy;
	for (uint32_t i = 0; i < reader->file_count; i++) {
		for (uint32_t r = 0; r < reader->files[i].ring_count; r++) {
			const struct channel_ring *ring = &reader->files[i].rings[r];
			const uint64_t timed =
				atomic_load_explicit(&ring->hook_timed, memory_order_relaxed);
			const uint64_t ns =
				atomic_load_explicit(&ring->hook_ns, memory_order_relaxed);
			const uint64_t all =
				atomic_load_explicit(&ring->hook_calls, memory_order_relaxed);
			dropped += atomic_load_explicit(&ring->dropped, memory_order_relaxed);
			calls += all;
			own_ns += estimate_ns(ns, timed, all);
		}
	}
	/* The rings count what they could not take; the header's count may hold it, too. */
	if (dropped > reader->header.losses[LOSS_RING_FULL])
		reader->header.losses[LOSS_RING_FULL] = dropped;
	ingest_process_update(reader->ingest, &reader->header);
	ingest_hook_cost(reader->ingest, reader->serial, calls, own_ns);
}

static void check_cut(struct channel_reader *reader)
{
	for (uint32_t i = 0; i < reader->file_count; i++)
		if (guarded_map_is_cut(&reader->files[i].map))
			break_off(reader, "a channel file was cut short");
}

void channel_reader_drain(struct channel_reader *reader, bool is_last)
{
	if (*reader->broken)
		return;
	update_header(reader);
	open_more_files(reader);
	read_heads(reader);
	const uint64_t now_ns = clock_now_ns();
	const bool waits = !channel_dict_drain(
		&reader->dict, reader->ingest, reader->serial,
		atomic_load_explicit(
			&((struct channel_header *)(void *)reader->files[0].map.bytes)->dict_tail,
			memory_order_acquire),
		is_last || reader->held_drains >= CHANNEL_HOLD_DRAINS);
	if (reader->dict.broken)
		break_off(reader, reader->dict.broken);
	check_cut(reader);
	reader->held_drains = waits ? reader->held_drains + 1 : 0;
	if (waits && !is_last && !is_half_full(reader))
		return;
	for (uint32_t i = 0; i < reader->file_count && !*reader->broken; i++)
		for (uint32_t r = 0; r < reader->files[i].ring_count; r++)
			drain_handles(reader, &reader->files[i], r);
	for (uint32_t i = 0; i < reader->file_count && !*reader->broken; i++)
		for (uint32_t r = 0; r < reader->files[i].ring_count; r++)
			if (reader->files[i].heads[r] != reader->files[i].tails[r])
				drain_ring(reader, &reader->files[i], r, now_ns);
	check_cut(reader);
}

void channel_reader_end_open_calls(struct channel_reader *reader, uint64_t at_ns)
{
	for (uint32_t i = 0; i < reader->file_count && !*reader->broken; i++) {
		for (uint32_t r = 0; r < reader->files[i].ring_count; r++) {
			const struct channel_ring *ring = &reader->files[i].rings[r];
			const struct channel_record record = {
				.t_start_ns = ring->open_start_ns,
				.dur_ns = at_ns - ring->open_start_ns,
				.unit = ring->open_unit,
				.stack = ring->open_stack,
				.kind = (uint16_t)ring->open_kind,
				.flags = RECORD_CPU_KNOWN, /* it blocked: none was used */
				.result = -EINTR,
				.source = 1,
			};
			/* Outside a unit it is a worker that waits for work. */
			if (ring->open_sequence % 2 && record.unit && record.t_start_ns < at_ns)
				ingest_record(reader->ingest, reader->serial, ring->tid, &record);
		}
	}
}

struct channel_counts channel_reader_count(const struct channel_reader *reader)
{
	struct channel_counts counts = {
		.records = reader->records,
		.units_begun = reader->header.units_begun,
		.units_ended = reader->header.units_ended,
		.state = reader->header.state,
		.tick_cpu_ns = reader->header.tick_cpu_ns,
	};
	for (int i = 0; i < LOSS_KINDS; i++)
		counts.dropped += reader->header.losses[i];
	return counts;
}

uint32_t channel_reader_pid(const struct channel_reader *reader)
{
	return reader->pid;
}

uint32_t channel_reader_serial(const struct channel_reader *reader)
{
	return reader->serial;
}

struct channel_units channel_reader_units(const struct channel_reader *reader)
{
	return reader->header.units;
}

uint64_t channel_reader_start_ticks(const struct channel_reader *reader)
{
	return reader->header.start_ticks;
}

const char *channel_reader_broken(const struct channel_reader *reader)
{
	return reader->broken;
}

uint64_t channel_reader_close(struct channel_reader *reader, bool remove_files)
{
	uint64_t removed_bytes = 0;
	for (uint32_t i = 0; i < reader->file_count; i++) {
		char name[NAME_MAX_BYTES];
		const uint64_t bytes = reader->files[i].map.size;
		file_name(reader, i, name);
		close_file(&reader->files[i]);
		if (remove_files && unlinkat(reader->directory, name, 0) == 0)
			removed_bytes += bytes;
	}
	free(reader);
	return removed_bytes;
}

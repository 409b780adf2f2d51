#include "recording/samples.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "recording/ingest_state.h"
#include "recording/rows.h"
#include "recording/syscalls.h"

/* No padding: keys are compared byte by byte. */
struct sample_key {
	uint64_t thread;
	uint32_t process;
	uint32_t route; /* text */
	uint32_t stack, holder;
	uint32_t target; /* text */
	uint8_t state, source, in_unit, zero;
};
_Static_assert(sizeof(struct sample_key) == 32, "no padding");

struct sample_sums {
	uint64_t ticks, short_ticks, wall_ns, cpu_ns, runqueue_ns;
};

struct sample_entry {
	struct sample_key key;
	struct sample_sums sums;
	int64_t rowid;
	bool dirty;
};

struct sample_slot {
	uint64_t number;
	struct intern *keys; /* id - 1 is the entry; NULL: unused */
	VEC(struct sample_entry) entries;
	VEC(uint32_t) dirty;
};

/* A sample of a unit that has not ended. */
struct waiting {
	struct sample_key key;
	struct sample_sums sums;
	uint64_t unit, at_ns;
	uint64_t flush; /* drains there had been when it came */
};

struct samples {
	struct recording *recording;
	const struct names *names; /* texts of targets */
	struct sample_slot slots[SAMPLES_SLOTS];
	VEC(struct waiting) waiting;
	uint64_t newest_slot;
	uint64_t last_rowid;
	uint64_t coarsened, unrouted, refused;
};

/* A unit's first record lies in another ring, which may be read after the sample's in a drain. */
enum { UNKNOWN_UNIT_FLUSHES = 2 };

const char *sample_state_name(uint32_t state)
{
	static const char *const names[] = {
		[SAMPLE_PYTHON] = "python",     [SAMPLE_HOLDING] = "holding",
		[SAMPLE_GIL] = "gil",           [SAMPLE_NATIVE] = "native",
		[SAMPLE_RUNQUEUE] = "runqueue", [SAMPLE_CALL] = "call",
		[SAMPLE_LOCK] = "lock",         [SAMPLE_SLEEP] = "sleep",
		[SAMPLE_UNSEEN] = "unseen",
	};
	return state < sizeof names / sizeof *names ? names[state] : NULL;
}

struct samples *samples_new(struct recording *recording, const struct names *names)
{
	struct samples *samples = mem_alloc(sizeof *samples);
	samples->recording = recording;
	samples->names = names;
	return samples;
}

/* --- rows ---------------------------------------------------------------- */

static void write_entry(struct samples *samples, const struct sample_slot *slot,
			struct sample_entry *entry)
{
	const struct sample_key *key = &entry->key;
	const struct sample_sums *sums = &entry->sums;
	size_t target_bytes = 0;
	const char *target = names_text_of(samples->names, key->target, &target_bytes);
	struct row row = row_begin(samples->recording, ROW_SAMPLE);
	row_int(&row, entry->rowid);
	row_uint(&row, slot->number);
	row_int(&row, key->process);
	row_uint(&row, key->thread);
	row_id(&row, key->route);
	row_int(&row, key->in_unit);
	row_id(&row, key->stack);
	row_string(&row, sample_state_name(key->state));
	row_text(&row, target, target_bytes);
	row_id(&row, key->holder);
	row_int(&row, key->source);
	row_uint(&row, sums->ticks);
	row_uint(&row, sums->short_ticks);
	row_uint(&row, sums->wall_ns);
	row_uint(&row, sums->cpu_ns);
	row_uint(&row, sums->runqueue_ns);
	row_end(&row);
	entry->dirty = false;
}

static void write_slot(struct samples *samples, struct sample_slot *slot)
{
	for (size_t i = 0; i < slot->dirty.count; i++)
		write_entry(samples, slot, &slot->entries.items[slot->dirty.items[i]]);
	vec_clear(&slot->dirty);
}

static void empty_slot(struct sample_slot *slot)
{
	intern_free(slot->keys);
	slot->keys = NULL;
	vec_clear(&slot->entries);
	vec_clear(&slot->dirty);
}

void samples_write(struct samples *samples)
{
	for (int i = 0; i < SAMPLES_SLOTS; i++)
		if (samples->slots[i].keys)
			write_slot(samples, &samples->slots[i]);
}

void samples_free(struct samples *samples)
{
	if (!samples)
		return;
	for (int i = 0; i < SAMPLES_SLOTS; i++) {
		if (samples->slots[i].keys)
			empty_slot(&samples->slots[i]);
		vec_free(&samples->slots[i].entries);
		vec_free(&samples->slots[i].dirty);
	}
	vec_free(&samples->waiting);
	free(samples);
}

/* --- sums ---------------------------------------------------------------- */

static void add(uint64_t *into, uint64_t more)
{
	if (__builtin_add_overflow(*into, more, into))
		*into = UINT64_MAX;
}

/* The slot of this number. A newer one takes the place of the oldest; one older than all counts in
 * the oldest, so that no process can push others' rows out with times of its own making. */
static struct sample_slot *slot_of(struct samples *samples, uint64_t number)
{
	struct sample_slot *oldest = &samples->slots[0];
	for (int i = 0; i < SAMPLES_SLOTS; i++) {
		struct sample_slot *slot = &samples->slots[i];
		if (slot->keys && slot->number == number)
			return slot;
		if (!slot->keys || (oldest->keys && slot->number < oldest->number))
			oldest = slot;
	}
	if (oldest->keys && number < oldest->number)
		return oldest;
	if (oldest->keys) {
		write_slot(samples, oldest);
		empty_slot(oldest);
	}
	oldest->keys = intern_new();
	oldest->number = number;
	return oldest;
}

static void add_sums(struct samples *samples, uint64_t number, const struct sample_key *key,
		     const struct sample_sums *sums)
{
	struct sample_slot *slot = slot_of(samples, number);
	struct sample_key coarse = *key;
	bool is_new = false;
	if (samples->last_rowid >= SAMPLES_ROWS_MAX) {
		add(&samples->refused, sums->ticks);
		return;
	}
	if (slot->entries.count >= SAMPLES_KEYS_MAX) {
		/* what is left of the key is bounded by the number of processes */
		coarse.thread = 0;
		coarse.route = coarse.stack = coarse.holder = coarse.target = 0;
		add(&samples->coarsened, sums->ticks);
	}
	const uint32_t id = intern_id(slot->keys, (const char *)&coarse, sizeof coarse, &is_new);
	if (is_new)
		*vec_push(&slot->entries) = (struct sample_entry){
			.key = coarse, .rowid = (int64_t)++samples->last_rowid};
	struct sample_entry *entry = &slot->entries.items[id - 1];
	add(&entry->sums.ticks, sums->ticks);
	add(&entry->sums.short_ticks, sums->short_ticks);
	add(&entry->sums.wall_ns, sums->wall_ns);
	add(&entry->sums.cpu_ns, sums->cpu_ns);
	add(&entry->sums.runqueue_ns, sums->runqueue_ns);
	if (!entry->dirty) {
		entry->dirty = true;
		*vec_push(&slot->dirty) = id - 1;
	}
}

/* --- samples ------------------------------------------------------------- */

/* The row of a unit that keeps its raw rows. One of a whole run would be all there is once more. */
static void write_of_unit(struct ingest *in, struct process *p, const struct waiting *w)
{
	const struct unit *unit = unit_find_open(in, w->unit);
	if (!unit || unit->kind == UNIT_RUN || !ingest_take_raw(in, p, unit))
		return;
	struct row row = row_begin(in->recording, ROW_UNIT_SAMPLE);
	row_uint(&row, w->unit);
	row_uint(&row, w->key.thread);
	row_uint(&row, w->at_ns);
	row_uint(&row, w->sums.wall_ns);
	row_string(&row, sample_state_name(w->key.state));
	row_id(&row, w->key.stack);
	row_id(&row, w->key.holder);
	row_end(&row);
}

/* Counts the sample if it is known what for. False: its unit has not ended. */
static bool settle(struct ingest *in, struct process *p, struct waiting *w)
{
	enum unit_time whose = TIME_OF_NO_UNIT;
	const enum unit_known known = unit_look(in, p, w->unit, w->at_ns, &w->key.route, &whose);
	const uint64_t slot = w->at_ns / SAMPLES_SLOT_NS;
	const bool is_old = slot + SAMPLES_SLOTS <= in->samples->newest_slot;
	const bool may_come = known == UNIT_OPEN || in->flushes < w->flush + UNKNOWN_UNIT_FLUSHES;
	if (known != UNIT_OVER && may_come && !is_old)
		return false;
	if (known != UNIT_OVER)
		add(&in->samples->unrouted, w->sums.ticks);
	/* what a task does after the answer is under its route, but no time of the unit */
	w->key.in_unit = (uint8_t)(known == UNIT_OVER ? whose : TIME_OF_UNIT);
	if (known == UNIT_OVER && whose != TIME_OF_NO_UNIT)
		write_of_unit(in, p, w);
	add_sums(in->samples, slot, &w->key, &w->sums);
	return true;
}

/* What no tick saw has no tick, no place and no time but what the clocks say; all else has one. */
static bool is_possible(const struct sample *s)
{
	if (s->state == SAMPLE_UNSEEN)
		return s->ticks == 0 && s->wall_ns == 0 && s->stack_id == 0 && s->unit == 0;
	return sample_state_name(s->state) && s->ticks > 0;
}

void samples_add(struct ingest *in, const struct sample *s)
{
	struct samples *samples = in->samples;
	struct process *p = s->process_id > 0 && s->process_id <= UINT32_MAX
				    ? ingest_process_of(in, (uint32_t)s->process_id)
				    : NULL;
	if (!p)
		return;
	if (!is_possible(s)) {
		ingest_lose(in, p, RECORDER_BAD_RECORD, 1);
		return;
	}
	struct waiting w = {
		.key =
			{
				.thread = (uint64_t)s->thread_id,
				.process = p->serial,
				.stack = (uint32_t)s->stack_id,
				.holder = (uint32_t)s->holder_stack_id,
				.target = s->target ? names_text(in->names, s->target,
								 strlen(s->target))
						    : 0,
				.state = (uint8_t)s->state,
				.source = s->source,
			},
		.sums =
			{
				.ticks = s->ticks,
				.short_ticks = s->is_short ? s->ticks : 0,
				.wall_ns = s->wall_ns,
				.cpu_ns = s->cpu_ns,
				.runqueue_ns = s->runqueue_ns,
			},
		.unit = s->unit,
		.at_ns = s->start_ns,
		.flush = in->flushes,
	};
	const uint64_t slot = s->start_ns / SAMPLES_SLOT_NS;
	if (slot > samples->newest_slot)
		samples->newest_slot = slot;
	if (s->unit == 0) {
		add_sums(samples, slot, &w.key, &w.sums);
	} else if (!settle(in, p, &w)) {
		if (samples->waiting.count < SAMPLES_WAITING_MAX) {
			*vec_push(&samples->waiting) = w;
			return;
		}
		w.key.in_unit = TIME_OF_UNIT;
		add(&samples->unrouted, w.sums.ticks);
		add_sums(samples, slot, &w.key, &w.sums);
	}
}

void samples_settle(struct ingest *in, bool all)
{
	struct samples *samples = in->samples;
	size_t kept = 0;
	for (size_t i = 0; i < samples->waiting.count; i++) {
		struct waiting w = samples->waiting.items[i];
		if (settle(in, ingest_process_of(in, w.key.process), &w))
			continue;
		if (all) {
			w.key.in_unit = TIME_OF_UNIT;
			add(&samples->unrouted, w.sums.ticks);
			add_sums(samples, w.at_ns / SAMPLES_SLOT_NS, &w.key, &w.sums);
		} else {
			samples->waiting.items[kept++] = w;
		}
	}
	samples->waiting.count = kept;
}

void samples_record(struct ingest *in, struct process *p, const struct channel_record *r)
{
	char target[256];
	const struct sample sample = {
		.start_ns = r->t_start_ns,
		.wall_ns = r->dur_ns,
		.unit = r->unit,
		.cpu_ns = r->cpu_ns,
		.runqueue_ns = r->count,
		.process_id = p->serial,
		.thread_id = (int64_t)ingest_thread_id(in, p, r->subject),
		.stack_id = ingest_global(in, p, &p->stacks, r->stack),
		.holder_stack_id =
			r->result == SAMPLE_GIL ? ingest_global(in, p, &p->stacks, r->object) : 0,
		.target = r->result == SAMPLE_CALL
				  ? call_target(in, p, r->aux, target, sizeof target)
				  : NULL,
		.state = (enum sample_state)(r->result < 0 ? 0 : r->result),
		.ticks = r->bytes,
		.is_short = r->flags & RECORD_SHORT,
		.source = r->source,
	};
	samples_add(in, &sample);
}

uint64_t samples_coarsened(const struct samples *samples)
{
	return samples->coarsened;
}

uint64_t samples_unrouted(const struct samples *samples)
{
	return samples->unrouted;
}

uint64_t samples_refused(const struct samples *samples)
{
	return samples->refused;
}

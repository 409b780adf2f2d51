/* Stack and code ids. Hit: walk, hash, one table look-up. Miss: a second walk,
 * and what is new is written to the dictionary. New is what no entry says: code
 * that exec() or a template engine makes again and again has the id of the first
 * of its content, so that a long run of it fills neither dictionary nor tables.
 *
 * A thread's own frames stand still inside a call it makes, so the walk reads
 * memory directly, without the GIL. A chain is told apart by, for each frame,
 * code and instruction and the code's first line, line table and name: one that
 * was freed and made anew at the same address has another identity
 * (code_identity.h), which makes it a new generation.
 */
#include "agent/stack.h"

#include <string.h>
#include <sys/mman.h>

#include "agent/agent.h"
#include "agent/code_copy.h"
#include "agent/code_freed.h"
#include "agent/code_identity.h"
#include "agent/dict.h"
#include "agent/finalize.h"
#include "agent/python_api.h"
#include "python/python_text.h"
#include "agent/raw.h"
#include "base/hash.h"
#include "python/walk.h"

#define STACK_SLOTS 65536
#define CODE_SLOTS 32768
#define PROBES 64 /* slots looked at before one of them is forgotten */
#define FILENAME_MAX_BYTES 4096
#define QUALNAME_MAX_BYTES 1024
#define LINE_TABLE_MAX_BYTES (256u << 10)
#define SHIMS_MAX 128 /* frames that are not Python's, between the Python ones */

/* A table is a cache of what was met, in words of its own: upper bits of a hash, then the id. The
 * place gives the lower bits. One word, so that a full table can forget a place without a reader
 * taking one entry's id for another's. */
#define ID_BITS 24
#define ID_MASK ((1u << ID_BITS) - 1)
#define ID_REFUSED ID_MASK /* there was no room for it; will not be tried again */

struct table {
	_Atomic uint64_t *slots; /* 0: free */
	uint32_t count;          /* power of two */
	_Atomic uint32_t last_id;
};

/* Whole pages, untouched until used, given back after fork. Two pairs: by where something lies,
 * which changes as long as the program makes code, and by what it says, which the dictionary
 * bounds. */
#define TABLE(name, slots) \
	static _Atomic uint64_t name##_slots[slots] __attribute__((aligned(CHANNEL_PAGE))); \
	static struct table name = {name##_slots, (slots), 0}

TABLE(stacks, STACK_SLOTS);
TABLE(codes, CODE_SLOTS);
TABLE(stack_contents, STACK_SLOTS);
TABLE(code_contents, CODE_SLOTS);

/* --- tables ------------------------------------------------------------- */

static _Atomic uint64_t *slot_at(const struct table *table, uint64_t hash, uint32_t probe)
{
	return &table->slots[(uint32_t)(hash + probe) & (table->count - 1)];
}

/* The id of a hash, ID_REFUSED among them; 0: it is not there. */
static uint32_t table_get(const struct table *table, uint64_t hash)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		uint64_t seen = atomic_load_explicit(slot_at(table, hash, i), memory_order_acquire);

		if (seen == 0)
			return 0;
		if (seen >> ID_BITS == hash >> ID_BITS)
			return (uint32_t)seen & ID_MASK;
	}
	return 0;
}

/* After the entry that the id names was written. Of two threads that meet the same, one is
 * forgotten: its entry says the same. */
static void table_put(struct table *table, uint64_t hash, uint32_t id)
{
	uint64_t word = (hash & ~(uint64_t)ID_MASK) | id;

	for (uint32_t i = 0; i < PROBES; i++) {
		uint64_t none = 0;

		if (atomic_compare_exchange_strong_explicit(slot_at(table, hash, i), &none, word,
							    memory_order_release,
							    memory_order_relaxed))
			return;
	}
	/* any of them: bits that choose no slot */
	atomic_store_explicit(slot_at(table, hash, (uint32_t)(hash >> 32) % PROBES), word,
			      memory_order_release);
}

/* The id of a hash that is in the table and written; 0: it is not. */
static uint32_t table_find(const struct table *table, uint64_t hash)
{
	uint32_t id = table_get(table, hash);

	return id == ID_REFUSED ? 0 : id;
}

static uint32_t table_next_id(struct table *table)
{
	return atomic_fetch_add_explicit(&table->last_id, 1, memory_order_relaxed) + 1;
}

static void table_clear(struct table *table)
{
	/* private anonymous pages read as zero again, without touching them */
	raw_call(SYS_madvise, table->slots, table->count * sizeof(table->slots[0]), MADV_DONTNEED);
	atomic_store_explicit(&table->last_id, 0, memory_order_relaxed);
}

void stack_after_fork(void)
{
	table_clear(&stacks);
	table_clear(&codes);
	table_clear(&stack_contents);
	table_clear(&code_contents);
}

/* --- hashing -------------------------------------------------------------- */

/* One frame's part of a chain's hash. */
WALK_INLINE uint64_t hash_frame(uint64_t hash, uint64_t where, uint64_t identity)
{
	return (hash + where) * HASH_ODD + identity;
}

/* What tells code apart, as worked out before: it lies in nine cache lines, most of which nobody
 * else looks at. Kept as long as no code was freed at all (code_freed.h). Both words are written
 * without a lock: one is mixed with the other, so that a pair of two writers is nobody's. */
#define KEPT_BITS 12
static struct {
	_Atomic uint64_t identity, mixed;
} kept[1u << KEPT_BITS];

static __attribute__((noinline)) uint64_t keep_identity(uintptr_t code, size_t at, uint64_t key)
{
	struct peek direct = PEEK_DIRECT;
	struct known_file known = {0};
	uint64_t identity = code_identity(&direct, code_fields_of(&agent_layout), code, &known);

	atomic_store_explicit(&kept[at].identity, identity, memory_order_relaxed);
	atomic_store_explicit(&kept[at].mixed, identity ^ key, memory_order_relaxed);
	return identity;
}

/* `freed`: code_freed_now() where the frame that runs the code stands still, or what is made of it
 * is thrown away if it did not; 0: nothing is kept. */
WALK_INLINE uint64_t identity_of(struct peek *from, struct code_fields fields, uintptr_t code,
				 struct known_file *known, uint64_t freed)
{
	const uint64_t place = code * HASH_ODD, key = place + freed * HASH_SEED;
	const size_t at = place >> (64 - KEPT_BITS);

	if (freed == 0)
		return code_identity(from, fields, code, known);
	uint64_t identity = atomic_load_explicit(&kept[at].identity, memory_order_relaxed);
	if (LIKELY((atomic_load_explicit(&kept[at].mixed, memory_order_relaxed) ^ identity) == key))
		return identity;
	return from->read == walk_read_direct ? keep_identity(code, at, key)
					      : code_identity(from, fields, code, known);
}

/* How well a chain's code is told from other code at the same addresses. */
enum exactness {
	EXACT,
	FUNCTIONS_BRIEFLY, /* what names and files of functions say is not looked at */
};

/* Hash of the chain from `frame` to `base` (not included) or to the root; 0: no
 * Python frame. A chain that is cut differs from one that ends there.
 * `kind`, `how` and the reader are constants of the caller: one loop a shape. */
WALK_INLINE uint64_t hash_chain(struct peek *from, const struct py_layout *layout, uintptr_t frame,
				uintptr_t base, enum py_frame_kind kind, enum exactness how,
				uint64_t freed)
{
	const struct code_fields fields = code_fields_of(layout);
	const size_t back_at = layout->frame_back, code_at = layout->frame_code;
	const size_t instr_at = layout->frame_instr, owner_at = layout->frame_owner;
	const uint8_t shim = layout->frame_owner_cstack;
	const uintptr_t code_type = (uintptr_t)py.code_type;
	uint64_t hash = HASH_SEED;
	struct known_file known = {0};
	int python = STACK_FRAMES_MAX, others = SHIMS_MAX;

	while (frame != 0 && frame != base) {
		uintptr_t code = peek(from, frame, code_at);
		uint64_t where;

		if (kind == PY_FRAME_OBJECT) {
			where = code ^ peek32(from, frame, instr_at) * HASH_ODD;
		} else {
			if (peek8(from, frame, owner_at) == shim ||
			    (kind == PY_FRAME_CURRENT &&
			     (code == 0 || peek(from, code, layout->object_type) != code_type))) {
				if (--others < 0)
					return ~hash;
				frame = peek(from, frame, back_at);
				continue;
			}
			/* an address inside the code object */
			where = peek(from, frame, instr_at);
		}
		if (--python < 0)
			return ~hash;
		hash = hash_frame(hash, where,
				  how == FUNCTIONS_BRIEFLY && code_is_function(from, fields, code)
					  ? code_brief_identity(from, fields, code)
					  : identity_of(from, fields, code, &known, freed));
		frame = peek(from, frame, back_at);
	}
	return python == STACK_FRAMES_MAX ? 0 : hash;
}

WALK_INLINE uint64_t hash_own(const struct py_layout *layout, uintptr_t frame, uintptr_t base,
			      enum exactness how)
{
	struct peek direct = PEEK_DIRECT;
	const uint64_t freed = code_freed_now();

	switch ((enum py_frame_kind)layout->frame_kind) {
	case PY_FRAME_OBJECT:
		return hash_chain(&direct, layout, frame, base, PY_FRAME_OBJECT, how, freed);
	case PY_FRAME_CFRAME:
		return hash_chain(&direct, layout, frame, base, PY_FRAME_CFRAME, how, freed);
	case PY_FRAME_CURRENT:
		return hash_chain(&direct, layout, frame, base, PY_FRAME_CURRENT, how, freed);
	}
	return 0;
}

static uint64_t hash_stack(const struct py_layout *layout, uintptr_t frame, uintptr_t base)
{
	return hash_own(layout, frame, base, EXACT);
}

/* --- code ----------------------------------------------------------------- */

static uint32_t write_code(const struct py_layout *layout, uintptr_t code)
{
	const struct code_fields fields = code_fields_of(layout);
	struct python_text filename = python_text_of(layout, load(code, fields.filename));
	struct python_text name = python_text_of(layout, load(code, fields.name));
	uintptr_t table = load(code, fields.line_table);
	size_t filename_bytes = python_text_utf8_bytes(filename, FILENAME_MAX_BYTES);
	size_t name_bytes = python_text_utf8_bytes(name, QUALNAME_MAX_BYTES);
	size_t table_bytes = table != 0 ? load(table, layout->bytes_size) : 0;

	if (table_bytes > LINE_TABLE_MAX_BYTES)
		table_bytes = LINE_TABLE_MAX_BYTES; /* instructions past it will have no line */
	struct dict_code *entry =
		dict_reserve(DICT_CODE, sizeof(*entry) + filename_bytes + name_bytes + table_bytes);
	if (entry == NULL)
		return ID_REFUSED;
	entry->id = table_next_id(&code_contents);
	entry->first_line = (int32_t)load32(code, fields.first_line);
	entry->filename_length = (uint32_t)filename_bytes;
	entry->qualname_length = (uint32_t)name_bytes;
	entry->line_table_length = (uint32_t)table_bytes;
	entry->line_table_format = layout->line_format;
	python_text_write(filename, FILENAME_MAX_BYTES, entry->bytes);
	python_text_write(name, QUALNAME_MAX_BYTES, entry->bytes + filename_bytes);
	if (table_bytes > 0)
		memcpy(entry->bytes + filename_bytes + name_bytes,
		       (const void *)(table + layout->bytes_data), table_bytes);
	uint32_t id = entry->id;
	dict_publish(entry);
	return id;
}

/* 0 has no place in a table. */
static uint64_t not_zero(uint64_t hash)
{
	return hash >> ID_BITS != 0 ? hash : hash | UINT64_C(1) << ID_BITS;
}

/* Id of a hash, ID_REFUSED among them: from the table, or by writing it. */
#define GET_OR_WRITE(table, hash, write) \
	__extension__({ \
		uint32_t id_ = table_get((table), (hash)); \
\
		if (UNLIKELY(id_ == 0)) { \
			id_ = (write); \
			table_put((table), (hash), id_); \
		} \
		id_; \
	})

/* What callers get: 0 and a counted loss where there was no room. */
static uint32_t granted(uint32_t id)
{
	if (UNLIKELY(id == ID_REFUSED)) {
		agent_count_loss(LOSS_STACK);
		return 0;
	}
	return id;
}

static uint64_t whole_text(uintptr_t text)
{
	struct python_text of = python_text_of(&agent_layout, text);

	return hash_bytes(of.data, of.length * of.width) + of.width;
}

/* The id of all code that says what this one says, wherever it lies. */
static uint32_t code_by_content(const struct py_layout *layout, uintptr_t code)
{
	const struct code_fields fields = code_fields_of(layout);
	uintptr_t table = load(code, fields.line_table);
	uint64_t hash = hash_mix64(whole_text(load(code, fields.filename)));

	hash = hash_mix64(hash ^ whole_text(load(code, fields.name)));
	hash = hash_mix64(hash ^ load32(code, fields.first_line));
	if (table != 0)
		hash ^= hash_bytes((const void *)(table + layout->bytes_data),
				   load(table, layout->bytes_size));
	return GET_OR_WRITE(&code_contents, not_zero(hash_mix64(hash)), write_code(layout, code));
}

WALK_INLINE uint64_t hash_code(struct peek *from, const struct py_layout *layout, uintptr_t code,
			       uint64_t freed)
{
	const struct code_fields fields = code_fields_of(layout);
	uint64_t file = peek(from, code, fields.filename);
	struct known_file known = {0};

	return not_zero(hash_mix64((code + file * HASH_SEED) * HASH_ODD +
				   identity_of(from, fields, code, &known, freed)));
}

uint32_t code_id(uintptr_t code)
{
	const struct py_layout *layout = &agent_layout;
	struct peek direct = PEEK_DIRECT;

	if (code == 0 || layout->version_hex == 0 || dict_generation() == 0)
		return 0;
	return granted(GET_OR_WRITE(&codes, hash_code(&direct, layout, code, code_freed_now()),
				    code_by_content(layout, code)));
}

/* --- stacks --------------------------------------------------------------- */

static uint32_t write_frames(const struct dict_frame *frames, size_t count, bool cut)
{
	struct dict_stack *entry =
		dict_reserve(DICT_STACK, sizeof(*entry) + count * sizeof(frames[0]));

	if (entry == NULL)
		return ID_REFUSED;
	entry->id = table_next_id(&stack_contents);
	entry->frame_count = (uint16_t)count;
	entry->cut = cut;
	memcpy(entry->frames, frames, count * sizeof(frames[0]));
	uint32_t id = entry->id;
	dict_publish(entry);
	return id;
}

/* The id of all stacks of these frames. */
static uint32_t stack_by_content(const struct dict_frame *frames, size_t count, bool cut)
{
	uint64_t hash = HASH_ODD + cut;

	for (size_t i = 0; i < count; i++)
		hash = hash_mix64(hash ^ ((uint64_t)frames[i].instr_offset << 32 | frames[i].code));
	return GET_OR_WRITE(&stack_contents, not_zero(hash), write_frames(frames, count, cut));
}

/* Goes on to the next Python frame, from f->frame. False: the chain ends here, or (`cut`) is not
 * followed further. As walk.h understands frames. */
WALK_INLINE bool next_python(struct peek *from, const struct py_layout *layout, uintptr_t base,
			     struct walk_frame *f, int *others, bool *cut)
{
	for (; f->frame != 0 && f->frame != base; f->frame = f->back) {
		*cut = !walk_read_frame(layout, from->read, from->context, (uintptr_t)py.code_type,
					f) ||
		       (f->kind != WALK_PYTHON && f->kind != WALK_INCOMPLETE &&
			(*others)++ == SHIMS_MAX);
		if (*cut)
			return false;
		if (f->kind == WALK_PYTHON)
			return true;
	}
	return false;
}

/* The chain once more, frame by frame. `frames` has room for STACK_FRAMES_MAX. */
static uint32_t write_chain(const struct py_layout *layout, uintptr_t newest, uintptr_t base,
			    struct dict_frame *frames)
{
	struct peek direct = PEEK_DIRECT;
	struct walk_frame f = {.frame = newest};
	size_t count = 0;
	bool cut = false;

	for (int others = 0; next_python(&direct, layout, base, &f, &others, &cut);
	     f.frame = f.back) {
		cut = count == STACK_FRAMES_MAX;
		if (cut)
			break;
		frames[count].code = code_id(f.code);
		frames[count].instr_offset = f.instr_offset;
		if (frames[count].code == 0)
			return ID_REFUSED; /* a stack with a hole would be a wrong stack */
		count++;
	}
	return count > 0 ? stack_by_content(frames, count, cut) : ID_REFUSED;
}

static uint32_t id_of_chain(const struct py_layout *layout, uint64_t hash, uintptr_t newest,
			    uintptr_t base, struct dict_frame *frames)
{
	if (hash == 0)
		return 0;
	return granted(GET_OR_WRITE(&stacks, not_zero(hash_mix64(hash)),
				    write_chain(layout, newest, base, frames)));
}

/* May a sampled stack be written? The rest is for what is recorded exactly. */
static bool has_room(void)
{
	if (dict_fill_256() < STACK_SAMPLED_FILL_256)
		return true;
	agent_count_loss(LOSS_STACK);
	return false;
}

uint32_t stack_at(uintptr_t newest, struct dict_frame *frames)
{
	uint64_t hash = dict_generation() == 0 ? 0 : hash_stack(&agent_layout, newest, 0);

	if (hash == 0)
		return 0;
	uint32_t id = table_find(&stacks, not_zero(hash_mix64(hash)));

	if (id == 0 && has_room())
		id = id_of_chain(&agent_layout, hash, newest, 0, frames);
	return id != 0 ? id : STACK_REFUSED;
}

uint32_t stack_waiting(struct stack_known *last)
{
	struct dict_frame frames[STACK_FRAMES_MAX];
	uintptr_t tstate = agent_layout.version_hex == 0 ? 0 : python_thread_state(), newest = 0;

	if (tstate == 0)
		return 0;
	walk_newest(&agent_layout, walk_read_direct, NULL, tstate, &newest);
	uint64_t place = hash_own(&agent_layout, newest, 0, FUNCTIONS_BRIEFLY);

	if (place == 0 || (place == last->place && last->stack != 0))
		return place == 0 ? 0 : last->stack;
	uint32_t id = stack_at(newest, frames);

	*last = (struct stack_known){place, id == STACK_REFUSED ? 0 : id};
	return last->stack;
}

/* The calling thread's chain: its newest frame and where it is to end. Its hash; 0: it has none. */
static uint64_t own_chain(const struct agent_thread *thread, uintptr_t *newest, uintptr_t *base)
{
	if (agent_layout.version_hex == 0 || dict_generation() == 0)
		return 0;
	uintptr_t tstate = python_thread_state();
	if (tstate == 0)
		return 0; /* a thread that Python does not know, or finalisation */
	*newest = 0;
	walk_newest(&agent_layout, walk_read_direct, NULL, tstate, newest);
	*base = thread != NULL && !thread->greenlets ? thread->unit_base_frame : 0;
	return hash_stack(&agent_layout, *newest, *base);
}

uint32_t stack_here(struct agent_thread *thread)
{
	struct dict_frame frames[STACK_FRAMES_MAX];
	uintptr_t newest, base;
	uint64_t hash = own_chain(thread, &newest, &base);

	return hash == 0 ? 0 : id_of_chain(&agent_layout, hash, newest, base, frames);
}

uint32_t stack_sampled(struct agent_thread *thread)
{
	struct dict_frame frames[STACK_FRAMES_MAX];
	uintptr_t newest, base;
	uint64_t hash = own_chain(thread, &newest, &base);
	uint32_t id = hash == 0 ? 0 : table_find(&stacks, not_zero(hash_mix64(hash)));

	if (hash != 0 && id == 0 && has_room())
		id = id_of_chain(&agent_layout, hash, newest, base, frames);
	return id;
}

uint32_t stack_of_frames(const struct dict_frame *frames, size_t count)
{
	bool cut = count > STACK_FRAMES_MAX;

	if (count == 0 || dict_generation() == 0)
		return 0;
	return granted(stack_by_content(frames, cut ? STACK_FRAMES_MAX : count, cut));
}

/* --- stacks of a thread that may wake up ---------------------------------------- */

bool stack_copy(struct stack_copy *copy, walk_reader *read, void *context, uintptr_t newest)
{
	const struct py_layout *layout = &agent_layout;
	struct peek from = {.read = read, .context = context};
	struct walk_frame f = {.frame = newest};
	bool cut = false;

	copy->count = 0;
	copy->cut = false;
	copy->hash = hash_chain(&from, layout, newest, 0, (enum py_frame_kind)layout->frame_kind,
				EXACT, code_freed_now());
	if (from.failed || table_find(&stacks, not_zero(hash_mix64(copy->hash))) != 0)
		return !from.failed; /* its code is written already */
	for (int others = 0; next_python(&from, layout, 0, &f, &others, &cut); f.frame = f.back) {
		cut = copy->count == STACK_FRAMES_MAX;
		if (cut)
			break;
		uint64_t hash = hash_code(&from, layout, f.code, 0);

		copy->codes[copy->count] = hash;
		copy->copies[copy->count] =
			table_find(&codes, hash) != 0 ? 0 : code_copy(&from, layout, f.code);
		copy->frames[copy->count++].instr_offset = f.instr_offset;
	}
	copy->cut = cut;
	return !from.failed;
}

/* `copy` is the object's copy if it was not in the table when its hash was taken. */
static uint32_t id_of_code(uint64_t hash, uintptr_t copy)
{
	uint32_t known = table_find(&codes, hash);

	if (known != 0 || copy == 0)
		return known;
	return granted(GET_OR_WRITE(&codes, hash, code_by_content(&agent_layout, copy)));
}

static bool name_codes(struct stack_copy *copy)
{
	for (size_t i = 0; i < copy->count; i++) {
		copy->frames[i].code = id_of_code(copy->codes[i], copy->copies[i]);
		if (copy->frames[i].code == 0)
			return false;
	}
	return true;
}

static uint32_t id_of_frames(uint64_t hash, const struct stack_copy *copy)
{
	return granted(GET_OR_WRITE(&stacks, hash,
				    stack_by_content(copy->frames, copy->count, copy->cut)));
}

uint32_t stack_of_copy(struct stack_copy *copy)
{
	if (copy->hash == 0 || dict_generation() == 0)
		return 0;
	uint64_t hash = not_zero(hash_mix64(copy->hash));
	uint32_t id = table_find(&stacks, hash);

	if (id == 0 && copy->count > 0 && has_room() && name_codes(copy))
		id = id_of_frames(hash, copy);
	return id != 0 ? id : STACK_REFUSED;
}

#include "agent/calls_arguments.h"

#include <stdio.h>
#include <string.h>

#include "agent/calls_contents.h"
#include "agent/calls_control.h"
#include "agent/calls_cost.h"
#include "agent/calls_frames.h"
#include "agent/calls_given.h"
#include "agent/calls_nodes.h"
#include "agent/calls_space.h"
#include "agent/channel_file.h"
#include "agent/raw.h"

#define CODE_IS_FUNCTION 1u /* CO_OPTIMIZED, Include/code.h */

#define KNOWN 256u /* a power of two, of functions … */
#define KNOWN_MAX 192u
#define PENDING 1024u /* calls under way, by their frame */
#define SEEN 64u      /* units that are in work at once */
#define WAYS 4u       /* places of a hash */
#define WORD_BITS 64u

struct kept {
	uint64_t arguments; /* hash, 0: none */
	uint64_t result;    /* hash, 0: not known */
	uint64_t unit;      /* that called it last */
};
#define RESULT_NOTHING 1 /* None, which is the result of whoever is called for something else */

struct seen_unit {
	uint64_t unit;
	bool is_repeated;
};

struct known {
	uint64_t key;      /* 0: free */
	uint32_t function; /* index + 1; 0: not looked at */
};

struct pending {
	uintptr_t frame; /* 0: none */
	uint64_t key;
	struct arguments_call call;
};

/* In address space of its own: it is there only where it was asked for. */
struct memory {
	struct known known[KNOWN];
	struct calls_given given[ARGUMENTS_FUNCTIONS];
	struct pending pending[PENDING];
	struct seen_unit seen[ARGUMENTS_FUNCTIONS][SEEN];
	uint64_t bits[ARGUMENTS_FUNCTIONS][ARGUMENTS_BITS / WORD_BITS];
	struct kept kept[ARGUMENTS_FUNCTIONS][ARGUMENTS_KEPT / WAYS][WAYS]; /* newest first */
};

static struct memory *memory;       /* NULL: never asked for */
static struct arguments_area *area; /* NULL: not made yet */
static bool no_area;                /* it cannot be made here */
static uint32_t forks;              /* between Python's start and this process */
static uint32_t known_count;
static uint64_t key_of_process[2];
static uint64_t cost; /* ticks, of all functions */

/* --- in and out ------------------------------------------------------------ */

static bool make_key(void)
{
	return raw_call(SYS_getrandom, key_of_process, sizeof key_of_process, 0) ==
	       (long)sizeof key_of_process;
}

bool calls_arguments_prepare(char *reason, size_t reason_size)
{
	if (!contents_prepare()) {
		snprintf(reason, reason_size,
			 "arguments are not looked at: objects of Python %s "
			 "are not known",
			 py.version);
		return false;
	}
	if (memory != NULL)
		return true; /* what was counted stays, as the trees do */
	if (!make_key()) {
		snprintf(reason, reason_size,
			 "arguments are not looked at: the kernel gives no random key");
		return false;
	}
	memory = calls_space_reserve(sizeof *memory);
	if (memory != NULL && !calls_space_open(memory, sizeof *memory)) {
		calls_space_release(memory, sizeof *memory);
		memory = NULL;
	}
	return memory != NULL; /* else the reason is said */
}

void calls_arguments_after_fork(void)
{
	area = NULL; /* the parent's */
	forks++;
	if (memory == NULL)
		return;
	calls_space_zero(memory, sizeof *memory);
	known_count = 0;
	no_area = !make_key();
}

static bool has_area(void)
{
	if (LIKELY(area != NULL) || no_area)
		return area != NULL;
	area = calls_control_page() ? channel_file_extend("arguments-1", 0,
							  (sizeof *area + CHANNEL_PAGE - 1) &
								  ~(size_t)(CHANNEL_PAGE - 1),
							  NULL)
				    : NULL;
	no_area = area == NULL;
	if (no_area) {
		calls_control_reason("arguments are not looked at: there is no room in the "
				     "channel");
		return false;
	}
	atomic_store_explicit(&area->magic, ARGUMENTS_AREA_MAGIC, memory_order_release);
	atomic_store(&calls_process->argument_areas, 1);
	return true;
}

/* --- functions ------------------------------------------------------------- */

static struct known *known_slot(uint64_t key)
{
	uint32_t at = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 56);

	while (memory->known[at].key != 0 && memory->known[at].key != key)
		at = (at + 1) & (KNOWN - 1);
	return &memory->known[at];
}
_Static_assert(KNOWN == 256, "eight bits of the product");

/* Index + 1; 0: it is not looked at. */
static uint32_t new_function(uintptr_t code)
{
	const uint32_t flags = frame_code_flags(code);
	uint32_t at, id;

	if (!(flags & CODE_IS_FUNCTION) || flags & (CODE_GENERATOR | CODE_SUSPENDS) ||
	    calls_cost_has(code) || !has_area())
		return 0;
	if (atomic_load(&area->count) == ARGUMENTS_FUNCTIONS) {
		calls_add64(&area->left_out, 1);
		return 0;
	}
	id = code_id(code);
	at = atomic_load(&area->count);
	memory->given[at] = calls_given_read(code);
	area->of[at].code = id;
	atomic_store_explicit(&area->count, at + 1, memory_order_release);
	return at + 1;
}

static uint32_t function_of(uint64_t key, uintptr_t code)
{
	struct known *slot = known_slot(key);

	if (LIKELY(slot->key == key))
		return slot->function;
	if (known_count == KNOWN_MAX)
		return 0;
	known_count++;
	*slot = (struct known){.key = key, .function = new_function(code)};
	return slot->function;
}

/* --- hashes ---------------------------------------------------------------- */

static uint64_t hash_result(py_object result)
{
	struct contents c;
	uint64_t hash;

	if (result == py.none)
		return RESULT_NOTHING;
	contents_begin(&c, key_of_process, true);
	contents_add(&c, (uintptr_t)result);
	hash = contents_end(&c);
	return hash == RESULT_NOTHING ? RESULT_NOTHING + 1 : hash;
}

/* --- calls ----------------------------------------------------------------- */

/* The unit calls the function, with what an earlier one had or not. */
static void note_unit(uint32_t at, uint64_t unit, bool is_repeated)
{
	struct seen_unit *seen = &memory->seen[at][unit % SEEN];

	if (unit == 0)
		return;
	if (seen->unit != unit) {
		*seen = (struct seen_unit){.unit = unit};
		calls_add64(&area->of[at].units, 1);
	}
	if (is_repeated && !seen->is_repeated) {
		seen->is_repeated = true;
		calls_add64(&area->of[at].units_repeated, 1);
	}
}

/* The entry of these arguments, NULL: they are not remembered. */
static struct kept *kept_of(uint32_t at, uint64_t hash)
{
	struct kept *set = memory->kept[at][hash % (ARGUMENTS_KEPT / WAYS)];

	for (uint32_t i = 0; i < WAYS; i++)
		if (set[i].arguments == hash)
			return &set[i];
	return NULL;
}

/* Puts it in front of those that may stand in its place, of which the last one used goes. */
static struct kept *keep_newest(uint32_t at, uint64_t hash)
{
	struct kept *set = memory->kept[at][hash % (ARGUMENTS_KEPT / WAYS)];
	struct kept *found = kept_of(at, hash), *from = found != NULL ? found : &set[WAYS - 1];
	struct kept newest = found != NULL ? *found : (struct kept){.arguments = hash};

	memmove(set + 1, set, (size_t)(from - set) * sizeof *set);
	set[0] = newest;
	return set;
}

/* A call with these arguments. True: they are remembered. */
static bool note_hash(uint32_t at, uint64_t hash, uint64_t unit)
{
	struct calls_arguments *counts = &area->of[at];
	const uint32_t bit = hash >> 32 & (ARGUMENTS_BITS - 1);
	uint64_t *word = &memory->bits[at][bit / WORD_BITS];
	const bool is_repeated = kept_of(at, hash) != NULL;
	struct kept *kept = keep_newest(at, hash);

	if (!(*word >> bit % WORD_BITS & 1)) {
		*word |= UINT64_C(1) << bit % WORD_BITS;
		calls_add64(&counts->set_bits, 1);
	}
	calls_add64(&counts->repeated, is_repeated);
	if (is_repeated && unit != 0 && kept->unit == unit)
		calls_add64(&counts->repeated_in_unit, 1);
	note_unit(at, unit, is_repeated && kept->unit != unit);
	kept->unit = unit;
	return is_repeated;
}

static bool is_on_stack(const struct calls_thread *t, uint64_t key)
{
	const uint32_t node = calls_nodes_of(t, key);

	return node != 0 && t->active[t->nodes[node].place] != 0;
}

static uint64_t cpu_at(struct calls_thread *t, uint64_t now)
{
	const uint64_t last =
		atomic_load_explicit(&calls_area_of(t)->last_wall, memory_order_relaxed);

	return calls_cpu_at(t->thread, now, last);
}

struct arguments_call calls_arguments_begin(struct calls_thread *t, uint64_t key, uintptr_t code,
					    uintptr_t frame)
{
	const uint64_t began = calls_ticks();
	struct arguments_call call = {.function = function_of(key, code), .forks = forks};
	const uint32_t at = call.function - 1;
	uint64_t unit;
	bool has_instance;

	if (call.function == 0)
		return call;
	unit = unit_current(t->thread);
	calls_add64(&area->of[at].calls, 1);
	call.hash = calls_given_hash(&memory->given[at], frame, key_of_process, &has_instance);
	if (call.hash != 0) {
		calls_add64(&area->of[at].comparable, 1);
		calls_add64(&area->of[at].instances, has_instance);
		call.is_repeated = note_hash(at, call.hash, unit);
	} else {
		note_unit(at, unit, false);
	}
	call.is_outermost = !is_on_stack(t, key);
	call.wall = calls_ticks();
	call.cpu = cpu_at(t, call.wall);
	calls_add64(&area->of[at].cost, call.wall - began);
	cost += call.wall - began;
	call.cost = cost;
	return call;
}

/* What a call gave, against the one before with its arguments. */
static void note_result(uint32_t at, uint64_t arguments, uint64_t result)
{
	struct calls_arguments *counts = &area->of[at];
	struct kept *kept = kept_of(at, arguments);

	if (kept == NULL || result == 0)
		return;
	if (kept->result != 0 && kept->result != result)
		calls_add64(&counts->different, 1);
	else if (kept->result == RESULT_NOTHING)
		calls_add64(&counts->nothing, 1);
	else if (kept->result != 0)
		calls_add64(&counts->same, 1);
	kept->result = result;
}

void calls_arguments_end(struct calls_thread *t, const struct arguments_call *call,
			 py_object result)
{
	const uint64_t ended = calls_ticks(), cpu = cpu_at(t, ended);
	const uint64_t ours = cost - call->cost; /* inside it, of other functions */
	const uint32_t at = call->function - 1;
	uint64_t took;

	/* in a fork's child: it began in the parent */
	if (area == NULL || call->forks != forks || result == NULL)
		return;
	calls_add64(&area->of[at].returned, 1);
	if (call->is_outermost && cpu > call->cpu + ours) {
		took = cpu - call->cpu - ours;
		calls_add64(&area->of[at].cpu, took);
		calls_add64(&area->of[at].repeated_cpu, call->is_repeated ? took : 0);
	}
	if (call->hash != 0)
		note_result(at, call->hash, hash_result(result));
	took = calls_ticks() - ended;
	calls_add64(&area->of[at].cost, took);
	cost += took;
}

/* --- calls by their frame -------------------------------------------------- */

static struct pending *pending_of(uintptr_t frame)
{
	return &memory->pending[hash_mix64(frame) % PENDING];
}

void calls_arguments_keep(uintptr_t frame, uint64_t key, const struct arguments_call *call)
{
	if (call->function != 0)
		*pending_of(frame) = (struct pending){.frame = frame, .key = key, .call = *call};
}

void calls_arguments_end_kept(struct calls_thread *t, uintptr_t frame, uint64_t key,
			      py_object result)
{
	struct pending *pending = pending_of(frame);

	if (pending->frame != frame || pending->key != key)
		return;
	pending->frame = 0;
	calls_arguments_end(t, &pending->call, result);
}

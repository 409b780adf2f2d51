#include "agent/calls_loops.h"

#include "agent/abi.h"
#include "base/hash.h"
#include "python/evaluation.h"
#include "python/lines.h"

#define KNOWN 1024 /* a power of two */

static const struct py_evaluation *running;

static struct {
	uint64_t key;
	uint32_t target;
	uint32_t kind; /* enum loop_kind, 0: free */
} known[KNOWN];

bool loops_prepare(void)
{
	running = py_evaluation_for(py.version_hex);
	return running != NULL;
}

struct step {
	uint32_t at; /* of the instruction itself, behind its EXTENDED_ARG */
	uint32_t next;
	uint8_t op;
	uint64_t argument;
};

static bool take_step(const struct py_evaluation *row, const uint8_t *bytes, uint32_t size,
		      struct step *step)
{
	uint64_t argument = 0;

	for (uint32_t at = step->next; at + 2 <= size; at += 2) {
		argument = argument << 8 | bytes[at + 1];
		if (bytes[at] == row->op_extended_arg)
			continue;
		*step = (struct step){at, at + 2, bytes[at], argument};
		return true;
	}
	return false;
}

static uint64_t jump_target(const struct py_evaluation *row, const struct step *step)
{
	switch ((enum py_jump_kind)row->jump_kind) {
	case PY_JUMP_BYTES:
		return step->argument;
	case PY_JUMP_UNITS:
		return step->argument * 2;
	case PY_JUMP_BACK:
		return step->at + row->jump_back_bytes - step->argument * 2;
	}
	return 0;
}

static bool is_condition(const struct py_evaluation *row, uint8_t op)
{
	return row->conditions_back && op != 0 &&
	       (op == row->op_jump_if_false || op == row->op_jump_if_true ||
		op == row->op_jump_if_none || op == row->op_jump_if_some);
}

static bool is_appending(const struct py_evaluation *row, uint8_t op)
{
	return op == row->op_list_append || op == row->op_set_add || op == row->op_map_add;
}

/* The instruction at or behind the EXTENDED_ARG at an offset: jumps go to the one, events name the
 * other. */
static uint64_t place_of(const struct py_evaluation *row, const uint8_t *bytes, uint32_t size,
			 uint64_t offset)
{
	while (offset < size && bytes[offset] == row->op_extended_arg)
		offset += 2;
	return offset;
}

static enum loop_kind kind_at(const struct py_evaluation *row, const uint8_t *bytes, uint32_t size,
			      uint32_t target)
{
	struct step step = {.next = target}, after;

	if (!take_step(row, bytes, size, &step))
		return LOOP_NONE;
	if (step.op == row->op_for)
		return LOOP_LATE;
	after = step;
	if (step.op == row->op_async_for ||
	    (step.op == row->op_before_async_for && take_step(row, bytes, size, &after) &&
	     after.op == row->op_async_for))
		return LOOP_ASYNC;
	return LOOP_COUNTS;
}

enum loop_kind loops_look(const struct py_evaluation *row, const uint8_t *bytes, uint32_t size,
			  uint32_t target, bool (*one_line)(uintptr_t code, uint32_t, uint32_t),
			  uintptr_t code)
{
	enum loop_kind kind = kind_at(row, bytes, size, target);
	uint64_t place = place_of(row, bytes, size, target);
	struct step step = {.next = 0};
	uint32_t last = 0;   /* the last jump back */
	uint64_t leaves = 0; /* the furthest that a condition inside it jumps to */
	uint8_t before = 0;

	for (; take_step(row, bytes, size, &step); before = step.op) {
		if (step.at < place ||
		    !(is_condition(row, step.op) || step.op == row->op_jump_back))
			continue;
		uint64_t to = jump_target(row, &step);

		if (place_of(row, bytes, size, to) == place) {
			if (is_appending(row, before) || !one_line(code, step.at, target))
				return LOOP_NONE;
			last = step.at;
		} else if (last == 0 && to > leaves) {
			leaves = to;
		}
	}
	if (last == 0)
		return LOOP_NONE;
	/* where the condition stands first, one of the loop's jumps leaves it */
	return kind == LOOP_COUNTS && row->tests_first && leaves > last ? LOOP_LATE : kind;
}

static bool on_one_line(uintptr_t code, uint32_t a, uint32_t b)
{
	const struct py_layout *l = &agent_layout;
	uintptr_t table = *(const uintptr_t *)(code + l->code_line_table);
	const uint8_t *bytes = (const uint8_t *)table + l->bytes_data;
	size_t size = *(const size_t *)(table + l->bytes_size);
	int32_t first = *(const int32_t *)(code + l->code_first_line);
	enum py_line_format format = (enum py_line_format)l->line_format;

	return lines_find(format, bytes, size, first, a) ==
	       lines_find(format, bytes, size, first, b);
}

enum loop_kind loops_kind(uint64_t key, uintptr_t code, uint32_t target)
{
	uint32_t at = (uint32_t)hash_mix64(key ^ (uint64_t)target << 32) & (KNOWN - 1);
	py_object type, value, traceback, instructions;
	enum loop_kind kind = LOOP_NONE;

	if (known[at].kind != 0 && known[at].key == key && known[at].target == target)
		return (enum loop_kind)known[at].kind;
	py.PyErr_Fetch(&type, &value, &traceback);
	/* as compiled: without what the interpreter has put in place of instructions */
	instructions = py.PyObject_GetAttrString((py_object)code, "co_code");
	if (instructions != NULL)
		kind = loops_look(running, (const uint8_t *)py.PyBytes_AsString(instructions),
				  (uint32_t)py.PyBytes_Size(instructions), target, on_one_line,
				  code);
	py.Py_DecRef(instructions);
	py.PyErr_Restore(type, value, traceback);
	known[at].key = key;
	known[at].target = target;
	known[at].kind = kind;
	return kind;
}

#include "agent/calls_fused.h"

#include <stdbool.h>
#include <stddef.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_file.h"
#include "agent/calls_tool.h"

#define CODE_UNITS \
	16 /* ob_size of a code object: units of two bytes, an opcode and its argument \
	    */

/* Opcodes of 3.12 (Include/opcode.h). */
enum {
	LOAD_CONST = 100,
	LOAD_FAST = 124,
	STORE_FAST = 125,
	/* Of lines and of instructions: what stands below them is not to be seen. Of all others
	 * (237–252) it is, and none of these is part of a pair. */
	INSTRUMENTED_INSTRUCTION = 253,
};

static const struct pair {
	uint8_t fused, first, second;
} pairs[] = {
	{84, LOAD_CONST, LOAD_FAST},  {86, LOAD_FAST, LOAD_CONST},   {88, LOAD_FAST, LOAD_FAST},
	{154, STORE_FAST, LOAD_FAST}, {158, STORE_FAST, STORE_FAST},
};
static bool fuses; /* what CPython fuses is known */
#define PAIRS (sizeof pairs / sizeof *pairs)

/* Units of inline cache behind each opcode, specialized ones included: dis._all_opmap of 3.12 and
 * opcode._inline_cache_entries; '-': there is none of that number, or its length is not its own. */
static const char caches[256 + 1] = "00000011101001101011111331003300"
				    "00300033333333333000000031111011"
				    "11110090990099999990000000001104"
				    "00000000009100044400400000110000"
				    "00000000000001000000400004000001"
				    "110000111--300000---------------"
				    "--------------------------------"
				    "-------------100030000001000000-";

/* The first part of a pair, or an instruction that may be one's; else 0. */
static uint8_t plain_of(uint8_t op)
{
	for (size_t i = 0; i < PAIRS; i++)
		if (op == pairs[i].fused || op == pairs[i].first)
			return pairs[i].first;
	return 0;
}

static uint8_t fused_of(uint8_t first, uint8_t second)
{
	for (size_t i = 0; i < PAIRS; i++)
		if (pairs[i].first == first && pairs[i].second == second)
			return pairs[i].fused;
	return 0;
}

static size_t after(const uint8_t *units, size_t at)
{
	return at + 1 + (size_t)(caches[units[2 * at]] - '0');
}

/* Each instruction is known, and the last one ends with the code. */
static bool is_known(const uint8_t *units, size_t count)
{
	size_t at = 0;

	while (at < count) {
		uint8_t op = units[2 * at];

		if (caches[op] == '-' || op >= INSTRUMENTED_INSTRUCTION)
			return false;
		at = after(units, at);
	}
	return at == count;
}

static void fuse(uint8_t *units, size_t count)
{
	for (size_t at = 0; at + 1 < count; at = after(units, at)) {
		uint8_t op = units[2 * at], second = plain_of(units[2 * at + 2]), fused;

		if (plain_of(op) != op || second == 0)
			continue;
		fused = fused_of(op, second);
		if (fused != 0)
			units[2 * at] = fused;
	}
}

/* --- tried first ------------------------------------------------------------ */

#define PROGRAM \
	"def tried(a, b):\n" \
	" c, d = b, a\n" \
	" return c, d, 1, a, len(c) < b.x[0]\n"

/* What CPython made of a function, and this of the same with its pairs taken apart. */
static bool makes_the_same(uint8_t *units, size_t count)
{
	uint8_t made[256];
	unsigned seen = 0;

	if (count * 2 > sizeof made || !is_known(units, count))
		return false;
	for (size_t at = 0; at < count; at = after(units, at))
		for (size_t i = 0; i < PAIRS; i++)
			if (units[2 * at] == pairs[i].fused)
				seen |= 1u << i;
	if (seen != (1u << PAIRS) - 1)
		return false;
	for (size_t i = 0; i < count * 2; i++)
		made[i] = units[i];
	for (size_t at = 0; at < count; at = after(made, at))
		if (plain_of(made[2 * at]) != 0)
			made[2 * at] = plain_of(made[2 * at]);
	fuse(made, count);
	for (size_t i = 0; i < count * 2; i++)
		if (made[i] != units[i])
			return false;
	return true;
}

/* struct PyCodeObject of 3.12, before _co_firsttraceable: when it was instrumented last, and by
 * whom (0: never). */
static uint64_t *version_of(uintptr_t code)
{
	return (uint64_t *)(code + agent_layout.code_first_traceable - 16);
}

static bool was_instrumented(uintptr_t code)
{
	return *(const uintptr_t *)(code + agent_layout.code_first_traceable - 8) != 0;
}

static bool find_out(void)
{
	py_object scope = py.PyDict_New(), done = NULL, code = NULL;
	bool same = false;

	if (scope != NULL)
		done = py.PyObject_CallMethod(py_module("builtins"), "exec", "sO", PROGRAM, scope);
	if (done != NULL)
		code = py_attribute(py.PyDict_GetItemString(scope, "tried"), "__code__");
	if (code != NULL)
		same = !was_instrumented((uintptr_t)code) && *version_of((uintptr_t)code) == 0 &&
		       makes_the_same((uint8_t *)code + agent_layout.code_instructions,
				      *(const size_t *)((const char *)code + CODE_UNITS));
	app_errors_forget();
	py.Py_DecRef(code);
	py.Py_DecRef(done);
	py.Py_DecRef(scope);
	return same;
}

void fused_prepare(void)
{
	fuses = py.version_hex >> 16 == 0x030c && find_out();
}

void fused_restore(uintptr_t code)
{
	uint8_t *units = (uint8_t *)code + agent_layout.code_instructions;
	size_t count = *(const size_t *)(code + CODE_UNITS);

	if (fuses && is_known(units, count))
		fuse(units, count);
}

/* --- all code ---------------------------------------------------------------- */

#define FOUND_MAX 100000 /* code objects that are looked at */

static py_object on_nothing(py_object self, const py_object *values, py_ssize count)
{
	(void)self;
	(void)values;
	(void)count;
	return py.none;
}

static const struct tool_row start_alone[] = {{"PY_START", (void *)on_nothing}};

static struct {
	struct tool tool;
	uint64_t now; /* version_of() what is up to date; 0: not known yet */
	unsigned left;
} all = {.tool = TOOL_NONE};

/* An event of its own, given and taken: CPython instruments it twice, and takes apart what it runs
 * together; then it is up to date. */
static void restore_one(uintptr_t code)
{
	if (!was_instrumented(code))
		return;
	if (*version_of(code) != all.now && !tool_set_once(&all.tool, code, 1))
		return;
	all.now = *version_of(code);
	fused_restore(code);
}

/* With the code objects of what it defines. */
static void restore_with_inner(py_object code, unsigned depth)
{
	py_object constants = all.left == 0 ? NULL : py_attribute(code, "co_consts");
	py_ssize count = constants == NULL ? 0 : py.PyTuple_Size(constants);

	if (all.left > 0) {
		all.left--;
		restore_one((uintptr_t)code);
	}
	for (py_ssize i = 0; i < count && depth > 0; i++) {
		py_object one = py.PyTuple_GetItem(constants, i);

		if (py_type_of(one) == py.code_type)
			restore_with_inner(one, depth - 1);
	}
	py.Py_DecRef(constants);
}

static void restore_functions(py_object objects)
{
	py_ssize count = objects == NULL ? 0 : py.PyList_Size(objects);

	for (py_ssize i = 0; i < count && all.left > 0; i++) {
		py_object one = py.PyList_GetItem(objects, i), code;

		if (py_type_of(one) != py.function_type)
			continue;
		code = py_attribute(one, "__code__");
		if (code != NULL && py_type_of(code) == py.code_type)
			restore_with_inner(code, 8);
		app_errors_forget();
		py.Py_DecRef(code);
	}
}

void fused_restore_all(void)
{
	char reason[CALLS_REASON];
	py_object objects;

	if (!fuses || !tool_take(&all.tool, start_alone, 1, reason, sizeof reason))
		return;
	all.now = 0;
	all.left = FOUND_MAX;
	objects = py.PyObject_CallMethod(py_module("gc"), "get_objects", NULL);
	restore_functions(objects);
	app_errors_forget();
	py.Py_DecRef(objects);
	tool_give_back(&all.tool);
}

#include "agent/calls_fused.h"

#include <stdbool.h>
#include <stddef.h>

#include "agent/abi.h"

#define CODE_UNITS 16 /* ob_size of a code object: units of two bytes, an opcode and its argument \
		       */

/* Opcodes of 3.12 (Include/opcode.h). */
enum {
	LOAD_CONST = 100,
	LOAD_FAST = 124,
	STORE_FAST = 125,
	INSTRUMENTED_RESUME = 240, /* ours, about to go */
	INSTRUMENTED_FIRST = 237,
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

		if (caches[op] == '-' || (op >= INSTRUMENTED_FIRST && op != INSTRUMENTED_RESUME))
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

static bool find_out(void)
{
	py_object scope = py.PyDict_New(), done = NULL, code = NULL;
	bool same = false;

	if (scope != NULL)
		done = py.PyObject_CallMethod(py_module("builtins"), "exec", "sO", PROGRAM, scope);
	if (done != NULL)
		code = py_attribute(py.PyDict_GetItemString(scope, "tried"), "__code__");
	if (code != NULL)
		same = makes_the_same((uint8_t *)code + agent_layout.code_instructions,
				      *(const size_t *)((const char *)code + CODE_UNITS));
	py.PyErr_Clear();
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

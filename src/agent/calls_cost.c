#include "agent/calls_cost.h"

#include <string.h>

#include "agent/abi.h"
#include "agent/calls_tree.h"

#define CALLS 200
#define ROUNDS 12 /* the first ones warm up: an interpreter specializes code that runs often */
#define PROGRAM \
	"def empty():\n pass\n" \
	"def python(rounds, empty=empty):\n for i in rounds: empty()\n" \
	"def c(rounds, empty=len, of=()):\n for i in rounds: empty(of)\n" \
	"def none(rounds):\n for i in rounds: pass\n"

uintptr_t calls_cost_code;

static py_object python_loop, c_loop, bare_loop, rounds; /* strong */
static uint64_t python_bare, c_bare;                     /* ticks of CALLS calls, loop included */
static uint64_t loop_bare;
static struct cost {
	uint32_t inside, outside; /* ns/16 */
} of_python, of_c;

static bool make(void)
{
	py_object builtins = py_module("builtins"), scope, done, empty, code;

	if (bare_loop != NULL)
		return true;
	scope = py.PyDict_New();
	done = scope == NULL ? NULL
			     : py.PyObject_CallMethod(builtins, "exec", "sO", PROGRAM, scope);
	if (done != NULL) {
		empty = py.PyDict_GetItemString(scope, "empty");
		code = py_attribute(empty, "__code__");
		calls_cost_code = (uintptr_t)code; /* kept, with the function, by the loop */
		py.Py_DecRef(code);
		python_loop = py_keep(py.PyDict_GetItemString(scope, "python"));
		c_loop = py_keep(py.PyDict_GetItemString(scope, "c"));
		bare_loop = py_keep(py.PyDict_GetItemString(scope, "none"));
		rounds = py.PyObject_CallMethod(builtins, "range", "i", CALLS);
	}
	py.PyErr_Clear();
	py.Py_DecRef(done);
	py.Py_DecRef(scope);
	return rounds != NULL;
}

/* Least ticks of some runs. */
static uint64_t time_loop(py_object loop)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t begin = calls_ticks(), took;

		py.Py_DecRef(py.PyObject_CallMethod(loop, "__call__", "O", rounds));
		py.PyErr_Clear();
		took = calls_ticks() - begin;
		least = took < least ? took : least;
	}
	return least;
}

void calls_cost_without(void)
{
	if (python_bare != 0 || !make())
		return;
	python_bare = time_loop(python_loop);
	c_bare = time_loop(c_loop);
	loop_bare = time_loop(bare_loop);
}

/* Own time of the function that the tree has counted last: of the cheapest round as well as can be
 * told, the mean of all. */
static uint64_t own_ticks_a_call(struct calls_thread *t, uint32_t kind, uint64_t key)
{
	uint32_t count = atomic_load(&calls_area_of(t)->node_count);

	for (uint32_t i = 1; i < count; i++) {
		struct calls_node *node = &t->nodes[i];

		if (node->kind == kind && (key == 0 || node->key == key) && node->calls > 0)
			return atomic_load(&node->own_wall) / atomic_load(&node->calls);
	}
	return 0;
}

static uint32_t in_sixteenths(uint64_t ticks)
{
	return (uint32_t)calls_ns_of_ticks(16 * ticks);
}

static struct cost split(uint64_t with, uint64_t bare, uint64_t own)
{
	uint64_t call = bare > loop_bare ? (bare - loop_bare) / CALLS : 0;
	uint64_t cost = with > bare ? (with - bare) / CALLS : 0;
	uint64_t in = own > call / 2 ? own - call / 2 : 0;

	in = in < cost ? in : cost;
	return (struct cost){in_sixteenths(in), in_sixteenths(cost - in)};
}

void calls_cost_with(bool c_calls)
{
	struct calls_thread *kept = calls_self, *scratch;
	uint64_t with;

	if (rounds == NULL)
		return;
	scratch = calls_scratch_begin();
	if (scratch == NULL)
		return;
	with = time_loop(python_loop);
	of_python =
		split(with, python_bare,
		      own_ticks_a_call(scratch, CALLS_FUNCTION, calls_code_key(calls_cost_code)));
	of_c = (struct cost){0};
	if (c_calls) {
		with = time_loop(c_loop);
		of_c = split(with, c_bare, own_ticks_a_call(scratch, CALLS_C_FUNCTION, 0));
	}
	calls_scratch_end(kept);
	calls_cost_write(calls_process);
}

void calls_cost_write(struct calls_process *page)
{
	page->cost_inside_16 = of_python.inside;
	page->cost_outside_16 = of_python.outside;
	page->cost_c_inside_16 = of_c.inside;
	page->cost_c_outside_16 = of_c.outside;
}

#include "agent/calls_cost.h"

#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_tree.h"
#include "agent/calls_trial.h"

#define CALLS 600  /* of each loop: what calling the loop costs is none of it */
#define ROUNDS 12  /* the first ones warm up: an interpreter specializes code that runs often */
#define TREE_OF 15 /* tree(12) took less an event than fib of a program */
#define TREE_CALLS 1973 /* of tree(15) */
#define PROGRAM \
	"def empty():\n pass\n" \
	"def tree(n):\n return n if n < 2 else tree(n - 1) + tree(n - 2)\n" \
	"def generator(rounds):\n for i in rounds: yield\n" \
	"def nested(rounds): yield from generator(rounds)\n" \
	"class Waits:\n" \
	" def __init__(self, rounds): self.rounds = rounds\n" \
	" def __await__(self): return iter(self.rounds)\n" \
	"async def coroutine(waits): await waits\n" \
	"def awaited(rounds): return coroutine(Waits(rounds)).__await__()\n" \
	"def calls(rounds, called):\n for i in rounds: called()\n" \
	"def counts(rounds, called, of=()):\n for i in rounds: called(of)\n" \
	"def takes(rounds, called):\n for i in called(rounds): pass\n" \
	"def nothing(rounds, called):\n for i in rounds: pass\n"

/* What is run, what that calls, and whose events are counted. */
enum trial { NOTHING, NEAR, TREE, RESUME, NESTED, AWAIT, C_CALL, TRIALS };
static const struct {
	const char *loop, *called;
	const char *counted; /* NULL: `called` */
	double calls;
} trials[TRIALS] = {
	[NOTHING] = {"nothing", "empty", NULL, CALLS},
	[NEAR] = {"calls", "empty", NULL, CALLS},
	[TREE] = {"tree", "tree", NULL, TREE_CALLS},
	[RESUME] = {"takes", "generator", NULL, CALLS},
	[NESTED] = {"takes", "nested", NULL, 2 * CALLS},
	[AWAIT] = {"takes", "awaited", "coroutine", CALLS},
	[C_CALL] = {"counts", "len", NULL, CALLS},
};

/* Strong; [trial]. */
static py_object loops[TRIALS], called[TRIALS], counted[TRIALS], rounds;
static double bare[TRIALS]; /* ticks a call, loop included; 0: not measured */

static struct cost {
	double inside, outside; /* ticks */
} of_call, of_resume, of_await, of_c;
static double of_far; /* ticks, as of a loop */

#define LOOKS_MIN 100
static double look; /* ticks, of an event of a trial; 0: not measured */

static py_object named(py_object scope, const char *name)
{
	py_object found = py_keep(py.PyDict_GetItemString(scope, name));

	return found != NULL ? found : py_attribute(py_module("builtins"), name);
}

static bool make_trial(py_object scope, enum trial i)
{
	const char *name = trials[i].counted != NULL ? trials[i].counted : trials[i].called;

	loops[i] = named(scope, trials[i].loop);
	called[i] = named(scope, trials[i].called);
	counted[i] = named(scope, name);
	return loops[i] != NULL && called[i] != NULL && counted[i] != NULL;
}

static bool make(void)
{
	py_object scope;
	bool fine;

	if (rounds != NULL)
		return true;
	scope = calls_trial_make(PROGRAM);
	fine = scope != NULL;
	for (unsigned i = 0; i < TRIALS && fine; i++)
		fine = make_trial(scope, (enum trial)i);
	if (fine)
		rounds = py.PyObject_CallMethod(py_module("builtins"), "range", "i", CALLS);
	app_errors_forget();
	/* `tree` finds itself in it: kept with it */
	py.Py_DecRef(scope);
	return rounds != NULL;
}

bool calls_cost_has(uintptr_t code)
{
	static uintptr_t codes[C_CALL]; /* of NOTHING … */

	if (rounds == NULL)
		return false;
	if (codes[0] == 0)
		for (unsigned i = C_CALL; i-- > 0;)
			codes[i] = calls_trial_code(counted[i]);
	for (unsigned i = 0; i < C_CALL; i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* Least ticks a call of some runs. */
static double time_trial(enum trial i)
{
	uint64_t least = UINT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin = calls_ticks(), took;
		py_object done =
			i == TREE ? py.PyObject_CallMethod(loops[i], "__call__", "i", TREE_OF)
				  : py.PyObject_CallMethod(loops[i], "__call__", "OO", rounds,
							   called[i]);

		took = calls_ticks() - begin;
		app_errors_forget();
		if (done != NULL && took < least)
			least = took; /* else a signal's handler ended it early */
		py.Py_DecRef(done);
	}
	return least == UINT64_MAX ? 0 : (double)least / trials[i].calls;
}

void calls_cost_without(void)
{
	if (bare[NOTHING] > 0 || !make())
		return;
	for (unsigned i = 0; i < TRIALS; i++)
		bare[i] = time_trial((enum trial)i);
}

/* Own time of the function that the tree has counted last, a call or resume: the mean of all. */
static double own_ticks_of(struct calls_thread *t, uint32_t kind, uint64_t key)
{
	uint32_t count = atomic_load(&calls_area_of(t)->node_count);

	for (uint32_t i = 1; i < count; i++) {
		struct calls_node *node = &t->nodes[i];

		if (node->kind == kind && (key == 0 || node->key == key) && node->calls > 0)
			return (double)atomic_load(&node->own_wall) /
			       (double)(node->calls + node->resumes);
	}
	return 0;
}

/* `alone`: what the call itself takes, no engine in place. */
static struct cost split(double cost, double own, double alone)
{
	double inside = own - alone / 2;

	cost = cost > 0 ? cost : 0;
	/* own time is a mean: a trial that was interrupted has more of it than it cost */
	inside = inside < 0 ? 0 : inside < cost ? inside : cost / 2;
	return (struct cost){inside, cost - inside};
}

static double mean_of(struct calls_looks *looks)
{
	uint64_t count = atomic_load(&looks->count);

	return count < LOOKS_MIN ? 0 : (double)atomic_load(&looks->ticks) / (double)count;
}

static void forget(struct calls_looks *looks)
{
	atomic_store(&looks->count, 0);
	atomic_store(&looks->ticks, 0);
}

static double time_trial_and_look(enum trial i)
{
	double took, mean;

	forget(&calls_looks);
	took = time_trial(i);
	mean = mean_of(&calls_looks);
	if (mean > 0 && (look == 0 || mean < look))
		look = mean;
	return took;
}

static struct cost measure(struct calls_thread *t, enum trial i, uint32_t kind, double *own)
{
	double with = time_trial_and_look(i);
	uint64_t key = kind == CALLS_C_FUNCTION ? 0 : calls_code_key(calls_trial_code(counted[i]));

	*own = own_ticks_of(t, kind, key);
	return split(with - bare[i], *own, bare[i] - bare[NOTHING]);
}

/* So much of the cost is inside as of another. */
static struct cost like(struct cost other, double cost)
{
	double all = other.inside + other.outside;

	return split(cost, all > 0 ? cost * other.inside / all : 0, 0);
}

/* Before 3.12 nothing is far. */
static void measure_far(void)
{
	forget(&calls_far_looks);
	for (unsigned i = 0; i < 2 * LOOKS_MIN; i++)
		calls_look_at_far();
	of_far = agent_layout.code_version != PY_UNKNOWN ? mean_of(&calls_far_looks) : 0;
	forget(&calls_far_looks);
}

static void measure_python(struct calls_thread *t)
{
	double own, tree, nested;

	of_call = measure(t, NEAR, CALLS_FUNCTION, &own);
	tree = time_trial_and_look(TREE) - bare[TREE];
	of_call = like(of_call, tree);
	of_resume = measure(t, RESUME, CALLS_FUNCTION, &own);
	nested = time_trial_and_look(NESTED) - bare[NESTED];
	of_resume = like(of_resume, nested);
	of_await = measure(t, AWAIT, CALLS_FUNCTION, &own);
	measure_far();
}

void calls_cost_with(bool c_calls)
{
	struct calls_thread *kept = calls_self, *scratch;
	double own;

	if (bare[NOTHING] <= 0)
		return;
	scratch = calls_scratch_begin();
	if (scratch == NULL)
		return;
	look = 0;
	measure_python(scratch);
	of_c = c_calls ? measure(scratch, C_CALL, CALLS_C_FUNCTION, &own) : (struct cost){0};
	calls_scratch_end(kept);
	forget(&calls_looks);
	calls_cost_write(calls_process);
}

/* What an event takes longer where the program runs than in the trials, as far as it is seen: from
 * its clock reading on. A begin's is the function's, an end's is its caller's: so much of a call in
 * each part. Not before 3.12: there it was twice what events cost more in richards and deltablue
 * (why is not known; the interpreter's own work for the call may be seen with it). */
static double longer(void)
{
	double now = mean_of(&calls_looks);

	if (agent_layout.code_version == PY_UNKNOWN)
		return 0;
	return look > 0 && now > look ? now - look : 0;
}

static uint32_t in_sixteenths(double ticks)
{
	return (uint32_t)calls_ns_of_ticks((uint64_t)(16 * ticks));
}

/* Nothing was measured: nothing is corrected. */
static struct cost with_more(struct cost cost, double more)
{
	return cost.inside + cost.outside > 0
		       ? (struct cost){cost.inside + more, cost.outside + more}
		       : cost;
}

void calls_cost_write(struct calls_process *page)
{
	double more = longer();
	struct cost call = with_more(of_call, more), resume = with_more(of_resume, more);
	struct cost await = with_more(of_await, more), c = with_more(of_c, more);
	double far = mean_of(&calls_far_looks) > 0 ? mean_of(&calls_far_looks) : of_far;

	page->cost_inside_16 = in_sixteenths(call.inside);
	page->cost_outside_16 = in_sixteenths(call.outside);
	page->cost_c_inside_16 = in_sixteenths(c.inside);
	page->cost_c_outside_16 = in_sixteenths(c.outside);
	page->cost_resume_inside_16 = in_sixteenths(resume.inside);
	page->cost_resume_outside_16 = in_sixteenths(resume.outside);
	page->cost_await_inside_16 = in_sixteenths(await.inside);
	page->cost_await_outside_16 = in_sixteenths(await.outside);
	/* made before the clock is read, thrown away after it */
	page->cost_far_inside_16 = in_sixteenths(far / 2);
	page->cost_far_outside_16 = in_sixteenths(far / 2);
}

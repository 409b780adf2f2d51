#include "agent/calls_lines_cost.h"

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_clock.h"
#include "agent/calls_lines.h"
#include "agent/calls_trial.h"

#define ITERATIONS 600 /* of each loop: what calling the loop costs is none of it */
#define ROUNDS 12      /* the first ones warm up: an interpreter specializes code that runs often */
#define LINES_EACH 5   /* of `lines`, an iteration */
#define TREE_OF 12
#define TREE_CALLS 465 /* of tree(12) */
#define TEN "\n\n\n\n\n\n\n\n\n\n"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
/* What ends it stands past the numbers that Python makes once. */
#define PROGRAM \
	"def other(): pass\n" \
	"def chosen():\n pass\n" \
	"def lines(rounds, called):\n for i in rounds:\n  i\n  i\n  i\n  i\n" \
	"def again(rounds, called):\n for i in rounds: i\n" \
	"def calls(rounds, called):\n for i in rounds: called()\n" \
	"def tree(n, _):\n return n if n < 2 else tree(n - 1, _) + tree(n - 2, _)\n" \
	"def generator(rounds):\n for i in rounds:\n  yield\n" \
	"def takes(rounds, called):\n for i in called(rounds): pass\n" HUNDRED HUNDRED HUNDRED \
	"def far(rounds, called):\n for i in rounds:\n  i\n  i\n  i\n  i\n"

/* What is run, and what that calls. */
enum trial { LINES, AGAIN, CALL, OTHER, CHOSEN, TREE, RESUME, FAR, TRIALS };
static const struct {
	const char *loop, *called;
	double each; /* iterations, or calls */
} trials[TRIALS] = {
	[LINES] = {"lines", "other", ITERATIONS},      [AGAIN] = {"again", "other", ITERATIONS},
	[CALL] = {"calls", "object", ITERATIONS},      [OTHER] = {"calls", "other", ITERATIONS},
	[CHOSEN] = {"calls", "chosen", ITERATIONS},    [TREE] = {"tree", "other", TREE_CALLS},
	[RESUME] = {"takes", "generator", ITERATIONS}, [FAR] = {"far", "other", ITERATIONS},
};

/* Strong; [trial]. */
static py_object loops[TRIALS], called[TRIALS], rounds;
static double bare[TRIALS]; /* ticks an iteration; 0: not measured */

static bool make_trial(py_object scope, enum trial i)
{
	py_object callee = py.PyDict_GetItemString(scope, trials[i].called);

	loops[i] = py_keep(py.PyDict_GetItemString(scope, trials[i].loop));
	called[i] = callee != NULL ? py_keep(callee)
				   : py_attribute(py_module("builtins"), trials[i].called);
	return loops[i] != NULL && called[i] != NULL;
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
		rounds = py.PyObject_CallMethod(py_module("builtins"), "range", "i", ITERATIONS);
	app_errors_forget();
	py.Py_DecRef(scope);
	return rounds != NULL;
}

bool calls_lines_cost_has(uintptr_t code)
{
	static uintptr_t codes[TRIALS + 2]; /* of the loops, and of what is chosen that they call */

	if (rounds == NULL)
		return false;
	if (codes[0] == 0) {
		codes[TRIALS] = calls_trial_code(called[CHOSEN]);
		codes[TRIALS + 1] = calls_trial_code(called[RESUME]);
		for (unsigned i = TRIALS; i-- > 0;)
			codes[i] = calls_trial_code(loops[i]);
	}
	for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* Least ticks an iteration, or a call, of some runs. */
static double time_trial(enum trial i)
{
	uint64_t least = UINT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin = calls_ticks(), took;
		py_object done = i == TREE ? py.PyObject_CallMethod(loops[i], "__call__", "iO",
								    TREE_OF, py.none)
					   : py.PyObject_CallMethod(loops[i], "__call__", "OO",
								    rounds, called[i]);

		took = calls_ticks() - begin;
		app_errors_forget();
		if (done != NULL && took < least)
			least = took; /* else a signal's handler ended it early */
		py.Py_DecRef(done);
	}
	return least == UINT64_MAX ? 0 : (double)least / trials[i].each;
}

void calls_lines_cost_without(void)
{
	bare[LINES] = 0;
	if (!make())
		return;
	for (unsigned i = TRIALS; i-- > 0;)
		bare[i] = time_trial((enum trial)i);
}

/* Ticks of all of its lines that were in functions called from them. */
static double inner_of(const struct lines_thread *t)
{
	uint32_t count = atomic_load(&t->area->count);
	uint64_t inner = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct calls_line *line = &lines_of(t->area)[i];

		inner += atomic_load(&line->wall) - atomic_load(&line->own_wall);
	}
	return (double)inner;
}

/* What the engine adds to an iteration, without what is known of it. */
static double added(enum trial i, double known)
{
	double ticks = time_trial(i) - bare[i] - known;

	return ticks > 0 ? ticks : 0;
}

static struct lines_cost measure(const struct lines_thread *t)
{
	double again = added(AGAIN, 0), line = added(LINES, 0) / LINES_EACH;
	double call = added(CALL, again);
	double inner_before = inner_of(t);
	double other = added(OTHER, again + call);
	double inside = (inner_of(t) - inner_before) / (ROUNDS * (double)ITERATIONS) -
			(bare[OTHER] - bare[AGAIN]) / 2;

	double tree = added(TREE, call + line);
	double far = added(FAR, LINES_EACH * line) / LINES_EACH;

	inside = inside < 0 ? 0 : inside < other ? inside : other;
	return (struct lines_cost){
		.line = (uint64_t)line,
		.again = (uint64_t)again,
		.call = (uint64_t)call,
		.chosen = (uint64_t)((added(CHOSEN, again + call + line) + tree) / 2),
		/* two lines begin and end, the second as the generator is suspended */
		.resume = (uint64_t)added(RESUME, again + 3 * line),
		.other_inside = (uint64_t)inside,
		.other_outside = (uint64_t)(other - inside),
		.far = (uint64_t)far,
	};
}

void calls_lines_cost_with(void)
{
	struct lines_thread *kept = lines_self, *scratch;

	lines_cost = (struct lines_cost){0};
	scratch = bare[LINES] > 0 ? lines_scratch_begin() : NULL;
	if (scratch == NULL)
		return;
	lines_cost = measure(scratch);
	lines_scratch_end(scratch, kept);
}

#include "agent/calls_eval.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "agent/calls_arguments.h"
#include "agent/calls_chosen.h"
#include "agent/calls_control.h"
#include "agent/calls_frames.h"
#include "agent/calls_lines.h"
#include "agent/calls_profile.h"
#include "agent/calls_repeats.h"
#include "agent/calls_shape.h"
#include "agent/calls_threads.h"
#include "agent/calls_trace.h"

/* As much of a thread's C stack as frames with ours between them may use, if that is not more than
 * half of it: 1,000 frames, which is as deep as Python goes unless it is told to, take 0.7 MB. */
#define STACK_BYTES (1u << 20)

typedef py_object evaluator(void *tstate, uintptr_t frame, int throwing);
typedef py_object evaluator_3_8(uintptr_t frame, int throwing);

/* Changed with the GIL held. */
static uint32_t listeners;      /* enum eval_listener */
static bool counts_all;         /* EVAL_CALLS of all functions, and nothing else */
static void *before;            /* the function that ours calls */
static void *plain;             /* CPython's own */
static struct py_evaluation at; /* offsets of the running version */
static uintptr_t interpreter;   /* that has it; 0: none */
static _Atomic bool told;       /* that another function stands in its place */
static bool turned_off;         /* by turns: only calls of the repeated function are heard of */

/* --- frames -------------------------------------------------------------------------- */

WALK_INLINE bool is_suspended(struct shape shape, uintptr_t frame)
{
	struct py_evaluation of = at;

	of.suspended_kind = (uint8_t)shape.suspended;
	return frame_is_suspended(&of, frame);
}

WALK_INLINE py_object go_on(struct shape shape, void *tstate, uintptr_t frame, int throwing)
{
	return shape.has_tstate ? ((evaluator *)before)(tstate, frame, throwing)
				: ((evaluator_3_8 *)before)(frame, throwing);
}

/* --- calls --------------------------------------------------------------------------- */

WALK_INLINE void tell_begin(struct shape shape, struct calls_thread *t, uint64_t key,
			    uintptr_t frame, uintptr_t code, int throwing)
{
	if (LIKELY(begins(shape, frame, code) && !throwing))
		calls_enter(t, key, code);
	else
		calls_resume(t, key, code, frame_waiter(frame, code, NULL));
}

WALK_INLINE void tell_end(struct shape shape, struct calls_thread *t, uint64_t key, uintptr_t frame,
			  uintptr_t code, py_object result)
{
	if (result != NULL && UNLIKELY(is_suspended(shape, frame)))
		calls_suspend(t, key, frame_waiter(frame, code, result));
	else
		calls_leave(t, key, result == NULL);
}

WALK_INLINE py_object counted(struct shape shape, bool by_turns, void *tstate, uintptr_t frame,
			      int throwing)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = code_of(frame);
	py_object result;
	uint64_t key;

	if (UNLIKELY(t == NULL) || makes_generator(shape, frame, code))
		return go_on(shape, tstate, frame, throwing);
	key = calls_code_key(code);
	tell_begin(shape, t, key, frame, code, throwing);
	if (by_turns)
		(void)calls_repeats_is_found(t, code);
	result = go_on(shape, tstate, frame, throwing);
	t = calls_self; /* none any more in a fork's child, or once nobody listens */
	if (LIKELY(t != NULL && listeners & EVAL_CALLS))
		tell_end(shape, t, key, frame, code, result);
	return result;
}

/* --- all listeners ------------------------------------------------------------------- */

/* What was decided of code is its mark: new ones each time that all is asked for anew. Passed over:
 * nobody has chosen it, or it is a leaf that is not worth counting (CALLS_DEMOTE). */
#define NO_MARK 1 /* has bits of the number */
static uint64_t last_mark;
static uint64_t mark_passed = NO_MARK, mark_chosen = NO_MARK;

WALK_INLINE bool is_marked(uintptr_t code, uint64_t mark)
{
	const uint64_t *word = calls_code_word(code);

	return LIKELY(word != NULL) && (*word & CALLS_CODE_MARK) == mark;
}

static void set_mark(uintptr_t code, uint64_t mark)
{
	uint64_t *word = calls_code_word(code);

	if (word != NULL && mark != NO_MARK)
		*word = (*word & CALLS_CODE_NUMBER) | mark;
}

static struct chosen *choice_of(uint64_t key, uintptr_t frame, uintptr_t code)
{
	bool all = listeners & EVAL_CALLS && !(calls_asked.want & CALLS_TARGETED);
	struct chosen *chosen = chosen_find(key);

	if (LIKELY(chosen != NULL))
		return chosen;
	calls_look_for_hooks();
	chosen = chosen_decide(key, code, *(void **)(frame + at.frame_globals));
	if (chosen != NULL && !all && chosen->lines == 0)
		set_mark(code, chosen->calls ? mark_chosen : mark_passed);
	return chosen;
}

/* Those of chosen functions alone, lines, or a profile function; or nobody listens any more. */
WALK_INLINE py_object listened(struct shape shape, void *tstate, uintptr_t frame, int throwing)
{
	if (listeners == 0)
		return go_on(shape, tstate, frame, throwing);
	uintptr_t code = code_of(frame);
	uint64_t key = calls_code_key(code);
	struct trace_call call = {.kind = TRACE_NOTHING};
	const struct chosen *chosen = NULL;
	struct calls_thread *t = NULL;
	py_object result;

	if (!shape.has_tstate)
		tstate = py._PyThreadState_UncheckedGet();
	if (listeners & EVAL_PROFILE)
		calls_profile_thread(tstate);
	if (makes_generator(shape, frame, code))
		return go_on(shape, tstate, frame, throwing);
	if (listeners & EVAL_LINES || calls_asked.want & CALLS_TARGETED)
		chosen = choice_of(key, frame, code);
	if (listeners & EVAL_CALLS && !is_marked(code, mark_passed) &&
	    (chosen == NULL ? !(calls_asked.want & CALLS_TARGETED) : chosen->calls))
		t = calls_thread_now();
	bool starts = begins(shape, frame, code) && !throwing;
	if (listeners & EVAL_LINES)
		call = calls_trace_begin(tstate, frame, chosen == NULL ? 0 : chosen->lines, starts);
	if (t != NULL)
		tell_begin(shape, t, key, frame, code, throwing);
	if (t != NULL && starts && calls_asked.want & CALLS_DEMOTE && calls_is_demoted(t))
		set_mark(code, mark_passed);
	result = go_on(shape, tstate, frame, throwing);
	if (t != NULL && calls_self != NULL && listeners & EVAL_CALLS)
		tell_end(shape, calls_self, key, frame, code, result);
	if (call.kind != TRACE_NOTHING)
		calls_trace_end(&call, tstate, frame, result != NULL && is_suspended(shape, frame));
	return result;
}

/* Before the call is counted, in the caller's time: what it is called with (CALLS_ARGUMENTS). */
WALK_INLINE struct arguments_call before_call(struct shape shape, uintptr_t frame, int throwing)
{
	struct calls_thread *t = listeners == 0 || throwing ? NULL : calls_thread_now();
	uintptr_t code = code_of(frame);
	uint64_t key = calls_code_key(code);
	const struct chosen *chosen = t == NULL ? NULL : choice_of(key, frame, code);

	if (chosen == NULL || !chosen->calls || makes_generator(shape, frame, code) ||
	    !begins(shape, frame, code) || calls_self != t)
		return (struct arguments_call){.function = 0};
	return calls_arguments_begin(t, key, code, frame);
}

/* --- the C stack --------------------------------------------------------------------- */

/* Where a thread's C stack is used up to as much as ours may take part in; all: not known yet. */
static AGENT_TLS uintptr_t floor_of_stack = UINTPTR_MAX;
static AGENT_TLS uintptr_t end_of_stack;

static _Atomic uint32_t taken_out; /* by frames that are that deep */

static bool set_evaluator(void *function);
static void put_back(void);

static uintptr_t find_floor(void)
{
	pthread_attr_t attributes;
	void *lowest = NULL;
	size_t bytes = 0;

	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return 0; /* not known: as if there were no end */
	pthread_attr_getstack(&attributes, &lowest, &bytes);
	pthread_attr_destroy(&attributes);
	end_of_stack = (uintptr_t)lowest;
	return (uintptr_t)lowest + bytes - (bytes / 2 < STACK_BYTES ? bytes / 2 : STACK_BYTES);
}

/* Is ours to be taken out until the frame ends? */
static bool is_too_deep(uintptr_t here)
{
	if (floor_of_stack == UINTPTR_MAX)
		floor_of_stack = find_floor();
	/* below its end: on a stack that the program has made itself */
	return here < floor_of_stack && here >= end_of_stack && before == plain && listeners != 0 &&
	       calls_process != NULL;
}

static __attribute__((noinline)) py_object deep(bool has_tstate, void *tstate, uintptr_t frame,
						int throwing)
{
	struct shape shape = {PY_SUSPENDED_STACK, has_tstate};
	py_object result;

	calls_add64(&calls_process->lost_nodes, 1);
	calls_control_reason("recursion that uses more than 1 MB of C stack, or half of it, is not "
			     "counted below that");
	set_evaluator(plain);
	taken_out++;
	result = go_on(shape, tstate, frame, throwing);
	taken_out--;
	if (listeners != 0)
		put_back();
	return result;
}

/* --- by turns (calls_repeats.h) ------------------------------------------------------ */

static void *evaluator_of(uintptr_t interp);

/* A call of the repeated function. With hooks off, what it calls runs without ours: it costs what
 * it does when nothing is counted. */
WALK_INLINE py_object repeated(struct shape shape, void *tstate, uintptr_t frame, int throwing)
{
	py_object result;

	if (!calls_repeats_enter()) {
		result = counted(shape, true, tstate, frame, throwing);
		calls_repeats_leave();
		return result;
	}
	set_evaluator(before);
	taken_out++;
	result = go_on(shape, tstate, frame, throwing);
	calls_repeats_leave();
	if (--taken_out == 0 && (turned_off || listeners != 0) && interpreter != 0 &&
	    evaluator_of(interpreter) == before)
		put_back();
	return result;
}

/* --- one hook a version -------------------------------------------------------------- */

/* Five for each version: where all calls are counted and nothing else is done; the same by turns;
 * where some are, and what is passed over costs a look at its mark and a jump; the rest; and that
 * with arguments. The frequent way is inside of the hook, the other one apart: the C stack has one
 * small frame of ours, or none. */
enum way { COUNTS_ALL, COUNTS_BY_TURNS, COUNTS_SOME, DOES_MORE, WITH_ARGUMENTS, WAYS };

#define HOOK(version, suspended_, has_tstate_, TAKES, frame_, ...) \
	static __attribute__((noinline)) \
	py_object listened_##version(void *tstate, uintptr_t frame, int throwing) \
	{ \
		uintptr_t here = (uintptr_t)__builtin_frame_address(0); \
\
		if (UNLIKELY(here < floor_of_stack) && is_too_deep(here)) \
			return deep(has_tstate_, tstate, frame, throwing); \
		return listened((struct shape){suspended_, has_tstate_}, tstate, frame, throwing); \
	} \
\
	static __attribute__((noinline)) \
	py_object not_passed_##version(void *tstate, uintptr_t frame, int throwing) \
	{ \
		uintptr_t here = (uintptr_t)__builtin_frame_address(0); \
\
		if (LIKELY(here >= floor_of_stack && is_marked(code_of(frame), mark_chosen))) \
			return counted((struct shape){suspended_, has_tstate_}, false, tstate, \
				       frame, throwing); \
		return listened_##version(tstate, frame, throwing); \
	} \
\
	static py_object all_##version TAKES \
	{ \
		uintptr_t here = (uintptr_t)__builtin_frame_address(0); \
\
		if (LIKELY(counts_all && here >= floor_of_stack)) \
			return counted((struct shape){suspended_, has_tstate_}, false, \
				       __VA_ARGS__); \
		return listened_##version(__VA_ARGS__); \
	} \
\
	static __attribute__((noinline)) \
	py_object repeated_##version(void *tstate, uintptr_t frame, int throwing) \
	{ \
		return repeated((struct shape){suspended_, has_tstate_}, tstate, frame, throwing); \
	} \
\
	static py_object turns_##version TAKES \
	{ \
		uintptr_t here = (uintptr_t)__builtin_frame_address(0); \
\
		if (UNLIKELY(calls_code_key(code_of(frame_)) == calls_repeats_key)) \
			return repeated_##version(__VA_ARGS__); \
		if (turned_off) \
			return go_on((struct shape){suspended_, has_tstate_}, __VA_ARGS__); \
		if (LIKELY(counts_all && here >= floor_of_stack)) \
			return counted((struct shape){suspended_, has_tstate_}, true, \
				       __VA_ARGS__); \
		return listened_##version(__VA_ARGS__); \
	} \
\
	static py_object some_##version TAKES \
	{ \
		if (LIKELY(is_marked(code_of(frame_), mark_passed))) \
			return go_on((struct shape){suspended_, has_tstate_}, __VA_ARGS__); \
		return not_passed_##version(__VA_ARGS__); \
	} \
\
	static py_object more_##version TAKES \
	{ \
		if ((lines_self == NULL || lines_self->depth == 0) && \
		    is_marked(code_of(frame_), mark_passed)) \
			return go_on((struct shape){suspended_, has_tstate_}, __VA_ARGS__); \
		return listened_##version(__VA_ARGS__); \
	} \
\
	static py_object arguments_##version TAKES \
	{ \
		struct arguments_call call; \
		py_object result; \
\
		if ((lines_self == NULL || lines_self->depth == 0) && \
		    is_marked(code_of(frame_), mark_passed)) \
			return go_on((struct shape){suspended_, has_tstate_}, __VA_ARGS__); \
		call = before_call((struct shape){suspended_, has_tstate_}, frame_, throwing); \
		result = listened_##version(__VA_ARGS__); \
		if (call.function != 0 && calls_self != NULL) \
			calls_arguments_end(calls_self, &call, result); \
		return result; \
	}

#define WITHOUT_STATE (uintptr_t frame, int throwing)
#define WITH_STATE (void *tstate, uintptr_t frame, int throwing)

HOOK(3_8, PY_SUSPENDED_STACK, false, WITHOUT_STATE, frame, NULL, frame, throwing)
HOOK(3_9, PY_SUSPENDED_STACK, true, WITH_STATE, frame, tstate, frame, throwing)
HOOK(3_10, PY_SUSPENDED_FRAME, true, WITH_STATE, frame, tstate, frame, throwing)
HOOK(3_11, PY_SUSPENDED_GENERATOR, true, WITH_STATE, frame, tstate, frame, throwing)

static void *const hooks[][WAYS] = {
	{(void *)all_3_8, (void *)turns_3_8, (void *)some_3_8, (void *)more_3_8,
	 (void *)arguments_3_8},
	{(void *)all_3_9, (void *)turns_3_9, (void *)some_3_9, (void *)more_3_9,
	 (void *)arguments_3_9},
	{(void *)all_3_10, (void *)turns_3_10, (void *)some_3_10, (void *)more_3_10,
	 (void *)arguments_3_10},
	{(void *)all_3_11, (void *)turns_3_11, (void *)some_3_11, (void *)more_3_11,
	 (void *)arguments_3_11},
};

static void *const *ours;             /* of the running version */
static enum way in_force = DOES_MORE; /* of them */

static bool is_ours(const void *function)
{
	for (unsigned i = 0; ours != NULL && i < WAYS; i++)
		if (function == ours[i])
			return true;
	return false;
}

/* --- in and out ---------------------------------------------------------------------- */

static uintptr_t interpreter_now(void)
{
	uintptr_t tstate = (uintptr_t)py._PyThreadState_UncheckedGet();

	return *(const uintptr_t *)(tstate + agent_layout.tstate_interp);
}

static void **word_of(uintptr_t interp)
{
	return (void **)(interp + at.interp_eval_frame);
}

static void *evaluator_of(uintptr_t interp)
{
	return at.interp_eval_frame != PY_UNKNOWN
		       ? *word_of(interp)
		       : py._PyInterpreterState_GetEvalFrameFunc((void *)interp);
}

static bool set_evaluator(void *function)
{
	if (at.interp_eval_frame != PY_UNKNOWN)
		*word_of(interpreter) = function;
	else
		py._PyInterpreterState_SetEvalFrameFunc((void *)interpreter, function);
	return evaluator_of(interpreter) == function;
}

static void put_back(void)
{
	(void)set_evaluator(ours[in_force]);
}

/* False: this version or build has no place for it. */
static bool find(char *reason, size_t reason_size)
{
	const struct py_evaluation *row = py_evaluation_for(py.version_hex);
	uint32_t minor = py.version_hex >> 16 & 0xff;

	plain = dlsym(RTLD_DEFAULT, "_PyEval_EvalFrameDefault");
	if (row != NULL)
		at = *row;
	if (row == NULL || plain == NULL || minor < 8 || minor > 11 ||
	    (at.interp_eval_frame == PY_UNKNOWN &&
	     (py._PyInterpreterState_GetEvalFrameFunc == NULL ||
	      py._PyInterpreterState_SetEvalFrameFunc == NULL))) {
		snprintf(reason, reason_size,
			 "Python %s has no frame evaluation function that can be set", py.version);
		return false;
	}
	if (minor == 11 && agent_layout.gen_frame == PY_UNKNOWN) {
		snprintf(reason, reason_size,
			 "generators of this build of Python cannot be told "
			 "apart");
		return false;
	}
	frames_prepare();
	ours = hooks[minor - 8];
	return true;
}

static bool put_in_place(char *reason, size_t reason_size)
{
	uintptr_t interp;
	void *found;
	char owner[96];

	if (!find(reason, reason_size))
		return false;
	interp = interpreter_now();
	found = evaluator_of(interp);
	/* one that could not be taken out, or deep() has for the moment */
	if (is_ours(found) || (interpreter == interp && found == before))
		return set_evaluator(ours[in_force]);
	if (interpreter != 0) {
		snprintf(reason, reason_size,
			 "the frame evaluation function %s was put over ours: restart the program",
			 calls_threads_owner(found, NULL, owner, sizeof owner));
		return false;
	}
	if (found == NULL || (at.interp_eval_frame != PY_UNKNOWN && found != plain)) {
		/* 3.8: what else is in the word may be no function */
		snprintf(reason, reason_size,
			 "another tool has Python's frame evaluation function");
		return false;
	}
	before = found;
	interpreter = interp;
	told = false;
	if (set_evaluator(ours[in_force]))
		return true;
	interpreter = 0;
	snprintf(reason, reason_size, "Python did not take a frame evaluation function");
	return false;
}

static void set_listeners(uint32_t now)
{
	uint32_t some = calls_asked.want & (CALLS_TARGETED | CALLS_DEMOTE);
	bool passes = now == EVAL_LINES || (now != 0 && some != 0);
	bool looks = (now & (EVAL_CALLS | EVAL_PROFILE)) != 0 &&
		     (calls_asked.want & CALLS_ARGUMENTS) != 0;

	listeners = now;
	counts_all = now == EVAL_CALLS && some == 0;
	mark_passed = passes && !(now & EVAL_PROFILE) ? last_mark : NO_MARK;
	mark_chosen = now == EVAL_CALLS && some == CALLS_TARGETED
			      ? last_mark + CALLS_CODE_NUMBER + 1
			      : NO_MARK;
	in_force = counts_all ? (calls_asked.want & CALLS_DUTY ? COUNTS_BY_TURNS : COUNTS_ALL)
		   : looks    ? WITH_ARGUMENTS
		   : now == EVAL_CALLS ? COUNTS_SOME
				       : DOES_MORE;
	/* taken out for a call of the repeated function, which may last: others are counted
	 * meanwhile */
	if (interpreter != 0 &&
	    (is_ours(evaluator_of(interpreter)) ||
	     (now != 0 && taken_out > 0 && evaluator_of(interpreter) == before)))
		put_back();
}

/* Marks of before mean nothing any more. They come again after 2^27 times, each of which takes
 * milliseconds. */
static void forget_choices(void)
{
	chosen_forget();
	last_mark += 2 * (CALLS_CODE_NUMBER + 1);
	if (last_mark == 0)
		last_mark = 2 * (CALLS_CODE_NUMBER + 1);
}

bool calls_eval_is_covered(void)
{
	uintptr_t interp = interpreter;
	const void *found;

	if (listeners == 0 || interp == 0 || told)
		return false;
	found = evaluator_of(interp);
	return !is_ours(found) && !(taken_out > 0 && found == plain);
}

void calls_eval_tell_covered(void)
{
	char owner[96];

	if (!calls_eval_is_covered())
		return;
	told = true;
	calls_control_reason(
		"the frame evaluation function %s was put over ours while the program "
		"ran: calls since then are missing, but for those that it hands on",
		calls_threads_owner(evaluator_of(interpreter), NULL, owner, sizeof owner));
}

bool calls_eval_listen(enum eval_listener listener, char *reason, size_t reason_size)
{
	if (listeners == 0 && !put_in_place(reason, reason_size))
		return false;
	forget_choices();
	set_listeners(listeners | listener);
	return true;
}

void calls_eval_leave(enum eval_listener listener)
{
	if (listener == EVAL_CALLS)
		turned_off = false;
	set_listeners(listeners & ~(uint32_t)listener);
	if (listeners != 0 || interpreter == 0 || !is_ours(evaluator_of(interpreter)))
		return;
	set_evaluator(before);
	interpreter = 0;
}

bool calls_eval_install(char *reason, size_t reason_size)
{
	return calls_eval_listen(EVAL_CALLS, reason, reason_size);
}

void calls_eval_remove(void)
{
	calls_eval_leave(EVAL_CALLS);
}

void calls_eval_pause(bool off)
{
	char reason[CALLS_REASON] = "";

	if (off && in_force == COUNTS_BY_TURNS && calls_repeats_key != 0) {
		turned_off = true;
		listeners = 0;
		counts_all = false;
	} else if (off) {
		calls_eval_leave(EVAL_CALLS);
	} else if (turned_off || listeners != 0 || put_in_place(reason, sizeof reason)) {
		turned_off = false;
		set_listeners(listeners | EVAL_CALLS);
	} else {
		calls_control_reason("%s", reason);
	}
}

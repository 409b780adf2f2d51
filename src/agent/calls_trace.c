#include "agent/calls_trace.h"

#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/calls_code.h"
#include "agent/calls_control.h"
#include "agent/calls_eval.h"
#include "agent/calls_lines.h"
#include "agent/calls_loops.h"
#include "agent/calls_threads.h"
#include "python/evaluation.h"

/* Include/cpython/pystate.h, unchanged from 3.8 to 3.11. */
enum { TRACE_EXCEPTION = 1, TRACE_LINE = 2 };

static struct py_evaluation at; /* offsets of the running version */
static uint32_t word_on;        /* what Python writes into the word, 0: not seen yet */

/* --- the thread's word ---------------------------------------------------------------------- */

static inline void *word_of(void *tstate)
{
	if (at.tstate_cframe == PY_UNKNOWN)
		return (char *)tstate + at.tstate_tracing;
	return *(char **)((char *)tstate + at.tstate_cframe) + at.cframe_tracing;
}

static inline uint32_t read_word(void *tstate)
{
	const void *word = word_of(tstate);

	return at.tracing_size == 1 ? *(const uint8_t *)word : *(const uint32_t *)word;
}

static inline void write_word(void *tstate, uint32_t value)
{
	void *word = word_of(tstate);

	if (at.tracing_size == 1)
		*(uint8_t *)word = (uint8_t)value;
	else
		*(uint32_t *)word = value;
}

/* --- events ------------------------------------------------------------------------------------
 */

/* The frame as the evaluation function has it. */
static inline uintptr_t frame_of(uintptr_t object)
{
	return at.object_frame == PY_UNKNOWN ? object
					     : *(const uintptr_t *)(object + at.object_frame);
}

/* Where it stands, in bytes from the first instruction. */
static inline uint32_t offset_of(uintptr_t frame, uintptr_t code)
{
	const struct py_layout *l = &agent_layout;

	switch ((enum py_instr_kind)l->instr_kind) {
	case PY_INSTR_LASTI_BYTES:
		return *(const uint32_t *)(frame + l->frame_instr);
	case PY_INSTR_LASTI_UNITS:
		return *(const uint32_t *)(frame + l->frame_instr) * 2;
	default:
		return (uint32_t)(*(const uintptr_t *)(frame + l->frame_instr) -
				  (code + l->code_instructions));
	}
}

/* The same line again, in one frame without another in between: Python tells of that after a jump
 * backward alone (maybe_call_line_trace, Python/ceval.c, 3.8–3.11). */
static __attribute__((noinline)) void same_line(struct lines_thread *t, uintptr_t frame)
{
	uintptr_t code = *(const uintptr_t *)(frame + agent_layout.frame_code);
	uint32_t target = offset_of(frame, code);

	switch (loops_kind(calls_code_key(code), code, target)) {
	case LOOP_NONE:
		break;
	case LOOP_COUNTS:
		lines_again(t, frame, false, target);
		break;
	case LOOP_LATE:
		lines_again(t, frame, true, target);
		break;
	case LOOP_ASYNC:
		lines_again(t, frame, true, LINE_NEVER_KNOWN);
		break;
	}
}

static int on_trace(py_object self, uintptr_t object, int what, py_object argument)
{
	struct lines_thread *t = lines_self;
	uintptr_t frame = frame_of(object);
	struct line_frame *top;

	(void)self;
	(void)argument;
	if (t == NULL || t->depth == 0)
		return 0;
	top = &t->frames[t->depth - 1];
	if (UNLIKELY(top->frame != frame))
		return 0;
	if (LIKELY(what == TRACE_LINE)) {
		uint32_t line = *(const uint32_t *)(object + at.object_line);

		if (UNLIKELY(line == top->line))
			same_line(t, frame);
		else
			lines_at(t, frame, top->code, line);
	} else if (what == TRACE_EXCEPTION && top->late) {
		lines_raised(
			t, frame,
			offset_of(frame, *(const uintptr_t *)(frame + agent_layout.frame_code)));
	}
	return 0;
}

/* --- frames -------------------------------------------------------------------------------------
 */

static bool is_ours(void *tstate)
{
	return *(void *const *)((char *)tstate + at.tstate_trace) == (void *)on_trace;
}

/* The calling thread has our function from now on. False: another tool has one there. */
static __attribute__((noinline)) bool adopt(void *tstate)
{
	const void *other = *(void *const *)((char *)tstate + at.tstate_trace);
	py_object type, value, traceback;
	uint32_t word = read_word(tstate);
	char owner[96];

	if (other != NULL) {
		calls_control_line_reason("a thread has the trace function %s, so its lines are "
					  "not counted",
					  calls_threads_owner(other, owner, sizeof owner));
		return false;
	}
	py.PyErr_Fetch(&type, &value, &traceback);
	py.PyEval_SetTrace(on_trace, NULL);
	if (py.PyErr_Occurred() != NULL) /* an audit hook forbids it */
		py.PyErr_Clear();
	py.PyErr_Restore(type, value, traceback);
	if (!is_ours(tstate)) {
		calls_control_line_reason("an audit hook forbids a trace function");
		return false;
	}
	word_on = read_word(tstate);
	write_word(tstate, word);
	if (word_on != 0)
		return true;
	calls_control_line_reason("this build of Python keeps elsewhere whether it traces");
	return false;
}

static struct trace_call begin_chosen(struct lines_thread *t, void *tstate, uintptr_t frame,
				      uint32_t code, bool starts)
{
	struct trace_call call = {.kind = TRACE_CHOSEN, .restore = true};

	if (UNLIKELY(!is_ours(tstate)) && !adopt(tstate))
		return (struct trace_call){.kind = TRACE_NOTHING};
	if (starts)
		lines_begin(t, frame, code);
	else
		lines_resume(t, frame, code);
	call.word = read_word(tstate);
	write_word(tstate, word_on);
	return call;
}

struct trace_call calls_trace_begin(void *tstate, uintptr_t frame, uint32_t code, bool starts)
{
	struct lines_thread *t = code != 0 ? lines_thread_now() : lines_self;
	struct trace_call call = {.kind = TRACE_OTHER};

	if (t == NULL)
		return (struct trace_call){.kind = TRACE_NOTHING};
	if (code != 0)
		return begin_chosen(t, tstate, frame, code, starts);
	if (t->depth == 0)
		return (struct trace_call){.kind = TRACE_NOTHING};
	lines_other_begin(t, frame);
	call.word = read_word(tstate);
	/* a profile function wants the word as it is */
	call.restore = call.word != 0 && is_ours(tstate) &&
		       *(void *const *)((char *)tstate + at.tstate_profile) == NULL;
	if (call.restore)
		write_word(tstate, 0);
	return call;
}

void calls_trace_end(const struct trace_call *call, void *tstate, uintptr_t frame, bool suspended)
{
	struct lines_thread *t = lines_self;

	/* without the function Python itself has cleared it */
	if (call->restore)
		write_word(tstate, is_ours(tstate) ? call->word : read_word(tstate));
	if (t == NULL)
		return;
	if (call->kind == TRACE_OTHER)
		lines_other_end(t, frame);
	else if (suspended)
		lines_suspend(t, frame);
	else
		lines_end(t, frame);
}

/* --- in and out
 * ------------------------------------------------------------------------------------ */

bool calls_trace_install(char *reason, size_t reason_size)
{
	const struct py_evaluation *row = py_evaluation_for(py.version_hex);

	if (row == NULL || !loops_prepare() || row->tracing_size == PY_UNKNOWN ||
	    py.PyEval_SetTrace == NULL) {
		snprintf(reason, reason_size, "Python %.20s has no trace function that can be set",
			 py.Py_GetVersion());
		return false;
	}
	at = *row;
	lines_reset();
	return calls_eval_listen(EVAL_LINES, reason, reason_size);
}

void calls_trace_remove(void)
{
	calls_eval_leave(EVAL_LINES);
	calls_threads_take_back((void *)on_trace, false);
}

#include "agent/calls_trace.h"

#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_code.h"
#include "agent/calls_control.h"
#include "agent/calls_eval.h"
#include "agent/calls_frames.h"
#include "agent/calls_lines.h"
#include "agent/calls_lines_memory.h"
#include "agent/calls_loops.h"
#include "agent/calls_threads.h"
#include "python/evaluation.h"

/* Include/cpython/pystate.h, unchanged from 3.8 to 3.11. */
enum { TRACE_EXCEPTION = 1, TRACE_LINE = 2 };

static struct py_evaluation at; /* offsets of the running version */
static uint32_t word_on;        /* what Python writes into the word */

static int on_trace(py_object self, uintptr_t object, int what, py_object argument);

/* --- a thread's state ---------------------------------------------------------------- */

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

static inline void **function_of(void *tstate)
{
	return (void **)((char *)tstate + at.tstate_trace);
}

static bool has_ours(void *tstate)
{
	return *function_of(tstate) == (void *)on_trace;
}

/* The count of threads with a trace function; NULL: there is none. */
static inline int32_t *count_of(const void *tstate)
{
	if (at.runtime_tracing != PY_UNKNOWN)
		return (int32_t *)((char *)py.runtime + at.runtime_tracing);
	if (at.interp_tracing != PY_UNKNOWN)
		return (int32_t *)(*(char *const *)((const char *)tstate +
						    agent_layout.tstate_interp) +
				   at.interp_tracing);
	return NULL;
}

/* As PyEval_SetTrace() does, but for a frame's time and without its audit event. */
static inline void set_function(void *tstate, bool on)
{
	int32_t *count = count_of(tstate);

	*function_of(tstate) = on ? (void *)on_trace : NULL;
	if (count != NULL)
		*count += on ? 1 : -1;
}

/* --- events -------------------------------------------------------------------------- */

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
	struct line_frame *f;

	(void)self;
	(void)argument;
	f = t == NULL ? NULL : lines_find(t, frame);
	if (UNLIKELY(f == NULL))
		return 0;
	if (LIKELY(what == TRACE_LINE)) {
		uint32_t line = *(const uint32_t *)(object + at.object_line);

		if (UNLIKELY(line == f->line)) {
			same_line(t, frame);
			return 0;
		}
		if (lines_memory_is_on())
			lines_memory_event(t, frame, NULL);
		lines_at(t, frame, f->code, line);
	} else if (what == TRACE_EXCEPTION && f->late) {
		lines_raised(
			t, frame,
			offset_of(frame, *(const uintptr_t *)(frame + agent_layout.frame_code)));
	}
	return 0;
}

/* --- frames -------------------------------------------------------------------------- */

static struct trace_call begin_chosen(struct lines_thread *t, void *tstate, uintptr_t frame,
				      uint32_t code, bool starts)
{
	struct trace_call call = {.kind = TRACE_CHOSEN, .word = read_word(tstate)};
	const void *other = *function_of(tstate);
	char owner[96];

	if (other == NULL) {
		set_function(tstate, true);
		call.restore = TRACE_TAKE_OUT;
	} else if (other != (const void *)on_trace) {
		if (calls_process->line_reason[0] == '\0')
			calls_control_line_reason(
				"a thread has the trace function %s, so its lines "
				"are not counted",
				calls_threads_owner(other, "gettrace", owner, sizeof owner));
		return (struct trace_call){.kind = TRACE_NOTHING};
	}
	write_word(tstate, word_on);
	if (starts)
		lines_begin(t, frame, code);
	else
		lines_resume(t, frame, code);
	if (lines_memory_is_on())
		lines_memory_begin(t, frame, NULL);
	return call;
}

/* Of code that is not chosen, called from such that is. */
static struct trace_call begin_other(struct lines_thread *t, void *tstate, uintptr_t frame)
{
	struct trace_call call = {.kind = TRACE_OTHER, .word = read_word(tstate)};

	lines_other_begin(t, frame);
	if (!has_ours(tstate))
		return call;
	set_function(tstate, false);
	call.restore = TRACE_PUT_BACK;
	/* a profile function wants the word as it is */
	if (*(void *const *)((char *)tstate + at.tstate_profile) == NULL)
		write_word(tstate, 0);
	return call;
}

struct trace_call calls_trace_begin(void *tstate, uintptr_t frame, uint32_t code, bool starts)
{
	struct lines_thread *t = code != 0 ? lines_thread_now() : lines_self;

	if (t == NULL || (code == 0 && t->depth == 0))
		return (struct trace_call){.kind = TRACE_NOTHING};
	return code != 0 ? begin_chosen(t, tstate, frame, code, starts)
			 : begin_other(t, tstate, frame);
}

/* The thread's state is as it was before the frame, unless a tool has set a function meanwhile. */
static void restore(const struct trace_call *call, void *tstate)
{
	if (call->restore == TRACE_PUT_BACK && *function_of(tstate) == NULL)
		set_function(tstate, true);
	else if (call->restore == TRACE_TAKE_OUT && has_ours(tstate))
		set_function(tstate, false);
	else if (!has_ours(tstate))
		return;
	write_word(tstate, call->word);
}

void calls_trace_end(const struct trace_call *call, void *tstate, uintptr_t frame, bool suspended)
{
	struct lines_thread *t = lines_self;

	restore(call, tstate);
	if (t == NULL)
		return;
	if (call->kind == TRACE_OTHER) {
		lines_other_end(t, frame);
		return;
	}
	if (lines_memory_is_on())
		lines_memory_event(t, frame, NULL);
	if (suspended)
		lines_suspend(t, frame);
	else
		lines_end(t, frame);
}

/* --- in and out ---------------------------------------------------------------------- */

/* Lets Python set our function on this thread, and looks whether it stands where it is thought to.
 */
static bool is_as_known(void *tstate)
{
	int32_t *count = count_of(tstate);
	int32_t count_before = count != NULL ? *count : 0;
	uint32_t word = read_word(tstate);
	bool fits;

	py.PyEval_SetTrace(on_trace, NULL);
	app_errors_forget(); /* of an audit hook that forbids it */
	word_on = read_word(tstate);
	fits = has_ours(tstate) && word_on != 0 && (count == NULL || *count == count_before + 1);
	py.PyEval_SetTrace(NULL, NULL);
	app_errors_forget();
	return fits && *function_of(tstate) == NULL && read_word(tstate) == word;
}

bool calls_trace_install(char *reason, size_t reason_size)
{
	const struct py_evaluation *row = py_evaluation_for(py.version_hex);
	void *tstate = frame_thread_state();
	const void *other;
	char owner[96];

	snprintf(reason, reason_size, "Python %s has no trace function that can be set",
		 py.version);
	if (row == NULL || !loops_prepare() || row->tracing_size == PY_UNKNOWN ||
	    py.PyEval_SetTrace == NULL)
		return false;
	at = *row;
	other = *function_of(tstate);
	if (other != NULL) {
		snprintf(reason, reason_size, "a thread has the trace function %s",
			 calls_threads_owner(other, "gettrace", owner, sizeof owner));
		return false;
	}
	if (word_on == 0 && !is_as_known(tstate)) {
		word_on = 0;
		return false;
	}
	reason[0] = '\0';
	lines_reset();
	return calls_eval_listen(EVAL_LINES, reason, reason_size);
}

/* A frame of chosen code that runs still keeps its function until it ends; it tells nothing then.
 */
void calls_trace_remove(void)
{
	calls_eval_leave(EVAL_LINES);
	lines_reset();
}

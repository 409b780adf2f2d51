#include "agent/calls_control.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/calls_arguments.h"
#include "agent/calls_cost.h"
#include "agent/calls_change.h"
#include "agent/calls_chosen.h"
#include "agent/calls_fused.h"
#include "agent/calls_lines.h"
#include "agent/calls_lines_cost.h"
#include "agent/calls_suspend.h"
#include "agent/calls_tree.h"
#include "agent/calls_windows.h"
#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/own_thread.h"

struct calls_asked calls_asked;

#define CALLS_WANTS (CALLS_PYTHON | CALLS_C | CALLS_TARGETED | CALLS_TIMELINE | CALLS_DEMOTE)

/* Guarded by the GIL. */
static bool paused;
static const struct calls_engine_row *engine, *line_engine; /* in place; NULL: none */
static uint32_t in_force;                                   /* generation */

#define NOBODY_READS UINT32_MAX /* as a generation: nothing is asked for */

/* What is asked for now. */
uint32_t calls_control_generation(void)
{
	if (agent_control == NULL)
		return 0;
	if (!atomic_load_explicit(&agent_awake, memory_order_relaxed))
		return atomic_load_explicit(&agent_control->calls.generation,
					    memory_order_relaxed) == 0
			       ? 0
			       : NOBODY_READS;
	return atomic_load_explicit(&agent_control->calls.generation, memory_order_acquire);
}

/* --- the process's page ---------------------------------------------------- */

static void say(char *place, size_t size, const char *format, va_list arguments)
{
	if (place[0] == '\0')
		vsnprintf(place, size, format, arguments);
}

void calls_control_reason(const char *format, ...)
{
	va_list arguments;

	if (calls_process == NULL)
		return;
	va_start(arguments, format);
	say(calls_process->reason, sizeof calls_process->reason, format, arguments);
	va_end(arguments);
}

void calls_control_line_reason(const char *format, ...)
{
	va_list arguments;

	if (calls_process == NULL)
		return;
	va_start(arguments, format);
	say(calls_process->line_reason, sizeof calls_process->line_reason, format, arguments);
	va_end(arguments);
}

static void write_pair(struct calls_process *page, unsigned which, struct calls_clock_pair pair)
{
	atomic_store(&page->pairs[which].ticks, pair.ticks);
	atomic_store(&page->pairs[which].ns, pair.ns);
}

/* One at a time: two halves of two instants are no instant. */
static _Atomic bool noting;

void calls_control_note_clocks(void)
{
	if (calls_process == NULL || atomic_exchange(&noting, true))
		return;
	write_pair(calls_process, 1, calls_clock_pair_now());
	if (atomic_load(&calls_process->engine) != CALLS_ENGINE_NONE)
		calls_cost_write(calls_process);
	atomic_store(&noting, false);
}

static bool make_page(void)
{
	struct calls_process *page;

	if (calls_process != NULL)
		return true;
	if (!agent_need_channel())
		return false;
	page = channel_file_extend("calls", 0, CHANNEL_PAGE, NULL);
	if (page == NULL)
		return false;
	calls_clock_prepare();
	page->abi = CALLS_ABI;
	page->pid = core_channel_now()->pid;
	page->serial = core_channel_now()->serial;
	page->clock = calls_clock.wall;
	page->cpu_clock = calls_clock.cpu;
	calls_cost_write(page);
	write_pair(page, 0, calls_clock_first);
	write_pair(page, 1, calls_clock_pair_now());
	calls_process = page;
	atomic_store(&page->began_ns, agent_now_ns());
	atomic_store_explicit(&page->magic, CALLS_PROCESS_MAGIC, memory_order_release);
	return true;
}

static void say_what_is_in_force(void)
{
	atomic_store(&calls_process->engine, engine == NULL ? CALLS_ENGINE_NONE : engine->engine);
	atomic_store(&calls_process->line_engine,
		     line_engine == NULL ? CALLS_ENGINE_NONE : line_engine->engine);
	atomic_store_explicit(&calls_process->generation, in_force, memory_order_release);
}

bool calls_control_page(void)
{
	if (calls_process == NULL && (engine != NULL || line_engine != NULL) && make_page())
		say_what_is_in_force();
	return calls_process != NULL;
}

bool calls_counting(void)
{
	return engine != NULL && !paused;
}

bool calls_asked_of_calls(void)
{
	return (calls_asked.want & CALLS_WANTS) != 0;
}

bool calls_lines_counting(void)
{
	return line_engine != NULL && !(paused && engine == NULL);
}

/* --- engines --------------------------------------------------------------- */

static const struct calls_engine_row *row_for(const struct calls_engine_row *rows, uint32_t want)
{
	for (; rows->install != NULL; rows++)
		if (py.version_hex >= rows->first_hex && py.version_hex < rows->before_hex &&
		    (want & ~rows->can) == 0)
			return rows;
	return NULL;
}

static const struct calls_engine_row *install(const struct calls_engine_row *rows, uint32_t want,
					      char *reason, size_t reason_size)
{
	const struct calls_engine_row *row;

	if (want == 0)
		return NULL;
	row = row_for(rows, want);
	if (row == NULL)
		snprintf(reason, reason_size, "no engine for Python %s does this", py.version);
	return row != NULL && row->install(reason, reason_size) ? row : NULL;
}

static bool switch_engine(const struct calls_engine_row *row, char *reason, bool off)
{
	if (row->pause != NULL)
		row->pause(off);
	else if (off)
		row->remove();
	else
		return row->install(reason, CALLS_REASON);
	return true;
}

bool calls_control_pause(bool off)
{
	const struct calls_engine_row **which = engine != NULL ? &engine : &line_engine;
	const struct calls_engine_row *row = *which;
	py_object type, value, traceback;
	bool there;

	if (row == NULL || off == paused)
		return row != NULL;
	py.PyErr_Fetch(&type, &value, &traceback);
	calls_tree_reset(); /* ends are missed, and what runs meanwhile is nobody's */
	there = switch_engine(
		row, engine != NULL ? calls_process->reason : calls_process->line_reason, off);
	py.PyErr_Restore(type, value, traceback);
	paused = there && off;
	if (!there) {
		*which = NULL;
		say_what_is_in_force();
	}
	return there;
}

static void remove_engines(void)
{
	calls_windows_end();
	if (engine != NULL && !(paused && engine->pause == NULL))
		engine->remove();
	if (line_engine != NULL && !(paused && engine == NULL && line_engine->pause == NULL))
		line_engine->remove();
	paused = false;
	engine = line_engine = NULL;
}

/* Beside what counts calls, which is in place: what is tried for it is none of the program's. */
static void install_lines(void)
{
	struct calls_thread *kept = calls_self, *scratch;

	if (!(calls_asked.want & CALLS_LINES))
		return;
	scratch = engine != NULL ? calls_scratch_begin() : NULL;
	if (engine == NULL || scratch != NULL)
		calls_lines_cost_without();
	line_engine = install(calls_line_engines, CALLS_LINES, calls_process->line_reason,
			      sizeof calls_process->line_reason);
	if (line_engine != NULL && (engine == NULL || scratch != NULL))
		calls_lines_cost_with();
	if (scratch != NULL)
		calls_scratch_end(kept);
}

static void install_engines(const struct calls_control *control)
{
	bool whole;

	calls_process->reason[0] = calls_process->line_reason[0] = '\0';
	whole = calls_pattern_read(&calls_asked.pattern, control->pattern, sizeof control->pattern);
	whole = calls_pattern_read(&calls_asked.lines, control->lines, sizeof control->lines) &&
		whole;
	calls_asked.want = control->want;
	calls_tree_histograms = (calls_asked.want & CALLS_TARGETED) != 0;
	if (agent_layout.free_threaded) {
		calls_control_reason("Python without GIL is not yet followed");
		return;
	}
	if (!calls_code_prepare(calls_process->reason, sizeof calls_process->reason))
		return;
	if (!whole)
		calls_control_reason("more than %u patterns, or a longer text than %u bytes: the "
				     "rest is left out",
				     CALLS_PATTERNS_MAX, CALLS_PATTERN_BYTES);
	if (calls_asked.want & CALLS_ARGUMENTS &&
	    !calls_arguments_prepare(calls_process->reason, sizeof calls_process->reason))
		calls_asked.want &= ~(uint32_t)CALLS_ARGUMENTS;
	chosen_forget();
	calls_tree_forget_order();
	calls_tree_reset();
	if (calls_asked.want & CALLS_WANTS)
		calls_cost_without();
	engine = install(calls_engines, calls_asked.want & CALLS_WANTS, calls_process->reason,
			 sizeof calls_process->reason);
	if (engine != NULL)
		calls_cost_with((calls_asked.want & CALLS_C) != 0);
	install_lines();
	if (calls_asked.want & CALLS_DUTY && (engine != NULL || line_engine != NULL))
		calls_windows_begin(control->duty_on_ms, control->duty_period_ms);
}

/* GIL held. */
void calls_control_apply(void)
{
	const struct calls_control *control = &agent_control->calls;
	uint32_t generation = calls_control_generation();
	uint32_t want = generation == NOBODY_READS ? 0 : control->want;
	py_object type, value, traceback;

	if (generation == in_force || (want == 0 && calls_process == NULL)) {
		in_force = generation;
		return;
	}
	if (!make_page())
		return;
	py.PyErr_Fetch(&type, &value, &traceback);
	remove_engines();
	if (want != 0) {
		atomic_store(&calls_process->ended_ns, 0);
		install_engines(control);
	}
	if (engine == NULL && line_engine == NULL) {
		fused_restore_all();
		atomic_store(&calls_process->ended_ns, agent_now_ns());
	}
	calls_control_note_clocks();
	in_force = generation;
	say_what_is_in_force();
	py.PyErr_Restore(type, value, traceback);
}

void calls_control_start(void)
{
	own_thread_prepare();
	calls_control_apply();
	calls_change_begin();
}

void calls_control_after_fork(void)
{
	atomic_store(&noting, false);
	calls_change_begin();
	calls_suspend_forget();
	calls_tree_after_fork();
	calls_arguments_after_fork();
	lines_after_fork();
	chosen_forget();
}

void calls_control_over(void)
{
	if (calls_process == NULL)
		return;
	calls_control_note_clocks();
	if (engine != NULL || line_engine != NULL)
		atomic_store(&calls_process->ended_ns, agent_now_ns());
}

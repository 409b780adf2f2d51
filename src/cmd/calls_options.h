/* Options of the verbs that count calls and lines (`run`, `attach`), and what they ask the agent
 * for.
 *
 * A pattern is words separated by commas: module, module:function, file.py:line as the agent takes
 * them (agent/calls_pattern.h), and two that the last recording answers: @top20, the functions with
 * most time of their own, and /route, the application's functions seen in it.
 */
#ifndef UNSLOW_CMD_CALLS_OPTIONS_H
#define UNSLOW_CMD_CALLS_OPTIONS_H

#include <stdbool.h>

#include "agent/calls_file.h"
#include "base/err.h"
#include "base/opt.h"

struct calls_values {
	struct opt_list calls; /* each use adds; "": all */
	struct opt_list lines;
	bool c_calls, timeline, duty, demote, arguments;
};

/* Rows of a table of options, for a struct with `struct calls_values calls` (FIELD is the verb's
 * own offsetof). */
/* clang-format off */
#define CALLS_OPTIONS \
	{OPT_ATTACHED, 0, "calls", "PATTERN", \
	 "count every call of Python functions, exactly; of PATTERN alone: module " \
	 "or file.py, module:function, /route, @top20 (of the last recording), several by commas or " \
	 "uses; a script that is run is a module", \
	 FIELD(calls.calls)}, \
	{OPT_FLAG, 0, "c-calls", NULL, "calls of C functions, too", FIELD(calls.c_calls)}, \
	{OPT_LIST, 0, "lines", "PATTERN", \
	 "count the lines of these functions, named likewise: hits, time, await, GIL; memory, " \
	 "too, with --memory=exact", \
	 FIELD(calls.lines)}, \
	{OPT_FLAG, 0, "timeline", NULL, \
	 "keep the last calls of each thread in time, for `unslow export chrome`", \
	 FIELD(calls.timeline)}, \
	{OPT_FLAG, 0, "duty", NULL, \
	 "count half of the time, to measure in the app what counting costs", FIELD(calls.duty)}, \
	{OPT_FLAG, 0, "demote", NULL, \
	 "stop counting functions that cost more to count than to run; they are marked", \
	 FIELD(calls.demote)}, \
	{OPT_FLAG, 0, "arguments", NULL, \
	 "with --calls=PATTERN: are those functions called again with equal arguments? Compared " \
	 "by keyed hashes; no value is kept", \
	 FIELD(calls.arguments)}
/* clang-format on */

/* The word that takes back what was asked for. */
#define CALLS_OFF "off"

/* Whether any of them was given. */
bool calls_asked(const struct calls_values *values);
/* `--calls=off`: nothing more is to be counted, of lines neither. */
bool calls_off_asked(const struct calls_values *values);
/* What is asked of the agent; *out has no generation. Says which functions the last recording
 * chose. ERR_USAGE, or why there is no such recording. */
MUST_CHECK enum err_kind calls_ask(const struct calls_values *values, struct calls_control *out,
				   struct err *e);

#endif

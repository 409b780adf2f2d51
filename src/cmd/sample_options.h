/* Options of the verbs that read samples: which of them, and how frames count. Rows of a table of
 * options, for a struct with these fields (FIELD is the verb's own offsetof).
 */
#ifndef UNSLOW_CMD_SAMPLE_OPTIONS_H
#define UNSLOW_CMD_SAMPLE_OPTIONS_H

/* clang-format off */
#define SAMPLE_OPTIONS_WHICH \
	{OPT_STRING, 0, "route", "ROUTE", "samples, calls: of units of work of this route only, as `show requests` names it", \
	 FIELD(route)}, \
	{OPT_STRING, 0, "thread", "NAME", \
	 "samples, calls: of threads of this name or thread id only", FIELD(thread)}, \
	{OPT_CHOICE, 0, "state", "STATE", \
	 "samples: in this state only: python, holding, gil, native, runqueue, call, lock, sleep", \
	 FIELD(state), profile_state_names}

#define SAMPLE_OPTIONS_FRAMES \
	{OPT_FLAG, 0, "app", NULL, \
	 "samples, calls: the application's frames only; what they call counts as their own", FIELD(app)}, \
	{OPT_FLAG, 0, "all", NULL, \
	 "samples, calls: outside units of work, too: idle threads, the server's own", FIELD(all)}
/* clang-format on */

#endif

/* A process: may it be looked at, is it a Python whose layout holds, and what looking does to it.
 * The layout's test is a look like dump's, so its cost is the answer to "what will be stopped". */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cmd/agent_file.h"
#include "cmd/doctor.h"
#include "cmd/plan.h"
#include "probe/agent_probe.h"
#include "probe/python_process.h"
#include "probe/sampler.h"
#include "probe/still.h"
#include "recording/recording.h"
#include "target/find.h"
#include "target/proc.h"

enum { TREE_MAX = 4096, LIST_BYTES = 120 };

static void fail(struct doctor *doctor, const char *id, const char *fix, const struct err *e)
{
	doctor_say(doctor, id, CHECK_FAILED, fix, "%s", e->text);
	doctor->status = err_exit_status(e->kind);
}

/* The check that an error belongs to, by its kind. */
static const struct {
	enum err_kind kind;
	const char *id;
} failures[] = {
	{ERR_PERMISSION, "permission"},
	{ERR_NO_TARGET, "target"},
	{ERR_UNSUPPORTED, "layout"},
};

static void fail_process(struct doctor *doctor, const struct err *e)
{
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (failures[i].kind == e->kind) {
			fail(doctor, failures[i].id, plan_fix(e->kind), e);
			return;
		}
	fail(doctor, "target", NULL, e);
}

static void check_tree(struct doctor *doctor, int root)
{
	int *pids = mem_alloc(TREE_MAX * sizeof *pids);
	const int count = proc_tree(root, pids, TREE_MAX);
	struct str list;
	str_init(&list, LIST_BYTES);
	for (int i = 1; i < count; i++)
		str_printf(&list, "%s%d", i > 1 ? ", " : "", pids[i]);
	doctor_say(doctor, "tree", CHECK_OK, NULL, "it started %d other process%s%s%s", count - 1,
		   count == 2 ? "" : "es", count > 1 ? ": " : "", list.text);
	str_free(&list);
	free(pids);
}

static void check_process(struct doctor *doctor, struct python_process *process)
{
	struct err e = {0};
	struct still still;
	char version[16];
	doctor_say(doctor, "permission", CHECK_OK, NULL, "the memory of process %d can be read",
		   process->pid);
	doctor_say(doctor, "target", CHECK_OK, NULL, "process %d is CPython %s (%.200s)",
		   process->pid, python_process_version(process, version), process->exe);
	still_begin(&still);
	if (python_process_check(process, &still, &e) != ERR_OK) {
		fail_process(doctor, &e);
	} else {
		doctor_say(doctor, "layout", CHECK_OK, NULL,
			   "its threads, frames and code are where they are expected");
		if (still.freeze.stops)
			doctor_say(
				doctor, "stops", CHECK_OK, NULL,
				"a look like this one stops the thread that runs Python: this one "
				"%u time%s, %.2f ms in all; nothing is written into the process",
				still.freeze.stops, still.freeze.stops == 1 ? "" : "s",
				(double)still.freeze.stopped_ns / 1e6);
		else
			doctor_say(
				doctor, "stops", CHECK_OK, NULL,
				"a look stops a thread that runs Python, and none ran at this one; "
				"nothing is written into the process");
	}
	still_end(&still);
}

/* As a shell that started the app: those below it are watched. */
static bool is_above_pythons(const struct doctor *doctor, const struct err *e)
{
	return e->kind == ERR_NO_TARGET && doctor->plan.status == 0;
}

static void say_above(struct doctor *doctor, int root)
{
	struct str list;
	unsigned count = 0;
	str_init(&list, LIST_BYTES);
	for (size_t i = 0; i < doctor->plan.process_count; i++)
		if (strcmp(doctor->plan.processes[i].engine, "none") != 0)
			str_printf(&list, "%s%d", count++ ? ", " : "",
				   doctor->plan.processes[i].pid);
	doctor_say(doctor, "target", CHECK_NOTE, "to look at one of them alone, name it",
		   "process %d is no Python itself; attach watches what it started: %s", root,
		   list.text);
	str_free(&list);
}

/* Whether or not a check has failed: the root may be no Python, and those below it be. */
static void plan_attach(struct doctor *doctor, int pid)
{
	const struct plan_wish wish = {
		.root_pid = pid,
		.rate_hz = SAMPLER_RATE_HZ,
		.max_bytes = RECORDING_DEFAULT_MAX_BYTES,
	};
	plan_make(&wish, doctor->arena, &doctor->plan);
	doctor->has_plan = true;
}

void doctor_check_target(struct doctor *doctor, const char *word)
{
	struct python_process process;
	struct err e = {0};
	int pid;
	if (find_target(word, &pid, &e) != ERR_OK) {
		if (e.kind == ERR_PERMISSION)
			fail(doctor, "permission", NULL, &e);
		else
			fail(doctor, "target", NULL, &e);
		return;
	}
	plan_attach(doctor, pid);
	if (python_process_open(pid, &process, &e) == ERR_OK)
		check_process(doctor, &process);
	else if (is_above_pythons(doctor, &e))
		say_above(doctor, pid);
	else
		fail_process(doctor, &e);
	python_process_close(&process);
	if (doctor->status || e.kind != ERR_OK)
		return;
	check_tree(doctor, pid);
	if (agent_probe_sleeps(pid))
		doctor_say(
			doctor, "agent-in-target", CHECK_NOTE,
			"to watch again, start the app again with: unslow run -- CMD",
			"the agent is in it and sleeps: it was detached, or its unslow has ended");
	else if (proc_maps_contain(pid, AGENT_FILE_NAME))
		doctor_say(doctor, "agent-in-target", CHECK_OK, NULL,
			   "the agent is in it; `unslow detach %d` puts it to sleep", pid);
	else
		doctor_say(doctor, "agent-in-target", CHECK_NOTE,
			   "start the app with: unslow run -- CMD",
			   "no agent is in it: requests and calls cannot be counted");
}

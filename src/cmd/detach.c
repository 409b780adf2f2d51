#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/channel.h"
#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "probe/agent_probe.h"
#include "target/find.h"
#include "target/proc.h"

enum { TREE_MAX = 4096, NAMED_MAX = 20 };

const struct opt detach_options[] = {{0}};

static void add_pid(struct str *list, int pid, int count)
{
	if (count < NAMED_MAX)
		str_printf(list, "%s%d", list->length ? ", " : "", pid);
	else if (count == NAMED_MAX)
		str_add(list, " …");
}

/* The processes that have the agent. */
static void list_agents(struct str *out)
{
	DIR *all = opendir("/proc");
	int count = 0;
	for (struct dirent *entry; all && (entry = readdir(all));) {
		const int pid = proc_entry_id(entry->d_name);
		if (pid && agent_probe_in(pid))
			add_pid(out, pid, count++);
	}
	if (all)
		closedir(all);
}

/* Whether `unslow run` started it: its environment names the channel. Such are shells and
 * launchers, which have no agent of their own. */
static bool is_of_run(int pid)
{
	char path[64], *variable = NULL;
	size_t size = 0;
	bool found = false;
	snprintf(path, sizeof path, "/proc/%d/environ", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && getdelim(&variable, &size, '\0', file) > 0)
		found = str_starts_with(variable, CHANNEL_ENV "=");
	free(variable);
	fclose(file);
	return found;
}

/* `unslow run` itself: what it started is below it. */
static bool is_unslow(int pid)
{
	char mine[PATH_MAX], its[PATH_MAX], path[64];
	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	const ssize_t length = readlink("/proc/self/exe", mine, sizeof mine);
	return length > 0 && readlink(path, its, sizeof its) == length &&
	       memcmp(mine, its, (size_t)length) == 0;
}

/* Only what the user means: not the agents of others below pid 1 or a login shell. */
static enum err_kind check_target(int pid, struct err *e)
{
	struct str have;
	if (agent_probe_in(pid) || is_of_run(pid) || is_unslow(pid))
		return ERR_OK;
	str_init(&have, 512);
	list_agents(&have);
	const enum err_kind kind =
		ERR(e, ERR_NO_TARGET, "process %d has no unslow agent; %s%s", pid,
		    have.length ? "these have: " : "no process has one", have.text);
	str_free(&have);
	return kind;
}

int cmd_detach(int argc, char **argv)
{
	const struct verb *verb = verb_find("detach");
	struct opt_result result;
	struct err e = {0};
	int status;
	int pid;
	if (!cmd_parse(verb, argc, argv, NULL, &result, &status))
		return status;
	if (result.operand_count != 1) {
		ERR(&e, ERR_USAGE, "takes one target: a process id, :PORT or a name");
		return cmd_fail(verb, &e);
	}
	if (find_target(result.operands[0], &pid, &e) != ERR_OK || check_target(pid, &e) != ERR_OK)
		return cmd_fail(verb, &e);
	static int pids[TREE_MAX];
	const int count = proc_tree(pid, pids, TREE_MAX);
	int asleep = 0, were_asleep = 0;
	struct str list;
	str_init(&list, 512);
	struct err worst = {0};
	for (int i = 0; i < count; i++) {
		struct err reason = {0};
		if (!agent_probe_in(pids[i]))
			continue; /* unslow itself, and children that are no Python: no failure */
		const bool sleeps = agent_probe_sleeps(pids[i]);
		const enum err_kind kind = agent_probe_put_to_sleep(pids[i], &reason);
		were_asleep += kind == ERR_OK && sleeps;
		if (kind == ERR_OK)
			add_pid(&list, pids[i], asleep++);
		else if (kind != ERR_NO_TARGET || worst.kind == ERR_OK)
			worst = reason; /* one that has just ended is the lesser one */
	}
	if (asleep == 0 && worst.kind == ERR_OK)
		ERR(&worst, ERR_NO_TARGET, "neither process %d nor one below it has an agent", pid);
	int ended = 0;
	if (worst.kind != ERR_OK && (worst.kind != ERR_NO_TARGET || asleep == 0))
		ended = cmd_fail(verb, &worst);
	else
		log_info("the agent sleeps%s in %d process%s: %s",
			 were_asleep == asleep ? " already" : "", asleep, asleep == 1 ? "" : "es",
			 list.text);
	str_free(&list);
	return ended;
}

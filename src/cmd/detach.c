#include "base/log.h"
#include "cmd/cmd.h"
#include "probe/agent_probe.h"
#include "target/proc.h"

enum { TREE_MAX = 4096 };

const struct opt detach_options[] = {{0}};

int cmd_detach(int argc, char **argv)
{
	const struct verb *verb = verb_find("detach");
	struct opt_result result;
	struct err e = {0};
	struct proc_stat root;
	int status;
	int pid;
	if (!cmd_parse(verb, argc, argv, NULL, &result, &status))
		return status;
	if (result.operand_count != 1) {
		ERR(&e, ERR_USAGE, "takes one process id");
		return cmd_fail(verb, &e);
	}
	if (cmd_read_pid(result.operands[0], &pid, &e) != ERR_OK ||
	    proc_read_stat(pid, &root, &e) != ERR_OK)
		return cmd_fail(verb, &e);
	static int pids[TREE_MAX];
	const int count = proc_tree(pid, pids, TREE_MAX);
	int asleep = 0;
	struct err worst = {0};
	for (int i = 0; i < count; i++) {
		struct err reason = {0};
		const enum err_kind kind = agent_probe_put_to_sleep(pids[i], &reason);
		if (kind == ERR_OK)
			asleep++;
		else if (kind != ERR_NO_TARGET || worst.kind == ERR_OK)
			worst = reason; /* a process without agent is the lesser one */
	}
	/* Children that are no Python have no agent; that is no failure. */
	if (worst.kind != ERR_OK && (worst.kind != ERR_NO_TARGET || asleep == 0))
		return cmd_fail(verb, &worst);
	log_info("the agent sleeps in %d process%s of %d", asleep, asleep == 1 ? "" : "es", count);
	return 0;
}

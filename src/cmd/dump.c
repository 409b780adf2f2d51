#include <stddef.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "probe/snapshot.h"
#include "target/find.h"
#include "target/proc.h"
#include "view/dump.h"

enum { TREE_MAX = 4096, UNREAD_SAID = 5 };

struct dump_values {
	bool json;
	bool alone;
};

const struct opt dump_options[] = {
	{OPT_FLAG, 0, "json", NULL, "print columns, rows and processes as JSON",
	 offsetof(struct dump_values, json)},
	{OPT_FLAG, 0, "only", NULL, "this process alone, not those it started",
	 offsetof(struct dump_values, alone)},
	{0},
};

static enum err_kind dump_process(int pid, struct arena *arena, struct snapshot_process *out,
				  struct err *e)
{
	struct python_process process;
	struct still still;
	still_begin(&still);
	enum err_kind kind = python_process_open(pid, &process, e);
	if (kind == ERR_OK)
		kind = python_process_check(&process, &still, e);
	if (kind == ERR_OK)
		kind = snapshot_take(&process, &still, arena, out, e);
	still_end(&still);
	python_process_close(&process);
	return kind;
}

static void say_unread(const struct err *why, int before)
{
	if (before < UNREAD_SAID)
		log_warn("%s", why->text);
	else if (before == UNREAD_SAID)
		log_warn("there are more processes that could not be read");
}

int cmd_dump(int argc, char **argv)
{
	const struct verb *verb = verb_find("dump");
	struct dump_values values = {0};
	struct opt_result result;
	struct err e = {0}, first = {0};
	int status, root, unread = 0;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	if (result.operand_count != 1) {
		ERR(&e, ERR_USAGE, "takes one target: a process id, :PORT or a name");
		return cmd_fail(verb, &e);
	}
	if (find_target(result.operands[0], &root, &e) != ERR_OK)
		return cmd_fail(verb, &e);
	int *pids = mem_alloc(TREE_MAX * sizeof *pids);
	const int count = values.alone ? (pids[0] = root, 1) : proc_tree(root, pids, TREE_MAX);
	struct arena *arena = arena_new();
	VEC(struct snapshot_process) processes = {0};
	for (int i = 0; i < count; i++) {
		struct snapshot_process process;
		struct err why = {0};
		if (dump_process(pids[i], arena, &process, &why) == ERR_OK)
			*vec_push(&processes) = process;
		else if (first.kind == ERR_OK ||
			 (first.kind == ERR_NO_TARGET && why.kind != ERR_NO_TARGET))
			first = why;
		/* What the tree has beside its Pythons is no news; a Python that could not be read
		 * is. */
		if (why.kind != ERR_OK && why.kind != ERR_NO_TARGET && count > 1)
			say_unread(&why, unread++);
	}
	free(pids);
	if (processes.count == 0)
		status = cmd_fail(verb, &first);
	else if (values.json)
		view_dump_json(processes.items, processes.count, stdout);
	else
		view_dump_text(processes.items, processes.count, stdout, log_colour_wanted(stdout),
			       cmd_width(stdout));
	vec_free(&processes);
	arena_free(arena);
	return status;
}

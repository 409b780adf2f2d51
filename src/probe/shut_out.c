#include "probe/shut_out.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "target/proc.h"

enum { TREE_MAX = 1024 };

/* proc(5): "Uid: real effective saved filesystem". */
static bool read_user(int pid, uid_t *effective)
{
	char path[64], text[8192];
	uint64_t real, user;
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (proc_read_file(path, text, sizeof text) <= 0)
		return false;
	const char *at = strstr(text, "\nUid:");
	if (!at)
		return false;
	at += strlen("\nUid:");
	if (!proc_next_number(&at, &real) || !proc_next_number(&at, &user))
		return false;
	*effective = (uid_t)user;
	return true;
}

/* The agent is loaded into a Python, and no file of root's channel is mapped. */
static bool has_only_the_agent(int pid)
{
	return proc_maps_contain(pid, "/libunslow-agent.so") &&
	       (proc_maps_contain(pid, "/python") || proc_maps_contain(pid, "/libpython")) &&
	       !proc_maps_contain(pid, "/unslow-0-");
}

void shut_out_look(struct shut_out *found, int root_pid)
{
	static int pids[TREE_MAX];
	uid_t user = 0;
	if (geteuid() != 0 || found->pid)
		return;
	const int before = found->suspect;
	const int count = proc_tree(root_pid, pids, TREE_MAX);
	found->suspect = 0;
	for (int i = 0; i < count && !found->pid; i++) {
		if (!read_user(pids[i], &user) || user == 0 || !has_only_the_agent(pids[i]))
			continue;
		found->user = user;
		if (pids[i] == before)
			found->pid = before;
		else if (!found->suspect)
			found->suspect = pids[i];
	}
}

#include "cmd/outside_walks.h"

#include <poll.h>
#include <stdbool.h>

#include "base/log.h"
#include "probe/outside_walk.h"
#include "target/proc.h"

enum { PROCESSES_MAX = 4096 };

static bool make_one(const struct sampler_watched *process, struct ingest *ingest, uint32_t number)
{
	struct err e;
	const int64_t bytes = proc_anonymous_bytes(process->pid);
	const struct walk_row_facts asked = {.number = number,
					     .anonymous_bytes = bytes > 0 ? (uint64_t)bytes : 0};
	struct outside_walk *walk = outside_walk_begin(process->pid, NULL, 0);
	/* nobody else of this program begins one */
	if (!walk)
		return false;
	if (outside_walk_end(walk, process->serial, &asked, ingest, &e) == ERR_OK)
		return true;
	log_warn("process %d: its heap was not read: %s", process->pid, e.text);
	return false;
}

size_t outside_walks_make(const struct sampler *sampler, struct ingest *ingest, uint32_t number,
			  int signal_fd)
{
	struct sampler_watched watched[PROCESSES_MAX];
	const size_t count = sampler_list(sampler, watched, PROCESSES_MAX);
	size_t made = 0;
	for (size_t i = 0; i < count; i++) {
		struct pollfd stop = {.fd = signal_fd, .events = POLLIN};
		if (poll(&stop, 1, 0) > 0) {
			log_info("ended before the heaps of %zu of %zu processes were read",
				 count - i, count);
			break;
		}
		made += make_one(&watched[i], ingest, number);
	}
	return made;
}

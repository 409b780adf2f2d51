/* `run --load 'URL …'`: the load beside the app that it loads.
 *
 * `unslow load` runs as a process of its own, with the words given and a trace and a log for each
 * request, which become rows of the recording: what the client waited for, beside what the server
 * did. It waits for the app's first answer; when it ends, so does the run.
 */
#ifndef UNSLOW_CMD_LOAD_BESIDE_H
#define UNSLOW_CMD_LOAD_BESIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/words.h"
#include "cmd/child.h"
#include "recording/recording.h"

struct load_beside {
	struct arena *arena;
	struct words words; /* argv of the process, NULL-terminated */
	int log_fd;         /* its requests; of memory; -1: none */
	int result_fd;      /* what it printed; likewise */
	bool closed;        /* each connection sends when it has its answer: no rate */
	uint64_t stop_sent_ns;
	/* Does somebody listen where it goes to? */
	uint16_t port; /* of this machine; 0: it is known, or need not be */
	uint64_t looked_ns, elsewhere_ns;
};

/* Whether the words of `--load` can be meant; says on stderr why not. Before anything is started.
 */
bool load_beside_prepare(struct load_beside *load, const char *words);
/* Before the app, whose start it waits for. */
MUST_CHECK enum err_kind load_beside_start(struct load_beside *load, struct child *child,
					   struct err *e);
/* Now and then: says which ports the app listens on where it is none that the load goes to. */
void load_beside_look(struct load_beside *load, const struct child *child, uint64_t now_ns);
/* The app has ended: so does the load, which prints what it has. False: it has not, yet. */
bool load_beside_over(struct load_beside *load, struct child *child, uint64_t now_ns);
/* Its requests become rows. */
MUST_CHECK enum err_kind load_beside_record(struct load_beside *load, struct recording *recording,
					    struct err *e);
void load_beside_free(struct load_beside *load);

#endif

/* The options of a load and the plan they make: for `unslow load` and what drives a load.
 */
#ifndef UNSLOW_CMD_LOAD_OPTIONS_H
#define UNSLOW_CMD_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/opt.h"
#include "load/request_set.h"
#include "load/run.h"

struct load_values {
	/* How much, when */
	double arrivals; /* -R; 0: not given */
	const char *ramp;
	bool poisson, closed, open;
	bool knee;            /* its rates are found: as much as the server takes */
	uint64_t connections; /* 0: not given */
	uint64_t duration_ns, warm_up_ns, timeout_ns; /* 0: not given */
	uint64_t wait_ns;
	uint64_t count;
	uint64_t threads;
	/* What */
	const char *method, *body, *requests_file;
	struct opt_list headers;
	bool cookies, insecure, trace;
	bool yes;
};

/* A plan with what it points to. */
struct load_order {
	struct load_plan plan;
	struct url url; /* the one of the command line */
	struct arena *arena;
	struct request_set *requests;
};

/* ERR_USAGE: words that cannot be meant, or a load that is refused without --yes. */
MUST_CHECK enum err_kind load_order_make(struct load_order *order, const struct load_values *values,
					 const char *url, struct err *e);
void load_order_free(struct load_order *order);

/* Whether `unslow load` with these words (argv[0] is the verb; NULL-terminated, reordered) would
 * begin; says on stderr why it would not. *port: the one of this machine that it goes to; 0: to a
 * Unix socket or another machine. *closed: it has no rate. */
bool load_check(int argc, char **argv, uint16_t *port, bool *closed);

#endif

/* unslow load --knee: its words, its answer, its gate ('knee<200').
 */
#ifndef UNSLOW_CMD_LOAD_KNEE_H
#define UNSLOW_CMD_LOAD_KNEE_H

#include <stdbool.h>
#include <stdio.h>

#include "cmd/load_options.h"
#include "load/slo.h"

struct load_knee_values {
	const char *slo;
	bool constant;  /* evenly spaced arrivals */
	bool has_files; /* --hgrm or --csv, which are of one load */
};

/* Words that cannot be meant together; without --knee only that --slo is not given. Fills `slo`. */
MUST_CHECK enum err_kind load_knee_check(const struct load_knee_values *values,
					 const struct load_values *load, const char *fail_on,
					 struct slo *slo, struct err *e);

struct load_knee_job {
	const char *target; /* the URL as the user wrote it */
	const struct slo *slo;
	const struct load_order *order;
	uint64_t budget_ns;
	bool is_even; /* arrivals */
	bool json;
	FILE *output; /* JSON, too; NULL: not wanted */
	const char *fail_on;
};

/* Searches and prints; *status is 1 if the gate was crossed. */
MUST_CHECK enum err_kind load_knee(const struct load_knee_job *job, int *status, struct err *e);

#endif

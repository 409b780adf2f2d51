/* Whole answers of small recordings: sentences that they must have, and one that they must not. */
#ifndef UNSLOW_TESTS_RULES_ANSWERS_H
#define UNSLOW_TESTS_RULES_ANSWERS_H

#include "rules/case_run.h"

#define REQUESTS(columns, values) \
	"INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, " columns \
	") SELECT i + 1, 1, 'request', 1, i * 10000000, 10000000, 1000000, " values " FROM n;"
#define STARTED \
	"INSERT INTO unit(id, process_id, kind, start_ns, wall_ns, flags) " \
	"VALUES (1, 1, 'run', 0, 900000000, 1);"

struct answer {
	struct rule_case given;
	const char *has[3];
	const char *has_not; /* NULL: none */
};

extern const struct answer answers[];
extern const size_t answer_count;

#endif

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

/* 10,000 requests of 5 ms, and so many of another route, each of 20 statements one after the other.
 */
#define RARE(units, wall_ns, statement_ns) \
	"INSERT INTO handle(id, process_id, kind, peer_kind) VALUES (1, 1, 'socket', " \
	"'postgresql');" \
	"INSERT INTO unit(id, process_id, kind, route_id, method_id, start_ns, wall_ns, cpu_ns) " \
	"SELECT a.i * 100 + b.i + 1, 1, 'request', 1, 3, (a.i * 100 + b.i) * 5000000, 5000000, " \
	"5000000 FROM n a, n b;" \
	"INSERT INTO unit(id, process_id, kind, route_id, method_id, start_ns, wall_ns, cpu_ns, " \
	"db_ns, statements) SELECT 20000 + i, 1, 'request', 2, 3, i * 500000000, " wall_ns \
	", " wall_ns " - 20 * " statement_ns ", 20 * " statement_ns ", 20 FROM n WHERE i < " units \
	";" \
	"INSERT INTO statement(start_ns, dur_ns, unit_id, handle_id, nth, fingerprint_id, " \
	"raw_hash, literals, rows, prepare_ns, bytes, stack_id, flags) SELECT u.start_ns + " \
	"n.i * " statement_ns ", " statement_ns \
	", u.id, 1, u.id * 20 + n.i, 4, u.id * 20 + n.i, 0, " \
	"1, 0, 0, 14, 8192 FROM unit u, n WHERE n.i < 20 AND u.id >= 20000;"

struct answer {
	struct rule_case given;
	const char *has[3];
	const char *has_not; /* NULL: none */
};

extern const struct answer answers[];
extern const size_t answer_count;

#endif

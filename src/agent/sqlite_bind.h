/* The values that are bound to a statement of SQLite: whether two runs have the same ones
 * (values.h).
 *
 * Bindings stay over executions until they are bound anew (sqlite.org/c3ref/bind_blob.html), so the
 * hash lies in the statement's entry of sqlite.c. CPython's _sqlite binds by the first five
 * functions here, all places in order, before each execution
 * (Modules/_sqlite/{statement,cursor}.c, 3.8-3.13); the 64-bit ones are apsw's. A value bound by
 * another function leaves a gap, and then nothing is known.
 */
#ifndef UNSLOW_AGENT_SQLITE_BIND_H
#define UNSLOW_AGENT_SQLITE_BIND_H

#include "agent/values.h"

struct sqlite_bound {
	struct values values;
	uint64_t hash;   /* of all places, 0: not known */
	uint32_t places; /* bound since the last execution, one after the other … */
	uint32_t most;   /* … and at most before any */
};

/* An execution begins: `hash` is of what is bound now. A place that was bound before and not now
 * has its old value. */
void sqlite_bound_end(struct sqlite_bound *bound);

/* Of a statement that the application prepared; NULL: not known. (sqlite.c) */
struct sqlite_bound *sqlite_bound_of(void *stmt);

#endif

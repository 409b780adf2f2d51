/* The requests of a run, drawn by weight, and the servers they go to.
 *
 * The set owns all it holds. It is filled once; then each thread takes a copy of its own, as
 * traceparent is patched in place.
 */
#ifndef UNSLOW_LOAD_REQUEST_SET_H
#define UNSLOW_LOAD_REQUEST_SET_H

#include "base/vec.h"
#include "load/request.h"

enum {
	REQUEST_WEIGHT_MAX = 1000000,
	REQUEST_SET_MAX = 100000,          /* requests */
	REQUEST_SET_BYTES_MAX = 256 << 20, /* of all requests together */
};

struct request_set {
	VEC(struct request) requests;
	VEC(struct url) servers; /* each once; paths are those of the first request to it */
	size_t bytes;            /* of all requests */
	struct arena *arena;
};

struct request_set *request_set_new(void);
struct request_set *request_set_copy(const struct request_set *set);
void request_set_free(struct request_set *set); /* NULL is allowed */

/* `weight`: 1 to REQUEST_WEIGHT_MAX. ERR_USAGE, or ERR_LIMIT past the set's limits. */
MUST_CHECK enum err_kind request_set_add(struct request_set *set, const struct request_spec *spec,
					 uint32_t weight, struct err *e);

/* The request that `unit`, random in [0, 1), draws from a set that is not empty. */
struct request *request_set_draw(const struct request_set *set, double unit);

#endif

#include "load/request_set.h"

#include <stdlib.h>
#include <string.h>

struct request_set *request_set_new(void)
{
	struct request_set *set = mem_alloc(sizeof *set);
	set->arena = arena_new();
	return set;
}

void request_set_free(struct request_set *set)
{
	if (!set)
		return;
	vec_free(&set->requests);
	vec_free(&set->servers);
	arena_free(set->arena);
	free(set);
}

static uint32_t add_server(struct request_set *set, const struct url *url)
{
	for (size_t i = 0; i < set->servers.count; i++)
		if (url_same_server(&set->servers.items[i], url))
			return (uint32_t)i;
	*vec_push(&set->servers) = (struct url){
		.scheme = url->scheme,
		.host = arena_string(set->arena, url->host),
		.port = url->port,
		.path = arena_string(set->arena, url->path),
		.authority = arena_string(set->arena, url->authority),
	};
	return (uint32_t)set->servers.count - 1;
}

static uint64_t weight_of_all(const struct request_set *set)
{
	return set->requests.count ? set->requests.items[set->requests.count - 1].weight_end : 0;
}

enum err_kind request_set_add(struct request_set *set, const struct request_spec *spec,
			      uint32_t weight, struct err *e)
{
	struct request request;
	if (weight == 0 || weight > REQUEST_WEIGHT_MAX)
		return ERR(e, ERR_USAGE, "a weight is 1 to %d", REQUEST_WEIGHT_MAX);
	if (set->requests.count == REQUEST_SET_MAX)
		return ERR(e, ERR_LIMIT, "more than %d different requests: take fewer",
			   REQUEST_SET_MAX);
	if (set->bytes >= REQUEST_SET_BYTES_MAX ||
	    spec->body_bytes > REQUEST_SET_BYTES_MAX - set->bytes)
		return ERR(e, ERR_LIMIT,
			   "all requests together are larger than %d MiB: take fewer or smaller",
			   REQUEST_SET_BYTES_MAX >> 20);
	TRY(request_build(&request, spec, set->arena, e));
	request.weight = weight;
	request.weight_end = weight_of_all(set) + weight;
	request.server = add_server(set, spec->url);
	set->bytes += request.count;
	*vec_push(&set->requests) = request;
	return ERR_OK;
}

struct request_set *request_set_copy(const struct request_set *set)
{
	struct request_set *copy = request_set_new();
	for (size_t i = 0; i < set->servers.count; i++)
		add_server(copy, &set->servers.items[i]);
	for (size_t i = 0; i < set->requests.count; i++) {
		struct request *request = vec_push(&copy->requests);
		*request = set->requests.items[i];
		request->bytes = arena_copy(copy->arena, request->bytes, request->count);
	}
	copy->bytes = set->bytes;
	return copy;
}

struct request *request_set_draw(const struct request_set *set, double unit)
{
	/* The first whose weight_end is beyond the point drawn; the last, if rounding went past
	 * all. */
	const uint64_t point = (uint64_t)(unit * (double)weight_of_all(set));
	size_t low = 0;
	size_t high = set->requests.count - 1;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (set->requests.items[middle].weight_end > point)
			high = middle;
		else
			low = middle + 1;
	}
	return &set->requests.items[low];
}

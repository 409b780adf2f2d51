#include "cmd/load_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/str.h"
#include "load/address.h"
#include "load/request_file.h"

enum {
	POOL_DEFAULT = 100, /* connections of an open loop at most: clients keep so many */
	CLOSED_DEFAULT = 10,
	FD_RESERVE = 64,   /* descriptors that are not connections */
	RATE_DEFAULT = 50, /* a second: no server is hurt by it */
	LIST_BYTES = 80,
	RATE_ASKED = 1000, /* more than that to somebody else's machine only with --yes */
};
#define DURATION_DEFAULT_NS (10 * NS_PER_S)
#define DURATION_BY_COUNT_NS (3600 * NS_PER_S) /* with -n alone: so long at most */
#define TIMEOUT_DEFAULT_NS (30 * NS_PER_S)

/* A rate in words, "1000" or "0.5", as arrivals in 1,000 s. */
static enum err_kind to_rate(double rate, uint64_t *out, struct err *e)
{
	const double scaled = nearbyint(rate * ARRIVALS_RATE_UNIT);
	if (scaled > (double)ARRIVALS_RATE_MAX)
		return ERR(e, ERR_USAGE, "%.10g requests a second are too many; at most %.0f", rate,
			   (double)ARRIVALS_RATE_MAX / ARRIVALS_RATE_UNIT);
	*out = (uint64_t)scaled;
	return ERR_OK;
}

/* One side of FROM:TO up to `end`. */
static bool read_side(const char *text, const char *end, double *rate)
{
	char *stop = NULL;
	if (text == end || strspn(text, "0123456789.") != (size_t)(end - text))
		return false;
	*rate = strtod(text, &stop);
	return stop == end;
}

static enum err_kind read_ramp(const char *text, struct arrivals_spec *schedule, struct err *e)
{
	const char *colon = strchr(text, ':');
	double from, to;
	if (!colon || !read_side(text, colon, &from) ||
	    !read_side(colon + 1, text + strlen(text), &to))
		return ERR(e, ERR_USAGE, "--ramp: '%.40s' is not FROM:TO, such as 10:500", text);
	TRY(to_rate(from, &schedule->rate, e));
	TRY(to_rate(to, &schedule->rate_at_end, e));
	if (schedule->rate == 0 && schedule->rate_at_end == 0)
		return ERR(e, ERR_USAGE, "--ramp: from nothing to nothing sends nothing");
	return ERR_OK;
}

static enum err_kind check_closed(const struct load_values *v, struct err *e)
{
	const struct {
		bool is_given;
		const char *word;
	} others[] = {{v->arrivals > 0, "-R"},
		      {v->ramp != NULL, "--ramp"},
		      {v->poisson, "--poisson"},
		      {v->open, "--open"}};
	struct str words;
	enum err_kind kind = ERR_OK;
	str_init(&words, LIST_BYTES);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].is_given)
			str_printf(&words, "%s%s", words.length ? ", " : "", others[i].word);
	if (words.length)
		kind = ERR(e, ERR_USAGE,
			   "--closed sends when an answer comes: it has no rate and no more "
			   "connections than -c; leave out %s",
			   words.text);
	str_free(&words);
	return kind;
}

static enum err_kind check_pace(const struct load_values *v, struct err *e)
{
	const bool has_rate = v->arrivals > 0;
	if (v->closed)
		TRY(check_closed(v, e));
	if (v->ramp && has_rate)
		return ERR(e, ERR_USAGE, "give either -R or --ramp FROM:TO");
	if (v->open && v->connections)
		return ERR(e, ERR_USAGE, "give either --open or -c, the limit that it lifts");
	return ERR_OK;
}

/* N evenly spaced requests take N gaps, the last one's own included. */
static void cut_to_count(struct arrivals_spec *schedule)
{
	const double needed_ns = (double)schedule->count / (double)schedule->rate *
				 (double)(ARRIVALS_RATE_UNIT * NS_PER_S);
	if (needed_ns < (double)schedule->duration_ns)
		schedule->duration_ns = (uint64_t)ceil(needed_ns);
}

static enum err_kind make_schedule(struct arrivals_spec *schedule, const struct load_values *v,
				   struct err *e)
{
	TRY(check_pace(v, e));
	schedule->poisson = v->poisson;
	schedule->seed = random_seed();
	schedule->warm_up_ns = v->warm_up_ns;
	schedule->count = v->count;
	schedule->duration_ns = v->duration_ns ? v->duration_ns
				: v->count     ? DURATION_BY_COUNT_NS
					       : DURATION_DEFAULT_NS;
	if (v->ramp && !v->duration_ns && v->count)
		return ERR(e, ERR_USAGE, "--ramp needs -d: the time from FROM to TO");
	if (v->ramp)
		return read_ramp(v->ramp, schedule, e);
	TRY(to_rate(v->arrivals > 0 ? v->arrivals : RATE_DEFAULT, &schedule->rate, e));
	if (schedule->rate == 0)
		return ERR(e, ERR_USAGE, "-R: the least rate is 0.001 requests a second");
	schedule->rate_at_end = schedule->rate;
	if (v->count && !v->closed && !v->poisson)
		cut_to_count(schedule);
	return ERR_OK;
}

/* Connections that --open may make: what descriptors allow. */
static uint32_t most_connections(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max > LOAD_CONNECTIONS_MAX)
		return LOAD_CONNECTIONS_MAX;
	return limit.rlim_max > 2 * FD_RESERVE ? (uint32_t)limit.rlim_max - FD_RESERVE : FD_RESERVE;
}

static enum err_kind make_crew(struct load_plan *plan, const struct load_values *v, struct err *e)
{
	const uint64_t wanted = v->connections ? v->connections
				: v->open      ? most_connections()
				: v->closed    ? CLOSED_DEFAULT
					       : POOL_DEFAULT;
	const uint64_t threads = v->threads ? v->threads : 1;
	if (wanted > LOAD_CONNECTIONS_MAX)
		return ERR(e, ERR_USAGE, "-c: at most %d connections", LOAD_CONNECTIONS_MAX);
	if (threads > LOAD_THREADS_MAX || threads > wanted)
		return ERR(e, ERR_USAGE,
			   "-t: at most %d threads, and no more than connections (%llu); one does "
			   "for most servers",
			   LOAD_THREADS_MAX, (unsigned long long)wanted);
	plan->connections = (uint32_t)wanted;
	plan->threads = (uint32_t)threads;
	return ERR_OK;
}

static enum err_kind make_requests(struct load_order *order, const struct load_values *v,
				   struct err *e)
{
	struct request_spec spec = {
		.method = v->method,
		.url = &order->url,
		.headers = v->headers.words,
		.header_count = v->headers.count,
		.has_trace = v->trace,
	};
	if (v->requests_file) {
		if (v->method || v->body)
			return ERR(e, ERR_USAGE,
				   "--requests has a method and a body on each line; leave out %s",
				   v->method ? "-X" : "--body");
		return request_file_read(order->requests, v->requests_file, &spec, e);
	}
	if (v->body)
		TRY(request_body_read(v->body, order->arena, &spec.body, &spec.body_bytes, e));
	return request_set_add(order->requests, &spec, 1, e);
}

/* The rate that is going to be sent at most, as far as it is known before. */
static uint64_t greatest_rate(const struct arrivals_spec *schedule)
{
	return schedule->rate > schedule->rate_at_end ? schedule->rate : schedule->rate_at_end;
}

/* A load is an attack on whoever did not ask for it. */
static enum err_kind check_permission(const struct load_order *order, const struct load_values *v,
				      struct err *e)
{
	struct address_list addresses;
	const struct load_plan *plan = &order->plan;
	const bool is_much = v->closed || v->knee ||
			     greatest_rate(&plan->schedule) > RATE_ASKED * ARRIVALS_RATE_UNIT;
	if (v->yes || !is_much)
		return ERR_OK;
	TRY(address_resolve(&order->requests->servers.items[0], &addresses, e));
	for (size_t i = 0; i < addresses.count; i++) {
		char place[ADDRESS_TEXT_SIZE];
		if (address_is_loopback(&addresses.items[i]))
			continue;
		address_text(&addresses.items[i], place);
		return ERR(e, ERR_USAGE,
			   "%s is not this machine, and %s; if it is yours to load, say --yes",
			   place,
			   v->closed ? "--closed sends as fast as it answers"
			   : v->knee ? "--knee sends more than it answers"
				     : "that is more than 1,000 requests a second");
	}
	return ERR_OK;
}

enum err_kind load_order_make(struct load_order *order, const struct load_values *v,
			      const char *url, struct err *e)
{
	struct load_plan *plan = &order->plan;
	*order = (struct load_order){.arena = arena_new(), .requests = request_set_new()};
	*plan = (struct load_plan){
		.requests = order->requests,
		.closed = v->closed,
		.timeout_ns = v->timeout_ns ? v->timeout_ns : TIMEOUT_DEFAULT_NS,
		.cookies = v->cookies,
		.insecure = v->insecure,
		.trace = v->trace,
		.wait_ns = v->wait_ns,
	};
	TRY(url_parse(&order->url, url, order->arena, e));
	TRY(make_schedule(&plan->schedule, v, e));
	TRY(make_crew(plan, v, e));
	TRY(make_requests(order, v, e));
	plan->trace_key = hash_mix64(~plan->schedule.seed) | 1; /* not 0 (W3C Trace Context) */
	return check_permission(order, v, e);
}

void load_order_free(struct load_order *order)
{
	request_set_free(order->requests);
	arena_free(order->arena);
	*order = (struct load_order){0};
}

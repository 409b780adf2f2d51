#include "load/report.h"

#include "base/clock.h"
#include "base/json.h"
#include "load/histogram.h"

enum { DIGITS = 6, NAME_BYTES = 200 };

static const struct {
	const char *name;
	double quantile;
} quantiles[] = {
	{"p50", 0.5}, {"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p99_9", 0.999},
};

static void number(struct json *j, const char *key, double value)
{
	json_key(j, key);
	json_number(j, value, DIGITS);
}

static void count(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	json_uint(j, value);
}

static void flag(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	json_bool(j, value);
}

/* null where `h` is empty: no time was taken, which is not a time of 0. */
static void time_of(struct json *j, const char *key, const struct histogram *h, double value)
{
	json_key(j, key);
	if (histogram_count(h))
		json_number(j, value, DIGITS);
	else
		json_null(j);
}

static void times(struct json *j, const char *key, const struct histogram *h, double unit_ns)
{
	json_key(j, key);
	json_object(j);
	count(j, "count", histogram_count(h));
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
		time_of(j, quantiles[i].name, h,
			(double)histogram_at(h, quantiles[i].quantile) / unit_ns);
	time_of(j, "max", h, (double)histogram_max(h) / unit_ns);
	time_of(j, "mean", h, histogram_mean(h) / unit_ns);
	time_of(j, "deviation", h, histogram_deviation(h) / unit_ns);
	json_object_end(j);
}

/* [[value_ns, count], …]: the buckets again, so that results can be added and compared. */
static void buckets(struct json *j, const char *key, const struct histogram *h)
{
	struct histogram_bucket bucket;
	size_t cursor = 0;
	json_key(j, key);
	j->pretty = false; /* a line, not a thousand */
	json_array(j);
	while (histogram_next(h, &cursor, &bucket)) {
		json_array(j);
		json_uint(j, bucket.high_ns);
		json_uint(j, bucket.count);
		json_array_end(j);
	}
	json_array_end(j);
	j->pretty = true;
}

static void plan_json(struct json *j, const struct load_plan *plan)
{
	const struct arrivals_spec *schedule = &plan->schedule;
	const char *pace = plan->closed ? "closed" : schedule->poisson ? "poisson" : "constant";
	json_key(j, "plan");
	json_object(j);
	json_key(j, "pace");
	json_string(j, pace);
	json_key(j, "rate_per_s");
	if (plan->closed)
		json_null(j);
	else
		json_number(j, (double)schedule->rate / ARRIVALS_RATE_UNIT, DIGITS);
	json_key(j, "rate_at_end_per_s");
	if (plan->closed)
		json_null(j);
	else
		json_number(j, (double)schedule->rate_at_end / ARRIVALS_RATE_UNIT, DIGITS);
	count(j, "seed", schedule->seed);
	count(j, "connections", plan->connections);
	count(j, "threads", plan->threads);
	number(j, "warm_up_s", (double)schedule->warm_up_ns / 1e9);
	number(j, "timeout_s", (double)plan->timeout_ns / 1e9);
	count(j, "count", schedule->count);
	flag(j, "cookies", plan->cookies);
	flag(j, "trace", plan->trace);
	json_object_end(j);
}

static void errors_json(struct json *j, const struct load_result *r)
{
	json_key(j, "errors");
	json_object(j);
	count(j, "all", load_result_errors(r));
	for (int i = 0; i < LOAD_ERROR_KINDS; i++)
		count(j, load_error_names[i], r->errors[i]);
	json_key(j, "first");
	json_string(j, r->error_text[0] ? r->error_text : NULL);
	json_object_end(j);
	json_key(j, "status_classes");
	json_object(j);
	for (int i = 1; i < 6; i++) {
		const char name[] = {(char)('0' + i), 'x', 'x', '\0'};
		count(j, name, r->status_classes[i]);
	}
	json_object_end(j);
}

static void outcome_json(struct json *j, const struct timeline_row *row)
{
	count(j, "errors", row->errors);
	number(j, "p50_ms", (double)timeline_row_at(row, 0.5) / 1e6);
	number(j, "p99_ms", (double)timeline_row_at(row, 0.99) / 1e6);
	number(j, "max_ms", (double)row->longest_ns / 1e6);
}

static void seconds_json(struct json *j, const struct timeline *t)
{
	json_key(j, "seconds");
	json_array(j);
	for (size_t i = 0; i < t->count; i++) {
		const struct timeline_row *row = &t->rows[i];
		json_object(j);
		j->pretty = false;
		number(j, "at_s", (double)(i * t->row_ns) / 1e9);
		count(j, "due", row->due);
		count(j, "completed", row->completed);
		outcome_json(j, row);
		json_object_end(j);
		j->pretty = true;
	}
	json_array_end(j);
}

/* null: there are too many lines to keep them apart. */
static void lines_json(struct json *j, const struct request_set *set, const struct by_line *b)
{
	json_key(j, "lines");
	if (b->count == 0 && set->requests.count && set->requests.items[0].line) {
		json_null(j);
		return;
	}
	json_array(j);
	for (uint32_t i = 0; i < b->count; i++) {
		const struct request *request = &set->requests.items[i];
		const struct timeline_row *row = &b->rows[i];
		char name[NAME_BYTES];
		json_object(j);
		j->pretty = false;
		count(j, "line", request->line);
		json_key(j, "request");
		json_string(j, by_line_name(request, name, sizeof name));
		count(j, "weight", request->weight);
		count(j, "requests", row->due);
		outcome_json(j, row);
		json_object_end(j);
		j->pretty = true;
	}
	json_array_end(j);
}

static void client_json(struct json *j, const struct load_result *r)
{
	json_key(j, "threads");
	json_array(j);
	for (uint32_t i = 0; i < r->thread_count; i++) {
		json_object(j);
		number(j, "busy_share", r->threads[i].busy_share);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "connections");
	json_object(j);
	count(j, "used", r->connections_used);
	count(j, "most_at_once", r->connections_most);
	count(j, "opened", r->connects);
	count(j, "starved", r->starved);
	count(j, "answers_least", r->answers_least);
	count(j, "answers_most", r->answers_most);
	count(j, "limit_reached_at", r->fd_limit_at);
	json_object_end(j);
}

static void verdicts_json(struct json *j, const struct load_verdicts *verdicts)
{
	flag(j, "invalid", verdicts->is_invalid);
	json_key(j, "verdicts");
	json_array(j);
	for (size_t i = 0; i < verdicts->count; i++) {
		json_object(j);
		json_key(j, "id");
		json_string(j, verdicts->items[i].id);
		flag(j, "invalid", verdicts->items[i].is_invalid);
		json_key(j, "text");
		json_string(j, verdicts->items[i].text);
		json_object_end(j);
	}
	json_array_end(j);
}

void load_report_json(const struct load_report *report, FILE *out)
{
	const struct load_result *r = report->result;
	const double seconds = (double)r->duration_ns / 1e9;
	struct json j;
	json_document(&j, out, "unslow.load/1");
	json_key(&j, "target");
	json_string(&j, report->target);
	plan_json(&j, report->plan);
	number(&j, "window_s", seconds);
	count(&j, "started_unix_ms", r->start_unix_ns / NS_PER_MS);
	flag(&j, "stopped", r->stopped);
	json_key(&j, "requests");
	json_object(&j);
	count(&j, "due", r->due);
	count(&j, "sent", r->sent);
	count(&j, "answered", r->answered);
	count(&j, "answered_late", r->completed_late);
	count(&j, "unanswered", r->unanswered);
	count(&j, "unsent", r->unsent);
	count(&j, "retried", r->retried);
	number(&j, "due_per_s", seconds > 0 ? (double)r->due / seconds : 0);
	number(&j, "answered_per_s", load_result_rate(r));
	json_object_end(&j);
	json_key(&j, "clock");
	json_object(&j);
	count(&j, "kernel", r->stamped);
	count(&j, "thread", r->answered - r->stamped);
	json_object_end(&j);
	errors_json(&j, r);
	times(&j, "response_ms", r->response, 1e6);
	times(&j, "service_ms", r->service, 1e6);
	times(&j, "lateness_us", r->lateness, 1e3);
	json_key(&j, "bytes");
	json_object(&j);
	count(&j, "in", r->bytes_in);
	count(&j, "out", r->bytes_out);
	json_object_end(&j);
	lines_json(&j, report->plan->requests, &r->by_line);
	client_json(&j, r);
	verdicts_json(&j, report->verdicts);
	number(&j, "second_s", (double)r->timeline.row_ns / 1e9);
	seconds_json(&j, &r->timeline);
	buckets(&j, "response_histogram", r->response);
	buckets(&j, "service_histogram", r->service);
	json_object_end(&j);
}

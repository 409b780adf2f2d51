/* `unslow why --json`: schema unslow.findings/1 (docs/findings.schema.json). */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "view/text.h"
#include "view/view.h"

#define DIGITS 6 /* significant digits of a figure: more would be noise */

static void text(struct json *j, const char *key, const char *value)
{
	json_key(j, key);
	json_string(j, value);
}

static void number(struct json *j, const char *key, double value)
{
	json_key(j, key);
	json_number(j, value, DIGITS);
}

/* Figures that are negative when they were not computed. */
static void number_if(struct json *j, const char *key, double value)
{
	json_key(j, key);
	if (value < 0)
		json_null(j);
	else
		json_number(j, value, DIGITS);
}

static void count(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	json_uint(j, value);
}

static void target(struct json *j, const struct diagnosis *d)
{
	json_key(j, "target");
	json_object(j);
	text(j, "command", d->command);
	json_key(j, "pids");
	json_array(j);
	for (size_t i = 0; i < d->pid_count; i++)
		json_int(j, d->pids[i]);
	json_array_end(j);
	text(j, "python", d->python);
	text(j, "server", d->server);
	text(j, "framework", d->framework);
	json_object_end(j);
}

static void requests(struct json *j, const struct diagnosis *d)
{
	json_key(j, "requests");
	if (!d->has_requests) {
		json_null(j);
		return;
	}
	json_object(j);
	count(j, "count", d->requests);
	count(j, "errors", d->errors);
	number(j, "mean_ms", d->mean_ms);
	number(j, "p50_ms", d->p50_ms);
	number(j, "p99_ms", d->p99_ms);
	json_object_end(j);
}

static void reasons(struct json *j, const char *key, const struct reason *list, size_t n)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		json_object(j);
		text(j, "cause", list[i].cause);
		text(j, "because", list[i].because);
		json_object_end(j);
	}
	json_array_end(j);
}

static void where(struct json *j, const struct finding *f)
{
	json_key(j, "where");
	json_array(j);
	for (size_t i = 0; i < f->where_count; i++) {
		json_object(j);
		text(j, "file", f->where[i].file);
		json_key(j, "line");
		json_int(j, f->where[i].line);
		text(j, "function", f->where[i].function);
		if (f->where[i].source)
			text(j, "source", f->where[i].source);
		json_object_end(j);
	}
	json_array_end(j);
}

static void latency(struct json *j, const char *key, const struct latency *l)
{
	json_key(j, key);
	if (!l->known) {
		json_null(j);
		return;
	}
	json_object(j);
	number(j, "mean_ms", l->mean_ms);
	number(j, "p50_ms", l->p50_ms);
	number(j, "p50_low_ms", l->p50_low_ms);
	number(j, "p50_high_ms", l->p50_high_ms);
	number(j, "p99_ms", l->p99_ms);
	number(j, "p99_low_ms", l->p99_low_ms);
	number(j, "p99_high_ms", l->p99_high_ms);
	json_object_end(j);
}

/* Of what clients wait at the observed rate: so much less, and what is left. */
static void saved(struct json *j, const struct saving *s, const struct latency *measured)
{
	const bool known = s->latency.known;
	number(j, "latency_p50_ms", known ? measured->p50_ms - s->latency.p50_ms : NAN);
	number(j, "latency_p99_ms", known ? measured->p99_ms - s->latency.p99_ms : NAN);
	latency(j, "latency_left", &s->latency);
}

static void saving(struct json *j, const struct saving *s, const struct latency *measured)
{
	json_key(j, "saving");
	if (!s->known) {
		json_null(j);
		if (s->at_most_ms > 0)
			number(j, "saving_at_most_ms", s->at_most_ms);
		return;
	}
	json_object(j);
	/* a bound of nothing is no saving of nothing */
	number(j, "service_ms", s->at_least && s->low_ms < TEXT_LEAST_MS ? NAN : s->service_ms);
	number(j, "low", s->low_ms);
	number(j, "high", s->high_ms);
	json_key(j, "at_least");
	json_bool(j, s->at_least);
	if (s->unseen)
		text(j, "unseen", s->unseen);
	saved(j, s, measured);
	/* service_ms is over all units; this is in one that the finding concerns */
	number_if(j, "affected_ms", s->unit_part > 0 ? s->service_ms / s->unit_part : -1);
	json_object_end(j);
}

static void evidence(struct json *j, const struct finding *f)
{
	json_key(j, "evidence");
	json_array(j);
	for (size_t i = 0; i < f->evidence_count; i++) {
		json_object(j);
		text(j, "text", f->evidence[i].text);
		number(j, "value", f->evidence[i].value);
		text(j, "unit", f->evidence[i].unit);
		json_object_end(j);
	}
	json_array_end(j);
}

static void finding(struct json *j, const struct finding *f, const struct latency *measured)
{
	static const char *const levels[] = {"", "possible", "likely", "proven"};
	json_object(j);
	text(j, "cause", f->cause);
	text(j, "list",
	     f->fails       ? "fails"
	     : f->outside   ? "outside"
	     : f->will_fail ? "will-fail"
			    : "slow");
	json_key(j, "rank");
	json_int(j, f->rank);
	text(j, "confidence", levels[f->confidence]);
	if (f->uncalibrated > f->confidence)
		text(j, "uncalibrated", levels[f->uncalibrated]);
	text(j, "title", f->title);
	text(j, "route", f->route);
	if (f->part_units > 0) { /* found when that route was diagnosed by itself */
		number(j, "route_units", f->part_units);
		number(j, "route_time", f->part_time);
	}
	where(j, f);
	number(j, "share", f->share);
	saving(j, &f->saving, measured);
	evidence(j, f);
	reasons(j, "excluded", f->excluded, f->excluded_count);
	json_key(j, "also_seen_as");
	json_array(j);
	for (size_t i = 0; i < f->also_seen_count; i++)
		json_string(j, f->also_seen_as[i]);
	json_array_end(j);
	text(j, "fix", f->fix);
	text(j, "because", f->because);
	if (f->will_fail)
		number_if(j, "hours_to_limit", f->hours_to_limit);
	json_object_end(j);
}

static void alternatives(struct json *j, const struct diagnosis *d)
{
	json_key(j, "alternatives");
	json_array(j);
	for (size_t i = 0; i < d->alternative_count; i++) {
		json_object(j);
		text(j, "id", d->alternatives[i].id);
		number(j, "gain_low", d->alternatives[i].gain_low);
		number(j, "gain_high", d->alternatives[i].gain_high);
		text(j, "because", d->alternatives[i].because);
		latency(j, "latency", &d->alternatives[i].latency);
		json_object_end(j);
	}
	json_array_end(j);
}

static void what_if(struct json *j, const struct what_if_told *w)
{
	json_key(j, "what_if");
	json_object(j);
	text(j, "unknown", w->unknown);
	number_if(j, "rate_per_s", w->rate_per_s > 0 ? w->rate_per_s : -1);
	latency(j, "measured", &w->measured);
	latency(j, "replayed", &w->replayed);
	json_key(j, "together");
	if (w->together < 2) {
		json_null(j);
	} else {
		json_object(j);
		count(j, "findings", w->together);
		number(j, "service_ms", w->together_ms);
		latency(j, "latency", &w->together_latency);
		json_object_end(j);
	}
	json_object_end(j);
}

static void client(struct json *j, const struct client_time *c)
{
	json_key(j, "client");
	if (!c->seen) {
		json_null(j);
		return;
	}
	json_object(j);
	count(j, "requests", c->seen);
	count(j, "unanswered", c->unanswered);
	number(j, "response_ms", c->response_ms);
	number(j, "late_ms", c->late_ms);
	number(j, "before_ms", c->before_ms);
	number(j, "queue_ms", c->queue_ms);
	number(j, "server_ms", c->server_ms);
	number(j, "after_ms", c->after_ms);
	json_object_end(j);
}

static void probe(struct json *j, const struct diagnosis *d)
{
	json_key(j, "probe");
	json_object(j);
	text(j, "engine", d->probe.engine);
	number(j, "cpu_share", d->probe.cpu_share);
	json_key(j, "slowdown");
	if (d->probe.slowdown_low < 0) {
		json_null(j);
	} else {
		json_object(j);
		number(j, "low", d->probe.slowdown_low);
		number(j, "high", d->probe.slowdown_high);
		json_object_end(j);
	}
	count(j, "samples_verified", d->probe.samples_verified);
	count(j, "samples_caught", d->probe.samples_caught);
	count(j, "samples_torn", d->probe.samples_torn);
	count(j, "ticks_late", d->probe.ticks_late);
	count(j, "events_dropped", d->probe.events_dropped);
	json_object_end(j);
}

void view_why_json(const struct diagnosis *d, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.findings/1");
	target(&j, d);
	number(&j, "window_s", d->window_s);
	text(&j, "basis", d->basis);
	if (d->route) { /* the only one that was diagnosed, and its part of all */
		text(&j, "route", d->route);
		number(&j, "route_units", d->part_units);
		number(&j, "route_time", d->part_time);
	}
	requests(&j, d);
	json_key(&j, "ledger");
	json_object(&j);
	for (int i = 0; i < LEDGER_STATES; i++)
		number(&j, ledger_state_names[i], d->ledger[i]);
	json_object_end(&j);
	number(&j, "over_share", d->over_share);
	client(&j, &d->client);
	json_key(&j, "findings");
	json_array(&j);
	for (size_t i = 0; i < d->finding_count; i++)
		finding(&j, &d->findings[i], &d->what_if.measured);
	json_array_end(&j);
	reasons(&j, "ruled_out", d->ruled_out, d->ruled_out_count);
	reasons(&j, "not_known", d->not_known, d->not_known_count);
	what_if(&j, &d->what_if);
	alternatives(&j, d);
	json_key(&j, "notes");
	json_array(&j);
	for (size_t i = 0; i < d->note_count; i++)
		json_string(&j, d->notes[i]);
	json_array_end(&j);
	probe(&j, d);
	json_object_end(&j);
	fputc('\n', out);
}

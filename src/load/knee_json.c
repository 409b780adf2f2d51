#include "base/json.h"
#include "load/knee_report.h"

enum { DIGITS = 6 };

static const char *const verdicts[KNEE_VERDICTS] = {
	[KNEE_GOOD] = "good",
	[KNEE_BAD_ANSWERS] = "answers",
	[KNEE_BAD_OBJECTIVE] = "objective",
	[KNEE_BAD_BACKLOG] = "backlog",
	[KNEE_SPOILT] = "client",
};
static const char *const kinds[] = {
	[KNEE_PROBE] = "probe",
	[KNEE_RAMP] = "ramp",
	[KNEE_EDGE] = "edge",
};
static const char *const founds[] = {
	[KNEE_FOUND] = "found",
	[KNEE_AT_LEAST] = "at-least",
	[KNEE_NONE] = "none",
	[KNEE_UNKNOWN] = "unknown",
};

static void objective_json(struct json *j, const struct slo *slo)
{
	json_key(j, "objective");
	json_array(j);
	for (size_t i = 0; i < slo->count; i++) {
		const struct slo_term *term = &slo->terms[i];
		json_object(j);
		json_put_text(j, "name", term->name);
		if (term->kind == SLO_ERRORS)
			json_put_number(j, "limit_share", term->limit_share, DIGITS);
		else
			json_put_number(j, "limit_ms", (double)term->limit_ns / 1e6, DIGITS);
		json_object_end(j);
	}
	json_array_end(j);
}

static void trial_json(struct json *j, const struct knee_trial *trial)
{
	const struct knee_seen *seen = &trial->seen;
	const double window_s = seen->window_s > 0 ? seen->window_s : 1;
	json_object(j);
	json_put_text(j, "kind", kinds[trial->step.kind]);
	json_put_number(j, "rate", trial->step.rate, DIGITS);
	json_put_number(j, "window_s", seen->window_s, DIGITS);
	json_put_number(j, "due_per_s", (double)seen->due / window_s, DIGITS);
	json_put_number(j, "achieved_per_s", (double)seen->answered / window_s, DIGITS);
	json_put_number(j, "p50_ms", (double)seen->p50_ns / 1e6, DIGITS);
	json_put_number(j, "p99_ms", (double)seen->p99_ns / 1e6, DIGITS);
	json_put_number(j, "objective_ratio", seen->objective_ratio, DIGITS);
	json_put_uint(j, "errors", seen->failed);
	json_put_uint(j, "unanswered", seen->unanswered);
	json_put_number(j, "backlog_slope_per_s", seen->backlog.slope_per_s, DIGITS);
	json_put_number(j, "backlog_noise_per_s", seen->backlog.noise_per_s, DIGITS);
	json_put_text(j, "verdict", verdicts[trial->verdict]);
	json_object_end(j);
}

static void bound(struct json *j, const char *key, bool is_known, double value)
{
	json_key(j, key);
	if (is_known)
		json_number(j, value, DIGITS);
	else
		json_null(j);
}

static void knee_json(struct json *j, const struct knee *knee)
{
	struct knee_answer answer;
	knee_answer(knee, &answer);
	const bool is_found = answer.found == KNEE_FOUND;
	json_key(j, "knee");
	json_object(j);
	json_put_text(j, "found", founds[answer.found]);
	bound(j, "rate", is_found || answer.found == KNEE_AT_LEAST, answer.rate);
	bound(j, "low", is_found, answer.low);
	bound(j, "high", is_found, answer.high);
	json_put_text(j, "limited_by", answer.limit ? verdicts[answer.limit->verdict] : NULL);
	json_object_end(j);
}

void knee_report_json(const struct knee_report *report, FILE *out)
{
	const struct knee *knee = &report->run->knee;
	const struct knee_seen *probe = &knee->probe;
	struct json j;
	json_document(&j, out, "unslow.knee/1");
	json_put_text(&j, "target", report->target);
	json_put_text(&j, "pace", report->order->is_even ? "constant" : "poisson");
	json_put_uint(&j, "seed", report->order->plan->schedule.seed);
	json_put_uint(&j, "connections", report->order->plan->connections);
	json_put_uint(&j, "threads", report->order->plan->threads);
	objective_json(&j, &report->order->slo);
	json_put_number(&j, "budget_s", (double)report->order->budget_ns / 1e9, DIGITS);
	json_put_number(&j, "elapsed_s", (double)report->run->elapsed_ns / 1e9, DIGITS);
	json_key(&j, "stopped");
	json_bool(&j, report->run->stopped);
	bound(&j, "probe_per_s", knee->has_probe && probe->window_s > 0,
	      (double)probe->answered / (probe->window_s > 0 ? probe->window_s : 1));
	json_key(&j, "trials");
	json_array(&j);
	for (size_t i = 0; i < knee->count; i++)
		trial_json(&j, &knee->trials[i]);
	json_array_end(&j);
	knee_json(&j, knee);
	json_put_text(&j, "first_error",
		      report->run->error_text[0] ? report->run->error_text : NULL);
	json_object_end(&j);
}

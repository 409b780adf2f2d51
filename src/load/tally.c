#include "load/tally.h"

#include <string.h>

#include "base/str.h"
#include "load/histogram.h"
#include "load/request_log.h"

const char *const load_error_names[LOAD_ERROR_KINDS] = {
	[LOAD_ERROR_CONNECT] = "connect",   [LOAD_ERROR_TLS] = "tls",
	[LOAD_ERROR_FD_LIMIT] = "fd-limit", [LOAD_ERROR_TIMEOUT] = "timeout",
	[LOAD_ERROR_RESET] = "reset",       [LOAD_ERROR_CLOSED] = "closed",
	[LOAD_ERROR_PARSE] = "parse",       [LOAD_ERROR_STATUS] = "status",
};

void tally_begin(struct load_result *t, uint64_t start_ns, uint64_t duration_ns)
{
	*t = (struct load_result){
		.start_ns = start_ns,
		.duration_ns = duration_ns,
		.response = histogram_new(),
		.service = histogram_new(),
		.lateness = histogram_new(),
		.answers_least = UINT64_MAX,
	};
	timeline_begin(&t->timeline);
}

void load_result_free(struct load_result *t)
{
	histogram_free(t->response);
	histogram_free(t->service);
	histogram_free(t->lateness);
	timeline_free(&t->timeline);
	by_line_free(&t->by_line);
	request_log_free(t->log);
	*t = (struct load_result){0};
}

void tally_due(struct load_result *t, uint64_t due_ns)
{
	if (due_ns < t->start_ns)
		return;
	t->due++;
	timeline_due(&t->timeline, due_ns - t->start_ns);
}

void tally_sent(struct load_result *t, uint64_t due_ns, uint64_t free_ns, uint64_t sent_ns)
{
	const uint64_t could_ns = free_ns > due_ns ? free_ns : due_ns;
	if (due_ns < t->start_ns)
		return;
	t->sent++;
	histogram_record(t->lateness, sent_ns > could_ns ? sent_ns - could_ns : 0);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* How long its user has waited. */
static void note_response(struct load_result *t, uint64_t due_ns, uint64_t until_ns)
{
	const uint64_t response_ns = until_ns > due_ns ? until_ns - due_ns : 0;
	histogram_record(t->response, response_ns);
	timeline_response(&t->timeline, due_ns - t->start_ns, response_ns);
}

void tally_answered(struct load_result *t, uint64_t due_ns, uint64_t sent_ns, uint64_t done_ns,
		    int status)
{
	if (done_ns >= t->start_ns && done_ns - t->start_ns < t->duration_ns) {
		t->completed++;
		t->last_answer_ns = larger(t->last_answer_ns, done_ns - t->start_ns);
		timeline_completed(&t->timeline, done_ns - t->start_ns);
	} else if (done_ns >= t->start_ns && due_ns >= t->start_ns) {
		t->completed_late++;
		t->last_late_ns = larger(t->last_late_ns, done_ns - t->start_ns);
	}
	if (due_ns < t->start_ns)
		return;
	t->answered++;
	t->status_classes[status >= 100 && status < 600 ? status / 100 : 0]++;
	t->in_flight_ns += done_ns - sent_ns;
	t->in_flight_answered_ns += done_ns - sent_ns;
	histogram_record(t->service, done_ns - sent_ns);
	note_response(t, due_ns, done_ns);
	if (status >= 400) {
		t->errors[LOAD_ERROR_STATUS]++;
		timeline_error(&t->timeline, due_ns - t->start_ns, true);
	}
}

void tally_failed(struct load_result *t, uint64_t due_ns, uint64_t sent_ns, uint64_t now_ns,
		  enum load_error error, const char *why)
{
	if (due_ns < t->start_ns)
		return;
	if (!t->error_text[0] && why)
		str_copy(t->error_text, sizeof t->error_text, why);
	t->errors[error]++;
	timeline_error(&t->timeline, due_ns - t->start_ns, false);
	if (sent_ns)
		t->in_flight_ns += now_ns - sent_ns;
	if (error == LOAD_ERROR_TIMEOUT)
		note_response(t, due_ns, now_ns);
}

void tally_left(struct load_result *t, uint64_t due_ns, uint64_t sent_ns, uint64_t now_ns)
{
	if (due_ns < t->start_ns)
		return;
	if (sent_ns) {
		const uint64_t end_ns =
			t->start_ns + t->duration_ns; /* of what Little's law is for */
		t->unanswered++;
		t->in_flight_ns += sent_ns < end_ns ? end_ns - sent_ns : 0;
	} else {
		t->unsent++;
	}
	note_response(t, due_ns, now_ns);
}

void tally_occupied(struct load_result *t, uint64_t from_ns, uint64_t until_ns)
{
	const uint64_t end_ns = t->start_ns + t->duration_ns;
	const uint64_t begin_ns = larger(from_ns, t->start_ns);
	const uint64_t last_ns = until_ns < end_ns ? until_ns : end_ns;
	if (from_ns && last_ns > begin_ns)
		t->occupied_ns += last_ns - begin_ns;
}

void tally_end(struct load_result *t, uint64_t now_ns)
{
	const uint64_t elapsed_ns = now_ns > t->start_ns ? now_ns - t->start_ns : 0;
	if (elapsed_ns < t->duration_ns)
		t->duration_ns = elapsed_ns;
}

void tally_merge(struct load_result *into, struct load_result *from)
{
	into->stopped |= from->stopped;
	into->due += from->due;
	into->sent += from->sent;
	into->answered += from->answered;
	into->unanswered += from->unanswered;
	into->unsent += from->unsent;
	into->retried += from->retried;
	into->stamped += from->stamped;
	for (int i = 0; i < LOAD_ERROR_KINDS; i++)
		into->errors[i] += from->errors[i];
	for (int i = 0; i < 6; i++)
		into->status_classes[i] += from->status_classes[i];
	into->bytes_in += from->bytes_in;
	into->bytes_out += from->bytes_out;
	histogram_merge(into->response, from->response);
	histogram_merge(into->service, from->service);
	histogram_merge(into->lateness, from->lateness);
	timeline_merge(&into->timeline, &from->timeline);
	by_line_merge(&into->by_line, &from->by_line);
	if (into->log && from->log)
		request_log_merge(into->log, from->log);
	into->completed += from->completed;
	into->completed_late += from->completed_late;
	into->last_late_ns = larger(into->last_late_ns, from->last_late_ns);
	into->last_answer_ns = larger(into->last_answer_ns, from->last_answer_ns);
	into->connections_used += from->connections_used;
	into->connections_most += from->connections_most;
	into->connects += from->connects;
	into->starved += from->starved;
	into->starved_longest_ns = larger(into->starved_longest_ns, from->starved_longest_ns);
	if (from->answers_least < into->answers_least)
		into->answers_least = from->answers_least;
	into->answers_most = larger(into->answers_most, from->answers_most);
	into->in_flight_ns += from->in_flight_ns;
	into->in_flight_answered_ns += from->in_flight_answered_ns;
	into->occupied_ns += from->occupied_ns;
	into->fd_limit_at += from->fd_limit_at;
	if (!into->error_text[0])
		memcpy(into->error_text, from->error_text, sizeof into->error_text);
}

uint64_t load_result_errors(const struct load_result *t)
{
	uint64_t errors = 0;
	for (int i = 0; i < LOAD_ERROR_KINDS; i++)
		errors += t->errors[i];
	return errors;
}

static bool counts_late(const struct load_result *t)
{
	return t->completed_late && t->unanswered == 0 && t->unsent == 0;
}

uint64_t load_result_rate_ns(const struct load_result *t)
{
	return counts_late(t) ? larger(t->duration_ns, t->last_late_ns) : t->duration_ns;
}

double load_result_rate(const struct load_result *t)
{
	const uint64_t answers = t->completed + (counts_late(t) ? t->completed_late : 0);
	const uint64_t time_ns = load_result_rate_ns(t);
	return time_ns ? (double)answers / (double)time_ns * 1e9 : 0;
}

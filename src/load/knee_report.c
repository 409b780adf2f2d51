#include "load/knee_report.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"
#include "load/load_text.h"

enum { LABEL = 14, BAR_AT_LIMIT = 12, BAR_MOST = 18, ROOM_MOST = 500 };

/* Fewer requests beyond the percentile than that in a trial: it is hardly more than a maximum. */
#define BEYOND_LEAST 1.0

static void label(FILE *out, bool colour, enum style style, const char *name)
{
	fprintf(out, "%s  %-*s%s", log_style(colour, style), LABEL - 2, name,
		log_style(colour, STYLE_NONE));
}

static double answered_per_s(const struct knee_seen *seen)
{
	return seen->window_s > 0 ? (double)seen->answered / seen->window_s : 0;
}

static double due_per_s(const struct knee_seen *seen)
{
	return seen->window_s > 0 ? (double)seen->due / seen->window_s : 0;
}

/* What was wrong with a trial, in words. */
static void add_reason(struct str *text, const struct knee_report *report,
		       const struct knee_trial *trial)
{
	const struct knee_seen *seen = &trial->seen;
	const struct slo_term *term = &report->order->slo.terms[seen->objective_term];
	char limit[SLO_TEXT_MAX], value[SLO_TEXT_MAX], rate[LOAD_TEXT_SIZE], due[LOAD_TEXT_SIZE];
	switch (trial->verdict) {
	case KNEE_BAD_ANSWERS:
		str_printf(text, "the server answers only %s of %s a second",
			   load_text_rate(answered_per_s(seen), rate),
			   load_text_rate(due_per_s(seen), due));
		if (seen->failed)
			str_printf(text, ", %.2g %% fail",
				   (double)seen->failed / (double)seen->due * 100);
		break;
	case KNEE_BAD_OBJECTIVE:
		slo_value_text(term,
			       term->kind == SLO_ERRORS ? (uint64_t)(term->limit_share * 1e6)
							: term->limit_ns,
			       limit);
		str_printf(text, "%s passes %s: %s", term->name, limit,
			   slo_value_text(term, seen->objective_value, value));
		break;
	case KNEE_BAD_BACKLOG:
		str_printf(text, "the backlog grows, by %s requests a second",
			   load_text_rate(seen->backlog.slope_per_s, rate));
		break;
	case KNEE_SPOILT:
		str_printf(text, "not counted: this client was too %s",
			   seen->is_busy ? "busy" : "late");
		break;
	case KNEE_GOOD:
	case KNEE_VERDICTS:
		str_add(text, "good");
	}
}

static int by_rate(const void *a, const void *b)
{
	const struct knee_trial *const *x = a, *const *y = b;
	if ((*x)->step.rate < (*y)->step.rate)
		return -1;
	if ((*x)->step.rate > (*y)->step.rate)
		return 1;
	return (*x > *y) - (*x < *y); /* in the order in which they were run */
}

/* The first time of the objective, for the bar; NULL: it has none. */
static const struct slo_term *bar_term(const struct slo *slo)
{
	for (size_t i = 0; i < slo->count; i++)
		if (slo->terms[i].kind == SLO_PERCENTILE && slo->terms[i].quantile > 0.5)
			return &slo->terms[i];
	return NULL;
}

static void print_bar(FILE *out, bool colour, uint64_t p99_ns, uint64_t limit_ns)
{
	const double cells = (double)p99_ns / (double)limit_ns * BAR_AT_LIMIT;
	const int full = cells > BAR_MOST ? BAR_MOST : (int)(cells + 0.5);
	const bool is_over = p99_ns > limit_ns;
	fputs(log_style(colour, is_over ? STYLE_RED : STYLE_GREEN), out);
	for (int i = 0; i < BAR_MOST; i++)
		fputs(i < full ? "█" : i == BAR_AT_LIMIT ? "│" : " ", out);
	fprintf(out, "%s%s ", cells > BAR_MOST ? "+" : " ", log_style(colour, STYLE_NONE));
}

static void print_row(const struct knee_report *report, const struct knee_trial *trial, FILE *out,
		      bool colour)
{
	const struct slo_term *term = bar_term(&report->order->slo);
	char rate[LOAD_TEXT_SIZE], answered[LOAD_TEXT_SIZE], p50[LOAD_TEXT_SIZE],
		p99[LOAD_TEXT_SIZE];
	struct str reason;
	str_init(&reason, ROOM_MOST);
	add_reason(&reason, report, trial);
	fprintf(out, "%9s%10s%10s%10s  ", load_text_rate(trial->step.rate, rate),
		load_text_rate(answered_per_s(&trial->seen), answered),
		load_text_time(trial->seen.p50_ns, p50), load_text_time(trial->seen.p99_ns, p99));
	if (term)
		print_bar(out, colour, trial->seen.p99_ns, term->limit_ns);
	fprintf(out, "%s\n", reason.text);
	str_free(&reason);
}

static void print_trials(const struct knee_report *report, FILE *out, bool colour)
{
	const struct knee *knee = &report->run->knee;
	const struct knee_trial *rows[KNEE_TRIALS_MAX];
	for (size_t i = 0; i < knee->count; i++)
		rows[i] = &knee->trials[i];
	if (knee->count == 0)
		return;
	qsort(rows, knee->count, sizeof *rows, by_rate);
	fprintf(out, "%s%9s%10s%10s%10s%s\n", log_style(colour, STYLE_DIM), "asked/s", "answered",
		"p50", "p99", log_style(colour, STYLE_NONE));
	for (size_t i = 0; i < knee->count; i++)
		print_row(report, rows[i], out, colour);
	fputc('\n', out);
}

static void add_answer(struct str *text, const struct knee_report *report,
		       const struct knee_answer *answer)
{
	char rate[LOAD_TEXT_SIZE], low[LOAD_TEXT_SIZE], high[LOAD_TEXT_SIZE];
	load_text_rate(answer->rate, rate);
	switch (answer->found) {
	case KNEE_FOUND:
		str_printf(text, "%s requests a second; with 90 %% probability between %s and %s",
			   rate, load_text_rate(answer->low, low),
			   load_text_rate(answer->high, high));
		return;
	case KNEE_AT_LEAST:
		str_printf(text, "at least %s requests a second; no higher rate was judged bad",
			   rate);
		return;
	case KNEE_NONE:
		str_printf(text, "none: even %s requests a second are too many for it", rate);
		return;
	case KNEE_UNKNOWN:
		break;
	}
	if (report->run->error_text[0])
		str_printf(text, "not known: no answer was good (%s)", report->run->error_text);
	else
		str_printf(text, "not known: %s",
			   report->run->stopped ? "stopped before a trial was over"
						: "no trial was over, or good enough to count");
}

static void add_limit(struct str *text, const struct knee_report *report,
		      const struct knee_answer *answer)
{
	char rate[LOAD_TEXT_SIZE];
	const struct knee_trial *limit = answer->limit;
	load_text_rate(limit->step.rate, rate);
	if (limit->verdict == KNEE_SPOILT) {
		str_printf(text,
			   "this client is saturated, or has no CPU of its own: cannot tell above "
			   "%s/s. %s",
			   load_text_rate(answer->rate, rate),
			   limit->seen.is_busy ? "Give it more threads (-t) and CPUs"
					       : "Leave it a CPU of its own (taskset)");
		return;
	}
	add_reason(text, report, limit);
	str_printf(text, " at %s/s", rate);
}

/* Requests under way at the knee that wait as long as may be, by Little's law. */
static double most_under_way(const struct knee_report *report, const struct knee_answer *answer)
{
	const uint64_t tightest_ns = slo_tightest_ns(&report->order->slo);
	return tightest_ns == UINT64_MAX ? 0 : answer->rate * (double)tightest_ns / 1e9;
}

/* Of the trial that had most. */
static uint64_t requests_of(const struct knee *knee)
{
	uint64_t most = 0;
	for (size_t i = 0; i < knee->count; i++)
		if (knee->trials[i].seen.due > most)
			most = knee->trials[i].seen.due;
	return most;
}

static void print_warnings(const struct knee_report *report, const struct knee_answer *answer,
			   FILE *out, bool colour, int width)
{
	const struct knee_order *order = report->order;
	const double quantile = slo_quantile(&order->slo);
	const uint64_t requests = requests_of(&report->run->knee);
	struct str text;
	if (answer->found == KNEE_UNKNOWN)
		return;
	str_init(&text, ROOM_MOST);
	if ((double)requests * (1 - quantile) < BEYOND_LEAST) {
		str_printf(&text,
			   "a trial has %llu requests, of which less than one lies beyond the "
			   "percentile: take more time (-d) or a lower percentile",
			   (unsigned long long)requests);
		label(out, colour, STYLE_YELLOW, "beware");
		load_text_wrapped(out, text.text, LABEL, width);
	}
	if (most_under_way(report, answer) > order->plan->connections) {
		str_clear(&text);
		str_printf(&text,
			   "at that rate up to %.0f requests may be under way, but there are %u "
			   "connections: they may be what limits. Give more (-c, --open)",
			   most_under_way(report, answer), order->plan->connections);
		label(out, colour, STYLE_YELLOW, "beware");
		load_text_wrapped(out, text.text, LABEL, width);
	}
	str_free(&text);
}

void knee_report_text(const struct knee_report *report, FILE *out, bool colour, int width)
{
	const struct slo *slo = &report->order->slo;
	char term[SLO_TEXT_MAX];
	struct knee_answer answer;
	struct str text;
	knee_answer(&report->run->knee, &answer);
	fprintf(out, "%s%s%s  the knee for ", log_style(colour, STYLE_BOLD), report->target,
		log_style(colour, STYLE_NONE));
	for (size_t i = 0; i < slo->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", slo_text(&slo->terms[i], term));
	fprintf(out, "; %s, %.0f s%s\n\n",
		report->order->is_even ? "evenly spaced arrivals" : "Poisson arrivals",
		(double)report->run->elapsed_ns / 1e9, report->run->stopped ? "; stopped" : "");
	print_trials(report, out, colour);
	str_init(&text, ROOM_MOST);
	add_answer(&text, report, &answer);
	label(out, colour, STYLE_BOLD, "knee");
	load_text_wrapped(out, text.text, LABEL, width);
	if (answer.limit) {
		str_clear(&text);
		add_limit(&text, report, &answer);
		label(out, colour, STYLE_NONE, "limited by");
		load_text_wrapped(out, text.text, LABEL, width);
	}
	str_free(&text);
	print_warnings(report, &answer, out, colour, width);
}

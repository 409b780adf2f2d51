#include "load/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "load/histogram.h"
#include "load/load_text.h"

enum { LABEL = 14, SPARK_MAX = 60, LINES_SHOWN = 12, LINES_APART = 20, LINE_COLUMNS = 45 };

/* A row of the table of lines. */
struct line {
	uint32_t index; /* as they came */
	uint64_t p99_ns;
	const struct timeline_row *row;
	char name[BY_LINE_NAME], label[LOAD_TEXT_SIZE];
};

static const char *seconds_text(uint64_t ns, char *out)
{
	snprintf(out, LOAD_TEXT_SIZE, "%.4g s", (double)ns / 1e9);
	return out;
}

const char *load_plan_text(const struct load_plan *plan, char *out)
{
	const struct arrivals_spec *s = &plan->schedule;
	char from[LOAD_TEXT_SIZE], to[LOAD_TEXT_SIZE], time[LOAD_TEXT_SIZE], pace[160];
	load_text_rate((double)s->rate / ARRIVALS_RATE_UNIT, from);
	load_text_rate((double)s->rate_at_end / ARRIVALS_RATE_UNIT, to);
	if (plan->closed)
		snprintf(pace, sizeof pace, "closed loop, %u connections", plan->connections);
	else if (s->rate != s->rate_at_end)
		snprintf(pace, sizeof pace, "ramp from %s/s to %s/s%s", from, to,
			 s->poisson ? ", Poisson arrivals" : "");
	else
		snprintf(pace, sizeof pace, "%s/s, %s", from,
			 s->poisson ? "Poisson arrivals" : "evenly spaced");
	if (s->count)
		snprintf(out, LOAD_PLAN_TEXT_SIZE, "%s, %s requests", pace,
			 load_text_count(s->count, time));
	else
		snprintf(out, LOAD_PLAN_TEXT_SIZE, "%s, for %s", pace,
			 seconds_text(s->duration_ns, time));
	return out;
}

static void label(FILE *out, const char *name)
{
	fprintf(out, "  %-*s", LABEL - 2, name);
}

/* "-" where nothing was answered. */
static const char *service_text(const struct load_result *r, double quantile, char *out)
{
	if (histogram_count(r->service) == 0)
		return "-";
	return load_text_time(histogram_at(r->service, quantile), out);
}

/* Ages of what has no answer stand in one column only, so that the other may be the larger. */
static void print_legend(const struct load_report *report, FILE *out, bool colour)
{
	const struct load_result *r = report->result;
	const uint64_t all = histogram_count(r->response), answered = histogram_count(r->service);
	char count[LOAD_TEXT_SIZE];
	if (answered == all)
		return;
	label(out, "");
	fprintf(out, "%s%s without an answer: in response at their age, in service not at all%s\n",
		log_style(colour, STYLE_DIM), load_text_count(all - answered, count),
		log_style(colour, STYLE_NONE));
}

static void print_times(const struct load_report *report, FILE *out, bool colour)
{
	static const struct {
		const char *name;
		double quantile;
	} rows[] = {{"p50", 0.5},  {"p75", 0.75},    {"p90", 0.9},
		    {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
	const struct load_result *r = report->result;
	char response[LOAD_TEXT_SIZE], service[LOAD_TEXT_SIZE];
	label(out, "");
	fprintf(out, "%12s%12s   %s%s%s\n", "response", "service", log_style(colour, STYLE_DIM),
		report->plan->closed ? "closed loop: from the last answer; from the send"
				     : "from the time it was due; from the send",
		log_style(colour, STYLE_NONE));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		label(out, rows[i].name);
		fprintf(out, "%12s%12s\n",
			load_text_time(histogram_at(r->response, rows[i].quantile), response),
			service_text(r, rows[i].quantile, service));
	}
	label(out, "mean");
	fprintf(out, "%12s%12s\n", load_text_time((uint64_t)histogram_mean(r->response), response),
		histogram_count(r->service)
			? load_text_time((uint64_t)histogram_mean(r->service), service)
			: "-");
	print_legend(report, out, colour);
}

/* A column a second (or more, so that it fits): the p99 of those due in it. */
static void print_sparkline(const struct timeline *t, FILE *out, int width)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	const int room = width - LABEL - 30 < SPARK_MAX ? width - LABEL - 30 : SPARK_MAX;
	char least[LOAD_TEXT_SIZE], most[LOAD_TEXT_SIZE];
	uint64_t columns[SPARK_MAX] = {0}, low = UINT64_MAX, high = 0;
	if (t->count < 2 || room < 2)
		return;
	const size_t step = (t->count + (size_t)room - 1) / (size_t)room;
	const size_t count = (t->count + step - 1) / step;
	for (size_t i = 0; i < t->count; i++) {
		const uint64_t p99 = timeline_row_at(&t->rows[i], 0.99);
		if (p99 > columns[i / step])
			columns[i / step] = p99;
	}
	for (size_t i = 0; i < count; i++) {
		low = columns[i] && columns[i] < low ? columns[i] : low;
		high = columns[i] > high ? columns[i] : high;
	}
	if (high == 0)
		return;
	label(out, "p99 by time");
	/* Logarithmic: from a tenth of a millisecond to a second in one line. */
	const double span = log((double)high) - log((double)low);
	for (size_t i = 0; i < count; i++) {
		const double share = columns[i] && span > 0.1
					     ? (log((double)columns[i]) - log((double)low)) / span
					     : 0;
		fputs(columns[i] ? blocks[(int)(share * 7 + 0.5)] : " ", out);
	}
	fprintf(out, "  %s to %s, %.0f s a column\n", load_text_time(low, least),
		load_text_time(high, most), (double)step * (double)t->row_ns / 1e9);
}

static int by_p99(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	return a->p99_ns == b->p99_ns ? (a->index > b->index) - (a->index < b->index)
				      : (a->p99_ns < b->p99_ns) - (a->p99_ns > b->p99_ns);
}

static void print_line(const struct line *line, FILE *out, int width)
{
	char half[LOAD_TEXT_SIZE], most[LOAD_TEXT_SIZE], due[LOAD_TEXT_SIZE],
		errors[LOAD_TEXT_SIZE];
	const int room = width - LABEL - LINE_COLUMNS;
	fprintf(out, "  %-*s%12s%12s%10s%8s   %.*s\n", LABEL - 2, line->label,
		load_text_time(timeline_row_at(line->row, 0.5), half),
		load_text_time(line->p99_ns, most), load_text_count(line->row->due, due),
		load_text_count(line->row->errors, errors), room > 20 ? room : 20, line->name);
}

/* The slowest lines of a file of requests; of many those of one path together. */
static void print_lines(const struct load_report *report, FILE *out, bool colour, int width)
{
	const struct by_line *b = &report->result->by_line;
	const struct request *requests = report->plan->requests->requests.items;
	const bool is_apart = b->count <= LINES_APART;
	uint32_t count = 0;
	struct by_line_group *groups = by_line_groups(b, report->plan->requests, &count);
	count = is_apart ? b->count : count;
	struct line *lines = mem_alloc((count + 1) * sizeof *lines);
	for (uint32_t i = 0; i < count; i++) {
		struct line *line = &lines[i];
		line->index = i;
		line->row = is_apart ? &b->rows[i] : &groups[i].row;
		line->p99_ns = timeline_row_at(line->row, 0.99);
		if (is_apart) {
			snprintf(line->label, sizeof line->label, "%u", requests[i].line);
			by_line_name(&requests[i], line->name, sizeof line->name);
		} else {
			snprintf(line->label, sizeof line->label, "%u line%s", groups[i].lines,
				 groups[i].lines == 1 ? "" : "s");
			memcpy(line->name, groups[i].name, sizeof line->name);
		}
	}
	qsort(lines, count, sizeof *lines, by_p99);
	if (count)
		fprintf(out, "  %-*s%12s%12s%10s%8s   %sresponse times, right to 4 %%%s\n",
			LABEL - 2, is_apart ? "by line" : "by path", "p50", "p99", "requests",
			"errors", log_style(colour, STYLE_DIM), log_style(colour, STYLE_NONE));
	for (uint32_t i = 0; i < count && i < LINES_SHOWN; i++)
		print_line(&lines[i], out, width);
	if (count == 0 && requests->line) {
		label(out, "by line");
		fprintf(out, "not for more than %d lines\n\n", BY_LINE_MAX);
	}
	if (count > LINES_SHOWN)
		fprintf(out, "  %-*s%u more%s\n", LABEL - 2, "", count - LINES_SHOWN,
			is_apart ? ": --json" : "; each line: --json");
	else if (count && !is_apart)
		fprintf(out, "  %-*seach line: --json\n", LABEL - 2, "");
	if (count)
		fputc('\n', out);
	free(lines);
	free(groups);
}

static void print_answered(const struct load_result *r, FILE *out)
{
	char answered[LOAD_TEXT_SIZE], rate[LOAD_TEXT_SIZE], late[LOAD_TEXT_SIZE],
		time[LOAD_TEXT_SIZE];
	load_text_rate(load_result_rate(r), rate);
	seconds_text(load_result_rate_ns(r), time);
	if (r->completed_late == 0)
		fprintf(out, "%s answered (%s/s)", load_text_count(r->answered, answered), rate);
	else if (r->unanswered == 0 && r->unsent == 0)
		fprintf(out, "%s answered, the last after %s (%s/s)",
			load_text_count(r->answered, answered), time, rate);
	else
		fprintf(out, "%s answered in the %s (%s/s), %s more in the second after it",
			load_text_count(r->answered - r->completed_late, answered), time, rate,
			load_text_count(r->completed_late, late));
}

static void print_counts(const struct load_report *report, FILE *out)
{
	const struct load_result *r = report->result;
	const double seconds = (double)r->duration_ns / 1e9;
	char due[LOAD_TEXT_SIZE], due_rate[LOAD_TEXT_SIZE], time[LOAD_TEXT_SIZE];
	label(out, "requests");
	fprintf(out, "%s due in %s (%s/s), ", load_text_count(r->due, due),
		seconds_text(r->duration_ns, time),
		load_text_rate(seconds > 0 ? (double)r->due / seconds : 0, due_rate));
	print_answered(r, out);
	if (r->unanswered)
		fprintf(out, ", %s without an answer", load_text_count(r->unanswered, due));
	if (r->unsent)
		fprintf(out, ", %s never sent", load_text_count(r->unsent, due));
	fputc('\n', out);
}

static void print_errors(const struct load_result *r, FILE *out)
{
	char text[LOAD_TEXT_SIZE];
	const uint64_t errors = load_result_errors(r);
	label(out, "errors");
	if (errors == 0)
		fputs("none", out);
	for (int i = 0, any = 0; i < LOAD_ERROR_KINDS; i++)
		if (r->errors[i])
			fprintf(out, "%s%s %s", any++ ? ", " : "", load_error_names[i],
				load_text_count(r->errors[i], text));
	fputs("; status", out);
	for (int i = 1, any = 0; i < 6; i++)
		if (r->status_classes[i])
			fprintf(out, "%s %dxx %s", any++ ? "," : "", i,
				load_text_count(r->status_classes[i], text));
	if (r->answered == 0)
		fputs(" none", out);
	fputc('\n', out);
}

static void print_traffic(const struct load_report *report, FILE *out)
{
	const struct load_result *r = report->result;
	char in[LOAD_TEXT_SIZE], out_bytes[LOAD_TEXT_SIZE], opened[LOAD_TEXT_SIZE];
	label(out, "traffic");
	fprintf(out, "%s in, %s out; %s connection%s opened, at most %u at once",
		load_text_bytes(r->bytes_in, in), load_text_bytes(r->bytes_out, out_bytes),
		load_text_count(r->connects, opened), r->connects == 1 ? "" : "s",
		r->connections_most);
	if (r->retried)
		fprintf(out, "; %s sent again after the server closed an idle one",
			load_text_count(r->retried, opened));
	fputc('\n', out);
}

static void print_client(const struct load_report *report, FILE *out)
{
	const struct load_result *r = report->result;
	char half[LOAD_TEXT_SIZE], most[LOAD_TEXT_SIZE];
	double busiest = 0;
	for (uint32_t i = 0; i < r->thread_count; i++)
		busiest = fmax(busiest, r->threads[i].busy_share);
	label(out, "this client");
	if (!report->plan->closed && histogram_count(r->lateness))
		fprintf(out, "sent %s late (p50), %s (p99); ",
			load_text_time(histogram_at(r->lateness, 0.5), half),
			load_text_time(histogram_at(r->lateness, 0.99), most));
	fprintf(out, "busy %.0f %%%s\n", busiest * 100,
		r->thread_count > 1 ? " (its busiest thread)" : "");
}

static void print_verdicts(const struct load_verdicts *verdicts, FILE *out, bool colour, int width)
{
	for (size_t i = 0; i < verdicts->count; i++) {
		const struct load_verdict *verdict = &verdicts->items[i];
		const enum style style = verdict->is_invalid ? STYLE_RED : STYLE_YELLOW;
		fprintf(out, "%s%s%-*s%s", i ? "" : "\n", log_style(colour, style), LABEL,
			verdict->is_invalid ? "  invalid" : "  beware",
			log_style(colour, STYLE_NONE));
		load_text_wrapped(out, verdict->text, LABEL, width);
	}
}

void load_report_text(const struct load_report *report, FILE *out, bool colour, int width)
{
	const struct load_result *r = report->result;
	char plan[LOAD_PLAN_TEXT_SIZE];
	fprintf(out, "%s%s%s  %s%s\n\n", log_style(colour, STYLE_BOLD), report->target,
		log_style(colour, STYLE_NONE), load_plan_text(report->plan, plan),
		r->stopped ? "; stopped" : "");
	if (histogram_count(r->response)) {
		print_times(report, out, colour);
		print_sparkline(&r->timeline, out, width);
		fputc('\n', out);
		print_lines(report, out, colour, width);
	}
	print_counts(report, out);
	print_errors(r, out);
	print_traffic(report, out);
	print_client(report, out);
	print_verdicts(report->verdicts, out, colour, width);
}

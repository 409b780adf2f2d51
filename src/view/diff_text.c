/* `unslow diff` as text: the metrics, then for recordings where the difference came from. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/log.h"
#include "model/runs.h"
#include "view/diff.h"
#include "view/text.h"
#include "view/view.h"

#define ROUTES_SHOWN 10 /* --json has them all */
#define STATES_SHOWN 6
#define ROW_FORMAT "  %-7s%*s %*s %*s  %-*s%*s  "
enum { WIDTH_VALUE = 9, WIDTH_RATIO = 7, WIDTH_INTERVAL = 15, WIDTH_FLOOR = 9, CELL_SIZE = 64 };

struct page {
	const struct comparison *c;
	FILE *out;
	bool colour;
	int width;
};

static const char *style(const struct page *p, enum style s)
{
	return log_style(p->colour, s);
}

/* printf counts bytes, a terminal characters: what "…" and "±" have more of the former. */
static int padded(int columns, const char *text)
{
	return columns + (int)(strlen(text) - text_columns(text));
}

static void value_cell(const struct run_metric_info *info, double value, char *out)
{
	char figure[TEXT_FIGURE_SIZE], time[TEXT_TIME_SIZE];
	if (info->scale == COMPARE_DIFFERENCE)
		snprintf(out, CELL_SIZE, "%.2f %%", value * 100);
	else if (!strcmp(info->unit, "ms"))
		snprintf(out, CELL_SIZE, "%s", text_time_ms(value, time));
	else if (!strcmp(info->unit, "s"))
		snprintf(out, CELL_SIZE, "%s", text_time_ms(value * 1e3, time));
	else
		snprintf(out, CELL_SIZE, "%.30s/s", text_figure(value, figure));
}

/* B/A and its interval, or B - A in points. */
static void change_cells(const struct run_metric_info *info, const struct stats_interval *c,
			 char *change, char *interval)
{
	const bool is_ratio = info->scale == COMPARE_RATIO;
	if (is_ratio)
		snprintf(change, CELL_SIZE, "%.3f", 1 + c->mid);
	else
		snprintf(change, CELL_SIZE, "%+.2f", c->mid * 100);
	if (isnan(c->low) || isnan(c->high))
		snprintf(interval, CELL_SIZE, "-");
	else if (is_ratio)
		snprintf(interval, CELL_SIZE, "%.3f … %.3f", 1 + c->low, 1 + c->high);
	else
		snprintf(interval, CELL_SIZE, "%+.2f … %+.2f", c->low * 100, c->high * 100);
}

static enum style style_of(const struct comparison_metric *m)
{
	const bool is_good = m->metric == RUN_RATE ? m->row.verdict == COMPARE_MORE
						   : m->row.verdict == COMPARE_LESS;
	if (m->row.verdict == COMPARE_CANNOT_TELL)
		return STYLE_YELLOW;
	if (m->row.verdict == COMPARE_SAME)
		return STYLE_NONE;
	return is_good ? STYLE_GREEN : STYLE_RED;
}

static void metric_row(const struct page *p, const struct comparison_metric *m)
{
	const struct run_metric_info *info = &run_metrics[m->metric];
	char a[CELL_SIZE], b[CELL_SIZE], change[CELL_SIZE], interval[CELL_SIZE], floor[CELL_SIZE],
		words[DIFF_VERDICT_SIZE];
	value_cell(info, m->row.a, a);
	value_cell(info, m->row.b, b);
	change_cells(info, &m->row.change, change, interval);
	if (isnan(m->row.floor))
		snprintf(floor, sizeof floor, "-");
	else
		snprintf(floor, sizeof floor, "±%.*f %%", m->row.floor < 0.0995 ? 1 : 0,
			 m->row.floor * 100);
	fprintf(p->out, ROW_FORMAT, info->name, WIDTH_VALUE, a, WIDTH_VALUE, b, WIDTH_RATIO, change,
		padded(WIDTH_INTERVAL, interval), interval, padded(WIDTH_FLOOR, floor), floor);
	fprintf(p->out, "%s%s%s\n", style(p, style_of(m)), diff_verdict(m, p->c->pairs, words),
		style(p, STYLE_NONE));
}

static void metric_heading(const struct page *p)
{
	fprintf(p->out, "%s", style(p, STYLE_DIM));
	fprintf(p->out, ROW_FORMAT, "", WIDTH_VALUE, "A", WIDTH_VALUE, "B", WIDTH_RATIO, "B/A",
		WIDTH_INTERVAL, "95 % interval", WIDTH_FLOOR, "A/A floor");
	fprintf(p->out, "verdict%s\n", style(p, STYLE_NONE));
}

static void header(const struct page *p)
{
	const struct comparison *c = p->c;
	static const char *const bases[] = {
		[BASIS_BLOCKS] = "blocks each, run in turns: A B B A or B A A B, by lot",
		[BASIS_RESULTS] = "results each, paired in their order",
		[BASIS_PARTS] = "stretches of one run each",
		[BASIS_NONE] = "",
	};
	for (int side = 0; side < 2; side++) {
		fprintf(p->out, "%s%c%s  ", style(p, STYLE_BOLD), "AB"[side], style(p, STYLE_NONE));
		text_wrap(p->out, c->sides[side].name, 3, 3, p->width);
		if (c->sides[side].requests)
			fprintf(p->out, "  %s%" PRIu64 " %ss%s", style(p, STYLE_DIM),
				c->sides[side].requests, c->unit ? c->unit : "request",
				style(p, STYLE_NONE));
		fputc('\n', p->out);
	}
	if (c->basis == BASIS_NONE)
		fputs("   one run each\n", p->out);
	else
		fprintf(p->out, "   %zu %s", c->pairs, bases[c->basis]);
	if (c->decides < RUN_METRICS)
		fprintf(p->out, "; %s decides", run_metrics[c->decides].name);
	if (c->basis != BASIS_NONE)
		fputc('\n', p->out);
	for (size_t i = 0; i < c->warning_count; i++) {
		fprintf(p->out, " %s! ", style(p, STYLE_YELLOW));
		text_wrap(p->out, c->warnings[i], 3, 3, p->width);
		fprintf(p->out, "%s\n", style(p, STYLE_NONE));
	}
}

static void routes(const struct page *p)
{
	const struct comparison *c = p->c;
	size_t shown = 0;
	/* a single route is what stands above */
	for (size_t i = 0; c->route_count > 1 && i < c->route_count && shown < ROUTES_SHOWN; i++) {
		const struct comparison_route *r = &c->routes[i];
		fprintf(p->out, "\n%s", style(p, STYLE_BOLD));
		text_clip_right(p->out, r->route, p->width - 40);
		fprintf(p->out, "%s  A %" PRIu64 ", B %" PRIu64 " %ss\n", style(p, STYLE_NONE),
			r->requests[0], r->requests[1], c->unit);
		for (size_t m = 0; m < r->metric_count; m++)
			if (r->metrics[m].metric == RUN_MEAN || r->metrics[m].metric == RUN_P50 ||
			    r->metrics[m].metric == RUN_P99)
				metric_row(p, &r->metrics[m]);
		shown++;
	}
	if (c->route_count > ROUTES_SHOWN)
		fprintf(p->out, "\n  and %zu routes more: --json\n", c->route_count - ROUTES_SHOWN);
}

static void states(const struct page *p)
{
	const struct comparison *c = p->c;
	char a[TEXT_TIME_SIZE], b[TEXT_TIME_SIZE], words[DIFF_VERDICT_SIZE];
	if (!c->state_count)
		return;
	fprintf(p->out, "\n%sWhere it came from%s: mean time of one %s, largest change first\n",
		style(p, STYLE_BOLD), style(p, STYLE_NONE), c->unit);
	for (size_t i = 0; i < c->state_count && i < STATES_SHOWN; i++) {
		const struct compare_row *row = &c->states[i].row;
		fprintf(p->out, "  %-12s %9s → %9s   %+8.3f ms   %s\n",
			view_state_labels[c->states[i].state], text_time_ms(row->a, a),
			text_time_ms(row->b, b), row->change.mid,
			diff_state_verdict(row, c->pairs, words));
	}
}

static void lines(const struct page *p)
{
	const struct comparison *c = p->c;
	char a[TEXT_TIME_SIZE], b[TEXT_TIME_SIZE];
	if (!c->line_count)
		return;
	fprintf(p->out, "\n%sLines%s that took more or less, by %s\n", style(p, STYLE_BOLD),
		style(p, STYLE_NONE), c->line_source);
	for (size_t i = 0; i < c->line_count; i++) {
		const struct comparison_line *l = &c->lines[i];
		fprintf(p->out, "  %9s → %9s   %+8.3f ms ±%.3f   %s", text_time_ms(l->ms[0], a),
			text_time_ms(l->ms[1], b), l->ms[1] - l->ms[0], l->error_ms,
			style(p, STYLE_CYAN));
		text_clip_left(p->out, text_path(l->file), p->width / 3);
		if (l->file_b) {
			fprintf(p->out, ":%d→", l->line[0]);
			text_clip_left(p->out, text_path(l->file_b), p->width / 3);
			fprintf(p->out, ":%d", l->line[1]);
		} else if (l->line[0] > 0 && l->line[1] > 0 && l->line[0] != l->line[1])
			fprintf(p->out, ":%d→%d", l->line[0], l->line[1]);
		else
			fprintf(p->out, ":%d", l->line[1] > 0 ? l->line[1] : l->line[0]);
		fprintf(p->out, "%s  ", style(p, STYLE_NONE));
		text_clip_right(p->out, l->function, p->width / 3);
		fputs("()\n", p->out);
	}
}

void view_diff_text(const struct comparison *c, FILE *out, bool colour, int width)
{
	const struct page p = {c, out, colour, width};
	header(&p);
	fputc('\n', out);
	metric_heading(&p);
	for (size_t i = 0; i < c->metric_count; i++)
		metric_row(&p, &c->metrics[i]);
	routes(&p);
	states(&p);
	lines(&p);
}

/* `unslow time` as text: the snippets, a row of figures each, what they do not say. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/log.h"
#include "timing/counter.h"
#include "view/text.h"
#include "view/timing.h"

enum { WIDTH_TIME = 9, WIDTH_INTERVAL = 15, WIDTH_COUNT = 12, WIDTH_RATIO = 7, CELL_SIZE = 64 };

struct sheet {
	const struct timing_page *page;
	FILE *out;
	bool colour;
	int width;
};

static const char *style(const struct sheet *s, enum style name)
{
	return log_style(s->colour, name);
}

/* printf counts bytes, a terminal characters. */
static void right(const struct sheet *s, const char *text, int columns)
{
	fprintf(s->out, "%*s%s  ", columns - (int)text_columns(text), "", text);
}

static void left(const struct sheet *s, const char *text, int columns)
{
	fprintf(s->out, "%s%*s  ", text, columns - (int)text_columns(text), "");
}

/* The first line that says something; "…": there are more. */
static void code(const struct sheet *s, size_t row)
{
	char line[512];
	const char *from = s->page->plan->snippets[row].code;
	from += strspn(from, " \t\r\n");
	const size_t length = strcspn(from, "\n");
	const bool has_more = from[length + strspn(from + length, " \t\r\n")] != '\0';
	snprintf(line, sizeof line, "%.*s%s", (int)(length < 500 ? length : 500), from,
		 has_more ? " …" : "");
	fprintf(s->out, "%s%c%s  ", style(s, STYLE_BOLD), (int)('A' + row), style(s, STYLE_NONE));
	text_clip_right(s->out, line, s->width - 3);
	fputc('\n', s->out);
}

static void conditions(const struct sheet *s)
{
	const struct timing_data *d = s->page->data;
	char figure[TEXT_FIGURE_SIZE];
	fprintf(s->out, "   %sCPython %s; ", style(s, STYLE_DIM), d->version);
	fprintf(s->out, "%s rounds in turns, ",
		text_figure((double)s->page->result->rounds, figure));
	fprintf(s->out, "%zu %s; garbage collector %s; %.1f s%s\n", d->process_count,
		d->process_count == 1 ? "process" : "processes",
		s->page->plan->collects ? "on" : "off", (double)d->took_ns / 1e9,
		style(s, STYLE_NONE));
}

static void notes(const struct sheet *s)
{
	char text[TIMING_NOTE_SIZE];
	for (size_t at = 0; timing_note(s->page, at, text); at++) {
		fprintf(s->out, " %s! ", style(s, STYLE_YELLOW));
		text_wrap(s->out, text, 3, 3, s->width);
		fprintf(s->out, "%s\n", style(s, STYLE_NONE));
	}
}

static void interval_cell(const struct stats_interval *v, char out[CELL_SIZE])
{
	char low[TIMING_FIGURE_SIZE], high[TIMING_FIGURE_SIZE];
	if (isnan(v->low))
		snprintf(out, CELL_SIZE, "-");
	else
		snprintf(out, CELL_SIZE, "%s … %s", timing_time_as(v->low, v->mid, false, low),
			 timing_time_as(v->high, v->mid, false, high));
}

static void heading(const struct sheet *s)
{
	fprintf(s->out, "\n%s   ", style(s, STYLE_DIM));
	right(s, "a run", WIDTH_TIME);
	left(s, "95 % interval", WIDTH_INTERVAL);
	right(s, "CPU", WIDTH_TIME);
	if (s->page->data->counter_errno == 0)
		right(s, "instructions", WIDTH_COUNT);
	if (s->page->data->snippets > 1) {
		right(s, "ratio", WIDTH_RATIO);
		fprintf(s->out, "%s time against A",
			s->page->result->decides == TIMING_CPU ? "CPU" : "wall");
	}
	fprintf(s->out, "%s\n", style(s, STYLE_NONE));
}

static void row(const struct sheet *s, size_t at)
{
	static const enum style styles[] = {
		[TIMING_CANNOT_TELL] = STYLE_YELLOW,
		[TIMING_SAME] = STYLE_NONE,
		[TIMING_SLOWER] = STYLE_RED,
		[TIMING_FASTER] = STYLE_GREEN,
	};
	const struct timing_row *r = &s->page->result->rows[at];
	const enum timing_metric decides = s->page->result->decides;
	const struct timing_change *against = &r->against[decides];
	char figure[TEXT_FIGURE_SIZE], cell[CELL_SIZE], words[TIMING_WORDS_SIZE];
	fprintf(s->out, "%s%c%s  ", style(s, STYLE_BOLD), (int)('A' + at), style(s, STYLE_NONE));
	right(s, timing_time(r->value[TIMING_WALL].mid, cell), WIDTH_TIME);
	interval_cell(&r->value[TIMING_WALL], cell);
	left(s, cell, WIDTH_INTERVAL);
	right(s, timing_time(r->value[TIMING_CPU].mid, cell), WIDTH_TIME);
	if (s->page->data->counter_errno == 0)
		right(s,
		      isnan(r->value[TIMING_INSTRUCTIONS].mid)
			      ? "-"
			      : text_figure(round(r->value[TIMING_INSTRUCTIONS].mid), figure),
		      WIDTH_COUNT);
	if (at > 0) {
		timing_ratio(1 + against->change.mid, cell);
		right(s, cell, WIDTH_RATIO);
		fprintf(s->out, "%s%s%s", style(s, styles[against->verdict]),
			timing_verdict_words(s->page->result, at, decides, words),
			style(s, STYLE_NONE));
	}
	fputc('\n', s->out);
}

static void noise(const struct sheet *s)
{
	const struct timing_result *r = s->page->result;
	char text[TIMING_FIGURE_SIZE], line[200];
	if (!isnan(r->floor[r->decides])) {
		snprintf(line, sizeof line,
			 "Noise: A against itself, in the same turns, shows up to %s %% of %s time "
			 "by "
			 "chance.",
			 timing_per_cent(r->floor[r->decides], text),
			 r->decides == TIMING_CPU ? "CPU" : "wall");
		fputs("   ", s->out);
		text_wrap(s->out, line, 3, 3, s->width);
		fputc('\n', s->out);
	}
	snprintf(line, sizeof line, "The empty loop's %s a run are taken off. Instructions: %s.",
		 timing_time(r->empty[TIMING_WALL].mid, text),
		 s->page->data->counter_errno ? counter_why_not(s->page->data->counter_errno)
					      : "in user space, of all threads");
	fputs("   ", s->out);
	text_wrap(s->out, line, 3, 3, s->width);
	fputc('\n', s->out);
}

void view_timing_text(const struct timing_page *page, FILE *out, bool colour, int width)
{
	const struct sheet s = {page, out, colour, width};
	for (size_t i = 0; i < page->data->snippets; i++)
		code(&s, i);
	conditions(&s);
	notes(&s);
	heading(&s);
	for (size_t i = 0; i < page->data->snippets; i++)
		row(&s, i);
	fputc('\n', out);
	noise(&s);
}

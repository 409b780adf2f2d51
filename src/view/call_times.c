#include "view/call_times.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "view/calls_views.h"
#include "view/text.h"
#include "view/timing.h"
#include "view/view.h"

#define DIGITS 6
enum { WIDTH_TIME = 10 };

struct sheet {
	FILE *out;
	bool colour;
	int width;
};

static const struct view_row *calls_view(void)
{
	const struct view_row *v = views;
	while (strcmp(v->name, "calls") != 0)
		v++;
	return v;
}

static const char *style(const struct sheet *s, enum style name)
{
	return log_style(s->colour, name);
}

static void cell(const struct sheet *s, const char *text)
{
	fprintf(s->out, "%*s%s", WIDTH_TIME - (int)text_columns(text), "", text);
}

static void time_cell(const struct sheet *s, double ns)
{
	char text[TIMING_FIGURE_SIZE];
	cell(s, timing_time(ns, text));
}

static void count(const struct sheet *s, double value, const char *one, const char *many)
{
	char figure[TEXT_FIGURE_SIZE];
	fprintf(s->out, "%s %s", text_figure(value, figure), value > 1 ? many : one);
}

static void heading(const struct sheet *s, const struct call_times_function *f)
{
	const struct calls_sums *sums = &f->function->sums;
	fprintf(s->out, "%s", style(s, STYLE_BOLD));
	text_clip_right(s->out, f->function->name, s->width / 2);
	fprintf(s->out, "()%s  %s", style(s, STYLE_NONE), style(s, STYLE_CYAN));
	text_clip_left(s->out, text_path(f->function->file), s->width / 3);
	fprintf(s->out, ":%d%s\n  ", f->function->line, style(s, STYLE_NONE));
	count(s, sums->calls, "call", "calls");
	if (sums->primitive < sums->calls) {
		fputs(", ", s->out);
		count(s, sums->calls - sums->primitive, "of them inside another",
		      "of them inside another");
	}
	if (sums->raised > 0) {
		fputs(", ", s->out);
		count(s, sums->raised, "ended by an exception", "ended by exceptions");
	}
	if (sums->open > 0) {
		fputs(", ", s->out);
		count(s, sums->open, "under way at the end", "under way at the end");
	}
	if ((double)f->timed + sums->open < sums->calls) {
		fputs(", ", s->out);
		count(s, (double)f->timed, "of them timed", "of them timed");
	}
	if (f->threads > 1) {
		fputs("; ", s->out);
		count(s, f->threads, "thread", "threads");
	}
	if (f->processes > 1) {
		fputs("; ", s->out);
		count(s, f->processes, "process", "processes");
	}
	fputs(f->function->demoted
		      ? "; not counted to the end, as that cost more than the function\n"
		      : "\n",
	      s->out);
}

static void durations(const struct sheet *s, const struct call_times_function *f)
{
	static const char *const names[] = {"mean", "p50", "p90", "p99", "shortest", "longest"};
	const struct calls_sums *sums = &f->function->sums;
	fprintf(s->out, "  %s      ", style(s, STYLE_DIM));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cell(s, names[i]);
	fprintf(s->out, "%s\n  wall  ", style(s, STYLE_NONE));
	time_cell(s, call_times_mean_wall(f));
	time_cell(s, f->wall.p50);
	time_cell(s, f->wall.p90);
	time_cell(s, f->wall.p99);
	time_cell(s, f->least);
	time_cell(s, f->most);
	fputs("\n  CPU   ", s->out);
	time_cell(s, sums->total_cpu_ns / sums->primitive);
	time_cell(s, f->cpu.p50);
	time_cell(s, f->cpu.p90);
	time_cell(s, f->cpu.p99);
	fputc('\n', s->out);
}

/* Of a function that was suspended. */
static void suspended(const struct sheet *s, const struct calls_sums *sums)
{
	char running[TIMING_FIGURE_SIZE], waiting[TIMING_FIGURE_SIZE], ready[TIMING_FIGURE_SIZE];
	if (sums->waiting_ns + sums->ready_ns <= 0)
		return;
	fprintf(s->out,
		"  of the mean %s running, %s waiting, %s ready while the loop ran other code\n",
		timing_time(sums->total_wall_ns / sums->primitive, running),
		timing_time(sums->waiting_ns / sums->primitive, waiting),
		timing_time(sums->ready_ns / sums->primitive, ready));
}

static void inside(const struct sheet *s, const struct call_times_function *f)
{
	char figure[TEXT_FIGURE_SIZE];
	if (f->looks == 0) {
		fputs("  inside: no sample was taken in it\n", s->out);
		return;
	}
	fprintf(s->out, "  inside, by %s sample%s:\n", text_figure((double)f->looks, figure),
		f->looks > 1 ? "s" : "");
	for (size_t i = 0; i < f->inside_count; i++) {
		const struct call_inside *at = &f->inside[i];
		fprintf(s->out, "  %5.1f %%  ", at->share * 100);
		text_clip_right(s->out, at->name, s->width / 2);
		if (*at->file) {
			fprintf(s->out, "  %s", style(s, STYLE_CYAN));
			text_clip_left(s->out, text_short_path(at->file), s->width / 3);
			fprintf(s->out, ":%d%s", at->line, style(s, STYLE_NONE));
		}
		fputc('\n', s->out);
	}
}

enum err_kind view_call_times_text(sqlite3 *db, const struct call_times *times, FILE *out,
				   bool colour, int width, struct err *e)
{
	const struct sheet s = {out, colour, width};
	const struct view_options options = {.width = width, .colour = colour};
	TRY(calls_to_tables(db, times->calls, e));
	TRY(calls_head_text(db, calls_view(), &options, out, e));
	for (size_t i = 0; i < times->count; i++) {
		const struct call_times_function *f = &times->functions[i];
		if (i)
			fputc('\n', out);
		heading(&s, f);
		durations(&s, f);
		suspended(&s, &f->function->sums);
		inside(&s, f);
	}
	return ERR_OK;
}

static void put_durations(struct json *j, const char *key, const struct call_durations *d,
			  double mean)
{
	json_key(j, key);
	json_object(j);
	json_put_number(j, "mean", mean, DIGITS);
	json_put_number(j, "p50", d->p50, DIGITS);
	json_put_number(j, "p90", d->p90, DIGITS);
	json_put_number(j, "p99", d->p99, DIGITS);
	json_object_end(j);
}

static void put_inside(struct json *j, const struct call_times_function *f)
{
	json_put_uint(j, "samples", f->looks);
	json_key(j, "inside");
	json_array(j);
	for (size_t i = 0; i < f->inside_count; i++) {
		json_object(j);
		json_put_text(j, "function", f->inside[i].name);
		json_put_text(j, "file", *f->inside[i].file ? f->inside[i].file : NULL);
		json_put_uint(j, "line", (uint64_t)f->inside[i].line);
		json_put_number(j, "share", f->inside[i].share, DIGITS);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_function(struct json *j, const struct call_times_function *f)
{
	const struct calls_sums *sums = &f->function->sums;
	json_object(j);
	json_put_text(j, "function", f->function->name);
	json_put_text(j, "file", f->function->file);
	json_put_uint(j, "line", (uint64_t)f->function->line);
	json_put_number(j, "calls", sums->calls, 15);
	json_put_number(j, "primitive", sums->primitive, 15);
	json_put_number(j, "raised", sums->raised, 15);
	json_put_number(j, "open", sums->open, 15);
	json_put_uint(j, "timed", f->timed);
	json_put_uint(j, "threads", f->threads);
	json_put_uint(j, "processes", f->processes);
	json_key(j, "counted_to_the_end");
	json_bool(j, !f->function->demoted);
	put_durations(j, "wall_ns", &f->wall, call_times_mean_wall(f));
	put_durations(j, "cpu_ns", &f->cpu, sums->total_cpu_ns / sums->primitive);
	json_put_number(j, "least_ns", f->least, DIGITS);
	json_put_number(j, "most_ns", f->most, DIGITS);
	json_put_number(j, "running_ns", sums->total_wall_ns / sums->primitive, DIGITS);
	json_put_number(j, "waiting_ns", sums->waiting_ns / sums->primitive, DIGITS);
	json_put_number(j, "ready_ns", sums->ready_ns / sums->primitive, DIGITS);
	put_inside(j, f);
	json_object_end(j);
}

enum err_kind view_call_times_json(sqlite3 *db, const struct call_times *times, FILE *out,
				   struct err *e)
{
	struct json j;
	json_document(&j, out, "unslow.time-calls/1");
	TRY(calls_to_tables(db, times->calls, e));
	TRY(calls_head_json(db, calls_view(), &j, e));
	json_key(&j, "functions");
	json_array(&j);
	for (size_t i = 0; i < times->count; i++)
		put_function(&j, &times->functions[i]);
	json_array_end(&j);
	json_object_end(&j);
	fputc('\n', out);
	return ERR_OK;
}

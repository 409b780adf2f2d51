/* `unslow why` as text: what to change, where, what it saves; then where the
 * time goes, what it is not, what would not cure it, and what watching cost.
 */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "view/text.h"
#include "view/view.h"
#include "view/why_gain.h"

#define WIDTH_MAX 100
#define LABEL 11 /* column at which the text after "Fix", "Gain" … begins */
#define BAR_CELLS 40
#define BAR_AT 33            /* column at which a bar begins */
#define NARROW 72            /* below it reasons stand under what they are of */
#define STATE_SHOWN 0.005    /* share of a unit's time from which on a state has its row */
#define SHARE_PRINTED 0.0005 /* below it a share is printed as 0.0 %, without a sign */
#define CURE_SHARE 0.10      /* what could take off more is not said to be no cure */
#define GAIN_SHOWN 0.01      /* the same for what a cure could take off */

struct page {
	const struct diagnosis *d;
	FILE *out;
	bool colour;
	int width;
	const char *unit; /* "request" */
};

static const char *style(const struct page *p, enum style s)
{
	return log_style(p->colour, s);
}

static void label(const struct page *p, const char *name)
{
	fprintf(p->out, "     %s%-6s%s", style(p, STYLE_DIM), name, style(p, STYLE_NONE));
}

static void paragraph(const struct page *p, const char *name, const char *text)
{
	label(p, name);
	text_wrap(p->out, text, LABEL, LABEL, p->width);
	fputc('\n', p->out);
}

/* What a part of the page is, and more about it. */
__attribute__((format(printf, 3, 4))) static void heading(const struct page *p, const char *name,
							  const char *format, ...)
{
	char text[200];
	va_list values;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	fprintf(p->out, "\n  %s%s%s", style(p, STYLE_BOLD), name, style(p, STYLE_NONE));
	text_wrap(p->out, text, 2 + (int)text_columns(name), 2, p->width);
	fputc('\n', p->out);
}

static bool is_of_threads(const struct diagnosis *d)
{
	return d->basis && !strcmp(d->basis, "thread");
}

/* One of the header, on the line if there is room; *at: columns that are taken. */
__attribute__((format(printf, 3, 4))) static void fact(const struct page *p, int *at,
						       const char *format, ...)
{
	char text[256];
	va_list values;
	va_start(values, format);
	vsnprintf(text, sizeof text, format, values);
	va_end(values);
	const int columns = 2 + (int)text_columns(text);
	if (*at > 0 && *at + columns > p->width) {
		fputc('\n', p->out);
		*at = 0;
	}
	fputs("  ", p->out);
	text_clean(p->out, text);
	*at += columns;
}

static void header(const struct page *p)
{
	const struct diagnosis *d = p->d;
	char line[512], time[TEXT_TIME_SIZE];
	snprintf(line, sizeof line, "unslow %s  %.200s", UNSLOW_VERSION,
		 d->command ? d->command : "");
	fprintf(p->out, "%s", style(p, STYLE_BOLD));
	text_wrap(p->out, line, 0, 2, p->width);
	fprintf(p->out, "%s\n", style(p, STYLE_NONE));
	int at = 0;
	if (d->server)
		fact(p, &at, "%s", d->server);
	if (d->framework && !(d->server && !strcmp(d->server, d->framework))) /* aiohttp is both */
		fact(p, &at, "%s", d->framework);
	if (d->python)
		fact(p, &at, "CPython %s", d->python);
	fact(p, &at, "%.1f s", d->window_s);
	if (is_of_threads(d)) {
		fact(p, &at, "%u worker%s", d->workers, d->workers == 1 ? "" : "s");
		fact(p, &at, "%u thread%s", d->threads, d->threads == 1 ? "" : "s");
	} else {
		fact(p, &at, "%" PRIu64 " %s%s", d->requests, p->unit, d->requests == 1 ? "" : "s");
	}
	if (d->errors)
		fact(p, &at, "%" PRIu64 " failed", d->errors);
	if (d->requests)
		fact(p, &at, "mean %s", text_time_ms(d->mean_ms, time));
	fputc('\n', p->out);
	for (size_t i = 0; i < d->note_count; i++) {
		fprintf(p->out, "  %s! ", style(p, STYLE_YELLOW));
		text_wrap(p->out, d->notes[i], 4, 4, p->width);
		fprintf(p->out, "%s\n", style(p, STYLE_NONE));
	}
}

static void place(const struct page *p, const struct place *w)
{
	fprintf(p->out, "     %s", style(p, STYLE_CYAN));
	text_clip_left(p->out, text_path(w->file), p->width - 30);
	if (w->line > 0)
		fprintf(p->out, ":%d", w->line);
	fprintf(p->out, "%s  ", style(p, STYLE_NONE));
	text_clean(p->out, w->function);
	if (*w->function)
		fputs("()", p->out);
	fputc('\n', p->out);
	if (w->source) {
		fprintf(p->out, "       %s", style(p, STYLE_DIM));
		text_clean(p->out, w->source);
		fprintf(p->out, "%s\n", style(p, STYLE_NONE));
	}
}

static void gain(const struct page *p, const struct finding *f)
{
	char text[WHY_GAIN_SIZE];
	if (why_gain_words(p->d, f, p->unit, text))
		paragraph(p, "Gain", text);
	else if (why_risk_words(f, text))
		paragraph(p, "Risk", text);
}

/* Service time is not latency: with less of it, others wait less, too. */
static void latency(const struct page *p, const struct finding *f)
{
	char text[400];
	if (!f->saving.latency.known)
		return;
	why_wait_words(p->d, &f->saving.latency, p->unit, text, sizeof text);
	paragraph(p, "Load", text);
}

/* Two cures may save the same time, and the queue gives back more than either saves. */
static void together(const struct page *p)
{
	const struct what_if_told *w = &p->d->what_if;
	char text[700], time[TEXT_TIME_SIZE];
	if (w->together >= 2) {
		int n = snprintf(text, sizeof text,
				 "Cured together, the %zu causes with a gain save %s a %s",
				 w->together, text_time_ms(w->together_ms, time), p->unit);
		if (w->together_latency.known && n > 0) {
			n = text_add(text, sizeof text, n, "; ");
			why_wait_words(p->d, &w->together_latency, p->unit, text + n,
				       sizeof text - (size_t)n);
		}
		fputs("\n  ", p->out);
		text_wrap(p->out, text, 2, 5, p->width);
		fputc('\n', p->out);
	}
	if (w->together && w->unknown) {
		snprintf(text, sizeof text, "What clients would gain is not known: %s", w->unknown);
		fprintf(p->out, "%s  ", w->together >= 2 ? "" : "\n");
		text_wrap(p->out, text, 2, 5, p->width);
		fputc('\n', p->out);
	}
}

/* Said in place of a cause, as there is none: it has no number, no fix and no level. */
static bool is_no_finding(const struct finding *f)
{
	return !strcmp(f->cause, "nothing-wrong");
}

static void sure(const struct page *p, const struct finding *f)
{
	static const char *const levels[] = {"", "possible: ", "likely: ", "proven: "};
	char text[900];
	int n = snprintf(text, sizeof text, "%s%s", is_no_finding(f) ? "" : levels[f->confidence],
			 f->because);
	for (size_t i = 0; i < f->excluded_count && n > 0 && (size_t)n < sizeof text; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "; not %s: %s",
			      f->excluded[i].cause, f->excluded[i].because);
	for (size_t i = 0; i < f->also_seen_count && n > 0 && (size_t)n < sizeof text; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s%s",
			      i ? ", " : "; other names of the same time: ", f->also_seen_as[i]);
	paragraph(p, is_no_finding(f) ? "Seen" : "Sure", text);
}

static void seen(const struct page *p, const struct finding *f)
{
	char text[600], figure[TEXT_FIGURE_SIZE];
	int n = 0;
	text[0] = '\0';
	for (size_t i = 0; i < f->evidence_count && n >= 0 && (size_t)n < sizeof text; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s%s: %s%s%s", i ? " · " : "",
			      f->evidence[i].text, text_figure(f->evidence[i].value, figure),
			      *f->evidence[i].unit ? " " : "", f->evidence[i].unit);
	if (f->evidence_count)
		paragraph(p, "Seen", text);
}

/* "… takes 61 % of a request" needs no "61 % of request time" beside it. */
static bool title_says_share(const struct page *p, const struct finding *f)
{
	char words[60];
	snprintf(words, sizeof words, "%.0f %% of a %s", f->share * 100, p->unit);
	const char *at = strstr(f->title, words);
	return at && (at == f->title || at[-1] == ' ');
}

static void finding(const struct page *p, const struct finding *f)
{
	char share[40] = "";
	if (f->share > 0 && f->before_app)
		snprintf(share, sizeof share, "%.0f %% of what clients wait", f->share * 100);
	else if (f->share > 0 && !title_says_share(p, f))
		snprintf(share, sizeof share, "%.0f %% of %s time", f->share * 100, p->unit);
	const int indent = is_no_finding(f) ? 2 : 5;
	fprintf(p->out, "\n  %s", style(p, STYLE_BOLD));
	if (!is_no_finding(f))
		fprintf(p->out, "%d  ", f->rank);
	text_wrap(p->out, f->title, indent, indent, p->width);
	fprintf(p->out, "%s", style(p, STYLE_NONE));
	int blank = p->width - indent - (int)text_columns(f->title) - (int)strlen(share);
	if (*share && blank >= 2)
		fprintf(p->out, "%*s", blank, "");
	else if (*share)
		fprintf(p->out, "\n%5s", "");
	fprintf(p->out, "%s%s%s\n", style(p, STYLE_RED), share, style(p, STYLE_NONE));
	for (size_t i = 0; i < f->where_count; i++)
		place(p, &f->where[i]);
	paragraph(p, is_no_finding(f) ? "Next" : "Fix", f->fix);
	gain(p, f);
	latency(p, f);
	seen(p, f);
	sure(p, f);
	fprintf(p->out, "     %s%s%s\n", style(p, STYLE_DIM), f->cause, style(p, STYLE_NONE));
}

static void findings(const struct page *p)
{
	bool failing = false;
	for (size_t i = 0; i < p->d->finding_count; i++) {
		const struct finding *f = &p->d->findings[i];
		if (f->will_fail != failing)
			fprintf(p->out, "\n  %s%s%s\n", style(p, STYLE_BOLD),
				f->will_fail ? "Will fail" : "May slow", style(p, STYLE_NONE));
		failing = f->will_fail;
		finding(p, f);
	}
}

const char *const view_state_labels[LEDGER_STATES] = {
	[LEDGER_PYTHON] = "python",
	[LEDGER_NATIVE] = "native",
	[LEDGER_GIL] = "GIL",
	[LEDGER_RUNQUEUE] = "run queue",
	[LEDGER_THROTTLED] = "CPU limit",
	[LEDGER_IO_DB] = "database",
	[LEDGER_IO_NET] = "network",
	[LEDGER_IO_FILE] = "files",
	[LEDGER_LOCK] = "locks",
	[LEDGER_POOL] = "pool",
	[LEDGER_SLEEP] = "sleep",
	[LEDGER_LOOP_BUSY] = "loop busy",
	[LEDGER_AWAIT] = "await",
	[LEDGER_ACCEPT_QUEUE] = "accept queue",
	[LEDGER_GC] = "GC",
	[LEDGER_FAULT] = "page faults",
	[LEDGER_UNEXPLAINED] = "unexplained",
};

struct state_row {
	const char *label;
	double share;
};

static void bar(const struct page *p, double share)
{
	const int cells = p->width - BAR_AT < BAR_CELLS ? p->width - BAR_AT : BAR_CELLS;
	if (!text_bar_cells(share, cells))
		return;
	fprintf(p->out, "  %s", style(p, STYLE_CYAN));
	text_bar(p->out, share, cells);
	fputs(style(p, STYLE_NONE), p->out);
}

static void time_row(const struct page *p, const struct state_row *r, double mean_ms)
{
	char time[TEXT_TIME_SIZE];
	const double share = r->share < SHARE_PRINTED ? 0 : r->share;
	fprintf(p->out, "  %-12s %9s %5.1f %%", r->label,
		text_time_ms(fmax(0, r->share) * mean_ms, time), share * 100);
	bar(p, share);
	fputc('\n', p->out);
}

static int larger_first(const void *a, const void *b)
{
	const double x = ((const struct state_row *)a)->share,
		     y = ((const struct state_row *)b)->share;
	return (x < y) - (x > y);
}

static void time_of_one(const struct page *p)
{
	const struct diagnosis *d = p->d;
	char time[TEXT_TIME_SIZE];
	struct state_row rows[LEDGER_STATES + 1];
	size_t count = 0;
	if (!d->requests)
		return;
	char name[60], p50[TEXT_TIME_SIZE], p99[TEXT_TIME_SIZE];
	snprintf(name, sizeof name, "Time of one %.40s", p->unit);
	heading(p, name, "(mean %s, p50 %s, p99 %s)", text_time_ms(d->mean_ms, time),
		text_time_ms(d->p50_ms, p50), text_time_ms(d->p99_ms, p99));
	for (int i = 0; i < LEDGER_STATES; i++)
		if (i != LEDGER_UNEXPLAINED)
			rows[count++] = (struct state_row){
				view_state_labels[i],
				d->ledger[i] - (i == LEDGER_IO_NET ? d->client_share : 0)};
	rows[count++] = (struct state_row){"to client", d->client_share};
	qsort(rows, count, sizeof *rows, larger_first);
	for (size_t i = 0; i < count && rows[i].share >= STATE_SHOWN; i++)
		time_row(p, &rows[i], d->mean_ms);
	/* always shown: it is what the rest stands on */
	time_row(p,
		 &(struct state_row){view_state_labels[LEDGER_UNEXPLAINED],
				     d->ledger[LEDGER_UNEXPLAINED]},
		 d->mean_ms);
	if (d->over_share >= SHARE_PRINTED)
		fprintf(p->out,
			"  %.1f %% more was measured than passed: these parts are scaled down to "
			"it\n",
			d->over_share * 100);
}

/* The same requests from the other end, in the order in which time passes. */
static void time_of_client(const struct page *p)
{
	const struct client_time *c = &p->d->client;
	char time[TEXT_TIME_SIZE];
	if (!c->seen || !(c->response_ms > 0))
		return;
	heading(p, "The same for its client", "(mean %s, of %" PRIu64 " %ss answered)",
		text_time_ms(c->response_ms, time), c->seen, p->unit);
	const struct state_row rows[] = {
		{"not sent yet", c->late_ms / c->response_ms},
		{"before app", c->before_ms / c->response_ms},
		{"in the app", c->server_ms / c->response_ms},
		{"on its way", c->after_ms / c->response_ms},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].share >= STATE_SHOWN)
			time_row(p, &rows[i], c->response_ms);
	if (c->unanswered)
		fprintf(p->out,
			"  %" PRIu64 " more had no answer: they waited longer, so it is this at "
			"least\n",
			c->unanswered);
}

/* Of all threads, without those that wait for work. */
static void time_of_threads(const struct page *p)
{
	const struct diagnosis *d = p->d;
	if (!(d->busy_s > 0))
		return;
	fprintf(p->out,
		"\n  %sTime of busy threads%s (%.1f s; waiting for work, %.1f s more, is apart)\n",
		style(p, STYLE_BOLD), style(p, STYLE_NONE), d->busy_s, d->idle_s);
	for (int i = 0; i < LEDGER_STATES; i++) {
		if (d->ledger[i] < STATE_SHOWN && i != LEDGER_UNEXPLAINED)
			continue;
		fprintf(p->out, "  %-12s %7.2f s %5.1f %%", view_state_labels[i],
			d->ledger[i] * d->busy_s, d->ledger[i] * 100);
		bar(p, d->ledger[i]);
		fputc('\n', p->out);
	}
}

static void reasons(const struct page *p, const char *heading, const struct reason *list,
		    size_t count)
{
	if (count)
		fprintf(p->out, "\n  %s%s%s\n", style(p, STYLE_BOLD), heading,
			style(p, STYLE_NONE));
	for (size_t i = 0; i < count; i++) {
		const bool is_narrow = p->width < NARROW;
		const int at = is_narrow ? 4 : 31;
		fprintf(p->out, is_narrow ? "  %s\n    " : "  %-28s ", list[i].cause);
		text_wrap(p->out,
			  i && !strcmp(list[i].because, list[i - 1].because) ? "the same"
									     : list[i].because,
			  at, at, p->width);
		fputc('\n', p->out);
	}
}

static void remedy(const struct page *p, const struct alternative *a)
{
	static const char *const changes[][2] = {{"threads", "two threads in each worker"},
						 {"more-workers", "twice the workers"},
						 {"faster-database", "a database twice as fast"}};
	char text[900];
	int n = snprintf(text, sizeof text, "%s", a->because);
	for (size_t i = 0; a->latency.known && i < sizeof changes / sizeof *changes; i++)
		if (!strcmp(a->id, changes[i][0])) {
			n = text_add(text, sizeof text, n,
				     ". Replayed with %s, a CPU for each: ", changes[i][1]);
			if (n > 0 && (size_t)n < sizeof text)
				why_wait_words(p->d, &a->latency, p->unit, text + n,
					       sizeof text - (size_t)n);
		}
	fprintf(p->out, "  %-16s ≤ %2.0f %%  ", a->id, a->gain_high * 100);
	text_wrap(p->out, text, 27, 27, p->width);
	fputc('\n', p->out);
}

/* The one that explains most comes first in the list and always has its line. */
static void no_cure(const struct page *p)
{
	const struct diagnosis *d = p->d;
	char rest[300] = "";
	bool begun = false, several = false;
	for (size_t i = 0; i < d->alternative_count; i++) {
		const struct alternative *a = &d->alternatives[i];
		if (a->gain_high >= CURE_SHARE)
			continue;
		if (!begun)
			heading(p, "What would not cure it",
				"(the most that each could take off a %s)", p->unit);
		if (begun && a->gain_high < GAIN_SHOWN) {
			size_t used = strlen(rest);
			snprintf(rest + used, sizeof rest - used, "%s%s", used ? ", " : "", a->id);
			several = several || used;
		} else {
			remedy(p, a);
		}
		begun = true;
	}
	if (*rest) {
		fprintf(p->out, "  %-16s < %2.0f %%%s", several ? "each of" : rest,
			GAIN_SHOWN * 100, several ? "  " : "");
		if (several)
			text_wrap(p->out, rest, 27, 27, p->width);
		fputc('\n', p->out);
	}
}

/* What could take off a good part besides the findings: said, not advised. */
static void could_help(const struct page *p)
{
	const struct diagnosis *d = p->d;
	bool begun = false;
	for (size_t i = 0; i < d->alternative_count; i++) {
		if (d->alternatives[i].gain_high < CURE_SHARE)
			continue;
		if (!begun)
			heading(p, "Could help besides", "(the most that each could take off a %s)",
				p->unit);
		remedy(p, &d->alternatives[i]);
		begun = true;
	}
}

/* As a shell takes it; one that it would not take as it stands is quoted. */
static void path_argument(const struct page *p, const char *path)
{
	if (!path || strchr(path, '\''))
		return;
	const bool plain = !path[strcspn(path, " \t\n\"\\$`&|;<>()*?[]{}#~!=")];
	fputs(plain ? " " : " '", p->out);
	text_clean(p->out, path);
	fputs(plain ? "" : "'", p->out);
}

static void own_cost(const struct page *p)
{
	const struct diagnosis *d = p->d;
	char text[300];
	int n = snprintf(text, sizeof text, "Watching cost: %.1f %% of a core",
			 d->probe.cpu_share * 100);
	if (d->probe.slowdown_low >= 0)
		n = text_add(text, sizeof text, n, ", about %.1f %% of %s time (%.1f to %.1f %%)",
			     d->probe.slowdown * 100, p->unit, d->probe.slowdown_low * 100,
			     d->probe.slowdown_high * 100);
	else if (!is_of_threads(d))
		n = text_add(text, sizeof text, n, "; share of %s time unknown (too few calls)",
			     p->unit);
	text_add(text, sizeof text, n, "; %" PRIu64 " record%s lost", d->probe.events_dropped,
		 d->probe.events_dropped == 1 ? "" : "s");
	fputs("\n  ", p->out);
	text_wrap(p->out, text, 2, 4, p->width);
	fputc('\n', p->out);
	if (d->finding_count)
		fprintf(p->out, "  more  unslow why --explain %s%s", d->findings[0].cause,
			!d->proof           ? "\n"
			: p->width < NARROW ? "\n  proof  "
					    : "   proof  ");
	else if (d->proof)
		fputs("  more  ", p->out);
	if (d->proof) {
		fprintf(p->out, "unslow show %s", d->proof);
		path_argument(p, d->recording);
		fputc('\n', p->out);
	}
}

void view_why_text(const struct diagnosis *d, FILE *out, bool colour, int width)
{
	struct page p = {d, out, colour,
			 width < 40          ? 40
			 : width > WIDTH_MAX ? WIDTH_MAX
					     : width,
			 is_of_threads(d) ? "busy thread"
			 : d->basis       ? d->basis
					  : "run"};
	header(&p);
	findings(&p);
	together(&p);
	time_of_one(&p);
	time_of_client(&p);
	time_of_threads(&p);
	reasons(&p, "Not the cause", d->ruled_out, d->ruled_out_count);
	reasons(&p, "Not known", d->not_known, d->not_known_count);
	no_cure(&p);
	could_help(&p);
	own_cost(&p);
}

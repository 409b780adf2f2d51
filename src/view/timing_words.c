/* The verdicts, figures and notes of `unslow time` in words. */
#include <math.h>
#include <stdio.h>

#include "timing/analyse.h"
#include "view/text.h"
#include "view/timing.h"

#define OFF_CPU_SHARE 0.1 /* of wall time: from here on it is said */

const char *timing_time_as(double ns, double like_ns, bool with_unit, char text[TIMING_FIGURE_SIZE])
{
	static const struct {
		double ns;
		const char *name;
	} units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}};
	size_t at = 0;
	/* 999.6 would be printed as 1000 of the smaller unit */
	while (at < 3 && fabs(like_ns) < units[at].ns * 0.9995)
		at++;
	const double size = fabs(like_ns / units[at].ns);
	const double value = fabs(ns) < 0.005 ? 0 : ns / units[at].ns; /* never -0.00 */
	snprintf(text, TIMING_FIGURE_SIZE, "%.*f%s%s",
		 size < 9.995   ? 2
		 : size < 99.95 ? 1
				: 0,
		 value, with_unit ? " " : "", with_unit ? units[at].name : "");
	return text;
}

static const char *nothing(char text[TIMING_FIGURE_SIZE])
{
	snprintf(text, TIMING_FIGURE_SIZE, "-");
	return text;
}

const char *timing_time(double ns, char text[TIMING_FIGURE_SIZE])
{
	if (isnan(ns))
		return nothing(text);
	return timing_time_as(ns, ns, true, text);
}

const char *timing_per_cent(double share, char text[TIMING_FIGURE_SIZE])
{
	const double size = fabs(share * 100);
	snprintf(text, TIMING_FIGURE_SIZE, "%.*f", size < 0.995 ? 2 : size < 99.95 ? 1 : 0, size);
	return text;
}

const char *timing_ratio(double ratio, char text[TIMING_FIGURE_SIZE])
{
	char figure[TEXT_FIGURE_SIZE];
	if (isnan(ratio))
		return nothing(text);
	if (ratio < 9.9995)
		snprintf(text, TIMING_FIGURE_SIZE, "%.3f", ratio);
	else if (ratio < 1e9)
		snprintf(text, TIMING_FIGURE_SIZE, "%.30s", text_figure(ratio, figure));
	else
		snprintf(text, TIMING_FIGURE_SIZE, "%.3g", ratio);
	return text;
}

static const char *signed_per_cent(double share, char text[TIMING_FIGURE_SIZE])
{
	text[0] = share < 0 ? '-' : '+';
	char digits[TIMING_FIGURE_SIZE];
	snprintf(text + 1, TIMING_FIGURE_SIZE - 1, "%.30s", timing_per_cent(share, digits));
	return text;
}

static void cannot_tell(const struct timing_result *r, const struct stats_interval *c, double floor,
			char *text)
{
	char low[TIMING_FIGURE_SIZE], high[TIMING_FIGURE_SIZE];
	if (isnan(c->mid))
		snprintf(text, TIMING_WORDS_SIZE,
			 "cannot tell them apart: one is not longer than the empty loop");
	else if (isnan(c->low) || isnan(floor) || r->values < ANALYSE_VALUES)
		snprintf(text, TIMING_WORDS_SIZE,
			 "cannot tell them apart: %zu %s, %d are needed (--for)", r->values,
			 r->basis == TIMING_BY_PROCESS ? "processes" : "rounds", ANALYSE_VALUES);
	else if ((c->low > 0 || c->high < 0) && fabs(c->mid) <= floor)
		snprintf(text, TIMING_WORDS_SIZE,
			 "cannot tell them apart: A against itself shows up to %s %%",
			 timing_per_cent(floor, low));
	else
		snprintf(text, TIMING_WORDS_SIZE, "cannot tell them apart: %s to %s %%",
			 signed_per_cent(c->low, low), signed_per_cent(c->high, high));
}

const char *timing_verdict_words(const struct timing_result *result, size_t row,
				 enum timing_metric metric, char text[TIMING_WORDS_SIZE])
{
	char low[TIMING_FIGURE_SIZE], mid[TIMING_FIGURE_SIZE], high[TIMING_FIGURE_SIZE];
	const struct timing_change *change = &result->rows[row].against[metric];
	const struct stats_interval *c = &change->change;
	switch (change->verdict) {
	case TIMING_SLOWER:
		if (c->mid >= 1)
			snprintf(text, TIMING_WORDS_SIZE, "%s times A (%s … %s)",
				 timing_ratio(1 + c->mid, mid), timing_ratio(1 + c->low, low),
				 timing_ratio(1 + c->high, high));
		else
			snprintf(text, TIMING_WORDS_SIZE, "slower than A by %s %% (%s … %s)",
				 timing_per_cent(c->mid, mid), timing_per_cent(c->low, low),
				 timing_per_cent(c->high, high));
		break;
	case TIMING_FASTER:
		snprintf(text, TIMING_WORDS_SIZE, "faster than A by %s %% (%s … %s)",
			 timing_per_cent(c->mid, mid), timing_per_cent(c->high, low),
			 timing_per_cent(c->low, high));
		break;
	case TIMING_SAME:
		snprintf(text, TIMING_WORDS_SIZE, "no difference found: less than %s %%",
			 timing_per_cent(fmax(fabs(c->low), fabs(c->high)), high));
		break;
	case TIMING_CANNOT_TELL:
		cannot_tell(result, c, result->floor[metric], text);
		break;
	}
	return text;
}

static bool note_interrupted(const struct timing_page *p, size_t row, char *text)
{
	if (row || !p->data->interrupted)
		return false;
	snprintf(text, TIMING_NOTE_SIZE, "interrupted: this is what had been measured");
	return true;
}

static bool note_few_processes(const struct timing_page *p, size_t row, char *text)
{
	if (row || p->result->basis == TIMING_BY_PROCESS)
		return false;
	snprintf(text, TIMING_NOTE_SIZE,
		 "%zu %s: what varies from process to process is not in the intervals; give it "
		 "more time (--for), or a quicker setup",
		 p->data->process_count, p->data->process_count == 1 ? "process" : "processes");
	return true;
}

static bool note_nothing(const struct timing_page *p, size_t row, char *text)
{
	if (!p->result->rows[row].is_nothing)
		return false;
	snprintf(text, TIMING_NOTE_SIZE,
		 "%c costs no more than the empty loop: the compiler may have taken it away "
		 "(python3 -m dis shows what is left)",
		 (int)('A' + row));
	return true;
}

static bool note_busy(const struct timing_page *p, size_t row, char *text)
{
	const struct timing_result *r = p->result;
	const double share = (double)r->interrupted / (double)r->blocks;
	if (row || share <= ANALYSE_BUSY)
		return false;
	snprintf(text, TIMING_NOTE_SIZE,
		 "a busy machine: in %.0f %% of the blocks somebody else was given the CPU%s",
		 share * 100, r->decides == TIMING_CPU ? "; CPU time decides" : "");
	return true;
}

static bool note_off_cpu(const struct timing_page *p, size_t row, char *text)
{
	const struct timing_row *r = &p->result->rows[row];
	const double share = 1 - r->value[TIMING_CPU].mid / r->value[TIMING_WALL].mid;
	/* of less than the empty loop it would be the share of a small difference */
	if (p->result->decides == TIMING_CPU ||
	    r->value[TIMING_WALL].mid < p->result->empty[TIMING_WALL].mid ||
	    !(share > OFF_CPU_SHARE))
		return false;
	snprintf(text, TIMING_NOTE_SIZE,
		 "%c is off the CPU for %.0f %% of its time: it waits, or others had the CPU",
		 (int)('A' + row), share * 100);
	return true;
}

/* Where what decides cannot tell, CPU time or instructions still may. */
static bool note_other_metric(const struct timing_page *p, size_t row, char *text)
{
	const struct timing_change *against = p->result->rows[row].against;
	char words[TIMING_WORDS_SIZE];
	if (row == 0 || against[p->result->decides].verdict != TIMING_CANNOT_TELL)
		return false;
	for (int metric = TIMING_METRICS - 1; metric > TIMING_WALL; metric--) {
		if (against[metric].verdict == TIMING_CANNOT_TELL)
			continue;
		snprintf(text, TIMING_NOTE_SIZE, "%c by %s: %s", (int)('A' + row),
			 metric == TIMING_CPU ? "CPU time" : "instructions",
			 timing_verdict_words(p->result, row, (enum timing_metric)metric, words));
		return true;
	}
	return false;
}

bool timing_note(const struct timing_page *page, size_t at, char text[TIMING_NOTE_SIZE])
{
	static bool (*const notes[])(const struct timing_page *p, size_t row, char *text) = {
		note_interrupted, note_few_processes, note_busy,
		note_nothing,     note_off_cpu,       note_other_metric,
	};
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		for (size_t row = 0; row < page->data->snippets; row++)
			if (notes[i](page, row, text) && at-- == 0)
				return true;
	return false;
}

#include "view/why_gain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/text.h"

#define ALL_UNITS 0.9   /* share of units from which on a gain is everybody's */
#define SAME_SHARE 0.05 /* of what a cause takes, that its gain may differ without a word */
#define LEFT_SIZE 32    /* bytes of how long is left */

/* Both ends are bounds of what is seen, and somebody loses more than that. */
static const char *between(const struct diagnosis *d, const struct saving *s, const char *unit,
			   char *text)
{
	char low[TEXT_TIME_SIZE], high[TEXT_TIME_SIZE];
	int n;
	text_time_ms(s->high_ms, high);
	if (s->low_ms < TEXT_LEAST_MS) {
		n = snprintf(
			text, WHY_GAIN_SIZE,
			"cannot tell: no %s that had begun was seen to wait for it; it holds up "
			"to %s a %s, and those that have not begun may wait many times that",
			unit, high, unit);
	} else {
		const double mean_ms = d->mean_ms;
		n = snprintf(text, WHY_GAIN_SIZE, "%s to %s a %s", text_time_ms(s->low_ms, low),
			     high, unit);
		n = text_add(text, WHY_GAIN_SIZE, n, ": mean %s", text_time_ms(mean_ms, high));
		n = text_add(text, WHY_GAIN_SIZE, n, " → %s to %s, %.1f s to %.1f s per 10,000 %ss",
			     text_time_ms(fmax(0, mean_ms - s->low_ms), low),
			     text_time_ms(fmax(0, mean_ms - s->high_ms), high), s->low_ms * 10,
			     s->high_ms * 10, unit);
	}
	text_add(text, WHY_GAIN_SIZE, n, "; %.150s", s->unseen);
	return text;
}

/* What it saves hangs on what is not the application's: just the most is known. */
static const char *at_most(const struct diagnosis *d, const struct saving *s, const char *unit,
			   char *text)
{
	char most[TEXT_TIME_SIZE], mean[TEXT_TIME_SIZE], left[TEXT_TIME_SIZE];
	const double mean_ms = d->mean_ms;

	if (s->at_most_ms < TEXT_LEAST_MS)
		return NULL;
	int n = snprintf(text, WHY_GAIN_SIZE, "at most %s a %s: mean %s → %s",
			 text_time_ms(s->at_most_ms, most), unit, text_time_ms(mean_ms, mean),
			 text_time_ms(fmax(0, mean_ms - s->at_most_ms), left));
	if (s->unseen)
		text_add(text, WHY_GAIN_SIZE, n, "; %.150s", s->unseen);
	return text;
}

/* Its interval begins at nothing: the middle of it would be a figure that nothing speaks for. */
static const char *perhaps(const struct diagnosis *d, const struct finding *f, double scale,
			   const char *unit, char *text)
{
	char most[TEXT_TIME_SIZE], mean[TEXT_TIME_SIZE], left[TEXT_TIME_SIZE];
	const struct saving *s = &f->saving;
	int n = snprintf(text, WHY_GAIN_SIZE, "up to %s %s %s",
			 text_time_ms(s->high_ms * scale, most), scale > 1 ? "in a" : "a", unit);
	if (scale > 1)
		n = text_add(text, WHY_GAIN_SIZE, n, " to %.100s", f->route);
	n = text_add(text, WHY_GAIN_SIZE, n, ", and perhaps nothing: mean %s → %s at best",
		     text_time_ms(d->mean_ms, mean),
		     text_time_ms(fmax(0, d->mean_ms - s->high_ms), left));
	if (s->unseen)
		text_add(text, WHY_GAIN_SIZE, n, ". It cannot be told, because %.170s", s->unseen);
	return text;
}

/* What takes time and is not seen to give it back may do so: no gain measured is not none. */
static const char *none_measured(const struct diagnosis *d, const struct finding *f,
				 const char *unit, char *text)
{
	char takes[TEXT_TIME_SIZE];
	const double takes_ms = f->outside ? 0 : f->share * d->mean_ms;
	if (takes_ms >= TEXT_LEAST_MS)
		snprintf(text, WHY_GAIN_SIZE, "not known: at most the %s a %s that it takes",
			 text_time_ms(takes_ms, takes), unit);
	else
		snprintf(text, WHY_GAIN_SIZE, "none measured at this load");
	return text;
}

/* The share beside the title is what it takes, which no cure gives back in full. */
static int of_what_it_takes(const struct diagnosis *d, const struct finding *f, char *text,
			    int used)
{
	char takes[TEXT_TIME_SIZE];
	const double takes_ms = f->share * d->mean_ms, gain_ms = f->saving.service_ms;
	if (f->saving.at_least || !(takes_ms > 0) || f->outside)
		return used;
	if (gain_ms < (1 - SAME_SHARE) * takes_ms)
		return text_add(text, WHY_GAIN_SIZE, used, "; it takes %s now, the rest stays",
				text_time_ms(takes_ms, takes));
	if (gain_ms > (1 + SAME_SHARE) * takes_ms)
		return text_add(text, WHY_GAIN_SIZE, used, "; more than the %s that is seen of it",
				text_time_ms(takes_ms, takes));
	return used;
}

/* Time in which the application was not called yet: its own stays, what clients wait does not. */
static const char *before_app(const struct diagnosis *d, const struct saving *s, const char *unit,
			      char *text)
{
	char mid[TEXT_TIME_SIZE], low[TEXT_TIME_SIZE], high[TEXT_TIME_SIZE];
	int n = snprintf(text, WHY_GAIN_SIZE,
			 "the application begins a %s %s sooner (%s to %s), and takes as long",
			 unit, text_time_ms(s->service_ms, mid), text_time_ms(s->low_ms, low),
			 text_time_ms(s->high_ms, high));
	if (d->client.seen)
		text_add(text, WHY_GAIN_SIZE, n, ": its clients wait %s → %s in the mean",
			 text_time_ms(d->client.response_ms, mid),
			 text_time_ms(fmax(0, d->client.response_ms - s->service_ms), high));
	return text;
}

const char *why_gain_words(const struct diagnosis *d, const struct finding *f, const char *unit,
			   char text[WHY_GAIN_SIZE])
{
	char mid[TEXT_TIME_SIZE], low[TEXT_TIME_SIZE], high[TEXT_TIME_SIZE];
	const struct saving *s = &f->saving;
	if (f->will_fail)
		return NULL;
	if (!s->known)
		return at_most(d, s, unit, text);
	if (s->at_least && s->unseen)
		return between(d, s, unit, text);
	if (f->before_app && s->low_ms >= TEXT_LEAST_MS)
		return before_app(d, s, unit, text);
	double shown_ms = s->at_least ? s->low_ms : s->service_ms;
	if (shown_ms < TEXT_LEAST_MS)
		return none_measured(d, f, unit, text);
	/* the title names one route: its own gain first, then the mean over all */
	bool own = f->route && *f->route && s->unit_part > 0 && s->unit_part < ALL_UNITS;
	double scale = own ? 1 / s->unit_part : 1;
	if (!s->at_least && s->low_ms < TEXT_LEAST_MS)
		return perhaps(d, f, scale, unit, text);
	int n = s->at_least
			? snprintf(text, WHY_GAIN_SIZE, "at least %s %s %s",
				   text_time_ms(s->low_ms * scale, low), own ? "in a" : "a", unit)
			: snprintf(text, WHY_GAIN_SIZE, "%s %s %s",
				   text_time_ms(s->service_ms * scale, mid), own ? "in a" : "a",
				   unit);
	if (own)
		n = text_add(text, WHY_GAIN_SIZE, n, " to %.150s", f->route);
	if (!s->at_least)
		n = text_add(text, WHY_GAIN_SIZE, n, " (%s to %s)",
			     text_time_ms(s->low_ms * scale, low),
			     text_time_ms(s->high_ms * scale, high));
	if (own)
		n = text_add(text, WHY_GAIN_SIZE, n, "; over all %ss %s", unit,
			     text_time_ms(shown_ms, mid));
	text_time_ms(d->mean_ms, mid);
	text_time_ms(d->mean_ms - shown_ms, high);
	if (d->mean_ms > shown_ms && strcmp(mid, high))
		n = text_add(text, WHY_GAIN_SIZE, n, ": mean %s → %s, %.1f s per 10,000 %ss", mid,
			     high, shown_ms * 10, unit);
	of_what_it_takes(d, f, text, n);
	return text;
}

/* "40 minutes", "2.5 hours", "12 days" */
static const char *left_words(double hours, char text[LEFT_SIZE])
{
	if (hours < 1)
		snprintf(text, LEFT_SIZE, "%.0f minutes", fmax(1, hours * 60));
	else if (hours < 48)
		snprintf(text, LEFT_SIZE, "%.1f hours", hours);
	else if (hours < 1000 * 24)
		snprintf(text, LEFT_SIZE, "%.0f days", hours / 24);
	else
		snprintf(text, LEFT_SIZE, "years");
	return text;
}

const char *why_risk_words(const struct finding *f, char text[WHY_GAIN_SIZE])
{
	char left[LEFT_SIZE];
	if (!f->will_fail || f->hours_to_limit < 0)
		return NULL;
	snprintf(text, WHY_GAIN_SIZE,
		 "if nothing is done, the limit is reached in %s at the rate seen",
		 left_words(f->hours_to_limit, left));
	return text;
}

/* "12.1 ms → 6.30 ms (5.90 ms to 6.80 ms)"; again_ms: what the replay of what was gave. */
static int change_of(char *text, size_t size, int used, double was_ms, double again_ms,
		     double is_ms, double low_ms, double high_ms)
{
	char was[TEXT_TIME_SIZE], is[TEXT_TIME_SIZE], low[TEXT_TIME_SIZE], high[TEXT_TIME_SIZE];
	if (isnan(is_ms))
		return text_add(text, size, used,
				"%s → cannot tell, because replayed as they were they wait %s",
				text_time_ms(was_ms, was), text_time_ms(again_ms, is));
	used = text_add(text, size, used, "%s → %s", text_time_ms(was_ms, was),
			text_time_ms(is_ms, is));
	if (isnan(low_ms) || isnan(high_ms))
		return used;
	return text_add(text, size, used, " (%s to %s)", text_time_ms(low_ms, low),
			text_time_ms(high_ms, high));
}

void why_wait_words(const struct diagnosis *d, const struct latency *l, const char *unit,
		    char *text, size_t size)
{
	const struct what_if_told *w = &d->what_if;
	char rate[TEXT_FIGURE_SIZE];
	int n = snprintf(text, size, "at %s %ss a second clients wait p50 ",
			 text_figure(w->rate_per_s, rate), unit);
	n = change_of(text, size, n, w->measured.p50_ms, w->replayed.p50_ms, l->p50_ms,
		      l->p50_low_ms, l->p50_high_ms);
	n = text_add(text, size, n, ", p99 ");
	change_of(text, size, n, w->measured.p99_ms, w->replayed.p99_ms, l->p99_ms, l->p99_low_ms,
		  l->p99_high_ms);
}

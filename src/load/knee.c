#include "load/knee.h"

#include <math.h>

#include "base/clock.h"

/* Good answers, of what was due. */
#define ANSWERED_SHARE 0.99
/* Known well enough: the interval from low to high by its middle. */
#define KNOWN_WIDTH 0.02
#define INTERVAL_LOW 0.05
#define INTERVAL_HIGH 0.95
#define RAMP_FACTOR M_SQRT2
#define RAMP_FIRST 0.5  /* of the probe's rate */
#define RAMP_LEAST 0.02 /* below that, no rate is good */
/* The highest good rate is that near the client's ceiling: more cannot be told. */
#define CEILING_NEAR 1.05
/* Bad trials so near the knee, by ln rate, say what limits. */
#define LIMIT_NEAR 0.15
enum { SPOILT_MAX = 3, EDGES_LEAST = 4 };

/* Lengths in sixtieths of the budget. */
#define PROBE_PARTS 2.0
#define RAMP_PARTS 1.25
#define RAMP_WARM_PARTS 0.25
#define EDGE_PARTS 4.0
#define EDGE_WARM_PARTS 0.5
#define PARTS 60.0
/* But no shorter: outstanding requests are looked at four times a second (run.h). */
#define WINDOW_LEAST_NS NS_PER_S
/* A trial ends so long after its schedule at most, with answers under way (run.h), and threads
 * and connections need a moment. */
#define TAIL_NS (UINT64_C(1100) * NS_PER_MS)
#define PAUSE_LEAST_NS (50 * NS_PER_MS)
#define PAUSE_MOST_NS (3 * NS_PER_S)

enum knee_verdict knee_judge(const struct knee_seen *seen)
{
	const double due = (double)seen->due;
	const double missing = due - (double)seen->answered;
	const double growth = seen->backlog.slope_per_s * seen->window_s;
	if (seen->is_spoilt)
		return KNEE_SPOILT;
	/* Who is under way at the window's two ends is not missing. */
	if (missing > (1 - ANSWERED_SHARE) * due + 2 * seen->backlog.around)
		return KNEE_BAD_ANSWERS;
	if (seen->objective_ratio > 1)
		return KNEE_BAD_OBJECTIVE;
	if (growth > (1 - ANSWERED_SHARE) * due &&
	    seen->backlog.slope_per_s > seen->backlog.noise_per_s)
		return KNEE_BAD_BACKLOG;
	return KNEE_GOOD;
}

void knee_begin(struct knee *k, const struct knee_spec *spec)
{
	*k = (struct knee){.spec = *spec};
}

static uint64_t parts(const struct knee *k, double count)
{
	return (uint64_t)((double)k->spec.budget_ns / PARTS * count);
}

static uint64_t window(const struct knee *k, double count)
{
	const uint64_t wanted_ns = parts(k, count);
	return wanted_ns < WINDOW_LEAST_NS ? WINDOW_LEAST_NS : wanted_ns;
}

/* Rate of the probe: answers that were good. */
static double probe_rate(const struct knee *k)
{
	return k->probe.window_s > 0 ? (double)k->probe.answered / k->probe.window_s : 0;
}

/* What the last trial left in the server's queue, at the rate at which it works. */
static uint64_t pause_of(const struct knee *k)
{
	const uint64_t left = k->count ? k->trials[k->count - 1].seen.unanswered : 0;
	const double needed_ns = (double)left / probe_rate(k) * 1e9;
	if (needed_ns > (double)PAUSE_MOST_NS)
		return PAUSE_MOST_NS;
	return PAUSE_LEAST_NS + (uint64_t)needed_ns;
}

/* Four digits: what is printed is what was sent. */
static double rounded(double rate)
{
	const double unit = pow(10, floor(log10(rate)) - 3);
	return unit < 0.001 ? rate : round(rate / unit) * unit;
}

static bool is_known(const struct knee *k)
{
	size_t edges = 0;
	for (size_t i = 0; i < k->count; i++)
		edges += k->trials[i].step.kind == KNEE_EDGE && k->trials[i].verdict != KNEE_SPOILT;
	const double low = threshold_at(&k->threshold, INTERVAL_LOW);
	const double high = threshold_at(&k->threshold, INTERVAL_HIGH);
	return edges >= EDGES_LEAST && high / low < 1 + KNOWN_WIDTH;
}

/* The rate to try next; 0: there is none. */
static double next_rate(const struct knee *k, enum knee_kind *kind)
{
	const double top = k->ceiling > 0 ? k->ceiling : k->spec.rate_max;
	double rate;
	*kind = KNEE_RAMP;
	if (k->spoilt > 0) {
		*kind = k->step.kind;
		return k->step.rate; /* once more */
	}
	if (k->highest_good <= 0) {
		const double worst = k->lowest_bad > 0 ? k->lowest_bad : top;
		rate = fmin(RAMP_FIRST * probe_rate(k), worst / 2);
		return rate >= RAMP_LEAST * RAMP_FIRST * probe_rate(k) ? rate : 0;
	}
	if (k->lowest_bad <= 0) {
		if (k->highest_good * CEILING_NEAR >= top)
			return 0;
		rate = k->highest_good * RAMP_FACTOR;
		if (rate >= top)
			rate = k->ceiling > 0 ? sqrt(k->highest_good * top) : top;
		return rate;
	}
	*kind = KNEE_EDGE;
	rate = threshold_at(&k->threshold, 0.5);
	return is_known(k) || rate >= top ? 0 : rate;
}

bool knee_next(struct knee *k, uint64_t elapsed_ns, struct knee_step *step)
{
	struct knee_step next = {.duration_ns = window(k, PROBE_PARTS)};
	if (k->has_probe) {
		if (k->count == KNEE_TRIALS_MAX || probe_rate(k) <= 0)
			return false;
		const double rate = next_rate(k, &next.kind);
		if (rate <= 0)
			return false;
		const bool is_edge = next.kind == KNEE_EDGE;
		next.rate = rounded(rate);
		next.pause_ns = pause_of(k);
		next.warm_up_ns = parts(k, is_edge ? EDGE_WARM_PARTS : RAMP_WARM_PARTS);
		next.duration_ns = window(k, is_edge ? EDGE_PARTS : RAMP_PARTS);
	}
	k->step = next;
	*step = next;
	return elapsed_ns + step->pause_ns + step->warm_up_ns + step->duration_ns + TAIL_NS <=
	       k->spec.budget_ns;
}

void knee_take(struct knee *k, const struct knee_seen *seen)
{
	if (!k->has_probe) {
		k->has_probe = true;
		k->probe = *seen;
		if (probe_rate(k) > 0)
			threshold_begin(&k->threshold, probe_rate(k));
		return;
	}
	struct knee_trial *trial = &k->trials[k->count++];
	const double rate = k->step.rate;
	*trial = (struct knee_trial){k->step, *seen, knee_judge(seen)};
	if (trial->verdict == KNEE_SPOILT) {
		if (++k->spoilt == SPOILT_MAX) {
			k->ceiling = rate; /* each is below the one before */
			k->spoilt = 0;
		}
		return;
	}
	k->spoilt = 0;
	threshold_add(&k->threshold, rate, trial->verdict != KNEE_GOOD);
	if (trial->verdict == KNEE_GOOD && rate > k->highest_good)
		k->highest_good = rate;
	if (trial->verdict != KNEE_GOOD && (k->lowest_bad <= 0 || rate < k->lowest_bad))
		k->lowest_bad = rate;
}

static double far_from(const struct knee_trial *trial, double rate)
{
	return fabs(log(trial->step.rate / rate));
}

/* What broke most often around `rate`, shown by the trial nearest to it. */
static const struct knee_trial *limit_of(const struct knee *k, double rate)
{
	const struct knee_trial *nearest[KNEE_VERDICTS] = {0};
	size_t counts[KNEE_VERDICTS] = {0};
	const struct knee_trial *limit = NULL;
	for (size_t i = 0; i < k->count; i++) {
		const struct knee_trial *trial = &k->trials[i];
		const struct knee_trial **known = &nearest[trial->verdict];
		if (trial->verdict == KNEE_GOOD || trial->verdict == KNEE_SPOILT)
			continue;
		if (!*known || far_from(trial, rate) < far_from(*known, rate))
			*known = trial;
		counts[trial->verdict] += far_from(trial, rate) < LIMIT_NEAR;
	}
	for (size_t i = 0; i < KNEE_VERDICTS; i++) {
		if (!nearest[i])
			continue;
		const size_t most = limit ? counts[limit->verdict] : 0;
		if (!limit || counts[i] > most ||
		    (counts[i] == most && far_from(nearest[i], rate) < far_from(limit, rate)))
			limit = nearest[i];
	}
	return limit;
}

/* The last trial that showed the client's ceiling; NULL: none did. */
static const struct knee_trial *spoilt_of(const struct knee *k)
{
	for (size_t i = k->count; k->ceiling > 0 && i-- > 0;)
		if (k->trials[i].verdict == KNEE_SPOILT)
			return &k->trials[i];
	return NULL;
}

double knee_capacity(const struct knee *k)
{
	double most = probe_rate(k);
	for (size_t i = 0; i < k->count; i++) {
		const struct knee_seen *seen = &k->trials[i].seen;
		if (seen->window_s > 0)
			most = fmax(most, (double)seen->answered / seen->window_s);
	}
	return most;
}

void knee_answer(const struct knee *k, struct knee_answer *answer)
{
	*answer = (struct knee_answer){.found = KNEE_UNKNOWN};
	if (k->highest_good <= 0 && k->lowest_bad <= 0) {
		answer->limit = spoilt_of(k);
		return;
	}
	const double rate = threshold_at(&k->threshold, 0.5);
	if (k->highest_good <= 0) {
		answer->found = KNEE_NONE;
		answer->rate = k->lowest_bad;
		answer->limit = limit_of(k, k->lowest_bad);
	} else if (k->lowest_bad <= 0 || (k->ceiling > 0 && rate >= k->ceiling)) {
		answer->found = KNEE_AT_LEAST;
		answer->rate = k->highest_good;
		answer->limit = spoilt_of(k);
	} else {
		answer->found = KNEE_FOUND;
		answer->rate = rate;
		answer->low = threshold_at(&k->threshold, INTERVAL_LOW);
		answer->high = threshold_at(&k->threshold, INTERVAL_HIGH);
		answer->limit = limit_of(k, rate);
	}
}

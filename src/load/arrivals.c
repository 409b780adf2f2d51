#include "load/arrivals.h"

#include <math.h>

#include "base/clock.h"

__extension__ typedef unsigned __int128 u128;

#define UNIT_NS (ARRIVALS_RATE_UNIT * NS_PER_S) /* rates are arrivals in this time */

void arrivals_begin(struct arrivals *s, const struct arrivals_spec *spec, uint32_t thread,
		    uint32_t threads)
{
	*s = (struct arrivals){
		.spec = *spec, .thread = thread, .threads = threads, .number = thread};
	random_begin(&s->random, spec->seed + thread);
}

static bool is_ramp(const struct arrivals_spec *spec)
{
	return spec->rate != spec->rate_at_end;
}

/* Arrivals of a constant rate before `offset_ns`: the smallest i with i·UNIT/rate >= offset. */
static uint64_t arrivals_before(uint64_t rate, uint64_t offset_ns)
{
	return (uint64_t)(((u128)offset_ns * rate + UNIT_NS - 1) / UNIT_NS);
}

/* Where `position` arrivals (behind the warm-up) lie under the ramp's line: with a the first rate
 * and k its growth, a·t + k·t²/2 = position. This form of the root loses no digits where k is
 * small. False: the ramp falls to 0 before. */
static bool ramp_offset(const struct arrivals_spec *spec, double position, double *offset_ns)
{
	const double from = (double)spec->rate / (double)UNIT_NS;
	const double to = (double)spec->rate_at_end / (double)UNIT_NS;
	const double growth = (to - from) / (double)spec->duration_ns;
	const double under = from * from + 2 * growth * position;
	if (under < 0)
		return false;
	const double slope = from + sqrt(under);
	*offset_ns = slope > 0 ? 2 * position / slope : 0;
	return true;
}

/* Offset of an arrival that stands at a real position, or of a ramp's. */
static bool position_offset(const struct arrivals_spec *spec, double position, uint64_t *offset_ns)
{
	const double rate = (double)spec->rate / (double)UNIT_NS;
	const double warm_up = (double)spec->warm_up_ns * rate;
	double offset;
	if (!is_ramp(spec) || position < warm_up)
		offset = position / rate;
	else if (!ramp_offset(spec, position - warm_up, &offset))
		return false;
	else
		offset += (double)spec->warm_up_ns;
	if (offset >= (double)(spec->warm_up_ns + spec->duration_ns))
		return false;
	*offset_ns = (uint64_t)offset;
	return true;
}

/* Of the plan's count, this thread's part: the first threads take the rest. */
static uint64_t share_of_count(const struct arrivals *s)
{
	return s->spec.count / s->threads + (s->thread < s->spec.count % s->threads);
}

/* Mean 1: the gap between arrivals that know nothing of each other. 1 - u is never 0. */
static double exponential(struct random *r)
{
	return -log1p(-random_uniform(r));
}

static bool next_random(struct arrivals *s, uint64_t *offset_ns)
{
	if (s->spec.count && s->measured == share_of_count(s))
		return false;
	s->position += exponential(&s->random) * (double)s->threads;
	return position_offset(&s->spec, s->position, offset_ns);
}

static bool next_regular(struct arrivals *s, uint64_t *offset_ns)
{
	const struct arrivals_spec *spec = &s->spec;
	const uint64_t number = s->number;
	if (spec->count && number >= spec->count &&
	    number - spec->count >= arrivals_before(spec->rate, spec->warm_up_ns))
		return false;
	s->number += s->threads;
	if (is_ramp(spec))
		return position_offset(spec, (double)number, offset_ns);
	const u128 offset = (u128)number * UNIT_NS / spec->rate;
	if (offset >= spec->warm_up_ns + spec->duration_ns)
		return false;
	*offset_ns = (uint64_t)offset;
	return true;
}

bool arrivals_next(struct arrivals *s, uint64_t *offset_ns)
{
	const bool has = s->spec.poisson ? next_random(s, offset_ns) : next_regular(s, offset_ns);
	s->measured += has && *offset_ns >= s->spec.warm_up_ns;
	return has;
}

uint64_t arrivals_expected(const struct arrivals_spec *spec)
{
	uint64_t expected;
	if (is_ramp(spec))
		expected = (uint64_t)(((u128)spec->rate + spec->rate_at_end) * spec->duration_ns /
				      (2 * UNIT_NS));
	else
		expected = arrivals_before(spec->rate, spec->warm_up_ns + spec->duration_ns) -
			   arrivals_before(spec->rate, spec->warm_up_ns);
	return spec->count && spec->count < expected ? spec->count : expected;
}

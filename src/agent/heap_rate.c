#include "agent/heap_rate.h"

#include <stdbool.h>

#include "agent/heap_file.h"
#include "base/clock.h"

#define CALM_PART 250
#define GROWING_PART 100
#define GROWS_LEAST (256u << 10) /* bytes in a stretch */
#define OWN_NS 3500              /* of a sample, cold, before any was timed */
#define TIMED_LEAST 16
#define CALM_LIVE 4096u
#define GROWING_LIVE 8192u
#define ASKED_LIVE 16384u /* the table takes more (heap_live.h) */
#define SAMPLES_MOST 1800 /* a second: at HEAP_SAMPLES_A_SECOND the distance doubles */
#define NAMES_STAY 64u
#define NAMES_BACK 128u
#define NAMES_QUIET 112u /* below it, if none is new */

enum { RING = 2 * HEAP_RATE_STRETCH + 1 };

static uint64_t resident_ago(const struct heap_rate *rate, uint32_t looks)
{
	return rate->resident[(rate->looks - 1 - looks) % RING];
}

static bool grew(uint64_t before, uint64_t after)
{
	return before != UINT64_MAX && after != UINT64_MAX && after >= before + GROWS_LEAST;
}

/* In each of the two last stretches. */
static bool grows(const struct heap_rate *rate)
{
	return rate->looks >= RING &&
	       grew(resident_ago(rate, HEAP_RATE_STRETCH), resident_ago(rate, 0)) &&
	       grew(resident_ago(rate, 2 * HEAP_RATE_STRETCH),
		    resident_ago(rate, HEAP_RATE_STRETCH));
}

/* Of the last ones: the first see new stacks, which cost several times as much. */
static void note_own_time(struct heap_rate *rate, const struct heap_rate_look *now)
{
	const uint64_t timed = now->own_timed - rate->own_timed;

	if (now->own_timed < rate->own_timed || now->own_ns < rate->own_ns) {
		rate->own_mean_ns = 0;
	} else if (timed < TIMED_LEAST) {
		return;
	} else {
		rate->own_mean_ns = (now->own_ns - rate->own_ns) / timed + 1;
	}
	rate->own_ns = now->own_ns;
	rate->own_timed = now->own_timed;
}

/* Of a second. */
static uint64_t rate_of(uint64_t samples, uint64_t took_ns)
{
	return samples > UINT64_MAX / NS_PER_S ? UINT64_MAX / 2 : samples * NS_PER_S / took_ns;
}

static void keep(struct heap_rate *rate, const struct heap_rate_look *now)
{
	rate->at_ns = now->at_ns;
	rate->samples = now->samples;
	rate->doubled = now->doubled;
	rate->names_256 = now->names_256;
}

/* For the rare stacks that near samples will meet. Those of imports are many, and come once. */
static bool has_room(const struct heap_rate_look *now, uint32_t names_before)
{
	return now->names_256 < (now->asked ? NAMES_BACK : NAMES_STAY) ||
	       (now->names_256 < NAMES_QUIET && now->names_256 <= names_before);
}

/* At a `times`th of the distance. */
static bool is_cheap(const struct heap_rate *rate, const struct heap_rate_look *now,
		     uint64_t samples, uint32_t times)
{
	const bool is_worth_more = now->asked || grows(rate);
	const uint64_t part = is_worth_more ? GROWING_PART : CALM_PART;
	const uint64_t live = now->asked ? ASKED_LIVE : grows(rate) ? GROWING_LIVE : CALM_LIVE;
	const uint64_t own_ns = rate->own_mean_ns ? rate->own_mean_ns : OWN_NS;

	return times * samples <= NS_PER_S / part / own_ns && times * samples <= SAMPLES_MOST &&
	       times * now->live <= live;
}

/* At once, as far as it goes: a recording may be over soon. */
static uint32_t nearer(const struct heap_rate *rate, const struct heap_rate_look *now,
		       uint64_t samples)
{
	const uint32_t least = now->asked ? now->asked : HEAP_INTERVAL_MIN;
	uint32_t times = 1;

	while (now->interval / times / 2 >= least && is_cheap(rate, now, samples, times * 2))
		times *= 2;
	return now->interval / times;
}

uint32_t heap_rate_look(struct heap_rate *rate, const struct heap_rate_look *now)
{
	const bool is_first =
		rate->looks == 0 || now->at_ns <= rate->at_ns || now->samples < rate->samples;
	const uint32_t names_before = rate->names_256;
	uint64_t samples;

	rate->resident[rate->looks++ % RING] = now->resident_bytes;
	if (now->doubled != rate->doubled)
		rate->hold_until_ns =
			now->at_ns +
			(now->asked ? HEAP_RATE_HOLD_ASKED_S : HEAP_RATE_HOLD_S) * NS_PER_S;
	samples = is_first ? 0 : rate_of(now->samples - rate->samples, now->at_ns - rate->at_ns);
	keep(rate, now);
	note_own_time(rate, now);
	if (now->names_256 >= NAMES_BACK && now->names_256 > names_before &&
	    now->interval < HEAP_INTERVAL_DEFAULT && !now->asked)
		return now->interval * 2;
	if (is_first || now->at_ns < rate->hold_until_ns || !has_room(now, names_before))
		return now->interval;
	return nearer(rate, now, samples);
}

#include "base/schedule.h"

static void draw(struct schedule *s, uint64_t start_ns, uint64_t length_ns)
{
	s->start_ns = start_ns;
	s->length_ns = length_ns;
	s->due_ns = start_ns + (uint64_t)(random_uniform(&s->random) * (double)length_ns);
	s->is_drawn = true;
}

void schedule_begin(struct schedule *s, uint64_t seed, uint64_t now_ns, uint64_t period_ns)
{
	random_begin(&s->random, seed);
	s->period_ns = period_ns;
	draw(s, now_ns, period_ns);
}

/* A look may be taken until the next one is due: only then is it missed. */
struct schedule_look schedule_take(struct schedule *s, uint64_t now_ns)
{
	const uint64_t end_ns = s->start_ns + s->length_ns;
	struct schedule_look look = {.stands_for_ns = s->length_ns};
	s->is_drawn = false;
	if (now_ns < end_ns)
		return look;
	/* Of periods that are over, the looks were due whenever that was. */
	look.missed = (now_ns - end_ns) / s->period_ns;
	look.stands_for_ns += look.missed * s->period_ns;
	draw(s, end_ns + look.missed * s->period_ns, s->period_ns);
	if (s->due_ns <= now_ns) {
		look.missed++;
		look.stands_for_ns += s->period_ns;
		s->is_drawn = false;
	}
	return look;
}

void schedule_next(struct schedule *s, uint64_t times)
{
	if (!s->is_drawn)
		draw(s, s->start_ns + s->length_ns, times * s->period_ns);
}

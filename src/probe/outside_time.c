#include "probe/outside_time.h"

#include <time.h>

#include "base/clock.h"

enum {
	LOOKS = 64, /* questions between two looks at the clock */
	LATER_NS = 500000,
};

bool outside_time_is_late(struct outside_time *t)
{
	if (t->is_late || ++t->looks % LOOKS != 0)
		return t->is_late;
	t->is_late = clock_now_ns() >= t->limits->until_ns ||
		     (t->limits->is_enough && t->limits->is_enough(t->reader));
	return t->is_late;
}

void outside_time_forget(const struct outside_time *t, bool later)
{
	if (later)
		nanosleep(&(struct timespec){.tv_nsec = LATER_NS}, NULL);
	t->limits->forget(t->reader);
}

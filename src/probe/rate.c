#include "probe/rate.h"

#include <math.h>

#define STEP_UP 1.5 /* a second */

double rate_next(double hz, double asked_hz, double over)
{
	if (over > 1)
		return fmax(hz / over, fmin(RATE_SLOWEST_HZ, asked_hz));
	return fmin(hz * fmin(1 / over, STEP_UP), asked_hz);
}

/* How often to look, given what looking costs: pure.
 *
 * Down at once, to what the budget allows; up by steps, since the first second
 * of a target also pays for learning its code.
 */
#ifndef UNSLOW_PROBE_RATE_H
#define UNSLOW_PROBE_RATE_H

#define RATE_SLOWEST_HZ 5

/* The next second's rate, at most `asked_hz`. `over`: what this second cost as a part of its budget
 * (1: all of it). */
double rate_next(double hz, double asked_hz, double over);

#endif

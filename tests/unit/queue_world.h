/* A server made of arithmetic, for tests of the knee: `servers` workers in one queue, each request
 * costs a fixed time and some noise, arrivals are Poisson or evenly spaced. No clock, no sleep; a
 * seed repeats it. Trials may be disturbed: a stall that nobody announces, or a client that says
 * that it spoilt what it saw.
 */
#ifndef UNSLOW_TESTS_QUEUE_WORLD_H
#define UNSLOW_TESTS_QUEUE_WORLD_H

#include <stdbool.h>

#include "base/random.h"
#include "load/knee.h"

enum { QUEUE_SERVERS_MAX = 16 };

struct queue_world {
	int servers;
	double service_s; /* of a request */
	double jitter;    /* of it, standard deviation, exponential: 0.1 is a tenth */
	bool is_even;     /* arrivals */
	double limit_s;   /* the objective: quantile of response times below it */
	double quantile;
	double stall_share, stall_s; /* of the trials; each stands still for that once */
	double spoilt_share;         /* of the trials */
	double client_max;           /* rate from which on all trials are spoilt; 0: none */
	double error_from;           /* rate from which on a tenth of the answers fails; 0: none */
	double capacity_seen;        /* requests a second, as the knee has it */
	double elapsed_s;
	struct random random;
};

/* Runs a step and moves the time on. */
struct knee_seen queue_run(struct queue_world *world, const struct knee_step *step);
/* The highest rate with the objective met for ever, by a long run without disturbances. */
double queue_truth(const struct queue_world *world, double arrivals);

#endif

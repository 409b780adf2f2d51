/* The knee: the highest rate that a server keeps up with. What to try next, and what is known.
 *
 * A state machine without clock or I/O: knee_next() says which trial comes, the caller runs it and
 * hands what it saw to knee_take(), until there is no next one; knee_answer() is right at any
 * time. First a closed loop finds the most the server answers (the probe); then open-loop trials
 * go up from half of that by sqrt(2) until one is bad; then each goes to where the knee most
 * probably lies (threshold.h), so that no single trial decides, until it is known to 2 % or the
 * time is over. A trial that this client spoilt is repeated and not counted.
 *
 * A trial is good if at least 99 % of what was due is answered well, each term of the objective
 * holds and no backlog grows, all within noise. Rates are requests a second.
 */
#ifndef UNSLOW_LOAD_KNEE_H
#define UNSLOW_LOAD_KNEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/backlog.h"
#include "load/threshold.h"

enum { KNEE_TRIALS_MAX = 200 };

struct knee_spec {
	uint64_t budget_ns; /* for all, pauses included */
	double rate_max;    /* that may be tried */
};

enum knee_kind { KNEE_PROBE, KNEE_RAMP, KNEE_EDGE };

/* What to run next. */
struct knee_step {
	enum knee_kind kind;
	double rate;       /* 0: the probe's closed loop */
	uint64_t pause_ns; /* first: the server works off what the last trial left */
	uint64_t warm_up_ns, duration_ns;
};

/* What came of it. */
struct knee_seen {
	double window_s;
	uint64_t due;
	uint64_t answered;   /* well, in the window, whatever they were due */
	uint64_t failed;     /* of those due: no answer, or one with a status of 400 or more */
	uint64_t unanswered; /* sent, and still with the server at the end */
	uint64_t p50_ns, p99_ns;
	double objective_ratio;   /* the worst of its terms (slo_ratio); more than 1: broken */
	size_t objective_term;    /* that one … */
	uint64_t objective_value; /* … and what it measures (slo_value) */
	struct backlog_line backlog;
	bool is_spoilt; /* by this client: too busy or too late to judge */
	bool is_busy;   /* … too busy */
};

enum knee_verdict {
	KNEE_GOOD,
	KNEE_BAD_ANSWERS,   /* less than 99 % of what was due */
	KNEE_BAD_OBJECTIVE, /* a term is broken */
	KNEE_BAD_BACKLOG,   /* it grows */
	KNEE_SPOILT,
	KNEE_VERDICTS,
};

struct knee_trial {
	struct knee_step step;
	struct knee_seen seen;
	enum knee_verdict verdict;
};

struct knee {
	struct knee_spec spec;
	struct knee_step step; /* the one that is being run */
	struct knee_seen probe;
	bool has_probe;
	struct knee_trial trials[KNEE_TRIALS_MAX];
	size_t count;
	struct threshold threshold;      /* of the trials that count */
	double highest_good, lowest_bad; /* 0: none yet */
	double ceiling; /* from here on this client spoils what it measures; 0: none known */
	int spoilt;     /* trials in a row */
};

enum knee_found {
	KNEE_FOUND,    /* between low and high */
	KNEE_AT_LEAST, /* no trial was bad: rate is the highest tried */
	KNEE_NONE,     /* no trial was good: rate is the lowest tried */
	KNEE_UNKNOWN,  /* nothing was answered, or no trial counts */
};

struct knee_answer {
	enum knee_found found;
	double rate;
	double low, high; /* hold the knee with 90 % probability; only of KNEE_FOUND */
	/* The bad trial that says what limits, KNEE_SPOILT where it is this client; NULL: none. */
	const struct knee_trial *limit;
};

void knee_begin(struct knee *k, const struct knee_spec *spec);
/* `elapsed_ns` since the begin. False: it is over. */
bool knee_next(struct knee *k, uint64_t elapsed_ns, struct knee_step *step);
void knee_take(struct knee *k, const struct knee_seen *seen);
void knee_answer(const struct knee *k, struct knee_answer *answer);

/* The most the server was seen to answer, requests a second; 0: nothing yet. */
double knee_capacity(const struct knee *k);
/* One trial by itself. */
enum knee_verdict knee_judge(const struct knee_seen *seen);

#endif

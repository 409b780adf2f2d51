/* How near to one another may samples of the heap be? Pure.
 *
 * What samples cost is known: each times itself now and then. Where nobody asked for a distance of
 * his own they come nearer to one another, by halves, as long as twice as many would take no more
 * than CALM_PART of a processor's time, and the live ones little memory and reading: an app that
 * allocates slowly has its small leaks told all the same. While resident memory goes on growing,
 * from one stretch of seconds to the next, there is more to be told, and they may take
 * GROWING_PART. After there were too many (heap_thin.h) the distance stays for a time. The rare
 * stacks that near samples meet must leave room for those to come: from a quarter of it on the
 * distance stays while some are new (imports fill as much, and are over), from half of it on it
 * goes back while they are. A distance that somebody asked for and that was
 * doubled since (by imports, mostly) is come back to, and no nearer one: sooner, at once as far as
 * a whole second without a doubling says that it can be held, and for GROWING_PART.
 */
#ifndef UNSLOW_AGENT_HEAP_RATE_H
#define UNSLOW_AGENT_HEAP_RATE_H

#include <stdint.h>

#define HEAP_RATE_STRETCH 8      /* looks, of a second each */
#define HEAP_RATE_HOLD_S 30      /* after a doubling */
#define HEAP_RATE_HOLD_ASKED_S 1 /* likewise, of a distance that somebody asked for */

struct heap_rate_look {
	uint64_t at_ns;
	uint64_t samples;           /* taken so far */
	uint64_t own_ns, own_timed; /* so many of them timed themselves */
	uint64_t live;              /* samples */
	uint64_t resident_bytes;    /* UINT64_MAX: not known */
	uint32_t names_256;         /* of the room for stacks and sites so much is used */
	uint32_t interval, doubled; /* distance now; how often it was doubled so far */
	uint32_t asked;             /* the nearest; 0: nobody asked for one */
};

struct heap_rate {
	uint64_t resident[2 * HEAP_RATE_STRETCH + 1]; /* a ring */
	uint32_t looks;
	uint64_t at_ns, samples;                 /* at the last look */
	uint64_t own_ns, own_timed, own_mean_ns; /* of samples that were timed up to then; of the
						    last ones (0: too few) */
	uint32_t doubled, names_256;             /* likewise */
	uint64_t hold_until_ns;
};

/* A look a second. Returns the distance from now on. */
uint32_t heap_rate_look(struct heap_rate *rate, const struct heap_rate_look *now);

#endif

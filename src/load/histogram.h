/* Times counted by size: how many took how long, to three significant digits.
 *
 * Log-linear, with HdrHistogram's arithmetic for 3 digits: below 2048 ns each value has its own
 * bucket, above that each doubling of the value is cut into 1024 buckets, so that a bucket is never
 * wider than a thousandth of its values. 33 792 counters, 264 KiB, whatever is recorded; from 1 ns
 * to 1 h, and what is longer counts as 1 h and is said (histogram_clipped).
 *
 * Values are nanoseconds. One histogram belongs to one thread; histogram_merge makes one of many.
 */
#ifndef UNSLOW_LOAD_HISTOGRAM_H
#define UNSLOW_LOAD_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The shape, by HdrHistogram's names (its .hgrm files state them). */
enum {
	HISTOGRAM_SUB_BUCKETS = 2048, /* 2 * 10^3 values told apart, rounded up to a power of two */
	HISTOGRAM_BUCKETS = 32,       /* doublings: 2048 ns * 2^31 is more than 1 h */
};

#define HISTOGRAM_MAX_NS (UINT64_C(3600) * 1000 * 1000 * 1000)

struct histogram;

struct histogram *histogram_new(void);
void histogram_free(struct histogram *h); /* NULL is allowed */
void histogram_reset(struct histogram *h);

void histogram_record(struct histogram *h, uint64_t value_ns);
void histogram_record_many(struct histogram *h, uint64_t value_ns, uint64_t count);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The value that a share `quantile` (0 to 1) of all values does not exceed: the nearest rank's
 * bucket, by the highest value it stands for, but never more than the largest value seen. 0 if
 * nothing was recorded. */
uint64_t histogram_at(const struct histogram *h, double quantile);

uint64_t histogram_count(const struct histogram *h);
uint64_t histogram_clipped(const struct histogram *h); /* how many were longer than 1 h */
uint64_t histogram_min(const struct histogram *h);     /* exact; 0 if nothing was recorded */
uint64_t histogram_max(const struct histogram *h);     /* exact up to 1 h */
/* From the buckets' middles, as HdrHistogram has them: right to 0.05 %. 0 if nothing was recorded.
 */
double histogram_mean(const struct histogram *h);
double histogram_deviation(const struct histogram *h); /* of all values, not of a sample */

struct histogram_bucket {
	uint64_t low_ns;  /* the lowest value it stands for */
	uint64_t high_ns; /* the highest, included */
	uint64_t count;
};

/* Walk over the buckets that are not empty, from below: start with *cursor = 0; false at the end.
 * histogram_record_many(other, high_ns, count) for each makes the same buckets again. */
bool histogram_next(const struct histogram *h, size_t *cursor, struct histogram_bucket *bucket);

#endif

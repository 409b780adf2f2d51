#include "load/hgrm.h"

#include <inttypes.h>
#include <math.h>

#include "base/clock.h"

enum { TICKS_PER_HALVING = 5 };

static double ms_of(double ns)
{
	return ns / (double)NS_PER_MS;
}

/* The next row: a fifth of the way to the point that halves what is left above. Counted in percent,
 * as HdrHistogram does: these steps are exact in binary, those of shares (0.1) are not. */
static double next_percent(double percent)
{
	const double halvings = floor(log2(100 / (100 - percent))) + 1;
	return percent + 100 / (TICKS_PER_HALVING * exp2(halvings));
}

static void write_rows(FILE *out, const struct histogram *h)
{
	const uint64_t total = histogram_count(h);
	const uint64_t max_ns = histogram_max(h);
	double percent = 0;
	uint64_t seen = 0;
	struct histogram_bucket bucket;
	for (size_t cursor = 0; histogram_next(h, &cursor, &bucket);) {
		seen += bucket.count;
		const uint64_t value_ns = bucket.high_ns < max_ns ? bucket.high_ns : max_ns;
		while (100 * (double)seen / (double)total >= percent) {
			fprintf(out, "%12.3f %2.12f %10" PRIu64 " %14.2f\n",
				ms_of((double)value_ns), percent / 100, seen,
				100 / (100 - percent));
			percent = next_percent(percent);
			if (seen == total) /* more rows of the same; the one of 100 % follows */
				break;
		}
	}
	if (total)
		fprintf(out, "%12.3f %2.12f %10" PRIu64 "\n", ms_of((double)max_ns), 1.0, total);
}

void hgrm_write(FILE *out, const struct histogram *h)
{
	fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
		"1/(1-Percentile)");
	write_rows(out, h);
	fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", ms_of(histogram_mean(h)),
		ms_of(histogram_deviation(h)));
	fprintf(out, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n",
		ms_of((double)histogram_max(h)), histogram_count(h));
	fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n", HISTOGRAM_BUCKETS,
		HISTOGRAM_SUB_BUCKETS);
}

#include "load/backlog.h"

#include <math.h>

/* Of a random walk: (6/5) / (1/15) = 18 times the variance around the line is that of its rise. */
#define RISE_BY_AROUND 18.0

void backlog_add(struct backlog *b, uint64_t at_ns, uint64_t outstanding)
{
	if (b->count == BACKLOG_SAMPLES_MAX) {
		for (size_t i = 0; i < BACKLOG_SAMPLES_MAX / 2; i++)
			b->samples[i] = b->samples[2 * i];
		b->count /= 2;
	}
	b->samples[b->count].at_s = (double)at_ns / 1e9;
	b->samples[b->count++].outstanding = (double)outstanding;
}

struct backlog_line backlog_fit(const struct backlog *b)
{
	struct backlog_line line = {0};
	double mean_at = 0, mean = 0, square_at = 0, product = 0, left = 0;
	const double count = (double)b->count;
	if (b->count < 3)
		return line;
	for (size_t i = 0; i < b->count; i++) {
		mean_at += b->samples[i].at_s / count;
		mean += b->samples[i].outstanding / count;
	}
	for (size_t i = 0; i < b->count; i++) {
		const double at = b->samples[i].at_s - mean_at;
		square_at += at * at;
		product += at * (b->samples[i].outstanding - mean);
	}
	if (square_at <= 0)
		return line;
	line.slope_per_s = product / square_at;
	for (size_t i = 0; i < b->count; i++) {
		const double off = b->samples[i].outstanding - mean -
				   line.slope_per_s * (b->samples[i].at_s - mean_at);
		left += off * off;
	}
	const double span_s = b->samples[b->count - 1].at_s - b->samples[0].at_s;
	const double variance = left / (count - 2);
	line.noise_per_s = sqrt(RISE_BY_AROUND * variance) / span_s;
	line.around = sqrt(fmax(variance, mean));
	return line;
}

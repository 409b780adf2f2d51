/* A histogram as the text that HdrHistogram's plotters read (`.hgrm`).
 *
 * Columns "Value Percentile TotalCount 1/(1-Percentile)", five rows to each halving of what is left
 * above, then three lines of summary: HdrHistogram's outputPercentileDistribution, which wrk2
 * prints with --latency, too. Values are milliseconds.
 */
#ifndef UNSLOW_LOAD_HGRM_H
#define UNSLOW_LOAD_HGRM_H

#include <stdio.h>

#include "load/histogram.h"

/* Errors of writing stay in `out`: the caller asks ferror(). */
void hgrm_write(FILE *out, const struct histogram *h);

#endif

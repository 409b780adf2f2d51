/* The sampled heap on its way into the recording: heap_process, heap_site, heap_snapshot with
 * heap_live, heap_second, heap_unit_peak.
 *
 * The probe hands over what it has copied and checked (probe/heap_reader.h); ids are those of the
 * process. A site keeps the row that it got at first. Of a process so many snapshots are kept at
 * most: then every second one goes, and who takes them takes half as many from then on, so that a
 * recording of any length has between HEAP_SNAPSHOTS_MAX / 2 and as many of them, evenly. Seconds
 * are thinned likewise. Ceilings count what did not fit as losses of the process, which may have
 * half of what the others left of each.
 */
#ifndef UNSLOW_RECORDING_HEAP_H
#define UNSLOW_RECORDING_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/heap_file.h"
#include "recording/ingest.h"

#define HEAP_SNAPSHOTS_MAX 64u             /* of a process */
#define HEAP_SUMS_MAX 16384u               /* rows of a snapshot: some 50 bytes each, below 1 MiB */
#define HEAP_ROWS_MAX (1u << 20)           /* heap_live of a recording */
#define HEAP_SITE_ROWS_MAX (1u << 18)      /* heap_site of a recording */
#define HEAP_SECONDS_MAX 4096u             /* of a process */
#define HEAP_PEAKS_MAX 8192u               /* heap_unit_peak, of a process */
#define HEAP_BYTES_MAX (UINT64_C(1) << 50) /* what a process claims stays far from overflow */
#define HEAP_AGE_INHERITED 31u /* heap_live.age of what was made before the process was forked */
#define HEAP_NO_SITE UINT32_MAX

struct heap_facts {
	const struct heap_file *file; /* a copy; only what is before its seconds */
	uint32_t want;                /* enum heap_want, asked for last */
};

struct heap_site_sums {
	uint32_t index;  /* its number in the process */
	uint32_t serial; /* of the process in whose dictionary stack and native are; 0: its own */
	uint32_t stack, domain, native;
	uint64_t made_bytes, made_blocks_1k, short_bytes, peak_ns;
	uint64_t live_bytes, live_blocks_1k, peak_bytes; /* what was below 0 is 0 */
	uint32_t samples;
};

/* Live samples of one site, age and route. */
struct heap_sum {
	uint32_t site;  /* index; HEAP_NO_SITE: of several */
	uint32_t age;   /* as heap_live.age */
	uint32_t route; /* text of the recording */
	uint32_t samples, recycled;
	uint64_t bytes, blocks_1k;
	double variance; /* bytes² */
};

struct heap_moment {
	uint64_t at_ns, units, live_bytes, made_bytes;
	uint64_t folded;
	const struct heap_sum *sums;
	size_t count; /* HEAP_SUMS_MAX at most */
};

/* Each is nothing where the process is not known. */
void ingest_heap(struct ingest *in, uint32_t serial, const struct heap_facts *facts);
void ingest_heap_site(struct ingest *in, uint32_t serial, const struct heap_site_sums *site);
/* After the sites that it names. True: it was the one too many, and every second one before it has
 * gone; take half as many from now on. */
bool ingest_heap_moment(struct ingest *in, uint32_t serial, const struct heap_moment *moment);
void ingest_heap_second(struct ingest *in, uint32_t serial, const struct heap_second *second);
/* What a unit needed at most; `sites`: the process has no site with that index or a higher one.
 * Past HEAP_PEAKS_MAX every second one goes, as of seconds, but the largest of its route; those
 * that stay stand for more (heap_unit_peak.weight). */
void ingest_heap_peak(struct ingest *in, uint32_t serial, const struct heap_peak *peak,
		      uint32_t sites);
/* Text of the recording: the route of the unit that made it. 0: none, or not known (yet): units are
 * forgotten a while after they ended. */
uint32_t ingest_heap_route(struct ingest *in, uint32_t serial, const struct heap_live *live);
/* Row of heap_site of a site; 0: there is none (yet). */
uint32_t ingest_heap_site_row(struct ingest *in, uint32_t serial, uint32_t index);
/* The row that a site has, or will have once it is handed over; 0: there is no room. */
uint32_t ingest_heap_site_reserve(struct ingest *in, uint32_t serial, uint32_t index);
/* Snapshots, sites or files that who reads them left out. */
void ingest_heap_lost(struct ingest *in, uint32_t serial, uint64_t count);

/* For ingest.c: of a process; NULL is allowed. */
struct process_heap;
void process_heap_free(struct process_heap *heap);

#endif

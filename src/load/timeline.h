/* A run over time: rows of one second, with coarse latencies for the eye.
 *
 * A row holds the requests that were due in it, whenever their answers came: while a server stands
 * still, the users of that second are seen waiting. Only `completed` goes by the time of the
 * answer. When all rows are used, each two become one of twice the length, so that memory does
 * not grow with the length of the run.
 *
 * Latencies are counted in 16 classes an octave from 1 us on (a class is 4.4 % wide); exact ones
 * are the business of histogram.h. Offsets are nanoseconds from the start of the window.
 */
#ifndef UNSLOW_LOAD_TIMELINE_H
#define UNSLOW_LOAD_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TIMELINE_ROWS_MAX = 1200,
	TIMELINE_CLASSES_OCTAVE = 16,
	TIMELINE_OCTAVES = 32, /* 1.024 us to 73 minutes */
	TIMELINE_CLASSES = TIMELINE_CLASSES_OCTAVE * TIMELINE_OCTAVES,
};

struct timeline_row {
	uint32_t due;        /* requests due in this row */
	uint32_t completed;  /* answers that came in this row */
	uint32_t failed;     /* of those due: will have no answer */
	uint32_t errors;     /* of those due: failed, or answered with a status of 400 or more */
	uint64_t longest_ns; /* response time, ages included */
	uint32_t classes[TIMELINE_CLASSES];
};

struct timeline {
	struct timeline_row *rows;
	size_t count; /* rows up to the last that holds something */
	size_t capacity;
	uint64_t row_ns; /* 1 s at first */
};

void timeline_begin(struct timeline *t);
void timeline_free(struct timeline *t);
void timeline_due(struct timeline *t, uint64_t due_ns);
void timeline_response(struct timeline *t, uint64_t due_ns, uint64_t response_ns);
void timeline_error(struct timeline *t, uint64_t due_ns, bool is_answered);
void timeline_completed(struct timeline *t, uint64_t done_ns);
/* `from` is folded to the longer rows of the two. */
void timeline_merge(struct timeline *into, struct timeline *from);
/* For rows that are no times: a latency more; those of another row. */
void timeline_row_add(struct timeline_row *row, uint64_t response_ns);
void timeline_row_merge(struct timeline_row *into, const struct timeline_row *from);
/* Middle of the class below which `quantile` of the row's latencies lie, but never more than the
 * longest of them; 0 if it has none. */
uint64_t timeline_row_at(const struct timeline_row *row, double quantile);

#endif

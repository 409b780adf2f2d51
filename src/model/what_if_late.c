#include "model/what_if_late.h"

#include <stdlib.h>

#include "base/arena.h"

static int ascending(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static int by_arrival(const void *a, const void *b)
{
	return ascending(&((const struct what_if_unit *)a)->arrival_ns,
			 &((const struct what_if_unit *)b)->arrival_ns);
}

/* How many of the sorted times are no later. */
static size_t until(const double *times_ns, size_t count, double at_ns)
{
	size_t low = 0, high = count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (times_ns[middle] <= at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void what_if_late(struct what_if *w, double connections, double seen)
{
	double *sent_ns = mem_alloc((2 * w->count + 1) * sizeof *sent_ns);
	double *done_ns = sent_ns + w->count;
	for (size_t i = 0; i < w->count; i++) {
		const struct what_if_unit *u = &w->units[i];
		sent_ns[i] = u->arrival_ns;
		done_ns[i] = u->arrival_ns - u->late_ns + u->response_ns;
	}
	qsort(sent_ns, w->count, sizeof *sent_ns, ascending);
	qsort(done_ns, w->count, sizeof *done_ns, ascending);
	for (size_t i = 0; i < w->count; i++) {
		struct what_if_unit *u = &w->units[i];
		const double due_ns = u->arrival_ns - u->late_ns;
		const size_t sent = until(sent_ns, w->count, due_ns);
		const size_t done =
			until(done_ns, w->count, due_ns); /* hostile: more than were sent */
		const size_t open = sent > done ? sent - done : 0;
		if (u->late_ns > 0 && (double)open >= seen * connections) {
			u->arrival_ns = due_ns;
			u->late_ns = 0;
		}
	}
	qsort(w->units, w->count, sizeof *w->units, by_arrival);
	free(sent_ns);
}

#include "load/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"

enum { ROWS_AT_FIRST = 16, LOWEST_BITS = 10, CLASS_BITS = 4 };
_Static_assert(1 << CLASS_BITS == TIMELINE_CLASSES_OCTAVE, "classes an octave");

void timeline_begin(struct timeline *t)
{
	*t = (struct timeline){.row_ns = NS_PER_S, .capacity = ROWS_AT_FIRST};
	t->rows = mem_alloc(t->capacity * sizeof *t->rows);
}

void timeline_free(struct timeline *t)
{
	free(t->rows);
	*t = (struct timeline){0};
}

void timeline_row_merge(struct timeline_row *into, const struct timeline_row *from)
{
	into->due += from->due;
	into->completed += from->completed;
	into->failed += from->failed;
	into->errors += from->errors;
	if (from->longest_ns > into->longest_ns)
		into->longest_ns = from->longest_ns;
	for (int i = 0; i < TIMELINE_CLASSES; i++)
		into->classes[i] += from->classes[i];
}

/* Each two rows become one. */
static void fold(struct timeline *t)
{
	for (size_t i = 1; i < t->count; i++) {
		if (i % 2)
			timeline_row_merge(&t->rows[i - 1], &t->rows[i]);
		if (i % 2 == 0)
			t->rows[i / 2] = t->rows[i];
		else if (i > 1)
			t->rows[i / 2] = t->rows[i - 1];
	}
	const size_t kept = (t->count + 1) / 2;
	memset(t->rows + kept, 0, (t->count - kept) * sizeof *t->rows);
	t->count = kept;
	t->row_ns *= 2;
}

static struct timeline_row *row_at(struct timeline *t, uint64_t offset_ns)
{
	while (offset_ns / t->row_ns >= TIMELINE_ROWS_MAX)
		fold(t);
	const size_t row = (size_t)(offset_ns / t->row_ns);
	if (row >= t->capacity) {
		size_t capacity = t->capacity;
		while (capacity <= row)
			capacity *= 2;
		t->rows = mem_resize(t->rows, capacity * sizeof *t->rows);
		memset(t->rows + t->capacity, 0, (capacity - t->capacity) * sizeof *t->rows);
		t->capacity = capacity;
	}
	if (row >= t->count)
		t->count = row + 1;
	return &t->rows[row];
}

void timeline_due(struct timeline *t, uint64_t due_ns)
{
	row_at(t, due_ns)->due++;
}

void timeline_error(struct timeline *t, uint64_t due_ns, bool is_answered)
{
	struct timeline_row *row = row_at(t, due_ns);
	row->errors++;
	row->failed += !is_answered;
}

void timeline_completed(struct timeline *t, uint64_t done_ns)
{
	row_at(t, done_ns)->completed++;
}

static int class_of(uint64_t ns)
{
	const int octave = 63 - __builtin_clzll(ns | 1) - LOWEST_BITS;
	if (octave < 0)
		return 0;
	if (octave >= TIMELINE_OCTAVES)
		return TIMELINE_CLASSES - 1;
	const int in_octave =
		(int)(ns >> (octave + LOWEST_BITS - CLASS_BITS)) & (TIMELINE_CLASSES_OCTAVE - 1);
	return octave * TIMELINE_CLASSES_OCTAVE + in_octave;
}

static uint64_t class_middle(int class)
{
	const int octave = class / TIMELINE_CLASSES_OCTAVE;
	const uint64_t in_octave = (uint64_t) class % TIMELINE_CLASSES_OCTAVE;
	const uint64_t width = UINT64_C(1) << (octave + LOWEST_BITS - CLASS_BITS);
	return (TIMELINE_CLASSES_OCTAVE + in_octave) * width + width / 2;
}

void timeline_row_add(struct timeline_row *row, uint64_t response_ns)
{
	row->classes[class_of(response_ns)]++;
	if (response_ns > row->longest_ns)
		row->longest_ns = response_ns;
}

void timeline_response(struct timeline *t, uint64_t due_ns, uint64_t response_ns)
{
	timeline_row_add(row_at(t, due_ns), response_ns);
}

void timeline_merge(struct timeline *into, struct timeline *from)
{
	while (into->row_ns < from->row_ns)
		fold(into);
	while (from->row_ns < into->row_ns)
		fold(from);
	for (size_t i = 0; i < from->count; i++)
		timeline_row_merge(row_at(into, i * from->row_ns), &from->rows[i]);
}

uint64_t timeline_row_at(const struct timeline_row *row, double quantile)
{
	uint64_t total = 0, below = 0;
	for (int i = 0; i < TIMELINE_CLASSES; i++)
		total += row->classes[i];
	for (int i = 0; i < TIMELINE_CLASSES; i++) {
		below += row->classes[i];
		if (row->classes[i] && (double)below >= quantile * (double)total) {
			const uint64_t middle_ns = class_middle(i);
			return middle_ns < row->longest_ns ? middle_ns : row->longest_ns;
		}
	}
	return 0;
}

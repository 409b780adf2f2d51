/* What a reading verb prints: text for people, JSON for programs, one source. */
#ifndef UNSLOW_VIEW_VIEW_H
#define UNSLOW_VIEW_VIEW_H

#include <stdbool.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/err.h"
#include "model/diagnosis.h"
#include "model/heap.h"
#include "model/profile.h"

/* States of the ledger in words. */
extern const char *const view_state_labels[LEDGER_STATES];

/* `unslow why`: the answer as text (ux.md §1) or as unslow.findings/1. */
void view_why_text(const struct diagnosis *d, FILE *out, bool colour, int width);
void view_why_json(const struct diagnosis *d, FILE *out);

/* `unslow show NAME`: a row of the table of views (requests, io, sql, config …). */
struct view_options {
	bool json;
	bool colour;
	int width;
	int columns; /* of the terminal that a table goes to; 0: to none */
	long limit;  /* rows; 0: the view's default */
	bool slowest;
	bool counted_only;    /* funcs and lines as counted, or why they were not */
	bool sampled;         /* funcs and lines by samples where they were counted, too */
	const char *function; /* of `calls`: who calls it and what it calls; NULL: the tree */
	const char *request;  /* of `trace`: "2.17" or a trace's 32 digits; NULL: the slowest */
	struct profile_filter filter; /* of the views of samples */
	struct heap_filter heap;      /* of `memory`; its route and app_only are those of filter */
	bool by_type;                 /* of `memory`: by type of object, of walks of the heap */
	int memory_sort;              /* index into view_memory_sorts */
};
extern const char *const view_memory_sorts[]; /* "live" …, NULL */
/* "line" …, as enum heap_by has them, then "type", NULL. */
extern const char *const view_memory_by[];
enum { VIEW_MEMORY_BY_TYPE = HEAP_BY_ROUTE + 1 };
/* Whether there is such a view, and the options go with it; needs no recording. */
MUST_CHECK enum err_kind view_check(const char *name, const struct view_options *options,
				    struct err *e);
MUST_CHECK enum err_kind view_show(sqlite3 *db, const char *name, const struct view_options *asked,
				   FILE *out, struct err *e);
void view_list(FILE *out); /* names and one line each */

#endif

/* What a search for the knee prints: text for people, JSON (unslow.knee/1, README.md of this
 * folder) for programs. Nothing is computed here that is not in the run. Errors of writing stay in
 * `out`.
 */
#ifndef UNSLOW_LOAD_KNEE_REPORT_H
#define UNSLOW_LOAD_KNEE_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "load/knee_run.h"

struct knee_report {
	const char *target; /* the URL as the user wrote it */
	const struct knee_order *order;
	const struct knee_run *run;
};

void knee_report_text(const struct knee_report *report, FILE *out, bool colour, int width);
void knee_report_json(const struct knee_report *report, FILE *out);

#endif

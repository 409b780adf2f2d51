/* What a load prints: text for people, JSON for programs, CSV per second. Nothing is computed here
 * that is not in the result. Errors of writing stay in `out`: the caller asks ferror().
 */
#ifndef UNSLOW_LOAD_REPORT_H
#define UNSLOW_LOAD_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "load/run.h"
#include "load/verdict.h"

struct load_report {
	const char *target; /* the URL as the user wrote it */
	const struct load_plan *plan;
	const struct load_result *result;
	const struct load_verdicts *verdicts;
};

/* `width`: columns of the terminal. */
void load_report_text(const struct load_report *report, FILE *out, bool colour, int width);
/* Schema unslow.load/1 (README.md of this folder). */
void load_report_json(const struct load_report *report, FILE *out);
/* A header line, then a line a second of the window; times in milliseconds. */
void load_report_csv(const struct load_report *report, FILE *out);

/* "1,000/s constant for 10 s": what the plan wants, in words. */
#define LOAD_PLAN_TEXT_SIZE 260
const char *load_plan_text(const struct load_plan *plan, char *out);

#endif

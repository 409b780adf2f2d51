/* `unslow diff`: a comparison as text, or as unslow.diff/1 (docs/diff.schema.json). */
#ifndef UNSLOW_VIEW_DIFF_H
#define UNSLOW_VIEW_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "model/comparison.h"

void view_diff_text(const struct comparison *c, FILE *out, bool colour, int width);
void view_diff_json(const struct comparison *c, FILE *out);

/* The verdict in words, the same in both: "slower by 10.4 % (8.1 … 12.7)", "no difference found:
 * less than 3.2 %", "cannot tell: the noise floor is 14 %". */
#define DIFF_VERDICT_SIZE 160
const char *diff_verdict(const struct comparison_metric *metric, size_t pairs,
			 char text[DIFF_VERDICT_SIZE]);
/* The same for a state of the ledger, in milliseconds. */
const char *diff_state_verdict(const struct compare_row *row, size_t pairs,
			       char text[DIFF_VERDICT_SIZE]);

#endif

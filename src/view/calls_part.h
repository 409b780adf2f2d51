/* Counts that are of a part of the time (`--duty`) in words: whoever shows or exports them says so.
 */
#ifndef UNSLOW_VIEW_CALLS_PART_H
#define UNSLOW_VIEW_CALLS_PART_H

#include "base/json.h"
#include "base/str.h"
#include "model/calls_cost.h"

/* One sentence without a full stop; nothing where all was counted. `what`: calls or lines. */
void calls_part_text(struct str *text, const char *what, const struct calls_cost *cost);
/* The same as key "part" of an object that is open: null, or the share and the sentence. */
void calls_part_json(struct json *j, const char *what, const struct calls_cost *cost);

#endif

/* The code objects of a look's frames: known ones told by address and identity, new ones learnt.
 *
 * What is known, and room for what is not, are the look's (sampled_look.h). A code object never
 * changes while it lives, so it need not be read while a thread stands: `remote` is the process as
 * it may be read now.
 */
#ifndef UNSLOW_PROBE_LOOK_CODES_H
#define UNSLOW_PROBE_LOOK_CODES_H

#include "probe/sampled_look.h"

/* The frames of a thread that are shown, into the look's frames from t->first_frame on. New code
 * sets look->meets_new unless it may be learnt where it is met. ERR_INVALID: a frame that cannot
 * be. */
MUST_CHECK enum err_kind look_codes_keep(struct look *look, const struct remote *remote,
					 struct look_thread *t, struct remote_frame *frames,
					 size_t count, struct err *e);
/* Code objects of all links into look->code_memory, in one call, but for what lies across two
 * pages. */
void look_codes_fetch(struct look *look);
/* What was learnt in a look that did not hold may be wrong. */
void look_codes_forget(struct look *look);

#endif

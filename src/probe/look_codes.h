/* The code objects of a look's frames: known ones told by address and identity, new ones learnt.
 *
 * What is known, and room for what is not, are the look's (sampled_look.h). A code object never
 * changes while it lives. One with a number (3.12+) need not be read while a thread stands: that it
 * is the same before and after is enough. Of one without, another may have been made meanwhile of
 * which every pointer is the same, so its bytes must be those of the instant of the frames: they
 * are copied then and looked at later. `remote` is what may be read now: the process, or that copy.
 *
 * Nobody stands longer for it than look->stands_until_ns: newest frames first, and what is left of
 * a long line table, which is needed once, in later tries and looks. What that leaves out is cut
 * off the stack's old end where look->may_cut.
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
/* The id of one, learnt if it is not known, as above. */
MUST_CHECK enum err_kind look_codes_id(struct look *look, const struct remote *remote,
				       uintptr_t code, uint32_t *id, struct err *e);

void look_codes_open(struct look *look);
void look_codes_close(struct look *look);
/* What is read from here on is of another instant than what was before. */
void look_codes_begin(struct look *look);
/* While all stand: the code objects of all links, in one call if what was met before is still
 * there, as far as there is time and room. Then look_codes_copied() reads them. */
void look_codes_copy(struct look *look);
/* What was copied while all stood is learnt, whatever becomes of the look. */
void look_codes_learn_copied(struct look *look);
struct remote look_codes_copied(struct look *look);
/* When all run: those that have a number into look->code_memory, in one call, but for what lies
 * across two pages. */
void look_codes_fetch(struct look *look);
/* What was learnt in a look that did not hold may be wrong. */
void look_codes_forget(struct look *look);

#endif

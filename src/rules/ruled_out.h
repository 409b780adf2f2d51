/* What it is not: each cause that was looked at and is not there, with the
 * figure that says so. States of the ledger speak for causes without a rule. What may hide in time
 * that is awaited, and cannot be told from other awaiting, is neither found nor ruled out: not
 * known.
 */
#ifndef UNSLOW_RULES_RULED_OUT_H
#define UNSLOW_RULES_RULED_OUT_H

#include "model/ledger.h"
#include "rules/evaluate.h"

void ruled_out_list(const struct candidates *all, const struct ledger *ledger, struct arena *arena,
		    struct diagnosis *out);

#endif

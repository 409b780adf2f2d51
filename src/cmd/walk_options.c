#include "cmd/walk_options.h"

#include <string.h>

#include "base/clock.h"

enum { USUAL_S = 10, FIRST_S = 5, LONGEST_S = 600 };
/* A walk may take two seconds of a process that runs beside it. */
#define LEAST_NS NS_PER_S

enum err_kind walk_options_plan(const struct walk_values *values, bool beside_samples,
				struct walk_schedule *out, struct err *e)
{
	const size_t uses = values->every.count;
	const char *word = uses ? values->every.words[uses - 1] : NULL;
	struct err reason = {0};
	*out = (struct walk_schedule){0};
	if (!word) {
		out->doubles = beside_samples;
		out->distance_ns = beside_samples ? FIRST_S * NS_PER_S : 0;
		return ERR_OK;
	}
	if (!strcmp(word, "off"))
		return ERR_OK;
	out->distance_ns = USUAL_S * NS_PER_S;
	if (!*word)
		return ERR_OK;
	if (opt_read_duration(word, &out->distance_ns, &reason) != ERR_OK)
		return ERR(e, ERR_USAGE, "--walk: %s", reason.text);
	if (out->distance_ns < LEAST_NS)
		return ERR(e, ERR_USAGE, "--walk: not more often than once a second");
	return ERR_OK;
}

void walk_begin(struct walk_schedule *schedule, uint64_t now_ns)
{
	schedule->began_ns = schedule->asked_ns = now_ns;
}

bool walk_is_due(struct walk_schedule *schedule, uint64_t now_ns)
{
	const uint64_t gone_ns = now_ns - schedule->began_ns, longest_ns = LONGEST_S * NS_PER_S;
	if (!schedule->distance_ns || now_ns - schedule->asked_ns < schedule->distance_ns)
		return false;
	schedule->asked_ns = now_ns;
	if (schedule->doubles)
		schedule->distance_ns = gone_ns < longest_ns ? gone_ns : longest_ns;
	return true;
}

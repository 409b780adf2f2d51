#include "cmd/walk_options.h"

#include "base/clock.h"

enum { USUAL_S = 10 };
/* A walk may take two seconds of a process that runs beside it. */
#define LEAST_NS NS_PER_S

enum err_kind walk_options_every(const struct walk_values *values, uint64_t *every_ns,
				 struct err *e)
{
	const size_t uses = values->every.count;
	const char *word = uses ? values->every.words[uses - 1] : NULL;
	struct err reason = {0};
	*every_ns = 0;
	if (!word)
		return ERR_OK;
	*every_ns = USUAL_S * NS_PER_S;
	if (!*word)
		return ERR_OK;
	if (opt_read_duration(word, every_ns, &reason) != ERR_OK)
		return ERR(e, ERR_USAGE, "--walk: %s", reason.text);
	if (*every_ns < LEAST_NS)
		return ERR(e, ERR_USAGE, "--walk: not more often than once a second");
	return ERR_OK;
}

/* A recording in a format of other tools: a row of a table of callbacks.
 *
 * Nothing is owned here; a format writes to `out` and the caller closes it. All
 * text of a recording is escaped as the format asks for, and control characters
 * go: it came from a target, and is opened in terminals and browsers.
 */
#ifndef UNSLOW_EXPORT_EXPORT_H
#define UNSLOW_EXPORT_EXPORT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "model/diagnosis.h"
#include "model/profile.h"

struct export_source {
	sqlite3 *db;
	const struct diagnosis *diagnosis;   /* of a format that needs it, else NULL */
	const struct profile_filter *filter; /* of a format of samples */
};

struct export_format {
	const char *name;
	const char *help;  /* one line, no full stop */
	bool of_samples;   /* takes the filters of samples; without samples it is an error */
	bool needs_answer; /* the rules are run first */
	enum err_kind (*write)(const struct export_source *source, FILE *out, struct err *e);
};

extern const struct export_format export_formats[]; /* end: name NULL */
/* NULL: there is none of this name. */
const struct export_format *export_find(const char *name);
/* ERR_INVALID: the filters leave no samples; the text says why there are none. */
MUST_CHECK enum err_kind export_check_samples(const struct export_source *source, struct err *e);
/* What the recording was made of, for a title; "" if it is not known. */
MUST_CHECK enum err_kind export_command(sqlite3 *db, struct arena *arena, const char **out,
					struct err *e);

#endif

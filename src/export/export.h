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
	const struct profile_filter *filter; /* of a format of samples or calls */
};

struct export_format {
	const char *name;
	const char *help;  /* one line, no full stop */
	bool of_samples;   /* takes the filters of samples; without samples it is an error */
	bool needs_answer; /* the rules are run first */
	enum err_kind (*write)(const struct export_source *source, FILE *out, struct err *e);
	/* The same from counted calls, where there are any, with their filters; NULL: there is no
	 * such form. `write` may be NULL then: without calls it is an error. */
	enum err_kind (*write_counted)(const struct export_source *source, FILE *out,
				       struct err *e);
	bool takes_memory; /* of samples: of allocations, too (profile_filter.memory) */
	bool is_binary;    /* nothing for a terminal */
};

extern const struct export_format export_formats[]; /* end: name NULL */
/* NULL: there is none of this name. */
const struct export_format *export_find(const char *name);
/* The function that writes it of this recording, by samples if `sampled`, else by counted calls
 * where there are any. ERR_NOTHING: there is nothing for it; the text says why. */
typedef enum err_kind (*export_write)(const struct export_source *source, FILE *out, struct err *e);
MUST_CHECK enum err_kind export_choose(const struct export_format *format,
				       const struct export_source *source, bool sampled,
				       export_write *out, struct err *e);
/* The counted calls that the filters leave. ERR_NOTHING: none. */
struct calls_profile;
MUST_CHECK enum err_kind export_read_calls(const struct export_source *source, bool by_thread,
					   struct arena *arena, struct calls_profile *out,
					   struct err *e);
/* That what was counted is of a part of the time only, on stderr: of a format that has no room for
 * words, or few. */
MUST_CHECK enum err_kind export_warn_of_part(sqlite3 *db, struct err *e);
/* ERR_NOTHING, and why, where memory was not sampled. */
MUST_CHECK enum err_kind export_check_heap(sqlite3 *db, struct err *e);
/* What the recording was made of, for a title; "" if it is not known. */
MUST_CHECK enum err_kind export_command(sqlite3 *db, struct arena *arena, const char **out,
					struct err *e);

#endif

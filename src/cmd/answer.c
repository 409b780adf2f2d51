#include "cmd/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "model/routes.h"
#include "recording/live.h"
#include "recording/recording.h"
#include "rules/rules.h"

/* Wanted answers of tests hold whatever a run of the corpus makes of the levels
 * (src/rules/calibrate.h). */
#define UNCALIBRATED_ENV "UNSLOW_UNCALIBRATED"

enum err_kind answer_open(struct answer *answer, const char *path, struct err *e)
{
	*answer = (struct answer){0};
	if (!path)
		TRY(recording_find_last(answer->path, sizeof answer->path, e));
	else if (!str_copy(answer->path, sizeof answer->path, path))
		return ERR(e, ERR_RECORDING, "the name of the recording is too long");
	answer->is_live = recording_is_live(answer->path);
	TRY(recording_open(&answer->db, answer->path, e));
	/* all that is read is of one moment */
	if (answer->is_live && sqlite3_exec(answer->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return recording_error(answer->db, answer->path, e);
	return ERR_OK;
}

void answer_warn(const struct answer *answer)
{
	if (answer->is_live)
		log_warn("%s is still being written: this is what it has so far", answer->path);
}

/* What `unslow show` finds by itself need not be named. */
static bool is_last(const char *path)
{
	char last[PATH_MAX], one[PATH_MAX], other[PATH_MAX];
	struct err none = {0};
	return recording_find_last(last, sizeof last, &none) == ERR_OK && realpath(path, one) &&
	       realpath(last, other) && !strcmp(one, other);
}

enum err_kind answer_diagnose(struct answer *answer, const char *rules_dir, const char *route,
			      struct err *e)
{
	const char *uncalibrated = getenv(UNCALIBRATED_ENV);
	const char *recorded;
	TRY(routes_find(answer->db, route, &recorded, e));
	const struct rules_options options = {
		.route = recorded,
		.rules_dir = rules_dir,
		.uncalibrated = uncalibrated && *uncalibrated,
		.is_live = answer->is_live,
	};
	answer->arena = arena_new();
	TRY(rules_diagnose(answer->db, &options, answer->arena, &answer->diagnosis, e));
	if (!is_last(answer->path))
		answer->diagnosis.recording = answer->path;
	return ERR_OK;
}

void answer_close(struct answer *answer)
{
	sqlite3_close(answer->db);
	arena_free(answer->arena);
	answer->db = NULL;
	answer->arena = NULL;
}

#include "cmd/answer.h"

#include "base/str.h"
#include "recording/recording.h"
#include "rules/rules.h"

enum err_kind answer_open(struct answer *answer, const char *path, struct err *e)
{
	*answer = (struct answer){0};
	if (!path)
		TRY(recording_find_last(answer->path, sizeof answer->path, e));
	else if (!str_copy(answer->path, sizeof answer->path, path))
		return ERR(e, ERR_RECORDING, "the name of the recording is too long");
	return recording_open(&answer->db, answer->path, e);
}

enum err_kind answer_diagnose(struct answer *answer, const char *rules_dir, struct err *e)
{
	const struct rules_options options = {.rules_dir = rules_dir};
	answer->arena = arena_new();
	return rules_diagnose(answer->db, &options, answer->arena, &answer->diagnosis, e);
}

void answer_close(struct answer *answer)
{
	sqlite3_close(answer->db);
	arena_free(answer->arena);
	answer->db = NULL;
	answer->arena = NULL;
}

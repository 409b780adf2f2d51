/* What `unslow doctor` found, check by check: doctor.c looks at this machine, doctor_target.c at
 * one process.
 */
#ifndef UNSLOW_CMD_DOCTOR_H
#define UNSLOW_CMD_DOCTOR_H

#include "base/arena.h"
#include "base/vec.h"
#include "view/plan.h"

enum check_state { CHECK_OK, CHECK_NOTE, CHECK_FAILED };

struct check {
	const char *id;
	enum check_state state;
	const char *text;
	const char *fix; /* the one line that cures it; NULL */
};

struct doctor {
	struct arena *arena;
	VEC(struct check) checks;
	bool has_plan; /* what attach would do to the target */
	struct plan plan;
	int status; /* to exit with */
};

__attribute__((format(printf, 5, 6))) void doctor_say(struct doctor *doctor, const char *id,
						      enum check_state state, const char *fix,
						      const char *format, ...);

/* `word`: a process id, :PORT or a name. Sets the status of what failed. */
void doctor_check_target(struct doctor *doctor, const char *word);

#endif

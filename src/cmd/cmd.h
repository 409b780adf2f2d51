/* Verbs: one row in main.c's table, one file cmd/NAME.c with int cmd_NAME(). */
#ifndef UNSLOW_CMD_CMD_H
#define UNSLOW_CMD_CMD_H

#include <stdbool.h>

#include "base/err.h"
#include "base/opt.h"

struct verb {
	const char *name;
	const char *group;    /* heading in `unslow --help` */
	const char *operands; /* usage line after the options, e.g. "-- CMD…" */
	const char *summary;  /* one line, no full stop */
	const struct opt *options; /* table of the verb; common ones are added by main.c */
	const char *details;  /* paragraphs below the options; NULL */
	const char *examples; /* lines "command\n    what it does\n"; NULL */
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
};

extern const struct verb verbs[]; /* end: name NULL; sorted as help shows them */
const struct verb *verb_find(const char *name);

/* Print `unslow VERB: text` and what to do; returns the exit status of e->kind. */
int cmd_fail(const struct verb *verb, const struct err *e);

#endif

/* Verbs: one row in main.c's table, one file cmd/NAME.c with int cmd_NAME().
 *
 * A verb parses its words by cmd_parse() and returns the exit status; only this
 * folder turns errors into messages.
 */
#ifndef UNSLOW_CMD_CMD_H
#define UNSLOW_CMD_CMD_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/opt.h"

struct verb {
	const char *name;
	const char *group;         /* heading in `unslow --help` */
	const char *operands;      /* usage line after the options, e.g. "-- CMD…"; NULL */
	const char *summary;       /* one line, no full stop */
	const struct opt *options; /* table of the verb; common ones are added by cmd_parse */
	const char *details;       /* paragraphs below the options; NULL */
	const char *examples;      /* lines "command\n    what it does\n"; NULL */
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
	bool stop_at_operand;              /* words after the first operand belong to it */
};

extern const struct verb verbs[]; /* end: name NULL; sorted as help shows them */
extern const struct opt common_options[];
const struct verb *verb_find(const char *name);
/* The verb a slip of the pen may have meant, or NULL. */
const struct verb *verb_nearest(const char *name);

struct common_values {
	bool help;
	bool version;
	bool quiet;
	bool verbose;
};
/* Sets the level of talk; prints help or version. True when there is more to do. */
bool common_apply(const struct common_values *values, const struct verb *verb);

/* Parse the verb's and the common options. False: *status is what to exit with
 * (help was printed, or the words were wrong and that was said). */
bool cmd_parse(const struct verb *verb, int argc, char **argv, void *values,
	       struct opt_result *result, int *status);

/* Print `unslow VERB: text` and what to do; returns the exit status of e->kind. */
int cmd_fail(const struct verb *verb, const struct err *e);

/* A process id from the command line. ERR_USAGE if it is not one. */
MUST_CHECK enum err_kind cmd_read_pid(const char *word, int *pid, struct err *e);

/* Columns of the terminal behind `stream`; 0: there is none, or it does not say. */
int cmd_columns(FILE *stream);
/* The same for running text: 40 to 100; 100 where there is none. */
int cmd_width(FILE *stream);

int cmd_run(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_detach(int argc, char **argv);
int cmd_attach(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_time(int argc, char **argv);
extern const struct opt run_options[], why_options[], show_options[], export_options[],
	doctor_options[], detach_options[], dump_options[], attach_options[], diff_options[],
	load_options[], time_options[];

#endif

#include "cmd/cmd.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/log.h"
#include "cmd/help.h"

enum { WIDTH_MAX = 100, WIDTH_MIN = 40 };

#define FIELD(name) offsetof(struct common_values, name)

const struct opt common_options[] = {
	{OPT_FLAG, 'q', "quiet", NULL, "say nothing but errors and the answer", FIELD(quiet)},
	{OPT_FLAG, 'v', "verbose", NULL, "say more about what is being done", FIELD(verbose)},
	{OPT_FLAG, 'h', "help", NULL, "print this page", FIELD(help)},
	{OPT_FLAG, 0, "version", NULL, "print the version", FIELD(version)},
	{0},
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

const struct verb *verb_nearest(const char *name)
{
	const struct verb *nearest = NULL;
	size_t least = 3; /* further away it is another word, not a slip */
	for (const struct verb *verb = verbs; verb->name; verb++) {
		const size_t distance = opt_distance(name, verb->name);
		if (distance < least && distance < strlen(verb->name)) {
			least = distance;
			nearest = verb;
		}
	}
	return nearest;
}

bool common_apply(const struct common_values *values, const struct verb *verb)
{
	if (values->quiet)
		log_set_level(LOG_QUIET);
	else if (values->verbose)
		log_set_level(LOG_VERBOSE);
	if (values->help) {
		if (verb)
			help_verb(verb, stdout);
		else
			help_all(stdout);
		return false;
	}
	if (values->version) {
		puts("unslow " UNSLOW_VERSION);
		return false;
	}
	return true;
}

bool cmd_parse(const struct verb *verb, int argc, char **argv, void *values,
	       struct opt_result *result, int *status)
{
	struct common_values common = {0};
	const struct opt_set sets[] = {{verb->options, values}, {common_options, &common}, {0}};
	struct err e = {0};
	if (opt_parse(sets, argc, argv, verb->stop_at_operand, result, &e) != ERR_OK) {
		*status = cmd_fail(verb, &e);
		return false;
	}
	*status = 0;
	return common_apply(&common, verb);
}

int cmd_fail(const struct verb *verb, const struct err *e)
{
	log_progress_end();
	fprintf(stderr, "unslow %s: ", verb->name);
	log_text(stderr, e->text);
	if (e->kind == ERR_SYSTEM && e->os_errno)
		fprintf(stderr, ": %s", strerror(e->os_errno));
	fputc('\n', stderr);
	if (e->kind == ERR_USAGE)
		fprintf(stderr, "Try: unslow %s --help\n", verb->name);
	if (log_get_level() >= LOG_VERBOSE && e->file)
		fprintf(stderr, "(%s:%d)\n", e->file, e->line);
	return err_exit_status(e->kind);
}

enum err_kind cmd_read_pid(const char *word, int *pid, struct err *e)
{
	char *end = NULL;
	const long number = strtol(word, &end, 10);
	if (word[0] < '0' || word[0] > '9' || *end || number < 1 || number > INT_MAX)
		return ERR(e, ERR_USAGE,
			   "'%.40s' is not a process id; find it with: pgrep -af python", word);
	*pid = (int)number;
	return ERR_OK;
}

int cmd_columns(FILE *stream)
{
	struct winsize size;
	return ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int cmd_width(FILE *stream)
{
	const int columns = cmd_columns(stream);
	if (columns == 0 || columns > WIDTH_MAX)
		return WIDTH_MAX;
	return columns < WIDTH_MIN ? WIDTH_MIN : columns;
}

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "cmd/answer.h"
#include "cmd/cmd.h"
#include "cmd/sample_options.h"
#include "export/export.h"
#include "model/routes.h"

struct export_values {
	const char *output, *route, *thread;
	int state, clock;
	bool app, all, sampled;
	int memory;
};

#define FIELD(name) offsetof(struct export_values, name)

static const char *const clocks[] = {"wall", "cpu", NULL};

const struct opt export_options[] = {
	{OPT_STRING, 'o', "output", "FILE", "where to write; - is standard output, the default",
	 FIELD(output)},
	{OPT_CHOICE, 0, "clock", "CLOCK", "samples, calls: weigh by wall (the default) or cpu time",
	 FIELD(clock), clocks},
	SAMPLE_OPTIONS_WHICH,
	SAMPLE_OPTIONS_FRAMES,
	{OPT_FLAG, 0, "sampled", NULL, "speedscope: by samples where calls were counted, too",
	 FIELD(sampled)},
	{OPT_CHOICE, 0, "memory", "WHAT",
	 "collapsed, svg, speedscope: bytes by the stack that allocated them: live, peak, made, "
	 "temporary",
	 FIELD(memory), profile_memory_names},
	{0},
};

static enum err_kind write_to(export_write write, const struct export_source *source, int fd,
			      const char *path, struct err *e)
{
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out) {
		const enum err_kind kind = ERR(e, ERR_SYSTEM, "cannot write %s", path);
		if (fd >= 0)
			close(fd);
		return kind;
	}
	enum err_kind kind = write(source, out, e);
	const int failed = ferror(out);
	if ((fclose(out) != 0 || failed) && kind == ERR_OK)
		kind = ERR(e, ERR_SYSTEM, "cannot write %s", path);
	return kind;
}

/* Beside it first, so that what was there stays as it was if there is nothing to take its place.
 * `mode`: of the file that is there, or of a new one. */
static enum err_kind replace_file(export_write write, const struct export_source *source,
				  const char *path, mode_t mode, struct err *e)
{
	struct str beside;
	str_init(&beside, strlen(path) + 8);
	str_printf(&beside, "%s.XXXXXX", path);
	const int fd = mkostemp(beside.text, O_CLOEXEC);
	enum err_kind kind = fd >= 0 && fchmod(fd, mode) != 0
				     ? ERR(e, ERR_SYSTEM, "cannot write %s", path)
				     : ERR_OK;
	if (kind == ERR_OK)
		kind = write_to(write, source, fd, path, e);
	else
		close(fd);
	if (kind == ERR_OK && rename(beside.text, path) != 0)
		kind = ERR(e, ERR_SYSTEM, "cannot write %s", path);
	if (kind != ERR_OK && fd >= 0)
		unlink(beside.text);
	str_free(&beside);
	return kind;
}

static enum err_kind write_file(export_write write, const struct export_source *source,
				const char *path, struct err *e)
{
	struct stat there;
	if (!path || strcmp(path, "-") == 0)
		return write(source, stdout, e);
	if (stat(path, &there) != 0)
		return replace_file(write, source, path, 0600, e);
	if (!S_ISREG(there.st_mode)) /* a pipe, /dev/stdout */
		return write_to(write, source, open(path, O_WRONLY | O_CLOEXEC), path, e);
	char *real = realpath(path, NULL); /* a link goes on to lead there */
	const enum err_kind kind = real ? replace_file(write, source, real, there.st_mode & 0777, e)
					: ERR(e, ERR_SYSTEM, "cannot write %s", path);
	free(real);
	return kind;
}

/* "json, collapsed, …" into out. */
static void list_formats(struct str *out)
{
	for (const struct export_format *f = export_formats; f->name; f++)
		str_printf(out, "%s%s", out->length ? ", " : "", f->name);
}

/* NULL: *e says what is wrong with the words. */
static const struct export_format *choose(const struct opt_result *result,
					  const struct profile_filter *filter, bool sampled,
					  struct err *e)
{
	const bool is_filtered = filter->route || filter->thread || filter->state ||
				 filter->app_only || filter->all_time ||
				 filter->clock == PROFILE_CPU;
	const struct export_format *format =
		result->operand_count ? export_find(result->operands[0]) : NULL;
	struct str names;
	str_init(&names, 200);
	list_formats(&names);
	if (result->operand_count < 1 || result->operand_count > 2) {
		(void)ERR(e, ERR_USAGE, "takes a format (%s) and at most one recording",
			  names.text);
		format = NULL;
	} else if (!format && result->operand_count == 2 && export_find(result->operands[1])) {
		(void)ERR(e, ERR_USAGE, "the format comes first: unslow export %s %.200s",
			  result->operands[1], result->operands[0]);
	} else if (!format) {
		(void)ERR(e, ERR_USAGE, "there is no format '%.40s'; there are: %s",
			  result->operands[0], names.text);
	} else if (!format->of_samples && !format->write_counted && is_filtered) {
		(void)ERR(e, ERR_USAGE,
			  "filters and --clock go with formats of samples or calls, not with '%s'",
			  format->name);
		format = NULL;
	} else if (!format->of_samples && (filter->state || sampled)) {
		(void)ERR(e, ERR_USAGE, "%s goes with formats of samples, not with '%s'",
			  filter->state ? "--state" : "--sampled", format->name);
		format = NULL;
	} else if (filter->memory && !format->takes_memory) {
		(void)ERR(e, ERR_USAGE,
			  "--memory goes with collapsed, svg and speedscope, not with '%s'",
			  format->name);
		format = NULL;
	} else if (filter->memory && (filter->thread || filter->state || filter->all_time ||
				      (filter->route && filter->memory != PROFILE_LIVE))) {
		(void)ERR(e, ERR_USAGE,
			  "--memory has no threads, states or times; --route goes with live alone");
		format = NULL;
	}
	str_free(&names);
	return format;
}

static enum err_kind write_format(const struct export_format *format,
				  const struct profile_filter *filter, struct answer *answer,
				  const struct export_values *values, struct err *e)
{
	/* what is of samples alone asks for them */
	const bool sampled = values->sampled || filter->state;
	export_write write;
	struct export_source source = {.db = answer->db, .filter = filter};
	if (format->needs_answer) {
		TRY(answer_diagnose(answer, NULL, NULL, e));
		source.diagnosis = &answer->diagnosis;
	}
	TRY(export_choose(format, &source, sampled, &write, e));
	/* counted, all but where it is by samples */
	if (write == format->write_counted || (!format->of_samples && !format->needs_answer))
		TRY(export_warn_of_part(answer->db, e));
	return write_file(write, &source, values->output, e);
}

int cmd_export(int argc, char **argv)
{
	const struct verb *verb = verb_find("export");
	struct export_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	struct profile_filter filter = {
		.route = values.route,
		.thread = values.thread,
		.state = values.state,
		.app_only = values.app,
		.all_time = values.all,
		.clock = values.clock ? PROFILE_CPU : PROFILE_WALL,
		.memory = (enum profile_memory)values.memory,
	};
	const struct export_format *format = choose(&result, &filter, values.sampled, &e);
	struct answer answer = {0};
	if (format && format->is_binary && !values.output && isatty(STDOUT_FILENO)) {
		ERR(&e, ERR_USAGE,
		    "%s is nothing for a terminal: name a file with -o FILE, or pipe it",
		    format->name);
		format = NULL;
	}
	if (!format)
		return cmd_fail(verb, &e);
	enum err_kind kind = answer_open(&answer, result.operands[1], &e);
	if (kind == ERR_OK)
		answer_warn(&answer);
	if (kind == ERR_OK)
		kind = routes_find(answer.db, values.route, &filter.route, &e);
	if (kind == ERR_OK)
		kind = write_format(format, &filter, &answer, &values, &e);
	if (kind != ERR_OK)
		status = cmd_fail(verb, &e);
	else if (values.output && strcmp(values.output, "-") != 0)
		log_info("wrote %s", values.output);
	answer_close(&answer);
	return status;
}

#include "cmd/time_calls.h"

#include <ctype.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/calls_file.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "cmd/gate.h"
#include "cmd/recording_path.h"
#include "model/call_times.h"
#include "recording/recording.h"
#include "view/call_times.h"
#include "view/timing.h"

enum { METRIC_MEAN, METRIC_P50, METRIC_P90, METRIC_P99, METRIC_MAX, METRIC_CALLS, METRIC_RAISED };
static const struct gate_metric metrics[] = {
	[METRIC_MEAN] = {"mean", GATE_TIME},      [METRIC_P50] = {"p50", GATE_TIME},
	[METRIC_P90] = {"p90", GATE_TIME},        [METRIC_P99] = {"p99", GATE_TIME},
	[METRIC_MAX] = {"max", GATE_TIME},        [METRIC_CALLS] = {"calls", GATE_COUNT},
	[METRIC_RAISED] = {"raised", GATE_COUNT}, {0},
};
static const struct gate_language language = {
	metrics, "'p99>50ms' (mean, p50, p90, p99, max), 'calls>1000' or 'raised>1%'"};

/* A name with dots; `*` stands for any characters, <locals> is part of a qualified name. */
static size_t name_length(const char *word)
{
	size_t length = 0;
	while (isalnum((unsigned char)word[length]) ||
	       (word[length] && strchr("_.*<>", word[length])) ||
	       (unsigned char)word[length] >= 0x80)
		length++;
	return length;
}

bool time_calls_is_target(const char *word)
{
	const size_t module = name_length(word);
	if (module == 0 || word[module] != ':' || isdigit((unsigned char)word[0]))
		return false;
	const size_t function = name_length(word + module + 1);
	return function > 0 && word[module + 1 + function] == '\0';
}

static void add_pattern(const struct time_calls_job *job, struct str *pattern)
{
	for (int i = 0; i < job->target_count; i++)
		str_printf(pattern, "%s%s", i ? "," : "", job->targets[i]);
}

enum err_kind time_calls_check(const struct time_calls_job *job, struct err *e)
{
	const char *expression = job->fail_on;
	struct gate_term term;
	struct str pattern;
	for (int i = 0; i < job->target_count; i++)
		if (!time_calls_is_target(job->targets[i]))
			return ERR(e, ERR_USAGE,
				   "'%.80s' is not MODULE:FUNCTION, which is timed in the command "
				   "behind --; snippets stand all before -- or all behind it",
				   job->targets[i]);
	str_init(&pattern, CALLS_PATTERN_BYTES - 1);
	add_pattern(job, &pattern);
	const bool is_cut = pattern.cut;
	str_free(&pattern);
	if (is_cut)
		return ERR(e, ERR_USAGE,
			   "the functions' names are longer than %d bytes; name fewer",
			   CALLS_PATTERN_BYTES - 1);
	while (expression && *expression) {
		TRY(gate_parse(&language, &expression, &term, e));
		if (term.is_share && term.metric - metrics == METRIC_CALLS)
			return ERR(e, ERR_USAGE, "--fail-on: '%s' needs a number of calls",
				   term.text);
	}
	return ERR_OK;
}

static double value_of(const struct gate_term *term, const struct call_times_function *f)
{
	const struct calls_sums *sums = &f->function->sums;
	switch (term->metric - metrics) {
	case METRIC_MEAN:
		return call_times_mean_wall(f) / 1e6;
	case METRIC_P50:
		return f->wall.p50 / 1e6;
	case METRIC_P90:
		return f->wall.p90 / 1e6;
	case METRIC_P99:
		return f->wall.p99 / 1e6;
	case METRIC_MAX:
		return f->most / 1e6;
	case METRIC_CALLS:
		return sums->calls;
	}
	return sums->raised / (term->is_share ? sums->calls : 1);
}

static bool function_crosses(const struct gate_term *term, const struct call_times_function *f)
{
	const double value = value_of(term, f);
	char time[TIMING_FIGURE_SIZE];
	if (isnan(value)) {
		log_warn("--fail-on: '%s' was not judged for %.80s(), which is no pass: no call of "
			 "it "
			 "ended",
			 term->text, f->function->name);
		return true;
	}
	if (!gate_is_beyond(term, value))
		return false;
	if (term->metric->kind == GATE_TIME)
		log_warn("--fail-on: '%s' was crossed by %.80s(): it is %s", term->text,
			 f->function->name, timing_time(value * 1e6, time));
	else
		log_warn("--fail-on: '%s' was crossed by %.80s(): it is %.4g%s", term->text,
			 f->function->name, term->is_share ? value * 100 : value,
			 term->is_share ? " %" : "");
	return true;
}

/* Any function crosses it. One that was never called proves nothing, which is no pass. */
static bool is_gate_crossed(const char *expression, const struct call_times *times)
{
	bool crossed = false;
	if (!expression || !*expression)
		return false;
	if (times->count == 0) {
		log_warn("--fail-on: no call was seen: that is no pass");
		return true;
	}
	while (*expression) {
		struct gate_term term;
		if (gate_parse(&language, &expression, &term, NULL) != ERR_OK)
			continue;
		for (size_t i = 0; i < times->count; i++)
			crossed |= function_crosses(&term, &times->functions[i]);
	}
	return crossed;
}

static int run_command(const struct time_calls_job *job, const char *path)
{
	VEC(char *) words = {0};
	struct str calls, limit;
	str_init(&calls, CALLS_PATTERN_BYTES + sizeof "--calls=");
	str_init(&limit, 64);
	str_add(&calls, "--calls=");
	add_pattern(job, &calls);
	str_printf(&limit, "%" PRIu64 "ns", job->for_ns);
	*vec_push(&words) = "run";
	*vec_push(&words) = "--no-answer";
	*vec_push(&words) = calls.text;
	*vec_push(&words) = "-o";
	*vec_push(&words) = (char *)path;
	if (job->for_ns) {
		*vec_push(&words) = "-d";
		*vec_push(&words) = limit.text;
	}
	*vec_push(&words) = "--";
	for (int i = 0; i < job->command_count; i++)
		*vec_push(&words) = job->command[i];
	*vec_push(&words) = NULL;
	const int status = cmd_run((int)words.count - 1, words.items);
	vec_free(&words);
	str_free(&calls);
	str_free(&limit);
	return status;
}

static enum err_kind print(sqlite3 *db, const struct call_times *times, int json_fd, struct err *e)
{
	if (json_fd < 0) {
		fputc('\n', stderr);
		return view_call_times_text(db, times, stderr, log_colour_wanted(stderr),
					    cmd_width(stderr), e);
	}
	FILE *out = fdopen(json_fd, "w");
	if (!out)
		return ERR(e, ERR_SYSTEM, "cannot write to standard output");
	const enum err_kind kind = view_call_times_json(db, times, out, e);
	if (fclose(out) != 0 && kind == ERR_OK)
		return ERR(e, ERR_SYSTEM, "cannot write to standard output");
	return kind;
}

/* By its qualified name alone: a recording knows files, not modules. Below 3.11 a code object has
 * only the last part of it. */
static bool was_called(const char *target, const struct call_times *times)
{
	const char *wanted = strchr(target, ':') + 1, *last = strrchr(wanted, '.');
	for (size_t i = 0; i < times->count; i++) {
		const char *name = times->functions[i].function->name;
		if (fnmatch(wanted, name, 0) == 0 || (last && fnmatch(last + 1, name, 0) == 0))
			return true;
	}
	return false;
}

static void name_uncalled(const struct time_calls_job *job, const struct call_times *times)
{
	for (int i = 0; i < job->target_count; i++)
		if (!was_called(job->targets[i], times))
			log_warn("no call of %.80s was seen; the module's name is that which the "
				 "program imports, of the script that is run its file's",
				 job->targets[i]);
}

/* `json_fd`: -1 is text to stderr. */
static enum err_kind report(const struct time_calls_job *job, const char *path, int json_fd,
			    int *status, struct err *e)
{
	sqlite3 *db = NULL;
	struct arena *arena = arena_new();
	struct call_times times = {0};
	enum err_kind kind = recording_open(&db, path, e);
	if (kind == ERR_OK)
		kind = call_times_read(db, arena, &times, e);
	if (kind == ERR_OK && strcmp(times.engine, "none") == 0)
		kind = ERR(e, ERR_UNSUPPORTED, "no call was counted: %.300s",
			   times.reason ? times.reason : "no Python process was seen");
	if (kind == ERR_OK)
		kind = print(db, &times, json_fd, e);
	if (kind == ERR_OK)
		name_uncalled(job, &times);
	if (kind == ERR_OK && is_gate_crossed(job->fail_on, &times) && *status == 0)
		*status = 1;
	arena_free(arena);
	sqlite3_close(db);
	return kind;
}

enum err_kind time_calls(const struct time_calls_job *job, int *status, struct err *e)
{
	char path[PATH_MAX];
	TRY(recording_path_choose(path, job->output, job->command[0], e));
	/* What runs lets go of the command's streams. */
	const int json_fd = job->json ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
	/* what the command prints must not stand in the document */
	if (json_fd >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return ERR(e, ERR_SYSTEM, "cannot give the command another standard output");
	const bool was_there = access(path, F_OK) == 0; /* which `run` refuses */
	*status = run_command(job, path);
	if (was_there || access(path, R_OK) != 0)
		return ERR_OK; /* nothing was recorded; that was said */
	return report(job, path, json_fd, status, e);
}

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/time_calls.h"
#include "cmd/time_gate.h"
#include "timing/analyse.h"
#include "timing/interpreter.h"
#include "timing/measure.h"
#include "view/text.h"
#include "view/timing.h"

/* For each block that a round has, A's second one included. */
#define BUDGET_EACH_NS (2 * NS_PER_S)
#define SETUP_BYTES_MOST (1u << 20)

struct time_values {
	struct opt_list setup, setup_of;
	const char *python, *fail_on, *output;
	uint64_t for_ns;
	bool gc, json;
};

#define FIELD(name) offsetof(struct time_values, name)

const struct opt time_options[] = {
	{OPT_LIST, 's', "setup", "CODE",
	 "run before each block of runs, outside of its time; again: one line more", FIELD(setup)},
	{OPT_LIST, 0, "setup-of", "B=CODE", "the same, behind it, for one snippet alone",
	 FIELD(setup_of)},
	{OPT_STRING, 0, "python", "PATH", "of this Python, 3.8 or newer (default: python3 on PATH)",
	 FIELD(python)},
	{OPT_DURATION, 'd', "for", "DURATION",
	 "how long all of it takes (default: 2 s a snippet and 2 s for the noise); with a command: "
	 "stop it then, as Ctrl-C would",
	 FIELD(for_ns)},
	{OPT_FLAG, 0, "gc", NULL, "leave the garbage collector on", FIELD(gc)},
	{OPT_STRING, 'o', "output", "FILE", "with a command: the recording", FIELD(output)},
	{OPT_FLAG, 0, "json", NULL,
	 "print unslow.time/1, with a command unslow.time-calls/1; what that prints then goes to "
	 "standard error",
	 FIELD(json)},
	{OPT_STRING, 0, "fail-on", "EXPR",
	 "exit with 1 if EXPR holds: wall>50us, instructions>1200; or is sure, or cannot be "
	 "judged: wall>+5%; with a command p99>50ms, calls>1000, raised>1%",
	 FIELD(fail_on)},
	{0},
};

static atomic_bool stop;

/* The second Ctrl-C ends the program at once, should the first not do. */
static void on_signal(int number)
{
	atomic_store(&stop, true);
	signal(number, SIG_DFL);
}

static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct sigaction action = {.sa_handler = on_signal}, old;
		/* nohup and shells' background jobs ignore them, and so does what they start. */
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

static void show_progress(size_t process, size_t processes, size_t round)
{
	log_progress("process %zu of %zu: round %zu", process, processes, round);
}

/* The common lines, then those of snippet `row`. */
static enum err_kind make_setup(const struct time_values *values, size_t row, struct str *text)
{
	for (size_t i = 0; i < values->setup.count; i++)
		str_printf(text, "%s%s", text->length ? "\n" : "", values->setup.words[i]);
	for (size_t i = 0; i < values->setup_of.count; i++)
		if (values->setup_of.words[i][0] == (char)('A' + row))
			str_printf(text, "%s%s", text->length ? "\n" : "",
				   values->setup_of.words[i] + strlen("A="));
	return text->cut ? ERR_LIMIT : ERR_OK;
}

static enum err_kind check_setup_of(const struct time_values *values, size_t snippets,
				    struct err *e)
{
	for (size_t i = 0; i < values->setup_of.count; i++) {
		const char *word = values->setup_of.words[i];
		if (word[0] < 'A' || word[0] >= (char)('A' + snippets) || word[1] != '=')
			return ERR(e, ERR_USAGE,
				   "--setup-of: '%.40s' does not begin with a snippet's letter and "
				   "=: A= … %c=",
				   word, (int)('A' + snippets - 1));
	}
	return ERR_OK;
}

static enum err_kind check_snippet(const char *code, struct err *e)
{
	if (time_calls_is_target(code) && strncmp(code, "lambda:", strlen("lambda:")) != 0)
		return ERR(e, ERR_USAGE,
			   "MODULE:FUNCTION is timed in a program: unslow time %.80s -- python "
			   "app.py",
			   code);
	return ERR_OK;
}

static bool is_utf8(const char *text)
{
	size_t left = strlen(text);
	while (left) {
		const size_t length = utf8_length((const unsigned char *)text, left);
		if (!length)
			return false;
		text += length;
		left -= length;
	}
	return true;
}

static enum err_kind make_plan(const struct time_values *values, const struct opt_result *result,
			       struct arena *arena, struct timing_plan *plan, struct err *e)
{
	const size_t count = (size_t)result->operand_count;
	if (values->output)
		return ERR(e, ERR_USAGE, "-o goes with MODULE:FUNCTION -- CMD");
	if (count < 1 || count > TIMING_SNIPPETS_MOST)
		return ERR(e, ERR_USAGE,
			   "takes 1 to %d snippets, each as one word: unslow time 'sum(x)' "
			   "--setup 'x = range(9)'",
			   TIMING_SNIPPETS_MOST);
	for (size_t row = 0; row < count; row++)
		TRY(check_snippet(result->operands[row], e));
	TRY(check_setup_of(values, count, e));
	TRY(time_gate_check(values->fail_on, count, e));
	*plan = (struct timing_plan){
		.python = values->python,
		.count = count,
		.budget_ns = values->for_ns ? values->for_ns : BUDGET_EACH_NS * (count + 1),
		.seed = random_seed(),
		.collects = values->gc,
		.stop = &stop,
		.progress = show_progress,
	};
	for (size_t row = 0; row < count; row++) {
		struct str setup;
		str_init(&setup, SETUP_BYTES_MOST);
		const enum err_kind kind = make_setup(values, row, &setup);
		plan->snippets[row].code = result->operands[row];
		plan->snippets[row].setup = arena_string(arena, setup.text);
		str_free(&setup);
		if (kind != ERR_OK)
			return ERR(e, ERR_USAGE, "--setup is longer than 1 MiB: import it");
		if (!is_utf8(plan->snippets[row].code) || !is_utf8(plan->snippets[row].setup))
			return ERR(e, ERR_USAGE, "%c or its setup is not UTF-8", (int)('A' + row));
	}
	return ERR_OK;
}

/* Its lines, each without what a terminal would obey. */
static void print_said(struct str *said)
{
	char *save = NULL;
	log_progress_end();
	for (const char *line = strtok_r(said->text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		text_clean(stderr, line);
		fputc('\n', stderr);
	}
}

static enum err_kind time_and_report(const struct timing_plan *plan,
				     const struct time_values *values, struct arena *arena,
				     int *status, struct err *e)
{
	struct timing_data *data = arena_alloc(arena, sizeof *data);
	struct timing_result *result = arena_alloc(arena, sizeof *result);
	struct str said;
	str_init(&said, INTERPRETER_SAYS_MOST);
	catch_signals();
	const enum err_kind kind = timing_measure(plan, arena, data, &said, e);
	print_said(&said);
	str_free(&said);
	TRY(kind);
	timing_analyse(data, result);
	const struct timing_page page = {plan, data, result};
	if (values->json)
		view_timing_json(&page, stdout);
	else
		view_timing_text(&page, stdout, log_colour_wanted(stdout), cmd_width(stdout));
	fflush(stdout);
	if (time_gate_crossed(values->fail_on, result, plan->count))
		*status = 1;
	return ERR_OK;
}

static enum err_kind time_command(const struct time_values *values, const struct opt_result *result,
				  int *status, struct err *e)
{
	const struct time_calls_job job = {
		.targets = result->operands,
		.target_count = result->operands_before,
		.command = result->operands + result->operands_before,
		.command_count = result->operand_count - result->operands_before,
		.output = values->output,
		.fail_on = values->fail_on,
		.for_ns = values->for_ns,
		.json = values->json,
	};
	if (values->setup.count || values->setup_of.count || values->python || values->gc)
		return ERR(e, ERR_USAGE,
			   "--setup, --setup-of, --python and --gc go with snippets, not with a "
			   "command");
	TRY(time_calls_check(&job, e));
	return time_calls(&job, status, e);
}

static enum err_kind time_snippets(const struct time_values *values,
				   const struct opt_result *result, int *status, struct err *e)
{
	struct timing_plan plan;
	struct arena *arena = arena_new();
	enum err_kind kind = make_plan(values, result, arena, &plan, e);
	if (kind == ERR_OK)
		kind = time_and_report(&plan, values, arena, status, e);
	arena_free(arena);
	return kind;
}

int cmd_time(int argc, char **argv)
{
	const struct verb *verb = verb_find("time");
	struct time_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	/* Snippets may stand behind a -- alone: one may begin with a dash. */
	const bool has_command =
		result.operands_before > 0 && result.operand_count > result.operands_before;
	const enum err_kind kind = has_command ? time_command(&values, &result, &status, &e)
					       : time_snippets(&values, &result, &status, &e);
	return kind == ERR_OK ? status : cmd_fail(verb, &e);
}

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mask_line.h"
#include "base/random.h"
#include "base/str.h"
#include "cmd/blocks.h"
#include "cmd/cmd.h"
#include "cmd/diff_memory.h"
#include "cmd/fail_on.h"
#include "model/load_result.h"
#include "model/recorded.h"
#include "recording/recording.h"
#include "view/diff.h"

/* Of a quarter of a second each, 11 s in all: what they find is in docs/benchmarks.md. */
#define BLOCKS_DEFAULT 20

#define COMMAND_NAME_BYTES_MOST 4096

struct diff_values {
	bool json, commands;
	uint64_t blocks, for_ns;
	const char *fail_on;
	struct diff_memory_values of_memory;
};

#define FIELD(name) offsetof(struct diff_values, name)

const struct opt diff_options[] = {
	{OPT_FLAG, 0, "commands", NULL, "A and B are commands: run them in turns, A B B A …",
	 FIELD(commands)},
	{OPT_UINT, 0, "blocks", "N", "commands: run each N times (20; 8 at least for a verdict)",
	 FIELD(blocks)},
	{OPT_DURATION, 'd', "for", "TIME", "commands: all of them in TIME; compare what was done",
	 FIELD(for_ns)},
	{OPT_FLAG, 0, "json", NULL, "print unslow.diff/1", FIELD(json)},
	{OPT_STRING, 0, "fail-on", "EXPR",
	 "exit with 1 if EXPR is sure, or cannot be judged: p99>+5%, rate<-10%, errors>+1%",
	 FIELD(fail_on)},
	DIFF_MEMORY_OPTIONS,
	{0},
};

static bool is_recording(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char bytes[sizeof magic] = {0};
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t got = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
	if (fd >= 0)
		close(fd);
	return got == sizeof bytes && memcmp(bytes, magic, sizeof magic) == 0;
}

static enum err_kind read_file(const char *path, struct str *text, struct err *e)
{
	char bytes[65536];
	ssize_t got = -1;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		while ((got = read(fd, bytes, sizeof bytes)) > 0 && !text->cut)
			str_add_bytes(text, bytes, (size_t)got);
	const int failure = errno;
	if (fd >= 0)
		close(fd);
	if (got < 0)
		return ERR(e, ERR_RECORDING, "cannot read %.200s: %s", path, strerror(failure));
	if (text->cut)
		return ERR(e, ERR_RECORDING,
			   "%.200s is larger than 64 MiB: it is no result of `unslow load --json`",
			   path);
	return ERR_OK;
}

static enum err_kind compare_recordings(char **paths, struct arena *arena, struct comparison *c,
					struct err *e)
{
	sqlite3 *dbs[2] = {NULL, NULL};
	enum err_kind kind = ERR_OK;
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		kind = recording_open(&dbs[side], paths[side], e);
	if (kind == ERR_OK)
		kind = recordings_compare(dbs, arena, c, e);
	sqlite3_close(dbs[0]);
	sqlite3_close(dbs[1]);
	return kind;
}

static enum err_kind compare_loads(char **paths, struct arena *arena, struct comparison *c,
				   struct err *e)
{
	struct run *runs[2];
	size_t counts[2];
	for (int side = 0; side < 2; side++) {
		struct str text;
		str_init(&text, LOAD_RESULT_BYTES_MOST);
		enum err_kind kind = read_file(paths[side], &text, e);
		if (kind == ERR_OK)
			kind = load_results_read(text.text, text.length, paths[side], arena,
						 &runs[side], &counts[side], e);
		str_free(&text);
		TRY(kind);
	}
	runs_compare(runs, counts, false, arena, c);
	return ERR_OK;
}

/* A command as it is shown and stored, wherever it is. */
static const char *command_name(const char *command, struct arena *arena)
{
	struct str masked;
	str_init(&masked, COMMAND_NAME_BYTES_MOST);
	mask_line(command, &masked);
	const char *name = arena_string(arena, masked.text);
	str_free(&masked);
	return name;
}

static enum err_kind compare_files(char **paths, struct arena *arena, struct comparison *c,
				   struct err *e)
{
	bool are_recordings[2];
	for (int side = 0; side < 2; side++) {
		if (access(paths[side], R_OK) != 0) {
			const int failure = errno;
			const bool is_command = strpbrk(paths[side], " \t\n") != NULL;
			return ERR(e, ERR_RECORDING,
				   "cannot read %.200s: %s (commands are compared by --commands)",
				   is_command ? command_name(paths[side], arena) : paths[side],
				   strerror(failure));
		}
		are_recordings[side] =
			str_ends_with(paths[side], ".rec") || is_recording(paths[side]);
	}
	if (are_recordings[0] != are_recordings[1])
		return ERR(e, ERR_USAGE,
			   "'%.80s' is a recording and '%.80s' is none; give two recordings or two "
			   "results of `unslow load --json`",
			   paths[are_recordings[1]], paths[are_recordings[0]]);
	return are_recordings[0] ? compare_recordings(paths, arena, c, e)
				 : compare_loads(paths, arena, c, e);
}

static enum err_kind compare_commands(char **commands, const struct diff_values *values,
				      struct arena *arena, struct comparison *c, struct err *e)
{
	struct blocks blocks = {
		.commands = {commands[0], commands[1]},
		.names = {c->sides[0].name, c->sides[1].name},
		.wanted = values->blocks ? values->blocks : BLOCKS_DEFAULT,
		.seed = random_seed(),
		.for_ns = values->for_ns,
	};
	TRY(blocks_run(&blocks, arena, e));
	const char *why = blocks.interrupted ? "interrupted" : "--for is over";
	if (!blocks.done)
		return ERR(e, ERR_LIMIT, "%s before A and B had both run once: nothing to compare",
			   why);
	if (blocks.done < blocks.wanted)
		comparison_warn(c, arena, "%s: %zu of %zu blocks were done", why, blocks.done,
				blocks.wanted);
	runs_compare(blocks.runs, (const size_t[]){blocks.done, blocks.done}, true, arena, c);
	return ERR_OK;
}

/* Two moments of one recording. */
static bool is_of_one(const struct diff_values *values, const struct opt_result *result)
{
	return values->of_memory.memory && values->of_memory.at_ns && result->operand_count == 1;
}

static enum err_kind check_words(const struct diff_values *values, const struct opt_result *result,
				 struct err *e)
{
	if (values->of_memory.memory && result->operand_count == 1 && !values->of_memory.at_ns)
		return ERR(e, ERR_USAGE,
			   "--memory takes two recordings, or one and a moment of it: unslow diff "
			   "%.200s --memory --at 30s",
			   result->operands[0]);
	if (result->operand_count != 2 && !is_of_one(values, result))
		return ERR(
			e, ERR_USAGE,
			values->commands
				? "takes two commands, each as one word: unslow diff --commands "
				  "'CMD A' 'CMD B'"
				: "takes two: load results, or recordings; or --commands 'CMD A' "
				  "'CMD B'");
	if (!values->commands && (values->blocks || values->for_ns))
		return ERR(e, ERR_USAGE, "--blocks and --for go with --commands");
	if (diff_memory_asked(&values->of_memory) && (values->commands || values->fail_on))
		return ERR(e, ERR_USAGE, "--memory goes with two recordings, without %s",
			   values->commands ? "--commands" : "--fail-on");
	if (values->blocks > COMPARE_PAIRS_MOST)
		return ERR(e, ERR_USAGE, "--blocks is at most %d", COMPARE_PAIRS_MOST);
	return fail_on_check_change(values->fail_on, e);
}

int cmd_diff(int argc, char **argv)
{
	const struct verb *verb = verb_find("diff");
	struct diff_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	enum err_kind kind = check_words(&values, &result, &e);
	if (kind == ERR_OK && diff_memory_asked(&values.of_memory)) {
		char *const paths[] = {result.operands[0],
				       result.operands[is_of_one(&values, &result) ? 0 : 1]};
		return diff_memory(paths, &values.of_memory, values.json, &e) == ERR_OK
			       ? 0
			       : cmd_fail(verb, &e);
	}
	struct arena *arena = arena_new();
	struct comparison comparison = {0};
	for (int side = 0; side < 2 && kind == ERR_OK; side++)
		comparison.sides[side].name = values.commands
						      ? command_name(result.operands[side], arena)
						      : result.operands[side];
	if (kind == ERR_OK)
		kind = values.commands
			       ? compare_commands(result.operands, &values, arena, &comparison, &e)
			       : compare_files(result.operands, arena, &comparison, &e);
	if (kind == ERR_OK && values.json)
		view_diff_json(&comparison, stdout);
	else if (kind == ERR_OK)
		view_diff_text(&comparison, stdout, log_colour_wanted(stdout), cmd_width(stdout));
	if (kind != ERR_OK)
		status = cmd_fail(verb, &e);
	else if (fail_on_change_crossed(values.fail_on, &comparison))
		status = 1;
	arena_free(arena);
	return status;
}

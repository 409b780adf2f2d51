#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/str.h"
#include "cmd/answer.h"
#include "cmd/cmd.h"
#include "cmd/sample_options.h"
#include "view/view.h"

struct show_values {
	bool json;
	uint64_t slowest;
	uint64_t limit;
	const char *request, *route, *thread;
	int state, clock;
	bool app, all, sampled;
	const char *function;
	uint64_t at_ns;
	int by, sort, memory;
};

#define FIELD(name) offsetof(struct show_values, name)

const struct opt show_options[] = {
	{OPT_FLAG, 0, "json", NULL, "print columns and rows as JSON", FIELD(json)},
	{OPT_UINT, 'n', "rows", "N", "at most N rows", FIELD(limit)},
	{OPT_UINT, 0, "slowest", "N",
	 "requests, gc: the N slowest single ones, not the sums by route", FIELD(slowest)},
	{OPT_STRING, 0, "request", "ID",
	 "trace: this request, as --slowest names it, or of this trace; else the slowest",
	 FIELD(request)},
	SAMPLE_OPTIONS_WHICH,
	{OPT_CHOICE, 0, "clock", "CLOCK",
	 "samples: shares of wall or cpu time; auto is wall in units of work, else cpu",
	 FIELD(clock), profile_clock_names},
	SAMPLE_OPTIONS_FRAMES,
	{OPT_STRING, 0, "function", "NAME",
	 "calls: who calls this function and what it calls, not the tree", FIELD(function)},
	{OPT_DURATION, 0, "at", "TIME", "memory: as it was so long after the start (30s, 5m)",
	 FIELD(at_ns)},
	{OPT_CHOICE, 0, "by", "WHAT",
	 "memory: by line, file, traceback or route; by type at a walk of the heap", FIELD(by),
	 view_memory_by},
	{OPT_CHOICE, 0, "sort", "COLUMN", "memory: by live, growth, made, temporary or peak",
	 FIELD(sort), view_memory_sorts},
	{OPT_CHOICE, 0, "memory", "WHAT",
	 "flame: bytes by the stack that allocated them: live, peak, made, temporary",
	 FIELD(memory), profile_memory_names},
	{OPT_FLAG, 0, "sampled", NULL, "funcs, lines: by samples where they were counted, too",
	 FIELD(sampled)},
	{0},
};

int cmd_show(int argc, char **argv)
{
	const struct verb *verb = verb_find("show");
	struct show_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	if (result.operand_count == 0) {
		view_list(stdout);
		return 0;
	}
	struct answer answer = {0};
	const uint64_t limit = values.limit ? values.limit : values.slowest;
	const bool by_type = values.by == VIEW_MEMORY_BY_TYPE;
	const struct view_options options = {
		.json = values.json,
		.colour = log_colour_wanted(stdout),
		.width = cmd_width(stdout),
		.columns = cmd_columns(stdout),
		.limit = limit < LONG_MAX ? (long)limit : LONG_MAX,
		.slowest = values.slowest != 0,
		.request = values.request,
		.sampled = values.sampled,
		.function = values.function,
		.filter =
			{
				.route = values.route,
				.thread = values.thread,
				.state = values.state,
				.app_only = values.app,
				.all_time = values.all,
				.clock = (enum profile_clock)values.clock,
				.memory = (enum profile_memory)values.memory,
			},
		.heap = {.by = by_type ? HEAP_BY_LINE : (enum heap_by)values.by,
			 .at_ns = values.at_ns},
		.by_type = by_type,
		.memory_sort = values.sort,
	};
	enum err_kind kind = ERR_OK;
	if (result.operand_count > 2)
		kind = ERR(&e, ERR_USAGE,
			   "takes one view and one recording; '%.60s' is one too many",
			   result.operands[2]);
	if (kind == ERR_OK && str_ends_with(result.operands[0], ".rec") &&
	    result.operand_count == 2)
		kind = ERR(&e, ERR_USAGE, "the view comes first: unslow show %.60s %.200s",
			   result.operands[1], result.operands[0]);
	if (kind == ERR_OK && str_ends_with(result.operands[0], ".rec"))
		kind = ERR(&e, ERR_USAGE,
			   "view missing: unslow show VIEW %s (bare `unslow show` lists the views)",
			   result.operands[0]);
	if (kind == ERR_OK)
		kind = view_check(result.operands[0], &options, &e);
	if (kind == ERR_OK)
		kind = answer_open(&answer, result.operands[1], &e);
	if (kind == ERR_OK)
		answer_warn(&answer);
	if (kind == ERR_OK)
		kind = view_show(answer.db, result.operands[0], &options, stdout, &e);
	if (kind != ERR_OK)
		status = cmd_fail(verb, &e);
	answer_close(&answer);
	return status;
}

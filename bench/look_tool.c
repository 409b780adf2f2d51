/* Looks at a running Python as `unslow attach` does, at a rate that it keeps, past all budgets, for
 * sampler-truth.
 *
 *     look-tool PID RATE_HZ SECONDS [prefix]
 *
 * Prints, tab separated: "code ID LINE NAME FILE", then "stack TICKS SHORT STATE ID:OFFSET …"
 * (newest first), then "ticks SCHEDULED VERIFIED CAUGHT TORN LATE", "stops COUNT P99_NS LONGEST_NS
 * SUM_NS" and "first NS", from the start to the first look that held.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/channel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/schedule.h"
#include "probe/sampled_look.h"

struct sum {
	uint64_t ticks;
	bool is_short;
	enum look_thread_mark mark;
	size_t first, count;
};

struct tool {
	VEC(struct look_frame) frames;
	VEC(struct sum) sums;
	struct map by_hash;
	uint64_t ticks[TICK_FATES];
	uint64_t first_ns;
	size_t sum_of[REMOTE_THREADS_MAX]; /* of a look's threads, by place; from 1 */
};

static size_t sum_of(struct tool *tool, const struct look *look, const struct look_thread *t)
{
	const struct look_frame *frames = &look->frames.items[t->first_frame];
	bool is_new;
	const uint64_t hash = hash_bytes(frames, t->frame_count * sizeof *frames) ^
			      (uint64_t)t->mark << 1 ^ t->is_short;
	uint64_t *place = map_put(&tool->by_hash, hash, &is_new);
	if (is_new) {
		*place = tool->sums.count;
		*vec_push(&tool->sums) =
			(struct sum){0, t->is_short, t->mark, tool->frames.count, t->frame_count};
		for (size_t i = 0; i < t->frame_count; i++)
			*vec_push(&tool->frames) = frames[i];
	}
	return *place + 1;
}

static void take(struct tool *tool, const struct look *look)
{
	for (size_t i = 0; i < look->new_codes.count; i++) {
		const struct look_code *c = &look->new_codes.items[i];
		printf("code\t%u\t%d\t%s\t%s\n", c->id, c->code.first_line, c->code.name,
		       c->code.file);
	}
	for (size_t i = 0; i < look->threads.count && i < REMOTE_THREADS_MAX; i++) {
		const struct look_thread *t = &look->threads.items[i];
		if (!t->is_listed)
			continue;
		if (t->mark != LOOK_SAME)
			tool->sum_of[i] = t->frame_count ? sum_of(tool, look, t) : 0;
		if (tool->sum_of[i])
			tool->sums.items[tool->sum_of[i] - 1].ticks++;
	}
}

static void look_for(struct tool *tool, struct look *look, uint64_t period_ns, uint64_t end_ns)
{
	struct schedule ticks;
	schedule_begin(&ticks, random_seed(), clock_now_ns(), period_ns);
	for (uint64_t now_ns; (now_ns = clock_now_ns()) < end_ns;) {
		if (now_ns < ticks.due_ns) {
			const uint64_t wait_ns = ticks.due_ns - now_ns;
			nanosleep(&(struct timespec){.tv_nsec = (long)(wait_ns % NS_PER_S)}, NULL);
			continue;
		}
		const uint64_t missed = schedule_take(&ticks, now_ns).missed;
		schedule_next(&ticks, 1);
		tool->ticks[TICK_SCHEDULED] += missed + 1;
		tool->ticks[TICK_LATE] += missed;
		const enum err_kind kind = look_take(look, NULL);
		if (kind == ERR_OK) {
			take(tool, look);
			if (!tool->first_ns)
				tool->first_ns = clock_now_ns();
		}
		tool->ticks[kind != ERR_OK   ? TICK_TORN
			    : look->is_whole ? TICK_VERIFIED
					     : TICK_CAUGHT]++;
		if (kind != ERR_OK && look->process->memory.failed_errno == ESRCH)
			return;
	}
}

static void print(const struct tool *tool, const struct freeze *freeze, uint64_t start_ns)
{
	static const char *const marks[] = {"gone", "same", "blocked", "runs", "frozen"};
	for (size_t i = 0; i < tool->sums.count; i++) {
		const struct sum *sum = &tool->sums.items[i];
		printf("stack\t%" PRIu64 "\t%d\t%s\t", sum->ticks, sum->is_short, marks[sum->mark]);
		for (size_t k = 0; k < sum->count; k++)
			printf("%u:%u ", tool->frames.items[sum->first + k].code,
			       tool->frames.items[sum->first + k].instr_offset);
		putchar('\n');
	}
	printf("ticks");
	for (int fate = 0; fate < TICK_FATES; fate++)
		printf("\t%" PRIu64, tool->ticks[fate]);
	printf("\nstops\t%u\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", freeze->stops,
	       freeze_length_ns(freeze, 0.99), freeze->longest_ns, freeze->stopped_ns);
	printf("first\t%" PRIu64 "\n", tool->first_ns ? tool->first_ns - start_ns : 0);
}

int main(int argc, char **argv)
{
	static struct tool tool;
	struct python_process process;
	struct still still;
	struct look look;
	struct err e = {0};
	if (argc < 4) {
		fputs("usage: look-tool PID RATE_HZ SECONDS [prefix]\n", stderr);
		return 2;
	}
	const uint64_t start_ns = clock_now_ns();
	const uint64_t period_ns = (uint64_t)(1e9 / atof(argv[2]));
	const uint64_t end_ns = start_ns + (uint64_t)(atof(argv[3]) * 1e9);
	still_begin(&still);
	still.never_stop = argc > 4 && strcmp(argv[4], "prefix") == 0;
	if (python_process_open(atoi(argv[1]), &process, &e) != ERR_OK ||
	    python_process_check(&process, &still, &e) != ERR_OK) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	look_begin(&look, &process, &still);
	look.never_stop = still.never_stop;
	look_for(&tool, &look, period_ns, end_ns);
	print(&tool, &still.freeze, start_ns);
	look_end(&look);
	still_end(&still);
	python_process_close(&process);
	vec_free(&tool.frames);
	vec_free(&tool.sums);
	map_free(&tool.by_hash);
	return 0;
}

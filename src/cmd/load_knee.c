#include "cmd/load_knee.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/gate.h"
#include "load/knee_report.h"
#include "load/load_text.h"

#define BUDGET_LEAST_NS (15 * NS_PER_S)
#define BUDGET_DEFAULT_NS (60 * NS_PER_S)

static const struct gate_metric metrics[] = {{"knee", GATE_COUNT}, {0}};
static const struct gate_language language = {metrics, "'knee<200', requests a second"};

static enum err_kind check_gate(const char *expression, struct err *e)
{
	struct gate_term term;
	while (expression && *expression) {
		TRY(gate_parse(&language, &expression, &term, e));
		if (term.is_share)
			return ERR(e, ERR_USAGE,
				   "--fail-on: '%s' needs requests a second, such as knee<200",
				   term.text);
	}
	return ERR_OK;
}

enum err_kind load_knee_check(const struct load_knee_values *values, const struct load_values *v,
			      const char *fail_on, struct slo *slo, struct err *e)
{
	const struct {
		bool is_given;
		const char *word;
	} others[] = {
		{v->arrivals > 0, "-R"},          {v->ramp != NULL, "--ramp"},
		{v->closed, "--closed"},          {v->count > 0, "-n"},
		{v->warm_up_ns > 0, "--warm-up"}, {values->has_files, "--hgrm and --csv"},
	};
	if (values->constant && (v->poisson || v->closed))
		return ERR(e, ERR_USAGE, "give either --constant or %s",
			   v->closed ? "--closed" : "--poisson");
	if (!v->knee)
		return values->slo ? ERR(e, ERR_USAGE, "--slo is for --knee; else use --fail-on")
				   : ERR_OK;
	if (!values->slo)
		return ERR(e, ERR_USAGE,
			   "--knee needs to know what is good: --slo p99=50ms, for example");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].is_given)
			return ERR(
				e, ERR_USAGE,
				"--knee makes many loads and chooses them by itself: leave out %s",
				others[i].word);
	if (v->duration_ns && v->duration_ns < BUDGET_LEAST_NS)
		return ERR(e, ERR_USAGE, "--knee takes 15 s at least (-d), and is surer with 60");
	TRY(slo_parse(slo, values->slo, e));
	return check_gate(fail_on, e);
}

static void show_progress(void *context, const struct knee *knee,
			  const struct load_progress *progress)
{
	char rate[LOAD_TEXT_SIZE], low[LOAD_TEXT_SIZE], high[LOAD_TEXT_SIZE];
	struct knee_answer answer;
	(void)context;
	knee_answer(knee, &answer);
	if (!knee->has_probe) {
		log_progress("how much does it answer at most? %llu answers so far",
			     (unsigned long long)progress->answered);
		return;
	}
	load_text_rate(knee->step.rate, rate);
	if (answer.found == KNEE_FOUND)
		log_progress("trial %zu: %s/s, %.0f of %.0f s; the knee is between %s and %s",
			     knee->count + 1, rate, (double)progress->elapsed_ns / 1e9,
			     (double)progress->total_ns / 1e9, load_text_rate(answer.low, low),
			     load_text_rate(answer.high, high));
	else
		log_progress("trial %zu: %s/s, %.0f of %.0f s", knee->count + 1, rate,
			     (double)progress->elapsed_ns / 1e9, (double)progress->total_ns / 1e9);
}

/* A knee that was not found is no pass of 'knee<200'; one that this client did not reach is worth
 * what it did reach. */
static bool is_crossed(const char *expression, const struct knee *knee)
{
	struct knee_answer answer;
	bool crossed = false;
	knee_answer(knee, &answer);
	if (expression && answer.found == KNEE_UNKNOWN) {
		log_warn("--fail-on: the knee is not known: that is no pass");
		return true;
	}
	while (expression && *expression) {
		struct gate_term term;
		if (gate_parse(&language, &expression, &term, NULL) == ERR_OK)
			crossed |= gate_crossed(&term, answer.found == KNEE_NONE ? 0 : answer.rate);
	}
	return crossed;
}

enum err_kind load_knee(const struct load_knee_job *job, int *status, struct err *e)
{
	static struct knee_run run; /* too large for a stack */
	const struct knee_order order = {
		.plan = &job->order->plan,
		.slo = *job->slo,
		.budget_ns = job->budget_ns ? job->budget_ns : BUDGET_DEFAULT_NS,
		.is_even = job->is_even,
		.progress = show_progress,
	};
	const struct knee_report report = {job->target, &order, &run};
	const enum err_kind kind = knee_run(&order, &run, e);
	log_progress_end();
	if (kind != ERR_OK && run.knee.count == 0)
		return kind;
	if (job->json)
		knee_report_json(&report, stdout);
	else
		knee_report_text(&report, stdout, log_colour_wanted(stdout), cmd_width(stdout));
	if (job->output) {
		(void)ftruncate(fileno(job->output), 0); /* a pipe has no length */
		knee_report_json(&report, job->output);
	}
	fflush(stdout);
	if (is_crossed(job->fail_on, &run.knee))
		*status = 1;
	return kind;
}

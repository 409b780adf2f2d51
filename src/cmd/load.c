#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/load_gate.h"
#include "cmd/load_knee.h"
#include "cmd/load_options.h"
#include "load/address.h"
#include "load/hgrm.h"
#include "load/load_text.h"
#include "load/report.h"
#include "load/request_log.h"
#include "load/run.h"
#include "load/verdict.h"

struct verb_values {
	struct load_values load;
	struct load_knee_values knee;
	bool json;
	const char *output, *beside, *hgrm, *csv, *log, *fail_on;
};

#define FIELD(name) offsetof(struct verb_values, name)

const struct opt load_options[] = {
	{OPT_DOUBLE, 'R', "arrivals", "RATE", "requests a second, evenly spaced (default: 50)",
	 FIELD(load.arrivals)},
	{OPT_FLAG, 0, "poisson", NULL,
	 "at random times of that rate, as users come who do not "
	 "know of each other",
	 FIELD(load.poisson)},
	{OPT_FLAG, 0, "constant", NULL, "evenly spaced (the default, but with --knee)",
	 FIELD(knee.constant)},
	{OPT_STRING, 0, "ramp", "FROM:TO", "a rate that changes over the whole time",
	 FIELD(load.ramp)},
	{OPT_FLAG, 0, "closed", NULL, "no rate: each connection sends when it has its answer",
	 FIELD(load.closed)},
	{OPT_FLAG, 0, "knee", NULL,
	 "find the highest rate that holds --slo, with random arrivals, in 60 s (-d)",
	 FIELD(load.knee)},
	{OPT_STRING, 0, "slo", "SLO",
	 "what --knee holds: p99=50ms (p50, p90, p99.9, mean) or errors<1%; several with commas",
	 FIELD(knee.slo)},
	{OPT_COUNT, 'c', "connections", "N",
	 "at most N connections, the rest waits (default: 100; "
	 "with --closed exactly N, default 10)",
	 FIELD(load.connections)},
	{OPT_FLAG, 0, "open", NULL, "open one more connection whenever none is free",
	 FIELD(load.open)},
	{OPT_DURATION, 'd', "for", "DURATION",
	 "how long requests are sent (default: 10s); answers to them may come for a second more",
	 FIELD(load.duration_ns)},
	{OPT_COUNT, 'n', "count", "N", "at most N requests", FIELD(load.count)},
	{OPT_DURATION, 0, "warm-up", "DURATION", "before that, the same without counting it",
	 FIELD(load.warm_up_ns)},
	{OPT_DURATION, 0, "wait", "DURATION",
	 "before that, send the first request until it is answered, so long at most",
	 FIELD(load.wait_ns)},
	{OPT_DURATION, 0, "timeout", "DURATION", "give a request up after this (default: 30s)",
	 FIELD(load.timeout_ns)},
	{OPT_COUNT, 't', "threads", "N", "of this client (default: 1)", FIELD(load.threads)},
	{OPT_STRING, 'X', "method", "METHOD", "instead of GET, or POST where there is a body",
	 FIELD(load.method)},
	{OPT_LIST, 'H', "header", "'NAME: VALUE'", "one more header; may be repeated",
	 FIELD(load.headers)},
	{OPT_STRING, 0, "body", "TEXT|@FILE", "body of the request", FIELD(load.body)},
	{OPT_STRING, 0, "requests", "FILE",
	 "one request a line: [WEIGHT] METHOD PATH [-H …] [--body …]; each time one is drawn at "
	 "random from all, by weight (1 if none is given; --json has the seed): of few requests "
	 "some lines come twice, some never",
	 FIELD(load.requests_file)},
	{OPT_FLAG, 0, "cookies", NULL, "each connection sends back the cookies it was given",
	 FIELD(load.cookies)},
	{OPT_FLAG, 0, "trace", NULL, "a traceparent header of its own for each request",
	 FIELD(load.trace)},
	{OPT_FLAG, 0, "insecure", NULL, "do not verify certificates", FIELD(load.insecure)},
	{OPT_FLAG, 0, "json", NULL, "print unslow.load/1", FIELD(json)},
	{OPT_STRING, 'o', "output", "FILE", "write unslow.load/1 to FILE, too", FIELD(output)},
	{OPT_STRING, 0, "beside", "FILE", "the same, for `unslow run --load`", FIELD(beside),
	 .hidden = true},
	{OPT_STRING, 0, "hgrm", "FILE", "write the response times as HdrHistogram's text",
	 FIELD(hgrm)},
	{OPT_STRING, 0, "csv", "FILE", "write a line a second", FIELD(csv)},
	{OPT_STRING, 0, "log", "FILE",
	 "write a line for each request (of more than 100,000: for the slowest)", FIELD(log)},
	{OPT_STRING, 0, "fail-on", "EXPR",
	 "exit with 1 if EXPR holds: p99>50ms, errors>1%, rate<500, invalid; knee<200",
	 FIELD(fail_on)},
	{OPT_FLAG, 0, "yes", NULL,
	 "more than 1,000 requests a second to another machine are wanted", FIELD(load.yes)},
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

static void show_progress(void *context, const struct load_progress *p)
{
	char answered[LOAD_TEXT_SIZE], errors[LOAD_TEXT_SIZE], waiting[LOAD_TEXT_SIZE];
	(void)context;
	log_progress("%.0f of %.0f s: %s answered, %s failed, %s waiting",
		     (double)p->elapsed_ns / 1e9, (double)p->total_ns / 1e9,
		     load_text_count(p->answered, answered), load_text_count(p->errors, errors),
		     load_text_count(p->outstanding, waiting));
}

/* Where a result goes to besides the answer. */
struct file {
	const char *path;
	void (*write)(const struct load_report *report, FILE *out);
	FILE *out;
	bool is_new; /* it was not there */
};

static void write_hgrm(const struct load_report *report, FILE *out)
{
	hgrm_write(out, report->result->response);
}

static void write_log(const struct load_report *report, FILE *out)
{
	request_log_write(report->result->log, out);
}

/* Before the load: ten minutes of it are not for a directory that does not exist. An old result
 * stays until there is a new one. */
static enum err_kind open_files(struct file *files, struct err *e)
{
	for (; files->write; files++) {
		if (!files->path)
			continue;
		files->is_new = access(files->path, F_OK) != 0;
		const int fd = open(files->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		files->out = fd >= 0 ? fdopen(fd, "w") : NULL;
		if (!files->out)
			return ERR(e, ERR_SYSTEM, "cannot write %s", files->path);
	}
	return ERR_OK;
}

static enum err_kind write_files(struct file *files, const struct load_report *report,
				 struct err *e)
{
	enum err_kind kind = ERR_OK;
	for (; files->write; files++) {
		if (!files->out)
			continue;
		if (report) {
			(void)ftruncate(fileno(files->out), 0); /* a pipe has no length */
			files->write(report, files->out);
		}
		const int failed = ferror(files->out);
		if ((fclose(files->out) != 0 || failed) && kind == ERR_OK)
			kind = ERR(e, ERR_SYSTEM, "cannot write %s", files->path);
		files->out = NULL;
	}
	return kind;
}

/* There was no load: no empty file is left that looks like one's result. */
static void drop_files(struct file *files)
{
	for (; files->write; files++) {
		if (!files->out)
			continue;
		fclose(files->out);
		if (files->is_new)
			unlink(files->path);
	}
}

static enum err_kind load_and_report(struct load_order *order, const struct verb_values *values,
				     const char *target, struct file *files, int *status,
				     struct err *e)
{
	struct load_result result;
	struct load_verdicts verdicts;
	order->plan.stop = &stop;
	order->plan.progress = show_progress;
	catch_signals();
	TRY(load_run(&order->plan, &result, e));
	log_progress_end();
	load_judge(&order->plan, &result, &verdicts);
	const struct load_report report = {
		.target = target,
		.plan = &order->plan,
		.result = &result,
		.verdicts = &verdicts,
	};
	if (values->json)
		load_report_json(&report, stdout);
	else
		load_report_text(&report, stdout, log_colour_wanted(stdout), cmd_width(stdout));
	fflush(stdout);
	const enum err_kind kind = write_files(files, &report, e);
	if (load_gate_crossed(values->fail_on, &result, &verdicts))
		*status = 1;
	load_result_free(&result);
	return kind;
}

static enum err_kind find_knee(struct load_order *order, const struct verb_values *values,
			       const char *target, const struct slo *slo, struct file *files,
			       int *status, struct err *e)
{
	const struct load_knee_job job = {
		.target = target,
		.slo = slo,
		.order = order,
		.budget_ns = values->load.duration_ns,
		.is_even = values->knee.constant,
		.json = values->json,
		.output = files[0].out,
		.fail_on = values->fail_on,
	};
	order->plan.stop = &stop;
	catch_signals();
	TRY(load_knee(&job, status, e));
	return write_files(files, NULL, e);
}

static enum err_kind prepare(struct load_order *order, struct verb_values *values,
			     const struct opt_result *result, struct slo *slo, struct err *e)
{
	if (result->operand_count != 1)
		return ERR(e, ERR_USAGE, "takes one URL, such as http://127.0.0.1:8000/ or :8000");
	values->knee.has_files = values->hgrm || values->csv || values->log;
	TRY(load_knee_check(&values->knee, &values->load, values->fail_on, slo, e));
	if (!values->load.knee)
		TRY(load_gate_check(values->fail_on, e));
	TRY(load_order_make(order, &values->load, result->operands[0], e));
	order->plan.log = values->log != NULL;
	return ERR_OK;
}

/* 0: a Unix socket, or of another machine. */
static uint16_t own_port(const struct load_order *order)
{
	const struct request_set *set = order->requests;
	const struct url *server = set && set->servers.count ? set->servers.items : &order->url;
	struct address_list addresses;
	if (server->scheme == URL_UNIX || address_resolve(server, &addresses, NULL) != ERR_OK ||
	    !address_is_loopback(&addresses.items[0]))
		return 0;
	return server->port;
}

bool load_check(int argc, char **argv, uint16_t *port, bool *closed)
{
	const struct verb *verb = verb_find("load");
	struct verb_values values = {0};
	struct load_order order = {0};
	struct opt_result result;
	struct slo slo;
	struct err e = {0};
	int status = 0;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status == 0;
	const enum err_kind kind = prepare(&order, &values, &result, &slo, &e);
	if (kind != ERR_OK)
		cmd_fail(verb, &e);
	else
		*port = own_port(&order);
	*closed = order.plan.closed;
	load_order_free(&order);
	return kind == ERR_OK;
}

/* The URL as it may be shown and stored: a query may hold a key. */
static const char *shown_target(const struct load_order *order, const char *url)
{
	const size_t length = url ? strcspn(url, "?") : 0;
	if (!url || !order->arena || !url[length])
		return url;
	return arena_printf(order->arena, "%.*s?***", (int)length, url);
}

int cmd_load(int argc, char **argv)
{
	const struct verb *verb = verb_find("load");
	struct verb_values values = {0};
	struct load_order order = {0};
	struct slo slo = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	struct file files[] = {
		{values.output, load_report_json, NULL}, {values.beside, load_report_json, NULL},
		{values.hgrm, write_hgrm, NULL},         {values.csv, load_report_csv, NULL},
		{values.log, write_log, NULL},           {0},
	};
	enum err_kind kind = prepare(&order, &values, &result, &slo, &e);
	if (kind == ERR_OK)
		kind = open_files(files, &e);
	if (kind == ERR_OK && values.load.knee)
		kind = find_knee(&order, &values, shown_target(&order, result.operands[0]), &slo,
				 files, &status, &e);
	else if (kind == ERR_OK)
		kind = load_and_report(&order, &values, shown_target(&order, result.operands[0]),
				       files, &status, &e);
	drop_files(files);
	if (kind != ERR_OK)
		status = cmd_fail(verb, &e);
	load_order_free(&order);
	return status;
}

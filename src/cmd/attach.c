#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/answer.h"
#include "cmd/calls_options.h"
#include "cmd/cmd.h"
#include "cmd/heap_options.h"
#include "cmd/outside_walks.h"
#include "cmd/plan.h"
#include "cmd/recorder.h"
#include "cmd/recording_path.h"
#include "cmd/walk_options.h"
#include "probe/agent_probe.h"
#include "probe/command.h"
#include "probe/sampler.h"
#include "target/find.h"
#include "target/proc.h"
#include "view/view.h"

enum { RATE_HZ_MAX = 1000, TREE_MAX = 4096 };
#define RECORDER_TICK_NS (50 * NS_PER_MS)

struct attach_values {
	const char *output;
	uint64_t for_ns;
	const char *name;
	uint64_t rate_hz;
	uint64_t max_bytes;
	bool no_answer;
	int engine; /* enum sampled_engine */
	bool never_stop;
	bool dry_run;
	bool json;
	bool agent;
	struct calls_values calls;
	bool walk;
	struct heap_values heap;
};

#define FIELD(name) offsetof(struct attach_values, name)

#define RATE_NOT_GIVEN UINT64_MAX

/* By enum sampled_engine. */
static const char *const engines[] = {"auto", "stop", "prefix", NULL};

const struct opt attach_options[] = {
	{OPT_STRING, 'o', "output", "FILE", "the recording", FIELD(output)},
	{OPT_DURATION, 'd', "for", "TIME",
	 "watch or count for TIME (20: seconds); else watch until Ctrl-C, count until --calls=off",
	 FIELD(for_ns)},
	{OPT_UINT, 0, "rate", "HZ",
	 "looks a second (100, lowered if they cost 2 % of a core); fewer in any case if the app "
	 "would stand still for 0.5 % of the time",
	 FIELD(rate_hz)},
	{OPT_CHOICE, 0, "engine", "NAME",
	 "how stacks are taken: auto, stop (a thread that runs Python stands still for a look), "
	 "prefix (none does: busy threads lose their newest frames)",
	 FIELD(engine), engines},
	{OPT_FLAG, 0, "never-stop", NULL, "as --engine prefix", FIELD(never_stop)},
	{OPT_STRING, 0, "name", "NAME", "name of the app, for the recording's file name",
	 FIELD(name)},
	{OPT_SIZE, 0, "max-size", "SIZE", "ceiling of the recording (1G)", FIELD(max_bytes)},
	{OPT_FLAG, 0, "no-answer", NULL, "only record; ask later with `unslow why`",
	 FIELD(no_answer)},
	{OPT_FLAG, 0, "dry-run", NULL,
	 "only say what would be read, stopped, written and recorded, and what stands in the way",
	 FIELD(dry_run)},
	{OPT_FLAG, 0, "json", NULL, "print what --dry-run says as JSON", FIELD(json)},
	{OPT_FLAG, 0, "agent", NULL,
	 "use the agent that `unslow run` loaded into it, for --calls, --lines, --memory",
	 FIELD(agent)},
	CALLS_OPTIONS,
	WALK_OPTIONS_ONCE,
	HEAP_OPTIONS,
	{0},
};

/* Ctrl-C and SIGTERM end the watching, not this program. */
static int catch_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Is one there? It is taken: another may end what comes next. */
static bool take_signal(int signal_fd)
{
	struct signalfd_siginfo signal;
	bool any = false;
	while (read(signal_fd, &signal, sizeof signal) == (ssize_t)sizeof signal)
		any = true;
	return any;
}

/* Until the time is over, a signal came, or the target has ended. */
static void watch(struct sampler *sampler, struct recorder *recorder, uint64_t for_ns,
		  int signal_fd, int root)
{
	const uint64_t start_ns = clock_now_ns();
	uint64_t recorded_ns = start_ns;
	struct sampler_counts counts;
	struct proc_stat now;
	for (;;) {
		struct pollfd stop = {.fd = signal_fd, .events = POLLIN};
		const uint64_t wait_ns = sampler_wait_ns(sampler);
		const struct timespec wait = {.tv_sec = (time_t)(wait_ns / NS_PER_S),
					      .tv_nsec = (long)(wait_ns % NS_PER_S)};
		if (ppoll(&stop, 1, &wait, NULL) < 0 && errno != EINTR)
			return;
		const uint64_t now_ns = clock_now_ns();
		if (stop.revents || (for_ns && now_ns - start_ns >= for_ns))
			return;
		if (sampler_wait_ns(sampler) == 0)
			sampler_tick(sampler);
		if (now_ns - recorded_ns < RECORDER_TICK_NS)
			continue;
		recorded_ns = now_ns;
		recorder_tick(recorder);
		sampler_count(sampler, &counts);
		if (counts.alive > 0)
			continue;
		if (proc_read_stat(root, &now, NULL) != ERR_OK || now.state == 'Z') {
			log_info("the target has ended");
			return;
		}
		if (counts.shut_out) {
			log_warn("process %d may not be looked at any more (it changed its user or "
				 "shut itself off); start unslow as root",
				 root);
			return;
		}
	}
}

static const char *plural(uint64_t count, const char *one, const char *more)
{
	return count == 1 ? one : more;
}

static void say_cost(const struct sampler_counts *c)
{
	const double wall = (double)(c->elapsed_ns ? c->elapsed_ns : 1);
	log_info("engine %s: %s", c->engine, c->reason);
	log_info("looked %llu times at %u process%s: %llu held, %llu cut short, %llu torn, %llu "
		 "late; %llu %s of %.2f ms at most, %.2f %% of the time (budget %.1f %%); own CPU "
		 "%.1f %% of a core",
		 (unsigned long long)c->scheduled, c->processes, plural(c->processes, "", "es"),
		 (unsigned long long)c->verified, (unsigned long long)c->caught,
		 (unsigned long long)c->torn, (unsigned long long)c->late,
		 (unsigned long long)c->stops, plural(c->stops, "stop", "stops"),
		 (double)c->longest_stop_ns / 1e6, 100 * (double)c->stopped_ns / wall,
		 100 * SAMPLER_STOP_SHARE, 100 * (double)c->cpu_ns / wall);
	log_debug("first look that held: %.1f ms after the start", (double)c->first_ns / 1e6);
	if (c->rate_hz < c->asked_hz)
		log_info("rate lowered from %.0f to %.0f a second to keep the budgets", c->asked_hz,
			 c->rate_hz);
}

static int answer(const struct verb *verb, const char *path, bool wanted)
{
	struct answer read_back = {0};
	struct err e = {0};
	int status = 0;
	if (!wanted)
		return 0;
	if (answer_open(&read_back, path, &e) != ERR_OK ||
	    answer_diagnose(&read_back, NULL, NULL, &e) != ERR_OK)
		status = cmd_fail(verb, &e);
	else
		view_why_text(&read_back.diagnosis, stdout, log_colour_wanted(stdout),
			      cmd_width(stdout));
	answer_close(&read_back);
	return status;
}

static struct sampler_plan plan_of(const struct attach_values *values, struct ingest *ingest)
{
	const bool given = values->rate_hz != RATE_NOT_GIVEN;
	return (struct sampler_plan){
		.rate_hz = given ? (double)values->rate_hz : SAMPLER_RATE_HZ,
		.engine = values->never_stop ? SAMPLED_PREFIX : (enum sampled_engine)values->engine,
		.keep_rate = given,
		.ingest = ingest,
	};
}

static enum err_kind start(struct sampler **sampler, const struct attach_values *values, int root,
			   struct ingest *ingest, struct err *e)
{
	const struct sampler_plan plan = plan_of(values, ingest);
	*sampler = sampler_new(&plan);
	return sampler_watch_tree(*sampler, root, e);
}

/* One walk from outside alone is made at once. */
static bool watches(const struct attach_values *values)
{
	return !values->walk || values->for_ns;
}

static int record(const struct verb *verb, const struct attach_values *values, int root)
{
	struct recorder recorder = {0};
	struct sampler *sampler = NULL;
	struct err e = {0};
	struct arena *arena = arena_new();
	size_t walked = 0;
	const int signal_fd = catch_signals();
	const char *name = values->name ? values->name : command_server(root, arena);
	char *const words[] = {(char *)command_text(root, arena), NULL};
	enum err_kind kind = recording_path_choose(recorder.path, values->output, name, &e);
	if (kind == ERR_OK)
		kind = recorder_open(&recorder, values->max_bytes, false, &e);
	if (kind == ERR_OK && recorder.ingest)
		kind = start(&sampler, values, root, recorder.ingest, &e);
	if (kind == ERR_OK && sampler) {
		recorder_describe(&recorder, words, 1);
		recording_set_meta_text(recorder.recording, "command", words[0]);
		if (values->walk)
			walked = outside_walks_make(sampler, recorder.ingest, 1, signal_fd);
		const bool was_ended = values->walk && take_signal(signal_fd);
		if (watches(values) && !was_ended) {
			log_info("attached to process %d; Ctrl-C ends and answers", root);
			watch(sampler, &recorder, values->for_ns, signal_fd, root);
			(void)take_signal(signal_fd);
			if (values->walk)
				walked +=
					outside_walks_make(sampler, recorder.ingest, 2, signal_fd);
		}
		sampler_stop(sampler);
		struct sampler_counts counts;
		sampler_count(sampler, &counts);
		if (watches(values))
			say_cost(&counts);
	}
	const bool has_recording = recorder.recording != NULL;
	struct err closing = {0};
	const enum err_kind closed = recorder_close(&recorder, 0, &closing);
	sampler_free(sampler);
	close(signal_fd);
	arena_free(arena);
	if (kind != ERR_OK) {
		if (has_recording)
			unlink(recorder.path);
		return cmd_fail(verb, &e);
	}
	if (closed != ERR_OK)
		return cmd_fail(verb, &closing);
	if (!has_recording)
		return 1; /* that was said */
	const int status = answer(verb, recorder.path, watches(values) && !values->no_answer);
	if (watches(values))
		log_info("recording %s; again: unslow why %s", recorder.path, recorder.path);
	if (walked)
		log_info("objects by type: unslow show types %s", recorder.path);
	return watches(values) || walked ? status : 1;
}

/* The first process of the tree that has the agent; 0: none has. */
static int find_agent(int root)
{
	static int pids[TREE_MAX];
	const int count = proc_tree(root, pids, TREE_MAX);
	for (int i = 0; i < count; i++)
		if (agent_probe_in(pids[i]))
			return pids[i];
	return 0;
}

/* Until --for is over, or a signal came, which is to end it. */
static void wait_for(uint64_t for_ns)
{
	const int signal_fd = catch_signals();
	struct pollfd stop = {.fd = signal_fd, .events = POLLIN};
	const struct timespec wait = {.tv_sec = (time_t)(for_ns / NS_PER_S),
				      .tv_nsec = (long)(for_ns % NS_PER_S)};
	(void)ppoll(&stop, 1, &wait, NULL);
	close(signal_fd);
}

/* An option of watching from outside, which counting has no use for; NULL: none was given. */
static const char *option_of_watching(const struct attach_values *values)
{
	return values->output                                     ? "--output"
	       : values->name                                     ? "--name"
	       : values->max_bytes != RECORDING_DEFAULT_MAX_BYTES ? "--max-size"
	       : values->rate_hz != RATE_NOT_GIVEN                ? "--rate"
	       : values->engine                                   ? "--engine"
	       : values->never_stop                               ? "--never-stop"
								  : NULL;
}

static enum err_kind check_wish(const struct attach_values *values, struct err *e)
{
	const struct calls_values *calls = &values->calls;
	if (calls_off_asked(calls) &&
	    (calls->calls.count > 1 || calls->lines.count || calls->c_calls || calls->timeline ||
	     calls->duty || calls->demote || calls->arguments || values->for_ns ||
	     heap_asked(&values->heap)))
		return ERR(e, ERR_USAGE, "--calls=off goes alone: it ends all counting");
	if (heap_off_asked(&values->heap) && (calls_asked(calls) || values->for_ns))
		return ERR(e, ERR_USAGE, "--memory=off goes alone: it takes all hooks out");
	return ERR_OK;
}

/* What to type next to see it; REC is that of the run. */
static void say_next(const struct attach_values *values)
{
	const struct calls_values *calls = &values->calls;
	const bool of_lines = calls->lines.count && !calls->calls.count;
	if (calls_asked(calls))
		log_info("what was counted: unslow show %s REC, the recording of that run",
			 of_lines ? "lines" : "funcs");
	if (heap_asked(&values->heap))
		log_info("what was sampled: unslow show memory REC, the recording of that run");
}

/* What the agent is asked for; all 0: to stop. */
struct wish {
	struct calls_control calls;
	struct heap_control heap;
};

static enum err_kind read_wish(const struct attach_values *values, struct wish *out, struct err *e)
{
	if (!calls_off_asked(&values->calls))
		TRY(calls_ask(&values->calls, &out->calls, e));
	return heap_ask(&values->heap, &out->heap, e);
}

/* Only of what was named: the other goes on as it is. */
static enum err_kind ask(int pid, const struct attach_values *values, const struct wish *wish,
			 struct err *e)
{
	if (calls_asked(&values->calls))
		TRY(agent_probe_ask_calls(pid, &wish->calls, e));
	if (heap_asked(&values->heap))
		TRY(agent_probe_ask_heap(pid, &wish->heap, e));
	return ERR_OK;
}

static void say_begun(const struct attach_values *values, int pid, int root)
{
	const bool counts = calls_asked(&values->calls);
	log_info("process %d and all others of its `unslow run` %s from now on, into that run's "
		 "recording",
		 pid,
		 !counts                     ? "sample their memory"
		 : heap_asked(&values->heap) ? "count, and sample their memory,"
					     : "count");
	if (values->for_ns)
		return;
	if (counts)
		log_info("off again: unslow attach %d --calls=off", root);
	if (heap_asked(&values->heap))
		log_info("off again: unslow attach %d --memory=off", root);
}

static void say_ended(const struct attach_values *values, int pid)
{
	log_info("process %d and all others of its `unslow run` %s no more", pid,
		 calls_asked(&values->calls) ? "count" : "sample their memory");
}

/* Counting and sampling is switched on, off or over in what `unslow run` watches; its recording has
 * the rows. */
static int ask_agent(const struct verb *verb, const struct attach_values *values, int root)
{
	static const struct wish nothing;
	const bool off = calls_off_asked(&values->calls) || heap_off_asked(&values->heap);
	const int pid = find_agent(root);
	const char *option = option_of_watching(values);
	struct wish wish = {0};
	struct err e = {0};
	if (!pid)
		ERR(&e, ERR_NO_TARGET,
		    "process %d has no unslow agent, and none can be loaded into a process that "
		    "runs yet; start it with: unslow run %s -- COMMAND",
		    root, heap_asked(&values->heap) ? "--memory" : "--calls");
	else if (option)
		ERR(&e, ERR_USAGE,
		    "%s goes with watching from outside; counts go into the recording of the "
		    "`unslow run` that the process is of: leave it out, then ask: "
		    "unslow show funcs REC, of that recording",
		    option);
	else if (!calls_asked(&values->calls) && !heap_asked(&values->heap))
		ERR(&e, ERR_USAGE,
		    "process %d has the agent of an `unslow run` already, which records it; ask "
		    "for --calls, --lines or --memory",
		    pid);
	if (e.kind != ERR_OK || read_wish(values, &wish, &e) != ERR_OK ||
	    ask(pid, values, &wish, &e) != ERR_OK)
		return cmd_fail(verb, &e);
	if (!off)
		say_begun(values, pid, root);
	if (!off && values->for_ns) {
		wait_for(values->for_ns);
		if (ask(pid, values, &nothing, &e) != ERR_OK)
			return cmd_fail(verb, &e);
	}
	if (off || values->for_ns)
		say_ended(values, pid);
	say_next(values);
	return 0;
}

/* One walk, now, of all processes that the `unslow run` of this one watches; where it is of none,
 * from outside. */
static int ask_walk(const struct verb *verb, const struct attach_values *values, int root)
{
	const int pid = find_agent(root);
	const char *option = option_of_watching(values);
	struct err e = {0};
	if (calls_asked(&values->calls))
		ERR(&e, ERR_USAGE, "--walk goes alone, without --calls and --lines");
	else if (!pid)
		return record(verb, values, root);
	else if (option || values->for_ns)
		ERR(&e, ERR_USAGE, "--walk asks the agent of the process, without %s",
		    option ? option : "--for");
	if (e.kind != ERR_OK || agent_probe_ask_walk(pid, &e) != ERR_OK)
		return cmd_fail(verb, &e);
	log_info("process %d and all others of its `unslow run` walk their heaps now, into that "
		 "run's recording; then: unslow show types REC, unslow show holders REC",
		 pid);
	return 0;
}

static int dry_run(const struct attach_values *values, int root)
{
	const struct sampler_plan sampler = plan_of(values, NULL);
	const struct plan_wish wish = {
		.root_pid = root,
		.engine = sampler.engine,
		.rate_hz = sampler.rate_hz,
		.keep_rate = sampler.keep_rate,
		.output = values->output,
		.name = values->name,
		.max_bytes = values->max_bytes,
	};
	struct arena *arena = arena_new();
	struct plan plan;
	plan_make(&wish, arena, &plan);
	if (values->json)
		view_plan_json(&plan, stdout);
	else
		view_plan_text(&plan, stdout, log_colour_wanted(stdout), cmd_width(stdout));
	arena_free(arena);
	return plan.status;
}

int cmd_attach(int argc, char **argv)
{
	const struct verb *verb = verb_find("attach");
	struct attach_values values = {.rate_hz = RATE_NOT_GIVEN,
				       .max_bytes = RECORDING_DEFAULT_MAX_BYTES};
	struct opt_result result;
	struct err e = {0};
	int status, root;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	const bool by_agent =
		values.agent || calls_asked(&values.calls) || heap_asked(&values.heap);
	if (result.operand_count != 1)
		ERR(&e, ERR_USAGE, "takes one target: a process id, :PORT or a name");
	else if (values.rate_hz != RATE_NOT_GIVEN &&
		 (values.rate_hz < 1 || values.rate_hz > RATE_HZ_MAX))
		ERR(&e, ERR_USAGE, "--rate: 1 to %d", RATE_HZ_MAX);
	else if (values.never_stop && values.engine == SAMPLED_STOP)
		ERR(&e, ERR_USAGE, "--engine stop stops threads; leave it or --never-stop out");
	else if (values.json && !values.dry_run)
		ERR(&e, ERR_USAGE, "--json goes with --dry-run; of the answer: unslow why --json");
	else if (values.dry_run && (by_agent || values.walk))
		ERR(&e, ERR_USAGE,
		    "--dry-run is of looking from outside; --calls, --lines, --memory and --walk "
		    "ask the agent of an `unslow run`");
	else if (by_agent)
		(void)check_wish(&values, &e);
	if (e.kind != ERR_OK || recording_check_size(values.max_bytes, &e) != ERR_OK ||
	    find_target(result.operands[0], &root, &e) != ERR_OK)
		return cmd_fail(verb, &e);
	if (values.walk)
		return ask_walk(verb, &values, root);
	if (by_agent)
		return ask_agent(verb, &values, root);
	return values.dry_run ? dry_run(&values, root) : record(verb, &values, root);
}

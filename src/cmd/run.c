#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/channel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mask.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/agent_file.h"
#include "cmd/answer.h"
#include "cmd/calls_options.h"
#include "cmd/child.h"
#include "cmd/cmd.h"
#include "cmd/fail_on.h"
#include "cmd/heap_options.h"
#include "cmd/load_beside.h"
#include "cmd/program_missing.h"
#include "cmd/recorder.h"
#include "cmd/recording_path.h"
#include "cmd/stacks.h"
#include "cmd/walk_options.h"
#include "probe/shut_out.h"
#include "target/program.h"
#include "view/view.h"

enum { COUNTED_ROWS = 12 };
enum { OWN_FAILURE = 125, CANNOT_EXECUTE = 126, SIGNAL_STATUS = 128 };
/* Workers give up root when they start; a look reads all of /proc. */
enum { LOOKS_EACH_SECOND = 10 };

/* How long orphans of the command may keep us after it has ended: the answer is
 * promised within 2 s of Ctrl-C. */
#define ORPHANS_NS (NS_PER_S)
/* After --for: from SIGINT to SIGTERM. */
#define STOP_PATIENCE_NS (10 * NS_PER_S)

struct run_values {
	const char *output;
	uint64_t for_ns;
	const char *name;
	uint64_t max_bytes;
	bool no_agent;
	bool no_answer;
	const char *fail_on;
	const char *load;
	struct stacks_values stacks;
	struct calls_values calls;
	struct walk_values walk;
	struct heap_values heap;
};

#define FIELD(name) offsetof(struct run_values, name)

const struct opt run_options[] = {
	{OPT_STRING, 'o', "output", "FILE", "the recording", FIELD(output)},
	{OPT_DURATION, 'd', "for", "TIME",
	 "stop the command after TIME (3: seconds; 500ms, 2m), as Ctrl-C would", FIELD(for_ns)},
	{OPT_STRING, 0, "name", "NAME", "name of the app, for the recording's file name",
	 FIELD(name)},
	{OPT_SIZE, 0, "max-size", "SIZE",
	 "ceiling of the recording (1G); past it raw rows are left out, sums go on",
	 FIELD(max_bytes)},
	{OPT_STRING, 0, "load", "'URL …'",
	 "load the app, once it answers, with `unslow load` and these words; when the load ends, "
	 "stop it as --for does; what clients would gain takes 200 answers or more",
	 FIELD(load)},
	{OPT_FLAG, 0, "no-agent", NULL, "load nothing into the app; only the host is watched",
	 FIELD(no_agent)},
	{OPT_FLAG, 0, "no-answer", NULL, "only record; ask later with `unslow why`",
	 FIELD(no_answer)},
	STACKS_OPTIONS,
	CALLS_OPTIONS,
	WALK_OPTIONS,
	HEAP_OPTIONS,
	{OPT_STRING, 0, "fail-on", "EXPR",
	 "exit with 1 if EXPR holds: cause:ID, p99>50ms, errors>1%", FIELD(fail_on)},
	{0},
};

struct run {
	const struct verb *verb;
	struct run_values values;
	struct calls_control calls; /* want 0: none are asked for */
	struct heap_control heap;   /* likewise */
	char **command;             /* NULL-terminated */
	int command_count;
	struct program program;
	struct recorder recorder;
	struct stacks stacks;
	struct child child;
	struct load_beside load;
	uint64_t load_ended_ns; /* 0: it goes on, or there is none */
	struct shut_out shut_out;
	uint64_t shut_out_looked_ns;
	uint32_t shut_out_looks;
	bool agent_loaded; /* LD_PRELOAD was set */
	int stop_sent;     /* signal that --for has sent; 0: none yet */
	uint64_t child_started_ns, child_ended_ns;
	uint64_t recorded_ns; /* when the last drain was */
	struct walk_schedule walks;
};

/* The command's environment: ours, LD_PRELOAD appended to, the channel named.
 * Strings made here live as long as the program. */
static char **child_environment(const char *agent, const char *channel)
{
	VEC(char *) list = {0};
	struct str preload;
	struct str directory;
	str_init(&preload, 1 << 20);
	str_init(&directory, PATH_MAX + sizeof CHANNEL_ENV);
	str_add(&preload, "LD_PRELOAD=");
	for (char **at = environ; *at; at++) {
		if (str_starts_with(*at, "LD_PRELOAD=")) {
			if ((*at)[strlen("LD_PRELOAD=")])
				str_printf(&preload, "%s:", *at + strlen("LD_PRELOAD="));
		} else if (!str_starts_with(*at, CHANNEL_ENV "=")) {
			*vec_push(&list) = *at;
		}
	}
	str_add(&preload, agent);
	str_printf(&directory, CHANNEL_ENV "=%s", channel);
	*vec_push(&list) = preload.text;
	*vec_push(&list) = directory.text;
	*vec_push(&list) = NULL;
	return list.items;
}

/* environ with the agent in it, or environ as it is, and why. */
static char **choose_environment(struct run *run)
{
	struct err e = {0};
	char agent[PATH_MAX];
	if (!run->recorder.probe)
		return environ;
	const char *directory = agent_probe_directory(run->recorder.probe);
	if (agent_file_find(agent, &e) != ERR_OK ||
	    agent_file_preloadable(agent, directory, &e) != ERR_OK) {
		log_warn("the app runs without the agent: %s", e.text);
		return environ;
	}
	if (run->program.no_preload)
		log_warn(
			"the agent cannot be loaded into %s: %s; it runs without, programs that it "
			"starts may still be seen",
			run->program.image, run->program.no_preload);
	run->agent_loaded = true;
	log_debug("agent %s, channel %s", agent, directory);
	return child_environment(agent, directory);
}

/* The command alone holds its input and output from here on, so that a reader at
 * the other end sees their end when the command closes them. */
static void let_go_of_streams(void)
{
	const int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null_fd < 0)
		return;
	dup2(null_fd, STDIN_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	close(null_fd);
}

/* At the end of --for or of --load, whichever comes first. */
static uint64_t when_to_stop(const struct run *run)
{
	const uint64_t for_ns =
		run->values.for_ns ? run->child_started_ns + run->values.for_ns : UINT64_MAX;
	/* a Ctrl-C that ended the load has reached the app, too */
	const bool by_load = run->load_ended_ns && !run->child.interrupted;
	return by_load && run->load_ended_ns < for_ns ? run->load_ended_ns : for_ns;
}

/* SIGINT as Ctrl-C gives it, after a while SIGTERM. */
static void stop_in_time(struct run *run, uint64_t now_ns)
{
	if (run->child.companion_ended && !run->load_ended_ns)
		run->load_ended_ns = now_ns;
	const uint64_t end_ns = when_to_stop(run);
	if (end_ns == UINT64_MAX || run->child.ended)
		return;
	if (run->stop_sent == 0 && now_ns >= end_ns) {
		run->stop_sent = run->child.sigint_ignored ? SIGTERM : SIGINT;
		child_signal(&run->child, run->stop_sent);
	} else if (run->stop_sent == SIGINT && now_ns >= end_ns + STOP_PATIENCE_NS) {
		run->stop_sent = SIGTERM;
		log_warn("the command did not end on SIGINT within 10 s; sent SIGTERM");
		child_signal(&run->child, SIGTERM);
	}
}

static void look_for_shut_out(struct run *run, uint64_t now_ns)
{
	struct shut_out *shut_out = &run->shut_out;
	if (!run->agent_loaded || run->child.ended || shut_out->pid ||
	    now_ns - run->shut_out_looked_ns <
		    (run->shut_out_looks < LOOKS_EACH_SECOND ? NS_PER_S : 10 * NS_PER_S))
		return;
	run->shut_out_looked_ns = now_ns;
	run->shut_out_looks++;
	shut_out_look(shut_out, run->child.pid);
	if (!shut_out->pid)
		return;
	log_warn("process %d runs as user %u and is not watched: the agent's channel is private "
		 "to root; start unslow as that user, such as: setpriv --reuid %u --init-groups -- "
		 "unslow run -- …",
		 shut_out->pid, (unsigned)shut_out->user, (unsigned)shut_out->user);
	if (run->recorder.recording)
		recording_set_meta_int(run->recorder.recording, "shut_out_user", shut_out->user);
}

static void ask_for_walk(struct run *run, uint64_t now_ns)
{
	if (run->recorder.probe && !run->child.ended && walk_is_due(&run->walks, now_ns))
		agent_probe_walk(run->recorder.probe);
}

static bool heap_is_sampled(const struct run *run)
{
	return (run->heap.want & (HEAP_SAMPLED | HEAP_EXACT)) == HEAP_SAMPLED;
}

/* Until the next drain or look is due. */
static struct timespec patience(const struct run *run)
{
	const struct agent_probe *probe = run->recorder.probe;
	const int wait_ms = probe ? agent_probe_period_ms(probe) : AGENT_PROBE_QUIET_MS;
	uint64_t wait_ns = (uint64_t)wait_ms * NS_PER_MS;
	const uint64_t look_ns = stacks_wait_ns(&run->stacks);
	if (look_ns < wait_ns)
		wait_ns = look_ns;
	return (struct timespec){.tv_nsec = (long)wait_ns};
}

/* Until the command has ended, and its orphans, if they end soon. */
static void watch(struct run *run)
{
	struct child *child = &run->child;
	const struct agent_probe *probe = run->recorder.probe;
	for (;;) {
		struct pollfd ready[] = {
			{.fd = child->signal_fd, .events = POLLIN},
			{.fd = probe ? agent_probe_fd(probe) : -1, .events = POLLIN},
		};
		const struct timespec wait = patience(run);
		if (ppoll(ready, 2, &wait, NULL) < 0 && errno != EINTR)
			break;
		if (ready[0].revents)
			child_handle_signals(child);
		const uint64_t now_ns = clock_now_ns();
		if (!run->stacks.sampler ||
		    now_ns - run->recorded_ns >= AGENT_PROBE_BUSY_MS * NS_PER_MS) {
			run->recorded_ns = now_ns;
			recorder_tick(&run->recorder);
		}
		stacks_look(&run->stacks, &run->values.stacks, &run->recorder, child->pid);
		load_beside_look(&run->load, child, now_ns);
		ask_for_walk(run, now_ns);
		stop_in_time(run, now_ns);
		look_for_shut_out(run, now_ns);
		if (!child->ended)
			continue;
		if (!run->child_ended_ns)
			run->child_ended_ns = now_ns;
		if (!load_beside_over(&run->load, child, now_ns))
			continue;
		if (!child->orphans)
			break;
		if (now_ns - run->child_ended_ns >= ORPHANS_NS) {
			log_info("processes that the command left behind live on, unwatched; to "
				 "watch an app, "
				 "start it in the foreground (without --daemon)");
			break;
		}
	}
}

/* A script that finds the real one, as pyenv's are. */
static bool is_called_python(const char *command)
{
	const char *slash = strrchr(command, '/');
	return str_starts_with(slash ? slash + 1 : command, "python");
}

/* The word of the command that names a server; NULL: none does. */
static const char *server_word(const struct run *run)
{
	for (int i = 0; i < run->command_count; i++)
		if (mask_is_server(run->command[i]))
			return run->command[i];
	return NULL;
}

static bool is_python_command(const struct run *run)
{
	return run->program.is_python || is_called_python(run->command[0]);
}

/* By Ctrl-C, --for or the end of --load: then its status is no failure. */
static bool was_told_to_end(const struct run *run)
{
	return run->stop_sent || run->child.interrupted;
}

/* What each of makes a process seen (agent/run_unit.c, libc_net.c); that nothing of it was recorded
 * says that it did none. */
#define NOTHING_DONE \
	"no request, connection or run of a script (of 0.1 s or more) was seen in that time"

/* Nothing was recorded: only what is known. */
static void explain_silence(const struct run *run)
{
	const char *disable = getenv(CHANNEL_DISABLE_ENV);
	const double seconds = (double)(run->child_ended_ns - run->child_started_ns) / 1e9;
	if (!run->agent_loaded || run->recorder.stopped || run->shut_out.pid ||
	    run->recorder.counts.processes > 0 || run->recorder.counts.refused > 0)
		return;
	if (disable && strcmp(disable, "1") == 0)
		log_info("no Python process was seen, because " CHANNEL_DISABLE_ENV "=1 is set");
	else if (run->program.no_preload)
		log_info("no Python process was seen, because the agent could not be loaded into "
			 "%s: "
			 "%s",
			 run->program.image, run->program.no_preload);
	else if (is_python_command(run) && run->child.exit_status != 0 && !was_told_to_end(run))
		log_info("%s ended with status %d after %.1f s, and " NOTHING_DONE
			 "; what it said of that is above",
			 run->command[0], run->child.exit_status, seconds);
	else if (server_word(run))
		log_info("%s ran for %.1f s, but no request arrived in a framework that unslow "
			 "knows: send the app requests while it is watched; README.md says what is "
			 "known",
			 server_word(run), seconds);
	else if (is_python_command(run))
		log_info("nothing is known of %s: it ran for %.1f s, and " NOTHING_DONE,
			 run->command[0], seconds);
	else
		log_info("no Python process was seen, because '%s' is not Python and started none "
			 "that "
			 "did any work in its %.1f s; name the command that starts the app%s",
			 run->command[0], seconds,
			 geteuid() == 0 ? ", and start unslow as the user that the app runs as"
					: "");
}

/* --for stopped it, and it ended as programs do that are told to: by that signal, or, of a server,
 * with a status of its own (uvicorn's reloader: 1). Then nothing has failed. */
static bool ended_as_told(const struct run *run)
{
	const int status = run->child.exit_status;
	return run->stop_sent &&
	       (status == SIGNAL_STATUS + SIGINT || status == SIGNAL_STATUS + SIGTERM ||
		(status < CANNOT_EXECUTE && server_word(run)));
}

static bool has_requests(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;
	const char *sql = "SELECT 1 FROM v1_unit WHERE kind IN ('request', 'websocket')";
	const bool any = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
			 sqlite3_step(statement) == SQLITE_ROW;
	sqlite3_finalize(statement);
	return any;
}

/* A server that ended by itself and with a failure has said why: there is nothing to add. */
static bool explain_early_end(const struct run *run, sqlite3 *db)
{
	const int status = run->child.exit_status;
	const char *server = server_word(run);
	if (!server || status == 0 || status >= SIGNAL_STATUS || has_requests(db))
		return false;
	if (run->stop_sent)
		log_info("%s was stopped before its first request, with status %d: has it started? "
			 "Its own messages are above",
			 server, status);
	else
		log_info("%s ended with status %d before its first request; its own message is "
			 "above",
			 server, status);
	return true;
}

/* Who asks for counts wants to see them: the first rows of `show funcs`, `lines` and `memory`, or
 * of `types` where the heap was walked and not sampled. Of the recording opened anew: of a large
 * one the rules leave only a part (rules/detail.h). */
static void show_counted(const struct run *run)
{
	const struct {
		bool wanted;
		const char *view;
	} parts[] = {{run->calls.want & CALLS_PYTHON, "funcs"},
		     {run->calls.want & CALLS_LINES, "lines"},
		     {run->heap.want, "memory"},
		     {run->walks.distance_ns && !run->heap.want, "types"}};
	const struct view_options options = {
		.colour = log_colour_wanted(stderr),
		.width = cmd_width(stderr),
		.limit = COUNTED_ROWS,
		.counted_only = true,
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct answer anew = {0};
		struct err e = {0};
		if (!parts[i].wanted)
			continue;
		fputc('\n', stderr);
		if (answer_open(&anew, run->recorder.path, &e) != ERR_OK ||
		    view_show(anew.db, parts[i].view, &options, stderr, &e) != ERR_OK)
			log_warn("%s", e.text);
		answer_close(&anew);
	}
	if (run->walks.distance_ns && !run->heap.want)
		log_info("which lines make what stays, and whether it goes on growing: --memory "
			 "beside --walk");
}

/* The answer to stderr. Returns the status of the gate, or of a failure. */
static int answer(const struct run *run)
{
	struct answer read_back = {0};
	struct err e = {0};
	int status = 0;
	/* Where no process was seen there is nothing to answer; explain_silence has said why. */
	const bool wanted = !run->values.no_answer && run->recorder.counts.processes > 0;
	if (!wanted && !run->values.fail_on)
		return 0;
	if (answer_open(&read_back, run->recorder.path, &e) != ERR_OK ||
	    answer_diagnose(&read_back, NULL, NULL, &e) != ERR_OK) {
		cmd_fail(run->verb, &e);
		status = OWN_FAILURE;
	} else {
		if (wanted && !explain_early_end(run, read_back.db)) {
			fputc('\n', stderr);
			view_why_text(&read_back.diagnosis, stderr, log_colour_wanted(stderr),
				      cmd_width(stderr));
		}
		if (wanted)
			show_counted(run);
		status = fail_on_crossed(run->values.fail_on, &read_back.diagnosis) ? 1 : 0;
	}
	answer_close(&read_back);
	return status;
}

static int own_failure(const struct run *run, const struct err *e)
{
	cmd_fail(run->verb, e);
	return OWN_FAILURE;
}

static int record(struct run *run)
{
	struct err e = {0};
	if (child_prepare(&run->child, &e) != ERR_OK ||
	    recorder_open(&run->recorder, run->values.max_bytes, !run->values.no_agent, &e) !=
		    ERR_OK)
		return own_failure(run, &e);
	recorder_describe(&run->recorder, run->command, run->command_count);
	if (run->recorder.probe)
		stacks_choose(&run->values.stacks, run->recorder.probe);
	if (run->calls.want && run->recorder.probe)
		agent_probe_choose_calls(run->recorder.probe, &run->calls);
	if (run->heap.want && run->recorder.probe)
		agent_probe_choose_heap(run->recorder.probe, &run->heap);
	if (run->values.load && load_beside_start(&run->load, &run->child, &e) != ERR_OK)
		return own_failure(run, &e);
	run->child_started_ns = clock_now_ns();
	walk_begin(&run->walks, run->child_started_ns);
	if (child_start(&run->child, run->command, choose_environment(run), &e) != ERR_OK) {
		if (!run->child.exec_errno)
			return own_failure(run, &e);
		log_error("%s", e.text);
	} else {
		let_go_of_streams();
		watch(run);
	}
	return run->child.exit_status;
}

/* A recording that no process wrote to must not become "the last recording". One whose name the
 * user chose is theirs. */
static bool is_empty(const struct run *run)
{
	return run->agent_loaded && !run->values.output && !run->recorder.stopped &&
	       !run->shut_out.pid && run->recorder.counts.processes == 0 &&
	       run->recorder.counts.refused == 0;
}

/* What the client measured, into the recording. */
static void note_load(struct run *run)
{
	struct err e = {0};
	if (run->values.load && run->recorder.recording && !run->recorder.stopped &&
	    load_beside_record(&run->load, run->recorder.recording, &e) != ERR_OK)
		log_warn("the load's requests are not in the recording: %s", e.text);
}

int cmd_run(int argc, char **argv)
{
	struct run run = {.verb = verb_find("run")};
	struct opt_result result;
	struct err e = {0};
	int status;
	run.values.max_bytes = RECORDING_DEFAULT_MAX_BYTES;
	run.values.stacks.rate_hz = STACKS_RATE_NOT_GIVEN;
	if (!cmd_parse(run.verb, argc, argv, &run.values, &result, &status))
		return status;
	run.command = result.operands;
	run.command_count = result.operand_count;
	if (result.operand_count == 0) {
		ERR(&e, ERR_USAGE, "needs a command, such as: unslow run -- gunicorn app:app");
		return cmd_fail(run.verb, &e);
	}
	if (stacks_check(&run.values.stacks, &e) != ERR_OK ||
	    recording_check_size(run.values.max_bytes, &e) != ERR_OK)
		return cmd_fail(run.verb, &e);
	if (calls_asked(&run.values.calls) && run.values.no_agent)
		ERR(&e, ERR_USAGE,
		    "calls and lines are counted by the agent; leave out --no-agent");
	else if (heap_asked(&run.values.heap) && run.values.no_agent)
		ERR(&e, ERR_USAGE, "memory is sampled by the agent; leave out --no-agent");
	if (e.kind != ERR_OK || calls_ask(&run.values.calls, &run.calls, &e) != ERR_OK ||
	    heap_ask(&run.values.heap, &run.heap, &e) != ERR_OK ||
	    walk_options_plan(&run.values.walk, heap_is_sampled(&run), &run.walks, &e) != ERR_OK ||
	    fail_on_check(run.values.fail_on, false, &e) != ERR_OK)
		return cmd_fail(run.verb, &e);
	if (run.walks.distance_ns && run.values.no_agent) {
		ERR(&e, ERR_USAGE, "the heap is walked by the agent; leave out --no-agent");
		return cmd_fail(run.verb, &e);
	}
	if (run.values.load && !load_beside_prepare(&run.load, run.values.load))
		return 2;
	if (program_missing(run.command[0], &run.program, &status))
		return status;
	const char *name = run.values.name ? run.values.name : run.command[0];
	if (recording_path_choose(run.recorder.path, run.values.output, name, &e) != ERR_OK)
		return own_failure(&run, &e);
	status = record(&run);
	const bool started = run.child.pid > 0;
	const bool had_recording = run.recorder.recording != NULL;
	stacks_stop(&run.stacks);
	note_load(&run);
	const enum err_kind closed = recorder_close(&run.recorder, status, &e);
	load_beside_free(&run.load);
	stacks_free(&run.stacks);
	child_finish(&run.child);
	if (!started) {
		if (had_recording)
			unlink(run.recorder.path);
		return status;
	}
	int own_status = run.child.companion_status;
	if (run.recorder.stopped)
		own_status = OWN_FAILURE; /* that was said when it happened */
	else if (closed != ERR_OK)
		own_status = own_failure(&run, &e);
	explain_silence(&run);
	if (had_recording && (closed == ERR_OK || run.recorder.stopped)) {
		const int answered = answer(&run);
		if (own_status == 0)
			own_status = answered;
		if (is_empty(&run)) {
			unlink(run.recorder.path);
			log_info("nothing was recorded; %s was removed", run.recorder.path);
		} else {
			log_info("recording %s; again: unslow why %s", run.recorder.path,
				 run.recorder.path);
		}
	}
	return status && !ended_as_told(&run) ? status : own_status;
}

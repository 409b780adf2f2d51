#include "cmd/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "cmd/recording_path.h"
#include "probe/command.h"
#include "probe/sampler.h"
#include "target/access.h"
#include "target/proc.h"

enum { TREE_MAX = 4096, TEXT_BYTES = 640 };

struct making {
	const struct plan_wish *wish;
	struct arena *arena;
	int pids[TREE_MAX];
	int count;
	VEC(struct plan_process) processes;
	VEC(struct plan_fact) facts;
	VEC(struct plan_obstacle) obstacles;
	int watched;      /* processes that would be looked at */
	struct err first; /* refusal */
};

__attribute__((format(printf, 2, 3))) static const char *text_of(struct arena *arena,
								 const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return arena_string(arena, text);
}

/* Returns the text as it is kept. */
static const char *stands_in_the_way(struct making *m, const char *text, const char *fix)
{
	struct plan_obstacle *o = vec_push(&m->obstacles);
	o->text = arena_string(m->arena, text);
	o->fix = fix ? arena_string(m->arena, fix) : NULL;
	return o->text;
}

const char *plan_fix(enum err_kind kind)
{
	static const struct {
		enum err_kind kind;
		const char *fix;
	} fixes[] = {
		{ERR_NO_TARGET,
		 "name the process of the app itself; bare unslow lists the servers"},
		{ERR_UNSUPPORTED, "use a newer unslow; `unslow run` verifies by itself"},
	};
	for (size_t i = 0; i < sizeof fixes / sizeof *fixes; i++)
		if (fixes[i].kind == kind)
			return fixes[i].fix;
	return NULL;
}

/* --- processes ------------------------------------------------------------------------- */

/* Returns the text. */
static const char *refuse(struct making *m, int pid, const struct err *why)
{
	struct access_facts facts;
	struct access_verdict verdict = {0};
	const char *text = why->text, *fix = plan_fix(why->kind);
	if (why->kind == ERR_PERMISSION) {
		access_facts(pid, &facts);
		verdict = access_judge(&facts);
	}
	if (verdict.because) {
		text = text_of(m->arena, "process %d (user %u) %s", pid, (unsigned)facts.target_uid,
			       verdict.because);
		fix = verdict.fix;
	}
	return stands_in_the_way(m, text, fix);
}

static bool is_in_tree(const struct making *m, int pid)
{
	for (int i = 0; i < m->count; i++)
		if (m->pids[i] == pid)
			return true;
	return false;
}

/* Memory and layout as attach's start reads them, but with nothing held still. */
static enum err_kind look(struct making *m, int pid, struct plan_process *out, struct err *e)
{
	struct python_process process;
	struct still still;
	char version[16];
	still_begin(&still);
	still.never_stop = true;
	enum err_kind kind = python_process_open(pid, &process, e);
	if (kind == ERR_OK) {
		out->version = arena_string(m->arena, python_process_version(&process, version));
		kind = python_process_check(&process, &still, e);
	}
	still_end(&still);
	python_process_close(&process);
	return kind;
}

/* A process that another program traces lets no thread be stopped by us. */
static void choose_engine(struct making *m, struct plan_process *p)
{
	const int tracer = proc_tracer(p->pid);
	const enum sampled_engine asked = m->wish->engine;
	const bool gives_way = tracer && asked == SAMPLED_AUTO;
	const struct sampled_choice choice =
		sampled_engine_choice(gives_way ? SAMPLED_PREFIX : asked);
	p->engine = choice.name;
	p->reason = gives_way ? text_of(m->arena,
					"process %d traces it, so no thread can be "
					"stopped; %s",
					tracer, choice.reason)
			      : choice.reason;
	if (tracer && asked == SAMPLED_STOP)
		stands_in_the_way(m,
				  text_of(m->arena,
					  "process %d is traced by process %d, so none of its "
					  "threads can be stopped",
					  p->pid, tracer),
				  "end that program, or use --never-stop");
}

static void add_process(struct making *m, int pid)
{
	struct proc_stat now = {0};
	struct err why = {0};
	struct plan_process p = {.pid = pid, .engine = "none"};
	enum err_kind kind = proc_read_stat(pid, &now, &why);
	if (kind == ERR_OK) {
		p.threads = now.threads;
		p.above_pid = pid != m->wish->root_pid && is_in_tree(m, now.parent_pid)
				      ? now.parent_pid
				      : 0;
		/* the place of its stack is chosen anew at each exec, and kept by a fork */
		p.is_fork = p.above_pid && proc_stack_start(pid) == proc_stack_start(p.above_pid);
		kind = look(m, pid, &p, &why);
	} else if (pid != m->wish->root_pid) {
		return; /* it ended meanwhile */
	}
	if (kind == ERR_OK) {
		choose_engine(m, &p);
		m->watched++;
	} else {
		if (m->first.kind == ERR_OK)
			m->first = why;
		/* what a tree has beside its Pythons is no news; unless it has none */
		p.reason = kind != ERR_NO_TARGET || m->count == 1
				   ? refuse(m, pid, &why)
				   : arena_string(m->arena, why.text);
	}
	*vec_push(&m->processes) = p;
}

/* --- what would be done ------------------------------------------------------------------- */

/* Where each is read: target/, probe/host.c, probe/turnover.c, rules/source_line.c. */
static const struct plan_fact facts[] = {
	{"reads", "memory",
	 "by process_vm_readv(2): interpreter, threads, frames, code objects (names, files, line "
	 "tables), the words of the GIL; of a blocked call what it waits on"},
	{"reads", "/proc/PID",
	 "stat, status, statm, exe, cmdline, maps, fd, fdinfo, ns/net; of each thread stat, "
	 "status, schedstat, syscall, children"},
	{"reads", "sockets",
	 "who is at their other end, and which connections ended: net/tcp, tcp6, udp, udp6 and "
	 "unix of /proc/PID, at most four times a second"},
	{"reads", "the machine", "/proc/stat, schedstat, meminfo, loadavg and sys/fs/file-nr"},
	{"reads", "source", "when it answers, the lines that it names"},
	{"writes", "the target", "nothing, and nothing is loaded into it"},
	{"writes", "this machine", "the recording alone"},
	{"holds", "of code", "functions, files and lines of stacks, when and in which state"},
	{"holds", "of threads", "numbers, CPU time, waits for the CPU, in which call and for whom"},
	{"holds", "of peers",
	 "addresses, ports, socket and file names, how many are open or ended"},
	{"holds", "of the rest",
	 "the command line without its secrets, the host's name, kernel, CPU and memory in use"},
	{"never", "values",
	 "variables, arguments, statements and their parameters, bodies, headers, query strings, "
	 "environment"},
};

static void add_fact(struct making *m, const char *section, const char *item, const char *text)
{
	*vec_push(&m->facts) = (struct plan_fact){section, item, text};
}

static void add_stops(struct making *m)
{
	const bool raises = m->wish->keep_rate;
	if (sampled_engine_choice(m->wish->engine).never_stop) {
		add_fact(m, "stops", "nothing", "each process is read while it runs");
		return;
	}
	add_fact(m, "stops", "which",
		 "the thread that holds the GIL if it runs at that moment, by ptrace(2), for one "
		 "look; where the GIL is free, threads that run; never one that is blocked in a "
		 "call");
	add_fact(m, "stops", "how often",
		 text_of(m->arena,
			 "each process is looked at %.0f times a second at most%s; a look stops it "
			 "once, up to %d times where it does not hold, and before the first one "
			 "until its layout is proved",
			 m->wish->rate_hz,
			 raises ? " (--rate)"
				: text_of(m->arena,
					  ", less if that costs more than %.0f %% of a core",
					  100 * SAMPLER_CPU_SHARE),
			 LOOK_TRIES));
	add_fact(m, "stops", "how long",
		 text_of(m->arena,
			 "at most %.1f %% of the time, all threads together, from the first look "
			 "on: where one would be beyond it it is not made; what it was is printed "
			 "at the end",
			 100 * SAMPLER_STOP_SHARE));
}

static void add_facts(struct making *m)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		*vec_push(&m->facts) = facts[i];
	add_stops(m);
}

static enum err_kind add_recording(struct making *m, struct plan *out)
{
	const struct plan_wish *wish = m->wish;
	char path[PATH_MAX];
	struct err e = {0};
	const char *name = wish->name ? wish->name : command_server(wish->root_pid, m->arena);
	if (recording_path_foresee(path, wish->output, name, &e) != ERR_OK) {
		stands_in_the_way(m, e.text,
				  wish->output ? NULL : "name a file that can be made: -o FILE");
		return e.kind;
	}
	if (m->watched == 0)
		return ERR_OK;
	out->recording = arena_string(m->arena, path);
	add_fact(m, "where", "recording",
		 text_of(m->arena, "%s, readable by you alone (0600), at most %llu MiB",
			 out->recording, (unsigned long long)(wish->max_bytes >> 20)));
	return ERR_OK;
}

#define KEEP(arena, list) \
	((list).count ? memcpy(arena_alloc(arena, (list).count * sizeof *(list).items), \
			       (list).items, (list).count * sizeof *(list).items) \
		      : NULL)

void plan_make(const struct plan_wish *wish, struct arena *arena, struct plan *out)
{
	struct making *m = mem_alloc(sizeof *m);
	*m = (struct making){.wish = wish, .arena = arena};
	*out = (struct plan){
		.root_pid = wish->root_pid,
		.command = command_text(wish->root_pid, arena),
		.rate_hz = wish->rate_hz,
		.stop_share =
			sampled_engine_choice(wish->engine).never_stop ? 0 : SAMPLER_STOP_SHARE,
		.max_bytes = wish->max_bytes,
	};
	m->count = proc_tree(wish->root_pid, m->pids, TREE_MAX);
	for (int i = 0; i < m->count; i++)
		add_process(m, m->pids[i]);
	if (m->watched > 0)
		add_facts(m);
	else if (m->obstacles.count == 0)
		refuse(m, wish->root_pid, &m->first);
	const enum err_kind recording = add_recording(m, out);
	/* attach makes its file first */
	if (recording != ERR_OK)
		out->status = err_exit_status(recording);
	else if (m->watched == 0)
		out->status = err_exit_status(m->first.kind);
	out->processes = KEEP(arena, m->processes);
	out->process_count = m->processes.count;
	out->facts = KEEP(arena, m->facts);
	out->fact_count = m->facts.count;
	out->obstacles = KEEP(arena, m->obstacles);
	out->obstacle_count = m->obstacles.count;
	vec_free(&m->processes);
	vec_free(&m->facts);
	vec_free(&m->obstacles);
	free(m);
}

/* unslow: the table of verbs and the way into it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/help.h"
#include "cmd/list.h"

#define GROUP_RECORD "Find the cause"
#define GROUP_READ "Look closer"
#define GROUP_LOAD "Put it under load"
#define GROUP_CARE "When something does not work"

const struct verb verbs[] = {
	{
		.name = "run",
		.group = GROUP_RECORD,
		.operands = "-- CMD…",
		.summary = "start an app, watch it, say why it is slow at Ctrl-C or exit",
		.options = run_options,
		.details =
			"The command keeps its terminal, input, output, signals and exit status. "
			"The\n"
			"answer goes to standard error, the evidence to a recording: "
			"unslow-NAME-TIME.rec\n"
			"here, or in the state directory (~/.local/state/unslow) where this one "
			"cannot be\n"
			"written. Statements are kept without their values; no bodies, headers or\n"
			"variables are stored.\n"
			"\n"
			"Exit status: the command's own if it is not zero (126 cannot be executed, "
			"127 not\n"
			"found, 128+n killed by signal n); else 1 if --fail-on was crossed; 125 if "
			"unslow\n"
			"itself failed. A command that --for stopped, and that ended by that "
			"signal, has not\n"
			"failed; nor has a server, whatever status it ends with then.\n",
		.examples =
			"  unslow run -- gunicorn app:app\n"
			"      watch until Ctrl-C\n"
			"  unslow run -d 30s --fail-on 'p99>50ms' -- python -m uvicorn app:app\n"
			"      watch for 30 seconds, exit with 1 if one request in a hundred took "
			"longer\n"
			"  unslow run --calls=shop.views,@top20 -- gunicorn shop:app\n"
			"      count each call of a module and of the last recording's top\n",
		.run = cmd_run,
		.stop_at_operand = true,
	},
	{
		.name = "attach",
		.group = GROUP_RECORD,
		.operands = "TARGET",
		.summary = "watch a service that already runs, and say where its time goes",
		.options = attach_options,
		.details = "TARGET is a process id, :PORT or a name; workers that come later are "
			   "watched, "
			   "too.\n"
			   "The target is only read: a thread that runs Python is stopped for each "
			   "look, "
			   "at\n"
			   "most 0.5 % of the time, which is printed. Requests and calls cannot be "
			   "counted "
			   "from\n"
			   "outside: `unslow run` does. The answer goes to standard output.\n",
		.examples =
			"  unslow attach :8000 --for 20s\n"
			"      look at the server on port 8000 for 20 seconds\n"
			"  unslow attach 4121 --calls=shop.views --for 10s\n"
			"      count calls for ten seconds, in a process that `unslow run` "
			"watches\n"
			"  unslow attach 4121 --calls=off\n"
			"      count no more; unslow show funcs REC has what was counted, REC is "
			"that "
			"run's\n"
			"  unslow attach :8000 --dry-run\n"
			"      what would be read, stopped and recorded, and what stands in the "
			"way\n",
		.run = cmd_attach,
	},
	{
		.name = "why",
		.group = GROUP_RECORD,
		.operands = "[REC]",
		.summary = "root causes of a recording (the last one, if none is named)",
		.options = why_options,
		.examples = "  unslow why\n"
			    "      the answer of the last recording again\n"
			    "  unslow why --json app.rec\n"
			    "      the same as unslow.findings/1, for programs\n"
			    "  unslow why --explain db-connection-per-request\n"
			    "      what this cause is, how it is known, how to cure it\n",
		.run = cmd_why,
	},
	{
		.name = "show",
		.group = GROUP_READ,
		.operands = "VIEW [REC]",
		.summary = "one view of a recording as a table; without VIEW: which there are",
		.options = show_options,
		.details =
			"Exit status: 1 what a view is of was not recorded (calls not counted, "
			"memory not\n"
			"sampled, no heap walked), or the filters leave nothing of it: stderr says "
			"why and\n"
			"what to type; --json prints columns without rows, and the same as a note. "
			"What was\n"
			"looked for and is not there, as of statements in a run without a "
			"database, is an\n"
			"answer: 0.\n",
		.examples =
			"  unslow show requests --slowest 5\n"
			"      the five slowest requests\n"
			"  unslow show flame --app --route /orders\n"
			"      where requests to /orders spend their time, by your own functions\n"
			"  unslow show calls --function cart\n"
			"      who calls it and what it calls, where calls were counted\n"
			"  unslow show memory --sort growth\n"
			"      which lines keep more and more, where memory was sampled\n"
			"  unslow show sql --json app.rec\n"
			"      statements of this recording, for programs\n",
		.run = cmd_show,
	},
	{
		.name = "diff",
		.group = GROUP_READ,
		.operands = "A B",
		.summary = "is B slower than A: by how much, how sure, and where it came from",
		.options = diff_options,
		.details = "A and B are results of `unslow load --json` (a file may hold several, "
			   "one\n"
			   "after another), recordings, or with --commands two lines for the "
			   "shell. These\n"
			   "run in turns, A B B A or B A A B by lot, so that what drifts is in "
			   "both; each\n"
			   "once before as a warm-up. One that prints what `unslow load --json` "
			   "does is\n"
			   "compared by that, else by its wall and CPU time.\n"
			   "\n"
			   "B/A has a 95 % interval. The A/A floor is the change that A against "
			   "itself shows\n"
			   "in 19 of 20 cases. A difference is called where the interval leaves "
			   "none out, it\n"
			   "is larger than the floor, and swapping A and B at random hardly ever "
			   "does as\n"
			   "much. One metric decides, p50 or else wall; all together call A "
			   "against A\n"
			   "different once in 50 comparisons at most. One run each cannot show the "
			   "noise\n"
			   "between runs (--commands can): called is what lies beyond a factor of "
			   "2, of\n"
			   "errors beyond a point.\n"
			   "\n"
			   "--fail-on is crossed where a difference is called and its whole "
			   "interval is\n"
			   "beyond the limit. Where the answer is \"cannot tell\" and the limit is "
			   "not ruled\n"
			   "out, it was not judged: this counts as crossed, and stderr says so.\n"
			   "\n"
			   "Exit status: 1 --fail-on was crossed or not judged, or a command "
			   "failed; 5 a\n"
			   "file that cannot be read.\n",
		.examples =
			"  unslow diff before.json after.json\n"
			"      two results of `unslow load URL --json`\n"
			"  unslow diff before.rec after.rec\n"
			"      two recordings: metrics, routes, states and lines that changed\n"
			"  unslow diff --commands --fail-on 'p99>+5%' \\\n"
			"      'unslow load :8001 -d 1s --json' 'unslow load :8002 -d 1s --json'\n"
			"      two servers that run, twenty times each, in turns\n",
		.run = cmd_diff,
	},
	{
		.name = "time",
		.group = GROUP_READ,
		.operands = "'SNIPPET'… | MOD:FUNC… -- CMD",
		.summary = "what lines of Python cost, or each call of a function",
		.options = time_options,
		.details =
			"The snippets are called A, B, C … Each is run in blocks of 2 ms or more; "
			"the "
			"blocks\n"
			"take turns in one interpreter, and up to twelve are started one after "
			"another. A\n"
			"runs twice in each turn: what it shows against itself is the noise floor. "
			"B "
			"differs\n"
			"from A where the 95 % interval of B/A leaves 1 out, the difference is "
			"larger than\n"
			"that, and swapping A and B at random hardly ever does as much. Wall time "
			"decides;\n"
			"on a busy machine, of snippets that do not wait, CPU time. The time of an "
			"empty "
			"loop\n"
			"is taken off. Setup and snippet share one function, as in timeit; the "
			"collector "
			"is\n"
			"off, as there. What a snippet prints is thrown away.\n"
			"\n"
			"With a command: each call of these functions is counted and timed while "
			"it runs, "
			"as\n"
			"`unslow run --calls` does, and printed at its end; the program is not "
			"edited. The\n"
			"main script's module is __main__; `*` stands for any characters.\n"
			"\n"
			"Exit status: 1 a snippet fails (what Python says of it is on stderr), or "
			"--fail-on\n"
			"was crossed; 3 no such Python; with a command as `unslow run`.\n",
		.examples =
			"  unslow time -s 'x = list(range(100))' '[n for n in x]' 'list(x)'\n"
			"      is one quicker than the other, by how much, how sure\n"
			"  unslow time --python .venv/bin/python -s 'import app' 'app.total(9)'\n"
			"      a function of your own, with the packages of that environment\n"
			"  unslow time -s 'import old, new' 'old.f()' 'new.f()' --fail-on "
			"'wall>+5%'\n"
			"      a gate for continuous integration\n"
			"  unslow time app.views:order_list -- gunicorn app:app\n"
			"      how long each call took, and what is inside, in a program as it "
			"is\n",
		.run = cmd_time,
	},
	{
		.name = "dump",
		.group = GROUP_READ,
		.operands = "TARGET",
		.summary = "every stack of a running Python now, and what its asyncio tasks await",
		.options = dump_options,
		.details = "TARGET is a process id, :PORT (the server that listens on it) or the "
			   "name of "
			   "a\n"
			   "program; the processes it started are shown, too. The target is only "
			   "read. A\n"
			   "thread that runs Python at that moment is stopped for the look, mostly "
			   "below "
			   "a\n"
			   "millisecond, which is printed; blocked threads are not touched.\n"
			   "\n"
			   "Exit status: 3 no such target, or not a CPython 3.8 to 3.13; 4 no "
			   "permission.\n",
		.examples = "  unslow dump :8000\n"
			    "      what the server on port 8000 and its workers do now\n"
			    "  unslow dump --json 4242\n"
			    "      the same of process 4242, for programs\n",
		.run = cmd_dump,
	},
	{
		.name = "export",
		.group = GROUP_READ,
		.operands = "FORMAT [REC]",
		.summary =
			"a recording for other tools: json, svg, speedscope, pstats, callgrind …",
		.options = export_options,
		.details =
			"Exit status: 1 what a format is of was not recorded (calls not counted, "
			"memory not\n"
			"sampled), or the filters leave nothing of it: nothing is written, stderr "
			"says why\n"
			"and what to type.\n",
		.examples =
			"  unslow export json -o findings.json\n"
			"      findings, ledger and facts of the last recording\n"
			"  unslow export svg -o flame.svg\n"
			"      a flame graph of its samples, to open in a browser\n"
			"  unslow export pstats -o app.prof && snakeviz app.prof\n"
			"      calls that were counted (run --calls), for Python's pstats; times "
			"hold what\n"
			"      was suspended, tottime too (an await); of CPU alone: --clock cpu\n"
			"  unslow export pprof -o heap.pb.gz && pprof -http=: heap.pb.gz\n"
			"      the sampled heap (run --memory); over time: unslow export memory -o "
			"m.svg\n"
			"  unslow export collapsed --clock cpu | flamegraph.pl --countname=us\n"
			"      folded stacks, weighed by CPU time in microseconds\n",
		.run = cmd_export,
	},
	{
		.name = "load",
		.group = GROUP_LOAD,
		.operands = "URL",
		.summary = "open-loop load at a constant or Poisson rate, with latency to believe",
		.options = load_options,
		.details = "URL is http://HOST:PORT/PATH, https://…, unix:/run/app.sock:/path; "
			   ":8000/path is\n"
			   "http://127.0.0.1:8000/path. Requests are sent when they are due, "
			   "whether or not\n"
			   "earlier ones were answered: `response` is counted from that time, "
			   "`service` from\n"
			   "the real send. What is unanswered at the end, or was never sent, "
			   "counts at its\n"
			   "age. Ctrl-C ends the load and prints what there is.\n"
			   "\n"
			   "Exit status: 0 the load was made, whatever came of it; 1 --fail-on was "
			   "crossed;\n"
			   "3 no server there.\n",
		.examples = "  unslow load -R 200 -d 30s http://127.0.0.1:8000/orders\n"
			    "      200 requests a second for half a minute\n"
			    "  unslow load --poisson -R 50 --warm-up 2s :8000\n"
			    "      as users come, after two seconds that do not count\n"
			    "  unslow load -X POST --body @order.json -H 'Content-Type: "
			    "application/json' \\\n"
			    "      -R 20 --fail-on 'p99>250ms,errors>0' :8000/orders\n"
			    "      a gate for continuous integration\n",
		.run = cmd_load,
	},
	{
		.name = "doctor",
		.group = GROUP_CARE,
		.operands = "[TARGET]",
		.summary =
			"can it work here or on a process, and the one line that fixes it if not",
		.options = doctor_options,
		.examples =
			"  unslow doctor\n"
			"      this machine: the agent, Pythons and servers on PATH\n"
			"  unslow doctor :8000\n"
			"      the process that listens there: may it be looked at, is the agent "
			"in it,\n"
			"      and what attach would do\n",
		.run = cmd_doctor,
	},
	{
		.name = "detach",
		.group = GROUP_CARE,
		.operands = "TARGET",
		.summary = "put the agent in a process and its children to sleep at once",
		.options = detach_options,
		.examples = "  unslow detach $(pgrep -of 'unslow run')\n"
			    "      all that this run started: the app goes on, nothing more is "
			    "recorded\n"
			    "  unslow detach :8000\n"
			    "      the server on port 8000 and what it started\n",
		.run = cmd_detach,
	},
	{0},
};

/* `unslow FILE.rec` is `unslow why FILE.rec`. */
static bool is_recording(const char *word)
{
	return str_ends_with(word, ".rec") || (strchr(word, '/') && access(word, R_OK) == 0);
}

static int unknown_verb(const char *name)
{
	const struct verb *nearest = verb_nearest(name);
	fputs("unslow: there is no verb '", stderr);
	log_text(stderr, name);
	fputc('\'', stderr);
	if (nearest)
		fprintf(stderr, "; did you mean `unslow %s`?", nearest->name);
	else
		fputs("; to watch a command: unslow run -- CMD", stderr);
	fputs("\nTry: unslow --help\n", stderr);
	return err_exit_status(ERR_USAGE);
}

/* `unslow help` is `unslow --help`, `unslow help VERB` is `unslow VERB --help`. */
static int help_about(const char *name)
{
	const struct verb *verb = name ? verb_find(name) : NULL;
	if (name && !verb)
		return unknown_verb(name);
	if (verb)
		help_verb(verb, stdout);
	else
		help_all(stdout);
	return 0;
}

/* stdout may have been a full disk or a closed pipe. */
static int finish(int status)
{
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
		fputs("unslow: the output could not be written\n", stderr);
		return 1;
	}
	return status;
}

/* Started with its streams closed, the first files it opens would be taken for them. They are
 * closed again for a command that is started. */
static void fill_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) != fd)
			abort();
}

int main(int argc, char **argv)
{
	fill_streams();
	struct common_values common = {0};
	const struct opt_set sets[] = {{common_options, &common}, {0}};
	struct opt_result result;
	struct err e = {0};
	if (opt_parse(sets, argc, argv, true, &result, &e) != ERR_OK) {
		fputs("unslow: ", stderr);
		log_text(stderr, e.text);
		fputs("\nTry: unslow --help\n", stderr);
		return err_exit_status(e.kind);
	}
	if (!common_apply(&common, NULL))
		return finish(0);
	if (result.operand_count == 0)
		return finish(list_servers());
	const char *name = result.operands[0];
	if (strcmp(name, "__complete") == 0) {
		help_completion(stdout);
		return finish(0);
	}
	if (strcmp(name, "__man") == 0) {
		help_man(stdout);
		return finish(0);
	}
	if (strcmp(name, "help") == 0)
		return finish(help_about(result.operands[1]));
	const struct verb *verb = verb_find(name);
	if (verb)
		return finish(verb->run(result.operand_count, result.operands));
	if (!is_recording(name))
		return unknown_verb(name);
	/* Word 0 is the verb's own. */
	char **words = calloc((size_t)result.operand_count + 2, sizeof *words);
	if (!words)
		abort();
	words[0] = "why";
	memcpy(words + 1, result.operands, (size_t)result.operand_count * sizeof *words);
	const int status = cmd_why(result.operand_count + 1, words);
	free(words);
	return finish(status);
}

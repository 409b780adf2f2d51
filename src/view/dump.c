#include "view/dump.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "view/text.h"

enum { FUNCTION_COLUMNS = 28, INDENT = 6, TIDS_NAMED_MAX = 12 };

/* --- text -------------------------------------------------------------------- */

/* What a state is called in JSON, and how its sentence begins. */
static const struct {
	const char *name, *text;
	bool says_call;
} states[] = {
	[SNAPSHOT_RUNNING] = {"running", "running", false},
	[SNAPSHOT_GIL] = {"gil", "waits for the GIL", false},
	[SNAPSHOT_CALL] = {"call", "blocked in", true},
	[SNAPSHOT_LOCK] = {"lock", "waits for a lock, in", true},
	[SNAPSHOT_SLEEP] = {"sleep", "sleeps, in", true},
	[SNAPSHOT_CHILD] = {"child", "waits for a child process, in", true},
	[SNAPSHOT_OTHER] = {"other", "blocked in", true},
	[SNAPSHOT_STOPPED] = {"stopped", "stopped by a signal or a debugger", false},
	[SNAPSHOT_UNKNOWN] = {"unknown", "the kernel does not say what it does", false},
};

static const char *const task_states[] = {
	[SNAPSHOT_TASK_WAITING] = "waiting",
	[SNAPSHOT_TASK_READY] = "ready",
	[SNAPSHOT_TASK_RUNNING] = "running",
};

static void print_state(const struct snapshot_process *p, const struct snapshot_thread *t,
			FILE *out)
{
	fputs(states[t->state].text, out);
	if (states[t->state].says_call)
		fprintf(out, " %s", t->call ? t->call : "a system call");
	if (t->descriptor >= 0)
		fprintf(out, " on %d", t->descriptor);
	if (t->leads_to) {
		fputs(" → ", out);
		text_clean(out, t->leads_to);
	}
	if (t->holds_gil)
		fputs(", holds the GIL", out);
	for (size_t i = 0; t->state == SNAPSHOT_GIL && i < p->thread_count; i++)
		if (p->threads[i].holds_gil)
			fprintf(out, ", which thread %d holds", p->threads[i].tid);
}

static void print_frames(const struct snapshot_frame *frames, size_t count, FILE *out, bool colour,
			 int width)
{
	for (size_t i = 0; i < count; i++) {
		const struct snapshot_frame *f = &frames[i];
		const int pad = FUNCTION_COLUMNS - (int)text_columns(f->function);
		const char *style = f->kind == CODE_APP ? log_style(colour, STYLE_BOLD) : "";
		fprintf(out, "%*s%s", INDENT, "", style);
		text_clean(out, f->function);
		fprintf(out, "%s%*s ", *style ? log_style(colour, STYLE_NONE) : "",
			pad > 0 ? pad : 0, "");
		const int left =
			width - INDENT - (pad > 0 ? FUNCTION_COLUMNS : FUNCTION_COLUMNS - pad) - 8;
		text_clip_left(out, text_path(f->file), left > 20 ? left : 20);
		if (f->line)
			fprintf(out, ":%d", f->line);
		fputc('\n', out);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_alike(const struct snapshot_thread *a, const struct snapshot_thread *b)
{
	if (a->state != b->state || a->holds_gil || b->holds_gil ||
	    a->frame_count != b->frame_count || !same_text(a->call, b->call) ||
	    a->descriptor != b->descriptor || !same_text(a->leads_to, b->leads_to))
		return false;
	for (size_t i = 0; i < a->frame_count; i++)
		if (a->frames[i].line != b->frames[i].line ||
		    strcmp(a->frames[i].function, b->frames[i].function) != 0 ||
		    strcmp(a->frames[i].file, b->frames[i].file) != 0)
			return false;
	return true;
}

static void print_thread(const struct snapshot_process *p, size_t which, FILE *out, bool colour,
			 int width)
{
	const struct snapshot_thread *t = &p->threads[which];
	size_t alike = 0;
	for (size_t i = 0; i < which; i++)
		if (is_alike(&p->threads[i], t))
			return; /* printed with that one */
	for (size_t i = which; i < p->thread_count; i++)
		alike += i == which || is_alike(&p->threads[i], t);
	fprintf(out, "\n  %s", alike > 1 ? "threads" : "thread");
	for (size_t i = which, named = 0; i < p->thread_count && named < TIDS_NAMED_MAX; i++)
		if (i == which || is_alike(&p->threads[i], t)) {
			fprintf(out, " %d", p->threads[i].tid);
			named++;
		}
	if (alike > TIDS_NAMED_MAX)
		fprintf(out, " and %zu more", alike - TIDS_NAMED_MAX);
	if (t->name && alike == 1) {
		fputc(' ', out);
		text_clean(out, t->name);
	}
	fputs(": ", out);
	print_state(p, t, out);
	fputc('\n', out);
	print_frames(t->frames, t->frame_count, out, colour, width);
	if (t->frame_count == 0)
		fprintf(out, "%*sruns no Python now\n", INDENT, "");
	if (t->skipped)
		fprintf(out, "%*s… and %zu older frames\n", INDENT, "", t->skipped);
}

static void print_tasks(const struct snapshot_process *p, FILE *out, bool colour, int width)
{
	for (size_t i = 0; i < p->task_count; i++) {
		const struct snapshot_task *t = &p->tasks[i];
		fputs("\n  task ", out);
		text_clean(out, t->name);
		fprintf(out, ": %s", task_states[t->state]);
		if (*t->awaits) {
			fputs(" for ", out);
			text_clean(out, t->awaits);
		}
		fputs(", outermost first\n", out);
		print_frames(t->frames, t->frame_count, out, colour, width);
	}
	if (p->tasks_unread)
		fprintf(out,
			"\n  %zu more tasks are not shown: too many to read while a thread "
			"stands, or not asyncio's own kind\n",
			p->tasks_unread);
	if (p->has_greenlet)
		fputs("\n  greenlet is loaded: greenlets that are switched out are not read; shown "
		      "is "
		      "the one that runs on each thread\n",
		      out);
}

void view_dump_text(const struct snapshot_process *processes, size_t count, FILE *out, bool colour,
		    int width)
{
	for (size_t i = 0; i < count; i++) {
		const struct snapshot_process *p = &processes[i];
		fprintf(out, "%s%sprocess %d: ", i ? "\n" : "", log_style(colour, STYLE_BOLD),
			p->pid);
		text_clean(out, p->command);
		fprintf(out, "%s\n  CPython %s, %zu thread%s", log_style(colour, STYLE_NONE),
			p->python, p->thread_count, p->thread_count == 1 ? "" : "s");
		if (p->has_asyncio)
			fprintf(out, ", %zu asyncio task%s", p->task_count,
				p->task_count == 1 ? "" : "s");
		if (p->stops)
			fprintf(out, "; stopped for this look: %u time%s, %.2f ms in all", p->stops,
				p->stops == 1 ? "" : "s", (double)p->stopped_ns / 1e6);
		else
			fputs("; nothing was stopped", out);
		fputc('\n', out);
		for (size_t k = 0; k < p->thread_count; k++)
			print_thread(p, k, out, colour, width);
		print_tasks(p, out, colour, width);
	}
}

/* --- JSON -------------------------------------------------------------------- */

static const struct {
	const char *name, *type;
} columns[] = {
	{"pid", "integer"},        {"tid", "integer"},     {"name", "string"},
	{"gil", "string"},         {"state", "string"},    {"call", "string"},
	{"descriptor", "integer"}, {"leads_to", "string"}, {"function", "string"},
	{"file", "string"},        {"line", "integer"},
};

static const char *gil_of(const struct snapshot_thread *t)
{
	return t->holds_gil ? "holder" : t->state == SNAPSHOT_GIL ? "waits" : NULL;
}

static void int_or_null(struct json *j, int64_t value, bool is_known)
{
	if (is_known)
		json_int(j, value);
	else
		json_null(j);
}

static void thread_row(struct json *j, const struct snapshot_process *p,
		       const struct snapshot_thread *t)
{
	const struct snapshot_frame *newest = t->frame_count ? t->frames : NULL;
	json_array(j);
	json_int(j, p->pid);
	int_or_null(j, t->tid, t->tid != 0);
	json_string(j, t->name);
	json_string(j, gil_of(t));
	json_string(j, states[t->state].name);
	json_string(j, t->call);
	int_or_null(j, t->descriptor, t->descriptor >= 0);
	json_string(j, t->leads_to);
	json_string(j, newest ? newest->function : NULL);
	json_string(j, newest ? newest->file : NULL);
	int_or_null(j, newest ? newest->line : 0, newest && newest->line);
	json_array_end(j);
}

static void json_frames(struct json *j, const struct snapshot_frame *frames, size_t count)
{
	json_key(j, "frames");
	json_array(j);
	for (size_t i = 0; i < count; i++) {
		json_object(j);
		json_key(j, "function");
		json_string(j, frames[i].function);
		json_key(j, "file");
		json_string(j, frames[i].file);
		json_key(j, "line");
		int_or_null(j, frames[i].line, frames[i].line != 0);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_thread(struct json *j, const struct snapshot_thread *t)
{
	json_object(j);
	json_key(j, "tid");
	int_or_null(j, t->tid, t->tid != 0);
	json_key(j, "name");
	json_string(j, t->name);
	json_key(j, "gil");
	json_string(j, gil_of(t));
	json_key(j, "state");
	json_string(j, states[t->state].name);
	json_key(j, "call");
	json_string(j, t->call);
	json_key(j, "descriptor");
	int_or_null(j, t->descriptor, t->descriptor >= 0);
	json_key(j, "leads_to");
	json_string(j, t->leads_to);
	json_frames(j, t->frames, t->frame_count);
	json_key(j, "frames_skipped");
	json_uint(j, t->skipped);
	json_object_end(j);
}

static void json_tasks(struct json *j, const struct snapshot_process *p)
{
	json_key(j, "tasks");
	json_array(j);
	for (size_t i = 0; i < p->task_count; i++) {
		const struct snapshot_task *t = &p->tasks[i];
		json_object(j);
		json_key(j, "name");
		json_string(j, t->name);
		json_key(j, "state");
		json_string(j, task_states[t->state]);
		json_key(j, "awaits");
		json_string(j, *t->awaits ? t->awaits : NULL);
		json_frames(j, t->frames, t->frame_count);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "tasks_unread");
	json_uint(j, p->tasks_unread);
	json_key(j, "greenlets");
	json_string(j, p->has_greenlet ? "not read" : NULL);
}

static void json_process(struct json *j, const struct snapshot_process *p)
{
	json_object(j);
	json_key(j, "pid");
	json_int(j, p->pid);
	json_key(j, "command");
	json_string(j, p->command);
	json_key(j, "python");
	json_string(j, p->python);
	json_key(j, "threads");
	json_array(j);
	for (size_t k = 0; k < p->thread_count; k++)
		json_thread(j, &p->threads[k]);
	json_array_end(j);
	json_tasks(j, p);
	json_key(j, "probe");
	json_object(j);
	json_key(j, "looks");
	json_uint(j, p->looks);
	json_key(j, "looks_torn");
	json_uint(j, p->torn);
	json_key(j, "threads_stopped");
	json_uint(j, p->stops);
	json_key(j, "stopped_ms");
	json_number(j, (double)p->stopped_ns / 1e6, 6);
	json_key(j, "longest_stop_ms");
	json_number(j, (double)p->longest_ns / 1e6, 6);
	json_object_end(j);
	json_object_end(j);
}

void view_dump_json(const struct snapshot_process *processes, size_t count, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.view/1");
	json_key(&j, "view");
	json_string(&j, "dump");
	json_key(&j, "columns");
	json_array(&j);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		json_object(&j);
		json_key(&j, "name");
		json_string(&j, columns[i].name);
		json_key(&j, "unit");
		json_null(&j);
		json_key(&j, "type");
		json_string(&j, columns[i].type);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_key(&j, "rows");
	json_array(&j);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < processes[i].thread_count; k++)
			thread_row(&j, &processes[i], &processes[i].threads[k]);
	json_array_end(&j);
	json_key(&j, "processes");
	json_array(&j);
	for (size_t i = 0; i < count; i++)
		json_process(&j, &processes[i]);
	json_array_end(&j);
	json_object_end(&j);
}

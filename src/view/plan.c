#include "view/plan.h"

#include <stdbool.h>
#include <string.h>

#include "base/log.h"
#include "view/text.h"

enum {
	INDENT = 2,
	ITEM_COLUMNS = 14,
	ROLE_COLUMNS = 17,
	VERSION_COLUMNS = 8,
	COMMAND_COLUMNS = 60
};

/* In the order in which they are printed. */
static const struct {
	const char *section, *heading;
} sections[] = {
	{"reads", "Reads"},
	{"stops", "Stops"},
	{"writes", "Writes or loads"},
	{"holds", "The recording holds"},
	{"never", "and never"},
	{"where", "Where it goes"},
};

/* --- text -------------------------------------------------------------------- */

static void print_heading(const char *text, FILE *out, bool colour)
{
	fprintf(out, "\n%s%s%s\n", log_style(colour, STYLE_BOLD), text,
		log_style(colour, STYLE_NONE));
}

static const char *role_of(const struct plan_process *p, char *text, size_t size)
{
	if (!p->above_pid)
		return "root";
	snprintf(text, size, "%s of %d", p->is_fork ? "worker" : "child", p->above_pid);
	return text;
}

static bool is_obstacle(const struct plan *plan, const char *reason)
{
	for (size_t i = 0; i < plan->obstacle_count; i++)
		if (strcmp(plan->obstacles[i].text, reason) == 0)
			return true;
	return false;
}

static void print_processes(const struct plan *plan, FILE *out, bool colour, int width)
{
	char role[32];
	print_heading("Processes", out, colour);
	fprintf(out, "  %7s  %-*s  %-*s  %7s  engine\n", "pid", ROLE_COLUMNS, "role",
		VERSION_COLUMNS, "CPython", "threads");
	for (size_t i = 0; i < plan->process_count; i++) {
		const struct plan_process *p = &plan->processes[i];
		const bool is_new = i == 0 || strcmp(p->reason, plan->processes[i - 1].reason) != 0;
		const int at = fprintf(out, "  %7d  %-*s  %-*s  %7u  ", p->pid, ROLE_COLUMNS,
				       role_of(p, role, sizeof role), VERSION_COLUMNS,
				       p->version ? p->version : "-", p->threads);
		fputs(p->engine, out);
		/* said once where it is the same for all */
		if (is_new) {
			fputc(':', out);
			text_wrap(out, is_obstacle(plan, p->reason) ? "see below" : p->reason,
				  at + (int)strlen(p->engine) + 1, at, width);
		}
		fputc('\n', out);
	}
}

static void print_facts(const struct plan *plan, size_t section, FILE *out, bool colour, int width)
{
	bool is_first = true;
	for (size_t i = 0; i < plan->fact_count; i++) {
		const struct plan_fact *f = &plan->facts[i];
		if (strcmp(f->section, sections[section].section) != 0)
			continue;
		if (is_first)
			print_heading(sections[section].heading, out, colour);
		is_first = false;
		fprintf(out, "  %-*s", ITEM_COLUMNS, f->item);
		text_wrap(out, f->text, INDENT + ITEM_COLUMNS, INDENT + ITEM_COLUMNS, width);
		fputc('\n', out);
	}
}

void view_plan_text(const struct plan *plan, FILE *out, bool colour, int width)
{
	fprintf(out, "What unslow attach %d would do; nothing of it was done.\n  ", plan->root_pid);
	text_clip_right(out, plan->command, COMMAND_COLUMNS);
	fputc('\n', out);
	print_processes(plan, out, colour, width);
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		print_facts(plan, i, out, colour, width);
	print_heading("In the way", out, colour);
	if (plan->obstacle_count == 0)
		fputs("  nothing\n", out);
	for (size_t i = 0; i < plan->obstacle_count; i++) {
		const struct plan_obstacle *o = &plan->obstacles[i];
		fprintf(out, "%*s", INDENT, "");
		text_wrap(out, o->text, INDENT, INDENT, width);
		fputc('\n', out);
		if (o->fix) {
			fputs("    fix: ", out);
			text_wrap(out, o->fix, 9, 9, width);
			fputc('\n', out);
		}
	}
	if (plan->status)
		fprintf(out, "  so attach would end at once, with status %d\n", plan->status);
}

/* --- JSON -------------------------------------------------------------------- */

static void put_process(const struct plan_process *p, struct json *j)
{
	json_object(j);
	json_key(j, "pid");
	json_int(j, p->pid);
	json_key(j, "role");
	json_string(j, !p->above_pid ? "root" : p->is_fork ? "worker" : "child");
	json_key(j, "started_by");
	if (p->above_pid)
		json_int(j, p->above_pid);
	else
		json_null(j);
	json_key(j, "python");
	json_string(j, p->version);
	json_key(j, "threads");
	json_uint(j, p->threads);
	json_key(j, "engine");
	json_string(j, p->engine);
	json_key(j, "reason");
	json_string(j, p->reason);
	json_object_end(j);
}

static void put_facts(const struct plan *plan, const char *section, struct json *j)
{
	json_key(j, section);
	json_array(j);
	for (size_t i = 0; i < plan->fact_count; i++) {
		const struct plan_fact *f = &plan->facts[i];
		if (strcmp(f->section, section) != 0)
			continue;
		json_object(j);
		json_key(j, "what");
		json_string(j, f->item);
		json_key(j, "text");
		json_string(j, f->text);
		json_object_end(j);
	}
	json_array_end(j);
}

void view_plan_members(const struct plan *plan, struct json *j)
{
	json_key(j, "pid");
	json_int(j, plan->root_pid);
	json_key(j, "command");
	json_string(j, plan->command);
	json_key(j, "processes");
	json_array(j);
	for (size_t i = 0; i < plan->process_count; i++)
		put_process(&plan->processes[i], j);
	json_array_end(j);
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		put_facts(plan, sections[i].section, j);
	json_key(j, "rate_hz");
	json_number(j, plan->rate_hz, 6);
	json_key(j, "stop_budget");
	json_number(j, plan->stop_share, 6);
	json_key(j, "recording");
	json_string(j, plan->recording);
	json_key(j, "max_bytes");
	json_uint(j, plan->max_bytes);
	json_key(j, "in_the_way");
	json_array(j);
	for (size_t i = 0; i < plan->obstacle_count; i++) {
		json_object(j);
		json_key(j, "text");
		json_string(j, plan->obstacles[i].text);
		json_key(j, "fix");
		json_string(j, plan->obstacles[i].fix);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "exit");
	json_int(j, plan->status);
}

void view_plan_json(const struct plan *plan, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.plan/1");
	view_plan_members(plan, &j);
	json_object_end(&j);
}

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "agent/channel.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "base/vec.h"
#include "cmd/agent_file.h"
#include "cmd/cmd.h"
#include "cmd/doctor.h"
#include "cmd/pythons.h"
#include "python/layout.h"
#include "target/proc.h"
#include "target/program.h"

enum { PYTHONS_MAX = 24, SHM_WANTED_BYTES = 64 << 20 };

struct doctor_values {
	bool json;
};

const struct opt doctor_options[] = {
	{OPT_FLAG, 0, "json", NULL, "print the checks as JSON",
	 offsetof(struct doctor_values, json)},
	{0},
};

void doctor_say(struct doctor *doctor, const char *id, enum check_state state, const char *fix,
		const char *format, ...)
{
	struct check *check = vec_push(&doctor->checks);
	va_list args;
	va_start(args, format);
	char text[600];
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	check->id = id;
	check->state = state;
	check->text = arena_string(doctor->arena, text);
	check->fix = fix ? arena_string(doctor->arena, fix) : NULL;
	if (state == CHECK_FAILED && doctor->status == 0)
		doctor->status = 1;
}

static void check_kernel(struct doctor *doctor)
{
	struct utsname machine;
	const char *at = machine.release;
	uint64_t major;
	uint64_t minor;
	if (uname(&machine) != 0 || !proc_next_number(&at, &major) ||
	    !proc_next_number(&at, &minor)) {
		doctor_say(doctor, "kernel", CHECK_NOTE, NULL, "its version could not be read");
		return;
	}
	const bool new_enough = major > 5 || (major == 5 && minor >= 4);
	doctor_say(doctor, "kernel", new_enough ? CHECK_OK : CHECK_FAILED,
		   new_enough ? NULL : "use Linux 5.4 or newer", "Linux %s", machine.release);
	const bool known =
		strcmp(machine.machine, "x86_64") == 0 || strcmp(machine.machine, "aarch64") == 0;
	doctor_say(doctor, "machine", known ? CHECK_OK : CHECK_FAILED,
		   known ? NULL : "use an x86_64 or aarch64 machine", "%s", machine.machine);
}

static void check_ptrace(struct doctor *doctor)
{
	char text[16];
	if (proc_read_file("/proc/sys/kernel/yama/ptrace_scope", text, sizeof text) <= 0) {
		doctor_say(doctor, "ptrace", CHECK_OK, NULL, "no yama restriction");
		return;
	}
	doctor_say(
		doctor, "ptrace", CHECK_OK, NULL,
		"yama ptrace_scope is %.1s; `run` does not need it, `doctor TARGET` says whether "
		"`dump` may",
		text);
}

static void check_memory(struct doctor *doctor)
{
	struct statvfs room;
	if (statvfs("/dev/shm", &room) != 0) {
		doctor_say(doctor, "shm", CHECK_NOTE, "mount a tmpfs on /dev/shm",
			   "/dev/shm: %s; the channel is made in XDG_RUNTIME_DIR or /tmp",
			   strerror(errno));
		return;
	}
	const uint64_t free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
	const bool enough = free_bytes >= SHM_WANTED_BYTES && access("/dev/shm", W_OK) == 0;
	doctor_say(doctor, "shm", enough ? CHECK_OK : CHECK_NOTE,
		   enough ? NULL : "make room in /dev/shm (docker: --shm-size=256m)",
		   "/dev/shm has %llu MiB free%s", (unsigned long long)(free_bytes >> 20),
		   enough ? ""
			  : "; with many processes the channel goes to XDG_RUNTIME_DIR or /tmp");
}

static void check_agent(struct doctor *doctor)
{
	char path[PATH_MAX];
	struct err e = {0};
	const char *preload = getenv("LD_PRELOAD");
	const char *disable = getenv(CHANNEL_DISABLE_ENV);
	if (agent_file_find(path, &e) != ERR_OK || agent_file_try(path, &e) != ERR_OK)
		doctor_say(doctor, "agent", CHECK_FAILED, "install unslow again, or build it whole",
			   "%s", e.text);
	else
		doctor_say(doctor, "agent", CHECK_OK, NULL, "%s can be loaded", path);
	if (disable && strcmp(disable, "1") == 0)
		doctor_say(doctor, "disabled", CHECK_FAILED, "unset " CHANNEL_DISABLE_ENV,
			   CHANNEL_DISABLE_ENV "=1 is set: the agent will do nothing");
	if (preload && *preload)
		doctor_say(doctor, "preload", CHECK_NOTE, NULL,
			   "LD_PRELOAD is %s; the agent is appended to it", preload);
}

static void check_pythons(struct doctor *doctor)
{
	struct python_program *found = arena_alloc(doctor->arena, PYTHONS_MAX * sizeof *found);
	const int count = pythons_find(found, PYTHONS_MAX);
	if (count == 0)
		doctor_say(doctor, "python", CHECK_FAILED,
			   "activate the app's virtual environment, or install python3",
			   "no python3 on PATH");
	for (int i = 0; i < count; i++) {
		struct program program;
		program_look(found[i].path, &program);
		if (!found[i].implementation[0] && !program.is_python)
			log_debug("%s is a launcher that starts no Python here", found[i].path);
		else if (!found[i].implementation[0])
			doctor_say(doctor, "python", CHECK_NOTE, NULL,
				   "%s does not start, so its version is not known", found[i].path);
		else if (strcmp(found[i].implementation, "cpython") != 0)
			doctor_say(doctor, "python", CHECK_NOTE,
				   "run the app on CPython 3.8 or newer",
				   "%s is %s %s, which unslow does not know", found[i].path,
				   found[i].implementation, found[i].version);
		else if (program.no_preload)
			doctor_say(doctor, "python", CHECK_NOTE, NULL,
				   "%s: the agent cannot be loaded: %s", found[i].path,
				   program.no_preload);
		else if (!py_layout_for(found[i].version_hex))
			doctor_say(doctor, "python", CHECK_NOTE,
				   "use a release that is known, or a newer "
				   "unslow",
				   "%s is CPython %s, whose layout is not in the table",
				   found[i].path, found[i].version);
		else
			doctor_say(doctor, "python", CHECK_OK, NULL, "%s is CPython %s",
				   found[i].path, found[i].version);
	}
}

static void check_servers(struct doctor *doctor)
{
	static const char *const servers[] = {"gunicorn", "uvicorn"};
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
		struct program program;
		program_look(servers[i], &program);
		if (program.found && program.executable)
			doctor_say(doctor, servers[i], CHECK_OK, NULL, "%s, run by %s",
				   program.path, program.image);
		else
			doctor_say(doctor, servers[i], CHECK_NOTE, NULL, "not on PATH");
	}
}

/* --- printing -------------------------------------------------------------- */

static const char *const state_names[] = {
	[CHECK_OK] = "ok", [CHECK_NOTE] = "note", [CHECK_FAILED] = "failed"};

static void print_text(const struct doctor *doctor, FILE *out)
{
	static const enum style styles[] = {
		[CHECK_OK] = STYLE_GREEN, [CHECK_NOTE] = STYLE_YELLOW, [CHECK_FAILED] = STYLE_RED};
	const bool colour = log_colour_wanted(out);
	for (size_t i = 0; i < doctor->checks.count; i++) {
		const struct check *check = &doctor->checks.items[i];
		fprintf(out, "%s%-6s%s  %-15s  %s\n", log_style(colour, styles[check->state]),
			state_names[check->state], log_style(colour, STYLE_NONE), check->id,
			check->text);
		if (check->fix)
			fprintf(out, "%8s%-15s  fix: %s\n", "", "", check->fix);
	}
	if (doctor->has_plan) {
		fputc('\n', out);
		view_plan_text(&doctor->plan, out, colour, cmd_width(out));
	}
}

static void print_json(const struct doctor *doctor, FILE *out)
{
	struct json j;
	json_document(&j, out, "unslow.doctor/1");
	json_key(&j, "checks");
	json_array(&j);
	for (size_t i = 0; i < doctor->checks.count; i++) {
		const struct check *check = &doctor->checks.items[i];
		json_object(&j);
		json_key(&j, "id");
		json_string(&j, check->id);
		json_key(&j, "state");
		json_string(&j, state_names[check->state]);
		json_key(&j, "text");
		json_string(&j, check->text);
		json_key(&j, "fix");
		json_string(&j, check->fix);
		json_object_end(&j);
	}
	json_array_end(&j);
	if (doctor->has_plan) {
		json_key(&j, "attach");
		json_object(&j);
		view_plan_members(&doctor->plan, &j);
		json_object_end(&j);
	}
	json_object_end(&j);
}

int cmd_doctor(int argc, char **argv)
{
	/* A row a check: a new one is one function and one row. */
	static void (*const checks[])(struct doctor *) = {
		check_kernel, check_ptrace, check_memory, check_agent, check_pythons, check_servers,
	};
	const struct verb *verb = verb_find("doctor");
	struct doctor_values values = {0};
	struct opt_result result;
	struct err e = {0};
	int status;
	if (!cmd_parse(verb, argc, argv, &values, &result, &status))
		return status;
	if (result.operand_count > 1) {
		ERR(&e, ERR_USAGE, "takes one target: a process id, :PORT or a name");
		return cmd_fail(verb, &e);
	}
	const char *target = result.operands[0];
	struct doctor doctor = {.arena = arena_new()};
	if (target)
		doctor_check_target(&doctor, target);
	for (size_t i = 0; !target && i < sizeof checks / sizeof *checks; i++)
		checks[i](&doctor);
	if (values.json)
		print_json(&doctor, stdout);
	else
		print_text(&doctor, stdout);
	vec_free(&doctor.checks);
	arena_free(doctor.arena);
	return doctor.status;
}

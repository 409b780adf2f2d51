#include "cmd/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mask.h"
#include "base/str.h"

enum { COMMAND_MAX_BYTES = 4096, FULL_BYTES = 1 << 20 };

/* A full disk is not the user's mistake, and the app must live. */
static bool is_full(const char *path)
{
	char directory[PATH_MAX];
	struct statvfs room;
	str_copy(directory, sizeof directory, path);
	char *slash = strrchr(directory, '/');
	if (slash)
		slash[slash == directory] = '\0';
	return statvfs(slash ? directory : ".", &room) == 0 && room.f_blocks > 0 &&
	       (uint64_t)room.f_bavail * room.f_frsize < FULL_BYTES;
}

enum err_kind recorder_open(struct recorder *recorder, uint64_t max_bytes, bool with_agent,
			    struct err *e)
{
	struct err reason = {0};
	const enum err_kind made =
		recording_create(&recorder->recording, recorder->path, max_bytes, &reason);
	if (made != ERR_OK && is_full(recorder->path)) {
		log_error("nothing is recorded, the command runs all the same: %s", reason.text);
		recorder->stopped = true;
		return ERR_OK;
	}
	if (made != ERR_OK) {
		*e = reason;
		return made;
	}
	recorder->ingest = ingest_new(recorder->recording);
	TRY(host_start(&recorder->host, recorder->recording, e));
	if (!with_agent)
		TRY(turnover_start(&recorder->turnover, recorder->recording, e));
	if (with_agent &&
	    agent_probe_start(&recorder->probe, recorder->ingest, &reason) != ERR_OK) {
		log_warn("the app runs without the agent: %s%s%s", reason.text,
			 reason.os_errno ? ": " : "",
			 reason.os_errno ? strerror(reason.os_errno) : "");
		recorder->probe = NULL;
	}
	return ERR_OK;
}

void recorder_describe(struct recorder *recorder, char *const *command, int count)
{
	struct recording *recording = recorder->recording;
	if (!recording)
		return;
	char cwd[PATH_MAX];
	char host[256];
	struct utsname machine;
	struct str line;
	str_init(&line, COMMAND_MAX_BYTES);
	mask_command(command, count, &line);
	recording_set_meta_text(recording, "command", line.text);
	str_free(&line);
	if (getcwd(cwd, sizeof cwd))
		recording_set_meta_text(recording, "cwd", cwd);
	if (gethostname(host, sizeof host) == 0)
		recording_set_meta_text(recording, "host", host);
	if (uname(&machine) == 0) {
		char kernel[sizeof machine.release + sizeof machine.machine + 16];
		snprintf(kernel, sizeof kernel, "Linux %s %s", machine.release, machine.machine);
		recording_set_meta_text(recording, "kernel", kernel);
	}
	recording_set_meta_int(recording, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
	recording_set_meta_int(recording, "page_size", sysconf(_SC_PAGESIZE));
}

/* Sleep, last drain, no more channel. */
static enum err_kind stop_probe(struct recorder *recorder, struct err *e)
{
	enum err_kind kind = ERR_OK;
	if (!recorder->probe)
		return kind;
	kind = agent_probe_stop(recorder->probe, e);
	recorder->counts = agent_probe_count(recorder->probe);
	agent_probe_free(recorder->probe);
	recorder->probe = NULL;
	return kind;
}

static void give_up(struct recorder *recorder, const struct err *reason)
{
	log_error("recording has stopped, the command goes on; what was recorded until now is kept "
		  "in "
		  "%s: %s%s%s",
		  recorder->path, reason->text, reason->os_errno ? ": " : "",
		  reason->os_errno ? strerror(reason->os_errno) : "");
	recorder->stopped = true;
	/* The second failure is the first one's; it has been said. */
	if (stop_probe(recorder, NULL) != ERR_OK)
		log_debug("the last records are lost");
}

/* Said at the first one; the recording has the number. */
static void note_refused(struct recorder *recorder)
{
	if (recorder->counts.refused == 0 || recorder->refused_said)
		return;
	recorder->refused_said = true;
	log_warn("a process of the command could not make its channel in %s and runs unseen: no "
		 "room there, or it may not write there as its user; `unslow why` counts such "
		 "processes",
		 agent_probe_directory(recorder->probe));
}

/* What comes after is not in any figure. */
static void note_detached(struct recorder *recorder)
{
	if (recorder->detached || !agent_probe_is_detached(recorder->probe))
		return;
	recorder->detached = true;
	recording_set_meta_int(recorder->recording, "detached_ns", (int64_t)clock_now_ns());
	log_info("watching was stopped by `unslow detach`; the command goes on");
}

void recorder_tick(struct recorder *recorder)
{
	struct err e = {0};
	enum err_kind kind = ERR_OK;
	if (!recorder->recording || recorder->stopped)
		return;
	if (recorder->probe)
		kind = agent_probe_drain(recorder->probe, &e);
	else
		kind = ingest_flush(recorder->ingest, &e);
	if (kind == ERR_OK && recorder->turnover)
		kind = turnover_look(recorder->turnover, clock_now_ns(), &e);
	if (kind == ERR_OK)
		kind = host_sample(recorder->host, clock_now_ns(), &e);
	if (kind == ERR_OK)
		kind = recording_commit(recorder->recording, 0, &e);
	if (kind != ERR_OK)
		give_up(recorder, &e);
	else if (recorder->probe) {
		recorder->counts = agent_probe_count(recorder->probe);
		note_refused(recorder);
		note_detached(recorder);
	}
}

static int64_t own_cpu_ns(void)
{
	struct rusage used;
	if (getrusage(RUSAGE_SELF, &used) != 0)
		return 0;
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * (int64_t)NS_PER_S +
	       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * (int64_t)NS_PER_US;
}

enum err_kind recorder_close(struct recorder *recorder, int exit_status, struct err *e)
{
	enum err_kind kind = ERR_OK;
	if (!recorder->recording)
		return kind;
	kind = stop_probe(recorder, e);
	const uint64_t ended_ns = clock_now_ns();
	if (kind == ERR_OK && recorder->turnover && !recorder->stopped)
		kind = turnover_finish(recorder->turnover, ended_ns, e);
	if (kind == ERR_OK && !recorder->stopped)
		kind = ingest_finish(recorder->ingest, ended_ns, e);
	ingest_free(recorder->ingest);
	host_free(recorder->host);
	turnover_free(recorder->turnover);
	recorder->ingest = NULL;
	recorder->turnover = NULL;
	recorder->host = NULL;
	recording_set_meta_int(recorder->recording, "ended_ns", (int64_t)ended_ns);
	recording_set_meta_int(recorder->recording, "exit_status", exit_status);
	if (recorder->counts.refused)
		recording_set_meta_int(recorder->recording, "processes_refused",
				       recorder->counts.refused);
	recording_set_meta_int(recorder->recording, "probe_cpu_ns", own_cpu_ns());
	struct err closing = {0};
	const enum err_kind close_kind = recording_close(recorder->recording, &closing);
	recorder->recording = NULL;
	if (kind == ERR_OK && close_kind != ERR_OK) {
		kind = close_kind;
		if (e)
			*e = closing;
	}
	return kind;
}

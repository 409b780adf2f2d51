#include "target/access.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "target/proc.h"

enum { STATUS_BYTES = 8192, ANCESTORS_MAX = 64 };

/* The value of "\nName:\t…" in a status file; NULL: no such line. */
static const char *status_field(const char *status, const char *name)
{
	const size_t length = strlen(name);
	for (const char *line = status; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return line + length + 1;
	}
	return NULL;
}

static uint64_t status_hex(const char *status, const char *name)
{
	const char *field = status_field(status, name);
	return field ? strtoull(field, NULL, 16) : 0;
}

static bool descends_from_us(int pid)
{
	struct proc_stat now;
	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (pid == getpid())
			return true;
		if (proc_read_stat(pid, &now, NULL) != ERR_OK)
			return false;
		pid = now.parent_pid;
	}
	return false;
}

void access_facts(int pid, struct access_facts *out)
{
	char path[64], text[STATUS_BYTES];
	struct stat owner;
	*out = (struct access_facts){.our_uid = geteuid(), .yama_scope = -1};
	out->target_uid = out->target_owner = out->our_uid;
	if (proc_read_file("/proc/self/status", text, sizeof text) > 0) {
		const char *seccomp = status_field(text, "Seccomp");
		out->can_ptrace = status_hex(text, "CapEff") >> CAP_SYS_PTRACE & 1;
		out->in_container = !(status_hex(text, "CapBnd") >> CAP_SYS_PTRACE & 1);
		out->filtered = seccomp && strtol(seccomp, NULL, 10) == 2;
	}
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	if (proc_read_file(path, text, sizeof text) > 0) {
		const char *at = status_field(text, "Uid");
		uint64_t uid;
		/* real, effective, saved, file system */
		if (at && proc_next_number(&at, &uid) && proc_next_number(&at, &uid))
			out->target_uid = (uid_t)uid;
	}
	snprintf(path, sizeof path, "/proc/%d", pid);
	out->target_owner = stat(path, &owner) == 0 ? owner.st_uid : out->target_uid;
	if (proc_read_file("/proc/sys/kernel/yama/ptrace_scope", text, sizeof text) > 0)
		out->yama_scope = (int)strtol(text, NULL, 10);
	out->is_descendant = descends_from_us(pid);
}

struct access_verdict access_judge(const struct access_facts *f)
{
	const bool is_root = f->our_uid == 0;
	if (f->yama_scope >= 3)
		return (struct access_verdict){
			"may be looked at by nobody: kernel.yama.ptrace_scope is 3, which lasts "
			"until the machine starts again",
			"set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and restart the machine"};
	if (f->can_ptrace && f->filtered)
		return (struct access_verdict){
			"cannot be read: a seccomp filter forbids the system call",
			"start the container with: --security-opt seccomp=unconfined --cap-add "
			"SYS_PTRACE"};
	if (f->can_ptrace)
		return (struct access_verdict){NULL, NULL};
	if (is_root || f->in_container)
		return (struct access_verdict){
			"cannot be read: this container has no CAP_SYS_PTRACE",
			"start the container with: --cap-add SYS_PTRACE"};
	if (f->our_uid != f->target_uid)
		return (struct access_verdict){"belongs to another user",
					       "run the same command with sudo"};
	if (f->target_owner != f->target_uid)
		return (struct access_verdict){
			"has changed its user or rights since it was started, so the kernel "
			"shields it (it is not dumpable)",
			"run the same command with sudo"};
	if (f->yama_scope == 2)
		return (struct access_verdict){
			"may be looked at by root alone: kernel.yama.ptrace_scope is 2",
			"run the same command with sudo"};
	if (f->yama_scope == 1 && !f->is_descendant)
		return (struct access_verdict){
			"was not started by unslow, and kernel.yama.ptrace_scope is 1",
			"run the same command with sudo, or once: sudo sysctl "
			"kernel.yama.ptrace_scope=0"};
	return (struct access_verdict){NULL, NULL};
}

enum err_kind access_explain(int pid, int os_errno, struct err *e)
{
	struct proc_stat now;
	struct access_facts facts;
	if (proc_read_stat(pid, &now, e) != ERR_OK)
		return ERR_NO_TARGET;
	if (now.state == 'Z' || now.state == 'X')
		return ERR(e, ERR_NO_TARGET,
			   "process %d (%s) has ended; its parent, process %d, has not noticed yet",
			   pid, now.name, now.parent_pid);
	if (os_errno == ESRCH)
		return ERR(e, ERR_NO_TARGET,
			   "process %d (%s) has no memory of its own: it is part of the kernel, or "
			   "just ended",
			   pid, now.name);
	access_facts(pid, &facts);
	struct access_verdict verdict = access_judge(&facts);
	if (!verdict.because)
		verdict = (struct access_verdict){
			"may not be looked at, by a security module or another namespace of users",
			"run unslow as root on the host"};
	errno = os_errno;
	return ERR(e, ERR_PERMISSION, "process %d (%s, user %u) %s; %s", pid, now.name,
		   (unsigned)facts.target_uid, verdict.because, verdict.fix);
}

enum err_kind access_try(int pid, uintptr_t address, struct err *e)
{
	char byte;
	struct iovec here = {&byte, 1};
	struct iovec there = {(void *)address, 1};
	if (process_vm_readv(pid, &here, 1, &there, 1, 0) == 1)
		return ERR_OK;
	return access_explain(pid, errno, e);
}

#include "probe/python_process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "probe/still.h"
#include "python/remote_check.h"
#include "target/access.h"
#include "target/elf_symbols.h"
#include "target/proc.h"

/* A second in all: a process that is starting has not imported what the test knows. */
enum { CHECK_TRIES = 100, CHECK_PAUSE_NS = 10000000 };

/* Other Pythons, by a part of the name of a mapped file. */
static const struct {
	const char *part, *name;
} others[] = {
	{"libpypy", "PyPy"},
	{"/pypy", "PyPy"},
	{"graalpy", "GraalPy"},
	{"libpythonvm", "GraalPy"},
	{"micropython", "MicroPython"},
};

static const char *other_python(const struct python_process *p)
{
	for (const struct mapping *at = NULL; (at = maps_next_file(&p->maps, at));)
		for (size_t i = 0; i < sizeof others / sizeof *others; i++)
			if (strstr(at->path, others[i].part))
				return others[i].name;
	return NULL;
}

static const struct {
	const char *name;
	size_t to; /* offset in struct remote_symbols */
} wanted[] = {
	{"_PyRuntime", offsetof(struct remote_symbols, runtime)},
	{"Py_Version", offsetof(struct remote_symbols, version)},
	{"PyCode_Type", offsetof(struct remote_symbols, code_type)},
	{"PyUnicode_Type", offsetof(struct remote_symbols, str_type)},
	{"PyBytes_Type", offsetof(struct remote_symbols, bytes_type)},
	{"_PySys_ImplCacheTag", offsetof(struct remote_symbols, cache_tag)},
	{"PyString_Type", offsetof(struct remote_symbols, string_2)},
};

static bool look_in(struct python_process *p, const struct mapping *file,
		    struct remote_symbols *symbols)
{
	struct elf_object object;
	*symbols = (struct remote_symbols){0};
	if (!elf_open(&p->memory, file->start, maps_file_end(&p->maps, file), &object))
		return false;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const uintptr_t address = elf_symbol(&object, wanted[i].name);
		memcpy((char *)symbols + wanted[i].to, &address, sizeof address);
	}
	return symbols->code_type != 0;
}

/* The interpreter is the program itself or a libpython; a program that embeds Python may have it in
 * a library of any name, so all are asked, likely ones first. A program linked to libpython may
 * hold copies of its types (copy relocations), but not the functions' rest: the one with _PyRuntime
 * counts. */
static bool find_symbols(struct python_process *p, struct remote_symbols *symbols)
{
	struct remote_symbols found = {0};
	for (int round = 0; round < 2; round++) {
		for (const struct mapping *at = NULL; (at = maps_next_file(&p->maps, at));) {
			const bool is_likely =
				strcmp(at->path, p->exe) == 0 || strstr(at->path, "python");
			if (is_likely != (round == 0) || !look_in(p, at, &found))
				continue;
			*symbols = found;
			if (found.runtime || found.string_2)
				return true;
		}
	}
	return symbols->code_type != 0;
}

static enum err_kind find_python(struct python_process *p, struct err *e)
{
	struct remote_symbols symbols = {0};
	struct err why = {0};
	const char *other = other_python(p);
	if (other)
		return ERR(e, ERR_NO_TARGET,
			   "process %d (%s) is %s; unslow knows CPython 3.8 to 3.13", p->pid,
			   p->name, other);
	if (!find_symbols(p, &symbols))
		return ERR(e, ERR_NO_TARGET,
			   "process %d runs %.200s, which is no Python; see: unslow (lists the "
			   "servers running here)",
			   p->pid, p->exe);
	if (remote_open(&p->remote, memory_read, &p->memory, &symbols, &why) != ERR_OK)
		return ERR(e, why.kind == ERR_NO_TARGET ? ERR_NO_TARGET : ERR_UNSUPPORTED,
			   "process %d (%s): %s", p->pid, p->name, why.text);
	return ERR_OK;
}

enum err_kind python_process_open(int pid, struct python_process *p, struct err *e)
{
	char link[64];
	struct proc_stat now;
	*p = (struct python_process){.pid = pid, .arena = arena_new()};
	memory_open(&p->memory, pid);
	TRY(proc_read_stat(pid, &now, e));
	p->has_inner_ids = proc_has_inner_ids(pid);
	p->start_ticks = now.start_ticks;
	str_copy(p->name, sizeof p->name, now.name);
	if (now.state == 'Z' || now.state == 'X')
		return access_explain(pid, ESRCH, e);
	snprintf(link, sizeof link, "/proc/%d/exe", pid);
	const ssize_t length = readlink(link, p->exe, sizeof p->exe - 1);
	if (length < 0)
		return access_explain(pid, errno == ENOENT ? ESRCH : errno, e);
	TRY(maps_read(pid, p->arena, &p->maps, e));
	TRY(access_try(pid, p->maps.items[0].start, e));
	return find_python(p, e);
}

static enum err_kind check_frames(void *context, struct err *e)
{
	return remote_check_frames(context, e);
}

enum err_kind python_process_check(struct python_process *p, struct still *still, struct err *e)
{
	struct err why = {0};
	const int tries = p->check_tries ? p->check_tries : CHECK_TRIES;
	for (int i = 0; i < tries; i++) {
		memory_forget(&p->memory);
		still_list(p, still);
		int inner[PROCESS_THREADS_MAX];
		for (size_t k = 0; k < still->count; k++)
			inner[k] = still->threads[k].inner_tid;
		if (remote_check_threads(&p->remote, inner, still->count, &why) == ERR_OK &&
		    still_look(p, still, check_frames, &p->remote, &why) == ERR_OK) {
			p->is_checked = true;
			return ERR_OK;
		}
		if (why.kind != ERR_INVALID || i + 1 == tries)
			break;
		nanosleep(&(struct timespec){.tv_nsec = CHECK_PAUSE_NS}, NULL);
	}
	struct proc_stat now;
	if (proc_read_stat(p->pid, &now, NULL) != ERR_OK || now.state == 'Z' ||
	    now.start_ticks != p->start_ticks)
		return ERR(e, ERR_NO_TARGET, "process %d (%s) ended while it was looked at", p->pid,
			   p->name);
	if (why.kind != ERR_INVALID) {
		if (e)
			*e = why;
		return why.kind;
	}
	char version[16];
	return ERR(e, ERR_UNSUPPORTED,
		   "process %d (%s): the layout known of CPython %s does not fit it, at %s", p->pid,
		   p->name, python_process_version(p, version), why.text);
}

void python_process_close(struct python_process *p)
{
	memory_close(&p->memory);
	arena_free(p->arena);
	*p = (struct python_process){0};
}

const char *python_process_version(const struct python_process *p, char *text)
{
	const uint32_t hex = p->remote.layout.version_hex;
	snprintf(text, 16, "%u.%u.%u", hex >> 24, hex >> 16 & 0xff, hex >> 8 & 0xff);
	return text;
}

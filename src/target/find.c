#include "target/find.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "base/vec.h"
#include "target/proc.h"
#include "target/sockets.h"

enum {
	PIDS_MAX = 1 << 16,
	OWNERS_MAX = 4096,
	NAMED_MAX = 8,
	ANCESTORS_MAX = 128,
	COMMAND_BYTES = 4096,
	WORDS_LOOKED_AT = 4, /* interpreter, an option, -m, what is run */
};

int find_all(int *pids, int max)
{
	DIR *directory = opendir("/proc");
	int count = 0;
	for (struct dirent *entry; directory && count < max && (entry = readdir(directory));) {
		const int id = proc_entry_id(entry->d_name);
		if (id)
			pids[count++] = id;
	}
	if (directory)
		closedir(directory);
	return count;
}

static bool contains(const int *pids, int count, int pid)
{
	for (int i = 0; i < count; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Process 1 is above all, and holds the sockets it has opened for others (socket activation). */
static bool has_ancestor_in(int pid, const int *pids, int count)
{
	struct proc_stat now;
	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (proc_read_stat(pid, &now, NULL) != ERR_OK)
			return false;
		pid = now.parent_pid;
		if (pid > 1 && contains(pids, count, pid))
			return true;
	}
	return false;
}

int find_roots(int *pids, int count)
{
	int *all = mem_alloc((size_t)(count + 1) * sizeof *all);
	int roots = 0;
	if (count > 0)
		memcpy(all, pids, (size_t)count * sizeof *all);
	for (int i = 0; i < count; i++)
		if (!has_ancestor_in(all[i], all, count) && (all[i] > 1 || count == 1))
			pids[roots++] = all[i];
	free(all);
	return roots;
}

/* --- by port --------------------------------------------------------------- */

static bool is_wanted(const struct sockets *sockets, uint64_t inode, uint16_t port)
{
	const struct socket_row *row = sockets_find(sockets, inode);
	return row && row->is_listening && !row->is_unix &&
	       (port ? row->local.port == port : row->local.port != 0);
}

/* Calls for each socket of the process; stops at the first for which it is true. */
static bool each_socket(int pid, bool (*is_it)(void *, uint64_t), void *context)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *directory = opendir(path);
	bool found = false;
	for (struct dirent *entry; directory && !found && (entry = readdir(directory));) {
		char link[64] = "";
		uint64_t inode;
		if (readlinkat(dirfd(directory), entry->d_name, link, sizeof link - 1) > 0 &&
		    sockets_link_inode(link, &inode))
			found = is_it(context, inode);
	}
	if (directory)
		closedir(directory);
	return found;
}

struct port_search {
	struct sockets sockets;
	uint64_t net_namespace;
	uint16_t port;
	uint16_t *found; /* going up */
	int count, max;
};

static bool is_on_port(void *context, uint64_t inode)
{
	const struct port_search *search = context;
	return is_wanted(&search->sockets, inode, search->port);
}

static bool note_port(void *context, uint64_t inode)
{
	struct port_search *search = context;
	const struct socket_row *row = sockets_find(&search->sockets, inode);
	if (!is_wanted(&search->sockets, inode, 0))
		return false;
	const uint16_t port = row->local.port;
	int at = search->count;
	while (at > 0 && search->found[at - 1] > port)
		at--;
	if (at == search->max || (at > 0 && search->found[at - 1] == port))
		return false;
	if (search->count < search->max)
		search->count++;
	memmove(search->found + at + 1, search->found + at,
		(size_t)(search->count - at - 1) * sizeof *search->found);
	search->found[at] = port;
	return false;
}

int find_ports(int pid, uint16_t *ports, int max)
{
	struct port_search search = {.found = ports, .max = max};
	if (!sockets_read(pid, &search.sockets))
		return 0;
	each_socket(pid, note_port, &search);
	sockets_free(&search.sockets);
	return search.count;
}

uint16_t find_port(int pid)
{
	uint16_t lowest = 0;
	return find_ports(pid, &lowest, 1) ? lowest : 0;
}

static bool listens(const struct sockets *sockets, uint16_t port)
{
	for (size_t i = 0; i < sockets->rows.count; i++)
		if (is_wanted(sockets, sockets->rows.items[i].inode, port))
			return true;
	return false;
}

bool find_is_listening(uint16_t port)
{
	struct sockets sockets;
	if (!sockets_read(getpid(), &sockets))
		return false;
	const bool found = listens(&sockets, port);
	sockets_free(&sockets);
	return found;
}

static uint64_t net_namespace_of(int pid)
{
	char path[64];
	struct stat facts;
	snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
	return stat(path, &facts) == 0 ? facts.st_ino : 0;
}

/* Owners of the port among all processes; *is_open: some socket listens on it. */
static int port_owners(uint16_t port, int *owners, int max, bool *is_open)
{
	int *pids = mem_alloc(PIDS_MAX * sizeof *pids);
	const int count = find_all(pids, PIDS_MAX);
	struct port_search search = {.port = port};
	int found = 0;
	*is_open = false;
	for (int i = 0; i < count && found < max; i++) {
		/* Neighbours mostly share a namespace: read it again only where it changes. */
		const uint64_t net = net_namespace_of(pids[i]);
		if (i == 0 || net != search.net_namespace) {
			sockets_free(&search.sockets);
			sockets_read(pids[i], &search.sockets);
			search.net_namespace = net;
			*is_open |= listens(&search.sockets, port);
		}
		if (listens(&search.sockets, port) && each_socket(pids[i], is_on_port, &search))
			owners[found++] = pids[i];
	}
	sockets_free(&search.sockets);
	free(pids);
	return found;
}

/* --- by name --------------------------------------------------------------- */

static bool is_name(const char *word, const char *name)
{
	const char *slash = strrchr(word, '/');
	return strcmp(slash ? slash + 1 : word, name) == 0;
}

static bool is_called(int pid, const char *name)
{
	struct proc_stat now;
	char path[64], command[COMMAND_BYTES];
	if (proc_read_stat(pid, &now, NULL) != ERR_OK || now.state == 'Z')
		return false;
	snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
	const ssize_t length = proc_read_file(path, command, sizeof command);
	if (strcmp(now.name, name) == 0)
		return true;
	const char *word = command;
	for (int i = 0; i < WORDS_LOOKED_AT && length > 0 && word < command + length; i++) {
		if (is_name(word, name))
			return true;
		word += strlen(word) + 1;
	}
	return false;
}

static int named(const char *name, int *owners, int max)
{
	int *pids = mem_alloc(PIDS_MAX * sizeof *pids);
	const int count = find_all(pids, PIDS_MAX);
	int found = 0;
	for (int i = 0; i < count && found < max; i++)
		/* The shell that started us has the name among its own words. */
		if (pids[i] != getpid() && pids[i] != getppid() && is_called(pids[i], name))
			owners[found++] = pids[i];
	free(pids);
	return found;
}

/* --- one of them ----------------------------------------------------------- */

static enum err_kind several(const char *word, const int *pids, int count, struct err *e)
{
	struct str list;
	str_init(&list, 256);
	for (int i = 0; i < count && i < NAMED_MAX; i++)
		str_printf(&list, "%s%d", i ? ", " : "", pids[i]);
	const enum err_kind kind = ERR(
		e, ERR_USAGE, "'%.40s' is several programs here: processes %s%s; name one of them",
		word, list.text, count > NAMED_MAX ? " …" : "");
	str_free(&list);
	return kind;
}

static bool read_number(const char *word, uint64_t most, uint64_t *number)
{
	return scan_decimal(&word, most, number) && !*word && *number >= 1;
}

static enum err_kind no_process(int pid, struct err *e)
{
	int owners[OWNERS_MAX];
	bool is_open = false;
	if (pid <= UINT16_MAX &&
	    (port_owners((uint16_t)pid, owners, OWNERS_MAX, &is_open) > 0 || is_open))
		return ERR(e, ERR_NO_TARGET,
			   "no process has the id %d; what listens on port %d is :%d", pid, pid,
			   pid);
	return ERR(e, ERR_NO_TARGET,
		   "no process has the id %d; see: unslow (lists the servers running here)", pid);
}

/* The port of "localhost:8000" or "http://127.0.0.1:8000/"; 0: it has none. */
static uint64_t port_behind(const char *word)
{
	const char *colon = strrchr(word, ':');
	uint64_t number = 0;
	const char *at = colon ? colon + 1 : "";
	return scan_decimal(&at, UINT16_MAX, &number) && (!*at || *at == '/') ? number : 0;
}

enum err_kind find_target(const char *word, int *pid, struct err *e)
{
	uint64_t number;
	struct proc_stat now;
	int owners[OWNERS_MAX];
	int count;
	if (isdigit((unsigned char)*word)) {
		if (!read_number(word, INT_MAX, &number) && port_behind(word))
			return ERR(e, ERR_USAGE,
				   "'%.40s' is no process; a port of this machine is written :%u",
				   word, (unsigned)port_behind(word));
		if (!read_number(word, INT_MAX, &number))
			return ERR(e, ERR_USAGE,
				   "'%.40s' is not a process id; see: unslow (lists the servers "
				   "running here)",
				   word);
		*pid = (int)number;
		return proc_read_stat(*pid, &now, NULL) == ERR_OK ? ERR_OK : no_process(*pid, e);
	}
	if (*word == ':') {
		bool is_open;
		if (!read_number(word + 1, UINT16_MAX, &number))
			return ERR(e, ERR_USAGE, "'%.40s' is not a port: 1 to 65535 behind a colon",
				   word);
		count = port_owners((uint16_t)number, owners, OWNERS_MAX, &is_open);
		if (count == 0 && is_open)
			return ERR(e, ERR_PERMISSION,
				   "port %u belongs to a process that is not ours to look at; run "
				   "the same command with sudo",
				   (unsigned)number);
		if (count == 0)
			return ERR(e, ERR_NO_TARGET,
				   "nothing listens on port %u; see: unslow (lists the servers "
				   "running here)",
				   (unsigned)number);
	} else {
		count = *word ? named(word, owners, OWNERS_MAX) : 0;
		if (count == 0 && port_behind(word))
			return ERR(e, ERR_USAGE,
				   "'%.40s' is no process; a port of this machine is written :%u",
				   word, (unsigned)port_behind(word));
		if (count == 0)
			return ERR(e, ERR_NO_TARGET,
				   "no process is called '%.40s'; see: unslow (lists the servers "
				   "running here)",
				   word);
	}
	count = find_roots(owners, count);
	if (count != 1)
		return several(word, owners, count, e);
	*pid = owners[0];
	return ERR_OK;
}

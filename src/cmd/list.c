#include "cmd/list.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "probe/command.h"
#include "probe/python_process.h"
#include "target/find.h"
#include "target/proc.h"
#include "view/text.h"

enum { PIDS_MAX = 1 << 15, TREE_MAX = 4096 };
/* The kernel counts CPU in steps of 10 ms: a share is right to 3 % of a core. */
#define BETWEEN_LOOKS_NS (300 * NS_PER_MS)

struct server {
	int pid;
	uint16_t port;
	int workers; /* Pythons below it */
	const char *version, *name, *command;
	/* of it and all below it */
	int64_t rss_bytes;
	uint64_t cpu_ns, looked_ns;
	double cpu_share; /* of one core, between two looks */
};

struct census {
	VEC(int) pythons; /* that can be read */
	int hidden;       /* that belong to other users */
	int unknown;      /* Pythons unslow does not know */
};

/* By the name of its program or a library: a guess that decides only whether to look closer. */
static bool may_be_python(int pid, bool *is_hidden)
{
	char link[64], exe[PATH_MAX];
	struct proc_stat now;
	snprintf(link, sizeof link, "/proc/%d/exe", pid);
	const ssize_t length = readlink(link, exe, sizeof exe - 1);
	if (length < 0) {
		*is_hidden =
			proc_read_stat(pid, &now, NULL) == ERR_OK && strstr(now.name, "python");
		return false;
	}
	exe[length] = '\0';
	const char *slash = strrchr(exe, '/');
	return strstr(slash ? slash + 1 : exe, "python") || strstr(exe, "uwsgi") ||
	       strstr(exe, "pypy") || proc_maps_contain(pid, "libpython3");
}

static void take_census(struct census *out)
{
	int *pids = mem_alloc(PIDS_MAX * sizeof *pids);
	const int count = find_all(pids, PIDS_MAX);
	for (int i = 0; i < count; i++) {
		bool is_hidden = false;
		if (pids[i] == getpid())
			continue;
		if (may_be_python(pids[i], &is_hidden))
			*vec_push(&out->pythons) = pids[i];
		out->hidden += is_hidden;
	}
	free(pids);
}

static bool is_in(const struct census *census, int pid)
{
	for (size_t i = 0; i < census->pythons.count; i++)
		if (census->pythons.items[i] == pid)
			return true;
	return false;
}

/* CPU and memory of it and all below it; its CPU since the last look. */
static void weigh(struct server *server)
{
	int tree[TREE_MAX];
	const int count = proc_tree(server->pid, tree, TREE_MAX);
	const uint64_t before_ns = server->cpu_ns, looked_ns = server->looked_ns;
	server->rss_bytes = 0;
	server->cpu_ns = 0;
	for (int i = 0; i < count; i++) {
		struct proc_stat now;
		const int64_t rss_bytes = proc_rss_bytes(tree[i]);
		if (proc_read_stat(tree[i], &now, NULL) == ERR_OK)
			server->cpu_ns += now.cpu_ns;
		server->rss_bytes += rss_bytes > 0 ? rss_bytes : 0;
	}
	server->looked_ns = clock_now_ns();
	if (looked_ns && server->cpu_ns > before_ns)
		server->cpu_share = (double)(server->cpu_ns - before_ns) /
				    (double)(server->looked_ns - looked_ns);
}

/* Twice, as CPU is what passed in between. */
static void weigh_all(struct server *servers, size_t count)
{
	const struct timespec between = {.tv_nsec = BETWEEN_LOOKS_NS};
	for (size_t i = 0; i < count; i++)
		weigh(&servers[i]);
	if (count)
		nanosleep(&between, NULL);
	for (size_t i = 0; i < count; i++)
		weigh(&servers[i]);
}

/* Fills what it can; false: it listens on no port, or cannot be read. */
static bool look(int pid, struct census *census, struct arena *arena, struct server *out)
{
	struct python_process process;
	struct err why = {0};
	char version[16];
	int tree[TREE_MAX];
	const uint16_t port = find_port(pid);
	if (!port)
		return false;
	const enum err_kind kind = python_process_open(pid, &process, &why);
	*out = (struct server){.pid = pid, .port = port};
	if (kind == ERR_OK)
		out->version = arena_string(arena, python_process_version(&process, version));
	python_process_close(&process);
	census->hidden += kind == ERR_PERMISSION;
	census->unknown += kind == ERR_NO_TARGET;
	if (kind != ERR_OK)
		return false;
	const int count = proc_tree(pid, tree, TREE_MAX);
	for (int i = 1; i < count; i++)
		out->workers += is_in(census, tree[i]);
	out->name = command_server(pid, arena);
	out->command = command_text(pid, arena);
	return true;
}

static void print(const struct server *server, bool colour)
{
	char bytes[TEXT_BYTES_SIZE];
	printf("%s:%u%s  ", log_style(colour, STYLE_BOLD), server->port,
	       log_style(colour, STYLE_NONE));
	text_clean(stdout, server->name);
	printf(", process %d", server->pid);
	if (server->workers)
		printf(" and %d worker%s", server->workers, server->workers == 1 ? "" : "s");
	/* what workers share is resident in each */
	printf(", CPython %s, %s%s resident, %.0f %% of a core\n    ", server->version,
	       server->workers ? "at most " : "", text_bytes((double)server->rss_bytes, bytes),
	       100 * server->cpu_share);
	text_clean(stdout, server->command);
	printf("\n    %sunslow attach :%u%s  why it is slow\n", log_style(colour, STYLE_CYAN),
	       server->port, log_style(colour, STYLE_NONE));
	printf("    %sunslow dump :%u%s    every stack now\n\n", log_style(colour, STYLE_CYAN),
	       server->port, log_style(colour, STYLE_NONE));
}

static int by_port(const void *a, const void *b)
{
	const struct server *one = a, *other = b;
	return one->port != other->port ? (one->port < other->port ? -1 : 1)
					: one->pid - other->pid;
}

int list_servers(void)
{
	struct census census = {0};
	struct arena *arena = arena_new();
	VEC(struct server) servers = {0};
	const bool colour = log_colour_wanted(stdout);
	take_census(&census);
	for (size_t i = 0; i < census.pythons.count; i++) {
		struct server server;
		struct proc_stat now;
		const int pid = census.pythons.items[i];
		if (proc_read_stat(pid, &now, NULL) != ERR_OK ||
		    !look(pid, &census, arena, &server))
			continue;
		/* A worker shares the port of the server above it. */
		if (!is_in(&census, now.parent_pid) || find_port(now.parent_pid) != server.port)
			*vec_push(&servers) = server;
	}
	if (servers.count)
		qsort(servers.items, servers.count, sizeof *servers.items, by_port);
	weigh_all(servers.items, servers.count);
	if (servers.count)
		puts("Python servers running here\n");
	else
		puts("No Python server is running here that can be seen. To start one under "
		     "watch:\n\n"
		     "    unslow run -- gunicorn app:app\n");
	for (size_t i = 0; i < servers.count; i++)
		print(&servers.items[i], colour);
	if (census.hidden)
		printf("%d Python process%s of other users: see them with sudo unslow\n",
		       census.hidden, census.hidden == 1 ? "" : "es");
	if (census.unknown)
		printf("%d server%s on a Python that unslow does not know (it knows CPython 3.8 to "
		       "3.13)\n",
		       census.unknown, census.unknown == 1 ? "" : "s");
	puts("Help: unslow --help");
	vec_free(&servers);
	vec_free(&census.pythons);
	arena_free(arena);
	return 0;
}

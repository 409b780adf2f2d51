#include "cmd/pythons.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"

enum { ASK_MS = 5000, PATH_MAX_BYTES = 1 << 16 };

static const char question[] =
	"import sys;print(sys.implementation.name,'%d.%d.%d'%sys.version_info[:3],sys.hexversion)";

void pythons_ask(struct python_program *python)
{
	int ends[2];
	char answer[256] = "";
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	const pid_t pid = fork();
	if (pid == 0) {
		const int null_fd = open("/dev/null", O_RDWR);
		dup2(null_fd, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		dup2(null_fd, STDERR_FILENO);
		execl(python->path, python->path, "-I", "-S", "-c", question, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	struct pollfd ready = {.fd = ends[0], .events = POLLIN};
	ssize_t length = 0;
	if (pid > 0 && poll(&ready, 1, ASK_MS) == 1)
		length = read(ends[0], answer, sizeof answer - 1);
	close(ends[0]);
	if (pid > 0) {
		if (length <= 0)
			kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	answer[length > 0 ? length : 0] = '\0';
	char *save = NULL;
	const char *implementation = strtok_r(answer, " \n", &save);
	const char *version = strtok_r(NULL, " \n", &save);
	const char *hex = strtok_r(NULL, " \n", &save);
	if (!hex ||
	    !str_copy(python->implementation, sizeof python->implementation, implementation))
		return;
	str_copy(python->version, sizeof python->version, version);
	python->version_hex = (uint32_t)strtoul(hex, NULL, 10);
}

/* python3, python3.N; not python3-config and the like. */
static bool is_python_name(const char *name)
{
	if (!str_starts_with(name, "python3"))
		return false;
	name += strlen("python3");
	if (*name == '.') {
		name++;
		if (!*name)
			return false;
		while (isdigit((unsigned char)*name))
			name++;
	}
	return *name == '\0';
}

static int is_python_entry(const struct dirent *entry)
{
	return is_python_name(entry->d_name);
}

static bool known(const struct python_program *found, int count, const char *path)
{
	for (int i = 0; i < count; i++)
		if (strcmp(found[i].path, path) == 0)
			return true;
	return false;
}

static int find_in(const char *directory, struct python_program *found, int count, int max)
{
	struct dirent **names;
	const int listed = scandir(directory, &names, is_python_entry, alphasort);
	for (int i = 0; i < listed; i++) {
		char path[PATH_MAX];
		const int length =
			snprintf(path, sizeof path, "%s/%s", directory, names[i]->d_name);
		free(names[i]);
		if (count == max || length < 0 || (size_t)length >= sizeof path)
			continue;
		char *real = realpath(path, NULL);
		if (real && access(real, X_OK) == 0 && !known(found, count, real)) {
			found[count] = (struct python_program){0};
			str_copy(found[count].path, PATH_MAX, real);
			pythons_ask(&found[count++]);
		}
		free(real);
	}
	if (listed >= 0)
		free(names);
	return count;
}

int pythons_find(struct python_program *found, int max)
{
	const char *path = getenv("PATH");
	struct str copy;
	int count = 0;
	str_init(&copy, PATH_MAX_BYTES);
	str_add(&copy, path ? path : "/usr/bin:/bin");
	char *save = NULL;
	for (char *directory = strtok_r(copy.text, ":", &save); directory;
	     directory = strtok_r(NULL, ":", &save))
		count = find_in(directory, found, count, max);
	str_free(&copy);
	return count;
}

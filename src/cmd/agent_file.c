#include "cmd/agent_file.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "probe/agent_probe.h"

/* Relative to the directory of the program. */
static const char *const places[] = {
	"src/agent/" AGENT_FILE_NAME,     /* build/unslow */
	"agent/" AGENT_FILE_NAME,         /* build/src/unslow */
	AGENT_FILE_NAME,                  /* a wheel or an unpacked archive */
	"../lib/unslow/" AGENT_FILE_NAME, /* prefix/bin */
	UNSLOW_AGENT_DIR "/" AGENT_FILE_NAME,
};

enum err_kind agent_file_find(char path[PATH_MAX], struct err *e)
{
	char self[PATH_MAX];
	const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
	if (length < 0)
		return ERR(e, ERR_SYSTEM, "cannot read /proc/self/exe; is /proc mounted?");
	self[length] = '\0';
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char candidate[2 * PATH_MAX];
		if (places[i][0] == '/')
			snprintf(candidate, sizeof candidate, "%s", places[i]);
		else
			snprintf(candidate, sizeof candidate, "%s/%s", self, places[i]);
		char *real = realpath(candidate, NULL);
		if (!real)
			continue;
		const bool fits = str_copy(path, PATH_MAX, real);
		free(real);
		if (fits)
			return ERR_OK;
	}
	return ERR(e, ERR_UNSUPPORTED,
		   "%s was not found beside %s/unslow nor in %s; install unslow again, or build it "
		   "whole",
		   AGENT_FILE_NAME, self, UNSLOW_AGENT_DIR);
}

enum err_kind agent_file_preloadable(char path[PATH_MAX], const char *directory, struct err *e)
{
	if (!strpbrk(path, " :\t\n"))
		return ERR_OK;
	char link[PATH_MAX];
	const int length = snprintf(link, sizeof link, "%s/%s", directory, AGENT_FILE_NAME);
	if (length < 0 || (size_t)length >= sizeof link || strpbrk(link, " :\t\n") ||
	    symlink(path, link) != 0)
		return ERR(e, ERR_SYSTEM,
			   "LD_PRELOAD cannot carry '%.200s' (it has a blank or a colon) and no "
			   "link to "
			   "it could be made in %.200s",
			   path, directory);
	str_copy(path, PATH_MAX, link);
	return ERR_OK;
}

enum err_kind agent_file_try(const char *path, struct err *e)
{
	int report[2];
	char text[300];
	if (pipe(report) != 0)
		return ERR(e, ERR_SYSTEM, "cannot make a pipe");
	const pid_t pid = fork();
	if (pid == 0) {
		close(report[0]);
		if (dlopen(path, RTLD_NOW | RTLD_LOCAL))
			_exit(0);
		const char *reason = dlerror();
		if (reason && write(report[1], reason, strlen(reason)) < 0)
			_exit(2);
		_exit(1);
	}
	close(report[1]);
	const ssize_t length = pid < 0 ? -1 : read(report[0], text, sizeof text - 1);
	close(report[0]);
	text[length > 0 ? length : 0] = '\0';
	int status = -1;
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return ERR(e, ERR_SYSTEM, "cannot start a process");
	if (status != 0)
		return ERR(e, ERR_UNSUPPORTED, "%s cannot be loaded: %s", path,
			   *text ? text : "the loading process was killed");
	return ERR_OK;
}

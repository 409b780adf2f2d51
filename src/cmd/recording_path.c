#include "cmd/recording_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

#define SIZE_LEAST_BYTES (UINT64_C(1) << 20)

enum { NAME_MAX_BYTES = 40 };

/* Letters of a file name that need no quotes anywhere. */
static void plain_name(const char *name, char *out, size_t size)
{
	const char *slash = strrchr(name, '/');
	size_t length = 0;
	for (const char *at = slash ? slash + 1 : name; *at && length + 1 < size; at++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			   *at))
			out[length++] = *at;
	out[length] = '\0';
	if (length == 0)
		str_copy(out, size, "app");
}

static enum err_kind make_directories(char *path, struct err *e)
{
	for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return ERR(e, ERR_SYSTEM,
				   "cannot make %s for the recording; name a file with -o FILE",
				   path);
		if (!slash)
			return ERR_OK;
		*slash = '/';
	}
}

static enum err_kind state_directory(char directory[PATH_MAX], struct err *e)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	int length;
	if (state && state[0] == '/')
		length = snprintf(directory, PATH_MAX, "%s/unslow", state);
	else if (home && home[0] == '/')
		length = snprintf(directory, PATH_MAX, "%s/.local/state/unslow", home);
	else
		return ERR(e, ERR_USAGE,
			   "this directory cannot be written and HOME is not set; name "
			   "a file with -o FILE");
	if (length < 0 || length >= PATH_MAX)
		return ERR(e, ERR_USAGE, "the state directory's name is too long; use -o FILE");
	return ERR_OK;
}

/* Tried, not asked: access(2) says yes to root and on some pseudo file systems. */
static bool can_make_files(const char *directory)
{
	char path[PATH_MAX];
	const int length = snprintf(path, sizeof path, "%s/.unslow-%ld", directory, (long)getpid());
	if (length < 0 || (size_t)length >= sizeof path)
		return false;
	const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	close(fd);
	unlink(path);
	return true;
}

/* Tried by a file that has no name, which nobody sees (O_TMPFILE, open(2)); asked where the file
 * system has none of those. */
static bool could_make_files(const char *directory)
{
	struct stat facts;
	const int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd >= 0;
	/* /proc: no file can be made there, whatever access(2) says */
	return stat(directory, &facts) == 0 && facts.st_mode & S_IWUSR &&
	       access(directory, W_OK | X_OK) == 0;
}

static enum err_kind choose_name(char path[PATH_MAX], const char *directory, const char *name,
				 struct err *e)
{
	char plain[NAME_MAX_BYTES];
	char when[32];
	struct tm local;
	const time_t now = time(NULL);
	plain_name(name, plain, sizeof plain);
	strftime(when, sizeof when, "%Y%m%d-%H%M%S", localtime_r(&now, &local));
	/* A second run within the same second gets a number. */
	for (int i = 1; i < 1000; i++) {
		char number[16] = "";
		if (i > 1)
			snprintf(number, sizeof number, "-%d", i);
		const int length = snprintf(path, PATH_MAX, "%s/unslow-%s-%s%s.rec", directory,
					    plain, when, number);
		if (length < 0 || length >= PATH_MAX)
			break;
		if (access(path, F_OK) != 0)
			return ERR_OK;
	}
	return ERR(e, ERR_USAGE, "no free name for a recording in %.200s; use -o FILE", directory);
}

static enum err_kind take_wanted(char path[PATH_MAX], const char *wanted, struct err *e)
{
	if (!str_copy(path, PATH_MAX, wanted))
		return ERR(e, ERR_USAGE, "-o: the name is too long");
	return ERR_OK;
}

enum err_kind recording_path_choose(char path[PATH_MAX], const char *wanted, const char *name,
				    struct err *e)
{
	char directory[PATH_MAX] = ".";
	if (wanted)
		return take_wanted(path, wanted, e);
	if (!can_make_files(directory)) {
		TRY(state_directory(directory, e));
		TRY(make_directories(directory, e));
	}
	return choose_name(path, directory, name, e);
}

/* The first part of the path that is there: what is below it would be made. */
static void nearest_directory(char directory[PATH_MAX])
{
	struct stat facts;
	while (stat(directory, &facts) != 0 && strrchr(directory, '/') > directory)
		*strrchr(directory, '/') = '\0';
}

static enum err_kind foresee_wanted(const char *path, struct err *e)
{
	char directory[PATH_MAX];
	struct stat facts;
	str_copy(directory, sizeof directory, path);
	char *slash = strrchr(directory, '/');
	if (slash)
		slash[slash == directory] = '\0';
	if (lstat(path, &facts) == 0)
		return ERR(e, ERR_USAGE, "%s exists already; name another file with -o FILE", path);
	if (!could_make_files(slash ? directory : "."))
		return ERR(e, ERR_SYSTEM, "cannot make the recording %s; name another with -o FILE",
			   path);
	return ERR_OK;
}

enum err_kind recording_path_foresee(char path[PATH_MAX], const char *wanted, const char *name,
				     struct err *e)
{
	char directory[PATH_MAX] = ".", there[PATH_MAX];
	if (wanted) {
		TRY(take_wanted(path, wanted, e));
		return foresee_wanted(path, e);
	}
	if (!could_make_files(directory)) {
		TRY(state_directory(directory, e));
		str_copy(there, sizeof there, directory);
		nearest_directory(there);
		if (!could_make_files(there))
			return ERR(e, ERR_SYSTEM,
				   "cannot make %s for the recording; name a file with -o FILE",
				   directory);
	}
	return choose_name(path, directory, name, e);
}

enum err_kind recording_check_size(uint64_t max_bytes, struct err *e)
{
	if (max_bytes < SIZE_LEAST_BYTES)
		return ERR(e, ERR_USAGE, "--max-size: a recording takes 1M at least");
	return ERR_OK;
}

#include "cmd/program_missing.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum { CANNOT_EXECUTE = 126, NOT_FOUND = 127 };

static bool is_directory(const char *path)
{
	struct stat there;
	return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

static void say_not_found(const char *command)
{
	if (strchr(command, '/'))
		log_error("'%s' was not found", command);
	else if (access(command, F_OK) == 0 && !is_directory(command))
		log_error("'%s' is a file here, but no program in PATH; name its interpreter: "
			  "unslow run -- python %s",
			  command, command);
	else
		log_error("'%s' was not found in PATH; is its virtual environment active?",
			  command);
}

bool program_missing(const char *command, struct program *out, int *status)
{
	program_look(command, out);
	if (out->found && out->executable && !out->no_interpreter)
		return false;
	*status = out->found && !out->executable ? CANNOT_EXECUTE : NOT_FOUND;
	if (!out->found)
		say_not_found(command);
	else if (out->executable)
		log_error("'%s' cannot be started: its first line names '%.200s', which is not "
			  "there. Was its virtual environment moved, or that Python removed? "
			  "Install it anew, or name an interpreter first (python FILE)",
			  out->path, out->image);
	else if (is_directory(out->path))
		log_error("'%s' is a directory; name the program that starts the app", out->path);
	else
		log_error("'%s' cannot be executed; make it executable (chmod +x), or name its "
			  "interpreter: unslow run -- python %s",
			  out->path, command);
	return true;
}

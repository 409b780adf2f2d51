/* The program behind a command, looked at before it is started: where it is,
 * what interprets it, whether LD_PRELOAD can reach it.
 */
#ifndef UNSLOW_TARGET_PROGRAM_H
#define UNSLOW_TARGET_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

struct program {
	char path[PATH_MAX];  /* of the command itself; "" if it was not found */
	char image[PATH_MAX]; /* the ELF file that will run: path, or the interpreter of its #! line
			       */
	bool found;
	bool executable;
	bool no_interpreter; /* the file that its #! line names, image, is not there */
	bool is_python;      /* the image's name begins with "python" */
	/* Why LD_PRELOAD cannot work in the image; NULL when it can. A static string that
	 * completes "the agent cannot be loaded: …". */
	const char *no_preload;
};

/* Searches as execvp(3) does: PATH unless the command holds a slash. */
void program_look(const char *command, struct program *out);

#endif

#include "target/program.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/str.h"

enum { HEAD_BYTES = 256, INTERPRETER_DEPTH = 4, PROGRAM_HEADERS_MAX = 128 };

static bool is_file(const char *path)
{
	struct stat facts;
	return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

/* Full path of a command into `path`; prefers one that may be executed. */
static bool find_in_path(const char *command, char path[PATH_MAX], bool *executable)
{
	*executable = false;
	if (strchr(command, '/')) {
		*executable = is_file(command) && access(command, X_OK) == 0;
		return str_copy(path, PATH_MAX, command) && access(command, F_OK) == 0;
	}
	const char *at = getenv("PATH");
	if (!at)
		at = "/bin:/usr/bin"; /* what execvp(3) of glibc takes */
	bool found = false;
	while (*command) {
		const size_t length = strcspn(at, ":");
		struct str candidate;
		str_init(&candidate, PATH_MAX - 1);
		str_add_bytes(&candidate, length ? at : ".", length ? length : 1);
		str_add_char(&candidate, '/');
		str_add(&candidate, command);
		const bool here = !candidate.cut && is_file(candidate.text);
		const bool runs = here && access(candidate.text, X_OK) == 0;
		if (runs || (here && !found))
			str_copy(path, PATH_MAX, candidate.text);
		str_free(&candidate);
		found |= here;
		*executable = runs;
		if (runs || !at[length])
			break;
		at += length + 1;
	}
	return found;
}

/* "#!/usr/bin/env -S NAME=x python3 -u": the word that env will look for. */
static bool env_command(char *arguments, char path[PATH_MAX])
{
	char *save = NULL;
	for (char *word = strtok_r(arguments, " \t", &save); word;
	     word = strtok_r(NULL, " \t", &save)) {
		bool executable;
		if (word[0] == '-' || strchr(word, '='))
			continue;
		return find_in_path(word, path, &executable);
	}
	return false;
}

/* AT_SECURE: the loader drops LD_PRELOAD when the new program gains rights
 * (ld.so(8), "Secure-execution mode"). */
static bool gains_rights(const char *path)
{
	struct stat facts;
	if (stat(path, &facts) != 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return false;
	if ((facts.st_mode & S_ISUID) && facts.st_uid != getuid())
		return true;
	if ((facts.st_mode & S_ISGID) && (facts.st_mode & S_IXGRP) && facts.st_gid != getgid())
		return true;
	return getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

static const char *look_at_elf(int fd, const char *path)
{
	ElfW(Ehdr) header;
	if (pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header)
		return "it is not a whole ELF file";
	ElfW(Ehdr) own;
	const int own_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const bool own_read =
		own_fd >= 0 && pread(own_fd, &own, sizeof own, 0) == (ssize_t)sizeof own;
	if (own_fd >= 0)
		close(own_fd);
	if (own_read && (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] ||
			 header.e_machine != own.e_machine))
		return "it is a program for another machine or word size";
	if (gains_rights(path))
		return "it runs with other rights (setuid, setgid or file capabilities), where the "
		       "loader ignores LD_PRELOAD";
	if (header.e_phentsize != sizeof(ElfW(Phdr)) || header.e_phnum > PROGRAM_HEADERS_MAX)
		return NULL;
	for (unsigned i = 0; i < header.e_phnum; i++) {
		ElfW(Phdr) segment;
		const off_t at = (off_t)(header.e_phoff + i * sizeof segment);
		if (pread(fd, &segment, sizeof segment, at) != (ssize_t)sizeof segment)
			return NULL;
		if (segment.p_type == PT_INTERP)
			return NULL;
	}
	return "it is statically linked, so it has no loader that could load the agent";
}

void program_look(const char *command, struct program *out)
{
	*out = (struct program){0};
	out->found = find_in_path(command, out->path, &out->executable);
	if (!out->found)
		return;
	str_copy(out->image, sizeof out->image, out->path);
	for (int depth = 0; depth < INTERPRETER_DEPTH; depth++) {
		char head[HEAD_BYTES] = {0};
		const int fd = open(out->image, O_RDONLY | O_CLOEXEC);
		if (fd < 0) { /* execute-only: nothing can be said */
			out->no_interpreter = depth > 0 && access(out->image, F_OK) != 0;
			break;
		}
		const ssize_t length = pread(fd, head, sizeof head - 1, 0);
		if (length >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0) {
			out->no_preload = look_at_elf(fd, out->image);
			close(fd);
			break;
		}
		close(fd);
		if (length < 3 || memcmp(head, "#!", 2) != 0)
			break;
		head[strcspn(head, "\n")] = '\0';
		char *interpreter = head + 2 + strspn(head + 2, " \t");
		char *arguments = interpreter + strcspn(interpreter, " \t");
		if (*arguments)
			*arguments++ = '\0';
		if (str_ends_with(interpreter, "/env") && env_command(arguments, out->image))
			continue;
		str_copy(out->image, sizeof out->image, interpreter);
	}
	const char *slash = strrchr(out->image, '/');
	out->is_python = str_starts_with(slash ? slash + 1 : out->image, "python");
}

#include "rules/source_line.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

#define LINE_MAX_BYTES 160
#define FILE_MAX_BYTES (4 << 20)

static FILE *open_source(const char *file)
{
	if (!str_ends_with(file, ".py"))
		return NULL;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat facts;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &facts) || !S_ISREG(facts.st_mode) || facts.st_size > FILE_MAX_BYTES) {
		close(fd);
		return NULL;
	}
	FILE *in = fdopen(fd, "r");
	if (!in)
		close(fd);
	return in;
}

static char *tidy(struct arena *arena, const char *text)
{
	text += strspn(text, " \t\f");
	char *copy = arena_copy(arena, text, strcspn(text, "\r\n"));
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	return copy;
}

const char *source_line(struct arena *arena, const char *file, int line)
{
	FILE *in = line > 0 ? open_source(file) : NULL;
	if (!in)
		return NULL;
	char text[LINE_MAX_BYTES];
	int number = 1;
	const char *found = NULL;
	while (!found && fgets(text, sizeof text, in)) {
		if (number == line)
			found = tidy(arena, text);
		if (strchr(text, '\n'))
			number++;
	}
	fclose(in);
	return found && *found ? found : NULL;
}

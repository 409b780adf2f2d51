#include "rules/source_line.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define LINE_MAX_BYTES 160
#define FILE_MAX_BYTES (4 << 20)

static int64_t time_of(struct timespec t)
{
	return (int64_t)t.tv_sec * (int64_t)NS_PER_S + t.tv_nsec;
}

static FILE *open_source(const char *file, int64_t time_ns)
{
	if (!str_ends_with(file, ".py"))
		return NULL;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat facts;
	if (fd < 0)
		return NULL;
	/* a file moved here keeps the time of its last change, not that of its inode's */
	if (fstat(fd, &facts) || !S_ISREG(facts.st_mode) || facts.st_size > FILE_MAX_BYTES ||
	    time_of(facts.st_mtim) > time_ns || time_of(facts.st_ctim) > time_ns) {
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
	return source_line_as_of(arena, file, line, INT64_MAX);
}

const char *source_line_as_of(struct arena *arena, const char *file, int line, int64_t time_ns)
{
	FILE *in = line > 0 ? open_source(file, time_ns) : NULL;
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

const char *source_text_as_of(struct arena *arena, const char *file, int64_t time_ns)
{
	FILE *in = open_source(file, time_ns);
	if (!in)
		return NULL;
	char *text = arena_alloc(arena, FILE_MAX_BYTES + 1);
	text[fread(text, 1, FILE_MAX_BYTES, in)] = '\0';
	fclose(in);
	return text;
}

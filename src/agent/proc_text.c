#include "agent/proc_text.h"

#include <fcntl.h>
#include <string.h>

#include "agent/raw.h"

size_t proc_text_read(const char *path, char *text, size_t size)
{
	const long fd = raw_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	long got;

	if (fd < 0)
		return 0;
	while (length < size - 1 &&
	       (got = raw_call(SYS_read, fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	raw_call(SYS_close, fd);
	text[length] = '\0';
	return length;
}

size_t proc_text_read_again(int fd, char *text, size_t size)
{
	const long got = fd < 0 ? -1 : raw_call(SYS_pread64, fd, text, size - 1, 0);

	if (got <= 0)
		return 0;
	text[got] = '\0';
	return (size_t)got;
}

uint64_t proc_text_number(const char **at)
{
	const char *next = *at;
	uint64_t number = 0;

	while (*next == ' ' || *next == '\t')
		next++;
	if (*next < '0' || *next > '9')
		return PROC_TEXT_NONE;
	for (; *next >= '0' && *next <= '9'; next++)
		number = number * 10 + (uint64_t)(*next - '0');
	*at = next;
	return number;
}

uint64_t proc_text_value(const char *text, const char *key)
{
	const size_t length = strlen(key);

	for (const char *line = text; line != NULL && *line != '\0';) {
		const char *end = strchr(line, '\n');

		if (strncmp(line, key, length) == 0 &&
		    (line[length] == ' ' || line[length] == ':')) {
			const char *at = line + length + 1;
			const uint64_t number = proc_text_number(&at);

			return number != PROC_TEXT_NONE && strncmp(at, " kB", 3) == 0
				       ? number * 1024
				       : number;
		}
		line = end == NULL ? NULL : end + 1;
	}
	return PROC_TEXT_NONE;
}

#include "agent/mapped.h"

#include <fcntl.h>

#include "agent/raw.h"

#define RANGES_MAX 2048 /* more are as if they could not be read */
#define READ_AGAIN_MAX 16
#define LOWEST 4096 /* bytes: nothing is mapped below, it is NULL and an offset */

static struct range {
	uintptr_t start, end;
} ranges[RANGES_MAX];
static size_t count;
static unsigned again; /* since mapped_read() */

/* One line of maps: "55d0c000-55d0d000 r--p …", of which the rest is skipped. */
struct line {
	uintptr_t numbers[2];
	unsigned field; /* 0, 1: numbers; 2: rights; 3: the rest */
};

static void add(uintptr_t start, uintptr_t end)
{
	if (count > 0 && ranges[count - 1].end == start)
		ranges[count - 1].end = end;
	else if (count < RANGES_MAX)
		ranges[count++] = (struct range){start, end};
}

static void take(struct line *line, char c)
{
	if (c == '\n') {
		*line = (struct line){.field = 0};
	} else if (line->field < 2) {
		if (c == '-' || c == ' ')
			line->field++;
		else
			line->numbers[line->field] = line->numbers[line->field] << 4 |
						     (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	} else if (line->field == 2) {
		line->field = 3;
		if (c == 'r')
			add(line->numbers[0], line->numbers[1]);
	}
}

static bool read_list(void)
{
	char bytes[4096] = {0}; /* clang-tidy does not see that the kernel writes into it */
	struct line line = {.field = 0};
	long fd = raw_call(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
	long length;

	count = 0;
	if (fd < 0)
		return false;
	while ((length = raw_call(SYS_read, fd, bytes, sizeof bytes)) > 0)
		for (long i = 0; i < length; i++)
			take(&line, bytes[i]);
	raw_call(SYS_close, fd);
	return count > 0;
}

bool mapped_read(void)
{
	again = 0;
	return read_list();
}

static bool is_listed(uintptr_t address, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (address >= ranges[i].start && address < ranges[i].end)
			return size <= ranges[i].end - address;
	return false;
}

bool mapped_readable(uintptr_t address, size_t size)
{
	if (is_listed(address, size))
		return true;
	if (address < LOWEST || again >= READ_AGAIN_MAX)
		return false;
	again++;
	return read_list() && is_listed(address, size);
}

/* Blocks made three calls deep, without frame pointers, for native_truth.py: no call is the last
 * thing a function does, as a jump would leave no trace of who jumped. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

#define FUNCTION __attribute__((noinline, noclone))

static void *volatile kept;
static volatile size_t made;

static FUNCTION void *inner_keep(size_t size)
{
	void *block = malloc(size);
	made += size;
	return block;
}

static FUNCTION void *middle_keep(size_t size)
{
	static const char text[] = "a secret of the app;";
	char room[3000]; /* a large frame, which is none of anybody's business */
	for (size_t i = 0; i < sizeof room; i++)
		room[i] = text[i % (sizeof text - 1)];
	void *block = inner_keep(size + (room[made % sizeof room] == 1));
	made += (size_t)room[size % sizeof room];
	return block;
}

FUNCTION void outer_keep(size_t size)
{
	kept = middle_keep(size);
	made++;
}

static FUNCTION void *inner_map(size_t size)
{
	void *mapping =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	made += size;
	return mapping;
}

FUNCTION void outer_map(size_t size)
{
	kept = inner_map(size);
	made++;
}

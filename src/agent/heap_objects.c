#include "agent/heap_objects.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/raw.h"

#define OBJECTS_MAX 512
#define PATH_BYTES 160 /* longer ones keep their end */

static struct object {
	uintptr_t load_address, low, high;
	char path[PATH_BYTES];
} objects[OBJECTS_MAX];
static _Atomic uint32_t count;

/* Which parts of the address space have objects, folded: most addresses are in none. */
#define PART_SHIFT 21
#define PARTS 4096u
static _Atomic uint64_t parts[PARTS / 64];

static void write_path(char *to, const char *path)
{
	size_t length = strlen(path);

	if (length == 0) { /* the program */
		long n = raw_call(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", to, PATH_BYTES - 1);

		to[n > 0 ? n : 0] = '\0';
		return;
	}
	if (length >= PATH_BYTES)
		path += length - (PATH_BYTES - 1);
	memcpy(to, path, strlen(path) + 1);
}

void heap_objects_note(const char *path, uintptr_t load_address, uintptr_t low, uintptr_t high)
{
	uint32_t n = atomic_load(&count);

	if (n == OBJECTS_MAX)
		return;
	objects[n].load_address = load_address;
	objects[n].low = low;
	objects[n].high = high;
	write_path(objects[n].path, path);
	for (uintptr_t part = low >> PART_SHIFT; part <= (high - 1) >> PART_SHIFT; part++)
		atomic_fetch_or(&parts[part % PARTS / 64], UINT64_C(1) << part % 64);
	atomic_store_explicit(&count, n + 1, memory_order_release);
}

void heap_objects_forget(void)
{
	atomic_store(&count, 0);
	for (size_t i = 0; i < PARTS / 64; i++)
		atomic_store(&parts[i], 0);
}

static const struct object *object_of(const void *address)
{
	uint32_t n = atomic_load_explicit(&count, memory_order_acquire);

	for (uint32_t i = 0; i < n; i++)
		if ((uintptr_t)address >= objects[i].low && (uintptr_t)address < objects[i].high)
			return &objects[i];
	return NULL;
}

bool heap_object_has(uintptr_t address)
{
	const uintptr_t part = address >> PART_SHIFT;

	return atomic_load_explicit(&parts[part % PARTS / 64], memory_order_relaxed) >> part % 64 &
		       1 &&
	       object_of((const void *)address) != NULL;
}

uint32_t heap_object_text(const void *address)
{
	const struct object *object = object_of(address);
	char text[PATH_BYTES + 24];
	int length;

	if (object == NULL)
		return 0;
	length = snprintf(text, sizeof text, "%.*s+0x%lx", PATH_BYTES - 1, object->path,
			  (unsigned long)((uintptr_t)address - object->load_address));
	return length > 0 ? dict_text_id(text, (size_t)length) : 0;
}

bool heap_object_shared(const void *address, const void *other)
{
	const struct object *object = object_of(address);

	return object != NULL && object == object_of(other);
}

#include "probe/guarded_map.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAPS_MAX = 4096 };

/* Read by the handler: plain atomics, a free slot has size 0. */
static struct {
	_Atomic uintptr_t start;
	_Atomic size_t size;
	_Atomic bool cut;
} table[MAPS_MAX];
static struct sigaction previous;

static void on_sigbus(int signal_number, siginfo_t *info, void *context)
{
	const uintptr_t address = (uintptr_t)info->si_addr;
	const uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	(void)context;
	for (int i = 0; i < MAPS_MAX; i++) {
		const size_t size = atomic_load(&table[i].size);
		const uintptr_t start = atomic_load(&table[i].start);
		if (!size || address < start || address - start >= size)
			continue;
		atomic_store(&table[i].cut, true);
		void *page = (void *)(address & ~(page_size - 1));
		if (mmap(page, page_size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED)
			return;
	}
	/* Not ours: back to what was there, and the access raises it again. */
	sigaction(signal_number, &previous, NULL);
}

/* With each map again: somebody else may have set a handler since. */
static enum err_kind install(struct err *e)
{
	struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};
	struct sigaction current;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGBUS, NULL, &current) != 0)
		return ERR(e, ERR_SYSTEM, "cannot guard against files cut short");
	if ((current.sa_flags & SA_SIGINFO) && current.sa_sigaction == on_sigbus)
		return ERR_OK;
	previous = current;
	if (sigaction(SIGBUS, &action, NULL) != 0)
		return ERR(e, ERR_SYSTEM, "cannot guard against files cut short");
	return ERR_OK;
}

static enum err_kind open_map(struct guarded_map *map, int fd, size_t size, int protection,
			      int flags, struct err *e)
{
	int slot = 0;
	*map = (struct guarded_map){0};
	TRY(install(e));
	while (slot < MAPS_MAX && atomic_load(&table[slot].size))
		slot++;
	if (slot == MAPS_MAX)
		return ERR(e, ERR_LIMIT, "more than %d files of targets at a time", MAPS_MAX);
	void *bytes = mmap(NULL, size, protection, flags, fd, 0);
	if (bytes == MAP_FAILED)
		return ERR(e, ERR_SYSTEM, "cannot map a file of %zu bytes", size);
	atomic_store(&table[slot].cut, false);
	atomic_store(&table[slot].start, (uintptr_t)bytes);
	atomic_store(&table[slot].size, size);
	*map = (struct guarded_map){.bytes = bytes, .size = size, .slot = slot};
	return ERR_OK;
}

enum err_kind guarded_map_open(struct guarded_map *map, int fd, size_t size, struct err *e)
{
	return open_map(map, fd, size, PROT_READ | PROT_WRITE, MAP_SHARED, e);
}

enum err_kind guarded_map_open_private(struct guarded_map *map, int fd, size_t size, struct err *e)
{
	return open_map(map, fd, size, PROT_READ, MAP_PRIVATE, e);
}

void guarded_map_close(struct guarded_map *map)
{
	if (!map->bytes)
		return;
	munmap(map->bytes, map->size);
	atomic_store(&table[map->slot].size, 0);
	*map = (struct guarded_map){0};
}

bool guarded_map_is_cut(const struct guarded_map *map)
{
	return map->bytes && atomic_load(&table[map->slot].cut);
}

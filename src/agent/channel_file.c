#include "agent/channel_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "agent/agent.h"
#include "agent/raw.h"
#include "agent/ring.h"

#define FIRST_RINGS 5       /* most workers have one to four threads; the tick's own */
#define FIRST_CAPACITY 8192 /* 150 ms at 50,000 records/s */
#define MORE_RINGS 8
#define MORE_CAPACITY 4096
#define DICT_BYTES (4u << 20)
#define RESERVED_FILES 2 /* 16 rings */
#define RING_FILES_MAX 128
#define MAKER_PAUSE_NS 200000L
#define MAKER_PAUSES 100 /* 20 ms: then the thread counts losses, and asks again */

static struct {
	char directory[CHANNEL_DIRECTORY_MAX];
	struct channel_control *control;
	struct channel_header *header;
	uint32_t pid;
	struct mapped_rings {
		struct channel_rings *rings;
		size_t mapped_bytes; /* 0: part of the header's file */
	} files[RING_FILES_MAX];
	_Atomic uint32_t count;
	_Atomic bool growing;   /* one thread makes a file, the others wait for it */
	_Atomic bool exhausted; /* no ring and no file: until one is released */
} own;

/* The first file by enum channel_size; fallocate touches every byte of it. */
static const struct {
	uint32_t rings, capacity, dict_bytes;
} first_files[] = {
	[CHANNEL_NOTE] = {1, 64, CHANNEL_PAGE},
	[CHANNEL_CHILD] = {2, 4096, 1u << 20},
	[CHANNEL_WHOLE] = {FIRST_RINGS, FIRST_CAPACITY, DICT_BYTES},
};

static size_t pages(size_t bytes)
{
	return (bytes + CHANNEL_PAGE - 1) & ~(size_t)(CHANNEL_PAGE - 1);
}

/* Every byte backed by storage: fallocate, or zeros where the file system has none. */
static bool allocate(long fd, uint64_t offset, size_t bytes)
{
	long failed;
	do {
		failed = raw_call(SYS_fallocate, fd, 0, offset, bytes);
	} while (failed == -EINTR);
	if (failed != -EOPNOTSUPP)
		return failed == 0;
	static const char zeros[CHANNEL_PAGE];
	for (size_t at = 0; at < bytes;) {
		long n = raw_call(SYS_pwrite64, fd, zeros, sizeof zeros, offset + at);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

static bool open_and_map(const char *path, int flags, uint64_t offset, size_t bytes, void **place)
{
	long at = -1;
	long fd =
		raw_call(SYS_openat, AT_FDCWD, path, flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return false;
	if (allocate(fd, offset, bytes))
		at = raw_call(SYS_mmap, *place, bytes, PROT_READ | PROT_WRITE,
			      MAP_SHARED | (*place ? MAP_FIXED : 0), fd, offset);
	raw_call(SYS_close, fd);
	if (at >= 0)
		*place = (void *)at;
	else if (flags & O_CREAT)
		raw_call(SYS_unlinkat, AT_FDCWD, path, 0);
	return at >= 0;
}

static void name_file(char path[CHANNEL_DIRECTORY_MAX + 64], const char *suffix, uint32_t serial)
{
	snprintf(path, CHANNEL_DIRECTORY_MAX + 64, "%s/%u-%u.%s", own.directory, own.pid, serial,
		 suffix);
}

static void *map_file(const char *suffix, uint32_t serial, uint64_t offset, size_t bytes,
		      void *place)
{
	struct channel_control *control = own.control;
	char path[CHANNEL_DIRECTORY_MAX + 64];

	if (atomic_fetch_add(&control->bytes_made, bytes) + bytes <= control->bytes_limit) {
		name_file(path, suffix, serial);
		if (open_and_map(path, offset == 0 ? O_CREAT | O_EXCL : 0, offset, bytes, &place))
			return place;
	}
	atomic_fetch_sub(&control->bytes_made, bytes);
	return NULL;
}

static void *make_file(uint32_t index, uint32_t serial, size_t bytes)
{
	char suffix[16];

	snprintf(suffix, sizeof suffix, "%u", index);
	return map_file(suffix, serial, 0, bytes, NULL);
}

void *channel_file_extend(const char *suffix, uint64_t offset, size_t bytes, void *place)
{
	return own.header ? map_file(suffix, own.header->serial, offset, bytes, place) : NULL;
}

bool channel_file_read(const char *suffix, void *to, size_t size)
{
	char path[CHANNEL_DIRECTORY_MAX + 64];
	long fd, length;

	if (!own.header)
		return false;
	name_file(path, suffix, own.header->serial);
	fd = raw_call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	length = raw_call(SYS_read, fd, to, size);
	raw_call(SYS_close, fd);
	return length == (long)size;
}

/* Field 22 of /proc/self/stat: with the pid it names a process for good. */
static uint64_t start_ticks(void)
{
	char text[1024];
	long fd = raw_call(SYS_openat, AT_FDCWD, "/proc/self/stat", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	long n = raw_call(SYS_read, fd, text, sizeof text - 1);
	raw_call(SYS_close, fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	const char *at = strrchr(text, ')'); /* the name may hold blanks and brackets */
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	uint64_t ticks = 0;
	for (at = at ? at + 1 : ""; *at >= '0' && *at <= '9'; at++)
		ticks = ticks * 10 + (uint64_t)(*at - '0');
	return ticks;
}

struct channel_header *channel_file_make(const char *directory, struct channel_control *control,
					 enum channel_size size)
{
	snprintf(own.directory, sizeof own.directory, "%s", directory);
	own.control = control;
	own.pid = (uint32_t)raw_call(SYS_getpid);
	uint32_t rings = first_files[size].rings;
	uint32_t capacity = first_files[size].capacity;
	size_t dict_offset = pages(CHANNEL_PAGE + ring_run_bytes(rings, capacity));
	size_t dict_bytes = first_files[size].dict_bytes;
	uint32_t serial = atomic_fetch_add(&control->next_serial, 1);
	struct channel_header *header = make_file(0, serial, dict_offset + dict_bytes);
	if (!header) {
		atomic_fetch_add(&control->refused, 1);
		return NULL;
	}
	header->abi = CHANNEL_ABI;
	header->serial = serial;
	header->pid = own.pid;
	header->parent_pid = (uint32_t)raw_call(SYS_getppid);
	header->start_ticks = start_ticks();
	header->made_ns = agent_now_ns();
	header->file_size = dict_offset + dict_bytes;
	header->rings_offset = CHANNEL_PAGE;
	header->dict_offset = dict_offset;
	header->dict_size = dict_bytes;
	own.files[0] = (struct mapped_rings){
		.rings = ring_run_make((char *)header + CHANNEL_PAGE, rings, capacity),
	};
	own.header = header;
	atomic_store(&header->ring_files, 1);
	atomic_store_explicit(&own.count, 1, memory_order_release);
	return header;
}

void channel_file_show(struct channel_header *channel)
{
	atomic_store_explicit(&channel->magic, CHANNEL_MAGIC, memory_order_release);
}

static bool grow(void)
{
	uint32_t count = atomic_load(&own.count);
	size_t bytes = pages(ring_run_bytes(MORE_RINGS, MORE_CAPACITY));
	if (count == RING_FILES_MAX)
		return false;
	void *base = make_file(count, own.header->serial, bytes);
	if (!base)
		return false;
	own.files[count] = (struct mapped_rings){
		.rings = ring_run_make(base, MORE_RINGS, MORE_CAPACITY),
		.mapped_bytes = bytes,
	};
	atomic_store_explicit(&own.count, count + 1, memory_order_release);
	atomic_store_explicit(&own.header->ring_files, count + 1, memory_order_release);
	return true;
}

void channel_file_reserve(void)
{
	if (atomic_exchange(&own.growing, true))
		return;
	while (atomic_load(&own.count) <= RESERVED_FILES && grow())
		;
	atomic_store(&own.growing, false);
}

static struct channel_ring *claim_free(uint32_t tid, struct channel_record **slots,
				       uint32_t *capacity)
{
	uint32_t count = atomic_load_explicit(&own.count, memory_order_acquire);
	for (uint32_t i = 0; i < count; i++) {
		struct channel_ring *ring = ring_claim(own.files[i].rings, tid, slots, capacity);
		if (ring)
			return ring;
	}
	return NULL;
}

/* True once nobody makes a file. A burst of new threads meets the one that does: milliseconds, once
 * in a thread's life, and the maker waits for nobody. */
static bool wait_for_maker(void)
{
	struct timespec pause = {.tv_nsec = MAKER_PAUSE_NS};
	for (int i = 0; i < MAKER_PAUSES && atomic_load(&own.growing); i++)
		raw_call(SYS_nanosleep, &pause, NULL);
	return !atomic_load(&own.growing);
}

struct channel_ring *channel_file_claim(uint32_t tid, struct channel_record **slots,
					uint32_t *capacity)
{
	struct channel_ring *ring = NULL;
	bool may_grow = true;
	while (!ring && may_grow && !atomic_load_explicit(&own.exhausted, memory_order_relaxed)) {
		ring = claim_free(tid, slots, capacity);
		if (ring)
			break;
		if (atomic_exchange(&own.growing, true)) {
			may_grow = wait_for_maker();
			continue;
		}
		/* another's file may have come since the look above */
		ring = claim_free(tid, slots, capacity);
		if (!ring && !grow())
			atomic_store(&own.exhausted, true);
		atomic_store(&own.growing, false);
	}
	return ring ? ring : claim_free(tid, slots, capacity);
}

void channel_file_release(struct channel_ring *ring)
{
	ring_release(ring);
	atomic_store(&own.exhausted, false);
}

void channel_file_forget(void)
{
	uint32_t count = atomic_exchange(&own.count, 0);
	for (uint32_t i = 1; i < count; i++)
		raw_call(SYS_munmap, own.files[i].rings, own.files[i].mapped_bytes);
	if (own.header)
		raw_call(SYS_munmap, own.header, own.header->file_size);
	own.header = NULL;
	atomic_store(&own.growing, false);
	atomic_store(&own.exhausted, false);
}

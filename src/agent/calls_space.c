#include "agent/calls_space.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/calls_control.h"
#include "agent/raw.h"

#define PART 16 /* of what is left of RLIMIT_AS: one part is for calls */

static _Atomic size_t reserved; /* under a limit or not: a limit may be set later */

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE); /* 64 KiB on some aarch64 */
}

/* RLIM_INFINITY: none. */
static uint64_t limit_now(void)
{
	struct rlimit64 limit = {RLIM64_INFINITY, RLIM64_INFINITY};

	raw_call(SYS_prlimit64, 0, RLIMIT_AS, NULL, &limit);
	return limit.rlim_cur;
}

bool calls_space_is_limited(void)
{
	return limit_now() != RLIM64_INFINITY;
}

/* What RLIMIT_AS is compared with: the first number of /proc/self/statm, in pages (proc(5)).
 * UINT64_MAX: not known. */
static uint64_t size_now(void)
{
	char text[64] = "";
	uint64_t pages = 0;
	long fd = raw_call(SYS_openat, AT_FDCWD, "/proc/self/statm", O_RDONLY | O_CLOEXEC);
	long n;

	if (fd < 0)
		return UINT64_MAX;
	n = raw_call(SYS_read, fd, text, sizeof text);
	raw_call(SYS_close, fd);
	for (long i = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++)
		pages = pages * 10 + (uint64_t)(text[i] - '0');
	return pages == 0 ? UINT64_MAX : pages * page_bytes();
}

static bool fits(size_t bytes)
{
	uint64_t limit = limit_now(), ours = atomic_load(&reserved), size;

	if (limit == RLIM64_INFINITY)
		return true;
	size = size_now();
	return size < limit && ours + bytes <= (limit - size + ours) / PART;
}

static size_t whole_pages(size_t bytes)
{
	return (bytes + page_bytes() - 1) & ~(page_bytes() - 1);
}

void *calls_space_reserve(size_t bytes)
{
	long at = -1;

	bytes = whole_pages(bytes);
	if (fits(bytes))
		at = raw_call(SYS_mmap, NULL, bytes, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at < 0) {
		calls_control_reason("the process may have little address space (ulimit -v, "
				     "RLIMIT_AS): not all threads and waits are counted; set "
				     "a higher limit or none");
		return NULL;
	}
	atomic_fetch_add(&reserved, bytes);
	raw_call(SYS_madvise, at, bytes, MADV_DONTDUMP);
	return (void *)at;
}

bool calls_space_open(void *place, size_t bytes)
{
	uintptr_t from = (uintptr_t)place & ~(page_bytes() - 1);
	uintptr_t to = whole_pages((uintptr_t)place + bytes);

	if (raw_call(SYS_mprotect, from, to - from, PROT_READ | PROT_WRITE) == 0)
		return true;
	calls_control_reason("the system gives the process no more memory: not all calls are "
			     "counted; look at ulimit -d and vm.overcommit_memory");
	return false;
}

void calls_space_release(void *place, size_t bytes)
{
	bytes = whole_pages(bytes);
	raw_call(SYS_munmap, place, bytes);
	atomic_fetch_sub(&reserved, bytes);
}

void calls_space_zero(void *place, size_t bytes)
{
	/* EINVAL (madvise(2)) where it is locked, or the system's pages are larger than ours, so
	   that it does not begin with one */
	if (raw_call(SYS_madvise, place, bytes, MADV_DONTNEED) != 0)
		memset(place, 0, bytes);
}

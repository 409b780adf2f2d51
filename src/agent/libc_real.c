#include "agent/libc_real.h"

#include <dlfcn.h>
#include <errno.h>

_Atomic(void *) libc_real[LIBC_COUNT];

static const struct {
	const char *name;
	const char *version;
} names[LIBC_COUNT] = {
#define ROW(name, version) [LIBC_##name] = {#name, version},
	LIBC_FUNCTIONS(ROW)
#undef ROW
};

static long missing(void)
{
	errno = ENOSYS;
	return -1;
}

void *libc_resolve(enum libc_function which)
{
	int saved_errno = errno;
	void *found = NULL;
	if (names[which].version)
		found = dlvsym(RTLD_NEXT, names[which].name, names[which].version);
	if (!found)
		found = dlsym(RTLD_NEXT, names[which].name);
	if (!found) {
		(void)dlerror(); /* the app must not find our failure as its own */
		found = (void *)missing;
	}
	atomic_store_explicit(&libc_real[which], found, memory_order_relaxed);
	errno = saved_errno;
	return found;
}

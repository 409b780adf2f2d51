#include "agent/walk_trim.h"

#include <dlfcn.h>
#include <stddef.h>

#include "agent/dlopen.h"
#include "agent/heap_real.h"
#include "agent/proc_text.h"
#include "agent/walk_file.h"

static int (*trim)(size_t); /* malloc_trim(); NULL: it is not this allocator's */

void walk_trim_prepare(void)
{
	void *stub, *malloc_here = heap_real_find("malloc", &stub);
	void *libc = dlopen_real("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);

	if (libc != NULL && malloc_here != NULL && dlsym(libc, "malloc") == malloc_here)
		*(void **)&trim = dlsym(libc, "malloc_trim");
	if (libc != NULL)
		dlclose(libc);
	(void)dlerror(); /* the app must not find our failure as its own */
}

/* Exact, while the counters of statm are of some pages ago (Linux 6.2, percpu_counter). */
static uint64_t anonymous(void)
{
	char text[2048];

	return proc_text_read("/proc/self/smaps_rollup", text, sizeof text) == 0
		       ? PROC_TEXT_NONE
		       : proc_text_value(text, "Anonymous");
}

uint64_t walk_trim(void)
{
	const uint64_t before = trim == NULL ? PROC_TEXT_NONE : anonymous();
	uint64_t after;

	if (before == PROC_TEXT_NONE)
		return WALK_UNKNOWN;
	trim(0);
	after = anonymous();
	if (after == PROC_TEXT_NONE)
		return WALK_UNKNOWN;
	/* it may write where the process has not yet: then it has more than before */
	return before > after ? before - after : 0;
}

#include "agent/heap_seconds.h"

#include <dlfcn.h>

#include "agent/core.h"
#include "agent/dlopen.h"
#include "agent/heap_arenas.h"
#include "agent/heap_real.h"
#include "agent/heap_sample.h"
#include "agent/heap_store.h"
#include "agent/heap_thin.h"
#include "agent/proc_text.h"
#include "base/clock.h"

#define UNKNOWN UINT64_MAX
#define DEAR_NS (5 * NS_PER_S)
#define DEAR_PART 500

/* What is read more rarely. */
static _Atomic uint64_t dirty = UNKNOWN, pss = UNKNOWN;
static _Atomic uint64_t malloc_used = UNKNOWN, malloc_free = UNKNOWN, malloc_mapped = UNKNOWN;
static _Atomic uint64_t due_ns, rollup_due_ns, malloc_due_ns;

/* struct mallinfo2 of glibc 2.33 and later, which older headers do not have. */
struct malloc_books {
	size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks,
		keepcost;
};
static struct malloc_books (*read_books)(void); /* mallinfo2(); NULL: there is none */

void heap_seconds_begin(void)
{
	void *stub, *malloc_here = heap_real_find("malloc", &stub);
	void *libc = dlopen_real("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);

	/* another allocator's blocks are not in the C library's books */
	if (libc != NULL && dlsym(libc, "malloc") == malloc_here)
		*(void **)&read_books = dlsym(libc, "mallinfo2");
	if (libc != NULL)
		dlclose(libc);
	(void)dlerror();
	atomic_store(&due_ns, 0);
}

void heap_seconds_after_fork(void)
{
	_Atomic uint64_t *const figures[] = {&dirty, &pss, &malloc_used, &malloc_free,
					     &malloc_mapped};

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		atomic_store(figures[i], UNKNOWN);
	atomic_store(&due_ns, 0);
	atomic_store(&rollup_due_ns, 0);
	atomic_store(&malloc_due_ns, 0);
}

/* --- what /proc says ------------------------------------------------------------ */

static void read_rollup(uint64_t now_ns)
{
	uint64_t due = atomic_load(&rollup_due_ns), took_ns;
	char text[2048];

	if (now_ns < due || !atomic_compare_exchange_strong(&rollup_due_ns, &due, now_ns + DEAR_NS))
		return;
	if (proc_text_read("/proc/self/smaps_rollup", text, sizeof text) == 0)
		return;
	atomic_store(&dirty, proc_text_value(text, "Private_Dirty"));
	atomic_store(&pss, proc_text_value(text, "Pss"));
	took_ns = agent_now_ns() - now_ns;
	if (took_ns * DEAR_PART > DEAR_NS)
		atomic_store(&rollup_due_ns, now_ns + took_ns * DEAR_PART);
}

/* What is read each second, of one instant: proc(5)'s status, below Linux 4.5 without RssAnon. */
static void read_status(struct heap_second *row)
{
	char text[2048];

	row->threads = row->rss_bytes = row->rss_anonymous_bytes = row->swap_bytes = UNKNOWN;
	if (proc_text_read("/proc/self/status", text, sizeof text) == 0)
		return;
	row->threads = proc_text_value(text, "Threads");
	row->rss_bytes = proc_text_value(text, "VmRSS");
	row->rss_anonymous_bytes = proc_text_value(text, "RssAnon");
	row->swap_bytes = proc_text_value(text, "VmSwap");
}

/* --- a row --------------------------------------------------------------------------- */

static uint64_t not_negative(int64_t value)
{
	return value > 0 ? (uint64_t)value : 0;
}

static void write_row(uint64_t now_ns)
{
	struct heap_file *file = heap_store.file;
	uint64_t head = atomic_load(&file->second_head);
	struct heap_second *row = &file->seconds[head % HEAP_SECONDS];

	atomic_store_explicit(&row->at_ns, 0, memory_order_release);
	read_status(row);
	row->private_dirty_bytes = atomic_load(&dirty);
	row->pss_bytes = atomic_load(&pss);
	row->live_bytes = not_negative(atomic_load(&heap_store.live_bytes));
	row->live_malloc_bytes = not_negative(atomic_load(&heap_store.live_malloc_bytes));
	row->arena_bytes = heap_arenas_bytes();
	row->malloc_used = atomic_load(&malloc_used);
	row->malloc_free = atomic_load(&malloc_free);
	row->malloc_mapped = atomic_load(&malloc_mapped);
	row->malloc_arenas = row->stack_bytes = UNKNOWN;
	row->units = atomic_load(&core_channel_now()->units_ended);
	row->made_bytes = atomic_load(&heap_store.made_bytes);
	atomic_store_explicit(&row->at_ns, now_ns, memory_order_release);
	atomic_store_explicit(&file->second_head, head + 1, memory_order_release);
	heap_thin_second(now_ns, row->rss_bytes);
}

void heap_seconds_look(uint64_t now_ns)
{
	uint64_t due = atomic_load_explicit(&due_ns, memory_order_relaxed);

	if (LIKELY(now_ns < due) || heap_store.file == NULL ||
	    !atomic_compare_exchange_strong(&due_ns, &due, now_ns + NS_PER_S))
		return;
	read_rollup(now_ns);
	if (!heap_enter())
		return;
	heap_sample_publish();
	write_row(now_ns);
	heap_leave();
}

void heap_seconds_with_gil(void)
{
	uint64_t now_ns, took_ns, due = atomic_load_explicit(&malloc_due_ns, memory_order_relaxed);
	struct malloc_books books;

	if (read_books == NULL)
		return;
	now_ns = agent_now_ns();
	if (LIKELY(now_ns < due) ||
	    !atomic_compare_exchange_strong(&malloc_due_ns, &due, now_ns + DEAR_NS))
		return;
	books = read_books();
	atomic_store(&malloc_used, books.uordblks);
	atomic_store(&malloc_free, books.fordblks);
	atomic_store(&malloc_mapped, books.hblkhd);
	took_ns = agent_now_ns() - now_ns;
	if (took_ns * DEAR_PART > DEAR_NS)
		atomic_store(&malloc_due_ns, now_ns + took_ns * DEAR_PART);
}

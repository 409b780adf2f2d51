#include "agent/heap_exact.h"

#include "agent/agent.h"
#include "agent/heap_bytes.h"
#include "agent/heap_malloc.h"
#include "agent/heap_pymem.h"
#include "agent/heap_sample.h"
#include "base/clock.h"

static _Atomic uint64_t until_ns; /* 0: it is not on */

static void set(bool exact)
{
	heap_sample_exact(exact);
	heap_malloc_exact(exact);
	heap_pymem_exact(exact);
}

void heap_exact_begin(uint32_t ms, bool lines)
{
	if (lines && !heap_bytes_begin())
		agent_count_loss(LOSS_NO_SPACE);
	atomic_store(&until_ns, ms == 0 ? UINT64_MAX : agent_now_ns() + ms * NS_PER_MS);
	set(true);
}

void heap_exact_end(void)
{
	if (atomic_exchange(&until_ns, 0) == 0)
		return;
	heap_bytes_end();
	set(false);
}

void heap_exact_look(uint64_t now_ns)
{
	uint64_t until = atomic_load_explicit(&until_ns, memory_order_relaxed);

	if (until != 0 && now_ns >= until)
		heap_exact_end();
}

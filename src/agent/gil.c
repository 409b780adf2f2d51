#include "agent/gil.h"

#include <pthread.h>

#include "agent/agent.h"
#include "agent/python_api.h"

uintptr_t gil_address(void)
{
	static _Atomic uintptr_t known;
	uintptr_t gil = atomic_load_explicit(&known, memory_order_relaxed);
	if (LIKELY(gil) || !agent_layout.version_hex || !py.runtime)
		return gil;
	uintptr_t runtime = (uintptr_t)py.runtime;
	if (agent_layout.runtime_gil != PY_UNKNOWN) {
		gil = runtime + agent_layout.runtime_gil;
	} else {
		uintptr_t interpreter =
			*(uintptr_t *)(runtime + agent_layout.runtime_interpreters_head);
		/* the list is newest first, the main one is its last */
		for (uintptr_t next = interpreter; next;
		     next = *(uintptr_t *)(next + agent_layout.interp_next))
			interpreter = next;
		gil = interpreter ? *(uintptr_t *)(interpreter + agent_layout.interp_gil) : 0;
	}
	atomic_store_explicit(&known, gil, memory_order_relaxed);
	return gil;
}

static bool is_locked(uintptr_t gil)
{
	return __atomic_load_n((const int *)(gil + agent_layout.gil_locked), __ATOMIC_ACQUIRE) == 1;
}

uintptr_t gil_holder(void)
{
	uintptr_t gil = gil_address();
	if (!gil || !is_locked(gil))
		return 0;
	return __atomic_load_n((const uintptr_t *)(gil + agent_layout.gil_last_holder),
			       __ATOMIC_ACQUIRE);
}

static pthread_mutex_t *mutex_of(uintptr_t gil)
{
	return (pthread_mutex_t *)(gil + agent_layout.gil_mutex);
}

bool gil_try_close(void)
{
	uintptr_t gil = gil_address();
	if (!gil || pthread_mutex_trylock(mutex_of(gil)) != 0)
		return false;
	if (!is_locked(gil))
		return true;
	pthread_mutex_unlock(mutex_of(gil));
	return false;
}

void gil_open(void)
{
	pthread_mutex_unlock(mutex_of(gil_address()));
}

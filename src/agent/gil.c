#include "agent/gil.h"

#include <linux/futex.h>
#include <pthread.h>

#include "agent/agent.h"
#include "agent/own_thread.h"
#include "agent/python_api.h"
#include "agent/raw.h"

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

/* 0: by pthread_mutex_trylock(). Of the one thread that closes it. */
static uintptr_t closed_word;

static bool open_word(uintptr_t gil, uint32_t *word)
{
	const bool kept = !is_locked(gil) && __atomic_load_n(word, __ATOMIC_ACQUIRE) != 0;
	const uint32_t before = __atomic_exchange_n(word, 0, __ATOMIC_SEQ_CST);

	closed_word = 0;
	if (before == 2)
		raw_call(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	return kept && before != 0;
}

bool gil_try_close(void)
{
	uintptr_t gil = gil_address();

	if (!gil)
		return false;
	if (own_thread_app_is_alone()) {
		uint32_t *word = (uint32_t *)mutex_of(gil), free = 0;

		if (!__atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_SEQ_CST,
						 __ATOMIC_RELAXED))
			return false;
		closed_word = (uintptr_t)word;
	} else if (pthread_mutex_trylock(mutex_of(gil)) != 0) {
		return false;
	}
	if (!is_locked(gil))
		return true;
	(void)gil_open();
	return false;
}

bool gil_open(void)
{
	if (closed_word != 0)
		return open_word(gil_address(), (uint32_t *)closed_word);
	pthread_mutex_unlock(mutex_of(gil_address()));
	return true;
}

#include "agent/making.h"

#include <time.h>

#include "agent/raw.h"

#define PAUSE_NS (100 * 1000L)
#define PAUSES 200

/* The two low bits; thread numbers have 22 (include/linux/threads.h, PID_MAX_LIMIT). */
enum phase { NOT_BEGUN = 0, UNDER_WAY, MADE, FAILED };

static uint32_t word_of(uint32_t tid, enum phase phase)
{
	return tid << 2 | phase;
}

static uint32_t phase_of(uint32_t word)
{
	return word & 3;
}

bool making_begin(struct making *m, uint32_t tid)
{
	uint32_t nobody = 0;
	return atomic_compare_exchange_strong(&m->word, &nobody, word_of(tid, UNDER_WAY));
}

void making_end(struct making *m, bool made)
{
	atomic_store_explicit(&m->word, made ? MADE : FAILED, memory_order_release);
}

bool making_wait(struct making *m, uint32_t tid)
{
	uint32_t word = atomic_load_explicit(&m->word, memory_order_acquire);
	for (int i = 0; i < PAUSES && phase_of(word) == UNDER_WAY; i++) {
		if (word == word_of(tid, UNDER_WAY))
			return false;
		struct timespec pause = {.tv_nsec = PAUSE_NS};
		raw_call(SYS_nanosleep, &pause, NULL);
		word = atomic_load_explicit(&m->word, memory_order_acquire);
	}
	return phase_of(word) == MADE;
}

void making_forget(struct making *m)
{
	atomic_store(&m->word, 0);
}

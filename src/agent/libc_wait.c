/* Sleeping, and waiting for locks and for the GIL.
 *
 * Python's locks wait in sem_wait and its timed forms, after a sem_trywait that
 * failed; the GIL waits on a condition inside the interpreter's gil struct
 * (Python/ceval_gil.h, take_gil: 5 ms at a time; drop_gil: switch_cond).
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "agent/gil.h"
#include "agent/libc_io.h"
#include "agent/libc_real.h"
#include "base/hash.h"

/* --- sleep ------------------------------------------------------------------------ */

/* These return 0, -1 with errno, an error number, or the seconds left. */
#define SLEEP_CALL(type, real_call) \
	do { \
		struct call c; \
		if (!call_begin(&c, RECORD_SLEEP)) \
			return real_call; \
		type result = real_call; \
		call_end(&c, (struct call_facts){0}); \
		return result; \
	} while (0)

AGENT_EXPORT int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	SLEEP_CALL(int, REAL(nanosleep)(wanted, left));
}

AGENT_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted,
				 struct timespec *left)
{
	SLEEP_CALL(int, REAL(clock_nanosleep)(clock, flags, wanted, left));
}

AGENT_EXPORT int usleep(useconds_t wanted)
{
	SLEEP_CALL(int, REAL(usleep)(wanted));
}

AGENT_EXPORT unsigned sleep(unsigned seconds)
{
	SLEEP_CALL(unsigned, REAL(sleep)(seconds));
}

/* --- locks ------------------------------------------------------------------------- */

uint64_t lock_name(const void *address)
{
	uint64_t value = (uint64_t)(uintptr_t)address;
	return agent_control ? hash_siphash(&value, sizeof value, agent_control->text_key) : 0;
}

static void lock_end(struct call *c, const void *address, int error)
{
	bool failed = error != 0 && error != ETIMEDOUT && error != EINTR && error != EAGAIN;
	call_end(c, (struct call_facts){
			    .aux = lock_name(address),
			    .result = -error,
			    .flags = failed ? RECORD_FAILED : 0,
		    });
}

/* Python takes some locks without a try first (import, thread start, exit): one
 * that is free is not a wait, and not worth a stack. */
static bool taken_at_once(sem_t *semaphore)
{
	if (!atomic_load_explicit(&agent_awake, memory_order_relaxed))
		return false;
	int saved_errno = errno;
	if (sem_trywait(semaphore) == 0)
		return true;
	errno = saved_errno;
	return false;
}

#define SEMAPHORE_CALL(semaphore, real_call) \
	do { \
		struct call c; \
		if (taken_at_once(semaphore)) \
			return 0; \
		if (!call_begin(&c, RECORD_LOCK)) \
			return real_call; \
		int result = real_call; \
		lock_end(&c, (semaphore), result < 0 ? errno : 0); \
		return result; \
	} while (0)

AGENT_EXPORT int sem_wait(sem_t *semaphore)
{
	SEMAPHORE_CALL(semaphore, REAL(sem_wait)(semaphore));
}

AGENT_EXPORT int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
	SEMAPHORE_CALL(semaphore, REAL(sem_timedwait)(semaphore, until));
}

AGENT_EXPORT int sem_clockwait(sem_t *restrict semaphore, clockid_t clock,
			       const struct timespec *restrict until)
{
	SEMAPHORE_CALL(semaphore, REAL(sem_clockwait)(semaphore, clock, until));
}

/* --- conditions ---------------------------------------------------------------------- */

static bool is_gil(const void *condition)
{
	uintptr_t gil = gil_address();
	return gil && (uintptr_t)condition - gil < agent_layout.gil_size;
}

static void condition_end(struct call *c, const void *condition, int error)
{
	if (c->kind == RECORD_GIL)
		call_gil_part(c, agent_now_ns(), error == ETIMEDOUT);
	else
		lock_end(c, condition, error);
}

#define CONDITION_CALL(condition, real_call) \
	do { \
		struct call c; \
		if (!call_begin(&c, is_gil(condition) ? RECORD_GIL : RECORD_LOCK)) \
			return real_call; \
		int error = real_call; \
		condition_end(&c, (condition), error); \
		return error; \
	} while (0)

AGENT_EXPORT int pthread_cond_wait(pthread_cond_t *restrict condition,
				   pthread_mutex_t *restrict mutex)
{
	CONDITION_CALL(condition, REAL(pthread_cond_wait)(condition, mutex));
}

AGENT_EXPORT int pthread_cond_timedwait(pthread_cond_t *restrict condition,
					pthread_mutex_t *restrict mutex,
					const struct timespec *restrict until)
{
	CONDITION_CALL(condition, REAL(pthread_cond_timedwait)(condition, mutex, until));
}

AGENT_EXPORT int pthread_cond_clockwait(pthread_cond_t *restrict condition,
					pthread_mutex_t *restrict mutex, clockid_t clock,
					const struct timespec *restrict until)
{
	CONDITION_CALL(condition, REAL(pthread_cond_clockwait)(condition, mutex, clock, until));
}

#include "agent/own_thread.h"

#include <dlfcn.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stddef.h>

#include "agent/dlopen.h"
#include "agent/raw.h"

#define STACK_BYTES (256u << 10)
#define ALL_SIGNALS_BUT_GLIBCS (~(UINT64_C(3) << 31)) /* 32, 33: setuid() of all threads */

static _Atomic char *alone; /* __libc_single_threaded; NULL: there is none that can be used */

void own_thread_prepare(void)
{
	void *libc = dlopen_real("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	void *inside = libc != NULL ? dlsym(libc, "__libc_single_threaded") : NULL;

	/* a program that has a copy of its own (copy relocation) is left alone: libc would not
	   know when to clear which */
	if (inside != NULL && inside == dlsym(RTLD_DEFAULT, "__libc_single_threaded"))
		alone = inside;
	(void)dlerror(); /* the app must not find our failure as its own */
}

bool own_thread_app_is_alone(void)
{
	return alone != NULL && atomic_load_explicit(alone, memory_order_acquire) != 0;
}

static void *begin(void *argument)
{
	struct own_thread *thread = argument;

	while (atomic_load(&thread->let_go) == 0)
		raw_call(SYS_futex, &thread->let_go, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL);
	return thread->run(thread->argument);
}

static bool make(pthread_t *thread, int detached, void *(*run)(void *), void *argument)
{
	uint64_t blocked = ALL_SIGNALS_BUT_GLIBCS, before;
	pthread_attr_t attributes;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, detached);
	raw_call(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &blocked, &before, sizeof(blocked));
	const bool made = pthread_create(thread, &attributes, run, argument) == 0;
	raw_call(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &before, NULL, sizeof(before));
	pthread_attr_destroy(&attributes);
	return made;
}

bool own_thread_create(struct own_thread *thread)
{
	const bool was_alone = own_thread_app_is_alone();

	atomic_store(&thread->let_go, 0);
	if (!make(&thread->thread, PTHREAD_CREATE_JOINABLE, begin, thread))
		return false;
	/* that it was cleared shows that this is the word that pthread_create clears */
	if (was_alone && atomic_load(alone) == 0)
		atomic_store(alone, 1);
	else if (was_alone)
		alone = NULL;
	atomic_store(&thread->let_go, 1);
	raw_call(SYS_futex, &thread->let_go, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	return true;
}

bool own_thread_send(void *(*run)(void *))
{
	pthread_t thread;

	return make(&thread, PTHREAD_CREATE_DETACHED, run, NULL);
}

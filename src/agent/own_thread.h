/* A thread of the agent's own, of which the C library's fast paths do not know.
 *
 * In a process of one thread glibc takes no lock and no atomic instruction in malloc, mutexes and
 * stdio (SINGLE_THREAD_P; from 2.35 on it is __libc_single_threaded, which pthread_create clears
 * and nobody sets again). A second thread that only ticks would cost an application that fetches
 * rows with SQLite 40 % there (measured: 1,500 rows, 3.11). So the word is put back after such a
 * thread was made, which is true as long as the thread keeps to the rules:
 *   - no malloc, no mutex, no stdio stream, and none that code of the app takes either: what is
 *     shared with the app is shared by atomics or by its own thread;
 *   - the GIL's mutex is taken only if own_thread_app_is_alone() says no;
 *   - it is gone before the process changes its user (libc_user.c): glibc then tells no thread.
 * The application's next pthread_create clears the word as ever. Other C libraries, and older ones,
 * have no such word: nothing is changed there.
 */
#ifndef UNSLOW_AGENT_OWN_THREAD_H
#define UNSLOW_AGENT_OWN_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct own_thread {
	void *(*run)(void *);
	void *argument;
	pthread_t thread;
	_Atomic uint32_t let_go; /* it may begin: the word is as it was */
};

/* Finds the word. From agent_start(), before any thread of ours. */
void own_thread_prepare(void);
/* Makes it, with all signals blocked; `run` and `argument` are set, the struct outlives it. It is
 * to be joined. False: it could not be made. Allocates, as pthread_create does. */
bool own_thread_create(struct own_thread *thread);
/* One that does as a thread of the app does (takes the GIL, allocates): the word stays as
 * pthread_create leaves it. All signals are blocked; it is joined by nobody. False: it could not be
 * made. */
bool own_thread_send(void *(*run)(void *));
/* Has the application one thread only, and does the C library count on that? Then its mutexes
 * exclude nobody. */
bool own_thread_app_is_alone(void);

#endif

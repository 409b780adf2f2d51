/* Greenlets end the tick where they rewrite frames, but not before the first one is made.
 *
 * greenlet rewrites the frames of 3.11 and 3.12 at each switch ("expose frames" in its sources):
 * what lies past the first boundary of a chain is no longer as it was published. Many programs load
 * the library and never make a greenlet (SQLAlchemy imports it for its asynchronous half), so it is
 * the birth of one that counts: the slots tp_new and tp_alloc of greenlet's types, which are filled
 * in as the library is mapped, get functions of ours before Python makes the types ready, and so
 * before any class inherits from them. Main greenlets, one a thread, pass by neither
 * (green_create_main, greenlet 1.1 to 3.5) and never switch alone. The first birth waits until the
 * tick's thread is gone. The slots stay ours: Python refuses greenlet.__new__(Class) where a class
 * and its base have not the same (tp_new_wrapper, Objects/typeobject.c).
 */
#ifndef UNSLOW_AGENT_GREENLETS_H
#define UNSLOW_AGENT_GREENLETS_H

/* A shared object is about to be loaded by a bare name, so that nothing of it will be found: the
 * tick ends if it is greenlet's. */
void greenlets_come_unseen(const char *file);
/* One was loaded from this path. GIL held if it is Python that loads it. */
void greenlets_came(void *handle, const char *file);
/* From tick_prepare(), GIL held: were they loaded before the agent came? */
void greenlets_are_here(void);

#endif

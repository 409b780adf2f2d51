/* How a hook table is written (the patcher itself is declared in agent.h).
 *
 * A library function may exist several times in a process: each copy, called
 * an instance, has a replacement of its own that knows its number, made by
 * SLOT_REPLACEMENTS from one function that takes the number first:
 *
 *     static void *step_originals[SLOT_INSTANCES];
 *     static int step_hook(int instance, void *stmt);
 *     #define STEP(i) static int step_##i(void *s) { return step_hook(i, s); }
 *     SLOT_EACH(STEP)
 *     static void *const step_replacements[] = SLOT_LIST(step);
 */
#ifndef UNSLOW_AGENT_SLOTS_H
#define UNSLOW_AGENT_SLOTS_H

#define SLOT_EACH(X) X(0) X(1) X(2) X(3) X(4) X(5)
#define SLOT_LIST(name) \
	{ \
		name##_0, name##_1, name##_2, name##_3, name##_4, name##_5 \
	}

/* tls.c: look up what it needs of each libssl found so far. Called at the end
 * of a scan, outside the loader's locks. */
void tls_after_scan(void);
/* sqlite_scan.c: likewise of each libsqlite3. */
void sqlite_after_scan(void);

#endif

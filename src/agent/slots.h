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

#include <stdbool.h>
#include <stdint.h>

/* One slot, as the walk finds it. */
struct slot {
	uintptr_t at;
	const char *name;
	void *value;
	bool read_only; /* its page is */
	bool is_stub;   /* imported and not bound yet: it holds the importer's own stub */
};

/* Callbacks of a walk over all loaded objects but the agent; under the loader's lock: no dlopen(),
 * no dlsym(). */
struct slots_walk {
	bool (*wants)(uintptr_t object); /* address of its program headers: its name for us */
	void (*object)(const char *path, uintptr_t load_address, uintptr_t low, uintptr_t high);
	bool (*names)(const char *name);
	void (*slot)(const struct slot *slot);
};

/* The same in `what` of slots_exclusively(), or in heap_slots_after_scan() only. */
void slots_walk(const struct slots_walk *walk);
void slots_write(const struct slot *slot, void *value);
/* While no other thread writes slots. False: another does; pending is marked. */
bool slots_exclusively(void (*what)(void));

/* The loader's counters of objects that came and went. */
struct slots_changes {
	unsigned long long adds, subs;
};
struct slots_changes slots_changes_now(void);

/* heap_slots.c: objects may have come. At the end of a scan, outside the loader's locks. */
void heap_slots_after_scan(void);
/* tls.c: look up what it needs of each libssl found so far. Called at the end
 * of a scan, outside the loader's locks. */
void tls_after_scan(void);
/* sqlite_scan.c: likewise of each libsqlite3. */
void sqlite_after_scan(void);

#endif

#include "agent/greenlets.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/descriptor.h"
#include "agent/python_api.h"
#include "agent/tick.h"

#define WHY "greenlets rewrite the frames of this Python version while they switch"
#define TYPE_WORDS 48 /* of PyTypeObject; it has 51 in 3.11 (cpython/object.h) */
#define SLOT_ALLOC 47 /* Py_tp_alloc and Py_tp_new of typeslots.h */
#define SLOT_NEW 65

typedef py_object new_function(py_object type, py_object arguments, py_object names);
typedef py_object alloc_function(py_object type, py_ssize items);

/* The types that can be switched to, and what their slots held. */
static struct watched_type {
	const char *symbol;
	new_function *new; /* NULL: this library does not have it */
	alloc_function *alloc;
} watched_types[] = {{.symbol = "PyGreenlet_Type"}, {.symbol = "PyGreenletUnswitchable_Type"}};
#define TYPES (sizeof watched_types / sizeof watched_types[0])

static bool rewrites_frames(void)
{
	return agent_layout.frame_kind == PY_FRAME_CFRAME;
}

static bool is_greenlet(const char *file)
{
	return file != NULL && strstr(file, "_greenlet") != NULL;
}

static bool born; /* guarded by the GIL */

static void is_born(void)
{
	if (LIKELY(born))
		return;
	born = true;
	tick_give_up(WHY);
	tick_end();
}

/* One function a type, because a slot gets no word of whose it is: a class that inherits has a type
 * of its own. */
#define SLOTS_OF(i) \
	static py_object new_##i(py_object type, py_object arguments, py_object names) \
	{ \
		is_born(); \
		return watched_types[i].new(type, arguments, names); \
	} \
	static py_object alloc_##i(py_object type, py_ssize items) \
	{ \
		is_born(); \
		return watched_types[i].alloc(type, items); \
	}
SLOTS_OF(0)
SLOTS_OF(1)
static const struct {
	new_function *new;
	alloc_function *alloc;
} ours[TYPES] = {{new_0, alloc_0}, {new_1, alloc_1}};

/* Where in a type object the slot is: where those of two of Python's own types hold what
 * PyType_GetSlot says. 0: it is not told. */
static size_t slot_word(int slot)
{
	void **const types[] = {py.list_type, py.tuple_type};
	size_t found = 0;

	if (py.PyType_GetSlot == NULL)
		return 0;
	const void *values[] = {py.PyType_GetSlot(types[0], slot),
				py.PyType_GetSlot(types[1], slot)};
	for (size_t i = 1; i < TYPE_WORDS; i++)
		if (values[0] != NULL && types[0][i] == values[0] && types[1][i] == values[1]) {
			if (found != 0)
				return 0;
			found = i;
		}
	return found;
}

static bool watch(void *handle)
{
	size_t new_word = slot_word(SLOT_NEW), alloc_word = slot_word(SLOT_ALLOC);
	bool watched = false;

	if (new_word == 0 || alloc_word == 0)
		return false;
	for (size_t i = 0; i < TYPES; i++) {
		struct watched_type *t = &watched_types[i];
		void **type = dlsym(handle, t->symbol);

		if (type == NULL) {
			(void)dlerror(); /* the app must not find our failure as its own */
			continue;
		}
		if (t->new != NULL || type[new_word] == NULL || type[alloc_word] == NULL)
			return false; /* a second copy of the library, or one made otherwise */
		t->new = (new_function *)type[new_word];
		t->alloc = (alloc_function *)type[alloc_word];
		type[new_word] = (void *)ours[i].new;
		type[alloc_word] = (void *)ours[i].alloc;
		watched = watched || i == 0;
	}
	return watched;
}

void greenlets_came(void *handle, const char *file)
{
	if (rewrites_frames() && is_greenlet(file) && !(py.PyGILState_Check() && watch(handle)))
		tick_give_up(WHY);
}

void greenlets_come_unseen(const char *file)
{
	if (rewrites_frames() && is_greenlet(file))
		tick_give_up(WHY);
}

void greenlets_are_here(void)
{
	if (rewrites_frames() && py_module("greenlet._greenlet") != NULL)
		tick_give_up(WHY);
}

#include "agent/heap_tracer.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/heap_filter.h"
#include "agent/heap_sample.h"
#include "agent/heap_store.h"

#define CREATED 0                /* PyRefTracer_CREATE */
#define TYPE_FLAGS_AT 168        /* offset of tp_flags, 64-bit builds (Include/cpython/object.h) */
#define TYPE_HAVE_GC (1ul << 14) /* Py_TPFLAGS_HAVE_GC */
#define GC_HEAD_BYTES 16         /* PyGC_Head, builds with a GIL */

typedef int ref_tracer(py_object object, int event, void *data);

static int (*set_tracer)(ref_tracer *, void *);
static ref_tracer *(*get_tracer)(void **);
static bool installed; /* GIL */

static HEAP_SLOW void created(uintptr_t object)
{
	uintptr_t type = *(const uintptr_t *)(object + agent_layout.object_type);
	unsigned long flags = *(const unsigned long *)(type + TYPE_FLAGS_AT);

	heap_sample_recycled(flags & TYPE_HAVE_GC ? object - GC_HEAD_BYTES : object);
}

static int on_event(py_object object, int event, void *data)
{
	uintptr_t at = (uintptr_t)object;

	(void)data;
	if (event == CREATED && UNLIKELY(heap_filter_has(object) ||
					 heap_filter_has((const void *)(at - GC_HEAD_BYTES))))
		created(at);
	return 0;
}

/* What is read above is where it is thought to be. */
static bool flags_are_known(void)
{
	uintptr_t list = (uintptr_t)py.list_type, text = (uintptr_t)py.unicode_type;

	return *(const unsigned long *)(list + TYPE_FLAGS_AT) == py.PyType_GetFlags((void *)list) &&
	       *(const unsigned long *)(text + TYPE_FLAGS_AT) == py.PyType_GetFlags((void *)text);
}

static const char *reason_against(void)
{
	void *data;

	*(void **)&set_tracer = dlsym(RTLD_DEFAULT, "PyRefTracer_SetTracer");
	*(void **)&get_tracer = dlsym(RTLD_DEFAULT, "PyRefTracer_GetTracer");
	(void)dlerror();
	if (set_tracer == NULL || get_tracer == NULL)
		return "before Python 3.13 nobody is told of objects that come from free lists: "
		       "a float, list, tuple or dict may be older than its line says";
	if (!flags_are_known())
		return "free lists are not followed: the layout of types is another one here";
	if (get_tracer(&data) != NULL)
		return "free lists are not followed: another tool (tracemalloc?) has Python's "
		       "reference tracer";
	return NULL;
}

bool heap_tracer_install(char *reason, size_t reason_size)
{
	const char *against = reason_against();

	if (against == NULL && set_tracer(on_event, NULL) != 0) {
		app_errors_forget();
		against = "free lists are not followed: Python refused the reference tracer";
	}
	installed = against == NULL;
	if (!installed && reason[0] == '\0')
		snprintf(reason, reason_size, "%s", against);
	return installed;
}

static bool is_ours(void)
{
	void *data;

	return get_tracer(&data) == on_event;
}

void heap_tracer_remove(void)
{
	if (installed && is_ours() && set_tracer(NULL, NULL) != 0)
		app_errors_forget();
	installed = false;
}

void heap_tracer_look(void)
{
	/* in a fork's child the file is the parent's until the gate has been passed */
	if (LIKELY(!installed || is_ours()) || !heap_enter())
		return;
	struct heap_file *file = heap_store.file;

	installed = false;
	atomic_fetch_and(&file->hooks, ~(uint32_t)HEAP_HOOK_TRACER);
	if (file->reason[0] == '\0')
		snprintf(file->reason, sizeof file->reason,
			 "free lists are no longer followed: another tool (tracemalloc?) took "
			 "Python's reference tracer");
	heap_leave();
}

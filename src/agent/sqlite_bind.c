#include "agent/sqlite_bind.h"

#include <string.h>

#include "agent/agent.h"
#include "agent/core.h"
#include "agent/slots.h"

enum bound_type { BOUND_NULL, BOUND_INTEGER, BOUND_REAL, BOUND_TEXT, BOUND_BLOB };

/* Place `index` (from 1) of a statement gets a value. Drivers bind all places in their order before
 * each execution; where that is not so, what is bound is not known. */
static void note_bound(void *stmt, int index, enum bound_type type, const void *bytes,
		       uint64_t length)
{
	struct sqlite_bound *b = sqlite_bound_of(stmt);
	struct agent_thread *thread = agent_thread_peek();
	const uint64_t head = (uint64_t)type << 56 ^ length;
	uint64_t own_ns;

	if (!b || index < 1)
		return;
	b->hash = 0;
	if (UNLIKELY(!atomic_load_explicit(&agent_awake, memory_order_relaxed))) {
		b->most = (uint32_t)index > b->most ? (uint32_t)index : b->most;
		b->places = 0;
		return;
	}
	own_ns = thread ? hook_time_begin(thread) : 0;
	if (index == 1) {
		b->places = 0;
		values_begin(&b->values);
	} else if ((uint32_t)index != b->places + 1) {
		values_forget(&b->values);
		b->most = (uint32_t)index > b->most ? (uint32_t)index : b->most;
	}
	b->places++;
	values_add(&b->values, &head, sizeof head);
	values_add(&b->values, bytes, length);
	if (thread)
		hook_time_end(thread, own_ns);
}

void sqlite_bound_end(struct sqlite_bound *b)
{
	if (b->places == 0)
		return;
	if (b->places < b->most)
		values_forget(&b->values);
	else
		b->most = b->places;
	b->hash = values_end(&b->values);
	b->places = 0;
}

/* What fails to be bound keeps its old value. */
static int note_result(void *stmt, int result)
{
	struct sqlite_bound *b = LIKELY(result == 0 /* SQLITE_OK */) ? NULL : sqlite_bound_of(stmt);

	if (b)
		values_forget(&b->values);
	return result;
}

typedef int bind_null_function(void *stmt, int index);
static void *bind_null_originals[SLOT_INSTANCES];
static int bind_null_hook(bind_null_function *original, void *stmt, int index)
{
	note_bound(stmt, index, BOUND_NULL, NULL, 0);
	return note_result(stmt, original(stmt, index));
}

typedef int bind_int64_function(void *stmt, int index, int64_t value);
static void *bind_int64_originals[SLOT_INSTANCES];
static int bind_int64_hook(bind_int64_function *original, void *stmt, int index, int64_t value)
{
	note_bound(stmt, index, BOUND_INTEGER, &value, sizeof value);
	return note_result(stmt, original(stmt, index, value));
}

typedef int bind_double_function(void *stmt, int index, double value);
static void *bind_double_originals[SLOT_INSTANCES];
static int bind_double_hook(bind_double_function *original, void *stmt, int index, double value)
{
	note_bound(stmt, index, BOUND_REAL, &value, sizeof value);
	return note_result(stmt, original(stmt, index, value));
}

typedef int bind_text_function(void *stmt, int index, const char *text, int length, void *destroy);
static void *bind_text_originals[SLOT_INSTANCES];
static int bind_text_hook(bind_text_function *original, void *stmt, int index, const char *text,
			  int length, void *destroy)
{
	/* before the call, which may free the text; a NULL one is a NULL value */
	note_bound(stmt, index, text ? BOUND_TEXT : BOUND_NULL, text,
		   !text        ? 0
		   : length < 0 ? strlen(text)
				: (uint64_t)length);
	return note_result(stmt, original(stmt, index, text, length, destroy));
}

typedef int bind_blob_function(void *stmt, int index, const void *bytes, int length, void *destroy);
static void *bind_blob_originals[SLOT_INSTANCES];
static int bind_blob_hook(bind_blob_function *original, void *stmt, int index, const void *bytes,
			  int length, void *destroy)
{
	note_bound(stmt, index, bytes ? BOUND_BLOB : BOUND_NULL, bytes,
		   bytes && length > 0 ? (uint64_t)length : 0);
	return note_result(stmt, original(stmt, index, bytes, length, destroy));
}

typedef int bind_text64_function(void *stmt, int index, const char *text, uint64_t length,
				 void *destroy, unsigned char encoding);
static void *bind_text64_originals[SLOT_INSTANCES];
static int bind_text64_hook(bind_text64_function *original, void *stmt, int index, const char *text,
			    uint64_t length, void *destroy, unsigned char encoding)
{
	note_bound(stmt, index, text ? BOUND_TEXT : BOUND_NULL, text, text ? length : 0);
	return note_result(stmt, original(stmt, index, text, length, destroy, encoding));
}

typedef int bind_blob64_function(void *stmt, int index, const void *bytes, uint64_t length,
				 void *destroy);
static void *bind_blob64_originals[SLOT_INSTANCES];
static int bind_blob64_hook(bind_blob64_function *original, void *stmt, int index,
			    const void *bytes, uint64_t length, void *destroy)
{
	note_bound(stmt, index, bytes ? BOUND_BLOB : BOUND_NULL, bytes, bytes ? length : 0);
	return note_result(stmt, original(stmt, index, bytes, length, destroy));
}

/* --- one replacement for each copy of the library (slots.h) ------------------------- */

/* Never passed by, even while the agent sleeps: an old hash would stand for new values. */
#define REPLACE(i, name, hook, type, parameters, arguments) \
	static int name##_##i parameters \
	{ \
		type *original = (type *)__atomic_load_n(&name##_originals[i], __ATOMIC_RELAXED); \
		return hook(original, HOOK_##hook); \
	}
#define HOOK_bind_null_hook s, n
#define HOOK_bind_int64_hook s, n, v
#define HOOK_bind_double_hook s, n, v
#define HOOK_bind_text_hook s, n, v, l, f
#define HOOK_bind_blob_hook s, n, v, l, f
#define HOOK_bind_text64_hook s, n, v, l, f, e
#define HOOK_bind_blob64_hook s, n, v, l, f

#define BIND_NULL(i) \
	REPLACE(i, bind_null, bind_null_hook, bind_null_function, (void *s, int n), (s, n))
#define BIND_INT64(i) \
	REPLACE(i, bind_int64, bind_int64_hook, bind_int64_function, (void *s, int n, int64_t v), \
		(s, n, v))
#define BIND_DOUBLE(i) \
	REPLACE(i, bind_double, bind_double_hook, bind_double_function, \
		(void *s, int n, double v), (s, n, v))
#define BIND_TEXT(i) \
	REPLACE(i, bind_text, bind_text_hook, bind_text_function, \
		(void *s, int n, const char *v, int l, void *f), (s, n, v, l, f))
#define BIND_BLOB(i) \
	REPLACE(i, bind_blob, bind_blob_hook, bind_blob_function, \
		(void *s, int n, const void *v, int l, void *f), (s, n, v, l, f))
#define BIND_TEXT64(i) \
	REPLACE(i, bind_text64, bind_text64_hook, bind_text64_function, \
		(void *s, int n, const char *v, uint64_t l, void *f, unsigned char e), \
		(s, n, v, l, f, e))
#define BIND_BLOB64(i) \
	REPLACE(i, bind_blob64, bind_blob64_hook, bind_blob64_function, \
		(void *s, int n, const void *v, uint64_t l, void *f), (s, n, v, l, f))

SLOT_EACH(BIND_NULL)
SLOT_EACH(BIND_INT64)
SLOT_EACH(BIND_DOUBLE)
SLOT_EACH(BIND_TEXT)
SLOT_EACH(BIND_BLOB)
SLOT_EACH(BIND_TEXT64)
SLOT_EACH(BIND_BLOB64)

#define ROW(function) \
	{ \
		"sqlite3_" #function, (void *const[])SLOT_LIST(function), function##_originals \
	}
const struct slot_hook slot_hooks_sqlite_bind[] = {
	ROW(bind_null), ROW(bind_int64),  ROW(bind_double), ROW(bind_text),
	ROW(bind_blob), ROW(bind_text64), ROW(bind_blob64), {.name = NULL},
};

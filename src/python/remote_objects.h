/* Objects of a Python read from outside: strings, numbers, dicts, sets, modules, attributes.
 *
 * Everything may be wrong or change under the reader: an answer is 0, "" or false where something
 * does not fit, and its type is for the caller to check. Bounded by the enum below.
 */
#ifndef UNSLOW_PYTHON_REMOTE_OBJECTS_H
#define UNSLOW_PYTHON_REMOTE_OBJECTS_H

#include "python/remote.h"

enum { REMOTE_ENTRIES_MAX = 1 << 16, REMOTE_NAME_BYTES = 256 };

/* The UTF-8 text of a compact str, at most size - 1 bytes and a NUL; the bytes written. -1: it is
 * no such str. */
long remote_text(const struct remote *r, uintptr_t string, char *to, size_t size);
/* A number of at most two digits of 30 bits, not negative. */
bool remote_long(const struct remote *r, uintptr_t number, uint64_t *value);
/* tp_name of an object's type, "" if it cannot be read. Returns name, REMOTE_NAME_BYTES. */
const char *remote_type_name(const struct remote *r, uintptr_t object, char *name);
bool remote_is(const struct remote *r, uintptr_t object, const char *type_name);

/* What a callback is told of each entry; false ends the walk. */
typedef bool remote_entry(void *context, uintptr_t key, uintptr_t value);
/* False: it is no dict that can be read (a walk ended by the callback is true). */
bool remote_dict_each(const struct remote *r, uintptr_t dict, remote_entry *entry, void *context);
uintptr_t remote_dict_get(const struct remote *r, uintptr_t dict, const char *key);
/* `value` is 0 in a set's entries. */
bool remote_set_each(const struct remote *r, uintptr_t set, remote_entry *entry, void *context);

/* An attribute in an instance's own dict or values. */
uintptr_t remote_attribute(const struct remote *r, uintptr_t object, const char *name);
/* A global of a module that is imported. */
uintptr_t remote_global(const struct remote *r, uintptr_t interpreter, const char *module,
			const char *name);

#endif

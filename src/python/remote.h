/* A CPython in another process, read from outside.
 *
 * The reader knows no process: bytes come through a walk_reader the caller gives, addresses of
 * symbols too. Opening finds the version in the process itself and the layout that belongs to it;
 * remote_check() then holds each field that is used against what must be true of it, and a layout
 * that does not fit is refused by the field's name. Nothing is read before that but by the check.
 *
 * All bytes are hostile: lengths and lists are bounded, pointers only followed through the reader.
 * Errors are ERR_NO_TARGET (not a Python known here) or ERR_INVALID (text begins with the field).
 * What is read of a running thread may be torn; standing still is the caller's business.
 */
#ifndef UNSLOW_PYTHON_REMOTE_H
#define UNSLOW_PYTHON_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "python/layout.h"
#include "python/objects.h"
#include "python/walk.h"

/* Addresses in the process; 0: it has no such symbol. */
struct remote_symbols {
	uintptr_t runtime;    /* _PyRuntime, 3.7+ */
	uintptr_t version;    /* Py_Version, 3.11+ */
	uintptr_t code_type;  /* PyCode_Type */
	uintptr_t str_type;   /* PyUnicode_Type */
	uintptr_t bytes_type; /* PyBytes_Type */
	uintptr_t cache_tag;  /* _PySys_ImplCacheTag, up to 3.8: "cpython-37" */
	uintptr_t string_2;   /* PyString_Type: Python 2 */
};

struct remote {
	walk_reader *read;
	void *context;
	struct remote_symbols symbols;
	struct py_layout layout;
	struct py_objects objects;
	uint16_t pthread_tid; /* offset of the kernel's tid in struct pthread, found by
				 remote_check; PY_UNKNOWN before */
};

/* Version and layout; `remote` is plain data, nothing to close. */
MUST_CHECK enum err_kind remote_open(struct remote *remote, walk_reader *read, void *context,
				     const struct remote_symbols *symbols, struct err *e);

/* A word or an int at base + offset; 0 where nothing can be read. */
static inline uintptr_t remote_word(const struct remote *r, uintptr_t base, size_t offset)
{
	uintptr_t value = 0;
	return base && r->read(r->context, base + offset, &value, sizeof(value)) ? value : 0;
}
static inline int32_t remote_int(const struct remote *r, uintptr_t base, size_t offset)
{
	int32_t value = 0;
	return base && r->read(r->context, base + offset, &value, sizeof(value)) ? value : 0;
}

#endif

/* A made-up process with a heap of CPython 3.12 in it, all of it bytes: for readers from outside,
 * by `remote`, whose context is the scene. What breaks its own bounds fails the test.
 */
#ifndef UNSLOW_TESTS_PYTHON_SCENE_H
#define UNSLOW_TESTS_PYTHON_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "python/remote_heap.h"

/* Addresses of the made-up process; all of it is one block. */
#define SCENE_BASE UINT64_C(0x7f0000000000)
#define SCENE_RUNTIME (SCENE_BASE + 0x1000)
#define SCENE_INTERPRETER (SCENE_BASE + 0x3000)
#define SCENE_FIRST (SCENE_BASE + 0x10000)
enum { SCENE_BYTES = 4 << 20, SCENE_WORD = 8, SCENE_PERMANENT = 3 };
#define SCENE_VERSION 0x030c01f0u
#define TYPE_IS_HEAP (1u << 9)
#define TYPE_IS_LIST (1u << 25)
#define TYPE_IS_TUPLE (1u << 26)
#define TYPE_IS_DICT (1u << 29)
#define TYPE_IS_TYPE (1u << 31)
#define TYPE_HAS_VALUES (1u << 4) /* Py_TPFLAGS_MANAGED_DICT */

struct scene {
	uint8_t *bytes;
	uintptr_t end; /* of what is taken */
	struct remote remote;
	const struct py_heap *heap;
	uintptr_t metatype;
	size_t reads;
	uint64_t most_bytes;
	/* Called before a read; what it changes is what is read. */
	void (*meanwhile)(struct scene *s, uintptr_t address);
	size_t at_read;       /* of what `meanwhile` does once */
	uintptr_t objects[4]; /* … and to whom */
	uintptr_t last;       /* address of the link that was read last */
};

void scene_begin(struct scene *s);
void scene_end(struct scene *s);
bool scene_read(void *context, uintptr_t address, void *to, size_t size); /* a walk_reader */
void scene_forget(void *context);

uint8_t *scene_at(struct scene *s, uintptr_t address);
void scene_put(struct scene *s, uintptr_t address, uint64_t value);
uint64_t scene_get(struct scene *s, uintptr_t address);
uintptr_t scene_take(struct scene *s, size_t bytes);

/* The head of a generation's list, or of SCENE_PERMANENT. */
uintptr_t scene_head(const struct scene *s, unsigned generation);
void scene_link(struct scene *s, unsigned generation, uintptr_t header);
void scene_unlink(struct scene *s, uintptr_t header);
uintptr_t scene_type(struct scene *s, const char *name, uint64_t flags, uint64_t basic);
uintptr_t scene_class(struct scene *s, const char *module, const char *name, uint64_t basic);
uintptr_t scene_str(struct scene *s, const char *text);
/* A dict's keys with 2 to the log2_size places, of which one is used, or none (key 0). */
uintptr_t scene_keys(struct scene *s, uint8_t log2_size, uintptr_t key, uintptr_t value);
/* An object in a list; its header's address. */
uintptr_t scene_make(struct scene *s, uintptr_t type, unsigned generation);

#endif

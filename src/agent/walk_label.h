/* Names for people, of what a walk found: types, modules, functions, variables, keys.
 *
 * A key of a dict is user data as soon as a program takes it from a request. It is kept only where
 * it stands in the program's own source, too: CPython interns the names and the constants that
 * look like names of what it compiles (Objects/codeobject.c, intern_string_constants). So a key is
 * shown if it is an interned str of letters, digits and underscores, not too long; no number, no
 * other value ever is. Not told apart: what setattr() is given (PyObject_SetAttr, Objects/object.c)
 * and the state of unpickled objects are interned, too, so a program that makes attributes out of
 * its data shows the names of those.
 */
#ifndef UNSLOW_AGENT_WALK_LABEL_H
#define UNSLOW_AGENT_WALK_LABEL_H

#include "agent/walk_file.h"
#include "agent/walk_objects.h"

/* What was named so far: the file's text. */
const char *walk_text_bytes(uint32_t *bytes);
struct walk_text walk_text_add(const char *bytes, size_t length);

/* A str, whatever it says: only of names out of source. Empty: it is none. */
struct walk_text walk_name_of(uintptr_t string);
/* A dict's key; empty: it is not to be shown. */
struct walk_text walk_key_label(uintptr_t key);

/* "module.qualname" of a class, the C name of a type. */
struct walk_text walk_type_name(uintptr_t type);
struct walk_text walk_module_name(uintptr_t module);
/* "module.qualname" of a function; of another callable, its type's name. */
struct walk_text walk_function_name(uintptr_t function);
/* Of a code object: its qualified name, below 3.11 its name. */
struct walk_text walk_code_name(uintptr_t code);
/* Of a generator or coroutine, its qualified name. */
struct walk_text walk_generator_name(uintptr_t generator);

#endif

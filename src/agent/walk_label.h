/* Names for people, of what a walk found: types, modules, functions, variables, keys.
 *
 * A key of a dict is user data as soon as a program takes it from a request, and so is the name of
 * an attribute that setattr() is given. It is kept only where it stands in the program's own
 * source, too (walk_names.h), as an interned str of letters, digits and underscores, not too long;
 * no number, no other value ever is. Code that has run and is gone, as that of a module once it is
 * imported, cannot be asked: what modules and classes have in their dicts are variables, and is
 * shown if it is such a str.
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
/* A dict's key, the name of an attribute; empty: it is not to be shown. */
struct walk_text walk_key_label(uintptr_t key);
/* The name of a module's or a class's variable; likewise. */
struct walk_text walk_variable_label(uintptr_t key);

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

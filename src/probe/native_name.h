/* Names of functions of C++ and of Rust as their sources have them, from those in symbol tables:
 * what a function belongs to and is called, without its arguments; those of templates as "<…>".
 *
 * A reader of the Itanium C++ ABI's mangling (itanium-cxx-abi.github.io, "Mangling"), of Rust's
 * older one, which has that form, and of what compilers append (".cold"). What it does not know, or
 * would have to remember (names given by a number of an earlier one), is left as it is: no name is
 * half one. Hostile input is bounded: each step takes a character, steps into one another are few,
 * nothing that is written is read again.
 */
#ifndef UNSLOW_PROBE_NATIVE_NAME_H
#define UNSLOW_PROBE_NATIVE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* `symbol` as its source has it, to `name`. False: it is not one of those, or not known, or too
 * long; `name` is undefined. */
bool native_name(const char *symbol, char *name, size_t size);

#endif

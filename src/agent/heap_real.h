/* The allocator that the program is bound to, of whatever library.
 *
 * dlsym(RTLD_DEFAULT) gives what a program's own calls are bound to, but for one case: a program
 * that is linked at a fixed address and takes a function's address (Debian's python3.11 does, for
 * expat) has an undefined symbol with a value, its own stub, and that is what dlsym() then finds
 * (ELF gABI, "Function Addresses"; glibc elf/dl-lookup.c). The stub leads to the program's slot: as
 * an original it would call our hook for ever.
 */
#ifndef UNSLOW_AGENT_HEAP_REAL_H
#define UNSLOW_AGENT_HEAP_REAL_H

/* The definition; NULL: there is none. `*stub` is the program's address for it, if that is another.
 * Takes the loader's locks. */
void *heap_real_find(const char *name, void **stub);

#endif

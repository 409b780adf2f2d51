/* The malloc family by relocation slots: patched in every loaded object while the heap is sampled,
 * put back after.
 *
 * A slot is patched if it holds the function that the program is bound to, or is not bound yet; one
 * that holds another allocator's is left alone. That of an object that is loaded later is patched
 * when it comes (slots_scan). What a program copied out of a slot meanwhile stays a hook, which
 * then jumps on. Nothing of it is there while nothing is asked for.
 */
#ifndef UNSLOW_AGENT_HEAP_SLOTS_H
#define UNSLOW_AGENT_HEAP_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

/* Patches, or puts back. False: another thread writes slots at this moment, the rest follows with
 * the next scan; or the malloc family is not there. */
bool heap_slots_set(bool patched);
/* In a fork's child: what another thread was at is looked through again. */
void heap_slots_after_fork(void);
/* Slots that are patched now; and those of another allocator that were left alone. */
uint32_t heap_slots_patched(void);
uint32_t heap_slots_foreign(void);

#endif

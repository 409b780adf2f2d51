/* The sampled heap: what is asked for, put in force and taken out.
 *
 * The program asks in channel_control.heap; that is looked at when Python comes alive, then again
 * and again (calls_change.h). While nothing is asked for, or the reader is gone, no hook is there;
 * a reader that is late is waited for (late_reader.h), as what is live would be forgotten else.
 * What cannot be hooked is said in the file's `reason`.
 */
#ifndef UNSLOW_AGENT_HEAP_CONTROL_H
#define UNSLOW_AGENT_HEAP_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

/* The number of what is asked for now; any thread. And putting that in force: GIL held, an
 * exception that is set stays set. */
uint32_t heap_control_generation(void);
void heap_control_apply(void);
/* Another unit begins: what is looked at now and then with the GIL held. */
void heap_control_at_unit(void);
/* It ends; `route`: text id, 0: not known. Any thread. */
void heap_control_unit_over(uint64_t unit, uint32_t route);
/* Python ends, before its modules go; or it goes on after all. GIL held. */
void heap_control_over(void);
void heap_control_not_over(void);
void heap_control_after_fork(void);
/* Hooks are in, and a reader that is late may prove to be gone: to be looked at now and then. Any
 * thread. */
bool heap_control_waits_for_reader(void);

#endif

/* The engine of 3.12 and later: sys.monitoring with callbacks in C (PEP 669).
 *
 * Events of all threads of the interpreter come here, those that were there before, too. What is
 * not chosen answers DISABLE once and is code without events from then on; what is chosen gets its
 * other events on its own code object alone (PY_UNWIND and PY_THROW cannot be had for one code
 * object; they come when an exception unwinds).
 */
#ifndef UNSLOW_AGENT_CALLS_MONITORING_H
#define UNSLOW_AGENT_CALLS_MONITORING_H

#include <stdbool.h>
#include <stddef.h>

bool calls_monitoring_install(char *reason, size_t reason_size);
void calls_monitoring_remove(void);
void calls_monitoring_pause(bool off);

#endif

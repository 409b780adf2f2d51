/* Garbage collections: one record each, by a callable in gc.callbacks. */
#ifndef UNSLOW_AGENT_COLLECTOR_H
#define UNSLOW_AGENT_COLLECTOR_H

/* Appends it. Workers forked later inherit it. GIL held, no exception is left. */
void collector_install(void);

#endif

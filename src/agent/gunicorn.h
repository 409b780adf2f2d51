/* Gunicorn's loader as an entry for any WSGI callable (gunicorn.c). */
#ifndef UNSLOW_AGENT_GUNICORN_H
#define UNSLOW_AGENT_GUNICORN_H

#include "agent/descriptor.h"

/* Makes the type. False: could not. GIL held. */
bool gunicorn_prepare(void);

extern struct hook_row gunicorn_hooks[]; /* end: module NULL */

#endif

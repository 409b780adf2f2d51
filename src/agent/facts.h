/* What is configured in this process, as facts: keys of const tables only, so
 * that no secret can be among them. Written once a process, at its first unit,
 * before that unit's clock starts.
 *
 *   python.*    version, implementation, gc, switch interval, tracing, debug switches
 *   server, server.version, gunicorn.*, uvicorn.*, uwsgi.*
 *   flask.debug, django.debug, starlette.debug, werkzeug.reloader
 *   package.*   versions (packages.c)
 *   rlimit.nofile, sqlite.version, agent.*
 */
#ifndef UNSLOW_AGENT_FACTS_H
#define UNSLOW_AGENT_FACTS_H

#include "agent/descriptor.h"

/* The first unit of this process is about to begin: `application` has the
 * request described by `environ` (WSGI, else NULL). Cheap when done already. GIL
 * held, no exception set or left. */
void facts_at_unit(py_object application, py_object environ);

/* Does the server of this process serve other requests, on the same thread, between
 * two parts of a response? Known from facts_at_unit on. */
bool facts_server_takes_turns(void);

/* Gunicorn's configuration, as its loader has it. */
void facts_keep_gunicorn(py_object config);

extern struct hook_row fact_hooks[]; /* end: module NULL */

#endif

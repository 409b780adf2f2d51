/* Connections that wait to be accepted by the app, and those that found no place: its listening
 * sockets, looked at once a second.
 *
 * Rows of listener_second (schema.sql). A listening socket is the app's if a process of the
 * recording has it open. One network namespace, that of the first such process: workers of a server
 * share it. Where it cannot be asked there are no rows. One struct a recording, driven by one
 * thread.
 */
#ifndef UNSLOW_PROBE_LISTENERS_H
#define UNSLOW_PROBE_LISTENERS_H

#include <stdint.h>

#include "base/err.h"
#include "recording/recording.h"

struct listeners;

/* `recording` must outlive it. */
MUST_CHECK enum err_kind listeners_start(struct listeners **out, struct recording *recording,
					 struct err *e);
void listeners_free(struct listeners *l); /* NULL is allowed */
/* `ids`, `pids`: processes of the recording that live. What was refused before the first look, by a
 * socket that was there then, is not counted. */
MUST_CHECK enum err_kind listeners_look(struct listeners *l, const int64_t *ids, const int *pids,
					int count, uint64_t now_ns, struct err *e);

#endif

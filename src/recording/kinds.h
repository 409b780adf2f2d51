/* Names of the channel's enumerations as the recording has them, and which of
 * the ledger's sums a call's time belongs to. Tables only; owns nothing.
 */
#ifndef UNSLOW_RECORDING_KINDS_H
#define UNSLOW_RECORDING_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/channel.h"

/* What the blocked time of a call is charged to. */
enum charge {
	CHARGE_NONE,   /* detail, or not a call: spans, callbacks, TLS, statements */
	CHARGE_PEER,   /* by the handle: database, file or network */
	CHARGE_SQLITE, /* the whole call is the database's */
	CHARGE_NET,
	CHARGE_FILE,
	CHARGE_LOCK,
	CHARGE_SLEEP,
	CHARGE_GIL,
	CHARGE_GC, /* CPU, whole duration */
};

/* NULL: no such kind, or one that is no row of event or usage_10s. */
const char *record_kind_name(uint16_t kind);
enum charge record_kind_charge(uint16_t kind);
bool record_kind_is_call(uint16_t kind);     /* counts in unit.calls */
bool record_kind_has_handle(uint16_t kind);  /* subject is a handle id */
const char *unit_kind_name(uint32_t kind);   /* "unknown" for a number that has no name */
const char *handle_kind_name(uint32_t kind); /* likewise */
const char *peer_kind_name(uint32_t kind);   /* likewise */
bool peer_kind_is_database(uint32_t kind);
const char *tasks_what_name(int what);      /* NULL: no such enum tasks_what */
const char *agent_loss_name(uint32_t loss); /* NULL: no such loss */

#endif

/* A core for tests of the agent's channel, rings, dictionary, handles and
 * calls: those files are the real ones, in a channel directory of the test's
 * own; Python and the protocols around them are variables.
 */
#ifndef UNSLOW_TEST_AGENT_CORE_FAKES_H
#define UNSLOW_TEST_AGENT_CORE_FAKES_H

#include "agent/core.h"

extern struct channel_control fake_control; /* bytes_limit may be changed */
extern uint64_t fake_unit;                  /* what unit_current() says */
extern uint32_t fake_stack;
extern uintptr_t fake_frame; /* the newest Python frame */
extern uint64_t fake_now_ns; /* what the agent's clock shows; 0: the real one */
extern _Atomic uint64_t fake_losses[LOSS_KINDS];
extern unsigned fake_wires_closed;
extern bool fake_run_waits;          /* a script runs that has no channel */
extern uint64_t fake_run_blocked_ns; /* what run_blocked() was told, summed; it makes the channel */
extern char fake_fact[256];          /* the last one said before there was a channel, key=value */
extern bool fake_channel_refused;    /* agent_need_channel() fails */

/* Make the directory and wake the agent; no channel yet. */
void fake_core_start(void);
/* Remove it all. */
void fake_core_stop(void);
const char *fake_core_directory(void);

/* Records of the calling thread's ring, oldest first; *count of them. */
const struct channel_record *fake_records(size_t *count);
/* The last one; fails the test if there is none. */
const struct channel_record *fake_last_record(void);
/* Entries of a kind in the dictionary; *last is the last payload, or NULL. */
size_t fake_dict_entries(enum dict_kind kind, const void **last);

#endif

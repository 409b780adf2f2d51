/* The agent's core as its database and wire files see it, without rings, Python or time:
 * what they record is kept in arrays for a test to look at. */
#ifndef UNSLOW_TESTS_AGENT_FAKES_H
#define UNSLOW_TESTS_AGENT_FAKES_H

#include "agent/agent.h"

#define FAKE_RECORDS_MAX 4096

extern struct channel_record fake_records[FAKE_RECORDS_MAX];
extern size_t fake_record_count;
extern uint64_t fake_now_ns; /* each reading adds fake_tick_ns */
extern uint64_t fake_tick_ns;
extern uint64_t fake_unit;
extern uint32_t fake_losses[LOSS_KINDS];
extern uint32_t fake_generation; /* of the dictionary */
extern uint32_t fake_text_calls; /* texts that it was asked for */
extern char fake_part_off[512];  /* last "part: reason" */

#define FAKE_HANDLES 4
extern struct handle fake_handles[FAKE_HANDLES]; /* index = fd */

void fake_reset(void);
/* Text of an id given by dict_text_id; "" for 0. */
const char *fake_text(uint32_t id);
/* n-th record of a kind (from 0), NULL if there are not so many. */
const struct channel_record *fake_record(enum record_kind kind, size_t n);
size_t fake_count(enum record_kind kind);

#endif

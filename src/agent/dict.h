/* The process's dictionary: what records name by a small number.
 *
 * Written once, never changed, lock-free: space is reserved by one fetch_add,
 * an entry becomes visible when it is published. Safe from any thread and from
 * a signal handler that interrupted a writer. A fork's child starts a new one
 * (its ids begin at 1 again): whoever caches ids compares dict_generation().
 *
 *     struct dict_thread *t = dict_reserve(DICT_THREAD, sizeof *t);
 *     if (t) {
 *             *t = (struct dict_thread){ .tid = tid, .name = name };
 *             dict_publish(t);
 *     }
 */
#ifndef UNSLOW_AGENT_DICT_H
#define UNSLOW_AGENT_DICT_H

#include <stddef.h>
#include <stdint.h>

#include "agent/channel.h"

#define DICT_TEXT_MAX 8192 /* bytes of one text; longer ones are cut */
#define DICT_TEXTS 16384   /* slots of the table of texts; full → LOSS_DICT_FULL, id 0 */

/* Space for an entry's payload (bytes after struct dict_entry), 8-byte aligned,
 * zeroed. NULL when there is no channel, or it is full (LOSS_DICT_FULL is
 * counted here). Every reserved payload must be published. */
void *dict_reserve(enum dict_kind kind, size_t payload_bytes);
void dict_publish(void *payload);

/* Serial of the channel the dictionary belongs to; 0: there is none yet. Ids
 * obtained under another generation mean nothing now. */
uint32_t dict_generation(void);

/* A text of the agent's own: its id is looked up once a dictionary. */
struct dict_constant {
	const char *text;
	_Atomic uint64_t known; /* generation << 32 | id */
};
#define DICT_CONSTANT(string) \
	{ \
		.text = (string) \
	}
uint32_t dict_constant_id(struct dict_constant *constant);

/* Share of the dictionary that is used, 0–256. */
uint32_t dict_fill_256(void);

/* Texts written so far. */
uint32_t dict_text_count(void);

/* core.c: start an empty dictionary of `size` bytes at `base` (zeroed memory
 * of the channel). base NULL: there is none. */
void dict_attach(struct channel_header *header, void *base);

#endif

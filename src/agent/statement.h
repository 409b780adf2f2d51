/* What the agent keeps of a statement's text: a fingerprint, a keyed hash, counts.
 *
 * Plain data, made once where the text passes by (prepare, Parse, Query); the
 * text itself is not kept. `text` is an id of this process's dictionary: it
 * means nothing after a fork.
 */
#ifndef UNSLOW_AGENT_STATEMENT_H
#define UNSLOW_AGENT_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct statement {
	uint64_t raw_hash;    /* keyed hash of the raw text */
	uint64_t values_hash; /* of the values that belong to it (values.h); 0: not known */
	uint32_t text;        /* fingerprint's text id; 0: dictionary full or none */
	uint32_t literals;
	uint16_t flags; /* RECORD_TRANSACTION, RECORD_APP_TEXT */
};

/* `length` bytes at `sql` (need not end in NUL). The fingerprint is made of the
 * first SQLFP_INPUT_MAX of them, the hash of all. Uses 4 KiB of stack. */
struct statement statement_read(const char *sql, size_t length);
/* The same where only the first bytes are at hand: `hash` is what the caller
 * made of the whole text. */
struct statement statement_read_hashed(const char *sql, size_t length, uint64_t hash);

/* `sent` was read off the wire, on the calling thread, from a text that the
 * driver may have made. Where the application's own is known (sql_text.h), hash,
 * fingerprint and literals become that one's, with RECORD_APP_TEXT, and what was
 * sent, values and all, tells its values apart (`whole`: raw_hash is of all that was
 * sent); else it stays as it is. What drivers say for themselves
 * (RECORD_TRANSACTION) is left alone. */
void statement_own_text(struct statement *sent, bool whole);

/* RECORD_TRANSACTION for a fingerprint that only serves connection or
 * transaction (BEGIN, COMMIT, SET, PRAGMA, a driver's own questions), else 0. */
uint16_t statement_flags(const char *fingerprint, size_t length);

#endif

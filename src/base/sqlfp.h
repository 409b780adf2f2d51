/* SQL fingerprint: the statement without its values.
 *
 * Literals (strings, numbers, hex, dollar-quoted, NULL/TRUE/FALSE in value
 * places stay as they are) become `?`; lists of them become `?, ...`; comments
 * go; white space folds to one blank; identifiers and keywords keep their
 * case. Numbered parameters ($1, :name, ?, %s) become `?`, too, so that a
 * bound and a literal form have the same fingerprint; `literals` counts what
 * was replaced and was not a parameter.
 *
 * Statements whose words are values (PRAGMA, SET, CREATE USER, NOTIFY …) keep
 * their kind, the rest is `…` (sqlprivate.h).
 *
 * Never allocates, never reads past `length`; used by the agent on each
 * prepare and by rules as the SQL function sqlfp(text).
 */
#ifndef UNSLOW_BASE_SQLFP_H
#define UNSLOW_BASE_SQLFP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQLFP_INPUT_MAX 4096 /* bytes of a statement that are read */

struct sqlfp {
	size_t length;       /* bytes written to out, without the NUL */
	uint32_t literals;   /* literal values replaced */
	uint32_t parameters; /* parameters replaced */
	bool cut;            /* input past SQLFP_INPUT_MAX or out was full */
};

struct sqlfp sqlfp_make(const char *sql, size_t length, char *out, size_t out_size);

#endif

/* Names made global: texts, code objects and stacks, one row each however many
 * processes use them.
 *
 * Ids count from 1 and are the row ids; 0 is "none". A code object is its
 * content (two keyed hashes), a stack is a trie whose row is a frame under its
 * caller; its line is decoded when the row is made. Rows are written on first
 * sight. Each table has a ceiling, since the target is hostile: past it the
 * answer is 0 and `refused` grows.
 */
#ifndef UNSLOW_RECORDING_NAMES_H
#define UNSLOW_RECORDING_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/channel.h"
#include "recording/recording.h"

#define NAMES_TEXTS_MAX 200000u
#define NAMES_CODES_MAX 200000u
#define NAMES_STACKS_MAX 1000000u
#define NAMES_BYTES_MAX (UINT64_C(128) << 20) /* texts and line tables together */

struct names;

struct names *names_new(struct recording *recording);
void names_free(struct names *names); /* NULL is allowed */
/* --app PATH: code below it is the application's. Set before the first code. */
void names_set_app_path(struct names *names, const char *path);

/* Bytes that are not UTF-8, and NULs, become '?'. */
uint32_t names_text(struct names *names, const char *bytes, size_t length);
const char *names_text_of(const struct names *names, uint32_t text, size_t *length);
/* `code` with its bytes, lengths already checked. */
uint32_t names_code(struct names *names, const struct dict_code *code);
/* One frame under `parent` (0: root). */
uint32_t names_frame(struct names *names, uint32_t parent, uint32_t code, uint32_t instr_offset);
bool names_stack_has_app(const struct names *names, uint32_t stack);
/* A frame of it belongs to a connection pool's own code: a wait there is a wait for a
 * connection. */
bool names_stack_in_pool(const struct names *names, uint32_t stack);
/* Its newest frame is asyncio's event loop itself, or the selector that it waits in: no callback.
 */
bool names_stack_in_loop(const struct names *names, uint32_t stack);
uint64_t names_refused(const struct names *names);

#endif

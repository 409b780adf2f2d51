#include "agent/statement.h"

#include <string.h>
#include <strings.h>

#include "agent/agent.h"
#include "agent/dict.h"
#include "base/hash.h"
#include "base/sqlfp.h"

/* First words. BEGIN … PRAGMA: the SQL of SQLite and PostgreSQL (their "SQL Commands"); the
 * SELECTs: what psycopg2's and asyncpg's SQLAlchemy dialects ask a new connection
 * (dialects/postgresql/base.py _get_server_version_info, _get_default_schema_name), asyncpg's
 * reset (connection.py get_reset_query), and pools' pings. */
static const char *const own_statements[] = {
	"BEGIN",
	"COMMIT",
	"END",
	"ROLLBACK",
	"ABORT",
	"SAVEPOINT",
	"RELEASE",
	"START TRANSACTION",
	"PREPARE TRANSACTION",
	"SET",
	"RESET",
	"SHOW",
	"PRAGMA",
	"DISCARD",
	"DEALLOCATE",
	"CLOSE",
	"LISTEN",
	"UNLISTEN",
	"ATTACH",
	"DETACH",
	"SELECT pg_catalog.version()",
	"SELECT version()",
	"SELECT current_schema()",
	"SELECT pg_advisory_unlock_all()",
	"SELECT pg_catalog.pg_advisory_unlock_all()",
	"SELECT pg_catalog.set_config",
	"SELECT set_config",
	"SELECT CAST(? AS VARCHAR(?)) AS anon_1",
};

#define LETTER_CASE 0x20

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

uint16_t statement_flags(const char *fingerprint, size_t length)
{
	for (size_t i = 0; i < sizeof own_statements / sizeof *own_statements; i++) {
		if (length == 0 || (fingerprint[0] ^ own_statements[i][0]) & ~LETTER_CASE)
			continue; /* most differ in the first letter */
		size_t n = strlen(own_statements[i]);
		if (length < n || strncasecmp(fingerprint, own_statements[i], n) != 0)
			continue;
		if (length == n || !is_word_byte(own_statements[i][n - 1]) ||
		    !is_word_byte(fingerprint[n]))
			return RECORD_TRANSACTION;
	}
	return 0;
}

/* What was read before, by the keyed hash: a server asks the same few texts all day, and making a
 * fingerprint takes ten times as long as the hash. The two words of a slot are written without a
 * lock: the key is kept mixed with the facts, so that a pair of two writers is nobody's (R. Hyatt,
 * "A lock-less transposition table implementation", ICGA Journal 25(1), 2002). */
#define KNOWN_SLOTS 1024 /* power of two */
#define KNOWN_LITERALS_MAX 0xffffu
static struct {
	_Atomic uint64_t mixed, facts;
} known[KNOWN_SLOTS];

/* Of a text in this process's dictionary, whose ids are void after a fork. */
static uint64_t known_key(uint64_t hash, size_t length)
{
	return hash_mix64(hash ^ hash_mix64((uint64_t)dict_generation() << 32 ^ length));
}

static bool find_known(uint64_t key, struct statement *found)
{
	size_t at = key & (KNOWN_SLOTS - 1);
	uint64_t facts = atomic_load_explicit(&known[at].facts, memory_order_relaxed);

	if ((atomic_load_explicit(&known[at].mixed, memory_order_relaxed) ^ facts) != key ||
	    facts == 0)
		return false;
	found->text = (uint32_t)(facts >> 32);
	found->literals = (uint32_t)facts >> 16;
	found->flags = (uint16_t)facts;
	return true;
}

static void keep_known(uint64_t key, const struct statement *made)
{
	size_t at = key & (KNOWN_SLOTS - 1);
	uint64_t facts = (uint64_t)made->text << 32 | made->literals << 16 | made->flags;

	if (made->text == 0 || made->literals > KNOWN_LITERALS_MAX)
		return;
	atomic_store_explicit(&known[at].facts, facts, memory_order_relaxed);
	atomic_store_explicit(&known[at].mixed, key ^ facts, memory_order_relaxed);
}

struct statement statement_read_hashed(const char *sql, size_t length, uint64_t hash)
{
	char text[SQLFP_INPUT_MAX];
	struct statement made = {.raw_hash = hash};
	uint64_t key = known_key(hash, length);

	if (hash != 0 && find_known(key, &made))
		return made;
	struct sqlfp f = sqlfp_make(sql, length, text, sizeof text);
	made.text = f.length ? dict_text_id(text, f.length) : 0;
	made.literals = f.literals;
	made.flags = statement_flags(text, f.length);
	if (hash != 0)
		keep_known(key, &made);
	return made;
}

struct statement statement_read(const char *sql, size_t length)
{
	uint64_t hash = agent_control ? hash_siphash(sql, length, agent_control->text_key) : 0;
	return statement_read_hashed(sql, length, hash);
}

void statement_own_text(struct statement *sent, bool whole)
{
	uint64_t sent_hash = sent->raw_hash;
	struct agent_thread *thread = agent_thread_peek();
	if (!thread || !thread->sql_text || sent->flags & RECORD_TRANSACTION ||
	    thread->sql_unit != unit_current(thread))
		return;
	*sent = statement_read(thread->sql_text, thread->sql_length);
	sent->flags |= RECORD_APP_TEXT;
	sent->values_hash = whole ? sent_hash : 0;
}

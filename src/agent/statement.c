#include "agent/statement.h"

#include <string.h>
#include <strings.h>

#include "agent/agent.h"
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

struct statement statement_read_hashed(const char *sql, size_t length, uint64_t hash)
{
	char text[SQLFP_INPUT_MAX];
	struct sqlfp f = sqlfp_make(sql, length, text, sizeof text);
	return (struct statement){
		.raw_hash = hash,
		.text = f.length ? dict_text_id(text, f.length) : 0,
		.literals = f.literals,
		.flags = statement_flags(text, f.length),
	};
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

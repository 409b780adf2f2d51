/* PostgreSQL frontend/backend protocol 3 (manual, chapter 55).
 *
 * Client messages push operations, server messages end the oldest. An error in
 * the extended protocol makes the server skip everything up to the next Sync
 * (55.2.3), so the operations before that Sync never run and are dropped.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "agent/wire.h"
#include "base/hash.h"
#include "base/sqlfp.h"

#define CODE_PROTOCOL_3 196608u /* 55.7 StartupMessage; minor versions follow in the low half */
#define CODE_CANCEL 80877102u
#define CODE_SSL 80877103u
#define CODE_GSS 80877104u
#define MESSAGE_BYTES_MAX 0x40000000u /* PQ_LARGE_MESSAGE_LIMIT: the server's own, 1 GB */

enum operation { QUERY = 1, EXECUTE, SYNC };

static uint32_t big_endian(const uint8_t *bytes)
{
	uint32_t value;
	memcpy(&value, bytes, sizeof value);
	return ntohl(value);
}

static uint64_t name_hash(char kind, const uint8_t *name, size_t length)
{
	uint64_t hash = hash_bytes(name, length) ^ hash_mix64((uint64_t)kind);
	return hash ? hash : 1;
}

static struct wire_name *find_name(struct wire *w, uint64_t hash)
{
	for (size_t i = 0; i < WIRE_NAMES; i++)
		if (w->names[i].hash == hash)
			return &w->names[i];
	return NULL;
}

/* `name` is empty for the unnamed one. */
static void remember(struct wire *w, char kind, const uint8_t *name, size_t length,
		     const struct statement *statement)
{
	if (length == 0) {
		*(kind == 'S' ? &w->unnamed : &w->bound) = *statement;
		return;
	}
	uint64_t hash = name_hash(kind, name, length);
	struct wire_name *n = find_name(w, hash);
	if (!n)
		n = find_name(w, 0);
	if (!n) {
		n = &w->names[w->next_name++ % WIRE_NAMES];
		agent_count_loss(LOSS_STATEMENT_STATE);
	}
	n->hash = hash;
	n->statement = *statement;
}

static struct statement recall(struct wire *w, char kind, const uint8_t *name, size_t length)
{
	if (length == 0)
		return kind == 'S' ? w->unnamed : w->bound;
	struct wire_name *n = find_name(w, name_hash(kind, name, length));
	return n ? n->statement : (struct statement){0};
}

static void forget(struct wire *w, char kind, const uint8_t *name, size_t length)
{
	struct wire_name *n = length ? find_name(w, name_hash(kind, name, length)) : NULL;
	if (n)
		n->hash = 0;
}

/* Only the first bytes of a long text are at hand: they and its length are its identity. */
static struct statement read_text(const uint8_t *text, size_t have, size_t total)
{
	uint64_t hash = agent_control ? hash_siphash(text, have, agent_control->text_key) : 0;
	if (total > have)
		hash ^= hash_mix64(total);
	return statement_read_hashed((const char *)text, have, hash);
}

/* Length of the NUL-terminated string at `at`; what is there, if it does not end. */
static size_t string_length(const uint8_t *bytes, size_t at, size_t length)
{
	return at < length ? strnlen((const char *)bytes + at, length - at) : 0;
}

/* --- client ---------------------------------------------------------------------- */

static void client_query(struct wire *w, const uint8_t *m, size_t have, size_t total)
{
	size_t limit = have < SQLFP_INPUT_MAX ? have : SQLFP_INPUT_MAX;
	size_t n = string_length(m, 0, limit);
	size_t all = n < limit || total == 0 ? n : total - 1;
	struct statement s = read_text(m, n, all);
	statement_own_text(&s, all == n);
	wire_push(w, QUERY, &s);
}

/* With Parse the values travel apart (Bind): no driver writes them into this text. */
static void client_parse(struct wire *w, const uint8_t *m, size_t have, size_t total)
{
	size_t name = string_length(m, 0, have);
	size_t text = name + 1;
	if (text >= have)
		return; /* a name longer than any driver's: the statement stays unknown */
	size_t limit = have - text < SQLFP_INPUT_MAX ? have - text : SQLFP_INPUT_MAX;
	size_t n = string_length(m + text, 0, limit);
	struct statement s = read_text(m + text, n, n < limit ? n : total - text);
	s.flags |= RECORD_APP_TEXT;
	remember(w, 'S', m, name, &s);
}

static void client_bind(struct wire *w, const uint8_t *m, size_t have)
{
	size_t portal = string_length(m, 0, have);
	size_t name_at = portal + 1;
	if (name_at >= have)
		return;
	struct statement s = recall(w, 'S', m + name_at, string_length(m, name_at, have));
	s.values_hash = values_end(&w->values);
	remember(w, 'P', m, portal, &s);
}

/* Some bytes of a Bind: past its two names come the values, with their number, lengths and forms
 * (55.7). They are hashed as they pass and nowhere kept. */
static void bind_bytes(struct wire *w, const uint8_t *bytes, size_t length)
{
	size_t at = 0;
	while (w->values_names > 0 && at < length)
		if (bytes[at++] == '\0')
			w->values_names--;
	values_add(&w->values, bytes + at, length - at);
}

/* One statement sent again and again before a Sync is executemany: one round
 * trip, one record. */
static void client_execute(struct wire *w, const uint8_t *m, size_t have)
{
	struct statement s = recall(w, 'P', m, string_length(m, 0, have));
	struct wire_operation *last = wire_newest(w);
	if (last && last->kind == EXECUTE && last->statement.text == s.text &&
	    last->statement.raw_hash == s.raw_hash && last->repeats < UINT32_MAX) {
		last->repeats++;
		last->statement.values_hash = 0; /* of several */
	} else {
		wire_push(w, EXECUTE, &s);
	}
}

static void client_message(struct wire *w, uint8_t type, const uint8_t *m, size_t have,
			   size_t total)
{
	switch (type) {
	case 'Q':
		client_query(w, m, have, total);
		break;
	case 'P':
		client_parse(w, m, have, total);
		break;
	case 'B':
		client_bind(w, m, have);
		break;
	case 'E':
		client_execute(w, m, have);
		break;
	case 'C':
		if (have > 1 && (m[0] == 'S' || m[0] == 'P'))
			forget(w, (char)m[0], m + 1, string_length(m, 1, have));
		break;
	case 'F': /* FunctionCall: a statement without text */
		wire_push(w, QUERY, &(struct statement){0});
		break;
	case 'S':
		wire_push(w, SYNC, &(struct statement){0});
		break;
	default: /* Describe, Flush, CopyData, password, Terminate … */
		break;
	}
}

static void client_startup(struct wire *w, uint32_t code)
{
	if (code == CODE_SSL || code == CODE_GSS) {
		w->server.startup = true; /* one byte answers */
		return;
	}
	if (code == CODE_CANCEL) {
		w->broken = true; /* such a connection has nothing else */
		return;
	}
	if (code >> 16 != 3) {
		wire_break(w);
		return;
	}
	w->client.startup = false;
}

/* Payload bytes worth collecting. Passwords, parameters and COPY data are not. */
static uint32_t client_wanted(uint8_t type)
{
	switch (type) {
	case 'Q':
	case 'P':
		return WIRE_MESSAGE_MAX;
	case 'B': /* two names; the values that follow them are not kept (bind_bytes) */
		return 256;
	case 'E':
	case 'C':
		return 128;
	default:
		return 0;
	}
}

static uint32_t server_wanted(uint8_t type)
{
	return type == 'C' ? WIRE_ANSWER_MAX : 0;
}

/* --- server ------------------------------------------------------------------------ */

/* "INSERT 0 5", "SELECT 3", "UPDATE 2": the last word (55.7 CommandComplete). */
static bool tag_rows(const uint8_t *tag, size_t have, uint32_t *rows)
{
	size_t n = string_length(tag, 0, have), start = n;
	while (start > 0 && tag[start - 1] >= '0' && tag[start - 1] <= '9')
		start--;
	if (start == n || start == 0 || n - start > 18)
		return false;
	uint64_t value = 0;
	for (; start < n; start++)
		value = value * 10 + (tag[start] - '0');
	*rows = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	return true;
}

/* The oldest operation has its answer: it goes, if it was not sent more often. */
static void end_oldest(struct wire *w, uint64_t at_ns)
{
	struct wire_operation *o = wire_oldest(w);
	if (o->repeats > 0 && !o->failed) {
		o->repeats--;
		return;
	}
	wire_write_statement(w, o, at_ns);
	wire_drop_oldest(w);
}

static uint32_t add_rows(uint32_t rows, uint32_t more)
{
	return rows > UINT32_MAX - more ? UINT32_MAX : rows + more;
}

static void server_error(struct wire *w, uint64_t at_ns)
{
	struct wire_operation *o = wire_oldest(w);
	if (!o)
		return;
	o->failed = true;
	if (o->kind != EXECUTE)
		return; /* ReadyForQuery ends it */
	end_oldest(w, at_ns);
	while ((o = wire_oldest(w)) && o->kind == EXECUTE)
		wire_drop_oldest(w); /* skipped by the server */
}

static void server_ready(struct wire *w, uint64_t at_ns)
{
	if (!w->ready) {
		w->ready = true;
		wire_write_ready(w, at_ns);
		return;
	}
	struct wire_operation *o = wire_oldest(w);
	if (!o)
		return;
	if (o->kind == QUERY)
		end_oldest(w, at_ns);
	else if (o->kind == SYNC)
		wire_drop_oldest(w);
	/* An EXECUTE before its Sync: not of this protocol; the next answer tells. */
}

static void server_message(struct wire *w, uint8_t type, const uint8_t *m, size_t have,
			   uint64_t at_ns)
{
	struct wire_operation *o = wire_oldest(w);
	uint32_t rows;
	switch (type) {
	case 'C': /* CommandComplete */
		if (!o || o->kind == SYNC)
			break;
		if (tag_rows(m, have, &rows))
			o->rows = add_rows(o->rows, rows);
		if (o->kind == EXECUTE)
			end_oldest(w, at_ns);
		break;
	case 'I': /* EmptyQueryResponse */
	case 's': /* PortalSuspended: the only end without a tag, so its rows are counted */
		if (o && o->kind == EXECUTE) {
			o->rows = add_rows(o->rows, w->portal_rows);
			end_oldest(w, at_ns);
		}
		break;
	case 'D': /* DataRow */
		w->portal_rows = add_rows(w->portal_rows, 1);
		return;
	case 'E':
		server_error(w, at_ns);
		break;
	case 'Z':
		server_ready(w, at_ns);
		break;
	default:
		return;
	}
	w->portal_rows = 0;
}

/* --- streams ----------------------------------------------------------------------- */

static size_t header_length(const struct wire_stream *s)
{
	return s->startup ? 8 : 5;
}

/* A whole header is there: set up what follows. False: the stream is broken. */
static bool begin_message(struct wire_stream *s, bool from_client)
{
	uint32_t length = big_endian(s->startup ? s->header : s->header + 1);
	uint32_t counted = s->startup ? 8 : 4; /* bytes of the length that the header held */
	if (length < counted || length > MESSAGE_BYTES_MAX)
		return false;
	s->total = s->left = length - counted;
	s->have = 0;
	s->wanted = s->startup    ? 0
		    : from_client ? client_wanted(s->header[0])
				  : server_wanted(s->header[0]);
	if (s->wanted > s->total)
		s->wanted = s->total;
	s->in_message = true;
	return true;
}

static void end_message(struct wire *w, struct wire_stream *s, bool from_client, const uint8_t *m,
			uint64_t at_ns)
{
	bool startup = s->startup;
	s->in_message = false;
	s->header_have = 0;
	struct wire_operation *o = from_client ? NULL : wire_oldest(w);
	if (o)
		o->bytes += 5 + s->total;
	if (startup)
		client_startup(w, big_endian(s->header + 4));
	else if (from_client)
		client_message(w, s->header[0], m, s->have, s->total);
	else
		server_message(w, s->header[0], m, s->have, at_ns);
}

/* A server's answer to SSLRequest is a byte without header. Returns bytes eaten. */
static size_t encryption_answer(struct wire *w, uint8_t answer)
{
	w->server.startup = false;
	if (answer == 'S' || answer == 'G')
		w->encrypted = true;
	else if (answer == 'E') /* an ErrorResponse of old servers */
		return 0;
	else if (answer != 'N')
		wire_break(w);
	return 1;
}

/* Rows that lie here whole, one after the other: most of what a server says, and nothing of them is
 * looked at. Returns their bytes. */
static size_t whole_rows(struct wire *w, const uint8_t *bytes, size_t length)
{
	uint32_t rows = 0;
	size_t at = 0;

	while (length - at >= 5 && bytes[at] == 'D') {
		const uint32_t counted = big_endian(bytes + at + 1);
		if (counted < 4 || counted > MESSAGE_BYTES_MAX || counted >= length - at)
			break;
		at += 1 + (size_t)counted;
		rows++;
	}
	struct wire_operation *o = rows > 0 ? wire_oldest(w) : NULL;
	if (o)
		o->bytes += at;
	w->portal_rows = add_rows(w->portal_rows, rows);
	return at;
}

static void feed(struct wire *w, struct wire_stream *s, bool from_client, const uint8_t *bytes,
		 size_t length, uint64_t at_ns)
{
	size_t at = 0;
	while (at < length && !w->broken) {
		if (!from_client && s->startup) {
			at += encryption_answer(w, bytes[at]);
			if (w->encrypted && !w->visible)
				return; /* the rest is TLS */
			continue;
		}
		if (!from_client && !s->in_message && s->header_have == 0) {
			at += whole_rows(w, bytes + at, length - at);
			if (at == length)
				return;
		}
		if (!s->in_message) {
			size_t need = header_length(s);
			if (from_client && s->header_have == 0)
				wire_begin_batch(w, at_ns);
			while (s->header_have < need && at < length)
				s->header[s->header_have++] = bytes[at++];
			if (s->header_have < need)
				return;
			if (!begin_message(s, from_client)) {
				wire_break(w);
				return;
			}
			if (from_client && !s->startup && s->header[0] == 'B') {
				values_begin(&w->values);
				w->values_names = 2;
			}
		}
		size_t here = length - at < s->left ? length - at : s->left;
		if (from_client && !s->startup && s->header[0] == 'B')
			bind_bytes(w, bytes + at, here);
		const uint8_t *m = wire_collect(w, s, from_client, bytes + at, (uint32_t)here);
		at += here;
		if (s->left > 0)
			return;
		end_message(w, s, from_client, m, at_ns);
		if (from_client)
			wire_collected(w);
	}
}

static void postgres_sent(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	feed(w, &w->client, true, bytes, length, at_ns);
}

static void postgres_received(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	feed(w, &w->server, false, bytes, length, at_ns);
}

static void postgres_closed(struct wire *w, uint64_t at_ns)
{
	for (struct wire_operation *o; (o = wire_oldest(w)); wire_drop_oldest(w)) {
		o->failed = true;
		if (o->kind != SYNC)
			wire_write_statement(w, o, at_ns);
	}
}

const struct wire_protocol wire_postgres = {
	.peer = PEER_POSTGRESQL,
	.sent = postgres_sent,
	.received = postgres_received,
	.closed = postgres_closed,
};

/* MySQL and MariaDB (MySQL Internals, "Client/Server Protocol"; mariadb.com/kb, "Protocol").
 *
 * The server greets, the client logs in, then each command packet has its answer: one packet, or
 * columns, rows and an end that may announce a further result. A session that is compressed, sends
 * files or becomes a replica is not looked at again.
 */
#include <string.h>

#include "agent/dict.h"
#include "agent/wire.h"
#include "base/hash.h"
#include "base/sqlfp.h"

#define PACKET_FULL 0xffffffu /* the next packet goes on with this one's payload */

/* Capabilities, as the client names those that both sides have. */
#define COMPRESSES 0x20u
#define PROTOCOL_41 0x200u
#define SSL 0x800u
#define DEPRECATE_EOF 0x1000000u
#define COMPRESSES_ZSTD 0x4000000u
#define QUERY_ATTRIBUTES 0x8000000u
#define SSL_REQUEST_BYTES 32

#define MORE_RESULTS 0x8u /* of the server's status */
#define CURSOR 0x40u      /* rows are fetched by commands of their own */

enum phase {
	GREETING,
	LOGIN,       /* up to the server's OK */
	FIRST,       /* of an answer */
	COLUMNS,     /* so many packets, then … */
	COLUMNS_END, /* … an EOF … */
	ROWS,
	DEFINITIONS, /* of a prepared statement: so many packets */
};

/* What a command is. QUERY, EXECUTE and FETCH are statements; of the others only OWN is told. */
enum operation { QUERY = 1, EXECUTE, FETCH, PREPARE, OWN, RELOGIN, SILENT, NOT_FOLLOWED };

static const struct command {
	uint8_t code;
	uint8_t operation;
	const char *own_text;
} commands[] = {
	{0x01, SILENT, NULL}, /* QUIT */
	{0x02, OWN, "USE ?"},
	{0x03, QUERY, NULL},
	{0x09, OWN, "STATISTICS"},
	{0x0d, OWN, "DEBUG"},
	{0x0e, OWN, "PING"},
	{0x11, RELOGIN, "CHANGE USER"},
	{0x16, PREPARE, NULL},
	{0x17, EXECUTE, NULL},
	{0x18, SILENT, NULL}, /* STMT_SEND_LONG_DATA */
	{0x19, SILENT, NULL}, /* STMT_CLOSE */
	{0x1a, OWN, "RESET STATEMENT"},
	{0x1b, OWN, "SET OPTION"},
	{0x1c, FETCH, NULL},
	{0x1f, OWN, "RESET CONNECTION"},
	{0xfa, EXECUTE, NULL}, /* MariaDB's COM_STMT_BULK_EXECUTE */
};
#define STMT_CLOSE 0x19
#define LAST_PREPARED UINT32_MAX /* MariaDB: the statement prepared just before */

static uint32_t little_endian(const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;
	for (size_t i = count; i-- > 0;)
		value = value << 8 | bytes[i];
	return value;
}

/* A length-encoded integer at *at, which is moved behind it. False: it is not all there. */
static bool read_integer(const uint8_t *m, size_t have, size_t *at, uint64_t *value)
{
	if (*at >= have)
		return false;
	uint8_t first = m[(*at)++];
	size_t bytes = first == 0xfc ? 2 : first == 0xfd ? 3 : first == 0xfe ? 8 : 0;
	if (bytes == 0) {
		*value = first;
		return first < 0xfb;
	}
	if (have - *at < bytes)
		return false;
	*value = little_endian(m + *at, bytes < 4 ? bytes : 4);
	if (bytes == 8)
		*value |= (uint64_t)little_endian(m + *at + 4, 4) << 32;
	*at += bytes;
	return true;
}

/* --- prepared statements ------------------------------------------------------------ */

static uint64_t key_of(uint32_t id)
{
	return hash_mix64((uint64_t)id + 1) | 1;
}

static struct wire_name *find(struct wire *w, uint64_t key)
{
	for (size_t i = 0; i < WIRE_NAMES; i++)
		if (w->names[i].hash == key)
			return &w->names[i];
	return NULL;
}

static void remember(struct wire *w, uint32_t id, const struct statement *statement)
{
	struct wire_name *n = find(w, key_of(id));
	if (!n)
		n = find(w, 0);
	if (!n) {
		n = &w->names[w->next_name++ % WIRE_NAMES];
		agent_count_loss(LOSS_STATEMENT_STATE);
	}
	*n = (struct wire_name){.hash = key_of(id), .statement = *statement};
	w->mysql.prepared = *statement;
}

static struct statement recall(struct wire *w, uint32_t id)
{
	struct wire_name *n = find(w, key_of(id));
	if (n)
		return n->statement;
	return id == LAST_PREPARED ? w->mysql.prepared : (struct statement){0};
}

static void forget(struct wire *w, uint32_t id)
{
	struct wire_name *n = find(w, key_of(id));
	if (n)
		n->hash = 0;
}

/* --- client ------------------------------------------------------------------------- */

/* Only the first bytes of a long text are at hand: they and its length are its identity. */
static struct statement read_text(const uint8_t *m, size_t have, size_t total, size_t from)
{
	if (from > have)
		return (struct statement){0};
	size_t n = have - from < SQLFP_INPUT_MAX ? have - from : SQLFP_INPUT_MAX;
	uint64_t hash = agent_control ? hash_siphash(m + from, n, agent_control->text_key) : 0;
	if (total - from > n)
		hash ^= hash_mix64(total - from);
	return statement_read_hashed((const char *)m + from, n, hash);
}

/* Where a query's text begins; past its end where attributes come first, which are not read. */
static size_t text_start(const struct wire *w, const uint8_t *m, size_t have)
{
	size_t at = 1;
	uint64_t parameters, sets;
	if (!w->mysql.attributes)
		return at;
	if (!read_integer(m, have, &at, &parameters) || !read_integer(m, have, &at, &sets) ||
	    parameters > 0)
		return have + 1;
	return at;
}

static void begin_answer(struct wire *w)
{
	struct wire_operation *o = wire_oldest(w);
	if (o)
		w->mysql.phase = o->kind == FETCH ? ROWS : o->kind == RELOGIN ? LOGIN : FIRST;
}

static void push(struct wire *w, uint8_t operation, const struct statement *statement)
{
	bool is_first = !wire_oldest(w);
	if (wire_push(w, operation, statement) && is_first)
		begin_answer(w);
}

static void push_own(struct wire *w, const struct command *c)
{
	push(w, c->operation,
	     &(struct statement){.text = dict_text_id(c->own_text, strlen(c->own_text)),
				 .flags = RECORD_TRANSACTION});
}

static const struct command *command_of(uint8_t code)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].code == code)
			return &commands[i];
	return NULL;
}

static void client_command(struct wire *w, const uint8_t *m, size_t have, size_t total)
{
	const struct command *c = have > 0 ? command_of(m[0]) : NULL;
	struct statement s;
	uint32_t id = have >= 5 ? little_endian(m + 1, 4) : 0;
	switch (c ? c->operation : NOT_FOLLOWED) {
	case QUERY:
		s = read_text(m, have, total, text_start(w, m, have));
		statement_own_text(&s, have == total && total <= SQLFP_INPUT_MAX);
		push(w, QUERY, &s);
		break;
	case PREPARE: /* values travel apart: no driver writes them into this text */
		s = read_text(m, have, total, 1);
		s.flags |= RECORD_APP_TEXT;
		push(w, PREPARE, &s);
		break;
	case EXECUTE:
	case FETCH:
		s = recall(w, id);
		push(w, c->operation, &s);
		break;
	case OWN:
	case RELOGIN:
		push_own(w, c);
		break;
	case SILENT:
		w->batch_start_ns = 0;
		if (m[0] == STMT_CLOSE && have >= 5)
			forget(w, id);
		break;
	default: /* COM_BINLOG_DUMP and others whose answers are not known here */
		w->broken = true;
	}
}

static void client_login(struct wire *w, const uint8_t *m, size_t have, size_t total)
{
	uint32_t has = have >= 4 ? little_endian(m, 4) : 0;
	if (!(has & PROTOCOL_41) || has & (COMPRESSES | COMPRESSES_ZSTD)) {
		w->broken = true;
		return;
	}
	if (has & SSL && total == SSL_REQUEST_BYTES) {
		w->encrypted = true;
		return;
	}
	w->mysql.eof_is_ok = has & DEPRECATE_EOF;
	w->mysql.attributes = has & QUERY_ATTRIBUTES;
	w->client.startup = false;
}

static void client_packet(struct wire *w, const uint8_t *m, size_t have, size_t total)
{
	if (w->client.startup)
		client_login(w, m, have, total);
	else if (w->client.header[3] == 0) /* what goes on with a login has a number */
		client_command(w, m, have, total);
}

/* --- server ------------------------------------------------------------------------- */

static void finish(struct wire *w, uint64_t at_ns)
{
	struct wire_operation *o = wire_oldest(w);
	if (o->kind != PREPARE)
		wire_write_statement(w, o, at_ns);
	wire_drop_oldest(w);
	begin_answer(w);
}

/* A result ends with this status; another one may follow. */
static void result_end(struct wire *w, uint32_t status, uint64_t at_ns)
{
	if (status & MORE_RESULTS)
		w->mysql.phase = FIRST;
	else
		finish(w, at_ns);
}

static void add_rows(struct wire_operation *o, uint64_t more)
{
	uint64_t rows = o->rows + more;
	o->rows = rows < o->rows || rows >= UINT32_MAX ? UINT32_MAX - 1 : (uint32_t)rows;
}

static void server_ok(struct wire *w, const uint8_t *m, size_t have, bool counts, uint64_t at_ns)
{
	size_t at = 1;
	uint64_t rows = 0, id;
	uint32_t status = 0;
	if (read_integer(m, have, &at, &rows) && read_integer(m, have, &at, &id) && have - at >= 2)
		status = little_endian(m + at, 2);
	if (counts)
		add_rows(wire_oldest(w), rows);
	result_end(w, status, at_ns);
}

static void server_prepared(struct wire *w, const uint8_t *m, size_t have, uint64_t at_ns)
{
	if (m[0] != 0 || have < 9) {
		finish(w, at_ns);
		return;
	}
	remember(w, little_endian(m + 1, 4), &wire_oldest(w)->statement);
	uint32_t columns = little_endian(m + 5, 2), parameters = little_endian(m + 7, 2);
	uint32_t ends = w->mysql.eof_is_ok ? 0 : (columns > 0) + (parameters > 0);
	w->mysql.packets = columns + parameters + ends;
	w->mysql.phase = DEFINITIONS;
	if (w->mysql.packets == 0)
		finish(w, at_ns);
}

static void server_columns(struct wire *w, const uint8_t *m, size_t have, size_t total)
{
	size_t at = 0;
	uint64_t columns;
	if (!read_integer(m, have, &at, &columns) || columns == 0 || columns > UINT16_MAX) {
		wire_break(w); /* or a file is asked for (LOCAL INFILE) */
		return;
	}
	/* MariaDB's cached metadata: a byte says that no definitions follow */
	bool is_cached = total > at && at < have && m[at] == 0;
	w->mysql.packets = (uint32_t)columns;
	w->mysql.phase = !is_cached ? COLUMNS : w->mysql.eof_is_ok ? ROWS : COLUMNS_END;
}

static void server_first(struct wire *w, const uint8_t *m, size_t have, size_t total,
			 uint64_t at_ns)
{
	struct wire_operation *o = wire_oldest(w);
	if (o->kind == PREPARE)
		server_prepared(w, m, have, at_ns);
	else if (o->kind == OWN)
		finish(w, at_ns);
	else if (m[0] == 0)
		server_ok(w, m, have, true, at_ns);
	else
		server_columns(w, m, have, total);
}

static void server_row(struct wire *w, const uint8_t *m, size_t have, size_t total, uint64_t at_ns)
{
	if (m[0] != 0xfe || total >= (w->mysql.eof_is_ok ? PACKET_FULL : 9)) {
		add_rows(wire_oldest(w), 1);
		return;
	}
	if (w->mysql.eof_is_ok)
		server_ok(w, m, have, false, at_ns);
	else
		result_end(w, have >= 5 ? little_endian(m + 3, 2) : 0, at_ns);
}

static void server_login(struct wire *w, const uint8_t *m, uint64_t at_ns)
{
	if (m[0] == 0xff && !w->ready) {
		w->broken = true; /* refused: the connection has nothing else */
	} else if (m[0] == 0 && !w->ready) {
		w->ready = true;
		w->mysql.phase = FIRST;
		wire_write_ready(w, at_ns);
	} else if (m[0] == 0 || m[0] == 0xff) {
		struct wire_operation *o = wire_oldest(w);
		if (o)
			finish(w, at_ns);
	}
}

static void server_packet(struct wire *w, const uint8_t *m, size_t have, size_t total,
			  uint64_t at_ns)
{
	struct wire_operation *o = wire_oldest(w);
	if (have == 0)
		return;
	if (w->mysql.phase == GREETING) {
		w->broken = m[0] == 0xff;
		w->mysql.phase = LOGIN;
		return;
	}
	if (w->mysql.phase == LOGIN) {
		server_login(w, m, at_ns);
		return;
	}
	if (!o)
		return; /* to what was sent before this was looked at */
	if (m[0] == 0xff && w->mysql.phase != COLUMNS && w->mysql.phase != DEFINITIONS) {
		o->failed = true;
		finish(w, at_ns);
		return;
	}
	switch (w->mysql.phase) {
	case FIRST:
		server_first(w, m, have, total, at_ns);
		break;
	case COLUMNS:
		if (--w->mysql.packets == 0)
			w->mysql.phase = w->mysql.eof_is_ok ? ROWS : COLUMNS_END;
		break;
	case COLUMNS_END:
		w->mysql.phase = ROWS;
		if (have >= 5 && little_endian(m + 3, 2) & CURSOR)
			finish(w, at_ns);
		break;
	case DEFINITIONS:
		if (--w->mysql.packets == 0)
			finish(w, at_ns);
		break;
	default:
		server_row(w, m, have, total, at_ns);
	}
}

/* --- streams ------------------------------------------------------------------------- */

/* Payload bytes worth collecting: of a login its capabilities, never what follows them. */
static uint32_t wanted(const struct wire *w, const struct wire_stream *s, bool from_client)
{
	if (!from_client)
		return WIRE_ANSWER_MAX;
	if (w->client.startup)
		return 4;
	return s->header[3] == 0 && w->ready ? WIRE_MESSAGE_MAX : 0;
}

static void end_packet(struct wire *w, struct wire_stream *s, bool from_client, const uint8_t *m,
		       uint64_t at_ns)
{
	bool *continues = from_client ? &w->mysql.client_continues : &w->mysql.server_continues;
	bool continued = *continues;
	*continues = s->total == PACKET_FULL;
	s->in_message = false;
	s->header_have = 0;
	struct wire_operation *o = from_client ? NULL : wire_oldest(w);
	if (o)
		o->bytes += 4 + s->total;
	if (continued)
		return;
	if (from_client)
		client_packet(w, m, s->have, s->total);
	else
		server_packet(w, m, s->have, s->total, at_ns);
}

static void feed(struct wire *w, struct wire_stream *s, bool from_client, const uint8_t *bytes,
		 size_t length, uint64_t at_ns)
{
	for (size_t at = 0; at < length && !w->broken;) {
		if (!s->in_message) {
			if (from_client && s->header_have == 0)
				wire_begin_batch(w, at_ns);
			while (s->header_have < 4 && at < length)
				s->header[s->header_have++] = bytes[at++];
			if (s->header_have < 4)
				return;
			s->total = s->left = little_endian(s->header, 3);
			s->have = 0;
			s->wanted = wanted(w, s, from_client);
			if (s->wanted > s->total)
				s->wanted = s->total;
			s->in_message = true;
		}
		size_t here = length - at < s->left ? length - at : s->left;
		const uint8_t *m = wire_collect(w, s, from_client, bytes + at, (uint32_t)here);
		at += here;
		if (s->left > 0)
			return;
		end_packet(w, s, from_client, m, at_ns);
		if (from_client)
			wire_collected(w);
		if (w->encrypted && !w->visible)
			return; /* the rest is TLS */
	}
}

static void mysql_sent(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	feed(w, &w->client, true, bytes, length, at_ns);
}

static void mysql_received(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	feed(w, &w->server, false, bytes, length, at_ns);
}

const struct wire_protocol wire_mysql = {
	.peer = PEER_MYSQL,
	.sent = mysql_sent,
	.received = mysql_received,
	.closed = wire_fail_all,
};

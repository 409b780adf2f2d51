/* Redis and its kin: RESP 2 and 3 (redis.io, "Redis serialization protocol specification").
 *
 * A client's command is an array of bulk strings, answered by the next reply that is not pushed.
 * Kept of it are its name, a keyed hash of the key that it asks for, how many values it asked for
 * and how many there were; no key, field or value is stored. Commands of one name that are sent in
 * one go (a pipeline) become one operation.
 */
#include <stdlib.h>
#include <string.h>

#include "agent/wire.h"
#include "base/hash.h"

#define BULK_BYTES_MAX 0x20000000 /* proto-max-bulk-len: the server's own, 512 MB */
#define ARGUMENTS_MAX 0x100000    /* a server's own (networking.c: 1024 * 1024) */
#define FOUND_UNKNOWN UINT32_MAX

/* How its answer tells what there was. */
enum answer {
	OTHER,   /* it does not: a write, or no command about values */
	VALUE,   /* nil, or the value */
	VALUES,  /* an array with a nil for each that is not there */
	WHOLE,   /* an array or map, empty if there is nothing */
	COUNT,   /* a number: so many are there */
	OWN,     /* the connection's own */
	SETUP,   /* the same, before its first use */
	NO_MORE, /* what follows is no answer to a command any more */
};

/* Arguments after the name that say what is asked for. */
enum keys { NO_KEY, ONE_KEY, KEY_AND_FIELD, KEY_AND_FIELDS, ALL_KEYS };

struct redis_command {
	const char *name;
	uint8_t answer; /* enum answer */
	uint8_t keys;   /* enum keys */
};

/* redis.io, "Commands". What is not here is a command about one key whose answer says nothing. */
static const struct redis_command commands[] = {
	{"GET", VALUE, ONE_KEY},
	{"SET", OTHER, ONE_KEY},
	{"MGET", VALUES, ALL_KEYS},
	{"HGET", VALUE, KEY_AND_FIELD},
	{"HSET", OTHER, KEY_AND_FIELD},
	{"HSETNX", OTHER, KEY_AND_FIELD},
	{"HMGET", VALUES, KEY_AND_FIELDS},
	{"HGETALL", WHOLE, ONE_KEY},
	{"EXISTS", COUNT, ALL_KEYS},
	{"HEXISTS", COUNT, KEY_AND_FIELD},
	{"GETEX", VALUE, ONE_KEY},
	{"GETDEL", VALUE, ONE_KEY},
	{"DEL", OTHER, ALL_KEYS},
	{"UNLINK", OTHER, ALL_KEYS},
	{"SMEMBERS", WHOLE, ONE_KEY},
	{"LRANGE", WHOLE, ONE_KEY},
	{"ZRANGE", WHOLE, ONE_KEY},
	{"JSON.GET", VALUE, ONE_KEY},
	{"PING", OWN, NO_KEY},
	{"MULTI", OWN, NO_KEY},
	{"EXEC", OWN, NO_KEY},
	{"DISCARD", OWN, NO_KEY},
	{"WATCH", OWN, NO_KEY},
	{"UNWATCH", OWN, NO_KEY},
	{"INFO", OWN, NO_KEY},
	{"COMMAND", OWN, NO_KEY},
	{"CONFIG", OWN, NO_KEY},
	{"CLUSTER", OWN, NO_KEY},
	{"SENTINEL", OWN, NO_KEY},
	{"QUIT", OWN, NO_KEY},
	{"HELLO", SETUP, NO_KEY},
	{"AUTH", SETUP, NO_KEY},
	{"SELECT", SETUP, NO_KEY},
	{"CLIENT", SETUP, NO_KEY},
	{"READONLY", SETUP, NO_KEY},
	{"SUBSCRIBE", NO_MORE, NO_KEY},
	{"PSUBSCRIBE", NO_MORE, NO_KEY},
	{"SSUBSCRIBE", NO_MORE, NO_KEY},
	{"MONITOR", NO_MORE, NO_KEY},
	{"SYNC", NO_MORE, NO_KEY},
	{"PSYNC", NO_MORE, NO_KEY},
};
static const struct redis_command other_command = {"", OTHER, ONE_KEY};

/* --- lines ------------------------------------------------------------------------- */

/* Up to and with the end of the line. True: the line is whole; `line` ends in NUL, without CR LF.
 */
static bool read_line(struct wire_redis_reader *r, const uint8_t *bytes, size_t length, size_t *at)
{
	while (*at < length) {
		char c = (char)bytes[(*at)++];
		if (c == '\n') {
			if (r->have > 0 && r->line[r->have - 1] == '\r')
				r->have--;
			r->line[r->have] = '\0';
			r->have = 0;
			return true;
		}
		if (r->have < sizeof r->line - 1)
			r->line[r->have++] = c;
	}
	return false;
}

/* The decimal after the type byte. False: it is none. */
static bool number_of(const char *line, int64_t *number)
{
	char *end;
	*number = strtoll(line + 1, &end, 10);
	return end != line + 1 && *end == '\0';
}

/* --- client ------------------------------------------------------------------------ */

static const struct redis_command *command_named(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (commands[i].name[0] == name[0] && !strcmp(commands[i].name, name))
			return &commands[i];
	return &other_command;
}

static bool is_asked_for(const struct wire_redis *r)
{
	switch (r->known->keys) {
	case ONE_KEY:
		return r->argument == 1;
	case KEY_AND_FIELD:
		return r->argument == 1 || r->argument == 2;
	case KEY_AND_FIELDS:
	case ALL_KEYS:
		return r->argument >= 1;
	default:
		return false;
	}
}

static void hash_some(struct wire_redis *r)
{
	if (agent_control)
		r->key.hash = hash_siphash(&r->key, sizeof r->key.hash + r->key_have,
					   agent_control->text_key);
	r->key_have = 0;
}

static void key_bytes(struct wire_redis *r, const uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t room = sizeof r->key.bytes - r->key_have;
		size_t n = length - at < room ? length - at : room;
		memcpy(r->key.bytes + r->key_have, bytes + at, n);
		r->key_have = (uint8_t)(r->key_have + n);
		at += n;
		if (r->key_have == sizeof r->key.bytes)
			hash_some(r);
	}
}

/* Module commands have dots. Anything else may be a text of the user's: it is not told. */
static void name_bytes(struct wire_redis *r, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length && r->named; i++) {
		char c = (char)bytes[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (r->name_have == sizeof r->name - 1 ||
		    !((c >= 'A' && c <= 'Z') || c == '.' || c == '_'))
			r->named = false;
		else
			r->name[r->name_have++] = c;
	}
}

static void argument_end(struct wire_redis *r)
{
	if (r->argument == 0) {
		r->named = r->named && r->name_have > 0;
		r->name[r->named ? r->name_have : 0] = '\0';
		r->known = command_named(r->name);
	} else if (is_asked_for(r)) {
		hash_some(
			r); /* the next one begins a block of its own: "ab", "c" is not "a", "bc" */
	}
	r->argument++;
	r->arguments--;
}

/* Values that the command is about, by its number of arguments with the name. */
static uint32_t asked_by(const struct redis_command *known, uint32_t arguments)
{
	if (known->keys == ALL_KEYS)
		return arguments - 1;
	if (known->keys == KEY_AND_FIELDS)
		return arguments > 2 ? arguments - 2 : 0;
	return known->answer >= OWN ? 0 : 1;
}

/* Sent in the same go as `o`, which is the newest: one operation stands for both. */
static void join(struct wire_operation *o, const struct statement *s, uint8_t kind)
{
	o->repeats++;
	o->statement.literals += s->literals;
	o->statement.raw_hash = hash_mix64(o->statement.raw_hash) ^ s->raw_hash;
	if (o->statement.text == s->text && o->kind == kind)
		return;
	o->statement.text = 0;
	o->kind = OTHER;
	o->rows = FOUND_UNKNOWN;
}

static void command_end(struct wire *w)
{
	struct wire_redis *r = &w->redis;
	const struct redis_command *known = r->known;
	if (known->answer == NO_MORE) {
		w->broken = true;
		return;
	}
	if (known->answer != SETUP && !r->in_use) {
		r->in_use = true;
		if (r->setup_end_ns)
			wire_write_ready(w, r->setup_end_ns);
	}
	struct statement s = {
		.text = r->named ? dict_text_id(r->name, r->name_have) : 0,
		.raw_hash = r->key.hash,
		.literals = asked_by(known, r->argument),
		.flags = (uint16_t)(RECORD_COMMAND |
				    (known->answer >= OWN ? RECORD_TRANSACTION : 0)),
	};
	struct wire_operation *last = wire_newest(w);
	bool at_once = last && last->start_ns == w->batch_start_ns && last->repeats < UINT32_MAX;
	bool is_full = w->queue_tail - w->queue_head == WIRE_QUEUE;
	if (at_once &&
	    (is_full || (last->statement.text == s.text && last->kind == known->answer))) {
		join(last, &s, known->answer);
		w->batch_start_ns = 0;
		return;
	}
	struct wire_operation *o = wire_push(w, known->answer, &s);
	if (o && (known->answer == OTHER || known->answer >= OWN))
		o->rows = FOUND_UNKNOWN;
}

static void client_line(struct wire *w)
{
	struct wire_redis *r = &w->redis;
	int64_t n;
	if (!number_of(r->client.line, &n) || n < 0) {
		wire_break(w);
	} else if (r->arguments == 0) {
		if (r->client.line[0] != '*' || n > ARGUMENTS_MAX) {
			wire_break(w);
			return;
		}
		r->arguments = (uint32_t)n;
		r->argument = 0;
		r->name_have = 0;
		r->named = true;
		r->key.hash = 0;
		r->key_have = 0;
	} else if (r->client.line[0] != '$' || n > BULK_BYTES_MAX) {
		wire_break(w);
	} else {
		r->client.left = (uint64_t)n + 2;
	}
}

static size_t client_bulk(struct wire *w, const uint8_t *bytes, size_t length)
{
	struct wire_redis *r = &w->redis;
	size_t here = length < r->client.left ? length : (size_t)r->client.left;
	uint64_t content = r->client.left > 2 ? r->client.left - 2 : 0;
	size_t n = here < content ? here : (size_t)content;
	if (r->argument == 0)
		name_bytes(r, bytes, n);
	else if (is_asked_for(r))
		key_bytes(r, bytes, n);
	r->client.left -= here;
	if (r->client.left == 0) {
		argument_end(r);
		if (r->arguments == 0)
			command_end(w);
	}
	return here;
}

static void redis_sent(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	struct wire_redis *r = &w->redis;
	w->ready = true; /* commands may be sent at once */
	for (size_t at = 0; at < length && !w->broken;) {
		if (r->client.left > 0) {
			at += client_bulk(w, bytes + at, length - at);
			continue;
		}
		if (r->arguments == 0 && r->client.have == 0)
			wire_begin_batch(w, at_ns);
		if (read_line(&r->client, bytes, length, &at))
			client_line(w);
	}
}

/* --- server ------------------------------------------------------------------------ */

static uint32_t add(uint32_t found, uint64_t more)
{
	return more >= FOUND_UNKNOWN - found ? FOUND_UNKNOWN - 1 : found + (uint32_t)more;
}

/* What the reply says of the values that `o` asked for. "+QUEUED" says nothing. */
static void count_found(struct wire_operation *o, const struct wire_redis *r)
{
	if (o->rows == FOUND_UNKNOWN)
		return;
	if (r->type == '+') {
		o->rows = FOUND_UNKNOWN;
		return;
	}
	switch (o->kind) {
	case VALUE:
		o->rows = add(o->rows, r->present);
		break;
	case VALUES:
		o->rows = add(o->rows, r->found);
		break;
	case WHOLE:
		o->rows = add(o->rows, r->found > 0);
		break;
	case COUNT:
		o->rows = add(o->rows, r->number > 0 ? (uint64_t)r->number : 0);
		break;
	default:
		break;
	}
}

static void reply_end(struct wire *w, uint64_t at_ns)
{
	struct wire_redis *r = &w->redis;
	if (r->type == '>' || r->type == '|')
		return; /* pushed, or said about the reply that follows */
	struct wire_operation *o = wire_oldest(w);
	if (!o) {
		r->bytes = 0;
		return; /* to what was sent before this was looked at */
	}
	o->bytes += r->bytes;
	r->bytes = 0;
	if (r->type == '-' || r->type == '!')
		o->failed = true;
	else
		count_found(o, r);
	if (o->repeats > 0) {
		o->repeats--;
		return;
	}
	if (o->kind == SETUP && !r->in_use)
		r->setup_end_ns = at_ns;
	wire_write_statement(w, o, at_ns);
	wire_drop_oldest(w);
}

/* A value is whole: with it, perhaps, the arrays that it is the last element of. */
static void value_end(struct wire *w, bool present, uint64_t at_ns)
{
	struct wire_redis *r = &w->redis;
	for (;; present = true) {
		if (r->depth == 0) {
			r->present = present;
			reply_end(w, at_ns);
			return;
		}
		if (r->depth == 1 && present && r->found < FOUND_UNKNOWN)
			r->found++;
		if (--r->open[r->depth - 1] > 0)
			return;
		r->depth--;
	}
}

static void open_array(struct wire *w, int64_t elements, uint64_t at_ns)
{
	struct wire_redis *r = &w->redis;
	if (elements <= 0) {
		value_end(w, elements == 0, at_ns);
	} else if (r->depth == WIRE_REDIS_DEPTH || elements > UINT32_MAX) {
		wire_break(w);
	} else {
		r->open[r->depth++] = (uint32_t)elements;
	}
}

static void server_line(struct wire *w, uint64_t at_ns)
{
	struct wire_redis *r = &w->redis;
	const char *line = r->server.line;
	int64_t n = 0;
	bool is_number = number_of(line, &n);
	if (r->depth == 0) {
		r->type = line[0];
		r->found = 0;
		r->number = line[0] == ':' && is_number ? n : 0;
	}
	switch (line[0]) {
	case '+':
	case '-':
	case ':':
	case ',':
	case '#':
	case '(':
		value_end(w, true, at_ns);
		break;
	case '_':
		value_end(w, false, at_ns);
		break;
	case '$':
	case '!':
	case '=':
		if (!is_number || n < -1 || n > BULK_BYTES_MAX)
			wire_break(w);
		else if (n < 0)
			value_end(w, false, at_ns);
		else
			r->server.left = (uint64_t)n + 2;
		break;
	case '*':
	case '~':
	case '>':
	case '%':
	case '|':
		if (!is_number || n < -1 || n > UINT32_MAX || (line[0] == '|' && r->depth > 0))
			wire_break(w);
		else
			open_array(w, line[0] == '%' || line[0] == '|' ? 2 * n : n, at_ns);
		break;
	default:
		wire_break(w);
	}
}

static void redis_received(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	struct wire_redis *r = &w->redis;
	for (size_t at = 0; at < length && !w->broken;) {
		size_t before = at;
		if (r->server.left > 0) {
			size_t here =
				length - at < r->server.left ? length - at : (size_t)r->server.left;
			r->server.left -= here;
			at += here;
			r->bytes += here;
			if (r->server.left == 0)
				value_end(w, true, at_ns);
			continue;
		}
		bool whole = read_line(&r->server, bytes, length, &at);
		r->bytes += at - before;
		if (whole)
			server_line(w, at_ns);
	}
}

const struct wire_protocol wire_redis = {
	.peer = PEER_REDIS,
	.sent = redis_sent,
	.received = redis_received,
	.closed = wire_fail_all,
};

/* What a connection says: its protocol, and the statements that wait for an answer.
 *
 * A connection's state is an entry of a fixed pool, held by struct handle's
 * `wire` from its first byte to its close. The first bytes of either side name
 * the protocol (wire_detect.h); of a protocol with a
 * decoder, every byte then passes through it once, in any pieces. Bytes under
 * TLS are skipped; what tls.c sees before encryption takes their place.
 *
 * Both sides are hostile input: all memory is fixed, lengths are only counted
 * down, and a stream that breaks its protocol is not looked at again
 * (LOSS_STATEMENT_STATE). Entries are used by one thread at a time; a second
 * one at the same moment ends the decoding instead of waiting.
 */
#ifndef UNSLOW_AGENT_WIRE_H
#define UNSLOW_AGENT_WIRE_H

#include "agent/agent.h"
#include "agent/statement.h"
#include "agent/values.h"

#define WIRE_CONNECTIONS 512
#define WIRE_QUEUE 64   /* operations in flight; a power of two */
#define WIRE_NAMES 128  /* prepared statements and portals remembered; drivers keep 100 */
#define WIRE_HEAD 16    /* first bytes kept until the protocol is known */
#define WIRE_GREETING 6 /* a server's first bytes, by which it is known */
#define WIRE_MESSAGE_MAX \
	(4096 + 128)       /* of a client's message: a name and a fingerprint's input \
			    */
#define WIRE_ANSWER_MAX 64 /* of a server's message: a command tag */
#define WIRE_REDIS_NAME 24 /* longest name of a command that is told */
#define WIRE_REDIS_DEPTH 8 /* of arrays in a reply */

/* One direction of a connection. */
struct wire_stream {
	uint32_t left;   /* payload bytes of the message still to come */
	uint32_t total;  /* of its payload */
	uint32_t wanted; /* bytes of it to collect … */
	uint32_t have;   /* … and collected */
	uint8_t header[8];
	uint8_t header_have;
	bool in_message;
	bool startup; /* the next message has no type byte (client) or is one byte (server) */
};

/* Something sent that the server will answer. */
struct wire_operation {
	struct statement statement;
	uint64_t start_ns;
	uint64_t unit;
	uint32_t stack;
	uint32_t rows;
	uint64_t bytes;   /* received since it became the oldest */
	uint32_t repeats; /* sent so often more in one go, with one record for all */
	uint8_t kind;     /* of the protocol */
	bool failed;
};

struct wire_name {
	uint64_t hash; /* of kind and name; 0: free */
	struct statement statement;
};

/* One direction of RESP: a line up to its end, then bytes that its number announced. */
struct wire_redis_reader {
	char line[24]; /* type, and the number that fits; what is longer is a text */
	uint8_t have;
	uint64_t left; /* of a bulk string, with its CR LF */
};

/* wire_redis.c */
struct wire_redis {
	struct wire_redis_reader client, server;
	uint32_t arguments, argument; /* of the command: still to come; index of the next */
	const struct redis_command *known;
	char name[WIRE_REDIS_NAME];
	uint8_t name_have;
	bool named;  /* the name is one that may be told */
	bool in_use; /* more was sent than the connection's own commands */
	/* the key's hash so far, and bytes of it that are still to be hashed with it */
	struct {
		uint64_t hash;
		uint8_t bytes[56];
	} key;
	uint8_t key_have;
	uint64_t setup_end_ns; /* last answer to a command that sets the connection up; 0: none */
	/* the reply under way */
	uint32_t open[WIRE_REDIS_DEPTH]; /* elements still to come */
	uint8_t depth;
	char type;
	bool present;   /* it is no nil */
	uint32_t found; /* elements of the outermost array that are no nil */
	int64_t number;
	uint64_t bytes;
};

/* wire_mysql.c */
struct wire_mysql {
	uint8_t phase;
	bool eof_is_ok;                          /* CLIENT_DEPRECATE_EOF */
	bool attributes;                         /* CLIENT_QUERY_ATTRIBUTES */
	bool client_continues, server_continues; /* the last packet was a full one */
	uint32_t packets;                        /* that come before the next phase */
	struct statement prepared;               /* last */
};

/* wire_http.c: the question under way, whose start is the batch's. */
struct wire_http {
	bool is_question; /* it begins with a method */
	bool is_other;    /* what is sent until something comes is none */
	uint8_t head_have;
	uint8_t head[WIRE_HEAD]; /* its first bytes */
	bool line_ended;         /* the request line */
	bool line_filled;        /* the line under way is not empty */
	bool in_body;
	bool skipping; /* an interim answer's headers … */
	uint8_t ends;  /* … of which so many lines ended in a row */
	uint8_t have;
	uint8_t line[12]; /* of the answer, up to its status */
};

struct wire {
	_Atomic bool used;
	_Atomic bool busy;
	bool broken;    /* not looked at again */
	bool encrypted; /* raw bytes are TLS */
	bool visible;   /* tls.c shows what is inside */
	bool ready;
	bool greeted;                         /* the server spoke first */
	const struct wire_protocol *protocol; /* NULL: not known yet */
	uint32_t handle;
	uint32_t generation; /* of the dictionary that text ids belong to */
	uint64_t opened_ns;
	uint64_t setup_unit;
	uint32_t setup_stack;
	uint32_t setup_tid;
	uint32_t statements;  /* so far */
	uint32_t portal_rows; /* data rows since the last end of anything */
	uint8_t head[WIRE_HEAD];
	uint8_t head_have;
	struct wire_stream client, server;
	uint8_t answer[WIRE_ANSWER_MAX];
	uint8_t *message; /* a client's message in pieces: from a pool, NULL if whole or not wanted
			   */
	/* what was sent since the last point at which the server was asked to answer all */
	uint64_t batch_start_ns, batch_unit;
	uint32_t batch_stack;
	struct values values;     /* of the message that binds them, under way */
	uint8_t values_names;     /* names before them that are still to come */
	struct statement bound;   /* unnamed portal */
	struct statement unnamed; /* unnamed prepared statement */
	uint64_t hello_ns;        /* a TLS handshake began; 0: none is under way */
	struct wire_redis redis;
	struct wire_mysql mysql;
	struct wire_http http;
	uint32_t queue_head, queue_tail;
	struct wire_operation queue[WIRE_QUEUE];
	struct wire_name names[WIRE_NAMES];
	uint32_t next_name;
	/* encrypted and not visible: one exchange at a time */
	uint64_t exchange_start_ns, exchange_end_ns, exchange_unit;
	uint32_t exchange_stack;
	uint64_t exchange_bytes;
};

struct wire_protocol {
	enum peer_kind peer;
	/* NULL: only named. Bytes in the order they were sent; at_ns as in agent.h. */
	void (*sent)(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns);
	void (*received)(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns);
	void (*closed)(struct wire *w, uint64_t at_ns);
};

extern const struct wire_protocol wire_postgres;
extern const struct wire_protocol wire_redis;
extern const struct wire_protocol wire_mysql;
extern const struct wire_protocol wire_http;

/* For protocols: a new operation at the end of the queue with start, unit and
 * stack of the batch under way, which it ends; NULL when too many are in flight
 * (the stream is given up then: answers could not be matched any more). */
struct wire_operation *wire_push(struct wire *w, uint8_t kind, const struct statement *statement);
struct wire_operation *wire_oldest(struct wire *w); /* NULL: none in flight */
struct wire_operation *wire_newest(struct wire *w);
void wire_drop_oldest(struct wire *w);
/* RECORD_STATEMENT of an operation, ended at `end_ns`. */
void wire_write_statement(struct wire *w, const struct wire_operation *o, uint64_t end_ns);
/* RECORD_READY. */
void wire_write_ready(struct wire *w, uint64_t end_ns);
/* A message begins: the start of a batch, unless one is under way. */
void wire_begin_batch(struct wire *w, uint64_t start_ns);
void wire_break(struct wire *w);
uint8_t *wire_message_buffer(void); /* WIRE_MESSAGE_MAX bytes; NULL: all in use */
/* What `s` wants of its message, of which `here` bytes are at `bytes`: where they lie whole, as
 * they come or collected. They count from `left` on: at 0 the message is whole. */
const uint8_t *wire_collect(struct wire *w, struct wire_stream *s, bool from_client,
			    const uint8_t *bytes, uint32_t here);
/* The message is done with: its buffer is given back. */
void wire_collected(struct wire *w);
/* All that is in flight is written as failed: the connection is closed. */
void wire_fail_all(struct wire *w, uint64_t at_ns);

/* For tls.c: plaintext of a connection. The first call says that it is seen. */
void wire_tls_sent(struct handle *h, const void *bytes, size_t length, uint64_t start_ns);
void wire_tls_received(struct handle *h, const void *bytes, size_t length, uint64_t end_ns);
/* The handle id of the connection that went over to TLS last and has no
 * session yet, by this unit and thread before others; 0: none. The caller is
 * its session from now on. */
uint32_t wire_claim_encrypted(uint64_t unit, uint32_t tid);
/* Plaintext for a claimed connection, found by handle id as it has no fd at hand. */
void wire_tls_bytes(uint32_t handle, bool sent, const void *bytes, size_t length, uint64_t at_ns);

#endif

#include "agent/wire.h"

#include <string.h>

#include "agent/dict.h"
#include "agent/handles.h"
#include "agent/wire_detect.h"

#define MESSAGES 64 /* messages in pieces at one moment, all connections together */

static struct wire pool[WIRE_CONNECTIONS];
static struct {
	_Atomic bool used;
	uint8_t bytes[WIRE_MESSAGE_MAX];
} messages[MESSAGES];

/* Of the pool, by connections to HTTP services: databases have the other half. */
static _Atomic uint32_t http_held;

/* Held by handles whose bytes are of no interest. */
static struct wire ignored = {.used = true, .broken = true};

/* --- pool ------------------------------------------------------------------------- */

uint8_t *wire_message_buffer(void)
{
	for (size_t i = 0; i < MESSAGES; i++)
		if (!atomic_exchange_explicit(&messages[i].used, true, memory_order_acquire))
			return messages[i].bytes;
	agent_count_loss(LOSS_STATEMENT_STATE);
	return NULL;
}

static void message_release(uint8_t *buffer)
{
	for (size_t i = 0; i < MESSAGES; i++)
		if (messages[i].bytes == buffer)
			atomic_store_explicit(&messages[i].used, false, memory_order_release);
}

static struct wire *claim(const struct handle *h)
{
	for (size_t i = 0; i < WIRE_CONNECTIONS; i++) {
		struct wire *w = &pool[i];
		if (atomic_load_explicit(&w->used, memory_order_relaxed) ||
		    atomic_exchange_explicit(&w->used, true, memory_order_acquire))
			continue;
		/* Everything behind `busy`; the queue and the names are valid by their counts. */
		size_t from = offsetof(struct wire, broken), to = offsetof(struct wire, queue);
		memset((char *)w + from, 0, to - from);
		memset(w->names, 0, sizeof w->names);
		w->next_name = 0;
		w->exchange_start_ns = w->exchange_end_ns = w->exchange_bytes = 0;
		struct agent_thread *thread = agent_thread_peek();
		w->handle = h->id;
		w->generation = dict_generation();
		w->opened_ns = h->opened_ns;
		w->setup_unit = h->opened_unit;
		w->setup_stack = h->opened_stack;
		w->setup_tid = thread ? thread->tid : 0;
		return w;
	}
	agent_count_loss(LOSS_STATEMENT_STATE);
	return NULL;
}

static void release(struct wire *w)
{
	if (w == &ignored)
		return;
	if (w->protocol == &wire_http)
		atomic_fetch_sub_explicit(&http_held, 1, memory_order_relaxed);
	wire_collected(w);
	w->broken = true;
	atomic_store_explicit(&w->used, false, memory_order_release);
}

void wire_break(struct wire *w)
{
	if (!w->broken)
		agent_count_loss(LOSS_STATEMENT_STATE);
	w->broken = true;
	w->queue_head = w->queue_tail;
}

void wire_after_fork(void)
{
	/* A thread that is not here may have held any of them; a connection's comes back below. */
	for (size_t i = 0; i < MESSAGES; i++)
		if (atomic_load_explicit(&messages[i].used, memory_order_relaxed))
			atomic_store_explicit(&messages[i].used, false, memory_order_relaxed);
	/* Inherited connections keep their place in the protocol; ids are of the parent's. */
	for (size_t i = 0; i < WIRE_CONNECTIONS; i++) {
		struct wire *w = &pool[i];
		if (!atomic_load_explicit(&w->used, memory_order_relaxed))
			continue;
		for (size_t m = 0; m < MESSAGES; m++)
			if (messages[m].bytes == w->message)
				atomic_store_explicit(&messages[m].used, true,
						      memory_order_relaxed);
		atomic_store_explicit(&w->busy, false, memory_order_relaxed);
		w->queue_head = w->queue_tail;
		memset(w->names, 0, sizeof w->names);
		w->unnamed = w->bound = (struct statement){0};
		w->setup_unit = w->batch_unit = w->exchange_unit = 0;
		w->setup_stack = w->batch_stack = w->exchange_stack = 0;
		w->batch_start_ns = w->exchange_start_ns = 0;
	}
}

/* --- operations ------------------------------------------------------------------- */

/* Whose bytes are sent now. uvloop writes what was queued in its last round from no context: it is
 * the unit's whose step ran in that round, if only one did; else nobody's. */
static uint64_t sender(struct agent_thread *thread)
{
	uint64_t unit = thread ? unit_current(thread) : 0;

	if (unit || !thread || thread->stepped_unit == UINT64_MAX ||
	    thread->polls - thread->stepped_poll > 1)
		return unit;
	return thread->stepped_unit;
}

/* Where they are sent from: as the call has it already, if it has. */
static uint32_t sender_stack(struct agent_thread *thread)
{
	if (!thread)
		return 0;
	return thread->walked_stack ? thread->walked_stack : stack_here(thread);
}

void wire_begin_batch(struct wire *w, uint64_t start_ns)
{
	if (w->batch_start_ns || !w->ready)
		return;
	struct agent_thread *thread = agent_thread_self();
	w->batch_start_ns = start_ns;
	w->batch_unit = sender(thread);
	w->batch_stack = sender_stack(thread);
}

struct wire_operation *wire_push(struct wire *w, uint8_t kind, const struct statement *statement)
{
	if (w->queue_tail - w->queue_head == WIRE_QUEUE) {
		wire_break(w);
		return NULL;
	}
	struct wire_operation *o = &w->queue[w->queue_tail++ % WIRE_QUEUE];
	*o = (struct wire_operation){
		.statement = *statement,
		.start_ns = w->batch_start_ns,
		.unit = w->batch_unit,
		.stack = w->batch_stack,
		.kind = kind,
	};
	w->batch_start_ns = 0;
	return o;
}

struct wire_operation *wire_oldest(struct wire *w)
{
	return w->queue_head == w->queue_tail ? NULL : &w->queue[w->queue_head % WIRE_QUEUE];
}

struct wire_operation *wire_newest(struct wire *w)
{
	return w->queue_head == w->queue_tail ? NULL : &w->queue[(w->queue_tail - 1) % WIRE_QUEUE];
}

void wire_drop_oldest(struct wire *w)
{
	if (w->queue_head != w->queue_tail)
		w->queue_head++;
}

static void write_statement(struct wire *w, const struct wire_operation *o, uint64_t end_ns,
			    uint16_t flags)
{
	w->statements++;
	record_write(&(struct channel_record){
		.t_start_ns = o->start_ns,
		.dur_ns = end_ns > o->start_ns ? end_ns - o->start_ns : 0,
		.unit = o->unit,
		.stack = o->stack,
		.subject = o->statement.text,
		.object = w->handle,
		.bytes = record_saturate(o->bytes),
		.cpu_ns = o->statement.literals,
		.kind = RECORD_STATEMENT,
		.result = (int16_t)(w->statements > INT16_MAX ? INT16_MAX : w->statements),
		.flags = (uint16_t)(flags | o->statement.flags | (o->failed ? RECORD_FAILED : 0)),
		.aux = o->statement.raw_hash,
		.count = o->rows,
	});
	if (!(o->statement.flags & RECORD_TRANSACTION))
		values_write(o->start_ns, o->unit, w->handle, o->statement.values_hash);
}

void wire_write_statement(struct wire *w, const struct wire_operation *o, uint64_t end_ns)
{
	write_statement(w, o, end_ns, 0);
}

void wire_write_ready(struct wire *w, uint64_t end_ns)
{
	record_write(&(struct channel_record){
		.t_start_ns = w->opened_ns,
		.dur_ns = end_ns > w->opened_ns ? end_ns - w->opened_ns : 0,
		.unit = w->setup_unit,
		.stack = w->setup_stack,
		.subject = w->handle,
		.object = w->protocol ? w->protocol->peer : PEER_UNKNOWN,
		.kind = RECORD_READY,
	});
}

const uint8_t *wire_collect(struct wire *w, struct wire_stream *s, bool from_client,
			    const uint8_t *bytes, uint32_t here)
{
	const uint8_t *m = bytes;
	if (s->have < s->wanted) {
		uint32_t missing = s->wanted - s->have;
		uint32_t take = here < missing ? here : missing;
		bool whole = s->have == 0 && take == s->wanted && here == s->left;
		if (!whole) {
			uint8_t *to = from_client ? w->message : w->answer;
			if (from_client && !to)
				to = w->message = wire_message_buffer();
			if (to) {
				memcpy(to + s->have, m, take);
				m = to;
			} else {
				s->wanted = s->have; /* none free: its text stays unknown */
				take = 0;
			}
		}
		s->have += take;
	} else if (s->have > 0) {
		m = from_client ? w->message : w->answer;
	}
	s->left -= here;
	return m;
}

void wire_collected(struct wire *w)
{
	if (w->message)
		message_release(w->message);
	w->message = NULL;
}

void wire_fail_all(struct wire *w, uint64_t at_ns)
{
	for (struct wire_operation *o; (o = wire_oldest(w)); wire_drop_oldest(w)) {
		o->failed = true;
		wire_write_statement(w, o, at_ns);
	}
}

/* --- TLS from the first byte --------------------------------------------------------- */

/* Is there a record of application data among those that begin here? A client's first one ends
 * the handshake (its Finished in TLS 1.3 looks like one, RFC 8446 5.2). */
static bool has_application_data(const uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at + 5 <= length;) {
		if (bytes[at] == 0x17)
			return true;
		at += 5 + ((size_t)bytes[at + 3] << 8 | bytes[at + 4]);
	}
	return false;
}

/* A connection that is TLS from its first byte has its keys. */
static void end_handshake(struct wire *w, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	if (!w->hello_ns || !has_application_data(bytes, length))
		return;
	record_write(&(struct channel_record){
		.t_start_ns = w->hello_ns,
		.dur_ns = at_ns > w->hello_ns ? at_ns - w->hello_ns : 0,
		.unit = w->setup_unit,
		.stack = w->setup_stack,
		.subject = w->handle,
		.object = PEER_UNKNOWN,
		.kind = RECORD_READY,
	});
	w->hello_ns = 0;
}

/* --- encrypted and not visible -------------------------------------------------------
 * What is known then: when data went out and when the last of the answer came. */

static void end_exchange(struct wire *w)
{
	if (w->exchange_start_ns && w->exchange_end_ns)
		write_statement(w,
				&(struct wire_operation){
					.start_ns = w->exchange_start_ns,
					.unit = w->exchange_unit,
					.stack = w->exchange_stack,
					.bytes = w->exchange_bytes,
				},
				w->exchange_end_ns, RECORD_ENCRYPTED);
	w->exchange_start_ns = w->exchange_end_ns = w->exchange_bytes = 0;
}

static void encrypted_sent(struct wire *w, const uint8_t *bytes, size_t length, uint64_t start_ns)
{
	end_handshake(w, bytes, length, start_ns);
	/* Handshake and change-of-cipher records are not the application's (RFC 8446 5.1). */
	if ((w->protocol != &wire_postgres && w->protocol != &wire_mysql) || length == 0 ||
	    bytes[0] != 0x17)
		return;
	if (w->exchange_start_ns && !w->exchange_end_ns)
		return; /* still sending */
	end_exchange(w);
	struct agent_thread *thread = agent_thread_self();
	w->exchange_start_ns = start_ns;
	w->exchange_unit = sender(thread);
	w->exchange_stack = sender_stack(thread);
}

static void encrypted_received(struct wire *w, size_t length, uint64_t end_ns)
{
	if (!w->exchange_start_ns)
		return;
	w->exchange_end_ns = end_ns;
	w->exchange_bytes += length;
}

/* --- bytes ----------------------------------------------------------------------------- */

static void dispatch(struct wire *w, bool sent, const uint8_t *bytes, size_t length, uint64_t at_ns)
{
	if (sent)
		w->protocol->sent(w, bytes, length, at_ns);
	else
		w->protocol->received(w, bytes, length, at_ns);
}

static int fd_of(const struct handle *h)
{
	for (int fd = 0, top = handle_highest(); fd <= top; fd++)
		if (handle_of(fd) == h)
			return fd;
	return -1;
}

static void name_peer(struct handle *h, enum peer_kind kind)
{
	if (kind == PEER_UNKNOWN || h->peer_kind == kind)
		return;
	int fd = fd_of(h);
	if (fd >= 0)
		handle_set_peer(h, fd, kind, NULL, 0);
}

static void name_tls(struct handle *h)
{
	int fd = fd_of(h);
	if (fd >= 0)
		handle_set_tls(h, fd);
}

/* The server speaks first: MySQL's greets. True as learn(). */
static bool learn_greeting(struct handle *h, struct wire *w, const uint8_t *bytes, size_t length,
			   uint64_t at_ns)
{
	uint8_t head_before = w->head_have;
	size_t take = WIRE_GREETING - head_before;
	take = take < length ? take : length;
	memcpy(w->head + head_before, bytes, take);
	w->head_have = (uint8_t)(head_before + take);
	if (w->head_have < WIRE_GREETING)
		return false;
	if (!wire_is_mysql_greeting(w->head, w->head_have)) {
		w->broken = true; /* nothing else here decodes that */
		return false;
	}
	name_peer(h, PEER_MYSQL);
	w->protocol = &wire_mysql;
	w->client.startup = true;
	if (head_before)
		dispatch(w, false, w->head, head_before, at_ns);
	return true;
}

/* The protocol is not known yet. True: it is now, and the bytes are still to be looked at. */
static bool learn(struct handle *h, struct wire *w, bool sent, const uint8_t *bytes, size_t length,
		  uint64_t at_ns)
{
	if (!sent && (w->head_have == 0 || w->greeted)) {
		w->greeted = true;
		return learn_greeting(h, w, bytes, length, at_ns);
	}
	if (!sent || w->greeted) { /* both at once: of no protocol known here */
		w->broken = true;
		return false;
	}
	uint8_t head_before = w->head_have;
	size_t take = WIRE_HEAD - head_before;
	take = take < length ? take : length;
	memcpy(w->head + head_before, bytes, take);
	w->head_have = (uint8_t)(head_before + take);
	bool more;
	const struct wire_protocol *p = wire_detect(w->head, w->head_have, &more);
	if (more)
		return false;
	if (!p) {
		w->broken = true;
		return false;
	}
	name_peer(h, p->peer);
	w->protocol = p;
	if (p == &wire_http && atomic_fetch_add_explicit(&http_held, 1, memory_order_relaxed) >=
				       WIRE_CONNECTIONS / 2) {
		wire_break(w);
		return false;
	}
	if (p == &wire_tls) {
		w->encrypted = true;
		w->hello_ns = at_ns;
		name_tls(h);
		return false;
	}
	if (!p->sent) {
		w->broken = true;
		return false;
	}
	w->client.startup = true;
	if (head_before)
		dispatch(w, true, w->head, head_before, at_ns);
	return true;
}

static void take(struct handle *h, struct wire *w, bool sent, const uint8_t *bytes, size_t length,
		 uint64_t at_ns)
{
	if (!w->protocol && !learn(h, w, sent, bytes, length, at_ns))
		return;
	dispatch(w, sent, bytes, length, at_ns);
}

static struct wire *wire_of(struct handle *h)
{
	struct wire *w = h->wire;
	if (LIKELY(w != NULL))
		return w;
	w = claim(h);
	h->wire = w ? w : &ignored;
	return h->wire;
}

/* False: another thread is in it, and order is lost. */
static bool enter(struct wire *w)
{
	if (LIKELY(!atomic_exchange_explicit(&w->busy, true, memory_order_acquire)))
		return true;
	wire_break(w);
	return false;
}

static void leave(struct handle *h, struct wire *w)
{
	atomic_store_explicit(&w->busy, false, memory_order_release);
	if (UNLIKELY(w->broken)) {
		release(w);
		h->wire = &ignored;
	}
}

static void renew(const struct handle *h, struct wire *w)
{
	w->handle = h->id;
	w->generation = dict_generation();
}

static void raw_bytes(struct handle *h, bool sent, const void *bytes, size_t length, uint64_t at_ns)
{
	struct wire *w = wire_of(h);
	if (w->broken || length == 0 || !enter(w))
		return;
	if (UNLIKELY(w->generation != dict_generation()))
		renew(h, w);
	if (!w->encrypted)
		take(h, w, sent, bytes, length, at_ns);
	else if (!w->visible && sent)
		encrypted_sent(w, bytes, length, at_ns);
	else if (!w->visible)
		encrypted_received(w, length, at_ns);
	leave(h, w);
}

void wire_sent(struct handle *h, const void *bytes, size_t length, uint64_t start_ns)
{
	raw_bytes(h, true, bytes, length, start_ns);
}

void wire_received(struct handle *h, const void *bytes, size_t length, uint64_t end_ns)
{
	raw_bytes(h, false, bytes, length, end_ns);
}

static void plain_bytes(struct handle *h, bool sent, const void *bytes, size_t length,
			uint64_t at_ns)
{
	struct wire *w = wire_of(h);
	if (w->broken || length == 0 || !enter(w))
		return;
	if (!w->visible) {
		w->visible = w->encrypted = true;
		w->exchange_start_ns = 0; /* the same bytes, seen encrypted a moment ago */
		if (w->protocol == &wire_tls) {
			w->protocol = NULL;
			w->head_have = 0;
		}
	}
	take(h, w, sent, bytes, length, at_ns);
	leave(h, w);
}

void wire_tls_sent(struct handle *h, const void *bytes, size_t length, uint64_t start_ns)
{
	plain_bytes(h, true, bytes, length, start_ns);
}

void wire_tls_received(struct handle *h, const void *bytes, size_t length, uint64_t end_ns)
{
	plain_bytes(h, false, bytes, length, end_ns);
}

uint32_t wire_claim_encrypted(uint64_t unit, uint32_t tid)
{
	struct wire *best = NULL;
	int best_score = -1;
	for (size_t i = 0; i < WIRE_CONNECTIONS; i++) {
		struct wire *w = &pool[i];
		if (!atomic_load_explicit(&w->used, memory_order_acquire) || w->broken ||
		    !w->encrypted || w->visible || w->protocol != &wire_postgres)
			continue;
		int score = (w->setup_unit == unit ? 2 : 0) + (w->setup_tid == tid ? 1 : 0);
		if (score > best_score || (score == best_score && w->opened_ns > best->opened_ns)) {
			best = w;
			best_score = score;
		}
	}
	return best ? best->handle : 0;
}

void wire_tls_bytes(uint32_t handle, bool sent, const void *bytes, size_t length, uint64_t at_ns)
{
	for (size_t i = 0; i < WIRE_CONNECTIONS; i++) {
		struct wire *w = &pool[i];
		if (!atomic_load_explicit(&w->used, memory_order_acquire) || w->handle != handle ||
		    w->broken || !w->protocol || length == 0)
			continue;
		if (!enter(w))
			return;
		w->visible = true;
		w->exchange_start_ns = 0;
		dispatch(w, sent, bytes, length, at_ns);
		atomic_store_explicit(&w->busy, false, memory_order_release);
		return;
	}
}

void wire_closed(struct handle *h)
{
	struct wire *w = h->wire;
	h->wire = NULL;
	if (!w || w == &ignored)
		return;
	if (!w->broken && enter(w)) {
		if (w->encrypted && !w->visible)
			end_exchange(w);
		else if (w->protocol && w->protocol->closed)
			w->protocol->closed(w, agent_now_ns());
		atomic_store_explicit(&w->busy, false, memory_order_release);
	}
	release(w);
}

uint64_t wire_owner(const struct handle *h)
{
	struct wire *w = h->wire;
	if (!w || w->broken)
		return 0;
	struct wire_operation *o = wire_oldest(w);
	if (o)
		return o->unit;
	if (w->batch_start_ns)
		return w->batch_unit;
	if (w->encrypted && !w->visible)
		return w->exchange_unit;
	return w->ready ? 0 : w->setup_unit;
}

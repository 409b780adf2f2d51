#include <stdlib.h>

#include "base/arena.h"
#include "recording/ingest_state.h"
#include "recording/kinds.h"
#include "recording/rows.h"

static struct handle_row *pointer_of(uint64_t value)
{
	return (struct handle_row *)(uintptr_t)value; /* NOLINT: maps hold u64 */
}

struct handle_row *handle_find(struct ingest *in, struct process *p, uint32_t local)
{
	if (local == 0)
		return NULL;
	const uint64_t *found = map_find(&p->handles, local);
	if (!found)
		ingest_lose(in, p, RECORDER_UNKNOWN_ID, 1);
	return found ? pointer_of(*found) : NULL;
}

static void touch(struct handle_row *h)
{
	h->dirty = true;
}

void handle_facts(struct ingest *in, struct process *p, const struct dict_handle *facts)
{
	if (facts->id == 0 ||
	    (!map_find(&p->handles, facts->id) &&
	     (in->handles.count >= HANDLES_MAX || p->handles.count >= LOCAL_NAMES_MAX))) {
		ingest_lose(in, p, RECORDER_HANDLES, 1);
		return;
	}
	bool is_new = false;
	uint64_t *slot = map_put(&p->handles, facts->id, &is_new);
	struct handle_row *h = is_new ? mem_alloc(sizeof *h) : pointer_of(*slot);
	if (is_new) {
		*slot = (uint64_t)(uintptr_t)h;
		h->id = ++in->last_handle;
		h->serial = p->serial;
		h->local_id = facts->id;
		*vec_push(&in->handles) = h;
	}
	h->kind = (uint8_t)(facts->kind <= HANDLE_PIPE ? facts->kind : 0);
	if (facts->peer_kind != PEER_UNKNOWN && facts->peer_kind <= PEER_KAFKA)
		h->peer_kind = (uint8_t)facts->peer_kind;
	if (facts->fd >= 0)
		*map_put(&p->descriptors, (uint64_t)facts->fd, NULL) = facts->id;
	if (facts->peer_text)
		h->peer = ingest_global(in, p, &p->texts, facts->peer_text);
	h->tls = h->tls || (facts->flags & 1);
	touch(h);
}

void handle_told(struct ingest *in, struct process *p, const struct channel_record *record)
{
	handle_facts(in, p,
		     &(struct dict_handle){
			     .id = record->subject,
			     .kind = record->count & 0xff,
			     .peer_kind = record->count >> 8,
			     .peer_text = record->object,
			     .fd = (int32_t)record->bytes,
			     .flags = record->flags & RECORD_ENCRYPTED ? 1 : 0,
		     });
}

bool handle_is_database(const struct handle_row *h)
{
	return h && (h->kind == HANDLE_SQLITE || peer_kind_is_database(h->peer_kind));
}

static void opened(struct handle_row *h, const struct channel_record *record, uint32_t stack,
		   uint64_t unit)
{
	h->opened = true;
	h->failed = (record->flags & RECORD_FAILED) && !(record->flags & RECORD_PENDING);
	h->opened_ns = record->t_start_ns;
	h->open_dur_ns = record->dur_ns;
	h->open_stack = stack;
	h->open_unit = unit;
}

static void closed(struct ingest *in, struct handle_row *h, const struct channel_record *record,
		   uint32_t stack, uint64_t unit)
{
	h->closed = true;
	h->closed_ns = record->t_start_ns + record->dur_ns;
	h->close_dur_ns = record->dur_ns;
	h->close_stack = stack;
	h->close_unit = unit;
	h->implicit = record->flags & RECORD_IMPLICIT;
	h->closed_flush = in->flushes;
	if (!h->open_unit && record->aux >> UNIT_SERIAL_SHIFT == h->serial)
		h->open_unit = record->aux;
}

/* A span belongs to the open or the close that lies inside it (its flags say which it is
 * about); of several around it the longest is the whole. */
static void spanned(struct handle_row *h, const struct channel_record *record)
{
	const uint64_t start = record->t_start_ns, end = start + record->dur_ns;
	const bool makes = (record->flags & RECORD_OPENS) && h->opened && h->opened_ns >= start &&
			   h->opened_ns <= end;
	const bool closes = (record->flags & RECORD_CLOSES) && h->closed && h->closed_ns >= start &&
			    h->closed_ns <= end;
	if (makes && (!h->has_create_span || record->dur_ns > h->create_span_ns)) {
		h->has_create_span = true;
		h->create_span_ns = record->dur_ns;
	}
	if (closes && (!h->has_close_span || record->dur_ns > h->close_span_ns)) {
		h->has_close_span = true;
		h->close_span_ns = record->dur_ns;
	}
}

/* Is an answer waited for on it? A connect in progress is a question, too. */
static void note_asked(struct ingest *in, struct handle_row *h, const struct channel_record *record)
{
	struct process *p = ingest_process_of(in, h->serial);
	bool asked = h->asked;
	h->connects = h->connects || record->kind == RECORD_CONNECT;
	if (record->kind == RECORD_CONNECT)
		asked = record->flags & RECORD_PENDING && !(record->flags & RECORD_NESTED);
	else if (record->kind == RECORD_SEND)
		asked = asked || (h->connects && record->bytes > 0);
	else if (record->kind == RECORD_RECV && record->bytes > 0)
		asked = false;
	if (record->flags & RECORD_CLOSES)
		asked = false;
	if (p && asked && !h->asked)
		p->asked++;
	else if (p && h->asked && !asked)
		p->asked--;
	h->asked = asked;
}

void handle_record(struct ingest *in, struct handle_row *h, const struct channel_record *record,
		   uint32_t stack, uint64_t unit)
{
	touch(h);
	switch (record->kind) {
	case RECORD_READY:
		if (record->object == PEER_UNKNOWN) {
			h->tls_ns = record->dur_ns;
			return;
		}
		h->ready_ns = record->dur_ns;
		h->has_ready = true;
		h->failed = record->flags & RECORD_FAILED;
		if (h->peer_kind == PEER_UNKNOWN && record->object <= PEER_KAFKA)
			h->peer_kind = (uint8_t)record->object;
		if (!h->opened) {
			h->opened = true;
			h->opened_ns = record->t_start_ns;
		}
		if (!h->open_unit)
			h->open_unit = unit;
		return;
	case RECORD_SPAN:
		spanned(h, record);
		return;
	case RECORD_STATEMENT:
		h->statements++;
		return;
	case RECORD_EXCHANGE: /* made of calls */
	case RECORD_HELD:
		return;
	case RECORD_SQLITE_PREPARE:
	case RECORD_SQLITE_STEP:
	case RECORD_SQLITE_EXEC:
		if (!h->has_first_extra && record->aux && !(record->flags & RECORD_NESTED)) {
			h->has_first_extra = true;
			h->first_extra_ns =
				record->aux < record->dur_ns ? record->aux : record->dur_ns;
		}
		break;
	default:
		break;
	}
	h->calls++;
	note_asked(in, h, record);
	if ((record->flags & RECORD_OPENS) ||
	    (!h->opened && (record->kind == RECORD_CONNECT || record->kind == RECORD_SQLITE_OPEN)))
		opened(h, record, stack, unit);
	if (record->flags & RECORD_CLOSES)
		closed(in, h, record, stack, unit);
}

static void row_ns(struct row *row, bool known, uint64_t ns)
{
	if (known)
		row_uint(row, ns);
	else
		row_null(row);
}

static void write_handle(struct ingest *in, struct handle_row *h)
{
	size_t peer_bytes = 0;
	const char *peer = h->peer ? names_text_of(in->names, h->peer, &peer_bytes) : NULL;
	struct row row = row_begin(in->recording, ROW_HANDLE);
	row_uint(&row, h->id);
	row_int(&row, h->serial);
	row_string(&row, handle_kind_name(h->kind));
	row_string(&row, peer_kind_name(h->peer_kind));
	row_text(&row, peer, peer_bytes);
	row_int(&row, h->tls);
	row_ns(&row, h->opened, h->opened_ns);
	row_ns(&row, h->opened && h->open_dur_ns, h->open_dur_ns);
	row_ns(&row, h->has_ready, h->ready_ns);
	row_id(&row, h->open_unit);
	row_id(&row, h->open_stack);
	row_ns(&row, h->closed, h->closed_ns);
	row_ns(&row, h->closed && !h->implicit, h->close_dur_ns);
	row_id(&row, h->close_stack);
	row_int(&row, h->implicit);
	row_id(&row, h->close_unit);
	row_int(&row, h->statements);
	row_int(&row, h->uses);
	row_int(&row, h->calls);
	row_ns(&row, h->has_first_extra, h->first_extra_ns);
	row_ns(&row, h->has_create_span, h->create_span_ns);
	row_ns(&row, h->has_close_span, h->close_span_ns);
	row_ns(&row, h->tls_ns, h->tls_ns);
	row_end(&row);
	h->written = true;
}

/* A client that came and went, of whose calls no row tells: where each request has a connection of
 * its own, its row would cost half as much as the request's. What clients' calls took is in
 * usage_10s. The first ones show that the process serves; without units all are counted. */
static bool is_passing(struct ingest *in, const struct handle_row *h)
{
	struct process *p;
	if (h->peer_kind != PEER_CLIENT || h->written || h->named || !h->closed)
		return false;
	p = ingest_process_of(in, h->serial);
	return p && p->units_begun > 0 && p->clients_told >= CLIENTS_TOLD;
}

static void write_or_pass(struct ingest *in, struct handle_row *h)
{
	h->dirty = false;
	if (is_passing(in, h))
		return;
	if (h->peer_kind == PEER_CLIENT && !h->written) {
		struct process *p = ingest_process_of(in, h->serial);
		if (p)
			p->clients_told++;
	}
	write_handle(in, h);
}

uint64_t handle_named(struct handle_row *h)
{
	if (!h)
		return 0;
	if (!h->named) {
		h->named = true;
		touch(h);
	}
	return h->id;
}

static bool is_done(const struct ingest *in, const struct handle_row *h)
{
	return h->closed && h->references == 0 &&
	       in->flushes > h->closed_flush + HANDLE_LINGER_FLUSHES;
}

static void forget(struct ingest *in, struct handle_row *h)
{
	const uint64_t *index = map_find(&in->by_serial, h->serial);
	if (index)
		map_remove(&in->processes.items[*index]->handles, h->local_id);
	free(h);
}

void handles_write(struct ingest *in)
{
	size_t kept = 0;
	for (size_t i = 0; i < in->handles.count; i++) {
		struct handle_row *h = in->handles.items[i];
		if (h->dirty)
			write_or_pass(in, h);
		if (is_done(in, h))
			forget(in, h);
		else
			in->handles.items[kept++] = h;
	}
	in->handles.count = kept;
}

void handles_free(struct ingest *in)
{
	for (size_t i = 0; i < in->handles.count; i++)
		free(in->handles.items[i]);
	vec_free(&in->handles);
}

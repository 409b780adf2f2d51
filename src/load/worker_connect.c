#include "load/worker_state.h"

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "load/cookies.h"
#include "load/tally.h"

#define BACK_OFF_MIN_NS (10 * NS_PER_MS)
#define BACK_OFF_MAX_NS NS_PER_S
#define UNSEEN_NS (10 * NS_PER_MS) /* more than the way there and back on one machine */

static void close_slot(struct worker *w, struct slot *slot)
{
	struct connection *c = &slot->connection;
	if (c->state == CONNECTION_CONNECTING || c->state == CONNECTION_HANDSHAKE)
		w->pool.connecting--;
	else if (c->state != CONNECTION_CLOSED)
		w->pool.connected--;
	w->tally.bytes_in += c->bytes_in;
	w->tally.bytes_out += c->bytes_out;
	c->bytes_in = c->bytes_out = 0;
	connection_close(c);
	slot->used = 0;
}

bool worker_may_connect(const struct worker *w, uint64_t now_ns)
{
	return !w->is_down || now_ns >= w->down_until_ns;
}

/* Connections that were tried together and fail together are one try. */
static void set_down(struct worker *w, const struct connection *c, uint64_t now_ns)
{
	if (worker_may_connect(w, now_ns)) {
		const uint64_t doubled_ns = w->is_down ? w->back_off_ns * 2 : BACK_OFF_MIN_NS;
		w->back_off_ns = doubled_ns < BACK_OFF_MAX_NS ? doubled_ns : BACK_OFF_MAX_NS;
		w->down_until_ns = now_ns + w->back_off_ns;
	}
	w->is_down = true;
	w->down_error = c->error;
	memcpy(w->down_why, c->why, sizeof w->down_why);
	if (c->error == LOAD_ERROR_FD_LIMIT && w->pool.connected) {
		w->tally.fd_limit_at = w->pool.connected;
		str_copy(w->tally.error_text, sizeof w->tally.error_text, c->why);
	}
}

void worker_open_slot(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	slot->opened_ns = now_ns;
	if (!slot->taken_ns)
		slot->taken_ns = now_ns;
	w->pool.connecting++;
	const enum connection_step step = connection_open(&slot->connection, &w->connections);
	if (step != CONNECTION_STEP_NONE)
		worker_handle(w, slot, step, now_ns);
}

static bool is_idempotent(const struct request *request)
{
	static const char *const methods[] = {"GET ", "HEAD ", "PUT ", "DELETE ", "OPTIONS "};
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strncmp(request->bytes, methods[i], strlen(methods[i])) == 0)
			return true;
	return false;
}

static void handle_failed(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	struct connection *c = &slot->connection;
	const enum connection_state state = c->state;
	const bool is_old = slot->used > 0;
	if (state == CONNECTION_IDLE)
		pool_remove_idle(&w->pool, slot);
	if (state == CONNECTION_CONNECTING || state == CONNECTION_HANDSHAKE)
		set_down(w, c, now_ns);
	close_slot(w, slot);
	if (!slot->has_request) {
		worker_put_away(w, slot, now_ns);
		return;
	}
	/* The server had closed while the request was on its way; one that worked on it first and
	   then closed has failed it. */
	const bool may_be_unseen = (state == CONNECTION_SENDING || state == CONNECTION_WAITING) &&
				   c->response.head_bytes == 0 &&
				   now_ns - slot->sent_ns < UNSEEN_NS &&
				   (c->error == LOAD_ERROR_CLOSED || c->error == LOAD_ERROR_RESET);
	if (is_old && may_be_unseen && !slot->is_retried && is_idempotent(slot->request)) {
		slot->is_retried = true;
		w->tally.retried += slot->due_ns >= w->start_ns;
		worker_open_slot(w, slot, now_ns);
		return;
	}
	tally_failed(&w->tally, slot->due_ns, slot->sent_ns, now_ns, c->error, c->why);
	worker_note(w, slot, now_ns, 0, c->error);
	w->failed++;
	worker_unbind(w, slot);
	worker_set_free(w, slot, now_ns, now_ns);
}

static void handle_ready(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	w->is_down = false;
	w->pool.connecting--;
	if (++w->pool.connected > w->pool.most)
		w->pool.most = w->pool.connected;
	w->tally.connects++;
	if (w->plan->cookies && !slot->jar)
		slot->jar = cookies_new();
	if (slot->has_request)
		worker_send_bound(w, slot, now_ns);
	else
		worker_set_free(w, slot, now_ns, now_ns);
}

static void handle_answered(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	const struct response *response = &slot->connection.response;
	const uint64_t stamped_ns =
		stamp_to_monotonic(&w->clock, slot->connection.stamp_ns, slot->sent_ns, now_ns);
	const uint64_t done_ns = stamped_ns ? stamped_ns : now_ns;
	tally_answered(&w->tally, slot->due_ns, slot->sent_ns, done_ns, response->status);
	w->tally.stamped += stamped_ns && slot->due_ns >= w->start_ns;
	worker_note(w, slot, done_ns, response->status, LOAD_ERROR_KINDS);
	slot->answers++;
	slot->used++;
	w->answered++;
	w->failed += response->status >= 400;
	worker_unbind(w, slot);
	if (!response->keep_alive)
		close_slot(w, slot);
	worker_set_free(w, slot, done_ns, now_ns);
}

void worker_handle(struct worker *w, struct slot *slot, enum connection_step step, uint64_t now_ns)
{
	switch (step) {
	case CONNECTION_STEP_NONE:
		break;
	case CONNECTION_STEP_READY:
		handle_ready(w, slot, now_ns);
		break;
	case CONNECTION_STEP_ANSWERED:
		handle_answered(w, slot, now_ns);
		break;
	case CONNECTION_STEP_FAILED:
		handle_failed(w, slot, now_ns);
		break;
	}
}

void worker_open_connections(struct worker *w, uint64_t now_ns)
{
	struct slot *slot;
	if (!worker_may_connect(w, now_ns)) {
		if (w->pool.connected == 0 && w->pool.connecting == 0)
			worker_fail_backlog(w, now_ns, 0, w->down_error, w->down_why);
		return;
	}
	/* A failure on the spot ends it: then connections may not be made for a while. */
	while (w->backlog > w->pool.connecting && worker_may_connect(w, now_ns) &&
	       (!w->is_down || w->pool.connecting == 0) && (slot = pool_take_closed(&w->pool)))
		worker_open_slot(w, slot, now_ns);
}

/* Closed loop: slots that were closed while the server was down. */
void worker_revive(struct worker *w, uint64_t now_ns)
{
	for (size_t left = w->pool.closed.count; left && worker_may_connect(w, now_ns); left--)
		worker_begin_closed(w, pool_take_closed(&w->pool), now_ns);
}

static void time_out(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	struct connection *c = &slot->connection;
	const bool is_connecting =
		c->state == CONNECTION_CONNECTING || c->state == CONNECTION_HANDSHAKE;
	if (slot->has_request && now_ns - slot->due_ns >= w->plan->timeout_ns) {
		tally_failed(&w->tally, slot->due_ns, slot->sent_ns, now_ns, LOAD_ERROR_TIMEOUT,
			     "no answer in time");
		worker_note(w, slot, now_ns, 0, LOAD_ERROR_TIMEOUT);
		w->failed++;
		worker_unbind(w, slot);
		close_slot(w, slot);
		worker_set_free(w, slot, now_ns, now_ns);
	} else if (is_connecting && now_ns - slot->opened_ns >= w->plan->timeout_ns) {
		c->error = LOAD_ERROR_CONNECT;
		memcpy(c->why, "no connection in time", sizeof "no connection in time");
		handle_failed(w, slot, now_ns);
	}
}

void worker_look_at_times(struct worker *w, uint64_t now_ns)
{
	if (now_ns < w->look_ns)
		return;
	w->look_ns = now_ns + w->look_every_ns;
	for (size_t i = 0; i < w->pool.slots.count; i++)
		time_out(w, w->pool.slots.items[i], now_ns);
	worker_fail_backlog(w, now_ns, w->plan->timeout_ns, LOAD_ERROR_TIMEOUT,
			    "no answer in time");
}

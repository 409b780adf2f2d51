#include "load/worker_state.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "load/cookies.h"
#include "load/request_log.h"
#include "load/tally.h"

uint64_t worker_share(uint64_t total, uint32_t thread, uint32_t threads)
{
	return total / threads + (thread < total % threads);
}

void worker_advance(struct arrivals *cursor, uint64_t begin_ns, uint64_t *at_ns, bool *has)
{
	uint64_t offset_ns;
	*has = arrivals_next(cursor, &offset_ns);
	if (*has)
		*at_ns = begin_ns + offset_ns;
}

static void advance_next(struct worker *w)
{
	bool has;
	worker_advance(&w->next, w->world->begin_ns, &w->next_ns, &has);
	w->backlog--;
}

void worker_take_due(struct worker *w, uint64_t now_ns)
{
	while (w->has_due && w->due_ns <= now_ns) {
		tally_due(&w->tally, w->due_ns);
		w->backlog++;
		worker_advance(&w->due, w->world->begin_ns, &w->due_ns, &w->has_due);
	}
}

static enum connection_step send_with_cookies(struct worker *w, struct slot *slot,
					      const struct request *request)
{
	const char *line;
	const size_t length = cookies_line(slot->jar, &line);
	const size_t total = request->count + length;
	if (total > w->scratch.size) {
		w->scratch.bytes = mem_resize(w->scratch.bytes, total);
		w->scratch.size = total;
	}
	memcpy(w->scratch.bytes, request->bytes, request->head_end);
	memcpy(w->scratch.bytes + request->head_end, line, length);
	memcpy(w->scratch.bytes + request->head_end + length, request->bytes + request->head_end,
	       request->count - request->head_end);
	return connection_send(&slot->connection, &w->connections, w->scratch.bytes, total,
			       request->is_head);
}

/* The bound request, on an idle connection. */
void worker_send_bound(struct worker *w, struct slot *slot, uint64_t sent_ns)
{
	struct request *request = slot->request;
	enum connection_step step;
	if (w->plan->trace) {
		w->trace_number += w->plan->threads;
		request_patch_trace(request, w->plan->trace_key, w->trace_number, w->trace_number);
		slot->trace_number = w->trace_number;
	}
	if (!slot->first_ns) {
		slot->first_ns = sent_ns;
		slot->first_number = w->answered;
	}
	if (!slot->is_retried) {
		tally_sent(&w->tally, slot->due_ns, w->plan->closed ? sent_ns : w->free_ns,
			   sent_ns);
		slot->sent_ns = sent_ns;
	}
	if (slot->jar)
		step = send_with_cookies(w, slot, request);
	else
		step = connection_send(&slot->connection, &w->connections, request->bytes,
				       request->count, request->is_head);
	if (step != CONNECTION_STEP_NONE)
		worker_handle(w, slot, step, sent_ns);
}

static void log_request(struct worker *w, struct request_seen *seen, enum load_error error)
{
	if (error < LOAD_ERROR_KINDS)
		str_copy(seen->error, sizeof seen->error, load_error_names[error]);
	request_log_add(w->tally.log, seen);
}

void worker_note(struct worker *w, const struct slot *slot, uint64_t now_ns, int status,
		 enum load_error error)
{
	const bool has_trace = w->plan->trace && slot->sent_ns;
	if (slot->due_ns < w->start_ns)
		return;
	/* As in the response times of all: an answer's, else an age; what failed has none. */
	by_line_add(&w->tally.by_line, (uint32_t)(slot->request - w->requests->requests.items),
		    now_ns > slot->due_ns ? now_ns - slot->due_ns : 0,
		    status || error == LOAD_ERROR_KINDS || error == LOAD_ERROR_TIMEOUT,
		    status >= 400 || error != LOAD_ERROR_KINDS);
	if (!w->tally.log)
		return;
	struct request_seen seen = {
		.trace_high = has_trace ? w->plan->trace_key : 0,
		.trace_low = has_trace ? slot->trace_number : 0,
		.due_ns = slot->due_ns,
		.sent_ns = slot->sent_ns,
		.done_ns = status ? now_ns : 0,
		.ended_ns = now_ns,
		.status = (uint16_t)status,
		.line = slot->request->line,
	};
	log_request(w, &seen, status >= 400 ? LOAD_ERROR_STATUS : error);
}

/* The oldest arrival, which was never sent. */
static void log_unsent(struct worker *w, uint64_t now_ns, enum load_error error)
{
	if (!w->tally.log || w->next_ns < w->start_ns)
		return;
	struct request_seen seen = {.due_ns = w->next_ns, .ended_ns = now_ns};
	log_request(w, &seen, error);
}

static void bind_request(struct worker *w, struct slot *slot, uint64_t due_ns, uint64_t now_ns)
{
	const bool is_choice = w->requests->requests.count > 1;
	slot->request = request_set_draw(w->requests, is_choice ? random_uniform(&w->random) : 0);
	slot->due_ns = due_ns;
	slot->sent_ns = 0;
	slot->has_request = true;
	slot->is_retried = false;
	if (!slot->taken_ns)
		slot->taken_ns = now_ns;
	w->in_flight++;
}

void worker_put_away(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	tally_occupied(&w->tally, slot->taken_ns, now_ns);
	slot->taken_ns = 0;
	if (slot->connection.state == CONNECTION_IDLE)
		pool_put_idle(&w->pool, slot);
	else
		pool_put_closed(&w->pool, slot);
}

void worker_unbind(struct worker *w, struct slot *slot)
{
	slot->has_request = false;
	w->in_flight--;
}

/* Closed loop: this slot's user wants the next answer. Its time begins here, also where a new
 * connection has to be made first. */
void worker_begin_closed(struct worker *w, struct slot *slot, uint64_t now_ns)
{
	const uint64_t count = w->plan->schedule.count;
	const bool is_connected = slot->connection.state == CONNECTION_IDLE;
	const bool is_over =
		now_ns >= w->end_ns ||
		(count && w->begun >= worker_share(count, w->thread, w->plan->threads));
	if (is_over || (!is_connected && !worker_may_connect(w, now_ns))) {
		worker_put_away(w, slot, now_ns);
		return;
	}
	w->begun += now_ns >= w->start_ns;
	tally_due(&w->tally, now_ns);
	bind_request(w, slot, now_ns, now_ns);
	if (is_connected)
		worker_send_bound(w, slot, now_ns);
	else
		worker_open_slot(w, slot, now_ns);
}

/* The oldest arrivals, as far as there are idle connections for them. */
void worker_send_backlog(struct worker *w)
{
	while (w->backlog && w->pool.idle.count) {
		struct slot *slot = pool_take_idle(&w->pool);
		const uint64_t now_ns = clock_now_ns();
		bind_request(w, slot, w->next_ns, now_ns);
		advance_next(w);
		worker_send_bound(w, slot, now_ns);
	}
}

/* The slot has no request and is idle or closed: what now? */
void worker_set_free(struct worker *w, struct slot *slot, uint64_t free_ns, uint64_t now_ns)
{
	const bool is_connected = slot->connection.state == CONNECTION_IDLE;
	if (w->plan->closed) {
		worker_begin_closed(w, slot, now_ns);
	} else if (!is_connected) {
		worker_put_away(w, slot, now_ns);
	} else {
		if (w->pool.idle.count == 0)
			w->free_ns = free_ns;
		worker_put_away(w, slot, now_ns);
		worker_send_backlog(w);
	}
}

/* Arrivals that no connection waits for. */
void worker_fail_backlog(struct worker *w, uint64_t now_ns, uint64_t older_than_ns,
			 enum load_error error, const char *why)
{
	while (w->backlog && now_ns - w->next_ns >= older_than_ns) {
		tally_failed(&w->tally, w->next_ns, 0, now_ns, error, why);
		log_unsent(w, now_ns, error);
		w->failed++;
		advance_next(w);
	}
}

void worker_leave_backlog(struct worker *w, uint64_t now_ns)
{
	for (; w->backlog; advance_next(w)) {
		tally_left(&w->tally, w->next_ns, 0, now_ns);
		log_unsent(w, now_ns, LOAD_ERROR_KINDS);
	}
}

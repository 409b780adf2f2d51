#include "recording/charges.h"

#include <stdlib.h>

#include "recording/ingest_state.h"
#include "recording/kinds.h"

static bool is_database_call(const struct unit_key *key)
{
	const enum charge charge = record_kind_charge(key->kind);
	return charge == CHARGE_SQLITE ||
	       (charge == CHARGE_PEER && handle_is_database(key->handle));
}

/* Where blocked time of this kind is added; NULL: it is none. */
static uint64_t *sum_of(struct charges *sums, const struct names *names, const struct unit_key *key)
{
	switch (record_kind_charge(key->kind)) {
	case CHARGE_PEER:
		if (handle_is_database(key->handle))
			return &sums->db_ns;
		if (key->handle && key->handle->kind != HANDLE_SOCKET)
			return &sums->file_ns;
		/* READ and WRITE are for files and pipes, whatever is known of them. */
		return key->kind == RECORD_READ || key->kind == RECORD_WRITE ? &sums->file_ns
									     : &sums->net_ns;
	case CHARGE_NET:
		return &sums->net_ns;
	case CHARGE_FILE:
		return &sums->file_ns;
	case CHARGE_LOCK:
		return key->kind == RECORD_LOCK && names_stack_in_pool(names, key->stack)
			       ? &sums->pool_ns
			       : &sums->lock_ns;
	case CHARGE_SLEEP:
		return &sums->sleep_ns;
	case CHARGE_GIL:
		return &sums->gil_ns;
	case CHARGE_NONE:
	case CHARGE_SQLITE:
	case CHARGE_GC:
		break;
	}
	return NULL;
}

static void add(struct charges *sums, const struct names *names, const struct unit_calls *calls)
{
	const enum charge charge = record_kind_charge(calls->key.kind);
	if (charge == CHARGE_SQLITE) {
		sums->db_ns += calls->sums.dur_ns;
		sums->db_cpu_ns += calls->sums.cpu_ns;
	} else if (charge == CHARGE_GC) {
		sums->gc_ns += calls->sums.cpu_ns; /* what it waited for a CPU is no collecting */
	} else {
		uint64_t *sum = sum_of(sums, names, &calls->key);
		if (sum)
			*sum += calls->sums.blocked_ns;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct unit_interval *x = a, *y = b;
	return x->start_ns < y->start_ns ? -1 : x->start_ns > y->start_ns;
}

static bool is_database_wait(const struct unit *unit, const struct unit_interval *interval)
{
	if (interval->is_lock)
		return false;
	/* A statement of SQLite is calls on a thread, which are intervals themselves. */
	return interval->tid
		       ? interval->tid != unit->own_tid && handle_is_database(interval->handle)
		       : !interval->handle || interval->handle->kind != HANDLE_SQLITE;
}

static uint64_t union_ns(struct unit *unit, bool of_locks)
{
	const uint64_t begin = unit->start_ns, end = begin + unit->wall_ns;
	uint64_t sum = 0, reached = begin;
	if (unit->intervals.count) /* of none there is no array */
		qsort(unit->intervals.items, unit->intervals.count, sizeof *unit->intervals.items,
		      by_start);
	for (size_t i = 0; i < unit->intervals.count; i++) {
		const struct unit_interval *interval = &unit->intervals.items[i];
		const uint64_t from = interval->start_ns > reached ? interval->start_ns : reached;
		const uint64_t to = interval->end_ns < end ? interval->end_ns : end;
		const bool counts = of_locks ? interval->is_lock : is_database_wait(unit, interval);
		if (counts && to > from) {
			sum += to - from;
			reached = to;
		}
	}
	return sum;
}

static uint64_t less(uint64_t from, uint64_t part)
{
	return from > part ? from - part : 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* They ran at the same time, perhaps: together they get what is left of the suspended time, in
 * proportion. How much that is. */
static uint64_t add_scaled(struct charges *sums, const struct charges *others, uint64_t left_ns)
{
	const uint64_t total = others->net_ns + others->file_ns + others->lock_ns +
			       others->pool_ns + others->sleep_ns + others->gil_ns +
			       others->work_cpu_ns;
	if (total == 0)
		return 0;
	const double share = total > left_ns ? (double)left_ns / (double)total : 1.0;
	sums->net_ns += (uint64_t)((double)others->net_ns * share);
	sums->file_ns += (uint64_t)((double)others->file_ns * share);
	sums->lock_ns += (uint64_t)((double)others->lock_ns * share);
	sums->pool_ns += (uint64_t)((double)others->pool_ns * share);
	sums->sleep_ns += (uint64_t)((double)others->sleep_ns * share);
	sums->gil_ns += (uint64_t)((double)others->gil_ns * share);
	sums->gc_ns += (uint64_t)((double)others->gc_ns * share);
	sums->work_cpu_ns += (uint64_t)((double)others->work_cpu_ns * share);
	return least(total, left_ns);
}

struct charges charges_of(const struct names *names, struct unit *unit)
{
	struct charges sums = {0}, others = {0}, locks = {0};
	for (size_t i = 0; i < unit->calls.count; i++) {
		const struct unit_calls *calls = &unit->calls.items[i];
		const bool own = !unit->own_tid || calls->key.tid == unit->own_tid;
		if (calls->key.flags & USAGE_NESTED)
			continue;
		if (record_kind_is_call(calls->key.kind))
			sums.calls += calls->sums.calls;
		if (unit->is_async && calls->key.kind == RECORD_LOCK && calls->key.subject)
			add(&locks, names, calls);
		else if (own)
			add(&sums, names, calls);
		else if (unit->is_async && record_kind_charge(calls->key.kind) == CHARGE_SQLITE)
			others.db_cpu_ns += calls->sums.cpu_ns;
		else if (unit->is_async && !is_database_call(&calls->key))
			add(&others, names, calls);
	}
	if (unit->is_async && unit->ended) {
		const uint64_t suspended = less(unit->suspended_ns, unit->ready_ns);
		/* Statements sent by blocking calls are in db_ns already. */
		sums.db_await_ns = least(less(union_ns(unit, false), sums.db_ns), suspended);
		others.work_cpu_ns = less(unit->work_cpu_ns, others.db_cpu_ns);
		others.gc_ns = least(others.gc_ns, others.work_cpu_ns); /* CPU of the work */
		uint64_t left_ns = less(suspended, sums.db_await_ns);
		const uint64_t locks_ns = least(union_ns(unit, true), left_ns);
		left_ns -= least(add_scaled(&sums, &locks, locks_ns), left_ns);
		add_scaled(&sums, &others, left_ns);
	}
	return sums;
}

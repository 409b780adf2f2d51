#include "model/what_if.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/stats.h"
#include "model/replay_interval.h"
#include "model/what_if_eased.h"

#define FREE_MOST 0.4 /* of the CPU time of threads, without the GIL */
#define FREE_STEPS 8
#define MISFIT_CHANCE 1.6 /* factor that few requests may be off by and not refute the replay */
#define FITS 0.10       /* so far off a likelier form of the units is taken, whatever fits better */
#define FIT_UNITS 20000 /* looked at for that, the first */
#define SWITCH_INTERVAL_NS 5e6 /* sys.getswitchinterval(), as CPython sets it */

const struct what_if_servers what_if_as_it_was = {.times_processes = 1, .db_times = 1};

static double parts_of(const struct what_if_unit *u, unsigned parts)
{
	double ns = 0;
	for (int p = 0; p < PARTS; p++)
		if (parts & PART_BIT(p))
			ns += u->part_ns[p];
	return ns;
}

/* Takes `wanted` of all that units have in these parts; returns what was there to take. */
static double take(struct what_if_unit *units, size_t count, uint64_t route, unsigned parts,
		   double wanted_ns)
{
	double there_ns = 0;
	for (size_t i = 0; i < count; i++)
		if (!route || units[i].route == route)
			there_ns += parts_of(&units[i], parts);
	const double taken_ns = fmin(wanted_ns, there_ns);
	if (!(taken_ns > 0))
		return 0;
	for (size_t i = 0; i < count; i++)
		for (int p = 0; p < PARTS && (!route || units[i].route == route); p++)
			if (parts & PART_BIT(p))
				units[i].part_ns[p] *= 1 - taken_ns / there_ns;
	return taken_ns;
}

static void free_loop(struct what_if_unit *units, size_t count, uint64_t route)
{
	for (size_t i = 0; i < count; i++) {
		double *ns = units[i].part_ns;
		if (route && units[i].route != route)
			continue;
		ns[PART_AWAIT] += ns[PART_BLOCK];
		ns[PART_DB_AWAIT] += ns[PART_DB_BLOCK];
		ns[PART_BLOCK] = ns[PART_DB_BLOCK] = 0;
		units[i].pieces++;
	}
}

static uint64_t route_of(const struct what_if_cut *cut)
{
	return cut->route ? hash_bytes(cut->route, strlen(cut->route)) : 0;
}

/* Returns what was taken out in all. */
static double cut_out(struct what_if_unit *units, size_t count, const struct what_if_cut *cut)
{
	const uint64_t route = route_of(cut);
	const double wanted_ns = cut->ns * (double)count;
	if (cut->frees_loop) {
		free_loop(units, count, route);
		return 0;
	}
	double taken_ns = take(units, count, route, cut->parts, wanted_ns);
	if (taken_ns < wanted_ns)
		taken_ns += take(units, count, route, PARTS_ALL, wanted_ns - taken_ns);
	return taken_ns;
}

/* Percentiles in the order of arrival. */
static struct latency latency_of(const double *response_ns, size_t count)
{
	const struct stats_interval p50 = replay_quantile(response_ns, count, 0.50);
	const struct stats_interval p99 = replay_quantile(response_ns, count, 0.99);
	double sum_ns = 0;
	for (size_t i = 0; i < count; i++)
		sum_ns += response_ns[i];
	return (struct latency){
		.known = count > 0,
		.mean_ms = sum_ns / (double)count / 1e6,
		.p50_ms = p50.mid / 1e6,
		.p50_low_ms = p50.low / 1e6,
		.p50_high_ms = p50.high / 1e6,
		.p99_ms = p99.mid / 1e6,
		.p99_low_ms = p99.low / 1e6,
		.p99_high_ms = p99.high / 1e6,
	};
}

/* What units take if nobody waits for another: their own time, and what is outside. */
static struct latency own_of(const struct what_if *w, const struct what_if_unit *units,
			     double db_times)
{
	struct latency own = {.known = w->count > 0};
	double *own_ns = mem_alloc((w->count + 1) * sizeof *own_ns);
	for (size_t i = 0; i < w->count; i++)
		own_ns[i] = parts_of(&units[i], PARTS_ALL) -
			    (1 - db_times) * parts_of(&units[i], PARTS_DB) + units[i].late_ns +
			    units[i].outside_ns;
	stats_sort(own_ns, w->count);
	own.p50_ms = stats_quantile(own_ns, w->count, 0.50) / 1e6;
	own.p99_ms = stats_quantile(own_ns, w->count, 0.99) / 1e6;
	free(own_ns);
	return own;
}

/* Factor of a percentile for what the replay is off. What units take themselves was measured, so it
 * is their waiting for one another that is off: as much of that as there is left is, and never more
 * than the same part of the whole. */
static double mend(double replayed_ms, double own_ms, double was_ms, double own_was_ms,
		   double measured_ms)
{
	if (!(replayed_ms > 0) || !(was_ms > 0))
		return 1;
	double part = replayed_ms / was_ms;
	if (was_ms > own_was_ms)
		part = fmin(part, fmax(0, replayed_ms - own_ms) / (was_ms - own_was_ms));
	return fmax(0, replayed_ms + (measured_ms - was_ms) * part) / replayed_ms;
}

/* NAN times anything is NAN: what cannot be told stays so. */
static void mend_latency(const struct what_if *w, const struct latency *own, struct latency *l)
{
	const double p50 = w->p50_is_off ? NAN
					 : mend(l->p50_ms, own->p50_ms, w->replayed.p50_ms,
						w->own.p50_ms, w->measured.p50_ms);
	const double p99 = w->p99_is_off ? NAN
					 : mend(l->p99_ms, own->p99_ms, w->replayed.p99_ms,
						w->own.p99_ms, w->measured.p99_ms);
	if (w->p50_is_off || w->p99_is_off)
		l->mean_ms = NAN;
	l->p50_ms *= p50;
	l->p50_low_ms *= p50;
	l->p50_high_ms *= p50;
	l->p99_ms *= p99;
	l->p99_low_ms *= p99;
	l->p99_high_ms *= p99;
}

/* As many processes again serve every other unit of the one that it had. */
static struct replay_servers servers_of(const struct what_if *w,
					const struct what_if_servers *asked, unsigned *turn_parts)
{
	struct replay_servers s = w->servers;
	s.processes *= asked->times_processes;
	*turn_parts = w->turn_parts;
	if (!s.slots || s.slots >= asked->least_slots)
		return s;
	s.slots = asked->least_slots;
	s.quantum_ns = SWITCH_INTERVAL_NS;
	s.shared = false;
	*turn_parts &= PART_BIT(PART_PYTHON) | PART_BIT(PART_DB_CPU);
	return s;
}

static void serve(const struct what_if *w, const struct what_if_servers *asked,
		  const struct what_if_unit *units, double *response_ns)
{
	unsigned turn_parts;
	const struct replay_servers servers = servers_of(w, asked, &turn_parts);
	const uint32_t times = asked->times_processes;
	struct replay_unit *again = mem_alloc((w->count + 1) * sizeof *again);
	for (size_t i = 0; i < w->count; i++) {
		const double all_ns = parts_of(&units[i], PARTS_ALL) -
				      (1 - asked->db_times) * parts_of(&units[i], PARTS_DB);
		const double turn_ns =
			parts_of(&units[i], turn_parts) -
			(1 - asked->db_times) * parts_of(&units[i], turn_parts & PARTS_DB);
		again[i] = (struct replay_unit){
			.arrival_ns = units[i].arrival_ns,
			.turn_ns = turn_ns * (1 - w->free_share),
			.wait_ns = all_ns - turn_ns * (1 - w->free_share),
			.beside_ns = units[i].beside_ns * (1 - w->free_share),
			.process = units[i].process * times + (uint32_t)(i % times),
			.pieces = w->free_share > 0 || turn_ns < all_ns ? units[i].pieces : 1,
		};
	}
	replay_run(&servers, again, w->count, response_ns);
	for (size_t i = 0; i < w->count; i++)
		response_ns[i] += units[i].late_ns + units[i].outside_ns;
	free(again);
}

struct what_if_answer what_if_ask(const struct what_if *w, const struct what_if_cut *cuts,
				  size_t cut_count, const struct what_if_servers *servers)
{
	struct what_if_answer answer = {0};
	if (!w->count)
		return answer;
	struct what_if_unit *units = mem_alloc(w->count * sizeof *units);
	double taken_ns = 0;
	memcpy(units, w->units, w->count * sizeof *units);
	for (size_t i = 0; i < cut_count; i++)
		taken_ns += cut_out(units, w->count, &cuts[i]);
	answer.service_ms = taken_ns / (double)w->count / 1e6;
	if (!w->unknown) {
		double *response_ns = mem_alloc(w->count * sizeof *response_ns);
		serve(w, servers, units, response_ns);
		answer.latency = latency_of(response_ns, w->count);
		const struct latency own = own_of(w, units, servers->db_times);
		mend_latency(w, &own, &answer.latency);
		free(response_ns);
	}
	free(units);
	return answer;
}

/* More is off than a factor can mend. */
static bool is_off(double factor)
{
	return !(fabs(factor - 1) <= WHAT_IF_MISFIT_MAX);
}

/* And than the stretch that was recorded leaves open: a few requests more or less are the p99, and
 * never the p50. */
static bool is_p99_off(const struct what_if *w)
{
	const struct latency *m = &w->measured;
	const double replayed_ms = w->replayed.p99_ms;

	if (!is_off(w->p99_off))
		return false;
	return !(fabs(log(w->p99_off)) <= log(MISFIT_CHANCE) && m->p99_low_ms <= replayed_ms &&
		 replayed_ms <= m->p99_high_ms);
}

struct form {
	const struct what_if_unit *units;
	double free_share;
	double misfit; /* the worse factor of both percentiles, its logarithm */
};

static double factor_off(const double *response_ns, const double *measured_ns, size_t count,
			 double q)
{
	return fabs(
		log(stats_quantile(measured_ns, count, q) / stats_quantile(response_ns, count, q)));
}

/* measured_ns: sorted. */
static void try_form(const struct what_if *w, const double *measured_ns, size_t count,
		     struct form *form)
{
	struct what_if again = *w;
	double *response_ns = mem_alloc((count + 1) * sizeof *response_ns);
	again.count = count;
	again.free_share = form->free_share;
	serve(&again, &what_if_as_it_was, form->units, response_ns);
	stats_sort(response_ns, count);
	const double misfit = fmax(factor_off(response_ns, measured_ns, count, 0.50),
				   factor_off(response_ns, measured_ns, count, 0.99));
	form->misfit = isnan(misfit) ? INFINITY : misfit;
	free(response_ns);
}

/* The likeliest form that fits, else the one that fits best. What one unit waits for another is
 * made by the replay: eased units come first, and less work without the GIL before more. Of those
 * that fit as it was, one with such waits twice and much such work is far off when it is cured. */
static struct form best_form(const struct what_if *w, const struct what_if_unit *eased,
			     const double *measured_ns, size_t count)
{
	struct form best = {.units = w->units, .misfit = INFINITY};
	/* a worker that serves one after another makes none of them wait within it */
	const bool serial = w->servers.slots == 1;
	const struct what_if_unit *forms[] = {serial ? w->units : eased, serial ? eased : w->units};
	const int free_steps = isfinite(w->servers.quantum_ns) ? FREE_STEPS : 0;
	for (int k = 0; k < 2; k++)
		for (int f = 0; forms[k] && f <= free_steps && best.misfit > log(1 + FITS); f++) {
			struct form form = {.units = forms[k],
					    .free_share = FREE_MOST * f / FREE_STEPS};
			try_form(w, measured_ns, count, &form);
			if (form.misfit < best.misfit)
				best = form;
		}
	return best;
}

static void choose_form(struct what_if *w)
{
	const size_t count = w->count < FIT_UNITS ? w->count : FIT_UNITS;
	double *measured_ns = mem_alloc((count + 1) * sizeof *measured_ns);
	struct what_if_unit *was = w->units,
			    *eased = what_if_eased(was, w->count, w->servers.processes);
	for (size_t i = 0; i < count; i++)
		measured_ns[i] = was[i].response_ns;
	stats_sort(measured_ns, count);
	const struct form form = best_form(w, eased, measured_ns, count);
	w->free_share = form.free_share;
	w->units = form.units == was ? was : eased;
	free(form.units == was ? eased : was);
	free(measured_ns);
}

/* Of three digits. */
static int decimals(double ms)
{
	return ms >= 99.5 ? 0 : ms >= 9.95 ? 1 : 2;
}

void what_if_check(struct what_if *w, struct arena *arena)
{
	double *response_ns = mem_alloc((w->count + 1) * sizeof *response_ns);
	for (size_t i = 0; i < w->count; i++)
		response_ns[i] = w->units[i].response_ns;
	w->measured = latency_of(response_ns, w->count);
	choose_form(w);
	serve(w, &what_if_as_it_was, w->units, response_ns);
	w->replayed = latency_of(response_ns, w->count);
	w->own = own_of(w, w->units, 1);
	w->p50_off = w->measured.p50_ms / w->replayed.p50_ms;
	w->p99_off = w->measured.p99_ms / w->replayed.p99_ms;
	free(response_ns);
	const struct latency *m = &w->measured, *r = &w->replayed;
	w->p50_is_off = is_off(w->p50_off);
	w->p99_is_off = is_p99_off(w);
	if (w->p50_is_off && w->p99_is_off)
		w->unknown = arena_printf(
			arena,
			"replayed as they were, requests take %.*f ms (p50) and %.*f ms (p99), and "
			"their client measured %.*f and %.*f: they wait for something that is not "
			"replayed",
			decimals(r->p50_ms), r->p50_ms, decimals(r->p99_ms), r->p99_ms,
			decimals(m->p50_ms), m->p50_ms, decimals(m->p99_ms), m->p99_ms);
}

void what_if_free(struct what_if *w)
{
	free(w->units);
	*w = (struct what_if){0};
}

#include "timing/measure.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "timing/analyse.h"
#include "timing/counter.h"
#include "timing/interpreter.h"
#include "timing/order.h"
#include "timing/ranging.h"

#define ROUNDS_MOST 2000 /* of a process */
#define EMPTY_BLOCK_NS (NS_PER_MS / 2)
#define ANSWER_TIMES 10 /* a block may take so many times the budget */
#define ANSWER_LEAST_NS (30 * NS_PER_S)

/* What the first process found out. */
struct cost {
	double run_ns;
	uint64_t setup_ns; /* of a block: what it takes besides its runs */
};

struct measuring {
	const struct timing_plan *plan;
	struct timing_data *data;
	struct arena *arena;
	struct interpreter python;
	struct interpreter_order order;
	struct timing_block nothing; /* a block without a run: what reading the clocks costs */
	struct cost costs[TIMING_SLOTS_MOST];
	size_t processes; /* that the time has room for */
	uint64_t begin_ns;
};

/* A again is A under another number. */
static const struct timing_snippet *snippet_of(const struct measuring *m, size_t slot)
{
	static const struct timing_snippet empty = {"", ""};
	if (slot < m->data->snippets)
		return &m->plan->snippets[slot];
	return slot == m->data->snippets ? &m->plan->snippets[0] : &empty;
}

static const char *name_of(const struct measuring *m, size_t slot, char name[2])
{
	name[0] = slot < m->data->snippets ? (char)('A' + slot) : 'A';
	name[1] = '\0';
	return slot + 1 == m->data->slots ? "empty" : name;
}

/* Says whose fault it is. */
static enum err_kind blame(const struct measuring *m, size_t slot, enum err_kind kind,
			   struct err *e)
{
	char name[2];
	if (kind == ERR_INVALID || kind == ERR_LIMIT) {
		const struct err inner = *e;
		return ERR(e, kind, "%s: %.400s", name_of(m, slot, name), inner.text);
	}
	return kind;
}

static enum err_kind run(struct measuring *m, size_t slot, uint64_t loops,
			 struct timing_block *block, struct err *e)
{
	return blame(m, slot, interpreter_run(&m->python, slot, loops, block, e), e);
}

/* *run_ns: what one of `loops` runs took, without what others took of the CPU: a block that is too
 * short for that in all processes would have a larger share of what each costs besides its runs.
 * *setup_ns: what the block took besides. */
static enum err_kind try_block(struct measuring *m, size_t slot, uint64_t loops, double *run_ns,
			       uint64_t *setup_ns, struct err *e)
{
	struct timing_block block = {{0}};
	const uint64_t begin_ns = clock_now_ns();
	TRY(run(m, slot, loops, &block, e));
	const uint64_t wall_ns = (uint64_t)block.value[TIMING_WALL];
	const uint64_t whole_ns = clock_now_ns() - begin_ns;
	*run_ns = (double)wall_ns / (double)loops;
	if (!block.waited && block.value[TIMING_CPU] < block.value[TIMING_WALL])
		*run_ns = block.value[TIMING_CPU] / (double)loops;
	*setup_ns = whole_ns > wall_ns ? whole_ns - wall_ns : 0;
	return ERR_OK;
}

/* Of each the least that was seen: what disturbs only adds. */
static enum err_kind find_cost(struct measuring *m, size_t slot, struct err *e)
{
	const uint64_t target_ns = slot + 1 < m->data->slots ? RANGING_BLOCK_NS : EMPTY_BLOCK_NS;
	struct cost *cost = &m->costs[slot];
	uint64_t loops = 1, setup_ns;
	double run_ns;
	bool is_enough = false, is_last = false;
	/* The first run pays for what is made once: imports, caches. */
	TRY(try_block(m, slot, 1, &run_ns, &setup_ns, e));
	*cost = (struct cost){.run_ns = INFINITY, .setup_ns = UINT64_MAX};
	while (!is_last && !m->python.stopped) {
		const uint64_t tried = loops;
		is_last = is_enough; /* once more, as one that is long may have been disturbed */
		TRY(try_block(m, slot, tried, &run_ns, &setup_ns, e));
		is_enough =
			is_enough ||
			ranging_is_enough(&loops, (uint64_t)(run_ns * (double)tried), target_ns);
		/* of few runs it is the cost of reading the clock */
		cost->run_ns = is_enough ? fmin(cost->run_ns, run_ns) : cost->run_ns;
		cost->setup_ns = setup_ns < cost->setup_ns ? setup_ns : cost->setup_ns;
		is_last = is_last || (is_enough && tried == 1);
	}
	return ERR_OK;
}

/* All blocks are equally long, by what the longest setup asks for. */
static void choose_loops(struct measuring *m)
{
	struct timing_data *data = m->data;
	uint64_t setup_ns = 0;
	for (size_t slot = 0; slot < data->snippets; slot++)
		if (m->costs[slot].setup_ns > setup_ns)
			setup_ns = m->costs[slot].setup_ns;
	const uint64_t block_ns = ranging_block_ns(setup_ns, m->plan->budget_ns);
	for (size_t slot = 0; slot < data->snippets; slot++)
		data->loops[slot] = ranging_loops(m->costs[slot].run_ns, block_ns);
	data->loops[data->snippets] = data->loops[0];
	data->loops[data->slots - 1] =
		ranging_loops(m->costs[data->slots - 1].run_ns, EMPTY_BLOCK_NS);
}

/* Until its blocks can be counted: everything has run once, as often as in a block. */
static enum err_kind begin_process(struct measuring *m, size_t process, struct err *e)
{
	struct timing_data *data = m->data;
	size_t order[TIMING_SLOTS_MOST];
	char name[2];
	m->order.is_heard = process == 0;
	m->order.hash_seed = hash_mix64(m->plan->seed + process);
	TRY(interpreter_start(&m->python, &m->order, e));
	/* Where in memory code lies moves its time by some per cent, and hangs on what was loaded
	 * before it: in each process another order (Mytkowicz et al., ASPLOS 2009). */
	timing_order(0, m->order.hash_seed, data->slots, order);
	for (size_t i = 0; i < data->slots && !m->python.stopped; i++)
		TRY(blame(m, order[i],
			  interpreter_load(&m->python, order[i], name_of(m, order[i], name),
					   snippet_of(m, order[i]),
					   m->order.hash_seed >> (8 * i % 56), e),
			  e));
	for (size_t slot = 0; slot < data->slots && !m->python.stopped; slot++) {
		struct timing_block warm_up;
		if (process > 0)
			TRY(run(m, slot, data->loops[slot], &warm_up, e));
		else if (slot != data->snippets)
			TRY(find_cost(m, slot, e));
	}
	if (process == 0 && !m->python.stopped) {
		struct timing_block warm_up;
		choose_loops(m);
		TRY(run(m, data->snippets, data->loops[0], &warm_up, e));
	}
	if (!m->python.stopped)
		TRY(interpreter_settle(&m->python, e));
	if (!m->python.stopped)
		TRY(run(m, data->slots - 1, 0, &m->nothing, e));
	return ERR_OK;
}

static enum err_kind run_round(struct measuring *m, size_t process, struct err *e)
{
	struct timing_data *data = m->data;
	struct timing_process *p = &data->processes[process];
	size_t order[TIMING_SLOTS_MOST];
	timing_order(p->rounds, m->plan->seed ^ hash_mix64(process), data->slots, order);
	for (size_t i = 0; i < data->slots; i++) {
		const size_t slot = order[i];
		struct timing_block *block = &p->blocks[p->rounds * data->slots + slot];
		TRY(run(m, slot, data->loops[slot], block, e));
		if (m->python.stopped)
			return ERR_OK;
		for (int metric = 0; metric < TIMING_METRICS; metric++)
			block->value[metric] = (block->value[metric] - m->nothing.value[metric]) /
					       (double)data->loops[slot];
	}
	p->rounds++;
	return ERR_OK;
}

static enum err_kind run_process(struct measuring *m, size_t process, struct err *e)
{
	struct timing_data *data = m->data;
	struct timing_process *p = &data->processes[process];
	const uint64_t begin_ns = clock_now_ns();
	TRY(begin_process(m, process, e));
	const uint64_t start_ns = clock_now_ns() - begin_ns;
	p->blocks = arena_alloc(m->arena, ROUNDS_MOST * data->slots * sizeof *p->blocks);
	while (!m->python.stopped && p->rounds < ROUNDS_MOST) {
		const uint64_t round_ns = clock_now_ns();
		if (m->plan->progress)
			m->plan->progress(process + 1, m->processes, p->rounds + 1);
		TRY(run_round(m, process, e));
		const uint64_t now_ns = clock_now_ns(), took_ns = now_ns - round_ns;
		if (process == 0 && p->rounds == 1)
			m->processes = ranging_processes(m->plan->budget_ns, start_ns, took_ns,
							 TIMING_PROCESSES_MOST);
		/* Its share of the time, to the round that ends nearest; the first goes on until
		 * there is something to compare, though not without end. */
		const uint64_t share_ns = m->plan->budget_ns / m->processes * (process + 1);
		const bool is_over = now_ns + took_ns / 2 > m->begin_ns + share_ns;
		const bool is_enough = process > 0 || p->rounds >= ANALYSE_VALUES ||
				       now_ns - m->begin_ns > 2 * m->plan->budget_ns;
		if (is_over && is_enough)
			break;
	}
	return ERR_OK;
}

static enum err_kind run_processes(struct measuring *m, struct err *e)
{
	struct timing_data *data = m->data;
	for (size_t process = 0; process < m->processes; process++) {
		if (process && clock_now_ns() - m->begin_ns > m->plan->budget_ns)
			break;
		const enum err_kind kind = run_process(m, process, e);
		data->interrupted |= m->python.stopped;
		interpreter_end(&m->python);
		TRY(kind);
		if (process == 0) {
			memcpy(data->version, m->python.version, sizeof data->version);
			memcpy(data->executable, m->python.executable, sizeof data->executable);
			/* What is found on PATH may be a script that looks for it each time. */
			if (!m->plan->python && *data->executable)
				m->order.python = data->executable;
		}
		data->process_count += data->processes[process].rounds > 0;
		if (data->interrupted)
			break;
	}
	if (!data->process_count)
		return ERR(e, ERR_LIMIT,
			   "interrupted before everything had run once: there is no answer");
	return ERR_OK;
}

static int counter_error(void)
{
	const int fd = counter_open();
	const int error = fd < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return error;
}

enum err_kind timing_measure(const struct timing_plan *plan, struct arena *arena,
			     struct timing_data *data, struct str *said, struct err *e)
{
	const uint64_t answer_ns = ANSWER_TIMES * plan->budget_ns;
	*data = (struct timing_data){.snippets = plan->count,
				     .slots = plan->count + 2,
				     .counter_errno = counter_error()};
	struct measuring *m = arena_alloc(arena, sizeof *m);
	*m = (struct measuring){
		.plan = plan,
		.data = data,
		.arena = arena,
		.processes = 1,
		.begin_ns = clock_now_ns(),
		.order = {.python = plan->python ? plan->python : "python3",
			  .collects = plan->collects,
			  .counts = data->counter_errno == 0,
			  .answer_ns = answer_ns > ANSWER_LEAST_NS ? answer_ns : ANSWER_LEAST_NS,
			  .stop = plan->stop,
			  .said = said},
	};
	const enum err_kind kind = run_processes(m, e);
	data->took_ns = clock_now_ns() - m->begin_ns;
	return kind;
}

#include "timing/measure.h"

#include <errno.h>
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

struct measuring {
	const struct timing_plan *plan;
	struct timing_data *data;
	struct arena *arena;
	struct interpreter python;
	struct interpreter_order order;
	struct timing_block nothing; /* a block without a run: what reading the clocks costs */
	size_t processes;            /* that the time has room for */
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

/* *run_ns: what one of `loops` runs took; *setup_ns: what the block took besides. */
static enum err_kind try_block(struct measuring *m, size_t slot, uint64_t loops, double *run_ns,
			       uint64_t *setup_ns, struct err *e)
{
	struct timing_block block = {{0}};
	const uint64_t begin_ns = clock_now_ns();
	TRY(run(m, slot, loops, &block, e));
	const uint64_t wall_ns = (uint64_t)block.value[TIMING_WALL];
	const uint64_t whole_ns = clock_now_ns() - begin_ns;
	*run_ns = (double)wall_ns / (double)loops;
	*setup_ns = whole_ns > wall_ns ? whole_ns - wall_ns : 0;
	return ERR_OK;
}

static enum err_kind find_loops(struct measuring *m, size_t slot, struct err *e)
{
	uint64_t loops = 1, setup_ns, target_ns = EMPTY_BLOCK_NS;
	double run_ns, again_ns;
	bool is_enough = false;
	/* The first run pays for what is made once: imports, caches. */
	TRY(try_block(m, slot, 1, &run_ns, &setup_ns, e));
	while (!is_enough && !m->python.stopped) {
		const uint64_t tried = loops;
		TRY(try_block(m, slot, tried, &run_ns, &setup_ns, e));
		if (slot + 1 < m->data->slots)
			target_ns = ranging_block_ns(setup_ns, m->plan->budget_ns);
		is_enough =
			ranging_is_enough(&loops, (uint64_t)(run_ns * (double)tried), target_ns);
	}
	/* Once more, as one that was disturbed would make all blocks too short. */
	loops = ranging_loops(run_ns, target_ns);
	if (!m->python.stopped && loops > 1) {
		TRY(try_block(m, slot, loops, &again_ns, &setup_ns, e));
		loops = ranging_loops(again_ns < run_ns ? again_ns : run_ns, target_ns);
	}
	m->data->loops[slot] = loops;
	return ERR_OK;
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
		if (slot == data->snippets)
			data->loops[slot] = data->loops[0];
		if (process == 0 && slot != data->snippets)
			TRY(find_loops(m, slot, e));
		else
			TRY(run(m, slot, data->loops[slot], &warm_up, e));
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

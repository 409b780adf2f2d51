#include "probe/sampled_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/str.h"
#include "target/access.h"
#include "target/descriptor.h"
#include "target/proc.h"

/* enum evidence_source (channel.h): 1 agent, 2 remote, 3 kernel */
enum { EVIDENCE_REMOTE = 2 };

enum { FLUSH_TICKS = 16, REFUSED_MAX = 20, TORN_BEFORE_EXEC = 5 };

/* A process that the recording knows from its agent has numbers of the agent's; these are others.
 */
#define ID_BASE_BESIDE_AGENT UINT32_C(0x80000000)
/* unslow was stopped, or the machine slept: one look does not stand for hours. */
#define STANDS_FOR_MAX_NS NS_PER_S

static const char stop_reason[] =
	"attached from outside: only a thread that runs Python is stopped for a look";
static const char prefix_reason[] =
	"nothing is stopped: of a running thread only the older frames that two readings have in "
	"common are kept, so shares of newest frames are unreliable";

/* --- names told to the recording ------------------------------------------------- */

static void tell_code(struct sampled_process *p, uint32_t id, const struct remote_code *code)
{
	const size_t file = strlen(code->file), name = strlen(code->name);
	struct dict_code *entry = mem_alloc(sizeof *entry + file + name + code->line_table_bytes);
	entry->id = p->id_base + id;
	entry->first_line = code->first_line;
	entry->filename_length = (uint32_t)file;
	entry->qualname_length = (uint32_t)name;
	entry->line_table_length = (uint32_t)code->line_table_bytes;
	entry->line_table_format = p->process.remote.layout.line_format;
	memcpy(entry->bytes, code->file, file);
	memcpy(entry->bytes + file, code->name, name);
	memcpy(entry->bytes + file + name, code->line_table, code->line_table_bytes);
	ingest_code(p->ingest, p->serial, entry);
	free(entry);
}

static void tell_stack(struct sampled_process *p, uint32_t id, const struct look_frame *frames,
		       size_t count, bool is_cut)
{
	struct dict_stack *entry = mem_alloc(sizeof *entry + count * sizeof(struct dict_frame));
	entry->id = p->id_base + id;
	entry->frame_count = (uint16_t)count;
	entry->cut = is_cut;
	for (size_t i = 0; i < count; i++)
		entry->frames[i] =
			(struct dict_frame){p->id_base + frames[i].code, frames[i].instr_offset};
	ingest_stack(p->ingest, p->serial, entry);
	free(entry);
}

/* The id of a thread's chain; one that is new is told. 0: it runs no Python. */
static uint32_t stack_id(struct sampled_process *p, const struct look_thread *t)
{
	const struct look_frame *frames = &p->look.frames.items[t->first_frame];
	bool is_new;
	if (t->frame_count == 0)
		return 0;
	const uint64_t hash =
		hash_bytes(frames, t->frame_count * sizeof *frames) ^ (t->is_cut ? 1 : 0);
	uint64_t *known = map_put(&p->stacks, hash, &is_new);
	if (is_new) {
		*known = ++p->last_stack;
		tell_stack(p, p->last_stack, frames, t->frame_count, t->is_cut);
	}
	return (uint32_t)*known;
}

/* --- what a thread did -------------------------------------------------------------- */

static bool is_wait(const struct sampled_process *p, uint32_t stack)
{
	return map_find(&p->waits, stack) != NULL;
}

/* A thread that could run and is not known to have a CPU may have lost it to unslow's own look, as
 * any on a machine with one CPU has: then it was on it. It was not if it used none since the last
 * look, or is where threads wait: then it was woken and has had none yet. */
static enum found_where where_of(struct sampled_process *p, const struct look_thread *found,
				 const struct sampled_thread *t)
{
	if (found->mark != LOOK_FROZEN && found->mark != LOOK_RUNS) {
		if (t->stack)
			*map_put(&p->waits, t->stack, NULL) = 1;
		return FOUND_OFF_CPU;
	}
	if (found->is_on_cpu)
		return FOUND_ON_CPU;
	const bool used_none = t->has_counters && found->call.cpu_ns == t->cpu_ns;
	return used_none || is_wait(p, t->stack) ? FOUND_QUEUED : FOUND_ON_CPU;
}

static enum sample_state state_of(const struct sampled_process *p, const struct look_thread *t,
				  enum found_where where)
{
	const struct remote_gil *gil = &t->python.gil;
	const bool holds = gil->locked && gil->last_holder == t->python.tstate;
	if (holds)
		return where == FOUND_ON_CPU ? SAMPLE_PYTHON : SAMPLE_HOLDING;
	if (where != FOUND_OFF_CPU)
		return where == FOUND_QUEUED ? SAMPLE_RUNQUEUE : SAMPLE_NATIVE;
	if (!t->call.has_number)
		return SAMPLE_CALL;
	switch (call_wait_of(&t->call)) {
	case WAIT_LOCK:
		return remote_is_gil_wait(&p->process.remote, gil, t->call.arguments[0])
			       ? SAMPLE_GIL
			       : SAMPLE_LOCK;
	case WAIT_SLEEP:
		return SAMPLE_SLEEP;
	case WAIT_DESCRIPTOR:
	case WAIT_CHILD:
	case WAIT_OTHER:
		break;
	}
	return SAMPLE_CALL;
}

/* Peer, file or the name of the call. */
static void target_of(struct sampled_process *p, const struct look_thread *t, char *text,
		      size_t size)
{
	char words[DESCRIPTOR_TEXT];
	const struct call_kind *kind = t->call.has_number ? call_kind_of(t->call.number) : NULL;
	const int fd = call_descriptor(&p->process.memory, &t->call);
	if (fd >= 0 && peers_text(p->peers, p->process.pid, fd, words))
		snprintf(text, size, "%.180s", words);
	else
		snprintf(text, size, "%s", kind ? kind->name : "a system call");
}

static void write_sample(struct sampled_process *p, struct sampled_thread *t)
{
	if (t->sample.ticks) {
		t->sample.target = t->sample.state == SAMPLE_CALL ? t->target : NULL;
		samples_add(p->ingest, &t->sample);
	}
	t->sample.ticks = 0;
}

static struct sampled_thread *thread_of(struct sampled_process *p, struct look_thread *t)
{
	if (t->data)
		return &p->threads.items[t->data - 1];
	size_t place = 0;
	while (place < p->threads.count && p->threads.items[place].is_used)
		place++;
	if (place == p->threads.count)
		(void)vec_push(&p->threads);
	p->threads.items[place] = (struct sampled_thread){.is_used = true};
	t->data = place + 1;
	return &p->threads.items[place];
}

/* What no look was given of its CPU, once no more looks come. */
static void write_unseen(struct sampled_process *p, struct sampled_thread *t)
{
	if (t->unplaced.cpu_ns || t->unplaced.queue_ns)
		samples_add(p->ingest, &(struct sample){
					       .start_ns = t->seen_ns,
					       .cpu_ns = t->unplaced.cpu_ns,
					       .runqueue_ns = t->unplaced.queue_ns,
					       .process_id = p->serial,
					       .thread_id = t->id,
					       .state = SAMPLE_UNSEEN,
					       .source = EVIDENCE_REMOTE,
				       });
	t->unplaced = (struct unplaced){0, 0};
}

static void forget_thread(void *context, struct look_thread *found)
{
	struct sampled_process *p = context;
	if (!found->data)
		return;
	struct sampled_thread *t = &p->threads.items[found->data - 1];
	write_sample(p, t);
	write_unseen(p, t);
	t->is_used = false;
}

/* Its open sample goes on if this is more of the same. */
static void add_sample(struct sampled_process *p, struct sampled_thread *t,
		       const struct sample *sample, const char *target)
{
	const struct sample *open = &t->sample;
	if (!open->ticks || open->stack_id != sample->stack_id || open->state != sample->state ||
	    open->holder_stack_id != sample->holder_stack_id || open->unit != sample->unit ||
	    open->is_short != sample->is_short || strcmp(t->target, target) != 0 ||
	    sample->start_ns - open->start_ns > SAMPLED_OPEN_NS) {
		write_sample(p, t);
		t->sample = *sample;
		str_copy(t->target, sizeof t->target, target);
		return;
	}
	t->sample.ticks += sample->ticks;
	t->sample.wall_ns += sample->wall_ns;
	t->sample.cpu_ns += sample->cpu_ns;
	t->sample.runqueue_ns += sample->runqueue_ns;
}

/* The clocks since the last look, which they were not seen at; of a thread seen for the first time
 * the time before is not known. One that ran no Python then and runs none now is not told of. */
static void add_clocks(struct sampled_thread *t, const struct thread_call *now)
{
	if (t->has_counters && (t->stack || t->had_stack)) {
		t->unplaced.cpu_ns += now->cpu_ns - t->cpu_ns;
		t->unplaced.queue_ns += now->runqueue_ns - t->runqueue_ns;
	}
	t->has_counters = true;
	t->had_stack = t->stack != 0;
	t->cpu_ns = now->cpu_ns;
	t->runqueue_ns = now->runqueue_ns;
}

static void add_tick(struct sampled_process *p, struct look_thread *found, int64_t holder_stack,
		     uint64_t now_ns, uint64_t wall_ns)
{
	struct sampled_thread *t = thread_of(p, found);
	char target[sizeof t->target] = "";
	if (found->is_unasked) {
		t->unasked_ticks++;
		t->unasked_ns += wall_ns;
		return;
	}
	/* What is not known of the time since it was last seen goes to where it is now, as with
	 * late ticks; it is known if it has not moved. */
	const uint32_t ticks = found->mark == LOOK_SAME ? 1 + t->unasked_ticks : 1;
	wall_ns += t->unasked_ns;
	t->unasked_ticks = 0;
	t->unasked_ns = 0;
	const bool was_in_call =
		found->mark == LOOK_SAME && t->sample.ticks && t->sample.state == SAMPLE_CALL;
	const enum found_where where = where_of(p, found, t);
	add_clocks(t, &found->call);
	const struct unplaced given = unplaced_take(&t->unplaced, where, wall_ns);
	if (!t->stack) {
		write_sample(p, t);
		return;
	}
	t->seen_ns = now_ns;
	t->id = ingest_thread_row(p->ingest, p->serial,
				  (uint32_t)(p->id_base ? found->inner_tid : found->tid));
	struct sample sample = {
		.start_ns = now_ns,
		.wall_ns = wall_ns,
		.unit = found->unit ? found->unit : p->run,
		.cpu_ns = given.cpu_ns,
		.runqueue_ns = given.queue_ns,
		.process_id = p->serial,
		.thread_id = t->id,
		.stack_id = ingest_stack_row(p->ingest, p->serial, p->id_base + t->stack),
		.state = state_of(p, found, where),
		.ticks = ticks,
		.is_short = t->is_short,
		.source = EVIDENCE_REMOTE,
	};
	if (sample.state == SAMPLE_GIL)
		sample.holder_stack_id = holder_stack;
	if (sample.state == SAMPLE_CALL && was_in_call)
		str_copy(target, sizeof target, t->target);
	else if (sample.state == SAMPLE_CALL)
		target_of(p, found, target, sizeof target);
	add_sample(p, t, &sample, target);
}

static int64_t holder_stack(struct sampled_process *p, const struct remote_gil *gil)
{
	for (size_t i = 0; gil->locked && i < p->look.threads.count; i++) {
		struct look_thread *t = &p->look.threads.items[i];
		const uint32_t stack =
			t->is_listed && t->python.tstate == gil->last_holder && t->data
				? p->threads.items[t->data - 1].stack
				: 0;
		if (stack)
			return ingest_stack_row(p->ingest, p->serial, p->id_base + stack);
	}
	return 0;
}

/* What the look found, told and added up. */
static void take_look(struct sampled_process *p, uint64_t now_ns, uint64_t wall_ns)
{
	struct look *l = &p->look;
	p->run = look_units_run(&l->units, &p->process.memory);
	for (size_t i = 0; i < l->new_codes.count; i++)
		tell_code(p, l->new_codes.items[i].id, &l->new_codes.items[i].code);
	for (size_t i = 0; i < l->threads.count; i++) {
		struct look_thread *found = &l->threads.items[i];
		if (!found->is_listed || found->mark == LOOK_SAME)
			continue;
		struct sampled_thread *t = thread_of(p, found);
		t->stack = stack_id(p, found);
		t->is_short = found->is_short;
	}
	for (size_t i = 0; i < l->threads.count; i++)
		if (l->threads.items[i].is_listed)
			add_tick(p, &l->threads.items[i],
				 holder_stack(p, &l->threads.items[i].python.gil), now_ns, wall_ns);
}

/* --- ticks ------------------------------------------------------------------------------ */

struct sampled_choice sampled_engine_choice(enum sampled_engine asked)
{
	return asked == SAMPLED_PREFIX ? (struct sampled_choice){"prefix", prefix_reason, true}
				       : (struct sampled_choice){"stop", stop_reason, false};
}

/* `reason`: another one than the choice's own; NULL: that. */
static void choose(struct sampled_process *p, enum sampled_engine engine, const char *reason)
{
	const struct sampled_choice choice = sampled_engine_choice(engine);
	p->look.never_stop = choice.never_stop;
	str_copy(p->engine.name, sizeof p->engine.name, choice.name);
	str_copy(p->engine.reason, sizeof p->engine.reason, reason ? reason : choice.reason);
}

static void end(struct sampled_process *p, uint64_t now_ns)
{
	p->has_ended = true;
	sampled_process_flush(p, true);
	if (!p->id_base)
		ingest_process_end(p->ingest, p->serial, now_ns);
}

static void note_torn(struct sampled_process *p, enum err_kind kind, const struct err *why,
		      uint64_t now_ns)
{
	struct proc_stat now;
	p->engine.ticks[TICK_TORN]++;
	p->torn_in_a_row++;
	if (kind == ERR_LIMIT)
		str_copy(p->engine.reason, sizeof p->engine.reason, why->text);
	if (proc_read_stat(p->process.pid, &now, NULL) != ERR_OK || now.state == 'Z' ||
	    now.start_ticks != p->process.start_ticks ||
	    (p->torn_in_a_row >= TORN_BEFORE_EXEC &&
	     proc_stack_start(p->process.pid) != p->stack_start)) {
		end(p, now_ns);
	} else if (kind == ERR_PERMISSION) {
		p->is_shut_out = true;
		end(p, now_ns);
	} else if (p->asked == SAMPLED_AUTO && p->look.refused >= REFUSED_MAX) {
		char reason[sizeof p->engine.reason];
		snprintf(reason, sizeof reason, "the kernel lets no thread be stopped; %s",
			 prefix_reason);
		choose(p, SAMPLED_PREFIX, reason);
	}
}

void sampled_process_tick(struct sampled_process *p, uint64_t now_ns,
			  const struct schedule_look *due)
{
	struct err why = {0};
	if (p->has_ended)
		return;
	p->engine.ticks[TICK_SCHEDULED] += due->missed + 1;
	p->engine.ticks[TICK_LATE] += due->missed;
	p->owed_ns += due->stands_for_ns;
	const enum err_kind kind = look_take(&p->look, &why);
	if (kind != ERR_OK) {
		note_torn(p, kind, &why, now_ns);
		return;
	}
	p->torn_in_a_row = 0;
	p->engine.ticks[p->look.is_whole ? TICK_VERIFIED : TICK_CAUGHT]++;
	/* A tick stands for its period and for those before it whose tick was not made. */
	if (p->owed_ns > STANDS_FOR_MAX_NS)
		p->owed_ns = STANDS_FOR_MAX_NS;
	take_look(p, now_ns, p->owed_ns);
	p->owed_ns = 0;
	if (++p->ticks_made % FLUSH_TICKS == 0)
		sampled_process_flush(p, false);
}

void sampled_process_skip(struct sampled_process *p, const struct schedule_look *due)
{
	p->engine.ticks[TICK_SCHEDULED] += due->missed + 1;
	p->engine.ticks[TICK_LATE] += due->missed + 1;
	p->owed_ns += due->stands_for_ns;
}

void sampled_process_flush(struct sampled_process *p, bool all)
{
	const uint64_t now_ns = clock_now_ns();
	for (size_t i = 0; i < p->threads.count; i++) {
		struct sampled_thread *t = &p->threads.items[i];
		if (all || now_ns - t->sample.start_ns > SAMPLED_OPEN_NS)
			write_sample(p, t);
		if (all)
			write_unseen(p, t);
	}
	const uint64_t *ticks = p->engine.ticks;
	if (now_ns > p->started_ns)
		p->engine.rate_hz = (double)(ticks[TICK_SCHEDULED] - ticks[TICK_LATE]) * 1e9 /
				    (double)(now_ns - p->started_ns);
	p->engine.stopped_ns = p->still.freeze.stopped_ns;
	p->engine.stop_p99_ns = freeze_length_ns(&p->still.freeze, 0.99);
	engine_report(p->ingest, p->serial, &p->engine);
}

/* --- from open to close ------------------------------------------------------------- */

static void tell_process(const struct sampled_process *p, const struct sampled_identity *identity)
{
	const struct channel_header header = {
		.serial = p->serial,
		.pid = (uint32_t)identity->pid,
		.parent_pid = (uint32_t)identity->parent_pid,
		.made_ns = p->started_ns,
		.python_hex = p->process.remote.layout.version_hex,
		.state = AGENT_OFF,
		.reason = "attached from outside: no agent is in it",
	};
	ingest_process(p->ingest, &header);
}

enum err_kind sampled_process_open(struct sampled_process **out,
				   const struct sampled_identity *identity,
				   enum sampled_engine engine, struct peers *peers,
				   struct ingest *ingest, int tries, struct err *e)
{
	struct sampled_process *p = mem_alloc(sizeof *p);
	still_begin(&p->still);
	enum err_kind kind = python_process_open(identity->pid, &p->process, e);
	look_begin(&p->look, &p->process, &p->still);
	p->process.check_tries = p->still.tries = tries;
	p->still.freeze.pid = identity->pid;
	p->still.never_stop = engine == SAMPLED_PREFIX;
	p->stack_start = proc_stack_start(identity->pid);
	if (kind == ERR_OK)
		kind = python_process_check(&p->process, &p->still, e);
	if (kind != ERR_OK) {
		sampled_process_close(p);
		return kind;
	}
	p->look.units = (struct look_units){identity->units, identity->serial};
	p->look.gone = forget_thread;
	p->look.gone_context = p;
	p->ingest = ingest;
	p->peers = peers;
	p->serial = identity->serial;
	p->id_base = identity->is_told ? ID_BASE_BESIDE_AGENT : 0;
	p->asked = engine;
	p->started_ns = clock_now_ns();
	choose(p, engine, engine == SAMPLED_PREFIX ? NULL : identity->reason);
	if (!identity->is_told)
		tell_process(p, identity);
	*out = p;
	return ERR_OK;
}

void sampled_process_close(struct sampled_process *p)
{
	look_end(&p->look);
	still_end(&p->still);
	python_process_close(&p->process);
	map_free(&p->stacks);
	map_free(&p->waits);
	vec_free(&p->threads);
	free(p);
}

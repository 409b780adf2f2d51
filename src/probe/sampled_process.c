#include "probe/sampled_process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/str.h"
#include "python/remote_code.h"
#include "python/remote_frames.h"
#include "python/remote_threads.h"
#include "target/descriptor.h"
#include "target/proc.h"
#include "target/thread_call.h"

/* enum evidence_source (channel.h): 1 agent, 2 remote, 3 kernel */
enum { EVIDENCE_REMOTE = 2 };

enum { FRAMES_MAX = 512, LOOK_TRIES = 2, FLUSH_TICKS = 16 };

/* A thread as the look found it. */
struct found_thread {
	struct remote_thread python;
	int tid;
	bool is_frozen, is_short;
	struct thread_call call;
	uint32_t stack; /* id as told to the recording; 0: it runs no Python */
};

struct sampled_look {
	struct found_thread *threads;
	size_t count;
	struct remote_thread *room;
	struct remote_frame frames[FRAMES_MAX];
};

/* --- names told to the recording ------------------------------------------------- */

static void tell_code(struct sampled_process *p, uint32_t id, const struct remote_code *code)
{
	const size_t file = strlen(code->file), name = strlen(code->name);
	struct dict_code *entry = mem_alloc(sizeof *entry + file + name + code->line_table_bytes);
	entry->id = id;
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

static enum err_kind code_id(struct sampled_process *p, uintptr_t address, uint32_t *id,
			     struct err *e)
{
	const struct remote *r = &p->process.remote;
	const uint64_t identity = remote_code_identity(r, address);
	const uint64_t *known = map_find(&p->codes, address);
	if (known && p->code_identities.items[*known] == identity) {
		*id = (uint32_t)*known + 1;
		return ERR_OK;
	}
	struct arena *arena = arena_new();
	struct remote_code code;
	const enum err_kind kind = remote_code_read(r, address, arena, &code, e);
	if (kind == ERR_OK) {
		*map_put(&p->codes, address, NULL) = p->code_identities.count;
		*vec_push(&p->code_identities) = identity;
		*id = (uint32_t)p->code_identities.count;
		tell_code(p, *id, &code);
	}
	arena_free(arena);
	return kind;
}

/* The id of a chain; one that is new is told. */
static enum err_kind stack_id(struct sampled_process *p, const struct remote_chain *chain,
			      uint32_t *id, struct err *e)
{
	const size_t bytes = sizeof(struct dict_stack) + chain->count * sizeof(struct dict_frame);
	struct dict_stack *entry = mem_alloc(bytes);
	enum err_kind kind = ERR_OK;
	for (size_t i = 0; kind == ERR_OK && i < chain->count; i++) {
		kind = code_id(p, chain->frames[i].code, &entry->frames[i].code, e);
		entry->frames[i].instr_offset = chain->frames[i].instr_offset;
	}
	if (kind == ERR_OK) {
		bool is_new;
		const uint64_t hash =
			hash_bytes(entry->frames, chain->count * sizeof(struct dict_frame));
		uint64_t *known = map_put(&p->stacks, hash, &is_new);
		if (is_new) {
			*known = ++p->last_stack;
			entry->id = p->last_stack;
			entry->frame_count = (uint16_t)chain->count;
			entry->cut = chain->skipped > 0;
			ingest_stack(p->ingest, p->serial, entry);
		}
		*id = (uint32_t)*known;
	}
	free(entry);
	return kind;
}

/* --- a look --------------------------------------------------------------------- */

static struct sampled_thread *thread_of(struct sampled_process *p, int tid)
{
	bool is_new;
	uint64_t *index = map_put(&p->thread_index, (uint64_t)tid, &is_new);
	if (is_new) {
		*index = p->threads.count;
		*vec_push(&p->threads) = (struct sampled_thread){.tid = tid};
	}
	return &p->threads.items[*index];
}

static const struct still_thread *kernel_thread(const struct sampled_process *p, int tid)
{
	for (size_t i = 0; i < p->still.count; i++)
		if (p->still.threads[i].tid == tid)
			return &p->still.threads[i];
	return NULL;
}

/* Only a thread itself changes its frames: one that was blocked and was not put on a CPU since is
 * where it was. */
static bool is_where_it_was(const struct sampled_thread *t, const struct still_thread *kernel,
			    uintptr_t tstate)
{
	return t->was_blocked && !kernel->is_running && kernel->timeslices > 0 &&
	       kernel->timeslices == t->timeslices && t->tstate == tstate;
}

static enum err_kind look_at_thread(struct sampled_process *p, struct found_thread *t,
				    struct err *e)
{
	const struct remote *r = &p->process.remote;
	struct remote_chain chain = {.frames = p->look->frames, .max = FRAMES_MAX};
	TRY(remote_frames(r, t->python.tstate, &chain, e));
	t->is_short = chain.skipped > 0;
	if (chain.count)
		TRY(stack_id(p, &chain, &t->stack, e));
	if (!t->is_frozen)
		thread_call_now(p->process.pid, t->tid, &t->call);
	return ERR_OK;
}

static enum err_kind look(void *context, struct err *e)
{
	struct sampled_process *p = context;
	struct sampled_look *l = p->look;
	const struct remote *r = &p->process.remote;
	size_t count;
	l->count = 0;
	TRY(remote_threads(r, l->room, REMOTE_THREADS_MAX, &count, e));
	for (size_t i = 0; i < count; i++) {
		struct found_thread *t = &l->threads[l->count];
		*t = (struct found_thread){.python = l->room[i]};
		t->tid = still_outer_tid(&p->still, remote_inner_tid(r, t->python.tstate));
		const struct still_thread *kernel = kernel_thread(p, t->tid);
		if (!kernel)
			continue; /* it was made after the list, or ended before it */
		t->is_frozen = freeze_holds(&p->still.freeze, t->tid);
		struct sampled_thread *known = thread_of(p, t->tid);
		if (is_where_it_was(known, kernel, t->python.tstate)) {
			t->stack = known->stack;
			t->is_short = known->is_short;
			t->call = known->call;
		} else {
			TRY(look_at_thread(p, t, e));
		}
		l->count++;
	}
	return ERR_OK;
}

/* --- what a thread did -------------------------------------------------------------- */

static enum sample_state state_of(const struct sampled_process *p, const struct found_thread *t,
				  uint64_t cpu_ns, uint64_t runqueue_ns)
{
	const bool holds = t->python.gil.locked && t->python.gil.last_holder == t->python.tstate;
	const bool runs = t->is_frozen || t->call.is_running;
	/* It was ready the whole time and got no CPU in it. */
	const bool queues = runs && cpu_ns == 0 && runqueue_ns > 0;
	if (holds)
		return runs && !queues ? SAMPLE_PYTHON : SAMPLE_HOLDING;
	if (runs)
		return queues ? SAMPLE_RUNQUEUE : SAMPLE_NATIVE;
	switch (call_wait_of(&t->call)) {
	case WAIT_LOCK:
		return remote_is_gil_wait(&p->process.remote, &t->python.gil, t->call.arguments[0])
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

/* Peer, file or the name of the call; looked up once a second for the sockets' sake. */
static void target_of(struct sampled_process *p, const struct found_thread *t, uint64_t now_ns,
		      char *text, size_t size)
{
	char words[DESCRIPTOR_TEXT];
	const struct call_kind *kind = call_kind_of(t->call.number);
	const int fd = call_descriptor(&p->process.memory, &t->call);
	if (fd >= 0 && now_ns - p->sockets_ns > SAMPLED_SOCKETS_NS) {
		sockets_free(&p->sockets);
		sockets_read(p->process.pid, &p->sockets);
		p->sockets_ns = now_ns;
	}
	if (fd >= 0 && descriptor_text(p->process.pid, fd, &p->sockets, words))
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

static void add_tick(struct sampled_process *p, const struct found_thread *found,
		     int64_t holder_stack, uint64_t now_ns, uint64_t wall_ns)
{
	const struct still_thread *kernel = kernel_thread(p, found->tid);
	char target[sizeof((struct sampled_thread *)0)->target] = "";
	struct sampled_thread *t = thread_of(p, found->tid);
	t->tstate = found->python.tstate;
	t->timeslices = kernel->timeslices;
	t->was_blocked = !found->is_frozen && !kernel->is_running && found->call.has_number;
	t->stack = found->stack;
	t->is_short = found->is_short;
	t->call = found->call;
	/* Of a thread seen for the first time the time before is not known. */
	const bool is_known = t->cpu_ns != 0;
	const uint64_t cpu_ns = is_known ? kernel->cpu_ns - t->cpu_ns : 0;
	const uint64_t runqueue_ns = is_known ? kernel->runqueue_ns - t->runqueue_ns : 0;
	t->cpu_ns = kernel->cpu_ns;
	t->runqueue_ns = kernel->runqueue_ns;
	if (found->stack == 0) {
		write_sample(p, t);
		return;
	}
	struct sample sample = {
		.start_ns = now_ns,
		.process_id = p->serial,
		.thread_id = ingest_thread_row(p->ingest, p->serial, (uint32_t)found->tid),
		.stack_id = ingest_stack_row(p->ingest, p->serial, found->stack),
		.state = state_of(p, found, cpu_ns, runqueue_ns),
		.is_short = found->is_short,
		.source = EVIDENCE_REMOTE,
	};
	if (sample.state == SAMPLE_GIL)
		sample.holder_stack_id = holder_stack;
	if (sample.state == SAMPLE_CALL)
		target_of(p, found, now_ns, target, sizeof target);
	const struct sample *open = &t->sample;
	if (!open->ticks || open->stack_id != sample.stack_id || open->state != sample.state ||
	    open->holder_stack_id != sample.holder_stack_id || strcmp(t->target, target) != 0 ||
	    now_ns - open->start_ns > SAMPLED_OPEN_NS) {
		write_sample(p, t);
		t->sample = sample;
		str_copy(t->target, sizeof t->target, target);
	}
	t->sample.ticks++;
	t->sample.wall_ns += wall_ns;
	t->sample.cpu_ns += cpu_ns;
	t->sample.runqueue_ns += runqueue_ns;
}

static int64_t holder_stack(struct sampled_process *p, const struct remote_gil *gil)
{
	for (size_t i = 0; i < p->look->count; i++)
		if (gil->locked && p->look->threads[i].python.tstate == gil->last_holder &&
		    p->look->threads[i].stack)
			return ingest_stack_row(p->ingest, p->serial, p->look->threads[i].stack);
	return 0;
}

void sampled_process_tick(struct sampled_process *p, uint64_t now_ns, uint64_t missed,
			  double rate_hz)
{
	struct proc_stat now;
	struct err why = {0};
	if (p->has_ended)
		return;
	p->engine.ticks[TICK_SCHEDULED] += missed + 1;
	p->engine.ticks[TICK_LATE] += missed;
	p->engine.rate_hz = rate_hz;
	const enum err_kind kind = still_look(&p->process, &p->still, look, p, &why);
	if (kind != ERR_OK) {
		p->engine.ticks[TICK_TORN]++;
		if (proc_read_stat(p->process.pid, &now, NULL) != ERR_OK || now.state == 'Z' ||
		    now.start_ticks != p->process.start_ticks) {
			p->has_ended = true;
			sampled_process_flush(p, true);
			ingest_process_end(p->ingest, p->serial, now_ns);
		}
		return;
	}
	p->engine.ticks[TICK_VERIFIED]++;
	/* A tick stands for the time since the one made before it: late ones stretch the next. */
	const uint64_t wall_ns = p->last_ns ? now_ns - p->last_ns : (uint64_t)(1e9 / rate_hz);
	p->last_ns = now_ns;
	for (size_t i = 0; i < p->look->count; i++)
		add_tick(p, &p->look->threads[i], holder_stack(p, &p->look->threads[i].python.gil),
			 now_ns, wall_ns);
	if (++p->ticks_made % FLUSH_TICKS == 0)
		sampled_process_flush(p, false);
}

void sampled_process_flush(struct sampled_process *p, bool all)
{
	const uint64_t now_ns = clock_now_ns();
	for (size_t i = 0; i < p->threads.count; i++)
		if (all || now_ns - p->threads.items[i].sample.start_ns > SAMPLED_OPEN_NS)
			write_sample(p, &p->threads.items[i]);
	p->engine.stopped_ns = p->still.freeze.stopped_ns;
	engine_report(p->ingest, p->serial, &p->engine);
}

/* --- from open to close ------------------------------------------------------------- */

enum err_kind sampled_process_open(struct sampled_process **out, int pid, int parent_pid,
				   uint32_t serial, struct ingest *ingest, struct err *e)
{
	struct sampled_process *p = mem_alloc(sizeof *p);
	still_begin(&p->still);
	enum err_kind kind = python_process_open(pid, &p->process, e);
	if (kind == ERR_OK)
		kind = python_process_check(&p->process, &p->still, e);
	p->look = mem_alloc(sizeof *p->look);
	p->look->threads = mem_alloc(REMOTE_THREADS_MAX * sizeof *p->look->threads);
	p->look->room = mem_alloc(REMOTE_THREADS_MAX * sizeof *p->look->room);
	if (kind != ERR_OK) {
		sampled_process_close(p);
		return kind;
	}
	p->still.tries = LOOK_TRIES;
	p->ingest = ingest;
	p->serial = serial;
	str_copy(p->engine.name, sizeof p->engine.name, "stop");
	str_copy(p->engine.reason, sizeof p->engine.reason,
		 "attached from outside: only a thread that runs Python is stopped for a look");
	const struct channel_header header = {
		.serial = serial,
		.pid = (uint32_t)pid,
		.parent_pid = (uint32_t)parent_pid,
		.made_ns = clock_now_ns(),
		.python_hex = p->process.remote.layout.version_hex,
		.state = AGENT_OFF,
		.reason = "attached from outside: no agent is in it",
	};
	ingest_process(ingest, &header);
	*out = p;
	return ERR_OK;
}

void sampled_process_close(struct sampled_process *p)
{
	still_end(&p->still);
	python_process_close(&p->process);
	sockets_free(&p->sockets);
	map_free(&p->codes);
	map_free(&p->stacks);
	map_free(&p->thread_index);
	vec_free(&p->code_identities);
	vec_free(&p->threads);
	free(p->look->threads);
	free(p->look->room);
	free(p->look);
	free(p);
}

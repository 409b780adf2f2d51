/* A process's dictionary entries: its own numbers become ids of the recording. */
#include "recording/ingest_state.h"
#include "recording/rows.h"

static void write_thread(struct ingest *in, const struct process *p, uint64_t id, uint32_t tid,
			 uint32_t name)
{
	size_t length = 0;
	const char *text = name ? names_text_of(in->names, name, &length) : NULL;
	struct row row = row_begin(in->recording, ROW_THREAD);
	row_uint(&row, id);
	row_int(&row, p->serial);
	row_int(&row, tid);
	row_text(&row, text, length);
	row_end(&row);
}

uint64_t ingest_thread_id(struct ingest *in, struct process *p, uint32_t tid)
{
	const uint64_t *known = map_find(&p->threads, tid);
	if (known)
		return *known;
	if (p->threads.count >= THREADS_MAX) {
		ingest_lose(in, p, RECORDER_THREADS, 1);
		return 0;
	}
	*map_put(&p->threads, tid, NULL) = ++in->last_thread;
	write_thread(in, p, in->last_thread, tid, 0);
	return in->last_thread;
}

uint32_t ingest_global(struct ingest *in, struct process *p, const struct map *ids, uint32_t local)
{
	if (local == 0)
		return 0;
	const uint64_t *id = map_find(ids, local);
	if (!id)
		ingest_lose(in, p, RECORDER_UNKNOWN_ID, 1);
	return id ? (uint32_t)*id : 0;
}

static void keep(struct ingest *in, struct process *p, struct map *ids, uint32_t local, uint32_t id)
{
	if (local == 0 || ids->count >= LOCAL_NAMES_MAX)
		ingest_lose(in, p, RECORDER_NAMES, 1);
	else
		*map_put(ids, local, NULL) = id;
}

void ingest_text(struct ingest *in, uint32_t serial, const struct dict_text *text)
{
	struct process *p = ingest_process_of(in, serial);
	if (p)
		keep(in, p, &p->texts, text->id, names_text(in->names, text->bytes, text->length));
}

void ingest_code(struct ingest *in, uint32_t serial, const struct dict_code *code)
{
	struct process *p = ingest_process_of(in, serial);
	if (p)
		keep(in, p, &p->codes, code->id, names_code(in->names, code));
}

void ingest_stack(struct ingest *in, uint32_t serial, const struct dict_stack *stack)
{
	struct process *p = ingest_process_of(in, serial);
	uint32_t id = 0;
	if (!p)
		return;
	/* The leaf comes first, the trie grows from the root. A frame that cannot be resolved
	   makes the whole stack unknown: a shorter one would name the wrong caller. */
	for (size_t i = stack->frame_count; i-- > 0;) {
		const uint32_t code = ingest_global(in, p, &p->codes, stack->frames[i].code);
		id = code ? names_frame(in->names, id, code, stack->frames[i].instr_offset) : 0;
		if (id == 0)
			break;
	}
	keep(in, p, &p->stacks, stack->id, id);
}

void ingest_handle(struct ingest *in, uint32_t serial, const struct dict_handle *handle)
{
	struct process *p = ingest_process_of(in, serial);
	if (p)
		handle_facts(in, p, handle);
}

/* False: its texts are not known yet. */
static bool write_fact(struct ingest *in, struct process *p, const struct dict_fact *fact)
{
	const uint64_t *key = map_find(&p->texts, fact->key);
	const uint64_t *value = map_find(&p->texts, fact->value);
	bool is_new = false;
	if (!key || !value)
		return false;
	map_put(&p->facts, *key << 32 | *value, &is_new);
	if (!is_new)
		return true;
	size_t key_bytes, value_bytes;
	const char *key_text = names_text_of(in->names, (uint32_t)*key, &key_bytes);
	const char *value_text = names_text_of(in->names, (uint32_t)*value, &value_bytes);
	if (!key_text || !value_text) /* refused as names: counted there */
		return true;
	engine_from_fact(p, key_text, value_text, value_bytes);
	struct row row = row_begin(in->recording, ROW_FACT);
	row_int(&row, p->serial);
	row_text(&row, key_text, key_bytes);
	row_text(&row, value_text, value_bytes);
	row_end(&row);
	return true;
}

/* The agent reserves a fact's entry first and its texts' next. */
void ingest_fact(struct ingest *in, uint32_t serial, const struct dict_fact *fact)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p || p->facts.count >= LOCAL_NAMES_MAX || write_fact(in, p, fact))
		return;
	if (p->waiting_facts.count < WAITING_FACTS_MAX)
		*vec_push(&p->waiting_facts) = *fact;
	else
		ingest_lose(in, p, RECORDER_UNKNOWN_ID, 1);
}

void ingest_write_waiting_facts(struct ingest *in)
{
	for (size_t i = 0; i < in->processes.count; i++) {
		struct process *p = in->processes.items[i];
		size_t kept = 0;
		for (size_t f = 0; f < p->waiting_facts.count; f++)
			if (!write_fact(in, p, &p->waiting_facts.items[f]))
				p->waiting_facts.items[kept++] = p->waiting_facts.items[f];
		p->waiting_facts.count = kept;
	}
}

void ingest_thread(struct ingest *in, uint32_t serial, const struct dict_thread *thread)
{
	struct process *p = ingest_process_of(in, serial);
	if (!p)
		return;
	const uint64_t id = ingest_thread_id(in, p, thread->tid);
	if (id)
		write_thread(in, p, id, thread->tid, ingest_global(in, p, &p->texts, thread->name));
}

int64_t ingest_thread_row(struct ingest *in, uint32_t serial, uint32_t tid)
{
	struct process *p = ingest_process_of(in, serial);
	return p ? (int64_t)ingest_thread_id(in, p, tid) : 0;
}

int64_t ingest_stack_row(struct ingest *in, uint32_t serial, uint32_t stack)
{
	struct process *p = ingest_process_of(in, serial);
	return p ? ingest_global(in, p, &p->stacks, stack) : 0;
}

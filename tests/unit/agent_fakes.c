#include "agent_fakes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/core.h"
#include "agent/dict.h"
#include "agent/greenlets.h"
#include "agent/handles.h"
#include "agent/path_text.h"

#define TEXTS_MAX 8192

struct channel_record fake_records[FAKE_RECORDS_MAX];
size_t fake_record_count;
uint64_t fake_now_ns = 1000000, fake_tick_ns = 1000, fake_unit;
uint32_t fake_losses[LOSS_KINDS], fake_generation = 1, fake_text_calls;
char fake_part_off[512];

_Atomic bool agent_awake = true;
_Atomic(struct channel_header *) core_channel;
static struct channel_control control = {.text_key = {1, 2}};
const struct channel_control *agent_control = &control;

uint64_t hook_time_begin(struct agent_thread *thread)
{
	(void)thread;
	return 0;
}

void hook_time_end(const struct agent_thread *thread, uint64_t begin_ns)
{
	(void)thread;
	(void)begin_ns;
}

struct handle fake_handles[FAKE_HANDLES];
static char *texts[TEXTS_MAX];
static uint32_t text_count, handle_count;
static struct agent_thread thread;

void greenlets_come_unseen(const char *file)
{
	(void)file;
}

void greenlets_came(void *handle, const char *file)
{
	(void)handle;
	(void)file;
}

void fake_reset(void)
{
	fake_record_count = 0;
	fake_unit = 0;
	memset(fake_losses, 0, sizeof fake_losses);
	fake_part_off[0] = '\0';
	thread = (struct agent_thread){.tid = 1};
}

const char *fake_text(uint32_t id)
{
	return id ? texts[id - 1] : "";
}

size_t fake_count(enum record_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < fake_record_count; i++)
		count += fake_records[i].kind == kind;
	return count;
}

const struct channel_record *fake_record(enum record_kind kind, size_t n)
{
	for (size_t i = 0; i < fake_record_count; i++)
		if (fake_records[i].kind == kind && n-- == 0)
			return &fake_records[i];
	return NULL;
}

uint64_t agent_now_ns(void)
{
	return fake_now_ns += fake_tick_ns;
}

void agent_count_loss(enum agent_loss loss)
{
	fake_losses[loss]++;
}

void agent_part_off(const char *part, const char *format, ...)
{
	va_list arguments;
	int n = snprintf(fake_part_off, sizeof fake_part_off, "%s: ", part);
	va_start(arguments, format);
	vsnprintf(fake_part_off + n, sizeof fake_part_off - (size_t)n, format, arguments);
	va_end(arguments);
}

bool core_asleep_tick(void)
{
	return false;
}

uint32_t dict_generation(void)
{
	return fake_generation;
}

uint32_t dict_text_id(const char *bytes, size_t length)
{
	fake_text_calls++;
	for (uint32_t i = 0; i < text_count; i++)
		if (strlen(texts[i]) == length && memcmp(texts[i], bytes, length) == 0)
			return i + 1;
	if (text_count == TEXTS_MAX)
		return 0;
	texts[text_count] = strndup(bytes, length);
	return ++text_count;
}

uint32_t path_text_id(enum path_kind kind, const char *path, size_t length)
{
	(void)kind;
	return dict_text_id(path, length);
}

uint32_t handle_new_id(enum handle_kind kind, enum peer_kind peer, uint32_t peer_text)
{
	(void)kind;
	(void)peer;
	(void)peer_text;
	return ++handle_count;
}

struct handle *handle_of(int fd)
{
	return fd >= 0 && fd < FAKE_HANDLES && fake_handles[fd].tracked ? &fake_handles[fd] : NULL;
}

int handle_highest(void)
{
	return FAKE_HANDLES - 1;
}

void handle_set_peer(struct handle *h, int fd, enum peer_kind kind, const char *text, size_t length)
{
	(void)fd;
	(void)text;
	(void)length;
	h->peer_kind = (uint8_t)kind;
}

void handle_set_tls(struct handle *h, int fd)
{
	(void)fd;
	h->tls = true;
}

struct agent_thread *agent_thread_self(void)
{
	return &thread;
}

struct agent_thread *agent_thread_peek(void)
{
	return &thread;
}

uint64_t unit_current(struct agent_thread *t)
{
	(void)t;
	return fake_unit;
}

uint32_t stack_here(struct agent_thread *t)
{
	(void)t;
	return 77;
}

void record_write(const struct channel_record *record)
{
	if (fake_record_count < FAKE_RECORDS_MAX)
		fake_records[fake_record_count++] = *record;
}

uint32_t call_stack(struct call *c)
{
	return c->stack;
}

bool call_begin_known(struct call *c, enum record_kind kind, uint64_t unit, uint32_t open_stack)
{
	if (!call_begin(c, kind))
		return false;
	c->unit = unit;
	c->stack = open_stack;
	return true;
}

bool call_begin(struct call *c, enum record_kind kind)
{
	if (!atomic_load(&agent_awake))
		return false;
	*c = (struct call){
		.thread = &thread,
		.start_ns = agent_now_ns(),
		.unit = fake_unit,
		.stack = 77,
		.kind = (uint16_t)kind,
		.nested = thread.owning > 0,
		.owns = kind >= RECORD_SQLITE_OPEN && kind <= RECORD_SQLITE_EXEC,
		.depth_before = thread.depth,
		.owning_before = thread.owning,
	};
	thread.open[thread.depth].nested_ns = 0;
	thread.depth++;
	thread.owning = (uint8_t)(thread.owning + c->owns);
	return true;
}

void call_drop(struct call *c)
{
	thread.depth = c->depth_before;
	thread.owning = c->owning_before;
}

void call_stop(struct call *c)
{
	c->end_ns = agent_now_ns();
}

uint64_t call_end(struct call *c, struct call_facts facts)
{
	uint64_t dur_ns = (c->end_ns ? c->end_ns : agent_now_ns()) - c->start_ns;
	uint64_t nested_ns = thread.open[c->depth_before].nested_ns;
	call_drop(c);
	if (c->nested && c->depth_before > 0)
		thread.open[c->depth_before - 1].nested_ns += dur_ns;
	record_write(&(struct channel_record){
		.t_start_ns = c->start_ns,
		.dur_ns = dur_ns,
		.unit = facts.unit ? facts.unit : c->unit,
		.stack = c->stack,
		.subject = facts.subject,
		.object = facts.object,
		.kind = c->kind,
		.result = (int16_t)facts.result,
		.flags = (uint16_t)(facts.flags | (c->nested ? RECORD_NESTED : 0)),
		.aux = facts.aux ? facts.aux : nested_ns,
		.count = facts.count,
	});
	return dur_ns;
}

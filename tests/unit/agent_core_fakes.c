#include "agent_core_fakes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/calls_change.h"
#include "agent/calls_tree.h"
#include "agent/calls_lines.h"
#include "agent/channel_file.h"
#include "agent/dict.h"
#include "agent/handles.h"
#include "agent/run_unit.h"
#include "agent/stack.h"
#include "agent/units.h"
#include "agent/tick.h"
#include "agent/tick_signal.h"
#include "base/clock.h"

_Atomic bool agent_awake;
const struct channel_control *agent_control;
_Atomic(struct channel_header *) core_channel;
_Atomic uint64_t core_next_check_ns = UINT64_MAX;
AGENT_TLS bool fork_vfork_mark;

struct channel_control fake_control;
uint64_t fake_unit;
uint32_t fake_stack;
uint64_t fake_now_ns;
_Atomic uint64_t fake_losses[LOSS_KINDS];
unsigned fake_wires_closed;
bool fake_channel_refused;
bool fake_run_waits;
uint64_t fake_run_blocked_ns;
uintptr_t fake_frame;
char fake_fact[256];

static char directory[64];

uint64_t agent_now_ns(void)
{
	return fake_now_ns ? fake_now_ns : clock_now_ns();
}

void agent_count_loss(enum agent_loss loss)
{
	fake_losses[loss]++;
}

_Atomic uint32_t walk_control_seen;
_Atomic int walk_control_child;

bool calls_change_is_due(void)
{
	return false;
}

void calls_change_look(void)
{
}

/* The real one where a test has it. */
__attribute__((weak)) void lines_thread_end(struct agent_thread *thread)
{
	(void)thread;
}

void calls_tree_thread_end(struct agent_thread *thread)
{
	(void)thread;
}

bool core_started(void)
{
	return true;
}

bool core_check_reader(uint64_t now_ns)
{
	(void)now_ns;
	return true;
}

_Atomic uint32_t tick_signal_asked;
_Atomic bool tick_running;

void tick_signal_let_pass(uint32_t tid)
{
	(void)tid;
	atomic_store(&tick_signal_asked, 0);
}

bool tick_is_missing(uint64_t now_ns)
{
	(void)now_ns;
	return false;
}

void tick_ensure(uint64_t now_ns)
{
	(void)now_ns;
}

bool core_asleep_tick(void)
{
	return false;
}

void core_keep_fact(const char *key, const char *value)
{
	snprintf(fake_fact, sizeof fake_fact, "%s=%s", key, value);
}

bool fork_is_vfork_child(void)
{
	return true;
}

uint64_t unit_current(struct agent_thread *thread)
{
	(void)thread;
	return fake_unit;
}

uintptr_t context_frame(void)
{
	return fake_frame;
}

bool run_waits(void)
{
	return fake_run_waits;
}

uint64_t run_blocked(uint64_t off_ns)
{
	fake_run_blocked_ns += off_ns;
	return fake_run_waits && off_ns > 0 && agent_need_channel() ? 11 : 0;
}

uint64_t run_unit_id(void)
{
	return fake_run_waits ? 11 : 0;
}

uint32_t stack_waiting(struct stack_known *last)
{
	(void)last;
	return fake_stack;
}

uint32_t stack_here(struct agent_thread *thread)
{
	(void)thread;
	return fake_stack;
}

void wire_closed(struct handle *h)
{
	h->wire = NULL;
	fake_wires_closed++;
}

bool agent_need_channel(void)
{
	struct channel_header *channel = core_channel_now();
	if (channel || fake_channel_refused)
		return channel != NULL;
	channel = channel_file_make(directory, &fake_control, CHANNEL_WHOLE);
	if (!channel)
		return false;
	dict_attach(channel, (char *)channel + channel->dict_offset);
	atomic_store(&core_channel, channel);
	channel_file_show(channel);
	return true;
}

void fake_core_start(void)
{
	static bool prepared;
	if (!prepared)
		assert_true(thread_prepare());
	prepared = true;
	strcpy(directory, "/tmp/unslow-test-XXXXXX");
	assert_non_null(mkdtemp(directory));
	/* Serials go on, as a process's do: what the agent keeps goes by them. */
	const uint32_t serial = fake_control.next_serial ? fake_control.next_serial : 1;
	fake_control = (struct channel_control){.next_serial = serial, .bytes_limit = UINT64_MAX};
	agent_control = &fake_control;
	fake_unit = 7;
	fake_frame = 0x1000;
	fake_run_waits = false;
	fake_run_blocked_ns = 0;
	fake_stack = 3;
	fake_now_ns = 0;
	fake_wires_closed = 0;
	fake_channel_refused = false;
	fork_vfork_mark = false;
	memset(fake_losses, 0, sizeof fake_losses);
	atomic_store(&agent_awake, true);
}

void fake_core_stop(void)
{
	/* as in a fork's child: the old channel is forgotten whole */
	handles_forget_all();
	atomic_store(&core_channel, NULL);
	dict_attach(NULL, NULL);
	channel_file_forget();
	thread_after_fork();
	handles_after_fork();
	DIR *d = opendir(directory);
	assert_non_null(d);
	for (struct dirent *e = readdir(d); e; e = readdir(d))
		if (e->d_name[0] != '.')
			assert_int_equal(unlinkat(dirfd(d), e->d_name, 0), 0);
	closedir(d);
	assert_int_equal(rmdir(directory), 0);
}

const char *fake_core_directory(void)
{
	return directory;
}

const struct channel_record *fake_records(size_t *count)
{
	struct agent_thread *thread = agent_thread_self();
	*count = thread->ring ? (size_t)atomic_load(&thread->ring->head) : 0;
	return thread->slots;
}

const struct channel_record *fake_last_record(void)
{
	size_t count;
	const struct channel_record *records = fake_records(&count);
	assert_true(count > 0);
	return &records[count - 1];
}

size_t fake_dict_entries(enum dict_kind kind, const void **last)
{
	struct channel_header *channel = core_channel_now();
	const char *base = (const char *)channel + channel->dict_offset;
	size_t found = 0;
	*last = NULL;
	for (uint64_t at = 0; at < channel->dict_tail;) {
		const struct dict_entry *entry = (const struct dict_entry *)(base + at);
		if (entry->ready == 0)
			break;
		if (entry->ready == kind) {
			found++;
			*last = entry + 1;
		}
		at += entry->size;
	}
	return found;
}

/* State of the process: start, sleep, losses, and what is off and why. */
#include "agent/core.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

#include "agent/app_errors.h"
#include "agent/channel_file.h"
#include "agent/cpu_clock.h"
#include "agent/dict.h"
#include "agent/handles.h"
#include "agent/making.h"
#include "agent/python_api.h"
#include "agent/python_hooks.h"
#include "agent/raw.h"
#include "agent/tick.h"
#include "agent/units.h"
#include "base/clock.h"

#define READER_CHECK_NS (100 * NS_PER_MS)

_Atomic bool agent_awake;
const struct channel_control *agent_control;
struct py_layout agent_layout;
_Atomic(struct channel_header *) core_channel;
_Atomic uint64_t core_next_check_ns;

static char channel_directory[CHANNEL_DIRECTORY_MAX];
static struct channel_control *control; /* the writable view of agent_control */
static _Atomic bool started, off;
static struct making channel_making;
static _Atomic uint32_t asleep_ticks;
static _Atomic uint64_t losses_before_channel[LOSS_KINDS];
static char off_reason[256];
static bool forked_by_server; /* by a process that had units of its own; gunicorn's has none */

uint64_t agent_now_ns(void)
{
	return clock_now_ns();
}

bool core_started(void)
{
	return atomic_load_explicit(&started, memory_order_acquire);
}

bool core_is_off(void)
{
	return atomic_load_explicit(&off, memory_order_relaxed);
}

void agent_count_loss(enum agent_loss loss)
{
	struct channel_header *channel = core_channel_now();
	_Atomic uint64_t *counter = channel ? &channel->losses[loss] : &losses_before_channel[loss];
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* --- facts said before there was a channel ------------------------------- */

#define KEPT_FACTS 32
static struct kept_fact {
	_Atomic bool ready;
	char key[64];
	char value[192];
} kept_facts[KEPT_FACTS];
static _Atomic uint32_t kept_count;

void core_keep_fact(const char *key, const char *value)
{
	uint32_t at = atomic_fetch_add_explicit(&kept_count, 1, memory_order_relaxed);
	if (at >= KEPT_FACTS) {
		agent_count_loss(LOSS_DICT_FULL);
		return;
	}
	struct kept_fact *fact = &kept_facts[at];
	snprintf(fact->key, sizeof fact->key, "%s", key);
	snprintf(fact->value, sizeof fact->value, "%s", value);
	atomic_store_explicit(&fact->ready, true, memory_order_release);
}

static void replay_facts(void)
{
	for (size_t i = 0; i < KEPT_FACTS; i++)
		if (atomic_load_explicit(&kept_facts[i].ready, memory_order_acquire))
			dict_fact(kept_facts[i].key, kept_facts[i].value);
}

void agent_part_off(const char *part, const char *format, ...)
{
	char text[192];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	core_keep_fact(part, text);
	if (core_channel_now())
		dict_fact(part, text);
}

/* --- the channel ----------------------------------------------------------- */

static void publish(struct channel_header *channel, enum agent_state state)
{
	channel->python_hex = py.version_hex;
	channel->layout = agent_layout;
	context_describe(&channel->units);
	memcpy(channel->reason, off_reason, sizeof channel->reason);
	for (size_t i = 0; i < LOSS_KINDS; i++)
		atomic_fetch_add(&channel->losses[i],
				 atomic_exchange(&losses_before_channel[i], 0));
	atomic_store(&channel->state, state);
	dict_attach(channel, (char *)channel + channel->dict_offset);
	atomic_store_explicit(&core_channel, channel, memory_order_release);
	channel_file_show(channel);
	replay_facts();
	tick_wake();
}

bool agent_need_channel(void)
{
	if (LIKELY(core_channel_now() != NULL))
		return true;
	if (!atomic_load(&agent_awake) || !control)
		return false;
	struct agent_thread *thread = agent_thread_self();
	if (!thread)
		return false;
	/* Another thread makes it at this moment: it takes a few milliseconds, once in the life of
	   a process; who would go on without it would lose a unit, or what a connection speaks. */
	if (!making_begin(&channel_making, thread->tid))
		return making_wait(&channel_making, thread->tid);
	bool in_hook = thread->in_hook;
	thread->in_hook = true;
	struct channel_header *channel = channel_file_make(
		channel_directory, control, forked_by_server ? CHANNEL_CHILD : CHANNEL_WHOLE);
	if (channel)
		publish(channel, AGENT_ON);
	else
		agent_count_loss(LOSS_NO_SPACE);
	making_end(&channel_making, channel != NULL);
	thread->in_hook = in_hook;
	return channel != NULL;
}

void agent_switch_off(const char *format, ...)
{
	if (atomic_exchange(&off, true))
		return;
	atomic_store(&agent_awake, false);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(off_reason, sizeof off_reason, format, arguments);
	va_end(arguments);
	struct channel_header *channel = core_channel_now();
	if (channel) {
		memcpy(channel->reason, off_reason, sizeof channel->reason);
		atomic_store(&channel->state, AGENT_OFF);
	} else if (control && making_begin(&channel_making, (uint32_t)raw_call(SYS_gettid))) {
		/* a small file that says why */
		channel = channel_file_make(channel_directory, control, CHANNEL_NOTE);
		if (channel)
			publish(channel, AGENT_OFF);
		making_end(&channel_making, channel != NULL);
	}
}

/* --- sleeping ---------------------------------------------------------------- */

bool core_check_reader(uint64_t now_ns)
{
	atomic_store_explicit(&core_next_check_ns, now_ns + READER_CHECK_NS, memory_order_relaxed);
	uint64_t heartbeat_ns = atomic_load_explicit(&control->heartbeat_ns, memory_order_relaxed);
	bool silent = now_ns > heartbeat_ns && now_ns - heartbeat_ns > CHANNEL_SILENCE_NS;
	bool wanted = atomic_load_explicit(&control->command, memory_order_relaxed) == CHANNEL_RUN;
	bool awake = !silent && wanted && !atomic_load(&off);
	if (awake == atomic_load(&agent_awake))
		return awake;
	if (awake)
		handles_forget_all(); /* what was closed while we slept was not seen */
	struct channel_header *channel = core_channel_now();
	if (channel && !atomic_load(&off))
		atomic_store(&channel->state, awake ? AGENT_ON : AGENT_ASLEEP);
	atomic_store(&agent_awake, awake);
	tick_wake();
	return awake;
}

bool core_asleep_tick(void)
{
	if (!core_started() || atomic_load_explicit(&off, memory_order_relaxed))
		return false;
	/* lost increments of racing threads only delay the look */
	uint32_t tick = atomic_load_explicit(&asleep_ticks, memory_order_relaxed) + 1;
	atomic_store_explicit(&asleep_ticks, tick, memory_order_relaxed);
	return tick % 256 == 0 && core_check_reader(agent_now_ns());
}

/* --- start ------------------------------------------------------------------- */

/* The program's file is ours or root's, private and whole; anything else is not
 * the program's. NULL and a reason if not. */
static struct channel_control *map_control(const char **reason)
{
	char path[CHANNEL_DIRECTORY_MAX + 16];
	snprintf(path, sizeof path, "%s/control", channel_directory);
	long fd = raw_call(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		*reason = "control file cannot be opened";
		return NULL;
	}
	struct stat st = {0};
	void *base = MAP_FAILED;
	*reason = "control file is not private to this user";
	if (raw_call(SYS_fstat, fd, &st) == 0 && S_ISREG(st.st_mode) && !(st.st_mode & 077) &&
	    (st.st_uid == (uid_t)raw_call(SYS_geteuid) || st.st_uid == 0) &&
	    st.st_size >= (off_t)sizeof(struct channel_control)) {
		long at = raw_call(SYS_mmap, NULL, CHANNEL_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
				   fd, 0);
		base = at < 0 ? MAP_FAILED : (void *)at;
		*reason = "control file cannot be mapped";
	}
	raw_call(SYS_close, fd);
	if (base == MAP_FAILED)
		return NULL;
	struct channel_control *found = base;
	if (found->magic == CHANNEL_CONTROL_MAGIC && found->abi == CHANNEL_ABI)
		return found;
	*reason = "control file is of another version";
	raw_call(SYS_munmap, base, CHANNEL_PAGE);
	return NULL;
}

void agent_start(void)
{
	static _Atomic bool once;
	if (!channel_directory[0] || atomic_exchange(&once, true))
		return;
	const char *reason = NULL;
	control = map_control(&reason);
	if (!control) {
		agent_switch_off("%s", reason);
		return;
	}
	agent_control = control;
	raw_call(SYS_prctl, PR_SET_PTRACER, control->reader_pid);
	fork_watch();
	char text[200];
	if (!thread_prepare())
		agent_switch_off("no thread key is free");
	else if (!python_api_resolve(text, sizeof text))
		agent_switch_off("%s", text);
	else
		app_signals_wait();
	if (!atomic_load(&off) && !python_layout_verify(text, sizeof text))
		agent_switch_off("%s", text);
	if (atomic_load(&off))
		return;
	cpu_clock_prepare();
	atomic_store_explicit(&started, true, memory_order_release);
	tick_prepare();
	core_check_reader(agent_now_ns());
	slots_scan();
}

/* Runs in every process that inherits LD_PRELOAD: sh, git and node leave here. */
__attribute__((constructor)) static void core_load(void)
{
	const char *directory = secure_getenv(CHANNEL_ENV);
	const char *disable = secure_getenv(CHANNEL_DISABLE_ENV);
	if (!directory || directory[0] != '/' || strlen(directory) >= sizeof channel_directory)
		return;
	if (disable && strcmp(disable, "1") == 0)
		return;
	if (!dlsym(RTLD_DEFAULT, "PySys_AddAuditHook")) {
		(void)dlerror(); /* the app must not find our failure as its own */
		return;
	}
	memcpy(channel_directory, directory, strlen(directory) + 1);
	python_hooks_install();
}

void core_after_fork(void)
{
	struct channel_header *parents = core_channel_now();
	forked_by_server = forked_by_server || (parents && atomic_load(&parents->units_begun) > 0);
	atomic_store(&core_channel, NULL);
	dict_attach(NULL, NULL);
	channel_file_forget();
	for (size_t i = 0; i < LOSS_KINDS; i++)
		atomic_store(&losses_before_channel[i], 0);
	/* a parent that has no channel because the disk was full may have one later */
	making_forget(&channel_making);
	thread_after_fork();
}

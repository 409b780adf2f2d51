#include "agent/run_queue.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/raw.h"

static AGENT_TLS int kept; /* descriptor + 1; 0: none */
static pthread_key_t key;
static bool prepared;

static void close_kept(void *descriptor)
{
	raw_call(SYS_close, (long)(intptr_t)descriptor - 1);
}

bool run_queue_prepare(void)
{
	prepared = pthread_key_create(&key, close_kept) == 0;
	return prepared;
}

static bool open_kept(void)
{
	long fd =
		raw_call(SYS_openat, AT_FDCWD, "/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	kept = (int)fd + 1;
	if (pthread_setspecific(key, (void *)(intptr_t)kept) == 0)
		return true;
	raw_call(SYS_close, fd);
	kept = 0;
	return false;
}

/* "cpu queue slices\n", all decimal (Linux, Documentation/scheduler/sched-stats.rst). */
uint64_t run_queue_parse(const char *text)
{
	char *after_cpu;
	char *after_queue;
	char *after_slices;
	uint64_t queue_ns;

	(void)strtoull(text, &after_cpu, 10);
	queue_ns = strtoull(after_cpu, &after_queue, 10);
	(void)strtoull(after_queue, &after_slices, 10);
	return after_slices != after_queue && *after_slices == '\n' && after_slices[1] == '\0'
		       ? queue_ns
		       : 0;
}

uint64_t run_queue_ns(void)
{
	char text[96];
	uint64_t queue_ns = 0;
	long got;

	if (!prepared || (kept == 0 && !open_kept()))
		return 0;
	got = raw_call(SYS_pread64, kept - 1, text, sizeof text - 1, 0);
	if (got > 0) {
		text[got] = '\0';
		queue_ns = run_queue_parse(text);
	}
	if (queue_ns == 0) { /* the number is somebody else's now: forget it, do not close it */
		kept = 0;
		(void)pthread_setspecific(key, NULL);
	}
	return queue_ns;
}

uint64_t run_queue_of(uint32_t tid)
{
	char text[96];
	long fd, got;

	snprintf(text, sizeof text, "/proc/self/task/%u/schedstat", tid);
	fd = raw_call(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = raw_call(SYS_read, fd, text, sizeof text - 1);
	raw_call(SYS_close, fd);
	if (got <= 0)
		return 0;
	text[got] = '\0';
	return run_queue_parse(text);
}

void run_queue_after_fork(void)
{
	if (kept == 0)
		return;
	raw_call(SYS_close, kept - 1);
	kept = 0;
	(void)pthread_setspecific(key, NULL);
}

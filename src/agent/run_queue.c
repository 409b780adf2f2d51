#include "agent/run_queue.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/raw.h"

static AGENT_TLS int kept; /* descriptor + 1; 0: none */
static AGENT_TLS struct {
	uint64_t stay, queue_ns;
} last; /* stay 0: none */
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

/* The digits that stand there, and `after` them: on the way of every request, hence not strtoull().
 */
static bool number_before(const char **at, char after, uint64_t *number)
{
	const char *next = *at;

	for (*number = 0; *next >= '0' && *next <= '9'; next++)
		*number = *number * 10 + (uint64_t)(*next - '0');
	if (next == *at || *next != after)
		return false;
	*at = next + 1;
	return true;
}

/* "cpu queue slices\n", all decimal (Linux, Documentation/scheduler/sched-stats.rst). */
uint64_t run_queue_parse(const char *text)
{
	uint64_t cpu_ns, queue_ns, slices;

	return number_before(&text, ' ', &cpu_ns) && number_before(&text, ' ', &queue_ns) &&
			       number_before(&text, '\n', &slices) && *text == '\0'
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

uint64_t run_queue_in(uint64_t stay)
{
	if (stay == 0)
		return run_queue_ns();
	if (last.stay != stay) {
		last.queue_ns = run_queue_ns();
		last.stay = last.queue_ns != 0 ? stay : 0;
	}
	return last.queue_ns;
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
	last.stay = 0;
	if (kept == 0)
		return;
	raw_call(SYS_close, kept - 1);
	kept = 0;
	(void)pthread_setspecific(key, NULL);
}

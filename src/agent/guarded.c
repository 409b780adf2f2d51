#include "agent/guarded.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "agent/raw.h"

#define SIGSET_BYTES 8 /* of the kernel */
#define NO_SUCH_HOW 99

/* They lie in one page. */
bool guarded_has_word(uintptr_t address)
{
	return raw_call(SYS_rt_sigprocmask, NO_SUCH_HOW, address, NULL, SIGSET_BYTES) == -EINVAL;
}

bool guarded_read(void *unused, uintptr_t address, void *to, size_t size)
{
	uintptr_t first = address & ~(uintptr_t)(SIGSET_BYTES - 1);
	uintptr_t last = (address + size - 1) & ~(uintptr_t)(SIGSET_BYTES - 1);

	(void)unused;
	if (last < first || !guarded_has_word(first) || (last != first && !guarded_has_word(last)))
		return false;
	memcpy(to, (const void *)address, size);
	return true;
}

bool guarded_pipe_open(struct guarded_pipe *pipe)
{
	int ends[2];

	if (raw_call(SYS_pipe2, ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	*pipe = (struct guarded_pipe){.read = ends[0], .write = ends[1]};
	return true;
}

void guarded_pipe_close(struct guarded_pipe *pipe)
{
	raw_call(SYS_close, pipe->read);
	raw_call(SYS_close, pipe->write);
}

bool guarded_copy(void *context, uintptr_t address, void *to, size_t size)
{
	const struct guarded_pipe *pipe = context;
	long put = raw_call(SYS_write, pipe->write, address, size);

	/* what was taken before a bad page is taken out again */
	return put > 0 && raw_call(SYS_read, pipe->read, to, put) == put && (size_t)put == size;
}

bool guarded_prepare(void)
{
	static const uint64_t sample = 0x756e736c6f77;
	uint64_t read = 0;

	return guarded_read(NULL, (uintptr_t)&sample, &read, sizeof(read)) && read == sample &&
	       !guarded_has_word(SIGSET_BYTES);
}

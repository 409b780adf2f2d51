/* One Python that runs what it is told: driver.py at the other end of a socket.
 *
 * It is started as `python -` with the driver as its input, so modules of the current directory
 * are found, as with `python -m timeit`. What it prints is thrown away; what it says on stderr is
 * heard where order.is_heard. It leads a process group of its own and ends with us. One order at a
 * time: each call waits for its answer, at most answer_ns. The answer is not believed: a number
 * that is none, or too much text, ends it.
 */
#ifndef UNSLOW_TIMING_INTERPRETER_H
#define UNSLOW_TIMING_INTERPRETER_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"
#include "timing/timing.h"

enum { INTERPRETER_BUFFER_BYTES = 4096, INTERPRETER_SAYS_MOST = 1 << 16 };

struct interpreter_order {
	const char *python;
	uint64_t hash_seed; /* PYTHONHASHSEED, unless the environment has one */
	bool is_heard;      /* of several one is enough: warnings come from each */
	bool collects;
	bool counts; /* with a counter of instructions */
	uint64_t answer_ns;
	const atomic_bool *stop; /* NULL */
	struct str *said;        /* what Python says of code that fails; the caller's, empty */
};

struct interpreter {
	struct interpreter_order order;
	pid_t pid;
	int fd;
	bool stopped; /* by order.stop: no answer came, which is no error */
	char version[TIMING_VERSION_SIZE];
	char executable[PATH_MAX]; /* sys.executable; "" where it does not know */
	char buffer[INTERPRETER_BUFFER_BYTES];
	size_t from, to; /* of it: what is not read yet */
};

/* ERR_NO_TARGET: it cannot be run, or is no CPython from 3.8 on. interpreter_end() in any case. */
MUST_CHECK enum err_kind interpreter_start(struct interpreter *i,
					   const struct interpreter_order *order, struct err *e);
/* All that follow: ERR_INVALID with order.said if the code of a slot fails; ERR_LIMIT: no answer in
 * answer_ns. Where `stopped` is set afterwards, nothing was done. */
/* `shift`: any number; what is loaded comes to lie further on in memory by it. */
MUST_CHECK enum err_kind interpreter_load(struct interpreter *i, size_t slot, const char *name,
					  const struct timing_snippet *snippet, uint64_t shift,
					  struct err *e);
MUST_CHECK enum err_kind interpreter_settle(struct interpreter *i, struct err *e);
/* The whole block, nothing taken off. Instructions NaN without a counter. */
MUST_CHECK enum err_kind interpreter_run(struct interpreter *i, size_t slot, uint64_t loops,
					 struct timing_block *block, struct err *e);
void interpreter_end(struct interpreter *i);

#endif

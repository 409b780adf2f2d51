/* The self-test of a layout, before anything read by it is believed.
 *
 * Module codecs is in every CPython from its start to its end: two of its functions and a method
 * are known by name, file and order of lines, and hold strings, dicts, code objects and line tables
 * to it. Types say their own sizes. Lists of threads and frames hold each other (remote_threads,
 * remote_frames); the kernel's list of threads holds their numbers. Every field that this folder
 * reads takes part; tests/matrix/remote_check.py shifts one at a time and wants a refusal.
 *
 * ERR_INVALID names the field; of a process that runs meanwhile a single failure may be its motion,
 * so the caller tries again.
 */
#ifndef UNSLOW_PYTHON_REMOTE_CHECK_H
#define UNSLOW_PYTHON_REMOTE_CHECK_H

#include "python/remote.h"

/* What does not change while the process runs: types, known code, the lists of threads, and where a
 * thread's number is (learns pthread_tid). `inner_tids`: the threads the process has by the
 * kernel's word, numbered as in its own pid namespace. */
MUST_CHECK enum err_kind remote_check_threads(struct remote *remote, const int *inner_tids,
					      size_t count, struct err *e);
/* Frames of all threads, while they stand still. ERR_INVALID names the field. */
MUST_CHECK enum err_kind remote_check_frames(const struct remote *remote, struct err *e);

#endif

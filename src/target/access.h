/* Why a process may not be looked at, and the one thing that changes that.
 *
 * The rule is the kernel's __ptrace_may_access (kernel/ptrace.c) with yama behind it
 * (security/yama/yama_lsm.c): same user or CAP_SYS_PTRACE, dumpable, and the yama scope. Facts are
 * read by access_facts and judged by access_judge, which is pure.
 */
#ifndef UNSLOW_TARGET_ACCESS_H
#define UNSLOW_TARGET_ACCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct access_facts {
	uid_t our_uid;      /* effective */
	uid_t target_uid;   /* effective */
	uid_t target_owner; /* of /proc/PID: root if the process is not dumpable */
	bool can_ptrace;    /* we have CAP_SYS_PTRACE */
	bool in_container;  /* our capabilities are cut: the bounding set lacks some */
	bool filtered;      /* a seccomp filter is on us */
	bool is_descendant; /* of this program */
	int yama_scope;     /* -1: no yama */
};

void access_facts(int pid, struct access_facts *out);

struct access_verdict {
	const char *because; /* completes "process 42 …"; NULL: nothing forbids it */
	const char *fix;     /* the one line */
};
struct access_verdict access_judge(const struct access_facts *facts);

/* The error of a call on process `pid` that failed with `os_errno`: ERR_NO_TARGET if it is gone, a
 * zombie or a kernel thread, else ERR_PERMISSION, text with the fix. */
enum err_kind access_explain(int pid, int os_errno, struct err *e);

/* Whether its memory can be read now: tried, not deduced. `address` is mapped and readable. */
MUST_CHECK enum err_kind access_try(int pid, uintptr_t address, struct err *e);

#endif

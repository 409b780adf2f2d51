/* Processes made and waited for. vfork is in fork.c. */
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/libc_io.h"
#include "agent/libc_real.h"
#include "agent/run_unit.h"

#define SPAWN_CALL(type, error, real_call) \
	do { \
		struct call c; \
		if (!call_begin(&c, RECORD_SPAWN)) \
			return real_call; \
		type result = real_call; \
		int failed = (error); \
		call_end(&c, (struct call_facts){.result = failed, \
						 .flags = failed ? RECORD_FAILED : 0}); \
		return result; \
	} while (0)

AGENT_EXPORT pid_t fork(void)
{
	struct call c;
	if (!call_begin(&c, RECORD_SPAWN))
		return REAL(fork)();
	pid_t result = REAL(fork)();
	if (result == 0)
		return 0; /* the child has a fresh state; this call is its parent's */
	call_end(&c, (struct call_facts){.result = call_failure(result),
					 .flags = result < 0 ? RECORD_FAILED : 0});
	return result;
}

AGENT_EXPORT int posix_spawn(pid_t *restrict pid, const char *restrict path,
			     const posix_spawn_file_actions_t *actions,
			     const posix_spawnattr_t *restrict attributes,
			     char *const arguments[restrict], char *const environment[restrict])
{
	SPAWN_CALL(int, -result,
		   REAL(posix_spawn)(pid, path, actions, attributes, arguments, environment));
}

AGENT_EXPORT int posix_spawnp(pid_t *pid, const char *file,
			      const posix_spawn_file_actions_t *actions,
			      const posix_spawnattr_t *attributes, char *const arguments[],
			      char *const environment[])
{
	SPAWN_CALL(int, -result,
		   REAL(posix_spawnp)(pid, file, actions, attributes, arguments, environment));
}

AGENT_EXPORT int system(const char *command)
{
	SPAWN_CALL(int, call_failure(result), REAL(system)(command));
}

AGENT_EXPORT pid_t wait(int *status)
{
	SPAWN_CALL(pid_t, call_failure(result), REAL(wait)(status));
}

AGENT_EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
	SPAWN_CALL(pid_t, call_failure(result), REAL(waitpid)(pid, status, options));
}

AGENT_EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
	SPAWN_CALL(pid_t, call_failure(result), REAL(wait3)(status, options, usage));
}

AGENT_EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	SPAWN_CALL(pid_t, call_failure(result), REAL(wait4)(pid, status, options, usage));
}

AGENT_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	SPAWN_CALL(int, call_failure(result), REAL(waitid)(type, id, info, options));
}

/* os._exit, and the end of multiprocessing's children: no interpreter ends. A
 * vfork child that could not exec is not the process that it would end. */
AGENT_EXPORT void _exit(int status)
{
	if (call_follows())
		run_end();
	REAL(_exit)(status);
	__builtin_unreachable();
}

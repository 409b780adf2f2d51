/* A process that gives up root (gunicorn --user, uwsgi-like masters, daemons).
 *
 * The channel's directory is 0700 and its files 0600: once the process is
 * another user it can make none. They are made while it still may, and used on
 * through their mappings, so nothing is ever opened to that other user. What
 * one process can need later (a ring a thread) is made at once, too; threads
 * past that are counted as LOSS_NO_RING.
 */
#include <unistd.h>

#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/libc_real.h"

static void prepare(uid_t effective)
{
	if (atomic_load_explicit(&agent_awake, memory_order_relaxed) && geteuid() == 0 &&
	    effective != 0 && effective != (uid_t)-1 &&
	    !(fork_vfork_mark && fork_is_vfork_child()) && agent_need_channel())
		channel_file_reserve();
}

AGENT_EXPORT int setuid(uid_t uid)
{
	prepare(uid);
	return REAL(setuid)(uid);
}

AGENT_EXPORT int seteuid(uid_t uid)
{
	prepare(uid);
	return REAL(seteuid)(uid);
}

AGENT_EXPORT int setreuid(uid_t ruid, uid_t euid)
{
	prepare(euid);
	return REAL(setreuid)(ruid, euid);
}

AGENT_EXPORT int setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	prepare(euid);
	return REAL(setresuid)(ruid, euid, suid);
}

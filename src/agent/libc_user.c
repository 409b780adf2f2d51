/* A process that gives up root (gunicorn --user, uwsgi-like masters, daemons).
 *
 * The channel's directory is 0700 and its files 0600: once the process is
 * another user it can make none. They are made while it still may, and used on
 * through their mappings, so nothing is ever opened to that other user. What
 * one process can need later (a ring a thread) is made at once, too; threads
 * past that are counted as LOSS_NO_RING.
 *
 * The tick's thread is gone meanwhile: the C library does not tell it (own_thread.h), and it starts
 * again as the new user.
 */
#include <grp.h>
#include <unistd.h>

#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/libc_real.h"
#include "agent/tick.h"

static void prepare(uid_t effective)
{
	if (fork_vfork_mark && fork_is_vfork_child())
		return;
	if (atomic_load_explicit(&agent_awake, memory_order_relaxed) && geteuid() == 0 &&
	    effective != 0 && effective != (uid_t)-1 && agent_need_channel())
		channel_file_reserve();
	tick_end();
}

/* `user`: the one that it becomes; -1: only groups change. */
#define CHANGE(name, user, ...) \
	do { \
		prepare(user); \
		return REAL(name)(__VA_ARGS__); \
	} while (0)

AGENT_EXPORT int setuid(uid_t uid)
{
	CHANGE(setuid, uid, uid);
}

AGENT_EXPORT int seteuid(uid_t uid)
{
	CHANGE(seteuid, uid, uid);
}

AGENT_EXPORT int setreuid(uid_t ruid, uid_t euid)
{
	CHANGE(setreuid, euid, ruid, euid);
}

AGENT_EXPORT int setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	CHANGE(setresuid, euid, ruid, euid, suid);
}

AGENT_EXPORT int setgid(gid_t gid)
{
	CHANGE(setgid, (uid_t)-1, gid);
}

AGENT_EXPORT int setegid(gid_t gid)
{
	CHANGE(setegid, (uid_t)-1, gid);
}

AGENT_EXPORT int setregid(gid_t rgid, gid_t egid)
{
	CHANGE(setregid, (uid_t)-1, rgid, egid);
}

AGENT_EXPORT int setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	CHANGE(setresgid, (uid_t)-1, rgid, egid, sgid);
}

AGENT_EXPORT int setgroups(size_t count, const gid_t *groups)
{
	CHANGE(setgroups, (uid_t)-1, count, groups);
}

AGENT_EXPORT int initgroups(const char *user, gid_t group)
{
	CHANGE(initgroups, (uid_t)-1, user, group);
}

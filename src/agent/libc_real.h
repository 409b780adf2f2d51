/* The functions of the C library that the agent stands in front of, and how
 * the real one is reached.
 *
 * LD_PRELOAD puts our definition first; the real one is the next in search
 * order, found at the first call (other libraries' constructors run before
 * ours, so there is no "at start"). One row a function: (name, version).
 * A version is given where the library has several under one name and the
 * unversioned look-up might give the old one (pthread_cond_*: the 2.2.5 form
 * has another struct).
 *
 * Never here: sem_trywait and pthread_mutex_lock, which are in every
 * uncontended acquire.
 */
#ifndef UNSLOW_AGENT_LIBC_REAL_H
#define UNSLOW_AGENT_LIBC_REAL_H

#include <stdatomic.h>

#include "agent/agent.h"

#if defined(__x86_64__)
#define COND_VERSION "GLIBC_2.3.2"
#else
#define COND_VERSION NULL
#endif

/* clang-format off */
#define LIBC_FUNCTIONS(X) \
	/* libc_net.c */ \
	X(connect, NULL) X(accept, NULL) X(accept4, NULL) X(listen, NULL) \
	X(getsockopt, NULL) \
	X(send, NULL) X(sendto, NULL) X(sendmsg, NULL) X(sendmmsg, NULL) \
	X(recv, NULL) X(recvfrom, NULL) X(recvmsg, NULL) X(recvmmsg, NULL) \
	X(__recv_chk, NULL) X(__recvfrom_chk, NULL) X(sendfile, NULL) X(sendfile64, NULL) \
	/* libc_io.c */ \
	X(read, NULL) X(readv, NULL) X(pread, NULL) X(pread64, NULL) \
	X(preadv, NULL) X(preadv64, NULL) X(write, NULL) X(writev, NULL) \
	X(pwrite, NULL) X(pwrite64, NULL) X(pwritev, NULL) X(pwritev64, NULL) \
	X(__read_chk, NULL) X(__pread_chk, NULL) X(__pread64_chk, NULL) \
	X(fsync, NULL) X(fdatasync, NULL) X(flock, NULL) X(fcntl, NULL) X(fcntl64, NULL) \
	/* libc_file.c */ \
	X(open, NULL) X(open64, NULL) X(openat, NULL) X(openat64, NULL) \
	X(creat, NULL) X(creat64, NULL) X(__open_2, NULL) X(__open64_2, NULL) \
	X(__openat_2, NULL) X(__openat64_2, NULL) X(close, NULL) X(close_range, NULL) \
	X(closefrom, NULL) X(syscall, NULL) X(dup, NULL) X(dup2, NULL) X(dup3, NULL) \
	/* libc_poll.c */ \
	X(poll, NULL) X(ppoll, NULL) X(__poll_chk, NULL) X(__ppoll_chk, NULL) \
	X(select, NULL) X(pselect, NULL) X(epoll_wait, NULL) X(epoll_pwait, NULL) \
	X(epoll_pwait2, NULL) \
	/* libc_wait.c */ \
	X(nanosleep, NULL) X(clock_nanosleep, NULL) X(usleep, NULL) X(sleep, NULL) \
	X(sem_wait, NULL) X(sem_timedwait, NULL) X(sem_clockwait, NULL) \
	X(pthread_cond_wait, COND_VERSION) X(pthread_cond_timedwait, COND_VERSION) \
	X(pthread_cond_clockwait, NULL) \
	/* libc_dns.c */ \
	X(getaddrinfo, NULL) X(getnameinfo, NULL) X(gethostbyname, NULL) X(gethostbyname2, NULL) \
	X(gethostbyname_r, NULL) X(gethostbyname2_r, NULL) X(gethostbyaddr, NULL) \
	X(gethostbyaddr_r, NULL) \
	/* libc_process.c */ \
	X(fork, NULL) X(vfork, NULL) X(posix_spawn, NULL) X(posix_spawnp, NULL) \
	X(system, NULL) X(wait, NULL) X(waitpid, NULL) X(wait3, NULL) X(wait4, NULL) \
	X(waitid, NULL) X(_exit, NULL) \
	/* libc_user.c */ \
	X(setuid, NULL) X(seteuid, NULL) X(setreuid, NULL) X(setresuid, NULL) \
	X(setgid, NULL) X(setegid, NULL) X(setregid, NULL) X(setresgid, NULL) \
	X(setgroups, NULL) X(initgroups, NULL) \
	/* tick_shield.c */ \
	X(sigaction, NULL) X(signal, NULL) X(pthread_sigmask, NULL) X(sigprocmask, NULL) \
	X(sigwait, NULL) X(sigwaitinfo, NULL) X(sigtimedwait, NULL) X(signalfd, NULL)
/* clang-format on */

enum libc_function {
#define NUMBER(name, version) LIBC_##name,
	LIBC_FUNCTIONS(NUMBER)
#undef NUMBER
		LIBC_COUNT
};

extern _Atomic(void *) libc_real[LIBC_COUNT];

/* Looks the function up and keeps it. One that this C library does not have
 * gives a function that fails with ENOSYS. */
void *libc_resolve(enum libc_function which);

static inline void *libc_find(enum libc_function which)
{
	void *found = atomic_load_explicit(&libc_real[which], memory_order_relaxed);
	return LIKELY(found != NULL) ? found : libc_resolve(which);
}

/* The real function, typed as its prototype. */
#define REAL(name) ((__typeof__(name) *)libc_find(LIBC_##name))

/* The forms that -D_FORTIFY_SOURCE calls instead; the headers declare them only
 * when it is on. glibc: debug/read_chk.c, recv_chk.c, poll_chk.c, open_2 in io/. */
struct pollfd;
struct sockaddr;
struct timespec;
long __read_chk(int fd, void *buffer, size_t size, size_t room);
long __pread_chk(int fd, void *buffer, size_t size, long offset, size_t room);
long __pread64_chk(int fd, void *buffer, size_t size, long offset, size_t room);
long __recv_chk(int fd, void *buffer, size_t size, size_t room, int flags);
long __recvfrom_chk(int fd, void *buffer, size_t size, size_t room, int flags,
		    struct sockaddr *address, unsigned *address_length);
int __poll_chk(struct pollfd *fds, unsigned long count, int timeout_ms, size_t room);
int __ppoll_chk(struct pollfd *fds, unsigned long count, const struct timespec *timeout,
		const void *mask, size_t room);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int directory, const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);

#endif

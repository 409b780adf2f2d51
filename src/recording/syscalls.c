#include "recording/syscalls.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "recording/ingest_state.h"
#include "recording/kinds.h"

/* Calls that wait (man pages of section 2). Architectures without one have its newer form alone. */
static const struct {
	uint32_t number;
	bool takes_fd; /* its first argument is what it waits on */
	const char *name;
} calls[] = {
	{SYS_read, true, "read"},
	{SYS_readv, true, "read"},
	{SYS_pread64, true, "read"},
	{SYS_preadv, true, "read"},
	{SYS_write, true, "write"},
	{SYS_writev, true, "write"},
	{SYS_pwrite64, true, "write"},
	{SYS_pwritev, true, "write"},
	{SYS_recvfrom, true, "recv"},
	{SYS_recvmsg, true, "recv"},
	{SYS_recvmmsg, true, "recv"},
	{SYS_sendto, true, "send"},
	{SYS_sendmsg, true, "send"},
	{SYS_sendmmsg, true, "send"},
	{SYS_sendfile, true, "send"},
	{SYS_connect, true, "connect"},
	{SYS_accept, true, "accept"},
	{SYS_accept4, true, "accept"},
	{SYS_fsync, true, "fsync"},
	{SYS_fdatasync, true, "fsync"},
	{SYS_flock, true, "flock"},
	{SYS_fcntl, true, "fcntl"},
	{SYS_ioctl, true, "ioctl"},
	{SYS_close, true, "close"},
	{SYS_openat, false, "open"},
	{SYS_ppoll, false, "poll"},
	{SYS_pselect6, false, "select"},
	{SYS_epoll_pwait, false, "epoll"},
	{SYS_epoll_pwait2, false, "epoll"},
	{SYS_wait4, false, "wait for a child"},
	{SYS_waitid, false, "wait for a child"},
#ifdef SYS_open
	{SYS_open, false, "open"},
	{SYS_poll, false, "poll"},
	{SYS_select, false, "select"},
	{SYS_epoll_wait, false, "epoll"},
#endif
};

/* The newest handle of this descriptor: what it was when its facts were told last. */
static const struct handle_row *handle_of(const struct process *p, uint32_t fd)
{
	const uint64_t *local = map_find(&p->descriptors, fd);
	const uint64_t *handle = local ? map_find(&p->handles, *local) : NULL;
	return handle ? (const struct handle_row *)(uintptr_t)*handle : NULL; /* NOLINT: u64 map */
}

const char *call_target(const struct ingest *in, const struct process *p, uint64_t aux, char *out,
			size_t size)
{
	const uint32_t number = (uint32_t)(aux >> 32);
	size_t at = aux ? 0 : sizeof calls / sizeof *calls;
	while (at < sizeof calls / sizeof *calls && calls[at].number != number)
		at++;
	if (at == sizeof calls / sizeof *calls)
		return NULL;
	const struct handle_row *h = calls[at].takes_fd ? handle_of(p, (uint32_t)aux) : NULL;
	size_t bytes = 0;
	const char *peer = h ? names_text_of(in->names, h->peer, &bytes) : NULL;
	snprintf(out, size, "%s%s%s%s%.*s", calls[at].name, h && h->peer_kind ? " " : "",
		 h && h->peer_kind ? peer_kind_name(h->peer_kind) : "", peer ? " " : "",
		 peer ? (int)bytes : 0, peer ? peer : "");
	return out;
}

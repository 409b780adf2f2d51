#include "agent/held.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "agent/raw.h"

#define TAKEN_FOR_PROMPT 15 /* clients of a listener, after one that was asked */

/* An accepted socket is a copy of its listener's (Linux, inet_csk_clone_lock of
 * net/ipv4/inet_connection_sock.c): what one says is true of the next, too, and asking each is a
 * system call a request. Listener + 1 << 32 | how many more are not asked. */
static _Atomic uint64_t prompt;

void held_accepted(struct handle *h, int listener)
{
	uint64_t known = atomic_load_explicit(&prompt, memory_order_relaxed);

	h->accepted_by = listener + 1;
	if (known >> 32 != (uint32_t)h->accepted_by || (uint32_t)known == 0)
		return;
	h->is_prompt = true;
	atomic_store_explicit(&prompt, known - 1, memory_order_relaxed);
}

static void note_prompt(struct handle *h)
{
	h->is_prompt = true;
	if (h->accepted_by > 0)
		atomic_store_explicit(&prompt, (uint64_t)h->accepted_by << 32 | TAKEN_FOR_PROMPT,
				      memory_order_relaxed);
}

/* Is it TCP, and may the kernel hold what is sent? */
static bool may_hold(int fd)
{
	int nodelay = 0;
	socklen_t length = sizeof nodelay;

	return raw_call(SYS_getsockopt, fd, IPPROTO_TCP, TCP_NODELAY, &nodelay, &length) == 0 &&
	       !nodelay;
}

void held_sent(struct handle *h, int fd, struct call *c)
{
	int left = 0;

	if (!h->sent_before) {
		h->sent_before = true;
		return;
	}
	if (h->is_prompt)
		return;
	if (!h->held_ns && !may_hold(fd)) {
		note_prompt(h);
		return;
	}
	if (raw_call(SYS_ioctl, fd, SIOCOUTQNSD, &left) < 0 || left <= 0 || left >= HELD_SEGMENT) {
		h->held_ns = 0;
		return;
	}
	h->held_bytes = (uint32_t)left;
	if (h->held_ns)
		return;
	h->held_ns = c->start_ns;
	h->held_unit = c->unit;
	h->held_stack = call_stack(c);
}

void held_settle(struct handle *h, int fd)
{
	const uint64_t since_ns = agent_now_ns() - h->held_ns;
	struct tcp_info info = {0}; /* filled where the analyser does not see it */
	socklen_t length = sizeof info;

	if (since_ns < HELD_MIN_NS)
		return; /* parts that follow one another at once are one */
	if (raw_call(SYS_getsockopt, fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0) {
		const uint64_t gone_ns = UINT64_C(1000000) * info.tcpi_last_data_sent;
		const uint64_t held_ns = since_ns > gone_ns ? since_ns - gone_ns : 0;
		/* a response is gone from its unit by then */
		const bool of_unit = h->peer_kind != PEER_CLIENT;
		if (held_ns >= HELD_MIN_NS)
			record_write(&(struct channel_record){
				.t_start_ns = h->held_ns,
				.dur_ns = held_ns,
				.unit = of_unit ? h->held_unit : 0,
				.stack = h->held_stack,
				.subject = h->id,
				.bytes = h->held_bytes,
				.kind = RECORD_HELD,
				.flags = RECORD_NESTED,
			});
	}
	h->held_ns = 0;
}

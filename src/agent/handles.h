/* Open descriptors that the agent follows: a table by fd.
 *
 * (fd, generation) is one handle with an id of its own: an fd that comes back
 * while its handle is still held was closed unseen, which is recorded as an
 * implicit close. A handle is forgotten *before* the real close, since another
 * thread may get the same fd at once. Without a channel, and after a fork,
 * descriptors are followed but have no id; they get one, with facts derived
 * from the descriptor itself, when they are first used.
 *
 * One thread at a time works on one fd, as in the app itself: an app that
 * races on its descriptors gets wrong facts about them, never a crash.
 */
#ifndef UNSLOW_AGENT_HANDLES_H
#define UNSLOW_AGENT_HANDLES_H

#include <sys/socket.h>

#include "agent/agent.h"

#define HANDLES_MAX 65536 /* descriptors past this are not followed (LOSS_HANDLES) */
#define PEER_TEXT_MAX 256

/* Text and likely kind of a peer, from its address: "127.0.0.1:5432",
 * "[::1]:6379", "/run/x.sock". False: not an address of a connection. */
struct peer {
	char text[PEER_TEXT_MAX];
	size_t length;
	enum peer_kind kind;
};
bool peer_of_address(const struct sockaddr *address, socklen_t length, struct peer *peer);

/* The handle of a socket that was made before the agent watched, or passed to
 * this process: found by getpeername, once an fd. NULL if it is none. */
struct handle *handle_adopt_socket(int fd);
/* Was it found, when it was to be adopted, to be what a thread wakes an event loop with: a pair of
 * sockets without names that never waits (asyncio's self-pipe, call_soon_threadsafe)? What passes
 * there is no traffic. */
bool handle_only_wakes(int fd);
/* fd was accepted: one with the same port on this side, met unseen, is a client, too. */
void handle_note_served(int fd);
/* A TLS handshake was done on it: its facts say so from here on. */
void handle_set_tls(struct handle *h, int fd);
/* A connect in progress is over, in so long: recorded, for the unit and line that began it. It came
 * about, or came to nothing, with -errno or, if it is closed unsettled, 0. */
void handle_connect_settled(struct handle *h);
void handle_connect_failed(struct handle *h, int error);
/* Is anything known of this fd? Without touching it. */
bool handle_followed(int fd);
/* Highest fd that was ever followed. */
int handle_highest(void);
/* Its number was given out for what is not followed: if it was held, that was closed unseen. */
void handle_forget(int fd, uint64_t now_ns);
/* After the agent slept: all are closed as far as we know. */
void handles_forget_all(void);

#endif

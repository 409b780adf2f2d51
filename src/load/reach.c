#include "load/reach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "load/connection.h"

/* Until it is connected, has failed, or the time is over (TIMEOUT). */
static enum connection_step wait_for(struct connection *c, const struct connection_world *world,
				     uint64_t timeout_ns)
{
	const uint64_t end_ns = clock_now_ns() + timeout_ns;
	enum connection_step step = connection_open(c, world);
	while (step == CONNECTION_STEP_NONE) {
		struct epoll_event event;
		const uint64_t now_ns = clock_now_ns();
		if (now_ns >= end_ns) {
			c->error = LOAD_ERROR_TIMEOUT;
			return CONNECTION_STEP_FAILED;
		}
		const int wait_ms = (int)((end_ns - now_ns) / NS_PER_MS) + 1;
		if (epoll_wait(world->epoll, &event, 1, wait_ms) > 0)
			step = connection_advance(c, world, event.events, NULL);
	}
	return step;
}

static enum err_kind say(const struct connection *c, const struct address *address,
			 const char *host, uint64_t timeout_ns, struct err *e)
{
	char place[ADDRESS_TEXT_SIZE];
	address_text(address, place);
	switch (c->error) {
	case LOAD_ERROR_FD_LIMIT:
		return ERR(e, ERR_LIMIT,
			   "no connection can be opened: %s; raise it with: ulimit -n", c->why);
	case LOAD_ERROR_TIMEOUT:
		return ERR(e, ERR_NO_TARGET,
			   "%s does not answer within %.3g s; is it the right address, does a "
			   "firewall drop it?",
			   place, (double)timeout_ns / (double)NS_PER_S);
	case LOAD_ERROR_TLS:
		return ERR(
			e, ERR_NO_TARGET, "TLS with %s (%s) fails: %s; %s", host, place, c->why,
			strncmp(c->why, "certificate", 11) == 0
				? "name its issuer by SSL_CERT_FILE, or do not verify: --insecure"
				: "does this port speak TLS? plain HTTP is http://");
	default:
		return ERR(e, ERR_NO_TARGET, "no server at %s: %s; %s", place, c->why,
			   c->os_errno == ECONNREFUSED || c->os_errno == ENOENT
				   ? "start it first (bare `unslow` lists what listens here)"
				   : "look at the address and the way to it");
	}
}

enum err_kind reach(const struct address_list *addresses, struct tls_context *tls, const char *host,
		    uint64_t timeout_ns, size_t *chosen, struct err *e)
{
	struct connection_world world = {.tls = tls, .host = host};
	enum err_kind kind = ERR(e, ERR_NO_TARGET, "the host '%.200s' has no address", host);
	world.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (world.epoll < 0)
		return ERR(e, ERR_LIMIT, "no descriptor is left: %s; raise it with: ulimit -n",
			   strerror(errno));
	struct connection *c = mem_alloc(sizeof *c);
	for (size_t i = 0; i < addresses->count && kind != ERR_OK; i++) {
		world.address = &addresses->items[i];
		if (wait_for(c, &world, timeout_ns) == CONNECTION_STEP_READY) {
			*chosen = i;
			kind = ERR_OK;
		} else {
			kind = say(c, world.address, host, timeout_ns, e);
		}
		connection_close(c);
	}
	free(c);
	close(world.epoll);
	return kind;
}

/* Where a server can be reached: the addresses that its name stands for, asked for once. */
#ifndef UNSLOW_LOAD_ADDRESS_H
#define UNSLOW_LOAD_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"
#include "load/url.h"

enum { ADDRESS_LIST_MAX = 16, ADDRESS_TEXT_SIZE = 128 };

struct address {
	struct sockaddr_storage storage;
	socklen_t length;
};

struct address_list {
	struct address items[ADDRESS_LIST_MAX]; /* in the resolver's order (RFC 6724) */
	size_t count;
};

/* ERR_NO_TARGET: the name is not known; ERR_USAGE: a socket's path that is too long. */
MUST_CHECK enum err_kind address_resolve(const struct url *url, struct address_list *list,
					 struct err *e);
/* Whether nobody else is reached by it: 127.0.0.0/8, ::1, a Unix socket. */
bool address_is_loopback(const struct address *address);
/* "127.0.0.1:8000", "[::1]:8000", "unix:/run/app.sock" into out[ADDRESS_TEXT_SIZE]; returns it. */
const char *address_text(const struct address *address, char *out);

#endif

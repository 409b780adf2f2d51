#include "load/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static enum err_kind resolve_unix(const struct url *url, struct address_list *list, struct err *e)
{
	struct sockaddr_un *address = (struct sockaddr_un *)&list->items[0].storage;
	const size_t length = strlen(url->host);
	if (length >= sizeof address->sun_path)
		return ERR(e, ERR_USAGE,
			   "the path of a Unix socket has at most %zu bytes, this one has %zu",
			   sizeof address->sun_path - 1, length);
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, url->host, length + 1);
	list->items[0].length = (socklen_t)sizeof *address;
	list->count = 1;
	return ERR_OK;
}

enum err_kind address_resolve(const struct url *url, struct address_list *list, struct err *e)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char port[8];
	*list = (struct address_list){0};
	if (url->scheme == URL_UNIX)
		return resolve_unix(url, list, e);
	snprintf(port, sizeof port, "%u", (unsigned)url->port);
	const int failure = getaddrinfo(url->host, port, &hints, &found);
	if (failure)
		return ERR(e, ERR_NO_TARGET, "the host '%.200s' is not known: %s", url->host,
			   gai_strerror(failure));
	for (const struct addrinfo *a = found; a && list->count < ADDRESS_LIST_MAX;
	     a = a->ai_next) {
		if (a->ai_addrlen > sizeof list->items[0].storage)
			continue;
		memcpy(&list->items[list->count].storage, a->ai_addr, a->ai_addrlen);
		list->items[list->count++].length = a->ai_addrlen;
	}
	freeaddrinfo(found);
	return ERR_OK;
}

bool address_is_loopback(const struct address *address)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address->storage;
	const struct sockaddr_in *four = (const struct sockaddr_in *)&address->storage;
	switch (address->storage.ss_family) {
	case AF_UNIX:
		return true;
	case AF_INET: /* Linux takes the unspecified address for this machine (ip(7)) */
		return ntohl(four->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET ||
		       four->sin_addr.s_addr == htonl(INADDR_ANY);
	case AF_INET6:
		return IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr) ||
		       IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) ||
		       (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) &&
			six->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
	}
	return false;
}

const char *address_text(const struct address *address, char *out)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address->storage;
	const struct sockaddr_in *four = (const struct sockaddr_in *)&address->storage;
	char text[INET6_ADDRSTRLEN] = "?";
	if (address->storage.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
		snprintf(out, ADDRESS_TEXT_SIZE, "[%s]:%u", text, ntohs(six->sin6_port));
	} else if (address->storage.ss_family == AF_INET) {
		inet_ntop(AF_INET, &four->sin_addr, text, sizeof text);
		snprintf(out, ADDRESS_TEXT_SIZE, "%s:%u", text, ntohs(four->sin_port));
	} else {
		snprintf(out, ADDRESS_TEXT_SIZE, "unix:%s",
			 ((const struct sockaddr_un *)&address->storage)->sun_path);
	}
	return out;
}

#include "target/sockets.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { STATE_LISTEN = 10 }; /* TCP_LISTEN, include/net/tcp_states.h */

/* "0100007F" or 32 digits: words of four bytes as the machine stores them. */
static bool parse_end(const char *text, struct socket_end *end)
{
	char digits[9] = "";
	const size_t length = strcspn(text, ":");
	uint32_t words[4];
	unsigned port;
	if ((length != 8 && length != 32) || sscanf(text + length, ":%x", &port) != 1)
		return false;
	for (size_t i = 0; i < length / 8; i++) {
		memcpy(digits, text + i * 8, 8);
		words[i] = (uint32_t)strtoul(digits, NULL, 16);
	}
	*end = (struct socket_end){.port = (uint16_t)port};
	if (length == 8) {
		end->address.s6_addr[10] = end->address.s6_addr[11] = 0xff;
		memcpy(&end->address.s6_addr[12], words, 4);
	} else {
		memcpy(&end->address, words, 16);
	}
	return true;
}

static bool parse_inet(const char *line, struct socket_row *row)
{
	char local[64], peer[64];
	unsigned state;
	if (sscanf(line, " %*u: %63s %63s %x %*s %*s %*s %*u %*u %" SCNu64, local, peer, &state,
		   &row->inode) != 4)
		return false;
	row->is_listening = state == STATE_LISTEN;
	return parse_end(local, &row->local) && parse_end(peer, &row->peer);
}

/* "Num: RefCount Protocol Flags Type St Inode Path"; flag 0x10000 is __SO_ACCEPTCON. */
static bool parse_unix(const char *line, struct socket_row *row, struct sockets *out)
{
	unsigned flags;
	int name = 0;
	if (sscanf(line, "%*x: %*x %*x %x %*x %*x %" SCNu64 " %n", &flags, &row->inode, &name) != 2)
		return false;
	row->is_unix = true;
	row->is_listening = flags >> 16 & 1;
	if (name > 0 && line[name]) {
		row->path = (uint32_t)out->texts.count + 1;
		for (const char *at = line + name;; at++) {
			*vec_push(&out->texts) = *at;
			if (!*at)
				break;
		}
	}
	return true;
}

static bool read_table(int pid, const char *name, struct sockets *out)
{
	char path[64];
	char *line = NULL;
	size_t size = 0;
	snprintf(path, sizeof path, "/proc/%d/net/%s", pid, name);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	while (out->rows.count < SOCKETS_MAX && getline(&line, &size, file) > 0) {
		struct socket_row row = {.is_udp = str_starts_with(name, "udp")};
		line[strcspn(line, "\n")] = '\0';
		/* The heading is no row. */
		if (str_starts_with(name, "unix") ? parse_unix(line, &row, out)
						  : parse_inet(line, &row))
			*vec_push(&out->rows) = row;
	}
	free(line);
	fclose(file);
	return true;
}

bool sockets_read(int pid, struct sockets *out)
{
	static const char *const tables[] = {"tcp", "tcp6", "udp", "udp6", "unix"};
	bool any = false;
	*out = (struct sockets){0};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		any |= read_table(pid, tables[i], out);
	return any;
}

void sockets_free(struct sockets *sockets)
{
	vec_free(&sockets->rows);
	vec_free(&sockets->texts);
}

const struct socket_row *sockets_find(const struct sockets *sockets, uint64_t inode)
{
	for (size_t i = 0; i < sockets->rows.count; i++)
		if (sockets->rows.items[i].inode == inode)
			return &sockets->rows.items[i];
	return NULL;
}

const char *socket_end_text(const struct socket_end *end, char *text)
{
	char address[INET6_ADDRSTRLEN];
	const bool is_v4 = IN6_IS_ADDR_V4MAPPED(&end->address);
	if (is_v4)
		inet_ntop(AF_INET, &end->address.s6_addr[12], address, sizeof address);
	else
		inet_ntop(AF_INET6, &end->address, address, sizeof address);
	snprintf(text, SOCKET_TEXT, is_v4 ? "%s:%u" : "[%s]:%u", address, end->port);
	return text;
}

const char *socket_peer_text(const struct sockets *sockets, const struct socket_row *row,
			     char *text)
{
	char end[SOCKET_TEXT];
	if (row->is_unix)
		snprintf(text, SOCKET_TEXT, "unix socket %.160s",
			 row->path ? &sockets->texts.items[row->path - 1] : "without a name");
	else if (row->is_listening)
		snprintf(text, SOCKET_TEXT, "listening %.100s", socket_end_text(&row->local, end));
	else if (row->peer.port)
		snprintf(text, SOCKET_TEXT, "%.100s", socket_end_text(&row->peer, end));
	else
		snprintf(text, SOCKET_TEXT, "%s %.100s", row->is_udp ? "udp" : "unconnected",
			 socket_end_text(&row->local, end));
	return text;
}

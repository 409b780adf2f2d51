#include "target/sockets.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scan.h"
#include "base/str.h"

enum { STATE_TIME_WAIT = 6, STATE_LISTEN = 10 }; /* include/net/tcp_states.h */
#define TIME_WAIT_NS UINT64_C(60000000000)       /* TCP_TIMEWAIT_LEN, include/net/tcp.h */

/* "0100007F:1F90", or 32 digits: words of four bytes as the machine stores them. */
static bool scan_end(const char **at, struct socket_end *end)
{
	const size_t length = strspn(*at, "0123456789ABCDEF");
	uint32_t words[4];
	uint64_t number;
	if (length != 8 && length != 32)
		return false;
	for (size_t i = 0; i < length / 8; i++) {
		char digits[9] = "";
		const char *digit = digits;
		memcpy(digits, *at + i * 8, 8);
		if (!scan_hex(&digit, UINT32_MAX, &number))
			return false;
		words[i] = (uint32_t)number;
	}
	*at += length;
	if (!scan_text(at, ":") || !scan_hex(at, UINT16_MAX, &number))
		return false;
	*end = (struct socket_end){.port = (uint16_t)number};
	if (length == 8) {
		end->address.s6_addr[10] = end->address.s6_addr[11] = 0xff;
		memcpy(&end->address.s6_addr[12], words, 4);
	} else {
		memcpy(&end->address, words, 16);
	}
	return true;
}

/* "sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …" */
static bool parse_inet(const char *line, struct socket_row *row)
{
	uint64_t state, timer, left_ticks; /* until the timer, in clock ticks */
	if (!scan_words(&line, 1) || !scan_blanks(&line) || !scan_end(&line, &row->local) ||
	    !scan_blanks(&line) || !scan_end(&line, &row->peer) || !scan_blanks(&line) ||
	    !scan_hex(&line, UINT32_MAX, &state) || !scan_words(&line, 1) || !scan_blanks(&line) ||
	    !scan_hex(&line, UINT32_MAX, &timer) || !scan_text(&line, ":") ||
	    !scan_hex(&line, UINT64_MAX, &left_ticks) || !scan_words(&line, 3) ||
	    !scan_blanks(&line) || !scan_decimal(&line, UINT64_MAX, &row->inode))
		return false;
	row->is_listening = state == STATE_LISTEN;
	row->is_ended = state == STATE_TIME_WAIT && !row->is_udp;
	if (row->is_ended) {
		const uint64_t tick_ns = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK);
		row->ended_ago_ns = left_ticks < TIME_WAIT_NS / tick_ns
					    ? TIME_WAIT_NS - left_ticks * tick_ns
					    : 0;
	}
	return true;
}

/* "Num: RefCount Protocol Flags Type St Inode Path"; flag 0x10000 is __SO_ACCEPTCON. */
static bool parse_unix(const char *line, struct socket_row *row, struct sockets *out)
{
	uint64_t flags;
	if (!scan_words(&line, 3) || !scan_blanks(&line) || !scan_hex(&line, UINT32_MAX, &flags) ||
	    !scan_words(&line, 2) || !scan_blanks(&line) ||
	    !scan_decimal(&line, UINT64_MAX, &row->inode) || !scan_blanks(&line))
		return false;
	row->is_unix = true;
	row->is_listening = flags >> 16 & 1;
	if (*line) {
		row->path = (uint32_t)out->texts.count + 1;
		for (const char *at = line;; at++) {
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

bool sockets_link_inode(const char *link, uint64_t *inode)
{
	return scan_text(&link, "socket:[") && scan_decimal(&link, UINT64_MAX, inode) &&
	       strcmp(link, "]") == 0;
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

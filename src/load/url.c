#include "load/url.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "base/scan.h"

enum { SHOWN = 200 }; /* of a text, in a message */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_of_name(char c)
{
	const char lower = (char)(c | 0x20);
	return is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '.' || c == '-' || c == '_';
}

/* What may not stand in a request's first line. From here on the text can be shown. */
static enum err_kind check_bytes(const char *text, struct err *e)
{
	for (size_t i = 0; text[i]; i++) {
		const unsigned byte = (unsigned char)text[i];
		if (byte <= ' ' || byte >= 0x7f)
			return ERR(e, ERR_USAGE,
				   "a URL cannot hold the byte 0x%02x (at %zu): write it as %%%02X",
				   byte, i, byte);
	}
	return ERR_OK;
}

static const char *copy_path(const char *from, struct arena *arena)
{
	const char *slash = *from == '/' ? "" : "/";
	return arena_printf(arena, "%s%.*s", slash, (int)strcspn(from, "#"), from);
}

static enum err_kind parse_port(struct url *url, const char *text, struct err *e)
{
	uint64_t port;
	const char *at = text;
	if (!scan_decimal(&at, UINT16_MAX, &port) || port == 0 || *at)
		return ERR(e, ERR_USAGE, "'%.*s' is no port: 1 to 65535", SHOWN, text);
	url->port = (uint16_t)port;
	return ERR_OK;
}

static enum err_kind parse_bracketed(struct url *url, const char *server, const char **behind,
				     struct arena *arena, struct err *e)
{
	unsigned char address[sizeof(struct in6_addr)];
	const size_t length = strcspn(server + 1, "]");
	url->host = arena_copy(arena, server + 1, length);
	if (server[1 + length] != ']' || inet_pton(AF_INET6, url->host, address) != 1)
		return ERR(e, ERR_USAGE,
			   "'%.*s' is no IPv6 address in brackets, such as http://[::1]:8000/",
			   SHOWN, server);
	*behind = server + 1 + length + 1;
	return ERR_OK;
}

static enum err_kind parse_name(struct url *url, const char *server, const char **behind,
				struct arena *arena, struct err *e)
{
	const size_t length = strcspn(server, ":");
	if (server[length] && strchr(server + length + 1, ':'))
		return ERR(e, ERR_USAGE,
			   "'%.*s': an IPv6 address stands in brackets, as in http://[::1]:8000/",
			   SHOWN, server);
	for (size_t i = 0; i < length; i++)
		if (!is_of_name(server[i]))
			return ERR(e, ERR_USAGE,
				   "'%.*s' is no host: it holds '%c'; write http://HOST:PORT/PATH",
				   SHOWN, server, server[i]);
	url->host = arena_copy(arena, server, length);
	*behind = server + length;
	/* inet_aton(3) takes a number for an address: 8000 is 0.0.31.64. */
	if (length && strspn(url->host, "0123456789") == length)
		return ERR(e, ERR_USAGE,
			   "'%.*s' is a number and no host: port %.*s of this machine is :%.*s",
			   SHOWN, url->host, SHOWN, url->host, SHOWN, url->host);
	return ERR_OK;
}

/* host:port/path */
static enum err_kind parse_server(struct url *url, const char *text, struct arena *arena,
				  struct err *e)
{
	const size_t length = strcspn(text, "/?#");
	const char *server = arena_copy(arena, text, length);
	const char *behind = server;
	if (strchr(server, '@'))
		return ERR(e, ERR_USAGE,
			   "a URL with a user's name and password is not taken (others see it in "
			   "the list of processes): leave out what stands before the @ and add "
			   "-H 'Authorization: Basic ...'");
	TRY((*server == '[' ? parse_bracketed : parse_name)(url, server, &behind, arena, e));
	url->port = url->scheme == URL_HTTPS ? 443 : 80;
	const uint16_t usual_port = url->port;
	if (*behind == ':')
		TRY(parse_port(url, behind + 1, e));
	else if (*behind)
		return ERR(e, ERR_USAGE, "'%.*s' stands behind the address; only :PORT may", SHOWN,
			   behind);
	if (*url->host == '\0')
		return ERR(e, ERR_USAGE, "the URL has no host: write http://127.0.0.1:8000/");
	url->authority = *server == '[' ? arena_printf(arena, "[%s]", url->host) : url->host;
	if (url->port != usual_port)
		url->authority = arena_printf(arena, "%s:%u", url->authority, url->port);
	url->path = copy_path(text + length, arena);
	return ERR_OK;
}

static enum err_kind set_socket(struct url *url, const char *socket, const char *path,
				struct arena *arena, struct err *e)
{
	const size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
	if (*socket == '\0')
		return ERR(e, ERR_USAGE, "the URL names no socket: write unix:/run/app.sock:/path");
	if (strlen(socket) > most)
		return ERR(e, ERR_USAGE,
			   "the path of a Unix socket can be %zu bytes long, this one has %zu: use "
			   "a path relative to the current directory",
			   most, strlen(socket));
	url->host = socket;
	url->authority = "localhost";
	url->path = copy_path(path, arena);
	return ERR_OK;
}

/* /run/app.sock:/path, or with two slashes before it */
static enum err_kind parse_socket(struct url *url, const char *text, struct arena *arena,
				  struct err *e)
{
	if (strncmp(text, "///", 3) == 0)
		text += 2;
	const char *path = strstr(text, ":/");
	const size_t length = path ? (size_t)(path - text) : strlen(text);
	return set_socket(url, arena_copy(arena, text, length), path ? path + 1 : "", arena, e);
}

/* %2Frun%2Fapp.sock/path */
static enum err_kind parse_escaped_socket(struct url *url, const char *text, struct arena *arena,
					  struct err *e)
{
	const size_t length = strcspn(text, "/?#");
	char *socket = arena_copy(arena, text, length);
	char *to = socket;
	for (const char *at = socket; *at;) {
		if (*at != '%') {
			*to++ = *at++;
			continue;
		}
		uint64_t byte;
		const char digits[] = {at[1], at[1] ? at[2] : '\0', '\0'};
		const char *end = digits;
		if (!scan_hex(&end, UINT8_MAX, &byte) || end != digits + 2 || byte == 0)
			return ERR(e, ERR_USAGE,
				   "'%.*s': a %% begins two hexadecimal digits, as in "
				   "http+unix://%%2Frun%%2Fapp.sock/path",
				   SHOWN, text);
		*to++ = (char)byte;
		at += 3;
	}
	*to = '\0';
	return set_socket(url, socket, text + length, arena, e);
}

static const struct {
	const char *prefix;
	enum url_scheme scheme;
	enum err_kind (*parse)(struct url *url, const char *text, struct arena *arena,
			       struct err *e);
} schemes[] = {
	{"http://", URL_HTTP, parse_server},
	{"https://", URL_HTTPS, parse_server},
	{"unix:", URL_UNIX, parse_socket},
	{"http+unix://", URL_UNIX, parse_escaped_socket},
};

enum err_kind url_parse(struct url *url, const char *text, struct arena *arena, struct err *e)
{
	*url = (struct url){.scheme = URL_HTTP};
	TRY(check_bytes(text, e));
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		const size_t length = strlen(schemes[i].prefix);
		if (strncasecmp(text, schemes[i].prefix, length) != 0)
			continue;
		url->scheme = schemes[i].scheme;
		return schemes[i].parse(url, text + length, arena, e);
	}
	const char *colon = strstr(text, "://");
	if (colon && colon < text + strcspn(text, "/?#"))
		return ERR(e, ERR_USAGE, "'%.*s' is not known: http, https and unix are",
			   (int)(colon - text < SHOWN ? colon - text : SHOWN), text);
	if (*text == ':')
		text = arena_printf(arena, "127.0.0.1%s", text);
	if (*text == '/')
		return ERR(e, ERR_USAGE, "'%.*s' is a path: write :8000%.*s or a whole URL", SHOWN,
			   text, SHOWN, text);
	return parse_server(url, text, arena, e);
}

enum err_kind url_parse_on(struct url *url, const struct url *base, const char *text,
			   struct arena *arena, struct err *e)
{
	const size_t length = strcspn(text, "/?#");
	if (*text != '/' && !memchr(text, ':', length))
		return ERR(
			e, ERR_USAGE,
			"'%.*s' is neither a path nor a URL: write /%.*s, or http://HOST:PORT/PATH",
			SHOWN, text, SHOWN, text);
	if (!base || *text != '/')
		return url_parse(url, text, arena, e);
	TRY(check_bytes(text, e));
	*url = *base;
	url->path = copy_path(text, arena);
	return ERR_OK;
}

bool url_same_server(const struct url *a, const struct url *b)
{
	if (a->scheme != b->scheme || a->port != b->port)
		return false;
	return (a->scheme == URL_UNIX ? strcmp : strcasecmp)(a->host, b->host) == 0;
}

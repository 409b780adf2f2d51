#include "agent/wire_detect.h"

#include <string.h>

enum match { NO, YES, MORE };

static enum match starts_with(const uint8_t *head, size_t length, const char *text, size_t n)
{
	size_t common = length < n ? length : n;
	if (memcmp(head, text, common) != 0)
		return NO;
	return length < n ? MORE : YES;
}

/* StartupMessage, SSLRequest, GSSENCRequest (PostgreSQL manual 55.7): length, then code. */
static enum match is_postgres(const uint8_t *head, size_t length)
{
	static const uint8_t codes[][4] = {{0, 3, 0, 0},
					   {0, 3, 0, 2},
					   {0x04, 0xd2, 0x16, 0x2e},
					   {0x04, 0xd2, 0x16, 0x2f},
					   {0x04, 0xd2, 0x16, 0x30}};
	if (length > 0 && head[0] != 0)
		return NO;
	if (length > 1 && head[1] != 0)
		return NO;
	if (length < 8)
		return MORE;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (memcmp(head + 4, codes[i], 4) == 0)
			return YES;
	return NO;
}

/* The best match of a list that ends in NULL. */
static enum match starts_with_one(const uint8_t *head, size_t length, const char *const *words)
{
	enum match best = NO;
	for (; *words && best != YES; words++) {
		enum match m = starts_with(head, length, *words, strlen(*words));
		best = m == NO ? best : m;
	}
	return best;
}

static enum match is_http(const uint8_t *head, size_t length)
{
	static const char *const methods[] = {"GET ",       "POST ",  "PUT ",     "HEAD ",
					      "DELETE ",    "PATCH ", "OPTIONS ", "CONNECT ",
					      "PRI * HTTP", NULL};
	return starts_with_one(head, length, methods);
}

/* RESP: an array of bulk strings (redis.io "protocol spec"). */
static enum match is_redis(const uint8_t *head, size_t length)
{
	if (head[0] != '*')
		return NO;
	if (length < 2)
		return MORE;
	return head[1] >= '0' && head[1] <= '9' ? YES : NO;
}

static enum match is_memcache(const uint8_t *head, size_t length)
{
	static const char *const commands[] = {"get ",    "gets ",   "set ", "add ", "version\r",
					       "stats\r", "delete ", "mg ",  "ms ",  NULL};
	return starts_with_one(head, length, commands);
}

static enum match is_amqp(const uint8_t *head, size_t length)
{
	return starts_with(head, length, "AMQP", 4);
}

/* Header of the wire protocol: opcode at 12, OP_QUERY 2004 or OP_MSG 2013. */
static enum match is_mongodb(const uint8_t *head, size_t length)
{
	if (length >= 4 && (head[3] != 0 || head[2] != 0))
		return NO;
	if (length < 16)
		return MORE;
	return head[13] == 7 && (head[12] == 0xd4 || head[12] == 0xdd) && !head[14] && !head[15]
		       ? YES
		       : NO;
}

/* TLS from the first byte: a handshake record with a ClientHello (RFC 8446 5.1). */
static enum match is_tls(const uint8_t *head, size_t length)
{
	return starts_with(head, length, "\x16\x03", 2);
}

static const struct wire_protocol named_memcache = {.peer = PEER_MEMCACHE};
static const struct wire_protocol named_amqp = {.peer = PEER_AMQP};
static const struct wire_protocol named_mongodb = {.peer = PEER_MONGODB};
const struct wire_protocol wire_tls = {.peer = PEER_UNKNOWN};

static const struct {
	enum match (*detect)(const uint8_t *head, size_t length);
	const struct wire_protocol *protocol;
} detectors[] = {
	{is_postgres, &wire_postgres},  {is_http, &wire_http},  {is_redis, &wire_redis},
	{is_memcache, &named_memcache}, {is_amqp, &named_amqp}, {is_tls, &wire_tls},
	{is_mongodb, &named_mongodb},
};

/* The first that has not said no decides, or waits for more. */
const struct wire_protocol *wire_detect(const uint8_t *head, size_t length, bool *more)
{
	*more = false;
	for (size_t i = 0; i < sizeof detectors / sizeof *detectors; i++) {
		enum match m = detectors[i].detect(head, length);
		if (m == YES)
			return detectors[i].protocol;
		if (m == MORE) {
			*more = true;
			return NULL;
		}
	}
	return NULL;
}

bool wire_is_mysql_greeting(const uint8_t *bytes, size_t length)
{
	return length >= 6 && bytes[2] == 0 && bytes[3] == 0 && bytes[4] == 10 && bytes[5] >= '3' &&
	       bytes[5] <= '9';
}

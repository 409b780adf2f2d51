/* Responses in whole and in every split: where they end, whether the connection lives on, and what
 * is refused with which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/response_parser.h"

enum { GET, HEAD };
enum { CLOSES, KEEPS };

#define OK "HTTP/1.1 200 OK\r\n"
#define OLD "HTTP/1.0 200 OK\r\n"
#define LENGTH_2 "Content-Length: 2\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define CHUNKS "2\r\nhi\r\n0\r\n\r\n"

/* What ends by itself. */
static const struct {
	const char *text, *rest;
	int method, status, keeps;
	uint64_t body_bytes;
} whole[] = {
	{OK LENGTH_2 "\r\nhi", "", GET, 200, KEEPS, 2},
	{OK LENGTH_2 "\r\nhiHTTP/1.1 200", "HTTP/1.1 200", GET, 200, KEEPS, 2},
	{OK "Server: gunicorn\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: close\r\n"
	    "Content-Type: text/plain\r\ncontent-LENGTH:2  \t\r\n\r\nhi",
	 "", GET, 200, CLOSES, 2},
	{OK "Content-Length: 0\r\n\r\nHTTP", "HTTP", GET, 200, KEEPS, 0},
	{"HTTP/1.1 404\r\nContent-Length: 1\r\n\r\nx", "", GET, 404, KEEPS, 1}, /* no reason */
	{"HTTP/1.1 503 \r\nContent-Length: 1\r\n\r\nx", "", GET, 503, KEEPS, 1},
	{"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "", GET, 200, KEEPS, 2}, /* bare LF */
	{OK LENGTH_2 LENGTH_2 "\r\nhi", "", GET, 200, KEEPS, 2},
	{OK "Content-Length: 2, 2\r\n\r\nhi", "", GET, 200, KEEPS, 2},
	{OK "Content-Length: 18446744073709551615\r\n\r\n", "", HEAD, 200, KEEPS, 0},
	/* No body, whatever the headers say. */
	{OK LENGTH_2 "\r\nhi", "hi", HEAD, 200, KEEPS, 0},
	{OK CHUNKED "\r\n", "", HEAD, 200, KEEPS, 0},
	{OK "\r\n", "", HEAD, 200, KEEPS, 0},
	{"HTTP/1.1 204 No Content\r\n\r\n", "", GET, 204, KEEPS, 0},
	{"HTTP/1.1 304 Not Modified\r\n" LENGTH_2 "\r\n", "", GET, 304, KEEPS, 0},
	/* Chunks. */
	{OK CHUNKED "\r\n" CHUNKS "rest", "rest", GET, 200, KEEPS, 2},
	{OK "Transfer-Encoding: gzip, Chunked ,\r\n\r\n" CHUNKS, "", GET, 200, KEEPS, 2},
	{OK "Transfer-Encoding: gzip\r\n" CHUNKED "\r\n" CHUNKS, "", GET, 200, KEEPS, 2},
	{OK "Content-Length: 99\r\n" CHUNKED "\r\n" CHUNKS, "", GET, 200, CLOSES, 2},
	{OK CHUNKED "Content-Length: 99\r\n\r\n" CHUNKS, "", GET, 200, CLOSES, 2},
	{OLD CHUNKED "Connection: keep-alive\r\n\r\n" CHUNKS, "", GET, 200, CLOSES, 2},
	/* Whether the connection lives on. */
	{OLD LENGTH_2 "\r\nhi", "", GET, 200, CLOSES, 2},
	{OLD LENGTH_2 "Connection: Keep-Alive\r\n\r\nhi", "", GET, 200, KEEPS, 2},
	{OK LENGTH_2 "Connection: x, CLOSE\r\n\r\nhi", "", GET, 200, CLOSES, 2},
	{OK LENGTH_2 "Connection: close\r\nConnection: keep-alive\r\n\r\nhi", "", GET, 200, CLOSES,
	 2},
	{OK LENGTH_2 "X-Connection: close\r\n\r\nhi", "", GET, 200, KEEPS, 2},
	/* Interim responses are skipped with their headers. */
	{"HTTP/1.1 100 Continue\r\nContent-Length: 9\r\nConnection: close\r\n\r\n" OK LENGTH_2
	 "\r\nhi",
	 "", GET, 200, KEEPS, 2},
	{"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100\r\n\r\n" OK LENGTH_2
	 "\r\nhi",
	 "", GET, 200, KEEPS, 2},
};

/* What ends with the connection. */
static const struct {
	const char *text;
	int status;
	uint64_t body_bytes;
} until_close[] = {
	{OLD "\r\n", 200, 0},
	{OLD "\r\nall of it", 200, 9},
	{OLD "Connection: keep-alive\r\n\r\nall of it", 200, 9},
	{OK "\r\nall of it", 200, 9},
	{OK "Transfer-Encoding: gzip\r\n" LENGTH_2 "\r\nall of it", 200, 9},
	{OK "Transfer-Encoding: chunked, gzip\r\n\r\nall", 200, 3},
	{"HTTP/1.1 500 Oh\r\n\r\nno", 500, 2},
};

/* What is refused. */
static const struct {
	const char *text, *why;
} refused[] = {
	{"SSH-2.0-OpenSSH_9.2\r\n", "what came is no HTTP/1 response"},
	{"X", "what came is no HTTP/1 response"}, /* at once: a line's end may never come */
	{"\r\n" OK, "what came is no HTTP/1 response"},
	{"HTTP\r\n", "what came is no HTTP/1 response"},
	{"HTTP/2 200 OK\r\n", "what came is no HTTP/1 response"},
	{"http/1.1 200 OK\r\n", "what came is no HTTP/1 response"},
	{"<html>", "what came is no HTTP/1 response"},
	{"\x15\x03\x01", "the server speaks TLS here: write https://"},
	{"\n", "a status line that is not 'HTTP/1.1 200 OK' or the like"},
	{"HTTP\n", "a status line that is not 'HTTP/1.1 200 OK' or the like"},
	{"HTTP/1.2 200 OK\r\n", "a status line that is not 'HTTP/1.1 200 OK' or the like"},
	{"HTTP/1.1  200 OK\r\n", "a status line that is not 'HTTP/1.1 200 OK' or the like"},
	{"HTTP/1.1 20\r\n", "a status line that is not 'HTTP/1.1 200 OK' or the like"},
	{"HTTP/1.1 2000 OK\r\n", "a status line that is not 'HTTP/1.1 200 OK' or the like"},
	{"HTTP/1.1 2x0 OK\r\n", "a status that is no number from 100 to 999"},
	{"HTTP/1.1 099 OK\r\n", "a status that is no number from 100 to 999"},
	{"HTTP/1.1 101 Switching Protocols\r\n",
	 "status 101: the server changes to another protocol"},
	{OK "A: b\r\n folded\r\n", "a header that goes on in a second line"},
	{OK "\tX: y\r\n", "a header that goes on in a second line"},
	{OK "no colon\r\n", "a header line without a name and a colon"},
	{OK "Name : x\r\n", "a header line without a name and a colon"},
	{OK ": x\r\n", "a header line without a name and a colon"},
	{OK "\x01: x\r\n", "a header line without a name and a colon"},
	{OK "name\r\n", "a header line without a name and a colon"},
	{"HTTP/1.1 100 Continue\r\nno colon\r\n", "a header line without a name and a colon"},
	{OK LENGTH_2 "Content-Length: 3\r\n", "two Content-Lengths that differ"},
	{OK "Content-Length: 2, 3\r\n", "two Content-Lengths that differ"},
	{OK "Content-Length: -1\r\n", "Content-Length is no number of bytes"},
	{OK "Content-Length: +1\r\n", "Content-Length is no number of bytes"},
	{OK "Content-Length: 0x1\r\n", "Content-Length is no number of bytes"},
	{OK "Content-Length: 1 1\r\n", "Content-Length is no number of bytes"},
	{OK "Content-Length: 18446744073709551616\r\n", "Content-Length is no number of bytes"},
	{OK "Content-Length: 99999999999999999999999999\r\n",
	 "Content-Length is no number of bytes"},
	{OK "Content-Length:\r\n", "Content-Length is empty"},
	{OK "Content-Length: ,\r\n", "Content-Length is empty"},
	{OK CHUNKED "\r\nhello", "a chunk does not begin with its size"},
};

/* What the connection's end cuts off. */
static const struct {
	const char *text, *why;
} cut_off[] = {
	{"", "closed before a response"},
	{"HTT", "closed in the middle of a response"},
	{OK "Content-Len", "closed in the middle of a response"},
	{OK LENGTH_2 "\r\nh", "closed in the middle of a response"},
	{OK CHUNKED "\r\n2\r\nhi\r\n", "closed in the middle of a response"},
	{OK CHUNKED "\r\n2\r\nhi\r\n0\r\n", "closed in the middle of a response"},
	{"HTTP/1.1 100 Continue\r\n\r\n", "closed in the middle of a response"},
};

static bool is_over(const struct response *r)
{
	return r->state == RESPONSE_DONE || r->state == RESPONSE_BAD;
}

/* Returns how many bytes were eaten. */
static size_t feed(struct response *r, const char *text, size_t count, size_t piece,
		   const struct response_header_sink *sink)
{
	size_t used = 0;
	while (used < count && !is_over(r)) {
		const size_t left = count - used;
		const size_t given = left < piece ? left : piece;
		const size_t eaten = response_feed(r, text + used, given, sink);
		assert_true(is_over(r) ? eaten <= given : eaten == given);
		used += eaten;
	}
	return used;
}

static void test_where_a_response_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
		const size_t count = strlen(whole[i].text);
		for (size_t piece = 1; piece <= count; piece++) {
			struct response r;
			response_begin(&r, whole[i].method == HEAD);
			const size_t used = feed(&r, whole[i].text, count, piece, NULL);
			assert_int_equal(r.state, RESPONSE_DONE);
			assert_string_equal(whole[i].text + used, whole[i].rest);
			assert_int_equal(r.status, whole[i].status);
			assert_int_equal(r.keep_alive, whole[i].keeps);
			assert_int_equal(r.body_bytes, whole[i].body_bytes);
			assert_int_equal(r.has_body, whole[i].body_bytes != 0);
			assert_int_equal(response_closed(&r), RESPONSE_DONE);
		}
	}
}

static void test_what_ends_with_the_connection(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof until_close / sizeof *until_close; i++) {
		const size_t count = strlen(until_close[i].text);
		for (size_t piece = 1; piece <= count; piece++) {
			struct response r;
			response_begin(&r, false);
			feed(&r, until_close[i].text, count, piece, NULL);
			assert_int_equal(r.state, RESPONSE_UNTIL_CLOSE);
			assert_true(r.has_body);
			assert_int_equal(response_closed(&r), RESPONSE_DONE);
			assert_int_equal(r.status, until_close[i].status);
			assert_int_equal(r.body_bytes, until_close[i].body_bytes);
			assert_false(r.keep_alive);
		}
	}
}

static void test_what_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const size_t count = strlen(refused[i].text);
		for (size_t piece = 1; piece <= count; piece++) {
			struct response r;
			response_begin(&r, false);
			feed(&r, refused[i].text, count, piece, NULL);
			assert_int_equal(r.state, RESPONSE_BAD);
			assert_string_equal(r.why, refused[i].why);
			assert_int_equal(response_feed(&r, "more", 4, NULL), 0);
			assert_int_equal(response_closed(&r), RESPONSE_BAD);
			assert_string_equal(r.why, refused[i].why);
		}
	}
}

static void test_what_is_cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cut_off / sizeof *cut_off; i++) {
		struct response r;
		response_begin(&r, false);
		feed(&r, cut_off[i].text, strlen(cut_off[i].text), SIZE_MAX, NULL);
		assert_int_equal(r.head_bytes == 0, cut_off[i].text[0] == '\0');
		assert_int_equal(response_closed(&r), RESPONSE_BAD);
		assert_string_equal(r.why, cut_off[i].why);
	}
}

/* `before`, so many of 'x', `behind`. */
static const char *feed_long(struct response *r, const char *before, size_t many,
			     const char *behind, size_t piece)
{
	static char text[256 << 10];
	const size_t first = strlen(before), last = strlen(behind);
	assert_true(first + many + last <= sizeof text);
	memcpy(text, before, first);
	memset(text + first, 'x', many);
	memcpy(text + first + many, behind, last);
	response_begin(r, false);
	feed(r, text, first + many + last, piece, NULL);
	return r->why ? r->why : "";
}

static void test_heads_have_a_limit(void **state)
{
	(void)state;
	const size_t room = RESPONSE_HEAD_MAX - strlen(OK "X: ");
	struct response r;
	for (size_t piece = 1; piece <= 1 << 20; piece *= 64) {
		assert_string_equal(feed_long(&r, OK "X: ", room - 4, "\r\n\r\n", piece), "");
		assert_int_equal(r.state, RESPONSE_UNTIL_CLOSE);
		assert_int_equal(r.head_bytes, RESPONSE_HEAD_MAX);
		assert_string_equal(feed_long(&r, OK "X: ", room - 3, "\r\n\r\n", piece),
				    "a head of more than 64 KiB");
		assert_string_equal(feed_long(&r, OK "X: ", room + 1, "", piece),
				    "a head of more than 64 KiB");
	}
	/* Interim responses count, or they could go on for ever. */
	response_begin(&r, false);
	static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
	size_t fed = 0;
	for (; !is_over(&r) && fed < 1 << 20; fed += sizeof interim - 1)
		response_feed(&r, interim, sizeof interim - 1, NULL);
	assert_int_equal(r.state, RESPONSE_BAD);
	assert_in_range(fed, RESPONSE_HEAD_MAX, RESPONSE_HEAD_MAX + sizeof interim);
}

static void test_long_lines_matter_only_where_they_say_the_end(void **state)
{
	(void)state;
	struct response r;
	const size_t name = strlen("Content-Length: 2,");
	for (size_t piece = 1; piece <= 1 << 20; piece *= 64) {
		feed_long(&r, OK LENGTH_2 "Link: ", RESPONSE_LINE_MAX, "\r\n\r\nhi", piece);
		assert_int_equal(r.state, RESPONSE_DONE);
		assert_string_equal(
			feed_long(&r, OK "Connection: ", RESPONSE_LINE_MAX, "\r\n\r\n", piece),
			"a header of more than 8 KiB that says where the body ends");
		assert_string_equal(feed_long(&r, OK "Content-Length: 2,",
					      RESPONSE_LINE_MAX - name - 1, "\r\n\r\n", piece),
				    "Content-Length is no number of bytes");
		assert_string_equal(feed_long(&r, OK, RESPONSE_LINE_MAX, ": y\r\n\r\n", piece),
				    "a header line without a name and a colon");
	}
}

static void write_header(void *context, const char *name, size_t name_length, const char *value,
			 size_t value_length)
{
	char *text = context;
	sprintf(text + strlen(text), "%.*s=%.*s;", (int)name_length, name, (int)value_length,
		value);
}

static void test_headers_are_seen_by_who_asks(void **state)
{
	(void)state;
	static const char text[] =
		"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" OK
		"Set-Cookie: a=1; Path=/\r\nX:\r\nset-cookie: \t b=2 \t\r\n" LENGTH_2 "\r\nhi";
	for (size_t piece = 1; piece <= sizeof text; piece++) {
		char seen[200] = "";
		const struct response_header_sink sink = {write_header, seen};
		struct response r;
		response_begin(&r, false);
		feed(&r, text, sizeof text - 1, piece, &sink);
		assert_int_equal(r.state, RESPONSE_DONE);
		assert_string_equal(seen,
				    "Set-Cookie=a=1; Path=/;X=;set-cookie=b=2;Content-Length=2;");
	}
}

static void test_a_struct_serves_one_response_after_another(void **state)
{
	(void)state;
	struct response r;
	response_begin(&r, false);
	static const char begun[] = OLD CHUNKED "Connection: close\r\n\r\n2\r\nh";
	feed(&r, begun, sizeof begun - 1, SIZE_MAX, NULL);
	response_begin(&r, false);
	assert_int_equal(r.state, RESPONSE_HEAD);
	const char text[] = OK LENGTH_2 "\r\nhi";
	assert_int_equal(feed(&r, text, sizeof text - 1, 3, NULL), sizeof text - 1);
	assert_int_equal(r.state, RESPONSE_DONE);
	assert_true(r.keep_alive);
	assert_int_equal(r.head_bytes, sizeof text - 1 - 2);
	assert_int_equal(r.body_bytes, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_a_response_ends),
		cmocka_unit_test(test_what_ends_with_the_connection),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_what_is_cut_off),
		cmocka_unit_test(test_heads_have_a_limit),
		cmocka_unit_test(test_long_lines_matter_only_where_they_say_the_end),
		cmocka_unit_test(test_headers_are_seen_by_who_asks),
		cmocka_unit_test(test_a_struct_serves_one_response_after_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

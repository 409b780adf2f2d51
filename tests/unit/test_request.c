/* Requests: their bytes, what is patched in them, how they are drawn, and the lines of a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/str.h"
#include "load/request_file.h"

#define AGENT "User-Agent: unslow/" UNSLOW_VERSION "\r\n"
#define USUAL "Host: 127.0.0.1:8000\r\n" AGENT "Accept: */*\r\n"

struct world {
	struct arena *arena;
	struct url url;
	struct request_set *set;
	struct err e;
};

static int make_world(void **state)
{
	struct world *w = mem_alloc(sizeof *w);
	w->arena = arena_new();
	w->set = request_set_new();
	*state = w;
	return url_parse(&w->url, ":8000/x?y", w->arena, &w->e);
}

static int free_world(void **state)
{
	struct world *w = *state;
	request_set_free(w->set);
	arena_free(w->arena);
	free(w);
	return 0;
}

static const char *text_of(struct world *w, const struct request *request)
{
	return arena_copy(w->arena, request->bytes, request->count);
}

enum { HEADERS_MAX = 4 };

static const struct {
	const char *method, *headers[HEADERS_MAX], *body, *bytes;
} built[] = {
	{NULL, {0}, NULL, "GET /x?y HTTP/1.1\r\n" USUAL "\r\n"},
	{"HEAD", {0}, NULL, "HEAD /x?y HTTP/1.1\r\n" USUAL "\r\n"},
	{NULL, {0}, "a=1", "POST /x?y HTTP/1.1\r\n" USUAL "Content-Length: 3\r\n\r\na=1"},
	{"PUT", {0}, NULL, "PUT /x?y HTTP/1.1\r\n" USUAL "Content-Length: 0\r\n\r\n"},
	{"DELETE", {0}, "", "DELETE /x?y HTTP/1.1\r\n" USUAL "Content-Length: 0\r\n\r\n"},
	{NULL,
	 {"X-A: 1", "X-A: \xc3\xa4\t2", "X-Empty:"},
	 NULL,
	 "GET /x?y HTTP/1.1\r\n" USUAL "X-A: 1\r\nX-A: \xc3\xa4\t2\r\nX-Empty:\r\n\r\n"},
	{NULL,
	 {"host: other", "ACCEPT: text/html", "user-agent:"},
	 NULL,
	 "GET /x?y HTTP/1.1\r\nhost: other\r\nACCEPT: text/html\r\nuser-agent:\r\n\r\n"},
	{NULL,
	 {"Hosts: x", "traceparent: 00-1"},
	 NULL,
	 "GET /x?y HTTP/1.1\r\n" USUAL "Hosts: x\r\ntraceparent: 00-1\r\n\r\n"},
};

static void test_bytes(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < sizeof built / sizeof *built; i++) {
		struct request_spec spec = {.method = built[i].method,
					    .url = &w->url,
					    .headers = built[i].headers,
					    .body = built[i].body};
		while (spec.header_count < HEADERS_MAX && built[i].headers[spec.header_count])
			spec.header_count++;
		spec.body_bytes = spec.body ? strlen(spec.body) : 0;
		struct request r;
		assert_int_equal(request_build(&r, &spec, w->arena, &w->e), ERR_OK);
		assert_string_equal(text_of(w, &r), built[i].bytes);
		assert_int_equal(r.is_head, strncmp(built[i].bytes, "HEAD", 4) == 0);
		assert_int_equal(r.trace_offset, 0);
		/* Where a cookie's line goes in: before the empty line. */
		assert_memory_equal(r.bytes + r.head_end - 2, "\r\n\r\n", 4);
		request_patch_trace(&r, 1, 2, 3);
		assert_string_equal(text_of(w, &r), built[i].bytes);
	}
}

static void test_what_cannot_be_sent(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *method, *header, *part_of_message;
	} rows[] = {
		{"get", "X: y", "'get' is no method"},
		{"GET /", "X: y", "is no method"},
		{"", "X: y", "1 to 32 letters"},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", "X: y", "1 to 32 letters"},
		{"CONNECT", "X: y", "tunnel"},
		{"GET", "X", "write 'Name: value'"},
		{"GET", "X y: z", "write 'Name: value'"},
		{"GET", ": z", "write 'Name: value'"},
		{"GET", "", "write 'Name: value'"},
		{"GET", "X: a\r\nY: b", "control byte 0x0d"},
		{"GET", "content-length: 5", "made from the body"},
		{"GET", "Transfer-Encoding: chunked", "made from the body"},
		{"GET", "Traceparent: 00-1", "--trace"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct request r;
		const struct request_spec spec = {.method = rows[i].method,
						  .url = &w->url,
						  .headers = &rows[i].header,
						  .header_count = 1,
						  .has_trace = true};
		assert_int_equal(request_build(&r, &spec, w->arena, &w->e), ERR_USAGE);
		if (!strstr(w->e.text, rows[i].part_of_message))
			fail_msg("%s", w->e.text);
	}
}

static void test_trace_is_patched_in_place(void **state)
{
	struct world *w = *state;
	const struct request_spec spec = {.url = &w->url, .has_trace = true};
	struct request r;
	assert_int_equal(request_build(&r, &spec, w->arena, &w->e), ERR_OK);
	request_patch_trace(&r, 1, 1, 1);
	request_patch_trace(&r, UINT64_C(0x0123456789abcdef), 42, UINT64_MAX);
	assert_string_equal(text_of(w, &r), "GET /x?y HTTP/1.1\r\n" USUAL
					    "traceparent: 00-0123456789abcdef000000000000002a-"
					    "ffffffffffffffff-01\r\n\r\n");
	assert_memory_equal(r.bytes + r.trace_offset, "0123456789abcdef", 16);
}

static void add(struct world *w, uint32_t weight)
{
	const struct request_spec spec = {.url = &w->url, .has_trace = true};
	assert_int_equal(request_set_add(w->set, &spec, weight, &w->e), ERR_OK);
}

static void test_drawn_by_weight(void **state)
{
	struct world *w = *state;
	add(w, 1);
	assert_ptr_equal(request_set_draw(w->set, 0.999), &w->set->requests.items[0]);
	add(w, 7);
	add(w, 2);
	size_t drawn[3] = {0};
	for (int i = 0; i < 1000; i++)
		drawn[request_set_draw(w->set, i / 1000.0) - w->set->requests.items]++;
	assert_int_equal(drawn[0], 100);
	assert_int_equal(drawn[1], 700);
	assert_int_equal(drawn[2], 200);
	assert_ptr_equal(request_set_draw(w->set, 1), &w->set->requests.items[2]);
}

static void test_copies_are_patched_apart(void **state)
{
	struct world *w = *state;
	add(w, 3);
	struct request_set *copy = request_set_copy(w->set);
	assert_int_equal(copy->servers.count, 1);
	assert_string_equal(copy->servers.items[0].authority, "127.0.0.1:8000");
	struct request *r = request_set_draw(copy, 0);
	assert_int_equal(r->weight, 3);
	const char *before = text_of(w, &w->set->requests.items[0]);
	assert_string_equal(text_of(w, r), before);
	request_patch_trace(r, 1, 2, 3);
	assert_string_equal(text_of(w, &w->set->requests.items[0]), before);
	assert_string_not_equal(text_of(w, r), before);
	request_set_free(copy);
}

static void test_weights_have_limits(void **state)
{
	struct world *w = *state;
	const struct request_spec spec = {.url = &w->url};
	assert_int_equal(request_set_add(w->set, &spec, 0, &w->e), ERR_USAGE);
	assert_int_equal(request_set_add(w->set, &spec, REQUEST_WEIGHT_MAX + 1, &w->e), ERR_USAGE);
	assert_int_equal(request_set_add(w->set, &spec, REQUEST_WEIGHT_MAX, &w->e), ERR_OK);
}

static enum err_kind read_text(struct world *w, const char *text, const struct url *base)
{
	static const char *const headers[] = {"X-Common: 1", "X-Both: common"};
	const struct request_spec common = {.url = base, .headers = headers, .header_count = 2};
	request_set_free(w->set);
	w->set = request_set_new();
	return request_text_read(w->set, "r.txt", text, strlen(text), &common, &w->e);
}

#define COMMON "X-Common: 1\r\nX-Both: common\r\n"

static const struct {
	const char *line;
	uint32_t weight;
	const char *bytes;
} lines[] = {
	{"GET /a", 1, "GET /a HTTP/1.1\r\n" USUAL COMMON "\r\n"},
	{"  12\tGET   /a?b=c  \r\n", 12, "GET /a?b=c HTTP/1.1\r\n" USUAL COMMON "\r\n"},
	{"# GET /b\n\n \t\n#\nGET /a", 1, "GET /a HTTP/1.1\r\n" USUAL COMMON "\r\n"},
	{"POST /a -H 'x-both: own' --body '{\"a\": \"\\\"\"}'", 1,
	 "POST /a HTTP/1.1\r\n" USUAL "x-both: own\r\nX-Common: 1\r\nContent-Length: 11\r\n\r\n"
	 "{\"a\": \"\\\"\"}"},
	{"PUT /a --body \"a \\\"b\\\" \\\\ \\n 'c'\" -H X:\\ y", 1,
	 "PUT /a HTTP/1.1\r\n" USUAL "X: y\r\n" COMMON "Content-Length: 14\r\n\r\n"
	 "a \"b\" \\ \\n 'c'"},
	{"POST /a --body a'b c'\"d\"'e'\\\\", 1,
	 "POST /a HTTP/1.1\r\n" USUAL COMMON "Content-Length: 7\r\n\r\nab cde\\"},
	{"POST /a --body ''", 1, "POST /a HTTP/1.1\r\n" USUAL COMMON "Content-Length: 0\r\n\r\n"},
	{"GET http://127.0.0.1:8000/a -H 'A: 1' -H 'A: 2'", 1,
	 "GET /a HTTP/1.1\r\n" USUAL "A: 1\r\nA: 2\r\n" COMMON "\r\n"},
};

static void test_lines_of_a_file(void **state)
{
	struct world *w = *state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		if (read_text(w, lines[i].line, &w->url) != ERR_OK)
			fail_msg("%s", w->e.text);
		assert_int_equal(w->set->requests.count, 1);
		assert_string_equal(text_of(w, &w->set->requests.items[0]), lines[i].bytes);
		assert_int_equal(w->set->requests.items[0].weight, lines[i].weight);
	}
}

static void test_lines_go_to_several_servers(void **state)
{
	struct world *w = *state;
	assert_int_equal(read_text(w, "GET :1/\nGET :2/\n3 GET 127.0.0.1:1/b\n", NULL), ERR_OK);
	assert_int_equal(w->set->servers.count, 2);
	assert_int_equal(w->set->requests.items[0].server, 0);
	assert_int_equal(w->set->requests.items[1].server, 1);
	assert_int_equal(w->set->requests.items[2].server, 0);
	assert_int_equal(w->set->requests.items[2].weight_end, 5);
}

static void test_lines_that_are_wrong_are_named(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"", "r.txt holds no request: write lines such as GET /items"},
		{"# only\n", "r.txt holds no request: write lines such as GET /items"},
		{"GET /\n\nGET", "r.txt:3: a line is [WEIGHT] METHOD PATH, such as: 3 GET /items"},
		{"3 GET", "r.txt:1: a line is [WEIGHT] METHOD PATH, such as: 3 GET /items"},
		{"0 GET /", "r.txt:1: the weight '0' is not a whole number from 1 to 1000000"},
		{"0.01 GET /",
		 "r.txt:1: the weight '0.01' is not a whole number from 1 to 1000000"},
		{"+1 GET /", "r.txt:1: the weight '+1' is not a whole number from 1 to 1000000"},
		{"1000001 GET /",
		 "r.txt:1: the weight '1000001' is not a whole number from 1 to 1000000"},
		{"get /", "r.txt:1: 'get' is no method: capital letters, such as GET or POST"},
		{"GET / 'X: y'", "r.txt:1: 'X: y' is not understood: behind the path stand "
				 "-H 'Name: value' and --body TEXT or @FILE"},
		{"GET / -H", "r.txt:1: -H has nothing behind it"},
		{"GET / -H x", "r.txt:1: 'x' is no header: write 'Name: value'"},
		{"POST / --body a --body b", "r.txt:1: --body is given twice"},
		{"POST / --body 'a", "r.txt:1: a quote is opened and not closed on this line"},
		{"POST / --body @/no/such/file",
		 "r.txt:1: cannot read /no/such/file: No such file or directory"},
		{"GET /\x01", "r.txt:1: the control byte 0x01: a body that needs it stands in a "
			      "file of its own, --body @FILE"},
		{"GET http://h:0/", "r.txt:1: '0' is no port: 1 to 65535"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(read_text(w, rows[i].text, &w->url), ERR_USAGE);
		assert_string_equal(w->e.text, rows[i].message);
	}
	assert_int_equal(read_text(w, "GET /", NULL), ERR_USAGE);
}

static void test_headers_of_a_line_have_a_limit(void **state)
{
	struct world *w = *state;
	/* Two of the headers are the common ones. */
	struct str text;
	str_init(&text, 2000);
	str_add(&text, "GET /");
	for (int i = 0; i < REQUEST_FILE_HEADERS_MAX - 2; i++)
		str_add(&text, " -H a:b");
	assert_int_equal(read_text(w, text.text, &w->url), ERR_OK);
	str_add(&text, " -H a:b");
	assert_int_equal(read_text(w, text.text, &w->url), ERR_LIMIT);
	str_free(&text);
}

static void test_files(void **state)
{
	struct world *w = *state;
	char path[] = "/tmp/unslow-test-XXXXXX";
	const int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, "GET /\n\0@", 8) == 8);
	close(fd);
	const struct request_spec common = {.url = &w->url};
	assert_int_equal(request_file_read(w->set, path, &common, &w->e), ERR_USAGE);
	assert_non_null(strstr(w->e.text, ":2: the control byte 0x00"));
	const char *body, *argument = arena_printf(w->arena, "@%s", path);
	size_t count;
	assert_int_equal(request_body_read(argument, w->arena, &body, &count, &w->e), ERR_OK);
	assert_int_equal(count, 8);
	assert_memory_equal(body, "GET /\n\0@", 8);
	unlink(path);
	assert_int_equal(request_file_read(w->set, path, &common, &w->e), ERR_USAGE);
	assert_int_equal(request_file_read(w->set, "/", &common, &w->e), ERR_USAGE);
	assert_string_equal(w->e.text, "cannot read /: Is a directory");
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, make_world, free_world)
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_bytes),
		WITH_WORLD(test_what_cannot_be_sent),
		WITH_WORLD(test_trace_is_patched_in_place),
		WITH_WORLD(test_drawn_by_weight),
		WITH_WORLD(test_copies_are_patched_apart),
		WITH_WORLD(test_weights_have_limits),
		WITH_WORLD(test_lines_of_a_file),
		WITH_WORLD(test_lines_go_to_several_servers),
		WITH_WORLD(test_lines_that_are_wrong_are_named),
		WITH_WORLD(test_headers_of_a_line_have_a_limit),
		WITH_WORLD(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

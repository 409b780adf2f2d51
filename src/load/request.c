#include "load/request.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "load/token.h"

enum { HEAD_MAX = 1 << 20, METHOD_MAX = 32, SHOWN = 100 };

static const char trace_start[] = "traceparent: 00-";
static const char trace_rest[] = "00000000000000000000000000000000-0000000000000000-01\r\n";

/* Methods that say a length even without a body (RFC 9110, 8.6). */
static const char *const methods_with_length[] = {"POST", "PUT", "PATCH"};

static size_t name_length(const char *header)
{
	size_t length = 0;
	while (token_bytes[(unsigned char)header[length]])
		length++;
	return length;
}

static bool is_named(const char *header, const char *name)
{
	const size_t length = strlen(name);
	return name_length(header) == length && strncasecmp(header, name, length) == 0;
}

static bool gives(const struct request_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->header_count; i++)
		if (is_named(spec->headers[i], name))
			return true;
	return false;
}

static enum err_kind check_method(const char *method, struct err *e)
{
	const size_t length = strlen(method);
	for (size_t i = 0; i < length; i++)
		if ((method[i] < 'A' || method[i] > 'Z') && method[i] != '-')
			return ERR(e, ERR_USAGE,
				   "'%.*s' is no method: capital letters, such as GET or POST",
				   SHOWN, method);
	if (length == 0 || length > METHOD_MAX)
		return ERR(e, ERR_USAGE, "a method has 1 to %d letters, such as GET or POST",
			   METHOD_MAX);
	if (strcmp(method, "CONNECT") == 0)
		return ERR(e, ERR_USAGE, "CONNECT opens a tunnel, it is no request to load with");
	return ERR_OK;
}

static enum err_kind check_header(const char *header, const struct request_spec *spec,
				  struct err *e)
{
	const size_t length = name_length(header);
	if (length == 0 || header[length] != ':')
		return ERR(e, ERR_USAGE, "'%.*s' is no header: write 'Name: value'", SHOWN, header);
	for (const char *at = header + length; *at; at++)
		if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7f)
			return ERR(e, ERR_USAGE,
				   "the header %.*s holds the control byte 0x%02x: leave it out",
				   (int)(length < SHOWN ? length : SHOWN), header,
				   (unsigned char)*at);
	if (is_named(header, "Content-Length") || is_named(header, "Transfer-Encoding"))
		return ERR(e, ERR_USAGE, "%.*s is made from the body: leave it out", (int)length,
			   header);
	if (spec->has_trace && is_named(header, "traceparent"))
		return ERR(e, ERR_USAGE,
			   "traceparent is made for each request by --trace: leave one out");
	return ERR_OK;
}

static enum err_kind check(const struct request_spec *spec, const char *method, struct err *e)
{
	TRY(check_method(method, e));
	for (size_t i = 0; i < spec->header_count; i++)
		TRY(check_header(spec->headers[i], spec, e));
	return ERR_OK;
}

static bool says_length(const struct request_spec *spec, const char *method)
{
	bool says = spec->body != NULL;
	for (size_t i = 0; i < sizeof methods_with_length / sizeof *methods_with_length; i++)
		says |= strcmp(method, methods_with_length[i]) == 0;
	return says;
}

/* All but the last CRLF. Returns the trace's offset or 0. */
static size_t write_head(struct str *head, const struct request_spec *spec, const char *method)
{
	size_t trace_offset = 0;
	str_printf(head, "%s %s HTTP/1.1\r\n", method, spec->url->path);
	if (!gives(spec, "Host"))
		str_printf(head, "Host: %s\r\n", spec->url->authority);
	if (!gives(spec, "User-Agent"))
		str_add(head, "User-Agent: unslow/" UNSLOW_VERSION "\r\n");
	if (!gives(spec, "Accept"))
		str_add(head, "Accept: */*\r\n");
	if (spec->has_trace) {
		str_add(head, trace_start);
		trace_offset = head->length;
		str_add(head, trace_rest);
	}
	for (size_t i = 0; i < spec->header_count; i++)
		str_printf(head, "%s\r\n", spec->headers[i]);
	if (says_length(spec, method))
		str_printf(head, "Content-Length: %zu\r\n", spec->body_bytes);
	return trace_offset;
}

enum err_kind request_build(struct request *request, const struct request_spec *spec,
			    struct arena *arena, struct err *e)
{
	const char *usual = spec->body ? "POST" : "GET";
	const char *method = spec->method ? spec->method : usual;
	TRY(check(spec, method, e));

	struct str head;
	str_init(&head, HEAD_MAX);
	*request = (struct request){.is_head = strcmp(method, "HEAD") == 0};
	request->trace_offset = write_head(&head, spec, method);
	request->head_end = head.length;
	str_add(&head, "\r\n");
	const bool is_too_long = head.cut;
	if (!is_too_long) {
		request->count = head.length + spec->body_bytes;
		request->bytes = arena_alloc(arena, request->count);
		memcpy(request->bytes, head.text, head.length);
		if (spec->body)
			memcpy(request->bytes + head.length, spec->body, spec->body_bytes);
	}
	str_free(&head);
	if (is_too_long)
		return ERR(e, ERR_LIMIT,
			   "the URL and the headers are longer than %d bytes: no server takes them",
			   HEAD_MAX);
	return ERR_OK;
}

static char *write_hex(char *to, uint64_t number)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		*to++ = "0123456789abcdef"[number >> shift & 15];
	return to;
}

void request_patch_trace(struct request *request, uint64_t high, uint64_t low, uint64_t span)
{
	if (request->trace_offset == 0)
		return;
	char *at = request->bytes + request->trace_offset;
	at = write_hex(at, high);
	at = write_hex(at, low);
	write_hex(at + 1, span); /* behind the dash */
}

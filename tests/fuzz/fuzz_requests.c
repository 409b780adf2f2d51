/* libFuzzer: a file of requests. Memory stays inside its bounds; what is taken is a request that
 * ends its head once and holds no line that nobody wrote; what is refused names file and line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "load/request_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool done)
{
	if (!done)
		abort();
}

/* As many lines as there are CRLFs, and no other CR, LF or NUL. */
static void check_head(const struct request *r)
{
	must(r->head_end + 2 <= r->count && memcmp(r->bytes + r->head_end, "\r\n", 2) == 0);
	must(memcmp(r->bytes + r->head_end - 2, "\r\n", 2) == 0);
	must(memmem(r->bytes, r->head_end + 2, "\r\n\r\n", 4) == r->bytes + r->head_end - 2);
	for (size_t i = 0; i < r->head_end; i++) {
		must(r->bytes[i] != '\0');
		must(r->bytes[i] != '\r' || r->bytes[i + 1] == '\n');
		must(r->bytes[i] != '\n' || (i && r->bytes[i - 1] == '\r'));
	}
	must(memcmp(r->bytes + r->trace_offset - 3, "00-", 3) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const headers[] = {"X-Common: 1"};
	struct arena *arena = arena_new();
	struct request_set *set = request_set_new();
	struct url base;
	struct err e = {0};
	must(url_parse(&base, "unix:/a.sock:/", arena, &e) == ERR_OK);
	const struct request_spec common = {
		.url = &base, .headers = headers, .header_count = 1, .has_trace = true};
	char *exact = malloc(size ? size : 1); /* a read past the end is seen */
	must(exact != NULL);
	if (size)
		memcpy(exact, data, size);
	const enum err_kind kind = request_text_read(set, "r", exact, size, &common, &e);
	must(kind == ERR_OK || strncmp(e.text, "r:", 2) == 0 || strncmp(e.text, "r ", 2) == 0);
	must(kind != ERR_OK || set->requests.count > 0);
	uint64_t weight_end = 0;
	for (size_t i = 0; i < set->requests.count; i++) {
		struct request *r = &set->requests.items[i];
		check_head(r);
		request_patch_trace(r, UINT64_MAX, i, 1);
		check_head(r);
		must(r->weight >= 1 && r->weight_end == weight_end + r->weight);
		weight_end = r->weight_end;
		must(r->server < set->servers.count);
		/* The middle of its weight draws it. */
		const double unit = ((double)weight_end - r->weight / 2.0) /
				    (double)set->requests.items[set->requests.count - 1].weight_end;
		must(request_set_draw(set, unit) == r);
	}
	request_set_free(request_set_copy(set));
	request_set_free(set);
	arena_free(arena);
	free(exact);
	return 0;
}

/* libFuzzer: a connection's bytes, both ways, hostile. Memory stays inside its bounds, and the
 * same bytes in other pieces give the same records.
 *
 * Input: chunks of (1 byte: bit 7 = from the server, bits 0–6 = length, then that many bytes). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/wire.h"
#include "agent_fakes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum protocol { POSTGRES, REDIS, MYSQL, HTTP };
/* What the connection begins with; tests/fuzz/run says which of them. */
static const struct {
	const char *bytes;
	size_t length;
	bool from_server;
} startups[] = {
	[POSTGRES] = {"\0\0\0\x09\0\3\0\0\0", 9, false},
	[HTTP] = {"GET /a HTTP/1.1\r\n", 17, false},
	[REDIS] = {"*1\r\n$4\r\nPING\r\n", 14, false},
	[MYSQL] = {"\x0c\0\0\0\x0a"
		   "8.0.36\0salt",
		   16, true},
};

static void feed(bool from_server, const uint8_t *bytes, size_t length, size_t piece)
{
	struct handle *h = &fake_handles[0];
	for (size_t at = 0; at < length;) {
		size_t n = length - at < piece ? length - at : piece;
		uint8_t *exact = malloc(n); /* a read past the end is seen */
		if (!exact)
			abort();
		memcpy(exact, bytes + at, n);
		if (from_server)
			wire_received(h, exact, n, 2);
		else
			wire_sent(h, exact, n, 1);
		(void)wire_owner(h);
		free(exact);
		at += n;
	}
}

static size_t play(const uint8_t *data, size_t size, size_t piece, struct channel_record *out)
{
	fake_reset();
	fake_now_ns = 0;
	fake_handles[0] = (struct handle){.id = 1, .tracked = true, .kind = HANDLE_SOCKET};
	/* The protocol is detected from the first bytes of a side as they come; fix it here, since
	   a greeting is only recognised whole. */
	feed(startups[FUZZ_PROTOCOL].from_server, (const uint8_t *)startups[FUZZ_PROTOCOL].bytes,
	     startups[FUZZ_PROTOCOL].length, piece);
	for (size_t at = 0; at < size;) {
		bool server = data[at] & 0x80;
		size_t length = data[at] & 0x7f;
		at++;
		length = length < size - at ? length : size - at;
		feed(server, data + at, length, piece);
		at += length;
	}
	wire_closed(&fake_handles[0]);
	memcpy(out, fake_records, fake_record_count * sizeof *out);
	return fake_record_count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct channel_record whole[FAKE_RECORDS_MAX], pieces[FAKE_RECORDS_MAX];
	size_t a = play(data, size, 4096, whole);
	for (size_t piece = 1; piece <= 7; piece += 3) {
		size_t b = play(data, size, piece, pieces);
		bool same = a == b;
		for (size_t i = 0; same && i < a; i++) {
			whole[i].dur_ns = pieces[i].dur_ns = 0; /* a close reads the clock */
			same = memcmp(&whole[i], &pieces[i], sizeof whole[i]) == 0;
		}
		if (!same) {
			fprintf(stderr, "%zu records whole, %zu in pieces of %zu\n", a, b, piece);
			abort();
		}
	}
	return 0;
}

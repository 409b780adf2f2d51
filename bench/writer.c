/* What recording costs the program: 100,000 events a second, 10 seconds.
 *
 * usage: bench-writer FILE [SECONDS] [EVENTS_PER_S] [LONG_IN_1000]
 *
 * Synthetic requests of 20 calls go through ingest into FILE, at once and not
 * paced: the share of a core is CPU time over the time those events stand for.
 * LONG_IN_1000 of the calls last 50 µs or more and become rows of their own
 * (default 200: more than a real app's; the rest folds into usage_10s).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "recording/ingest.h"
#include "recording/recording.h"

enum { SERIAL = 1, CALLS = 20, ROUTES = 20, STACKS = 200, FLUSH_MS = 20, TID = 9 };

static uint64_t process_cpu_ns(void)
{
	return clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static void fill_dictionary(struct ingest *in)
{
	union {
		struct dict_text head;
		char room[sizeof(struct dict_text) + 64];
	} text;
	union {
		struct dict_code head;
		char room[sizeof(struct dict_code) + 64];
	} code;
	for (uint32_t i = 1; i <= ROUTES; i++) {
		text.head.id = i;
		text.head.length = (uint32_t)sprintf(text.head.bytes, "/route/%u/<int:id>", i);
		ingest_text(in, SERIAL, &text.head);
	}
	for (uint32_t i = 1; i <= STACKS; i++) {
		memset(&code, 0, sizeof code);
		code.head.id = i;
		code.head.first_line = 1;
		code.head.line_table_format = PY_LINES_LNOTAB;
		code.head.filename_length =
			(uint32_t)sprintf(code.head.bytes, "/srv/app/f%u.py", i);
		ingest_code(in, SERIAL, &code.head);
		union {
			struct dict_stack head;
			char room[sizeof(struct dict_stack) + sizeof(struct dict_frame)];
		} stack = {.head = {.id = i, .frame_count = 1}};
		stack.head.frames[0] = (struct dict_frame){i, 2};
		ingest_stack(in, SERIAL, &stack.head);
	}
	const struct dict_handle handle = {1, HANDLE_SOCKET, PEER_POSTGRESQL, 0, 5, 0};
	ingest_handle(in, SERIAL, &handle);
}

static void one_unit(struct ingest *in, uint64_t unit, uint64_t at_ns, unsigned long_in_1000)
{
	struct channel_record r = {.kind = RECORD_UNIT_BEGIN,
				   .unit = unit,
				   .t_start_ns = at_ns,
				   .subject = UNIT_REQUEST,
				   .object = TID,
				   .source = 1};
	ingest_record(in, SERIAL, TID, &r);
	for (unsigned call = 0; call < CALLS - 2; call++) {
		const bool is_long = (unit * 7919 + call * 104729) % 1000 < long_in_1000;
		r = (struct channel_record){
			.kind = call % 2 ? RECORD_RECV : RECORD_SEND,
			.unit = unit,
			.t_start_ns = at_ns + call * 5000,
			.dur_ns = is_long ? 80000 : 4000,
			.cpu_ns = 3000,
			.flags = is_long ? RECORD_CPU_KNOWN : 0,
			.stack = (uint32_t)(unit % 20 * 10 + call % 10 + 1),
			.subject = 1,
			.bytes = 100,
			.source = 1,
		};
		ingest_record(in, SERIAL, TID, &r);
	}
	r = (struct channel_record){.kind = RECORD_UNIT_END,
				    .unit = unit,
				    .t_start_ns = at_ns,
				    .dur_ns = 200000,
				    .aux = 150000,
				    .result = 200,
				    .source = 1,
				    .subject = (uint32_t)(unit % ROUTES + 1)};
	ingest_record(in, SERIAL, TID, &r);
}

int main(int argc, char **argv)
{
	const uint64_t seconds = argc > 2 ? strtoull(argv[2], NULL, 10) : 10;
	const uint64_t events = argc > 3 ? strtoull(argv[3], NULL, 10) : 100000;
	const unsigned long_in_1000 = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 200;
	const struct channel_header header = {.serial = SERIAL, .pid = 1, .state = AGENT_ON};
	struct recording *recording = NULL;
	struct err e = {0};
	struct stat st;

	if (argc < 2 ||
	    recording_create(&recording, argv[1], RECORDING_DEFAULT_MAX_BYTES, &e) != ERR_OK) {
		fprintf(stderr,
			"usage: bench-writer FILE [SECONDS] [EVENTS_PER_S] [LONG_IN_1000]: %s\n",
			e.text);
		return 2;
	}
	struct ingest *in = ingest_new(recording);
	ingest_process(in, &header);
	fill_dictionary(in);

	const uint64_t start_ns = clock_now_ns(), cpu_ns = process_cpu_ns();
	const uint64_t units_a_flush = events * FLUSH_MS / 1000 / CALLS;
	uint64_t unit = (uint64_t)SERIAL << UNIT_SERIAL_SHIFT, units = 0;
	enum err_kind kind = ERR_OK;
	for (uint64_t ms = 0; ms < seconds * 1000 && kind == ERR_OK; ms += FLUSH_MS) {
		for (uint64_t i = 0; i < units_a_flush; i++, units++)
			one_unit(in, ++unit, start_ns + ms * NS_PER_MS, long_in_1000);
		kind = ingest_flush(in, &e);
	}
	if (kind == ERR_OK)
		kind = ingest_finish(in, clock_now_ns(), &e);
	const uint64_t used_ns = process_cpu_ns() - cpu_ns;
	ingest_free(in);
	const uint64_t close_ns = clock_now_ns();
	if (kind == ERR_OK)
		kind = recording_close(recording, &e);
	if (kind != ERR_OK || stat(argv[1], &st) != 0) {
		fprintf(stderr, "bench-writer: %s\n", e.text);
		return 1;
	}
	const double records = (double)(units * CALLS);
	printf("%.0f events in %.2f s of CPU: %.3f us an event, %.1f %% of a core at %llu "
	       "events/s\n",
	       records, (double)used_ns / 1e9, (double)used_ns / 1e3 / records,
	       (double)used_ns / 1e7 / (double)seconds, (unsigned long long)events);
	printf("%lld bytes: %.1f an event; closed in %.0f ms\n", (long long)st.st_size,
	       (double)st.st_size / records, (double)(clock_now_ns() - close_ns) / 1e6);
	return 0;
}

/* libFuzzer: what a hostile process may write into its channel files, from the files through
 * reader and ingest to rows. Memory stays inside its bounds, every drain ends.
 *
 * Input: operations (1 byte), each with its bytes, upon a file that starts out valid. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "probe/channel_reader.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SERIAL = 5, PID = 77, RINGS = 2, CAPACITY = 16, RINGS_AT = CHANNEL_PAGE };
enum {
	DICT_AT = RINGS_AT + 4 * CHANNEL_PAGE,
	DICT_BYTES = 8192,
	FILE_BYTES = DICT_AT + DICT_BYTES
};
enum { RECORDING_BYTES = 64 << 20, INPUTS_PER_RECORDING = 2000 };

enum operation { OVERWRITE, RECORD, ENTRY, DRAIN, CUT, GROW, MORE_RINGS, HEADER, OPERATIONS };

struct input {
	const uint8_t *at;
	size_t left;
};

static char folder[] = "/dev/shm/unslow-fuzz-XXXXXX";
static char path_of_recording[64];
static int directory;
static struct recording *recording;
static unsigned inputs;

static void must(bool done)
{
	if (!done)
		abort();
}

static void remove_all(void)
{
	unlinkat(directory, "77-5.0", 0);
	unlinkat(directory, "77-5.1", 0);
	struct err e;
	if (recording && recording_close(recording, &e) != ERR_OK)
		fprintf(stderr, "%s\n", e.text);
	unlink(path_of_recording);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	must(mkdtemp(folder) != NULL);
	directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path_of_recording, sizeof path_of_recording, "%s/a.rec", folder);
	log_set_level(LOG_QUIET);
	return atexit(remove_all);
}

static size_t take(struct input *in, void *out, size_t size)
{
	const size_t got = size < in->left ? size : in->left;
	memset(out, 0, size);
	memcpy(out, in->at, got);
	in->at += got;
	in->left -= got;
	return got;
}

static uint16_t take_u16(struct input *in)
{
	uint16_t value;
	take(in, &value, sizeof value);
	return value;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
	const int fd = openat(directory, name, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
	must(fd >= 0 && pwrite(fd, bytes, size, 0) == (ssize_t)size);
	close(fd);
}

/* A file as an agent makes it. */
static void make_valid(void)
{
	static _Alignas(64) unsigned char bytes[FILE_BYTES];
	struct channel_header *header = (void *)bytes;
	struct channel_rings *rings = (void *)(bytes + RINGS_AT);
	memset(bytes, 0, sizeof bytes);
	*rings = (struct channel_rings){
		.magic = CHANNEL_RING_MAGIC, .ring_count = RINGS, .capacity = CAPACITY};
	header->magic = CHANNEL_MAGIC;
	header->abi = CHANNEL_ABI;
	header->serial = SERIAL;
	header->pid = PID;
	header->file_size = FILE_BYTES;
	header->rings_offset = RINGS_AT;
	header->dict_offset = DICT_AT;
	header->dict_size = DICT_BYTES;
	header->ring_files = 1;
	header->state = AGENT_ON;
	unlinkat(directory, "77-5.0", 0); /* a new inode: the last one may still be cut */
	unlinkat(directory, "77-5.1", 0);
	write_file("77-5.0", bytes, sizeof bytes);
}

/* The writer's view. It writes by pwrite, as a file that was cut would kill this process. */
struct writer {
	int fd;
	uint64_t dict_tail;
	uint64_t heads[RINGS];
};

static void put(const struct writer *w, uint64_t offset, const void *bytes, size_t size)
{
	must(pwrite(w->fd, bytes, size, (off_t)offset) == (ssize_t)size);
}

static void put_record(struct writer *w, struct input *in)
{
	struct channel_record record;
	uint8_t head[4];
	take(in, head, sizeof head);
	take(in, &record, sizeof record);
	const uint32_t ring = head[0] % RINGS;
	/* Mostly plausible, so that the rows behind the checks are reached. */
	if (head[1] % 8) {
		record.t_start_ns = clock_now_ns() - record.t_start_ns % NS_PER_S;
		record.dur_ns %= NS_PER_MS;
		record.unit =
			record.unit % 4 ? (uint64_t)SERIAL << UNIT_SERIAL_SHIFT | head[2] % 8 : 0;
		record.kind = (uint16_t)(record.kind % (RECORD_EXCEPTION + 2));
		if (head[3] % 4 == 0) {
			record.kind = RECORD_SAMPLE;
			record.result = (int16_t)(record.result % (SAMPLE_SLEEP + 2));
			record.aux = (uint64_t)(head[1] % 64) << 32 | head[2] % 4;
		}
		record.subject %= 8;
		record.object %= 8;
		record.stack %= 8;
	}
	const uint64_t rings_at = RINGS_AT + sizeof(struct channel_rings);
	put(w,
	    rings_at + RINGS * sizeof(struct channel_ring) +
		    (ring * CAPACITY + w->heads[ring] % CAPACITY) * sizeof record,
	    &record, sizeof record);
	w->heads[ring]++;
	put(w, rings_at + ring * sizeof(struct channel_ring), &w->heads[ring], 8);
}

static void put_entry(struct writer *w, struct input *in)
{
	uint8_t payload[512];
	uint8_t kind;
	take(in, &kind, 1);
	const size_t size = take_u16(in) % sizeof payload;
	take(in, payload, size);
	if (kind & 0x80 && size >= 4) /* ids that records name */
		memcpy(payload, (uint32_t[]){kind >> 4 & 7}, 4);
	const uint32_t whole = (uint32_t)((sizeof(struct dict_entry) + size + 7) & ~(size_t)7);
	if (w->dict_tail + whole > DICT_BYTES)
		return;
	const struct dict_entry entry = {.size = whole, .ready = (kind & 0xf) % (DICT_THREAD + 2)};
	put(w, DICT_AT + w->dict_tail, &entry, sizeof entry);
	put(w, DICT_AT + w->dict_tail + sizeof entry, payload, size);
	w->dict_tail += whole;
	put(w, offsetof(struct channel_header, dict_tail), &w->dict_tail, 8);
}

static void more_rings(struct writer *w, struct input *in)
{
	struct channel_rings rings = {
		.magic = CHANNEL_RING_MAGIC, .ring_count = 1, .capacity = CAPACITY};
	static unsigned char bytes[CHANNEL_PAGE * 2];
	const uint32_t two = 2;
	take(in, bytes, 512);
	if (take_u16(in) % 4)
		memcpy(bytes, &rings, sizeof rings);
	write_file("77-5.1", bytes, sizeof bytes);
	put(w, offsetof(struct channel_header, ring_files), &two, sizeof two);
}

static void operate(struct writer *w, struct input *in, struct channel_reader **reader,
		    struct ingest *ingest)
{
	struct err e;
	uint8_t operation, bytes[64];
	take(in, &operation, 1);
	switch (operation % OPERATIONS) {
	case OVERWRITE: {
		const uint64_t offset = take_u16(in) % (FILE_BYTES - sizeof bytes);
		const size_t size = take_u16(in) % sizeof bytes;
		take(in, bytes, size);
		put(w, offset, bytes, size);
		break;
	}
	case RECORD:
		put_record(w, in);
		break;
	case ENTRY:
		put_entry(w, in);
		break;
	case DRAIN:
		if (*reader ||
		    channel_reader_open(reader, directory, "77-5.0", ingest, &e) == ERR_OK)
			channel_reader_drain(*reader, false);
		break;
	case CUT:
		must(ftruncate(w->fd, take_u16(in) % FILE_BYTES) == 0);
		break;
	case GROW:
		must(ftruncate(w->fd, (off_t)take_u16(in) << 16) == 0);
		break;
	case MORE_RINGS:
		more_rings(w, in);
		break;
	case HEADER:
		take(in, bytes, 8);
		put(w, (take_u16(in) * 8) % (sizeof(struct channel_header) & ~7U), bytes, 8);
		break;
	default:
		abort();
	}
}

static void new_recording(void)
{
	struct err e;
	if (recording)
		must(recording_close(recording, &e) == ERR_OK);
	unlink(path_of_recording);
	must(recording_create(&recording, path_of_recording, RECORDING_BYTES, &e) == ERR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e;
	struct input in = {data, size};
	struct writer w = {0};
	struct channel_reader *reader = NULL;
	if (inputs++ % INPUTS_PER_RECORDING == 0)
		new_recording();
	struct ingest *ingest = ingest_new(recording);
	make_valid();
	w.fd = openat(directory, "77-5.0", O_RDWR | O_CLOEXEC);
	must(w.fd >= 0);
	while (in.left)
		operate(&w, &in, &reader, ingest);
	if (reader || channel_reader_open(&reader, directory, "77-5.0", ingest, &e) == ERR_OK) {
		channel_reader_drain(reader, true);
		channel_reader_end_open_calls(reader, clock_now_ns());
		(void)channel_reader_count(reader);
		ingest_process_end(ingest, SERIAL, clock_now_ns());
		(void)channel_reader_close(reader, true);
	}
	/* The second finishes what the first has ended. */
	for (int i = 0; i < 3; i++)
		must(ingest_flush(ingest, &e) == ERR_OK);
	must(ingest_finish(ingest, clock_now_ns(), &e) == ERR_OK);
	ingest_free(ingest);
	close(w.fd);
	return 0;
}

/* libFuzzer: what a hostile process may write into its files of calls, lines, events and arguments,
 * from the files to rows. Memory stays inside its bounds, what comes out is a tree.
 *
 * Input: pairs of (which file, offset, 8 bytes), put over files that start out valid. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "probe/calls_reader.h"
#include "recording/calls.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SERIAL = 5, PID = 77, NODES = 24, LINES = 8, EVENTS = 8, INPUTS_PER_RECORDING = 1000 };
enum { RECORDING_BYTES = 64 << 20, FILES_BYTES = 1 << 20 };
#define AREA_BYTES (sizeof(struct calls_area) + NODES * sizeof(struct calls_node))

/* The files, each at least a page. */
static struct {
	const char *suffix;
	size_t size;
	unsigned char *bytes;
} files[] = {
	{"calls", 4096, NULL},
	{"calls-1", AREA_BYTES, NULL},
	{"lines-1", 4096, NULL},
	{"timeline-1", 4096, NULL},
	{"lengths-1", 2 * sizeof(struct calls_histogram), NULL},
	{"arguments-1", 12288, NULL},
};
enum { FILES = sizeof files / sizeof *files };

static char folder[] = "/dev/shm/unslow-fuzz-XXXXXX";
static char path_of_recording[64];
static int directory;
static struct recording *recording;
static struct ingest *ingest;
static unsigned inputs;

static void must(bool done)
{
	if (!done)
		abort();
}

static void remove_all(void)
{
	struct err e;
	for (int i = 0; i < FILES; i++) {
		char name[64];
		snprintf(name, sizeof name, "%d-%d.%s", PID, SERIAL, files[i].suffix);
		unlinkat(directory, name, 0);
	}
	ingest_free(ingest);
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
	for (int i = 0; i < FILES; i++)
		must((files[i].bytes = malloc(files[i].size)) != NULL);
	return atexit(remove_all);
}

static void make_tree(void)
{
	struct calls_area *area = (void *)files[1].bytes;
	*area = (struct calls_area){
		.magic = CALLS_AREA_MAGIC,
		.number = 1,
		.tid = 100,
		.node_count = NODES,
		.node_capacity = NODES,
		.depth = 4,
		.histogram_count = 2,
		.nodes_offset = sizeof *area,
		.last_wall = 5000,
		.live = {{1, 0, 0, 0}, {2, 0, 10, 10}, {3, 1, 20, 20}, {4, 0, 30, 30}},
	};
	struct calls_node *nodes = (void *)(files[1].bytes + sizeof *area);
	memset(nodes, 0, files[1].size - sizeof *area);
	for (uint32_t i = 1; i < NODES; i++) {
		nodes[i].kind = (uint16_t)(i == 1 ? CALLS_ROOT : i == 12 ? CALLS_WORK : 2 + i % 2);
		nodes[i].parent = i == 1 || i == 12 ? 0 : i / 2 ? i / 2 : 1;
		nodes[i].code = i;
		nodes[i].calls = i;
		nodes[i].own_wall = nodes[i].total_wall = 100 * i;
		nodes[i].histogram = i % 3;
		nodes[i].folds = i == 20 ? 10 : 0;
	}
}

static void make_valid(void)
{
	struct calls_process *p = (void *)files[0].bytes;
	for (int i = 0; i < FILES; i++)
		memset(files[i].bytes, 0, files[i].size);
	*p = (struct calls_process){
		.magic = CALLS_PROCESS_MAGIC,
		.abi = CALLS_ABI,
		.pid = PID,
		.serial = SERIAL,
		.engine = CALLS_ENGINE_EVAL,
		.clock = CALLS_CLOCK_TSC,
		.areas = 1,
		.line_areas = 1,
		.timeline_areas = 1,
		.argument_areas = 1,
		.pairs = {{0, 0}, {3 * NS_PER_S, NS_PER_S}},
	};
	make_tree();
	struct lines_area *lines = (void *)files[2].bytes;
	*lines = (struct lines_area){
		.magic = LINES_AREA_MAGIC,
		.tid = 100,
		.lines_offset = sizeof *lines,
		.capacity = LINES,
		.count = LINES,
		.memory_offset = sizeof *lines + LINES * sizeof(struct calls_line),
		.waits_offset = sizeof *lines + LINES * (sizeof(struct calls_line) +
							 sizeof(struct calls_line_memory))};
	struct timeline_area *timeline = (void *)files[3].bytes;
	*timeline = (struct timeline_area){.magic = TIMELINE_AREA_MAGIC,
					   .tid = 100,
					   .entries_offset = sizeof *timeline,
					   .capacity = EVENTS,
					   .head = 12};
	struct arguments_area *arguments = (void *)files[4].bytes;
	arguments->magic = ARGUMENTS_AREA_MAGIC;
	arguments->count = 3;
	arguments->of[0] = (struct calls_arguments){.calls = 9, .comparable = 8, .set_bits = 4};
}

static void spoil(const uint8_t *data, size_t size)
{
	struct {
		uint8_t file, high, low, bytes[8];
	} one;
	for (; size >= sizeof one; data += sizeof one, size -= sizeof one) {
		memcpy(&one, data, sizeof one);
		const int file = one.file % FILES;
		const size_t at = ((size_t)one.high << 8 | one.low) * 4 % (files[file].size - 8);
		memcpy(files[file].bytes + at, one.bytes, 1 + one.file / FILES % 8);
	}
}

static void open_recording(void)
{
	struct err e;
	if (recording && inputs++ % INPUTS_PER_RECORDING)
		return;
	ingest_free(ingest);
	if (recording)
		must(recording_close(recording, &e) == ERR_OK);
	unlink(path_of_recording);
	must(recording_create(&recording, path_of_recording, RECORDING_BYTES, &e) == ERR_OK);
	ingest = ingest_new(recording);
	inputs = 1;
}

/* Each caller is there, and before what it calls. */
static void check_rows(void)
{
	sqlite3_stmt *row = NULL;
	must(sqlite3_prepare_v2(
		     recording_db(recording),
		     "SELECT count(*) FROM call_node n WHERE parent_id >= id OR (parent_id <> 0 "
		     "AND NOT EXISTS (SELECT 1 FROM call_node p WHERE p.id = n.parent_id))",
		     -1, &row, NULL) == SQLITE_OK);
	must(sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0) == 0);
	sqlite3_finalize(row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct channel_header header = {.serial = SERIAL, .pid = PID, .units_begun = 3};
	open_recording();
	ingest_process(ingest, &header);
	make_valid();
	spoil(data, size);
	for (int i = 0; i < FILES; i++) {
		char name[64];
		snprintf(name, sizeof name, "%d-%d.%s", PID, SERIAL, files[i].suffix);
		const int fd = openat(directory, name, O_CREAT | O_TRUNC | O_RDWR, 0600);
		must(fd >= 0 &&
		     pwrite(fd, files[i].bytes, files[i].size, 0) == (ssize_t)files[i].size);
		close(fd);
	}
	struct calls_reader *reader = calls_reader_new(directory, PID, SERIAL, FILES_BYTES, ingest);
	calls_reader_drain(reader, NULL, CALLS_MEANWHILE, 0);
	calls_reader_drain(reader, NULL, CALLS_PROCESS_GONE, UINT64_MAX);
	calls_reader_close(reader, false);
	if (inputs % 100 == 0)
		check_rows();
	return 0;
}

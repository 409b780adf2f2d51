/* libFuzzer: what a hostile process may write into its heap file, from the file to rows. Memory
 * stays inside its bounds, sums stay within theirs.
 *
 * Input: pairs of (offset, 8 bytes), put over a file that starts out valid. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "probe/heap_reader.h"
#include "recording/heap.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SERIAL = 5, PID = 77, SITES = 12, LIVES = 48, PEAKS = 4, INPUTS_PER_RECORDING = 1000 };
enum { RECORDING_BYTES = 64 << 20, FILE_ROOM = 1 << 22 };
#define SITES_AT sizeof(struct heap_file)
#define PEAKS_AT offsetof(struct heap_file, peak_head)
#define LIVE_AT (SITES_AT + SITES * sizeof(struct heap_site))
#define FILE_BYTES (LIVE_AT + LIVES * sizeof(struct heap_live))

static char folder[] = "/dev/shm/unslow-fuzz-XXXXXX";
static char path_of_recording[64];
static unsigned char *bytes;
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
	char name[64];
	snprintf(name, sizeof name, "%d-%d.heap", PID, SERIAL);
	unlinkat(directory, name, 0);
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
	must((bytes = malloc(FILE_BYTES)) != NULL);
	return atexit(remove_all);
}

static void make_valid(void)
{
	struct heap_file *file = (void *)bytes;
	memset(bytes, 0, FILE_BYTES);
	file->magic = HEAP_MAGIC;
	file->abi = HEAP_ABI;
	file->pid = PID;
	file->serial = SERIAL;
	file->site_capacity = SITES;
	file->site_count = SITES;
	file->live_capacity = LIVES;
	file->sites_at = SITES_AT;
	file->live_at = LIVE_AT;
	file->second_head = 3;
	for (uint64_t i = 0; i < 3; i++)
		file->seconds[i].at_ns = i + 1;
	file->peak_head = PEAKS;
	for (uint32_t i = 0; i < PEAKS; i++)
		file->peaks[i] = (struct heap_peak){.number = i + 1,
						    .unit = (uint64_t)SERIAL << 40 | i,
						    .at_ns = i,
						    .bytes = i * 1000,
						    .site_bytes = i * 500,
						    .site = i % SITES,
						    .route = i % 3};
	struct heap_site *sites = (void *)(bytes + SITES_AT);
	struct heap_live *lives = (void *)(bytes + LIVE_AT);
	for (uint32_t i = 0; i < SITES; i++)
		sites[i] = (struct heap_site){
			.stack = i, .domain = i % 4, .samples = i, .made_bytes = i * 1000};
	for (uint32_t i = 0; i < LIVES; i++)
		lives[i] = (struct heap_live){.address = i % 5 ? i : 0,
					      .size = i * 100,
					      .weight_bytes = i * 1000,
					      .site = i % SITES,
					      .route = i % 3,
					      .born_unit = i};
}

static void spoil(const uint8_t *data, size_t size)
{
	struct {
		uint8_t high, low, where, bytes[8];
	} one;
	/* the head, peaks, or what lies behind them */
	const size_t starts[] = {0, SITES_AT, PEAKS_AT};
	for (; size >= sizeof one; data += sizeof one, size -= sizeof one) {
		memcpy(&one, data, sizeof one);
		const size_t start = starts[one.where % 3];
		const size_t room = start == SITES_AT   ? FILE_BYTES - start
				    : start == PEAKS_AT ? 16 + PEAKS * sizeof(struct heap_peak)
							: 1024;
		const size_t at = ((size_t)one.high << 8 | one.low) * 4 % (room - 8);
		memcpy(bytes + start + at, one.bytes, 1 + one.where / 3 % 8);
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

static void check_rows(void)
{
	sqlite3_stmt *row = NULL;
	must(sqlite3_prepare_v2(recording_db(recording),
				"SELECT count(*) FROM heap_live l LEFT JOIN heap_snapshot s ON "
				"s.id = l.snapshot_id WHERE s.id IS NULL OR bytes < 0 OR bytes > "
				"1 << 50 OR NOT variance >= 0",
				-1, &row, NULL) == SQLITE_OK);
	must(sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0) == 0);
	sqlite3_finalize(row);
	must(sqlite3_prepare_v2(
		     recording_db(recording),
		     "SELECT count(*) FROM heap_unit_peak WHERE NOT peak_bytes BETWEEN 1 AND "
		     "1 << 50 OR NOT site_bytes BETWEEN 0 AND peak_bytes OR unit_id >> "
		     "40 <> process_id OR NOT variance >= 0",
		     -1, &row, NULL) == SQLITE_OK);
	must(sqlite3_step(row) == SQLITE_ROW && sqlite3_column_int(row, 0) == 0);
	sqlite3_finalize(row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct channel_header header = {.serial = SERIAL, .pid = PID, .units_begun = 3};
	char name[64];
	open_recording();
	ingest_process(ingest, &header);
	make_valid();
	spoil(data, size);
	snprintf(name, sizeof name, "%d-%d.heap", PID, SERIAL);
	const int fd = openat(directory, name, O_CREAT | O_TRUNC | O_RDWR, 0600);
	must(fd >= 0 && pwrite(fd, bytes, FILE_BYTES, 0) == (ssize_t)FILE_BYTES);
	close(fd);
	struct heap_reader *reader = heap_reader_new(directory, PID, SERIAL, FILE_ROOM, ingest);
	heap_reader_drain(reader, HEAP_SAMPLED, 3, false);
	heap_reader_drain(reader, HEAP_SAMPLED, 0, true);
	heap_reader_close(reader, false);
	if (inputs % 100 == 0)
		check_rows();
	return 0;
}

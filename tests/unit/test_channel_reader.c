/* Hand-made channel files through the whole way: agent_probe finds them, reads
 * rings and dictionary, and rows appear. Then what a hostile writer may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "probe/agent_probe.h"
#include "probe/channel_reader.h"

enum { SERIAL = 5, RINGS = 2, CAPACITY = 16, DICT_BYTES = 8192, RINGS_AT = CHANNEL_PAGE };
#define DICT_AT (RINGS_AT + 4 * CHANNEL_PAGE)
#define FILE_BYTES (DICT_AT + DICT_BYTES)
#define UNIT ((uint64_t)SERIAL << UNIT_SERIAL_SHIFT | 1)

/* A channel file as the agent makes it, mapped. */
struct file {
	char path[256];
	unsigned char *bytes;
	struct channel_header *header;
	struct channel_rings *run;
	struct channel_ring *rings;
	struct channel_record *records;
	uint64_t dict_tail;
};

struct world {
	char path[64];
	struct recording *recording;
	struct ingest *ingest;
	struct agent_probe *probe;
	struct file file;
};

static void make_file(struct world *w, pid_t pid)
{
	struct file *f = &w->file;
	snprintf(f->path, sizeof f->path, "%s/%d-%d.0", agent_probe_directory(w->probe), (int)pid,
		 SERIAL);
	const int fd = open(f->path, O_CREAT | O_EXCL | O_RDWR, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, FILE_BYTES), 0);
	f->bytes = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(f->bytes != MAP_FAILED);
	close(fd);
	f->dict_tail = 0;
	f->header = (struct channel_header *)(void *)f->bytes;
	f->run = (struct channel_rings *)(void *)(f->bytes + RINGS_AT);
	f->rings = (struct channel_ring *)(void *)(f->run + 1);
	f->records = (struct channel_record *)(void *)(f->rings + RINGS);
	*f->run = (struct channel_rings){
		.magic = CHANNEL_RING_MAGIC, .ring_count = RINGS, .capacity = CAPACITY};
	f->header->abi = CHANNEL_ABI;
	f->header->serial = SERIAL;
	f->header->pid = (uint32_t)pid;
	f->header->made_ns = clock_now_ns();
	f->header->file_size = FILE_BYTES;
	f->header->rings_offset = RINGS_AT;
	f->header->dict_offset = DICT_AT;
	f->header->dict_size = DICT_BYTES;
	f->header->python_hex = 0x030b07f0;
	f->header->state = AGENT_ON;
	f->header->ring_files = 1;
	f->rings[0].tid = 100;
	f->rings[1].tid = 101;
}

static void show(struct file *f)
{
	f->header->magic = CHANNEL_MAGIC;
}

static void begin(struct world *w, pid_t pid)
{
	struct err e = {0};
	strcpy(w->path, "/tmp/unslow-test-XXXXXX");
	close(mkstemp(w->path));
	unlink(w->path);
	assert_int_equal(recording_create(&w->recording, w->path, RECORDING_DEFAULT_MAX_BYTES, &e),
			 ERR_OK);
	w->ingest = ingest_new(w->recording);
	if (agent_probe_start(&w->probe, w->ingest, &e) != ERR_OK)
		fail_msg("%s", e.text);
	make_file(w, pid);
}

static void drain(struct world *w)
{
	struct err e;
	assert_int_equal(agent_probe_drain(w->probe, &e), ERR_OK);
}

/* Stops the probe and writes what is left; rows can be asked for. */
static void stop(struct world *w)
{
	struct err e;
	assert_int_equal(agent_probe_stop(w->probe, &e), ERR_OK);
	assert_int_equal(ingest_finish(w->ingest, clock_now_ns(), &e), ERR_OK);
}

static void finish(struct world *w)
{
	struct err e;
	munmap(w->file.bytes, FILE_BYTES);
	agent_probe_free(w->probe);
	ingest_free(w->ingest);
	assert_int_equal(recording_close(w->recording, &e), ERR_OK);
	unlink(w->path);
}

static int64_t query(struct world *w, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t value = INT64_MIN;
	sqlite3 *db = recording_db(w->recording);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

/* As ring_write() does: false when full. */
static bool put(struct file *f, uint32_t ring, uint16_t kind, uint64_t dur_ns, uint32_t subject)
{
	struct channel_ring *r = &f->rings[ring];
	if (r->head - r->tail >= CAPACITY) {
		r->dropped++;
		return false;
	}
	f->records[ring * CAPACITY + r->head % CAPACITY] = (struct channel_record){
		.t_start_ns = f->header->made_ns,
		.dur_ns = dur_ns,
		.unit = UNIT,
		.kind = kind,
		.subject = subject,
		.object = kind == RECORD_UNIT_BEGIN ? f->rings[ring].tid : 0,
		.source = 1,
	};
	r->head++;
	return true;
}

/* Reserve, fill, make ready (unless `kind` is 0: still being written). */
static struct dict_entry *put_dict(struct file *f, uint32_t kind, const void *payload, size_t size)
{
	struct dict_entry *entry = (void *)(f->bytes + DICT_AT + f->dict_tail);
	const size_t whole = (sizeof *entry + size + 7) & ~(size_t)7;
	memcpy(entry + 1, payload, size);
	entry->size = (uint32_t)whole;
	entry->ready = kind;
	f->dict_tail += whole;
	f->header->dict_tail = f->dict_tail;
	return entry;
}

static struct dict_entry *put_text(struct file *f, uint32_t kind, uint32_t id, const char *value)
{
	union {
		struct dict_text head;
		char room[sizeof(struct dict_text) + 64];
	} text = {.head = {.id = id, .length = (uint32_t)strlen(value)}};
	memcpy(text.head.bytes, value, strlen(value));
	return put_dict(f, kind, &text, sizeof text.head + strlen(value));
}

static void test_records_become_rows(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	drain(&w); /* the header is not there yet: not an error */
	assert_int_equal(agent_probe_count(w.probe).processes, 0);
	show(&w.file);
	put_text(&w.file, DICT_TEXT, 1, "/hello");
	put(&w.file, 0, RECORD_UNIT_BEGIN, 0, UNIT_REQUEST);
	put(&w.file, 0, RECORD_SLEEP, 70000, 0);
	put(&w.file, 0, RECORD_UNIT_END, 90000, 1);
	w.file.rings[0].hook_ns = 1000;
	w.file.rings[0].hook_timed = 10;
	w.file.rings[0].hook_calls = 640;
	drain(&w);
	assert_int_equal(w.file.rings[0].tail, 3);
	const struct agent_probe_counts counts = agent_probe_count(w.probe);
	assert_int_equal(counts.processes, 1);
	assert_int_equal(counts.processes_on, 1);
	assert_int_equal(counts.records, 3);
	stop(&w);
	assert_int_equal(query(&w, "SELECT wall_ns FROM v1_unit WHERE route = '/hello'"), 90000);
	assert_int_equal(query(&w, "SELECT count(*) FROM process WHERE python = '3.11.7'"), 1);
	assert_int_equal(query(&w, "SELECT value FROM meta WHERE key = 'hook_calls'"), 640);
	assert_int_equal(query(&w, "SELECT value FROM meta WHERE key = 'hook_ns'"), 64000);
	assert_int_equal(access(w.file.path, F_OK), -1); /* directory removed */
	finish(&w);
}

/* A thread a request: the ring has its next owner before it is read. */
static void test_ring_of_the_next_thread_keeps_the_units_own(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	put(&w.file, 0, RECORD_UNIT_BEGIN, 0, UNIT_REQUEST);
	put(&w.file, 0, RECORD_FSYNC, 70000, 0);
	w.file.records[1].flags = RECORD_CPU_KNOWN;
	put(&w.file, 0, RECORD_UNIT_END, 90000, 0);
	w.file.rings[0].tid = 555;
	drain(&w);
	stop(&w);
	assert_int_equal(query(&w, "SELECT file_ns FROM unit"), 70000);
	assert_int_equal(query(&w, "SELECT tid FROM v1_event e JOIN thread t ON t.id = thread_id"),
			 100);
	finish(&w);
}

static void test_rings_wrap_and_full_rings_are_counted(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	int written = 0;
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 11; i++)
			written += put(&w.file, 1, RECORD_SLEEP, 100, 0);
		drain(&w);
	}
	assert_int_equal(written, 110);
	for (int i = 0; i < 20; i++)
		written += put(&w.file, 1, RECORD_SLEEP, 100, 0);
	assert_int_equal(written, 126);
	drain(&w);
	assert_int_equal(agent_probe_count(w.probe).records, 126);
	assert_int_equal(agent_probe_count(w.probe).dropped, 4);
	stop(&w);
	assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s"), 126);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'ring_full'"), 4);
	finish(&w);
}

/* Records wait for an entry that is being written, but not for ever. */
static void test_torn_entry_holds_records_back(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	struct dict_entry *torn = put_text(&w.file, 0, 1, "/late");
	put(&w.file, 0, RECORD_UNIT_END, 1000, 1);
	drain(&w);
	assert_int_equal(agent_probe_count(w.probe).records, 0);
	torn->ready = DICT_TEXT;
	drain(&w);
	assert_int_equal(agent_probe_count(w.probe).records, 1);

	put_text(&w.file, 0, 2, "/never");
	put_text(&w.file, DICT_TEXT, 3, "/after");
	put(&w.file, 0, RECORD_SLEEP, 1000, 0);
	for (int i = 0; i < 12; i++)
		drain(&w);
	assert_int_equal(agent_probe_count(w.probe).records, 2);
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_unit WHERE route = '/late'"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM text WHERE value = '/after'"), 1);
	finish(&w);
}

static void test_wrong_payload_is_left_out(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	const struct dict_text longer = {.id = 1, .length = 5000};
	const struct dict_code code = {
		.id = 1, .filename_length = UINT32_MAX, .qualname_length = UINT32_MAX};
	const struct dict_stack stack = {.id = 1, .frame_count = 900};
	put_dict(&w.file, DICT_TEXT, &longer, sizeof longer);
	put_dict(&w.file, DICT_CODE, &code, sizeof code);
	put_dict(&w.file, DICT_STACK, &stack, sizeof stack);
	put_dict(&w.file, DICT_HANDLE, &stack, 4);
	put_dict(&w.file, 99, &stack, 4);
	put_text(&w.file, DICT_TEXT, 2, "good");
	drain(&w);
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM text"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM code"), 0);
	finish(&w);
}

/* Each of these ends the reading of that process, and of nothing else. */
static void break_dict_size(struct file *f)
{
	put_text(f, DICT_TEXT, 1, "x")->size = 12345678;
}
static void break_dict_align(struct file *f)
{
	put_text(f, DICT_TEXT, 1, "x")->size = 9;
}
static void break_head(struct file *f)
{
	f->rings[1].head = UINT64_MAX / 2;
}
static void break_length(struct file *f)
{
	assert_int_equal(truncate(f->path, CHANNEL_PAGE), 0);
}
static void break_more_files(struct file *f)
{
	char more[300];
	snprintf(more, sizeof more, "%.*s1", (int)strlen(f->path) - 1, f->path);
	const int fd = open(more, O_CREAT | O_RDWR, 0600);
	const struct channel_rings rings = {
		.magic = CHANNEL_RING_MAGIC, .ring_count = 4096, .capacity = 1 << 20};
	assert_int_equal(ftruncate(fd, 8192), 0);
	assert_int_equal(pwrite(fd, &rings, sizeof rings, 0), sizeof rings);
	close(fd);
	f->header->ring_files = 2;
}

static void test_hostile_changes_end_the_reading(void **state)
{
	void (*const breaks[])(struct file *) = {break_dict_size, break_dict_align, break_head,
						 break_length, break_more_files};
	(void)state;
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
		struct world w;
		begin(&w, getpid());
		show(&w.file);
		put(&w.file, 0, RECORD_SLEEP, 1000, 0);
		drain(&w);
		assert_int_equal(agent_probe_count(w.probe).records, 1);
		breaks[i](&w.file);
		drain(&w);
		if (breaks[i] != break_length)
			put(&w.file, 0, RECORD_SLEEP, 1000, 0);
		drain(&w);
		assert_int_equal(agent_probe_count(w.probe).records, 1);
		stop(&w);
		assert_int_equal(query(&w, "SELECT sum(calls) FROM usage_10s"), 1);
		finish(&w);
	}
}

static void test_files_that_contradict_themselves_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 7; i++) {
		struct world w;
		begin(&w, getpid());
		struct channel_header *h = w.file.header;
		switch (i) {
		case 0:
			h->abi = CHANNEL_ABI + 1;
			break;
		case 1:
			h->serial = 77;
			break;
		case 2:
			h->rings_offset = UINT64_MAX - 63;
			break;
		case 3:
			h->dict_offset = FILE_BYTES - 8;
			break;
		case 4:
			w.file.run->ring_count = 0;
			break;
		case 5:
			w.file.run->capacity = 1 << 20;
			break;
		default:
			h->pid = 1;
			break;
		}
		show(&w.file);
		put(&w.file, 0, RECORD_SLEEP, 1000, 0);
		drain(&w);
		assert_int_equal(agent_probe_count(w.probe).processes, 0);
		stop(&w);
		assert_int_equal(query(&w, "SELECT count(*) FROM process"), 0);
		finish(&w);
	}
}

static void test_names_of_channel_files(void **state)
{
	uint32_t pid = 0, serial = 0;
	(void)state;
	assert_true(channel_reader_parse_name("4242-17.0", &pid, &serial));
	assert_int_equal(pid, 4242);
	assert_int_equal(serial, 17);
	const char *const others[] = {
		"control", "1-2.1", "1-2.0x",         "-1-2.0",         "1--2.0",  "1-2",
		"",        "1-.0",  "1-4294967297.0", "1234567890-1.0", "1-2.0/.."};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(channel_reader_parse_name(others[i], &pid, &serial));
}

/* Links, pipes, directories and huge files under names of ours: none is read, none blocks, and
 * what a link names stays as it is. */
static void test_planted_files_are_left_alone(void **state)
{
	struct world w;
	struct stat st;
	char victim[] = "/tmp/unslow-test-XXXXXX", name[300];
	(void)state;
	begin(&w, getpid());
	const int fd = mkstemp(victim);
	assert_int_equal(write(fd, "precious", 8), 8);
	close(fd);
	const char *directory = agent_probe_directory(w.probe);
	snprintf(name, sizeof name, "%s/1-21.0", directory);
	assert_int_equal(symlink(victim, name), 0);
	snprintf(name, sizeof name, "%s/1-22.0", directory);
	assert_int_equal(mkfifo(name, 0600), 0);
	snprintf(name, sizeof name, "%s/1-23.0", directory);
	assert_int_equal(symlink("/dev/zero", name), 0);
	snprintf(name, sizeof name, "%s/1-24.0", directory);
	const int huge = open(name, O_CREAT | O_RDWR, 0600);
	assert_int_equal(ftruncate(huge, (off_t)1 << 40), 0);
	close(huge);
	drain(&w);
	drain(&w);
	assert_int_equal(agent_probe_count(w.probe).processes, 0);
	stop(&w);
	assert_int_equal(stat(victim, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(stat(directory, &st), -1);
	unlink(victim);
	finish(&w);
}

/* What a killed worker wrote is read, its open call too; its files are removed. */
static void test_killed_process_is_read_to_its_end(void **state)
{
	struct world w;
	int status;
	(void)state;
	const pid_t child = fork();
	if (child == 0)
		for (;;)
			pause();
	begin(&w, child);
	show(&w.file);
	put(&w.file, 0, RECORD_UNIT_BEGIN, 0, UNIT_REQUEST);
	drain(&w);
	w.file.rings[0].open_kind = RECORD_SLEEP;
	w.file.rings[0].open_unit = UNIT;
	w.file.rings[0].open_start_ns = w.file.header->made_ns;
	w.file.rings[0].open_sequence = 1;
	put(&w.file, 0, RECORD_SLEEP, 5000, 0);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	drain(&w);
	assert_int_equal(access(w.file.path, F_OK), -1);
	assert_int_equal(agent_probe_count(w.probe).processes, 1);
	assert_int_equal(agent_probe_count(w.probe).processes_on, 0);
	stop(&w);
	assert_int_equal(query(&w, "SELECT count(*) FROM process WHERE end_ns IS NOT NULL"), 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM unit WHERE wall_ns IS NULL"), 1);
	assert_int_equal(query(&w, "SELECT calls FROM usage_10s WHERE kind = 'sleep'"), 2);
	finish(&w);
}

/* What lies in the directory counts against its limit, not what ever lay there. */
static void test_removed_files_are_given_back(void **state)
{
	struct world w;
	struct err e;
	char name[300];
	int status;
	(void)state;
	const pid_t child = fork();
	if (child == 0)
		for (;;)
			pause();
	begin(&w, child);
	snprintf(name, sizeof name, "%s/control", agent_probe_directory(w.probe));
	const int fd = open(name, O_RDWR);
	struct channel_control *control =
		mmap(NULL, CHANNEL_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(control != MAP_FAILED);
	close(fd);
	control->bytes_made = FILE_BYTES + 100;
	control->refused = 3;
	show(&w.file);
	drain(&w);
	assert_int_equal(control->bytes_made, FILE_BYTES + 100);
	assert_int_equal(agent_probe_count(w.probe).refused, 3);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	control->bytes_made -= 200; /* a hostile agent's: it does not wrap below zero */
	drain(&w);
	assert_int_equal(control->bytes_made, 0);
	munmap(control, CHANNEL_PAGE);
	assert_int_equal(agent_probe_stop(w.probe, &e), ERR_OK);
	assert_int_equal(agent_probe_count(w.probe).refused, 3);
	finish(&w);
}

/* Told in one thread's ring, used in another's that is read first. */
static void test_a_handle_told_by_record_has_its_facts(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	put_text(&w.file, DICT_TEXT, 1, "127.0.0.1:5432");
	put(&w.file, 0, RECORD_CONNECT, 70000, 7);
	w.file.records[0].flags = RECORD_OPENS;
	put(&w.file, 1, RECORD_HANDLE, 0, 7);
	struct channel_record *told = &w.file.records[CAPACITY];
	told->unit = 0;
	told->object = 1;
	told->count = HANDLE_SOCKET | PEER_POSTGRESQL << 8;
	told->flags = RECORD_ENCRYPTED;
	drain(&w);
	assert_int_equal(agent_probe_count(w.probe).records, 2);
	stop(&w);
	assert_int_equal(query(&w, "SELECT tls AND calls = 1 AND opened_ns IS NOT NULL FROM handle "
				   "WHERE peer_kind = 'postgresql' AND peer = '127.0.0.1:5432'"),
			 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM loss WHERE kind IN ('unknown_id', "
				   "'bad_record')"),
			 0);
	finish(&w);
}

/* Records from the future, or without end, cannot be. */
static void test_impossible_times_are_refused(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	put(&w.file, 0, RECORD_SLEEP, UINT64_MAX - 5, 0);
	w.file.rings[0].hook_ns = w.file.rings[0].hook_calls = UINT64_MAX;
	w.file.rings[0].hook_timed = 1;
	w.file.header->made_ns += 3600 * NS_PER_S;
	put(&w.file, 0, RECORD_SLEEP, 5, 0);
	drain(&w);
	stop(&w);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'bad_record'"), 2);
	assert_int_equal(query(&w, "SELECT value FROM meta WHERE key = 'hook_ns'"),
			 (int64_t)NS_PER_S * 1000000);
	assert_int_equal(query(&w, "SELECT count(*) FROM usage_10s"), 0);
	finish(&w);
}

/* The directory of an owner that is gone is removed by the next one; a live one's stays. */
static void test_directories_of_dead_owners_are_removed(void **state)
{
	struct world w;
	struct err e;
	struct stat st;
	int status, ends[2];
	char left[256] = "";
	(void)state;
	assert_int_equal(pipe(ends), 0);
	const pid_t child = fork();
	if (child == 0) {
		struct agent_probe *probe = NULL;
		if (agent_probe_start(&probe, NULL, &e) == ERR_OK)
			dprintf(ends[1], "%s", agent_probe_directory(probe));
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(read(ends[0], left, sizeof left - 1) > 0);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(stat(left, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	begin(&w, getpid());
	assert_int_equal(stat(left, &st), -1);
	struct agent_probe *second = NULL;
	assert_int_equal(agent_probe_start(&second, w.ingest, &e), ERR_OK);
	assert_int_equal(stat(agent_probe_directory(w.probe), &st), 0);
	agent_probe_free(second);
	stop(&w);
	finish(&w);
}

/* `unslow detach`: this process has a control file mapped, its own probe's. */
static void test_detach_puts_the_mapped_channel_to_sleep(void **state)
{
	struct world w;
	struct err e;
	char name[300];
	struct channel_control control;
	(void)state;
	assert_int_equal(agent_probe_put_to_sleep(getpid(), &e), ERR_NO_TARGET);
	begin(&w, getpid());
	assert_int_equal(agent_probe_put_to_sleep(getpid(), &e), ERR_OK);
	snprintf(name, sizeof name, "%s/control", agent_probe_directory(w.probe));
	const int fd = open(name, O_RDONLY);
	assert_int_equal(read(fd, &control, sizeof control), sizeof control);
	close(fd);
	assert_int_equal(control.command, CHANNEL_SLEEP);
	assert_int_equal(control.reader_pid, getpid());
	assert_true(control.text_key[0] != 0 && control.text_key[0] != control.text_key[1]);
	stop(&w);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_become_rows),
		cmocka_unit_test(test_ring_of_the_next_thread_keeps_the_units_own),
		cmocka_unit_test(test_rings_wrap_and_full_rings_are_counted),
		cmocka_unit_test(test_torn_entry_holds_records_back),
		cmocka_unit_test(test_wrong_payload_is_left_out),
		cmocka_unit_test(test_hostile_changes_end_the_reading),
		cmocka_unit_test(test_files_that_contradict_themselves_are_refused),
		cmocka_unit_test(test_names_of_channel_files),
		cmocka_unit_test(test_planted_files_are_left_alone),
		cmocka_unit_test(test_killed_process_is_read_to_its_end),
		cmocka_unit_test(test_removed_files_are_given_back),
		cmocka_unit_test(test_a_handle_told_by_record_has_its_facts),
		cmocka_unit_test(test_impossible_times_are_refused),
		cmocka_unit_test(test_directories_of_dead_owners_are_removed),
		cmocka_unit_test(test_detach_puts_the_mapped_channel_to_sleep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

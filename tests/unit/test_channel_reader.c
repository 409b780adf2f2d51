/* Hand-made channel files through the whole way: agent_probe finds them, reads
 * rings and dictionary, and rows appear. Then what a hostile writer may do. */
#include "channel_world.h"

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

/* As an agent that samples leaves it: the tick's ring tells of other threads, the header counts. */
static void test_samples_and_ticks(void **state)
{
	struct world w;
	(void)state;
	begin(&w, getpid());
	show(&w.file);
	put_text(&w.file, DICT_TEXT, 1, "/hello");
	put(&w.file, 1, RECORD_SAMPLE, 15000000, 100); /* read after the unit's ring, or before */
	w.file.records[CAPACITY].bytes = 3;
	w.file.records[CAPACITY].result = SAMPLE_PYTHON;
	w.file.records[CAPACITY].cpu_ns = 14000000;
	put(&w.file, 1, RECORD_SAMPLE, UINT64_MAX / 4, 100); /* lasts longer than time has */
	w.file.records[CAPACITY + 1].bytes = 1;
	w.file.records[CAPACITY + 1].result = SAMPLE_PYTHON;
	put(&w.file, 0, RECORD_UNIT_BEGIN, 0, UNIT_REQUEST);
	put(&w.file, 0, RECORD_UNIT_END, 90000000, 1);
	const uint64_t ticks[TICK_FATES] = {10, 6, 2, 1, 1};
	memcpy((void *)w.file.header->ticks, ticks, sizeof ticks);
	w.file.header->tick_cpu_ns = 777;
	drain(&w);
	stop(&w);
	assert_int_equal(query(&w, "SELECT ticks = 3 AND cpu_ns = 14000000 AND in_unit AND "
				   "state = 'python' FROM v1_sample WHERE route = '/hello'"),
			 1);
	assert_int_equal(query(&w, "SELECT count(*) FROM v1_sample"), 1);
	assert_int_equal(
		query(&w, "SELECT tid FROM v1_sample s JOIN thread t ON t.id = s.thread_id"), 100);
	assert_int_equal(query(&w, "SELECT count FROM loss WHERE kind = 'bad_record'"), 1);
	assert_int_equal(query(&w,
			       "SELECT name = 'tick' AND scheduled = 10 AND verified + caught + "
			       "torn + late = scheduled AND cpu_ns = 777 FROM v1_engine"),
			 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_become_rows),
		cmocka_unit_test(test_samples_and_ticks),
		cmocka_unit_test(test_ring_of_the_next_thread_keeps_the_units_own),
		cmocka_unit_test(test_rings_wrap_and_full_rings_are_counted),
		cmocka_unit_test(test_torn_entry_holds_records_back),
		cmocka_unit_test(test_wrong_payload_is_left_out),
		cmocka_unit_test(test_hostile_changes_end_the_reading),
		cmocka_unit_test(test_files_that_contradict_themselves_are_refused),
		cmocka_unit_test(test_killed_process_is_read_to_its_end),
		cmocka_unit_test(test_a_handle_told_by_record_has_its_facts),
		cmocka_unit_test(test_impossible_times_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

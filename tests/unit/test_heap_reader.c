/* The sampled heap from files that are sound, are still written, or were made by somebody hostile.
 */
#include "heap_world.h"

#include "base/arena.h"
#include "base/stats.h"
#include "probe/heap_copy.h"

enum { ROUNDS_OF_NOISE = 3000 };

static void test_a_heap_becomes_rows(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	read_heap(&s, 100);
	assert_count(&s,
		     "v1_heap_process WHERE hooks = 'malloc object' AND interval_bytes = 1000 AND "
		     "want = 1 AND samples = 10 AND sample_ns = 1500 AND reason IS NULL",
		     1);
	assert_count(&s,
		     "v1_heap_site h JOIN v1_frame f ON f.id = h.stack_id WHERE f.function = "
		     "'foo' AND domain = 'object' AND made_bytes = 9000 AND made_blocks = 90 "
		     "AND short_bytes = 6000 AND live_blocks = 20 AND peak_bytes = 3000",
		     1);
	assert_count(&s,
		     "v1_heap_snapshot WHERE units = 100 AND live_bytes = 7000 AND made_bytes = "
		     "14000 AND folded = 0",
		     1);
	/* 100 units since: below 256; 5 units: below 16; none */
	assert_count(&s,
		     "v1_heap_live l JOIN v1_heap_site h ON h.id = l.site_id WHERE domain = "
		     "'object' AND age = 4 AND bytes = 1000 AND blocks = 10 AND l.samples = 1 AND "
		     "variance = 900000 AND route = '/report'",
		     1);
	assert_count(&s, "v1_heap_live WHERE age = 2", 1);
	assert_count(&s, "v1_heap_live WHERE age = 0 AND bytes = 5000 AND variance = 0", 1);
	assert_count(&s,
		     "v1_heap_second WHERE rss_bytes = 52428800 AND live_bytes = 7000 AND "
		     "pss_bytes IS NULL",
		     1);
	end(&s);
}

/* Sites are written over what was there, snapshots beside it; a second is read once. */
static void test_a_later_read(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct heap_reader *reader =
		heap_reader_new(directory, (uint32_t)getpid(), SERIAL, ROOM, s.w.ingest);
	heap_reader_drain(reader, HEAP_SAMPLED, 100, true);
	s.sites[1].made_bytes += 1000;
	s.lives[3].address = 0;
	s.lives[17].flags = HEAP_PRE_FORK;
	heap_reader_drain(reader, 0, 200, true);
	heap_reader_close(reader, false);
	close(directory);
	assert_count(&s, "v1_heap_site", 2);
	assert_count(&s, "v1_heap_site WHERE made_bytes = 10000", 1);
	assert_count(&s, "v1_heap_snapshot", 2);
	assert_count(&s, "v1_heap_live WHERE snapshot_id = 2", 2);
	assert_count(&s, "v1_heap_live WHERE age = 31 AND bytes = 1000", 1);
	assert_count(&s, "v1_heap_second", 1);
	assert_count(&s, "v1_heap_process WHERE want = 1", 1);
	end(&s);
}

static void test_ages(void **state)
{
	(void)state;
	const struct heap_live live = {.born_unit = UINT32_MAX, .born_ns = 1000};
	const uint64_t same = UINT32_MAX; /* units that had ended at its birth */
	assert_int_equal(heap_age(&live, UINT32_MAX, 0), 0);
	assert_int_equal(heap_age(&live, (UINT64_C(1) << 32), 0), 1);
	assert_int_equal(heap_age(&live, (UINT64_C(1) << 32) + 2, 0), 1);
	assert_int_equal(heap_age(&live, (UINT64_C(1) << 32) + 3, 0), 2);
	/* born after the units were counted */
	assert_int_equal(heap_age(&live, UINT32_MAX - 1, 0), 0);
	assert_int_equal(heap_age(&live, same, 1000 + 99 * NS_PER_MS), 0);
	assert_int_equal(heap_age(&live, same, 1000 + 100 * NS_PER_MS), 1);
	assert_int_equal(heap_age(&live, same + 1, 1000 + 1600 * NS_PER_MS), 3);
	assert_int_equal(heap_age(&live, same + 16, 1000 + 100 * NS_PER_MS), 3);
	assert_true(heap_age(&live, same, UINT64_MAX) < HEAP_AGE_INHERITED);
}

static void refuse(struct scene *s, const char *why)
{
	struct heap_reader *reader = read_heap_within(s, 100, ROOM);
	assert_string_equal(heap_reader_broken(reader), why);
	heap_reader_close(reader, false);
	assert_count(s, "v1_heap_snapshot", 0);
}

static void test_files_that_contradict_themselves_are_left_alone(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	const struct heap_file sound = *s.file;
	s.file->pid++;
	refuse(&s, "its heap file is not its own");
	*s.file = sound;
	s.file->abi++;
	refuse(&s, "its heap file is of another version of the agent");
	static const struct {
		uint64_t sites_at, live_at;
		uint32_t sites, lives;
	} wrong[] = {
		{8, LIVE_AT, SITES, LIVES},
		{SITES_AT + 4, LIVE_AT, SITES, LIVES},
		{SITES_AT, HEAP_BYTES + 8, SITES, 0},
		{SITES_AT, UINT64_MAX - 7, SITES, LIVES},
		{SITES_AT, LIVE_AT, UINT32_MAX, LIVES},
		{SITES_AT, LIVE_AT, SITES, CHANNEL_PAGE / sizeof(struct heap_live) + 1},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		*s.file = sound;
		s.file->sites_at = wrong[i].sites_at;
		s.file->live_at = wrong[i].live_at;
		s.file->site_capacity = wrong[i].sites;
		s.file->live_capacity = wrong[i].lives;
		refuse(&s, "its heap file contradicts its size");
	}
	*s.file = sound;
	struct heap_reader *reader = read_heap_within(&s, 100, HEAP_BYTES - 1);
	assert_string_equal(heap_reader_broken(reader),
			    "its heap file is larger than the channel may be");
	heap_reader_close(reader, false);
	end(&s);
}

static void test_a_file_that_is_not_made_yet_is_waited_for(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.file->magic = 0;
	read_heap(&s, 100);
	assert_count(&s, "v1_heap_process", 0);
	s.file->magic = HEAP_MAGIC;
	read_heap(&s, 100);
	assert_count(&s, "v1_heap_process", 1);
	end(&s);
}

static void test_samples_that_break_a_rule_are_left_out(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.lives[3].site = SITES;
	s.lives[17].weight_bytes = UINT64_MAX;
	s.sites[1].live_bytes = -1;
	s.sites[2].domain = 99;
	s.sites[2].made_bytes = UINT64_MAX;
	s.file->site_count = 1000;
	s.file->second_head = UINT64_MAX;
	read_heap(&s, 100);
	assert_count(&s, "v1_heap_live", 1);
	assert_count(&s, "v1_heap_site WHERE live_bytes = 0", 1);
	assert_count(&s, "v1_heap_site WHERE domain = 'unknown' AND made_bytes = 1 << 50", 1);
	end(&s);
}

/* A stack that the dictionary does not have yet: the site is written again when it does. */
static void test_a_stack_may_come_later(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.sites[1].stack = 3;
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct heap_reader *reader =
		heap_reader_new(directory, (uint32_t)getpid(), SERIAL, ROOM, s.w.ingest);
	heap_reader_drain(reader, HEAP_SAMPLED, 100, true);
	assert_count(&s, "v1_heap_site WHERE stack_id IS NULL", 1);
	put_stack(&s.w.file, 3, 1);
	drain(&s.w);
	heap_reader_drain(reader, HEAP_SAMPLED, 100, true);
	heap_reader_close(reader, false);
	close(directory);
	assert_count(&s, "v1_heap_site WHERE stack_id IS NULL", 0);
	end(&s);
}

/* Whatever the bytes are: nothing outside of the file is read, rows stay within their bounds. */
static void test_noise(void **state)
{
	struct scene s;
	uint64_t seed = 11;
	(void)state;
	set(&s);
	unsigned char *bytes = mem_alloc(HEAP_BYTES);
	memcpy(bytes, s.file, HEAP_BYTES);
	for (int round = 0; round < ROUNDS_OF_NOISE; round++) {
		memcpy(s.file, bytes, HEAP_BYTES);
		for (int i = 0; i < 1 + round % 8; i++) {
			const size_t head = offsetof(struct heap_file, seconds);
			const size_t room = round % 2 ? head : HEAP_BYTES;
			const uint64_t value = stats_random(&seed);
			const size_t at = stats_random(&seed) % (room - sizeof value);
			memcpy((char *)s.file + at, &value, 1 + value % sizeof value);
		}
		struct heap_reader *reader = read_heap_within(&s, (uint64_t)round, ROOM);
		heap_reader_close(reader, false);
	}
	free(bytes);
	assert_true(query(&s.w, "SELECT count(*) FROM v1_heap_snapshot") <= HEAP_SNAPSHOTS_MAX);
	assert_count(&s, "v1_heap_live WHERE bytes < 0 OR bytes > 1 << 56 OR variance < 0", 0);
	assert_count(&s,
		     "v1_heap_live l LEFT JOIN v1_heap_snapshot h ON h.id = l.snapshot_id WHERE "
		     "h.id IS NULL",
		     0);
	end(&s);
}

/* A recording of any length has 33 to 64 snapshots, evenly, and the newest. */
static void test_snapshots_are_thinned(void **state)
{
	struct scene s;
	const struct heap_sum sums[] = {{.site = HEAP_NO_SITE, .bytes = 1, .samples = 1}};
	uint64_t every = 1, due = 0;
	(void)state;
	set(&s);
	for (uint64_t at = 1; at <= 1000; at++) {
		const struct heap_moment moment = {
			.at_ns = at, .units = at, .sums = sums, .count = 1};
		if (at - due < every && due)
			continue;
		due = at;
		if (ingest_heap_moment(s.w.ingest, SERIAL, &moment))
			every *= 2;
	}
	assert_int_equal(every, 16);
	const int64_t kept = query(&s.w, "SELECT count(*) FROM v1_heap_snapshot");
	assert_in_range(kept, HEAP_SNAPSHOTS_MAX / 2 + 1, HEAP_SNAPSHOTS_MAX);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_heap_live"), kept);
	assert_count(&s, "v1_heap_snapshot WHERE at_ns > 984", 1);
	assert_count(&s,
		     "(SELECT at_ns - lag(at_ns) OVER (ORDER BY at_ns) AS step FROM "
		     "v1_heap_snapshot) WHERE step <> 16",
		     0);
	end(&s);
}

static void test_seconds_are_thinned(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	for (uint64_t at = 1; at <= 4 * HEAP_SECONDS_MAX; at++) {
		const struct heap_second second = {.at_ns = at};
		ingest_heap_second(s.w.ingest, SERIAL, &second);
	}
	const int64_t kept = query(&s.w, "SELECT count(*) FROM v1_heap_second");
	assert_in_range(kept, HEAP_SECONDS_MAX / 2, HEAP_SECONDS_MAX);
	assert_count(&s, "v1_heap_second WHERE at_ns > 16380", 1);
	end(&s);
}

static void put_peak(struct scene *s, uint64_t number, uint64_t unit, uint64_t bytes)
{
	s->file->peaks[(number - 1) % HEAP_PEAKS] =
		(struct heap_peak){.number = number,
				   .unit = ((uint64_t)SERIAL << 40) + unit,
				   .at_ns = 1000 * number,
				   .bytes = bytes,
				   .variance_1k = 3,
				   .site_bytes = bytes / 2,
				   .site = 2,
				   .route = 7,
				   .samples = 4};
	if (s->file->peak_head < number)
		s->file->peak_head = number;
}

static void test_peaks_of_units(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	put_peak(&s, 1, 1, 5 << 20);
	put_peak(&s, 2, 2, 6 << 20);
	s.file->peaks[1].unit = 77; /* of another process */
	put_peak(&s, 3, 3, 7 << 20);
	s.file->peaks[2].site = UINT32_MAX;
	s.file->peaks[2].site_bytes = UINT64_MAX;
	put_peak(&s, 4, 4, 8 << 20);
	s.file->peaks[3].number = 0; /* it is being written */
	put_peak(&s, 5, 5, 9 << 20);
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct heap_reader *reader =
		heap_reader_new(directory, (uint32_t)getpid(), SERIAL, ROOM, s.w.ingest);
	heap_reader_drain(reader, HEAP_SAMPLED, 100, true);
	assert_count(&s, "v1_heap_unit_peak", 2);
	assert_count(
		&s,
		"v1_heap_unit_peak p JOIN v1_heap_site h ON h.id = p.site_id JOIN v1_frame f ON "
		"f.id = p.stack_id WHERE p.peak_bytes = 5 << 20 AND site_bytes = 5 << 19 AND "
		"route = '/report' AND variance = 3072 AND at_ns = 1000 AND p.samples = 4 AND "
		"weight = 1 AND f.function = 'bar' AND h.domain = 'malloc'",
		1);
	assert_count(&s, "v1_heap_unit_peak WHERE site_id IS NULL AND site_bytes = peak_bytes", 1);
	s.file->peaks[3].number = 4;
	heap_reader_drain(reader, 0, 100, true);
	assert_count(&s, "v1_heap_unit_peak", 4);
	/* further round than it was looked at: what is gone is counted */
	for (uint64_t number = 6; number <= HEAP_PEAKS + 10; number++)
		put_peak(&s, number, number, 1 << 20);
	s.file->peaks_lost = 100;
	heap_reader_drain(reader, 0, 100, true);
	assert_count(&s, "v1_heap_unit_peak", 4 + HEAP_PEAKS);
	heap_reader_close(reader, false);
	close(directory);
	stop(&s.w);
	/* five were overwritten, a hundred never followed */
	assert_int_equal(query(&s.w, "SELECT sum(count) FROM v1_loss WHERE kind = 'heap_rows'"),
			 105);
	munmap(s.file, HEAP_BYTES);
	finish(&s.w);
}

/* The largest of a route stays, and sums of units are kept. */
static void test_peaks_are_thinned(void **state)
{
	enum { UNITS = 5 * HEAP_PEAKS_MAX };
	struct scene s;
	(void)state;
	set(&s);
	for (uint64_t n = 1; n <= UNITS; n++) {
		const struct heap_peak peak = {.unit = ((uint64_t)SERIAL << 40) + n,
					       .bytes = n == 1001 ? 1 << 30 : 1000 + n % 7,
					       .at_ns = n,
					       .route = n % 2 ? 7 : 0};
		ingest_heap_peak(s.w.ingest, SERIAL, &peak, SITES);
	}
	assert_in_range(query(&s.w, "SELECT count(*) FROM v1_heap_unit_peak"), HEAP_PEAKS_MAX / 2,
			HEAP_PEAKS_MAX + 20);
	assert_count(&s, "v1_heap_unit_peak WHERE peak_bytes = 1 << 30 AND at_ns = 1001", 1);
	const int64_t units = query(&s.w, "SELECT sum(weight) FROM v1_heap_unit_peak");
	assert_in_range(units, UNITS * 99 / 100, UNITS * 101 / 100);
	assert_count(&s, "v1_heap_unit_peak WHERE at_ns > 40900 AND weight <> 8", 0);
	end(&s);
}

/* More sums than a snapshot may have: the smallest become one an age, no byte is lost. */
static void test_small_sums_are_folded(void **state)
{
	const uint32_t count = 2 * HEAP_SUMS_MAX;
	const size_t bytes = sizeof(struct heap_file) + sizeof(struct heap_site) +
			     count * sizeof(struct heap_live);
	(void)state;
	struct heap_file *file = mem_alloc(bytes);
	struct heap_live *lives = (void *)((char *)file + bytes - count * sizeof *lives);
	file->live_capacity = count;
	file->site_count = file->site_capacity = 1;
	file->sites_at = sizeof *file;
	file->live_at = (uint64_t)((char *)lives - (char *)file);
	for (uint32_t i = 0; i < count; i++)
		lives[i] = (struct heap_live){.address = i + 1,
					      .route = i,
					      .size = 1,
					      .weight_bytes = i + 1,
					      .born_unit = 100 - i % 2};
	const struct guarded_map map = {.bytes = (void *)file, .size = bytes};
	struct arena *arena = arena_new();
	struct heap_moment moment;
	size_t copied;
	const struct heap_live *copies = heap_copy_lives(&map, file, arena, &copied);
	assert_int_equal(copied, count - count / 4); /* the others are being changed */
	heap_sum_lives(copies, copied, 101, 1, arena, &moment);
	assert_in_range(moment.count, HEAP_SUMS_MAX - 40, HEAP_SUMS_MAX);
	uint64_t sum = 0, folded = 0;
	for (size_t i = 0; i < moment.count; i++) {
		sum += moment.sums[i].bytes;
		folded += moment.sums[i].site == HEAP_NO_SITE;
	}
	uint64_t whole = 0;
	for (uint32_t i = 1; i <= count; i++)
		whole += i % 4 == 3 ? 0 : i;
	assert_int_equal(sum, whole);
	assert_int_equal(sum, moment.live_bytes);
	assert_int_equal(folded, 1); /* 1 and 2 units old: one age */
	assert_true(moment.folded > 5000);
	arena_free(arena);
	free(file);
}

/* Through the probe: nothing is looked at before it is asked for; the file goes with its process.
 */
static void test_the_probe_reads_where_it_is_asked_for(void **state)
{
	struct scene s;
	char path[300];
	(void)state;
	set(&s);
	drain(&s.w);
	assert_count(&s, "v1_heap_snapshot", 0);
	agent_probe_choose_heap(s.w.probe, &(struct heap_control){.want = HEAP_SAMPLED});
	drain(&s.w);
	assert_count(&s, "v1_heap_snapshot", 1);
	snprintf(path, sizeof path, "%s/%d-%d.heap", agent_probe_directory(s.w.probe),
		 (int)getpid(), SERIAL);
	assert_int_equal(access(path, F_OK), 0);
	stop(&s.w);
	assert_int_equal(access(path, F_OK), -1);
	assert_count(&s, "v1_heap_snapshot", 2);
	munmap(s.file, HEAP_BYTES);
	finish(&s.w);
}

/* Born long ago: foo's two. */
static void test_whom_a_walk_looks_for(void **state)
{
	struct scene s;
	struct walk_target targets[WALK_TARGETS];
	(void)state;
	set(&s);
	s.file->began_ns = clock_now_ns() - 80 * NS_PER_S;
	s.lives[3].born_ns = s.file->began_ns + 30 * NS_PER_S;
	s.lives[17].born_ns = s.file->began_ns + 40 * NS_PER_S;
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct heap_reader *reader =
		heap_reader_new(directory, (uint32_t)getpid(), SERIAL, ROOM, s.w.ingest);
	assert_int_equal(heap_reader_targets(reader, targets), 2);
	assert_true(targets[0].site == 1 && targets[1].site == 1);
	assert_true(targets[0].address == s.lives[3].address);
	assert_true(targets[1].address == s.lives[17].address);
	s.lives[17].site = SITES + 1; /* hostile: there is none */
	assert_int_equal(heap_reader_targets(reader, targets), 1);
	assert_true(targets[0].address == s.lives[3].address);
	s.file->ended_ns = clock_now_ns();
	assert_int_equal(heap_reader_targets(reader, targets), 0);
	s.file->ended_ns = 0;
	s.file->live_at = UINT64_MAX;
	assert_int_equal(heap_reader_targets(reader, targets), 0);
	heap_reader_close(reader, false);
	close(directory);
	stop(&s.w);
	/* the site that was named is a row, the other is none yet */
	assert_count(&s, "v1_heap_site WHERE made_bytes = 9000", 1);
	assert_count(&s, "v1_heap_site", 1);
	munmap(s.file, HEAP_BYTES);
	finish(&s.w);
}

/* Taken once: one that is whole, one that was overwritten meanwhile, one that is being written; and
 * what is nonsense makes no row. */
static void test_native_stacks(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	struct heap_native_ring *ring = &s.file->natives[HEAP_NATIVE_SMALL];
	ring->head = 3;
	ring->rows[0] = (struct heap_native){
		.number = 1,
		.site = 1,
		.size = 1 << 20,
		.pc = (uintptr_t)
			memcpy, /* in a library: the first frame is taken for the agent's */
		.word_count = UINT32_MAX,
		.stack_at = UINT64_MAX - 8,
	};
	ring->rows[1] = (struct heap_native){.number = HEAP_NATIVES + 2, .site = 2};
	ring->rows[2] = (struct heap_native){.number = 0, .site = 2};
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct heap_reader *reader =
		heap_reader_new(directory, (uint32_t)getpid(), SERIAL, ROOM, s.w.ingest);
	heap_reader_drain(reader, HEAP_SAMPLED, 1, true);
	ring->rows[2] = (struct heap_native){.number = 3, .site = UINT32_MAX};
	heap_reader_drain(reader, HEAP_SAMPLED, 2, true);
	ring->head = 1; /* a writer that goes back */
	heap_reader_drain(reader, HEAP_SAMPLED, 3, true);
	ring->head = UINT64_MAX;
	heap_reader_drain(reader, HEAP_SAMPLED, 4, true);
	assert_string_equal(heap_reader_broken(reader), "");
	heap_reader_close(reader, false);
	close(directory);
	stop(&s.w);
	assert_count(&s, "v1_heap_native", 0);
	munmap(s.file, HEAP_BYTES);
	finish(&s.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_heap_becomes_rows),
		cmocka_unit_test(test_a_later_read),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_files_that_contradict_themselves_are_left_alone),
		cmocka_unit_test(test_a_file_that_is_not_made_yet_is_waited_for),
		cmocka_unit_test(test_samples_that_break_a_rule_are_left_out),
		cmocka_unit_test(test_a_stack_may_come_later),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_snapshots_are_thinned),
		cmocka_unit_test(test_seconds_are_thinned),
		cmocka_unit_test(test_peaks_of_units),
		cmocka_unit_test(test_peaks_are_thinned),
		cmocka_unit_test(test_small_sums_are_folded),
		cmocka_unit_test(test_the_probe_reads_where_it_is_asked_for),
		cmocka_unit_test(test_whom_a_walk_looks_for),
		cmocka_unit_test(test_native_stacks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

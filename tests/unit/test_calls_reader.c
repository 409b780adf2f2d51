/* Exact calls from files that are sound, are still written, or were made by somebody hostile. */
#include "calls_scene.h"

#include "probe/calls_copy.h"

static void assert_row(struct scene *s, const char *sql)
{
	char query_text[400];
	snprintf(query_text, sizeof query_text, "SELECT count(*) FROM v1_call WHERE %s", sql);
	if (query(&s->w, query_text) != 1)
		fail_msg("%s: %lld rows", sql, (long long)query(&s->w, query_text));
}

static void test_a_tree_becomes_rows(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	calls_nodes(s.area)[s.foo].histogram = 1;
	struct calls_histogram *h = calls_make_lengths(&s.w, s.area);
	h->least = 20;
	h->most = 1000;
	h->of[calls_bucket(20)].wall = 2;
	h->of[calls_bucket(1000)].cpu = 1;
	munmap(h, sizeof *h);
	read_and_close(&s);
	assert_row(&s, "kind = 'requests' AND route = '/report' AND parent_id = 0");
	assert_row(&s, "function = 'foo' AND calls = 3 AND own_wall_ns = 500 AND total_wall_ns = "
		       "2000 AND raised = 2 AND file = 'app.py' AND line = 1 AND NOT folded AND "
		       "thread_id = (SELECT id FROM v1_thread WHERE tid = 100)");
	assert_row(&s, "function = 'sleep' AND waiting_ns = 700 AND resumes = 5 AND parent_id = "
		       "(SELECT id FROM v1_call WHERE function = 'foo' AND NOT folded)");
	assert_row(&s, "function = 'foo' AND folded AND calls = 1 AND least_ns IS NULL");
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_histogram h JOIN v1_call c ON "
				     "c.id = h.node_id WHERE (at_ns = 20 AND wall = 2) OR (at_ns = "
				     "992 AND cpu = 1)"),
			 2);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_process WHERE engine = "
				     "'monitoring' AND inside_ns = 5 AND c_inside_ns IS NULL AND "
				     "clock = 'tsc' AND cpu_clock = 'rseq' AND pattern = 'app' AND "
				     "reason IS NULL AND abs(tick_ns - 1.0 / 3) < 1e-9"),
			 1);
	end(&s);
}

/* Written again over what was there: one row a node, with what it counts by then. */
static void test_a_later_read_replaces_an_earlier_one(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	read_and_close(&s);
	calls_nodes(s.area)[s.sleep].calls = 6;
	calls_put_node(s.area, CALLS_C_FUNCTION, 7, s.sleep, 9, 1, 1);
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 5);
	assert_row(&s, "function = 'sleep' AND calls = 6");
	assert_row(&s, "kind = 'c' AND function = '/report' AND calls = 9");
	end(&s);
}

static void test_calls_under_way_have_run_until_now(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.area->live[0].node = s.root;
	s.area->live[1] = (struct calls_live){.node = s.foo, .wall = 300};
	s.area->live[2] = (struct calls_live){.node = s.sleep, .wall = 600};
	s.area->depth = 3;
	s.area->last_wall = 900;
	read_and_close(&s); /* it is gone: until its last event */
	assert_row(&s, "function = 'foo' AND open = 1 AND total_wall_ns = 2200");
	assert_row(&s, "function = 'sleep' AND open = 1 AND total_wall_ns = 1600 AND own_wall_ns "
		       "= 1000");
	s.area->ended = 0;
	calls_nodes(s.area)[s.sleep].calls++;
	calls_reader_close(calls_read(&s.w, CALLS_AT_THE_END), false);
	assert_row(&s, "function = 'sleep' AND own_wall_ns > 1000 AND total_wall_ns > 1600");
	end(&s);
}

/* A copy taken while the stack changed: what does not follow from its caller is not there. */
static void test_a_torn_stack_is_cut_where_it_is_torn(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.area->live[0].node = s.root;
	s.area->live[1] = (struct calls_live){.node = s.foo};
	s.area->live[2] = (struct calls_live){.node = s.again}; /* called by sleep alone */
	s.area->depth = 3;
	s.area->last_wall = 30;
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT total(open) FROM v1_call"), 2);
	assert_row(&s, "function = 'foo' AND NOT folded AND open = 1");
	end(&s);
}

/* A call of a function within itself: its time is in that of the outer one already. */
static void test_recursion_under_way_counts_once(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.area->live[0].node = s.root;
	s.area->live[1] = (struct calls_live){.node = s.foo, .wall = 0};
	s.area->live[2] = (struct calls_live){.node = s.sleep, .wall = 0};
	s.area->live[3] = (struct calls_live){.node = s.again, .wall = 0};
	s.area->depth = 4;
	s.area->last_wall = 300;
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT total(total_wall_ns) FROM v1_call WHERE function = "
				     "'foo'"),
			 2100);
	end(&s);
}

static void spoil_parent_is_itself(struct scene *s)
{
	calls_nodes(s->area)[s->foo].parent = s->foo;
}
static void spoil_parents_are_a_ring(struct scene *s)
{
	calls_nodes(s->area)[s->foo].parent = s->sleep;
}
static void spoil_parent_is_outside(struct scene *s)
{
	calls_nodes(s->area)[s->foo].parent = UINT32_MAX;
}
static void spoil_kind(struct scene *s)
{
	calls_nodes(s->area)[s->foo].kind = 99;
}
static void spoil_root_has_parent(struct scene *s)
{
	calls_nodes(s->area)[s->foo].kind = CALLS_ROOT;
}
static void spoil_folds_into_later(struct scene *s)
{
	calls_nodes(s->area)[s->foo].folds = s->sleep;
}

/* A node that breaks a rule is left out, with what it called. */
static void test_nodes_that_break_a_rule_are_left_out(void **state)
{
	void (*const spoils[])(struct scene *) = {
		spoil_parent_is_itself,  spoil_parents_are_a_ring,
		spoil_parent_is_outside, spoil_kind,
		spoil_root_has_parent,   spoil_folds_into_later,
	};
	(void)state;
	for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
		struct scene s;
		set(&s);
		spoils[i](&s);
		read_and_close(&s);
		if (query(&s.w, "SELECT count(*) FROM v1_call") != 1)
			fail_msg("spoil %zu: %lld rows", i,
				 (long long)query(&s.w, "SELECT count(*) FROM v1_call"));
		end(&s);
	}
}

static void spoil_magic(struct scene *s)
{
	s->area->magic = 1;
}
static void spoil_count(struct scene *s)
{
	s->area->node_count = CALLS_NODES_MAX;
}
static void spoil_count_wraps(struct scene *s)
{
	s->area->node_count = UINT32_MAX;
}
static void spoil_offset(struct scene *s)
{
	s->area->nodes_offset = UINT32_MAX - 7;
}
static void spoil_alignment(struct scene *s)
{
	s->area->nodes_offset += 4;
}
static void spoil_offset_in_header(struct scene *s)
{
	s->area->nodes_offset = 0;
}
static void spoil_abi(struct scene *s)
{
	s->process->abi = CALLS_ABI + 1;
}
static void spoil_pid(struct scene *s)
{
	s->process->pid = 1;
}
static void spoil_length(struct scene *s)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%d-%d.calls-1", agent_probe_directory(s->w.probe),
		 (int)getpid(), SERIAL);
	assert_int_equal(truncate(path, CHANNEL_PAGE), 0);
}

static void test_files_that_contradict_themselves_are_left_alone(void **state)
{
	void (*const spoils[])(struct scene *) = {
		spoil_magic,  spoil_count,     spoil_count_wraps,
		spoil_offset, spoil_alignment, spoil_offset_in_header,
		spoil_abi,    spoil_pid,       spoil_length,
	};
	(void)state;
	for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
		struct scene s;
		set(&s);
		spoils[i](&s);
		struct calls_reader *reader = calls_read(&s.w, CALLS_PROCESS_GONE);
		if (!*calls_reader_broken(reader))
			fail_msg("spoil %zu was not found", i);
		calls_reader_close(reader, false);
		assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 0);
		end(&s);
	}
}

/* No figure of a process makes another one of us. */
static void test_figures_saturate(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	struct calls_node *n = &calls_nodes(s.area)[s.foo];
	n->own_wall = n->total_wall = n->waiting = n->calls = UINT64_MAX;
	n->histogram = UINT32_MAX;
	calls_nodes(s.area)[s.sleep].code = 12345;
	read_and_close(&s);
	assert_row(&s, "function = 'foo' AND own_wall_ns = 1000000000000000 AND calls = "
		       "9007199254740992");
	assert_row(&s, "function IS NULL AND kind = 'function' AND calls = 5");
	end(&s);
}

static void test_clocks_that_cannot_be(void **state)
{
	/* ticks and ns of the first pair, and of the second */
	static const uint64_t pairs[][4] = {
		{0, 0, 1000, 100000000000},    /* a tick is 0.1 s */
		{1, 1, UINT64_MAX, 100000000}, /* more ticks than a clock has */
		{5, 0, 5, 100000000},          /* it stands */
		{UINT64_MAX, 0, 1, 100000000}, /* it goes backwards */
	};
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct calls_process process = {.clock = CALLS_CLOCK_TSC};
		struct calls_ticks ticks;
		for (int n = 0; n < 2; n++) {
			process.pairs[n].ticks = pairs[i][2 * n];
			process.pairs[n].ns = pairs[i][2 * n + 1];
		}
		if (calls_ticks_read(&process, &ticks))
			fail_msg("pairs %zu", i);
	}
	struct calls_process process = {.clock = CALLS_CLOCK_NS};
	struct calls_ticks ticks;
	assert_true(calls_ticks_read(&process, &ticks));
	assert_int_equal(calls_ticks_at_ns(&ticks, 5), 5);
	assert_int_equal(calls_ticks_to_ns(&ticks, UINT64_MAX), CALL_NS_MAX);
}

#if defined(__x86_64__)
/* Killed before its clock was read again: ours, on the same machine, is the same. */
static void test_a_clock_that_was_read_once(void **state)
{
	(void)state;
	struct calls_process process = {.clock = CALLS_CLOCK_TSC};
	struct calls_ticks ticks;
	process.pairs[0].ticks = process.pairs[1].ticks = __builtin_ia32_rdtsc();
	process.pairs[0].ns = process.pairs[1].ns = clock_now_ns();
	usleep(20000);
	const uint64_t tsc = __builtin_ia32_rdtsc(), ns = clock_now_ns();
	assert_true(calls_ticks_read(&process, &ticks));
	const uint64_t at_ns = calls_ticks_at_ns(&ticks, tsc);
	assert_true(at_ns > ns - 5000000 && at_ns < ns + 5000000);
}
#endif

/* Counts of what functions were called with: none is more than those it is a part of. */
static void test_arguments(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.process->argument_areas = 1;
	struct arguments_area *arguments =
		calls_make(&s.w, "arguments-1", sizeof(struct arguments_area));
	arguments->count = 4;
	arguments->left_out = 2;
	arguments->of[0] = (struct calls_arguments){.code = 1,
						    .calls = 100,
						    .comparable = 90,
						    .set_bits = 12,
						    .repeated = 70,
						    .same = 60,
						    .cpu = 3000,
						    .repeated_cpu = 2100,
						    .cost = 30};
	arguments->of[1] = (struct calls_arguments){.code = 2,
						    .calls = 40000,
						    .comparable = UINT64_MAX,
						    .set_bits = ARGUMENTS_BITS / 2,
						    .repeated = UINT64_MAX,
						    .repeated_cpu = 5};
	arguments->of[2] = (struct calls_arguments){.code = 3,
						    .calls = 900000,
						    .comparable = 700000,
						    .set_bits = ARGUMENTS_BITS - 1,
						    .repeated = 70000};
	arguments->of[3] = (struct calls_arguments){.code = 99, .calls = 1}; /* not known */
	arguments->magic = ARGUMENTS_AREA_MAGIC;
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_arguments"), 3);
	/* no bits are left: not fewer than were not repeated */
	assert_int_equal(query(&s.w, "SELECT distinct_arguments FROM v1_call_arguments WHERE calls "
				     "= 900000"),
			 630000);
	assert_int_equal(query(&s.w,
			       "SELECT count(*) FROM v1_call_arguments WHERE function = 'foo' "
			       "AND calls = 100 AND comparable = 90 AND distinct_arguments = "
			       "12 AND repeated = 70 AND same_result = 60 AND cpu_ns = 1000 "
			       "AND repeated_cpu_ns = 700 AND cost_ns = 10"),
			 1);
	/* half of the bits: m ln 2 of them */
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_arguments WHERE comparable = "
				     "40000 AND repeated = 40000 AND distinct_arguments = 22713 "
				     "AND repeated_cpu_ns = 0"),
			 1);
	arguments->count = ARGUMENTS_FUNCTIONS + 1;
	struct calls_reader *reader = calls_read(&s.w, CALLS_PROCESS_GONE);
	assert_non_null(strstr(calls_reader_broken(reader), "arguments"));
	calls_reader_close(reader, false);
	munmap(arguments, 3 * CHANNEL_PAGE);
	end(&s);
}

static void test_timeline_keeps_the_last_events(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.process->timeline_areas = 1;
	struct timeline_area *line = calls_make(
		&s.w, "timeline-1", sizeof *line + AREA_EVENTS * sizeof(struct timeline_entry));
	line->tid = 100;
	line->entries_offset = sizeof *line;
	line->capacity = AREA_EVENTS;
	struct timeline_entry *entries = (void *)(line + 1);
	for (line->head = 0; line->head < 12; line->head++)
		entries[line->head % AREA_EVENTS] = (struct timeline_entry){
			.ticks = line->head * 3,
			.code = 1,
			.event = (line->head % 2 ? TIMELINE_END : TIMELINE_BEGIN) | 1 << 8,
		};
	line->magic = TIMELINE_AREA_MAGIC;
	s.w.file.header->units_begun = 1;
	drain(&s.w);
	read_and_close(&s);
	/* the oldest of a full ring may be the one that is being written */
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_event"), AREA_EVENTS - 1);
	assert_int_equal(query(&s.w, "SELECT max(at_ns) - min(at_ns) FROM v1_call_event"), 6);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_event WHERE function = 'foo' "
				     "AND unit_id = (5 << 40 | 1) AND event BETWEEN 1 AND 2"),
			 AREA_EVENTS - 1);
	munmap(line, CHANNEL_PAGE);
	end(&s);
}

/* A request gave up its entries: what they have overwritten is gone, too. */
static void test_timeline_that_went_back(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.process->timeline_areas = 1;
	struct timeline_area *line = calls_make(
		&s.w, "timeline-1", sizeof *line + AREA_EVENTS * sizeof(struct timeline_entry));
	line->tid = 100;
	line->entries_offset = sizeof *line;
	line->capacity = AREA_EVENTS;
	struct timeline_entry *entries = (void *)(line + 1);
	for (uint64_t at = 0; at < 12; at++)
		entries[at % AREA_EVENTS] = (struct timeline_entry){
			.ticks = at * 3, .code = 1, .event = TIMELINE_BEGIN | 1 << 8};
	line->head = 9;
	line->reached = 12;
	line->magic = TIMELINE_AREA_MAGIC;
	s.w.file.header->units_begun = 1;
	drain(&s.w);
	read_and_close(&s);
	/* 4 to 8, of which the first may be the one that is being written over */
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_event"), 4);
	assert_int_equal(query(&s.w, "SELECT max(at_ns) - min(at_ns) FROM v1_call_event"), 3);
	munmap(line, CHANNEL_PAGE);
	end(&s);
}

/* A row a second, of what has passed since the one before. */
static void test_windows_are_what_has_passed(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.process->on.units = 10;
	s.process->on.cpu_ns = 1000;
	s.process->off.units = 4;
	s.process->off.cpu_ns = 200;
	struct calls_reader *reader = calls_read(&s.w, CALLS_MEANWHILE);
	s.process->on.units = 15;
	s.process->off.cpu_ns = 100; /* backwards: nothing */
	calls_reader_drain(reader, NULL, CALLS_AT_THE_END, UINT64_MAX);
	calls_reader_close(reader, false);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_window"), 2);
	assert_int_equal(query(&s.w, "SELECT total(on_units) * 1000 + total(off_cpu_ns) FROM "
				     "v1_call_window"),
			 15200);
	end(&s);
}

/* Switched off, or over: who did it looks next. What it was of stays known. */
static void test_a_change_is_read_at_once(void **state)
{
	struct scene s;
	static const struct calls_control on = {.generation = 1,
						.want = CALLS_PYTHON,
						.pattern = "app"},
					  off = {.generation = 2};
	const struct timespec apart = {.tv_nsec = CALLS_CHANGED_NS + 1000000};
	(void)state;
	set(&s);
	s.process->generation = 1;
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct calls_reader *reader =
		calls_reader_new(directory, (uint32_t)getpid(), SERIAL, UINT64_MAX, s.w.ingest);
	calls_reader_drain(reader, &on, CALLS_MEANWHILE, UINT64_MAX);
	calls_nodes(s.area)[s.sleep].calls = 6;
	nanosleep(&apart, NULL);
	calls_reader_drain(reader, &off, CALLS_MEANWHILE, UINT64_MAX); /* asked for, not in force */
	assert_row(&s, "function = 'sleep' AND calls = 5");
	s.process->generation = 2;
	calls_reader_drain(reader, &off, CALLS_MEANWHILE, UINT64_MAX);
	calls_reader_close(reader, false);
	close(directory);
	assert_row(&s, "function = 'sleep' AND calls = 6");
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_process WHERE pattern = 'app' "
				     "AND want = 1"),
			 1);
	end(&s);
}

/* Through the probe: only where it was asked for, and the files go with the process. */
static void test_the_probe_reads_where_calls_are_asked_for(void **state)
{
	struct scene s;
	char path[256];
	(void)state;
	set(&s);
	drain(&s.w);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 0);
	snprintf(path, sizeof path, "%s/control", agent_probe_directory(s.w.probe));
	const int fd = open(path, O_RDWR);
	const uint32_t generation = 1;
	assert_int_equal(pwrite(fd, &generation, sizeof generation,
				offsetof(struct channel_control, calls.generation)),
			 sizeof generation);
	close(fd);
	drain(&s.w);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 4);
	snprintf(path, sizeof path, "%s", agent_probe_directory(s.w.probe));
	end(&s);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_tree_becomes_rows),
		cmocka_unit_test(test_a_later_read_replaces_an_earlier_one),
		cmocka_unit_test(test_calls_under_way_have_run_until_now),
		cmocka_unit_test(test_a_torn_stack_is_cut_where_it_is_torn),
		cmocka_unit_test(test_recursion_under_way_counts_once),
		cmocka_unit_test(test_nodes_that_break_a_rule_are_left_out),
		cmocka_unit_test(test_files_that_contradict_themselves_are_left_alone),
		cmocka_unit_test(test_figures_saturate),
		cmocka_unit_test(test_clocks_that_cannot_be),
#if defined(__x86_64__)
		cmocka_unit_test(test_a_clock_that_was_read_once),
#endif
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_timeline_keeps_the_last_events),
		cmocka_unit_test(test_timeline_that_went_back),
		cmocka_unit_test(test_windows_are_what_has_passed),
		cmocka_unit_test(test_a_change_is_read_at_once),
		cmocka_unit_test(test_the_probe_reads_where_calls_are_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

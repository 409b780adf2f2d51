/* Exact calls of a process that takes room and time which are others'. */
#include "calls_world.h"

#include "recording/calls.h"

enum { AREAS = 2 };

struct scene {
	struct world w;
	struct calls_process *process;
	struct calls_area *areas[AREAS];
};

/* Two threads: root > foo in each. */
static void set(struct scene *s)
{
	begin(&s->w, getpid());
	calls_put_code(&s->w.file, 1, "foo");
	show(&s->w.file);
	drain(&s->w);
	s->process = calls_make_process(&s->w);
	s->process->areas = AREAS;
	for (uint32_t i = 0; i < AREAS; i++) {
		s->areas[i] = calls_make_area(&s->w, i + 1, 100 + i);
		const uint32_t root = calls_put_node(s->areas[i], CALLS_ROOT, 0, 0, 0, 0, 0);
		calls_put_node(s->areas[i], CALLS_FUNCTION, 1, root, 3, 500, 2000);
	}
}

static void end(struct scene *s)
{
	stop(&s->w);
	munmap(s->process, CHANNEL_PAGE);
	for (int i = 0; i < AREAS; i++)
		munmap(s->areas[i], AREA_BYTES);
	finish(&s->w);
}

static void read_last(struct scene *s)
{
	calls_reader_close(calls_read(&s->w, CALLS_PROCESS_GONE), false);
}

static int64_t lost(struct scene *s)
{
	struct err e;
	assert_int_equal(ingest_finish(s->w.ingest, clock_now_ns(), &e), ERR_OK);
	return query(&s->w, "SELECT total(count) FROM v1_loss WHERE kind = 'call_rows'");
}

static void test_nodes_without_a_kind_take_no_row(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.areas[0]->node_count = AREA_NODES - 1;
	calls_put_node(s.areas[0], CALLS_FUNCTION, 1, 1, 4, 1, 1);
	s.areas[1]->node_count = AREA_NODES;
	read_last(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 5);
	assert_int_equal(query(&s.w, "SELECT max(id) FROM v1_call"), 5);
	end(&s);
}

static void test_a_file_with_holes_is_refused(void **state)
{
	struct scene s;
	char path[256];
	(void)state;
	set(&s);
	snprintf(path, sizeof path, "%s/%d-%d.calls-2", agent_probe_directory(s.w.probe),
		 (int)getpid(), SERIAL);
	assert_int_equal(truncate(path, BYTES_MAX / 2), 0);
	struct calls_reader *reader = calls_read(&s.w, CALLS_PROCESS_GONE);
	assert_non_null(strstr(calls_reader_broken(reader), "holes"));
	calls_reader_close(reader, false);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 2);
	end(&s);
}

static void test_more_bytes_than_the_channel_has_are_refused(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	struct calls_reader *reader =
		calls_read_within(&s.w, CALLS_PROCESS_GONE, AREA_BYTES * 3 / 2, UINT64_MAX);
	assert_non_null(strstr(calls_reader_broken(reader), "larger"));
	calls_reader_close(reader, false);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 2);
	end(&s);
}

/* Its time is over at once: a file with each drain, and the last of them ends the round. */
static void test_a_read_goes_on_with_the_next_drain(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	const int directory = open(agent_probe_directory(s.w.probe), O_RDONLY | O_DIRECTORY);
	struct calls_reader *reader =
		calls_reader_new(directory, (uint32_t)getpid(), SERIAL, BYTES_MAX, s.w.ingest);
	for (int areas = 1; areas <= AREAS; areas++) {
		calls_reader_drain(reader, NULL, CALLS_MEANWHILE, 0);
		assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 2 * areas);
	}
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_process"), 1);
	assert_string_equal(calls_reader_broken(reader), "");
	assert_int_equal(lost(&s), 0);
	calls_reader_close(reader, false);
	close(directory);
	end(&s);
}

static void test_files_without_time_at_the_end_are_lost(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	struct calls_reader *reader = calls_read_within(&s.w, CALLS_PROCESS_GONE, BYTES_MAX, 0);
	assert_non_null(strstr(calls_reader_broken(reader), "no time for 1 of its files"));
	calls_reader_close(reader, false);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 2);
	assert_int_equal(lost(&s), 1);
	end(&s);
}

/* Half of what the others left: 8 of 16, then 4, then 2; and no more for who had its share. */
static void test_a_process_leaves_room_for_others(void **state)
{
	uint32_t own[4] = {0}, all = 0;
	static const uint32_t shares[] = {8, 4, 2, 1};
	(void)state;
	for (int i = 0; i < 4; i++) {
		while (call_share_take(&own[i], &all, 16))
			;
		assert_int_equal(own[i], shares[i]);
	}
	assert_int_equal(all, 15);
	assert_false(call_share_take(&own[0], &all, 16));
}

static void test_a_histogram_is_of_one_node(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	calls_put_node(s.areas[0], CALLS_FUNCTION, 1, 2, 3, 1, 1);
	calls_nodes(s.areas[0])[2].histogram = calls_nodes(s.areas[0])[3].histogram = 1;
	struct calls_histogram *h = calls_make_lengths(&s.w, s.areas[0]);
	h->most = 1000;
	h->of[7].wall = 2;
	munmap(h, sizeof *h);
	read_last(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_histogram"), 1);
	end(&s);
}

/* Who asked for work may be on a thread that is read later. */
static void test_work_finds_a_caller_that_is_read_later(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	const uint32_t work = calls_put_node(s.areas[0], CALLS_WORK, 0, 0, 1, 1, 1);
	calls_nodes(s.areas[0])[work].from_area = 2;
	calls_nodes(s.areas[0])[work].from_node = 2;
	s.areas[0]->events = 10;
	read_last(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM call_node w JOIN call_node c ON c.id = "
				     "w.from_id WHERE w.kind = 4 AND c.kind = 2"),
			 1);
	assert_int_equal(query(&s.w, "SELECT total(events) FROM v1_call_process"), 10);
	end(&s);
}

/* A caller that comes to be above a node which has its row: the row stays as it was. */
static void test_a_caller_put_in_later_is_none(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	const uint32_t gap = calls_put_node(s.areas[0], 0, 1, 1, 3, 1, 1);
	const uint32_t below = calls_put_node(s.areas[0], CALLS_FUNCTION, 1, 1, 3, 1, 1);
	read_last(&s);
	calls_nodes(s.areas[0])[gap].kind = CALLS_FUNCTION;
	calls_nodes(s.areas[0])[below].parent = gap;
	calls_nodes(s.areas[0])[below].calls = 9;
	read_last(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call"), 6);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call WHERE parent_id >= id"), 0);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes_without_a_kind_take_no_row),
		cmocka_unit_test(test_a_file_with_holes_is_refused),
		cmocka_unit_test(test_more_bytes_than_the_channel_has_are_refused),
		cmocka_unit_test(test_a_read_goes_on_with_the_next_drain),
		cmocka_unit_test(test_files_without_time_at_the_end_are_lost),
		cmocka_unit_test(test_a_process_leaves_room_for_others),
		cmocka_unit_test(test_a_histogram_is_of_one_node),
		cmocka_unit_test(test_work_finds_a_caller_that_is_read_later),
		cmocka_unit_test(test_a_caller_put_in_later_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

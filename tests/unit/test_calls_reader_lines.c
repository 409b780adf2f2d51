/* Lines from a thread's file, with what lies behind them. */
#include "calls_scene.h"

static void test_lines(void **state)
{
	struct scene s;
	(void)state;
	set(&s);
	s.process->line_areas = 1;
	s.process->line_engine = CALLS_ENGINE_TRACE;
	enum { BYTES = sizeof(struct lines_area) + AREA_LINES * sizeof(struct calls_line) };
	struct lines_area *lines =
		calls_make(&s.w, "lines-1", BYTES + AREA_LINES * sizeof(struct calls_line_waits));
	lines->tid = 100;
	lines->lines_offset = sizeof *lines;
	lines->waits_offset = BYTES;
	lines->capacity = AREA_LINES;
	lines->count = 3;
	lines->lost = 70000;
	lines->lost_bits = 32768; /* half of them: of m ln 2 lines */
	lines->lost_wall = 3000;
	lines->cost = 900;
	struct calls_line *at = (void *)(lines + 1);
	struct calls_line_waits *waits = (void *)((char *)lines + BYTES);
	at[0] = (struct calls_line){.code = 1,
				    .line = 4,
				    .hits = 2,
				    .wall = 300,
				    .awaited = 30,
				    .cost = 60,
				    .own_cost = 45};
	waits[0] = (struct calls_line_waits){.gil_ns = 5, .blocked_ns = UINT64_MAX};
	at[2] = (struct calls_line){.code = 99, .line = 4, .hits = 2}; /* of no known function */
	lines->magic = LINES_AREA_MAGIC;
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_line"), 1);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_line WHERE function = 'foo' AND "
				     "line = 4 AND hits = 2 AND wall_ns = 100 AND await_ns = 10 "
				     "AND cost_ns = 20 AND own_cost_ns = 15 AND gil_ns = 5 AND "
				     "blocked_ns = 1000000000000000"),
			 1);
	assert_int_equal(
		query(&s.w,
		      "SELECT count(*) FROM v1_call_process WHERE lost_lines = 70000 "
		      "AND lost_line_count = 45426 AND lost_line_ns = 1000 AND line_cost_ns = 300"),
		1);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_process WHERE line_engine = "
				     "'trace'"),
			 1);
	lines->waits_offset = UINT32_MAX - 7;
	lines->lost_bits = UINT32_MAX; /* as many as executions at most */
	at[0].hits = 3;
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_line WHERE hits = 3 AND "
				     "blocked_ns = 0"),
			 1);
	assert_int_equal(query(&s.w, "SELECT lost_line_count FROM v1_call_process"), 70000);
	lines->count = UINT32_MAX;
	lines->capacity = UINT32_MAX;
	struct calls_reader *reader = calls_read(&s.w, CALLS_PROCESS_GONE);
	assert_non_null(strstr(calls_reader_broken(reader), "lines"));
	calls_reader_close(reader, false);
	munmap(lines, CHANNEL_PAGE);
	end(&s);
}

/* Behind the lines, once it is known; what a writer may not have made yet is none. */
static void test_memory_of_lines(void **state)
{
	enum { BYTES = sizeof(struct lines_area) + AREA_LINES * sizeof(struct calls_line) };
	struct scene s;
	(void)state;
	set(&s);
	s.process->line_areas = 1;
	struct lines_area *lines =
		calls_make(&s.w, "lines-1", BYTES + AREA_LINES * sizeof(struct calls_line_memory));
	lines->tid = 100;
	lines->lines_offset = sizeof *lines;
	lines->capacity = AREA_LINES;
	lines->count = 3;
	struct calls_line *at = (void *)(lines + 1);
	struct calls_line_memory *memory = (void *)((char *)lines + BYTES);
	for (uint32_t i = 0; i < 3; i++)
		at[i] = (struct calls_line){.code = 1, .line = 4 + i, .hits = 2, .wall = 300};
	memory[0] = (struct calls_line_memory){
		.bytes = 160000000, .most = 170000000, .peak = 165000000, .parts = 1};
	memory[1] = (struct calls_line_memory){.bytes = INT64_MIN, .most = -5, .parts = 2};
	lines->memory_offset = BYTES;
	lines->magic = LINES_AREA_MAGIC;
	read_and_close(&s);
	assert_int_equal(query(&s.w,
			       "SELECT memory_bytes + memory_most_bytes + memory_peak_bytes + "
			       "memory_parts FROM "
			       "v1_call_line WHERE line = 4"),
			 495000001);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_line WHERE line = 5 AND "
				     "memory_bytes = -(1 << 50) AND memory_most_bytes = 0"),
			 1);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_line WHERE line = 6 AND "
				     "memory_bytes IS NULL AND memory_parts = 0"),
			 1);
	lines->memory_offset = UINT32_MAX - 7;
	at[0].hits = 9;
	read_and_close(&s);
	assert_int_equal(query(&s.w, "SELECT count(*) FROM v1_call_line WHERE line = 4 AND hits = "
				     "9 AND memory_bytes IS NULL"),
			 1);
	munmap(lines, CHANNEL_PAGE);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_memory_of_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

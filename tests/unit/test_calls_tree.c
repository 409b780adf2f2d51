/* Trees of calls: times, totals, recursion, roots, and events that were missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/calls_control.h"
#include "agent/calls_nodes.h"
#include "calls_tree_fakes.h"

static void times_are_added_where_they_pass(void **state)
{
	(void)state;
	enter(A);
	work_ns(100);
	enter(B);
	work_ns(10);
	sleep_ns(1000);
	leave(B);
	work_ns(50);
	leave(A);
	assert_int_equal(NODE(A)->calls, 1);
	assert_int_equal(NODE(A)->own_wall, 150);
	assert_int_equal(NODE(A)->own_cpu, 150);
	assert_int_equal(NODE(A)->total_wall, 1160);
	assert_int_equal(NODE(A)->total_cpu, 160);
	assert_int_equal(NODE(A, B)->own_wall, 1010);
	assert_int_equal(NODE(A, B)->own_cpu, 10);
}

static void a_new_thread_that_is_sent_away_keeps_its_cpu_time(void **state)
{
	(void)state;
	enter(A);
	work_ns(100);
	fake_away_ns = 5000;
	calls_clock.gap = 100;
	leave(A);
	fake_away_ns = 0;
	calls_clock.gap = UINT64_MAX;
	assert_int_equal(NODE(A)->own_cpu, 0);
	enter(B);
	work_ns(30);
	leave(B);
	assert_int_equal(NODE(B)->own_cpu, 30);
	assert_int_equal(NODE(B)->total_cpu, 30);
}

static void one_function_is_a_node_under_each_caller(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		enter(A), enter(C), leave(C), leave(A);
		enter(B), enter(C), leave(C), enter(C), leave(C), leave(B);
	}
	assert_int_equal(NODE(A, C)->calls, 3);
	assert_int_equal(NODE(B, C)->calls, 6);
}

/* What is guessed from the order of before is never taken for what is called. */
static void any_order_of_callees_counts_each(void **state)
{
	static const uint64_t orders[][3] = {{C, D, E}, {C, D, E}, {E, D, C}, {D, C, E}, {C, C, D}};
	uint64_t calls[2][3] = {{0}};

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		const uint64_t *order = orders[(i * 7 + i / 3) % 5];

		enter(i % 2 ? A : B);
		for (unsigned k = 0; k < 1 + i % 3; k++) {
			enter(order[k]), enter(A), leave(A), leave(order[k]);
			calls[i % 2][order[k] - C]++;
		}
		leave(i % 2 ? A : B);
	}
	for (unsigned k = 0; k < 3; k++) {
		assert_int_equal(NODE(B, C + k)->calls, calls[0][k]);
		assert_int_equal(NODE(B, C + k, A)->calls, calls[0][k]);
		assert_int_equal(NODE(A, C + k)->calls, calls[1][k]);
		assert_int_equal(NODE(A, C + k, A)->calls, calls[1][k]);
	}
}

static void open_calls_are_in_the_file(void **state)
{
	(void)state;
	enter(A), enter(B);
	struct calls_thread *t = calls_thread_now();
	struct calls_area *area = calls_area_of(t);

	assert_int_equal(area->depth, 3);
	assert_ptr_equal(&t->nodes[area->live[2].node], NODE(A, B));
	assert_int_equal(area->last_wall, agent_now_ns());
	leave(B), leave(A);
	assert_int_equal(area->depth, 1);
	assert_int_equal(area->events, 4);
}

static void recursion_folds_and_counts_its_time_once(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		enter(A);
		work_ns(10);
	}
	for (int i = 0; i < 100; i++)
		leave(A);
	assert_int_equal(NODE(A)->calls, 1);
	assert_int_equal(NODE(A, A)->calls, 99);
	assert_ptr_equal(&calls_thread_now()->nodes[NODE(A, A)->folds], NODE(A));
	assert_int_equal(total_of(A), 1000);
	assert_int_equal(calls_area_of(calls_thread_now())->node_count, 4);
}

/* a → b → a' → c → b': c lies below a, so b' lies under (a, c), where no b is on the path. */
static void total_time_of_mutual_recursion_is_counted_once(void **state)
{
	(void)state;
	enter(A), enter(B), enter(A), enter(C), enter(B);
	work_ns(7);
	leave(B), leave(C), leave(A), leave(B), leave(A);
	assert_int_equal(NODE(A, C, B)->calls, 1);
	assert_int_equal(NODE(A, C, B)->folds, 0);
	assert_int_equal(total_of(B), 7);
	assert_int_equal(total_of(A), 7);
}

static void an_end_that_is_not_ours_changes_nothing(void **state)
{
	(void)state;
	leave(A);
	enter(B);
	leave(A);
	work_ns(5);
	leave(B);
	assert_int_equal(NODE(B)->own_wall, 5);
	assert_int_equal(calls_area_of(calls_thread_now())->depth, 1);
}

static void a_missed_end_is_made_up_for(void **state)
{
	(void)state;
	enter(A), enter(B), enter(C);
	work_ns(5);
	leave(A); /* B's and C's were missed */
	assert_int_equal(calls_area_of(calls_thread_now())->depth, 1);
	assert_int_equal(NODE(A)->total_wall, 5);
	enter(B), leave(B);
	assert_int_equal(NODE(B)->calls, 1);
}

static void exceptions_are_counted(void **state)
{
	(void)state;
	enter(A), enter(B);
	calls_leave(calls_thread_now(), B, true);
	calls_leave(calls_thread_now(), A, false);
	assert_int_equal(NODE(A, B)->raised, 1);
	assert_int_equal(NODE(A)->raised, 0);
}

static void calls_that_find_no_room_are_their_callers_time(void **state)
{
	(void)state;
	enter(A);
	for (uint64_t i = 1; i < 478; i++)
		enter(1000 + i), leave(1000 + i);
	fake_disk_full = true;
	for (uint64_t i = 1; i < 50; i++) {
		enter(5000 + i);
		work_ns(10);
		enter(B);
		work_ns(1);
		leave(B);
		leave(5000 + i);
	}
	enter(1001);
	work_ns(3);
	leave(1001);
	leave(A);
	assert_int_equal(NODE(A)->own_wall, 49 * 11);
	assert_int_equal(NODE(A)->total_wall, 49 * 11 + 3);
	assert_int_equal(NODE(A, 1001)->calls, 2);
	assert_int_equal(calls_process->lost_nodes, 2 * 49);
}

static void a_tree_grows(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 10000; i++)
		enter(A), enter(i << 8), leave(i << 8), leave(A);
	for (uint64_t i = 1; i <= 10000; i++)
		enter(A), enter(i << 8), leave(i << 8), leave(A);
	assert_int_equal(NODE(A)->calls, 20000);
	assert_int_equal(calls_area_of(calls_thread_now())->node_count, 10003);
	assert_int_equal(NODE(A, 77 << 8)->calls, 2);
	assert_int_equal(calls_process->lost_nodes, 0);
}

static void a_stack_may_be_deeper_than_the_file_shows(void **state)
{
	(void)state;
	for (int i = 0; i < 100000; i++)
		enter(A + i % 2);
	assert_int_equal(calls_area_of(calls_thread_now())->depth, 100001);
	for (int i = 99999; i >= 0; i--)
		leave(A + i % 2);
	assert_int_equal(calls_area_of(calls_thread_now())->depth, 1);
	assert_int_equal(NODE(A)->calls + NODE(A, B, A)->calls, 50000);
}

static void past_the_deepest_call_nothing_breaks(void **state)
{
	enum { MORE = CALLS_DEPTH_MAX + 1000 };

	(void)state;
	for (int i = 0; i < MORE; i++)
		enter(A);
	for (int i = 0; i < MORE; i++)
		leave(A);
	assert_int_equal(calls_area_of(calls_thread_now())->depth, 1);
	assert_int_equal(calls_process->lost_nodes, MORE - (CALLS_DEPTH_MAX - 2));
	enter(B), leave(B);
	assert_int_equal(NODE(B)->calls, 1);
}

/* Address space that this process has now and `more`. */
static void limit_space(size_t more)
{
	struct rlimit limit;
	FILE *statm = fopen("/proc/self/statm", "r");
	unsigned long long pages = 0;

	assert_non_null(statm);
	assert_int_equal(fscanf(statm, "%llu", &pages), 1);
	fclose(statm);
	assert_int_equal(getrlimit(RLIMIT_AS, &limit), 0);
	limit.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
	assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
}

static int no_limit(void **state)
{
	struct rlimit limit;

	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_AS, &limit);
	return fake_tree_stop(state);
}

static void under_a_limit_a_tree_is_small(void **state)
{
	enum { DEEP = CALLS_DEPTH_LIMITED + 1000, MANY = CALLS_NODES_LIMITED };

	(void)state;
	limit_space(256u << 20);
	for (int i = 0; i < DEEP; i++)
		enter(A);
	for (int i = 0; i < DEEP; i++)
		leave(A);
	assert_int_equal(calls_area_of(calls_thread_now())->depth, 1);
	assert_int_equal(calls_process->lost_nodes, DEEP - (CALLS_DEPTH_LIMITED - 2));
	calls_process->lost_nodes = 0;
	for (uint64_t i = 1; i <= MANY; i++)
		enter(i << 8), leave(i << 8);
	/* the first is none; a root, and two of A */
	assert_int_equal(calls_process->lost_nodes, 4);
	assert_int_equal(calls_area_of(calls_thread_now())->node_count, MANY);
	enter(1 << 8), leave(1 << 8);
	assert_int_equal(NODE(1 << 8)->calls, 2);
}

static void what_a_limit_leaves_is_for_the_program(void **state)
{
	(void)state;
	limit_space(16u << 20); /* a sixteenth is less than a tree */
	assert_null(calls_thread_now());
	assert_int_equal(calls_process->lost_threads, 1);
}

/* All of a tree's tables at their largest, each function seen once. */
static void a_tree_that_is_full_stays_whole(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= CALLS_NODES_MAX; i++)
		enter(i << 8), leave(i << 8);
	assert_int_equal(calls_area_of(calls_thread_now())->node_count, CALLS_NODES_MAX);
	assert_int_equal(calls_process->lost_nodes, 2);
	for (uint64_t i = 1; i <= CALLS_NODES_MAX; i++)
		enter(i << 8), leave(i << 8);
	assert_int_equal(calls_process->lost_nodes, 4);
}

static void c_functions_have_nodes(void **state)
{
	static int definition, object;

	(void)state;
	enter(A);
	calls_c_enter(calls_thread_now(), calls_c_key(&definition), &object);
	work_ns(9);
	calls_c_leave(calls_thread_now(), calls_c_key(&definition), false);
	leave(A);
	assert_int_equal(NODE(A, calls_c_key(&definition))->own_wall, 9);
	assert_int_equal(NODE(A, calls_c_key(&definition))->kind, CALLS_C_FUNCTION);
}

static void what_is_open_moves_to_the_routes_root(void **state)
{
	struct calls_thread *t = calls_thread_now();
	struct calls_root none = {.kind = CALLS_ROOT}, route = {.kind = CALLS_ROOT, .code = 7};
	uint32_t entered = calls_root_enter(t, none, true);
	struct calls_node *root = t->top;

	(void)state;
	enter(A), enter(C), leave(C), enter(B);
	work_ns(5);
	calls_root_move(t, entered, route);
	work_ns(10);
	leave(B), leave(A);
	assert_int_equal(t->top->code, 7);
	assert_int_equal(t->top->calls, 1);
	assert_int_equal(root->calls, 0);
	for (uint32_t n = 1; n < calls_area_of(t)->node_count; n++) {
		const struct calls_node *of = &t->nodes[n];
		bool moved = of->parent != 0 &&
			     (of->parent == (uint32_t)(t->top - t->nodes) ||
			      t->nodes[of->parent].parent == (uint32_t)(t->top - t->nodes));

		if (of->key == A || of->key == B)
			assert_int_equal(of->calls, moved);
		if (of->key == B)
			assert_int_equal(of->own_wall, moved ? 10 : 5);
		if (of->key == C)
			assert_false(moved);
	}
	enter(D); /* never left */
	calls_root_leave(t, entered);
	assert_int_equal(t->depth, 1);
}

static void a_root_that_is_gone_is_not_left_again(void **state)
{
	struct calls_thread *t = calls_thread_now();
	uint32_t entered = calls_root_enter(t, (struct calls_root){.kind = CALLS_WORK}, true);

	(void)state;
	calls_tree_reset();
	enter(A);
	calls_root_leave(t, entered);
	assert_int_equal(t->depth, 2);
	leave(A);
	assert_int_equal(NODE(A)->calls, 1);
}

static void time_while_nothing_counted_is_nobodys(void **state)
{
	(void)state;
	enter(A), enter(B);
	calls_tree_reset();
	work_ns(1000000);
	enter(A);
	work_ns(3);
	leave(A);
	assert_int_equal(NODE(A)->own_wall, 3);
	assert_int_equal(NODE()->own_wall, 0);
	assert_int_equal(total_of(A), 3);
}

static void a_later_thread_goes_on_in_the_same_tree(void **state)
{
	unsigned files_before;

	(void)state;
	enter(A), leave(A);
	files_before = fake_files;
	calls_tree_thread_end(agent_thread_self());
	assert_null(calls_self);
	enter(A), leave(A);
	assert_int_equal(fake_files, files_before);
	assert_int_equal(NODE(A)->calls, 2);
}

static void lengths_of_calls_are_kept(void **state)
{
	const struct calls_histogram *histogram;
	struct calls_thread *t;

	(void)state;
	calls_tree_histograms = true;
	t = calls_thread_now();
	enter(A);
	work_ns(100);
	calls_suspend(t, A, 0xf00);
	sleep_ns(900);
	calls_resume(t, A, A, 0xf00);
	leave(A);
	enter(A);
	work_ns(50);
	leave(A);
	histogram = &t->histograms[NODE(A)->histogram - 1];
	assert_int_equal(histogram->least, 50);
	assert_int_equal(histogram->most, 1000);
	assert_int_equal(histogram->of[calls_bucket(1000)].wall, 1);
	assert_int_equal(histogram->of[calls_bucket(100)].cpu, 1);
	assert_int_equal(histogram->of[calls_bucket(50)].cpu, 1);
}

/* More than the first part of their file has room for, and those from before it was asked for. */
static void lengths_are_kept_of_many_functions(void **state)
{
	enum { MANY = 300 };
	unsigned files_before;

	(void)state;
	enter(A), leave(A);
	files_before = fake_files;
	calls_tree_histograms = true;
	for (uint64_t f = 0; f < MANY; f++) {
		enter(1000 + f);
		work_ns(10 + f);
		leave(1000 + f);
	}
	enter(A), leave(A);
	assert_int_equal(NODE(A)->histogram, 0);
	assert_int_equal(fake_files, files_before + 1);
	for (uint64_t f = 0; f < MANY; f++) {
		const struct calls_node *node = NODE(1000 + f);

		assert_int_equal(node->histogram, f + 1);
		assert_int_equal(calls_self->histograms[f].most, 10 + f);
	}
}

static void a_timeline_keeps_the_last_events(void **state)
{
	const struct timeline_area *area;
	const struct timeline_entry *entries;
	uint64_t head;

	(void)state;
	calls_asked.want |= CALLS_TIMELINE;
	for (uint32_t i = 0; i < TIMELINE_CAPACITY; i++)
		enter(A), leave(A);
	enter(B);
	work_ns(5);
	calls_suspend(calls_thread_now(), B, 0);
	area = calls_thread_now()->timeline;
	assert_int_equal(area->capacity, TIMELINE_CAPACITY);
	head = area->head;
	assert_int_equal(head, 2 * TIMELINE_CAPACITY + 2);
	entries = (const struct timeline_entry *)((const char *)area + area->entries_offset);
	entries += (head - 2) % area->capacity;
	assert_int_equal(entries[0].code, B);
	assert_int_equal(entries[0].event, TIMELINE_BEGIN);
	assert_int_equal(entries[1].event, TIMELINE_SUSPEND);
	assert_int_equal(entries[1].ticks - entries[0].ticks, 5);
}

static uint64_t request(uint64_t work)
{
	struct timeline_area *area = calls_thread_now()->timeline;
	uint64_t began_at = calls_timeline_position(area);

	enter(A), work_ns(work), leave(A);
	calls_timeline_unit_ended(area, began_at, work);
	return area->head;
}

/* Until the ring is full all requests are kept, then slow ones. */
static void a_full_timeline_keeps_slow_requests(void **state)
{
	const struct timeline_area *area;
	uint64_t full = TIMELINE_CAPACITY - 2, head = 0; /* but for one request */

	(void)state;
	calls_asked.want |= CALLS_TIMELINE;
	(void)calls_thread_now();
	for (uint32_t i = 1; i < TIMELINE_CAPACITY / 2; i++)
		head = request(1000 + i % 10);
	area = calls_thread_now()->timeline;
	assert_int_equal(head, full);
	assert_int_equal(area->reached, 0);
	assert_int_equal(request(100), full);
	assert_int_equal(area->reached, full + 2);
	assert_int_equal(request(5000), full + 2);
	assert_int_equal(request(100), full + 2);
	assert_int_equal(area->reached, full + 4);
}

/* 100 ns of counting: what runs for 200 ns is demoted, what runs for longer, or seldom, is not. */
static void call_often(uint64_t function, uint64_t runs_ns, uint64_t between_ns)
{
	for (uint32_t i = 0; i < 3 * CALLS_LOOK; i++) {
		enter(function);
		(void)calls_is_demoted(calls_thread_now());
		work_ns(runs_ns);
		leave(function);
		work_ns(between_ns);
	}
}

static void leaves_that_cost_too_much_are_demoted(void **state)
{
	struct calls_thread *t;

	(void)state;
	calls_process->cost_inside_16 = calls_process->cost_outside_16 = 50 * 16;
	call_often(A, 200, 1);
	call_often(B, 400, 1);
	call_often(C, 200, 20000);
	for (uint32_t i = 0; i < 3 * CALLS_LOOK; i++) {
		enter(D), (void)calls_is_demoted(calls_thread_now());
		enter(E), leave(E), leave(D);
	}
	t = calls_thread_now();
	assert_true(calls_key_is_demoted(t, A));
	assert_false(calls_key_is_demoted(t, B));
	assert_false(calls_key_is_demoted(t, C));
	assert_false(calls_key_is_demoted(t, D));
	assert_int_equal(calls_process->demoted, 1);
}

static void buckets_hold_what_they_say(void **state)
{
	(void)state;
	for (uint64_t ns = 0; ns < UINT64_C(1) << 42; ns += 1 + ns / 7) {
		uint32_t bucket = calls_bucket(ns);

		assert_in_range(bucket, 0, CALLS_BUCKETS - 1);
		assert_true(calls_bucket_least(bucket) <= ns);
		assert_true(bucket + 1 == CALLS_BUCKETS || calls_bucket_least(bucket + 1) > ns);
	}
	assert_int_equal(calls_bucket(UINT64_MAX), CALLS_BUCKETS - 1);
}

static void some_events_are_timed_but_not_what_interrupts_them(void **state)
{
	(void)state;
	calls_looks = (struct calls_looks){0};
	for (int i = 0; i < 640; i++) {
		enter(A);
		leave(A);
	}
	assert_in_range(calls_looks.count, 15, 25);
	assert_int_equal(calls_looks.ticks, 0); /* the clock stood */
	calls_looks = (struct calls_looks){0};
	work_ns(5000);
	calls_look_back(calls_ticks() - 30);
	calls_look_back(calls_ticks() - 5000);
	assert_int_equal(calls_looks.count, 1);
	assert_int_equal(calls_looks.ticks, 30);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_tree_start, fake_tree_stop)
#define LIMITED(name) cmocka_unit_test_setup_teardown(name, fake_tree_start, no_limit)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(times_are_added_where_they_pass),
		TEST(a_new_thread_that_is_sent_away_keeps_its_cpu_time),
		TEST(one_function_is_a_node_under_each_caller),
		TEST(any_order_of_callees_counts_each),
		TEST(open_calls_are_in_the_file),
		TEST(recursion_folds_and_counts_its_time_once),
		TEST(total_time_of_mutual_recursion_is_counted_once),
		TEST(an_end_that_is_not_ours_changes_nothing),
		TEST(a_missed_end_is_made_up_for),
		TEST(exceptions_are_counted),
		TEST(calls_that_find_no_room_are_their_callers_time),
		TEST(a_tree_grows),
		TEST(a_stack_may_be_deeper_than_the_file_shows),
		TEST(past_the_deepest_call_nothing_breaks),
		LIMITED(under_a_limit_a_tree_is_small),
		LIMITED(what_a_limit_leaves_is_for_the_program),
		TEST(a_tree_that_is_full_stays_whole),
		TEST(c_functions_have_nodes),
		TEST(what_is_open_moves_to_the_routes_root),
		TEST(a_root_that_is_gone_is_not_left_again),
		TEST(time_while_nothing_counted_is_nobodys),
		TEST(a_later_thread_goes_on_in_the_same_tree),
		TEST(lengths_of_calls_are_kept),
		TEST(lengths_are_kept_of_many_functions),
		TEST(a_timeline_keeps_the_last_events),
		TEST(a_full_timeline_keeps_slow_requests),
		TEST(leaves_that_cost_too_much_are_demoted),
		TEST(buckets_hold_what_they_say),
		TEST(some_events_are_timed_but_not_what_interrupts_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

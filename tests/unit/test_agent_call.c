/* Calls: when they are recorded, what a record says, nesting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "agent/tick.h"
#include "agent_core_fakes.h"

static int start(void **state)
{
	(void)state;
	fake_core_start();
	return !agent_need_channel();
}

static int stop(void **state)
{
	(void)state;
	fake_core_stop();
	return 0;
}

static size_t record_count(void)
{
	size_t count;
	fake_records(&count);
	return count;
}

static void pause_ms(long ms)
{
	struct timespec wanted = {.tv_nsec = ms * 1000000};
	assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &wanted, NULL), 0);
}

static void test_a_call_is_recorded_at_its_end(void **state)
{
	(void)state;
	struct call c;
	errno = EBADF;
	assert_true(call_begin(&c, RECORD_RECV));
	assert_int_equal(record_count(), 0);
	uint64_t dur_ns = call_end(
		&c, (struct call_facts){.subject = 4, .bytes = UINT64_C(1) << 40, .result = -1});
	assert_int_equal(errno, EBADF);
	const struct channel_record *r = fake_last_record();
	assert_int_equal(r->kind, RECORD_RECV);
	assert_int_equal(r->dur_ns, dur_ns);
	assert_int_equal(r->unit, 7);
	assert_int_equal(r->stack, 3);
	assert_int_equal(r->subject, 4);
	assert_int_equal(r->bytes, UINT32_MAX);
	assert_int_equal(r->result, -1);
	assert_int_equal(r->source, 1);
}

static void test_an_open_call_shows_in_the_ring(void **state)
{
	(void)state;
	struct call c, inner;
	assert_true(call_begin(&c, RECORD_SLEEP)); /* the first record claims the ring */
	call_end(&c, (struct call_facts){0});
	struct channel_ring *ring = agent_thread_self()->ring;
	assert_true(call_begin(&c, RECORD_SQLITE_STEP));
	assert_int_equal(ring->open_sequence % 2, 1);
	assert_int_equal(ring->open_kind, RECORD_SQLITE_STEP);
	assert_int_equal(ring->open_unit, 7);
	assert_true(call_begin(&inner, RECORD_FSYNC));
	assert_int_equal(ring->open_kind, RECORD_SQLITE_STEP);
	call_end(&inner, (struct call_facts){0});
	assert_int_equal(ring->open_sequence % 2, 1);
	call_drop(&c);
	assert_int_equal(ring->open_sequence % 2, 0);
}

static void test_without_a_unit_only_what_must_be_followed(void **state)
{
	(void)state;
	struct call c;
	fake_unit = 0;
	assert_false(call_begin(&c, RECORD_POLL));
	assert_false(call_begin(&c, RECORD_LOCK));
	assert_true(call_begin(&c, RECORD_RECV));
	call_end(&c, (struct call_facts){0}); /* nobody's: no record */
	assert_int_equal(record_count(), 0);
	assert_true(call_begin(&c, RECORD_RECV));
	call_end(&c, (struct call_facts){.unit = 5}); /* a pooled connection's statement */
	assert_int_equal(fake_last_record()->unit, 5);
	assert_true(call_begin(&c, RECORD_CLOSE));
	call_end(&c, (struct call_facts){.always = true, .flags = RECORD_CLOSES});
	assert_int_equal(fake_last_record()->kind, RECORD_CLOSE);
	assert_false(call_begin_in_unit(&c, RECORD_RECV));
}

static void test_asleep_in_hook_and_in_a_vfork_child_nothing_is_begun(void **state)
{
	(void)state;
	struct call c;
	atomic_store(&agent_awake, false);
	assert_false(call_begin(&c, RECORD_RECV));
	atomic_store(&agent_awake, true);
	agent_thread_self()->in_hook = true;
	assert_false(call_begin(&c, RECORD_RECV));
	agent_thread_self()->in_hook = false;
	fork_vfork_mark = true;
	assert_false(call_begin(&c, RECORD_RECV));
	fork_vfork_mark = false;
	assert_true(call_begin(&c, RECORD_RECV));
	call_drop(&c);
	assert_int_equal(record_count(), 0);
}

static void test_nested_calls_belong_to_their_owner(void **state)
{
	(void)state;
	struct call step, prepare, sync, data;
	fake_now_ns = 1000000;
	assert_true(call_begin(&step, RECORD_SQLITE_STEP));
	assert_true(call_begin(&prepare, RECORD_SQLITE_PREPARE));
	assert_false(call_begin(&data, RECORD_READ)); /* the library's own */
	assert_true(call_begin(&sync, RECORD_FSYNC));
	call_end(&sync, (struct call_facts){0});
	assert_int_equal(fake_last_record()->kind, RECORD_FSYNC);
	assert_true(fake_last_record()->flags & RECORD_NESTED);
	assert_int_equal(fake_last_record()->depth, 2);
	fake_now_ns += 3000;
	size_t before = record_count();
	uint64_t prepare_ns = call_end(&prepare, (struct call_facts){0});
	assert_int_equal(prepare_ns, 3000);
	assert_int_equal(record_count(), before); /* short, and the step has its time */
	assert_true(call_begin(&prepare, RECORD_SQLITE_PREPARE));
	fake_now_ns += 200000;
	prepare_ns += call_end(&prepare, (struct call_facts){0}); /* long: worth a row */
	assert_int_equal(fake_last_record()->kind, RECORD_SQLITE_PREPARE);
	assert_true(fake_last_record()->flags & RECORD_NESTED);
	assert_int_equal(fake_last_record()->depth, 1);
	call_end(&step, (struct call_facts){0});
	assert_false(fake_last_record()->flags & RECORD_NESTED);
	assert_int_equal(fake_last_record()->aux, prepare_ns);
	assert_int_equal(agent_thread_self()->depth, 0);
	assert_int_equal(agent_thread_self()->owning, 0);
}

static void test_nested_calls_have_the_unit_of_their_owner(void **state)
{
	(void)state;
	struct call step, sync;
	assert_true(call_begin(&step, RECORD_SQLITE_STEP));
	assert_false(call_is_databases_own(&step));
	fake_unit = 8; /* whoever asks the context again would find this one */
	assert_true(call_begin(&sync, RECORD_FSYNC));
	assert_true(call_is_databases_own(&sync));
	call_end(&sync, (struct call_facts){0});
	assert_int_equal(fake_last_record()->unit, 7);
	call_end(&step, (struct call_facts){0});
	assert_true(call_begin(&step, RECORD_SLEEP));
	call_end(&step, (struct call_facts){0});
	assert_int_equal(fake_last_record()->unit, 8);
}

/* A function of the app that SQLite calls back, or another greenlet. */
static void test_what_python_does_inside_is_not_the_librarys(void **state)
{
	(void)state;
	struct call step, inner;
	assert_true(call_begin(&step, RECORD_SQLITE_STEP));
	fake_frame = 0x2000;
	fake_unit = 8;
	assert_true(call_begin(&inner, RECORD_READ));
	assert_false(call_is_databases_own(&inner));
	assert_int_equal(inner.unit, 8);
	call_end(&inner, (struct call_facts){0});
	fake_frame = 0x1000;
	assert_false(call_begin(&inner, RECORD_READ));
	call_end(&step, (struct call_facts){0});
}

static void test_what_is_not_looked_at_waits_for_the_call_around(void **state)
{
	(void)state;
	struct call step, sync;
	assert_true(call_begin(&step, RECORD_SQLITE_STEP));
	pause_ms(20); /* the library's own read: no hook sees it … */
	assert_true(call_begin(&sync, RECORD_FSYNC));
	pause_ms(1); /* … and this one, long enough to be looked at, is shorter */
	call_end(&sync, (struct call_facts){0});
	uint64_t dur_ns = call_end(&step, (struct call_facts){0});
	/* of 21 ms waited, 1 ms was kept before */
	assert_true(fake_last_record()->cpu_ns < dur_ns / 4);
}

/* Greenlets that overlap inside a library's call end in any order. */
static void test_calls_that_end_out_of_order_leave_none_open(void **state)
{
	(void)state;
	struct call a, b;
	assert_true(call_begin(&a, RECORD_SQLITE_STEP));
	assert_true(call_begin(&b, RECORD_SQLITE_STEP));
	call_end(&a, (struct call_facts){0});
	call_end(&b, (struct call_facts){0});
	assert_int_equal(agent_thread_self()->depth, 0);
	assert_int_equal(agent_thread_self()->owning, 0);
}

static void test_a_call_left_open_is_closed_with_the_one_around_it(void **state)
{
	(void)state;
	struct call outer, lost;
	assert_true(call_begin(&outer, RECORD_SPAWN));
	for (int i = 0; i < CALL_DEPTH_MAX + 3; i++)
		assert_true(call_begin(&lost, RECORD_DNS)); /* left by longjmp */
	call_end(&outer, (struct call_facts){0});
	assert_int_equal(agent_thread_self()->depth, 0);
	assert_int_equal(agent_thread_self()->owning, 0);
	assert_int_equal(fake_last_record()->kind, RECORD_SPAWN);
}

static void test_a_long_call_knows_its_cpu(void **state)
{
	(void)state;
	struct call outer, inner;
	struct agent_thread *thread = agent_thread_self();
	uint64_t blocked_ns = thread->blocked_ns;
	assert_true(call_begin(&outer, RECORD_SQLITE_STEP));
	assert_true(call_begin(&inner, RECORD_FSYNC));
	pause_ms(5);
	uint64_t inner_ns = call_end(&inner, (struct call_facts){0});
	assert_true(fake_last_record()->flags & RECORD_CPU_KNOWN);
	assert_true(fake_last_record()->cpu_ns < inner_ns);
	uint64_t outer_ns = call_end(&outer, (struct call_facts){0});
	const struct channel_record *r = fake_last_record();
	assert_true(r->flags & RECORD_CPU_KNOWN);
	/* the outer one was blocked as long as the inner one was */
	assert_true(outer_ns - r->cpu_ns >= 4000000);
	/* and the thread only once */
	assert_int_equal(thread->blocked_ns - blocked_ns, outer_ns - r->cpu_ns);
}

static void test_parts_of_a_gil_wait_are_one_record(void **state)
{
	(void)state;
	struct call c;
	fake_now_ns = 1000000;
	for (int i = 0; i < 3; i++) {
		assert_true(call_begin(&c, RECORD_GIL));
		fake_now_ns += 1000;
		call_gil_part(&c, fake_now_ns, i < 2);
		assert_int_equal(record_count(), i == 2);
		fake_now_ns += 10;
	}
	const struct channel_record *r = fake_last_record();
	assert_int_equal(r->kind, RECORD_GIL);
	assert_int_equal(r->t_start_ns, 1000000);
	assert_int_equal(r->dur_ns, 3 * 1000 + 2 * 10);
}

static void test_a_gil_wait_kept_open_is_written_before_the_next_record(void **state)
{
	(void)state;
	struct call c;
	assert_true(call_begin(&c, RECORD_GIL));
	call_gil_part(&c, c.start_ns + 1000, true);
	record_write(&(struct channel_record){.kind = RECORD_UNIT_END});
	size_t count;
	const struct channel_record *records = fake_records(&count);
	assert_int_equal(count, 2);
	assert_int_equal(records[0].kind, RECORD_GIL);
	assert_int_equal(records[0].dur_ns, 1000);
	assert_int_equal(records[1].kind, RECORD_UNIT_END);
}

static void *one_record(void *ring)
{
	record_write(&(struct channel_record){.kind = RECORD_SPAN});
	*(struct channel_ring **)ring = agent_thread_self()->ring;
	return NULL;
}

static void test_a_thread_gives_its_ring_back(void **state)
{
	(void)state;
	struct channel_ring *rings[3];
	for (int i = 0; i < 3; i++) {
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, one_record, &rings[i]), 0);
		pthread_join(thread, NULL);
		assert_int_equal(rings[i]->state, RING_FREE);
		assert_int_equal(rings[i]->head, (uint64_t)i + 1);
	}
	assert_ptr_equal(rings[0], rings[2]);
}

static void test_losing_the_ring_is_counted(void **state)
{
	(void)state;
	fake_control.bytes_limit = fake_control.bytes_made;
	struct channel_ring *rings[16];
	pthread_t threads[16];
	record_write(&(struct channel_record){.kind = RECORD_SPAN});
	agent_thread_self()->writing = true; /* as in a signal handler that interrupted a write */
	record_write(&(struct channel_record){.kind = RECORD_SPAN});
	agent_thread_self()->writing = false;
	assert_int_equal(fake_losses[LOSS_NO_RING], 1);
	for (int i = 0; i < 16; i++) {
		assert_int_equal(pthread_create(&threads[i], NULL, one_record, &rings[i]), 0);
		pthread_join(threads[i], NULL);
	}
	assert_int_equal(fake_losses[LOSS_NO_RING], 1); /* one after another they share one */
	assert_int_equal(record_count(), 1);
}

static int start_without_channel(void **state)
{
	(void)state;
	fake_core_start();
	return 0;
}

/* What a script waits for before it has a channel is reason enough to make one,
 * and the call that was the reason is recorded. */
static void test_a_script_that_waits_gets_a_channel(void **state)
{
	(void)state;
	struct call c;
	fake_unit = 0;
	assert_false(call_begin(&c, RECORD_SLEEP));
	fake_run_waits = true;
	assert_false(call_begin(&c, RECORD_GIL));
	assert_true(call_begin(&c, RECORD_SLEEP));
	assert_null(core_channel_now());
	pause_ms(2);
	call_end(&c, (struct call_facts){.result = 0});
	assert_true(fake_run_blocked_ns > 0);
	assert_int_equal(fake_last_record()->kind, RECORD_SLEEP);
	assert_int_equal(fake_last_record()->unit, 11);
	assert_int_equal(fake_losses[LOSS_NO_RING], 0);
}

/* Another thread (the tick's) makes the channel while it waits: the wait is the run's all the same.
 */
static void test_a_wait_in_which_the_channel_is_made(void **state)
{
	(void)state;
	struct call c;
	fake_unit = 0;
	fake_run_waits = true;
	assert_true(call_begin(&c, RECORD_POLL));
	assert_true(agent_need_channel());
	pause_ms(2);
	call_end(&c, (struct call_facts){.result = 0});
	assert_int_equal(fake_run_blocked_ns, 0);
	assert_int_equal(fake_last_record()->kind, RECORD_POLL);
	assert_int_equal(fake_last_record()->unit, 11);
	/* what begins with a channel and without a unit stays without one */
	fake_run_waits = false;
	assert_true(call_begin(&c, RECORD_CONNECT));
	fake_run_waits = true;
	pause_ms(2);
	call_end(&c, (struct call_facts){.result = 0, .always = true});
	assert_int_equal(fake_last_record()->kind, RECORD_CONNECT);
	assert_int_equal(fake_last_record()->unit, 0);
}

/* A short script that waits for nothing needs none. */
static void test_a_script_that_computes_gets_no_channel(void **state)
{
	(void)state;
	struct call c;
	fake_unit = 0;
	fake_run_waits = true;
	fake_now_ns = 1000;
	assert_true(call_begin(&c, RECORD_READ));
	call_end(&c, (struct call_facts){.result = 0});
	fake_now_ns = 0;
	assert_int_equal(fake_run_blocked_ns, 0);
	assert_null(core_channel_now());
	assert_int_equal(fake_losses[LOSS_NO_RING], 0);
}

static void test_a_non_blocking_socket_never_holds_the_loop(void **state)
{
	(void)state;
	struct call c;
	struct agent_thread *thread = agent_thread_self();
	thread->loop_depth = 1;
	assert_true(call_begin(&c, RECORD_SEND));
	call_end(&c, (struct call_facts){.never_waits = true});
	assert_int_equal(fake_last_record()->flags & RECORD_ON_LOOP, 0);
	assert_true(call_begin(&c, RECORD_SEND));
	call_end(&c, (struct call_facts){.result = 0});
	assert_int_equal(fake_last_record()->flags & RECORD_ON_LOOP, RECORD_ON_LOOP);
	thread->loop_depth = 0;
}

static void test_who_waits_for_what_is_next_says_where(void **state)
{
	(void)state;
	struct call c;
	struct agent_thread *thread = agent_thread_self();
	fake_unit = 0;
	fake_stack = 17;
	assert_false(call_begin(&c, RECORD_POLL));
	call_idle_begin(); /* nobody would look */
	assert_int_equal(call_waiting_of(thread).start_ns, 0);
	atomic_store(&tick_running, true);
	call_idle_begin();
	assert_int_not_equal(call_waiting_of(thread).start_ns, 0);
	assert_int_equal(call_waiting_of(thread).kind, RECORD_POLL);
	assert_int_equal(call_waiting_of(thread).stack, 17);
	/* a signal handler's call inside is what it waits in, meanwhile */
	assert_true(call_begin(&c, RECORD_SEND));
	assert_int_equal(call_waiting_of(thread).kind, RECORD_SEND);
	assert_int_equal(call_waiting_of(thread).stack, 0);
	call_end(&c, (struct call_facts){0});
	assert_int_equal(call_waiting_of(thread).stack, 17);
	call_idle_end();
	assert_int_equal(call_waiting_of(thread).start_ns, 0);
	assert_int_equal(call_waiting_of(thread).stack, 0);
	atomic_store(&tick_running, false);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start, stop)
	const struct CMUnitTest tests[] = {
		T(test_a_call_is_recorded_at_its_end),
		T(test_an_open_call_shows_in_the_ring),
		T(test_without_a_unit_only_what_must_be_followed),
		T(test_asleep_in_hook_and_in_a_vfork_child_nothing_is_begun),
		T(test_nested_calls_belong_to_their_owner),
		T(test_nested_calls_have_the_unit_of_their_owner),
		T(test_what_python_does_inside_is_not_the_librarys),
		T(test_what_is_not_looked_at_waits_for_the_call_around),
		T(test_calls_that_end_out_of_order_leave_none_open),
		T(test_a_call_left_open_is_closed_with_the_one_around_it),
		T(test_a_long_call_knows_its_cpu),
		T(test_parts_of_a_gil_wait_are_one_record),
		T(test_a_gil_wait_kept_open_is_written_before_the_next_record),
		T(test_a_thread_gives_its_ring_back),
		T(test_losing_the_ring_is_counted),
		T(test_a_non_blocking_socket_never_holds_the_loop),
		T(test_who_waits_for_what_is_next_says_where),
		cmocka_unit_test_setup_teardown(test_a_script_that_waits_gets_a_channel,
						start_without_channel, stop),
		cmocka_unit_test_setup_teardown(test_a_wait_in_which_the_channel_is_made,
						start_without_channel, stop),
		cmocka_unit_test_setup_teardown(test_a_script_that_computes_gets_no_channel,
						start_without_channel, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

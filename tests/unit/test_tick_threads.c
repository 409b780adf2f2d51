/* From looks to records: run lengths, states by hooks and by the kernel, threads that end. The
 * threads are the test's own; what the hooks show of them is written into their slots. */
#include "agent/tick_threads.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/gil.h"
#include "agent/raw.h"
#include "agent_core_fakes.h"
#include "base/clock.h"

#define MS UINT64_C(1000000)

struct py_layout agent_layout = {.gil_size = 64};

static _Alignas(8) char gil[64];
static struct tick_look look;

uintptr_t gil_address(void)
{
	return (uintptr_t)gil;
}

/* A thread that waits in read(2) until it is let go; computes after that as long as it is asked to.
 */
static struct {
	pthread_t thread;
	atomic_bool may_compute, computes;
	uint32_t tid;
	int pipe[2];
	sem_t ready;
	struct agent_thread *slot;
} other;

static void *wait_in_read(void *unused)
{
	char byte;

	other.tid = (uint32_t)raw_call(SYS_gettid);
	other.slot = agent_thread_self();
	sem_post(&other.ready);
	(void)!read(other.pipe[0], &byte, 1);
	while (atomic_load(&other.may_compute))
		atomic_store(&other.computes, true);
	(void)!read(other.pipe[0], &byte, 1);
	return unused;
}

static void until_it_reads(void)
{
	for (struct tick_call call = {.number = -1}; call.number != SYS_read;)
		tick_threads_where(other.tid, &call);
}

static void let_it_compute(void)
{
	atomic_store(&other.may_compute, true);
	atomic_store(&other.computes, false);
	assert_int_equal(write(other.pipe[1], "", 1), 1);
	while (!atomic_load(&other.computes))
		sched_yield();
}

static int set_up(void **state)
{
	(void)state;
	fake_core_start();
	assert_true(agent_need_channel());
	memset(&look, 0, sizeof(look));
	assert_int_equal(pipe(other.pipe), 0);
	sem_init(&other.ready, 0, 0);
	assert_int_equal(pthread_create(&other.thread, NULL, wait_in_read, NULL), 0);
	while (sem_wait(&other.ready) != 0)
		;
	until_it_reads();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tick_threads_end();
	close(other.pipe[1]);
	pthread_join(other.thread, NULL);
	close(other.pipe[0]);
	sem_destroy(&other.ready);
	fake_core_stop();
	return 0;
}

static void see(uint32_t tid, uint32_t stack, bool holder)
{
	look.threads[look.count++] =
		(struct tick_seen){.tid = tid, .stack = stack, .unit = 5, .holder = holder};
}

static void tick(uint64_t at_ms)
{
	tick_threads_read(0);
	tick_threads_add(&look, at_ms * MS, 5 * MS, false);
}

/* The records of a thread, oldest first. */
static size_t records_of(uint32_t tid, struct channel_record *found, size_t room)
{
	size_t count, kept = 0;
	const struct channel_record *records = fake_records(&count);

	for (size_t i = 0; i < count; i++)
		if (records[i].kind == RECORD_SAMPLE && records[i].subject == tid && kept < room)
			found[kept++] = records[i];
	return kept;
}

static void test_the_same_place_is_one_record(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, false);
	for (uint64_t i = 0; i < 10; i++)
		tick(1000 + 5 * i);
	assert_int_equal(records_of(other.tid, r, 4), 0);
	look.threads[0].stack = 4;
	tick(1050);
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].bytes, 10);
	assert_int_equal(r[0].dur_ns, 50 * MS);
	assert_int_equal(r[0].t_start_ns, 1000 * MS);
	assert_int_equal(r[0].stack, 3);
	assert_int_equal(r[0].unit, 5);
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 4), 2);
	assert_int_equal(r[1].bytes, 1);
}

static void test_a_record_is_not_kept_open_for_long(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, false);
	for (uint64_t i = 0; i <= TICK_SAMPLE_NS / MS / 5; i++)
		tick(1000 + 5 * i);
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].bytes, TICK_SAMPLE_NS / MS / 5);
}

static void test_what_it_waits_on_is_the_kernels_word(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, false);
	tick(1000);
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].result, SAMPLE_CALL);
	assert_int_equal(r[0].aux, (uint64_t)SYS_read << 32 | (uint32_t)other.pipe[0]);
}

/* One that slept on is read seldom; its stack tells that it has run meanwhile. */
static void test_who_is_found_elsewhere_sleeps_no_more(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, false);
	for (uint64_t i = 0; i < 8; i++) /* of these the last are not read */
		tick(1000 + 5 * i);
	let_it_compute();
	look.threads[0].stack = 4;
	tick(1040);
	tick_threads_end();
	atomic_store(&other.may_compute, false);
	assert_in_range(records_of(other.tid, r, 4), 2, 4);
	assert_int_equal(r[0].result, SAMPLE_CALL);
	assert_int_equal(r[0].bytes, 8);
	assert_true(r[1].result == SAMPLE_NATIVE || r[1].result == SAMPLE_RUNQUEUE);
}

static void show_call(uint16_t kind, uint64_t start_ns)
{
	other.slot->open[0].kind = kind;
	other.slot->open[0].start_ns = start_ns;
	other.slot->depth = start_ns != 0;
}

static void test_what_hooks_show_is_not_asked_again(void **state)
{
	static const struct {
		uint16_t kind;
		uint8_t state;
	} rows[] = {
		{RECORD_GIL, SAMPLE_GIL},
		{RECORD_LOCK, SAMPLE_LOCK},
		{RECORD_SLEEP, SAMPLE_SLEEP},
		{RECORD_RECV, SAMPLE_CALL},
	};
	struct channel_record r[8];

	(void)state;
	see(other.tid, 3, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		show_call(rows[i].kind, 100 + i);
		tick(1000 + 5 * i);
	}
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 8), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(r[i].result, rows[i].state);
	show_call(0, 0);
}

/* A call is named when it is found a second time, and the first tick goes with it. */
static void test_a_hooked_call_gets_its_descriptor(void **state)
{
	struct channel_record r[4];

	(void)state;
	show_call(RECORD_RECV, 100);
	see(other.tid, 3, false);
	tick(1000);
	tick(1005);
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].bytes, 2);
	assert_int_equal(r[0].aux, (uint64_t)SYS_read << 32 | (uint32_t)other.pipe[0]);
	show_call(0, 0);
}

/* Found on its way into the call a second time, it is read until it waits. */
static void test_a_hooked_call_that_ran_is_read_again(void **state)
{
	struct channel_record r[4];

	(void)state;
	let_it_compute();
	show_call(RECORD_RECV, 100);
	see(other.tid, 3, false);
	tick_threads_read(0); /* of a tick that was torn */
	tick(1000);
	atomic_store(&other.may_compute, false);
	until_it_reads();
	tick(1005);
	tick_threads_end();
	const size_t count = records_of(other.tid, r, 4);
	assert_in_range(count, 1, 3);
	assert_int_equal(r[count - 1].result == SAMPLE_UNSEEN ? r[count - 2].result
							      : r[count - 1].result,
			 SAMPLE_CALL);
	show_call(0, 0);
}

/* Calls that own what they call may run Python code: they are no place to stop at. */
static void test_an_owning_call_is_looked_into(void **state)
{
	(void)state;
	show_call(RECORD_SQLITE_STEP, 100);
	assert_int_equal(call_waiting_of(other.slot).start_ns, 0);
	show_call(RECORD_RECV, 100);
	assert_int_equal(call_waiting_of(other.slot).start_ns, 100);
	show_call(0, 0);
}

static void test_a_waiter_names_the_holder(void **state)
{
	struct channel_record r[4];
	uint32_t self = (uint32_t)raw_call(SYS_gettid);

	(void)state;
	show_call(RECORD_GIL, 100);
	see(self, 9, true);
	see(other.tid, 3, false);
	tick(1000);
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].result, SAMPLE_GIL);
	assert_int_equal(r[0].object, 9);
	/* what CPU it had before the tick may be a record of its own */
	const size_t count = records_of(self, r, 4);
	assert_in_range(count, 1, 2);
	assert_int_equal(r[0].result, SAMPLE_PYTHON);
	assert_true(count == 1 || r[1].result == SAMPLE_UNSEEN);
	show_call(0, 0);
}

/* Runs until the kernel's count of it has moved. */
static void run_a_while(void)
{
	uint64_t runs_from = clock_thread_cpu_ns();

	while (clock_thread_cpu_ns() - runs_from < MS)
		;
	sched_yield(); /* the count of schedstat is brought up to date */
}

/* What it ran between two ticks that find it waiting is no wait's: its place is not seen. */
static void test_who_waits_uses_no_cpu(void **state)
{
	struct channel_record r[4];
	uint32_t self = (uint32_t)raw_call(SYS_gettid);

	(void)state;
	agent_thread_self()->open[0].kind = RECORD_RECV;
	agent_thread_self()->depth = 1;
	see(self, 3, false);
	for (uint64_t i = 0; i < 3; i++) {
		agent_thread_self()->open[0].start_ns = 100 + i;
		look.threads[0].stack++;
		tick(1000 + 5 * i);
		run_a_while();
	}
	agent_thread_self()->depth = 0;
	tick_threads_end();
	assert_int_equal(records_of(self, r, 4), 4);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(r[i].result, SAMPLE_CALL);
		assert_int_equal(r[i].bytes, 1);
		assert_int_equal(r[i].cpu_ns, 0);
	}
	assert_int_equal(r[3].result, SAMPLE_UNSEEN);
	assert_in_range(r[3].cpu_ns, 2 * MS, UINT32_MAX);
	assert_int_equal(r[3].bytes, 0);
	assert_int_equal(r[3].dur_ns, 0);
	assert_int_equal(r[3].stack, 0);
	assert_int_equal(r[3].unit, 0);
}

/* It stands for its period, and so does its CPU. */
static void test_who_runs_uses_a_period_at_most(void **state)
{
	struct channel_record r[4];
	uint32_t self = (uint32_t)raw_call(SYS_gettid);

	(void)state;
	see(self, 3, true);
	tick(1000);
	for (uint64_t cpu_from = clock_thread_cpu_ns(); clock_thread_cpu_ns() - cpu_from < 20 * MS;)
		run_a_while();
	tick_threads_read(self);
	tick_threads_add(&look, 1005 * MS, 5 * MS, false);
	tick_threads_end();
	assert_int_equal(records_of(self, r, 4), 2);
	assert_int_equal(r[0].result, SAMPLE_PYTHON);
	assert_int_equal(r[0].bytes, 2);
	assert_int_equal(r[0].cpu_ns, 5 * MS);
	assert_int_equal(r[1].result, SAMPLE_UNSEEN);
	assert_in_range(r[1].cpu_ns, 10 * MS, UINT32_MAX);
}

static void test_a_holder_that_is_blocked(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, true);
	tick_threads_read(other.tid);
	tick_threads_add(&look, 1000 * MS, 5 * MS, true);
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].result, SAMPLE_HOLDING);
}

static void test_a_thread_that_is_not_found_again_is_written(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, false);
	tick(1000);
	look.count = 0;
	for (uint64_t i = 1; i <= 64; i++)
		tick(1000 + 5 * i);
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].bytes, 1);
}

static void test_a_thread_counts_once(void **state)
{
	struct channel_record r[4];

	(void)state;
	see(other.tid, 3, false);
	see(other.tid, 4, false);
	tick(1000);
	tick(1005);
	tick_threads_end();
	assert_int_equal(records_of(other.tid, r, 4), 1);
	assert_int_equal(r[0].bytes, 2);
	assert_int_equal(r[0].stack, 3);
}

static void test_texts_of_the_kernel(void **state)
{
	struct tick_call call;

	(void)state;
	assert_int_equal(tick_threads_parse("running\n", &call), TICK_RUNS);
	assert_int_equal(call.number, -1);
	assert_int_equal(tick_threads_parse("-1 0x7ffc 0x55d0\n", &call), TICK_ELSEWHERE);
	assert_int_equal(tick_threads_parse("202 0x7f2a 0x80 0x0 0x0 0x0 0x0 0x7ffc 0x55\n", &call),
			 TICK_IN_CALL);
	assert_int_equal(call.number, 202);
	assert_int_equal(call.first, 0x7f2a);
	assert_int_equal(tick_threads_parse("", &call), TICK_UNKNOWN);
	assert_int_equal(tick_threads_parse_stat("7 (a) R) R 1 2\n"), TICK_RUNS);
	assert_int_equal(tick_threads_parse_stat("7 (R) S 1 2\n"), TICK_ELSEWHERE);
	assert_int_equal(tick_threads_parse_stat("7 (R)"), TICK_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_same_place_is_one_record, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_record_is_not_kept_open_for_long, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_what_it_waits_on_is_the_kernels_word, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_who_is_found_elsewhere_sleeps_no_more, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_what_hooks_show_is_not_asked_again, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_hooked_call_gets_its_descriptor, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_hooked_call_that_ran_is_read_again, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_an_owning_call_is_looked_into, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_waiter_names_the_holder, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_who_waits_uses_no_cpu, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_who_runs_uses_a_period_at_most, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_holder_that_is_blocked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_thread_that_is_not_found_again_is_written,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_thread_counts_once, set_up, tear_down),
		cmocka_unit_test(test_texts_of_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

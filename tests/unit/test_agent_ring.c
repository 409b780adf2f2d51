/* Rings and the files they lie in: claims, order, what a full ring does, how a
 * process gets more of them, and what happens when it cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/channel_file.h"
#include "agent/ring.h"
#include "agent_core_fakes.h"

static int start(void **state)
{
	(void)state;
	fake_core_start();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fake_core_stop();
	return 0;
}

static void test_records_lie_in_order_and_a_full_ring_counts(void **state)
{
	(void)state;
	void *memory = aligned_alloc(CHANNEL_PAGE, 2 * CHANNEL_PAGE);
	memset(memory, 0, 2 * CHANNEL_PAGE);
	assert_true(ring_run_bytes(2, 4) <= 2 * CHANNEL_PAGE);
	struct channel_rings *run = ring_run_make(memory, 2, 4);
	struct channel_record *slots;
	uint32_t capacity;
	struct channel_ring *ring = ring_claim(run, 11, &slots, &capacity);
	assert_non_null(ring);
	assert_int_equal(capacity, 4);

	uint64_t head = 0;
	for (uint32_t i = 0; i < 6; i++)
		assert_int_equal(ring_write(ring, slots, capacity, &head,
					    &(struct channel_record){.subject = i}),
				 i < 4);
	assert_int_equal(ring->head, 4);
	assert_int_equal(ring->dropped, 2);

	ring->tail = 3; /* the reader took three */
	assert_true(
		ring_write(ring, slots, capacity, &head, &(struct channel_record){.subject = 9}));
	assert_int_equal(slots[0].subject, 9);
	assert_int_equal(slots[3].subject, 3);
	free(memory);
}

static void test_a_released_ring_goes_on_where_it_was(void **state)
{
	(void)state;
	void *memory = aligned_alloc(CHANNEL_PAGE, CHANNEL_PAGE);
	memset(memory, 0, CHANNEL_PAGE);
	struct channel_rings *run = ring_run_make(memory, 1, 8);
	struct channel_record *slots;
	uint32_t capacity;
	struct channel_ring *ring = ring_claim(run, 1, &slots, &capacity);
	uint64_t head = 0;
	ring_write(ring, slots, capacity, &head, &(struct channel_record){.subject = 1});
	assert_null(ring_claim(run, 2, &slots, &capacity));
	ring->open_sequence = 5; /* cancelled inside a call */
	ring_release(ring);
	assert_int_equal(ring->open_sequence % 2, 0);
	assert_ptr_equal(ring_claim(run, 2, &slots, &capacity), ring);
	assert_int_equal(ring->head, 1);
	assert_int_equal(ring->tid, 2);
	free(memory);
}

#define RECORDS 20000

struct writing {
	struct channel_ring *ring;
	struct channel_record *slots;
	uint32_t capacity;
};

static void *write_records(void *argument)
{
	const struct writing *w = argument;
	uint64_t head = 0;
	for (uint32_t i = 0; i < RECORDS; i++)
		while (!ring_write(w->ring, w->slots, w->capacity, &head,
				   &(struct channel_record){.subject = i, .aux = ~(uint64_t)i}))
			sched_yield();
	return NULL;
}

/* While one thread writes, another reads as the program does. */
static void test_a_reader_sees_whole_records_in_order(void **state)
{
	(void)state;
	void *memory = aligned_alloc(CHANNEL_PAGE, CHANNEL_PAGE);
	memset(memory, 0, CHANNEL_PAGE);
	struct channel_rings *run = ring_run_make(memory, 1, 8);
	struct writing w;
	w.ring = ring_claim(run, 1, &w.slots, &w.capacity);
	pthread_t writer;
	assert_int_equal(pthread_create(&writer, NULL, write_records, &w), 0);
	unsigned wrong = 0;
	for (uint64_t tail = 0; tail < RECORDS;) {
		uint64_t head = atomic_load_explicit(&w.ring->head, memory_order_acquire);
		wrong += head - tail > w.capacity;
		for (; tail < head; tail++) {
			struct channel_record record = w.slots[tail % w.capacity];
			wrong += record.subject != tail || record.aux != ~tail;
		}
		atomic_store_explicit(&w.ring->tail, tail, memory_order_release);
		sched_yield();
	}
	pthread_join(writer, NULL);
	assert_int_equal(wrong, 0);
	free(memory);
}

#define OWNERS 8
#define TURNS 5000

static pthread_barrier_t all_are_there;

struct owning {
	struct channel_rings *run;
	uint32_t tid;
	uint64_t written;
	unsigned wrong;
};

static void *own_for_a_while(void *argument)
{
	struct owning *o = argument;
	pthread_barrier_wait(&all_are_there);
	for (int i = 0; i < TURNS; i++) {
		struct channel_record *slots;
		uint32_t capacity;
		struct channel_ring *ring = ring_claim(o->run, o->tid, &slots, &capacity);
		if (!ring) {
			sched_yield();
			continue;
		}
		uint64_t head = atomic_load(&ring->head);
		atomic_store(&ring->tail, head); /* all before was read */
		o->wrong += !ring_write(ring, slots, capacity, &head,
					&(struct channel_record){.subject = o->tid});
		o->wrong += slots[(head - 1) % capacity].subject != o->tid;
		o->wrong += atomic_load(&ring->tid) != o->tid;
		o->written++;
		ring_release(ring);
	}
	return NULL;
}

static void test_a_ring_has_one_owner_at_a_time(void **state)
{
	(void)state;
	void *memory = aligned_alloc(CHANNEL_PAGE, CHANNEL_PAGE);
	memset(memory, 0, CHANNEL_PAGE);
	struct channel_rings *run = ring_run_make(memory, 2, 4);
	struct owning owners[OWNERS];
	pthread_t threads[OWNERS];
	pthread_barrier_init(&all_are_there, NULL, OWNERS);
	for (uint32_t i = 0; i < OWNERS; i++) {
		owners[i] = (struct owning){.run = run, .tid = 1 + i};
		assert_int_equal(pthread_create(&threads[i], NULL, own_for_a_while, &owners[i]), 0);
	}
	uint64_t written = 0;
	for (int i = 0; i < OWNERS; i++) {
		pthread_join(threads[i], NULL);
		written += owners[i].written;
		assert_int_equal(owners[i].wrong, 0);
	}
	pthread_barrier_destroy(&all_are_there);
	uint64_t heads = 0;
	for (uint32_t i = 0; i < 2; i++) {
		struct channel_record *slots;
		uint32_t capacity;
		heads += ring_claim(run, 99, &slots, &capacity)->head;
	}
	assert_true(written > 0);
	assert_int_equal(heads, written);
	free(memory);
}

static void test_a_file_is_private_whole_and_filled_in(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	struct channel_header *header = core_channel_now();
	char path[128];
	snprintf(path, sizeof path, "%s/%d-%u.0", fake_core_directory(), (int)getpid(),
		 header->serial);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal((uint64_t)st.st_size, header->file_size);
	assert_true((uint64_t)st.st_blocks * 512 >= header->file_size);
	assert_int_equal(header->magic, CHANNEL_MAGIC);
	assert_int_equal(header->serial + 1, fake_control.next_serial);
	assert_int_equal(header->pid, getpid());
	assert_int_equal(header->parent_pid, getppid());
	assert_true(header->start_ticks > 0);
	assert_int_equal(header->dict_offset + header->dict_size, header->file_size);
	assert_int_equal(fake_control.bytes_made, header->file_size);
}

static void test_more_files_are_made_when_rings_run_out(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	struct channel_record *slots;
	uint32_t capacity;
	for (uint32_t i = 0; i < 50; i++) {
		struct channel_ring *ring = channel_file_claim(100 + i, &slots, &capacity);
		assert_non_null(ring);
		assert_int_equal(ring->tid, 100 + i);
		slots[capacity - 1].subject = i; /* every page is there */
	}
	assert_true(core_channel_now()->ring_files > 1);
	char path[128];
	snprintf(path, sizeof path, "%s/%d-%u.1", fake_core_directory(), (int)getpid(),
		 core_channel_now()->serial);
	assert_int_equal(access(path, R_OK), 0);
}

enum { BURST = 24 };

static struct burst {
	pthread_barrier_t together;
	struct channel_ring *rings[BURST];
} burst;

static void *claim_with_others(void *place)
{
	struct channel_ring **ring = place;
	struct channel_record *slots;
	uint32_t capacity;
	pthread_barrier_wait(&burst.together);
	*ring = channel_file_claim(1, &slots, &capacity);
	return NULL;
}

static void test_threads_that_start_at_once_all_get_a_ring(void **state)
{
	(void)state;
	pthread_t threads[BURST];
	assert_true(agent_need_channel());
	pthread_barrier_init(&burst.together, NULL, BURST);
	for (int i = 0; i < BURST; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, claim_with_others, &burst.rings[i]), 0);
	for (int i = 0; i < BURST; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&burst.together);
	for (int i = 0; i < BURST; i++) {
		assert_non_null(burst.rings[i]);
		for (int k = 0; k < i; k++)
			assert_ptr_not_equal(burst.rings[i], burst.rings[k]);
	}
}

static void test_files_are_reserved_before_they_are_forbidden(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	channel_file_reserve();
	assert_int_equal(core_channel_now()->ring_files, 3);
	fake_control.bytes_limit = 0; /* from here on none can be made */
	struct channel_record *slots;
	uint32_t capacity;
	for (uint32_t i = 0; i < 21; i++)
		assert_non_null(channel_file_claim(100 + i, &slots, &capacity));
	assert_null(channel_file_claim(200, &slots, &capacity));
}

static void test_a_child_has_a_smaller_file(void **state)
{
	(void)state;
	struct channel_header *whole =
		channel_file_make(fake_core_directory(), &fake_control, CHANNEL_WHOLE);
	const uint64_t whole_bytes = whole->file_size;
	channel_file_forget();
	struct channel_header *child =
		channel_file_make(fake_core_directory(), &fake_control, CHANNEL_CHILD);
	assert_non_null(child);
	assert_true(child->file_size * 4 < whole_bytes);
	assert_int_equal(fake_control.bytes_made, whole_bytes + child->file_size);
}

static void test_past_the_limit_there_is_no_file(void **state)
{
	(void)state;
	fake_control.bytes_limit = 4096;
	assert_false(agent_need_channel());
	assert_int_equal(fake_control.bytes_made, 0);
	assert_int_equal(fake_control.refused, 1);
	assert_null(core_channel_now());
}

static void test_past_the_limit_rings_run_out_until_one_is_released(void **state)
{
	(void)state;
	assert_true(agent_need_channel());
	fake_control.bytes_limit = fake_control.bytes_made;
	struct channel_record *slots;
	uint32_t capacity;
	struct channel_ring *last = NULL;
	unsigned claimed = 0;
	struct channel_ring *ring;
	for (; (ring = channel_file_claim(1, &slots, &capacity)); claimed++)
		last = ring;
	assert_true(claimed > 0 && claimed < 100);
	assert_null(channel_file_claim(1, &slots, &capacity));
	channel_file_release(last);
	assert_ptr_equal(channel_file_claim(2, &slots, &capacity), last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_lie_in_order_and_a_full_ring_counts),
		cmocka_unit_test(test_a_released_ring_goes_on_where_it_was),
		cmocka_unit_test(test_a_reader_sees_whole_records_in_order),
		cmocka_unit_test(test_a_ring_has_one_owner_at_a_time),
		cmocka_unit_test_setup_teardown(test_a_file_is_private_whole_and_filled_in, start,
						stop),
		cmocka_unit_test_setup_teardown(test_more_files_are_made_when_rings_run_out, start,
						stop),
		cmocka_unit_test_setup_teardown(test_threads_that_start_at_once_all_get_a_ring,
						start, stop),
		cmocka_unit_test_setup_teardown(test_files_are_reserved_before_they_are_forbidden,
						start, stop),
		cmocka_unit_test_setup_teardown(test_a_child_has_a_smaller_file, start, stop),
		cmocka_unit_test_setup_teardown(test_past_the_limit_there_is_no_file, start, stop),
		cmocka_unit_test_setup_teardown(
			test_past_the_limit_rings_run_out_until_one_is_released, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

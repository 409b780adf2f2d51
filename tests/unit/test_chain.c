/* Chains laid out by hand as CPython 3.11, 3.12 and 3.13 have them, whole and at each moment at
 * which one of its pointers is stale. A wild pointer that were followed would end the test. */
#include "agent/chain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "agent/guarded.h"

enum { CHUNK_BYTES = 4096, FRAME_STEP = 128, STACK_BYTES = 4096 };
#define WILD ((uintptr_t)0x123456789000)

static struct py_layout layout;
static _Alignas(16) unsigned char state[512];
static _Alignas(16) unsigned char chunk[CHUNK_BYTES], older_chunk[CHUNK_BYTES];
static _Alignas(16) unsigned char stack[STACK_BYTES]; /* the C stack: lower is newer */
static _Alignas(16) unsigned char heap[FRAME_STEP];
static uintptr_t code[2] = {1, 0x7000};
static struct chain_thread thread;
static uintptr_t newest;

static void put(uintptr_t base, size_t at, uintptr_t value, size_t size)
{
	memcpy((void *)(base + at), &value, size);
}

static uintptr_t frame_in(unsigned char *memory, int n)
{
	return (uintptr_t)memory + 64 + (size_t)n * FRAME_STEP;
}

static uintptr_t frame(int n)
{
	return frame_in(chunk, n);
}

static uintptr_t on_stack(int n)
{
	return (uintptr_t)stack + 256 + (size_t)n * FRAME_STEP;
}

static void put_frame(uintptr_t at, uintptr_t back, uint8_t owner, bool is_entry)
{
	put(at, layout.frame_back, back, 8);
	put(at, layout.frame_code, (uintptr_t)code, 8);
	put(at, layout.frame_owner, owner, 1);
	if (layout.frame_is_entry != PY_UNKNOWN)
		put(at, layout.frame_is_entry, is_entry, 1);
}

static void put_cframe(uintptr_t at, uintptr_t current, uintptr_t previous)
{
	put(at, layout.cframe_current_frame, current, 8);
	put(at, layout.cframe_previous, previous, 8);
}

static uintptr_t root(void)
{
	return (uintptr_t)state + layout.tstate_root_cframe;
}

static void begin(uint32_t version)
{
	layout = *py_layout_for(version);
	memset(state, 0, sizeof(state));
	memset(chunk, 0, sizeof(chunk));
	memset(older_chunk, 0, sizeof(older_chunk));
	memset(stack, 0, sizeof(stack));
	memset(heap, 0, sizeof(heap));
	code[0] = 1;
	code[1] = 0x7000;
	put((uintptr_t)chunk, layout.chunk_previous, (uintptr_t)older_chunk, 8);
	put((uintptr_t)chunk, layout.chunk_size, CHUNK_BYTES, 8);
	put((uintptr_t)older_chunk, layout.chunk_size, CHUNK_BYTES, 8);
	put((uintptr_t)state, layout.tstate_datastack_chunk, (uintptr_t)chunk, 8);
	put((uintptr_t)state, layout.tstate_datastack_top, frame(8), 8);
	thread = (struct chain_thread){
		.state = (uintptr_t)state,
		.stack_pointer = (uintptr_t)stack + 64,
		.stack_end = (uintptr_t)stack + STACK_BYTES,
		.code_type = 0x7000,
	};
	assert_true(guarded_prepare());
}

/* 3.12: frames 0 ← 1 in one loop, 2 ← 3 in the next; shims and _PyCFrames on the C stack. The
 * innermost is frame 3. */
static void begin_3_12(void)
{
	begin(0x030c01f0);
	uintptr_t outer_shim = on_stack(9), outer = on_stack(10);
	uintptr_t inner_shim = on_stack(1), inner = on_stack(2);

	put_frame(outer_shim, 0, layout.frame_owner_cstack, false);
	put_frame(frame(0), outer_shim, layout.frame_owner_thread, false);
	put_frame(frame(1), frame(0), layout.frame_owner_thread, false);
	put_cframe(outer, frame(1), root());
	put_frame(inner_shim, frame(1), layout.frame_owner_cstack, false);
	put_frame(frame(2), inner_shim, layout.frame_owner_thread, false);
	put_frame(frame(3), frame(2), layout.frame_owner_thread, false);
	put_cframe(inner, frame(3), outer);
	put((uintptr_t)state, layout.tstate_frame, inner, 8);
}

static enum chain_verdict verify(void)
{
	return chain_verify(&layout, &thread, &newest);
}

static void test_whole_chain(void **unused)
{
	(void)unused;
	begin_3_12();
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, frame(3));
}

static void test_no_python_at_all(void **unused)
{
	(void)unused;
	begin_3_12();
	put((uintptr_t)state, layout.tstate_frame, root(), 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, 0);
}

/* A new _PyCFrame is published, its two words are still what lay on the stack before. */
static void test_stale_words_are_cut_to_the_caller(void **unused)
{
	(void)unused;
	begin_3_12();
	uintptr_t fresh = on_stack(0);

	put((uintptr_t)state, layout.tstate_frame, fresh, 8);
	put_cframe(fresh, WILD, on_stack(2));
	assert_int_equal(verify(), CHAIN_SHORT);
	assert_int_equal(newest, frame(3));
	put_cframe(fresh, frame(0), on_stack(2)); /* plausible, but its loop is another one */
	assert_int_equal(verify(), CHAIN_SHORT);
	assert_int_equal(newest, frame(3));
}

static void test_stale_words_that_lead_nowhere(void **unused)
{
	static const uintptr_t previous[] = {0, 8, 0x11, WILD, WILD + 1};

	(void)unused;
	begin_3_12();
	put((uintptr_t)state, layout.tstate_frame, on_stack(0), 8);
	for (size_t i = 0; i < sizeof(previous) / sizeof(previous[0]); i++) {
		put_cframe(on_stack(0), WILD, previous[i]);
		assert_int_equal(verify(), CHAIN_REFUSED);
	}
	put_cframe(on_stack(0), WILD, root()); /* an empty chain would prove nothing */
	assert_int_equal(verify(), CHAIN_REFUSED);
	put_cframe(on_stack(0), WILD, on_stack(0)); /* not above it */
	assert_int_equal(verify(), CHAIN_REFUSED);
}

static void test_wild_cframe(void **unused)
{
	static const uintptr_t wild[] = {0, 8, WILD, WILD + 4};

	(void)unused;
	begin_3_12();
	for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		put((uintptr_t)state, layout.tstate_frame, wild[i], 8);
		assert_int_equal(verify(), CHAIN_REFUSED);
	}
	put((uintptr_t)state, layout.tstate_frame, (uintptr_t)stack + 8, 8); /* below the pointer */
	assert_int_equal(verify(), CHAIN_REFUSED);
}

static void test_wild_frames(void **unused)
{
	static const uintptr_t wild[] = {0, 16, 0x1001, WILD, UINTPTR_MAX - 7};

	(void)unused;
	for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		begin_3_12();
		put(frame(3), layout.frame_back, wild[i], 8);
		assert_int_not_equal(verify(), CHAIN_WHOLE);
	}
}

static void test_shim_that_is_not_written_yet(void **unused)
{
	(void)unused;
	begin_3_12();
	put(on_stack(1), layout.frame_back, WILD, 8);
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	begin_3_12();
	put(on_stack(1), layout.frame_owner, 77, 1);
	assert_int_not_equal(verify(), CHAIN_WHOLE);
}

/* Its memory is given back, and it is still named. */
static void test_a_function_that_returns(void **unused)
{
	(void)unused;
	begin_3_12();
	put((uintptr_t)state, layout.tstate_datastack_top, frame(3), 8);
	assert_int_equal(verify(), CHAIN_SHORT);
	assert_int_equal(newest, frame(2));
	put((uintptr_t)state, layout.tstate_datastack_top, frame(2),
	    8); /* its caller, too: cannot be */
	assert_int_equal(verify(), CHAIN_SHORT);
	assert_int_equal(newest, frame(1)); /* by the _PyCFrames */
}

/* Nothing shorter is given out for it: the loop it ran in may hold many frames. */
static void test_a_generator_that_yields(void **unused)
{
	(void)unused;
	begin_3_12();
	put_frame((uintptr_t)heap, 0, layout.frame_owner_generator, false);
	put_cframe(on_stack(2), (uintptr_t)heap, on_stack(10));
	assert_int_equal(verify(), CHAIN_REFUSED);
}

static void test_frames_of_a_function_lie_in_chunks(void **unused)
{
	(void)unused;
	begin_3_12();
	put_frame((uintptr_t)heap, frame(2), layout.frame_owner_thread, false);
	put_cframe(on_stack(2), (uintptr_t)heap, on_stack(10));
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	put_frame((uintptr_t)heap, frame(2), layout.frame_owner_generator, false);
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, (uintptr_t)heap);
}

static void test_older_chunks_are_known(void **unused)
{
	(void)unused;
	begin_3_12();
	uintptr_t older = frame_in(older_chunk, 3);

	put_frame(older, on_stack(1), layout.frame_owner_thread, false);
	put(frame(3), layout.frame_back, older, 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
	put((uintptr_t)chunk, layout.chunk_previous, 0, 8);
	assert_int_not_equal(verify(), CHAIN_WHOLE);
}

static void test_circles_end(void **unused)
{
	(void)unused;
	begin_3_12();
	put(frame(2), layout.frame_back, frame(3), 8);
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	begin_3_12();
	put((uintptr_t)chunk, layout.chunk_previous, (uintptr_t)chunk, 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
}

static void test_a_boundary_that_does_not_zip(void **unused)
{
	(void)unused;
	begin_3_12();
	put(on_stack(1), layout.frame_back, frame(0), 8); /* the outer loop is at frame 1 */
	assert_int_not_equal(verify(), CHAIN_WHOLE);
}

/* More frames than a stack keeps are walked to the first boundary all the same. */
static void test_deep_recursion(void **unused)
{
	enum { DEEP = 3000 };
	size_t bytes = (size_t)(DEEP + 2) * FRAME_STEP;
	unsigned char *large =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	assert_ptr_not_equal(large, MAP_FAILED);
	begin_3_12();
	put((uintptr_t)large, layout.chunk_previous, (uintptr_t)chunk, 8);
	put((uintptr_t)large, layout.chunk_size, bytes, 8);
	put((uintptr_t)state, layout.tstate_datastack_chunk, (uintptr_t)large, 8);
	put((uintptr_t)state, layout.tstate_datastack_top, (uintptr_t)large + bytes, 8);
	for (int i = 0; i < DEEP; i++)
		put_frame(frame_in(large, i), i == 0 ? frame(3) : frame_in(large, i - 1),
			  layout.frame_owner_thread, false);
	put_cframe(on_stack(2), frame_in(large, DEEP - 1), on_stack(10));
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, frame_in(large, DEEP - 1));
	munmap(large, bytes);
}

/* 3.11: the oldest frame of a loop says so itself. */
static void begin_3_11(void)
{
	begin(0x030b07f0);
	put_frame(frame(0), 0, layout.frame_owner_thread, true);
	put_cframe(on_stack(10), frame(0), root());
	put_frame(frame(1), frame(0), layout.frame_owner_thread, true);
	put_frame(frame(2), frame(1), layout.frame_owner_thread, false);
	put_cframe(on_stack(2), frame(2), on_stack(10));
	put((uintptr_t)state, layout.tstate_frame, on_stack(2), 8);
}

static void test_3_11(void **unused)
{
	(void)unused;
	begin_3_11();
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, frame(2));
	put(frame(1), layout.frame_back, frame(2), 8);
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	begin_3_11();
	put(frame(2), layout.frame_owner, 3, 1); /* no shims yet in that version */
	assert_int_not_equal(verify(), CHAIN_WHOLE);
}

/* It clears a frame before it takes it out. */
static void test_3_11_head_whose_code_is_gone(void **unused)
{
	(void)unused;
	begin_3_11();
	code[0] = 0;
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	code[0] = (uintptr_t)code; /* the allocator's link */
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	code[0] = 1;
	code[1] = 0x8000;
	assert_int_not_equal(verify(), CHAIN_WHOLE);
	begin_3_11();
	put(frame(2), layout.frame_code, WILD, 8);
	assert_int_not_equal(verify(), CHAIN_WHOLE);
}

static void test_3_13(void **unused)
{
	(void)unused;
	begin(0x030d00f0);
	put_frame(on_stack(1), 0, layout.frame_owner_cstack, false);
	put_frame(frame(0), on_stack(1), layout.frame_owner_thread, false);
	put((uintptr_t)state, layout.tstate_frame, frame(0), 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, frame(0));
	put(frame(0), layout.frame_back, 0, 8); /* it ends before a boundary */
	assert_int_equal(verify(), CHAIN_REFUSED);
	put((uintptr_t)state, layout.tstate_frame, WILD, 8);
	assert_int_equal(verify(), CHAIN_REFUSED);
	put((uintptr_t)state, layout.tstate_frame, 0, 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, 0);
}

static void test_3_8_has_nothing_to_verify(void **unused)
{
	(void)unused;
	layout = *py_layout_for(0x030812f0);
	memset(state, 0, sizeof(state));
	thread.state = (uintptr_t)state;
	put((uintptr_t)state, layout.tstate_frame, WILD, 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
	assert_int_equal(newest, WILD);
}

/* An unknown end of the C stack: all that lies on it is read guarded. */
static void test_without_the_stacks_end(void **unused)
{
	(void)unused;
	begin_3_12();
	thread.stack_end = 0;
	assert_int_equal(verify(), CHAIN_REFUSED); /* a _PyCFrame anywhere else is none */
	begin(0x030d00f0);
	thread.stack_end = 0;
	put_frame(on_stack(1), 0, layout.frame_owner_cstack, false);
	put_frame(frame(0), on_stack(1), layout.frame_owner_thread, false);
	put((uintptr_t)state, layout.tstate_frame, frame(0), 8);
	assert_int_equal(verify(), CHAIN_WHOLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_chain),
		cmocka_unit_test(test_no_python_at_all),
		cmocka_unit_test(test_stale_words_are_cut_to_the_caller),
		cmocka_unit_test(test_stale_words_that_lead_nowhere),
		cmocka_unit_test(test_wild_cframe),
		cmocka_unit_test(test_wild_frames),
		cmocka_unit_test(test_shim_that_is_not_written_yet),
		cmocka_unit_test(test_a_function_that_returns),
		cmocka_unit_test(test_a_generator_that_yields),
		cmocka_unit_test(test_frames_of_a_function_lie_in_chunks),
		cmocka_unit_test(test_older_chunks_are_known),
		cmocka_unit_test(test_circles_end),
		cmocka_unit_test(test_a_boundary_that_does_not_zip),
		cmocka_unit_test(test_deep_recursion),
		cmocka_unit_test(test_3_11),
		cmocka_unit_test(test_3_11_head_whose_code_is_gone),
		cmocka_unit_test(test_3_13),
		cmocka_unit_test(test_3_8_has_nothing_to_verify),
		cmocka_unit_test(test_without_the_stacks_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

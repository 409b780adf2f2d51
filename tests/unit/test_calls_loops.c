/* Loops on one line, told by instructions as each version's compiler writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "agent/agent.h"
#include "agent/calls_loops.h"
#include "agent/python_api.h"
#include "python/evaluation.h"

struct py_layout agent_layout;
struct python_api py;

#define OTHER_OP 9 /* of none of the rows */

static bool always(uintptr_t code, uint32_t a, uint32_t b)
{
	(void)code;
	(void)a;
	(void)b;
	return true;
}

static bool never(uintptr_t code, uint32_t a, uint32_t b)
{
	(void)code;
	(void)a;
	(void)b;
	return false;
}

static const struct py_evaluation *version(unsigned minor)
{
	const struct py_evaluation *row = py_evaluation_for(0x03000000u | minor << 16);

	assert_non_null(row);
	return row;
}

/* `for`: two instructions, then the loop at 4, its body, the way back at 8. */
static void assert_for(unsigned minor, uint8_t body, uint8_t back, enum loop_kind kind)
{
	const struct py_evaluation *row = version(minor);
	const uint8_t bytes[] = {OTHER_OP,
				 0,
				 OTHER_OP,
				 0,
				 (uint8_t)row->op_for,
				 2,
				 body,
				 0,
				 (uint8_t)row->op_jump_back,
				 back,
				 OTHER_OP,
				 0};

	assert_int_equal(loops_look(row, bytes, sizeof bytes, 4, always, 0), kind);
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 4, never, 0), LOOP_NONE);
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 2, always, 0), LOOP_NONE);
}

static void test_for_is_known_late(void **state)
{
	(void)state;
	assert_for(8, OTHER_OP, 4, LOOP_LATE);
	assert_for(9, OTHER_OP, 4, LOOP_LATE);
	assert_for(10, OTHER_OP, 2, LOOP_LATE);
	assert_for(11, OTHER_OP, 3, LOOP_LATE);
	assert_for(12, OTHER_OP, 3, LOOP_LATE);
	assert_for(13, OTHER_OP, 4, LOOP_LATE); /* one cache behind the jump */
}

static void test_a_comprehension_is_no_loop(void **state)
{
	(void)state;
	assert_for(8, (uint8_t)version(8)->op_list_append, 4, LOOP_NONE);
	assert_for(11, (uint8_t)version(11)->op_set_add, 3, LOOP_NONE);
	assert_for(12, (uint8_t)version(12)->op_map_add, 3, LOOP_NONE);
}

static void test_async_for_ends_by_an_exception(void **state)
{
	const struct py_evaluation *row = version(9), *later = version(12);
	const uint8_t bytes[] = {
		(uint8_t)row->op_before_async_for, 8, (uint8_t)row->op_async_for, 0, OTHER_OP, 0,
		(uint8_t)row->op_jump_back,        0};
	const uint8_t new_bytes[] = {(uint8_t)later->op_async_for, 0, OTHER_OP, 0,
				     (uint8_t)later->op_jump_back, 3};

	(void)state;
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 0, always, 0), LOOP_ASYNC);
	assert_int_equal(loops_look(later, new_bytes, sizeof new_bytes, 0, always, 0), LOOP_ASYNC);
}

static void test_while_counts_where_its_condition_stands_last(void **state)
{
	const struct py_evaluation *first = version(9), *last = version(10), *plain = version(12);
	/* 3.9: condition at 0, out of the loop to 8, body, back to 0 */
	const uint8_t tests_first[] = {OTHER_OP, 0, (uint8_t)first->op_jump_if_false, 8,
				       OTHER_OP, 0, (uint8_t)first->op_jump_back,     0,
				       OTHER_OP, 0};
	/* the same without condition: while True */
	const uint8_t for_ever[] = {
		OTHER_OP, 0,        OTHER_OP, 0, OTHER_OP, 0, (uint8_t)first->op_jump_back,
		0,        OTHER_OP, 0};
	/* 3.10: body at 2, condition, back to 2 if it holds */
	const uint8_t tests_last[] = {
		OTHER_OP, 0,        OTHER_OP, 0, OTHER_OP, 0, (uint8_t)last->op_jump_if_true,
		1,        OTHER_OP, 0};
	/* 3.12: out forwards if it does not hold, else back */
	const uint8_t jumps_back[] = {OTHER_OP,
				      0,
				      OTHER_OP,
				      0,
				      (uint8_t)plain->op_jump_if_false,
				      1,
				      (uint8_t)plain->op_jump_back,
				      3,
				      OTHER_OP,
				      0};

	(void)state;
	assert_int_equal(loops_look(first, tests_first, sizeof tests_first, 0, always, 0),
			 LOOP_LATE);
	assert_int_equal(loops_look(first, for_ever, sizeof for_ever, 0, always, 0), LOOP_COUNTS);
	assert_int_equal(loops_look(last, tests_last, sizeof tests_last, 2, always, 0),
			 LOOP_COUNTS);
	assert_int_equal(loops_look(plain, jumps_back, sizeof jumps_back, 2, always, 0),
			 LOOP_COUNTS);
}

/* A jump goes to the EXTENDED_ARG before what an event names. */
static void test_long_loops_are_found_by_either_offset(void **state)
{
	const struct py_evaluation *row = version(12);
	const uint8_t bytes[] = {
		OTHER_OP, 0, (uint8_t)row->op_extended_arg, 1, (uint8_t)row->op_for, 0,
		OTHER_OP, 0, (uint8_t)row->op_jump_back,    4};

	(void)state;
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 2, always, 0), LOOP_LATE);
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 4, always, 0), LOOP_LATE);
}

static void test_what_is_no_code_is_no_loop(void **state)
{
	const struct py_evaluation *row = version(11);
	const uint8_t bytes[] = {(uint8_t)row->op_extended_arg, 255, (uint8_t)row->op_jump_back,
				 255, (uint8_t)row->op_extended_arg};

	(void)state;
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 0, always, 0), LOOP_NONE);
	assert_int_equal(loops_look(row, bytes, sizeof bytes, 100, always, 0), LOOP_NONE);
	assert_int_equal(loops_look(row, bytes, 0, 0, always, 0), LOOP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_for_is_known_late),
		cmocka_unit_test(test_a_comprehension_is_no_loop),
		cmocka_unit_test(test_async_for_ends_by_an_exception),
		cmocka_unit_test(test_while_counts_where_its_condition_stands_last),
		cmocka_unit_test(test_long_loops_are_found_by_either_offset),
		cmocka_unit_test(test_what_is_no_code_is_no_loop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

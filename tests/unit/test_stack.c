/* Stack ids over frames laid out by hand as CPython 3.12 has them; the
 * dictionary is a stand-in that remembers what was published. */
#include "agent/finalize.h"
#include "agent/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "agent/agent.h"
#include "agent/code_copy.h"
#include "agent/code_freed.h"
#include "agent/python_api.h"
#include "dict_fake.h"

enum { FRAMES = 200, CODES = 4 };

struct py_layout agent_layout;
struct python_api py;
_Atomic uint64_t code_freed_count; /* 0: nothing is kept of code */

static unsigned char frames[FRAMES][128] __attribute__((aligned(16)));
static unsigned char codes[CODES][256] __attribute__((aligned(16)));
static unsigned char tstate[512], cframe[64];
static unsigned char filename[128], qualname[128], line_table[64];

static int losses;

void agent_count_loss(enum agent_loss loss)
{
	assert_int_equal(loss, LOSS_STACK);
	losses++;
}

uintptr_t python_thread_state(void)
{
	return (uintptr_t)tstate;
}

static void put(void *base, size_t at, uintptr_t value, size_t size)
{
	memcpy((unsigned char *)base + at, &value, size);
}

/* A compact str of `count` characters, `width` bytes each. */
static void put_text(void *object, const void *data, size_t count, unsigned width, unsigned ascii)
{
	put(object, agent_layout.str_length, count, 8);
	put(object, agent_layout.str_length + 8, UINTPTR_MAX, 8); /* not hashed yet */
	put(object, agent_layout.str_state, width << 2 | 1u << 5 | ascii << 6, 4);
	if (count == 0)
		return; /* `data` may be NULL */
	memcpy((unsigned char *)object +
		       (ascii ? agent_layout.str_data_ascii : agent_layout.str_data_compact),
	       data, count * width);
}

static int set_up(void **state)
{
	static const uint16_t name[] = {'c', 'a', 'f', 0xe9, 0x436};

	(void)state;
	agent_layout = *py_layout_for(0x030c0000);
	memset(frames, 0, sizeof(frames));
	memset(codes, 0, sizeof(codes));
	put_text(filename, "/srv/app.py", 11, 1, 1);
	put_text(qualname, name, 5, 2, 0);
	put(line_table, agent_layout.bytes_size, 4, 8);
	memcpy(line_table + agent_layout.bytes_data, "\x80\x01\x02\x03", 4);
	for (size_t i = 0; i < CODES; i++) {
		put(codes[i], agent_layout.code_first_line, 10 * (i + 1), 4);
		put(codes[i], agent_layout.code_filename, (uintptr_t)filename, 8);
		put(codes[i], agent_layout.code_qualname, (uintptr_t)qualname, 8);
		put(codes[i], agent_layout.code_line_table, (uintptr_t)line_table, 8);
		put(codes[i], agent_layout.object_type, 0x7000, 8);
	}
	py.code_type = (void *)0x7000;
	for (size_t i = 0; i < FRAMES; i++) {
		unsigned char *code = codes[i % CODES];

		put(frames[i], agent_layout.frame_code, (uintptr_t)code, 8);
		put(frames[i], agent_layout.frame_instr,
		    (uintptr_t)code + agent_layout.code_instructions + 8, 8);
	}
	put(tstate, agent_layout.tstate_frame, (uintptr_t)cframe, 8);
	generation = 1;
	fill_256 = 0;
	dictionary_used = 0;
	dictionary_limit = DICTIONARY_BYTES;
	codes_written = stacks_written = losses = 0;
	code_freed_count = 0;
	stack_after_fork();
	return 0;
}

/* The first `count` frames are the chain, frames[0] the newest. */
static uint32_t stack_of(size_t count, struct agent_thread *thread)
{
	for (size_t i = 0; i < count; i++)
		put(frames[i], agent_layout.frame_back,
		    i + 1 < count ? (uintptr_t)frames[i + 1] : 0, 8);
	put(cframe, agent_layout.cframe_current_frame, count ? (uintptr_t)frames[0] : 0, 8);
	return stack_here(thread);
}

static void test_written_once(void **state)
{
	(void)state;
	assert_int_equal(stack_of(5, NULL), 1);
	assert_int_equal(stacks_written, 1);
	assert_int_equal(codes_written, CODES);
	assert_int_equal(last_stack->frame_count, 5);
	assert_int_equal(last_stack->cut, 0);
	assert_int_equal(last_stack->frames[0].code, last_stack->frames[4].code);
	assert_int_equal(last_stack->frames[0].instr_offset, 8);
	assert_int_equal(stack_of(5, NULL), 1);
	assert_int_equal(stack_of(4, NULL), 2);
	assert_int_equal(stack_of(5, NULL), 1);
	assert_int_equal(stacks_written, 2);
	assert_int_equal(losses, 0);
}

static void test_code_entry(void **state)
{
	static const char expected[] = "/srv/app.py"
				       "caf\xc3\xa9\xd0\xb6"
				       "\x80\x01\x02\x03";

	(void)state;
	assert_int_equal(code_id((uintptr_t)codes[1]), 1);
	assert_int_equal(last_code->first_line, 20);
	assert_int_equal(last_code->filename_length, 11);
	assert_int_equal(last_code->qualname_length, 7);
	assert_int_equal(last_code->line_table_length, 4);
	assert_int_equal(last_code->line_table_format, PY_LINES_LOCATIONS);
	assert_memory_equal(last_code->bytes, expected, sizeof(expected) - 1);
	assert_int_equal(code_id((uintptr_t)codes[1]), 1);
	assert_int_equal(code_id(0), 0);
}

static void test_same_address_new_code(void **state)
{
	static unsigned char new_table[64];

	(void)state;
	assert_int_equal(stack_of(2, NULL), 1);
	memcpy(new_table, line_table, sizeof(new_table));
	new_table[agent_layout.bytes_data] ^= 1;
	put(codes[0], agent_layout.code_line_table, (uintptr_t)new_table, 8);
	assert_int_equal(stack_of(2, NULL), 2);
	assert_int_equal(codes_written, 3);
	put(codes[0], agent_layout.code_first_line, 99, 4);
	assert_int_equal(stack_of(2, NULL), 3);
	assert_int_equal(codes_written, 4);
}

/* What is made again says the same: one code object, one stack, wherever it lies. */
static void test_code_made_again_is_written_once(void **state)
{
	static unsigned char new_table[64], new_code[sizeof(codes[0])];

	(void)state;
	assert_int_equal(stack_of(2, NULL), 1);
	memcpy(new_table, line_table, sizeof(new_table));
	put(codes[0], agent_layout.code_line_table, (uintptr_t)new_table, 8);
	for (uint32_t version = 1; version < 100000; version++) {
		put(codes[0], agent_layout.code_version, version, 4);
		assert_int_equal(stack_of(2, NULL), 1);
	}
	memcpy(new_code, codes[0], sizeof(new_code));
	put(frames[0], agent_layout.frame_code, (uintptr_t)new_code, 8);
	put(frames[0], agent_layout.frame_instr,
	    (uintptr_t)new_code + agent_layout.code_instructions + 8, 8);
	assert_int_equal(stack_of(2, NULL), 1);
	assert_int_equal(stacks_written, 1);
	assert_int_equal(codes_written, 2);
	assert_int_equal(losses, 0); /* tables that are full forget, and nothing is refused */
}

/* Neighbours, as numbered functions and shifted lines are: all told apart, by address and by
 * content. */
static void test_neighbours_are_told_apart(void **state)
{
	unsigned char *const name = qualname + agent_layout.str_data_ascii;

	(void)state;
	put_text(qualname, "handler_000", 11, 1, 1);
	for (uint32_t number = 0; number < 1000; number++) {
		name[8] = (unsigned char)('0' + number / 100);
		name[9] = (unsigned char)('0' + number / 10 % 10);
		name[10] = (unsigned char)('0' + number % 10);
		agent_layout.code_version = PY_UNKNOWN;
		put(codes[0], agent_layout.code_flags, 1, 4);
		assert_int_equal(code_id((uintptr_t)codes[0]), number + 1);
	}
	put(line_table, agent_layout.bytes_size, 24, 8);
	uint32_t last = code_id((uintptr_t)codes[0]);
	for (size_t i = 0; i < 3; i++) /* (+1, -2, +1) to three words in a row */
		put(line_table, agent_layout.bytes_data + 8 * i, i == 1 ? 100 - 2 : 100 + 1, 8);
	uint32_t shifted = code_id((uintptr_t)codes[0]);
	for (size_t i = 0; i < 3; i++)
		put(line_table, agent_layout.bytes_data + 8 * i, 100, 8);
	put(codes[0], agent_layout.code_flags, 0, 4); /* all of the table tells it apart */
	assert_int_not_equal(code_id((uintptr_t)codes[0]), shifted);
	assert_int_not_equal(last, shifted);
}

static void test_same_pointers_new_code(void **state)
{
	(void)state;
	assert_int_equal(stack_of(2, NULL), 1);
	line_table[agent_layout.bytes_data + 3] ^= 1; /* 3.12+ asks the version alone */
	assert_int_equal(stack_of(2, NULL), 1);
	put(codes[0], agent_layout.code_version, 4711, 4);
	assert_int_equal(stack_of(2, NULL), 2);
	agent_layout.code_version = PY_UNKNOWN;       /* as in 3.8–3.11 */
	line_table[agent_layout.bytes_data + 3] ^= 2; /* code that is no function's: all of it */
	assert_int_equal(stack_of(2, NULL), 3);
	put(codes[0], agent_layout.code_flags, 1, 4);
	put(codes[1], agent_layout.code_flags, 1, 4);
	assert_int_equal(stack_of(2, NULL), 3);
	line_table[agent_layout.bytes_data + 3] ^= 4; /* a function's: the end */
	assert_int_equal(stack_of(2, NULL), 4);
	filename[agent_layout.str_data_ascii] = '<'; /* generated: all of it again */
	assert_int_equal(stack_of(2, NULL), 5);
	line_table[agent_layout.bytes_data] ^= 1;
	assert_int_equal(stack_of(2, NULL), 6);
	assert_int_equal(stack_of(2, NULL), 6);
}

static void test_same_pointers_other_texts(void **state)
{
	static unsigned char long_name[4096];

	(void)state;
	agent_layout.code_version = PY_UNKNOWN;
	for (size_t i = 0; i < CODES; i++)
		put(codes[i], agent_layout.code_flags, 1, 4);
	assert_int_equal(stack_of(2, NULL), 1);
	qualname[agent_layout.str_data_compact + 8] ^= 1; /* the last of five characters */
	assert_int_equal(stack_of(2, NULL), 2);
	assert_int_equal(last_code->qualname_length, 7);
	filename[agent_layout.str_data_ascii + 1] = 'S';
	assert_int_equal(stack_of(2, NULL), 3);
	assert_memory_equal(last_code->bytes, "/Srv/app.py", 11);
	put(filename, agent_layout.str_length, 10, 8);
	assert_int_equal(stack_of(2, NULL), 4);
	put(filename, agent_layout.str_length, 11, 8);
	assert_int_equal(stack_of(2, NULL), 3);
	/* of a long one the end */
	memset(long_name, 'x', sizeof(long_name));
	put_text(long_name, NULL, 0, 1, 1);
	put(long_name, agent_layout.str_length, 4000, 8);
	put(codes[0], agent_layout.code_qualname, (uintptr_t)long_name, 8);
	assert_int_equal(stack_of(2, NULL), 5);
	long_name[agent_layout.str_data_ascii + 3999] = 'y';
	assert_int_equal(stack_of(2, NULL), 6);
	long_name[agent_layout.str_data_ascii + 4000] = 'y'; /* behind it */
	assert_int_equal(stack_of(2, NULL), 6);
}

/* A str's own hash tells it apart as well as its characters do, and is nearer. */
static void test_same_pointers_other_hash(void **state)
{
	(void)state;
	agent_layout.code_version = PY_UNKNOWN;
	for (size_t i = 0; i < CODES; i++)
		put(codes[i], agent_layout.code_flags, 1, 4);
	assert_int_equal(stack_of(2, NULL), 1);
	put(qualname, agent_layout.str_length + 8, 4711, 8); /* hashed meanwhile: the same code */
	assert_int_equal(stack_of(2, NULL), 1);
	assert_int_equal(codes_written, 2);
	qualname[agent_layout.str_data_compact + 8] ^= 1;    /* another str at its address … */
	put(qualname, agent_layout.str_length + 8, 4712, 8); /* … has another hash */
	assert_int_equal(stack_of(2, NULL), 2);
	assert_int_equal(codes_written, 4);
}

/* Where frees of code are counted, code is looked at anew after one. */
static void test_what_is_known_holds_until_code_is_freed(void **state)
{
	(void)state;
	agent_layout.code_version = PY_UNKNOWN;
	for (size_t i = 0; i < CODES; i++)
		put(codes[i], agent_layout.code_flags, 1, 4);
	code_freed_count = 1;
	assert_int_equal(stack_of(4, NULL), 1);
	line_table[agent_layout.bytes_data + 3] ^= 4;
	assert_int_equal(stack_of(4, NULL), 1); /* no code can be another yet */
	assert_int_equal(codes_written, CODES);
	code_freed_count = 2;
	assert_int_equal(stack_of(4, NULL), 2);
	assert_int_equal(codes_written, 2 * CODES);
	put(codes[2], agent_layout.code_first_line, 77, 4);
	assert_int_equal(stack_of(4, NULL), 2);
	code_freed_count = 3;
	assert_int_equal(stack_of(4, NULL), 3);
	assert_int_equal(last_code->first_line, 77);
	code_freed_count = 0; /* as if it could not be counted */
	put(codes[2], agent_layout.code_first_line, 78, 4);
	assert_int_equal(stack_of(4, NULL), 4);
}

/* The whole chain, walked anew only when it stands elsewhere. */
static void test_where_a_thread_waits(void **state)
{
	struct agent_thread thread = {.unit_base_frame = (uintptr_t)frames[3]};
	struct stack_known last = {0};

	(void)state;
	agent_layout.code_version = PY_UNKNOWN;
	for (size_t i = 0; i < CODES; i++)
		put(codes[i], agent_layout.code_flags, i > 0, 4); /* the first is no function's */
	assert_int_equal(stack_of(6, &thread), 1);
	assert_int_equal(stack_waiting(&last), 2);
	assert_int_equal(last_stack->frame_count, 6);
	assert_int_equal(stack_waiting(&last), 2);
	put(codes[0], agent_layout.code_first_line, 99, 4);
	assert_int_equal(stack_waiting(&last), 3);
	/* a module was loaded again, and a function came to lie where it lay: other lines */
	line_table[agent_layout.bytes_data + 3] ^= 1;
	assert_int_equal(stack_waiting(&last), 4);
	put(frames[1], agent_layout.frame_instr,
	    (uintptr_t)codes[1] + agent_layout.code_instructions + 10, 8);
	assert_int_equal(stack_waiting(&last), 5);
	assert_int_equal(stacks_written, 5);
	assert_int_equal(stack_of(0, NULL), 0);
	assert_int_equal(stack_waiting(&last), 0);
}

/* Where code objects are numbered, their number tells. */
static void test_where_a_thread_waits_after_a_reload(void **state)
{
	struct stack_known last = {0};

	(void)state;
	for (size_t i = 0; i < CODES; i++)
		put(codes[i], agent_layout.code_flags, 1, 4);
	assert_int_equal(stack_of(6, NULL), 1);
	assert_int_equal(stack_waiting(&last), 1);
	put(codes[1], agent_layout.code_version, 4711, 4);
	put(codes[1], agent_layout.code_first_line, 99, 4);
	assert_int_equal(stack_waiting(&last), 2);
}

static void test_other_instruction_other_stack(void **state)
{
	(void)state;
	assert_int_equal(stack_of(3, NULL), 1);
	put(frames[1], agent_layout.frame_instr,
	    (uintptr_t)codes[1] + agent_layout.code_instructions + 10, 8);
	assert_int_equal(stack_of(3, NULL), 2);
	assert_int_equal(codes_written, 3);
	assert_int_equal(last_stack->frames[1].instr_offset, 10);
}

static void test_stops_at_the_unit(void **state)
{
	struct agent_thread thread = {.unit_base_frame = (uintptr_t)frames[3]};

	(void)state;
	assert_int_equal(stack_of(6, &thread), 1);
	assert_int_equal(last_stack->frame_count, 3);
	assert_int_equal(last_stack->cut, 0);
	thread.unit_base_frame = (uintptr_t)frames[0];
	assert_int_equal(stack_of(6, &thread), 0); /* nothing of the unit's runs */
}

static void test_shims_are_passed_over(void **state)
{
	(void)state;
	put(frames[1], agent_layout.frame_owner, agent_layout.frame_owner_cstack, 1);
	put(frames[1], agent_layout.frame_code, 0x10, 8); /* never followed */
	assert_int_equal(stack_of(3, NULL), 1);
	assert_int_equal(last_stack->frame_count, 2);
}

static void test_deep_stacks_are_cut(void **state)
{
	(void)state;
	assert_int_equal(stack_of(STACK_FRAMES_MAX, NULL), 1);
	assert_int_equal(last_stack->cut, 0);
	assert_int_equal(stack_of(FRAMES, NULL), 2);
	assert_int_equal(last_stack->frame_count, STACK_FRAMES_MAX);
	assert_int_equal(last_stack->cut, 1);
	put(frames[FRAMES - 1], agent_layout.frame_back, (uintptr_t)frames[0], 8); /* a circle */
	assert_int_equal(stack_here(NULL), 2);
}

static void test_full_dictionary_is_counted(void **state)
{
	(void)state;
	dictionary_limit = 0;
	assert_int_equal(stack_of(3, NULL), 0);
	assert_true(losses > 0);
	dictionary_limit = DICTIONARY_BYTES;
	losses = 0;
	assert_int_equal(stack_here(NULL), 0); /* refused once, not tried at each call */
	assert_int_equal(losses, 1);
	assert_int_equal(stacks_written, 0);
}

static void test_child_begins_anew(void **state)
{
	(void)state;
	assert_int_equal(stack_of(3, NULL), 1);
	assert_int_equal(stack_of(4, NULL), 2);
	stack_after_fork();
	assert_int_equal(stack_of(4, NULL), 1);
	assert_int_equal(stacks_written, 3);
}

static void test_nothing_to_say(void **state)
{
	(void)state;
	assert_int_equal(stack_of(0, NULL), 0); /* no Python runs on this thread */
	put(tstate, agent_layout.tstate_frame, 0, 8);
	assert_int_equal(stack_here(NULL), 0); /* thread state before its cframe is set */
	generation = 0;
	assert_int_equal(stack_of(3, NULL), 0); /* no channel yet */
	generation = 1;
	agent_layout.version_hex = 0;
	assert_int_equal(stack_here(NULL), 0); /* layout not verified */
	assert_int_equal(losses, 0);
}

static void test_given_frames(void **state)
{
	struct dict_frame given[] = {{1, 4}, {2, 8}};

	(void)state;
	assert_int_equal(stack_of_frames(given, 2), 1);
	assert_int_equal(stack_of_frames(given, 2), 1);
	given[1].instr_offset = 10;
	assert_int_equal(stack_of_frames(given, 2), 2);
	assert_int_equal(stack_of_frames(given, 0), 0);
}

static struct dict_frame room[STACK_FRAMES_MAX];

static void link(size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(frames[i], agent_layout.frame_back,
		    i + 1 < count ? (uintptr_t)frames[i + 1] : 0, 8);
}

/* A sampled stack has the number that the same stack has in a call, and leaves room for those. */
static void test_sampled_stacks(void **state)
{
	(void)state;
	assert_int_equal(stack_of(5, NULL), 1);
	assert_int_equal(stack_at((uintptr_t)frames[0], room), 1);
	assert_int_equal(stack_at((uintptr_t)frames[1], room), 2);
	fill_256 = 200;
	assert_int_equal(stack_at((uintptr_t)frames[1], room), 2);
	assert_int_equal(stack_at((uintptr_t)frames[2], room), STACK_REFUSED);
	assert_int_equal(losses, 1);
	assert_int_equal(stack_of(4, NULL), 3); /* a call's is still written */
}

/* What a guarded reader may answer. */
static bool read_but(void *hole, uintptr_t address, void *to, size_t size)
{
	if (address < 4096 || (address <= (uintptr_t)hole && (uintptr_t)hole < address + size))
		return false;
	memcpy(to, (const void *)address, size);
	return true;
}

static bool read_nothing_of_code(void *unused, uintptr_t address, void *to, size_t size)
{
	(void)unused;
	if (address < 4096 || address - (uintptr_t)codes < sizeof(codes))
		return false;
	memcpy(to, (const void *)address, size);
	return true;
}

/* The names are those of the moment of the copy, whatever became of the thread. */
static void test_copied_stacks(void **state)
{
	static struct stack_copy copy;

	(void)state;
	link(3);
	code_copies_forget();
	assert_true(stack_copy(&copy, read_but, NULL, (uintptr_t)frames[0]));
	memset(filename, 'x', sizeof(filename));
	memset(codes[1] + agent_layout.code_filename, 0, 8);
	assert_int_equal(stack_of_copy(&copy), 1);
	assert_int_equal(codes_written, 3);
	assert_int_equal(last_stack->frame_count, 3);
	assert_int_equal(last_code->filename_length, 11);
	assert_memory_equal(last_code->bytes, "/srv/app.py", 11);
	assert_int_equal(last_code->line_table_length, 4);
}

static void test_copies_share_numbers_with_calls(void **state)
{
	static struct stack_copy copy;

	(void)state;
	assert_int_equal(stack_of(3, NULL), 1);
	code_copies_forget();
	assert_true(stack_copy(&copy, read_but, NULL, (uintptr_t)frames[0]));
	assert_int_equal(stack_of_copy(&copy), 1);
	assert_true(stack_copy(&copy, read_but, NULL, (uintptr_t)frames[1]));
	assert_int_equal(stack_of_copy(&copy), 2);
	assert_int_equal(codes_written, 3);
}

/* Of a stack that is written already only the frames are copied: each line is two system calls. */
static void test_a_known_stack_is_known_by_its_frames(void **state)
{
	static struct stack_copy copy;

	(void)state;
	agent_layout.code_version = PY_UNKNOWN;
	code_freed_count = 1;
	assert_int_equal(stack_of(3, NULL), 1);
	assert_true(stack_copy(&copy, read_nothing_of_code, NULL, (uintptr_t)frames[0]));
	assert_int_equal(stack_of_copy(&copy), 1);
	code_freed_count = 2; /* it might be another's code now */
	memset(&copy, 0, sizeof(copy));
	assert_false(stack_copy(&copy, read_nothing_of_code, NULL, (uintptr_t)frames[0]));
}

static void test_a_copy_with_a_hole_is_none(void **state)
{
	static struct stack_copy copy;

	(void)state;
	link(3);
	code_copies_forget();
	assert_false(stack_copy(&copy, read_but, frames[1], (uintptr_t)frames[0]));
	assert_false(stack_copy(&copy, read_but, codes[2] + 40, (uintptr_t)frames[0]) &&
		     stack_of_copy(&copy) != STACK_REFUSED);
	assert_int_equal(stacks_written, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_written_once, set_up),
		cmocka_unit_test_setup(test_code_entry, set_up),
		cmocka_unit_test_setup(test_same_address_new_code, set_up),
		cmocka_unit_test_setup(test_code_made_again_is_written_once, set_up),
		cmocka_unit_test_setup(test_neighbours_are_told_apart, set_up),
		cmocka_unit_test_setup(test_same_pointers_new_code, set_up),
		cmocka_unit_test_setup(test_same_pointers_other_texts, set_up),
		cmocka_unit_test_setup(test_same_pointers_other_hash, set_up),
		cmocka_unit_test_setup(test_what_is_known_holds_until_code_is_freed, set_up),
		cmocka_unit_test_setup(test_where_a_thread_waits, set_up),
		cmocka_unit_test_setup(test_where_a_thread_waits_after_a_reload, set_up),
		cmocka_unit_test_setup(test_other_instruction_other_stack, set_up),
		cmocka_unit_test_setup(test_stops_at_the_unit, set_up),
		cmocka_unit_test_setup(test_shims_are_passed_over, set_up),
		cmocka_unit_test_setup(test_deep_stacks_are_cut, set_up),
		cmocka_unit_test_setup(test_full_dictionary_is_counted, set_up),
		cmocka_unit_test_setup(test_child_begins_anew, set_up),
		cmocka_unit_test_setup(test_nothing_to_say, set_up),
		cmocka_unit_test_setup(test_given_frames, set_up),
		cmocka_unit_test_setup(test_sampled_stacks, set_up),
		cmocka_unit_test_setup(test_copied_stacks, set_up),
		cmocka_unit_test_setup(test_copies_share_numbers_with_calls, set_up),
		cmocka_unit_test_setup(test_a_known_stack_is_known_by_its_frames, set_up),
		cmocka_unit_test_setup(test_a_copy_with_a_hole_is_none, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

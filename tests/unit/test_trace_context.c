/* traceparent: what is taken of it, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "agent/agent.h"
#include "agent/trace_context.h"

static struct channel_record written;
static int writes;

void record_write(const struct channel_record *record)
{
	written = *record;
	writes++;
}

static bool parse(const char *text, struct trace_id *id)
{
	return trace_context_parse(text, strlen(text), id);
}

static void test_a_trace_has_a_number(void **state)
{
	struct trace_id id;
	(void)state;
	assert_true(parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", &id));
	assert_true(id.high == UINT64_C(0x0af7651916cd43dd));
	assert_true(id.low == UINT64_C(0x8448eb211c80319c));
	/* a later version may say more */
	assert_true(parse("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", &id));
}

static void test_what_is_none(void **state)
{
	static const char *const none[] = {
		"",
		"00",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
		"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
		"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
		"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
		"0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
	};
	struct trace_id id;
	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (parse(none[i], &id))
			fail_msg("taken: %s", none[i]);
}

static void test_it_is_written_for_its_unit(void **state)
{
	static const char text[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
	const struct unit unit = {.id = 7, .start_ns = 99};
	(void)state;
	trace_context_note(&unit, NULL, 0);
	trace_context_note(&unit, "nonsense", 8);
	assert_int_equal(writes, 0);
	trace_context_note(&unit, text, sizeof text - 1);
	assert_int_equal(writes, 1);
	assert_int_equal(written.kind, RECORD_UNIT_TRACE);
	assert_int_equal(written.unit, 7);
	assert_int_equal(written.t_start_ns, 99);
	assert_int_equal(written.subject, 0x0af76519);
	assert_int_equal(written.object, 0x16cd43dd);
	assert_true(written.aux == UINT64_C(0x8448eb211c80319c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_trace_has_a_number),
		cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_it_is_written_for_its_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Statements: what is kept of a text, and that the same text is not looked at twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent/statement.h"
#include "agent_fakes.h"

static struct statement read_text(const char *text)
{
	return statement_read(text, strlen(text));
}

static void assert_same(struct statement a, struct statement b)
{
	assert_true(a.raw_hash == b.raw_hash);
	assert_int_equal(a.text, b.text);
	assert_int_equal(a.literals, b.literals);
	assert_int_equal(a.flags, b.flags);
}

static void a_text_is_made_a_fingerprint_of_once(void **state)
{
	(void)state;
	static const char sql[] = "SELECT name FROM shelf WHERE id = 7 AND kind = 'x'";
	struct statement first = read_text(sql);
	assert_string_equal(fake_text(first.text),
			    "SELECT name FROM shelf WHERE id = ? AND kind = ?");
	assert_int_equal(first.literals, 2);
	assert_int_equal(first.flags, 0);
	uint32_t asked = fake_text_calls;
	assert_same(read_text(sql), first);
	assert_int_equal(fake_text_calls, asked);
}

static void other_values_are_another_text_of_the_same_fingerprint(void **state)
{
	(void)state;
	struct statement one = read_text("UPDATE shelf SET weight = 1 WHERE id = 2");
	struct statement other = read_text("UPDATE shelf SET weight = 1 WHERE id = 3");
	assert_int_equal(one.text, other.text);
	assert_true(one.raw_hash != other.raw_hash);
}

static void the_transactions_own_stay_so(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct statement begin = read_text("BEGIN");
		assert_int_equal(begin.flags, RECORD_TRANSACTION);
		assert_int_equal(begin.literals, 0);
	}
}

/* In a fork's child the ids are of another dictionary. */
static void another_dictionary_is_asked_anew(void **state)
{
	(void)state;
	static const char sql[] = "DELETE FROM shelf WHERE id = 4";
	struct statement first = read_text(sql);
	uint32_t asked = fake_text_calls;
	fake_generation = 2;
	assert_same(read_text(sql), first);
	assert_int_equal(fake_text_calls, asked + 1);
	fake_generation = 1;
}

/* So many that each takes the place of some other: none may be taken for it. */
static void a_place_that_was_taken_gives_nobody_elses_text(void **state)
{
	(void)state;
	char sql[64], fingerprint[64];
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < 3000; i++) {
			snprintf(sql, sizeof sql, "SELECT c%d FROM t WHERE a = %d", i, i);
			snprintf(fingerprint, sizeof fingerprint, "SELECT c%d FROM t WHERE a = ?",
				 i);
			struct statement s = read_text(sql);
			assert_string_equal(fake_text(s.text), fingerprint);
			assert_int_equal(s.literals, 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_made_a_fingerprint_of_once),
		cmocka_unit_test(other_values_are_another_text_of_the_same_fingerprint),
		cmocka_unit_test(the_transactions_own_stay_so),
		cmocka_unit_test(another_dictionary_is_asked_anew),
		cmocka_unit_test(a_place_that_was_taken_gives_nobody_elses_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Errors: born once, forwarded unchanged, mapped to the statuses of design.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/err.h"

static void test_birth_keeps_place_text_and_errno(void **state)
{
	(void)state;
	struct err e = {0};
	errno = ENOSPC;
	assert_int_equal(ERR(&e, ERR_SYSTEM, "cannot write %s", "x"), ERR_SYSTEM);
	assert_int_equal(e.os_errno, ENOSPC);
	assert_string_equal(e.text, "cannot write x");
	assert_non_null(strstr(e.file, "test_err.c"));
	assert_int_equal(errno, ENOSPC);
}

static void test_errno_only_where_a_call_failed(void **state)
{
	(void)state;
	struct err e = {0};
	errno = ENOENT;
	ERR(&e, ERR_USAGE, "wrong word");
	assert_int_equal(e.os_errno, 0);
}

static void test_long_text_is_cut_not_overrun(void **state)
{
	(void)state;
	struct err e = {0};
	char long_text[2000];
	memset(long_text, 'x', sizeof long_text);
	long_text[sizeof long_text - 1] = '\0';
	ERR(&e, ERR_USAGE, "%s", long_text);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
}

static void test_nobody_listens(void **state)
{
	(void)state;
	assert_int_equal(ERR(NULL, ERR_LIMIT, "full"), ERR_LIMIT);
}

static enum err_kind forward(enum err_kind kind, int *after)
{
	TRY(kind);
	*after = 1;
	return ERR_OK;
}

static void test_try_returns_at_once(void **state)
{
	(void)state;
	int after = 0;
	assert_int_equal(forward(ERR_INVALID, &after), ERR_INVALID);
	assert_int_equal(after, 0);
	assert_int_equal(forward(ERR_OK, &after), ERR_OK);
	assert_int_equal(after, 1);
}

static void test_exit_statuses(void **state)
{
	(void)state;
	static const struct {
		enum err_kind kind;
		int status;
	} rows[] = {{ERR_OK, 0},         {ERR_USAGE, 2},     {ERR_NO_TARGET, 3},
		    {ERR_PERMISSION, 4}, {ERR_RECORDING, 5}, {ERR_SYSTEM, 1},
		    {ERR_INVALID, 1},    {ERR_LIMIT, 1},     {ERR_UNSUPPORTED, 1}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(err_exit_status(rows[i].kind), rows[i].status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_birth_keeps_place_text_and_errno),
		cmocka_unit_test(test_errno_only_where_a_call_failed),
		cmocka_unit_test(test_long_text_is_cut_not_overrun),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_try_returns_at_once),
		cmocka_unit_test(test_exit_statuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

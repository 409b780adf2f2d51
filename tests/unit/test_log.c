/* Colours and levels: NO_COLOR beats CLICOLOR_FORCE beats the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/log.h"

static void environment(const char *no_color, const char *force)
{
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	if (no_color)
		setenv("NO_COLOR", no_color, 1);
	if (force)
		setenv("CLICOLOR_FORCE", force, 1);
}

static void test_colour_precedence(void **state)
{
	(void)state;
	static const struct {
		const char *no_color, *force;
		bool wanted;
	} rows[] = {
		{NULL, NULL, false}, {NULL, "1", true}, {"1", "1", false}, {"", "1", true},
		{NULL, "0", false},  {NULL, "", false}, {"0", "1", false},
	};
	FILE *file = tmpfile();
	assert_non_null(file);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		environment(rows[i].no_color, rows[i].force);
		assert_int_equal(log_colour_wanted(file), rows[i].wanted);
	}
	fclose(file);
	assert_string_equal(log_style(false, STYLE_RED), "");
	assert_string_equal(log_style(true, STYLE_NONE), "\033[0m");
}

/* What goes to stderr while `talk` runs. */
static void capture(void (*talk)(void), char *text, size_t size)
{
	FILE *file = tmpfile();
	assert_non_null(file);
	fflush(stderr);
	const int saved = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	talk();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void talk(void)
{
	log_error("e%d", 1);
	log_warn("w");
	log_info("i");
	log_debug("d");
	log_progress("p");
	log_progress_end();
}

static void test_levels(void **state)
{
	(void)state;
	char text[200];
	environment("1", NULL);
	log_set_level(LOG_NORMAL);
	capture(talk, text, sizeof text);
	assert_string_equal(text, "unslow: error: e1\nunslow: warning: w\nunslow: i\n");
	log_set_level(LOG_QUIET);
	capture(talk, text, sizeof text);
	assert_string_equal(text, "unslow: error: e1\n");
	log_set_level(LOG_VERBOSE);
	capture(talk, text, sizeof text);
	assert_string_equal(text, "unslow: error: e1\nunslow: warning: w\nunslow: i\nunslow: d\n");
	assert_int_equal(log_get_level(), LOG_VERBOSE);
}

static void talk_of_a_hostile_name(void)
{
	log_warn("it is called %s", "a\033]0;b\007\302\233c\nd é");
}

static void test_what_a_terminal_would_obey_is_not_written(void **state)
{
	(void)state;
	char text[200];
	environment("1", NULL);
	log_set_level(LOG_NORMAL);
	capture(talk_of_a_hostile_name, text, sizeof text);
	assert_string_equal(text, "unslow: warning: it is called a?]0;b??c?d é\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_colour_precedence),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_what_a_terminal_would_obey_is_not_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

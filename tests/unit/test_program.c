/* What a command's program is, before it is started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "target/program.h"

static char directory[] = "/tmp/unslow-test-program-XXXXXX";

static const char *write_file(const char *name, const void *bytes, size_t length, mode_t mode)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	unlink(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static struct program look_at_script(const char *text)
{
	struct program program;
	program_look(write_file("script", text, strlen(text), 0755), &program);
	return program;
}

static void test_found_in_path_or_not(void **state)
{
	(void)state;
	struct program program;
	program_look("sh", &program);
	assert_true(program.found && program.executable);
	assert_null(program.no_preload);
	assert_false(program.is_python);
	program_look("unslow-no-such-command", &program);
	assert_false(program.found);
	program_look("", &program);
	assert_false(program.found);
	program_look("/tmp", &program);
	assert_false(program.executable);
	program_look(write_file("data", "x", 1, 0644), &program);
	assert_true(program.found && !program.executable);
}

static void test_interpreters_are_followed(void **state)
{
	(void)state;
	struct program program = look_at_script("#!/bin/sh -e\necho\n");
	assert_string_equal(program.image, "/bin/sh");
	program = look_at_script("#! /usr/bin/env -S A=1 sh -x\n");
	assert_non_null(strstr(program.image, "/sh"));
	assert_false(program.no_interpreter);
	program = look_at_script("#!/nowhere/bin/python3.12\n");
	assert_true(program.is_python);
	assert_true(program.found && program.executable && program.no_interpreter);
	program = look_at_script("no interpreter line");
	assert_true(program.found && program.executable);
	assert_null(program.no_preload);
}

static void test_scripts_that_name_each_other_end(void **state)
{
	(void)state;
	char text[200];
	snprintf(text, sizeof text, "#!%s/script\n", directory);
	const struct program program = look_at_script(text);
	assert_true(program.found);
}

/* The program at hand, changed: no interpreter segment, or another machine. */
static void test_where_preload_cannot_work(void **state)
{
	(void)state;
	static unsigned char image[1 << 20];
	FILE *self = fopen("/proc/self/exe", "r");
	assert_non_null(self);
	const size_t length = fread(image, 1, sizeof image, self);
	fclose(self);
	struct program program;
	program_look(write_file("same", image, length, 0755), &program);
	assert_null(program.no_preload);

	image[18] ^= 0x55; /* e_machine */
	program_look(write_file("other", image, length, 0755), &program);
	assert_non_null(strstr(program.no_preload, "another machine"));
	image[18] ^= 0x55;

	image[56] = 0; /* e_phnum: no segment at all, so no interpreter */
	image[57] = 0;
	program_look(write_file("static", image, length, 0755), &program);
	assert_non_null(strstr(program.no_preload, "statically linked"));

	program_look(write_file("short", image, 20, 0755), &program);
	assert_non_null(strstr(program.no_preload, "not a whole ELF file"));
}

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	(void)state;
	static const char *const names[] = {"script", "data", "same", "other", "static", "short"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[128];
		snprintf(path, sizeof path, "%s/%s", directory, names[i]);
		unlink(path);
	}
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_in_path_or_not),
		cmocka_unit_test(test_interpreters_are_followed),
		cmocka_unit_test(test_scripts_that_name_each_other_end),
		cmocka_unit_test(test_where_preload_cannot_work),
	};
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}

/* The channel directory: what lies in it, who may read it, what is removed from it. */
#include "channel_world.h"

static void test_names_of_channel_files(void **state)
{
	uint32_t pid = 0, serial = 0;
	(void)state;
	assert_true(channel_reader_parse_name("4242-17.0", &pid, &serial));
	assert_int_equal(pid, 4242);
	assert_int_equal(serial, 17);
	const char *const others[] = {
		"control", "1-2.1", "1-2.0x",         "-1-2.0",         "1--2.0",  "1-2",
		"",        "1-.0",  "1-4294967297.0", "1234567890-1.0", "1-2.0/.."};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(channel_reader_parse_name(others[i], &pid, &serial));
}

/* Links, pipes, directories and huge files under names of ours: none is read, none blocks, and
 * what a link names stays as it is. */
static void test_planted_files_are_left_alone(void **state)
{
	struct world w;
	struct stat st;
	char victim[] = "/tmp/unslow-test-XXXXXX", name[300];
	(void)state;
	begin(&w, getpid());
	const int fd = mkstemp(victim);
	assert_int_equal(write(fd, "precious", 8), 8);
	close(fd);
	const char *directory = agent_probe_directory(w.probe);
	snprintf(name, sizeof name, "%s/1-21.0", directory);
	assert_int_equal(symlink(victim, name), 0);
	snprintf(name, sizeof name, "%s/1-22.0", directory);
	assert_int_equal(mkfifo(name, 0600), 0);
	snprintf(name, sizeof name, "%s/1-23.0", directory);
	assert_int_equal(symlink("/dev/zero", name), 0);
	snprintf(name, sizeof name, "%s/1-24.0", directory);
	const int huge = open(name, O_CREAT | O_RDWR, 0600);
	assert_int_equal(ftruncate(huge, (off_t)1 << 40), 0);
	close(huge);
	drain(&w);
	drain(&w);
	assert_int_equal(agent_probe_count(w.probe).processes, 0);
	stop(&w);
	assert_int_equal(stat(victim, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(stat(directory, &st), -1);
	unlink(victim);
	finish(&w);
}

/* What lies in the directory counts against its limit, not what ever lay there. */
static void test_removed_files_are_given_back(void **state)
{
	struct world w;
	struct err e;
	char name[300];
	int status;
	(void)state;
	const pid_t child = fork();
	if (child == 0)
		for (;;)
			pause();
	begin(&w, child);
	snprintf(name, sizeof name, "%s/control", agent_probe_directory(w.probe));
	const int fd = open(name, O_RDWR);
	struct channel_control *control =
		mmap(NULL, CHANNEL_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(control != MAP_FAILED);
	close(fd);
	control->bytes_made = FILE_BYTES + 100;
	control->refused = 3;
	show(&w.file);
	drain(&w);
	assert_int_equal(control->bytes_made, FILE_BYTES + 100);
	assert_int_equal(agent_probe_count(w.probe).refused, 3);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	control->bytes_made -= 200; /* a hostile agent's: it does not wrap below zero */
	drain(&w);
	assert_int_equal(control->bytes_made, 0);
	munmap(control, CHANNEL_PAGE);
	assert_int_equal(agent_probe_stop(w.probe, &e), ERR_OK);
	assert_int_equal(agent_probe_count(w.probe).refused, 3);
	finish(&w);
}

/* Who lives on, such as a target that ignores its end, has no key to try values with. */
static void test_the_key_is_wiped(void **state)
{
	struct world w;
	char name[300];
	(void)state;
	begin(&w, getpid());
	snprintf(name, sizeof name, "%s/control", agent_probe_directory(w.probe));
	const int fd = open(name, O_RDWR);
	const struct channel_control *control =
		mmap(NULL, CHANNEL_PAGE, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(control != MAP_FAILED);
	close(fd);
	assert_true(control->text_key[0] && control->text_key[1]);
	stop(&w);
	finish(&w);
	assert_false(control->text_key[0] || control->text_key[1]);
	munmap((void *)control, CHANNEL_PAGE);
}

/* The directory of an owner that is gone is removed by the next one; a live one's stays. */
static void test_directories_of_dead_owners_are_removed(void **state)
{
	struct world w;
	struct err e;
	struct stat st;
	int status, ends[2];
	char left[256] = "";
	(void)state;
	assert_int_equal(pipe(ends), 0);
	const pid_t child = fork();
	if (child == 0) {
		struct agent_probe *probe = NULL;
		if (agent_probe_start(&probe, NULL, &e) == ERR_OK)
			dprintf(ends[1], "%s", agent_probe_directory(probe));
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(read(ends[0], left, sizeof left - 1) > 0);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(stat(left, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	begin(&w, getpid());
	assert_int_equal(stat(left, &st), -1);
	struct agent_probe *second = NULL;
	assert_int_equal(agent_probe_start(&second, w.ingest, &e), ERR_OK);
	assert_int_equal(stat(agent_probe_directory(w.probe), &st), 0);
	agent_probe_free(second);
	stop(&w);
	finish(&w);
}

/* `unslow detach`: this process has a control file mapped, its own probe's. */
static void test_detach_puts_the_mapped_channel_to_sleep(void **state)
{
	struct world w;
	struct err e;
	char name[300];
	struct channel_control control;
	(void)state;
	assert_int_equal(agent_probe_put_to_sleep(getpid(), &e), ERR_NO_TARGET);
	begin(&w, getpid());
	assert_false(agent_probe_in(getpid())); /* the channel alone is unslow's own */
	assert_false(agent_probe_sleeps(getpid()));
	assert_false(agent_probe_is_detached(w.probe));
	assert_int_equal(agent_probe_put_to_sleep(getpid(), &e), ERR_OK);
	assert_true(agent_probe_sleeps(getpid()));
	assert_true(agent_probe_is_detached(w.probe));
	snprintf(name, sizeof name, "%s/control", agent_probe_directory(w.probe));
	const int fd = open(name, O_RDONLY);
	assert_int_equal(read(fd, &control, sizeof control), sizeof control);
	close(fd);
	assert_int_equal(control.command, CHANNEL_SLEEP);
	assert_int_equal(control.reader_pid, getpid());
	assert_true(control.text_key[0] != 0 && control.text_key[0] != control.text_key[1]);
	stop(&w);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_channel_files),
		cmocka_unit_test(test_planted_files_are_left_alone),
		cmocka_unit_test(test_removed_files_are_given_back),
		cmocka_unit_test(test_the_key_is_wiped),
		cmocka_unit_test(test_directories_of_dead_owners_are_removed),
		cmocka_unit_test(test_detach_puts_the_mapped_channel_to_sleep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Control groups of both versions, their texts as kernels and containers write them, and as they do
 * not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "target/cgroup.h"

static char top[] = "/tmp/unslow-test-cgroup-XXXXXX";

static void put(const char *directory, const char *name, const char *text)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s/%s", top, directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void make(const char *directory)
{
	char path[200];
	snprintf(path, sizeof path, "%s/%s", top, directory);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void test_values(void **state)
{
	(void)state;
	const char *text = "nr_periods 12\nnr_throttled 3\nthrottled_usec 7\n";
	assert_int_equal(cgroup_value(text, "nr_periods"), 12);
	assert_int_equal(cgroup_value(text, "nr_throttled"), 3);
	assert_int_equal(cgroup_value(text, "throttled_usec"), 7);
	assert_int_equal(cgroup_value(text, "throttled"), -1);
	assert_int_equal(cgroup_value(text, "periods"), -1);
	assert_int_equal(cgroup_value("", "nr_periods"), -1);
	assert_int_equal(cgroup_value("nr_periods", "nr_periods"), -1);
	assert_int_equal(cgroup_value("nr_periods -3\n", "nr_periods"), -1);
	assert_int_equal(cgroup_value("nr_periods 99999999999999999999999\n", "nr_periods"), -1);
}

static void test_pressure(void **state)
{
	(void)state;
	assert_int_equal(cgroup_pressure_ns("some avg10=0.00 avg60=1.20 avg300=0.4 total=25\n"
					    "full avg10=0.00 avg60=0.00 avg300=0.00 total=9\n"),
			 25000);
	assert_int_equal(cgroup_pressure_ns("some avg10=0.00\nfull total=9\n"), -1);
	assert_int_equal(cgroup_pressure_ns("full avg10=0.00 total=9\n"), -1);
	assert_int_equal(cgroup_pressure_ns("some total=x\n"), -1);
	assert_int_equal(cgroup_pressure_ns("some total=18446744073709551615\n"), -1);
	assert_int_equal(cgroup_pressure_ns(""), -1);
}

static void test_cpu_max(void **state)
{
	int64_t quota = 0, period = 0;
	(void)state;
	assert_true(cgroup_cpu_max("50000 100000\n", &quota, &period));
	assert_int_equal(quota, 50000000);
	assert_int_equal(period, 100000000);
	assert_true(cgroup_cpu_max("max 100000\n", &quota, &period));
	assert_int_equal(quota, -1);
	assert_false(cgroup_cpu_max("50000\n", &quota, &period));
	assert_false(cgroup_cpu_max("50000 0\n", &quota, &period));
	assert_false(cgroup_cpu_max("-1 100000\n", &quota, &period));
	assert_false(cgroup_cpu_max("99999999999999999999 100000\n", &quota, &period));
	assert_false(cgroup_cpu_max("", &quota, &period));
}

#define V1_MOUNTS \
	"24 1 0:22 / /proc rw - proc proc rw\n" \
	"30 25 0:27 / /cg/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n" \
	"31 25 0:28 / /cg/memory rw,relatime - cgroup cgroup rw,memory\n"

static void test_version_1(void **state)
{
	struct cgroup group;
	(void)state;
	cgroup_find("11:memory:/system.slice/a.service\n4:cpuset:/\n"
		    "3:cpu,cpuacct:/system.slice/a.service\n0::/other\n",
		    V1_MOUNTS, &group);
	assert_string_equal(group.cpu.directory, "/cg/cpu,cpuacct/system.slice/a.service");
	assert_false(group.cpu.unified);
	assert_int_equal(group.cpu.top, strlen("/cg/cpu,cpuacct"));
	assert_string_equal(group.usage.directory, "/cg/cpu,cpuacct/system.slice/a.service");
	assert_string_equal(group.memory.directory, "/cg/memory/system.slice/a.service");
}

static void test_version_2(void **state)
{
	struct cgroup group;
	(void)state;
	cgroup_find("0::/user.slice/a\n", "35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		    &group);
	assert_string_equal(group.cpu.directory, "/sys/fs/cgroup/user.slice/a");
	assert_true(group.cpu.unified);
	assert_string_equal(group.memory.directory, "/sys/fs/cgroup/user.slice/a");
}

static void test_both_versions(void **state)
{
	struct cgroup group;
	(void)state;
	cgroup_find("3:cpu,cpuacct:/b\n0::/u\n",
		    V1_MOUNTS "36 25 0:31 / /cg/unified rw - cgroup2 cgroup2 rw\n", &group);
	assert_string_equal(group.cpu.directory, "/cg/cpu,cpuacct/b");
	assert_string_equal(group.memory.directory, "/cg/unified/u");
	assert_true(group.memory.unified);
}

static void test_container(void **state)
{
	struct cgroup group;
	(void)state;
	/* the host's path, of which only the end is mounted */
	cgroup_find("3:cpu,cpuacct:/docker/ab/c\n",
		    "30 25 0:27 /docker/ab /cg/cpu rw - cgroup cgroup rw,cpu\n", &group);
	assert_string_equal(group.cpu.directory, "/cg/cpu/c");
	/* a name that only begins alike */
	cgroup_find("3:cpu,cpuacct:/docker/abc\n",
		    "30 25 0:27 /docker/ab /cg/cpu rw - cgroup cgroup rw,cpu\n", &group);
	assert_string_equal(group.cpu.directory, "/cg/cpu");
	/* a group namespace: its own root */
	cgroup_find("0::/\n", "35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", &group);
	assert_string_equal(group.cpu.directory, "/sys/fs/cgroup");
	/* another one's */
	cgroup_find("0::/../other\n", "35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		    &group);
	assert_string_equal(group.cpu.directory, "");
}

static void test_texts_that_are_none(void **state)
{
	struct cgroup group;
	struct cgroup_facts facts;
	char path[700] = "0::/";
	(void)state;
	memset(path + 4, 'a', 600);
	memcpy(path + 604, "\n", sizeof "\n");
	const char *const groups[] = {"", "\n\n", "::", "x:cpu:/a\n", "3:cpu\n", "3:cpu:a\n", path};
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		cgroup_find(groups[i], V1_MOUNTS "35 24 0:30 / /c rw - cgroup2 cgroup2 rw\n",
			    &group);
		assert_string_equal(group.cpu.directory, "");
	}
	const char *const mounts[] = {
		"", "1 2\n", "30 25 0:27 / /cg - cgroup\n",
		"30 25 0:27 / /cg rw - cgroup cgroup rw,cpuset\n",
		"30 25 0:27 / /cg rw\n31 25 0:28 / /m rw - cgroup cgroup rw,memory\n"};
	for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		cgroup_find("3:cpu:/a\n", mounts[i], &group);
		assert_string_equal(group.cpu.directory, "");
	}
	/* nothing is known of it, and nothing is 0 */
	cgroup_read(&group, &facts);
	assert_int_equal(facts.quota_ns, -1);
	assert_int_equal(facts.throttled_periods, -1);
	assert_int_equal(facts.oom_kills, -1);
	/* an escaped blank is one; other escapes stay inside the field */
	cgroup_find("3:cpu:/a\n", "30 25 0:27 / /c\\040g rw - cgroup cgroup rw,cpu\n", &group);
	assert_string_equal(group.cpu.directory, "/c g/a");
}

static struct cgroup at(const char *directory, const char *mount, bool unified)
{
	struct cgroup group = {0};
	struct cgroup_place *places[] = {&group.cpu, &group.usage, &group.memory};
	for (int i = 0; i < 3; i++) {
		snprintf(places[i]->directory, sizeof places[i]->directory, "%s/%s", top,
			 directory);
		places[i]->top = strlen(top) + 1 + strlen(mount);
		places[i]->unified = unified;
	}
	return group;
}

static void test_the_tightest_level_binds(void **state)
{
	char expected[200];
	struct cgroup_facts facts;
	(void)state;
	make("v2");
	make("v2/pod");
	make("v2/pod/app");
	put("v2/pod", "cpu.max", "50000 100000\n");
	put("v2/pod", "cpu.stat",
	    "usage_usec 9\nnr_periods 100\nnr_throttled 40\nthrottled_usec 5000\n");
	put("v2/pod/app", "cpu.max", "max 100000\n");
	put("v2/pod/app", "cpu.stat", "usage_usec 7\nnr_periods 0\nnr_throttled 0\n");
	put("v2/pod/app", "cpu.pressure", "some avg10=0.00 total=11\n");
	put("v2/pod", "memory.max", "1048576\n");
	put("v2/pod", "memory.current", "1000\n");
	put("v2/pod", "memory.events", "low 0\noom 3\noom_kill 2\n");
	put("v2/pod/app", "memory.max", "max\n");
	const struct cgroup group = at("v2/pod/app", "v2", true);
	cgroup_read(&group, &facts);
	snprintf(expected, sizeof expected, "%s/v2/pod", top);
	assert_string_equal(facts.cpu_path, expected);
	assert_int_equal(facts.quota_ns, 50000000);
	assert_int_equal(facts.periods, 100);
	assert_int_equal(facts.throttled_periods, 40);
	assert_int_equal(facts.throttled_ns, 5000000);
	assert_int_equal(facts.cpu_ns, 7000);
	assert_int_equal(facts.cpu_pressure_ns, 11000);
	assert_int_equal(facts.memory_limit_bytes, 1048576);
	assert_int_equal(facts.memory_bytes, 1000);
	assert_int_equal(facts.oom_kills, 2);
	/* its own is tighter than the pod's */
	put("v2/pod/app", "cpu.max", "10000 100000\n");
	cgroup_read(&group, &facts);
	assert_int_equal(facts.quota_ns, 10000000);
	assert_int_equal(facts.throttled_periods, 0);
	/* above the mount nothing is read */
	const struct cgroup below = at("v2/pod/app", "v2/pod/app", true);
	put("v2/pod/app", "cpu.max", "max 100000\n");
	cgroup_read(&below, &facts);
	assert_int_equal(facts.quota_ns, -1);
}

static void test_files_of_version_1(void **state)
{
	struct cgroup_facts facts;
	(void)state;
	make("v1");
	put("v1", "cpu.cfs_quota_us", "25000\n");
	put("v1", "cpu.cfs_period_us", "100000\n");
	put("v1", "cpu.stat", "nr_periods 20\nnr_throttled 19\nthrottled_time 1500000000\n");
	put("v1", "cpuacct.usage", "123456\n");
	put("v1", "memory.limit_in_bytes", "9223372036854771712\n"); /* none */
	put("v1", "memory.usage_in_bytes", "4096\n");
	put("v1", "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
	const struct cgroup group = at("v1", "v1", false);
	cgroup_read(&group, &facts);
	assert_int_equal(facts.quota_ns, 25000000);
	assert_int_equal(facts.period_ns, 100000000);
	assert_int_equal(facts.throttled_periods, 19);
	assert_int_equal(facts.throttled_ns, 1500000000);
	assert_int_equal(facts.cpu_ns, 123456);
	assert_int_equal(facts.memory_limit_bytes, -1);
	assert_int_equal(facts.memory_bytes, 4096);
	assert_int_equal(facts.oom_kills, 5);
	put("v1", "cpu.cfs_quota_us", "-1\n");
	cgroup_read(&group, &facts);
	assert_int_equal(facts.quota_ns, -1);
}

static void test_this_machine(void **state)
{
	struct cgroup_facts facts;
	(void)state;
	cgroup_read_machine(&facts);
	assert_true(facts.memory_limit_bytes > facts.memory_bytes);
	assert_true(facts.memory_bytes > 0);
	assert_true(facts.oom_kills >= 0);
}

static int make_top(void **state)
{
	(void)state;
	return mkdtemp(top) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *at)
{
	(void)facts;
	(void)kind;
	(void)at;
	return remove(path);
}

static int remove_top(void **state)
{
	(void)state;
	return nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_pressure),
		cmocka_unit_test(test_cpu_max),
		cmocka_unit_test(test_version_1),
		cmocka_unit_test(test_version_2),
		cmocka_unit_test(test_both_versions),
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_texts_that_are_none),
		cmocka_unit_test(test_the_tightest_level_binds),
		cmocka_unit_test(test_files_of_version_1),
		cmocka_unit_test(test_this_machine),
	};
	return cmocka_run_group_tests(tests, make_top, remove_top);
}

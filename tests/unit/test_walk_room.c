/* What /proc and the control groups say of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent/walk_room.h"

static void assert_group(const char *text, const char *wanted, bool wanted_v2)
{
	bool is_v2 = !wanted_v2;
	const char *path = walk_room_group(text, &is_v2);
	assert_non_null(path);
	assert_int_equal(strcspn(path, "\n"), strlen(wanted));
	assert_memory_equal(path, wanted, strlen(wanted));
	assert_int_equal(is_v2, wanted_v2);
}

static void test_groups(void **state)
{
	bool is_v2;
	(void)state;
	assert_group("0::/user.slice/a.scope\n", "/user.slice/a.scope", true);
	assert_group("12:cpu,cpuacct:/x\n4:memory:/docker/1\n0::/y\n", "/docker/1", false);
	assert_group("1:name=systemd:/z\n0::/\n", "/", true);
	assert_null(walk_room_group("", &is_v2));
	assert_null(walk_room_group("nonsense\n", &is_v2));
	assert_null(walk_room_group("3:cpu:/x\n", &is_v2));
}

static void test_this_process_has_room_figures(void **state)
{
	struct walk_room room;
	(void)state;
	assert_true(walk_room_look(&room));
	assert_true(room.anonymous_bytes > 0);
	assert_true(room.free_bytes > 0);
}

/* Each of several that are forked at once may cost as much as it has. */
static void test_what_is_left_is_of_all_that_fork(void **state)
{
	const uint64_t mib = 1 << 20;
	const struct walk_room room = {.anonymous_bytes = 100 * mib, .free_bytes = 600 * mib};
	(void)state;
	assert_int_equal(walk_room_left(&room, 0), 468 * mib);
	assert_int_equal(walk_room_left(&room, 1), 468 * mib);
	assert_int_equal(walk_room_left(&room, 3), 68 * mib);
	assert_true(walk_room_left(&room, 4) < WALK_ROOM_LEAST_BYTES);
	assert_int_equal(walk_room_left(&room, 5), 0);
	assert_int_equal(walk_room_left(&room, UINT32_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_this_process_has_room_figures),
		cmocka_unit_test(test_what_is_left_is_of_all_that_fork),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Who may look at whom: one row a case, and the fix that is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/access.h"

static const struct {
	const char *name;
	struct access_facts facts;
	const char *fix; /* a part of it; NULL: nothing forbids it */
} cases[] = {
	{"own process",
	 {.our_uid = 1000, .target_uid = 1000, .target_owner = 1000, .yama_scope = -1},
	 NULL},
	{"root",
	 {.our_uid = 0,
	  .target_uid = 1000,
	  .target_owner = 1000,
	  .can_ptrace = true,
	  .yama_scope = 2},
	 NULL},
	{"another user",
	 {.our_uid = 1000, .target_uid = 33, .target_owner = 33, .yama_scope = -1},
	 "with sudo"},
	{"not dumpable",
	 {.our_uid = 1000, .target_uid = 1000, .target_owner = 0, .yama_scope = -1},
	 "with sudo"},
	{"yama 1, a stranger",
	 {.our_uid = 1000, .target_uid = 1000, .target_owner = 1000, .yama_scope = 1},
	 "kernel.yama.ptrace_scope=0"},
	{"yama 1, our child",
	 {.our_uid = 1000,
	  .target_uid = 1000,
	  .target_owner = 1000,
	  .yama_scope = 1,
	  .is_descendant = true},
	 NULL},
	{"yama 2",
	 {.our_uid = 1000, .target_uid = 1000, .target_owner = 1000, .yama_scope = 2},
	 "with sudo"},
	{"yama 3 stops root, too", {.can_ptrace = true, .yama_scope = 3}, "restart the machine"},
	{"container's root",
	 {.our_uid = 0, .in_container = true, .yama_scope = -1},
	 "--cap-add SYS_PTRACE"},
	{"seccomp",
	 {.our_uid = 0, .can_ptrace = true, .filtered = true, .yama_scope = -1},
	 "seccomp=unconfined"},
};

static void test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct access_verdict verdict = access_judge(&cases[i].facts);
		print_message("%s\n", cases[i].name);
		assert_int_equal(verdict.because == NULL, cases[i].fix == NULL);
		if (cases[i].fix)
			assert_non_null(strstr(verdict.fix, cases[i].fix));
	}
}

static void test_a_zombie_is_named(void **state)
{
	(void)state;
	struct err e = {0};
	siginfo_t ended;
	const pid_t child = fork();
	if (child == 0)
		_exit(0);
	waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT);
	assert_int_equal(access_explain(child, ESRCH, &e), ERR_NO_TARGET);
	assert_non_null(strstr(e.text, "has ended; its parent"));
	waitpid(child, NULL, 0);
	assert_int_equal(access_explain(child, ESRCH, &e), ERR_NO_TARGET);
}

static void test_own_memory_can_be_read(void **state)
{
	(void)state;
	struct access_facts facts;
	assert_int_equal(access_try(getpid(), (uintptr_t)&cases, NULL), ERR_OK);
	access_facts(getpid(), &facts);
	assert_int_equal(facts.our_uid, facts.target_uid);
	assert_true(facts.is_descendant);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_a_zombie_is_named),
		cmocka_unit_test(test_own_memory_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

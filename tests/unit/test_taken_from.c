/* Which files take entries out of a container that they keep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/taken_from.h"

static const struct {
	const char *text, *name;
	int line; /* 0: none */
} sources[] = {
	{"seen = {}\ndef f(u):\n    seen[u] = 1\n    seen.popitem(last=False)\n", "app.seen", 4},
	{"class A:\n    def f(self):\n        self.kept.popleft()\n", "app.A.kept", 3},
	{"def f(u):\n    del seen[u]\n", "seen", 2},
	{"def f(self, u):\n    del self.seen [u]\n", "app.store.seen", 2},
	{"x = '''\na'''; seen.clear()\n", "seen", 2},
	{"seen.discard(u)", "seen", 1},
	/* nothing is taken out of it */
	{"seen[u] = 1\nother.pop(u)\n", "app.seen", 0},
	{"unseen.pop(u)\nseen_before.pop(u)\n", "seen", 0},
	{"# seen.pop(u)\nx = 'seen.pop(u)'\n", "seen", 0},
	{"del seen\nmodel[seen[0]] = 1\n", "seen", 0},
	{"seen.append(u)\nseen.get(u)\n", "seen", 0},
	{"", "seen", 0},
	{"seen.pop(u)", "", 0},
	{"seen.pop(u)", "app.", 0},
	{"seen", "seen", 0},
};

static void test_what_is_taken_out_of(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (taken_from(sources[i].text, sources[i].name) != sources[i].line)
			fail_msg("%s: %s", sources[i].text, sources[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_taken_out_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

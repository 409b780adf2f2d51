/* Which functions a file gives to the interpreter, to be called at each call or line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/hook.h"

static const struct {
	const char *text, *function;
	const char *given_to; /* NULL: to nothing */
} sources[] = {
	{"def hook(f, e, a):\n    pass\nsys.setprofile(hook)\n", "hook", "setprofile"},
	{"class A:\n    def on(self):\n        threading.settrace( self.on_line )\n", "A.on_line",
	 "settrace"},
	{"def start():\n    def tracer(f, e, a):\n        return tracer\n    settrace(tracer)\n",
	 "start.<locals>.tracer", "settrace"},
	{"class A:\n    def on(self):\n        sys.setprofile(self)\n", "A.__call__", "setprofile"},
	{"sys.monitoring.register_callback(\n    TOOL, events.CALL,\n    on_call\n)\n", "on_call",
	 "register_callback"},
	{"threading.setprofile_all_threads(hook)\n", "hook", "setprofile_all_threads"},
	{"sys.setprofile(wrap(hook))\n", "hook", "setprofile"},
	/* something else is given, or nothing, or it is not that function */
	{"sys.setprofile(other)\n", "hook", NULL},
	{"sys.setprofile(hook.other)\n", "hook", NULL},
	{"sys.setprofile(hooked)\n", "hook", NULL},
	{"sys.setprofile(None)\nhook(1)\n", "hook", NULL},
	{"class A:\n    def on(self):\n        sys.setprofile(self.hook)\n", "A.__call__", NULL},
	{"class B:\n    def settrace(self, hook):\n        pass\n", "hook", NULL},
	{"my_setprofile(hook)\n", "hook", NULL},
	{"sys.setprofile = hook\n", "hook", NULL},
	{"# sys.setprofile(hook)\nx = 'sys.setprofile(hook)'\n", "hook", NULL},
	{"bus.register_callback(ORDER, PAID, hook)\n", "hook", NULL},
	{"from sys import monitoring\nmonitoring.register_callback(1, 2, hook)\n", "hook",
	 "register_callback"},
	/* anything */
	{"sys.setprofile(", "hook", NULL},
	{"sys.setprofile()", "", NULL},
	{"", "hook", NULL},
	{"setprofile(((((hook", "a.", NULL},
};

static void test_sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const char *got = hook_given_to(sources[i].text, sources[i].function);
		if (!got != !sources[i].given_to || (got && strcmp(got, sources[i].given_to) != 0))
			fail_msg("%s of\n%s\ngot: %s", sources[i].function, sources[i].text,
				 got ? got : "nothing");
	}
}

/* What opens and never closes would be read to its end for each call again. */
static void test_arguments_without_end_are_not_read(void **state)
{
	(void)state;
	char text[2048];
	snprintf(text, sizeof text, "sys.setprofile(%1500shook)\n", "");
	assert_null(hook_given_to(text, "hook"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_arguments_without_end_are_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

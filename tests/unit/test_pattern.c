#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/pattern.h"

static const struct {
	const char *source;
	bool ambiguous;
} cases[] = {
	{"re.compile(r'(\\w+)+$')", true},
	{"re.compile(r\"^(([A-Za-z0-9]+)[ ,.!?']?)*$\")", true}, /* a group in the repeated one */
	{"re.compile(r'(?:[a-z]+\\.?)+@')", true},
	{"re.compile(r'(?P<word>\\w*)*')", true},
	{"re.compile(r'(x|\\d+)*y')", true},
	{"re.compile(r'(a{2,}b?)+')", true},
	{"re.compile('(\\\\w+\\\\s*)+$')", true}, /* not raw: every backslash twice */
	{"X = re.compile(r'''(\\w+)+''')", true},
	{"re.compile(r'[(]+' r'(\\d+)*')", true},
	{"re.compile(r'(?:\\w+,)+')", false}, /* what must stand between the rounds */
	{"re.compile(r'\\w+(?:-\\w+)*')", false},
	{"re.compile(r'(\\w++)+')", false},
	{"re.compile(r'(?>\\w+)+')", false},
	{"re.compile(r'(?:(?=\\w+)x)+')", false},
	{"re.compile(r'(a{1,3})+')", false},
	{"re.compile(r'[(\\w+)+]+')", false}, /* all of it one class */
	{"re.compile(r'\\((\\w+)\\)+')", false},
	{"x = 1  # r'(\\w+)+'", false},
	{"re.compile(r'((((((((((((((((((((((((((((((((((((((((((((((((((((((((((", false},
	{"'[", false},
	{"'\\", false},
	{"'(?", false},
	{"'a{", false},
	{"')a+)'", false},
	{"", false},
};

static void what_can_match_in_many_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (pattern_is_ambiguous(cases[i].source) != cases[i].ambiguous)
			fail_msg("%s", cases[i].source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_can_match_in_many_ways)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

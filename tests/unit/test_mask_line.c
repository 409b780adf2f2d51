/* Lines for a shell as they are shown: no secret survives, the rest is readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mask_line.h"

static const struct {
	const char *line, *shown;
} rows[] = {
	{"", ""},
	{"  true  ", "true"},
	{"unslow load :8001 -R 200 --json", "unslow load :8001 -R 200 --json"},
	{"unslow load -H 'Authorization: ZZ' 'http://u:ZZ@h/a?key=ZZ'",
	 "unslow load -H *** 'http://***@h/a?***'"},
	{"python \"/srv/my bench.py\" --key=ZZ", "python '/srv/my bench.py' --key=***"},
	{"TOKEN=ZZ python bench.py", "TOKEN=*** python bench.py"},
	{"true;TOKEN=ZZ curl -u ZZ", "true; TOKEN=*** curl -u ***"},
	{"true\nTOKEN=ZZ curl ZZ", "true; TOKEN=*** curl ***"},
	{"cd ZZ&&make|tee ZZ", "cd *** && make | tee ***"},
	{"sleep 1 & wait", "sleep *** & wait"},
	{"(cd ZZ; make)", "(cd ***; make)"},
	{"python a.py >/dev/null 2>&1", "python a.py >/dev/null 2>&1"},
	{"python a.py > ZZ", "python a.py > ***"},
	{"> ZZ ZZ ZZ; true", "> *** *** ***; true"},
	{"<ZZ ZZ", "< *** ***"},
	{"sh -c 'app ZZ'", "sh -c ***"},
	{"a\\ b ZZ", "'a b' ***"},
	{"env \\\nTOKEN=ZZ \\\nsh -c \"exit 3\"", "env TOKEN=*** sh -c ***"},
	{"true \\\n  TOKEN=ZZ", "true ***"},
	{"tr\\\nue", "true"},
	{"TOK\\\nEN=ZZ tr\\\nue ZZ", "TOKEN=*** true ***"},
	{"\"/a\\\n b\" ZZ", "'/a b' ***"},
	{"TOKEN='ZZ\\\nZZ' true", "TOKEN=*** true"},
	{"true \\\\\nTOKEN=ZZ true", "true ***; TOKEN=*** true"},
	{"true;\\\n\\\nTOKEN=ZZ true", "true; TOKEN=*** true"},
	{"true >\\\n/dev/null \\\nZZ", "true >/dev/null ***"},
	{"a[0]=ZZ+ TOKEN+=ZZ true", "'a[0]'=*** TOKEN+=*** true"},
	/* from here on places are not known */
	{"true; echo $(ZZ ZZ)", "true; echo ***"},
	{"`ZZ`", "***"},
	{"\"$(ZZ ZZ)\"", "***"},
	{"cat <<ZZ\nZZ\nZZ", "cat ***"},
	{"for ZZ in ZZ; do ZZ; done", "***"},
	{"true; case ZZ in ZZ) ZZ;; esac", "true; ***"},
	{"! ZZ", "***"},
	{"A=(ZZ ZZ)", "A=*** ***"},
	{"f() { ZZ; }", "f ***"},
	{"true #ZZ ; ZZ", "true ***"},
	{"true 'ZZ", "true ***"},
	{"true ZZ\\", "true ***"},
	{"true >", "true > ***"},
	{"true > ZZ (ZZ)", "true > *** ***"},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out;
		str_init(&out, 1000);
		mask_line(rows[i].line, &out);
		assert_string_equal(out.text, rows[i].shown);
		assert_null(strstr(out.text, "ZZ"));
		str_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Source whose calls do not need one another's results, and source whose calls do. Lines of calls
 * end with `#c`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/apart.h"

static bool apart(struct arena *arena, const char *text)
{
	char lines[200] = "";
	int line = 1;

	for (const char *c = text; *c; c++) {
		if (strncmp(c, "#c", 2) == 0)
			snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "%s%d",
				 *lines ? "," : "", line);
		line += *c == '\n';
	}
	return apart_source(arena, text, lines);
}

static const char *const are[] = {
	"def f(u):\n    a = get(u) #c\n    b = rate(u) #c\n    return a, b\n",
	"async def f(u):\n    a = await get(u) #c\n    b = await rate(u) #c\n    c = await x() "
	"#c\n",
	"def f(u):\n    r = get(1) #c\n    a = r.json()\n    r2 = get(2) #c\n    return r2\n",
	"def f(u):\n    return {\n        'a': get(1), #c\n        'b': get(2), #c\n    }\n",
	"async def f(u):\n    async with s.get(1) as r: #c\n        a = await r.json()\n    async "
	"with "
	"s.get(2) as q: #c\n        b = await q.json()\n",
	"def f(u):\n    a = get(1) #c\n    a.raise_for_status()\n    b = get(2) #c\n",
	"def f(u):\n    a = get(1) #c\n    b = get(a=2) #c\n",
	"def f(u):\n    a = get(1) #c\n    # a\n    b = get('a') #c\n",
	"def f(u):\n    a = get(1) #c\n    if u.a:\n        b = get(2) #c\n",
	"def f(u):\n    a = get(1) #c\n    b = get(\n        2) #c\n",
	"def f(u):\n    a.append(get(1)) #c\n    a.append(get(2)) #c\n",
};

static const char *const are_not[] = {
	"def f(u):\n    a = get(u) #c\n    b = rate(a) #c\n",
	"def f(u):\n    a = get(u) #c\n    b = rate(f'/{a}') #c\n",
	"def f(u):\n    r = get(1) #c\n    a = r.json()\n    b = get(a['id']) #c\n",
	"def f(u):\n    a, n = get(1) #c\n    b = get(n) #c\n",
	"def f(u):\n    a = get(1) #c\n    if a.status != 200:\n        return None\n    b = "
	"get(2) #c\n",
	"def f(u):\n    a = get(1) #c\n    h.update(a)\n    b = get(h) #c\n",
	"def f(u):\n    if get(1): #c\n        b = get(2) #c\n",
	"async def f(u):\n    async with s.get(1) as r: #c\n        a = await r.json()\n        "
	"async with "
	"s.get(a) as q: #c\n            pass\n",
	"def f(u):\n    a = get(1) #c\n    for x in a:\n        b = get(2) #c\n",
	"def f(u):\n    a = get(1) #c\n    h[0] = a\n    b = get(h) #c\n",
	"def f(u):\n    a = get(1) #c\n",
	"\n    a = get(1) #c\n    b = get(a) #c\n",
	"def f(u):\n    a = b = get(1) #c\n    get(b) #c\n",
	"def f(u):\n    a = get(1); b = a.x #c\n    get(b) #c\n",
	"def f(u):\n    print(a := get(1)) #c\n    get(a) #c\n",
	"def f(s):\n    s.post('/login') #c\n    a = s.get(1) #c\n",
	"async def f(s):\n    await s.post('/login') #c\n    a = await s.get(1) #c\n",
	"def f(u):\n    a.append(get(1)) #c\n    a.append(get(a[0])) #c\n",
	"def f(u):\n    a.keep(get(1)) #c\n    b = get(a) #c\n",
	"def f(u):\n    a = get(1) #c\ndef f(v):\n    b = get(2) #c\n",
	"def f(u):\n    a = get(1) #c\n    async def g():\n        b = get(2) #c\n",
	"def f(u):\n    return c(\n        b( #c\n            a())) #c\n",
	"def f(u):\n    return (u\n        .a() #c\n        .b()) #c\n",
	"",
	"def f(u):\n    return get(1) #c\n    b = 2 #c\n",
};

static void test_calls(void **state)
{
	(void)state;
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof are / sizeof *are; i++)
		if (!apart(arena, are[i]))
			fail_msg("one needs another: %s", are[i]);
	for (size_t i = 0; i < sizeof are_not / sizeof *are_not; i++)
		if (apart(arena, are_not[i]))
			fail_msg("none needs another: %s", are_not[i]);
	arena_free(arena);
}

static void test_lines(void **state)
{
	(void)state;
	struct arena *arena = arena_new();

	assert_false(apart_source(arena, "a = 1\nb = 2\n", ""));
	assert_false(apart_source(arena, "a = 1\nb = 2\n", "1,x"));
	assert_false(apart_source(arena, "a = 1\nb = 2\n", "1,9"));
	assert_true(apart_source(arena, "a = 1\nb = 2\n", "1,2"));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

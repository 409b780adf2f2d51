/* Source in which rows are only counted, and source in which they are used. The line of the query
 * ends with `#q`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/row_use.h"

static const char *counts(struct arena *arena, const char *text)
{
	int line = 1;
	const char *mark = strstr(text, "#q");

	assert_non_null(mark);
	for (const char *c = text; c < mark; c++)
		line += *c == '\n';
	return row_use_counts(arena, text, 1, line);
}

static const struct {
	const char *text;
	const char *line; /* the one that counts; NULL: they are used */
} rows[] = {
	{"def f(u):\n    return len(Order.objects.filter(user=u)) #q\n",
	 "2 return len(Order.objects.filter(user=u)) #q"},
	{"def f(u):\n    n = len(list(Order.objects.all())) #q\n",
	 "2 n = len(list(Order.objects.all())) #q"},
	{"@app.get('/')\nasync def f(u):\n    n = len(\n        await db.fetch('select len(x)') "
	 "#q\n    )\n",
	 "3 n = len("},
	{"def f(s):\n    \"\"\"How many.\n\n    Of all.\n    \"\"\"\n    rows = s.query(A).all() "
	 "#q\n    return len(rows)\n",
	 "7 return len(rows)"},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return g(day=1, rows=len(rows))\n",
	 "3 return g(day=1, rows=len(rows))"},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return g(n=len(rows), r=rows)\n", NULL},
	{"def f(s):\n    n = sum(1 for _ in s.execute('select 1')) #q\n",
	 "2 n = sum(1 for _ in s.execute('select 1')) #q"},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return {'n': len(rows)}\n",
	 "3 return {'n': len(rows)}"},
	{"def f(s):\n    rows: list = 1\n    rows = s.scalars(select(A)).all() #q\n    if not "
	 "rows:\n        return 0\n    return len(rows)\n",
	 "4 if not rows:"},
	{"def f(c):\n    c.execute('select a from b') #q\n    rows = c.fetchall()\n    return "
	 "len(rows) > 3\n",
	 "4 return len(rows) > 3"},
	{"def f(c):\n    c.execute('select a from b') #q\n    n = len(c.fetchall())\n    "
	 "c.close()\n    return n\n",
	 "3 n = len(c.fetchall())"},
	{"def f(c):\n    found = c.execute('select a') #q\n    return len(found.fetchall())\n",
	 "3 return len(found.fetchall())"},
	{"def f(u):\n    orders = Order.objects.filter(user=u)\n    return JsonResponse({'n': "
	 "len(orders)}) #q\n",
	 "3 return JsonResponse({'n': len(orders)}) #q"},
	{"def f(u):\n    orders = Order.objects.filter(user=u)\n    if orders: #q\n        return "
	 "1\n",
	 "3 if orders: #q"},
	{"def f(u):\n    found = cheap(u)\n    return {'n': len(found), 'what': 'many'} #q\n",
	 "3 return {'n': len(found), 'what': 'many'} #q"},
	{"def f(u):\n    found = cheap(u)\n    return {'n': len(found), 'first': found[0]} #q\n",
	 NULL},
	{"def f(u):\n    found = cheap(u)\n    return show(found) #q\n", NULL},
	{"def f(u):\n    if Order.objects.filter(user=u): #q\n        return 1\n",
	 "2 if Order.objects.filter(user=u): #q"},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return 1 if rows else 0\n",
	 "3 return 1 if rows else 0"},
	{"def f(s):\n    rows = s.query(A).all() #q\n    # rows[0] here\n    return "
	 "len(rows)\n\ndef g(rows):\n    return rows\n",
	 "4 return len(rows)"},

	{"def f(s):\n    rows = s.query(A).all() #q\n    return rows\n", NULL},
	{"def f(s):\n    rows = s.query(A).all() #q\n    for r in rows:\n        pass\n    return "
	 "len(rows)\n",
	 NULL},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return {'n': len(rows), 'first': "
	 "rows[0]}\n",
	 NULL},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return f'{rows} {len(rows)}'\n", NULL},
	{"def f(s):\n    rows = s.query(A).all() #q\n    show(rows)\n    return len(rows)\n", NULL},
	{"def f(s):\n    rows = s.query(A).all() #q\n", NULL},
	{"def f(s):\n    return len([r for r in s.query(A).all() if r.ok]) #q\n", NULL},
	{"def f(s):\n    return s.query(A).all()[:len(KEYS)] #q\n", NULL},
	{"def f(c, ids):\n    c.execute('select a', (len(ids),)) #q\n    return c.fetchall()\n",
	 NULL},
	{"def f(c):\n    c.execute('select a') #q\n    for row in c:\n        pass\n    return "
	 "len(c.fetchall())\n",
	 NULL},
	{"def f(u):\n    orders = Order.objects.filter(user=u)\n    if orders: #q\n        return "
	 "list(orders)\n",
	 NULL},
	{"def f(u):\n    if Order.objects.filter(user=u).first(): #q\n        return 1\n", NULL},
	{"def f(u):\n    if u.has_perm('a'): #q\n        return 1\n", NULL},
	{"def f(s):\n    a, b = s.query(A).all() #q\n    return len(a)\n", NULL},
	{"rows = s.query(A).all() #q\nprint(len(rows))\n", NULL},
	{"def f(s):\n    return sum(r.price for r in s.query(A).all()) #q\n", NULL},
	{"def f(s):\n    rows = s.query(A).all() #q\n    return page(rows, total=len(rows))\n",
	 NULL},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new();
		const char *found = counts(arena, rows[i].text);
		if ((found == NULL) != (rows[i].line == NULL))
			print_error("%s-> %s\n", rows[i].text, found ? found : "(none)");
		if (rows[i].line) {
			assert_non_null(found);
			assert_string_equal(found, rows[i].line);
		} else {
			assert_null(found);
		}
		arena_free(arena);
	}
}

/* Cut anywhere, or full of brackets and quotes: no crash, no end that does not come. */
static void test_hostile_text(void **state)
{
	static char text[40000];
	static const char *const parts[] = {
		"def f(s):\n", "  x = s.all()\n", "(", "'''", "x.all() ", "f\"{", "len(x)\\\n"};

	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct arena *arena = arena_new();
		size_t used =
			(size_t)snprintf(text, sizeof text, "%s", "def f(s):\n  x = s.all()\n  ");
		while (used + strlen(parts[i]) + 1 < sizeof text)
			used += (size_t)snprintf(text + used, sizeof text - used, "%s", parts[i]);
		(void)row_use_counts(arena, text, 1, 2);
		(void)row_use_counts(arena, text, 1, 9000);
		(void)row_use_counts(arena, "", 1, 1);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_hostile_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Source lines that are run in rounds, and texts that are put together piece by piece. The line
 * that is asked for ends with `#q`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rules/grown.h"
#include "rules/looped.h"

static int marked(const char *text)
{
	int line = 1;
	const char *mark = strstr(text, "#q");

	assert_non_null(mark);
	for (const char *c = text; c < mark; c++)
		line += *c == '\n';
	return line;
}

static const struct {
	const char *text;
	bool looped;
} lines[] = {
	{"def f(rows):\n  for r in rows:\n    g(r) #q\n", true},
	{"def f(rows):\n  for r in rows:\n    if r:\n      g(r) #q\n", true},
	{"def f(q):\n  while q:\n    g(q) #q\n", true},
	{"def f(q):\n  while g(q): #q\n    pass\n", true},
	{"def f(rows):\n  return [g(r) for r in rows] #q\n", true},
	{"def f(rows):\n  return [\n    g(r) #q\n    for r in rows\n  ]\n", true},
	{"def f(rows):\n  return list(map(g, rows)) #q\n", true},
	{"def f(rows):\n  rows.sort(key=g) #q\n", true},
	{"def f(rows):\n  for r in g(rows): #q\n    pass\n", false},
	{"def f(rows):\n  g(rows) #q\n  for r in rows:\n    pass\n", false},
	{"for r in rows:\n  def f(r):\n    g(r) #q\n", false},
	{"def f(rows):\n  g('for r in rows') #q\n", false},
	{"g() #q\n", false},
	{"def f(q):\n  return [r for r in g(q)] #q\n", false},
	{"def f(q):\n  return [\n    r\n    for r in g(q) #q\n  ]\n", false},
	{"def f(q):\n  return [r for r in q if g(r)] #q\n", true},
	{"def f(q):\n  return [s for r in q for s in g(r)] #q\n", true},
	{"def f(q):\n  return h(g(q), [r for r in q]) #q\n", false},
	{"def f(q):\n  for r in (g(s) for s in q): #q\n    pass\n", true},
	{"def f(q):\n  return sum(g(r) for r in q) #q\n", true},
	{"def f(q):\n  return sorted(q, key=g) #q\n", true},
	{"def f(q):\n  return sorted(q, key=lambda r: g(r)) #q\n", true},
	{"def f(q):\n  return sorted(g(q), key=k) #q\n", false},
	{"def f(q):\n  return g(key=q) #q\n", false},
	{"def f(q):\n  return dict(key=q) #q\n", false},
	{"def f(key):\n  return min(key, q) #q\n", false},
	{"def f(q):\n  return max(key == q) #q\n", false},
	{"def f(q):\n  return q.filter(a) #q\n", false},
	{"def f(q):\n  return list(filter(g, q)) #q\n", true},
	{"def f(map):\n  return g(map) #q\n", false},
	{"def f(q):\n  return g(f'for {q}') #q\n", false},
	{"def f(key):\n  return g(key) #q\n", false},
};

static void lines_in_a_loop_are_known(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (looped_source(arena, lines[i].text, marked(lines[i].text)) != lines[i].looped)
			fail_msg("looped is not %d: %s", lines[i].looped, lines[i].text);
	assert_false(looped_source(arena, "", 1));
	assert_false(looped_source(arena, "x", 0));
	assert_false(looped_source(arena, "def f():\n  x", 9));
	arena_free(arena);
}

static const struct {
	const char *text;
	bool grown;
} texts[] = {
	{"def f(rows):\n  out = b\"\"\n  for r in rows:\n    out += r #q\n", true},
	{"def f(rows):\n  out = bytes()\n  for r in rows:\n    out = out + r #q\n", true},
	{"class W:\n  def __init__(s):\n    s.out = ''\n  def add(s, r):\n    s.out += r #q\n",
	 true},
	{"class W:\n  def __init__(s):\n    s.out: bytes = b''\n  def add(s, r):\n    s.out += r "
	 "#q\n",
	 true},
	{"def f(rows):\n  out = b''\n  out += rows #q\n", false},
	{"def f(rows):\n  out = ''\n  for r in rows:\n    out += r #q\n", false},
	{"def f(rows):\n  out = bytearray()\n  for r in rows:\n    out += r #q\n", false},
	{"def f(rows):\n  out = 0\n  for r in rows:\n    out += r #q\n", false},
	{"def f(rows):\n  out = b''\n  for r in rows:\n    out = r #q\n", false},
	{"class W:\n  def add(s, r):\n    s.out == s.out + r #q\n", false},
	{"def g():\n  out = b''\ndef f(q):\n  out = 0\n  for r in q:\n    out += r #q\n", false},
	{"def f(q):\n  for r in q:\n    out = b''\n    out += r #q\n", false},
	{"def f(q):\n  for p in q:\n    out = b''\n    for r in p:\n      out += r #q\n", true},
	{"def f(q):\n  out = 0\n  \"\"\"\n  out = b''\n  \"\"\"\n  for r in q:\n    out += r #q\n",
	 false},
	{"def f(q):\n  out = b''\n  out = g()\n  for r in q:\n    out += r #q\n", false},
	{"class A:\n  def a(s):\n    s.out = ''\nclass B:\n  def b(s):\n    s.out += 1 #q\n",
	 false},
	{"class B:\n  def b(s):\n    s.out += 1 #q\n\n# a\n  def a(s):\n    s.out = ''\n", true},
	{"class B:\n  def b(s):\n    s.out += 1 #q\nclass A:\n  def a(s):\n    s.out = ''\n",
	 false},
	{"class B:\n  def b(s):\n    s.out = ''\n  def a(s):\n    s.out = s.out + g() #q\n", true},
};

static void what_is_copied_for_each_piece_is_known(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if ((grown_source(arena, texts[i].text, marked(texts[i].text)) != NULL) !=
		    texts[i].grown)
			fail_msg("grown is not %d: %s", texts[i].grown, texts[i].text);
	assert_null(grown_source(arena, "", 1));
	assert_null(grown_source(arena, "x", 0));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_in_a_loop_are_known),
		cmocka_unit_test(what_is_copied_for_each_piece_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Source whose work grows with the square of something, and source whose work does not. The line in
 * which the time passes ends with `#q`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "rules/square.h"

static const char *says(struct arena *arena, const char *text)
{
	int line = 1;
	const char *mark = strstr(text, "#q");

	assert_non_null(mark);
	for (const char *c = text; c < mark; c++)
		line += *c == '\n';
	return square_source(arena, text, line);
}

#define MADE "what `in` searches is made for it, in each round of a loop"
#define WALKS " walks a list from its start, in each round of a loop"

static const struct {
	const char *text;
	const char *words; /* NULL: nothing that is understood */
} sources[] = {
	/* searched while it grows */
	{"def f(rows):\n    seen = []\n    for r in rows:\n        if r not in seen: #q\n          "
	 "  seen.append(r)\n",
	 "`in seen`" WALKS},
	{"class A:\n    def f(self, rows):\n        self.seen: list = []\n        for r in rows:\n"
	 "            if r in self.seen: #q\n                pass\n            "
	 "self.seen.append(r)\n",
	 "`in self.seen`" WALKS},
	{"def f(rows):\n    \"\"\"One\n\n    for all.\n    \"\"\"\n    out = []\n    while rows:\n "
	 "       x = next(rows)\n"
	 "        if x['id'] not in out: #q\n            out += [x['id']]\n    return out\n",
	 "`in out`" WALKS},
	/* made before */
	{"def f(a, b):\n    known = [x.id for x in a]\n    return [y for y in b if y.id not in "
	 "known] #q\n",
	 "`in known`" WALKS},
	{"def f(a, b):\n    known = list(a)\n    for y in b:\n        for z in y:\n            if "
	 "z in known: #q\n                return 1\n",
	 "`in known`" WALKS},
	{"ALL = [n for n in range(9000)]\n\n\ndef f(b):\n    return sum(1 for y in b if y in ALL) "
	 "#q\n",
	 "`in ALL`" WALKS},
	/* other walks */
	{"def f(xs):\n    return [x for x in xs if xs.count(x) > 1] #q\n",
	 "xs.count(…) walks it from its start, in each round of a loop"},
	{"def f(xs, ys):\n    order = sorted(xs)\n    for y in ys:\n        at = order.index(y) "
	 "#q\n",
	 "order.index(…) walks it from its start, in each round of a loop"},
	{"def f(xs):\n    while xs:\n        x = xs.pop(0) #q\n",
	 "xs.pop(0) moves all that is behind, in each round of a loop"},
	{"def f(xs):\n    out = []\n    for x in xs:\n        out.insert(0, x) #q\n",
	 "out.insert(0, …) moves all that is behind, in each round of a loop"},
	/* a loop in a loop */
	{"def f(items):\n    for a in items:\n        for b in items:\n            if a is not b "
	 "and a.x == b.x: #q\n                yield a\n",
	 "a loop over items runs in each round of a loop over it"},
	{"def f(items):\n    for i in range(len(items)):\n        for j in range(i + 1, "
	 "len(items)): #q\n            pass\n",
	 "a loop over items runs in each round of a loop over it"},
	{"def f(self):\n    for i, a in enumerate(self.items):\n        n = 0\n        if a:\n     "
	 "       for b in self.items[i + 1:]:\n                n += b #q\n",
	 "a loop over self.items runs in each round of a loop over it"},
	{"def f(d):\n    for k, v in d.items():\n        best = max(w for j, w in d.items() if j "
	 "!= k) #q\n",
	 "a loop over d runs in each round of a loop over it"},
	/* made where it is searched */
	{"def f(a, b):\n    return [x for x in a if x.id not in [y.id for y in b]] #q\n", MADE},
	{"def f(a, d):\n    for x in a:\n        if x in list(d): #q\n            yield x\n", MADE},
	{"def f(x, b):\n    return x in [y.id for y in b] #q\n", NULL},
	{"def f(a, b):\n    return [x for x in [y.id for y in b]] #q\n", NULL},
	{"def f(a):\n    return [x for x in a if x.kind in ['a', 'b']] #q\n", NULL},
	{"def f(a, b):\n    return [x for x in a if x in {y.id for y in b}] #q\n", MADE},
	{"def f(a, b):\n    return [x for x in a if b in [y.id for y in x.parts]] #q\n", NULL},
	{"def f(a, b):\n    for x in a:\n        if b in set(x.parts): #q\n            yield x\n",
	 NULL},
	/* all of it compared with each of another */
	{"def f(orders, customers):\n    for c in customers:\n        c.mine = [o for o in orders "
	 "if o.customer == c.id] #q\n",
	 "`==` looks through all of orders, in each round of a loop"},
	{"def f(rows, known):\n    return [next((k for k in known if row['id'] == k['id']), None) "
	 "for row in rows] #q\n",
	 "`==` looks through all of known, in each round of a loop"}, /* the loop around is behind
								       */
	{"def f(rows, known):\n    for row in rows:\n        hit = next((k for k in known if "
	 "row['id'] == k['id']), None) #q\n",
	 "`==` looks through all of known, in each round of a loop"},
	{"def f(self, a):\n    for x, n in a:\n        for y in self.parts:\n            if y.key "
	 "== x.key: #q\n                n += 1\n",
	 "`==` looks through all of self.parts, in each round of a loop"},
	{"def f(rows):\n    for row in rows:\n        if any(cell == row.top for cell in "
	 "row.cells): "
	 "#q\n            return row\n",
	 NULL}, /* its own part */
	{"def f(a, b):\n    for i, x in enumerate(a):\n        for j, y in enumerate(b):\n         "
	 "   "
	 "cost = 0 if x == y else 1 #q\n",
	 NULL},
	{"def f(text, rows):\n    for row in rows:\n        if any(c == 'x' for c in text): #q\n   "
	 "   "
	 "      return row\n",
	 NULL},
	{"def f(n, xs):\n    for x in xs:\n        if any(x == d for d in range(n)): #q\n          "
	 "  "
	 "return x\n",
	 NULL},
	/* no list, or not known to be one */
	{"def f(rows):\n    seen = set()\n    for r in rows:\n        if r not in seen: #q\n       "
	 "     seen.add(r)\n",
	 NULL},
	{"def f(rows, seen):\n    for r in rows:\n        if r not in seen: #q\n            "
	 "seen.append(r)\n",
	 NULL},
	{"def f(rows):\n    seen = []\n    seen = set(rows)\n    for r in rows:\n        if r not "
	 "in seen: #q\n            pass\n",
	 NULL},
	{"def f(rows):\n    kinds = ['a', 'b']\n    for r in rows:\n        if r in kinds: #q\n    "
	 "        pass\n",
	 NULL},
	{"def f(rows):\n    seen = []\n    for r in rows:\n        if r in seen: #q\n            "
	 "pass\n",
	 NULL},
	{"def f(rows):\n    seen = []\n    for r in rows:\n        if r in seen[0]: #q\n           "
	 " seen.append(r)\n",
	 NULL},
	/* no loop */
	{"def f(rows):\n    known = list(rows)\n    return 7 in known #q\n", NULL},
	{"def f(rows):\n    known = list(rows)\n    for r in rows:\n        pass\n    return 7 in "
	 "known #q\n",
	 NULL},
	{"def f(rows):\n    return rows.pop(0) #q\n", NULL},
	/* loops over other things */
	{"def f(rows):\n    for row in rows:\n        for cell in row:\n            print(cell) "
	 "#q\n",
	 NULL},
	{"def f(n):\n    for i in range(n):\n        for j in range(n):\n            print(i, j) "
	 "#q\n",
	 NULL},
	{"def f(a, b):\n    for x in a:\n        for y in b: #q\n            pass\n", NULL},
	{"def f(items):\n    for a in items:\n        pass\n    for b in items:\n        print(b) "
	 "#q\n",
	 NULL},
	{"def f(t):\n    for w in t.split():\n        n = t.count(w) #q\n", NULL},
	{"def f(text, words):\n    for w in words:\n        n = text.count(w) #q\n", NULL},
	/* a list of each round's own: it takes as long to make it */
	{"def f(lines):\n    for line in lines:\n        parts = line.split()\n"
	 "        if KEY in parts: #q\n            pass\n",
	 NULL},
	{"def f(lines):\n    for line in lines:\n        parts = line.split()\n"
	 "        first = parts.pop(0) #q\n",
	 NULL},
	{"def f(lines, keys):\n    for line in lines:\n        parts = line.split()\n"
	 "        for key in keys:\n            if key in parts: #q\n                pass\n",
	 "`in parts`" WALKS},
	{"def f(rows):\n    seen = []\n    for r in rows:\n        if r in seen: #q\n"
	 "            continue\n        seen = sorted(seen)\n        seen.append(r)\n",
	 "`in seen`" WALKS},
	{"def f(rows):\n    kept = list(rows)\n    for r in rows:\n        kept = sorted(kept + "
	 "[r])\n"
	 "        if r in kept: #q\n            pass\n",
	 "`in kept`" WALKS},
	{"def f(self, n):\n    for _ in range(n):\n        rows = self.rows\n"
	 "        rows.pop(0) #q\n",
	 "rows.pop(0) moves all that is behind, in each round of a loop"},
	{"def f(self, xs, ys):\n    for x in xs:\n        ids = [y.id for y in ys]\n"
	 "        if x in ids: #q\n            pass\n",
	 "`in ids`" WALKS},
	/* words that are none */
	{"def f(rows):\n    seen = []\n    for r in rows:\n        print('r in seen') #q\n        "
	 "seen.append(r)\n",
	 NULL},
	{"def f(items):\n    for a in items:\n        # for b in items:\n        print(a) #q\n",
	 NULL},
	{"seen = []\nfor r in range(9):\n    if r in seen: #q\n        seen.append(r)\n", NULL},
};

static void test_sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct arena *arena = arena_new();
		const char *words = says(arena, sources[i].text);
		if (!sources[i].words != !words || (words && strcmp(words, sources[i].words) != 0))
			fail_msg("%s\nexpected: %s\ngot: %s", sources[i].text,
				 sources[i].words ? sources[i].words : "nothing",
				 words ? words : "nothing");
		arena_free(arena);
	}
}

static void test_any_text_and_line_may_be_asked_for(void **state)
{
	(void)state;
	static const char *const texts[] = {"",
					    "\n",
					    "def",
					    "def f(",
					    "def f(x):\n for",
					    "def f(x):\n  for in in in:\n   x in",
					    "'''",
					    "def f():\n  \"\"\"\n\n",
					    "\tdef f(x):\n\t\tfor a in x: a in x.pop(0)(\n",
					    "def f(x):\n  for a in b[[[[:\n    c in ",
					    "def f(x):\n  x.\n  for . in ..:\n    .in. in ."};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (int line = -1; line < 6; line++) {
			struct arena *arena = arena_new();
			(void)square_source(arena, texts[i], line);
			arena_free(arena);
		}
}

/* Source that a program wrote: each word of such a line was looked for in it again, for minutes. */
static void test_a_line_of_many_words_is_not_read(void **state)
{
	(void)state;
	enum { WORDS = 200 };
	struct arena *arena = arena_new();
	struct str text;
	str_init(&text, 1 << 16);
	str_add(&text, "def f(rows):\n    seen = []\n    for r in rows:\n"
		       "        seen.append(r)\n        x = [r in seen");
	for (int i = 0; i < WORDS; i++)
		str_add(&text, ", r in seen");
	str_add(&text, "]\n");
	assert_null(square_source(arena, text.text, 5));
	str_free(&text);
	arena_free(arena);
}

/* In no loop itself: what calls it may be. */
static const struct {
	const char *text;
	const char *words;
} searched[] = {
	{"class Zones:\n    def __init__(self):\n        self.served = [str(n) for n in "
	 "range(99)]\n\n"
	 "    def has(self, code):\n        return code in self.served #q\n",
	 "`in self.served` walks a list from its start"},
	{"BLOCKED = open(PATH).read().splitlines()\n\n\ndef allowed(ip):\n    return ip not in "
	 "BLOCKED #q\n",
	 "`in BLOCKED` walks a list from its start"},
	{"WORDS = TEXT.split()  # all\n\n\ndef known(w):\n    if w in WORDS: #q\n        return "
	 "1\n",
	 "`in WORDS` walks a list from its start"},
	{"BLOCKED = set(open(PATH).read().splitlines())\n\n\ndef allowed(ip):\n    return ip in "
	 "BLOCKED #q\n",
	 NULL},
	{"def has(line, key):\n    parts = line.split()\n    return key in parts #q\n", NULL},
	{"class A:\n    def has(self, key):\n        if self.keys is None:\n"
	 "            self.keys = list(read())\n        return key in self.keys #q\n",
	 "`in self.keys` walks a list from its start"},
	{"KINDS = ['a', 'b']\n\n\ndef known(k):\n    return k in KINDS #q\n", NULL},
	{"FIRST = TEXT.split()[0]\n\n\ndef known(k):\n    return k in FIRST #q\n", NULL},
	{"def known(k, words):\n    return k in words #q\n", NULL},
	{"ALL = list(X)\n\n\ndef known(ks):\n    return [k for k in ks if k in ALL] #q\n", NULL},
	{"ALL = list(X)\n\n\ndef every():\n    for k in ALL: #q\n        print(k)\n", NULL},
	{"ALL = list(X)\n\n\ndef known(all):\n    return split(all) #q\n", NULL},
	{"E = )\nX = \n\ndef f(k):\n    return k in X #q\n", NULL},
};

static void test_searched(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof searched / sizeof *searched; i++) {
		struct arena *arena = arena_new();
		int line = 1;
		for (const char *c = searched[i].text; c < strstr(searched[i].text, "#q"); c++)
			line += *c == '\n';
		const char *words = square_searched(arena, searched[i].text, line);
		if (searched[i].words)
			assert_string_equal(words ? words : "nothing", searched[i].words);
		else
			assert_null(words);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_searched),
		cmocka_unit_test(test_any_text_and_line_may_be_asked_for),
		cmocka_unit_test(test_a_line_of_many_words_is_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

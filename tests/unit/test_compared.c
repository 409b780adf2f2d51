/* compared: what the conditions of a statement compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rules/compared.h"

static const struct {
	const char *text;
	enum compared_kind kind;
	const char *expression; /* NULL: none */
} cases[] = {
	/* columns */
	{"SELECT a FROM t WHERE b = ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE ? = t.b", COMPARED_COLUMN, NULL},
	{"select a from t where \"t\".\"b\" in (?, ...) order by lower(a)", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE [b c] >= ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b BETWEEN ? AND ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b IS NULL", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b = lower(?)", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE year = ?::int", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE created > now() - interval ? day", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE (b, c) > (?, ...)", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b = (SELECT max(c) FROM u WHERE d < ?)", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b = ANY(?)", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE active", COMPARED_COLUMN, NULL},
	{"UPDATE t SET a = lower(?) WHERE ((b = ?))", COMPARED_COLUMN, NULL},
	{"SELECT a FROM (SELECT * FROM u WHERE lower(x) = ?) WHERE b = ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t, u WHERE lower(t.b) = u.b", COMPARED_COLUMN, NULL},
	/* of conditions joined by AND the best; what else they compare is told, too */
	{"SELECT a FROM t WHERE b = ? AND lower(c) = ?", COMPARED_COLUMN, "lower(c)"},
	{"SELECT a FROM t WHERE c LIKE ? AND d <> ? AND b = ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b BETWEEN ? AND ? AND c LIKE ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE c LIKE ? AND d <> ?", COMPARED_PATTERN, NULL},
	{"SELECT a FROM t WHERE c LIKE ? AND (lower(d) = ?)", COMPARED_EXPRESSION, "lower(d)"},
	/* what is made of a column */
	{"SELECT a FROM t WHERE lower(b) = ?", COMPARED_EXPRESSION, "lower(b)"},
	{"SELECT a FROM t WHERE lower(b) = lower(?)", COMPARED_EXPRESSION, "lower(b)"},
	{"SELECT a FROM t WHERE ? < (date(t.created)) LIMIT ?", COMPARED_EXPRESSION,
	 "date(t.created)"},
	{"SELECT a FROM t WHERE b + ? = ?", COMPARED_EXPRESSION, "b + ?"},
	{"SELECT a FROM t WHERE +b = ?", COMPARED_EXPRESSION, "+b"},
	{"SELECT a FROM t WHERE CAST(b AS text) IN (?, ...)", COMPARED_EXPRESSION,
	 "CAST(b AS text)"},
	{"SELECT a FROM t WHERE created::date = ?", COMPARED_EXPRESSION, "created::date"},
	{"SELECT a FROM t WHERE b COLLATE NOCASE = ?", COMPARED_EXPRESSION, "b COLLATE NOCASE"},
	{"SELECT a FROM t WHERE data->>? = ?", COMPARED_EXPRESSION, "data->>?"},
	{"SELECT a FROM t WHERE substr(b, ?, ...) BETWEEN ? AND ?", COMPARED_EXPRESSION,
	 "substr(b, ?, ...)"},
	{"SELECT a FROM t WHERE CASE WHEN b AND c THEN d ELSE e END = ? GROUP BY a",
	 COMPARED_EXPRESSION, "CASE WHEN b AND c THEN d ELSE e END"},
	{"SELECT a FROM t WHERE json_valid(b)", COMPARED_EXPRESSION, "json_valid(b)"},
	{"SELECT a FROM t WHERE b[?] = ?", COMPARED_EXPRESSION, "b[?]"},
	/* OR, patterns, all but some */
	{"SELECT a FROM t WHERE b = ? OR c = ?", COMPARED_EITHER, NULL},
	{"SELECT a FROM t WHERE (? IS NULL OR c = ?)", COMPARED_EITHER, NULL},
	{"SELECT a FROM t WHERE (b = ? OR c = ?) AND d = ?", COMPARED_COLUMN, NULL},
	{"SELECT a FROM t WHERE b = ? OR c = ? AND d = ?", COMPARED_EITHER, NULL},
	{"SELECT a FROM t WHERE b LIKE ? ESCAPE ?", COMPARED_PATTERN, NULL},
	{"SELECT a FROM t WHERE lower(b) GLOB ?", COMPARED_PATTERN, NULL},
	{"SELECT a FROM t WHERE b ~* ?", COMPARED_PATTERN, NULL},
	{"SELECT a FROM t WHERE b <> ?", COMPARED_UNEQUAL, NULL},
	{"SELECT a FROM t WHERE b NOT IN (?, ...)", COMPARED_UNEQUAL, NULL},
	{"SELECT a FROM t WHERE b IS NOT NULL", COMPARED_UNEQUAL, NULL},
	{"SELECT a FROM t WHERE NOT (b = ?)", COMPARED_UNEQUAL, NULL},
	/* nothing that is understood */
	{"SELECT lower(a) FROM t", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE ? = ?", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE TRUE", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE tags @> ?", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE t MATCH ?", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE EXISTS (SELECT ? FROM u WHERE u.b = ?)", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE ((((", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE ))", COMPARED_NOTHING, NULL},
	{"SELECT a FROM t WHERE \"b", COMPARED_COLUMN, NULL},
	{"WHERE = AND OR NOT", COMPARED_EITHER, NULL},
	{"", COMPARED_NOTHING, NULL},
};

static void what_conditions_compare(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct compared c = compared_where(cases[i].text);
		const char *want = cases[i].expression;
		if (c.kind != cases[i].kind || !c.expression != !want ||
		    (want && (c.length != strlen(want) || strncmp(c.expression, want, c.length))))
			fail_msg("%s: %d %.*s", cases[i].text, (int)c.kind, (int)c.length,
				 c.expression ? c.expression : "");
	}
}

/* However deep or long a hostile text is, and wherever it ends (ASan sees a read past it). */
static void any_text_is_read(void **state)
{
	(void)state;
	static const char start[] = "SELECT a FROM t WHERE ";
	static const char *const rounds[] = {"(",     "b = ? AND ", "(b = ? OR ", "NOT ",
					     "CASE ", "[",          "b"};
	static char text[20000];
	for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
		size_t length = sizeof start - 1;
		memcpy(text, start, sizeof start);
		for (; length + strlen(rounds[i]) < sizeof text; length += strlen(rounds[i]))
			memcpy(text + length, rounds[i], strlen(rounds[i]) + 1);
		compared_where(text);
	}
	static const char sql[] =
		"SELECT a FROM t WHERE ([b] = ? OR \"c\"->>? LIKE ?) AND NOT d::date "
		"BETWEEN ? AND ? ORDER BY a";
	for (size_t n = 0; n < sizeof sql; n++) {
		char *exact = malloc(n + 1);
		assert_non_null(exact);
		memcpy(exact, sql, n);
		exact[n] = '\0';
		const struct compared c = compared_where(exact);
		assert_true(!c.expression || c.expression + c.length <= exact + n);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_conditions_compare),
		cmocka_unit_test(any_text_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

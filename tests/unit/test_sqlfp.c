/* sqlfp: what a statement looks like without its values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sqlfp.h"

static const struct {
	const char *sql, *fingerprint;
	uint32_t literals, parameters;
} cases[] = {
	/* values */
	{"SELECT 1", "SELECT ?", 1, 0},
	{"SELECT a FROM t WHERE b='x' AND c = 'it''s'", "SELECT a FROM t WHERE b=? AND c = ?", 2,
	 0},
	{"WHERE a = -1 AND b > +2.5e-3 AND c = .5", "WHERE a = ? AND b > ? AND c = ?", 3, 0},
	{"SELECT a-1, a - 1, a - -1", "SELECT a-?, a - ?, a - ?", 3, 0},
	{"SELECT 0x1F, X'ab', b'01', 1_000", "SELECT ?, ...", 4, 0},
	{"WHERE a = E'q\\'r' AND b", "WHERE a = ? AND b", 1, 0},
	{"WHERE a = 'C:\\' AND b = 'it\\'s'", "WHERE a = ? AND b = ?", 2, 0},
	{"WHERE a = U&'\\0061'", "WHERE a = ?", 1, 0},
	{"SELECT $$it's$$, $f$ $$ $f$ FROM t", "SELECT ?, ? FROM t", 2, 0},
	{"WHERE a IS NULL AND b = TRUE", "WHERE a IS NULL AND b = TRUE", 0, 0},
	/* parameters of every driver */
	{"WHERE a = ? AND b = ?12", "WHERE a = ? AND b = ?", 0, 2},
	{"WHERE a = $1 AND b = :name AND c = @v AND d = $n",
	 "WHERE a = ? AND b = ? AND c = ? AND d = ?", 0, 4},
	{"WHERE a = %s AND b = %(name)s", "WHERE a = ? AND b = ?", 0, 2},
	{"SELECT a::text, b[1:2], '1'::int", "SELECT a::text, b[?:?], ?::int", 3, 0},
	/* names */
	{"SELECT \"a b\".\"c\", `d e` FROM [f]", "SELECT \"a b\".\"c\", `d e` FROM [f]", 0, 0},
	{"ON \"a\".\"id\" = \"b\".\"a_id\"", "ON \"a\".\"id\" = \"b\".\"a_id\"", 0, 0},
	{"WHERE a = \"bob\" OR a IN (\"x\", \"y\")", "WHERE a = ? OR a IN (?, ...)", 3, 0},
	{"SELECT t1.c2 FROM t1", "SELECT t1.c2 FROM t1", 0, 0},
	/* white space and comments */
	{"  SELECT\n\ta ,b\r\nFROM ( t ) ;\n", "SELECT a, b FROM (t)", 0, 0},
	{"SELECT a -- 'x\nFROM t /* 'y' /* z */ */ WHERE b", "SELECT a FROM t WHERE b", 0, 0},
	{"SELECT/* /* */a", "SELECT a", 0, 0},
	{"# note 1\nSELECT a #> b", "SELECT a #> b", 0, 0},
	/* lists */
	{"WHERE a IN (1)", "WHERE a IN (?, ...)", 1, 0},
	{"WHERE a IN(1,2 , 3)", "WHERE a IN(?, ...)", 3, 0},
	{"WHERE a = ANY(ARRAY[7])", "WHERE a = ANY(ARRAY[?, ...])", 1, 0},
	{"f(a, 1, 2, 3, b)", "f(a, ?, ..., b)", 3, 0},
	{"UPDATE t SET a = 1, b = 2", "UPDATE t SET a = ?, b = ?", 2, 0},
	/* rows */
	{"INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (?, ...)", 2, 0},
	{"INSERT INTO t(a,b) VALUES (1,'a'), (2,'b') ,(3,'c') RETURNING a",
	 "INSERT INTO t(a, b) VALUES (?, ...), ... RETURNING a", 6, 0},
	{"values ($1,now()),($2,now())", "values (?, now()), ...", 0, 2},
	/* statements whose words are values */
	{"PRAGMA key = zz", "PRAGMA key \u2026", 0, 0},
	{"pragma/**/key/**/=zz", "pragma key \u2026", 0, 0},
	{"PRAGMA journal_mode", "PRAGMA journal_mode", 0, 0},
	{"PRAGMA \"zz\"", "PRAGMA \u2026", 0, 0},
	{"SET password TO zz", "SET password \u2026", 0, 0},
	{"SET my.token = zz", "SET my \u2026", 0, 0},
	{"SET LOCAL my.token = zz; SELECT zz", "SET LOCAL my \u2026", 0, 0},
	{"SET @pw = zz", "SET \u2026", 0, 0},
	{"ALTER USER zz IDENTIFIED BY zz", "ALTER USER \u2026", 0, 0},
	{"CREATE OR REPLACE USER zz IDENTIFIED BY zz", "CREATE OR REPLACE USER \u2026", 0, 0},
	{"GRANT ALL ON d TO zz IDENTIFIED BY zz", "GRANT \u2026", 0, 0},
	{"ATTACH DATABASE zz AS zz KEY zz", "ATTACH DATABASE \u2026", 0, 0},
	{"ATTACH zz AS zz", "ATTACH \u2026", 0, 0},
	{"NOTIFY zz, 'zz'", "NOTIFY \u2026", 0, 0},
	{"SAVEPOINT \"s1_x1\"", "SAVEPOINT \u2026", 0, 0},
	{"ROLLBACK TO SAVEPOINT s1_x1", "ROLLBACK TO SAVEPOINT \u2026", 0, 0},
	{"ROLLBACK;", "ROLLBACK", 0, 0},
	{"BEGIN; PRAGMA key = zz", "BEGIN; PRAGMA key \u2026", 0, 0},
	{"\xef\xbb\xbfPRAGMA key = zz", "PRAGMA key \u2026", 0, 0},
	{"CREATE TABLE users (a INT)", "CREATE TABLE users (a INT)", 0, 0},
	{"ALTER TABLE t ADD b INT", "ALTER TABLE t ADD b INT", 0, 0},
	/* double quotes where there are no columns */
	{"select \"zz\"", "select ?", 1, 0},
	{"SELECT f(\"zz\", 'from') AS a", "SELECT f(?, ...) AS a", 2, 0},
	{"SELECT \"a\" FROM t", "SELECT \"a\" FROM t", 0, 0},
	/* a quote after a backslash: the reading that leaves SQL, else the one that hides */
	{"WHERE a = 'x\\' zz \\'y' AND b = 'q'", "WHERE a = ?", 1, 0},
	{"WHERE a LIKE %s ESCAPE '\\' AND b = ' x'", "WHERE a LIKE ? ESCAPE ? AND b = ?", 2, 1},
	{"WHERE a = \"x\\\" zz \\\"y\"", "WHERE a = ?", 1, 0},
	/* not closed */
	{"SELECT 'secret", "SELECT ?", 1, 0},
	{"SELECT \"secret", "SELECT ?", 1, 0},
	{"SELECT a /* secret", "SELECT a", 0, 0},
	{"SELECT $q$ secret $", "SELECT ?", 1, 0},
	{"WHERE a IN (1, 2", "WHERE a IN (?, ...", 2, 0},
	{"VALUES (1,2),(3,4),(5", "VALUES (?, ...), ...", 5, 0},
	/* text */
	{"SELECT \xc3\xa9t\xc3\xa9", "SELECT \xc3\xa9t\xc3\xa9", 0, 0},
	{"SELECT \xff\xc3", "SELECT \xef\xbf\xbd\xef\xbf\xbd", 0, 0},
	{"SELECT \"a\x1b[2J\" FROM t", "SELECT \"a [2J\" FROM t", 0, 0},
	{"", "", 0, 0},
	{" ; ", "", 0, 0},
};

static void each_statement_has_its_fingerprint(void **state)
{
	(void)state;
	char out[512], again[512];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sqlfp f = sqlfp_make(cases[i].sql, strlen(cases[i].sql), out, sizeof out);
		assert_string_equal(out, cases[i].fingerprint);
		assert_int_equal(f.length, strlen(out));
		assert_int_equal(f.literals, cases[i].literals);
		assert_int_equal(f.parameters, cases[i].parameters);
		assert_false(f.cut);
		struct sqlfp g = sqlfp_make(out, f.length, again, sizeof again);
		assert_string_equal(again, out);
		assert_int_equal(g.literals, 0);
	}
}

/* The text is cut at every length, in memory of just that size (ASan sees a read past it), and
 * no part of a value is ever shown. */
static void no_prefix_shows_a_value(void **state)
{
	(void)state;
	static const char sql[] =
		"SELECT a, \xc3\xa9 FROM t WHERE b = 'zzz' AND c = E'z\\'z' AND d = "
		"$z$zz$z$ AND e IN (\"zz\", U&'zz') -- zz\n/* zz */";
	char out[256];
	for (size_t n = 0; n < sizeof sql; n++) {
		char *exact = malloc(n ? n : 1);
		assert_non_null(exact);
		memcpy(exact, sql, n);
		struct sqlfp f = sqlfp_make(exact, n, out, sizeof out);
		assert_int_equal(strlen(out), f.length);
		assert_null(strstr(out, "zz"));
		free(exact);
	}
}

static void a_small_buffer_ends_at_a_token(void **state)
{
	(void)state;
	char out[14];
	struct sqlfp f = sqlfp_make("SELECT \xc3\xa9\xc3\xa9 FROM t", 18, out, sizeof out);
	assert_true(f.cut);
	assert_string_equal(out, "SELECT \xc3\xa9\xc3\xa9");
	f = sqlfp_make("SELECT", 6, out, 1);
	assert_true(f.cut);
	assert_string_equal(out, "");
	out[0] = 'x';
	f = sqlfp_make("SELECT", 6, out, 0);
	assert_true(f.cut);
	assert_int_equal(out[0], 'x');
}

static void input_is_read_up_to_its_limit(void **state)
{
	(void)state;
	static char sql[SQLFP_INPUT_MAX + 100], out[SQLFP_INPUT_MAX];
	memset(sql, 'a', sizeof sql);
	memcpy(sql + SQLFP_INPUT_MAX - 4, " \xc3\xa9\xc3\xa9",
	       5); /* the limit falls inside the second */
	struct sqlfp f = sqlfp_make(sql, sizeof sql, out, sizeof out);
	assert_true(f.cut);
	assert_int_equal(f.length, SQLFP_INPUT_MAX - 1);
	assert_string_equal(out + f.length - 2, "\xc3\xa9");
	/* A bulk insert longer than the limit is the bulk insert. */
	size_t n = 0;
	memcpy(sql, "INSERT INTO t VALUES ", 21);
	for (n = 21; n + 8 < sizeof sql; n += 7)
		memcpy(sql + n, "(1,'b'),", 8);
	f = sqlfp_make(sql, n, out, sizeof out);
	assert_true(f.cut);
	assert_string_equal(out, "INSERT INTO t VALUES (?, ...), ...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_statement_has_its_fingerprint),
		cmocka_unit_test(no_prefix_shows_a_value),
		cmocka_unit_test(a_small_buffer_ends_at_a_token),
		cmocka_unit_test(input_is_read_up_to_its_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

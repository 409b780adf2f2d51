#include "rules/scope.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/query.h"
#include "rules/embedded.h"

#define NAMES_MOST 256 /* tables of all common scripts, some three times */

/* What is narrowed, and by what: %Q is the route. Rules read the last four alone, whose shared
 * tables stay whole: who used a connection before and after. */
static const struct narrowed {
	const char *name, *where;
	bool is_shared; /* tables made of it are made again */
} narrowed[] = {
	{"basis_whole", "route IS %Q", true}, /* may be a view of the next */
	{"basis", "route IS %Q", true},
	{"looked", "route IS %Q", true},
	{"v1_usage", "route IS %Q", true},
	{"v1_sample", "route IS %Q", true},
	{"v1_unit", "route IS %Q", false},
	{"v1_event", "unit_id IN (SELECT id FROM v1_unit)", false},
	{"v1_unit_sample", "unit_id IN (SELECT id FROM v1_unit)", false},
	{"v1_command", "unit_id IN (SELECT id FROM v1_unit)", false},
};

#define NARROWED (sizeof narrowed / sizeof *narrowed)

static enum err_kind run(sqlite3 *db, char *sql, struct err *e)
{
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind;
}

static bool is_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool scope_names(const char *sql, const char *word)
{
	const size_t length = strlen(word);
	bool in_comment = false;
	for (const char *at = sql; *at; at++) {
		in_comment = in_comment ? *at != '\n' : at[0] == '-' && at[1] == '-';
		if (!in_comment && (at == sql || !is_of_word(at[-1])) &&
		    !strncmp(at, word, length) && !is_of_word(at[length]))
			return true;
	}
	return false;
}

/* The text that makes a temporary view or table; NULL: there is none of that name. */
static enum err_kind made_by(sqlite3 *db, const char *name, struct arena *arena, const char **type,
			     const char **sql, struct err *e)
{
	sqlite3_stmt *row;
	*type = *sql = NULL;
	TRY(query_prepare(db, "SELECT type, sql FROM temp.sqlite_master WHERE name = ?1", &row, e));
	sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(row) == SQLITE_ROW) {
		*type = arena_string(arena, (const char *)sqlite3_column_text(row, 0));
		*sql = arena_string(arena, (const char *)sqlite3_column_text(row, 1));
	}
	return query_finish(db, row, e);
}

/* Once: the whole gets another name, whole_…, under which it can be asked again. What shared tables
 * are made of is read for each route: rows, in place of a view. */
static enum err_kind set_aside(sqlite3 *db, const struct narrowed *n, struct arena *arena,
			       struct err *e)
{
	const char *type, *sql;
	TRY(made_by(db, arena_printf(arena, "whole_%s", n->name), arena, &type, &sql, e));
	if (sql)
		return ERR_OK;
	TRY(made_by(db, n->name, arena, &type, &sql, e));
	const char *name = sql ? strstr(sql, n->name) : NULL;
	if (!name)
		return ERR(e, ERR_RECORDING, "nothing is called %s", n->name);
	TRY(run(db,
		n->is_shared ? sqlite3_mprintf("CREATE TEMP TABLE whole_%s AS SELECT * FROM %s",
					       n->name, n->name)
			     : sqlite3_mprintf("CREATE TEMP VIEW whole_%s%s", n->name,
					       name + strlen(n->name)),
		e));
	return run(db, sqlite3_mprintf("DROP %s temp.%s", type, n->name), e);
}

static enum err_kind narrow_one(sqlite3 *db, const struct narrowed *n, const char *route,
				struct err *e)
{
	char *where = sqlite3_mprintf(n->where, route);
	const enum err_kind kind = run(
		db,
		sqlite3_mprintf(
			"DROP TABLE IF EXISTS temp.%s;"
			"CREATE TEMP TABLE %s AS SELECT * FROM whole_%s WHERE %s",
			n->name, n->name, n->name, where),
		e);
	sqlite3_free(where);
	return kind;
}

static const char total[] =
	"UPDATE basis_total SET units = (SELECT coalesce(sum(weight), 0) FROM basis_whole), "
	"wall_ns = (SELECT coalesce(sum(wall_ns * weight), 0) FROM basis_whole), "
	"rows = (SELECT count(*) FROM basis_whole);"
	"CREATE UNIQUE INDEX temp.scope_basis_id ON basis(id);"
	"CREATE UNIQUE INDEX temp.scope_basis_whole_id ON basis_whole(id);";

/* Names that were narrowed, and tables made of such ones so far. */
struct names {
	const char *list[NAMES_MOST];
	size_t count;
};

static bool names_one_of(const char *sql, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (scope_names(sql, names->list[i]))
			return true;
	return false;
}

/* The name behind a keyword at the begin of a statement, copied. NULL: another keyword. */
static const char *name_behind(const char *statement, const char *keyword, struct arena *arena)
{
	const size_t length = strlen(keyword);
	if (strncmp(statement, keyword, length))
		return NULL;
	size_t of_name = 0;
	while (is_of_word(statement[length + of_name]))
		of_name++;
	return arena_copy(arena, statement + length, of_name);
}

static enum err_kind make_again(sqlite3 *db, const char *statement, struct names *names,
				struct arena *arena, struct err *e)
{
	static const struct {
		const char *keyword, *type;
	} kinds[] = {{"CREATE TEMP TABLE ", "TABLE"}, {"CREATE TEMP VIEW ", "VIEW"}};
	if (!names_one_of(statement, names))
		return ERR_OK;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *name = name_behind(statement, kinds[i].keyword, arena);
		if (!name)
			continue;
		TRY(run(db, sqlite3_mprintf("DROP %s temp.%s", kinds[i].type, name), e));
		if (names->count < NAMES_MOST)
			names->list[names->count++] = name;
	}
	return query_script(db, statement, e); /* an index, or rows, of such a table among them */
}

/* The statement at `sql`; *next is behind it. Texts and comments may hold semicolons. */
static const char *one_statement(const char *sql, struct arena *arena, const char **next)
{
	for (;;) { /* no line before it says what it is */
		sql += strspn(sql, " \t\n");
		if (strncmp(sql, "--", 2))
			break;
		sql += strcspn(sql, "\n");
	}
	for (const char *at = sql; (at = strchr(at, ';'));) {
		const char *statement = arena_copy(arena, sql, (size_t)(++at - sql));
		if (sqlite3_complete(statement)) {
			*next = at;
			return statement;
		}
	}
	*next = sql + strlen(sql);
	return *sql ? arena_string(arena, sql) : NULL;
}

enum err_kind scope_narrow(sqlite3 *db, const char *route, struct err *e)
{
	struct arena *arena = arena_new();
	struct names names = {.list = {"basis_total"}, .count = 1};
	enum err_kind kind = ERR_OK;
	for (size_t i = 0; i < NARROWED && !kind; i++) {
		kind = set_aside(db, &narrowed[i], arena, e);
		if (narrowed[i].is_shared)
			names.list[names.count++] = narrowed[i].name;
	}
	for (size_t i = 0; i < NARROWED && !kind; i++)
		if (narrowed[i].is_shared)
			kind = narrow_one(db, &narrowed[i], route, e);
	if (!kind)
		kind = query_script(db, total, e);
	for (const struct embedded_file *f = embedded_common; f->path && !kind; f++) {
		const char *next = f->text, *statement;
		while (!kind && (statement = one_statement(next, arena, &next)))
			kind = make_again(db, statement, &names, arena, e);
	}
	for (size_t i = 0; i < NARROWED && !kind; i++)
		if (!narrowed[i].is_shared)
			kind = narrow_one(db, &narrowed[i], route, e);
	arena_free(arena);
	return kind;
}

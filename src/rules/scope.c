#include "rules/scope.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"
#include "model/query.h"
#include "rules/embedded.h"

/* What is narrowed, and by what: %Q is the route. The last five are narrowed for rules alone, not
 * for the shared tables that are made of them: those stay whole (who used a connection before and
 * after) or join the basis. */
static const struct narrowed {
	const char *name, *where, *key; /* key: what rows are looked up by; NULL: nothing */
	bool is_shared;                 /* tables made of it are made again */
} narrowed[] = {
	{"basis_whole", "route IS %Q", "id", true}, /* may be a view of the next */
	{"basis", "route IS %Q", "id", true},
	{"looked", "route IS %Q", NULL, true},
	{"v1_usage", "route IS %Q", NULL, true},
	{"v1_sample", "route IS %Q", NULL, true},
	{"v1_unit", "route IS %Q", "id", false},
	{"v1_event", "unit_id IN (SELECT id FROM v1_unit)", "unit_id", false},
	{"v1_unit_sample", "unit_id IN (SELECT id FROM v1_unit)", "unit_id", false},
	{"v1_statement", "unit_id IN (SELECT id FROM v1_unit)", "unit_id", false},
	{"v1_command", "unit_id IN (SELECT id FROM v1_unit)", "unit_id", false},
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
	if (!strstr(sql, word))
		return false;
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
	if (!name) /* nothing of this connection's takes the recording's own view's place */
		return run(db,
			   sqlite3_mprintf("CREATE TEMP VIEW whole_%s AS SELECT * FROM main.%s",
					   n->name, n->name),
			   e);
	TRY(run(db,
		n->is_shared ? sqlite3_mprintf("CREATE TEMP TABLE whole_%s AS SELECT * FROM %s",
					       n->name, n->name)
			     : sqlite3_mprintf("CREATE TEMP VIEW whole_%s%s", n->name,
					       name + strlen(n->name)),
		e));
	return run(db, sqlite3_mprintf("DROP %s temp.%s", type, n->name), e);
}

/* What the route before it left narrowed is the whole again: shared tables are made of that. */
static enum err_kind widen_one(sqlite3 *db, const struct narrowed *n, struct err *e)
{
	return run(db,
		   sqlite3_mprintf("DROP TABLE IF EXISTS temp.%s;"
				   "CREATE TEMP VIEW %s AS SELECT * FROM whole_%s",
				   n->name, n->name, n->name),
		   e);
}

static enum err_kind narrow_one(sqlite3 *db, const struct narrowed *n, const char *route,
				struct err *e)
{
	char *where = sqlite3_mprintf(n->where, route);
	TRY(run(db,
		sqlite3_mprintf("DROP %s IF EXISTS temp.%s", n->is_shared ? "TABLE" : "VIEW",
				n->name),
		e));
	char *sql = sqlite3_mprintf("CREATE TEMP TABLE %s AS SELECT * FROM whole_%s WHERE %s",
				    n->name, n->name, where);
	sqlite3_free(where);
	TRY(run(db, sql, e));
	return n->key ? run(db,
			    sqlite3_mprintf("CREATE INDEX temp.scope_%s ON %s(%s)", n->name,
					    n->name, n->key),
			    e)
		      : ERR_OK;
}

static const char total[] =
	"UPDATE basis_total SET units = (SELECT coalesce(sum(weight), 0) FROM basis_whole), "
	"wall_ns = (SELECT coalesce(sum(wall_ns * weight), 0) FROM basis_whole), "
	"rows = (SELECT count(*) FROM basis_whole);";

/* One of the common scripts. */
struct statement {
	const char *text;
	const char *type, *name; /* "TABLE", "VIEW" that it makes; NULL: an index, or rows */
	bool is_of_scope;        /* made of what is narrowed */
	bool is_wanted;
};

struct statements {
	VEC(struct statement) list;
};

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

static bool is_of_scope(const struct statements *all, const char *text)
{
	for (size_t i = 0; i < NARROWED; i++)
		if (narrowed[i].is_shared && scope_names(text, narrowed[i].name))
			return true;
	for (size_t i = 0; i < all->list.count; i++)
		if (all->list.items[i].is_of_scope && all->list.items[i].name &&
		    scope_names(text, all->list.items[i].name))
			return true;
	return scope_names(text, "basis_total");
}

/* All statements, and of which scope they are: what they name stands before them. */
static void read_statements(struct statements *out, struct arena *arena)
{
	for (const struct embedded_file *f = embedded_common; f->path; f++) {
		const char *next = f->text, *text;
		while ((text = one_statement(next, arena, &next))) {
			struct statement one = {.text = text, .type = "TABLE"};
			one.is_of_scope = is_of_scope(out, text);
			one.name = name_behind(text, "CREATE TEMP TABLE ", arena);
			if (!one.name) {
				one.type = "VIEW";
				one.name = name_behind(text, "CREATE TEMP VIEW ", arena);
			}
			*vec_push(&out->list) = one;
		}
	}
}

static bool is_asked_for(const struct statements *all, size_t at, const struct catalogue *catalogue,
			 bool (*is_asked)(const struct rule *))
{
	const char *name = all->list.items[at].name;
	for (size_t i = 0; i < catalogue->count; i++)
		if (is_asked(&catalogue->rules[i]) && scope_names(catalogue->rules[i].sql, name))
			return true;
	for (size_t i = at + 1; i < all->list.count; i++)
		if (all->list.items[i].is_wanted && all->list.items[i].name &&
		    scope_names(all->list.items[i].text, name))
			return true;
	return false;
}

/* From the last: one is wanted for rules, and for what is made of it. An index, or rows, of a table
 * go with it. */
static void mark_wanted(struct statements *all, const struct catalogue *catalogue,
			bool (*is_asked)(const struct rule *))
{
	for (size_t i = all->list.count; i-- > 0;) {
		struct statement *one = &all->list.items[i];
		if (one->is_of_scope && one->name)
			one->is_wanted = !is_asked || is_asked_for(all, i, catalogue, is_asked);
	}
	for (size_t i = 0; i < all->list.count; i++)
		for (size_t k = 0; k < i && !all->list.items[i].name; k++)
			if (all->list.items[k].is_wanted && all->list.items[k].name &&
			    scope_names(all->list.items[i].text, all->list.items[k].name))
				all->list.items[i].is_wanted = true;
}

static enum err_kind make_again(sqlite3 *db, const struct statements *all, struct err *e)
{
	for (size_t i = 0; i < all->list.count; i++) {
		const struct statement *one = &all->list.items[i];
		if (!one->is_wanted)
			continue;
		if (one->name)
			TRY(run(db, sqlite3_mprintf("DROP %s temp.%s", one->type, one->name), e));
		TRY(query_script(db, one->text, e));
	}
	return ERR_OK;
}

static enum err_kind narrow(sqlite3 *db, const char *route, bool is_shared, struct err *e)
{
	for (size_t i = 0; i < NARROWED; i++)
		if (narrowed[i].is_shared == is_shared)
			TRY(narrow_one(db, &narrowed[i], route, e));
	return is_shared ? query_script(db, total, e) : ERR_OK;
}

enum err_kind scope_narrow(sqlite3 *db, const char *route, const struct catalogue *catalogue,
			   bool (*is_asked)(const struct rule *), struct err *e)
{
	struct arena *arena = arena_new();
	struct statements all = {0};
	enum err_kind kind = ERR_OK;
	for (size_t i = 0; i < NARROWED && !kind; i++)
		kind = set_aside(db, &narrowed[i], arena, e);
	for (size_t i = 0; i < NARROWED && !kind; i++)
		if (!narrowed[i].is_shared)
			kind = widen_one(db, &narrowed[i], e);
	if (!kind)
		kind = narrow(db, route, true, e);
	read_statements(&all, arena);
	mark_wanted(&all, catalogue, is_asked);
	if (!kind)
		kind = make_again(db, &all, e);
	if (!kind)
		kind = narrow(db, route, false, e);
	vec_free(&all.list);
	arena_free(arena);
	return kind;
}

#include "rules/evaluate.h"

#include <math.h>
#include <string.h>

#include "model/heap_finding.h"
#include "model/ledger.h"
#include "model/query.h"
#include "rules/detail.h"
#include "rules/embedded.h"
#include "rules/sql_functions.h"

enum column {
	COLUMN_FIRES,
	COLUMN_SUBJECT,
	COLUMN_TITLE,
	COLUMN_PLACES,
	COLUMN_UNITS,
	COLUMN_SHARE,
	COLUMN_EVIDENCE,
	COLUMN_EXCLUDED,
	COLUMN_BECAUSE,
	COLUMN_RULED_OUT,
	COLUMN_CLAIMS,
	COLUMN_LOW,
	COLUMN_MID,
	COLUMN_HIGH,
	COLUMN_AT_LEAST,
	COLUMN_UNSEEN,
	COLUMN_STACK,
	COLUMN_PEER,
	COLUMN_HOURS,
	COLUMN_ROUTE,
	COLUMN_FIX_MORE,
	COLUMN_FIX,
	COLUMN_GIL_PART,
	COLUMNS
};

static const struct {
	const char *name;
	bool optional;
} columns[COLUMNS] = {
	[COLUMN_FIRES] = {"fires", false},       [COLUMN_SUBJECT] = {"subject", false},
	[COLUMN_TITLE] = {"title", false},       [COLUMN_PLACES] = {"places", false},
	[COLUMN_UNITS] = {"units", false},       [COLUMN_SHARE] = {"share_ns", false},
	[COLUMN_EVIDENCE] = {"evidence", false}, [COLUMN_EXCLUDED] = {"excluded", false},
	[COLUMN_BECAUSE] = {"because", false},   [COLUMN_RULED_OUT] = {"ruled_out", false},
	[COLUMN_CLAIMS] = {"claims", true},      [COLUMN_LOW] = {"saving_low_ns", true},
	[COLUMN_MID] = {"saving_mid_ns", true},  [COLUMN_HIGH] = {"saving_high_ns", true},
	[COLUMN_AT_LEAST] = {"at_least", true},  [COLUMN_STACK] = {"stack_id", true},
	[COLUMN_PEER] = {"peer_kind", true},     [COLUMN_HOURS] = {"hours_to_limit", true},
	[COLUMN_ROUTE] = {"route", true},        [COLUMN_FIX_MORE] = {"fix_more", true},
	[COLUMN_UNSEEN] = {"unseen", true},      [COLUMN_FIX] = {"fix", true},
	[COLUMN_GIL_PART] = {"gil_part", true},
};

struct row {
	sqlite3 *db;
	sqlite3_stmt *statement;
	const struct rule *rule;
	struct arena *arena;
	int at[COLUMNS]; /* column number, -1: absent */
};

enum err_kind evaluate_prepare(sqlite3 *db, struct err *e)
{
	double done;
	TRY(query_number(db, "SELECT 1 FROM temp.sqlite_master WHERE name = 'noun'", 0, &done, e));
	if (done > 0)
		return ERR_OK;
	TRY(sql_functions_register(db, e));
	TRY(detail_tables(db, e));
	TRY(ledger_choose_basis(db, e));
	TRY(detail_choose(db, DETAIL_ROWS_MOST, e));
	TRY(heap_findings_make(db, &(struct heap_filter){.app_only = true}, e));
	for (const struct embedded_file *f = embedded_common; f->path; f++)
		TRY(query_script(db, f->text, e));
	return ERR_OK;
}

static enum err_kind find_columns(struct row *row, struct err *e)
{
	for (int c = 0; c < COLUMNS; c++)
		row->at[c] = -1;
	for (int i = 0; i < sqlite3_column_count(row->statement); i++) {
		const char *name = sqlite3_column_name(row->statement, i);
		int c = 0;
		while (c < COLUMNS && strcmp(columns[c].name, name))
			c++;
		if (c == COLUMNS)
			return ERR(e, ERR_INVALID,
				   "%s: a rule has no column `%s`; those it may return are in "
				   "src/rules/README.md",
				   row->rule->path, name);
		row->at[c] = i;
	}
	for (int c = 0; c < COLUMNS; c++)
		if (row->at[c] < 0 && !columns[c].optional)
			return ERR(e, ERR_INVALID,
				   "%s: the SELECT lacks the column `%s`; see "
				   "src/rules/README.md",
				   row->rule->path, columns[c].name);
	return ERR_OK;
}

static const char *text_of(const struct row *row, enum column c)
{
	const char *text = row->at[c] < 0
				   ? NULL
				   : (const char *)sqlite3_column_text(row->statement, row->at[c]);
	return text ? arena_string(row->arena, text) : NULL;
}

static double number_of(const struct row *row, enum column c)
{
	if (row->at[c] < 0 || sqlite3_column_type(row->statement, row->at[c]) == SQLITE_NULL)
		return NAN;
	const double number = sqlite3_column_double(row->statement, row->at[c]);
	return isfinite(number) ? number : NAN;
}

/* A sum over numbers of a hostile recording may be infinite, for which JSON has no word; SQLite up
 * to 3.41 writes Inf. The same text, with null instead. */
static const char *without_infinity(const char *json, struct arena *arena)
{
	if (!strstr(json, "Inf"))
		return json;
	char *out = arena_alloc(arena, 2 * strlen(json) + 1), *to = out;
	bool quoted = false;
	for (const char *at = json; *at;) {
		const size_t word = !strncmp(at, "Inf", 3) ? 3 : !strncmp(at, "-Inf", 4) ? 4 : 0;
		if (word && !quoted) {
			memcpy(to, "null", 4);
			to += 4;
			at += word;
			continue;
		}
		if (*at == '"')
			quoted = !quoted;
		else if (*at == '\\' && at[1])
			*to++ = *at++;
		*to++ = *at++;
	}
	*to = '\0';
	return out;
}

/* A JSON column, [[a, b, c], …]: hands each inner array's first three values to `take`. */
static enum err_kind each_item(const struct row *row, enum column c,
			       void (*take)(struct candidate *, struct arena *, sqlite3_stmt *),
			       struct candidate *out, struct err *e)
{
	const char *json = text_of(row, c);
	if (!json)
		return ERR_OK;
	json = without_infinity(json, row->arena);
	sqlite3_stmt *items;
	TRY(query_prepare(row->db,
			  "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), "
			  "json_extract(value, '$[2]') FROM json_each(?1)",
			  &items, e));
	sqlite3_bind_text(items, 1, json, -1, SQLITE_STATIC);
	int status;
	while ((status = sqlite3_step(items)) == SQLITE_ROW)
		take(out, row->arena, items);
	sqlite3_finalize(items);
	if (status != SQLITE_DONE)
		return ERR(e, ERR_RECORDING, "%s: column `%s` is no JSON list of lists: %.60s",
			   row->rule->path, columns[c].name, json);
	return ERR_OK;
}

static const char *item_text(struct arena *arena, sqlite3_stmt *items, int i)
{
	const char *text = (const char *)sqlite3_column_text(items, i);
	return arena_string(arena, text ? text : "");
}

/* Room for one more in an array of the arena that doubles at powers of two. */
static void *grow(struct arena *arena, void *old, size_t count, size_t item_size)
{
	if (count & (count - 1))
		return old;
	void *bigger = arena_alloc(arena, (count ? count * 2 : 1) * item_size);
	if (count)
		memcpy(bigger, old, count * item_size);
	return bigger;
}

static void take_place(struct candidate *c, struct arena *arena, sqlite3_stmt *items)
{
	c->places = grow(arena, c->places, c->place_count, sizeof *c->places);
	c->places[c->place_count++] = (struct place){.file = item_text(arena, items, 0),
						     .line = sqlite3_column_int(items, 1),
						     .function = item_text(arena, items, 2)};
}

static void take_evidence(struct candidate *c, struct arena *arena, sqlite3_stmt *items)
{
	if (sqlite3_column_type(items, 1) == SQLITE_NULL ||
	    !isfinite(sqlite3_column_double(items, 1)))
		return; /* not measured in this recording */
	c->evidence = grow(arena, c->evidence, c->evidence_count, sizeof *c->evidence);
	c->evidence[c->evidence_count++] =
		(struct evidence){item_text(arena, items, 0), sqlite3_column_double(items, 1),
				  item_text(arena, items, 2)};
}

static void take_excluded(struct candidate *c, struct arena *arena, sqlite3_stmt *items)
{
	if (sqlite3_column_type(items, 1) == SQLITE_NULL)
		return; /* the rule could not exclude it */
	c->excluded = grow(arena, c->excluded, c->excluded_count, sizeof *c->excluded);
	c->excluded[c->excluded_count++] =
		(struct reason){item_text(arena, items, 0), item_text(arena, items, 1)};
}

static void take_claim(struct candidate *c, struct arena *arena, sqlite3_stmt *items)
{
	if (!isfinite(sqlite3_column_double(items, 1)))
		return;
	c->claims = grow(arena, c->claims, c->claim_count, sizeof *c->claims);
	c->claims[c->claim_count++] =
		(struct claim){item_text(arena, items, 0), sqlite3_column_double(items, 1)};
}

/* How many units the route has and how long they took, for what one of them gains. */
static enum err_kind read_route(const struct row *row, struct candidate *c, struct err *e)
{
	if (!c->route || !*c->route)
		return ERR_OK;
	sqlite3_stmt *of;
	TRY(query_prepare(row->db, "SELECT units, wall_ns FROM route_units WHERE route = ?1", &of,
			  e));
	sqlite3_bind_text(of, 1, c->route, -1, SQLITE_STATIC);
	if (sqlite3_step(of) == SQLITE_ROW) {
		c->route_units = sqlite3_column_double(of, 0);
		c->route_wall_ns = sqlite3_column_double(of, 1);
		sqlite3_step(of);
	}
	return query_finish(row->db, of, e);
}

static enum err_kind read_row(const struct row *row, struct candidate *c, struct err *e)
{
	double units = number_of(row, COLUMN_UNITS);
	*c = (struct candidate){
		.rule = row->rule,
		.fires = number_of(row, COLUMN_FIRES) > 0,
		.subject = text_of(row, COLUMN_SUBJECT),
		.title = text_of(row, COLUMN_TITLE),
		.because = text_of(row, COLUMN_BECAUSE),
		.ruled_out = text_of(row, COLUMN_RULED_OUT),
		.peer_kind = text_of(row, COLUMN_PEER),
		.stack_id = isnan(number_of(row, COLUMN_STACK))
				    ? 0
				    : (int64_t)number_of(row, COLUMN_STACK),
		.units = isnan(units) ? 0 : units,
		.share_ns = number_of(row, COLUMN_SHARE),
		.low_ns = number_of(row, COLUMN_LOW),
		.mid_ns = number_of(row, COLUMN_MID),
		.high_ns = number_of(row, COLUMN_HIGH),
		.gil_part = number_of(row, COLUMN_GIL_PART),
		.at_least = number_of(row, COLUMN_AT_LEAST) > 0,
		.unseen = text_of(row, COLUMN_UNSEEN),
		.hours_to_limit = number_of(row, COLUMN_HOURS),
		.route = text_of(row, COLUMN_ROUTE),
		.fix = text_of(row, COLUMN_FIX),
		.fix_more = text_of(row, COLUMN_FIX_MORE),
	};
	TRY(read_route(row, c, e));
	TRY(each_item(row, COLUMN_PLACES, take_place, c, e));
	TRY(each_item(row, COLUMN_EVIDENCE, take_evidence, c, e));
	TRY(each_item(row, COLUMN_EXCLUDED, take_excluded, c, e));
	return each_item(row, COLUMN_CLAIMS, take_claim, c, e);
}

enum err_kind evaluate_rule(sqlite3 *db, const struct rule *rule, struct arena *arena,
			    struct candidates *out, struct err *e)
{
	struct row row = {.db = db, .rule = rule, .arena = arena};
	if (sqlite3_prepare_v2(db, rule->sql, -1, &row.statement, NULL) != SQLITE_OK ||
	    !row.statement)
		return ERR(e, ERR_RECORDING, "%s: %s", rule->path, sqlite3_errmsg(db));
	enum err_kind kind = find_columns(&row, e);
	while (!kind && sqlite3_step(row.statement) == SQLITE_ROW)
		kind = read_row(&row, vec_push(&out->list), e);
	if (kind) {
		sqlite3_finalize(row.statement);
		return kind;
	}
	return query_finish(db, row.statement, e);
}

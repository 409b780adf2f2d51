#include "rules/sql_functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sqlfp.h"
#include "base/stats.h"
#include "base/vec.h"
#include "rules/apart.h"
#include "rules/compared.h"
#include "rules/grown.h"
#include "rules/hook.h"
#include "rules/looped.h"
#include "rules/pattern.h"
#include "rules/row_use.h"
#include "rules/source_line.h"
#include "rules/square.h"
#include "rules/taken_from.h"
#include "rules/version_key.h"

/* --- aggregates: collect, then compute once --- */

struct sample {
	VEC(double) first;
	VEC(double) second;
};

static void sample_step(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct sample *s = sqlite3_aggregate_context(context, sizeof *s);
	if (!s) {
		sqlite3_result_error_nomem(context);
		return;
	}
	for (int i = 0; i < count; i++)
		if (sqlite3_value_type(values[i]) == SQLITE_NULL)
			return;
	*vec_push(&s->first) = sqlite3_value_double(values[0]);
	if (count > 1)
		*vec_push(&s->second) = sqlite3_value_double(values[1]);
}

static double percentile(struct sample *s)
{
	return stats_quantile(s->first.items, s->first.count, s->second.items[0]);
}

static double median(struct sample *s)
{
	return stats_quantile(s->first.items, s->first.count, 0.5);
}

static double midmean(struct sample *s)
{
	return stats_midmean(s->first.items, s->first.count);
}

static double boot_low(struct sample *s)
{
	return stats_bootstrap(s->first.items, s->first.count).low;
}

static double boot_high(struct sample *s)
{
	return stats_bootstrap(s->first.items, s->first.count).high;
}

static double slope(struct sample *s)
{
	return stats_slope(s->first.items, s->second.items, s->first.count).mid;
}

static double slope_low(struct sample *s)
{
	return stats_slope(s->first.items, s->second.items, s->first.count).low;
}

static double slope_high(struct sample *s)
{
	return stats_slope(s->first.items, s->second.items, s->first.count).high;
}

static double fit_intercept(struct sample *s)
{
	return stats_intercept(s->first.items, s->second.items, s->first.count);
}

static const struct aggregate {
	const char *name;
	int arguments;
	bool sorted; /* hand over the first argument's values in ascending order */
	double (*compute)(struct sample *);
} aggregates[] = {
	{"median", 1, true, median},
	{"percentile", 2, true, percentile},
	{"midmean", 1, true, midmean},
	{"boot_low", 1, true, boot_low},
	{"boot_high", 1, true, boot_high},
	{"slope", 2, false, slope},
	{"slope_low", 2, false, slope_low},
	{"slope_high", 2, false, slope_high},
	{"fit_intercept", 2, false, fit_intercept},
};

static void sample_final(sqlite3_context *context)
{
	const struct aggregate *a = sqlite3_user_data(context);
	struct sample *s = sqlite3_aggregate_context(context, 0);
	if (!s)
		return; /* no row: NULL */
	if (s->first.count) {
		if (a->sorted)
			stats_sort(s->first.items, s->first.count);
		double result = a->compute(s);
		if (!isnan(result))
			sqlite3_result_double(context, result);
	}
	vec_free(&s->first);
	vec_free(&s->second);
}

/* --- scalars --- */

static void sql_fingerprint(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *text = (const char *)sqlite3_value_text(values[0]);
	if (!text)
		return;
	char out[SQLFP_INPUT_MAX];
	struct sqlfp fp = sqlfp_make(text, strlen(text), out, sizeof out);
	sqlite3_result_text(context, out, (int)fp.length, SQLITE_TRANSIENT);
}

static void sql_package_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	static const char *const roots[] = {"/site-packages/", "/dist-packages/"};
	const char *path = (const char *)sqlite3_value_text(values[0]);
	for (size_t i = 0; path && i < 2; i++) {
		const char *found = strstr(path, roots[i]);
		if (!found)
			continue;
		found += strlen(roots[i]);
		sqlite3_result_text(context, found, (int)strcspn(found, "/."), SQLITE_TRANSIENT);
		return;
	}
}

static void sql_base_name(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *path = (const char *)sqlite3_value_text(values[0]);
	if (!path)
		return;
	const char *slash = strrchr(path, '/');
	sqlite3_result_text(context, slash ? slash + 1 : path, -1, SQLITE_TRANSIENT);
}

/* The line of a file as it was when the recording began (CLOCK_REALTIME nanoseconds). */
/* A comprehension is a frame of its own, and work of the function that it stands in. */
static void sql_of_function(sqlite3_context *context, int count, sqlite3_value **values)
{
	static const char *const inner[] = {".<locals>.<genexpr>", ".<locals>.<listcomp>",
					    ".<locals>.<dictcomp>", ".<locals>.<setcomp>"};
	const char *name = (const char *)sqlite3_value_text(values[0]);
	if (!name)
		return;
	size_t length = strlen(name);
	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
		const size_t tail = strlen(inner[i]);
		if (length <= tail || memcmp(name + length - tail, inner[i], tail) != 0)
			continue;
		length -= tail;
		i = (size_t)-1; /* one may stand in another */
	}
	sqlite3_result_text(context, name, (int)length, SQLITE_TRANSIENT);
	(void)count;
}

static void sql_source_at(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	struct arena *arena = arena_new();
	const char *line = file ? source_line_as_of(arena, file, sqlite3_value_int(values[1]),
						    sqlite3_value_int64(values[2]))
				: NULL;
	if (line)
		sqlite3_result_text(context, line, -1, SQLITE_TRANSIENT);
	arena_free(arena);
}

/* 1: a string in this piece of Python is a pattern that can match one text in many ways. */
static void sql_ambiguous_pattern(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *text = (const char *)sqlite3_value_text(values[0]);
	if (text)
		sqlite3_result_int(context, pattern_is_ambiguous(text));
}

/* What the conditions of a statement compare; NULL: nothing that is understood. */
static void sql_compared(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	static const char *const names[] = {
		[COMPARED_UNEQUAL] = "unequal", [COMPARED_PATTERN] = "pattern",
		[COMPARED_EITHER] = "either",   [COMPARED_EXPRESSION] = "expression",
		[COMPARED_COLUMN] = "column",
	};
	const char *text = (const char *)sqlite3_value_text(values[0]);
	const enum compared_kind kind = text ? compared_where(text).kind : COMPARED_NOTHING;
	if (kind != COMPARED_NOTHING)
		sqlite3_result_text(context, names[kind], -1, SQLITE_STATIC);
}

/* The first thing that they compare and that is made of columns, as it is written. */
static void sql_compared_expression(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *text = (const char *)sqlite3_value_text(values[0]);
	const struct compared c = compared_where(text ? text : "");
	if (c.expression)
		sqlite3_result_text(context, c.expression, (int)c.length, SQLITE_TRANSIENT);
}

/* The line that only counts the rows that a function's line asks for; its source as it was. */
static void sql_rows_counted(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[3])) : NULL;
	const char *line = text ? row_use_counts(arena, text, sqlite3_value_int(values[1]),
						 sqlite3_value_int(values[2]))
				: NULL;
	if (line)
		sqlite3_result_text(context, line, -1, SQLITE_TRANSIENT);
	arena_free(arena);
}

/* What makes the work of a line grow with the square of something, in words; its source as it was.
 */
static void sql_square(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[2])) : NULL;
	const char *words = text ? square_source(arena, text, sqlite3_value_int(values[1])) : NULL;
	if (text && !words)
		words = grown_source(arena, text, sqlite3_value_int(values[1]));
	if (words)
		sqlite3_result_text(context, words, -1, SQLITE_TRANSIENT);
	arena_free(arena);
}

/* How the line, which is in no loop itself, searches a list, in words; its source as it was; else
 * NULL. */
static void sql_searched(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[2])) : NULL;
	const char *words =
		text ? square_searched(arena, text, sqlite3_value_int(values[1])) : NULL;
	if (words)
		sqlite3_result_text(context, words, -1, SQLITE_TRANSIENT);
	arena_free(arena);
}

/* 1: none of the calls on these lines ("12,14") needs what an earlier one gave; their source as it
 * was. */
static void sql_apart(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	const char *lines = (const char *)sqlite3_value_text(values[1]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[2])) : NULL;
	sqlite3_result_int(context, text && lines && apart_source(arena, text, lines));
	arena_free(arena);
}

/* 1: the line is run again and again in one call of its function; its source as it was. */
static void sql_looped(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[2])) : NULL;
	if (text)
		sqlite3_result_int(context,
				   looped_source(arena, text, sqlite3_value_int(values[1])));
	arena_free(arena);
}

/* What its file gives a function to, to be called at each call or line; its source as it was. */
static void sql_given_to(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	const char *function = (const char *)sqlite3_value_text(values[1]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[2])) : NULL;
	const char *way = text && function ? hook_given_to(text, function) : NULL;
	if (way)
		sqlite3_result_text(context, way, -1, SQLITE_STATIC);
	arena_free(arena);
}

static void sql_taken_from(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *file = (const char *)sqlite3_value_text(values[0]);
	const char *name = (const char *)sqlite3_value_text(values[1]);
	struct arena *arena = arena_new();
	const char *text =
		file ? source_text_as_of(arena, file, sqlite3_value_int64(values[2])) : NULL;
	const int line = text && name ? taken_from(text, name) : 0;
	if (line)
		sqlite3_result_int(context, line);
	arena_free(arena);
}

static void sql_ms(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	double ms = sqlite3_value_double(values[0]) / 1e6;
	double size = fabs(ms);
	char *text = size < 0.0005    ? sqlite3_mprintf("0 ms")
		     : size >= 9999.5 ? sqlite3_mprintf("%.1f s", ms / 1e3)
		     : size >= 99.5   ? sqlite3_mprintf("%.0f ms", ms)
		     : size >= 9.95   ? sqlite3_mprintf("%.1f ms", ms)
		     : size >= 0.0995 ? sqlite3_mprintf("%.2f ms", ms)
				      : sqlite3_mprintf("%.3f ms", ms);
	sqlite3_result_text(context, text, -1, sqlite3_free);
}

static void sql_counted(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *noun = (const char *)sqlite3_value_text(values[1]);
	if (sqlite3_value_type(values[0]) == SQLITE_NULL || !noun)
		return;
	sqlite3_int64 number = sqlite3_value_int64(values[0]);
	char *text = sqlite3_mprintf("%lld %s%s", number, noun, number == 1 ? "" : "s");
	sqlite3_result_text(context, text, -1, sqlite3_free);
}

static void wilson(sqlite3_context *context, sqlite3_value **values, bool high)
{
	const struct stats_interval share = stats_wilson(
		sqlite3_value_double(values[0]), sqlite3_value_double(values[1]), STATS_Z_95);
	if (!isnan(share.low))
		sqlite3_result_double(context, high ? share.high : share.low);
}

static void sql_share_low(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	wilson(context, values, false);
}

static void sql_share_high(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	wilson(context, values, true);
}

/* How far a share of k in n looks may be off by chance (90 %) and by `model`, the factor of its
 * rule's formula: independent errors, so the squares of their logarithms add. */
static void spread(sqlite3_context *context, sqlite3_value **values, bool high)
{
	const struct stats_interval share = stats_wilson(
		sqlite3_value_double(values[0]), sqlite3_value_double(values[1]), STATS_Z_90);
	const double model = sqlite3_value_double(values[2]);
	const double chance = (high ? share.high : share.low) / share.mid;
	if (!(chance > 0) || !isfinite(chance) || !(model > 0))
		return;
	const double off = hypot(log(chance), log(model));
	sqlite3_result_double(context, exp(high ? off : -off));
}

static void sql_spread_low(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	spread(context, values, false);
}

static void sql_spread_high(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	spread(context, values, true);
}

static void sql_version_key(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *version = (const char *)sqlite3_value_text(values[0]);
	char key[VERSION_KEY_BYTES];
	if (!version)
		return;
	version_key(version, key);
	if (*key)
		sqlite3_result_text(context, key, -1, SQLITE_TRANSIENT);
}

/* Three digits, and no exponent. */
static char *figure_text(double value)
{
	const double size = fabs(value);
	if (size >= 999.5 || size < 0.0005)
		return sqlite3_mprintf("%.0f", value);
	return sqlite3_mprintf("%.3g", value);
}

static void sql_figure(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (sqlite3_value_type(values[0]) != SQLITE_NULL)
		sqlite3_result_text(context, figure_text(sqlite3_value_double(values[0])), -1,
				    sqlite3_free);
}

/* KiB at least: what memory leaks are told in. */
static void sql_size(sqlite3_context *context, int count, sqlite3_value **values)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	const size_t last = sizeof units / sizeof *units - 1;
	size_t unit = 0;
	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	double size = sqlite3_value_double(values[0]) / 1024;
	for (; unit < last && fabs(size) >= 1023.95; unit++)
		size /= 1024;
	char *figure = figure_text(size);
	sqlite3_result_text(context, sqlite3_mprintf("%z %s", figure, units[unit]), -1,
			    sqlite3_free);
}

static const struct {
	const char *name;
	int arguments;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
} scalars[] = {
	{"sqlfp", 1, sql_fingerprint},
	{"package_of", 1, sql_package_of},
	{"base_name", 1, sql_base_name},
	{"ms", 1, sql_ms},
	{"figure", 1, sql_figure},
	{"size", 1, sql_size},
	{"counted", 2, sql_counted},
	{"share_low", 2, sql_share_low},
	{"of_function", 1, sql_of_function},
	{"share_high", 2, sql_share_high},
	{"spread_low", 3, sql_spread_low},
	{"spread_high", 3, sql_spread_high},
	{"source_at", 3, sql_source_at},
	{"ambiguous_pattern", 1, sql_ambiguous_pattern},
	{"compared", 1, sql_compared},
	{"compared_expression", 1, sql_compared_expression},
	{"rows_counted", 4, sql_rows_counted},
	{"square_source", 3, sql_square},
	{"searched_source", 3, sql_searched},
	{"looped_source", 3, sql_looped},
	{"given_to", 3, sql_given_to},
	{"apart_source", 3, sql_apart},
	{"taken_from", 3, sql_taken_from},
	{"version_key", 1, sql_version_key},
};

enum err_kind sql_functions_register(sqlite3 *db, struct err *e)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	int status = SQLITE_OK;
	for (size_t i = 0; !status && i < sizeof scalars / sizeof *scalars; i++)
		status = sqlite3_create_function_v2(db, scalars[i].name, scalars[i].arguments,
						    flags, NULL, scalars[i].call, NULL, NULL, NULL);
	for (size_t i = 0; !status && i < sizeof aggregates / sizeof *aggregates; i++)
		status = sqlite3_create_function_v2(db, aggregates[i].name, aggregates[i].arguments,
						    flags, (void *)(intptr_t)&aggregates[i], NULL,
						    sample_step, sample_final, NULL);
	if (status)
		return ERR(e, ERR_SYSTEM, "SQLite refused a function of the rules: %s",
			   sqlite3_errmsg(db));
	return ERR_OK;
}

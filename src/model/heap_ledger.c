#include "model/heap_ledger.h"

#include <math.h>

#include "model/heap_growth.h"
#include "model/heap_looks.h"
#include "model/heap_sums.h"
#include "model/query.h"

static const char *const names[HEAP_PARTS] = {
	[HEAP_PART_OBJECTS] = "live_objects",
	[HEAP_PART_BLOCKS] = "live_malloc",
	[HEAP_PART_MAPPED] = "live_mapped",
	[HEAP_PART_ARENAS_FREE] = "pymalloc_free",
	[HEAP_PART_MALLOC_FREE] = "malloc_free",
	[HEAP_PART_MALLOC_OTHER] = "malloc_other",
	[HEAP_PART_STACKS] = "stacks",
	[HEAP_PART_FILES] = "files",
	[HEAP_PART_REST] = "rest",
	[HEAP_PART_RESIDENT] = "resident",
};

static const char *const labels[HEAP_PARTS] = {
	[HEAP_PART_OBJECTS] = "live small Python blocks",
	[HEAP_PART_BLOCKS] = "live blocks of malloc",
	[HEAP_PART_MAPPED] = "live mappings",
	[HEAP_PART_ARENAS_FREE] = "free in pymalloc's arenas",
	[HEAP_PART_MALLOC_FREE] = "free in malloc",
	[HEAP_PART_MALLOC_OTHER] = "in use by malloc, not sampled",
	[HEAP_PART_STACKS] = "stacks",
	[HEAP_PART_FILES] = "files and shared",
	[HEAP_PART_REST] = "not explained",
	[HEAP_PART_RESIDENT] = "resident",
};

/* Of one process, or of all together. NaN: not known. */
struct account {
	int64_t process_id, pid;
	double at_s;      /* since the recording began */
	double pss_bytes; /* resident; what is shared counts once */
	double swap_bytes, private_dirty_bytes;
	double beyond_bytes; /* that the parts have more than is resident, 0: none */
	double bytes[HEAP_PARTS];
	double error[HEAP_PARTS];  /* standard error of what is sampled */
	double steady[HEAP_PARTS]; /* the least that it was in the second half of the looks … */
	double most[HEAP_PARTS];   /* … and the most */
	struct heap_growth grows[HEAP_PARTS];
};

struct ledger {
	size_t count;
	struct account *accounts;
	struct account all;
};

/* --- sums and growth ----------------------------------------------------- */

static double or_0(double value)
{
	return isnan(value) ? 0 : value;
}

/* The looks of one process at which the part was known. */
static struct heap_series series_of(const struct heap_looked *process, int part,
				    struct arena *arena)
{
	struct heap_point *points = arena_alloc(arena, process->count * sizeof *points);
	size_t count = 0;
	for (size_t i = 0; i < process->count; i++)
		if (!isnan(process->looks[i].bytes[part]))
			points[count++] = (struct heap_point){process->looks[i].work,
							      process->looks[i].bytes[part], 0};
	return (struct heap_series){points, count};
}

/* What no hook saw: not explained, or in malloc's books, which are asked for rarely: what grows
 * between two looks at them is not explained until the next, and takes a step back there. */
static struct heap_series unseen_series(const struct heap_looked *process, struct arena *arena)
{
	struct heap_point *points = arena_alloc(arena, process->count * sizeof *points);
	for (size_t i = 0; i < process->count; i++) {
		const double *bytes = process->looks[i].bytes;
		points[i] = (struct heap_point){.work = process->looks[i].work,
						.bytes = bytes[HEAP_PART_REST] +
							 or_0(bytes[HEAP_PART_MALLOC_OTHER])};
	}
	return (struct heap_series){points, process->count};
}

/* For a part's growth. `grows`: that of the parts before it. */
static struct heap_series judged_series(const struct heap_looked *process, int part,
					const struct heap_growth *grows, struct arena *arena)
{
	const bool is_unseen =
		part == HEAP_PART_REST && grows[HEAP_PART_MALLOC_OTHER].verdict != HEAP_GROWS;
	return is_unseen ? unseen_series(process, arena) : series_of(process, part, arena);
}

/* Of the second half of the looks. */
static void look_back(const struct heap_looked *process, int part, double *least, double *most)
{
	const double half =
		(process->looks[0].at_ns + process->looks[process->count - 1].at_ns) / 2;
	*least = *most = NAN;
	for (size_t i = 0; i < process->count; i++)
		if (process->looks[i].at_ns >= half) {
			*least = fmin(*least, process->looks[i].bytes[part]); /* passes over NaN */
			*most = fmax(*most, process->looks[i].bytes[part]);
		}
}

static void add_known(double *sum, double value)
{
	if (!isnan(value))
		*sum = or_0(*sum) + value;
}

static void judge(const struct heap_series *series, size_t count, int part, double interval,
		  struct heap_growth *out)
{
	const double sample_bytes = part <= HEAP_PART_MAPPED ? interval : 0;
	heap_growth_judge(series, count, sample_bytes, sample_bytes, out);
}

/* Parts that are more than what is resident leave nothing to explain: told apart, not below zero.
 */
static void settle_rest(struct account *account)
{
	double *rest = &account->bytes[HEAP_PART_REST];
	if (*rest < 0) {
		account->beyond_bytes = -*rest;
		*rest = 0;
	}
}

static void fill(const struct heap_looked *process, double interval, struct arena *arena,
		 struct account *account)
{
	const struct heap_look *last = &process->looks[process->count - 1];
	*account = (struct account){.process_id = process->process_id,
				    .pid = process->pid,
				    .at_s = process->at_s,
				    .pss_bytes = last->pss,
				    .swap_bytes = last->swap,
				    .private_dirty_bytes = last->dirty};
	for (int part = 0; part < HEAP_PARTS; part++) {
		const struct heap_series series =
			judged_series(process, part, account->grows, arena);
		account->bytes[part] = last->bytes[part];
		account->error[part] = process->error[part];
		look_back(process, part, &account->steady[part], &account->most[part]);
		judge(&series, 1, part, interval, &account->grows[part]);
	}
	settle_rest(account);
}

static void add(struct account *all, const struct account *account)
{
	for (int part = 0; part < HEAP_PARTS; part++) {
		add_known(&all->bytes[part], account->bytes[part]);
		add_known(&all->steady[part], account->steady[part]);
		add_known(&all->most[part], account->most[part]);
		all->error[part] = hypot(all->error[part], account->error[part]);
	}
	all->at_s = fmax(all->at_s, account->at_s);
	add_known(&all->pss_bytes, account->pss_bytes);
	add_known(&all->swap_bytes, account->swap_bytes);
	add_known(&all->private_dirty_bytes, account->private_dirty_bytes);
}

static void fill_all(const struct heap_looked *processes, double interval, struct arena *arena,
		     struct ledger *out)
{
	struct heap_series *series = arena_alloc(arena, out->count * sizeof *series);
	struct account *all = &out->all;
	double known = 0;
	*all = (struct account){.pss_bytes = NAN, .swap_bytes = NAN, .private_dirty_bytes = NAN};
	for (int part = 0; part < HEAP_PARTS; part++)
		all->bytes[part] = all->steady[part] = all->most[part] = NAN;
	for (size_t i = 0; i < out->count; i++) {
		fill(&processes[i], interval, arena, &out->accounts[i]);
		add(all, &out->accounts[i]);
	}
	for (int part = 0; part < HEAP_PARTS; part++) {
		for (size_t i = 0; i < out->count; i++)
			series[i] = judged_series(&processes[i], part, all->grows, arena);
		judge(series, out->count, part, interval, &all->grows[part]);
	}
	/* of their sums: a part may be known of some processes alone */
	for (int part = 0; part < HEAP_PART_REST; part++)
		known += or_0(all->bytes[part]);
	all->bytes[HEAP_PART_REST] = all->bytes[HEAP_PART_RESIDENT] - known;
	settle_rest(all);
}

/* --- the tables ---------------------------------------------------------- */

static const char tables_sql[] =
	"DROP TABLE IF EXISTS temp.heap_resident;"
	"DROP TABLE IF EXISTS temp.heap_part;"
	"CREATE TEMP TABLE heap_resident(process_id INTEGER, pid INTEGER, processes INTEGER, at_s, "
	"pss_bytes, swap_bytes, private_dirty_bytes, beyond_bytes);"
	"CREATE TEMP TABLE heap_part(process_id INTEGER, part TEXT, label TEXT, bytes, error, "
	"steady_bytes, most_bytes, slope, slope_low, slope_high, grown_bytes, day_bytes, verdict "
	"TEXT)";

struct inserts {
	sqlite3 *db;
	sqlite3_stmt *resident, *part;
	double rate;
};

static enum err_kind step(sqlite3 *db, sqlite3_stmt *into, struct err *e)
{
	const int rc = sqlite3_step(into);
	sqlite3_reset(into);
	return rc == SQLITE_DONE ? ERR_OK
				 : ERR(e, ERR_SYSTEM, "SQLite refused a part of memory: %s",
				       sqlite3_errmsg(db));
}

/* NaN is bound as NULL. Returns the parameter after them. */
static int bind(sqlite3_stmt *into, int first, const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sqlite3_bind_double(into, first++, values[i]);
	return first;
}

static enum err_kind write_part(const struct inserts *in, const struct account *account, int part,
				struct err *e)
{
	const struct heap_growth *grows = &account->grows[part];
	const double values[] = {account->bytes[part],
				 account->error[part],
				 account->steady[part],
				 account->most[part],
				 grows->slope.mid,
				 grows->slope.low,
				 grows->slope.high,
				 grows->grown_bytes,
				 grows->slope.mid * in->rate * HEAP_DAY_S};
	sqlite3_bind_text(in->part, 2, names[part], -1, SQLITE_STATIC);
	sqlite3_bind_text(in->part, 3, labels[part], -1, SQLITE_STATIC);
	const int next = bind(in->part, 4, values, sizeof values / sizeof *values);
	sqlite3_bind_text(in->part, next, heap_verdict_names[grows->verdict], -1, SQLITE_STATIC);
	return step(in->db, in->part, e);
}

/* `processes`: that it is of. */
static enum err_kind write_account(const struct inserts *in, const struct account *account,
				   size_t processes, bool is_all, struct err *e)
{
	const double values[] = {(double)processes,
				 account->at_s,
				 account->pss_bytes,
				 account->swap_bytes,
				 account->private_dirty_bytes,
				 account->beyond_bytes};
	sqlite3_bind_null(in->resident, 1);
	sqlite3_bind_null(in->part, 1);
	sqlite3_bind_null(in->resident, 2);
	if (!is_all) {
		sqlite3_bind_int64(in->resident, 1, account->process_id);
		sqlite3_bind_int64(in->part, 1, account->process_id);
		sqlite3_bind_int64(in->resident, 2, account->pid);
	}
	(void)bind(in->resident, 3, values, sizeof values / sizeof *values);
	TRY(step(in->db, in->resident, e));
	for (int part = 0; part < HEAP_PARTS; part++)
		if (!isnan(account->bytes[part]))
			TRY(write_part(in, account, part, e));
	return ERR_OK;
}

static enum err_kind write_tables(sqlite3 *db, const struct ledger *ledger, double rate,
				  struct err *e)
{
	struct inserts in = {.db = db, .rate = rate};
	TRY(query_script(db, tables_sql, e));
	if (!ledger->count)
		return ERR_OK;
	enum err_kind kind = query_prepare(
		db, "INSERT INTO heap_resident VALUES (?, ?, ?, ?, ?, ?, ?, ?)", &in.resident, e);
	if (kind == ERR_OK)
		kind = query_prepare(
			db, "INSERT INTO heap_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			&in.part, e);
	for (size_t i = 0; i < ledger->count && kind == ERR_OK; i++)
		kind = write_account(&in, &ledger->accounts[i], 1, false, e);
	if (kind == ERR_OK)
		kind = write_account(&in, &ledger->all, ledger->count, true, e);
	sqlite3_finalize(in.resident);
	sqlite3_finalize(in.part);
	return kind;
}

enum err_kind heap_ledger_make(sqlite3 *db, struct err *e)
{
	struct arena *arena = arena_new();
	struct ledger ledger = {0};
	struct heap_looked *processes;
	bool of_units;
	double rate, interval;
	enum err_kind kind = heap_rate(db, &of_units, &rate, e);
	if (kind == ERR_OK)
		kind = query_number(db, "SELECT max(interval_bytes) FROM v1_heap_process", 0,
				    &interval, e);
	if (kind == ERR_OK)
		kind = heap_looks_read(db, of_units, arena, &processes, &ledger.count, e);
	if (kind == ERR_OK && ledger.count) {
		ledger.accounts = arena_alloc(arena, ledger.count * sizeof *ledger.accounts);
		fill_all(processes, interval, arena, &ledger);
	}
	if (kind == ERR_OK)
		kind = write_tables(db, &ledger, rate, e);
	arena_free(arena);
	return kind;
}

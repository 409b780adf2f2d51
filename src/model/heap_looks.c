#include "model/heap_looks.h"

#include <math.h>
#include <string.h>

#include "base/vec.h"
#include "model/query.h"

/* Bytes of mappings, which seconds do not have, at a snapshot. */
struct mapped {
	int64_t process_id;
	double at_ns, bytes;
};

struct reading {
	sqlite3 *db;
	VEC(struct heap_look) looks;       /* of all processes, in order of process and time */
	VEC(struct heap_looked) processes; /* looks: not set yet */
	VEC(struct mapped) mapped;         /* in the same order */
	size_t next;                       /* of them, for the look that is read … */
	struct mapped now;                 /* … and the last before it */
};

static enum err_kind read_mapped(struct reading *r, struct err *e)
{
	sqlite3_stmt *row;
	double any; /* to look for it in all snapshots takes as long as to read them */
	TRY(query_number(r->db, "SELECT 1 FROM v1_heap_site WHERE domain = 'mapped' LIMIT 1", 0,
			 &any, e));
	if (any == 0)
		return ERR_OK;
	TRY(query_prepare(r->db,
			  "SELECT s.process_id, s.at_ns, sum(1.0 * l.bytes) FROM v1_heap_snapshot "
			  "s JOIN v1_heap_live l ON l.snapshot_id = s.id JOIN v1_heap_site t ON "
			  "t.id = l.site_id WHERE t.domain = 'mapped' GROUP BY s.id ORDER BY 1, 2",
			  &row, e));
	while (sqlite3_step(row) == SQLITE_ROW)
		*vec_push(&r->mapped) = (struct mapped){.process_id = sqlite3_column_int64(row, 0),
							.at_ns = sqlite3_column_double(row, 1),
							.bytes = sqlite3_column_double(row, 2)};
	return query_finish(r->db, row, e);
}

/* As it was last seen; asked for in order of process and time. */
static double mapped_at(struct reading *r, int64_t process_id, double at_ns)
{
	for (; r->next < r->mapped.count; r->next++) {
		const struct mapped *m = &r->mapped.items[r->next];
		if (m->process_id > process_id || (m->process_id == process_id && m->at_ns > at_ns))
			break;
		r->now = *m;
	}
	return r->now.process_id == process_id ? r->now.bytes : 0;
}

/* Seconds of the processes of heap_at, until then; hooks that came in again begin anew. */
static const char looks_sql[] =
	"SELECT s.process_id, s.at_ns, iif(?1, s.units, s.at_ns / 1e9), s.pss_bytes, s.swap_bytes, "
	"s.private_dirty_bytes, s.rss_bytes, s.anonymous_bytes, s.live_bytes, s.live_malloc_bytes, "
	"s.arena_bytes, s.malloc_used_bytes + coalesce(s.malloc_mapped_bytes, 0), "
	"s.malloc_free_bytes, s.stack_bytes, coalesce(i.pid, 0), a.at_ns - coalesce((SELECT value "
	"FROM v1_meta WHERE key = 'started_ns'), 0) FROM heap_at a JOIN v1_heap_second s ON "
	"s.process_id = a.process_id AND s.at_ns <= a.at_ns + 1000000000 LEFT JOIN v1_heap_process "
	"p ON p.process_id = a.process_id LEFT JOIN v1_process i ON i.id = a.process_id WHERE "
	"s.at_ns >= coalesce(p.began_ns, 0) ORDER BY 1, 2";
enum {
	LOOK_PROCESS,
	LOOK_AT,
	LOOK_WORK,
	LOOK_PSS,
	LOOK_SWAP,
	LOOK_DIRTY,
	LOOK_RSS,
	LOOK_ANONYMOUS,
	LOOK_LIVE,
	LOOK_MALLOC,
	LOOK_ARENA,
	LOOK_USED,
	LOOK_FREE,
	LOOK_STACK,
	LOOK_PID,
	LOOK_MOMENT
};

/* No part is less than nothing: what another one, estimated from samples, has too much of it is
 * taken off the rest. NaN stays. */
static double at_least_0(double bytes)
{
	return bytes < 0 ? 0 : bytes;
}

static void take(struct reading *r, sqlite3_stmt *row, struct heap_look *look)
{
	const double live = query_column(row, LOOK_LIVE), blocks = query_column(row, LOOK_MALLOC);
	double known = 0, *bytes = look->bytes;
	look->work = sqlite3_column_double(row, LOOK_WORK);
	look->at_ns = sqlite3_column_double(row, LOOK_AT);
	look->pss = query_column(row, LOOK_PSS);
	look->swap = query_column(row, LOOK_SWAP);
	look->dirty = query_column(row, LOOK_DIRTY);
	bytes[HEAP_PART_RESIDENT] = query_column(row, LOOK_RSS);
	bytes[HEAP_PART_BLOCKS] = blocks;
	bytes[HEAP_PART_MAPPED] =
		mapped_at(r, sqlite3_column_int64(row, LOOK_PROCESS), look->at_ns);
	bytes[HEAP_PART_OBJECTS] = at_least_0(live - blocks - bytes[HEAP_PART_MAPPED]);
	/* arenas from before the hooks are not counted, and may have what is live */
	bytes[HEAP_PART_ARENAS_FREE] =
		at_least_0(query_column(row, LOOK_ARENA) - bytes[HEAP_PART_OBJECTS]);
	bytes[HEAP_PART_MALLOC_FREE] = query_column(row, LOOK_FREE);
	bytes[HEAP_PART_MALLOC_OTHER] = at_least_0(query_column(row, LOOK_USED) - blocks);
	bytes[HEAP_PART_STACKS] = query_column(row, LOOK_STACK);
	bytes[HEAP_PART_FILES] =
		at_least_0(bytes[HEAP_PART_RESIDENT] - query_column(row, LOOK_ANONYMOUS));
	for (int part = 0; part < HEAP_PART_REST; part++)
		known += isnan(bytes[part]) ? 0 : bytes[part];
	bytes[HEAP_PART_REST] = bytes[HEAP_PART_RESIDENT] - known;
}

static enum err_kind read_looks(struct reading *r, bool of_units, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(r->db, looks_sql, &row, e));
	sqlite3_bind_int(row, 1, of_units);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const int64_t process = sqlite3_column_int64(row, LOOK_PROCESS);
		const size_t known = r->processes.count;
		if (!known || r->processes.items[known - 1].process_id != process)
			*vec_push(&r->processes) = (struct heap_looked){
				.process_id = process,
				.pid = sqlite3_column_int64(row, LOOK_PID),
				.at_s = sqlite3_column_double(row, LOOK_MOMENT) / 1e9};
		r->processes.items[r->processes.count - 1].count++;
		take(r, row, vec_push(&r->looks));
	}
	return query_finish(r->db, row, e);
}

static int part_of(const char *domain)
{
	static const char *const domains[] = {
		[HEAP_PART_OBJECTS] = "object",
		[HEAP_PART_BLOCKS] = "malloc",
		[HEAP_PART_MAPPED] = "mapped",
	};
	for (int part = 0; part < (int)(sizeof domains / sizeof *domains); part++)
		if (domain && !strcmp(domain, domains[part]))
			return part;
	return HEAP_PARTS;
}

static enum err_kind read_errors(struct reading *r, struct err *e)
{
	sqlite3_stmt *row;
	size_t at = 0;
	TRY(query_script(
		r->db,
		"DROP TABLE IF EXISTS temp.heap_now;"
		"CREATE TEMP TABLE heap_now AS SELECT snapshot_id, site_id, age, route_id, "
		"bytes, variance FROM v1_heap_live WHERE snapshot_id IN (SELECT snapshot_id "
		"FROM heap_at);",
		e));
	TRY(query_prepare(
		r->db,
		"SELECT a.process_id, t.domain, total(max(0, l.variance)) FROM heap_now l "
		"JOIN heap_at a ON a.snapshot_id = l.snapshot_id JOIN v1_heap_site t ON "
		"t.id = l.site_id GROUP BY 1, 2 ORDER BY 1",
		&row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const int64_t process = sqlite3_column_int64(row, 0);
		const int part = part_of((const char *)sqlite3_column_text(row, 1));
		while (at < r->processes.count && r->processes.items[at].process_id < process)
			at++;
		if (part < HEAP_PARTS && at < r->processes.count &&
		    r->processes.items[at].process_id == process)
			r->processes.items[at].error[part] = sqrt(sqlite3_column_double(row, 2));
	}
	return query_finish(r->db, row, e);
}

static void hand_over(const struct reading *r, struct arena *arena, struct heap_looked **out,
		      size_t *count)
{
	struct heap_look *looks = arena_alloc(arena, r->looks.count * sizeof *looks);
	size_t first = 0;
	if (r->looks.count)
		memcpy(looks, r->looks.items, r->looks.count * sizeof *looks);
	*count = r->processes.count;
	*out = arena_alloc(arena, *count * sizeof **out);
	for (size_t i = 0; i < *count; i++) {
		(*out)[i] = r->processes.items[i];
		(*out)[i].looks = looks + first;
		first += (*out)[i].count;
	}
}

enum err_kind heap_looks_read(sqlite3 *db, bool of_units, struct arena *arena,
			      struct heap_looked **out, size_t *count, struct err *e)
{
	struct reading r = {.db = db};
	enum err_kind kind = read_mapped(&r, e);
	if (kind == ERR_OK)
		kind = read_looks(&r, of_units, e);
	if (kind == ERR_OK)
		kind = read_errors(&r, e);
	hand_over(&r, arena, out, count);
	vec_free(&r.looks);
	vec_free(&r.processes);
	vec_free(&r.mapped);
	return kind;
}

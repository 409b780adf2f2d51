#include "model/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/heap.h"
#include "model/heap_native.h"
#include "model/query.h"

#define DEPTH_MAX 4096 /* frames of a stack; deeper ones are left out at the root */

const char *const profile_clock_names[] = {"auto", "wall", "cpu", NULL};
const char *const profile_state_names[PROFILE_STATES + 1] = {
	"any", "python", "holding", "gil", "native", "runqueue", "call", "lock", "sleep", NULL,
};

const char *const profile_memory_names[] = {"none", "live", "peak", "made", "temporary", NULL};

/* --- choosing ------------------------------------------------------------ */

/* As rows of samples: what is not of memory is none. */
#define MEMORY_COLUMNS \
	"SELECT 0 AS slot, s.process_id, NULL AS thread_id, NULL AS route, 0 AS in_unit, " \
	"iif(n.text IS NULL, s.stack_id, -n.native_id) AS stack_id, 'native' AS state, NULL AS " \
	"target, NULL AS holder_stack_id, 1 AS source, " \
	"CAST(%s AS INTEGER) AS ticks, 0 AS short, %s AS wall_ns, %s AS cpu_ns, 0 AS " \
	"runqueue_ns, " \
	"0 AS cold "
/* Of a site whose native stacks are known the part of each; its stack's id is below 0 then. */
#define WAYS "LEFT JOIN heap_native_way n ON n.site_id = s.id "
#define PART " * coalesce(n.share, 1)"

static enum err_kind choose_memory(sqlite3 *db, const struct profile_filter *f, struct err *e)
{
	static const struct {
		const char *bytes, *blocks;
	} columns[] = {
		[PROFILE_LIVE] = {"total(l.bytes" PART ")", "total(l.blocks" PART ")"},
		[PROFILE_PEAK] = {"s.peak_bytes" PART, "0"},
		[PROFILE_MADE] = {"s.made_bytes" PART, "s.made_blocks" PART},
		[PROFILE_TEMPORARY] = {"s.short_bytes" PART, "0"},
	};
	const char *bytes = columns[f->memory].bytes, *blocks = columns[f->memory].blocks;
	TRY(heap_choose_moment(db, 0, e));
	TRY(heap_native_to_tables(db, e));
	char *rows =
		f->memory == PROFILE_LIVE
			? sqlite3_mprintf(
				  MEMORY_COLUMNS
				  "FROM v1_heap_live l JOIN heap_at a ON a.snapshot_id = "
				  "l.snapshot_id LEFT JOIN v1_heap_site s ON s.id = l.site_id " WAYS
				  "WHERE %Q IS NULL OR l.route = %Q GROUP BY s.process_id, 6",
				  blocks, bytes, bytes, f->route, f->route)
			: sqlite3_mprintf(MEMORY_COLUMNS "FROM v1_heap_site s " WAYS "WHERE %s > 0",
					  blocks, bytes, bytes, bytes);
	char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS temp.chosen;"
				    "DROP TABLE IF EXISTS temp.chosen_by;"
				    "CREATE TEMP TABLE chosen_by AS SELECT 0 AS in_units;"
				    "CREATE TEMP TABLE chosen AS %s",
				    rows);
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(rows);
	sqlite3_free(sql);
	return kind;
}

enum err_kind profile_choose(sqlite3 *db, const struct profile_filter *f, struct err *e)
{
	double in_units = 0;
	if (f->memory)
		return choose_memory(db, f, e);
	if (!f->all_time)
		TRY(query_number(db, "SELECT 1 FROM v1_sample WHERE in_unit LIMIT 1", 0, &in_units,
				 e));
	char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS temp.chosen;"
				    "DROP TABLE IF EXISTS temp.chosen_by;"
				    "CREATE TEMP TABLE chosen_by AS SELECT %d AS in_units;"
				    "CREATE TEMP TABLE chosen AS SELECT s.* FROM v1_sample s "
				    "LEFT JOIN v1_thread t ON t.id = s.thread_id "
				    "WHERE (s.in_unit OR NOT %d) AND (%Q IS NULL OR s.route = %Q) "
				    "AND (%Q IS NULL OR t.name = %Q OR CAST(t.tid AS TEXT) = %Q) "
				    "AND (%Q = 'any' OR s.state = %Q)",
				    in_units > 0, in_units > 0, f->route, f->route, f->thread,
				    f->thread, f->thread, profile_state_names[f->state],
				    profile_state_names[f->state]);
	const enum err_kind kind = query_script(db, sql, e);
	sqlite3_free(sql);
	return kind;
}

/* --- building ------------------------------------------------------------ */

struct frame {
	uint32_t parent; /* index into frames; 0: root */
	uint32_t function;
	uint32_t line; /* index into lines */
	bool is_app;
};

struct builder {
	const struct profile_filter *filter;
	struct arena *arena;
	struct map frame_of;      /* stack id → index into frames */
	VEC(struct frame) frames; /* [0] unused */
	struct intern *function_keys, *line_keys;
	VEC(struct profile_function) functions;
	VEC(struct profile_line) lines;
	VEC(struct profile_node) nodes;
	struct map node_of; /* parent << 32 | function → node */
	/* the last stack that counted a function or line: recursion counts once */
	VEC(uint32_t) function_stamp, line_stamp;
	uint32_t stamp;
};

static void add(struct profile_sums *into, const struct profile_sums *more)
{
	if (__builtin_add_overflow(into->ticks, more->ticks, &into->ticks))
		into->ticks = INT64_MAX;
	into->wall_ns += more->wall_ns;
	into->cpu_ns += more->cpu_ns;
}

static const char *column_text(sqlite3_stmt *row, int i)
{
	const char *text = (const char *)sqlite3_column_text(row, i);
	return text ? text : "";
}

static uint32_t function_id(struct builder *b, const char *file, const char *name, const char *kind,
			    int first_line)
{
	bool is_new = false;
	const char *key = arena_printf(b->arena, "%s\n%s", file, name);
	const uint32_t id = intern_id(b->function_keys, key, strlen(key), &is_new);
	if (is_new) {
		*vec_push(&b->functions) = (struct profile_function){
			.name = arena_string(b->arena, name),
			.file = arena_string(b->arena, file),
			.kind = arena_string(b->arena, kind),
			.first_line = first_line,
		};
		*vec_push(&b->function_stamp) = 0;
	}
	return id - 1;
}

static uint32_t line_id(struct builder *b, uint32_t function, int line)
{
	struct profile_function *f = &b->functions.items[function];
	bool is_new = false;
	const char *key = arena_printf(b->arena, "%d\n%s", line, f->file);
	const uint32_t id = intern_id(b->line_keys, key, strlen(key), &is_new);
	if (is_new) {
		*vec_push(&b->lines) =
			(struct profile_line){.file = f->file, .function = f->name, .line = line};
		*vec_push(&b->line_stamp) = 0;
	}
	return id - 1;
}

/* Callers have lower ids than what they call, so each parent is known when its child comes; one
 * that is not (a recording of somebody else's making) makes a root of the child. */
static enum err_kind read_frames(sqlite3 *db, struct builder *b, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db,
			  "SELECT id, parent_id, file, line, function, kind, first_line "
			  "FROM v1_frame ORDER BY id",
			  &row, e));
	vec_push(&b->frames);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const uint64_t *parent =
			map_find(&b->frame_of, (uint64_t)sqlite3_column_int64(row, 1));
		const char *kind = column_text(row, 5);
		const uint32_t function = function_id(b, column_text(row, 2), column_text(row, 4),
						      kind, sqlite3_column_int(row, 6));
		*vec_push(&b->frames) = (struct frame){
			.parent = parent ? (uint32_t)*parent : 0,
			.function = function,
			.line = line_id(b, function, sqlite3_column_int(row, 3)),
			.is_app = strcmp(kind, "app") == 0,
		};
		*map_put(&b->frame_of, (uint64_t)sqlite3_column_int64(row, 0), NULL) =
			b->frames.count - 1;
	}
	return query_finish(db, row, e);
}

/* Native ways as stacks of their own, below 0: from the line of Python to who called the allocator.
 */
static enum err_kind read_natives(sqlite3 *db, struct builder *b, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(db,
			  "SELECT -w.native_id, w.stack_id, s.library, s.function FROM "
			  "heap_native_way w JOIN heap_native_step s ON s.native_id = w.native_id "
			  "ORDER BY w.native_id, s.nth DESC",
			  &row, e));
	while (sqlite3_step(row) == SQLITE_ROW) {
		const uint64_t id = (uint64_t)sqlite3_column_int64(row, 0);
		const uint64_t *outer = map_find(&b->frame_of, id);
		if (!outer)
			outer = map_find(&b->frame_of, (uint64_t)sqlite3_column_int64(row, 1));
		const uint32_t function = function_id(b, column_text(row, 2), column_text(row, 3),
						      PROFILE_NATIVE_KIND, 0);
		*vec_push(&b->frames) = (struct frame){
			.parent = outer ? (uint32_t)*outer : 0,
			.function = function,
			.line = line_id(b, function, 0),
		};
		*map_put(&b->frame_of, id, NULL) = b->frames.count - 1;
	}
	return query_finish(db, row, e);
}

static uint32_t child_of(struct builder *b, uint32_t parent, uint32_t function)
{
	bool is_new = false;
	uint64_t *node = map_put(&b->node_of, (uint64_t)parent << 32 | function, &is_new);
	if (is_new) {
		*node = b->nodes.count;
		const uint32_t depth = b->nodes.items[parent].depth + 1;
		*vec_push(&b->nodes) = (struct profile_node){
			.parent = parent, .function = function, .depth = depth};
	}
	return (uint32_t)*node;
}

/* One frame further: its node, and the totals of its function and line (NULL: it has none). */
static uint32_t enter(struct builder *b, uint32_t parent, uint32_t function, const uint32_t *line,
		      const struct profile_sums *sums)
{
	const uint32_t node = child_of(b, parent, function);
	add(&b->nodes.items[node].total, sums);
	if (b->function_stamp.items[function] != b->stamp) {
		b->function_stamp.items[function] = b->stamp;
		add(&b->functions.items[function].total, sums);
	}
	if (line && b->line_stamp.items[*line] != b->stamp) {
		b->line_stamp.items[*line] = b->stamp;
		add(&b->lines.items[*line].total, sums);
	}
	return node;
}

/* One stack in one state: along its frames from the root, then to the innermost one. */
static void count_stack(struct builder *b, const char *thread, uint32_t at, int state,
			const struct profile_sums *sums)
{
	uint32_t path[DEPTH_MAX];
	size_t depth = 0;
	uint32_t node = 0, function = 0;
	b->stamp++;
	for (; at && depth < DEPTH_MAX; at = b->frames.items[at].parent)
		if (!b->filter->app_only || b->frames.items[at].is_app)
			path[depth++] = at;
	add(&b->nodes.items[0].total, sums);
	if (thread)
		node = enter(b, 0, function_id(b, "", thread, "thread", 0), NULL, sums);
	for (size_t i = depth; i-- > 0;) {
		const struct frame *frame = &b->frames.items[path[i]];
		function = frame->function;
		node = enter(b, node, function, &frame->line, sums);
	}
	if (depth == 0) { /* no frame at all, or none of the application */
		function = function_id(
			b, "", b->filter->app_only ? "(no application code)" : "(no Python code)",
			"", 0);
		node = enter(b, node, function, NULL, sums);
	} else {
		add(&b->lines.items[b->frames.items[path[0]].line].own, sums);
	}
	add(&b->nodes.items[node].own, sums);
	add(&b->functions.items[function].own, sums);
	b->functions.items[function].state_ns[state] += sums->wall_ns;
}

/* CPU that was used where no look saw it: of no frame, and part of the whole. */
static void count_unseen(struct builder *b, const char *thread, const struct profile_sums *sums)
{
	const uint32_t function = function_id(b, "", "(CPU between looks, place not seen)", "", 0);
	uint32_t node = 0;
	b->stamp++;
	add(&b->nodes.items[0].total, sums);
	if (thread)
		node = enter(b, 0, function_id(b, "", thread, "thread", 0), NULL, sums);
	node = enter(b, node, function, NULL, sums);
	add(&b->nodes.items[node].own, sums);
	add(&b->functions.items[function].own, sums);
}

static enum err_kind read_samples(sqlite3 *db, struct builder *b, struct err *e)
{
	sqlite3_stmt *row;
	TRY(query_prepare(
		db,
		"SELECT stack_id, state, CAST(total(ticks) AS INTEGER), total(wall_ns), "
		"total(cpu_ns), iif(?1, coalesce(p.pid, '?') || ' ' || "
		"coalesce(nullif(t.name, ''), 'thread ' || coalesce(t.tid, '?')), NULL) AS top "
		"FROM chosen c LEFT JOIN v1_process p ON p.id = c.process_id "
		"LEFT JOIN v1_thread t ON t.id = c.thread_id "
		"GROUP BY top, 1, 2 ORDER BY top, 1, 2",
		&row, e));
	sqlite3_bind_int(row, 1, b->filter->by_thread);
	vec_push(&b->nodes);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const uint64_t *frame =
			map_find(&b->frame_of, (uint64_t)sqlite3_column_int64(row, 0));
		const int64_t ticks = sqlite3_column_int64(row, 2);
		/* no time is negative: a child's never passes its parent's */
		const struct profile_sums sums = {
			.ticks = ticks > 0 ? ticks : 0,
			.wall_ns = fmax(0, sqlite3_column_double(row, 3)),
			.cpu_ns = fmax(0, sqlite3_column_double(row, 4)),
		};
		int state = PROFILE_STATES - 1;
		while (state > 0 && strcmp(profile_state_names[state], column_text(row, 1)))
			state--;
		const char *thread = (const char *)sqlite3_column_text(row, 5);
		if (strcmp(column_text(row, 1), PROFILE_UNSEEN) == 0)
			count_unseen(b, thread, &sums);
		else
			count_stack(b, thread, frame ? (uint32_t)*frame : 0, state, &sums);
	}
	return query_finish(db, row, e);
}

/* --- order --------------------------------------------------------------- */

double profile_weight(const struct profile *p, const struct profile_sums *sums)
{
	return p->clock == PROFILE_CPU ? sums->cpu_ns : sums->wall_ns;
}

static int by_parent_then_weight(const void *a, const void *b, void *context)
{
	const struct profile *p = context;
	const struct profile_node *x = &p->nodes[*(const uint32_t *)a];
	const struct profile_node *y = &p->nodes[*(const uint32_t *)b];
	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	const double weight_x = profile_weight(p, &x->total),
		     weight_y = profile_weight(p, &y->total);
	if (weight_x != weight_y)
		return weight_x > weight_y ? -1 : 1;
	const struct profile_function *f = &p->functions[x->function],
				      *g = &p->functions[y->function];
	const int names = strcmp(f->name, g->name);
	return names ? names : strcmp(f->file, g->file);
}

static void sort_children(struct profile *p, struct arena *arena)
{
	p->order = arena_alloc(arena, p->node_count * sizeof *p->order);
	const size_t count = p->node_count - 1; /* all but the root */
	for (size_t i = 0; i < count; i++)
		p->order[i] = (uint32_t)(i + 1);
	qsort_r(p->order, count, sizeof *p->order, by_parent_then_weight, p);
	for (size_t i = count; i-- > 0;) {
		struct profile_node *parent = &p->nodes[p->nodes[p->order[i]].parent];
		parent->first_child = (uint32_t)i;
		parent->child_count++;
	}
}

#define KEEP(arena, vec) \
	memcpy(arena_alloc(arena, ((vec).count + 1) * sizeof *(vec).items), (vec).items, \
	       (vec).count * sizeof *(vec).items)

static void keep(const struct builder *b, struct profile *out)
{
	out->node_count = b->nodes.count;
	out->function_count = b->functions.count;
	out->line_count = b->lines.count;
	out->nodes = KEEP(b->arena, b->nodes);
	out->functions = b->functions.count ? KEEP(b->arena, b->functions) : NULL;
	out->lines = b->lines.count ? KEEP(b->arena, b->lines) : NULL;
	sort_children(out, b->arena);
}

enum err_kind profile_read(sqlite3 *db, const struct profile_filter *filter, struct arena *arena,
			   struct profile *out, struct err *e)
{
	double in_units;
	struct builder b = {.filter = filter, .arena = arena};
	*out = (struct profile){0};
	TRY(profile_choose(db, filter, e));
	TRY(query_number(db, "SELECT in_units FROM chosen_by", 0, &in_units, e));
	out->in_units = in_units > 0;
	out->of_bytes = filter->memory != PROFILE_TIME;
	out->clock = filter->clock != PROFILE_AUTO ? filter->clock
		     : out->in_units               ? PROFILE_WALL
						   : PROFILE_CPU;
	b.function_keys = intern_new();
	b.line_keys = intern_new();
	enum err_kind kind = read_frames(db, &b, e);
	if (kind == ERR_OK && out->of_bytes)
		kind = read_natives(db, &b, e);
	if (kind == ERR_OK)
		kind = read_samples(db, &b, e);
	if (kind == ERR_OK)
		keep(&b, out);
	map_free(&b.frame_of);
	map_free(&b.node_of);
	vec_free(&b.frames);
	vec_free(&b.functions);
	vec_free(&b.lines);
	vec_free(&b.nodes);
	vec_free(&b.function_stamp);
	vec_free(&b.line_stamp);
	intern_free(b.function_keys);
	intern_free(b.line_keys);
	return kind;
}
